#!/bin/bash
# Lets the sample client of Cyrus SASL authenticate to its sample server with
# DIGEST-MD5, lets each send one encrypted message, and shows all of it.
# DIGEST_PLUGIN_DIR is the directory of the plugin.
set -u
set -o pipefail
export PATH=$PATH:/usr/sbin

die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

user=alice
realm=example.test
host=host.example.test
time_limit=20

plugin=${DIGEST_PLUGIN_DIR:?names no directory}/libdigestmd5.so
[ -e "$plugin" ] || die "$plugin is missing; build it first"
for name in saslpasswd2 sasl-sample-server sasl-sample-client; do
  command -v "$name" >/dev/null || die "$name not found (package sasl2-bin)"
done
sasl_dir=${DIGEST_SASL_DIR:-$(pkg-config --variable=libdir libsasl2)/sasl2}
[ -e "$sasl_dir/libsasldb.so" ] ||
  die "$sasl_dir/libsasldb.so not found (package libsasl2-modules-db)"

dir=$(mktemp -d) || die "mktemp failed"
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# libsasl2 loads all plugins of a directory, so use one with only these two.
set -e
mkdir "$dir/plugins" "$dir/conf"
ln -s "$(realpath "$plugin")" "$dir/plugins/libdigestmd5.so"
ln -s "$sasl_dir/libsasldb.so" "$dir/plugins/"
mkfifo "$dir/to_server" "$dir/to_client"
set +e
cat >"$dir/conf/sample.conf" <<END
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $dir/sasldb2
mech_list: DIGEST-MD5
END
# Version 2.2 of libsasl2 has other names for the variables.
export SASL_PATH=$dir/plugins SASL_CONF_PATH=$dir/conf
export SASL_PLUGINDIR=$SASL_PATH SASL_CONFDIR=$SASL_CONF_PATH

# A plugin built with the sanitizers needs their runtime in the programs, and
# the programs themselves leak memory.
with_plugin() {
  if [ -n "${DIGEST_PRELOAD-}" ]; then
    LD_PRELOAD=$DIGEST_PRELOAD ASAN_OPTIONS=detect_leaks=0 "$@"
  else
    "$@"
  fi
}

# Without a terminal the client reads the password from standard input.
sample() { with_plugin setsid timeout "$time_limit" stdbuf -oL "$@"; }

password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
with_plugin saslpasswd2 -p -c -f "$dir/sasldb2" -u "$realm" "$user" \
  <<<"$password" || die "saslpasswd2 could not store the password"

# The programs exchange lines that start with "S: " or "C: ", among other text.
# The client prompts for the password after the second line of the server.
lines_of() {  # LETTER
  local line count=0
  while IFS= read -r line; do
    case $line in
      "$1: "*)
        printf '%s\n' "$line"
        count=$((count + 1))
        [ "$1$count" != S2 ] || printf '%s\n' "$password" ;;
    esac
  done
}

# The programs of version 2.1 look for plugins in the directory of option -p,
# not in that of SASL_PATH; those of 2.2 have no such option.
where=()
[[ $(sasl-sample-server -h 2>&1) != *'-p PATH'* ]] ||
  where=(-p "$dir/plugins")
sample sasl-sample-server "${where[@]}" -m DIGEST-MD5 -s sample \
  -d "$host" -u "$realm" -b min=56,max=128 \
  <"$dir/to_server" 2>"$dir/server.err" |
  tee "$dir/server.out" >"$dir/to_client" &
server=$!
lines_of S <"$dir/to_client" |
  sample sasl-sample-client "${where[@]}" -m DIGEST-MD5 -s sample \
    -n "$host" -r "$realm" -a "$user" -u "$user" -b min=56,max=128 2>"$dir/client.err" |
  tee "$dir/client.out" |
  lines_of C >"$dir/to_server"
status=$?
wait "$server" || status=$?

section() { printf '\n%s\n' "$1"; }
octets() {  # FILE LETTER NUMBER: the octets of that line of a transcript
  awk -v start="$2: " -v number="$3" '
    index($0, start) == 1 && ++count == number { print substr($0, 4) }' "$1" |
    base64 -d
}
directives() {  # a challenge or response, one directive a line
  sed -E 's/,([a-z-]+=)/\n\1/g' | sed 's/^/  /'
  echo
}
value() {  # NAME FILE
  sed -n "s/^$1: *//p" "$2"
}
message() {  # FILE: what the program decrypted
  sed -n "s/.*decoded message '\(.*\)'$/\1/p" "$1"
}
hex() {
  od -An -v -tx1 | sed 's/^/   /'
}

if [ "$status" -ne 0 ] ||
    [ -z "$(message "$dir/server.out")" ] ||
    [ -z "$(message "$dir/client.out")" ]; then
  for name in server client; do
    section "The $name said:"
    cat "$dir/$name.out" "$dir/$name.err"
  done
  die "authentication failed"
fi

section "Plugin"
printf '  %s\n' "$(realpath "$plugin")"

section "1. Server to client: the challenge"
octets "$dir/server.out" S 2 | directives
section "2. Client to server: the response (the password is not in it)"
octets "$dir/client.out" C 2 | directives
section "3. Server to client: its own proof that it knows the password"
octets "$dir/server.out" S 3 | directives

section "Outcome, as the server sees it"
printf '  mechanism  DIGEST-MD5\n'
printf '  user       %s\n' "$(value Username "$dir/server.out")"
printf '  SSF        %s\n' "$(value SSF "$dir/server.out")"

section "4. Server to client, encrypted"
printf '  on the wire:\n'
octets "$dir/server.out" S 4 | hex
printf '  the client decrypts:  %s\n' "$(message "$dir/client.out")"

section "5. Client to server, encrypted"
printf '  on the wire:\n'
octets "$dir/client.out" C 4 | hex
printf '  the server decrypts:  %s\n' "$(message "$dir/server.out")"
