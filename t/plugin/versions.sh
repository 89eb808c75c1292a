#!/bin/bash
# Both layouts of sasl_utils_t: the plugin is built for each from the same
# source, and loads only into a host with its own layout.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

set_up
header=$(printf '#include <stddef.h>\n#include <sasl/saslplug.h>\n' |
  "${compiler[@]}" -E - 2>/dev/null | sed -n 's/.*"\(.*saslplug\.h\)".*/\1/p;' |
  head -n 1)
[ -n "$header" ] || skip_all "saslplug.h not found"
library=$(find "$DIGEST_BUILDDIR" -maxdepth 2 -name libdigest.a | head -n 1)
[ -n "$library" ] || skip_all "libdigest.a not built"
[ -z "${DIGEST_PRELOAD-}" ] ||
  skip_all "its hosts are built without the sanitizers"

# The other layout: without the hash functions, and one version up.
mkdir -p "$dir/4/sasl" "$dir/5/sasl"
cp "${header%/*}"/*.h "$dir/4/sasl/"
cp "${header%/*}"/*.h "$dir/5/sasl/"
sed -e '/\/\* MD5 hash and HMAC functions \*\//,/hmac_md5_import/d' \
  -e '/^#define SASL_UTILS_VERSION/s/4/5/' "$header" >"$dir/5/sasl/saslplug.h"

mapfile -t sources < <(plugin_sources)
compile() {  # VERSION
  local flags=(-std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -fPIC
    '-DPACKAGE_VERSION="0"' -I"$dir/$1" 
    "${include[@]}")
  "${compiler[@]}" "${flags[@]}" -shared -o "$dir/plugin$1.so" \
    "${sources[@]}" -Wl,--whole-archive "$library" \
    -Wl,--no-whole-archive -lcrypto &&
    "${compiler[@]}" "${flags[@]}" -o "$dir/host$1" \
      "$DIGEST_SRCDIR/t/plugin/fake_host.c" -ldl -lsasl2
}

run_host() {  # HOST PLUGIN [ARGUMENT]
  "$dir/host$1" "$dir/plugin$2.so" "${@:3}" >"$dir/server.log" \
    2>"$dir/server.err"
}

for version in 4 5; do
  compile "$version" 2>"$dir/server.err"
  ok $? "version $version: compiles"
done
cmp -s "$dir/4/sasl/saslplug.h" "$dir/5/sasl/saslplug.h"
[ $? -eq 1 ] && grep -q 'MD5Init' "$dir/4/sasl/saslplug.h" &&
  ! grep -q 'MD5Init' "$dir/5/sasl/saslplug.h"
ok $? "the layouts differ"

for version in 4 5; do
  run_host "$version" "$version" && has server.log '^server 0' &&
    has server.log '^client 0' && has server.log '^challenge 1 nonce=\|realm='
  ok $? "version $version: works with its own host"
done
grep '^bare 1 nonce="[^"]*",qop="auth' "$dir/server.log" |
  grep -qv realm
ok $? "G23 G24 a server without a name and a realm"
refused() {
  [ "$(grep -c '^log 1 DIGEST-MD5: not loaded: built for a version of libsasl2' \
    "$dir/server.log")" -eq 2 ] &&
    has server.log '^server -23' && has server.log '^client -23'
}
! run_host 5 4 && refused
ok $? "version 4: refuses a host of version 5, and logs it"
! run_host 4 5 && refused
ok $? "version 5: refuses a host of version 4, and logs it"
for version in 4 5; do
  ! run_host "$version" "$version" empty &&
    has server.log '^server -23' && has server.log '^client -23'
  ok $? "version $version: refuses a host of neither layout"
done

# libsasl2 2.1.28 does not initialize the version.
for version in 0 5 -1; do
  run_host 4 4 "$version" && has server.log '^server 0' &&
    has server.log '^client 0'
  ok $? "the member version may be $version"
done
MALLOC_PERTURB_=90 run server: client: && succeeded
ok $? "libsasl2's own tables, in memory that is not cleared"
done_testing
