#!/bin/bash
# The plugin in a process of libsasl2, from its first to its last moment.  The
# C library counts what it caches for each thread as used: without the cache
# the heap has to be exactly as before.
export GLIBC_TUNABLES=glibc.malloc.tcache_count=0
exec "$DIGEST_BUILDDIR/t/plugin/lifecycle" "$DIGEST_PLUGIN_DIR"
