#!/bin/bash
# Eight threads use the plugin, built with the thread sanitizer.  The plugin's
# state must be safe also in an application that gives libsasl2 no mutex
# functions.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

[ -z "${DIGEST_PRELOAD-}" ] ||
  skip_all "the thread sanitizer works with no other"
# With more random bits in addresses gcc's sanitizer sometimes fails to start.
[ "$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)" -le 28 ] ||
  skip_all "vm.mmap_rnd_bits is above 28"
flags=(-std=c11 -D_GNU_SOURCE -DPACKAGE_VERSION='"0"' -g -O1 -fPIC
  -fsanitize=thread "${include[@]}")
printf 'int main(void) { return 0; }\n' >"$dir/none.c"
"${compiler[@]}" "${flags[@]}" -o "$dir/none" "$dir/none.c" 2>/dev/null &&
  "$dir/none" || skip_all "no thread sanitizer works with $CC here"

bench=$DIGEST_SRCDIR/t/bench
mapfile -t sources < <(plugin_sources)
mkdir "$dir/ours" &&
  "${compiler[@]}" "${flags[@]}" -shared -o "$dir/ours/libdigestmd5.so" \
    "${sources[@]}" "$DIGEST_SRCDIR"/lib/*/*.c -lcrypto \
    2>"$dir/client.err" &&
  "${compiler[@]}" "${flags[@]}" -o "$dir/threads" \
    "$DIGEST_SRCDIR/t/plugin/threads.c" \
    "$bench"/{die,heap,protection,library,pair}.c \
    "$DIGEST_SRCDIR/t/support/application.c" \
    -lsasl2 -lpthread 2>"$dir/client.err"
ok $? "plugin and program are built with the thread sanitizer"

run_threads() {  # [lock]
  TSAN_OPTIONS='halt_on_error=0 exitcode=66' timeout 120 \
    "$dir/threads" "$dir/ours" "$@" >"$dir/client.result" 2>"$dir/client.err"
}
for lock in lock ''; do
  run_threads $lock && ! has client.err 'WARNING: ThreadSanitizer'
  ok $? "G18 eight threads${lock:+, with mutex functions for libsasl2}"
done
done_testing
