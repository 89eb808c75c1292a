#!/bin/bash
# Invalid messages, sent when they are most harmful: each is refused with a code
# and one log line, and nothing succeeds afterwards.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
. "$DIGEST_SRCDIR/t/plugin/raw.sh"
set_up

# The names of t/vectors/parse.json.
user=u password=p realm=r
add_user u p
both=(service=imap fqdn=h again=1)
good='username="u",realm="r",nonce="NONCE",cnonce="c",nc=00000001,qop=auth,'
good+='digest-uri="imap/h",response=PROOF'
challenge='realm="r",nonce="n",qop="auth",algorithm=md5-sess,charset=utf-8'
rspauth=rspauth=0b9e36cd7457e0aefd3b991ec1e6dd59

# The shell cannot store NUL, so octet 1 represents it.
encode_all() { encode "$1" | base64 -d | tr '\001' '\000' | base64 -w 0; }
filler() {  # COUNT [CHARACTER]
  local text
  printf -v text "%$1s" ''
  printf %s "${text// /"${2-x}"}"
}

# Exactly one of our log lines, and the whole log is printable.
logged_once() {  # SIDE TEXT
  [ "$(grep -c DIGEST-MD5 "$dir/$1.log")" -eq 1 ] &&
    grep -q "^2 DIGEST-MD5 $1: .*$2" "$dir/$1.log" &&
    ! grep -q '[^ -~]' "$dir/$1.log"
}

# The server.  A valid message follows the hostile one.
try_response() {  # TEXT [ARGUMENT...]
  local proof hostile=$1
  shift
  open_server max=0 "${both[@]}" "$@"
  get_challenge
  hostile=${hostile//NONCE/$nonce}
  proof=$(prove "$hostile" p)
  hostile=${hostile//PROOF/$proof}
  hostile=${hostile//UPPER/${proof^^}}
  hostile=${hostile//SHORT/${proof%?}}
  # these two must keep their size
  while [ -n "$size" ] && [ ${#hostile} -gt "$size" ]; do
    hostile=${hostile/pad=\"x/pad=\"}
  done
  if [ -z "$hostile" ]; then tell '+ ='; else
    tell "+ $(encode_all "$hostile")"
  fi
  hear
  answer=$word
  if [ "$answer" = + ]; then tell '+ ='; else send_response "$good"; fi
  close_server
}
size=
passes() { [ "$answer" = + ] && has server.result '^result user=u@r '; }
refused() {  # CODE TEXT
  [ "$answer" = NO ] && [ "$server_status" -eq 1 ] &&
    [ "$(sed 's/ detail.*//' "$dir/server.result")" = \
      "failed code=$1"$'\n''failed code=-5' ] &&
    ! has server.trace rspauth && logged_once server "$2"
}
refuse() {  # NAME CODE TEXT RESPONSE [ARGUMENT...]
  local name=$1 code=$2 reason=$3
  shift 3
  try_response "$@"
  refused "$code" "$reason"
  ok $? "${defect}server: $name"
}

# The client.  It gets all lines, whatever it replies.
try_client() {  # LINE...
  client_arguments=(max=0 "${both[@]}" cnonce=c)
  rm -f "$dir"/{server,client}.{result,log,err,trace}
  printf '%s\n' "$@" QUIT | start_client >"$dir/client.said"
  client_status=$?
}
plus() { echo "+ $(encode "$1")"; }
said() {  # WORD...
  [ "$(cut -d ' ' -f 1 "$dir/client.said")" = "$(printf '%s\n' "$@")" ]
}
# The library passes even the message after that to the plugin.
gives_up() {  # CODE TEXT
  [ "$client_status" -eq 1 ] &&
    [ "$(sed 's/ detail.*//' "$dir/client.result")" = \
      "failed code=$1"$'\n''failed code=-5' ] &&
    [ "$(grep -c DIGEST-MD5 "$dir/client.log")" -eq 2 ] &&
    head -n 1 "$dir/client.log" | grep -q "^2 DIGEST-MD5 client: .*$2" &&
    tail -n 1 "$dir/client.log" | grep -q \
      'client: message after the authentication has failed$' &&
    ! grep -q '[^ -~]' "$dir/client.log"
}
refuse_challenge() {  # NAME LINE TEXT
  try_client "$2" "$(plus "$challenge")"
  gives_up -5 "$3" && said AUTH '*' QUIT && [ ! -s "$dir/client.trace" ]
  ok $? "${defect}client: $1"
}
refuse_final() {  # NAME LINE CODE TEXT
  try_client "$(plus "$challenge")" "$2" "$(plus "$rspauth")"
  gives_up "$3" "$4" && said AUTH + '*' QUIT
  ok $? "${defect}client: $1"
}

# Sets the defect (doc/defects.md) of the next case.
defect=
name_defect() {  # ID
  case $1 in
    missing-equals) defect='G47 ' ;;
    two-*|*-two|*-twice|twice) defect='G27 ' ;;
    embedded-nul|nul-*) defect='G28 ' ;;
    nc-bad-*) defect='G32 ' ;;
    size-*) defect='G26 ' ;;
    null-elements) defect='G13 ' ;;
    uri-empty-host) defect='G48 ' ;;
    uri-*) defect='G15 ' ;;
    realm-empty) defect='G7 ' ;;
    realm-escapes) defect='G1 ' ;;
    *) defect= ;;
  esac
}

