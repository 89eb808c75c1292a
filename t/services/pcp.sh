#!/bin/bash
# Performance Co-Pilot, whose service has a blank in its name: pmcd and pminfo
# with our plugin on each side.
. "$DIGEST_SRCDIR/t/services/common.sh"

pmcd=$(PATH=/usr/lib/pcp/bin:/usr/libexec/pcp/bin command -v pmcd) &&
  command -v pminfo >/dev/null || skip_all "pmcd and pminfo not found"
agent=/var/lib/pcp/pmdas/pmcd/pmda_pmcd.so
[ -e "$agent" ] || skip_all "$agent not found"
set_up
# pmcd wants an account of the system, and the host's name as realm
name=$(id -un)
realm=$(uname -n)
add_user "$name" "$password"
add_user stranger "$password"

adapt() {  # NAME
  block pcp "$1" | sed -e "s#/etc/pcp/passwd.db#$dir/sasldb2#"
}
mkdir "$dir/etc" && adapt /etc/sasl2/pmcd.conf >"$dir/etc/pmcd.conf" &&
  read -r -a options < <(adapt /etc/pcp/pmcd/pmcd.options) || exit 1
printf 'root {\n pmcd\n}\npmcd {\n numagents 2:0:0\n}\n' >"$dir/names"
echo "pmcd 2 dso pmcd_init $agent" >"$dir/agents"

start_pmcd() {  # PLUGINS
  pick_port || return
  plugins_from "$dir/$1" settings_from "$dir/etc" with_plugin start pmcd \
    "$pmcd" -f -A -n "$dir/names" -c "$dir/agents" -l "$dir/server.log" \
    -i 127.0.0.1 -p "$port" -s "$dir/socket" -U "$name" "${options[@]}"
  await pmcd answers "$port"
}

read_metric() {  # PLUGINS PARAMETERS
  plugins_from "$dir/$1" timeout "$limit" pminfo -f -n "$dir/names" \
    -h "pcp://127.0.0.1:$port$2" pmcd.numagents \
    </dev/null >"$dir/client.result" 2>"$dir/client.err"
}
ask() {  # PLUGINS USER PASSWORD
  read_metric "$1" "?method=digest-md5&user=$2&pass=$3"
}

sides=(ours)
[ ! -e "$dir/stock/libdigestmd5.so" ] || [ -n "${DIGEST_PRELOAD-}" ] ||
  sides+=(stock)
for server in "${sides[@]}"; do
  start_pmcd "$server"
  ok $? "pmcd starts with the plugin: $server"
  for client in "${sides[@]}"; do
    [ "$server$client" != stockstock ] || continue
    ask "$client" "$name" "$password" && has client.result 'value 0' &&
      has server.log "Successful authentication for user \"$name"
    ok $? "pminfo with the plugin: $client"
  done
  ask ours "$name" wrong
  ! has client.result 'value 0'
  ok $? "a wrong password is refused"
  [ "$server" = ours ] || continue
  has server.log "DIGEST-MD5 server: wrong password for user \"$name\""
  ok $? "and the log says why"
  read_metric ours ''
  ! has client.result 'value 0'
  ok $? "without authentication there is no answer"
  ask ours stranger "$password"
  ! has client.result 'value 0' &&
    has server.log 'Successful authentication for user "stranger'
  ok $? "a user who has no account of the system is refused"
done
done_testing
