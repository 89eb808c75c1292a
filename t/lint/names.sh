#!/bin/bash
# Names in the pages exist: what stands in backquotes and looks like a file is
# one, what looks like an identifier of C occurs in a source, and a table that
# names functions of a file names those that the file has.
set -u
cd "$DIGEST_SRCDIR" || exit 1
# After a build in the source tree the built files stand among the sources.
if [ "${DIGEST_BUILDDIR-}" = "$DIGEST_SRCDIR" ]; then
  echo "1..0 # SKIP built in the source tree"
  exit 0
fi
mapfile -t pages < <(printf '%s\n' README.md CONTRIBUTING.md CHANGES.md
  find doc t -name '*.md' ! -path 'doc/services/*')
top='(lib|plugins|tools|t|doc|packaging)'

number=0
result() {  # NAME FINDINGS
  number=$((number + 1))
  if [ -z "$2" ]; then
    printf 'ok %d - %s\n' "$number" "$1"
  else
    printf 'not ok %d - %s\n' "$number" "$1"
    sed 's/^/# /' <<<"$2"
  fi
}

quoted() {  # REGEX: what matches it between backquotes
  grep -ohE '`[^`]+`' "${pages[@]}" | tr -d '`' | grep -xE "$1" | sort -u
}

# FOLDER and NAME are placeholders; two files are built.
paths=$(quoted "$top/[^ ]*" | grep -vE '[A-Z]{4}|^doc/states\.(svg|txt)$' |
  while read -r path; do
    # The shell expands braces and stars, but nothing else.
    if [[ $path =~ ^[a-zA-Z0-9_./*{},-]+$ ]]; then
      eval "names=($path)"
      for name in "${names[@]}"; do [ -e "$name" ] || echo "$name"; done
    fi
  done)
result "every path exists" "$paths"

endings='(c|h|sh|py|mk|lua)'
files=$(comm -23 <(quoted "[a-z0-9_/-]+\.$endings" | sed 's|.*/||' | sort -u) \
  <(find lib plugins tools t doc packaging -type f | sed 's|.*/||' | sort -u))
result "every file exists" "$files"

words() {
  find lib plugins tools t m4 packaging configure.ac Makefile.am bootstrap \
    -type f ! -name '*.md' ! -path '*/vectors/*' -print0 |
    xargs -0 sed 's/\\[nrt]/ /g' | grep -oE '[A-Za-z_][A-Za-z0-9_]*' | sort -u
}
identifiers=$(comm -23 \
  <(quoted '[a-z0-9]+(_[a-z0-9]+)+(\(\))?' | tr -d '()' | sort -u) <(words))
result "every identifier occurs in a source" "$identifiers"

functions=$(grep -hE "^\| *\`$top/[^\`]*\.[ch]\`:" "${pages[@]}" |
  cut -d '|' -f 2 | grep -oE '`[^`]+`' | tr -d '`' |
  while read -r name; do
    case $name in
      */*) file=$name ;;
      *) grep -qw -- "$name" "$file" 2>/dev/null || echo "$name in $file" ;;
    esac
  done)
result "every function is in the file that a table names" "$functions"
printf '1..%d\n' "$number"
