#!/bin/bash
# Checks tables of tests: doc/sspi.md, for every statement of Microsoft's page,
# and doc/defects.md, for every known defect: the named tests exist, run, and
# contain the number of their row.  Those of doc/security.md, for every promise,
# exist.
set -u
cd "$DIGEST_SRCDIR" || exit 1

number=0
result() {  # NAME FINDINGS
  number=$((number + 1))
  if [ -z "$2" ]; then
    printf 'ok %d - %s: %s\n' "$number" "$page" "$1"
  else
    printf 'not ok %d - %s: %s\n' "$number" "$page" "$1"
    printf '%s' "$2" | sed 's/^/# /'
  fi
}

rows() {  # LETTER LAST: each number has one
  local i count found=
  for ((i = 1; i <= $2; i++)); do
    count=$(grep -c "^| $1$i |" "$page")
    [ "$count" -eq 1 ] || found+="$1$i has $count rows"$'\n'
  done
  result "every number has one row" "$found"
}

# A script or a program names the row in a description, not in a comment.
has_line() {  # FILE ROW
  grep -vE '^ *(#|/?\*)' "$1" 2>/dev/null | grep -qw "$2"
}

# A unit test: the name once more, as an argument of tcase_add_..._test.
has_unit_test() {  # NAME
  local file files
  files=$(grep -lE "^START_TEST\($1\)" t/unit/*/*.c)
  for file in $files; do
    [ "$(grep -cE "\<$1\>" "$file")" -gt 1 ] || return 1
  done
  [ -n "$files" ]
}

tests() {  # LETTER COLUMNS: those in the last column
  local line row name cells names missing='' wrong=''
  while read -r line; do
    IFS='|' read -r -a cells <<<"$line"
    row=${cells[1]// /}
    [ ${#cells[@]} -eq $(($2 + 1)) ] ||
      wrong+="$row has not $2 columns"$'\n'
    read -r -a names <<<"${cells[-1]//\`/}"
    [ ${#names[@]} -gt 0 ] || wrong+="$row names no test"$'\n'
    for name in "${names[@]}"; do
      case $name in
        */*) has_line "$name" "$row" || missing+="$row in $name"$'\n' ;;
        *) [[ _${name}_ == *_"$row"_* ]] || wrong+="$row names $name"$'\n'
           has_unit_test "$name" || missing+="$name"$'\n' ;;
      esac
    done
  done < <(grep -E "^\| $1[0-9]+ \|" "$page")
  result "every test that is named exists" "$missing"
  result "every row names tests of its own" "$wrong"
}

forgotten() {  # LETTER: tests that are in no row
  local name found=
  while read -r name; do
    grep -qF "\`$name\`" "$page" || found+="$name"$'\n'
  done < <(sed -nE "s/^START_TEST\(($1[0-9]+_.*)\)/\1/p" t/unit/*/*.c | sort -u)
  result "every test named after a row stands there" "$found"
}

# The promises of a page: `t/FILE`: `CASE`, `CASE`; `t/FILE` ...
promises() {
  local line cell name file missing='' count=0
  while read -r line; do
    cell=${line% |}
    cell=${cell##*| }
    count=$((count + 1))
    file=
    while read -r name; do
      case $name in
        make\ *) ;;
        t/*) file=$name
             [ -e "$file" ] || missing+="$file"$'\n' ;;
        *) [ -n "$file" ] && grep -qF -e "$name" "$file" ||
             missing+="$name in $file"$'\n' ;;
      esac
    done < <(grep -o '`[^`]*`' <<<"$cell" | tr -d '`')
  done < <(sed -n '/^| promise /,/^$/p' "$page" | sed 1,2d | grep '^|')
  [ "$count" -gt 20 ] || missing+="only $count promises"$'\n'
  result "every test of a promise exists" "$missing"
}

echo 1..9
page=doc/sspi.md
rows S 71
tests S 4
forgotten S
page=doc/defects.md
rows G 59
tests G 3
forgotten G
page=doc/security.md
promises
