#!/bin/bash
# Reauthentication: a client authenticates again in one step, or in two.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
. "$DIGEST_SRCDIR/t/plugin/raw.sh"
set_up
add_user bob 'b password'
add_user alice "$password" other.test

reauth=option.reauth_timeout=10

count() { grep -c "$2" "$dir/$1" 2>/dev/null; }  # FILE PATTERN
# ALL authentications succeeded, CHALLENGED of them with a challenge.
succeeded_with() {  # ALL CHALLENGED
  succeeded && [ "$(count server.result '^result ')" -eq "$1" ] &&
    [ "$(count client.result '^result ')" -eq "$1" ] &&
    [ "$(count server.trace '^+ nonce=')" -eq "$2" ]
}
silent() { ! grep -qs DIGEST-MD5 "$dir"/{server,client}.log; }
noted() {  # TEXT: one such note, and nothing else
  [ "$(grep DIGEST-MD5 "$dir/server.log")" = "4 DIGEST-MD5 server: \
reauthentication refused ($1), full authentication follows" ]
}

# Our two sides.
run server: "$reauth" client: "$reauth" max=0 repeat=2
succeeded_with 2 1 && silent &&
  has client.trace '^AUTH DIGEST-MD5 username=.*nc=00000002,'
ok $? "the second authentication takes one round trip less"

