#!/bin/bash
# Thousands of messages, to this plugin and to the distribution's: what the one
# takes and the other refuses stands in the table of doc/coming-from-stock.md.
#
# usage: differential.sh [--show PATTERN]: also the inputs of these names, and
# what both plugins make of them; without make it uses build/plain
: "${DIGEST_SRCDIR=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${DIGEST_BUILDDIR=$DIGEST_SRCDIR/build/plain}"
: "${DIGEST_PLUGIN_DIR=$DIGEST_BUILDDIR/sasl2}"
: "${DIGEST_SASL_DIR=$(pkg-config --variable=libdir libsasl2)/sasl2}"
: "${PYTHON3=python3}"
. "$DIGEST_SRCDIR/t/plugin/common.sh"
[ -n "${PYTHON3-}" ] || skip_all "python3 not found"
stock=$(stock_plugin) ||
  skip_all "the distribution's libdigestmd5.so is not installed"
[ -z "${DIGEST_PRELOAD-}" ] ||
  skip_all "the distribution's plugin leaks, which the sanitizers report"
mkdir "$dir/stock" "$dir/ours" &&
  ln -s "$stock" "$dir/stock/libdigestmd5.so" &&
  ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$dir/ours/" || exit 1
[ $# -gt 0 ] || set -- "$DIGEST_SRCDIR/doc/coming-from-stock.md"
PYTHONDONTWRITEBYTECODE=1 "$PYTHON3" \
  "$DIGEST_SRCDIR/t/differential/compare.py" \
  "$DIGEST_BUILDDIR/t/differential/side" "$dir/stock" "$dir/ours" "$@"