# The list of cases.
vectors() {
  "$PYTHON3" - "$DIGEST_SRCDIR/t/vectors/parse.json" <<'PROGRAM'
import base64, json, sys
cases = json.load(open(sys.argv[1]))
for section in "challenges", "responses", "rspauth":
    for case in cases[section]:
        octets = (bytes.fromhex(case["text_hex"]) if "text_hex" in case
                  else case["text"].encode())
        print(section, case["id"], case["verdict"],
              base64.b64encode(octets).decode() or "=")
PROGRAM
}

expect() {  # ID: the code and the reason of a response's refusal
  case $1 in
    empty) echo '-5 message out of order' ;;
    size-*) echo '-5 larger than RFC 2831 allows' ;;
    two-*|*-two|charset-twice) echo '-13 message repeats directive' ;;
    no-*) echo '-13 message lacks directive' ;;
    nc-bad-[34]) echo '-13 nonce count (nc) of a first response is' ;;
    nonce-other) echo '-13 nonce that this server did not send' ;;
    qop-not-offered) echo '-13 client chose qop auth-int' ;;
    conf-no-cipher) echo '-13 client chose a cipher' ;;
    uri-other-service) echo '-13 names service "pop"' ;;
    uri-no-slash) echo '-13 not of the form service/host' ;;
    charset-utf8-invalid) echo '-13 username is not UTF-8' ;;
    *) echo '-13 has an unusable value' ;;
  esac
}

check_response() {  # ID VERDICT BASE64
  local id=$1 verdict=$2 text code reason arguments=()
  text=
  [ "$3" = = ] || text=$(base64 -d <<<"$3")
  case $id in
    size-*) size=${#text} ;;
    conf-no-cipher) arguments=(max=256) ;;
  esac
  # Everything except the defect must be valid.
  text=${text//,nonce=\"n\"/,nonce=\"NONCE\"}
  [[ $text =~ response=\"?([0-9a-f]{32}) ]] &&
    text=${text//"${BASH_REMATCH[1]}"/PROOF}
  [[ $text =~ response=([0-9a-f]{31}) ]] &&
    text=${text//"${BASH_REMATCH[1]}"/SHORT}
  [[ $text =~ response=([0-9A-F]{32}) ]] &&
    text=${text//"${BASH_REMATCH[1]}"/UPPER}
  if [ "$verdict" = accept ]; then
    try_response "$text"
    passes
    ok $? "${defect}server: response $id passes"
  else
    read -r code reason <<<"$(expect "$id")"
    refuse "response $id" "$code" "$reason" "$text" "${arguments[@]}"
  fi
  size=
}

check_challenge() {  # ID VERDICT BASE64
  if [ "$2" = accept ]; then
    try_client "+ $3"
    has client.trace '^+ username="u",.*nonce="n",'
    ok $? "${defect}client: challenge $1 is answered"
  else
    refuse_challenge "challenge $1" "+ $3" ''
  fi
}

check_rspauth() {  # ID VERDICT BASE64
  local code=-5
  case $1 in wrong|client-value) code=-10 ;; esac
  if [ "$2" = accept ]; then
    try_client "$(plus "$challenge")" "+ $3" OK
    [ "$client_status" -eq 0 ] && has client.result '^result user=u '
    ok $? "client: rspauth $1 is accepted"
  else
    refuse_final "rspauth $1" "+ $3" "$code" ''
  fi
}

if [ -n "${PYTHON3-}" ]; then
  vectors >"$dir/vectors"
  [ "$(grep -c ' reject ' "$dir/vectors")" -gt 50 ]
  ok $? "parse.json has its cases"
  while read -r section id verdict text; do
    name_defect "$id"
    case $section-$verdict in
      *-policy) ;;
      challenges-*) check_challenge "$id" "$verdict" "$text" ;;
      responses-*) check_response "$id" "$verdict" "$text" ;;
      rspauth-*) check_rspauth "$id" "$verdict" "$text" ;;
    esac
  done <"$dir/vectors"
  defect=
