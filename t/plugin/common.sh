# Shared by the scripts of t/plugin and t/interop; to be sourced.  Each script
# works in a temporary directory $dir, which is removed at the end.
set -u
set -o pipefail
umask 022

# The name is used in configuration files and in paths of sockets, which must be
# short.  It is also HOME, so that programs find no files of the user.
dir=$(mktemp -d) || exit 1
if [[ ${#dir} -gt 48 || $dir = *[!A-Za-z0-9/._-]* ]]; then
  rmdir "$dir" && dir=$(mktemp -d /tmp/digest.XXXXXXXXXX) || exit 1
fi
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C HOME=$dir
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

peer=$DIGEST_BUILDDIR/t/peers/sasl_peer
read -r -a compiler <<<"${CC-cc}"  # it may come with flags
user=alice
password='open sesame'
realm=example.test
limit=120  # seconds for one run, on a busy machine

number=0
ok() {  # STATUS NAME
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    printf 'ok %d - %s\n' "$number" "$2"
  else
    printf 'not ok %d - %s\n' "$number" "$2"
    show
  fi
}

# The plugin's own sources, to be compiled by a script.
include=(-iquote "$DIGEST_SRCDIR/lib" -iquote "$DIGEST_SRCDIR/plugins"
  -iquote "$DIGEST_SRCDIR/t")
plugin_sources() {
  printf '%s\n' "$DIGEST_SRCDIR"/plugins/{,store/}*.c |
    grep -vE '/(redis|redis_commands|resolver|wire|worker)\.c$'
}

# Prints why the last run failed.
show() {
  local file
  for file in "$dir"/{server,client}.{result,log,err}; do
    [ ! -s "$file" ] || sed "s#^#\# ${file##*/}: #" "$file"
  done
}

skip() {  # NAME REASON
  number=$((number + 1))
  printf 'ok %d - %s # SKIP %s\n' "$number" "$1" "$2"
}

skip_all() {  # REASON
  printf '1..0 # SKIP %s\n' "$1"
  exit 0
}

done_testing() { printf '1..%d\n' "$number"; }

# Runs another program that loads a plugin built with the sanitizers.
with_plugin() {
  if [ -n "${DIGEST_PRELOAD-}" ]; then
    LD_PRELOAD=$DIGEST_PRELOAD ASAN_OPTIONS=detect_leaks=0 "$@"
  else
    "$@"
  fi
}

# The distribution's plugin; if ours is installed, it has been diverted.
stock_plugin() {
  local file
  for file in "$DIGEST_SASL_DIR"/libdigestmd5.so{.distrib,}; do
    [ -e "$file" ] && ! grep -q '@(#) sasl-digest' "$file" || continue
    printf '%s\n' "$file"
    return
  done
  return 1
}

# Lets users other than root, who run programs of a test, reach files in $dir.
open_to() {  # USER...
  local name
  [ "$(id -u)" -eq 0 ] || return 0
  chmod 711 "$dir"
  for name; do
    getent passwd "$name" >/dev/null || skip_all "user $name not found"
    setpriv --reuid="$name" --regid="$(id -g "$name")" --clear-groups \
      test -x "$dir/." || skip_all "user $name cannot reach $dir"
  done
}

# Sets the directory from which a command's libsasl2 takes plugins or
# configuration files.  Version 2.2 of the library has other names for the
# variables.
plugins_from() { SASL_PATH=$1 SASL_PLUGINDIR=$1 "${@:2}"; }
settings_from() { SASL_CONF_PATH=$1 SASL_CONFDIR=$1 "${@:2}"; }

# Plugin directories: ours, and the distribution's, each with a user database.
set_up() {
  local stock
  command -v saslpasswd2 >/dev/null || skip_all "saslpasswd2 not found"
  [ -e "$DIGEST_SASL_DIR/libsasldb.so" ] || skip_all "libsasldb.so not found"
  mkdir "$dir/ours" "$dir/stock" &&
    ln -s "$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")" "$dir/ours/" &&
    ln -s "$DIGEST_SASL_DIR/libsasldb.so" "$dir/ours/" &&
    ln -s "$DIGEST_SASL_DIR/libsasldb.so" "$dir/stock/" || exit 1
  ! stock=$(stock_plugin) || ln -s "$stock" "$dir/stock/libdigestmd5.so"
  add_user "$user" "$password"
}

add_user() {  # NAME PASSWORD [REALM]
  plugins_from "$dir/stock" saslpasswd2 -p -c -f "$dir/sasldb2" \
    -u "${3-$realm}" "$1" <<<"$2" || exit 1
}

server_plugins=ours
client_plugins=ours
server_arguments=()
client_arguments=()

start_server() {  # reads and writes like any command
  timeout "$limit" "$peer" server plugins="$dir/$server_plugins" \
    result="$dir/server.result" log="$dir/server.log" \
    trace="$dir/server.trace" realm="$realm" \
    option.auxprop_plugin=sasldb option.sasldb_path="$dir/sasldb2" \
    option.log_level=7 option.pwcheck_method=auxprop \
    "${server_arguments[@]}" 2>"$dir/server.err"
}

start_client() {
  timeout "$limit" "$peer" client plugins="$dir/$client_plugins" \
    result="$dir/client.result" log="$dir/client.log" \
    trace="$dir/client.trace" authname="$user" password="$password" \
    option.log_level=7 "${client_arguments[@]}" 2>"$dir/client.err"
}

# Connects two commands; the statuses are in server_status, client_status.
connect() {  # SERVER CLIENT
  rm -f "$dir"/{server,client}.{result,log,err,trace}
  [ -p "$dir/to_server" ] || mkfifo "$dir/to_server" || exit 1
  "$1" <"$dir/to_server" | "$2" >"$dir/to_server"
  local statuses=("${PIPESTATUS[@]}")
  server_status=${statuses[0]}
  client_status=${statuses[1]}
}

run() {  # [server:|client: ARGUMENT...]...: our two peers
  local side=
  server_arguments=()
  client_arguments=()
  for argument; do
    case $argument in
      server:) side=server ;;
      client:) side=client ;;
      *) if [ "$side" = server ]; then server_arguments+=("$argument")
         else client_arguments+=("$argument"); fi ;;
    esac
  done
  connect start_server start_client
}

succeeded() { [ "$server_status" -eq 0 ] && [ "$client_status" -eq 0 ]; }
has() { grep -q -e "$2" "$dir/$1" 2>/dev/null; }  # FILE PATTERN
