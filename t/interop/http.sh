#!/bin/bash
# HTTP Digest: the example server with curl, wget, Python, our client, and
# hostile clients.
. "$DIGEST_SRCDIR/t/interop/http_common.sh"

http_server=$DIGEST_BUILDDIR/doc/examples/http_server
[ -x "$http_server" ] || skip_all "http_server not built: no libmicrohttpd"
set_up

algorithms=(MD5 MD5-sess SHA-256 SHA-256-sess SHA-512-256 SHA-512-256-sess)
algorithm=option.digestmd5_http_algorithm

start_http() {  # NAME=VALUE...
  plugins_from "$dir/$server_plugins" start server "$http_server" \
    realm="$realm" option.auxprop_plugin=sasldb \
    option.sasldb_path="$dir/sasldb2" option.log_level=7 "$@"
  url=http://$host:$port
}

# Each of these writes the reply to client.result, and its log to client.log.

run_curl() {  # ARGUMENT...
  rm -f "$dir"/client.*
  curl -q --silent --noproxy '*' --max-time "$limit" --digest \
    --user "$user:$password" --verbose "$@" 2>&1 \
    >"$dir/client.result" | tr -d '\r' >"$dir/client.log"
}

run_wget() {  # ARGUMENT...
  rm -f "$dir"/client.*
  "$wget" --no-config --no-proxy --tries=1 --timeout="$limit" \
    --user="$user" --password="$password" --server-response \
    -O "$dir/client.result" "$@" >"$dir/client.log" 2>&1
}

run_peer() {  # SCENARIO [ARGUMENT...]
  rm -f "$dir"/client.*
  timeout 60 "$python" "$http_peer" "$1" "$port" "$user" "$password" \
    "${@:2}" >"$dir/client.result" 2>"$dir/client.err"
}

# The server received the request, and knows the user.
got() {  # METHOD URI SIZE
  [ "$(tail -n 1 "$dir/client.result")" = "$user@$realm $1 $2, $3 octets" ]
}

used() {  # FILE NAME=VALUE, as a whole directive of the credentials
  grep -i '^\(> Authorization: Digest\|credentials\) ' "$dir/$1" |
    grep -qiE "[ ,]$2(,|\$)"
}

try_curl() {  # NAME WHAT
  run_curl "$url/a%20b?c=d"
  got GET '/a%20b?c=d' 0 && used client.log "$1"
  ok $? "curl: $2"
  run_curl --data-binary @"$dir/body" "$url/post"
  got POST /post 70000 && used client.log "$1"
  ok $? "curl: $2, with a body"
}

# SHA-512/256 is correct from 8.8.0 on; before, it was another hash of that
# size.
curl_can() {  # ALGORITHM
  local version
  version=$(curl -q --version | sed 's/^curl //; s/ .*//; q')
  case $1 in
    SHA-512*) printf '%s\n' 8.8.0 "$version" | sort -CV ;;
  esac
}

test_curl() {
  local name
  command -v curl >/dev/null || {
    skip "curl" "curl not found"
    return
  }
  head -c 70000 /dev/zero >"$dir/body"
  for name in "${algorithms[@]}"; do
    if curl_can "$name"; then
      start_http "$algorithm=$name"
      try_curl "algorithm=$name" "$name"
    else
      skip "curl: $name" "this curl does not know it"
    fi
  done
  start_http "$algorithm=SHA-256 MD5"
  try_curl 'algorithm=(MD5|SHA-256)' "MD5 and SHA-256"
  grep -c '^< WWW-Authenticate: Digest .*=SHA-256,.*, Digest .*=MD5,' \
    "$dir/client.log" >/dev/null
  ok $? "curl: both are offered, the better one first"
  start_http max=1
  try_curl qop=auth "auth, where auth-int is offered too"
  start_http option.digestmd5_http_users="$user" "$algorithm=SHA-256"
  try_curl userhash=true "a hashed user name"
  ! has client.log "> Authorization:.*$user"
  ok $? "curl: that cannot be read"
  start_http option.digestmd5_http_domain="/ http://other.test/"
  run_curl "$url/" && got GET / 0 &&
    has client.log 'WWW-Authenticate:.*[ ,]domain="/ http://other.test/"'
  ok $? "curl: the domain is told"
  run_curl --user "$user:wrong" "$url/"
  ! got GET / 0 && has client.log '< HTTP/1.1 401' &&
    ! has client.log '< HTTP/1.1 200'
  ok $? "curl: a wrong password is refused"
}

