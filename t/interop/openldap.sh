#!/bin/bash
# OpenLDAP's ldapwhoami and slapd, with our plugin on both sides: binding to
# the TLS channel, and our layers where there is no TLS.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

slapd=$(command -v slapd) || skip_all "slapd not found"
for program in ldapwhoami ldapsearch openssl socat; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
version=$("$slapd" -VV 2>&1 | sed -n 's/.*OpenLDAP: slapd \([0-9.]*\).*/\1/p')
printf '%s\n' 2.5 "$version" | sort -CV ||
  skip_all "slapd $version has no sasl-cbinding, which came with 2.5"
set_up

host=127.0.0.1 port= tls_port= proxy_port=
identity="dn:uid=$user,cn=$realm,cn=digest-md5,cn=auth"
slapd_pid= proxy_pid=
trap 'stop_proxy; stop_slapd; rm -rf "$dir"' EXIT

# Debian's slapd ignores SASL_CONF_PATH and reads /etc/ldap/sasl2.  To avoid
# root, use a copy of slapd with that name replaced by one of our directory, of
# the same length.
copy_slapd() {
  mkdir "$dir/conf" &&
    LC_ALL=C sed 's#/etc/ldap/sasl2#./////////.conf#g' "$slapd" \
      >"$dir/slapd" && chmod +x "$dir/slapd" && ln -s conf "$dir/.conf"
}

certificate() {  # NAME [OPTION...]
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -subj "/CN=$1" -addext "subjectAltName=IP:$host" -days 2 \
    -keyout "$dir/$1.key" -out "$dir/$1.pem" "${@:2}" 2>>"$dir/client.err"
}

# The client trusts all certificates of the CA: the server's and the proxy's.
write_certificates() {
  local name
  certificate authority || return
  for name in server proxy; do
    certificate "$name" -CA "$dir/authority.pem" \
      -CAkey "$dir/authority.key" \
      -addext 'basicConstraints=critical,CA:FALSE' || return
  done
}

write_configuration() {  # BINDING POLICY
  cat >"$dir/slapd.conf" <<END
pidfile $dir/slapd.pid
sasl-host $host
sasl-realm $realm
sasl-auxprops sasldb
sasl-cbinding $1
TLSCertificateFile $dir/server.pem
TLSCertificateKeyFile $dir/server.key
END
  cat >"$dir/conf/slapd.conf" <<END
mech_list: DIGEST-MD5
pwcheck_method: auxprop
sasldb_path: $dir/sasldb2
digestmd5_channel_binding: $2
END
}

answers() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }  # PORT

try_slapd() {  # tells whether slapd got its ports
  local i
  port=$((RANDOM % 6000 * 2 + 20000)) tls_port=$((port + 1))
  : >"$dir/slapd.log"
  (
    cd "$dir" || exit
    plugins_from "$dir/ours" settings_from "$dir/conf" with_plugin exec \
      "$dir/slapd" -f "$dir/slapd.conf" -d trace \
      -h "ldap://$host:$port/ ldaps://$host:$tls_port/"
  ) 2>>"$dir/slapd.log" &
  slapd_pid=$!
  for ((i = 0; i < 1200; i++)); do
    kill -0 "$slapd_pid" 2>/dev/null || break
    ! grep -q 'slapd starting' "$dir/slapd.log" || ! answers "$port" ||
      return 0
    sleep 0.05
  done
  stop_slapd
  return 1
}

start_slapd() {  # BINDING POLICY
  local i
  stop_slapd
  write_configuration "$@"
  for ((i = 0; i < 5; i++)); do
    try_slapd && return
  done
  cp "$dir/slapd.log" "$dir/server.log"
  false
}

# It has no data to save.
stop_slapd() {
  [ -n "$slapd_pid" ] || return 0
  kill -KILL "$slapd_pid" 2>/dev/null
  wait "$slapd_pid" 2>/dev/null
  slapd_pid=
}

