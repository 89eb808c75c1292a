# Shared by http.sh and apache.sh, besides t/plugin/common.sh; to be sourced.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

http_client=$DIGEST_BUILDDIR/t/peers/http_client
http_peer=$DIGEST_SRCDIR/t/interop/http_peer.py
host=127.0.0.1 port=

# Programs in the background, by name, and their exit statuses.
declare -A pids=() ends=()
trap 'stop server; stop forger; rm -rf "$dir"' EXIT

# Runs a program that prints "port N", and sets port.  With --foreground timeout
# sends no SIGCONT after a signal.  A SIGCONT would undo the SIGSTOP of a
# sanitizer's leak check at the end, which would then wait for ever.
start() {  # NAME COMMAND...
  local word
  stop "$1"
  [ -p "$dir/port" ] || mkfifo "$dir/port" || exit 1
  timeout --foreground -k 5 300 "${@:2}" >"$dir/port" 2>"$dir/$1.log" &
  pids[$1]=$!
  read -r -t "$limit" word port <"$dir/port" && [ "$word" = port ]
}

stop() {  # NAME
  local pid=${pids[$1]-}
  [ -n "$pid" ] || return 0
  unset "pids[$1]"
  kill "$pid" 2>/dev/null
  wait "$pid"
  ends[$1]+="$? "
}

run_client() {  # URI [METHOD [BODY]] NAME=VALUE...
  rm -f "$dir"/client.*
  timeout "$limit" "$http_client" "$host" "$port" "$1" "$user" "$password" \
    "${@:2}" plugins="$dir/$client_plugins" log="$dir/client.log" \
    trace="$dir/client.trace" option.log_level=7 \
    >"$dir/client.result" 2>"$dir/client.err"
}

# The status codes that our client got.
codes() { [ "$(head -n 1 "$dir/client.result")" = "$* " ]; }  # CODE...

test_repeat() {  # URI
  run_client "$1" repeat=3 && has client.result '200 $'
  ok $? "our client: three requests"
  run_client "$1" repeat=3 option.reauth_timeout=10 mutual=1
  codes 401 200 200 200 && has client.trace '^credentials .*nc=00000003'
  ok $? "our client: three requests with one challenge"
}

find_python() {  # MODULE
  local found
  for found in "${PYTHON3-}" python3 /usr/bin/python3; do
    [ -n "$found" ] && "$found" -c "import $1" 2>/dev/null || continue
    printf '%s\n' "$found"
    return
  done
}

# Starts a proxy for the port, which changes replies.
start_forger() {  # PATTERN REPLACEMENT
  start forger "$(find_python re)" "$http_peer" forge "$port" - - "$@"
}

# Our client with a server that sends a wrong proof, or none.
test_forged() {  # URI
  local real_port=$port
  [ -n "$(find_python re)" ] || {
    skip "a server that does not know the password" "python3 not found"
    return
  }
  start_forger 'rspauth="?[0-9a-f]{32}' "rspauth=\"$(printf '%032d' 0)"
  run_client "$1"
  [ $? -eq 1 ] && codes 401 200 && has client.err 'code=-'
  ok $? "our client: a server that does not know the password is refused"
  port=$real_port
  start_forger 'Authentication-Info' 'X-Something'
  run_client "$1" && codes 401 200
  ok $? "our client: a server may say nothing after success"
  run_client "$1" mutual=1
  [ $? -eq 1 ] && codes 401 200 && has client.err 'code=-'
  ok $? "our client: unless it has to prove itself"
  stop forger
  port=$real_port
}
