#!/bin/bash
# doc/troubleshooting.md explains every line that the plugin can log.
set -u
cd "$DIGEST_SRCDIR" || exit 1

# Prints the texts of calls, one per line, each joined from its parts.
texts() {  # BEGIN END FILE...: what a call begins and ends with
  awk -v begin="$1" -v end="$2" '
    $0 ~ begin { inside = 1; text = "" }
    inside {
      line = $0
      while (match(line, /"([^"\\]|\\.)*"/)) {
        text = text substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
      }
    }
    inside && $0 ~ end {
      if (text != "") print text
      inside = 0
    }' "${@:3}" | sed 's/\\"/"/g'
}

page=$(tr '\n' ' ' <doc/troubleshooting.md | sed 's/  */ /g')
number=0
compare() {  # NAME MINIMUM BEFORE: lines are read, and stand behind BEFORE
  local line missing=() count=0
  number=$((number + 1))
  while read -r line; do
    count=$((count + 1))
    [[ $page == *"$3$line\`**"* ]] || missing+=("$line")
  done
  if [ ${#missing[@]} -eq 0 ] && [ "$count" -gt "$2" ]; then
    echo "ok $number - $1"
  else
    echo "not ok $number - $1"
    printf '# not explained: %s\n' "${missing[@]:-only $count found}"
  fi
}

echo 1..2
# "…" stands for the details
compare "the page explains every line" 50 '**`' < <(
  texts '^    REASON\\(' '\\) *\\\\?$' lib/base/reasons.h | sed 's/%[12]/…/g')
compare "and every complaint about an option" 5 ': ' < <(
  texts '(options_complain|complain_once)\\((utils|reading)' ';$' plugins/{,store/}*.c |
    sed 's/^digestmd5_nonce_store//')