# A proxy that terminates TLS, for one connection.
start_proxy() {
  local i
  stop_proxy
  : >"$dir/proxy.log"
  timeout "$limit" socat -d -d \
    "OPENSSL-LISTEN:0,bind=$host,cert=$dir/proxy.pem,key=$dir/proxy.key,\
verify=0" "OPENSSL:$host:$tls_port,cafile=$dir/authority.pem" \
    2>"$dir/proxy.log" &
  proxy_pid=$!
  for ((i = 0; i < 1200; i++)); do
    proxy_port=$(sed -n "s/.* listening on .*$host:\([0-9]*\)$/\1/p" \
      "$dir/proxy.log")
    [ -z "$proxy_port" ] || return 0
    sleep 0.05
  done
  false
}

stop_proxy() {
  [ -n "$proxy_pid" ] || return 0
  kill "$proxy_pid" 2>/dev/null
  wait "$proxy_pid" 2>/dev/null
  proxy_pid=
}

# Runs the client and collects the server's log lines.
run_client() {  # PROGRAM URL OPTION...
  : >"$dir/slapd.log"
  (
    unset "${!LDAP@}"
    HOME=$dir LDAPTLS_CACERT=$dir/authority.pem \
      plugins_from "$dir/ours" with_plugin \
      timeout "$limit" "$1" -H "$2" -N -Y DIGEST-MD5 \
      -U "$user" -w "$password" "${@:3}"
  ) </dev/null >"$dir/client.result" 2>"$dir/client.err"
  client_status=$?
  grep 'SASL \[' "$dir/slapd.log" >"$dir/server.log"
  return "$client_status"
}

plain() { run_client ldapwhoami "ldap://$host:$port" "$@"; }
start_tls() { plain -ZZ "$@"; }
tls() { run_client ldapwhoami "ldaps://$host:$tls_port" "$@"; }
through_proxy() {
  start_proxy && run_client ldapwhoami "ldaps://$host:$proxy_port" "$@"
}
binding() { printf -- '-oSASL_CBINDING=%s' "$1"; }

whoami() { [ "$(cat "$dir/client.result")" = "$identity" ]; }
strength() { has client.err "^SASL SSF: $1\$"; }
bound() { has server.log 'DIGEST-MD5 server: channel binding used'; }

copy_slapd && write_certificates && start_slapd tls-endpoint allow
started=$?
ok $started "slapd starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

test_bindings() {
  start_tls "$(binding tls-endpoint)" && whoami && bound
  ok $? "StartTLS: the binding of both sides is used"
  start_tls "$(binding none)" && whoami && ! bound
  ok $? "StartTLS: a client without a binding is accepted"
  tls "$(binding tls-endpoint)" && whoami && bound
  ok $? "TLS: the binding of both sides is used"
  through_proxy "$(binding none)" && whoami && ! bound
  ok $? "somebody in the middle is not noticed without a binding"
  ! through_proxy "$(binding tls-endpoint)" &&
    has server.log 'sees another TLS channel' && [ "$client_status" -ne 124 ]
  ok $? "somebody in the middle is found out by the binding"
  stop_proxy
}

test_options() {
  start_slapd tls-endpoint require
  start_tls "$(binding tls-endpoint)" && whoami && bound
  ok $? "require: a client that binds is accepted"
  ! start_tls "$(binding none)" && has server.log 'sent no channel binding'
  ok $? "require: a client that does not bind is refused"

  start_slapd tls-endpoint off
  start_tls "$(binding tls-endpoint)" && whoami && ! bound
  ok $? "off: the binding is not looked at"

  start_slapd none allow
  start_tls "$(binding tls-endpoint)" && whoami && ! bound
  ok $? "a server without a binding accepts a client that has one"
}

test_layers() {
  plain -O minssf=0,maxssf=0 && whoami && strength 0
  ok $? "no TLS: auth"
  plain -O minssf=1,maxssf=1 && whoami && strength 1
  ok $? "no TLS: auth-int"
  plain -O minssf=128,maxssf=128 && whoami && strength 128
  ok $? "no TLS: auth-conf"
  ! plain -w wrong && [ "$client_status" -eq 49 ] &&
    has server.log 'wrong password for user "alice"'
  ok $? "a wrong password is refused"
}

test_layers
if [ -z "${DIGEST_PRELOAD-}" ]; then
  test_bindings
  test_options
else
  # with every plugin
  skip "bindings" "libldap hangs in TLS under the sanitizers"
fi
done_testing
