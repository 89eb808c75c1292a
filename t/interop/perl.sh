#!/bin/bash
# Perl's Authen::SASL as client of our server.  It does not support aes-ctr; it
# has the other ciphers if Perl's modules for them are installed.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
perl -MAuthen::SASL -MDigest::HMAC_MD5 -e 1 2>/dev/null ||
  skip_all "Perl's Authen::SASL or Digest::HMAC_MD5 not found"
set_up

sizes=(1 15 16 17 1000 20000)
client_user=$user client_password=$password client_authzid= client_sizes=()
start_client() {
  timeout "$limit" perl "$DIGEST_SRCDIR/t/interop/perl_client.pl" \
    "$client_user" "$client_password" "$client_authzid" host.example.test \
    "$dir/client.result" "${client_sizes[@]}" 2>"$dir/client.err"
}

# In its order of preference: a cipher, its strength for us, the module it
# needs.
ciphers='
  rc4 128 Crypt::RC4
  3des 112 Crypt::DES3
  des 55 Crypt::DES
  rc4-56 56 Crypt::RC4
  rc4-40 40 Crypt::RC4'
knows() { perl -M"$1" -e 1 2>/dev/null; }  # MODULE

run server: max=0
succeeded && has client.result '^ok' && has server.result 'ssf=0 '
ok $? "auth"

client_sizes=("${sizes[@]}")
run server: min=1 max=1
succeeded && has client.result '^ok' && has server.result 'ssf=1 '
ok $? "auth-int carries messages of ${sizes[*]} octets"

best=1
while read -r cipher strength module; do
  [ -n "$cipher" ] || continue
  run server: min=2 option.digestmd5_ciphers="$cipher"
  if knows "$module"; then
    [ "$best" -gt 1 ] || best=$strength
    succeeded && has client.result '^ok' &&
      has server.result "ssf=$strength "
    ok $? "$cipher carries messages of ${sizes[*]} octets"
  else
    ! succeeded && has client.result '^error' &&
      has server.result '^cancelled'
    ok $? "$cipher alone is refused by a client without $module"
  fi
done <<<"$ciphers"

run server: min=0 max=256
succeeded && has server.trace 'cipher="aes-ctr,rc4' &&
  has client.result '^ok' && has server.result "ssf=$best "
ok $? "G49 offered all, one of them unknown to it, it takes strength $best"
client_sizes=()

client_password=wrong
run server: max=0
! succeeded && has server.result 'code=-13 ' && has client.result '^refused'
ok $? "a wrong password is refused"

client_password=$password client_authzid=bob
run server: max=0 proxy=1
succeeded && has server.result "user=bob@$realm authid=$user@"
ok $? "an authzid arrives"
done_testing