else
  skip "the cases of parse.json" "python3 not found"
fi

# Octets that neither side should see.
nul=$'\001'
list='not a list of name=value'
names=() texts=() reasons=()
add() { names+=("$1") texts+=("$2") reasons+=("$3"); }
add 'G28 a NUL' "$nul" 'lacks directive'
add 'many NULs' "$(filler 100 "$nul")" "$list"
add 'all of TEXT' $'\xff\xfe\xfd\x80' "$list"
add 'a word' garbage "$list"
add 'only an equals sign' '=' "$list"
add 'a name without a value' 'nonce=@' 'nonce has an unusable value'
add 'a quote that does not end' 'nonce="n' "$list"
add 'a backslash at the end' 'nonce="n\' "$list"
add 'a NUL behind a backslash' "nonce=\"n\\$nul\"" "$list"
add 'a line feed in quotes' $'nonce="a\nb"' "$list"
add 'a name in UTF-8' $'n\xc3\xb6nce="n"' "$list"
add 'a thousand commas' "$(filler 1000 ,)" 'lacks directive'
add 'a thousand quotes' "$(filler 1000 '"')" "$list"
add 'a thousand backslashes' "x=\"$(filler 1000 '\')" "$list"
add 'a directive a thousand times' "$(filler 1000 | sed 's/x/a=b,/g;s/,$//')" \
  'larger than RFC 2831 allows\|lacks directive'
add 'percent signs' '%s%n%n%n=%s' 'lacks directive'
for i in "${!names[@]}"; do
  refuse "${names[i]}" '-13' "${reasons[i]}" "${texts[i]}"
  refuse_challenge "${names[i]}" "+ $(encode_all "${texts[i]}")" "${reasons[i]}"
done

# The server: messages that would be valid if they ended at the NUL.
refuse 'G28 a NUL after the name' -13 "$list" "${good/\"u\"/\"u$nul\"}"
refuse 'two NUL at the end' -13 "$list" "$good$nul$nul"
refuse 'a NUL and a line end' -13 "$list" "$good$nul"$'\n'
refuse 'a NUL and more' -13 "$list" "$good$nul,qop=auth-conf"
refuse 'a NUL in front' -13 "$list" "$nul$good"
refuse 'a message of 100000 octets' -5 'larger than RFC 2831 allows' \
  "$good,pad=\"$(filler 100000)\""
refuse 'a word behind the nonce' -13 "$list pairs: after directive nonce, \
at octet 48: expected ',' or the end" "${good/NONCE\"/NONCE\"x}"
refuse 'a right proof of another password' -13 'wrong password for user "u"' \
  "${good/PROOF/$(filler 32 0)}"
refuse 'the same nonce in another case' -13 'nonce that this server did not send' \
  "${good/nonce=\"NONCE\"/nonce=\"nonce\"}"
refuse 'rspauth' -13 'lacks directive' "$rspauth"
refuse 'a challenge' -13 'lacks directive' "$challenge"
refuse 'an empty name' -13 '"" is not a valid user name' "${good/\"u\"/\"\"}"
refuse 'G24 a name of 2000 octets' -13 'is not a valid user name' \
  "${good/\"u\"/\"$(filler 2000)\"}"
