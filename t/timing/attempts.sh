#!/bin/bash
# An unknown user costs the server as many instructions as a wrong password:
# those of the plugin itself, in the step that refuses.
set -u
set -o pipefail
pairs=20
skip_all() {  # REASON
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}
[ -z "$DIGEST_PRELOAD" ] || skip_all "the sanitizers add instructions"
command -v valgrind >/dev/null || skip_all "valgrind not found"
program=$DIGEST_BUILDDIR/t/timing/attempts
[ -x "$program" ] || skip_all "valgrind/memcheck.h not found"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

valgrind --tool=callgrind --toggle-collect=sasl_server_step \
  --callgrind-out-file="$dir/out" --compress-strings=no --compress-pos=no \
  "$program" count "$pairs" >"$dir/log" 2>&1 || {
  sed 's/^/# /' "$dir/log"
  printf 'not ok 1 - callgrind counts\n1..1\n'
  exit 1
}

# A line of costs belongs to the file of the last "fl=", but the line after
# "calls=" has the callee's costs.  The first attempt of each kind warms up.
for dump in "$dir"/out.*; do
  awk '
    /^desc: Trigger: Client Request: / { kind = $NF }
    /^fl=/ { ours = $0 ~ /\/(lib|plugins)\/([a-z_]+\/)?[a-z_0-9]+\.[ch]$/ }
    /^calls=/ { skip = 1; next }
    /^[0-9+*-]/ { if (!skip && ours) own += $NF; skip = 0 }
    END { if (own > 0) print kind, own }' "$dump"
done | awk '
  seen[$1]++ { n[$1]++; sum[$1] += $2; squares[$1] += $2 * $2 }
  END {
    for (kind in n) {
      mean[kind] = sum[kind] / n[kind]
      error += (squares[kind] / n[kind] - mean[kind] ^ 2) / (n[kind] - 1)
    }
    difference = mean["unknown"] - mean["wrong"]
    limit = mean["wrong"] / 100
    good = n["unknown"] > 10 && n["wrong"] > 10 && mean["wrong"] > 1000 &&
      difference < limit && -difference < limit
    printf "%sok 1 - an unknown user costs as much as a wrong password\n",
      good ? "" : "not "
    printf "# unknown %.1f, wrong %.1f instructions; ",
      mean["unknown"], mean["wrong"]
    if (error > 0) printf "Welch t %.2f\n", difference / sqrt(error)
    else print "all attempts of a kind are alike"
    print "1..1"
  }'
