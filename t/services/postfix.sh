#!/bin/bash
# Postfix with our plugin: its server with swaks, GNU SASL and Postfix's own
# client.  That client is a second instance, which relays to the first.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in postconf swaks gsasl openssl; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(swaks --support 2>/dev/null) = *"AUTH DIGEST-MD5 supported"* ]] ||
  skip_all "swaks has no DIGEST-MD5: it takes Perl's Authen::SASL"
[[ $(gsasl --client-mechanisms 2>/dev/null) = *DIGEST-MD5* ]] ||
  skip_all "gsasl is built without DIGEST-MD5"
[ "$(id -u)" -eq 0 ] || skip_all "only root can run Postfix"
getent group postdrop >/dev/null || skip_all "group postdrop not found"
open_to postfix nobody
master=$(postconf -dh daemon_directory)/master
[ -x "$master" ] || skip_all "master of Postfix not found"
sendmail=$(postconf -dh sendmail_path)
getent ahostsv4 localhost >/dev/null ||
  skip_all "localhost has no address here"
set_up

# Postfix's processes run as the user postfix.
chgrp postfix "$dir/sasldb2" &&
  chmod 640 "$dir/sasldb2" || exit 1

certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 \
    -keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>"$dir/client.err"
}

# A file of the page, with the test's names.
adapt() {  # NAME
  block postfix "$1" |
    sed -e "s#/etc/postfix/sasl_passwd#$dir/sender/sasl_passwd#" \
      -e "s#/etc/sasldb2#$dir/sasldb2#" \
      -e "s#/etc/ssl/certs/ca-certificates.crt#$dir/certificate.pem#" \
      -e "s#^submission#127.0.0.1:$port#" \
      -e "s#\[mail.example.com\]:587#[localhost]:$port#" \
      -e "s#mail.example.com#localhost#" \
      -e "s#example.com#$realm#" -e "s#SECRET#$password#"
}

