#!/bin/bash
# What digestmd5-explain prints for known exchanges.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

program=$DIGEST_BUILDDIR/digestmd5-explain
nonce='c2VydmVyLW5vbmNlLTAwMDE='
cnonce='Y2xpZW50LW5vbmNlLTAwMDE='
challenge="realm=\"example.com\",nonce=\"$nonce\",qop=\"auth\",\
charset=utf-8,algorithm=md5-sess"
proof=7da73614dee71522f779e9cd15e91fb6
rspauth=rspauth=ed82c9f23c85c3cc353df3c5c75467b8

show() { sed 's/^/# /' "$dir"/{out,err}; }

# A response with the given user, realm, digest-uri, proof and other directives.
message() {  # USER REALM URI PROOF [MORE]
  printf 'charset=utf-8,username="%s",realm="%s",nonce="%s",nc=00000001,' \
    "$1" "$2" "$nonce"
  printf 'cnonce="%s",digest-uri="%s",response=%s,qop=auth%s' \
    "$cnonce" "$3" "$4" "${5-}"
}

explain() {  # PASSWORD ARGUMENT...
  printf '%s\n' "$1" >"$dir/password"
  shift
  timeout "$limit" "$program" --password-file="$dir/password" "$@" \
    >"$dir/out" 2>"$dir/err" </dev/null
  status=$?
}

judge() {  # ARGUMENT...: without a password
  timeout "$limit" "$program" --no-password "$@" \
    >"$dir/out" 2>"$dir/err" </dev/null
  status=$?
}

from_lines() {  # PASSWORD, lines on standard input
  printf '%s\n' "$1" >"$dir/password"
  timeout "$limit" "$program" --password-file="$dir/password" \
    >"$dir/out" 2>"$dir/err"
  status=$?
}

says() {  # STATUS PATTERN...: that status, and each pattern in some line
  [ "$status" -eq "$1" ] || return 1
  shift
  for pattern; do
    grep -qE -e "$pattern" "$dir/out" || return 1
  done
}

base64_of() { printf '%s' "$1" | base64 -w0; }

good=$(message alice example.com imap/host.example.com "$proof")

# RFC 2831 section 4, as SMTP and IMAP servers and clients show it.
rfc_challenge='realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",
 algorithm=md5-sess,charset=utf-8'
