#!/bin/bash
# Two slapd: the second copies the directory of the first with syncrepl, whose
# client is our plugin.
. "$DIGEST_SRCDIR/t/services/slapd_common.sh"

for program in ldapwhoami ldapmodify ldapadd ldapsearch; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[ -e /usr/lib/ldap/syncprov.so ] || skip_all "no syncprov.so in /usr/lib/ldap"
set_up

people=ou=people,$base
secret='only for the replica'
provider_port=
adapt() {  # NAME
  block openldap "$1" |
    sed -e "s#ldap://ldap\.example\.test#ldap://$host:${provider_port:-$port}#" \
      -e "s#ldap\.example\.test#$host#" -e "s#REPLICA-SECRET#$secret#"
}
write_options() {
  adapt /etc/ldap/sasl2/slapd.conf >"$home/conf/slapd.conf" &&
    adapt '~/.ldaprc' >"$dir/.ldaprc"
}
restart() {
  start_slapd write_options -F "$home/slapd.d"
}
change() {  # NAME
  adapt "$1" >"$dir/change.ldif" &&
    run_ldap ldapmodify -Q -Y EXTERNAL -H "$ldapi_url" -f "$dir/change.ldif"
}
add() {  # NAME
  adapt "$1" >"$dir/add.ldif" &&
    run_ldap ldapadd -x -D "cn=admin,$base" -w admin -f "$dir/add.ldif"
}
replica_has() {  # FILTER PATTERN
  run_ldap ldapsearch -x -LLL -D "cn=admin,$base" -w admin \
    -H "ldap://$host:$replica_port" "$1" && has client.result "$2"
}

copy_slapd && set_up_debian && restart && change /root/digest-md5.ldif &&
  add /root/people.ldif && change /root/provider.ldif &&
  add /root/replica-user.ldif
started=$?
ok $started "slapd starts, with the page's users and the overlay"
[ $started -eq 0 ] || {
  done_testing
  exit
}
provider_port=$port

use_slapd replica "$dir/replica"
make_home && set_up_empty && restart && change /root/digest-md5.ldif &&
  change /root/consumer.ldif
ok $? "a second slapd takes the page's changes"
replica_port=$port
await replica replica_has uid=alice '^userPassword:' &&
  has slapd.log \
    "BIND dn=\"uid=replica,$people\" mech=DIGEST-MD5 .* ssf=128\$"
ok $? "it copies the entries, in a layer"
run_ldap ldapwhoami -H "ldap://$host:$replica_port" -U alice -w "$password" &&
  has client.result "^dn:uid=alice,$people\$"
ok $? "and authenticates the users by itself"
cat >"$dir/change.ldif" <<EOF
dn: uid=alice,$people
changetype: modify
replace: description
description: changed
EOF
run_ldap ldapmodify -x -D "cn=admin,$base" -w admin -f "$dir/change.ldif" \
  -H "ldap://$host:$provider_port" &&
  await replica replica_has uid=alice '^description: changed$'
ok $? "a change arrives"
done_testing
