#!/bin/bash
# hiredis and libssl are loaded only if a store is configured, and only by the
# plugin's own module.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

set_up
mkdir "$dir/alone" && cp "$dir/ours/libdigestmd5.so" "$dir/alone/" &&
  ln -s "$DIGEST_SASL_DIR/libsasldb.so" "$dir/alone/" || exit 1
head -c 32 /dev/urandom >"$dir/key" && chmod 600 "$dir/key"
server_plugins=alone
store=(option.digestmd5_store_key="$dir/key"
  option.digestmd5_nonce_store=redis://127.0.0.1:1)
option='DIGEST-MD5: option digestmd5_nonce_store:'

run server: client: && succeeded && [ ! -s "$dir/server.log" ]
ok $? "without a store the plugin is complete"
run server: "${store[@]}" client: && succeeded &&
  has server.log "$option the module digestmd5/redis.so is not in the"
ok $? "with a store the log tells that the module is missing"
has server.log "$option not used; each process keeps its own nonces"
ok $? "and what follows"

module() {  # C
  printf '%s\n' "$1" >"$dir/module.c" && mkdir -p "$dir/alone/digestmd5" &&
    "${compiler[@]}" -shared -fPIC -o "$dir/alone/digestmd5/redis.so" \
      "$dir/module.c"
}
if [ -z "${DIGEST_PRELOAD-}" ]; then
  module 'const struct { const char *version; void *open; } digestmd5_redis =
    { "0.0.0", 0 };'
  run server: "${store[@]}" client: && succeeded &&
    has server.log "$option the module digestmd5/redis.so has another"
  ok $? "a module of another version is not used"
  module 'int nothing;'
  run server: "${store[@]}" client: && succeeded &&
    has server.log "$option the module digestmd5/redis.so has another"
  ok $? "nor is another library"
  printf 'nonsense\n' >"$dir/alone/digestmd5/redis.so"
  run server: "${store[@]}" client: && succeeded &&
    has server.log "$option the module digestmd5/redis.so cannot be loaded"
  ok $? "nor is a file that is none"
else
  skip "a module of another version is not used" \
    "the modules are built without the sanitizers"
fi
done_testing