rfc_challenge=${rfc_challenge//$'\n'/}
rfc_response='charset=utf-8,username="chris",realm="elwood.innosoft.com",'\
'nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",'\
'digest-uri="imap/elwood.innosoft.com",'\
'response=d388dad90d4bbd760a152321f2143af7,qop=auth'
rfc_rspauth=rspauth=ea40f60335c427b5527b84dbabcdfffd

explain secret --challenge="$rfc_challenge" --response="$rfc_response" \
  --rspauth="$rfc_rspauth"
says 0 '^  ok +response +matches the password$' \
  '^  ok +rspauth +matches the password$' '^  ok +realm .*: was offered$'
ok $? "the exchange of RFC 2831, as text"

from_lines secret <<END
+ $(base64_of "$rfc_rspauth")
C: $(base64_of "$rfc_response")
a1 OK done
+ $(base64_of "$rfc_challenge")
END
says 0 '^challenge, .*base64' ' response +matches the' ' rspauth +matches the'
ok $? "in base64, from lines in any order"

from_lines secret <<END
334 $(base64_of "$rfc_challenge")
$(base64_of "$rfc_response" | tr -d =)
334 $(base64_of "$rfc_rspauth")
END
says 0 ' response +matches the' ' rspauth +matches the'
ok $? "as in SMTP, without padding"

from_lines secret <<END
<challenge xmlns='urn:x'>$(base64_of "$rfc_challenge")</challenge>
<response xmlns='urn:x'>$(base64_of "$rfc_response")</response>
END
says 0 ' response +matches the'
ok $? "as in XMPP"

judge --response="A7 AUTHENTICATE DIGEST-MD5 $(base64_of "$good")"
says 0 '^response, ' 'not checked, without a password'
ok $? "behind a command of IMAP, without a password"

exec 7< <(printf 'wonderland\n')
"$program" --password-fd=7 --response="$good" >"$dir/out" 2>"$dir/err"
status=$?
exec 7<&-
says 0 'matches the password'
ok $? "the password from a descriptor"

explain wonderland --response="$(message alice example.com \
  imap/host.example.com 81f1004c25f37c21432219b8d576a883 ',authzid="bob"')" \
  --rspauth=rspauth=d3d0ca917bec9942b4b8f7378d61715c
says 0 ' authzid +"bob"' ' rspauth +matches the'
ok $? "an authzid"

# Proofs that do not match.
explain other --challenge="$challenge" --response="$good" --rspauth="$rspauth"
says 1 'wrong +response +does not match in any .*another password' \
  'wrong +rspauth +does not match'
ok $? "a wrong password"
! grep -q 'matches the password' "$dir/out"
ok $? "then nothing matches"

explain wonderland --challenge="$challenge" --response="$(message alice \
  other.example imap/host.example.com "$proof")" --rspauth="$rspauth"
says 1 'wrong +realm .*was not offered' \
  'would with realm "example\.com" \(was offered\)' \
  'rspauth +matches the password in the same way'
ok $? "another realm was hashed than was sent"

explain wonderland --response="$(message alice example.com \
  imap/host.example.com 222bc38213a513078d0571f62aff0f10)"
says 1 'would with realm "" \(no realm\)'
ok $? "no realm was hashed"

explain wonderland --response="$(message alice@example.com '' \
  imap/host.example.com "$proof")"
says 1 'would with user name "alice" .*, and realm "example\.com" \(the part after'
ok $? "the user name has the realm in it"

explain wonderland --response="$(message Alice example.com \
  imap/host.example.com "$proof")"
says 1 'would with user name "alice" \(in lower case\)'
ok $? "the user name was hashed in lower case"

explain wonderland --response="$(message alice example.com \
  IMAP/host.example.com "$proof")"
says 1 'would with digest-uri "imap/host\.example\.com" \(in lower case\)'
ok $? "digest-uri was hashed in lower case"

explain wonderland --response="$(message alice example.com \
  imap/host.example.com/host.example.com "$proof")"
says 1 'would with digest-uri .*\(without the name after the host\)'
ok $? "digest-uri was hashed without its last part"

explain wonderland --response="$(message alice example.com \
  imap/host.example.com "$proof" ',authzid="bob"')"
says 1 'would with no authzid in the hash'
ok $? "authzid was not hashed"

explain wonderland --challenge="$challenge" \
  --response="${good/"$nonce"/another}"
says 1 'wrong +nonce .*differs from that of the challenge at octet 1$' \
  'would with the nonce of the challenge'
ok $? "the nonce of another challenge was sent"

explain wonderland --response="$good" --rspauth="rspauth=$proof"
says 1 "wrong +rspauth +is the client's own proof"
ok $? "the client's own proof comes back"

explain wonderland --response="${good/"$proof"/"${proof^^}"}"
says 1 'wrong +response .*must be in lower case' ' response +matches the'
ok $? "a proof in upper case"

# Characters: andré, and a password with a sharp s.
andre=$'andr\xc3\xa9'
explain $'pass\xc3\x9fwort' --response="$(message "$andre" example.com \
  imap/host.example.com e9d6cb5d8233b22ce236c1afd9eeea26)"
says 0 'ok +response +matches the password$'
ok $? "characters as RFC 2831 converts them"
explain $'pass\xc3\x9fwort' --response="$(message "$andre" example.com \
  imap/host.example.com 69d768d300aa8ba9322dc78ecb7af8b5)"
says 0 'note +response +matches the password with no value in ISO 8859-1'
ok $? "characters that are not converted"
grep -q 'andr\\xc3\\xa9' "$dir/out" && ! grep -q '[^ -~]' "$dir/out"
ok $? "prints only ASCII"

# One finding each: NAME|PATTERN|CHALLENGE
while IFS='|' read -r name pattern text; do
  judge --challenge="$text"
  says 1 "$pattern"
  ok $? "challenge: $name"
done <<'END'
two nonces|wrong +nonce +occurs 2 times|nonce="n",nonce="m",algorithm=md5-sess
refused too|wrong +refused +message repeats|nonce="n",nonce="m",algorithm=md5-sess
no nonce|wrong +nonce +is missing|realm="r",algorithm=md5-sess
no algorithm|wrong +algorithm +is missing|nonce="n"
an algorithm of HTTP|wrong +.*lacks directive|nonce="n",opaque="o",algorithm=MD5
small maxbuf|wrong +maxbuf +16: out of range|nonce="n",algorithm=md5-sess,maxbuf=16
charset|wrong +charset +latin1: only utf-8|nonce="n",algorithm=md5-sess,charset=latin1
unknown qop|wrong +qop +"x": has no known|nonce="n",algorithm=md5-sess,qop="x"
no cipher|wrong +qop .*auth-conf is offered with|nonce="n",algorithm=md5-sess,qop="auth,auth-conf"
no list|wrong +form +unreadable from here on, octet 1: nonce|nonce "n"
an open quote|wrong +form +unreadable from here on, octet 30, after directive algorithm: realm|nonce="n",algorithm=md5-sess,realm="r
END

# The same for a response to the usual challenge: NAME|PATTERN|FROM|TO
while IFS='|' read -r name pattern from to; do
  judge --challenge="$challenge" --response="${good/"$from"/"$to"}"
  says 1 "$pattern"
  ok $? "response: $name"
done <<'END'
qop|wrong +qop +auth-int: was not offered|qop=auth|qop=auth-int
no cipher|wrong +cipher +is missing for auth-conf|qop=auth|qop=auth-conf
nc|wrong +nc +1: must be 8 hexadecimal|00000001|1
nc in upper case|wrong +nc +0000000A: must be|00000001|0000000A
no realm|wrong +realm +is absent, though offered|realm="example.com",|
digest-uri|wrong +digest-uri .*not of the form|imap/|imap
short proof|wrong +response .*must have 32 digits, has 31|7da7|7da
END

# Unusual, but not wrong.
while IFS='|' read -r name pattern from to; do
  judge --challenge="$challenge" --response="${good/"$from"/"$to"}"
  says 0 "$pattern"
  ok $? "response: $name"
done <<'END'
quotes|note +qop +does not belong in quotes|qop=auth|qop="auth"
no quotes|note +username +quotes are missing|"alice"|alice
a backslash|note +username +the backslash before 'a'|alice|DOM\alice
a cipher|note +cipher +rc4: has no effect|qop=auth|qop=auth,cipher=rc4
empty authzid|note +authzid +"": is empty and means nobody|qop=auth|authzid="",qop=auth
unknown|note +x +y: unknown directive|qop=auth|qop=auth,x=y
END

judge --response="$good" --service=smtp --host=mail.example.com
says 1 'names another service than smtp' 'names another host than mail'
ok $? "the names of another server"

# Channel binding.
bound='charset=utf-8,username="alice",realm="example.com",'\
'nonce="+Upgraded+v13ac28c1698065d24bb709a71266ca4d4388af796a19c4650a25c96'\
'b14a6fd77b",nc=00000001,cnonce="+Upgraded+v1aa7ba8a2de5757458558ef0dd0a45'\
'01200112233445566778899aabbccddeeff",digest-uri="ldap/dc1.example.com",'\
'response=da3c66025ad245836ea771510b1056b5,qop=auth,hashed-dirs="service-n'\
'ame,channel-binding",service-name="ldap/dc1.example.com",channel-binding='\
'"a513620e394353301b0b429acf4cdfe4"'
explain wonderland --response="$bound"
says 0 'ok +cnonce .*covers service-name and' ' response +matches the'
ok $? "cnonce covers the channel"
judge --response="${bound/binding=\"a/binding=\"b}"
says 1 'wrong +cnonce .*does not match service-name and channel-binding'
ok $? "cnonce does not cover the channel"
judge --response="$good,channel-binding=\"a513620e394353301b0b429acf4cdfe4\""
says 0 'note +channel-binding .*not covered by cnonce'
ok $? "cnonce covers nothing"

# HTTP: RFC 7616 3.9.1.
mufasa='username="Mufasa", realm="http-auth@example.org", '\
'uri="/dir/index.html", algorithm=SHA-256, '\
'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '\
'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, '\
'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'\
'", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
explain 'Circle of Life' --method=GET --uri=/dir/index.html \
  --challenge='WWW-Authenticate: Digest realm="http-auth@example.org",
 qop="auth, auth-int", algorithm=SHA-256, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"' \
  --response="Authorization: Digest $mufasa" \
  --rspauth='Authentication-Info: rspauth="86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0"'
[ "$status" -eq 0 ]
ok $? "HTTP: a bare line end in a header"

explain 'Circle of Life' --method=GET --uri=/dir/index.html \
  --challenge='WWW-Authenticate: Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"' \
  --response="Authorization: Digest $mufasa" \
  --rspauth='Authentication-Info: rspauth="86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0"'
says 0 '^challenge of HTTP' 'opaque .*matches the challenge' \
  ' response +matches the' ' rspauth +matches the'
ok $? "HTTP: the exchange of RFC 7616"

explain 'Circle of Life' --method=HEAD --uri=/ \
  --response="Authorization: Digest $mufasa"
says 1 'wrong +uri .*the request is for /$' 'would with method GET'
ok $? "HTTP: another request"

alice='username="alice", realm="example.com", uri="/dir/file?x=1", '\
"nonce=\"$nonce\", nc=00000001, cnonce=\"$cnonce\", "
explain wonderland --method=POST --response="Authorization: Digest ${alice}\
response=\"f72e230ff758fcb8e5f035d265de3d55\", algorithm=MD5-sess, qop=auth"
says 1 'would with the inner hash of MD5-sess in octets'
ok $? "HTTP: the -sess of SASL"

printf 'entity body\r\n' >"$dir/body"
body_response="Authorization: Digest ${alice}algorithm=MD5, qop=auth-int, \
response=\"f0a671350548fdaae45f4185d216b1b3\""
explain wonderland --method=POST --body="$dir/body" \
  --response="$body_response"
says 0 ' response +matches the'
ok $? "HTTP: with a body"
explain wonderland --method=POST --response="$body_response"
says 1 'note +body +is assumed to be empty' 'wrong +response +does not match'
ok $? "HTTP: without it"

# Mistakes of clients.  The proofs were computed with Python's hashlib.
explain wonderland --response="$(message 'CORP\alice' example.com \
  imap/host.example.com 84c5ae115ba2a2753b8ade918ee66ee9)"
says 1 'note +username .*backslash before' \
  'would with user name "CORP\\\\alice" \(with its backslashes\)'
ok $? "a backslash that is not doubled in the message"

explain wonderland --response="$(message "$andre" example.com \
  imap/host.example.com 2086d09d59c15a0bba6f3e2d592d2394)"
says 0 'ok +response +matches the password$'
ok $? "UTF-8 in the message, ISO 8859-1 in the hash"
explain wonderland --response="$(message $'andr\xe9' example.com \
  imap/host.example.com 0f4db84f412dce700b5de541151f044d | sed 's/charset=utf-8,//')"
says 1 'would with user name .*\(in UTF-8\)'
ok $? "ISO 8859-1 in the message, UTF-8 in the hash"

explain wonderland --response="$(message alice other.test \
  imap/mail.host.example.com 249c42590e0dc97bb480d3a33062f4e9)"
says 1 'would with realm "host\.example\.com" \(the domain of the host'
ok $? "the realm was taken from the host's domain"

request='Authorization: Digest username="alice", realm="example.com", '\
"nonce=\"$nonce\", nc=00000001, cnonce=\"$cnonce\", qop=auth, "
explain wonderland --response="${request}uri=\"http://www.example.com/a\", \
response=\"37f981ea0fe673c5a711a50c2d4f1d9c\""
says 1 'would with uri "/a" \(without scheme and host\)'
ok $? "HTTP: an absolute uri was sent, its path hashed"
explain wonderland --host=www.example.com \
  --response="${request}uri=\"/a\", response=\"5dea63a5eae1a0057e9edf9ec88b95f0\""
says 1 'would with uri "http://www\.example\.com/a" \(absolute'
ok $? "HTTP: an absolute uri was hashed, its path sent"

offer="WWW-Authenticate: Digest realm=\"example.com\", nonce=\"$nonce\", \
qop=\"auth\""
judge --challenge="$offer, opaque=\"o\", algorithm=SHA-256" \
  --response="${request}uri=\"/a\", response=\"37f981ea0fe673c5a711a50c2d4f1d9c\""
says 1 'wrong +opaque +is absent, but is in' 'wrong +algorithm +is absent, which'
ok $? "HTTP: opaque and algorithm are left out"
judge --challenge="$offer" \
  --response="${request}uri=\"/a\", response=\"37f981ea0fe673c5a711a50c2d4f1d9c\", opaque=\"o\", algorithm=SHA-256"
says 1 'wrong +opaque .*is not in the challenge' 'wrong +algorithm .*not offered'
ok $? "HTTP: opaque and algorithm are added"

stale() {  # COUNT: of the second request with a nonce; its server calls it stale
  local second=${request/00000001/$1}
  printf '< %s\n> %suri="/a", response="37f981ea0fe673c5a711a50c2d4f1d9c"\n' "$offer" "$request"
  printf '< Authentication-Info: nextnonce="x", qop=auth\n'
  printf '> %suri="/a", response="5dea63a5eae1a0057e9edf9ec88b95f0"\n< %s, stale=true\n' "$second" \
    "${offer/"$nonce"/bmV3LW5vbmNlLTAwMDI=}"
}
stale 00000002 >"$dir/log"
judge "$dir/log"
says 0 'nonce +was used before, in line 2' 'note +stale +the nonce was too old'
ok $? "HTTP: a stale nonce"
stale 00000001 >"$dir/log"
judge "$dir/log"
says 1 'wrong +nc +00000001 is not above 00000001 of line 2'
ok $? "HTTP: a count out of order"

# A layer that was agreed, and what follows it.
layered() {  # QOP, lines on standard input
  printf '334 %s\n%s\n334 %s\n\n235 done\n' \
    "$(base64_of "${challenge/qop=\"auth\"/qop=\"auth,auth-int\"}")" \
    "$(base64_of "${good/qop=auth/qop=$1}")" "$(base64_of "$rspauth")"
  cat
}
layered auth-int >"$dir/log" <<<'MAIL FROM:<alice@example.com>'
judge "$dir/log"
says 0 'note +layer +line 6 has clear text: the layer is not used, unless'
ok $? "clear text behind the agreement on a layer"
layered auth >"$dir/log" <<<'MAIL FROM:<alice@example.com>'
judge "$dir/log"
says 0 && ! grep -q layer "$dir/out"
ok $? "without a layer it is as it should be"
layered auth-int >"$dir/log" <<END
imapd: DIGEST-MD5 server: received data is no packet of the security layer \
(length 1296124236, allowed: 16 to 65536): the peer does not use the layer
END
judge "$dir/log"
says 1 'wrong +layer +not used: in line 6 the plugin got "MAIL"'
ok $? "the plugin's line about such a client"
{ layered auth-int </dev/null && layered auth <<<'MAIL FROM:<a@example.com>' |
  sed "s/$(base64_of "$nonce")//"; } >"$dir/log"
judge "$dir/log"
! grep -q ' layer ' "$dir/out"
ok $? "the next exchange's lines are its own"

# No secret is printed, and unusable input is reported.
explain wonderland --response="$(message alice example.com \
  imap/host.example.com "${proof/7/8}")"
says 1 'does not match' &&
  ! grep -qE "wonderland|$proof|93dfce8d|7ca1b710|ed82c9f2" "$dir/out"
ok $? "no secret is printed"

judge --password-file=/dev/null --response="$good"
says 2
ok $? "two sources of a password"
judge --password=wonderland
says 2 && grep -q '^usage:' "$dir/err" &&
  grep -q -- '--password: unknown argument' "$dir/err" &&
  ! grep -q wonderland "$dir/err"
ok $? "an unknown option"
judge "$dir/none"
says 2 && grep -q "$dir/none: No such file" "$dir/err"
ok $? "no log of that name"
judge "$dir/"$'\e[31mnone'
says 2 && grep -qF '\x1b[31mnone: No such file' "$dir/err"
ok $? "a name with a terminal's escapes"
judge "$dir"
says 2 && grep -q "$dir: Is a directory" "$dir/err"
ok $? "a directory"
explain '' --challenge="$challenge" --challenge="$challenge"
says 2
ok $? "two challenges"
from_lines secret <<<'a1 OK nothing to see'
says 2 && grep -q 'no message of DIGEST-MD5' "$dir/err"
ok $? "no message"
timeout "$limit" "$program" --password-file="$dir/none" --response="$good" \
  >"$dir/out" 2>"$dir/err"
status=$?
says 2 && grep -q "$dir/none: No such file" "$dir/err"
ok $? "no file of the password"
: >"$dir/empty"
timeout "$limit" "$program" --password-file="$dir/empty" --response="$good" \
  >"$dir/out" 2>"$dir/err"
status=$?
says 2 && grep -q "$dir/empty: the password is missing" "$dir/err"
ok $? "an empty file of the password"
judge --challenge="nonce=$(head -c 20000 /dev/zero | tr '\0' a)"
says 2
ok $? "a message beyond all measure"

# Logs that were made to take long: each ends within seconds, in time that grows
# with the size of the log.
quickly() {  # COMMAND...: prints the log
  "$@" >"$dir/log"
  SECONDS=0
  judge "$dir/log"
  [ "$status" -le 2 ] && [ "$SECONDS" -lt 30 ]
}
challenges() {
  seq -f "${challenge/$nonce/%.0f}" 20001
}
quickly challenges && grep -q 'more than 20000 messages' "$dir/err"
ok $? "more messages than anybody reads"
attachment() { head -c 9000000 /dev/zero | base64 -w 64; }
quickly attachment
ok $? "a large attachment"
done_testing
