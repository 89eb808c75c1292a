#!/bin/bash
# HTTP Digest: our client with Apache's mod_auth_digest, which supports MD5 and
# qop=auth.
. "$DIGEST_SRCDIR/t/interop/http_common.sh"

apache=$(command -v apache2 || command -v httpd) || skip_all "no Apache found"
modules=/usr/lib/apache2/modules
for module in mpm_prefork auth_digest cgi; do
  [ -e "$modules/mod_$module.so" ] ||
    skip_all "mod_$module.so not found in $modules"
done
[ -x "$http_client" ] || skip_all "http_client not built"
set_up
open_to nobody

# A program replies, because a file does not accept POST.
write_site() {
  local hash
  hash=$(printf %s "$user:$realm:$password" | md5sum)
  printf '%s:%s:%s\n' "$user" "$realm" "${hash%% *}" >"$dir/htdigest"
  mkdir "$dir/site"
  cat >"$dir/site/answer" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\n%s %s %s, %d octets\n' "$REMOTE_USER" \
  "$REQUEST_METHOD" "$REQUEST_URI" "$(wc -c)"
END
  chmod 755 "$dir/site/answer"
}

write_location() {  # NAME DIRECTIVE
  cat <<END
<Location "/$1">
  AuthType Digest
  AuthName "$realm"
  AuthUserFile "$dir/htdigest"
  $2
  Require valid-user
</Location>
END
}

write_configuration() {
  local module
  cat <<END
ServerRoot "$dir"
ServerName localhost
DefaultRuntimeDir "$dir"
PidFile "$dir/pid"
Mutex pthread
Listen $host:$port
ErrorLog "$dir/server.log"
LogLevel info
END
  [ "$(id -u)" -ne 0 ] || printf '%s\n' 'User nobody' \
    "Group $(id -gn nobody)"
  for module in mpm_prefork authn_core authn_file authz_core authz_user \
      auth_digest alias cgi; do
    printf 'LoadModule %s_module "%s"\n' "$module" \
      "$modules/mod_$module.so"
  done
  printf 'ScriptAliasMatch "^/" "%s/site/answer"\n' "$dir"
  write_location auth 'AuthDigestQop auth'
  # A nextnonce is sent from half a minute before the nonce expires.
  write_location next 'AuthDigestNonceLifetime 20'
}

answers() {
  (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null
}

try_apache() {  # tells whether Apache got the port
  local i
  port=$((RANDOM % 12000 + 20000))
  write_configuration >"$dir/apache.conf"
  timeout 300 "$apache" -X -f "$dir/apache.conf" >"$dir/server.err" 2>&1 &
  pids[server]=$!
  for ((i = 0; i < 1200; i++)); do
    kill -0 "${pids[server]}" 2>/dev/null || break
    [ ! -s "$dir/pid" ] || ! answers || return 0
    sleep 0.05
  done
  stop server
  return 1
}

start_apache() {
  local i
  for ((i = 0; i < 5; i++)); do
    try_apache && return
  done
  false
}

got() {  # METHOD URI SIZE
  [ "$(tail -n 1 "$dir/client.result")" = "$user $1 $2, $3 octets" ]
}

write_site
start_apache
started=$?
ok $started "Apache starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

run_client '/auth/a?b=c' && codes 401 200 && got GET '/auth/a?b=c' 0
ok $? "auth"
has client.trace '^info rspauth="[0-9a-f]\{32\}"'
ok $? "the server proves that it knows the password, too"
run_client /auth POST hello && codes 401 200 && got POST /auth 5
ok $? "auth, with a body"
test_repeat /auth
run_client /next repeat=3 option.reauth_timeout=10 mutual=1 &&
  has client.trace '^info .*nextnonce=' &&
  ! has client.trace '^credentials .*nc=00000002'
ok $? "three requests, with nextnonce in the answers"
password=wrong run_client /auth
[ $? -eq 1 ] && has client.result '^401 ' && ! has client.result 200
ok $? "a wrong password is refused"
user=nobody run_client /auth
[ $? -eq 1 ] && has client.result '^401 ' && ! has client.result 200
ok $? "an unknown user is refused"
run_client /auth min=1 max=1
[ $? -eq 1 ] && codes 401 && ! has client.trace '^credentials'
ok $? "where auth-int is wanted, auth is refused"
test_forged /auth
done_testing