# The directories that the package makes for the system's own instance.
make_spool() {  # INSTANCE
  local spool=$dir/$1/spool
  mkdir -p "$spool"/{active,bounce,corrupt,defer,deferred,flush,hold} \
    "$spool"/{incoming,maildrop,pid,private,public,saved,trace} \
    "$dir/$1/data" &&
    chown postfix "$spool"/* "$dir/$1/data" && chown root "$spool/pid" &&
    chgrp postdrop "$spool"/{maildrop,public} &&
    chmod 700 "$spool"/* "$dir/$1/data" && chmod 755 "$spool/pid" &&
    chmod 710 "$spool/public" && chmod 1730 "$spool/maildrop"
}

# Settings of every instance.
common_main() {  # INSTANCE
  cat <<EOF
compatibility_level = 3.6
queue_directory = $dir/$1/spool
data_directory = $dir/$1/data
maillog_file = $dir/$1/mail.log
maillog_file_prefixes = $dir
import_environment = MAIL_CONFIG SASL_PATH SASL_PLUGINDIR LD_PRELOAD
  ASAN_OPTIONS
inet_protocols = ipv4
myhostname = $1.$realm
mynetworks = 127.0.0.1
alias_maps =
alias_database =
EOF
}

common_master() {
  cat <<'EOF'
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
EOF
}

# The mail of the server's users is left in the directory mail.
write_receiver() {
  mkdir -p "$dir/receiver/sasl" "$dir/mail" && make_spool receiver &&
    chown nobody "$dir/mail" || return
  {
    common_main receiver
    cat <<EOF
mydestination =
cyrus_sasl_config_path = $dir/receiver/sasl
smtpd_tls_cert_file = $dir/certificate.pem
smtpd_tls_key_file = $dir/key.pem
virtual_mailbox_domains = $realm
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:box/
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
EOF
  } >"$dir/receiver/main.cf" &&
    { common_master; adapt /etc/postfix/master.cf; } \
      >"$dir/receiver/master.cf" &&
    adapt /etc/postfix/sasl/smtpd.conf >"$dir/receiver/sasl/smtpd.conf"
}

# It has no port.  Host names are looked up without DNS.
write_sender() {
  mkdir -p "$dir/sender" && make_spool sender || return
  {
    common_main sender
    printf '%s\n' 'mydestination =' 'smtp_host_lookup = native'
    adapt /etc/postfix/main.cf
  } >"$dir/sender/main.cf" && common_master >"$dir/sender/master.cf" &&
    adapt /etc/postfix/sasl_passwd >"$dir/sender/sasl_passwd" &&
    chmod 600 "$dir/sender/sasl_passwd"
}

logged() { grep -q -e "$2" "$dir/$1/mail.log" 2>/dev/null; }

start_instance() {  # NAME
  : >"$dir/$1/mail.log"
  plugins_from "$dir/ours" with_plugin start "$1" "$master" -c "$dir/$1" -d
}

# An instance that does not get the port ends.
start_receiver() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && write_receiver && start_instance receiver &&
      await receiver answers "$port" && return
  done
  false
}
# A separate process writes the log, so the expected line may be late.
says() {  # TEXT: in the server's log
  await receiver logged receiver "$1"
  local status=$?
  cp "$dir/receiver/mail.log" "$dir/server.log"
  return "$status"
}
login="sasl_method=DIGEST-MD5, sasl_username=$user@$realm"
logged_in() { says "$login"; }
refused() {
  says 'DIGEST-MD5 server: wrong password for user "alice"' &&
    says "SASL DIGEST-MD5 authentication failed: .*$user" &&
    ! has server.log "$login"
}
delivered() { grep -qrs -e "$1" "$dir/mail/box/new"; }  # TEXT

run_swaks() {  # OPTION...
  : >"$dir/receiver/mail.log"
  timeout "$limit" swaks --server localhost --port "$port" --tls \
    --auth DIGEST-MD5 --auth-user "$user" --auth-password "$password" \
    --auth-extra realm="$realm" --from "$user@$realm" --to "$user@$realm" \
    "$@" >"$dir/client.result" 2>"$dir/client.err" </dev/null
}

run_gsasl() {  # PASSWORD
  : >"$dir/receiver/mail.log"
  timeout "$limit" gsasl --smtp --mechanism DIGEST-MD5 --realm "$realm" \
    --authentication-id "$user" --authorization-id "$user@$realm" \
    --password "$1" \
    --x509-ca-file="$dir/certificate.pem" --connect="localhost:$port" \
    >"$dir/client.result" 2>"$dir/client.err" </dev/null
}

# Passes a mail to the sending instance, and waits for the result.
relay() {  # TEXT
  : >"$dir/sender/mail.log"
  : >"$dir/receiver/mail.log"
  printf 'Subject: relayed\n\n%s\n' "$1" |
    "$sendmail" -C "$dir/sender" -f "$user@$realm" "$user@$realm" \
      2>"$dir/client.err" &&
    await sender logged sender 'status=\|SASL authentication failed'
  cp "$dir/sender/mail.log" "$dir/client.log"
}

certificate && start_receiver
started=$?
ok $started "Postfix starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

run_swaks --body 'written by swaks' && logged_in &&
  await receiver delivered 'written by swaks'
ok $? "swaks authenticates, and its mail arrives"
! run_swaks --auth-password wrong && refused &&
  has client.result '535 5.7.8 Error: authentication failed'
ok $? "a wrong password is refused, and the log says why"
run_gsasl "$password"
has client.result '^235 '
ok $? "GNU SASL authenticates"
run_gsasl wrong
! has client.result '^235 ' && has client.result '^535 ' && refused
ok $? "not with a wrong password"

write_sender && start_instance sender &&
  await sender logged sender 'daemon started' &&
  relay 'sent on by Postfix' && has client.log 'status=sent' &&
  logged_in && await receiver delivered 'sent on by Postfix'
ok $? "Postfix's own client authenticates and sends on"
sed -i 's/:[^:]*$/:wrong/' "$dir/sender/sasl_passwd"
start_instance sender && await sender logged sender 'daemon started' &&
  relay 'never seen' && has client.log 'status=deferred' && refused &&
  has client.log 'SASL authentication failed; server localhost.* said: 535' &&
  ! delivered 'never seen'
ok $? "not with a wrong password"
done_testing
