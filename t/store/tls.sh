#!/bin/bash
# A store with TLS and passwords, and the options that name files.
. "$DIGEST_SRCDIR/t/store/common.sh"
command -v openssl >/dev/null || skip_all "openssl not found"
[[ $(ldd "$store") = *libssl* ]] || skip_all "$store is built without TLS"
tell_story secure.py
