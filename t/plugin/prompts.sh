#!/bin/bash
# Where a client gets its user from: callbacks, prompts, defaults; and the
# handling of names beyond ASCII.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
set_up
add_user alice 'a in one' one.test
add_user alice 'a in two' two.test
add_user alice 'a at host' host.example.test

# libsasl2 uses environment variables if the application has no callback.
unset USER USERNAME

both=option.digestmd5_realms='one.test two.test'

accepted() { succeeded && has server.result "authid=$1 "; }  # AUTHID
silent() { ! grep -q DIGEST-MD5 "$dir"/{server,client}.log; }
# Exactly these prompts, each once.
prompted() {  # PROMPT...
  [ "$(grep '^prompt' "$dir/client.trace")" = \
    "$([ $# -eq 0 ] || printf 'prompt %s\n' "$@")" ]
}
# The client fails with this line, and has not sent its user's name.
gives_up() {  # CODE TEXT
  ! succeeded && has client.result "^failed code=$1 .*${2//\\/\\\\}\$" &&
    [ "$(grep DIGEST-MD5 "$dir/client.log")" = \
      "2 DIGEST-MD5 client: $2" ] && ! has client.trace username=
}
nobody='the application gave no usable user name or password'

# Callbacks.
run server: client: max=0
accepted alice@example.test && silent && ! has client.trace authzid
ok $? "callbacks give name and password"

run server: client: without=user
accepted alice@example.test && silent
ok $? "nobody has to act for somebody else"

USER=alice run server: client: without=authname
accepted alice@example.test && silent
ok $? "without a callback the name is that of the environment"

run server: client: without=authname
gives_up -7 "$nobody"
ok $? "without that either there is no name"

run server: client: without=password
! succeeded && has client.result '^failed code=-4 ' &&
  ! has client.trace username=
ok $? "without a password the mechanism is not chosen"

for mode in '' interact=1; do
  run server: client: authname= ${mode:+"$mode"}
  gives_up -7 "$nobody"
  ok $? "an empty name is none${mode:+, $mode}"

  run server: client: password= ${mode:+"$mode"}
  ! succeeded && has server.result '^failed code=-13 ' &&
    has client.result '^refused$'
  ok $? "an empty password is one, and wrong${mode:+, $mode}"
done

run server: client: authname='   '
! succeeded
ok $? "a name of blanks does not come in"

for character in $'\n' $'\x01' $'\x7f'; do
  run server: client: authname="al${character}ice"
  printf -v octet '\\x%02x' "'$character"
  gives_up -13 "\"al${octet}ice\" is not a valid user name or realm: it is empty, \
too long or has control characters, or the application refuses it"
  ok $? "nor is a name sent with $(printf %q "$character")"
done

run server: client: authname="$(printf '%01100d' 0)"
! succeeded && ! has client.trace username=
ok $? "G24 nor one of 1100 octets"

# Prompts.
name='4002 Authentication Name'
other='4001 Authorization Name'
secret='4004 Password'
run server: client: interact=1
accepted alice@example.test && prompted "$name" "$other" "$secret" && silent
ok $? "prompts ask for all that is needed, at once"

run server: proxy=1 client: interact=1 user=bob
succeeded && has server.result 'user=bob@example.test authid=alice@' &&
  prompted "$name" "$other" "$secret"
ok $? "they may name whom to act for"

run server: "$both" client: interact=1 chosenrealm=two.test password='a in two'
accepted alice@two.test &&
  prompted "$name" "$other" "$secret" \
    '4008 Available realms: {one.test}, {two.test}.'
ok $? "they ask for the realm if there are several"

run server: option.digestmd5_realms='one.test host.example.test' \
  client: interact=1 password='a at host'
accepted alice@host.example.test && silent &&
  has client.trace '^prompt 4008 .*{one.test}, {host.example.test}'
ok $? "without an answer it is the default, the server's name"

run server: realm= client: interact=1 password='a at host'
accepted alice@host.example.test && prompted "$name" "$other" "$secret"
ok $? "where none is offered nobody is asked for one"

run server: client: interact=1 password=wrong
! succeeded && has server.log '^2 .*wrong password' &&
  has client.result '^refused$'
ok $? "a wrong answer is refused"

# A dialogue that was cancelled is no attempt, and counts towards no lockout.
for prompt in authname password; do
  run server: client: interact=1 unanswered=$prompt
  gives_up -7 "$nobody"
  ok $? "G56 a prompt without an answer ends it: $prompt"
done
run server: client: interact=1 unanswered=user
accepted alice@example.test && silent
ok $? "but nobody has to act for somebody else"

run server: client: interact=1 max=128 min=128 sizes=1,70000
accepted alice@example.test
ok $? "a layer works after prompts"

