#!/bin/bash
# A release has one version everywhere, and two runs of "make dist" give the
# same octets.
. "$DIGEST_SRCDIR/t/plugin/common.sh"

version=$(sed -n 's/^AC_INIT(\[sasl-digest\], \[\(.*\)\])$/\1/p' \
  "$DIGEST_SRCDIR/configure.ac")
starts() {  # FILE PATTERN: the first line that matches has the version
  grep -m 1 -E "$2" "$DIGEST_SRCDIR/$1" | grep -qF "$version"
}
[ -n "$version" ] && starts CHANGES.md '^## ' &&
  starts packaging/debian/changelog '^sasl-digest ' &&
  starts doc/sasl-digestmd5.5 '^\.Os' && starts doc/digestmd5-explain.1 '^\.Os'
ok $? "configure, the changes, the package and the manual pages agree"

archive=$DIGEST_BUILDDIR/sasl-digest-$version.tar.gz
make_dist() {  # UMASK COPY
  (umask "$1" && unset MAKEFLAGS MFLAGS MAKELEVEL SOURCE_DATE_EPOCH &&
    make -C "$DIGEST_BUILDDIR" dist) >"$dir/client.result" 2>"$dir/client.err" &&
    mv "$archive" "$dir/$2"
}
make_dist 022 first && sleep 1.1 && make_dist 077 second &&
  cmp "$dir/first" "$dir/second" >"$dir/client.log"
ok $? "two archives are equal"
seen=$(tar -tvzf "$dir/first" | awk '{ print $1, $2, $4 }' | sort -u)
[ "$(cut -d ' ' -f 2 <<<"$seen" | sort -u)" = 0/0 ] &&
  [ "$(cut -d ' ' -f 3 <<<"$seen" | sort -u | wc -l)" -eq 1 ]
ok $? "with one owner and one date"
# Files of the future would make every "make" configure again.
tar -xzf "$dir/first" -C "$dir" &&
  [ ! "$dir/sasl-digest-$version/configure" -nt "$dir/first" ]
ok $? "which has passed"
done_testing
