#!/bin/bash
# Checks the layers: which headers lib/ and plugins/ include, and which
# functions they may not call.
set -u
cd "$DIGEST_SRCDIR" || exit 1

number=0
absent() {  # NAME PATTERN FILE...: no line of code has the pattern
  local name=$1 pattern=$2 found
  shift 2
  number=$((number + 1))
  # comments may use these names
  found=$(sed -nE 's#/\*.*\*/##; s#^ *\*.*##; s#^ */\*.*##
    \~'"$pattern"'~{F;p}' "$@")
  if [ -z "$found" ]; then
    printf 'ok %d - %s\n' "$number" "$name"
  else
    printf 'not ok %d - %s\n' "$number" "$name"
    sed 's/^/# /' <<<"$found"
  fi
}

# The folders of lib/: a file includes only headers of its own folder and of
# those before it.  wdigest.h stands on base, security.h on sspi.h, and sspi.h on
# nothing.
order=(base crypto message digest nonce handshake http sspi)

position_of() {  # FOLDER
  local i
  for i in "${!order[@]}"; do
    [ "${order[i]}" != "$1" ] || echo $((i + 1))
  done
}

layers() {
  local file header own other wrong=
  while IFS=: read -r file header; do
    header=${header#*\"} header=${header%\"*}
    case $file in
      lib/sspi.h) own=-1 ;;
      lib/security.h) own=0 ;;
      lib/wdigest.h) own=1 ;;
      *) own=${file#lib/} own=$(position_of "${own%%/*}") ;;
    esac
    case $header in
      sspi.h) other=-1 ;;
      wdigest.h) other=2 ;;
      *) other=$(position_of "${header%/*}") ;;
    esac
    [ -n "$own" ] && [ -n "$other" ] && [ "$other" -le "$own" ] ||
      wrong+="# $file includes $header"$'\n'
  done < <(grep -E '^#include "' lib/*.h lib/*/*.[ch])
  number=$((number + 1))
  if [ -z "$wrong" ]; then
    printf 'ok %d - folders of lib/ include only what stands below them\n' \
      "$number"
  else
    printf 'not ok %d - folders of lib/ include only what stands below them\n' \
      "$number"
    printf '%s' "$wrong"
  fi
}

# Headers of lib/ that plugins/ includes.
crossing() {
  local file name wrong=
  for file in plugins/{,store/}*.[ch]; do
    while read -r name; do
      [ -e "plugins/$name.h" ] ||
        [[ $name == base/* || $name == sspi || $name == wdigest ]] ||
        wrong+="# $file includes $name.h"$'\n'
    done < <(sed -n 's/^#include "\(.*\)\.h"/\1/p' "$file")
  done
  number=$((number + 1))
  if [ -z "$wrong" ]; then
    printf 'ok %d - plugins/ sees sspi.h, wdigest.h and base/\n' "$number"
  else
    printf 'not ok %d - plugins/ sees sspi.h, wdigest.h and base/\n%s' \
      "$number" "$wrong"
  fi
}

# The picture of the folders matches the includes.
picture() {
  number=$((number + 1))
  local name="doc/internals/layers.svg is of today's includes"
  if ! command -v tred >/dev/null; then
    printf 'ok %d - %s # SKIP tred of graphviz not found\n' "$number" "$name"
  elif cmp -s <(tools/layers | tred | grep -e '->' | sort) \
      <(grep -e '->' doc/internals/layers.dot | sort); then
    printf 'ok %d - %s\n' "$number" "$name"
  else
    printf 'not ok %d - %s\n# "make layers" draws it anew\n' "$number" "$name"
  fi
}

echo 1..14
layers
crossing
picture
absent "plugins/store/ includes nothing of plugins/" \
  '^#include "[a-vx-z][a-z_]*\.h"' plugins/store/*.[ch]
absent "lib/ knows nothing of Redis" 'EVAL|redis|KEYS\[' lib/{,*/}*.[ch]
absent "lib/ knows nothing of Cyrus SASL" '[<"]sasl|SASL_[A-Z]|sasl_' \
  lib/{,*/}*.[ch]
absent "plugins/ names no cipher and no hash" \
  '[Rr][Cc]4|3des|\<des\>|[Mm][Dd]5[^"_]|HMAC|SHA' \
  plugins/{server,client,connection,packets,prompts,security,status}.c
absent "plugins/ names no directive" \
  '"(username|nonce|cnonce|nc|qop|digest-uri|response|maxbuf|rspauth)' \
  plugins/{,store/}*.c
absent "lib/ formats and scans no C strings" \
  '\<(sprintf|snprintf|strcpy|strcat|strncpy|strtol|strtoul|atoi|sscanf|strdup|strtok)\(' \
  lib/*/*.c
absent "only slice.c measures a C string" '\<strlen\(' \
  $(ls lib/*/*.c | grep -v slice.c) plugins/{,store/}*.c
absent "only memory.c allocates in lib/" '\<(malloc|calloc|realloc|free)\(' \
  $(ls lib/*/*.c | grep -v memory.c)
absent "no character classes that depend on the locale" \
  'ctype\.h|\<(tolower|toupper|isdigit|isalpha|strcasecmp)\(' \
  lib/*/*.c plugins/{,store/}*.c
absent "tools/ uses the rooms of messages and proofs, no others" \
  '^#include "(nonce|handshake|sspi|digest/layer|http/(accept|initialize|nonce_use))|sasl/' \
  tools/explain/*.[ch]
absent "tools/config/ uses contexts only through libsasl2" \
  '^#include "(nonce|handshake|sspi|http)/' tools/config/*.[ch]
