#!/bin/bash
# sendmail with our plugin as server, for smtptest of Cyrus IMAP and for a second
# sendmail, which sends through the first; with each layer.

# sendmail takes no plugin from below a directory in which others may write.
[ "$(id -u)" -ne 0 ] || [ ! -w /run ] || export TMPDIR=/run
. "$DIGEST_SRCDIR/t/services/common.sh"

PATH=$PATH:/usr/lib/cyrus/bin
for program in sendmail m4 makemap smtptest socat; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(readlink -f "$(command -v sendmail)") = *sendmail/sendmail ]] ||
  skip_all "sendmail is that of another mail server"
macros=/usr/share/sendmail/cf
[ -r "$macros/m4/cf.m4" ] || skip_all "cf.m4 of sendmail not found"
[ "$(id -u)" -eq 0 ] || skip_all "only root can run sendmail"
getent ahostsv4 localhost >/dev/null ||
  skip_all "localhost has no address here"
set_up
"${compiler[@]}" -shared -fPIC -o "$dir/syslog.so" \
  "$DIGEST_SRCDIR/t/services/syslog_to_file.c" 2>"$dir/client.err" ||
  skip_all "no library can be compiled"
plugin=$(realpath "$dir/ours/libdigestmd5.so") && rm "$dir"/ours/* &&
  cp -r "$plugin" "$(dirname "$plugin")/digestmd5" "$dir/ours" 2>/dev/null
cp "$DIGEST_SASL_DIR/libsasldb.so" "$dir/ours" && chmod 711 "$dir" &&
  chmod 600 "$dir/sasldb2"

# sendmail adds its domain to a name without a dot.
adapt() {  # FILE
  block sendmail "$1" |
    sed -e "s#^\(AuthInfo:\)mail.example.com#\1localhost.$realm#" \
      -e "s#^\(digestmd5_hosts:\) .*#\1 localhost localhost.$realm#" \
      -e "s#mail.example.com#localhost#" -e "s#example.com#$realm#" \
      -e "s#SECRET#$password#" -e "s#/etc/mail/sasldb2#$dir/sasldb2#" \
      -e "s#/etc/mail/authinfo#$dir/client/authinfo#" \
      -e "s#Port=submission#Addr=127.0.0.1, Port=${port-}#" \
      -e "s#TCP \$h 587#TCP \$h ${far-}#"
}

# What Debian's sendmail.mc sets for the system's own instance.
write_instance() {  # NAME LINES...
  local home=$dir/$1
  mkdir -p "$home/queue" && chmod 700 "$home/queue" || return
  {
    cat <<END
include(\`$macros/m4/cf.m4')dnl
OSTYPE(\`debian')dnl
define(\`confDOMAIN_NAME', \`$1.$realm')dnl
define(\`QUEUE_DIR', \`$home/queue')dnl
define(\`STATUS_FILE', \`$home/statistics')dnl
define(\`confPID_FILE', \`$home/pid')dnl
define(\`confSERVICE_SWITCH_FILE', \`$dir/switch')dnl
define(\`ALIAS_FILE', \`$home/aliases')dnl
define(\`confCONTROL_SOCKET_NAME', \`')dnl
define(\`confHOST_STATUS_DIRECTORY', \`')dnl
define(\`confQUEUE_LA', \`1000')dnl
define(\`confREFUSE_LA', \`1000')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`accept_unresolvable_domains')dnl
END
    cat
    printf '%s\n' 'MAILER_DEFINITIONS' "MAILER(\`local')dnl" \
      "MAILER(\`smtp')dnl" 'LOCAL_CONFIG' "ESASL_PATH=$dir/ours" \
      "ESASL_CONF_PATH=$dir/conf"
  } >"$home/sendmail.mc" &&
    m4 -D_CF_DIR_="$macros/" "$home/sendmail.mc" >"$home/sendmail.cf" \
      2>"$dir/client.err" && printf 'postmaster: root\n' >"$home/aliases" &&
    "${sendmail[@]}" "$dir/sendmail" -C "$home/sendmail.cf" -bi \
      >"$dir/client.result" 2>"$dir/client.err"
}

printf 'hosts files\naliases files\npasswd files\n' >"$dir/switch"

# A copy is not set-group-ID, so it can be preloaded.  sendmail waits for a
# minute if its host has no name with a dot.
cp "$(readlink -f "$(command -v sendmail)")" "$dir/sendmail"
as_host='hostname "$1" && shift && exec "$@"'
sendmail=(unshare --uts sh -c "$as_host" sh "host.$realm" env
  LD_PRELOAD="$dir/syslog.so${DIGEST_PRELOAD+ $DIGEST_PRELOAD}"
  ASAN_OPTIONS=detect_leaks=0)

# Takes mail for the realm, and leaves it in the queue.
start_server() {  # LINE...: more of the configuration
  local i
  mkdir -p "$dir/conf" && adapt /etc/sasl2/Sendmail.conf \
    >"$dir/conf/Sendmail.conf" || return
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    { adapt '/etc/mail/sendmail.mc, of the server'; printf '%s\n' "$@" \
      "define(\`confDELIVERY_MODE', \`queueonly')dnl" \
      "LOCAL_DOMAIN(\`$realm')dnl"; } | write_instance server || return
    : >"$dir/server.syslog"
    start daemon "${sendmail[@]}" DIGEST_SYSLOG="$dir/server.syslog" \
      "$dir/sendmail" -C "$dir/server/sendmail.cf" -bD
    await daemon answers "$port" && start_recorder && return
  done
  cp "$dir/daemon.log" "$dir/server.err"
  false
}

# A recorder between client and server, on the port $far.
start_recorder() {
  local i listening=$port
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    start recorder socat -r "$dir/recorded" \
      "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" \
      "TCP:127.0.0.1:$listening"
    await recorder answers "$port" && far=$port && return
  done
  false
}
readable() { has recorded 'come at five'; }
says() {  # TEXT: in the server's log
  await daemon grep -q -e "$1" "$dir/server.syslog"
  local status=$?
  cp "$dir/server.syslog" "$dir/server.log"
  return "$status"
}
forget() {
  rm -f "$dir"/server/queue/*
  : >"$dir/recorded" >"$dir/server.syslog" >"$dir/client.log"
}
logged_in() {  # STRENGTH
  says "AUTH=server, .*authid=$user, mech=DIGEST-MD5, bits=$1\$"
}
# The mail names the strength of the layer through which it came.
arrived() {  # STRENGTH
  await daemon grep -qrs "authenticated bits=$1)" "$dir/server/queue" &&
    grep -qrs 'come at five' "$dir/server/queue"
}

run_smtptest() {  # ARGUMENT...
  forget
  plugins_from "$dir/${plugins-ours}" with_plugin timeout "$limit" smtptest \
    -m DIGEST-MD5 -a "$user" -u "$user" -r "$realm" -w "${word-$password}" \
    -p "$far" "$@" localhost <<<$'noop come at five\nquit' \
    >"$dir/client.result" 2>"$dir/client.err"
  local status=$?
  cp "$dir/server.syslog" "$dir/server.log"
  return "$status"
}

start_server
started=$?
ok $started "sendmail starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
strengths=(0 1 112 128)
# What the recorder sees at that strength.
fits() {  # STRENGTH
  if [ "$1" -le 1 ]; then readable; else ! readable; fi
}
for strength in "${strengths[@]}"; do
  run_smtptest -k "$strength" -l "$strength" && logged_in "$strength" &&
    fits "$strength"
  ok $? "strength $strength: smtptest authenticates"
done
word=wrong run_smtptest
! has client.result '^Authenticated' &&
  says 'DIGEST-MD5 server: wrong password for user "alice"' &&
  says 'AUTH failure (DIGEST-MD5): .*no such user, no usable secret'
ok $? "not with a wrong password, and the log says why"

# The other role.
relay() {
  forget
  printf 'Subject: tea\n\ncome at five\n' | "${sendmail[@]}" \
    DIGEST_SYSLOG="$dir/client.log" timeout "$limit" "$dir/sendmail" \
    -C "$dir/client/sendmail.cf" -odi -v -f "$user@$realm" "root@$realm" \
    >"$dir/client.result" 2>"$dir/client.err"
  cp "$dir/server.syslog" "$dir/server.log"
}
write_client() {  # PASSWORD LINE...
  mkdir -p "$dir/client" && adapt /etc/mail/authinfo |
    sed "s/\"P:.*\" \"R/\"P:$1\" \"R/" >"$dir/client/authinfo" &&
    chmod 600 "$dir/client/authinfo" &&
    makemap hash "$dir/client/authinfo" <"$dir/client/authinfo" &&
    { adapt '/etc/mail/sendmail.mc, of the client'; printf '%s\n' "${@:2}"; } |
    write_instance client
}
for strength in "${strengths[@]}"; do
  start_server "define(\`confAUTH_MAX_BITS', \`$strength')dnl" &&
    write_client "$password" && relay && logged_in "$strength" &&
    arrived "$strength" && fits "$strength"
  ok $? "confAUTH_MAX_BITS $strength: a sendmail sends through the other"
done
start_server && write_client "$password" && relay && logged_in 128 &&
  arrived 128 && ! readable
ok $? "encryption is the first choice"
write_client wrong && relay
! grep -qrs 'come at five' "$dir/server/queue" &&
  says 'DIGEST-MD5 server: wrong password for user "alice"' &&
  has client.log 'reply=530 5.7.0 Authentication required'
ok $? "not with a wrong password"
done_testing
