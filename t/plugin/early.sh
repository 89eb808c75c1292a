#!/bin/bash
# Clients that use their layer before the server has proved itself.
plugins=$(mktemp -d) || exit 1
trap 'rm -rf "$plugins"' EXIT
ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$plugins/" || exit 1
"$DIGEST_BUILDDIR/t/plugin/early" "$plugins"
