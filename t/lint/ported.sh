#!/bin/bash
# A server's source that was written for Windows compiles against lib/sspi.h, as
# C and as C++, and works (doc/sspi.md, S71).
set -u

source=$DIGEST_SRCDIR/t/lint/ported.c
library=$DIGEST_BUILDDIR/.libs/libdigest.a
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

number=0
result() {  # STATUS NAME
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    printf 'ok %d - %s\n' "$number" "$2"
  else
    printf 'not ok %d - %s\n' "$number" "$2"
    sed 's/^/# /' "$scratch/log"
  fi
}

skip() {  # NAME REASON
  number=$((number + 1))
  printf 'ok %d - %s # SKIP %s\n' "$number" "$1" "$2"
}

# No C++ library is needed, so the C compiler links.
port() {  # NAME COMPILER FLAG...
  local name=$1 compiler=$2
  shift 2
  $compiler -Wall -Wextra -pedantic -Werror -I "$DIGEST_SRCDIR/lib" "$@" \
    -c "$source" -o "$scratch/ported.o" >"$scratch/log" 2>&1
  result $? "S71 it compiles as $name"
  if [ -n "$DIGEST_PRELOAD" ]; then
    skip "and works" "a build with the sanitizers links differently"
    return
  fi
  $CC "$scratch/ported.o" "$library" $CRYPTO_LIBS -o "$scratch/ported" \
    >"$scratch/log" 2>&1 && "$scratch/ported" >>"$scratch/log" 2>&1
  result $? "and works"
}

# Nothing but the header, and the address of each function.
alone() {
  local name
  echo '#include <sspi.h>'
  echo 'int main(void) {'
  for name in AcceptSecurityContext AcquireCredentialsHandle \
      CompleteAuthToken DecryptMessage DeleteSecurityContext EncryptMessage \
      EnumerateSecurityPackages FreeContextBuffer FreeCredentialsHandle \
      ImpersonateSecurityContext InitializeSecurityContext MakeSignature \
      QueryContextAttributes QuerySecurityContextToken \
      QuerySecurityPackageInfo RevertSecurityContext VerifySignature; do
    echo "  if (!$name) return 1;"
  done
  echo '  return 0; }'
}
alone >"$scratch/alone.c"
$CC -std=c11 -Werror -Wno-address -I "$DIGEST_SRCDIR/lib" \
  -fsyntax-only "$scratch/alone.c" >"$scratch/log" 2>&1
result $? "S71 sspi.h needs no other header, and declares the functions"
port C "$CC" -std=c11
for compiler in g++ clang++; do
  if command -v "$compiler" >/dev/null; then
    port "C++, by $compiler" "$compiler" -x c++ -std=c++11 -fno-exceptions
  else
    skip "S71 it compiles as C++, by $compiler" "$compiler not found"
    skip "and works" "$compiler not found"
  fi
done
printf '1..%d\n' "$number"
