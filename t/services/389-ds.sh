#!/bin/bash
# 389 Directory Server and the clients of OpenLDAP, with our plugin on both sides.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in ns-slapd dscreate ldapwhoami ldapmodify ldapadd; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
needs_in_place
open_to dirsrv
set_up

manager='cn=Directory Manager' manager_password='for the administrator'
adapt() {  # NAME
  block 389-ds "$1" | sed -e "s#ldap.example.test#localhost#" \
    -e "s#ADMINISTRATOR-SECRET#$manager_password#"
}

# All that an instance has is below $dir: etc, log, ...
make_directories() {
  mkdir -p "$dir"/{etc,lib,log,shm,bin} "$dir"/run/{dirsrv,lock/dirsrv} &&
    cp -a /etc/dirsrv/. "$dir/etc" && chown -R dirsrv "$dir"/{etc,lib,log,run} &&
    chmod 1777 "$dir/shm"
}
places=("$dir/etc" /etc/dirsrv "$dir/lib" /var/lib/dirsrv
  "$dir/log" /var/log/dirsrv "$dir/run" /run "$dir/shm" /dev/shm)

# dscreate starts the instance with systemctl, and configures it over its socket.
write_systemctl() {
  cat >"$dir/bin/systemctl" <<'EOF'
#!/bin/sh
file=/run/dirsrv/slapd-example.pid
is_active() { [ -e "$file" ] && kill -0 "$(cat "$file")" 2>/dev/null; }
answers() { ldapsearch -x -H ldapi://%2Frun%2Fslapd-example.socket -s base; }
case $1 in
  start)
    ns-slapd -D /etc/dirsrv/slapd-example -i "$file"
    for i in $(seq 300); do
      ! answers >/dev/null 2>&1 || exit 0
      sleep 0.1
    done
    exit 1 ;;
  stop)
    ! is_active || kill "$(cat "$file")"
    while is_active; do sleep 0.1; done ;;
  is-active) is_active ;;
esac
EOF
  chmod +x "$dir/bin/systemctl"
}
create() {
  pick_port && adapt /root/example.inf |
    sed -e '/^\[general\]/a selinux = False\nstrict_host_checking = False' \
      -e '/^\[general\]/a start = False' \
      -e "/^\[slapd\]/a port = $port\nsecure_port = 0\nself_sign_cert = False" \
      >"$dir/example.inf" &&
    PATH=$dir/bin:$PATH timeout "$limit" "${in_place[@]}" "${places[@]}" -- \
      dscreate from-file "$dir/example.inf" >"$dir/client.log" 2>&1
}
start_server() {
  plugins_from "$dir/ours" with_plugin start server \
    "${in_place[@]}" "${places[@]}" -- ns-slapd -d 0 \
    -D /etc/dirsrv/slapd-example -i /run/dirsrv/slapd-example.pid
  await server answers "$port"
}
run_ldap() {  # PROGRAM OPTION...
  (
    unset "${!LDAP@}"
    plugins_from "$dir/ours" with_plugin timeout "$limit" "$1" \
      -H "ldap://localhost:$port" "${@:2}"
  ) </dev/null >"$dir/client.result" 2>"$dir/client.err"
}
change() {  # PROGRAM NAME
  adapt "$2" >"$dir/change.ldif" &&
    run_ldap "$1" -x -D "$manager" -w "$manager_password" -f "$dir/change.ldif"
}
who() {  # USER PASSWORD [OPTION...]
  run_ldap ldapwhoami -Y DIGEST-MD5 -U "$1" -w "$2" "${@:3}"
}
set_level() {  # LEVEL
  printf 'dn: cn=config\nchangetype: modify\nreplace: %s\n%s: %d\n' \
    nsslapd-errorlog-level nsslapd-errorlog-level "$1" >"$dir/change.ldif" &&
    run_ldap ldapmodify -x -D "$manager" -w "$manager_password" \
      -f "$dir/change.ldif"
}
errors_have() { await server has log/slapd-example/errors "$1"; }

make_directories && write_systemctl && create && start_server
started=$?
ok $started "an instance is made, and starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}
change ldapmodify /root/digest-md5.ldif && change ldapadd /root/people.ldif &&
  start_server
ok $? "it takes the page's changes and users"
for strength in 0 1 112 128; do
  who "$user" "$password" -O "minssf=$strength,maxssf=$strength" &&
    has client.result "^dn: uid=$user,ou=people,dc=example,dc=test\$" &&
    has client.err "^SASL SSF: $strength\$"
  ok $? "strength $strength"
done
set_level 8 && ! who "$user" wrong &&
  has client.err 'Invalid credentials (49)' &&
  errors_have 'DIGEST-MD5 server: wrong password for user "alice"'
ok $? "a wrong password is refused, and the log says why"
! who nobody "$password" && has client.err 'Invalid credentials (49)' &&
  errors_have 'DIGEST-MD5 server: no user "nobody" with a usable secret'
ok $? "so is an unknown user"
done_testing
