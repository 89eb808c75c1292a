#!/bin/bash
# Every source, test and script stands in Makefile.am: a file that is not
# listed there is neither built, nor run, nor part of the release.
set -u
cd "$DIGEST_SRCDIR" || exit 1

echo 1..1
missing=()
for file in lib/*.[ch] plugins/*.[ch] doc/*.c doc/examples/*.c t/*.sh t/*.[ch] \
    t/{support,plugin,interop,install,services,store,fuzz,constant}/* \
    t/{tools,bench,house,fresh}/* t/proofs/* t/proofs/*/* \
    tools/* doc/services/*; do
  [ -f "$file" ] || continue
  # The unit tests are listed by program.
  name=$file
  case $file in t/test_*.c) name=${file%.c} ;; esac
  grep -qE "(^|[[:space:]])${name//./\\.}([[:space:]]|$)" Makefile.am ||
    missing+=("$file")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "ok 1 - Makefile.am lists every file"
else
  echo "not ok 1 - Makefile.am lists every file"
  printf '# not listed: %s\n' "${missing[@]}"
fi
