#!/bin/bash
# Exim with our plugin as server, and swaks as client.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in exim4 swaks openssl; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(exim4 -bV) = *cyrus_sasl* ]] || skip_all "this Exim has no cyrus_sasl"
needs_in_place
open_to Debian-exim
set_up

mkdir "$dir/conf" "$dir/spool" && chown Debian-exim "$dir/spool" \
  "$dir/sasldb2" || exit 1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
  -subj /CN=localhost -days 2 -keyout "$dir/key.pem" \
  -out "$dir/certificate.pem" 2>"$dir/client.err" &&
  chgrp Debian-exim "$dir/key.pem" && chmod 640 "$dir/key.pem" || exit 1

adapt() {  # NAME
  block exim "$1" | sed -e "s#/etc/sasldb2#$dir/sasldb2#" \
    -e "s#mail.example.com#localhost#" -e "s#example.com#$realm#"
}
adapt /etc/sasl2/exim.conf >"$dir/conf/exim.conf" || exit 1
{
  cat <<EOF
primary_hostname = localhost
spool_directory = $dir/spool
log_file_path = $dir/spool/%slog
pid_file_path = $dir/exim.pid
keep_environment = SASL_PATH : SASL_PLUGINDIR : SASL_CONF_PATH : SASL_CONFDIR
tls_advertise_hosts = *
tls_certificate = $dir/certificate.pem
tls_privatekey = $dir/key.pem
acl_smtp_rcpt = recipient
queue_only
begin acl
recipient:
  accept authenticated = *
  deny
begin authenticators
EOF
  adapt /etc/exim4/conf.d/auth/40_digest-md5
} >"$dir/exim.config" || exit 1

start_syslog

start_exim() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    plugins_from "$dir/ours" settings_from "$dir/conf" with_plugin \
      start exim "${in_place[@]}" "$dir/dev" /dev -- \
      exim4 -C "$dir/exim.config" -bdf -oX "127.0.0.1.$port"
    await exim answers "$port" && return
  done
  cp "$dir/exim.log" "$dir/server.log"
  false
}
send() {  # USER PASSWORD [OPTION...]
  timeout "$limit" swaks --server localhost --port "$port" \
    --auth DIGEST-MD5 --auth-user "$1" --auth-password "$2" \
    --from "$user@$realm" --to "$user@$realm" "${@:3}" \
    >"$dir/client.log" 2>"$dir/client.err"
}
refused() {  # REASON USER
  has client.log '^<~\* 535 ' && syslog_has "$1" &&
    has spool/rejectlog "(set_id=$2@$realm)"
}

start_exim
started=$?
ok $started "Exim starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
send "$user" "$password" --tls && has client.log '^<~  235 ' &&
  has spool/mainlog 'A=digest_md5_server:alice'
ok $? "a user submits a mail"
! send "$user" "$password" && ! has client.log 'AUTH'
ok $? "not without TLS"
! send "$user" wrong --tls &&
  refused 'DIGEST-MD5 server: wrong password for user "alice"' "$user"
ok $? "a wrong password is refused, and the log says why"
! send nobody "$password" --tls &&
  refused 'DIGEST-MD5 server: no user "nobody" with a usable secret' nobody
ok $? "so is an unknown user"
done_testing
