#!/bin/bash
# Cyrus IMAP with our plugin: IMAP, POP3, NNTP, ManageSieve and LMTP with its own
# clients, layers, and replication.
. "$DIGEST_SRCDIR/t/services/cyrus_common.sh"

for program in imtest pop3test nntptest sivtest lmtptest socat; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
admin=cyrus
add_user "$admin" "$password"

start_cyrus server /etc/cyrus.conf /etc/imapd.conf
started=$?
ok $started "Cyrus IMAP starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

# Clients: name, service, the command that ends the session, and what is logged.
try_service() {  # PROGRAM SERVICE END LOGGED
  local program=$1 service=$2
  [ -x "$cyrus/${5-${service}d}" ] || {
    skip "$service" "its server is not installed"
    return
  }
  run_client "$program" "$service" <<<"$3" &&
    has client.result '^Authenticated' && says "$4"
  ok $? "$service: $program authenticates"
  word=wrong run_client "$program" "$service" <<<"$3"
  ! has client.result '^Authenticated' &&
    says "DIGEST-MD5 server: wrong password for user \"${name-$user}\"" &&
    ! grep -q -e "$4" "$dir/server.syslog"
  ok $? "$service: a wrong password is refused, and the log says why"
  case $service in
    imap | nntp | lmtp)  # the others log the name of the code only
      says 'badlogin: .*no such user, no usable secret, a wrong password'
      ok $? "$service: so does the line of Cyrus IMAP" ;;
  esac
}
try_service imtest imap '. logout' \
  "login: .* $user@$realm DIGEST-MD5 User logged in"
try_service pop3test pop3 quit "login: .* $user@$realm DIGEST-MD5 User logged in"
try_service nntptest nntp quit "login: .* $user@$realm DIGEST-MD5 User logged in"
try_service sivtest sieve logout \
  "login: .* $user@$realm DIGEST-MD5 User logged in" timsieved
name=$admin try_service lmtptest lmtp quit \
  "login: .* $admin@$realm DIGEST-MD5 User logged in"

# Layers, with a recorder between client and server.
start_recorder() {
  local i listening=${ports[imap]}
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    start recorder socat -r "$dir/recorded" \
      "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" \
      "TCP:127.0.0.1:$listening"
    await recorder answers "$port" && ports[recorded]=$port && return
  done
  false
}
# The client sends a word that can be read without encryption only.
try_layer() {  # MINIMUM MAXIMUM
  : >"$dir/recorded"
  run_client imtest recorded -k "$1" -l "$2" \
    <<<$'. list "" visible\n. logout' &&
    has client.result '^Authenticated' &&
    has client.result '^\. OK'
}
has_strength() { has client.result "^Security strength factor: $1\$"; }
readable() { has recorded visible; }

start_recorder
for strength in 0 1; do
  try_layer "$strength" "$strength" && has_strength "$strength" && readable
  ok $? "strength $strength: without encryption"
done
for strength in 112 128; do
  try_layer "$strength" "$strength" && has_strength "$strength" && ! readable
  ok $? "strength $strength: with encryption"
done
try_layer 0 256 && has_strength 128 && ! readable
ok $? "encryption is the first choice"
if [ ! -e "$dir/stock/libdigestmd5.so" ]; then
  skip "the distribution's plugin" "it is not installed"
else
  for strength in 0 1 128; do
    plugins=stock try_layer "$strength" "$strength" &&
      has_strength "$strength"
    ok $? "strength $strength: the client has the distribution's plugin"
  done
fi
require() {  # OPTION
  sed -i '/^sasl_.*_layer:/d' "$dir/server/imapd.conf"
  printf '%s\n' "$1" >>"$dir/server/imapd.conf"
  start_instance server && await server listens server
}
require 'sasl_maximum_layer: 0' && try_layer 0 256 && has_strength 0
ok $? "sasl_maximum_layer: 0: there is no layer"
require 'sasl_minimum_layer: 128' && try_layer 0 256 && has_strength 128
ok $? "sasl_minimum_layer: 128: a client with encryption is welcome"
! try_layer 0 1
ok $? "one without is not"

declare -A replica

# Replication of a mail that came by LMTP.
mail="mail from:<bob@$realm>
rcpt to:<$user@$realm>
data
Subject: tea
From: bob@$realm
Message-ID: <1@$realm>

come at five
.
quit"
fetch() { run_client imtest imap <<<$'. select inbox\n. fetch 1 body[]\n. logout'; }
# It tries again for long if it is refused.
start_replication() {
  plugins_from "$dir/ours" start replication env LD_PRELOAD="$dir/syslog.so" \
    DIGEST_SYSLOG="$dir/server.syslog" sync_client \
    -C "$dir/server/imapd.conf" -v -u "$user@$realm"
}
replicated() {
  local server=${ports[imap]} status
  ports[imap]=${replica[imap]}
  fetch && has client.result 'come at five'
  status=$?
  ports[imap]=$server
  return "$status"
}
if [ ! -x "$cyrus/sync_server" ]; then
  skip "replication" "sync_server is not installed"
else
  start_cyrus replica '/etc/cyrus.conf, on the replica' /etc/imapd.conf &&
    replica=([imap]=${ports[imap]} [csync]=${ports[2005]}) &&
    start_cyrus server /etc/cyrus.conf /etc/imapd.conf \
      '/etc/imapd.conf, on the master' &&
    sed -i "s/^sync_port: .*/sync_port: ${replica[csync]}/" \
      "$dir/server/imapd.conf" && fetch && ! replicated &&
    name=$admin run_client lmtptest lmtp <<<"$mail" &&
    has client.result '^250 2.1.5' && fetch && has client.result 'come at five'
  ok $? "a mail arrives by LMTP"
  start_replication && await replica replicated &&
    says "login: .* $admin@$realm DIGEST-MD5 User logged in" replica
  ok $? "sync_client authenticates, and the mail is on the replica"
  sed -i 's/^sync_password: .*/sync_password: wrong/' \
    "$dir/server/imapd.conf" && forget replica &&
    start_replication &&
    says 'DIGEST-MD5 server: wrong password for user "cyrus"' replica
  ok $? "not with a wrong password"
fi
done_testing
