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

page=doc/troubleshooting.md
number=0
compare() {  # NAME MINIMUM BEFORE: a heading has each line that is read, after BEFORE
  local line missing=() count=0
  number=$((number + 1))
  while read -r line; do
    count=$((count + 1))
    grep '^### `' "$page" | grep -qF -- "$3$line\`" || missing+=("$line")
  done
  if [ ${#missing[@]} -eq 0 ] && [ "$count" -gt "$2" ]; then
    echo "ok $number - $1"
  else
    echo "not ok $number - $1"
    printf '# not explained: %s\n' "${missing[@]:-only $count found}"
  fi
}
result() {  # NAME PROBLEMS
  number=$((number + 1))
  [ -z "$2" ] || printf 'not '
  printf 'ok %d - %s\n' "$number" "$1"
  [ -z "$2" ] || sed 's/^/# /' <<<"$2"
}

echo 1..5
# "…" stands for the details
compare "the page explains every line" 50 '### `' < <(
  texts '^    REASON\\(' '\\) *\\\\?$' lib/base/reasons.h | sed 's/%[12]/…/g')
compare "and every complaint about an option" 5 ': ' < <(
  texts '(options_complain|complain_once)\\((utils|reading)' ';$' plugins/{,store/}*.c |
    sed 's/^digestmd5_nonce_store//')
result "headings that follow each other have text below" "$(
  awk '/^##? / && heading != "" { print heading }
    /^#/ { heading = /^### / ? $0 : ""; next }
    NF > 0 { heading = "" }
    END { if (heading != "") print heading }' "$page")"
result "no line has two headings" "$(grep '^### ' "$page" | sort | uniq -d)"

# The lines that callers of the SSPI functions cause stand before these.
result "a unit test names each reason of a refusal, or a script its text" "$(
  sed -n '/of order \*\//,$s/^    REASON(\([A-Z0-9_]*\),.*/\1/p' \
    lib/base/reasons.h | while read -r name; do
    text=$(grep -A1 "REASON($name," lib/base/reasons.h |
      sed -n 's/^ *"\([^%\\]\{1,20\}\).*/\1/p')
    grep -rqw "REASON_$name" t/unit ||
      grep -qF -- "${text:-none}" t/{plugin,interop,services}/*.sh ||
      printf '%s\n' "$name"
  done)"
