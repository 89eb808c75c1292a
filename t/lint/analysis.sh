#!/bin/bash
# Static analysis finds nothing: gcc's analyzer, clang-tidy (.clang-tidy) and
# cppcheck (t/lint/cppcheck.suppressions).  Each version of these programs has
# other findings, so only those of Debian 12 are used.
set -u
set -o pipefail
jobs=2
report=$(mktemp) || exit 1
trap 'rm -f "$report"' EXIT

skip_all() {  # REASON
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}
[ -z "$DIGEST_PRELOAD" ] ||
  skip_all "a build with the sanitizers has the same sources"
case $DIGEST_BUILDDIR in
  */_build/sub) skip_all "distcheck need not analyse these files once more" ;;
esac

number=0
analyse() {  # NAME VERSION-COMMAND VERSION ANALYSIS
  local name=$1 version
  number=$((number + 1))
  version=$($2 2>/dev/null) || version=none
  if [[ $version != *"$3"* ]]; then
    version=${3##* }
    printf 'ok %d - %s # SKIP its version %s not found, others differ\n' \
      "$number" "$name" "${version%.}"
  elif "$4" >"$report" 2>&1 && ! grep -qE '(warning|error): ' "$report"; then
    printf 'ok %d - %s finds nothing\n' "$number" "$name"
  else
    printf 'not ok %d - %s finds nothing\n' "$number" "$name"
    sed 's/^/# /' "$report" | head -n 200
  fi
}

# One file at a time, because clang-tidy 14's analyzer misreads va_start in a
# second file.
each_source() {  # COMMAND...; the name of the file stands in place of {}
  find "$DIGEST_SRCDIR"/{lib,plugins,tools} -name '*.c' |
    xargs -P "$jobs" -I '{}' "$@"
}

# The flags of make, quoted for the shell.
eval "flags=(-std=c11 $DIGEST_CPPFLAGS)"

run_gcc() {
  each_source gcc "${flags[@]}" -Wall -Wextra -fanalyzer -c '{}' -o /dev/null
}

run_clang_tidy() {
  each_source clang-tidy --quiet '{}' -- "${flags[@]}"
}

run_cppcheck() (
  cd "$DIGEST_SRCDIR" || exit 1
  cppcheck -j "$jobs" --quiet --error-exitcode=1 --std=c11 \
    --enable=warning,portability,performance --inline-suppr \
    --suppressions-list=t/lint/cppcheck.suppressions \
    -D_POSIX_C_SOURCE=200809L -I lib -I plugins -I tools lib plugins tools
)

analyse "gcc -fanalyzer" "gcc -dumpfullversion" "12." run_gcc
analyse clang-tidy "clang-tidy --version" "version 14." run_clang_tidy
analyse cppcheck "cppcheck --version" "Cppcheck 2.10" run_cppcheck
printf '1..%d\n' "$number"
