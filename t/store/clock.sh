#!/bin/bash
# The store's clock is set ahead and back.
. "$DIGEST_SRCDIR/t/store/common.sh"
[ -x "$DIGEST_BUILDDIR/doc/examples/http_server" ] ||
  skip_all "http_server not built: no libmicrohttpd"
"${compiler[@]}" -shared -fPIC -o "$dir/clock_shift.so" \
  "$DIGEST_SRCDIR/t/store/clock_shift.c" -ldl || exit 1
tell_story time_shift.py
