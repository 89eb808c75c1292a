#!/bin/bash
# nslcd and automount with our plugin as clients of OpenLDAP's slapd.
. "$DIGEST_SRCDIR/t/services/slapd_common.sh"

for program in ldapmodify ldapadd nslcd automount; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(ldconfig -p) = *libnss_ldap.so* ]] || skip_all "libnss-ldapd not found"
needs_in_place
open_to nslcd
set_up

secret=workstation-secret
adapt() {  # NAME...: writes each to $dir
  local name
  for name; do
    block openldap "$name" |
      sed -e "s#ldap://ldap\.example\.test#ldap://$host:$port#" \
        -e "s#ldap\.example\.test#$host#" \
        -e "s#WORKSTATION-SECRET#$secret#" >"$dir/${name##*/}" || return
  done
}
write_options() {
  adapt /etc/ldap/sasl2/slapd.conf && mv "$dir/slapd.conf" "$dir/conf/"
}
add() {  # FILE
  run_ldap ldapadd -x -H "$ldapi_url" -D "cn=admin,$base" -w admin \
    -f "$dir/$1.ldif"
}

# Both programs use the directory of the plugins whatever the environment says,
# so it must have no links.
write_clients() {
  adapt /etc/{nslcd,autofs,autofs_ldap_auth,ldap/ldap}.conf \
    /etc/auto.master && chgrp nslcd "$dir/nslcd.conf" && chmod 640 "$dir/nslcd.conf" &&
    chmod 600 "$dir/autofs_ldap_auth.conf" &&
    mkdir -p "$dir/plugins" "$dir/run/nslcd" && chown nslcd "$dir/run/nslcd" &&
    cp -L "$dir/ours/libdigestmd5.so" "$dir/plugins/"
}
nslcd_places=("$dir/nslcd.conf" /etc/nslcd.conf "$dir/run" /run)
automount_places=("$dir/plugins" "$DIGEST_SASL_DIR")
for name in autofs.conf autofs_ldap_auth.conf auto.master; do
  automount_places+=("$dir/$name" "/etc/$name")
done

start_nslcd() {
  start nslcd "${in_place[@]}" "$dir/plugins" "$DIGEST_SASL_DIR" \
    "${nslcd_places[@]}" -- nslcd -d &&
    await nslcd test -S "$dir/run/nslcd/socket"
}
look_up() {  # USER
  watch_slapd "${in_place[@]}" "${nslcd_places[@]}" -- \
    timeout "$limit" getent -s ldap passwd "$1" >"$dir/client.result"
}
print_maps() {
  LDAPCONF=$dir/ldap.conf watch_slapd \
    "${in_place[@]}" "${automount_places[@]}" -- \
    timeout "$limit" automount -m >"$dir/client.result" 2>"$dir/client.err"
}
logged_in() {  # STRENGTH
  has server.log "BIND dn=\"uid=workstation,ou=people,$base\" mech=DIGEST-MD5 .* ssf=$1\$"
}

copy_slapd && set_up_debian && start_slapd write_options -F "$dir/slapd.d" &&
  adapt /root/{digest-md5,people,workstation}.ldif &&
  run_ldap ldapmodify -Q -Y EXTERNAL -H "$ldapi_url" \
    -f "$dir/digest-md5.ldif" && add people && add workstation
started=$?
ok $started "slapd starts, with the page's entries"
[ $started -eq 0 ] || {
  done_testing
  exit
}
write_clients && start_nslcd && look_up carol &&
  has client.result '^carol:.*:2001:2001:Carol:/home/carol:' && logged_in 128
ok $? "nslcd finds a user, in a layer"
print_maps && has client.result 'carol | files.example.test:/home/carol$' &&
  logged_in '[0-9]*'
ok $? "automount finds its map"

secret=wrong
write_clients && start_nslcd && ! look_up carol && ! logged_in 128 &&
  has server.log 'wrong password for user "workstation"'
ok $? "a wrong password of nslcd is refused"
print_maps
! has client.result carol && ! logged_in '[0-9]*' &&
  has server.log 'wrong password for user "workstation"'
ok $? "and one of automount"
done_testing
