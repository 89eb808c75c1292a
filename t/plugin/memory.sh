#!/bin/bash
# Each allocation fails once.
exec "$DIGEST_BUILDDIR/t/plugin/memory"
