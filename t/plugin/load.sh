#!/bin/bash
# The plugin by itself.
exec "$DIGEST_BUILDDIR/t/plugin/load" "$DIGEST_PLUGIN_DIR/libdigestmd5.so"
