#!/bin/bash
# Every fuzzer for a while: DIGEST_FUZZ_SECONDS each, or two seconds.  What
# makes one fail is kept in crash-NAME of the build directory.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

[ -z "${DIGEST_PRELOAD-}" ] || skip_all "fuzzers have their own sanitizers"
[ -n "${PYTHON3-}" ] || skip_all "python3 not found"
clang=$(command -v clang) || skip_all "clang not found"
here=$DIGEST_SRCDIR/t/fuzz
flags=(-std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L
  '-DPACKAGE_VERSION="0"' -g -O1 -iquote "$DIGEST_SRCDIR/lib"
  -iquote "$DIGEST_SRCDIR/tools"
  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all)
printf 'int LLVMFuzzerTestOneInput(void) { return 0; }\n' >"$dir/none.c"
"$clang" "${flags[@]}" -o "$dir/none" "$dir/none.c" 2>/dev/null ||
  skip_all "clang has no libFuzzer"

# Looking for leaks needs ptrace, which some containers forbid.
export ASAN_OPTIONS=detect_leaks=1
"$dir/none" -runs=1 >/dev/null 2>&1 || ASAN_OPTIONS=detect_leaks=0

# The sources once, as objects, for all fuzzers.
compile() {  # DIRECTORY SOURCE...
  mkdir "$1" && (
    cd "$1" || exit
    printf '%s\0' "${@:2}" | xargs -0 -P "$(nproc)" -n 8 "$clang" "${flags[@]}" \
      -fsanitize=fuzzer-no-link -c 2>"$dir/client.err"
  )
}

compile "$dir/objects" "$DIGEST_SRCDIR"/lib/*.c "$here/input.c" &&
  compile "$dir/plugin" "$DIGEST_SRCDIR"/plugins/*.c "$here/sasl.c" &&
  compile "$dir/tools" "$DIGEST_SRCDIR"/tools/explain_*.c
ok $? "sources compile for fuzzers"
"${PYTHON3}" "$here/seeds.py" "$DIGEST_SRCDIR/t/vectors" "$dir/seeds" \
  2>"$dir/client.err"
ok $? "seeds are written"

run_fuzzer() {  # NAME SEEDS [OBJECT...]
  mkdir "$dir/$1-corpus" &&
    "$clang" "${flags[@]}" -o "$dir/$1" "$here/$1.c" "${@:3}" \
      "$dir"/objects/*.o -lcrypto -lsasl2 2>"$dir/client.err" &&
    "$dir/$1" -dict="$here/digest.dict" \
      -max_len=3000 -timeout=10 -verbosity=0 -print_final_stats=1 \
      -max_total_time="${DIGEST_FUZZ_SECONDS-2}" \
      -artifact_prefix="$DIGEST_BUILDDIR/crash-$1-" \
      "$dir/$1-corpus" "$2" >"$dir/client.log" 2>&1 || return
  runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$dir/client.log")
  [ "${runs:-0}" -gt 1000 ]
}

mkdir "$dir/none-seeds"
run_fuzzer messages "$dir/seeds/messages"
ok $? "messages${runs:+: $runs runs}"
for name in server client layer; do
  run_fuzzer "$name" "$dir/none-seeds" "$dir"/plugin/*.o
  ok $? "$name${runs:+: $runs runs}"
done
run_fuzzer http "$dir/none-seeds"
ok $? "http${runs:+: $runs runs}"
run_fuzzer explain "$dir/seeds/explain" "$dir"/tools/*.o
ok $? "explain${runs:+: $runs runs}"
done_testing
