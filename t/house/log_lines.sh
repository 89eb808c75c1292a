#!/bin/bash
# doc/troubleshooting.md explains every line the plugin can log.
set -u
cd "$DIGEST_SRCDIR" || exit 1

echo 1..1
# The sentences of the table, "..." for what differs; and the page as one line.
sentences() {
  awk '
    /^    REASON\(/ { inside = 1; sentence = "" }
    inside {
      line = $0
      while (match(line, /"([^"\\]|\\.)*"/)) {
        sentence = sentence substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
      }
    }
    /\) *\\?$/ && sentence != "" {
      print sentence
      sentence = ""
      inside = 0
    }' \
    lib/reasons.h | sed 's/\\"/"/g; s/%[12]/…/g'
}
page=$(tr '\n' ' ' <doc/troubleshooting.md | sed 's/  */ /g')
missing=() count=0
while read -r sentence; do
  count=$((count + 1))
  [[ $page == *"**\`$sentence\`**"* ]] || missing+=("$sentence")
done < <(sentences)
if [ ${#missing[@]} -eq 0 ] && [ "$count" -gt 50 ]; then
  echo "ok 1 - the page explains every line"
else
  echo "not ok 1 - the page explains every line"
  printf '# not explained: %s\n' "${missing[@]:-only $count lines found}"
fi
