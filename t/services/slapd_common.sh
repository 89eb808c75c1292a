# Shared by the scripts that use slapd; to be sourced.  It runs in $home, with
# our plugin, its SASL options in $home/conf, its port in $port and its output in
# $dir/$name.log.
. "$DIGEST_SRCDIR/t/services/common.sh"

slapd=$(command -v slapd) || skip_all "slapd not found"
[ -e /usr/lib/ldap/back_mdb.so ] || skip_all "no back_mdb.so in /usr/lib/ldap"
[ -r /etc/ldap/schema/nis.ldif ] || skip_all "no schemas in /etc/ldap/schema"
host=127.0.0.1 port=
base=dc=example,dc=test
use_slapd() {  # NAME HOME
  name=$1 home=$2 ldapi_url=ldapi://${2//\//%2F}%2Fldapi
}
use_slapd slapd "$dir"

# Debian's slapd ignores SASL_CONF_PATH and reads /etc/ldap/sasl2.  To avoid
# root, use a copy of slapd with that name replaced by one of our directory, of
# the same length.
copy_slapd() {
  sed 's#/etc/ldap/sasl2#./////////.conf#g' "$slapd" >"$dir/slapd" &&
    chmod +x "$dir/slapd" && make_home
}
make_home() {
  mkdir -p "$home/conf" "$home/data" && ln -s conf "$home/.conf"
}

# Adds entries to a database that no slapd is using, without any plugin.
add_entries() {  # OPTION...
  plugins_from "$home/data" timeout "$limit" "$dir/slapd" -T add -q "$@" \
    >"$dir/server.err" 2>&1
}

# The configuration of Debian's package.
debian_configuration() {
  local administrator=cn=peercred,cn=external,cn=auth
  administrator="gidNumber=$(id -g)+uidNumber=$(id -u),$administrator"
  cat <<EOF
dn: cn=config
objectClass: olcGlobal
cn: config

dn: cn=module{0},cn=config
objectClass: olcModuleList
cn: module{0}
olcModulePath: /usr/lib/ldap
olcModuleLoad: back_mdb

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
cn: schema

include: file:///etc/ldap/schema/core.ldif
include: file:///etc/ldap/schema/cosine.ldif
include: file:///etc/ldap/schema/nis.ldif
include: file:///etc/ldap/schema/inetorgperson.ldif

dn: olcDatabase={-1}frontend,cn=config
objectClass: olcDatabaseConfig
objectClass: olcFrontendConfig
olcDatabase: {-1}frontend
olcAccess: {0}to * by dn.exact=$administrator manage by * break
olcSizeLimit: unlimited

dn: olcDatabase={0}config,cn=config
objectClass: olcDatabaseConfig
olcDatabase: {0}config
olcAccess: {0}to * by dn.exact=$administrator manage by * break

dn: olcDatabase={1}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {1}mdb
olcDbDirectory: $home/data
olcSuffix: $base
olcRootDN: cn=admin,$base
olcRootPW: admin
olcAccess: {0}to attrs=userPassword by self write by anonymous auth by * none
olcAccess: {1}to attrs=shadowLastChange by self write by * read
olcAccess: {2}to * by * read
EOF
}

set_up_empty() {
  mkdir "$home/slapd.d" && debian_configuration >"$dir/config.ldif" &&
    add_entries -F "$home/slapd.d" -n 0 -l "$dir/config.ldif"
}
set_up_debian() {  # [FILE]: more entries
  {
    printf 'dn: %s\nobjectClass: dcObject\n' "$base"
    printf 'objectClass: organization\ndc: example\no: Example\n'
    [ $# -eq 0 ] || cat "$1"
  } >"$dir/base.ldif" && set_up_empty &&
    add_entries -F "$home/slapd.d" -n 1 -l "$dir/base.ldif"
}

listens() {
  grep -q 'slapd starting' "$dir/$name.log" && answers "$port"
}

# Another program may have taken the port.
start_slapd() {  # FUNCTION OPTION...: that writes the files for the port
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && "$1" || return
    plugins_from "$dir/ours" with_plugin start "$name" \
      env -C "$home" "$dir/slapd" -d stats \
      -h "ldap://$host:$port/ $ldapi_url" "${@:2}"
    await "$name" listens && return
  done
  cp "$dir/$name.log" "$dir/server.log"
  false
}

# Writes slapd's log lines during a command to server.log.
watch_slapd() {  # COMMAND...
  local seen status
  seen=$(wc -c <"$dir/$name.log")
  "$@"
  status=$?
  tail -c "+$((seen + 1))" "$dir/$name.log" >"$dir/server.log"
  return "$status"
}

# A client of ldap-utils.
run_ldap() {  # PROGRAM OPTION...
  (
    unset "${!LDAP@}"
    cd "$dir" && HOME=$dir plugins_from "$dir/ours" with_plugin \
      timeout "$limit" "$@"
  ) </dev/null >"$dir/client.result" 2>"$dir/client.err"
}
