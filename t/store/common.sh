# What the scripts of t/store share; to be sourced.  The tests themselves are
# in Python: they talk to many servers at once.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

[ -n "$DIGEST_STORE" ] || skip_all "built without hiredis"
command -v redis-server >/dev/null || skip_all "redis-server not found"
[ -n "$PYTHON3" ] || skip_all "python3 not found"
set_up

tell_story() {  # FILE.py
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$DIGEST_SRCDIR/t/store \
    "$PYTHON3" "$DIGEST_SRCDIR/t/store/$1" "$dir" || {
    echo "Bail out! $1 ended early"
    exit 1
  }
}
