#!/bin/bash
# Subversion's svnserve and svn, with our plugin on both sides.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in svn svnserve svnadmin socat; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(svnserve --version) = *SASL* ]] ||
  skip_all "svnserve is built without libsasl2"
set_up

project=$dir/svn/project
size=300000

adapt() {  # NAME
  block subversion "$1" |
    sed -e "s#/etc/svn_sasldb#$dir/sasldb2#" \
      -e "s#^\(min-encryption\) = .*#\1 = $minimum#" \
      -e "s#^\(max-encryption\) = .*#\1 = $maximum#"
}

# svnserve reads the first file for each connection, the second one at the
# start.
allow() {  # MINIMUM MAXIMUM
  minimum=$1 maximum=$2
  adapt /srv/svn/project/conf/svnserve.conf >"$project/conf/svnserve.conf" &&
    adapt /etc/sasl2/svn.conf >"$dir/conf/svn.conf"
}

start_svnserve() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    plugins_from "$dir/ours" settings_from "$dir/conf" with_plugin \
      start svnserve svnserve -d --foreground --listen-host 127.0.0.1 \
      --listen-port "$port" -r "$dir/svn" --log-file "$dir/server.log"
    await svnserve answers "$port" && return
  done
  false
}

# A recorder between client and server.
start_recorder() {
  local i listening=$port
  for ((i = 0; i < 5; i++)); do
    pick_port || return
    : >"$dir/recorded"
    start recorder socat -r "$dir/recorded" \
      "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" \
      "TCP:127.0.0.1:$listening"
    await recorder answers "$port" && return
  done
  false
}

run_svn() {  # ARGUMENT...
  : >"$dir/recorded"
  HOME=$dir plugins_from "$dir/${plugins-ours}" settings_from "$dir/none" \
    with_plugin timeout "$limit" svn --non-interactive --no-auth-cache \
    --config-dir "$dir/subversion" --username "$user" \
    --password "${word-$password}" "$@" \
    >"$dir/client.result" 2>"$dir/client.err" </dev/null
}

# The client's commit can be read on the wire.
readable() { has recorded apply-textdelta; }

checkout() {
  rm -rf "$dir/copy"
  run_svn checkout "svn://127.0.0.1:$port/project" "$dir/copy"
}

# Checks out, changes a file, commits, and finds the change in the repository.
work() {
  checkout && cmp "$dir/copy/letters" <(contents letters) &&
    head -c "$size" /dev/urandom | base64 >"$dir/copy/letters" &&
    run_svn commit -m "changed at $minimum" "$dir/copy" &&
    cmp "$dir/copy/letters" <(contents letters) &&
    [ "$(svnlook author "$project")" = "$user" ] &&
    [ "$(svnlook log "$project")" = "changed at $minimum" ]
} 2>>"$dir/client.err"
contents() { svnlook cat "$project" "$1"; }

mkdir "$dir/conf" "$dir/svn" "$dir/none" && svnadmin create "$project" &&
  printf 'first\n' >"$dir/letters" && allow 0 256 &&
  svn import -q --config-dir "$dir/subversion" -m first "$dir/letters" \
    "file://$project/letters" && start_svnserve && start_recorder
started=$?
ok $started "svnserve starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

allow 0 0 && work && readable
ok $? "min-encryption 0: checkout and commit without a layer"
allow 1 1 && work && readable
ok $? "min-encryption 1: with integrity"
for strength in 112 128; do
  allow "$strength" "$strength" && work && ! readable
  ok $? "min-encryption $strength: with encryption"
done
allow 0 256 && work && ! readable
ok $? "encryption is the first choice"

for maximum in 0 256; do
  allow 0 "$maximum" && ! word=wrong checkout && has client.err E170001
  ok $? "max-encryption $maximum: a wrong password is refused"
done
! user=nobody checkout && has client.err E170001 && [ ! -e "$dir/copy/letters" ]
ok $? "an unknown user is refused"

! plugins=none checkout && has client.err E210007
ok $? "a client without a plugin is refused"

allow 128 256 && printf 'digestmd5_ciphers: 3des\n' >>"$dir/conf/svn.conf" &&
  start_svnserve && ! checkout && has client.err 'mechanism too weak'
ok $? "a server whose ciphers are too weak for itself offers nothing"
done_testing
