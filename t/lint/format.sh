#!/bin/bash
# All C is laid out as .clang-format says, by Debian 12's clang-format.
set -u
cd "$DIGEST_SRCDIR" || exit 1

if ! clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
  echo "1..0 # SKIP clang-format 14 not found"
  exit 0
fi
mapfile -t files < <(
  printf '%s\n' {lib,plugins,tools}/{,*/}*.[ch] doc/examples/*.c t/*/{,*/}*.[ch])
found=$(clang-format --dry-run --Werror "${files[@]}" 2>&1)
if [ "$?" -eq 0 ]; then
  echo "ok 1 - C is laid out by .clang-format"
else
  echo "not ok 1 - C is laid out by .clang-format"
  grep 'error:' <<<"$found" | sort -u | head -n 20 | sed 's/^/# /'
fi
echo "1..1"
