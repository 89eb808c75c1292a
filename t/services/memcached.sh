#!/bin/bash
# memcached with our plugin, and a client in Python.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in memcached "${PYTHON3-python3}"; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(memcached -h) = *enable-sasl* ]] ||
  skip_all "memcached is built without libsasl2"
set_up

mkdir "$dir/conf" && block memcached /etc/sasl2/memcached.conf |
  sed "s#/etc/memcached_sasldb#$dir/sasldb2#" >"$dir/conf/memcached.conf" ||
  exit 1

# As root it changes to a user.
account=()
if [ "$(id -u)" -eq 0 ]; then
  account=(-u nobody)
  open_to nobody
  chown nobody "$dir/sasldb2"
fi

start_memcached() {  # PLUGINS
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    plugins_from "$dir/$1" settings_from "$dir/conf" with_plugin \
      start memcached memcached -S -U 0 -v -l 127.0.0.1 -p "$port" "${account[@]}"
    await memcached answers "$port" && return
  done
  cp "$dir/memcached.log" "$dir/server.log"
  false
}

ask() {  # USER PASSWORD [REALM]
  timeout "$limit" "${PYTHON3-python3}" \
    "$DIGEST_SRCDIR/t/services/memcached_client.py" "$port" "$1" "$2" \
    "${3-$realm}" >"$dir/client.result" 2>"$dir/client.err"
}

start_memcached ours
started=$?
ok $started "memcached starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
ask "$user" "$password" && has client.result 'the server proved itself' &&
  has client.result '^mechanisms DIGEST-MD5$' &&
  has client.result '^without 0x20 authentication 0x0 after 0x1$'
ok $? "a user may read after the authentication, and not without it"
ask "$user" wrong &&
  has client.result '^without 0x20 authentication 0x20 after 0x20$' &&
  ! has client.result proved &&
  has memcached.log 'DIGEST-MD5 server: wrong password for user "alice"'
ok $? "a wrong password is refused, and the log says why"
ask nobody "$password" &&
  has client.result '^without 0x20 authentication 0x20 after 0x20$' &&
  has memcached.log 'DIGEST-MD5 server: no user "nobody" with a usable secret'
ok $? "an unknown user is refused, and the log says why"
done_testing
