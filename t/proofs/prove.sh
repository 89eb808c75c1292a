#!/bin/bash
# Runs every proof of t/proofs, and then the same proofs with wrong code, where
# they must fail.  doc/internals/proofs.md says what is proved.
#
# A proof is a directory with proof.c.  Its comment has a line "wp: FUNCTION..."
# or "eva: FUNCTION", and "not: GOAL" for a goal of another proof.  A line of
# mutations has the function whose proof must fail, a file, and a sed command
# for the file.
#
# prove.sh [NAME...] runs the proofs named, or all, with the first mutation of
# each, so that it takes two or three minutes in make check-all; with all of them
# if DIGEST_PROVE_ALL is set, as make prove does.  DIGEST_PROVE_LOGS keeps the
# output of Frama-C in that directory.
set -u
here=$DIGEST_SRCDIR/t/proofs
job_limit=600  # seconds
goal_limit=60  # seconds, wall-clock; the slowest goals need one of CPU time
wrong_goal_limit=2  # for mutations, where some goals never end

skip_all() {  # REASON
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}

# Runs Frama-C for one proof, with lib/ and plugins/ of a directory.

frama() {  # SOURCES ARGUMENT...
  local sources=$1
  shift
  # Frama-C compiles the script in its directory.
  mkdir "$log.machdep" && cp "$here/machdep.ml" "$log.machdep/" || return
  timeout -k 5 "$job_limit" frama-c -load-script "$log.machdep/machdep.ml" \
    -machdep unsigned_char -kernel-warn-key annot-error=abort \
    -warn-unsigned-overflow -cpp-extra-args="-D__FC_MACHDEP_GCC_X86_64 \
      -I$here -I$DIGEST_SRCDIR/t -I$sources/lib -I$sources/plugins" "$@" 2>&1
}

field() {  # PROOF NAME
  sed -n "s/^ \* $2: //p" "$here/$1/proof.c" | xargs
}

