#!/bin/bash
# What digestmd5-explain says about a SASL configuration and the plugin that
# programs load.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
set_up
add_user alice 'a in two' two.test
printf '%s\n' "$password" >"$dir/password"
program=$DIGEST_BUILDDIR/digestmd5-explain
show() { sed 's/^/# /' "$dir"/{out,err} | head -n 60; }

explain() {  # ARGUMENT...
  plugins_from "$dir/ours" timeout "$limit" "$program" "$@" \
    >"$dir/out" 2>"$dir/err" </dev/null
  status=$?
}

# Explains a configuration of these lines.
config() {  # LINE... -- ARGUMENT...
  printf 'sasldb_path: %s\n' "$dir/sasldb2" >"$dir/app.conf"
  while [ "$1" != -- ]; do
    printf '%s\n' "$1" >>"$dir/app.conf"
    shift
  done
  shift
  explain --config="$dir/app.conf" --service=imap --host=host.example.test "$@"
}

says() {  # STATUS PATTERN...: that status, and each pattern in some line
  [ "$status" -eq "$1" ] || return 1
  shift
  for pattern; do
    grep -qE -e "$pattern" "$dir/out" || return 1
  done
}
silent() { ! grep -qE "^  $1" "$dir/out"; }

# The file.
config --
says 0 "^$dir/app.conf" 'ok +realm +"host.example.test": offered' &&
  silent '(wrong|note) +(sasldb|secret)'
ok $? "a configuration without options of the plugin"

config 'digestmd5_realms: one.test two.test' 'log_level: 4' --
says 0 '^  ok +digestmd5_realms +"one.test two.test"' \
  'realm +"one.test": offered' 'realm +"two.test": offered' &&
  silent '.* log_level'
ok $? "an option, and what the server makes of it"

config -- --realm=mail.test
says 0 'realm +"mail.test": offered'
ok $? "--realm is that of the application"

config 'digestmd5_realm: x' 'digest_ciphers: x' 'log_levl: 4' 'other_thing: 1' --
says 1 'wrong +digestmd5_realm +line 2: .* perhaps digestmd5_realms is meant' \
  'wrong +digest_ciphers +line 3: .* perhaps digestmd5_ciphers' \
  'wrong +log_levl +line 4: .* perhaps log_level' \
  'note +other_thing +line 5: not an option'
ok $? "misspelt and unknown names"

# Each option of the manual page is known, and no other of the plugin's names.
sed -n 's/^\.It Ic \(digestmd5_[a-z_]*\|reauth_timeout\) :.*/\1/p' \
  "$DIGEST_SRCDIR/doc/sasl-digestmd5.5" >"$dir/names"
mapfile -t lines < <(sed 's/$/: 1/' "$dir/names")
config "${lines[@]}" --
[ "$(wc -l <"$dir/names")" -gt 15 ] && ! grep -q 'not an option' "$dir/out"
ok $? "the options of the manual page are known"

config 'reauth_timeout: soon' 'digestmd5_realm_policy: ofered' \
  'digestmd5_http_nonce_window: 5000' 'digestmd5_ciphers: rot13 aes-ctr' \
  'digestmd5_http_algorithm: SHA-1' --
says 1 'wrong +reauth_timeout +must be a number of minutes' \
  'wrong +digestmd5_realm_policy +must be "any" or "offered"' \
  'wrong +digestmd5_ciphers +"rot13" is not a cipher' \
  'wrong +digestmd5_http_algorithm +"SHA-1" is not an algorithm' &&
  silent 'ok +(reauth_timeout|digestmd5_realm_policy|digestmd5_ciphers)'
ok $? "values that are misspelt or out of range"

config 'reauth_timeout: 10' 'reauth_timeout: 20' --
says 1 'wrong +reauth_timeout +line 3: not used, because an earlier'
ok $? "an option that is set twice"

config 'mech_list: PLAIN SCRAM-SHA-1' --
says 1 'wrong +mech_list +lacks DIGEST-MD5'
ok $? "a mech_list without the mechanism"

# What libsasl2 refuses.  The whole file is of no use to it then.
for line in nonsense 'empty:' 'log_level : 4' 'dot.name: 4' ': 4'; do
  config "$line" --
  says 1 'wrong +syntax +line 2: not of the form'
  ok $? "libsasl2 cannot read: $line"
done
config '# comment' '' ' LOG_Level:4 ' "digestmd5_realms:	r.test  " --
says 0 'ok +digestmd5_realms +"r.test"$'
ok $? "comments, blanks, tabs and upper case"

printf '%s\n' 'configdirectory: /var/imap' 'sasl_digestmd5_realm: x' \
  'sasl_digestmd5_realms: imap.test' >"$dir/imapd.conf"
explain --config="$dir/imapd.conf"
says 1 'realm +"imap.test": offered' 'perhaps sasl_digestmd5_realms is' &&
  silent '.*configdirectory'
ok $? "the prefix sasl_ of imapd.conf"

