#!/bin/bash
# OpenLDAP's slapd with its configuration in cn=config, and its own clients,
# with our plugin on both sides.
. "$DIGEST_SRCDIR/t/services/slapd_common.sh"

for program in ldapwhoami ldapsearch ldapmodify ldapadd; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
set_up

people=ou=people,$base

adapt() {  # NAME
  block openldap "$1" |
    sed -e "s#ldap://ldap\.example\.test#ldap://$host:$port#" \
      -e "s#ldap\.example\.test#$host#"
}

# More than a megabyte of entries.
rooms=300 room_size=4000
rooms() {
  local i
  for ((i = 0; i < rooms; i++)); do
    printf '\ndn: cn=%d,%s\nobjectClass: device\ncn: %d\n' "$i" "$base" "$i"
    printf 'description: %0*d\n' "$room_size" "$i"
  done
}

# The server reads its options only at the start, so each list of ciphers needs
# a restart.
ciphers=
every='aes-ctr rc4 3des rc4-56 des rc4-40'
write_options() {
  adapt /etc/ldap/sasl2/slapd.conf >"$dir/conf/slapd.conf" || return
  [ -z "$ciphers" ] ||
    printf 'digestmd5_ciphers: %s\n' "$ciphers" >>"$dir/conf/slapd.conf"
  adapt '~/.ldaprc' >"$dir/.ldaprc"
}
restart() {  # [CIPHERS]
  ciphers=${1-}
  start_slapd write_options -F "$dir/slapd.d"
}

# What the page says to do.
configure() {
  adapt /root/digest-md5.ldif >"$dir/digest-md5.ldif" &&
    adapt /root/people.ldif >"$dir/people.ldif" &&
    run_ldap ldapmodify -Q -Y EXTERNAL -H "$ldapi_url" \
      -f "$dir/digest-md5.ldif" &&
    run_ldap ldapadd -x -D "cn=admin,$base" -w admin -f "$dir/people.ldif"
}

as() {  # USER PASSWORD PROGRAM OPTION...
  watch_slapd run_ldap "$3" -U "$1" -w "$2" "${@:4}"
}
alice() { as "$user" "$password" ldapwhoami "$@"; }
portal() { as portal 'sent by the portal' ldapwhoami "$@"; }
is() { [ "$(cat "$dir/client.result")" = "dn:uid=$1,$people" ]; }

# Both sides agree on the strength.
strength() {
  has client.err "^SASL SSF: $1\$" &&
    has server.log "BIND dn=\"uid=$user,$people\" mech=DIGEST-MD5 .* ssf=$1\$"
}
layer() { printf -- '-Ominssf=%d,maxssf=%d' "$1" "$1"; }

# Reads all entries that were added.
reads_all() {  # STRENGTH
  as "$user" "$password" ldapsearch -LLL -o ldif-wrap=no "$(layer "$1")" \
    '(cn=*)' description && strength "$1" &&
    diff <(grep '^description: 0' "$dir/rooms.ldif" | sort) \
      <(grep '^description: 0' "$dir/client.result" | sort) \
      >"$dir/client.log" && rm "$dir/client.result"
}

copy_slapd && rooms >"$dir/rooms.ldif" && set_up_debian "$dir/rooms.ldif" &&
  restart
started=$?
ok $started "slapd starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
configure && restart
ok $? "the page's changes of cn=config and entries are taken"

alice && is alice && strength 128
ok $? "without a wish of the client it is the best layer"
for strength in 0 1 112 128; do
  alice "$(layer "$strength")" && is alice && strength "$strength"
  ok $? "strength $strength"
done
for strength in 40 55 56; do
  ! alice "$(layer "$strength")" && has client.err 'mechanism too weak'
  ok $? "strength $strength is not there by default"
done
restart "$every"
for strength in 40 55 56; do
  alice "$(layer "$strength")" && is alice && strength "$strength"
  ok $? "strength $strength, if the server's options name the ciphers"
done
for strength in 0 1 55 112 128; do
  reads_all "$strength"
  ok $? "$((rooms * room_size)) octets of entries at strength $strength"
done

portal && is portal && portal -X u:alice && is alice
ok $? "portal acts for alice"
portal -X "dn:uid=alice,$people" && is alice
ok $? "also by the name of the entry"
! alice -X u:portal && [ ! -s "$dir/client.result" ] &&
  has server.log 'not authorized'
ok $? "alice may not act for portal"

! as "$user" wrong ldapwhoami && has client.err 'Invalid credentials (49)' &&
  has server.log 'wrong password for user "alice"'
ok $? "a wrong password is refused, and the log says why"
! as nobody "$password" ldapwhoami &&
  has server.log 'the secrets of user "nobody" cannot be read'
ok $? "an unknown user is refused, and the log says why"

for cipher in rc4 aes-ctr; do
  restart "$cipher" && alice "$(layer 128)" && is alice && reads_all 128
  ok $? "$((rooms * room_size)) octets with $cipher alone"
done
restart 3des && ! alice "$(layer 128)" && alice "$(layer 112)" && strength 112
ok $? "only the ciphers of the server's list are there"
done_testing
