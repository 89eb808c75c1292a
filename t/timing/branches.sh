#!/bin/bash
# No branch and no address depends on a secret (t/timing/branches.c).
set -u
skip_all() {  # REASON
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}
[ -z "$DIGEST_PRELOAD" ] ||
  skip_all "valgrind runs no build with the sanitizers"
command -v valgrind >/dev/null || skip_all "valgrind not found"
[ -x "$DIGEST_BUILDDIR/t/timing/branches" ] ||
  skip_all "valgrind/memcheck.h, check or jansson not found"

# The program itself asks valgrind for the number of errors.
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
CK_FORK=no CK_DEFAULT_TIMEOUT=0 valgrind --log-file="$log" \
  --error-limit=no "$DIGEST_BUILDDIR/t/timing/branches"
status=$?
[ "$status" -eq 0 ] || grep -A 8 -E 'depends|Use of' "$log" |
  sed 's/^/# /' | head -n 300
exit "$status"