# Lines with a secret, but without the colon; and secrets in place of a file.
printf 'sasl_%s\n' 'log_level: 4' 'sql_passwd Verborgen1' 'ldapdb_pw=Verborgen2' \
  'digestmd5_nonce_store redis://u:verborgen3@store.test' \
  'digestmd5_store_key: verborgen4' \
  'digestmd5_store_password_file: verborgen5' >"$dir/imapd.conf"
explain --config="$dir/imapd.conf"
says 1 'syntax +line 2: not of the form' 'syntax +line 3:' 'syntax +line 4:' \
  'digestmd5_store_key +is set' 'digestmd5_store_password_file +is set' &&
  ! grep -qi verborgen "$dir/out" "$dir/err"
ok $? "no secret of a faulty line is printed"

mkdir "$dir/first" "$dir/second"
echo 'digestmd5_realms: first.test' >"$dir/second/app.conf"
settings_from "$dir/first:$dir/second" explain --config --service=app
says 0 "^$dir/second/app.conf" '"first.test": offered'
ok $? "the search path of libsasl2"

echo 'digestmd5_realms: wrong.test' >"$dir/first/digestmd5-explain.conf"
settings_from "$dir/first" explain --config="$dir/second/app.conf"
says 0 '"first.test": offered' && ! grep -q wrong.test "$dir/out"
ok $? "no other file is read"

settings_from "$dir/first" explain --config --service=app
[ "$status" -eq 2 ] && grep -q 'no file of this name' "$dir/err"
ok $? "no file"

explain --config "$dir/second/app.conf" --service=imap
says 0 "^$dir/second/app.conf" '"first.test": offered'
ok $? "the file as an argument"

explain --config "$dir/second/app.conf" --challenge='nonce="n"'
[ "$status" -eq 2 ] && grep -q 'messages are given' "$dir/err"
ok $? "messages and a configuration"

explain --config
[ "$status" -eq 2 ] && grep -q 'needs a file, or --service' "$dir/err"
ok $? "neither file nor name"

# The files of the pages about services.
pages=0 failed=
for page in "$DIGEST_SRCDIR"/doc/services/*.md; do
  rm -f "$dir"/page-*.conf
  awk -v file="$dir/page" '
    /^<!-- file: \/etc\/(sasl2|postfix\/sasl|ldap\/sasl2)\/[^ ]*\.conf/ ||
      /^<!-- file: \/etc\/imapd\.conf/ { wanted = 1; number++ }
    /^```/ && inside { inside = wanted = 0; next }
    /^```/ && wanted { inside = 1; next }
    inside { print > (file "-" number ".conf") }' "$page"
  for file in "$dir"/page-*.conf; do
    [ -e "$file" ] || continue
    pages=$((pages + 1))
    explain --config="$file" --service=imap --no-password
    [ "$status" -le 1 ] && grep -q '^challenge' "$dir/out" &&
      silent 'wrong .* (not an option|not used|not of the form|must be)' ||
      failed+=" ${page##*/}"
  done
done
[ "$pages" -gt 10 ] && [ -z "$failed" ]
ok $? "the files of doc/services: $pages${failed:+, but not those of$failed}"

# Ciphers.
OPENSSL_MODULES=$dir/nonexistent config 'digestmd5_ciphers: rc4' --
says 1 'ok +aes-ctr +128 bits' "note +rc4 +128 bits; not there: needs OpenSSL" \
  'wrong +digestmd5_ciphers +"rc4" is not a cipher' 'wrong +challenge +none' \
  'wrong +log .*provides none of these ciphers'
ok $? "rc4 without OpenSSL's legacy provider"

# Users.
config 'digestmd5_realms: two.test one.test' -- --user=alice --no-password
says 1 '^user "alice" in realm "two.test"' 'ok +password +is stored$' \
  'wrong +secret +none: no such user'
ok $? "a user of one realm of two"

config "digestmd5_realms: $realm" -- --user="$user" \
  --password-file="$dir/password"
says 0 'ok +password +is stored, and is the same'
ok $? "the right password"

config 'digestmd5_realms: two.test' -- --user=alice \
  --password-file="$dir/password"
says 1 'wrong +password +is stored, but is another one' &&
  ! grep -q 'a in two' "$dir/out"
ok $? "another password, which is not printed"

add_user carol '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='
config "digestmd5_realms: $realm" -- --user=carol --password-file="$dir/password"
says 1 'wrong +password +looks like a hash of another kind'
ok $? "a stored hash of another kind"

config 'sasldb_path: /nonexistent/x' -- --user=alice --no-password
says 1 'wrong +sasldb_path +line 2: not used'
ok $? "the first line counts"