test_wgets() {
  local wget found=
  for wget in wget wget2; do
    [[ $("$wget" --version 2>/dev/null) = "GNU Wget"* ]] || continue
    found=yes
    test_wget
  done
  [ -n "$found" ] || skip "wget" "neither wget nor wget2 of GNU found"
}

test_wget() {  # the program in $wget
  start_http
  run_wget "$url/a?b=c" && got GET '/a?b=c' 0
  ok $? "$wget: MD5"
  run_wget --post-data=hello "$url/" && got POST / 5
  ok $? "$wget: MD5, with a body"
  ! run_wget --password=wrong "$url/" && has client.log ' 401 ' &&
    ! has client.log ' 200 '
  ok $? "$wget: a wrong password is refused"
  start_http "$algorithm=MD5-sess"
  run_wget "$url/" && got GET / 0
  ok $? "$wget: MD5-sess"
}

test_algorithm() {  # NAME
  start_http max=1 "$algorithm=$1"
  run_client '/a?b=c' max=0 && codes 401 200 && got GET '/a?b=c' 0 &&
    used client.trace "algorithm=$1" && used client.trace qop=auth
  ok $? "our client: $1, auth"
  run_client / POST hello min=1 max=1 && codes 401 200 && got POST / 5 &&
    used client.trace "algorithm=$1" && used client.trace qop=auth-int
  ok $? "our client: $1, auth-int"
}

# Our server always offers qop, but then does not require it.
test_legacy() {
  [ -n "$python" ] || {
    skip "our client: the form of RFC 2069" "python3 not found"
    return
  }
  start_http option.digestmd5_http_legacy=yes
  start_forger 'qop="[^"]*", *' ''
  run_client /
  [ $? -eq 1 ] && codes 401 && ! has client.trace '^credentials'
  ok $? "our client: the form of RFC 2069 is refused"
  run_client / option.digestmd5_http_legacy=yes && codes 401 200 &&
    ! has client.trace '^credentials .*\(qop\|nc\|cnonce\)='
  ok $? "our client: unless the option allows it"
}

# The proxy changes the nonce, so that the response to the challenge is stale.
test_stale() {
  [ -n "$python" ] || {
    skip "our client: a stale nonce" "python3 not found"
    return
  }
  start_http
  start_forger 'nonce="\w{8}(?!.*stale)' 'nonce="00000000'
  run_client / mutual=1 && codes 401 401 200
  ok $? "our client: a stale nonce is replaced"
  start_http
  start_forger 'nonce="\w{8}' 'nonce="00000000'
  run_client /
  [ $? -eq 1 ] && codes 401 401 401
  ok $? "our client: but not for ever"
}

test_client() {
  local name
  [ -x "$http_client" ] || {
    skip "our client" "http_client not built"
    return
  }
  for name in "${algorithms[@]}"; do
    test_algorithm "$name"
  done
  start_http "$algorithm=MD5 SHA-256 SHA-512-256"
  run_client /a && codes 401 200 && got GET /a 0 &&
    used client.trace algorithm=SHA-512-256
  ok $? "our client: the best of three algorithms"
  start_http
  test_repeat /
  password=wrong run_client /
  [ $? -eq 1 ] && has client.result '^401 ' && ! has client.result 200
  ok $? "our client: a wrong password is refused"
  test_forged /
  start_http min=1 max=1
  run_client / max=0
  [ $? -eq 1 ] && codes 401 && ! has client.trace '^credentials'
  ok $? "our client: auth is refused where auth-int is wanted"
  start_http option.digestmd5_http_users="$user"
  run_client / && codes 401 200 && used client.trace userhash=true &&
    ! has client.trace "^credentials.*\"$user\""
  ok $? "our client: a hashed user name"
  test_stale
  test_legacy
}

