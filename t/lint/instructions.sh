#!/bin/bash
# The plugin's own instructions differ by at most 3 % from those in
# t/bench/instructions.txt.  After a larger change in either direction, update
# that file, and perhaps CHANGES.md.
set -u
expected=$DIGEST_SRCDIR/t/bench/instructions.txt
bench=$DIGEST_BUILDDIR/t/bench/bench

skip_all() {  # REASON
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}
command -v valgrind >/dev/null || skip_all "valgrind not found"
[ -z "$DIGEST_PRELOAD" ] || skip_all "the sanitizers add instructions"
[ "$(uname -m)" = x86_64 ] || skip_all "the numbers are those of x86_64"
[[ $($CC --version) = *'(Debian 12.'* ]] ||
  skip_all "the numbers are those of Debian's gcc 12"
[ "$DIGEST_CFLAGS" = '-g -O3' ] ||
  skip_all "the numbers are those of CFLAGS='-g -O3'"

mapfile -t kinds < <(sed -n 's/^\([^# ]*\) .*/\1/p' "$expected")
found=$("$DIGEST_SRCDIR/t/bench/instructions" "$bench" "$DIGEST_PLUGIN_DIR" \
  "${kinds[@]}") || exit
awk '
  /^#/ { next }
  NR == FNR { expected[$1] = $2; next }
  {
    limit = 0.03 * expected[$1]
    difference = $3 - expected[$1]
    good = difference <= limit && -difference <= limit
    printf "%s %d - %s: %d instructions of the plugin, %d expected\n",
      good ? "ok" : "not ok", ++number, $1, $3, expected[$1]
  }
  END { printf "1..%d\n", number }' "$expected" - <<<"$found"
