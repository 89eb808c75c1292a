#!/bin/bash
# Perl's Authen::SASL as client of our server.  It has never heard of aes-ctr.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
perl -MAuthen::SASL -MDigest::HMAC_MD5 -e 1 2>/dev/null ||
  skip_all "Perl's Authen::SASL not found"
set_up

client_user=$user client_password=$password client_authzid=
start_client() {
  timeout "$limit" perl "$DIGEST_SRCDIR/t/interop/perl_client.pl" \
    "$client_user" "$client_password" "$client_authzid" host.example.test \
    "$dir/client.result" 2>"$dir/client.err"
}

run server: max=0
succeeded && has client.result '^ok' && has server.result 'ssf=0 '
ok $? "auth"

run server: min=0 max=256
has server.trace 'cipher="aes-ctr,rc4' && has server.result 'ssf=1 ' &&
  has client.result '^ok'
ok $? "G49 auth-int, although it is offered ciphers, one of them unknown to it"

client_password=wrong
run server: max=0
! succeeded && has server.result 'code=-13 ' && has client.result '^refused'
ok $? "a wrong password is refused"

client_password=$password client_authzid=bob
run server: max=0 proxy=1
succeeded && has server.result "user=bob@$realm authid=$user@"
ok $? "an authzid arrives"
done_testing
