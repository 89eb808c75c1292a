#!/bin/bash
# The wall between lib/ and plugins/, and what neither of them may call.
set -u
cd "$DIGEST_SRCDIR" || exit 1

number=0
absent() {  # NAME PATTERN FILE...: no line of code has the pattern
  local name=$1 pattern=$2 found
  shift 2
  number=$((number + 1))
  # comments may name what the code must not
  found=$(sed -nE 's#/\*.*\*/##; s#^ *\*.*##; s#^ */\*.*##
    \~'"$pattern"'~{F;p}' "$@")
  if [ -z "$found" ]; then
    printf 'ok %d - %s\n' "$number" "$name"
  else
    printf 'not ok %d - %s\n' "$number" "$name"
    sed 's/^/# /' <<<"$found"
  fi
}

# The layers, from doc/architecture.md.
layer_of() {  # NAME
  case $1 in
    sspi | sizes | reasons | slice | wdigest) echo 0 ;;
    text | words | memory | stripe | sets | waiting) echo 1 ;;
    provider | ciphering | hashing | hmac | seeding | random) echo 2 ;;
    known | md5_pool | crypto | cipher | sealing) echo 2 ;;
    directive | challenge | response | final | target) echo 3 ;;
    proof | keys | offer | binding) echo 4 ;;
    credential | nonce | http_nonce | session | layer) echo 5 ;;
    nonce_entry | nonce_link | nonce_shared) echo 5 ;;
    handle | package | rights) echo 5 ;;
    exchange | recall | naming | answering | verify) echo 6 ;;
    steps | accept | initialize | dialect | context | machine) echo 6 ;;
    *http*) echo 7 ;;
    buffers | surface | sspi_*) echo 8 ;;
    *) echo unknown ;;
  esac
}

layers() {
  local file name header own other wrong=
  for file in lib/*.[ch]; do
    name=$(basename "${file%.*}")
    own=$(layer_of "$name")
    while read -r header; do
      other=$(layer_of "${header%.h}")
      if [ "$own" = unknown ] || [ "$other" = unknown ] ||
          [ "$other" -gt "$own" ]; then
        wrong+="# $file includes $header"$'\n'
      fi
    done < <(sed -n 's/^#include "\(.*\)"/\1/p' "$file")
  done
  number=$((number + 1))
  if [ -z "$wrong" ]; then
    printf 'ok %d - files of lib/ include only what stands below them\n' \
      "$number"
  else
    printf 'not ok %d - files of lib/ include only what stands below them\n' \
      "$number"
    printf '%s' "$wrong"
  fi
}

# Headers of lib/ that plugins/ includes.
crossing() {
  local file name wrong=
  for file in plugins/*.[ch]; do
    while read -r name; do
      [ -e "plugins/$name.h" ] ||
        [[ " sspi wdigest reasons slice sizes text " == *" $name "* ]] ||
        wrong+="# $file includes $name.h"$'\n'
    done < <(sed -n 's/^#include "\(.*\)\.h"/\1/p' "$file")
  done
  number=$((number + 1))
  if [ -z "$wrong" ]; then
    printf 'ok %d - six headers cross the wall\n' "$number"
  else
    printf 'not ok %d - six headers cross the wall\n%s' "$number" "$wrong"
  fi
}

echo 1..11
layers
crossing
absent "lib/ knows nothing of Redis" 'EVAL|redis|KEYS\[' lib/*.[ch]
absent "lib/ knows nothing of Cyrus SASL" '[<"]sasl|SASL_[A-Z]|sasl_' \
  lib/*.[ch]
absent "plugins/ names no cipher and no hash" \
  '[Rr][Cc]4|3des|\<des\>|[Mm][Dd]5[^"_]|HMAC|SHA' \
  plugins/{server,client,connection,packets,prompts,security,status}.c
absent "plugins/ names no directive" \
  '"(username|nonce|cnonce|nc|qop|digest-uri|response|maxbuf|rspauth)' \
  plugins/*.c
absent "lib/ formats and scans no C strings" \
  '\<(sprintf|snprintf|strcpy|strcat|strncpy|strtol|strtoul|atoi|sscanf|strdup|strtok)\(' \
  lib/*.c
absent "only slice.c measures a C string" '\<strlen\(' \
  $(ls lib/*.c | grep -v slice.c) plugins/*.c
absent "only memory.c allocates in lib/" '\<(malloc|calloc|realloc|free)\(' \
  $(ls lib/*.c | grep -v memory.c)
absent "no character classes that depend on the locale" \
  'ctype\.h|\<(tolower|toupper|isdigit|isalpha|strcasecmp)\(' \
  lib/*.c plugins/*.c
absent "tools/ uses the rooms of messages and proofs, no others" \
  '^#include "(accept|initialize|sspi_|surface|session|nonce|layer)|sasl/' \
  tools/*.[ch]
