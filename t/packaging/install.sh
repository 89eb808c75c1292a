#!/bin/bash
# tools/install-plugin, which "make install" and "make uninstall" call.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

plugin=$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")
plugins=$dir/root/usr/lib/sasl2
target=$plugins/libdigestmd5.so
run_tool() {  # ARGUMENT...
  DESTDIR=$dir/root "$DIGEST_SRCDIR/tools/install-plugin" "$@" \
    >"$dir/client.result" 2>"$dir/client.err"
}

run_tool install "$plugins" "$plugin" && cmp -s "$plugin" "$target" &&
  [ "$(stat -c %a "$target")" = 644 ] && [ ! -s "$dir/client.err" ]
ok $? "the plugin is installed, and the directory made for it"
run_tool install "$plugins" "$plugin" && cmp -s "$plugin" "$target" &&
  [ "$(find "$plugins" -type f | wc -l)" -eq 1 ]
ok $? "a former version is replaced"
printf 'module\n' >"$dir/redis.so"
run_tool install "$plugins" "$plugin" "$dir/redis.so" &&
  cmp -s "$dir/redis.so" "$plugins/digestmd5/redis.so"
ok $? "the module for the store is put beside it"
! run_tool install "$plugins" "$plugin" "$dir/missing.so" &&
  cmp -s "$dir/redis.so" "$plugins/digestmd5/redis.so" &&
  cmp -s "$plugin" "$target" && [ "$(find "$plugins" -type f | wc -l)" -eq 2 ]
ok $? "what cannot be copied takes nothing away and leaves nothing behind"
run_tool install "$plugins" "$plugin" && [ ! -e "$plugins/digestmd5" ]
ok $? "a build without one leaves no former one there"
run_tool install "$plugins" "$plugin" "$dir/redis.so" &&
  printf 'other\n' >"$plugins/digestmd5/other" &&
  run_tool uninstall "$plugins" && [ ! -e "$target" ] &&
  [ "$(ls "$plugins/digestmd5")" = other ] && rm -r "$plugins/digestmd5"
ok $? "both are taken away, and nothing else"
run_tool uninstall "$plugins" && [ ! -s "$dir/client.err" ]
ok $? "taking it away twice is no failure"

printf 'somebody else\n' >"$plugins/libdigestmd5.so.2"
ln -s libdigestmd5.so.2 "$target"
! run_tool install "$plugins" "$plugin" && grep -q else "$target" &&
  has client.err 'dpkg-divert --local --rename --add /usr/lib/sasl2/lib'
ok $? "the plugin of somebody else is not overwritten"
run_tool uninstall "$plugins" && grep -q else "$target" &&
  has client.err 'stays where it is'
ok $? "nor taken away"
rm "$plugins/libdigestmd5.so.2"
! run_tool install "$plugins" "$plugin" && [ -L "$target" ]
ok $? "a link that leads nowhere is somebody else's, too"

! make -C "$DIGEST_BUILDDIR" DESTDIR="$dir/root" plugindir=/usr/lib/sasl2 \
  install >"$dir/client.result" 2>"$dir/client.err" &&
  has client.err 'not of sasl-digest' &&
  [ "$(cd "$dir/root" && find . ! -type d)" = ./usr/lib/sasl2/libdigestmd5.so ]
ok $? "a make install that is refused has installed nothing"
rm "$target" &&
  make -C "$DIGEST_BUILDDIR" DESTDIR="$dir/root" plugindir=/usr/lib/sasl2 \
    install >"$dir/client.result" 2>"$dir/client.err" &&
  cmp -s "$plugin" "$target" &&
  [ -n "$(find "$dir/root" -name digestmd5-explain)" ] &&
  [ -n "$(find "$dir/root" -name sasl-digestmd5.5)" ]
ok $? "one that is not refused installs all"

run_tool
[ $? -eq 2 ] && has client.err '^usage:'
ok $? "without arguments it says how it is used"
done_testing
