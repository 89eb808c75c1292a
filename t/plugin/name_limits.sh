#!/bin/bash
# Names near the limit of libsasl2 leave nothing behind: the heap is as before,
# and valgrind finds no leak.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
program=$DIGEST_BUILDDIR/t/plugin/name_limits

# The C library counts what it caches for each thread as used.
GLIBC_TUNABLES=glibc.malloc.tcache_count=0 \
  "$program" "$DIGEST_PLUGIN_DIR" >"$dir/results"
ended=$?
grep -v '^1\.\.' "$dir/results"
number=$(grep -c '^\(not \)\?ok' "$dir/results")
ok $ended "the program comes to its end"
if [ -n "$DIGEST_PRELOAD" ]; then
  skip "G53 valgrind finds no leak" "valgrind runs no build with the sanitizers"
elif ! command -v valgrind >/dev/null; then
  skip "G53 valgrind finds no leak" "valgrind not found"
else
  valgrind --quiet --leak-check=full --show-leak-kinds=definite,possible \
    --errors-for-leak-kinds=definite,possible --error-exitcode=99 \
    "$program" "$DIGEST_PLUGIN_DIR" >"$dir/server.err" 2>&1
  ok $? "G53 valgrind finds no leak"
fi
done_testing
