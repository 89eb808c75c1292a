#!/bin/bash
# CalDAV with the httpd of Cyrus IMAP: curl and python3-caldav, HTTP/1.1 and
# HTTP/2, with and without TLS, with and without a store.
. "$DIGEST_SRCDIR/t/services/cyrus_common.sh"

[ -x "$cyrus/httpd" ] || skip_all "httpd of Cyrus IMAP not found"
command -v curl >/dev/null || skip_all "curl not found"

event='BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:one
DTSTAMP:20260101T000000Z
DTSTART:20260102T100000Z
DTEND:20260102T110000Z
SUMMARY:tea with Bob
END:VEVENT
END:VCALENDAR'
query='<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:">
<D:prop><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>'

[ -x "$cyrus/imtest" ] || skip_all "imtest of Cyrus IMAP not found"

serve() {  # SETTINGS...
  start_cyrus server /etc/cyrus.conf /etc/imapd.conf \
    '/etc/imapd.conf, for httpd' "$@" || return
  url=http://localhost:${ports[http]}/dav
  secure=https://localhost:${ports[https]}/dav
  home=$url/calendars/user/$user@$realm/Default
}

# Each line of the result: status and version of a transfer.
run_curl() {  # ARGUMENT...
  forget
  timeout "$limit" curl -q --silent --verbose --noproxy '*' --ipv4 \
    --cacert "$dir/certificate.pem" --digest \
    --user "${name-$user}:${word-$password}" --output "$dir/client.body" \
    --write-out '%{http_code} %{http_version}\n' "$@" \
    >"$dir/client.result" 2>"$dir/client.err" </dev/null
  local status=$?
  cp "$dir/server.syslog" "$dir/server.log"
  return "$status"
}
find_user() {  # URL ARGUMENT...
  run_curl -X PROPFIND -H 'Depth: 0' "$@"
}
answered() {  # LINE COUNT
  [ "$(grep -cx -e "$1" "$dir/client.result")" -eq "${2-1}" ]
}
# Requests that the server answered with a challenge.
challenges() { grep -c '^< HTTP/.* 401' "$dir/client.err"; }
stale() { grep -ci '^< WWW-Authenticate: Digest .*stale=true' "$dir/client.err"; }

serve
started=$?
ok $started "Cyrus IMAP starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

# The first login by IMAP creates the mailbox, which httpd needs.
run_client imtest imap <<<'. logout' && find_user "$url/principals/" && answered '207 1.1' &&
  [ "$(challenges)" -eq 1 ] && says "login: .* $user@$realm Digest User logged in"
ok $? "curl finds its user"

printf '%s\n' "$event" >"$dir/event"
run_curl -T "$dir/event" -H 'Content-Type: text/calendar' "$home/one.ics" &&
  answered '201 1.1' && run_curl -X REPORT -H 'Depth: 1' \
  -H 'Content-Type: application/xml' --data "$query" "$home/" &&
  answered '207 1.1' && has client.body 'SUMMARY:tea with Bob'
ok $? "it stores an event with PUT, and finds it with REPORT"

word=wrong run_curl "$home/one.ics" && answered '401 1.1' &&
  ! has client.body 'tea with Bob' &&
  says 'DIGEST-MD5 server: wrong password for user "alice"'
ok $? "a wrong password is refused, and the log says why"
name=nobody run_curl "$home/one.ics" && answered '401 1.1' &&
  ! has client.body 'tea with Bob' && says 'no user "nobody"'
ok $? "so is an unknown user"

# Several connections of one client, each with another process.
crowd() {
  local i urls=()
  for ((i = 0; i < 8; i++)); do
    urls+=("$url/principals/?$i" --output /dev/null)
  done
  find_user --parallel --parallel-immediate --parallel-max 8 "${urls[@]}"
}
crowd && answered '207 1.1' 8
ok $? "eight connections at the same time"

run_python() {  # ARGUMENT...
  forget
  timeout "$limit" "$PYTHON3" "$DIGEST_SRCDIR/t/services/caldav_client.py" \
    "$1" "$url/principals/" "$user" "$password" "${@:2}" \
    >"$dir/client.result" 2>"$dir/client.err" </dev/null
}
if ! "$PYTHON3" -c 'import caldav' 2>/dev/null; then
  skip "python3-caldav" "it is not installed"
else
  run_python calendar && has client.result '^found lunch with Carol$' &&
    has client.result '^left 0$'
  ok $? "python3-caldav keeps an event, and finds it"
  run_python connections 6 && has client.result '^207 6 401 6 stale 5$' &&
    says 'is of another process (see option digestmd5_nonce_store)'
  ok $? "without a store each process wants a nonce of its own"
fi

for version in 1.1 2; do
  find_user "--http$version" "$secure/principals/" &&
    answered "207 $version" && [ "$(challenges)" -eq 1 ] &&
    says "login: .* $user@$realm Digest+TLS User logged in"
  ok $? "inside TLS with HTTP/$version, although curl binds no channel"
  word=wrong find_user "--http$version" "$secure/principals/" &&
    answered "401 $version" && says 'wrong password for user "alice"'
  ok $? "not with a wrong password"
done
printf 'sasl_digestmd5_channel_binding: require\n' >>"$dir/server/imapd.conf"
start_instance server && await server listens server
for version in 1.1 2; do
  find_user "--http$version" "$secure/principals/" &&
    answered "401 $version" && says 'DIGEST-MD5 server: .*channel binding'
  ok $? "HTTP/$version is refused if the channel binding is required"
done

# With a store.  In the first seconds of a store processes issue nonces of their
# own.
start_store() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    CLOCK_SHIFT=$dir/clock LD_PRELOAD=$dir/clock_shift.so \
      start store "$program" --port "$port" --bind 127.0.0.1 --dir "$dir" \
      --save '' --maxmemory-policy noeviction
    store=redis://127.0.0.1:$port
    await store answers "$port" && return
  done
  false
}
if [ -z "$DIGEST_STORE" ]; then
  skip "a store" "built without hiredis"
elif ! program=$(command -v redis-server || command -v valkey-server); then
  skip "a store" "neither redis-server nor valkey-server found"
else
  "${compiler[@]}" -shared -fPIC -o "$dir/clock_shift.so" \
    "$DIGEST_SRCDIR/t/store/clock_shift.c" -ldl &&
    printf '0\n' >"$dir/clock" && openssl rand -hex 32 >"$dir/nonces.key" && chown cyrus "$dir/nonces.key" &&
    chmod 600 "$dir/nonces.key" && start_store &&
    serve '/etc/imapd.conf, for a store' && run_python connections 1 &&
    sleep 5 && run_python connections 6 &&
    has client.result '^207 6 401 1 stale 0$'
  ok $? "with a store one nonce is enough for all processes"
  crowd && answered '207 1.1' 8
  ok $? "eight connections at the same time"
  run_python connections 6 "$dir/clock" &&
    has client.result '^207 6 401 2 stale 1$'
  ok $? "after reauth_timeout the client gets a new one"
fi
done_testing
