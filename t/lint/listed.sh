#!/bin/bash
# Every source, test and script stands in Makefile.am: a file that is not
# listed there is neither built, nor run, nor part of the release.
set -u
cd "$DIGEST_SRCDIR" || exit 1

echo 1..1
missing=()
while read -r file; do
  # The unit tests are listed by program.
  name=$file
  case $file in t/unit/*.c) name=${file%.c} ;; esac
  grep -qE "(^|[[:space:]])${name//./\\.}([[:space:]]|$)" Makefile.am ||
    missing+=("$file")
done < <(find lib plugins tools t doc/examples doc/services -type f \
  ! -path 't/vectors/*' ! -name '*.pyc')
if [ ${#missing[@]} -eq 0 ]; then
  echo "ok 1 - Makefile.am lists every file"
else
  echo "not ok 1 - Makefile.am lists every file"
  printf '# not listed: %s\n' "${missing[@]}"
fi