# The realm, by callback.
realms() {  # REALM...: the callback was given these
  [ "$(grep '^realm ' "$dir/client.trace")" = \
    "$([ $# -eq 0 ] || printf 'realm %s\n' "$@")" ]
}
run server: "$both" client: chosenrealm=two.test password='a in two'
accepted alice@two.test && realms one.test two.test && silent
ok $? "the callback chooses among the realms"

run server: "$both" client: chosenrealm=other.test
! succeeded && realms one.test two.test &&
  has client.trace 'realm="other.test"'
ok $? "it may choose another"

run server: client: chosenrealm=other.test
accepted alice@example.test && realms && silent
ok $? "it is not asked about a single realm"

run server: realm= client: chosenrealm=one.test password='a in one'
accepted alice@one.test && has client.trace 'realm="one.test"'
ok $? "it is asked if none is offered"

run server: "$both" client: password='a in one'
accepted alice@one.test && silent
ok $? "without a callback it is the first realm"

run server: option.digestmd5_realms='one.test HOST.example.test' client:
! succeeded && has client.trace 'realm="HOST.example.test"'
ok $? "or the one named like the server, in its own spelling"

quoted='"\,= '
add_user alice "$password" "q$quoted.test"
run server: realm="q$quoted.test" client:
accepted "alice@q\"\\\\,= .test" && silent &&
  has client.trace 'realm="q\\"\\\\,= .test",'
ok $? "a realm may have quotes, backslashes, commas and blanks"

# The client's nonce, for tests.
for cnonce in fixed 'a"b\c' "$(printf '%064d' 7)"; do
  run server: client: cnonce="$cnonce"
  escaped=${cnonce//\\/\\\\}
  escaped=${escaped//\"/\\\"}
  accepted alice@example.test &&
    grep -qF ",cnonce=\"$escaped\"," "$dir/client.trace"
  ok $? "the callback chooses the cnonce: $cnonce"
done

run server: client: cnonce=$'a\nb'
! succeeded && ! has client.trace username=
ok $? "a cnonce with a control character is not sent"

run server: client: repeat=2 max=0
succeeded && [ "$(grep -o 'cnonce="[^"]*"' "$dir/client.trace" |
  sort -u | grep -c '^cnonce=".\{16,\}"$')" -eq 2 ]
ok $? "without the callback each connection has another"

# Names beyond ASCII.  saslpasswd2 keeps them, and passwords, in UTF-8.
euro=$'\xe2\x82\xac'
umlaut=$'\xc3\xbc'
for text in "j${umlaut}rgen" $'\xd0\xb6uk' "$euro" $'\xf0\x9f\x94\x91' \
    'a"b\c, d:e'; do
  add_user "$text" "$password"
  for mode in '' interact=1; do
    run server: client: authname="$text" ${mode:+"$mode"}
    succeeded && silent &&
      grep -qF "authid=$text@example.test " "$dir/server.result"
    ok $? "a name in UTF-8: $(printf %q "$text")${mode:+, $mode}"
  done
done

run server: client: authname="j${umlaut}rgen"
has client.trace "username=\"j${umlaut}rgen\",.*charset=utf-8"
ok $? "the client sends UTF-8 and says so"
run server: client:
! has client.trace charset
ok $? "but says nothing where ASCII is enough"

run server: client: authname=$'j\xfcrgen'
succeeded && silent && ! has client.trace charset &&
  has client.trace $'username="j\xfcrgen"' &&
  has server.result "authid=j${umlaut}rgen@example.test "
ok $? "a name in ISO 8859-1 is the same user"

run server: client: authname=$'j\xc3\xbcrg\xfcn'
! succeeded && has client.result '^refused$' &&
  has server.log '^2 .*no user "j.*rg.*n" with a usable secret'
ok $? "a mixture is not"

for text in "p${umlaut}ss" "p${euro}ss" "${umlaut}${euro}"; do
  add_user peter "$text"
  run server: client: authname=peter password="$text"
  accepted peter@example.test && silent
  ok $? "a password in UTF-8: $(printf %q "$text")"
done
add_user peter "p${umlaut}ss"
run server: client: authname=peter password=$'p\xfcss'
accepted peter@example.test && silent
ok $? "a password in ISO 8859-1"

add_user peter "p${umlaut}ss" "b${umlaut}cher.test"
run server: realm="b${umlaut}cher.test" client: authname=peter \
  password="p${umlaut}ss"
succeeded && silent && has server.result "authid=peter@b${umlaut}cher.test " &&
  has client.trace "realm=\"b${umlaut}cher.test\",.*charset=utf-8"
ok $? "a realm in UTF-8"

run server: proxy=1 client: user="j${umlaut}rgen"
succeeded && has server.result "user=j${umlaut}rgen@example.test authid=alice@"
ok $? "acting for somebody with a name in UTF-8"

run server: proxy=1 client: user=$'j\xfcrgen'
succeeded && has server.result "user=j${umlaut}rgen@example.test authid=alice@"
ok $? "acting for somebody with a name in ISO 8859-1"
done_testing
