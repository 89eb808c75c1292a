#!/bin/bash
# Users in slapd, for another service: libsasl2's plugin "ldapdb" fetches the
# secrets, and authenticates itself with our plugin to do so.
. "$DIGEST_SRCDIR/t/services/slapd_common.sh"

ldapdb_plugin=$DIGEST_SASL_DIR/libldapdb.so
[ -e "$ldapdb_plugin" ] || skip_all "libldapdb.so not found"
for program in ldapwhoami ldapmodify ldapadd ldapsearch; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
set_up

# The service uses other auxprop plugins than slapd.
mkdir "$dir/service" && ln -s "$ldapdb_plugin" "$dir/service/" &&
  ln -s "$(readlink "$dir/ours/libdigestmd5.so")" "$dir/service/" || exit 1
service_password='only for the service'

adapt() {  # PAGE NAME
  block "$1" "$2" |
    sed -e "s#ldap://ldap\.example\.test#ldap://$host:$port#" \
      -e "s#ldap\.example\.test#$host#" -e "s#SERVICE-SECRET#$service_password#"
}
write_options() {
  adapt openldap /etc/ldap/sasl2/slapd.conf >"$dir/conf/slapd.conf" &&
    adapt openldap '~/.ldaprc' >"$dir/.ldaprc"
}

change() {  # PAGE NAME
  adapt "$1" "$2" >"$dir/change.ldif" &&
    run_ldap ldapmodify -Q -Y EXTERNAL -H "$ldapi_url" -f "$dir/change.ldif"
}
add() {  # PAGE NAME
  adapt "$1" "$2" >"$dir/add.ldif" &&
    run_ldap ldapadd -x -D "cn=admin,$base" -w admin -f "$dir/add.ldif"
}
restart() { start_slapd write_options -F "$dir/slapd.d"; }

use() {
  read_options < <(adapt ldapdb /etc/sasl2/NAME.conf)
  [ ${#options[@]} -eq 7 ]
}
start_server() {
  HOME=$dir with_plugin timeout "$limit" "$peer" server \
    plugins="$dir/service" result="$dir/server.result" \
    log="$dir/server.log" realm="$realm" option.log_level=7 \
    "${options[@]}" 2>"$dir/server.err"
}
try() { run client: "$@"; }  # ARGUMENT...: of the client

copy_slapd && set_up_debian && restart &&
  change openldap /root/digest-md5.ldif && add openldap /root/people.ldif &&
  change ldapdb /root/ldapdb.ldif && add ldapdb /root/mail.ldif && restart
started=$?
ok $started "slapd starts, with the page's users"
[ $started -eq 0 ] || {
  done_testing
  exit
}

run_ldap ldapwhoami -Q -U mail -w "$service_password" -X u:alice &&
  has client.result "^dn:uid=alice,ou=people,$base\$"
ok $? "the service's user acts for alice"
use
for strength in 0 1 128; do
  try min="$strength" max="$strength" && succeeded &&
    grep -q "BIND dn=\"uid=mail,.* mech=DIGEST-MD5 .* ssf=128\$" \
      "$dir/slapd.log"
  ok $? "strength $strength, over a layer of DIGEST-MD5 to slapd"
done

try password=wrong
[ "$server_status" -ne 0 ] && has server.log 'wrong password for user "alice"'
ok $? "a wrong password is refused"
try authname=nobody
[ "$server_status" -ne 0 ] && has server.log 'user "nobody"'
ok $? "an unknown user is refused"

# A hash in place of a password.
hash=$(hash_of ldapdb 'carols password')
change ldapdb /root/secret-schema.ldif &&
  adapt ldapdb /root/secret.ldif | sed "s/HASH/$hash/" >"$dir/add.ldif" &&
  run_ldap ldapadd -x -D "cn=admin,$base" -w admin -f "$dir/add.ldif" &&
  try authname=carol password='carols password' && succeeded
ok $? "a user without a password, but with its hash"
try authname=carol password=wrong
[ "$server_status" -ne 0 ] && has server.log 'wrong password for user "carol"'
ok $? "whose wrong password is refused"
run_ldap ldapsearch -x -LLL -b "$base" uid=carol cmusaslsecretDIGEST-MD5 &&
  has client.result '^dn: uid=carol' && ! has client.result '^cmusasl'
ok $? "and whose hash nobody else can read"

service_password=wrong use
try
[ "$server_status" -ne 0 ] && has server.log 'user "alice" cannot be read' &&
  await slapd grep -q 'wrong password for user "mail"' "$dir/slapd.log"
ok $? "a wrong password of the service is refused by slapd, and both logs say so"
use
stop slapd
try
[ "$server_status" -ne 0 ] && has server.log 'user "alice" cannot be read'
ok $? "a directory that is down is no wrong password"
done_testing
