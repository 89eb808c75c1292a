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

# dpkg with its output where a failed test shows it.
dpkg_runs() { dpkg "$@" >"$dir/client.result" 2>"$dir/client.err"; }
# No package is half-installed, which would stop apt.
# It may be so before, in the system below.
dpkg_is_content() {
  dpkg --audit >"$dir/server.err" 2>&1
  cmp -s "$dir/server.err" "$dir/audit"
}
apt_is_content() { apt-get check >"$dir/server.err" 2>&1 || [ ! -e "$dir/apt" ]; }
is_absent() {
  case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
    '' | not-installed | config-files) ;;
    *) return 1 ;;
  esac
}
# Runs the commands that the last refusal prints.
obey() {
  grep -E '^  (rm|dpkg-divert) ' "$dir/client.err" >"$dir/commands" &&
    sh -e "$dir/commands" >/dev/null
}

# The package after "make install": refused, and possible as it says.
after_make_install() {
  local plugin
  plugin=$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")
  dpkg-divert --local --rename --add "$stock" >/dev/null &&
    install_plugin install "$DIGEST_SASL_DIR" "$plugin" || return
  ! dpkg_runs -i "${packages[@]}" && has client.err 'diverted already' &&
    is_ours && dpkg_is_content && apt_is_content && is_absent &&
    [ "$(dpkg-divert --listpackage "$stock")" = LOCAL ]
  ok $? "after dpkg-divert --local the package is refused, and dpkg is content"
  obey && ! is_ours && dpkg_runs -i "${packages[@]}" && is_ours
  ok $? "after the commands that it prints, it can be installed"
  dpkg_runs -r "$package" && ! is_ours
  ok $? "and removed"

  mv "$stock" "$dir/stock.so" &&
    install_plugin install "$DIGEST_SASL_DIR" "$plugin" || return
  ! dpkg_runs -i "${packages[@]}" && has client.err 'comes from "make install"' &&
    is_ours && dpkg_is_content && apt_is_content && is_absent
  ok $? "a plugin of make install alone is refused, and dpkg is content"
  obey && [ ! -e "$stock" ] && mv "$dir/stock.so" "$stock" &&
    dpkg_runs -i "${packages[@]}" && is_ours
  ok $? "after the command that it prints, it can be installed"
}

# "make install" after the package, which is installed.
before_make_install() {
  local plugin sum
  plugin=$(realpath "$DIGEST_PLUGIN_DIR/libdigestmd5.so")
  sum=$(md5sum "$stock")
  ! install_plugin check "$DIGEST_SASL_DIR" &&
    ! install_plugin install "$DIGEST_SASL_DIR" "$plugin" &&
    has client.err "apt-get remove $package" &&
    [ "$(md5sum "$stock")" = "$sum" ]
  ok $? "make install does not overwrite the package's plugin"
  ! install_plugin uninstall "$DIGEST_SASL_DIR" &&
    [ "$(md5sum "$stock")" = "$sum" ] &&
    [ -e "$DIGEST_SASL_DIR/digestmd5/redis.so" ]
  ok $? "make uninstall does not remove it"
}

# Packs libsasl2-modules again, with another version.
pack_modules() {  # VERSION
  local files=$dir/modules
  rm -rf "$files" && mkdir -p "$files/DEBIAN" &&
    dpkg -L libsasl2-modules | while read -r file; do
      [ ! -f "$file" ] && [ ! -L "$file" ] ||
        cp -a --parents "$file" "$files" || exit
    done &&
    dpkg-query -W -f 'Package: ${Package}
Architecture: ${Architecture}
Multi-Arch: same
Maintainer: ${Maintainer}
Description: ${Description}
' libsasl2-modules >"$files/DEBIAN/control" &&
    printf 'Version: %s\n' "$1" >>"$files/DEBIAN/control" &&
    dpkg-deb --root-owner-group -b "$files" "$dir/modules.deb" >/dev/null
}

# What happens to libsasl2-modules while ours is installed; it was packed before.
under_the_diversion() {
  local old=$dir/old
  dpkg_runs -i "$dir/modules.deb" && is_ours &&
    cmp -s "$stock.distrib" "$dir/modules$stock" && works aes-ctr
  ok $? "an upgrade of libsasl2-modules leaves ours in place"
  dpkg_runs --force-depends --purge libsasl2-modules && is_ours &&
    [ ! -e "$stock.distrib" ] && works aes-ctr
  ok $? "so does its purge"
  dpkg_runs -r "$package" && [ ! -e "$stock" ] &&
    [ -z "$(dpkg-divert --list "$stock")" ]
  ok $? "ours can be removed without it"
  dpkg_runs -i "${packages[@]}" && dpkg_runs -i "$dir/modules.deb" && is_ours &&
    [ -e "$stock.distrib" ] && dpkg_runs --purge "$package" && ! is_ours &&
    [ ! -e "$stock.distrib" ] && dpkg_is_content
  ok $? "libsasl2-modules can come later, and stays when ours is purged"

  # the scripts of the first packages
  dpkg-deb -R "${packages[0]}" "$old" &&
    sed -i 's/^Version: .*/Version: 0.1.0-1~/' "$old/DEBIAN/control" &&
    printf '#!/bin/sh\nset -e\ncase $1 in install|upgrade) %s;; esac\n' \
      "dpkg-divert --package $package --add --rename \
        --divert $stock.distrib $stock" >"$old/DEBIAN/preinst" &&
    printf '#!/bin/sh\nset -e\ncase $1 in %s) %s;; esac\n' \
      'remove|abort-install|disappear' \
      "dpkg-divert --package $package --remove --rename \
        --divert $stock.distrib $stock" >"$old/DEBIAN/postrm" &&
    dpkg-deb --root-owner-group -b "$old" "$dir/old.deb" >/dev/null &&
    dpkg_runs -i "$dir/old.deb" && dpkg_runs -i "${packages[@]}" && is_ours &&
    [ "$(dpkg-query -W -f '${Version}' "$package")" != 0.1.0-1~ ] &&
    dpkg_runs -r "$package" && ! is_ours && [ ! -e "$stock.distrib" ] &&
    dpkg_is_content
  ok $? "an upgrade from the first package"
}

if [ "${1-}" = inside ]; then
  export DEBIAN_FRONTEND=noninteractive
  set_up
  # the directory under test is the real one
  rm -r "$dir/ours" && ln -s "$DIGEST_SASL_DIR" "$dir/ours" || exit 1
  pack_modules 99:1 || exit 1
  dpkg --audit >"$dir/audit" 2>&1
  ! apt-get check >/dev/null 2>&1 || touch "$dir/apt"
  by_hand
  by_package
  after_make_install
  before_make_install
  under_the_diversion
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
  lintian --allow-root --fail-on error,warning "${changes[0]}" >"$dir/server.log" 2>&1
  ok $? "lintian finds no errors and gives no warnings"
else
  skip "lintian" "not found"
fi
unshare -m bash -c 'mount_root && exec chroot "$dir/root" \
  bash "$DIGEST_SRCDIR/t/packaging/debian.sh" inside' |
  awk -v number="$number" '
    /^(not )?ok / { sub(/ok [0-9]+/, "ok " ++number) }
    !/^1\.\./ { print }
    END { print "1.." number }'
