#!/bin/bash
# Runs each fuzzer for DIGEST_FUZZ_SECONDS, or two seconds.  An input that makes
# one fail is kept as crash-NAME in the build directory.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

[ -z "${DIGEST_PRELOAD-}" ] || skip_all "fuzzers have their own sanitizers"
[ -n "${PYTHON3-}" ] || skip_all "python3 not found"
command -v clang >/dev/null || skip_all "clang not found"
here=$DIGEST_SRCDIR/t/fuzz
printf 'int LLVMFuzzerTestOneInput(void) { return 0; }\n' >"$dir/none.c"
clang -fsanitize=fuzzer,address -o "$dir/none" "$dir/none.c" 2>/dev/null ||
  skip_all "clang has no libFuzzer"

# Looking for leaks needs ptrace, which some containers forbid.
export ASAN_OPTIONS=detect_leaks=1
"$dir/none" -runs=1 >/dev/null 2>&1 || ASAN_OPTIONS=detect_leaks=0

fuzzers=(parser messages server client layer http sspi store explain)
"$here/build" libfuzzer "$dir/libfuzzer" "${fuzzers[@]}" 2>"$dir/client.err"
ok $? "the fuzzers are built"
"$PYTHON3" "$here/seeds.py" "$DIGEST_SRCDIR/t/vectors" "$dir/seeds" \
  2>"$dir/client.err"
ok $? "seeds are written"

# All seeds, then new inputs until the time is over.
run_fuzzer() {  # NAME
  mkdir "$dir/$1-corpus" &&
    "$dir/libfuzzer/$1" -dict="$here/digest.dict" \
      -max_len=5000 -timeout=10 -verbosity=0 -print_final_stats=1 \
      -max_total_time="${DIGEST_FUZZ_SECONDS-2}" \
      -artifact_prefix="$DIGEST_BUILDDIR/crash-$1-" \
      "$dir/$1-corpus" "$dir/seeds/$1" >"$dir/$1.out" 2>&1
}

# Runs one fuzzer per processor, and reports in order.
processes=()
for name in "${fuzzers[@]}"; do
  while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do sleep 0.1; done
  run_fuzzer "$name" &
  processes+=($!)
done
for i in "${!fuzzers[@]}"; do
  name=${fuzzers[i]}
  wait "${processes[i]}"
  status=$?
  cp "$dir/$name.out" "$dir/client.log"
  runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$dir/client.log")
  seeds=$(find "$dir/seeds/$name" -type f | wc -l)
  [ "$status" -eq 0 ] && [ "${runs:-0}" -gt "$seeds" ]
  ok $? "$name${runs:+: $runs runs}"
  for crash in "$DIGEST_BUILDDIR/crash-$name-"*; do
    [ "$status" -eq 0 ] || [ ! -e "$crash" ] ||
      printf '# %s in base64: %s\n' "${crash##*/}" "$(base64 -w 0 "$crash")"
  done
done

# The project's own main program, with any compiler.
"$here/build" replay "$dir/replay" messages 2>"$dir/client.err" &&
  "$dir/replay/messages" "$dir/seeds/messages"/* 2>"$dir/client.err" &&
  "$dir/replay/messages" <"$dir/seeds/messages/0000" 2>"$dir/client.err"
ok $? "$CC builds one that replays files"
done_testing