refuse 'G24 a service of 1000 octets' -13 'names service "x*' \
  "${good/imap/$(filler 1000)}"

for text in "$nul" garbage "$rspauth" "$(filler 100000)" "${good/NONCE/n}"; do
  open_server max=0 "${both[@]}"
  tell "AUTH DIGEST-MD5 $(encode_all "$text")"
  hear
  [ "$word" = + ] && field nonce "$message" && nonce=$REPLY &&
    [ ${#nonce} -ge 16 ] && send_response "$good" && hear &&
    [ "$word" = + ] && tell '+ =' && hear && [ "$word" = OK ]
  ok $? "G4 server: an initial ${text:0:8}... is answered with a challenge"
  close_server
done

open_server max=0 "${both[@]}"
get_challenge
tell '*'
close_server
has server.result '^cancelled$' && ! has server.log DIGEST-MD5
ok $? "server: a client may cancel"

# The client: the right message at the wrong time.
order='message out of order'
refuse_challenge 'G40 rspauth before the response' "$(plus "$rspauth")" "$order"
refuse_challenge 'an empty challenge' '+ =' "$order"
refuse_challenge 'a response as challenge' \
  "$(plus "${good/PROOF/$(filler 32 0)}")" 'lacks directive\|unusable value'
refuse_challenge '65 realms' \
  "$(plus "$(printf 'realm="%d",' {1..64})$challenge")" 'more than 64 realms'
refuse_challenge 'a challenge of 100000 octets' \
  "$(plus "$challenge,pad=\"$(filler 100000)\"")" 'larger than RFC 2831 allows'
refuse_challenge 'a challenge with rspauth, repeated' \
  "$(plus "$rspauth,$challenge,nonce=\"m\"")" 'repeats directive nonce'

try_client "$(plus "$(printf 'realm="%d",' {1..63})$challenge")"
has client.trace '^+ username="u"'
ok $? "client: 64 realms are allowed"

refuse_final 'G6 a second challenge' "$(plus "$challenge")" -5 "$order"
refuse_final 'another challenge' "$(plus "${challenge/\"n\"/\"m\"}")" -5 \
  "$order"
refuse_final 'a challenge with stale' "$(plus "$challenge,stale=true")" -5 \
  "$order"
refuse_final 'an empty rspauth' '+ =' -5 "$order"
refuse_final 'rspauth of 100000 octets' \
  "$(plus "$rspauth,pad=\"$(filler 100000)\"")" -5 \
  'larger than RFC 2831 allows'
refuse_final 'rspauth and two NUL' "+ $(encode_all "$rspauth$nul$nul")" -5 ''
refuse_final 'a wrong rspauth with the success' \
  "OK $(encode "rspauth=$(filler 32 0)")" -10 'did not prove that it knows'
refuse_final 'a challenge with the success' "OK $(encode "$challenge")" -5 \
  "$order"

for lines in 'OK' "$(plus "$challenge")"$'\n''OK'; do
  try_client "$lines"
  ! has client.result '^result' && [ "$client_status" -eq 1 ]
  ok $? "client: success without proof is none: $(wc -l <<<"$lines") lines"
done

# What programs put around a message (the examples of RFC 3920 end in LF).
for space in '%s\n' '%s\r\n' '\n%s' '\r\n %s\n\n' "%s$nul" "%s\n$nul"; do
  printf -v first "$space" "$challenge"
  printf -v second "$space" "$rspauth"
  try_client "+ $(encode_all "$first")" "+ $(encode_all "$second")" OK
  [ "$client_status" -eq 0 ] && has client.result '^result user=u '
  ok $? "client: $(printf %q "$space") around challenge and rspauth"

  printf -v text "$space" "$good"
  try_response "$text"
  passes
  ok $? "server: $(printf %q "$space") around a response"
done

try_client "$(plus "$challenge")" NO
has client.result '^refused$' && ! has client.log DIGEST-MD5
ok $? "client: a server may refuse"
done_testing
