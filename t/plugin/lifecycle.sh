#!/bin/bash
# The life of the plugin in a process.  Without the C library's thread cache,
# which counts as used memory, the heap must be exactly as before.
export GLIBC_TUNABLES=glibc.malloc.tcache_count=0
exec "$DIGEST_BUILDDIR/t/plugin/lifecycle" "$DIGEST_PLUGIN_DIR"
