#!/bin/bash
# Every source, test and script is listed in Makefile.am or a fragment of it: a
# file that is not listed is not built, run or released.
set -u
cd "$DIGEST_SRCDIR" || exit 1
# After a build in the source tree the built files stand among the sources.
if [ "${DIGEST_BUILDDIR-}" = "$DIGEST_SRCDIR" ]; then
  echo "1..0 # SKIP built in the source tree"
  exit 0
fi
mapfile -t lists < <(find . -name '*.mk' ! -path './build/*') || exit 1

echo 1..1
missing=()
while read -r file; do
  grep -qE "(^|[[:space:]])${file//./\\.}([[:space:]]|$)" \
    Makefile.am "${lists[@]}" || missing+=("$file")
done < <(find lib plugins tools t doc packaging -type f \
  ! -path 't/vectors/*' ! -name '*.pyc')
if [ ${#missing[@]} -eq 0 ]; then
  echo "ok 1 - the makefiles list every file"
else
  echo "not ok 1 - the makefiles list every file"
  printf '# not listed: %s\n' "${missing[@]}"
fi
