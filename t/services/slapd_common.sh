# What the scripts with a slapd share; to be sourced.  It runs in $dir, with our
# plugin, its SASL options in $dir/conf and its port in $port.
. "$DIGEST_SRCDIR/t/services/common.sh"

slapd=$(command -v slapd) || skip_all "slapd not found"
[ -e /usr/lib/ldap/back_mdb.so ] || skip_all "no back_mdb.so in /usr/lib/ldap"
host=127.0.0.1 port=

# Debian's slapd ignores SASL_CONF_PATH and reads /etc/ldap/sasl2.  A copy in
# which that is the name of our directory, in as many octets, spares us root.
copy_slapd() {
  mkdir "$dir/conf" "$dir/data" &&
    sed 's#/etc/ldap/sasl2#./////////.conf#g' "$slapd" >"$dir/slapd" &&
    chmod +x "$dir/slapd" && ln -s conf "$dir/.conf"
}

# Adds entries to a database that no slapd is using.
add_entries() {  # OPTION...
  SASL_PATH=$dir/ours with_plugin timeout "$limit" env -C "$dir" \
    "$dir/slapd" -T add -q "$@" >"$dir/server.err" 2>&1
}

listens() {
  grep -q 'slapd starting' "$dir/slapd.log" && answers "$port"
}

# Another program may take the port meanwhile.
start_slapd() {  # FUNCTION OPTION...: that writes the files for the port
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && "$1" || return
    SASL_PATH=$dir/ours with_plugin start slapd env -C "$dir" "$dir/slapd" \
      -d stats -h "ldap://$host:$port/ ldapi://${dir//\//%2F}%2Fldapi" "${@:2}"
    await slapd listens && return
  done
  cp "$dir/slapd.log" "$dir/server.log"
  false
}

# Leaves in server.log what slapd says while a command runs.
watch_slapd() {  # COMMAND...
  local seen status
  seen=$(wc -c <"$dir/slapd.log")
  "$@"
  status=$?
  tail -c "+$((seen + 1))" "$dir/slapd.log" >"$dir/server.log"
  return "$status"
}
