#!/bin/bash
# The scripts parse, headers have guards with their names, the manual pages are
# clean, the state machine prints.
set -u
cd "$DIGEST_SRCDIR" || exit 1

number=0
result() {  # STATUS NAME
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    printf 'ok %d - %s\n' "$number" "$2"
  else
    printf 'not ok %d - %s\n' "$number" "$2"
  fi
}

wrong=0
for script in bootstrap .ci/run t/{,*/}*.sh; do
  [ ! -f "$script" ] || bash -n "$script" || wrong=1
done
result "$wrong" "the scripts parse"

wrong=
while read -r header; do
  name=$(basename "$header" .h)
  grep -q "^#ifndef .*_${name^^}_H\$" "$header" || wrong+="# $header"$'\n'
done < <(find lib plugins tools t -name '*.h')
[ -z "$wrong" ]
result $? "the guard of each header ends with the name of its file"
printf '%s' "$wrong"

if command -v mandoc >/dev/null; then
  # mandoc writes its findings to standard output.
  found=$(mandoc -T lint -W warning doc/sasl-digestmd5.5 \
    doc/digestmd5-explain.1)
  [ -z "$found" ]
  result $? "the manual pages are clean"
  [ -z "$found" ] || sed 's/^/# /' <<<"$found"
else
  result 0 "the manual pages are clean # SKIP mandoc not found"
fi

# An alternative of another release may be installed.
name="the install page has the command of ./bootstrap packages"
if command -v apt-get >/dev/null; then
  printed=$(tools/packages command build deb | sed 's/ pkgconf / pkg-config /')
  [ -n "$printed" ] && grep -qxF "    $printed" doc/install.md
  result $? "$name"
else
  result 0 "$name # SKIP apt-get not found"
fi

for file in states.txt states.dot; do
  [ -s "$DIGEST_BUILDDIR/doc/$file" ]
  result $? "doc/$file has content"
done
printf '1..%d\n' "$number"