# Hashes, in a database of SQLite.
hash_of() { printf '%s' "$1" | md5sum | cut -d ' ' -f 1; }
try_hash() {  # USER:REALM:PASSWORD
  "$PYTHON3" - "$dir/users" "$(hash_of "$1")" <<'END'
import os, sqlite3, sys
if os.path.exists(sys.argv[1]):
    os.remove(sys.argv[1])
users = sqlite3.connect(sys.argv[1])
users.execute("create table users (property text, hash text)")
users.execute("insert into users values ('cmusaslsecretDIGEST-MD5', ?)",
              (sys.argv[2],))
users.commit()
END
  config 'auxprop_plugin: sql' 'sql_engine: sqlite3' 'sql_user: x' \
    "sql_database: $dir/users" 'sql_passwd: x' \
    "sql_select: select hash from users where property = '%p'" \
    "digestmd5_realms: $realm other.test" -- --user=alice \
    --password-file="$dir/password"
}
if [ -n "$PYTHON3" ] && [ -e "$DIGEST_SASL_DIR/libsql.so" ]; then
  ln -s "$DIGEST_SASL_DIR/libsql.so" "$dir/ours/"
  try_hash "alice:$realm:$password"
  says 1 'ok +hash +fits name, realm and password' \
    "wrong +hash +is of the realm \"$realm\", but must be of this realm"
  ok $? "a hash of one realm of two"
  try_hash "alice@$realm:$realm:$password"
  says 1 "wrong +hash +is of the name \"alice@$realm\""
  ok $? "a hash whose name has the realm"
  try_hash "alice:$realm:$password "
  says 1 'wrong +hash +is of another password, or of another name or realm'
  ok $? "a hash of another password"
else
  skip "hashes" "python3 or libsql.so not found"
fi

# The store.
if store=$(command -v redis-server || command -v valkey-server) &&
  [ -n "$DIGEST_STORE" ]; then
  (umask 077 && head -c 32 /dev/urandom >"$dir/key")
  "$store" --port 0 --unixsocket "$dir/store" --save '' --dir "$dir" \
    --maxmemory-policy noeviction >"$dir/store.log" 2>&1 &
  server=$!
  trap 'kill "$server"; rm -rf "$dir"' EXIT
  for ((i = 0; i < 100; i++)); do [ -S "$dir/store" ] && break; sleep 0.1; done
  with_store() {  # LINE...
    config "digestmd5_nonce_store: unix:$dir/store" \
      "digestmd5_store_key: $dir/key" "$@" --
  }
  command_of() { redis-cli -s "$dir/store" "$@" >"$dir/redis.out"; }
  with_store
  says 0 "^store unix:$dir/store" 'ok +answer +within' 'ok +memory policy' \
    'ok +clock +the same time' 'ok +rights +all that'
  ok $? "a store that works"
  if command -v redis-cli >/dev/null; then
    command_of config set maxmemory-policy allkeys-lru
    with_store
    says 1 'wrong +answer +may evict entries'
    ok $? "a store that may forget"
    command_of config set maxmemory-policy noeviction
    command_of acl setuser default -set
    with_store
    says 1 'wrong +rights +.*(NOPERM|ACL|user)'
    ok $? "a store that grants too little"
  else
    skip "other stores" "redis-cli not found"
  fi
  config "digestmd5_nonce_store: redis://sasl:hidden%21@127.0.0.1:1" \
    "digestmd5_store_key: $dir/key" 'sql_passwd: hidden' 'sql_pass: hidden' --
  says 1 '^store redis://127.0.0.1:1$' 'wrong +answer' 'ok +digestmd5_nonce_store' &&
    ! grep -q hidden "$dir/out"
  ok $? "passwords of stores and databases are not printed"
  chmod 644 "$dir/key"
  with_store
  says 1 'wrong +digestmd5_store_key +only the owner'
  ok $? "a key that others may read"
  chmod 600 "$dir/key"
  kill "$server"
  wait "$server"
  trap 'rm -rf "$dir"' EXIT
  with_store
  says 1 'wrong +answer +connection failed'
  ok $? "a store that is down"
else
  skip "stores" "built without hiredis, or no redis-server found"
fi

# Which plugin is it?
explain --version
says 0 '^digestmd5-explain [0-9]' "ok +loaded +$dir/ours/libdigestmd5.so" \
  'ok +plugin +sasl-digest [0-9]' && silent '.* also '
ok $? "--version finds this plugin"

explain --json --version
[ "$status" -eq 0 ] && { [ -z "$PYTHON3" ] ||
  "$PYTHON3" -c 'import json, sys; json.load(sys.stdin)' <"$dir/out"; }
ok $? "--version as JSON"

cp "$dir/stock/libdigestmd5.so" "$dir/ours/libother.so" 2>/dev/null
if [ -e "$dir/ours/libother.so" ]; then
  explain --version
  says 0 "note +also +$dir/ours/libother.so offers DIGEST-MD5"
  ok $? "and another one beside it"
  plugins_from "$dir/stock" "$program" --version >"$dir/out" 2>"$dir/err"
  status=$?
  says 0 'note +plugin +not sasl-digest'
  ok $? "the distribution's is told from ours"
else
  skip "another plugin" "the distribution's plugin not found"
fi
plugins_from "$dir/first" "$program" --version >"$dir/out" 2>"$dir/err"
status=$?
says 0 'note +loaded +no libdigestmd5.so in'
ok $? "no plugin"
done_testing
