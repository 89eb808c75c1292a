#!/bin/bash
# doc/sspi.md has a row for every statement of the page, and the tests it
# names exist and run.
set -u
cd "$DIGEST_SRCDIR" || exit 1
page=doc/sspi.md
last=71

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

echo 1..3

found=
for ((i = 1; i <= last; i++)); do
  rows=$(grep -c "^| S$i |" "$page")
  [ "$rows" -eq 1 ] || found+="S$i has $rows rows"$'\n'
done
result "every statement has one row" "$found"

missing= wrong=
while IFS='|' read -r _ row _ _ tests rest; do
  row=${row// /}
  if [ -n "$rest" ]; then
    wrong+="$row has a column too many"$'\n'
  fi
  read -r -a names <<<"${tests//\`/}"
  if [ ${#names[@]} -eq 0 ]; then
    wrong+="$row names no test"$'\n'
  fi
  for name in "${names[@]}"; do
    [ "$name" != pending ] || continue
    [[ $name == "$row"_* ]] || wrong+="$row names $name"$'\n'
    files=$(grep -lE "^START_TEST\($name\)" t/*.c)
    [ -n "$files" ] || missing+="$name"$'\n'
    for file in $files; do
      # the name once more, as an argument of tcase_add_..._test
      [ "$(grep -cE "\<$name\>" "$file")" -gt 1 ] ||
        missing+="$name is not run by $file"$'\n'
    done
  done
done < <(grep -E '^\| S[0-9]+ \|' "$page")
result "every test that is named exists" "$missing"
result "every row names tests of its own" "$wrong"
