#!/bin/bash
# The sample server and client of Cyrus SASL authenticate to each other, and its
# plugin viewer shows the properties of our plugin.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
for name in sasl-sample-server sasl-sample-client saslpluginviewer; do
  command -v "$name" >/dev/null || skip_all "$name not found"
done
set_up

host=host.example.test
mkdir "$dir/conf" && mkfifo "$dir/sample_server" "$dir/sample_client" || exit 1
cat >"$dir/conf/sample.conf" <<END
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $dir/sasldb2
mech_list: DIGEST-MD5
END
export SASL_CONF_PATH=$dir/conf SASL_CONFDIR=$dir/conf

# The programs of version 2.1 look for plugins only in the directory of option
# -p; those of 2.2 have no such option.
where=()
[[ $(sasl-sample-server -h 2>&1) != *'-p PATH'* ]] || where=(-p "$dir/ours")

# Without a terminal the client reads the password from standard input.
sample() {
  plugins_from "$dir/ours" with_plugin setsid timeout "$limit" stdbuf -oL "$@"
}

# The programs exchange lines that start with "S: " or "C: ", among other text.
# The client prompts for the password after the second line of the server.
lines_of() {  # LETTER PASSWORD
  local line count=0
  while IFS= read -r line; do
    case $line in
      "$1: "*)
        printf '%s\n' "$line"
        count=$((count + 1))
        [ "$1$count" != S2 ] || printf '%s\n' "$2" ;;
    esac
  done
}

# Connects both; their output is in server.result and client.result.
sample_run() {  # SERVER-WINDOW CLIENT-WINDOW PASSWORD CLIENT-ARGUMENT...
  local server_window=$1 client_window=$2 secret=$3
  shift 3
  sample sasl-sample-server "${where[@]}" -m DIGEST-MD5 -s sample \
    -d "$host" -u "$realm" -b "$server_window" \
    <"$dir/sample_server" 2>"$dir/server.err" |
    tee "$dir/server.result" >"$dir/sample_client" &
  lines_of S "$secret" <"$dir/sample_client" |
    sample sasl-sample-client "${where[@]}" -m DIGEST-MD5 -s sample \
      -n "$host" -r "$realm" -b "$client_window" "$@" 2>"$dir/client.err" |
    tee "$dir/client.result" |
    lines_of C '' >"$dir/sample_server"
  wait
}

message_arrived() {  # FILE
  grep -q "decoded message '..*'" "$dir/$1"
}

layer() {  # SSF WINDOW NAME [CLIENT-WINDOW]
  sample_run "$2" "${4-min=0,max=256}" "$password" -a "$user" -u "$user"
  has server.result "^SSF: *$1$" && message_arrived server.result &&
    message_arrived client.result
  ok $? "$3: both programs read each other's message"
}

layer 0 min=0,max=0 auth
layer 1 min=0,max=1 auth-int
layer 128 min=2,max=256 "the strongest cipher"
layer 112 min=100,max=112 3des
layer 56 min=56,max=56 rc4-56 max=56
layer 55 min=55,max=55 des max=55
layer 40 min=40,max=40 rc4-40 max=40

sample_run min=0,max=0 min=0,max=256 'wrong' -a "$user" -u "$user"
has server.err 'authentication failure' && ! message_arrived client.result
ok $? "a wrong password is refused"
outcome() { grep 'Performing SASL' "$dir/server.err"; }
wrong_outcome=$(outcome)

sample_run min=0,max=0 min=0,max=256 'wrong' -a nobody -u nobody
has server.err 'authentication failure' && ! message_arrived client.result
ok $? "an unknown user is refused"
[ -n "$wrong_outcome" ] && [ "$wrong_outcome" = "$(outcome)" ]
ok $? "and both have the same outcome"
has server.err 'no user "nobody"'
ok $? "but the log tells them apart"

# The sample server allows no proxy authorization.
sample_run min=0,max=0 min=0,max=256 "$password" -a "$user" -u bob
! message_arrived client.result && [ -s "$dir/server.err" ]
ok $? "acting for somebody else is refused"

sample_run min=0,max=1 min=56,max=256 "$password" -a "$user" -u "$user"
! message_arrived client.result && ! has client.result '^C: .\{40\}'
ok $? "a client that wants more than the server gives says nothing"

view() {  # OPTION
  plugins_from "$dir/ours" with_plugin saslpluginviewer "$1" \
    >"$dir/client.result" 2>"$dir/client.err"
}

for side in s c; do
  view -$side
  has client.result 'DIGEST-MD5' && has client.result 'SSF: 128' &&
    has client.result 'NO_PLAINTEXT' && has client.result 'MUTUAL_AUTH'
  ok $? "saslpluginviewer -$side shows the mechanism"
done

# Without the legacy module of OpenSSL there is no RC4 and no DES.
export OPENSSL_MODULES=$dir/nowhere
layer 112 min=2,max=112 "G2 without the legacy provider, 3des"
sample_run min=0,max=256 min=0,max=256 "$password" -a "$user" -u "$user"
challenge=$(sed -n 's/^S: //p' "$dir/server.result" | sed -n 2p | base64 -d)
ciphers=${challenge#*cipher=\"}
ciphers=${ciphers%%\"*}
[ "$ciphers" != "$challenge" ] &&
  [[ $ciphers == *3des* && $ciphers != *rc4* && ,$ciphers, != *,des,* ]]
ok $? "G2 and nothing is offered that OpenSSL cannot give"
done_testing
