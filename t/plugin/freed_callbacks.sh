#!/bin/bash
# Nothing reads the callbacks of a connection that is only to be disposed of.
plugins=$(mktemp -d) || exit 1
trap 'rm -rf "$plugins"' EXIT
ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$plugins/" || exit 1
"$DIGEST_BUILDDIR/t/plugin/freed_callbacks" "$plugins"