prove_wp() {  # PROOF SOURCES FUNCTIONS
  local without limit=$goal_limit
  [ "$2" = "$dir/annotated" ] || limit=$wrong_goal_limit
  without=$(field "$1" not)
  frama "$2" -wp -wp-rte -wp-prover z3,cvc4 -wp-timeout "$limit" \
    ${without:+-wp-prop=-${without// /,-}} -wp-fct "${3// /,}" \
    "$here/$1/proof.c" | tee "$log"
  grep -qE '^\[wp\] Proved goals: +([1-9][0-9]*) / \1$' "$log" &&
    ! grep -qE 'User Error|missing-spec.* (function )?('"${3// /|}"'),' "$log"
}

# Requires no alarm and no unknown result, and that the end of the function is
# reached.
prove_eva() {  # PROOF SOURCES FUNCTION
  frama "$2" -eva -main "$3" -eva-slevel 1000000 -eva-auto-loop-unroll 300 \
    -eva-ilevel 32 -eva-no-show-progress $(field "$1" options) \
    -eva-msg-key=-final-states,-initial-state \
    "$here/$1/proof.c" | tee "$log"
  grep -q '^  0 alarms generated' "$log" &&
    grep -q '^  100% of the logical properties' "$log" &&
    ! grep -qE 'NON TERMINATING|User Error|using default assigns' "$log"
}

# Runs one proof, or one with a line of its mutations.  A mutation must change
# the sources.
run_job() {  # PROOF NUMBER; number 0: the code as it is
  local sources=$DIGEST_SRCDIR wp function= file change
  log=$dir/logs/$1-$2
  wp=$(field "$1" wp)
  [ -z "$wp" ] || sources=$dir/annotated
  if [ "$2" -gt 0 ]; then
    read -r function file change < <(list_mutations "$1" | sed -n "$2p")
    copy_sources "$sources" "$dir/mutated-$1-$2" || return
    sources=$dir/mutated-$1-$2
    cp "$sources/$file" "$log.original" &&
      sed -i "$change" "$sources/$file" || return
    if cmp -s "$sources/$file" "$log.original"; then
      echo "nothing mutated" >"$log"
      return
    fi
  fi
  if [ -n "$wp" ]; then
    prove_wp "$1" "$sources" "${function:-$wp}"
  else
    prove_eva "$1" "$sources" "$(field "$1" eva)"
  fi >/dev/null
  [ $? -eq 0 ] && echo proved >"$log.result" && return
  # Parsed, analysed and refuted; not, say, a missing file.
  grep -qE 'Proved goals|ANALYSIS SUMMARY' "$log" &&
    echo refuted >"$log.result"
}

list_mutations() {  # PROOF
  [ ! -f "$here/$1/mutations" ] || grep -vE '^(#|$)' "$here/$1/mutations"
}

list_jobs() {
  local name i count
  for name in "${names[@]}"; do
    count=$(list_mutations "$name" | wc -l)
    # without mutations the first one fails
    [ -n "${DIGEST_PROVE_ALL-}" ] && [ "$count" -gt 0 ] || count=1
    for ((i = 0; i <= count; i++)); do
      printf '%s %d\n' "$name" "$i"
    done
  done
}

# Loop invariants are in loops.sed, not in lib/, and are inserted as comments
# into a copy.  Without comments the copy equals the original.
annotate() {
  local file original
  mkdir "$dir/logs" &&
    copy_sources "$DIGEST_SRCDIR" "$dir/annotated" || return
  for file in "$dir"/annotated/lib/*/*.[ch]; do
    original=$DIGEST_SRCDIR/${file#"$dir/annotated/"}
    sed -i -f "$here/loops.sed" "$file" || return
    cmp -s "$file" "$original" ||
      cmp -s <(tokens "$file") <(tokens "$original") || return
  done
}

copy_sources() {  # FROM TO
  mkdir "$2" && cp -R "$1/lib" "$1/plugins" "$2" && chmod -R u+w "$2"
}

tokens() {  # FILE
  gcc -fpreprocessed -dD -E -P "$1" 2>/dev/null | tr -d ' \t\n'
}

# Lets WP find the provers.  Why3 leaves sockets in the directory for
# temporary files.
prepare() {
  export HOME=$dir TMPDIR=$dir
  why3 config detect >"$dir/logs/why3" 2>&1
}

report() {  # PROOF NUMBER
  local name="$1" expected=proved result text
  [ "$2" -eq 0 ] || expected=refuted
  result=$(cat "$dir/logs/$1-$2.result" 2>/dev/null)
  text=$1
  if [ "$2" -gt 0 ]; then
    text="$1 fails with $(list_mutations "$1" | sed -n "$2p" | tr -s ' ')"
  else
    text="$1: $(sed -nE 's/^\[wp\] Proved goals: +([0-9]+) .*/\1 goals/p
      s/^  In these functions, ([0-9]+) statements.*/\1 statements/p' \
      "$dir/logs/$1-0")"
  fi
  number=$((number + 1))
  if [ "$result" = "$expected" ]; then
    printf 'ok %d - %s\n' "$number" "${text//#/}"
    return
  fi
  failed=$((failed + 1))
  printf 'not ok %d - %s\n' "$number" "${text//#/}"
  grep -vE 'Goal.*Valid|rte:annot' "$dir/logs/$1-$2" | tail -n 30 |
    sed 's/^/# /'
}

# A single job, started below.
if [ -n "${DIGEST_PROVE_DIR-}" ]; then
  dir=$DIGEST_PROVE_DIR
  run_job "$@"
  exit 0
fi

[ -z "${DIGEST_PRELOAD-}" ] || skip_all "proofs know no sanitizers"
case $DIGEST_BUILDDIR in
  */_build/sub) skip_all "distcheck need not prove these files once more" ;;
esac
for program in frama-c why3 z3 cvc4 gcc; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
annotate && prepare || skip_all "Frama-C cannot be prepared"

names=("$@")
[ $# -gt 0 ] ||
  mapfile -t names < <(cd "$here" && printf '%s\n' */proof.c | xargs dirname)
mapfile -t jobs < <(list_jobs)
printf '1..%d\n' "${#jobs[@]}"
printf '%s\n' "${jobs[@]}" |
  DIGEST_PROVE_DIR=$dir xargs -P "$(nproc)" -L 1 "$BASH" "$0"
[ -z "${DIGEST_PROVE_LOGS-}" ] || cp -R "$dir/logs/." "$DIGEST_PROVE_LOGS/"
number=0 failed=0
for job in "${jobs[@]}"; do
  report ${job}
done
printf '# %d proofs and %d mutations, %d failed\n' "${#names[@]}" \
  $((${#jobs[@]} - ${#names[@]})) "$failed"
[ "$failed" -eq 0 ]
