#!/bin/bash
# The JDK's SASL as client of our server and as server of our client.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

[ -n "${JAVA:+${JAVAC-}}" ] || skip_all "no JDK found"
"$JAVAC" --release 17 -version >/dev/null 2>&1 ||
  skip_all "this javac does not take --release 17"
set_up
"$JAVAC" --release 17 -d "$dir" "$DIGEST_SRCDIR/t/interop/DigestPeer.java" \
  2>"$dir/client.err"
ok $? "DigestPeer.java compiles"

sizes=1,15,16,17,1000,65000,70000
ours=$(declare -f start_client)

# The arguments are UTF-8.  The flags are for a quick start.
start_java() {  # server|client ARGUMENT...
  local side=$1
  LC_ALL=C.UTF-8 timeout "$limit" "$JAVA" -Xshare:auto \
    -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$dir" DigestPeer "$side" \
    authname="$user" password="$password" realm="$realm" \
    result="$dir/$side.result" "${@:2}" 2>"$dir/$side.err"
}

# The strengths of all authentications, from our side's results.
strengths() {  # FILE
  sed -n 's/^result .* ssf=\([0-9]*\) .*/\1/p' "$dir/$1" | paste -s -d ' '
}

# The JDK as client of our server
start_client() { start_java client "${client_arguments[@]}"; }

all='option.digestmd5_ciphers=rc4 3des des rc4-56 rc4-40'
run server: "$all" client: qop=auth next qop=auth-int sizes="$sizes" \
  next qop=auth-conf cipher=rc4 next cipher=3des next cipher=des \
  next cipher=rc4-56 next cipher=rc4-40
succeeded && [ "$(strengths server.result)" = '0 1 128 112 55 56 40' ]
ok $? "client: auth; each layer carries messages of $sizes octets"

run server: "$all" fragment=7 client: qop=auth-conf sizes=1,1000,20000 \
  strength=high next strength=medium next strength=low
succeeded && [ "$(strengths server.result)" = '112 55 40' ]
ok $? "client: each of the JDK's strengths, in fragments of 7 octets"

run server: client: qop=auth-conf strength=medium next strength=low \
  next strength=high sizes=100
[ "$(strengths server.result)" = 112 ] &&
  [ "$(grep -c '^failed' "$dir/client.result")" = 2 ]
ok $? "client: a server without the option has only the high strength"

run server: maxbuf=100 client: maxbuf=64 sizes=1,5,1000 qop=auth-int \
  next qop=auth-conf cipher=rc4 next cipher=3des
succeeded && [ "$(strengths server.result)" = '1 128 112' ] &&
  has server.result 'ssf=1 maxoutbuf=44 ' &&
  has client.result 'qop=auth-int maxoutbuf=84$'
ok $? "client: small buffers"

run server: max=0 client: qop=auth-conf
! succeeded && has client.result '^failed' && has server.result '^cancelled'
ok $? "client: auth is refused where auth-conf is wanted"

run server: client: password=wrong next authname=nobody \
  next authname="$user" password="$password"
[ "$(strengths server.result)" = 0 ] &&
  [ "$(grep -c '^refused' "$dir/client.result")" = 2 ] &&
  [ "$(grep -c '^failed code=-13 ' "$dir/server.result")" = 2 ] &&
  has server.log 'wrong password' && has server.log 'no user "nobody"'
ok $? "client: a wrong password and an unknown user are refused"

run server: proxy=1 client: user=bob qop=auth-conf sizes=100
succeeded && has server.result "user=bob@$realm authid=$user@"
ok $? "client: an authzid arrives"

run server: client: user=bob
! succeeded && has server.result 'code=-14 ' && has client.result '^refused'
ok $? "client: an authzid that is not allowed is refused"

# Hadoop's tokens: no protocol, and a server that is called "default".
for name in '' null 'PCP Collector'; do
  run server: service="$name" fqdn=default client: service="$name" \
    fqdn=default qop=auth-conf sizes=100
  succeeded && has server.result 'ssf=112 '
  ok $? "client: the service \"$name\""
done

# Beyond ASCII.  The JDK converts the realm, too.
umlaut=$'gr\303\274n'
cyrillic=$'\320\274\320\270\321\200'

add_user "$umlaut" "$umlaut"
add_user "$cyrillic" "$cyrillic"
run server: client: authname="$umlaut" password="$umlaut" \
  next authname="$cyrillic" password="$cyrillic"
succeeded && [ "$(strengths server.result)" = '0 0' ] &&
  ! has server.log 'does not convert characters'
ok $? "client: names and passwords beyond ASCII"

ascii_realm=$realm realm=$umlaut.test
add_user "$user" "$password"
run
succeeded && ! has server.log 'does not convert characters'
ok $? "client: a realm converted to ISO 8859-1"
realm=$ascii_realm

# The JDK as server of our client
eval "$ours"
start_server() { start_java server "${server_arguments[@]}"; }

# Several clients in turn, with one start of the server.
start_clients() {
  local ssf result=$dir/client.result
  for ssf in $wanted; do
    client_arguments=("${extra[@]}" min="$ssf" max="$ssf")
    start_client || return
    cat "$result" >>"$result.all"
  done
  mv "$result.all" "$result"
}

offer=auth,auth-int,auth-conf
server_arguments=(qop="$offer") extra=(sizes="$sizes")
wanted='1 128 112 55 56 40'
connect start_server start_clients
succeeded && [ "$(strengths client.result)" = "$wanted" ]
ok $? "server: each layer carries messages of $sizes octets"

server_arguments=(qop="$offer" maxbuf=100) wanted='1 128 112'
extra=(maxbuf=64 fragment=7 "sizes=1,5,1000")
connect start_server start_clients
succeeded && [ "$(strengths client.result)" = "$wanted" ] &&
  has client.result 'ssf=1 maxoutbuf=80 ' &&
  has server.result 'qop=auth-int maxoutbuf=48$'
ok $? "server: small buffers, in fragments of 7 octets"

run server: client: min=1
! succeeded && has client.result 'code=-15 ' && has server.result '^cancelled'
ok $? "server: auth is refused where auth-int is wanted"

run server: client: password=wrong secondpassword="$password" repeat=2
has client.result '^refused' && has server.result '^failed' &&
  [ "$(strengths client.result)" = 0 ] && has server.result "authid=$user "
ok $? "server: a wrong password is refused, then auth with the right one"

run server: next proxy=1 client: user=bob repeat=2
has client.result '^refused' && has server.result '^failed' &&
  has server.result "^result user=bob authid=$user "
ok $? "server: an authzid arrives and is refused if not allowed"

for name in '' null 'PCP Collector'; do
  run server: service="$name" fqdn=default qop="$offer" client: \
    service="$name" fqdn=default sizes=100
  succeeded && has client.result 'ssf=128 '
  ok $? "server: the service \"$name\""
done

user=$umlaut password=$umlaut
run
succeeded && has server.result "authid=$user "
ok $? "server: name and password in ISO 8859-1"

realm=$umlaut.test
server_arguments=(qop="$offer") extra=(sizes=100) wanted='1 128 112 55 56 40'
connect start_server start_clients
succeeded && [ "$(strengths client.result)" = "$wanted" ]
ok $? "server: name, realm and password in ISO 8859-1, with each layer"
realm=$ascii_realm

user=$cyrillic password=$cyrillic
run
succeeded && has server.result "authid=$user "
ok $? "server: name and password beyond ISO 8859-1"
done_testing
