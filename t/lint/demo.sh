#!/bin/bash
# The demonstration of the README works.
set -u
export PATH=$PATH:/usr/sbin

for name in saslpasswd2 sasl-sample-server sasl-sample-client; do
  if ! command -v "$name" >/dev/null; then
    printf '1..0 # SKIP %s not found\n' "$name"
    exit 0
  fi
done
if [ ! -e "$DIGEST_SASL_DIR/libsasldb.so" ]; then
  echo '1..0 # SKIP libsasldb.so not found'
  exit 0
fi

echo 1..2
output=$(bash "$DIGEST_SRCDIR/t/demo.sh" 2>&1)
status=$?
sed 's/^/# /' <<<"$output"
if [ "$status" -eq 0 ]; then
  echo "ok 1 - t/demo.sh succeeds"
else
  echo "not ok 1 - t/demo.sh succeeds"
fi
if grep -qE 'SSF +(112|128)$' <<<"$output"; then
  echo "ok 2 - with an encrypted layer"
else
  echo "not ok 2 - with an encrypted layer"
fi
