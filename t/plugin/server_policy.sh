#!/bin/bash
# What a server offers and accepts: options, the application's realm, users and
# their secrets, and the log lines.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
. "$DIGEST_SRCDIR/t/plugin/raw.sh"
set_up
add_user alice 'a in one' one.test
add_user alice 'a in two' two.test
add_user alice 'a at host' host.example.test

# Keeps the log and the messages, for the search at the end.
keep() {
  cat "$dir"/{server,client}.{log,err} >>"$dir/all.log" 2>/dev/null
  cat "$dir"/{server,client}.{result,trace} >>"$dir/all.trace" 2>/dev/null
}

try() { run "$@"; keep; }

# Exactly one of our lines, at this level.
logged() {  # LEVEL TEXT
  [ "$(grep -c 'DIGEST-MD5' "$dir/server.log")" -eq 1 ] &&
    grep -qxF "$1 DIGEST-MD5 server: $2" "$dir/server.log"
}
silent() { ! has server.log DIGEST-MD5; }
accepted() {  # AUTHID
  succeeded && has server.result "authid=$1 "
}
refused() {  # CODE
  ! succeeded && has server.result "^failed code=$1 " &&
    has client.result '^refused$'
}
offers() {  # REALM...: exactly these
  local offered
  offered=$(head -n 1 "$dir/server.trace" | grep -o 'realm="[^"]*"')
  [ "$offered" = "$([ $# -eq 0 ] || printf 'realm="%s"\n' "$@")" ]
}

# A response by hand, with one text replaced.
try_response() {  # OLD NEW ARGUMENT...
  local old=$1 new=$2
  shift 2
  open_server max=0 "$@"
  get_challenge
  send_response "${response/"$old"/"$new"}"
  hear
  answer=$word
  [ "$answer" != + ] || { tell '+ ='; hear; }
  tell QUIT
  close_server
  keep
}
by_hand() {  # AUTHID
  [ "$answer" = + ] && has server.result "authid=$1 "
}
refused_by_hand() {
  [ "$answer" = NO ] && has server.result '^failed code=-13 '
}

# The realm without an option.
try server: client:
accepted alice@example.test && offers example.test && silent
ok $? "G23 the application's realm is offered"

try server: norealm=1 client: password='a at host'
accepted alice && offers host.example.test && silent
ok $? "G23 without it the server's name is"

# Several realms.
both=option.digestmd5_realms='one.test, two.test'
try server: "$both" client: chosenrealm=one.test password='a in one'
accepted alice@one.test && offers one.test two.test && silent
ok $? "digestmd5_realms offers several, the client takes the first"

try server: "$both" client: chosenrealm=two.test password='a in two'
accepted alice@two.test && silent
ok $? "digestmd5_realms offers several, the client takes the second"

try server: "$both" client: chosenrealm=one.test password='a in two'
refused -13
ok $? "a realm's password is wrong in the other one"

try server: "$both" client:
refused -13 && has client.trace 'realm="one.test"'
ok $? "without a choice the client takes the first"

many=$(printf 'r%d ' {1..33})
try server: option.digestmd5_realms="$many" client: chosenrealm=r32
offers r{1..32} && has server.log \
  '^1 DIGEST-MD5: option digestmd5_realms: more than 32 values'
ok $? "more than 32 realms are logged and left out"

long=$(printf 'a-realm-with-a-name-of-seventy-octets-in-all-%025d ' {1..30})
try server: option.digestmd5_realms="$long" client:
! succeeded && has server.result '^failed code=-1 ' && logged 1 \
  'challenge would be larger than 2047 octets; shorten digestmd5_realms or digestmd5_http_domain'
ok $? "a challenge that becomes too large is a logged error"
[ ! -s "$dir/server.trace" ] && has client.result '^refused$'
ok $? "and nothing of it is sent"