[ "$(grep -o '[^c]nonce="[^"]*"' "$dir/client.trace" | sort -u |
  grep -c '')" -eq 1 ] && [ "$(grep -o 'cnonce="[^"]*"' "$dir/client.trace" |
  sort -u | grep -c '')" -eq 1 ]
ok $? "with the same two nonces"
[ "$(grep -o 'rspauth=.*' "$dir/server.trace" | sort -u | grep -c '')" -eq 2 ]
ok $? "and another proof of the server"

run server: "$reauth" successdata=1 client: "$reauth" max=0 repeat=2 \
  successdata=1
succeeded_with 2 1 && [ "$(count server.result 'messages=1$')" -eq 2 ] &&
  [ "$(count server.trace '^OK rspauth=')" -eq 2 ]
ok $? "with data in the success it is one message each way"

run server: "$reauth" client: "$reauth" max=0 repeat=12
succeeded_with 12 1 && silent && has client.trace '^AUTH .*nc=0000000c,'
ok $? "and again, with a count in hexadecimal"

# Reauthentication looks up the same name as the first authentication.
both_realms=option.digestmd5_realms='example.test other.test'
run server: "$reauth" "$both_realms" client: "$reauth" max=0 repeat=3 \
  chosenrealm=other.test
succeeded_with 3 1 && silent &&
  [ "$(count server.result 'authid=alice@other.test ')" -eq 3 ] &&
  has client.trace '^AUTH .*nc=00000003,'
ok $? "G16 a user of another realm comes back twice"
run server: "$reauth" client: "$reauth" max=0 repeat=3 \
  authname=alice@other.test
succeeded_with 3 1 && silent &&
  [ "$(count server.result 'authid=alice@other.test ')" -eq 3 ]
ok $? "G16 and one with the realm in the name"

run server: client: "$reauth" max=0 repeat=3
succeeded_with 3 3 && silent
ok $? "a server without reauth_timeout authenticates in full, silently"
[ "$(count client.trace '^AUTH .*nc=00000002')" -eq 2 ]
ok $? "although the client tries"

run server: "$reauth" client: max=0 repeat=2
succeeded_with 2 2 && silent && ! has client.trace '^AUTH'
ok $? "a client without reauth_timeout does not try"

run server: "$reauth" client: "$reauth" max=0 repeat=2 seconduser=bob
! succeeded && [ "$(count server.result '^result ')" -eq 1 ] &&
  [ "$(count server.trace '^+ nonce=')" -eq 2 ] && ! has client.trace '^AUTH'
ok $? "another user starts anew"

run server: "$reauth" client: "$reauth" max=0 repeat=2 seconduser=bob \
  secondpassword='b password'
succeeded_with 2 2 && silent && has server.result 'authid=bob@'
ok $? "and may come in"

run server: "$reauth" client: "$reauth" max=0 repeat=2 secondpassword=wrong
! succeeded && has client.trace '^AUTH .*nc=00000002,' &&
  [ "$(count server.trace '^+ nonce=')" -eq 2 ] &&
  ! has server.trace stale && has client.result '^refused$' &&
  has server.log '^4 .*reauthentication refused (wrong password for user' &&
  has server.log '^2 .*wrong password'
ok $? "a wrong password does not come in the second time"

run server: "$reauth" proxy=1 client: "$reauth" max=0 repeat=2 user=bob
succeeded_with 2 1 &&
  [ "$(count server.result 'user=bob@.* authid=alice@')" -eq 2 ]
ok $? "acting for somebody else is resumed as such"

run server: "$reauth" client: "$reauth" max=0 repeat=2 interact=1
succeeded_with 2 1 && [ "$(count client.trace '^prompt 4004')" -eq 2 ]
ok $? "prompts are answered the second time too"

run server: "$reauth" option.digestmd5_realms='other.test example.test' \
  client: "$reauth" max=0 repeat=2 interact=1 chosenrealm=example.test
succeeded_with 2 1 && [ "$(count client.trace '^prompt 4008')" -eq 1 ] &&
  [ "$(count client.trace '[^e]realm="example.test"')" -eq 2 ]
ok $? "but the realm is known then"

# auth is allowed with minimum 0, but another qop was established.
for ssf in 1 40 112 128; do
  for min in 0 "$ssf"; do
    run server: "$reauth" option.digestmd5_ciphers="rc4 3des rc4-40" \
      client: "$reauth" min="$min" max="$ssf" repeat=2 sizes=100
    [ "$ssf" -ne 40 ] || sed -i '/weak cipher rc4-40/d' "$dir"/*.log
    succeeded_with 2 2 && silent && ! has client.trace '^AUTH' &&
      [ "$(count server.result " ssf=$ssf ")" -eq 2 ]
    ok $? "G38 a layer of strength $ssf is never resumed, minimum $min"
  done
done

# Its counter depends on the nonce count, so no key stream repeats.
run server: "$reauth" client: "$reauth" min=128 repeat=3 sizes=1,100,65000
succeeded_with 3 1 && [ "$(count server.result " ssf=128 ")" -eq 3 ] &&
  [ "$(count client.trace 'nc=00000003.*cipher=aes-ctr')" -eq 1 ]
ok $? "aes-ctr is resumed"

run server: "$reauth" client: "$reauth" max=0 repeat=2 \
  fqdn=alias.example.test
succeeded_with 2 1
ok $? "under another name of the server too"

# The server, by hand.  Every case starts with a good first authentication.
again=${response/nc=00000001/nc=00000002}
spent='nonce is unknown, expired or already used'

first() {
  open_server max=0 "$reauth" option.digestmd5_realms="$realm other.test"
  get_challenge
  send_response "$response"
  hear
  tell '+ ='
  hear
  tell NEXT
}
# Reauthenticates with an initial response; the reply is in $message.
come_back() {  # RESPONSE [PASSWORD]
  fill "$@"
  tell "AUTH DIGEST-MD5 $(encode "$text")"
  hear
}
resumed() { [[ $message =~ ^rspauth= ]]; }
challenged() { [[ $message =~ ^nonce= && ! $message =~ stale ]]; }
stale() { [[ $message =~ ^nonce=.*,stale=true, ]]; }
finish() { tell '+ ='; hear; tell NEXT; }
# After any failure a full authentication on the same connection works.
finish_full() {
  field nonce "$message"
  nonce=$REPLY
  send_response "$response"
  hear
  [[ $message =~ ^rspauth= ]] && finish && [ "$word" = OK ]
}
leave() { close_server; [ "$server_status" -eq 0 ]; }

first
come_back "$again"
resumed
ok $? "the right response is accepted at once"
finish
come_back "$again"
stale
ok $? "but not twice: stale=true"
finish_full
ok $? "and a full authentication follows"
leave && noted "$spent"
ok $? "which is one note in the log"

refuse() {  # VERDICT NAME REASON RESPONSE [PASSWORD]
  local verdict=$1 name=$2 reason=$3
  shift 3
  first
  come_back "$@"
  "$verdict"
  ok $? "$name: $verdict"
  finish_full && leave && noted "$reason"
  ok $? "$name: noted, and a full authentication follows"
}
refuse stale 'count of the first time' "$spent" "$response"
refuse stale 'count too high' "$spent" "${response/nc=00000001/nc=00000003}"
refuse stale 'count of 0' "$spent" "${response/nc=00000001/nc=00000000}"
refuse stale 'the highest count' "$spent" "${response/nc=00000001/nc=ffffffff}"
refuse stale 'unknown nonce' "$spent" "${again/NONCE/x}"
refuse stale 'other cnonce' "$spent" "${again/\"c\"/\"d\"}"
refuse stale 'other realm' "$spent" "${again/$realm/other.test}"
refuse stale "other user's nonce" "$spent" "${again/alice/bob}" 'b password'
refuse challenged 'wrong password' \
  'wrong password for user "alice", realm "example.test"' "$again" wrong
refuse challenged 'wrong password, unknown nonce' \
  'wrong password for user "alice", realm "example.test"' \
  "${again/NONCE/x}" wrong
refuse challenged 'unknown user' \
  'no user "eve" with a usable secret, realm "example.test"' \
  "${again/alice/eve}"
refuse challenged 'other service' \
  'digest-uri names service "pop", this server is "test"' \
  "${again/test\/host/pop\/host}"
refuse challenged 'garbage' "message is not a list of name=value pairs: \
at the end, octet 8: expected '='" garbage
refuse challenged 'no proof' 'message lacks directive response' \
  "${again/,response=PROOF/}"
long=$again,x=$(printf '%04000d' 0)
size=$((${#long} - 2 * 5 + 16 + 32))  # with a nonce and a proof
refuse challenged 'too long' "message of $size octets is larger than RFC 2831 \
allows: 2047 in a challenge, 4095 in a response" "$long"
for qop in auth-int auth-conf; do
  refuse challenged "$qop" "client chose qop $qop, which was not offered" \
    "${again/qop=auth/qop=$qop}"
done

first
tell 'AUTH DIGEST-MD5 ='
hear
challenged && finish_full && leave && ! has server.log DIGEST-MD5
ok $? "an empty initial response is none"

first
come_back "$again" wrong
field nonce "$text"
used=$REPLY
finish_full
nonce=$used
come_back "$again"
resumed
ok $? "a wrong proof does not use up the count"
leave

first
add_user alice 'changed'
come_back "$again"
challenged
ok $? "a password changed meanwhile: the old one is refused"
password=changed finish_full
come_back "$again" changed
resumed
ok $? "the new one is accepted"
leave
add_user alice "$password"

# With a layer by hand: its nonce is not remembered.
for qop in auth-int auth-conf; do
  with="${response/qop=auth/qop=$qop,cipher=rc4}"
  open_server "$reauth"
  get_challenge
  send_response "$with"
  hear
  resumed && finish
  come_back "${with/nc=00000001/nc=00000002}"
  challenged
  ok $? "$qop cannot be resumed with the same nonce"
  used=$nonce
  finish_full
  nonce=$used
  come_back "$again"
  stale
  ok $? "$qop does not give a nonce for auth either"
  leave
done

# The client, by hand.  The script is its server.
base='username="alice",nonce="n",cnonce="c",nc=00000001,qop=auth,'
base+='realm="host.example.test",digest-uri="test/host.example.test"'
challenge='nonce="n",algorithm=md5-sess'
rspauth() {  # NONCE NC
  text=${base/\"n\"/\"$1\"}
  echo "rspauth=$(prove "${text/nc=00000001/nc=0000000$2}" "$password" server)"
}
talk() {  # LINE...: what the server says the second time
  server_plugins=none
  client_arguments=("$reauth" max=0 repeat=2 cnonce=c)
  rm -f "$dir"/{server,client}.{result,log,err,trace}
  { printf '+ %s\n' "$(encode "$challenge")" "$(encode "$(rspauth n 1)")"
    echo OK
    printf '%s\n' "$@"; } | start_client >"$dir/client.said"
  client_status=$?
}
talk "+ $(encode "$(rspauth n 2)")" OK
[ "$client_status" -eq 0 ] && has client.trace '^AUTH .*nonce="n".*nc=00000002,'
ok $? "the client accepts a server that proves itself anew"

talk "OK $(encode "$(rspauth n 2)")"
[ "$client_status" -eq 0 ]
ok $? "also with the success"

talk "+ $(encode "$(rspauth n 1)")" OK
has client.result '^failed code=-10 ' && has client.said '^\*$' &&
  has client.log '^2 DIGEST-MD5 client: server did not prove that it knows the password'
ok $? "not one that repeats its first proof"

for stale in '' ',stale=true' ',stale=false'; do
  talk "+ $(encode "${challenge/\"n\"/\"m\"}$stale")" \
    "+ $(encode "$(rspauth m 1)")" OK
  [ "$client_status" -eq 0 ] &&
    has client.trace '^+ .*nonce="m",.*nc=00000001,' && silent
  ok $? "it answers a challenge${stale/,/ with }"
done

talk OK
[ "$client_status" -ne 0 ]
ok $? "success without a proof is none"
done_testing
