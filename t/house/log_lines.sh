#!/bin/bash
# doc/troubleshooting.md explains every line the plugin can log.
set -u
cd "$DIGEST_SRCDIR" || exit 1

echo 1..2
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

# What is wrong with the value of an option.
complaints() {
  awk '
    /options_complain\((utils|reading)/ { inside = 1; text = "" }
    inside {
      line = $0
      while (match(line, /"([^"\\]|\\.)*"/)) {
        text = text substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
      }
    }
    inside && /;$/ {
      if (text != "")
        print text
      inside = 0
    }' \
    plugins/*.c | sed 's/\\"/"/g; s/^digestmd5_nonce_store//'
}
missing=() count=0
while read -r complaint; do
  count=$((count + 1))
  [[ $page == *": $complaint\`**"* ]] || missing+=("$complaint")
done < <(complaints)
if [ ${#missing[@]} -eq 0 ] && [ "$count" -gt 5 ]; then
  echo "ok 2 - and every complaint about an option"
else
  echo "not ok 2 - and every complaint about an option"
  printf '# not explained: %s\n' "${missing[@]:-only $count found}"
fi