# A second realm that fills the challenge up to 2047 octets.  The trace has
# three octets more.
challenge_size() { echo $(($(head -n 1 "$dir/server.trace" | wc -c) - 3)); }
try server: client:
frame=',realm=""'
printf -v filler "%$((2047 - $(challenge_size) - ${#frame}))s" ''
filler=${filler// /x}
try server: option.digestmd5_realms="example.test $filler" \
  client: chosenrealm=example.test
accepted alice@example.test && [ "$(challenge_size)" -eq 2047 ]
ok $? "a challenge of 2047 octets is sent"
try server: option.digestmd5_realms="example.test x$filler" client:
! succeeded && has server.log 'larger than 2047'
ok $? "one of 2048 is not"

# A realm that was not offered.
add_user carol 'c in three' three.test
carol=(authname=carol password='c in three' chosenrealm=three.test)
try server: "$both" client: "${carol[@]}"
accepted carol@three.test && logged 4 "client chose realm \"three.test\", \
which was not offered, accepted; see option digestmd5_realm_policy"
ok $? "a realm that was not offered is accepted and noted"

try server: "$both" option.digestmd5_realm_policy=any client: "${carol[@]}"
accepted carol@three.test && has server.log '^4 .*"three.test".*accepted'
ok $? "digestmd5_realm_policy any is the same"

try server: "$both" option.digestmd5_realm_policy=offered client: "${carol[@]}"
refused -13 && logged 2 "client chose realm \"three.test\", \
which was not offered; see option digestmd5_realm_policy"
ok $? "digestmd5_realm_policy offered refuses it"

try server: "$both" option.digestmd5_realm_policy=offered \
  client: chosenrealm=two.test password='a in two'
accepted alice@two.test && silent
ok $? "and accepts what was offered"

try server: "$both" option.digestmd5_realm_policy=offred client: "${carol[@]}"
refused -13 && has server.log '^1 DIGEST-MD5: option digestmd5_realm_policy:'
ok $? "a misspelt policy is logged and the strict one"

# A realm in the user name is where the user is looked up.
strict=("$both" option.digestmd5_realm_policy=offered)
hash_of() { printf %s "$1:$2:$3" | md5; }
strange=(hashuser=alice@three.test
  hash="$(hash_of alice@three.test one.test 'in three')")
try server: realm=one.test "$both" "${strange[@]}" client: \
  authname=alice@three.test password='in three' chosenrealm=one.test
accepted alice@three.test
ok $? "a user name may have a realm of its own"

try server: realm=one.test "${strict[@]}" "${strange[@]}" client: \
  authname=alice@three.test password='in three' chosenrealm=one.test
refused -13 && logged 2 "user name \"alice@three.test\" has a realm that was \
not offered; see option digestmd5_realm_policy"
ok $? "digestmd5_realm_policy offered refuses one that was not offered"

try server: realm=one.test "${strict[@]}" hashuser=alice@two.test \
  hash="$(hash_of alice@two.test one.test 'in two')" client: \
  authname=alice@two.test password='in two' chosenrealm=one.test
accepted alice@two.test && silent
ok $? "but not one that was"

for name in alice@ alice@ONE.test alice@three.test@one.test alice@one.test@; do
  try server: realm=one.test "${strict[@]}" client: authname=$name \
    chosenrealm=one.test
  refused -13 && has server.log '^2 .*has a realm that was not offered'
  ok $? "it compares all behind the first at sign: $name"
done

try server: realm=one.test "${strict[@]}" client: authname=bob@one.test \
  chosenrealm=one.test
refused -13 && has server.log '^2 .*no user "bob@one.test"'
ok $? "and tells nobody whether there is such a user"

# No realm.
try_response "realm=\"$realm\"," ''
by_hand alice@example.test && logged 4 \
  'client sent no realm, accepted; see option digestmd5_realm_policy'
ok $? "G7 a response without realm is accepted and noted"

try_response "realm=\"$realm\"," '' option.digestmd5_realm_policy=offered
refused_by_hand && logged 2 \
  'client sent no realm; see option digestmd5_realm_policy'
ok $? "digestmd5_realm_policy offered refuses it"

try_response "realm=\"$realm\"" 'realm=""'
by_hand alice@example.test && has server.log '^4 .*sent no realm, accepted'
ok $? "G7 an empty realm is as none: noted"

try_response "realm=\"$realm\"" 'realm=""' \
  option.digestmd5_realm_policy=offered
refused_by_hand && has server.log '^2 .*sent no realm'
ok $? "an empty realm is as none: refused"

secret=$(printf 'erna::e anywhere' | md5)
password='e anywhere' try_response "username=\"alice\",realm=\"$realm\"" \
  'username="erna"' realm= hashuser=erna@ hash="$secret" \
  option.digestmd5_realm_policy=offered
offers && by_hand erna@ && silent
ok $? "where none is offered, none is right"

umlaut=$'\303\274'

# The host and the service a client has in mind.
try server: client: fqdn=alias.example.test
accepted alice@example.test && logged 4 "digest-uri names host \
\"alias.example.test\", this server is \"host.example.test\", accepted; \
see option digestmd5_hosts"
ok $? "another host in digest-uri is accepted and noted"

try server: client: fqdn=alias.example.test repeat=3
accepted alice@example.test && [ "$(grep -c '^result' "$dir/server.result")" -eq 3 ] &&
  logged 4 "digest-uri names host \"alias.example.test\", this server is \
\"host.example.test\", accepted; see option digestmd5_hosts"
ok $? "which is noted once in a process"

try server: client: fqdn=HOST.Example.test
accepted alice@example.test && silent
ok $? "the case of a host does not matter"

hosts=option.digestmd5_hosts='alias.example.test other.example.test'
try server: "$hosts" client: fqdn=Other.example.test
accepted alice@example.test && silent
ok $? "digestmd5_hosts accepts its hosts"

try server: "$hosts" client: fqdn=evil.example.test
refused -13 && logged 2 "digest-uri names host \"evil.example.test\", \
which is not in option digestmd5_hosts; this server is \"host.example.test\"" &&
  has server.result ': digest-uri names host "evil.example.test", which is not in '\
'option digestmd5_hosts$' && ! has server.result host.example.test
ok $? "G45 digestmd5_hosts refuses others"

try server: "$hosts" client:
refused -13 && has server.log '^2 .*names host "host.example.test", which'
ok $? "digestmd5_hosts refuses even the server's name if it is not there"

for option in option.digestmd5_hosts= "$hosts"; do
  try server: "$option" client: service=other fqdn=alias.example.test
  refused -13 && logged 2 \
    'digest-uri names service "other", this server is "test"'
  ok $? "another service is refused, ${option#*.}"
done

try server: service=test client: service=TEST
accepted alice@example.test
ok $? "the case of a service does not matter"

for rest in /replica / /replica/more; do
  try_response host.example.test "host.example.test$rest"
  by_hand alice@example.test && silent
  ok $? "digest-uri may have a third part: $rest"
done

# An application may have any service, also none, and a client no host.
for name in '' null 'PCP Collector' 'a/b' 'im\ap' 'im"ap' "im$umlaut"; do
  try server: service="$name" fqdn=default client: service="$name" fqdn=default
  accepted alice@example.test && silent
  ok $? "the service may be \"$name\""

  try server: service="$name" fqdn=default client: service=test fqdn=default
  refused -13 && has server.log '^2 .*digest-uri names service "test", this '
  ok $? "and is then the only one"
done

try server: client: service= fqdn=default
refused -13 && logged 2 'digest-uri names service "", this server is "test"'
ok $? "no service is not any service"

try_response test/host.example.test test/
by_hand alice@example.test && logged 4 "digest-uri names host \"\", this \
server is \"host.example.test\", accepted; see option digestmd5_hosts"
ok $? "G48 an empty host is another host"

try_response test/host.example.test test/ "$hosts"
refused_by_hand && has server.log '^2 .*names host "", which is not in option'
ok $? "G48 and refused where others are"

try server: client: service=$'te\nst'
! succeeded && has client.log \
  '^1 .*client: server name "te\\x0ast/host.example.test" is not of the form' &&
  has client.result '^failed code=-7 .*: server name "te\\x0ast/host.example.te'
ok $? "a service that cannot be sent is refused"

try_response PROOF 'PROOF,authzid=""'
by_hand alice@example.test && has server.result '^result user=alice@' && silent
ok $? "an empty authzid means none"

# One backslash: the name without it comes first, then the name with it.
add_user 'DOMuser' 'without it' && add_user 'DOM\user' 'with it'
add_user 'A\b' 'another one'
backslash() {  # PASSWORD OLD: a client that hashes what it sends
  local hashed=${response/\"alice\"/\"$2\"} proof
  open_server max=0
  get_challenge
  hashed=${hashed//NONCE/$nonce}
  proof=$(prove "$hashed" "$1")
  hashed=${hashed/PROOF/$proof}
  tell "+ $(encode "${hashed/\"$2\"/\"$3\"}")"
  hear
  answer=$word
  [ "$answer" != + ] || { tell '+ ='; hear; }
  tell QUIT
  close_server
  keep
}
backslash 'without it' DOMuser 'DOM\user'
by_hand DOMuser@example.test && silent
ok $? "a single backslash is an escape, if that is a user with this password"

backslash 'with it' 'DOM\user' 'DOM\user'
by_hand 'DOM\\user@example.test' && logged 4 'client of user "DOM\\user" does '\
'not escape the backslash, accepted'
ok $? "else it may be one"

backslash 'another one' 'A\b' 'A\b'
by_hand 'A\\b@example.test'
ok $? "also if there is no user without it"

for name in 'DOM\user' 'A\b' 'C\d'; do
  backslash wrong "$name" "$name"
  refused_by_hand
  ok $? "a wrong password is refused: $name"
done

# Ciphers.
try server: min=2 option.digestmd5_ciphers='3des rc4-56' client: sizes=10
accepted alice@example.test && has server.trace 'cipher="3des,rc4-56"' &&
  has server.result 'ssf=112 ' && silent
ok $? "digestmd5_ciphers orders the offer"

# What was asked for by name has no weaker layer in its place.
missing='option digestmd5_ciphers: OpenSSL provides none of these ciphers'
misspelt='option digestmd5_ciphers: "rot13" is not a cipher of this mechanism'
try server: option.digestmd5_ciphers=rot13 client:
! succeeded && has server.log "^1 DIGEST-MD5: $misspelt" &&
  has server.log "^1 DIGEST-MD5 server: $missing"
ok $? "digestmd5_ciphers without a known cipher: an error, and no login"

export OPENSSL_MODULES=$dir/nonexistent
try server: option.digestmd5_ciphers=rc4 client:
! succeeded && has server.log '^1 DIGEST-MD5: .* "rc4" is not a cipher' &&
  has server.log "^1 DIGEST-MD5 server: $missing"
ok $? "digestmd5_ciphers: rc4 without the legacy provider: the same"

try server: client: option.digestmd5_ciphers=rc4
! succeeded && has client.log '^1 DIGEST-MD5: .* "rc4" is not a cipher' &&
  has client.log "^1 DIGEST-MD5 client: $missing"
ok $? "and on the client"

try server: max=1 option.digestmd5_ciphers=rc4 client:
succeeded && has server.result 'ssf=1 ' && silent
ok $? "where the application allows no encryption, the option has no effect"
unset OPENSSL_MODULES

try server: repeat=3 option.reauth_timeout=soon client: repeat=3
[ "$(grep -c 'option reauth_timeout' "$dir/server.log")" -eq 1 ]
ok $? "a process complains once about an option in its connections' log"

# Reauthentication itself is in reauth.sh.
for minutes in soon -1 1.5 99999999999; do
  try server: option.reauth_timeout="$minutes" client: option.reauth_timeout=9 \
    max=0 repeat=2
  accepted alice@example.test && has server.log \
    '^1 DIGEST-MD5: option reauth_timeout: must be a number of minutes' &&
    has client.trace '^AUTH .*nc=00000002' &&
    [ "$(grep -c '^+ nonce=' "$dir/server.trace")" -eq 2 ]
  ok $? "reauth_timeout $minutes is logged, and 0 is used"
done

# Proxy authorization.
try server: client: user=bob
refused -14
ok $? "acting for another user is refused by the proxy policy"

try server: proxy=1 client: user=bob
succeeded && has server.result 'user=bob@example.test authid=alice@'
ok $? "or granted by it"

try server: proxy=1 client: user=bob password=wrong
refused -13
ok $? "but never with a wrong password"

try server: proxy=1 client: user=alice
accepted alice@example.test && ! has client.trace authzid
ok $? "acting for oneself sends no authzid"

# The realm that was offered is used.
add_user erin "$password" example.test
try server: realm=example.test laterrealm=another.test \
  option.digestmd5_realm_policy=offered client: authname=erin
succeeded && silent
ok $? "the application sets another realm in between"

# Where the user was looked up.
try server: norealm=1 client: authname=nobody
refused -13 && logged 2 'no user "nobody" with a usable secret, realm '\
'"host.example.test"; looked up as "nobody" in realm "host.example.test"'
ok $? "the log says in which realm a name without one was looked up"

try server: "$both" client: authname=bob chosenrealm=two.test
refused -13 && logged 2 'no user "bob" with a usable secret, realm '\
'"two.test"; looked up as "bob@two.test"'
ok $? "and which realm the client chose"

# An application may know its users itself.
try server: stranger=nobody client: max=0 authname=nobody
refused -13 && logged 2 'no user "nobody" with a usable secret, realm '\
'"example.test"; the application does not know the name'
ok $? "one that the application does not know is unknown"
cp "$dir/server.result" "$dir/stranger.result"
cp "$dir/client.result" "$dir/stranger.client"

try server: stranger=nobody client: max=0
accepted alice@example.test && silent
ok $? "and one that it knows is not"

# What looks like the hash of something else.
hash='$6$salt$WkAFgCJwyM0fpJ4nfqDh'
add_user frank "$hash" && add_user grace '{SSHA}WkAFgCJwyM0fpJ4nfqDh'
for name in frank grace; do
  try server: max=0 client: authname=$name password='a wrong guess'
  refused -13 && logged 2 "the stored password of user \"$name\", realm \
\"example.test\", looks like a hash of another kind, which DIGEST-MD5 cannot use; \
store the password, or the MD5 of user:realm:password"
  ok $? "the log says so: $name"
  ! grep -q WkAF "$dir"/{server,client}.{log,result,trace}
  ok $? "but not which one"
  cp "$dir/server.result" "$dir/foreign.result"
  cp "$dir/client.result" "$dir/foreign.client"
done

try server: client: authname=frank password="$hash"
accepted frank@example.test && silent
ok $? "it may be the password all the same"

# A secret that is hashed already.
secret=$(printf 'dora:example.test:hash only' | md5)
try server: hashuser=dora@example.test hash="$secret" \
  client: authname=dora password='hash only'
accepted dora@example.test && silent
ok $? "cmusaslsecretDIGEST-MD5 is enough"

try server: client: authname=dora password='another'
refused -13 && logged 2 \
  'wrong password for user "dora", realm "example.test"'
ok $? "and refuses a wrong password"

secret=$(printf 'alice:example.test:second password' | md5)
for text in "$password" 'second password'; do
  try server: hashuser=alice@example.test hash="$secret" \
    client: password="$text"
  accepted alice@example.test
  ok $? "of two secrets either is good: $text"
done

# An unknown user looks like a wrong password.
try server: max=0 client: authname=nobody password='a wrong guess'
refused -13 && logged 2 \
  'no user "nobody" with a usable secret, realm "example.test"; looked up as '\
'"nobody@example.test"'
ok $? "the log tells of an unknown user"
cp "$dir/server.result" "$dir/unknown.result"
cp "$dir/client.result" "$dir/unknown.client"
sed 's/nonce="[^"]*"//' "$dir/server.trace" >"$dir/unknown.trace"

try server: max=0 client: password='a wrong guess'
refused -13 && logged 2 \
  'wrong password for user "alice", realm "example.test"'
ok $? "the log tells of a wrong password"
sed 's/nonce="[^"]*"//' "$dir/server.trace" >"$dir/wrong.trace"
cmp -s "$dir/server.result" "$dir/unknown.result" &&
  cmp -s "$dir/client.result" "$dir/unknown.client" &&
  cmp -s "$dir/server.result" "$dir/stranger.result" &&
  cmp -s "$dir/client.result" "$dir/stranger.client" &&
  cmp -s "$dir/server.result" "$dir/foreign.result" &&
  cmp -s "$dir/client.result" "$dir/foreign.client" &&
  cmp -s "$dir/wrong.trace" "$dir/unknown.trace"
ok $? "G34 but code, error text and what is sent are the same"
has server.result ': no such user, no usable secret, a wrong password or '
ok $? "the error text says what it may be"

try_response 'username="alice"' $'username="al\xc3\xa9\xff\xe2\x80\xae"'
refused_by_hand && ! LC_ALL=C grep -q '[^ -~]' "$dir/server.log"
ok $? "the log has printable ASCII only, whatever a name has"

try_response 'username="alice"' 'username="x%s%n\"2 DIGEST-MD5 server: y"'
refused_by_hand && [ "$(grep -c '' "$dir/server.log")" -eq \
  "$(grep -c '^[0-9] ' "$dir/server.log")" ]
ok $? "a name cannot forge a line of it"

try_response 'username="alice"' \
  'username="x\", realm \"y\", as \"alice"'
refused_by_hand && logged 2 \
  "no user \"x\\x22, realm \\x22y\\x22, as \\x22alice\" with a usable secret, \
realm \"example.test\"; looked up as \"x\\x22, realm \\x22y\\x22, as \\x22alice\
@example.test\""
ok $? "nor the end of its quotes"

try_response 'username="alice"' $'username="al\xc3\xa9\\\\xff"'
refused_by_hand && grep -qF '"al\xc3\xa9\\xff"' "$dir/server.log"
ok $? "octets beyond ASCII and backslashes are told apart"

# No secret in any line: neither passwords nor what is as good as they are.
try_response NONE NONE
by_hand alice@example.test
ok $? "a last response by hand"
{
  printf '%s\n' "$password" 'a in one' 'a in two' 'a at host' \
    'c in three' 'hash only' 'second password' 'a wrong guess' \
    'e anywhere' "$secret"
  for text in "alice:$realm:$password" "dora:$realm:hash only" \
    "alice:one.test:a in one" "alice:two.test:a in two"; do
    printf %s "$text" | md5
  done
  { octets "$(printf %s "alice:$realm:$password" | md5)"
    printf %s ":$nonce:c"; } | md5
  grep -aoE '(response|rspauth)=[0-9a-f]{32}' "$dir/all.trace" | cut -d= -f2
} >"$dir/secrets"
[ "$(grep -c '' "$dir/secrets")" -gt 50 ] &&
  [ "$(grep -c 'DIGEST-MD5' "$dir/all.log")" -gt 25 ] &&
  ! grep -aiqFf "$dir/secrets" "$dir/all.log"
ok $? "no line of any log has a password, a hash or a proof"
done_testing
