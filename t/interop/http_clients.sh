#!/bin/bash
# HTTP Digest: the example server with the clients of other languages, each with
# one request after the other and with several at the same time.
. "$DIGEST_SRCDIR/t/interop/http_common.sh"

http_server=$DIGEST_BUILDDIR/doc/examples/http_server
[ -x "$http_server" ] || skip_all "http_server not built: no libmicrohttpd"
password=sesame  # w3m reads it up to a blank
set_up
clients=$DIGEST_SRCDIR/t/interop/http_clients
count=5 threads=4

start_http() {  # ALGORITHM
  plugins_from "$dir/$server_plugins" start server "$http_server" \
    realm="$realm" option.auxprop_plugin=sasldb \
    option.sasldb_path="$dir/sasldb2" option.log_level=7 \
    "option.digestmd5_http_algorithm=$1"
  url=http://$host:$port
}

# Each fetches $url, THREADS at a time, COUNT times each.

urls() {
  local i
  for ((i = 0; i < $1; i++)); do printf '%s/?%d\n' "$url" "$i"; done
}

run_curl() {  # COUNT THREADS
  local -a all
  mapfile -t all < <(urls $(($1 * $2)))
  curl -q --silent --fail --noproxy '*' --digest --user "$user:$password" \
    --parallel --parallel-max "$2" --parallel-immediate "${all[@]}"
}

run_wget() {
  local -a all
  mapfile -t all < <(urls "$1")
  in_parallel "$2" "$wget" --no-config --no-proxy --tries=1 --quiet \
    --user="$user" --password="$password" -O - "${all[@]}"
}

run_w3m() {
  local -a all
  mkdir -p "$dir/.w3m"
  printf 'machine %s\nport %d\nrealm %s\nlogin %s\npassword %s\n' \
    "$host" "$port" "$realm" "$user" "$password" >"$dir/.w3m/passwd"
  chmod 600 "$dir/.w3m/passwd"
  mapfile -t all < <(urls "$1")
  # without a terminal it does not ask
  in_parallel "$2" setsid w3m -no-proxy -dump "${all[@]}"
}

run_perl() {
  in_parallel "$2" perl "$clients/client.pl" "$url/" "$user" "$password" "$1"
}

run_ruby() {
  in_parallel "$2" ruby "$clients/client.rb" "$url/" "$user" "$password" "$1"
}

run_python() {
  "$python" "$clients/client.py" "$module" "$url/" "$user" "$password" "$@"
}

run_java() {
  timeout "$limit" "$JAVA" -Xshare:auto -XX:TieredStopAtLevel=1 \
    -XX:+UseSerialGC -cp "$dir" HttpClients "$class" "$url/" "$user" \
    "$password" "$@"
}

in_parallel() {  # THREADS COMMAND...
  local -a running=()
  local i status=0
  for ((i = 0; i < $1; i++)); do
    timeout 30 "${@:2}" >"$dir/part.$i" </dev/null &
    running+=($!)
  done
  for i in "${!running[@]}"; do
    wait "${running[i]}" || status=1
    cat "$dir/part.$i"
  done
  return "$status"
}

# Otherwise the client does not know the challenge's algorithm.
answered() {
  has client.result "^$user@" || has server.log 'DIGEST-MD5 server'
}

try() {  # NAME FUNCTION
  local algorithm at_once reason
  for algorithm in MD5 SHA-256 "SHA-256 MD5"; do
    for at_once in 1 "$threads"; do
      reason="$1: $algorithm, $at_once at a time"
      start_http "$algorithm"
      rm -f "$dir"/client.*
      "$2" "$count" "$at_once" >"$dir/client.result" 2>"$dir/client.err"
      if [ "$(grep -c "^$user@$realm GET /[?0-9]*, 0 octets" "$dir/client.result")" \
          = $((count * at_once)) ]; then
        ok 0 "$reason"
      elif has server.log 'chose algorithm MD5, which was not offered\|challenge for another algorithm'; then
        skip "$reason" "it answers with MD5"
      elif answered; then
        ok 1 "$reason"
      else
        skip "$reason" "it does not answer this challenge"
      fi
    done
  done
}

try_program() {  # COMMAND FUNCTION
  if command -v "$1" >/dev/null; then
    try "$1" "$2"
  else
    skip "$1" "$1 not found"
  fi
}

try_python() {  # MODULE
  local python module=$1
  python=$(find_python "${1/urllib/urllib.request}")
  if [ -n "$python" ]; then
    try "Python's $1" run_python
  else
    skip "Python's $1" "Python has no module $1"
  fi
}

try_java() {
  local class
  if [ -z "${JAVA:+${JAVAC-}}" ] || ! "$JAVAC" -d "$dir" \
      "$clients/HttpClients.java" 2>"$dir/client.err"; then
    skip "JDK" "no JDK of version 11 or later found"
    return
  fi
  for class in HttpURLConnection HttpClient; do
    try "the JDK's $class" run_java
  done
}

try_program curl run_curl
wget=wget try_program wget run_wget
wget=wget2 try_program wget2 run_wget
try_program w3m run_w3m
for module in requests httpx httplib2 urllib; do try_python "$module"; done
if perl -MLWP::UserAgent -e 1 2>/dev/null; then
  try "Perl's LWP" run_perl
else
  skip "Perl's LWP" "Perl has no LWP"
fi
if ruby -e 'require "net/http/digest_auth"' 2>/dev/null; then
  try "Ruby's net-http-digest_auth" run_ruby
else
  skip "Ruby's net-http-digest_auth" "Ruby does not have it"
fi
try_java
stop server
done_testing
