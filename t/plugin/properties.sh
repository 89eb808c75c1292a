#!/bin/bash
# An earlier attempt on the same connection leaves no properties behind.
plugins=$(mktemp -d) || exit 1
trap 'rm -rf "$plugins"' EXIT
ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$plugins/" || exit 1
"$DIGEST_BUILDDIR/t/plugin/properties" "$plugins"
