#!/bin/bash
# Checks the linked plugin: symbols, libraries, sections.
set -u
plugin=$DIGEST_PLUGIN_DIR/libdigestmd5.so

if [ -n "$DIGEST_PRELOAD" ]; then
  echo '1..0 # SKIP a build with the sanitizers looks different'
  exit 0
fi
if ! command -v nm >/dev/null || ! command -v readelf >/dev/null; then
  echo '1..0 # SKIP nm and readelf not found'
  exit 0
fi

number=0
result() {  # STATUS NAME
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    printf 'ok %d - %s\n' "$number" "$2"
  else
    printf 'not ok %d - %s\n' "$number" "$2"
  fi
}

echo 1..7
exported=$(nm -D --defined-only "$plugin" | awk '{ print $3 }' | sort | xargs)
[ "$exported" = "sasl_client_plug_init sasl_server_plug_init" ]
result $? "exports the two entry points and nothing else"
echo "# exported: $exported"

dynamic=$(readelf -dW "$plugin")
needed=$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$dynamic" | xargs)
echo "# needs: $needed"
[[ $needed == libcrypto.so* && $needed != *libssl* && $needed != *hiredis* ]]
result $? "uses libcrypto, and no library for the store"
[[ $needed != *libsasl2* ]]
result $? "reaches libsasl2 only through its function table"
[[ $dynamic != *RPATH* && $dynamic != *RUNPATH* ]]
result $? "has no library search path of its own"
[[ $dynamic != *TEXTREL* ]]
result $? "has no text relocations"

if [[ $(uname -s) == Linux ]]; then
  [[ $dynamic == *BIND_NOW* || $dynamic == *NOW* ]] &&
    readelf -lW "$plugin" | grep -q GNU_RELRO
  result $? "is relocated at once and then read-only"
  readelf -lW "$plugin" | grep GNU_STACK | grep -qv E
  result $? "has no executable stack"
else
  result 0 "is relocated at once # SKIP checked on Linux only"
  result 0 "has no executable stack # SKIP checked on Linux only"
fi
