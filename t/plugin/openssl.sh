#!/bin/bash
# Each call of OpenSSL fails once.
exec "$DIGEST_BUILDDIR/t/plugin/openssl"
