#!/bin/bash
# Where OpenSSL's configuration forbids MD5, or leaves it out, the plugin does
# not load, and one line on each side says why.  t/unit/crypto/test_policy.c has more
# configurations, and the kernel.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

set_up
[ -z "${DIGEST_PRELOAD-}" ] ||
  skip_all "its host is built without the sanitizers"
# libsasl2 writes to syslog what it hears while it loads plugins.
"${compiler[@]}" -std=c11 -D_DEFAULT_SOURCE -o "$dir/host" \
  "$DIGEST_SRCDIR/t/plugin/fake_host.c" -ldl -lsasl2 2>"$dir/server.err" ||
  skip_all "the host does not compile"

# From here on each run has a configuration of these lines.
configure() {  # LINE...
  printf '%s\n' 'openssl_conf = all' '[all]' "$@" >"$dir/openssl.cnf"
  export OPENSSL_CONF=$dir/openssl.cnf
  "$dir/host" "$DIGEST_PLUGIN_DIR/libdigestmd5.so" >"$dir/host.log" 2>&1
  run server: client:
}

loads() {
  has host.log '^server 0' && has host.log '^client 0' && succeeded
}

declines() {  # TEXT
  [ "$(grep -c "^log 1 DIGEST-MD5: $1\$" "$dir/host.log")" -eq 2 ] &&
    [ "$(grep -c '^log' "$dir/host.log")" -eq 2 ] &&
    has host.log '^server -1' && has host.log '^client -1' &&
    ! succeeded && has client.result 'no mechanism available'
}

configure
loads
ok $? "a configuration that says nothing: the plugin loads"

configure 'alg_section = algorithms' '[algorithms]' \
  'default_properties = fips=yes'
declines 'FIPS mode forbids MD5, the mechanism cannot work'
ok $? "G2 default properties fips=yes: the plugin declines, and says so"

configure 'providers = them' '[them]' 'base = base' '[base]' 'activate = 1'
declines 'OpenSSL offers no MD5, the mechanism cannot work'
ok $? "G2 no provider that has MD5: the plugin declines, and says so"

configure 'providers = them' '[them]' 'base = base' 'default = default' \
  '[base]' 'activate = 1' '[default]' 'activate = 1'
loads
ok $? "one provider more than that which has MD5: the plugin loads"
done_testing
