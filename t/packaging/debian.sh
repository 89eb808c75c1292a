#!/bin/bash
# Installs with the Debian package and without it, each in a temporary root: a
# namespace whose root directory is an overlay of this one.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

stock=$DIGEST_SASL_DIR/libdigestmd5.so
package=libsasl2-modules-digestmd5
packages=("$DIGEST_BUILDDIR"/deb/"${package}"_*.deb)
explain=("$DIGEST_BUILDDIR"/deb/digestmd5-explain_*.deb)
changes=("$DIGEST_BUILDDIR"/deb/*.changes)

# All changes are in the overlay.

is_ours() { grep -q '@(#) sasl-digest' "$stock"; }
# A system without documentation lacks it for every package.
complete() {  # PACKAGE...
  [ -z "$(dpkg -V "$@" | grep -v ' /usr/share/\(doc\|man\)/')" ]
}
works() {  # CIPHERS: what the server offers first
  run server: client: && succeeded &&
    has server.trace "cipher=\"$1"
}
install_plugin() {
  "$DIGEST_SRCDIR/tools/install-plugin" "$@" >"$dir/client.result" \
    2>"$dir/client.err"
}

# Uses the commands that the program prints.
by_hand() {
  local plugin
  plugin=$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")
  works '3des\|rc4' && ! is_ours
  ok $? "the distribution's plugin is there and works"
  ! install_plugin install "$DIGEST_SASL_DIR" "$plugin" && ! is_ours
  ok $? "it is not overwritten"
  $(sed -n 's/^ *\(dpkg-divert .*--add\)/\1/p' "$dir/client.err") >/dev/null &&
    install_plugin install "$DIGEST_SASL_DIR" "$plugin" && is_ours
  ok $? "once it is diverted, ours is installed"
  works aes-ctr
  ok $? "libsasl2 loads ours"
  install_plugin uninstall "$DIGEST_SASL_DIR" &&
    dpkg-divert --rename --remove "$stock" >/dev/null &&
    [ -e "$stock" ] && ! is_ours && works '3des\|rc4'
  ok $? "the distribution's comes back"
}

by_package() {
  dpkg -i "${packages[@]}" >"$dir/client.result" 2>"$dir/client.err" &&
    is_ours && works aes-ctr && [ -e "$DIGEST_SASL_DIR/digestmd5/redis.so" ]
  ok $? "the package takes its place"
  complete libsasl2-modules "$package"
  ok $? "both packages are complete"
  dpkg -i "${packages[@]}" >"$dir/client.result" 2>"$dir/client.err" &&
    is_ours
  ok $? "the package can be installed again"
  dpkg -i "${explain[@]}" >"$dir/client.result" 2>"$dir/client.err" &&
    dpkg -L digestmd5-explain |
    grep '/man/man1/digestmd5-explain\.1\.gz$' >/dev/null &&
    printf 'nonce="n",algorithm=md5-sess\n' | digestmd5-explain \
      --no-password >"$dir/client.result" && has client.result nonce
  ok $? "the package of digestmd5-explain"
  dpkg -r "$package" >"$dir/client.result" 2>"$dir/client.err" &&
    ! is_ours && works '3des\|rc4' &&
    [ -z "$(dpkg-divert --list "$stock")" ]
  ok $? "without the package the distribution's comes back"
  complete libsasl2-modules
  ok $? "complete as before"
}

if [ "${1-}" = inside ]; then
  export DEBIAN_FRONTEND=noninteractive
  set_up
  # the directory under test is the real one
  rm -r "$dir/ours" && ln -s "$DIGEST_SASL_DIR" "$dir/ours" || exit 1
  by_hand
  by_package
  done_testing
  exit
fi

# Preparation.

mount_root() {  # in the namespace
  local shared
  mount -t tmpfs none "$dir" && mkdir "$dir"/{upper,work,root} &&
    mount -t overlay overlay -o \
      "lowerdir=/,upperdir=$dir/upper,workdir=$dir/work" "$dir/root" || return
  for shared in /dev /proc "$DIGEST_SRCDIR" "$DIGEST_BUILDDIR"; do
    mkdir -p "$dir/root$shared" &&
      mount --rbind "$shared" "$dir/root$shared" || return
  done
}
export -f mount_root
export dir

[ "$(id -u)" -eq 0 ] || skip_all "only root can mount a root directory"
[ -e "${packages[0]}" ] || skip_all "no package was built (make deb)"
[ -e "$stock" ] || skip_all "the distribution's plugin not found"
! is_ours || skip_all "this plugin is installed here already"
unshare -m bash -c mount_root 2>/dev/null ||
  skip_all "no overlay can be mounted here"

if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error "${changes[0]}" >"$dir/server.log" 2>&1
  ok $? "lintian finds no errors"
else
  skip "lintian" "not found"
fi
unshare -m bash -c 'mount_root && exec chroot "$dir/root" \
  bash "$DIGEST_SRCDIR/t/packaging/debian.sh" inside' |
  awk -v number="$number" '
    /^(not )?ok / { sub(/ok [0-9]+/, "ok " ++number) }
    !/^1\.\./ { print }
    END { print "1.." number }'
