#!/bin/bash
# Channel binding through libsasl2: the option on both sides, the forms in
# which applications give their bindings, and peers without channel binding.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
set_up

# The same channel in the forms of different applications, and another one.
hash=40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880
full=746c732d7365727665722d656e642d706f696e743a$hash
bare=binding=tls-server-end-point:$hash
prefixed=binding=tls-server-end-point:$full
ldap=binding=ldap:$full
unprefixed=binding=ldap:$hash
other=binding=tls-server-end-point:${hash/40/41}
value=a513620e394353301b0b429acf4cdfe4  # in t/vectors/channel_binding.json
option=option.digestmd5_channel_binding

bound() { has server.log 'server: channel binding used' &&
          has client.log 'client: channel binding used'; }
unbound() { ! has server.log 'channel binding used' &&
            ! has client.log 'channel binding used'; }
upgraded() { has server.trace 'nonce="+Upgraded+v1'; }
said() { has client.trace 'hashed-dirs\|service-name\|channel-binding'; }

run server: "$prefixed" client: "$prefixed"
succeeded && bound && upgraded
ok $? "a channel both sides give is used"
has client.trace "channel-binding=\"$value\"" &&
  has client.trace 'service-name="test/host.example.test"' &&
  has client.trace 'hashed-dirs="service-name,channel-binding"'
ok $? "with the value of the vector"

run server: "$ldap" client: "$bare"
succeeded && bound && has client.trace "channel-binding=\"$value\""
ok $? "a bare hash gets its prefix, the data of OpenLDAP has it"

run server: "$bare" client: "$unprefixed"
! succeeded && has server.result 'code=-32 '
ok $? "under another name nothing is put in front"

run server: binding=tls-unique:0001020304 \
  client: binding=other:746c732d756e697175653a0001020304
succeeded && bound
ok $? "tls-unique gets its prefix too"

run server: "$prefixed" critical=1 client: "$prefixed"
succeeded && bound
ok $? "the library sees that a critical binding was used"

run server: "$prefixed" critical=1 client:
! succeeded && has server.result 'code=-32 ' &&
  has server.log 'sent no channel binding'
ok $? "a critical binding is required"

for allowed in allow require; do
  run server: "$prefixed" "$option=$allowed" client: "$other"
  ! succeeded && has server.result 'code=-32 ' &&
    has client.result refused && has server.log 'another TLS channel'
  ok $? "$allowed: another channel is refused"

  run server: "$prefixed" "$option=$allowed" client: "$other" \
    password=wrong
  ! succeeded && has server.result 'code=-13 ' &&
    ! has server.log 'channel'
  ok $? "$allowed: with a wrong password nothing is said about it"
done

run server: "$prefixed" client:
succeeded && unbound && upgraded && ! said
ok $? "allow: a client without a channel is accepted, and sends nothing extra"

run server: "$prefixed" "$option=require" client:
! succeeded && has server.result 'code=-32 ' &&
  has server.log 'sent no channel binding.*digestmd5_channel_binding'
ok $? "require: a client without a channel is refused"

run server: client: "$prefixed"
succeeded && unbound && ! upgraded && ! said
ok $? "allow: a server without a channel is accepted"

run server: client: "$prefixed" "$option=require"
! succeeded && has client.result 'code=-32 ' &&
  has client.result 'the server does not offer it' &&
  ! has client.trace username
ok $? "require: a server without a channel is refused, and told nothing"

run server: client: "$option=require"
! succeeded && has client.result 'code=-32 ' &&
  has client.log 'the application does not provide it.*digestmd5_channel_binding' &&
  has server.err 'not AUTH'
ok $? "require: a client whose application gives no channel does not begin"

run server: "$option=require" client: "$prefixed"
! succeeded && has server.result 'code=-32 ' &&
  has server.log 'the application does not provide it.*digestmd5_channel_binding' &&
  ! has server.trace nonce
ok $? "require: a server whose application gives no channel sends no challenge"

run server: "$prefixed" "$option=require" \
  client: "$prefixed" "$option=require"
succeeded && bound
ok $? "require on both sides"

run server: "$prefixed" "$option=off" client: "$other"
succeeded && unbound && ! upgraded && ! said
ok $? "off: the server's channel is not used"

run server: "$prefixed" client: "$other" "$option=off"
succeeded && unbound && upgraded && ! said
ok $? "off: the client's channel is not used"

run server: "$option=of" client: "$prefixed"
! succeeded && has server.log 'option digestmd5_channel_binding'
ok $? "another word means require, and is logged"

run server: "$prefixed" min=128 client: "$prefixed" min=128 sizes=1,1000
succeeded && bound && has server.result 'ssf=128 '
ok $? "a layer on a bound channel"

run server: "$prefixed" option.reauth_timeout=10 \
  client: "$prefixed" option.reauth_timeout=10 max=0 repeat=2 successdata=1
succeeded && bound && has client.trace 'nc=00000002' &&
  [ "$(grep -c "^5 .*channel binding used" "$dir/server.log")" -eq 2 ]
ok $? "reauthentication stays on its channel"

if [ -e "$dir/stock/libdigestmd5.so" ]; then
  client_plugins=stock
  run server: "$prefixed" max=1 client: max=1 sizes=100
  succeeded && upgraded && unbound
  ok $? "allow: the plugin of Cyrus SASL is accepted as client"
  run server: "$prefixed" "$option=require" client: max=1
  ! succeeded && has server.result 'code=-32 '
  ok $? "require: it is refused"
  client_plugins=ours server_plugins=stock
  run server: max=1 client: "$prefixed" max=1 sizes=100
  succeeded && ! said
  ok $? "allow: it is accepted as server"
  run server: client: "$prefixed" "$option=require"
  ! succeeded && has client.result 'code=-32 ' && ! has client.trace username
  ok $? "require: it is refused, and told nothing"
else
  skip "the plugin of Cyrus SASL as peer" \
    "the distribution's is not installed"
fi
done_testing
