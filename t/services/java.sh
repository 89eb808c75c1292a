#!/bin/bash
# A Java program with JNDI as client of OpenLDAP's slapd with our plugin.  The
# user and the password are in the directory.
. "$DIGEST_SRCDIR/t/services/slapd_common.sh"

[ -n "${JAVA:+${JAVAC-}}" ] || skip_all "no JDK found"
"$JAVAC" --release 17 -version >/dev/null 2>&1 ||
  skip_all "this javac does not take --release 17"
set_up

minssf=0 more_options=
entry=uid=$user,ou=people,$base
rooms=200 room_size=1000 hall_size=200000

# The files of the page, for our host and directories.
adapt() {
  sed -e "s#ldap\.example\.test:389#$host:$port#" \
    -e "s#ldap\.example\.test#$host#" -e "s#/run/slapd#$dir#" \
    -e "s#/var/lib/ldap#$dir/data#" -e "s#minssf=0#minssf=$minssf#"
}

write_configuration() {
  { block java /etc/ldap/sasl2/slapd.conf | adapt && printf %s "$more_options"
  } >"$dir/conf/slapd.conf" &&
    block java /etc/ldap/slapd.conf | adapt >"$dir/slapd.conf" &&
    block java /etc/example/jndi.properties | adapt \
      >"$dir/java/jndi.properties"
}

# Many entries, and one that takes several messages of a layer.
room() {  # NAME SIZE
  printf '\ndn: cn=%s,%s\nobjectClass: device\ncn: %s\ndescription: %0*d\n' \
    "$1" "$base" "$1" "$2" 1
}

fill_directory() {
  local i
  {
    block java /root/people.ldif
    for ((i = 0; i < rooms; i++)); do
      room "$i" "$room_size"
    done
    room hall "$hall_size"
  } >"$dir/all.ldif"
  add_entries -f "$dir/slapd.conf" -l "$dir/all.ldif"
}

start_with() {  # MINSSF [OPTIONS]
  minssf=$1 more_options=${2-}
  start_slapd write_configuration -f "$dir/slapd.conf"
}

# The flags are for a quick start.
start_client() {  # ARGUMENT...
  timeout "$limit" "$JAVA" -Xshare:auto -XX:TieredStopAtLevel=1 \
    -XX:+UseSerialGC -cp "$dir/java" JndiClient \
    java.naming.security.credentials="$password" "$@" \
    >"$dir/client.result" 2>"$dir/client.err"
}
run_client() {  # ARGUMENT...
  watch_slapd start_client "$@"
  client_status=$?
  return "$client_status"
}

# The strengths of all layers, from slapd's log.
strengths() {
  sed -n "s/.* BIND dn=\"$entry\" mech=DIGEST-MD5 .* ssf=\([0-9]*\)\$/\1/p" \
    "$dir/server.log" | paste -s -d ' '
}

qop() { printf 'javax.security.sasl.qop=%s' "$1"; }
strength() { printf 'javax.security.sasl.strength=%s' "$1"; }

copy_slapd && mkdir "$dir/java" && "$JAVAC" --release 17 -d "$dir/java" \
  "$DIGEST_SRCDIR/t/services/JndiClient.java" 2>"$dir/client.err"
ok $? "JndiClient.java compiles"

write_configuration && fill_directory && start_with 0
started=$?
ok $started "slapd starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

entries=$((rooms + 4)) characters=$((rooms * room_size + hall_size))

run_client base="$base" next "$(qop auth-int)" next "$(qop auth)" &&
  [ "$(strengths)" = '112 1 0' ] &&
  [ "$(grep -c "^done entries=$entries characters=$characters\$" \
    "$dir/client.result")" = 3 ]
ok $? "$characters characters are found: auth-conf, auth-int, auth"

! run_client base="$base" "$(strength medium)" next "$(strength low)" &&
  [ -z "$(strengths)" ] && [ "$(grep -c '^refused ' "$dir/client.result")" = 2 ]
ok $? "the JDK's lesser strengths are not there by default"

start_with 0 $'digestmd5_ciphers: 3des des rc4-40\n' &&
  run_client base="$base" "$(strength medium)" next "$(strength low)" &&
  [ "$(strengths)" = '55 40' ] &&
  [ "$(grep -c "characters=$characters\$" "$dir/client.result")" = 2 ]
ok $? "but where the server's options name their ciphers"

run_client user="$entry" write=150000 next "$(qop auth-int)" write=149999 &&
  [ "$(strengths)" = '112 1' ] &&
  [ "$(paste -s "$dir/client.result")" = \
    $'done written=150000\tdone written=149999' ]
ok $? "a long value is written and read again: auth-conf, auth-int"

run_client base="$entry" javax.security.sasl.maxbuffer=256 \
  next "$(qop auth-int)" && [ "$(strengths)" = '112 1' ] &&
  [ "$(grep -c '^done entries=1 characters=149999$' \
    "$dir/client.result")" = 2 ]
ok $? "a long value in messages of 256 octets"

run_client java.naming.security.credentials=wrong \
  next java.naming.security.credentials="$password"
[ "$(strengths)" = 112 ] && has server.log 'wrong password for user "alice"' &&
  [ "$(paste -s -d ' ' "$dir/client.result" | sed 's/\[.*\]//')" = \
    'refused  done' ] && has client.result 'error code 49'
ok $? "a wrong password: AuthenticationException, then the right one"

! run_client java.naming.security.principal=nobody && [ -z "$(strengths)" ] &&
  has client.result 'error code 52' &&
  has server.log 'the secrets of user "nobody" cannot be read'
ok $? "an unknown user is refused"

start_with 112 && run_client next "$(strength medium)"
[ "$client_status" -eq 1 ] && [ "$(strengths)" = 112 ] &&
  has client.result '^refused '
ok $? "minssf=112: a client that does not encrypt well is refused"
done_testing
