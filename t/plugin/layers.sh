#!/bin/bash
# Every layer, with any fragmentation, and with the smallest and largest maxbuf.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
. "$DIGEST_SRCDIR/t/plugin/raw.sh"
set_up

sizes=1,15,16,17,1000,65000

layer() {  # SSF NAME OPTION...
  local ssf=$1 name=$2
  shift 2
  run server: min="$ssf" max="$ssf" "$@" client: min="$ssf" max="$ssf" \
    sizes="$sizes"
  succeeded && has server.result "ssf=$ssf " && has client.result "ssf=$ssf "
  ok $? "$name carries messages of $sizes octets"
}

run server: client: max=0
succeeded && has server.result "ssf=0 "
ok $? "auth has no layer"
noted() {  # TIMES: on each side
  local side
  for side in server client; do
    [ "$(grep -c 'uses the weak cipher' "$dir/$side.log")" -eq "$1" ] || return
  done
}

layer 1 auth-int
noted 0
ok $? "auth-int is not noted as weak"
for weak in 40:rc4-40 55:des 56:rc4-56; do
  layer "${weak%:*}" "${weak#*:}"
  noted 1 && has server.log "^4 .*weak cipher ${weak#*:};"
  ok $? "${weak#*:} is noted once on each side"
done
layer 112 3des
layer 128 rc4 option.digestmd5_ciphers=rc4
layer 128 aes-ctr option.digestmd5_ciphers=aes-ctr
noted 0
ok $? "a strong cipher is not noted"

run server: client: sizes=100
succeeded && has client.result "ssf=128 " &&
  has server.trace 'cipher="aes-ctr,\(rc4,\)*3des"'
ok $? "by default the strong ciphers are offered, and the strongest is taken"

every='rc4-40 des rc4-56 3des rc4 aes-ctr'
run server: client: min=40 max=56
! succeeded && has client.result "code=-15 "
ok $? "a client for weak ciphers alone finds none at a server without the option"
run server: option.digestmd5_ciphers="$every" client: min=40 max=56 sizes=100
succeeded && has server.result "ssf=56 " && noted 1
ok $? "but at one that names them"
run server: min=40 max=56 client: min=2
! succeeded && has client.result "code=-15 " && ! has client.trace 'username'
ok $? "a client without the option takes no weak cipher"
run server: min=40 max=56 client: option.digestmd5_ciphers="$every" sizes=100
succeeded && has client.result "ssf=40 " && noted 1
ok $? "one that names them does"

run server: option.digestmd5_ciphers=rc4-40 \
  client: option.digestmd5_ciphers="rc4 rc4-40" sizes=100
succeeded && has server.result "ssf=40 "
ok $? "option digestmd5_ciphers restricts the server"

run server: client: option.digestmd5_ciphers="3des,rc4" sizes=100
succeeded && has server.result "ssf=112 "
ok $? "option digestmd5_ciphers orders the client's"

run server: option.digestmd5_ciphers="rot13 3des" client: sizes=100
succeeded && has server.result "ssf=112 " && has server.log 'rot13'
ok $? "an unknown cipher is logged and left out"

run server: external=128 max=128 client: external=128 max=128
succeeded && has server.result "ssf=0 "
ok $? "a strong external layer leaves auth"

run server: maxbuf=0 client: sizes=
succeeded && has server.result "ssf=0 "
ok $? "G9 a server without buffer offers no layer"

run server: min=56 client: max=1
! succeeded && has client.result "code=-15 "
ok $? "a client that may not encrypt is told: too weak"
! has client.trace 'username'
ok $? "and has said nothing of its user"

run server: max=1 client: min=56
! succeeded && has client.result "code=-15 "
ok $? "a server that may not encrypt is too weak for the client"

for octets in 1 3 7 4096; do
  for ssf in 1 112 128; do
    run server: fragment="$octets" client: fragment="$octets" min="$ssf" \
      max="$ssf" sizes=1,15,1000,20000
    succeeded && has server.result "ssf=$ssf "
    ok $? "strength $ssf in fragments of $octets octets"
  done
done

for maxbuf in {17..31} 64 100 4096 65536 16777215; do
  for ssf in 1 112 128; do
    run server: client: maxbuf="$maxbuf" min="$ssf" max="$ssf" sizes=1,5,100
    if [ "$ssf" = 112 ] && [ "$maxbuf" -lt 22 ]; then
      # no octet would fit
      ! succeeded && has client.result "code=-15"
      ok $? "client's maxbuf $maxbuf is too small for strength $ssf"
    else
      succeeded
      ok $? "G9 G10 client's maxbuf $maxbuf with strength $ssf"
    fi
    run server: maxbuf="$maxbuf" client: min="$ssf" max="$ssf" sizes=1,5,100
    if [ "$ssf" = 112 ] && [ "$maxbuf" -lt 22 ]; then
      ! succeeded && has client.result "code=-15"
      ok $? "server's maxbuf $maxbuf is too small for strength $ssf"
    else
      succeeded
      ok $? "G9 G10 server's maxbuf $maxbuf with strength $ssf"
    fi
  done
done

# A peer that agrees to a layer and then does not use it.
speak() {  # BASE64 ARGUMENT...: after an authentication with auth-int
  local data=$1
  open_server max=1 again=1 "${@:2}"
  get_challenge
  send_response "${response/qop=auth,/qop=auth-int,}"
  hear
  [ "$word" != + ] || { tell '+ ='; hear; }
  tell "D $data"
  close_server
}
no_packet() {  # LENGTH MAXIMUM
  [ "$(grep -c DIGEST-MD5 "$dir/server.log")" -eq 2 ] &&
    [ "$(grep -cxF "1 DIGEST-MD5 server: received data is no packet of the \
security layer (length $1, allowed: 16 to $2): the peer does not use the layer \
that it agreed to; a maximum SSF (maxssf) of 0 switches layers off" \
      "$dir/server.log")" -eq 2 ] &&
    [ "$(grep -c 'failed code=-9 ' "$dir/server.result")" -eq 2 ]
}
speak "$(encode 'EHLO client.example.test')"
no_packet $((0x45484c4f)) 65536
ok $? "the log tells of clear text in a layer, each time"
speak "$(encode $'\1\1\1\1')" maxbuf=1000
no_packet $((0x01010101)) 1000
ok $? "and what the largest packet may be"
speak AAAAEAAAAAAAAAAAAAAAAAAAAAAAAA==  # a length of 16, and 18 zeros
[ "$(grep -cxF '1 DIGEST-MD5 server: message was altered, repeated or reordered '\
'in transit, or the peer implements the cipher differently; see option '\
'digestmd5_ciphers' "$dir/server.log")" -eq 2 ] &&
  [ "$(grep -c 'failed code=-9 ' "$dir/server.result")" -eq 2 ]
ok $? "and of a packet with a wrong MAC"
done_testing
