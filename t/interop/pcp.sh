#!/bin/bash
# Performance Co-Pilot, whose service has a blank in its name: pmcd and pminfo
# with our plugin on each side.  It is no package of ./bootstrap, because
# Debian's starts its services.
. "$DIGEST_SRCDIR/t/services/common.sh"

pmcd=$(PATH=/usr/lib/pcp/bin:/usr/libexec/pcp/bin command -v pmcd) &&
  command -v pminfo >/dev/null || skip_all "pmcd and pminfo not found"
agent=/var/lib/pcp/pmdas/pmcd/pmda_pmcd.so
[ -e "$agent" ] || skip_all "$agent not found"
set_up
# pmcd wants an account of the system; the realm is the host's name
name=$(id -un)
add_user "$name" "$password" "$(uname -n)"

mkdir "$dir/etc" || exit 1
printf '%s\n' 'mech_list: digest-md5' "sasldb_path: $dir/sasldb2" \
  'log_level: 7' >"$dir/etc/pmcd.conf"
printf 'root {\n pmcd\n}\npmcd {\n numagents 2:0:0\n}\n' >"$dir/names"
echo "pmcd 2 dso pmcd_init $agent" >"$dir/agents"

start_pmcd() {  # PLUGINS
  pick_port || return
  start pmcd env "SASL_PATH=$dir/$1" "SASL_PLUGINDIR=$dir/$1" \
    "SASL_CONF_PATH=$dir/etc" "SASL_CONFDIR=$dir/etc" \
    "$pmcd" -f -A -n "$dir/names" -c "$dir/agents" -l "$dir/server.log" \
    -i 127.0.0.1 -p "$port" -s "$dir/socket" -U "$name"
  await pmcd answers "$port"
}

ask() {  # PLUGINS PASSWORD
  plugins_from "$dir/$1" timeout "$limit" pminfo -f -n "$dir/names" \
    -h "pcp://127.0.0.1:$port?method=DIGEST-MD5&user=$name&pass=$2" \
    pmcd.numagents >"$dir/client.result" 2>"$dir/client.err"
}

sides=(ours)
[ ! -e "$dir/stock/libdigestmd5.so" ] || [ -n "${DIGEST_PRELOAD-}" ] ||
  sides+=(stock)
for server in "${sides[@]}"; do
  start_pmcd "$server"
  ok $? "pmcd starts with the plugin: $server"
  for client in "${sides[@]}"; do
    [ "$server$client" != stockstock ] || continue
    ask "$client" "$password" && has client.result 'value 0' &&
      has server.log "Successful authentication for user \"$name"
    ok $? "pminfo with the plugin: $client"
  done
  ask ours wrong
  ! has client.result 'value 0'
  ok $? "a wrong password is refused"
  stop pmcd
done
done_testing
