#!/bin/bash
# doc/defects.md has a row for every known defect of other implementations, and
# the tests it names exist, run, and have the defect in their name.
set -u
cd "$DIGEST_SRCDIR" || exit 1
page=doc/defects.md
last=49

number=0
result() {  # NAME FINDINGS
  number=$((number + 1))
  if [ -z "$2" ]; then
    printf 'ok %d - %s\n' "$number" "$1"
  else
    printf 'not ok %d - %s\n' "$number" "$1"
    printf '%s' "$2" | sed 's/^/# /'
  fi
}

echo 1..4

found=
for ((i = 1; i <= last; i++)); do
  rows=$(grep -c "^| G$i |" "$page")
  [ "$rows" -eq 1 ] || found+="G$i has $rows rows"$'\n'
done
result "every defect has one row" "$found"

# A script or a program names the defect in a description, not in a comment.
has_line() {  # FILE DEFECT
  grep -vE '^ *(#|/?\*)' "$1" 2>/dev/null | grep -qw "$2"
}
# A unit test: the name once more, as an argument of tcase_add_..._test.
has_unit_test() {  # NAME
  local file
  for file in $(grep -lE "^START_TEST\($1\)" t/*.c); do
    [ "$(grep -cE "\<$1\>" "$file")" -gt 1 ] || return 1
    found=$file
  done
  [ -n "$found" ]
}

missing= wrong=
while IFS='|' read -r _ row _ tests rest; do
  row=${row// /}
  [ -z "$rest" ] || wrong+="$row has a column too many"$'\n'
  read -r -a names <<<"${tests//\`/}"
  [ ${#names[@]} -gt 0 ] || wrong+="$row names no test"$'\n'
  for name in "${names[@]}"; do
    found=
    case $name in
      */*) has_line "$name" "$row" || missing+="$row in $name"$'\n' ;;
      *) [[ _${name}_ == *_"$row"_* ]] || wrong+="$row names $name"$'\n'
         has_unit_test "$name" || missing+="$name"$'\n' ;;
    esac
  done
done < <(grep -E '^\| G[0-9]+ \|' "$page")
result "every test that is named exists" "$missing"
result "every row names tests of its own" "$wrong"

forgotten=
while read -r name; do
  grep -qF "\`$name\`" "$page" || forgotten+="$name"$'\n'
done < <(sed -nE 's/^START_TEST\((G[0-9]+_.*)\)/\1/p' t/*.c | sort -u)
result "every test named after a defect has its place" "$forgotten"
