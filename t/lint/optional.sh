#!/bin/bash
# Which optional tests this run includes: a skip here names tests that are not
# run.
set -u

number=0
report() {  # PRESENT NAME COST
  number=$((number + 1))
  if [ -n "$1" ]; then
    printf 'ok %d - %s\n' "$number" "$2"
  else
    printf 'ok %d - %s # SKIP not found: %s\n' "$number" "$2" "$3"
  fi
}

gsasl_peer=
[ ! -x "$DIGEST_BUILDDIR/t/interop/gsasl_peer" ] || gsasl_peer=yes
stock=$(grep -sL '@(#) sasl-digest' \
  "$DIGEST_SASL_DIR"/libdigestmd5.so{,.distrib})

echo 1..5
report "$DIGEST_UNIT" "check and jansson" "no unit tests"
report "$gsasl_peer" "libgsasl" "no tests against GNU SASL"
report "$stock" "Cyrus plugin" "no tests against the plugin of Cyrus SASL"
report "${JAVAC:+$JAVA}" "JDK" "no tests against the JDK"
report "$(PATH=$PATH:/usr/sbin command -v sasl-sample-server)" \
  "sample programs" "no demonstration"
