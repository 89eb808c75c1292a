#!/bin/bash
# QEMU's displays with our plugin, and the libraries of their viewers with it.
. "$DIGEST_SRCDIR/t/services/common.sh"

client=$DIGEST_SRCDIR/t/services/display_client.py
python=${PYTHON3-python3}
command -v qemu-system-x86_64 >/dev/null || skip_all "QEMU not found"
"$python" "$client" 2>/dev/null ||
  skip_all "the bindings of gvnc and spice-glib for Python not found"
needs_in_place
set_up
start_syslog

adapt() {  # NAME
  block libvirt-qemu "$1" | sed -e "s#/etc/qemu/passwd.db#$dir/sasldb2#"
}
mkdir "$dir/conf" && adapt /etc/sasl2/qemu.conf >"$dir/conf/qemu.conf" || exit 1

vnc_port=
write_arguments() {
  pick_port && vnc_port=$port && pick_port && [ "$port" != "$vnc_port" ] &&
    adapt /root/run-qemu.sh | sed -e "s#^qemu[^ ]*#exec & -machine none \
        -display none -nodefaults#" \
      -e "s#-vnc :0#-vnc 127.0.0.1:$((vnc_port - 5900))#" \
      -e "s#port=5930#addr=127.0.0.1,port=$port#" >"$dir/qemu.sh"
}
start_qemu() {
  local i
  for ((i = 0; i < 5; i++)); do
    write_arguments || return
    plugins_from "$dir/ours" settings_from "$dir/conf" with_plugin \
      start qemu "${in_place[@]}" "$dir/dev" /dev -- bash "$dir/qemu.sh"
    await qemu answers "$port" && await qemu answers "$vnc_port" && return
  done
  cp "$dir/qemu.log" "$dir/server.log"
  false
}
view() {  # vnc|spice USER PASSWORD [PLUGINS]
  local number=$port
  [ "$1" = spice ] || number=$vnc_port
  : >"$dir/syslog.log"
  plugins_from "$dir/${4-ours}" with_plugin timeout "$limit" "$python" \
    "$client" "$1" "$number" "$2" "$3" >"$dir/client.result" \
    2>"$dir/client.err"
}

start_qemu
started=$?
ok $started "QEMU starts, with both displays"
[ $started -eq 0 ] || {
  done_testing
  exit
}
mkdir "$dir/none" || exit 1
for kind in vnc spice; do
  view "$kind" "$user" "$password" && has client.result '^connected$'
  ok $? "$kind: a viewer connects"
  ! view "$kind" "$user" wrong && ! has client.result connected &&
    syslog_has 'DIGEST-MD5 server: wrong password for user "alice"'
  ok $? "$kind: a wrong password is refused, and the log says why"
  ! view "$kind" nobody "$password" && ! has client.result connected &&
    syslog_has 'DIGEST-MD5 server: no user "nobody" with a usable secret'
  ok $? "$kind: so is an unknown user"
  ! view "$kind" "$user" "$password" none && ! has client.result connected
  ok $? "$kind: without a plugin the viewer does not connect"
done
done_testing