# As a server it supports only MD5-sess, and reuses nonces only with the option.
test_stock() {
  local what="the plugin of Cyrus SASL" name server_plugins client_plugins
  [ -e "$dir/stock/libdigestmd5.so" ] || {
    skip "$what as peer" "the distribution's is not installed"
    return
  }
  [ -z "${DIGEST_PRELOAD-}" ] || {
    skip "$what as peer" "it leaks, which the sanitizers report"
    return
  }
  server_plugins=stock client_plugins=ours
  start_http max=1 option.reauth_timeout=10
  run_client / max=0 && codes 401 200 && used client.trace qop=auth
  ok $? "$what as server, auth"
  run_client / POST hello min=1 max=1 && codes 401 200 && got POST / 5 &&
    used client.trace qop=auth-int
  ok $? "$what as server, auth-int"
  server_plugins=ours client_plugins=stock
  for name in MD5 MD5-sess; do
    start_http max=1 "$algorithm=$name"
    run_client / max=0 && codes 401 200 && used client.trace qop=auth
    ok $? "$what as client, $name, auth"
    run_client / repeat=3 option.reauth_timeout=10 max=0 &&
      codes 401 200 200 200 && used client.trace nc=00000003
    ok $? "$what as client, $name, three requests with one challenge"
  done
}

# Python has the hashes of the OpenSSL that it is linked with.
python_can() {  # ALGORITHM
  local hash=${1%-sess}
  hash=${hash,,}
  hash=${hash/sha-/sha}
  "$python" -c 'import hashlib, sys; hashlib.new(sys.argv[1])' "${hash/-/_}" \
    2>/dev/null
}

test_by_hand() {
  local name
  [ -n "$python" ] || {
    skip "by hand" "python3 not found"
    return
  }
  for name in "${algorithms[@]}"; do
    python_can "$name" || {
      skip "by hand: $name" "this python3 does not know it"
      continue
    }
    start_http "$algorithm=$name"
    run_peer once "$name"
    ok $? "by hand: $name, auth"
    start_http min=1 max=1 "$algorithm=$name"
    run_peer once "$name"
    ok $? "by hand: $name, auth-int"
  done
  run_peer integrity
  ok $? "by hand: a changed body is refused"
  start_http
  run_peer replay
  ok $? "by hand: a replayed header is answered with stale=true"
  run_peer nonces
  ok $? "by hand: a nonce of ours serves several connections, others none"
  run_peer race
  ok $? "by hand: of four replays at the same moment one gets through"
  start_http option.digestmd5_http_nonce_window=256
  run_peer parallel 8 10000
  ok $? "by hand: 10000 requests in any order over 8 connections, each once"
  start_http
  run_peer elsewhere
  ok $? "by hand: a proof for another request is refused"
  run_peer strangers
  ok $? "by hand: an unknown user looks like a wrong password"
  run_peer hostile
  ok $? "by hand: malformed headers are refused, and the server lives on"
  run_peer legacy 401
  ok $? "by hand: the form of RFC 2069 is refused"
  start_http option.digestmd5_http_legacy=yes
  run_peer legacy 200
  ok $? "by hand: unless the option allows it, then it is good for one request"
  start_http option.digestmd5_http_users="$user bob"
  run_peer hidden
  ok $? "by hand: a hashed name of nobody looks like a wrong password"
}

test_requests() {
  local name python
  python=$(find_python requests)
  [ -n "$python" ] || {
    skip "python3-requests" "Python has no module requests"
    return
  }
  for name in MD5 SHA-256; do
    start_http "$algorithm=$name"
    run_peer requests "$name"
    ok $? "python3-requests: $name, two requests with one challenge"
  done
}

# A server inside TLS gives its binding to libsasl2; no HTTP client knows of it.
test_binding() {
  local channel=option.digestmd5_channel_binding
  command -v curl >/dev/null || {
    skip "channel binding" "curl not found"
    return
  }
  start_http binding=0123456789ab
  run_curl "$url/" && got GET / 0 && has client.log 'nonce="+Upgraded+v1'
  ok $? "a client that cannot bind is welcome inside TLS"
  start_http binding=0123456789ab "$channel=require"
  run_curl "$url/"
  ! got GET / 0 && has server.log 'sent no channel binding'
  ok $? "unless the option requires binding"
  start_http binding=0123456789ab critical=1
  run_curl "$url/"
  ! got GET / 0 && has server.log 'sent no channel binding'
  ok $? "or the application does"
}

python=$(find_python hashlib)
test_curl
test_binding
test_wgets
test_client
test_stock
test_by_hand
test_requests
stop server
[[ ${ends[server]} =~ ^(0 )+$ ]]
ok $? "each server ended in order"
done_testing
