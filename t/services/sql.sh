#!/bin/bash
# Users in PostgreSQL and in SQLite, through libsasl2's plugin "sql".
. "$DIGEST_SRCDIR/t/services/common.sh"

sql_plugin=$DIGEST_SASL_DIR/libsql.so
[ -e "$sql_plugin" ] || skip_all "libsql.so not found"
for program in sqlite3 psql; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
for library in libpq libsqlite3; do
  [[ $(ldd "$sql_plugin") = *$library.* ]] ||
    skip_all "libsql.so is built without $library"
done
for binaries in "$(dirname "$(command -v postgres || echo none)")" \
    /usr/lib/postgresql/*/bin; do
  [ ! -x "$binaries/postgres" ] || break
done
[ -x "$binaries/initdb" ] || skip_all "PostgreSQL not found"
set_up
rm "$dir/ours/libsasldb.so" && ln -s "$sql_plugin" "$dir/ours/" || exit 1

# PostgreSQL does not run as root.
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then
  open_to postgres
  as_postgres=(setpriv --reuid=postgres --regid="$(id -g postgres)"
    --clear-groups)
fi
administrator='the administrator' lookup='asks for secrets'

adapt() {  # NAME
  block sql "$1" |
    sed -e "s#db.example.test:5432#127.0.0.1:$port#" \
      -e "s#DATABASE-SECRET#$lookup#" -e "s#SECRET#$password#" \
      -e "s#/var/lib/accounts.db#$dir/accounts.db#"
}

create_database() {
  mkdir "$dir/data" && printf '%s\n' "$administrator" >"$dir/password" ||
    return
  if [ ${#as_postgres[@]} -gt 0 ]; then
    chown postgres "$dir/data" "$dir/password" || return
  fi
  "${as_postgres[@]}" "$binaries/initdb" -D "$dir/data" -U postgres \
    -A scram-sha-256 --pwfile="$dir/password" --no-sync \
    --locale=C -E UTF8 >"$dir/client.log" 2>&1
}

run_sql() {  # DATABASE COMMANDS
  PGPASSWORD=$administrator psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 \
    -p "$port" -U postgres -d "$1" <<<"$2" >"$dir/client.log" 2>&1
}
is_ready() { run_sql postgres ''; }

start_postgres() {  # on $port
  start postgres "${as_postgres[@]}" "$binaries/postgres" -D "$dir/data" \
    -p "$port" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c unix_socket_directories= && await postgres is_ready
}
# Another program may have taken the port.
start_anywhere() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && start_postgres && return
  done
  false
}

# Our server gets only the page's options.
start_server() {
  timeout "$limit" "$peer" server plugins="$dir/ours" \
    result="$dir/server.result" log="$dir/server.log" realm="$realm" \
    option.log_level=7 "${options[@]}" 2>"$dir/server.err"
}
use() {  # NAME
  read_options < <(adapt "$1")
  [ ${#options[@]} -gt 4 ]
}
try() {  # ARGUMENT...: of the client
  run client: "$@"
}

test_users() {  # DATABASE
  for strength in 0 1 128; do
    try min="$strength" max="$strength" && succeeded
    ok $? "$1: strength $strength"
  done
  try password=wrong
  [ "$server_status" -ne 0 ] && has server.log 'wrong password for user "alice"'
  ok $? "$1: a wrong password is refused"
  try authname=nobody
  [ "$server_status" -ne 0 ] &&
    has server.log 'no user "nobody" with a usable secret'
  ok $? "$1: an unknown user is refused"
  try authname="nobody' OR 'a'='a"
  [ "$server_status" -ne 0 ] && has server.log 'no user "nobody. OR'
  ok $? "$1: a name is no SQL"
}

create_database && start_anywhere && run_sql postgres 'CREATE DATABASE accounts' &&
  run_sql accounts "$(adapt /root/users.sql)" &&
  run_sql accounts "$(adapt /root/role.sql)"
started=$?
ok $started "PostgreSQL starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
use '/etc/sasl2/NAME.conf, for PostgreSQL' && test_users PostgreSQL

# Hashes in place of passwords.
hash=$(hash_of sql "$password")
[ ${#hash} -eq 32 ] && [ "$hash" = \
  "$(printf %s "alice:$realm:$password" | md5sum | cut -c 1-32)" ]
ok $? "the page's command makes a hash"
run_sql accounts "$(adapt /root/secrets.sql | sed "s/HASH/$hash/")" &&
  read_options < <(adapt '/etc/sasl2/NAME.conf, for PostgreSQL' |
    grep -v ^sql_select; adapt 'sql_select for hashes') &&
  [ ${#options[@]} -gt 4 ] && test_users 'PostgreSQL with hashes'
[ "$(adapt 'sql_select for hashes' | grep -c password)" -eq 0 ]
ok $? "and nobody asks for a password"
run_sql accounts "UPDATE secrets SET secret = upper(secret)" && try && succeeded
ok $? "capital digits are digits"
for wrong in "${hash%?}" "${hash}0" "${hash%?}g" ''; do
  run_sql accounts "UPDATE secrets SET secret = '$wrong'" && try &&
    [ "$server_status" -ne 0 ] && [ "$client_status" -ne 0 ]
  ok $? "a hash of ${#wrong} digits, \"${wrong: -2}\" at its end, is none"
done
use '/etc/sasl2/NAME.conf, for PostgreSQL'

run_sql accounts "UPDATE users SET password = 'another'" && try &&
  ! succeeded && try password=another && succeeded
ok $? "PostgreSQL: a new password is in force at once"
stop postgres
try password=another
[ "$server_status" -ne 0 ] &&
  has server.log 'the secrets of user "alice" cannot be read'
ok $? "a database that is down is no wrong password"
start_postgres && try password=another && succeeded
ok $? "when it is back, all is well"

adapt /root/users.sql | sqlite3 "$dir/accounts.db" &&
  use '/etc/sasl2/NAME.conf, for SQLite' && test_users SQLite
done_testing
