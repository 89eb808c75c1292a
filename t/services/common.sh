# Shared by the scripts of t/services; to be sourced.  Each script has a page in
# doc/services and uses the configuration files of that page.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

# Programs in the background, by name.
declare -A pids=()
end_all() {
  local name
  for name in "${!pids[@]}"; do
    stop "$name"
  done
}
trap 'end_all; rm -rf "$dir"' EXIT

# Prints a file of a page: the block after the line "<!-- file: NAME -->".
block() {  # PAGE NAME
  awk -v name="$2" '
    $0 == "<!-- file: " name " -->" { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    inside { print; lines++ }
    END { if (!lines) exit 1 }' "$DIGEST_SRCDIR/doc/services/$1.md" || {
    printf '# no file %s in doc/services/%s.md\n' "$2" "$1"
    exit 1
  }
}

# The hash that the command of a page computes from a password.
hash_of() {  # PAGE PASSWORD
  block "$1" /root/secret.sh >"$dir/secret.sh" &&
    bash "$dir/secret.sh" <<<"$2" 2>/dev/null
}

# Converts lines "NAME: VALUE" to arguments of our server, in the array options.
read_options() {
  local line
  options=()
  while IFS= read -r line; do
    options+=("option.${line%%: *}=${line#*: }")
  done
}

# A command that sees files or directories of the test in place of others, in a
# mount namespace: "${in_place[@]}" FILE PLACE [FILE PLACE]... -- COMMAND...
in_place=(unshare --mount bash -c 'while [ "$1" != -- ]; do
  mount --bind "$1" "$2" && shift 2 || exit
done; shift; exec "$@"' in_place)
needs_in_place() {
  [ "$(id -u)" -eq 0 ] && "${in_place[@]}" "$dir" /mnt -- true 2>/dev/null ||
    skip_all "only root can mount files, and not everywhere"
}

# What a program logs with syslog(3) is in syslog.log if $dir/dev is its /dev.
start_syslog() {
  local name minor
  command -v socat >/dev/null || skip_all "socat not found"
  mkdir "$dir/dev" || exit 1
  for name in null:3 zero:5 random:8 urandom:9; do
    minor=${name#*:} name=${name%:*}
    mknod -m 666 "$dir/dev/$name" c 1 "$minor" ||
      skip_all "no devices can be made here"
  done
  start syslog socat -u "UNIX-RECV:$dir/dev/log,mode=666" \
    "OPEN:$dir/syslog.log,creat,append"
  await syslog test -S "$dir/dev/log" || exit 1
}
syslog_has() { await syslog has syslog.log "$1"; }  # PATTERN

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }  # PORT

# A free port; another program may take it before it is used.
pick_port() {
  local i
  for ((i = 0; i < 50; i++)); do
    port=$((RANDOM % 12000 + 20000))
    answers "$port" || return 0
  done
  return 1
}

# Starts a program in the background; its output is NAME.log.
start() {  # NAME COMMAND...
  stop "$1"
  timeout -k 5 300 "${@:2}" >"$dir/$1.log" 2>&1 &
  pids[$1]=$!
}

stop() {  # NAME
  local pid=${pids[$1]-}
  [ -n "$pid" ] || return 0
  unset "pids[$1]"
  kill "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
}

# Waits until a command succeeds, while the program runs.
await() {  # NAME COMMAND...
  local end=$((SECONDS + limit))
  while [ "$SECONDS" -lt "$end" ]; do
    if "${@:2}"; then
      # if another program took the port, that program answers
      sleep 0.1
      kill -0 "${pids[$1]-$$}" 2>/dev/null
      return
    fi
    kill -0 "${pids[$1]-$$}" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}
