#!/bin/bash
# Logs that programs wrote: NAME-good.txt has exchanges with the right password,
# NAME-wrong.txt with another one.  And lines that have no message.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

program=$DIGEST_BUILDDIR/digestmd5-explain
logs=$DIGEST_SRCDIR/t/explain/logs
show() { sed 's/^/# /' "$dir"/{out,err} | head -n 60; }

explain() {  # ARGUMENT...
  timeout "$limit" "$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null
  status=$?
}

# How many lines of the output match.
lines() { grep -cE -e "$1" "$dir/out"; }

# Logs of a client that does not write its response: how many lines of the
# server they have.
declare -A silent=([python-imaplib-good]=2 [python-imaplib-wrong]=1)

# How many logins a log has, unless it is one.
declare -A logins=([python-requests-good]=3 [python-requests-wrong]=5
  [python-urllib-wrong]=6)

right_verdict() {  # NAME
  local count=${logins[$1]-1}
  if [ -n "${silent[$1]-}" ]; then
    [ "$status" -eq 0 ] && [ "$(lines '^(challenge|last)')" -eq "${silent[$1]}" ]
  elif [[ $1 = *-good ]]; then
    [ "$status" -eq 0 ] && [ "$(lines '^challenge')" -eq "$count" ] &&
      [ "$(lines ' response +matches the password')" -eq "$count" ] &&
      [ "$(lines ' rspauth +matches the password')" -eq "$count" ]
  else
    [ "$status" -eq 1 ] && [ "$(lines '^challenge')" -eq "$count" ] &&
      [ "$(lines ' wrong .* probably another password')" -eq "$count" ] &&
      [ "$(lines '^  wrong')" -eq "$count" ] &&
      [ "$(lines ' rspauth ')" -eq 0 ]
  fi
}

printf '%s\n' "$password" >"$dir/password"
for log in "$logs"/*-{good,wrong}.txt; do
  name=${log##*/}
  name=${name%.txt}
  explain --password-file="$dir/password" "$log"
  right_verdict "$name"
  ok $? "$name"
done

# Wireshark cuts long lines of its text.
explain --password-file="$dir/password" "$logs/tshark-cut.txt"
[ "$status" -eq 0 ] && [ "$(lines '^challenge')" -eq 1 ] &&
  [ "$(lines '^response|^proof')" -eq 0 ] &&
  [ "$(lines '^  note +cut off +line 33 has only a part of a message')" -eq 1 ]
ok $? "a response that Wireshark has cut"

# The same exchange's value of LDAP, which it prints in hexadecimal digits.
sed '/^[0-9a-f]\{4\}  /d' "$logs/tshark-ldap-good.txt" >"$dir/hex"
explain --no-password "$dir/hex"
[ "$status" -eq 2 ] && [ "$(lines 'cut off .*username=')" -eq 1 ]
ok $? "hexadecimal digits without spaces that are cut"

explain --no-password "$DIGEST_SRCDIR/t/explain/quiet.txt"
[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] && grep -q 'looked for' "$dir/err"
ok $? "1,000 lines without a message"

# Every beginning of a message is either nothing or called cut off.
line=$(grep -m1 '^> Authorization' "$logs/curl-http-v-good.txt")
failed=0
for ((size = 24; size < ${#line}; size += 5)); do
  [[ ${line:0:size} != *response=*\" ]] || continue  # it may be whole
  printf '%s\n' "${line:0:size}" >"$dir/cut"
  explain --password-file="$dir/password" "$dir/cut"
  [ "$status" -eq 2 ] && [ "$(lines '^  (wrong|ok)')" -eq 0 ] || failed=$size
done
[ "$failed" -eq 0 ]
ok $? "a response that is cut off at any place"

# Passwords of several users.
sed 's/alice/bob/g; s/nonce="./nonce="X/g' "$logs/curl-http-v-good.txt" |
  cat "$logs/curl-http-v-good.txt" - >"$dir/two"
explain --password-file="alice=$dir/password" "$dir/two"
[ "$status" -eq 0 ] && [ "$(lines ' response +matches the password')" -eq 1 ] &&
  [ "$(lines 'no --password-file for this user')" -eq 1 ]
ok $? "the password of one of two users"
explain --password-file="$dir/password" "$dir/two"
[ "$status" -eq 0 ] && [ "$(lines 'not checked: several users')" -eq 2 ]
ok $? "one password is not tried on two users"

is_report() {  # FILE
  "$PYTHON3" - "$1" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
texts = [f["text"] for s in report["sections"] for f in s["findings"]
         if f["mark"] == "wrong"]
sys.exit(not (report["wrong"] and len(texts) == 1 and "another password" in texts[0]))
END
}
if [ -n "${PYTHON3-}" ]; then
  explain --json --password-file="$dir/password" "$logs/swaks-wrong.txt"
  [ "$status" -eq 1 ] && is_report "$dir/out"
  ok $? "--json"
else
  skip "--json" "python3 not found"
fi
done_testing
