# Shared by the scripts of t/store; to be sourced.  The tests are in Python,
# because they use many servers at the same time.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

[ -n "$DIGEST_STORE" ] || skip_all "built without hiredis"
store=$(command -v redis-server || command -v valkey-server) ||
  skip_all "neither redis-server nor valkey-server found"
version=$("$store" --version | sed -n 's/.* v=\([0-9.]*\).*/\1/p')
printf '%s\n' 6.0 "$version" | sort -CV ||
  skip_all "the tests take redis-server 6, this is $version"
[ -n "$PYTHON3" ] || skip_all "python3 not found"
set_up

tell_story() {  # FILE.py
  REDIS_SERVER=$store PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=$DIGEST_SRCDIR/t/store \
    "$PYTHON3" "$DIGEST_SRCDIR/t/store/$1" "$dir" || {
    echo "Bail out! $1 ended early"
    exit 1
  }
}
