#!/bin/bash
# The store behind TLS and passwords, and the options that name files.
. "$DIGEST_SRCDIR/t/store/common.sh"
command -v openssl >/dev/null || skip_all "openssl not found"
tell_story secure.py
