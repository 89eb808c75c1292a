#!/bin/bash
# A NUL stands behind whatever an application is given.
plugins=$(mktemp -d) || exit 1
trap 'rm -rf "$plugins"' EXIT
ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$plugins/" || exit 1
MALLOC_PERTURB_=90 "$DIGEST_BUILDDIR/t/plugin/ends" "$plugins"
