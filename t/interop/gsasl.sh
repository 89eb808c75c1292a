#!/bin/bash
# GNU SASL as client of our server and as server of our client.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

gsasl=$DIGEST_BUILDDIR/t/interop/gsasl_peer
[ -x "$gsasl" ] || skip_all "gsasl_peer was not built: libgsasl is missing"
"$gsasl" knows || skip_all "this GNU SASL is built without DIGEST-MD5"
set_up

sizes=1,15,16,17,1000,65000
ours=$(declare -f start_client)

start_client() {
  timeout "$limit" "$gsasl" client authname="$user" password="$password" \
    result="$dir/client.result" "${client_arguments[@]}" 2>"$dir/client.err"
}

# GNU SASL as client of our server
run
succeeded && has server.result "authid=$user@$realm ssf=0 " &&
  has client.result "authid=$user "
ok $? "client: auth"

run server: client: qop=qop-int sizes="$sizes"
succeeded && has server.result 'ssf=1 '
ok $? "client: auth-int carries messages of $sizes octets"

run server: fragment=7 client: qop=qop-int sizes="$sizes"
succeeded && has server.result 'ssf=1 '
ok $? "client: auth-int in fragments of 7 octets"

run server: max=0 client: qop=qop-int
! succeeded && has client.result '^refused' &&
  has server.log 'chose qop auth-int, which was not offered'
ok $? "client: auth-int that was not offered is refused"

run server: client: password=wrong
! succeeded && has client.result '^refused' && has server.result 'code=-13 ' &&
  has server.log 'wrong password'
ok $? "client: a wrong password is refused"

run server: client: authname=nobody
! succeeded && has client.result '^refused' && has server.result 'code=-13 ' &&
  has server.log 'no user "nobody"'
ok $? "client: an unknown user is refused"

run server: proxy=1 client: user=bob qop=qop-int sizes=100
succeeded && has server.result "user=bob@$realm authid=$user@"
ok $? "client: an authzid arrives"

run server: client: user=bob
! succeeded && has server.result 'code=-14 ' && has client.result '^refused'
ok $? "client: an authzid that is not allowed is refused"

# Beyond ASCII.  GNU SASL converts the password to ISO 8859-1 if possible, as
# RFC 2831 says, but hashes the name in UTF-8.
umlaut=$'gr\303\274n'
cyrillic=$'\320\274\320\270\321\200'

ascii_user=$user password=$umlaut
add_user "$user" "$password"
run
succeeded && ! has server.log 'does not convert characters'
ok $? "client: a password in ISO 8859-1"

user=$umlaut
add_user "$user" "$password"
run
succeeded && has server.log 'does not convert characters'
ok $? "client: a name hashed as UTF-8 is accepted and noted"

user=$cyrillic password=$cyrillic
add_user "$user" "$password"
run
succeeded && ! has server.log 'does not convert characters'
ok $? "client: name and password beyond ISO 8859-1"

# GNU SASL as server of our client
eval "$ours"

start_server() {
  timeout "$limit" "$gsasl" server authname="$user" password="$password" \
    realm="$realm" result="$dir/server.result" "${server_arguments[@]}" \
    2>"$dir/server.err"
}

run
succeeded
ok $? "server: name and password beyond ISO 8859-1"

user=$ascii_user password=$umlaut
run
succeeded && has client.result 'ssf=0 ' && has server.result "authid=$user "
ok $? "server: auth, a password in ISO 8859-1"

run server: qop=qop-int client: sizes="$sizes"
succeeded && has client.result 'ssf=1 '
ok $? "server: auth-int carries messages of $sizes octets"

run server: qop=qop-int client: sizes="$sizes" fragment=7
succeeded && has client.result 'ssf=1 '
ok $? "server: auth-int in fragments of 7 octets"

run server: qop=qop-int client: sizes=70000
succeeded
ok $? "server: a message that needs two packets"

run server: qop=qop-int client: max=0
! succeeded && has client.result 'code=-15 '
ok $? "server: auth-int is refused where only auth is allowed"

run server: client: min=1
! succeeded && has client.result 'code=-15 '
ok $? "server: auth is refused where auth-int is wanted"

run server: client: password=wrong
! succeeded && has client.result '^refused' && has server.result '^failed'
ok $? "server: a wrong password is refused"

run server: client: user=bob
succeeded && has server.result "user=bob authid=$user "
ok $? "server: an authzid arrives"
done_testing
