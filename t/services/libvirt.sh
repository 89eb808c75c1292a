#!/bin/bash
# libvirtd and virsh with our plugin, over TCP.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in libvirtd virsh; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
needs_in_place
set_up
start_syslog
secret=

adapt() {  # NAME
  block libvirt-qemu "$1" | sed -e "s#/etc/libvirt/passwd.db#$dir/sasldb2#" \
    -e "s#example.test#$realm#" -e "s#virt.$realm#127.0.0.1#" \
    -e "s#SECRET#$secret#"
}
mkdir "$dir/conf" &&
  adapt /etc/sasl2/libvirt.conf >"$dir/conf/libvirt.conf" || exit 1

# systemd opens the socket if it runs
write_server() {
  {
    printf 'listen_tls = 0\nlisten_tcp = 1\nlisten_addr = "127.0.0.1"\n'
    printf 'tcp_port = "%d"\nunix_sock_dir = "%s"\n' "$port" "$dir"
    printf 'auth_unix_rw = "none"\n'
    adapt /etc/libvirt/libvirtd.conf
  } >"$dir/libvirtd.conf"
}
start_libvirtd() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && write_server || return
    plugins_from "$dir/ours" settings_from "$dir/conf" with_plugin \
      start libvirtd "${in_place[@]}" "$dir/dev" /dev -- \
      libvirtd --listen -f "$dir/libvirtd.conf" -p "$dir/pid"
    await libvirtd answers "$port" && return
  done
  cp "$dir/libvirtd.log" "$dir/server.log"
  false
}

# libvirt's driver "test" has a machine that needs no privileges.
list() {  # PASSWORD [PLUGINS]
  secret=$1
  adapt '~/.config/libvirt/auth.conf' >"$dir/auth.conf" &&
    LIBVIRT_AUTH_FILE=$dir/auth.conf plugins_from "$dir/${2-ours}" \
      with_plugin timeout "$limit" virsh \
      -c "test+tcp://127.0.0.1:$port/default" list \
      </dev/null >"$dir/client.result" 2>"$dir/client.err"
}

start_libvirtd
started=$?
ok $started "libvirtd starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
list "$password" && has client.result '^ *1 *test *running'
ok $? "virsh lists the machines"
! list wrong && has client.err 'authentication failed' &&
  syslog_has 'DIGEST-MD5 server: wrong password for user "alice"'
ok $? "a wrong password is refused, and the log says why"
mkdir "$dir/none" && ! list "$password" none && ! has client.result test
ok $? "without a plugin virsh gets no list"
done_testing
