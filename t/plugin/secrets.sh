#!/bin/bash
# Which secrets are in memory during an authentication and after it.
if [ -n "$DIGEST_PRELOAD" ]; then
  echo '1..0 # SKIP a sanitizer keeps freed memory, and a memory of its own'
  exit 0
fi
if ! [ -r /proc/self/maps ]; then
  echo '1..0 # SKIP no /proc/self/maps'
  exit 0
fi
plugins=$(mktemp -d) || exit 1
trap 'rm -rf "$plugins"' EXIT
ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$plugins/" || exit 1
"$DIGEST_BUILDDIR/t/plugin/secrets" "$plugins"
