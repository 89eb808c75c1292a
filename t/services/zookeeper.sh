#!/bin/bash
# ZooKeeper's server, with the JDK's DIGEST-MD5, and our plugin in a client that
# uses libsasl2.
. "$DIGEST_SRCDIR/t/services/common.sh"

[ -n "${JAVA-}" ] || skip_all "no JDK found"
jars=/usr/share/java
for jar in zookeeper slf4j-simple; do
  [ -e "$jars/$jar.jar" ] || skip_all "$jar.jar not found in $jars"
done
set_up

adapt() {  # NAME
  block zookeeper "$1" |
    sed -e "s#/var/lib/zookeeper#$dir/data#" -e "s#SECRET#$password#" \
      -e "s#clientPort=2181#clientPort=$port#"
}

write_configuration() {
  {
    adapt /etc/zookeeper/conf/zoo.cfg
    printf '%s\n' clientPortAddress=127.0.0.1 admin.enableServer=false
  } >"$dir/zoo.cfg" && adapt /etc/zookeeper/conf/jaas.conf >"$dir/jaas.conf"
}

run_client() {  # USER PASSWORD COMMAND...
  plugins_from "$dir/ours" timeout "$limit" \
    "$DIGEST_BUILDDIR/t/services/zookeeper_client" "$port" "$@" \
    >"$dir/client.result" 2>"$dir/client.err"
}

# Another program may have taken the port.
start_zookeeper() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && write_configuration || return
    start zookeeper "$JAVA" -Xshare:auto -XX:TieredStopAtLevel=1 \
      -XX:+UseSerialGC "-Djava.security.auth.login.config=$dir/jaas.conf" \
      -cp "$jars/zookeeper.jar:$jars/slf4j-simple.jar" \
      org.apache.zookeeper.server.ZooKeeperServerMain "$dir/zoo.cfg"
    await zookeeper run_client '' '' get / && return
  done
  cp "$dir/zookeeper.log" "$dir/client.err"
  false
}

alice() { run_client "$user" "$password" "$@"; }
prints() { [ "$(cat "$dir/client.result")" = "$1" ]; }
says() { grep -q -e "$1" "$dir/zookeeper.log"; }

start_zookeeper
started=$?
ok $started "ZooKeeper starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

alice create /secret 'for alice' && alice get /secret && prints 'for alice' &&
  says 'adding SASL authorization for authorizationID: alice'
ok $? "a client authenticates, and reads its protected node"
for i in {1..20}; do
  alice get /secret && prints 'for alice' || break
done
[ "$i" -eq 20 ] && prints 'for alice'
ok $? "twenty times"
! run_client '' '' get /secret && prints -102
ok $? "without authentication the node is refused"

! run_client "$user" wrong get /secret && prints -115 &&
  await zookeeper says 'Mismatched response'
ok $? "a wrong password is refused"
! run_client nobody wrong get /secret && prints -115 &&
  await zookeeper says "User 'nobody' not found"
ok $? "an unknown user is refused"

rm "$dir/ours/libdigestmd5.so" && ! alice get /secret && ! prints 'for alice'
ok $? "without the plugin there is no way in"
done_testing
