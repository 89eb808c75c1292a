#!/bin/bash
# Dovecot's own DIGEST-MD5, with our plugin in mbsync as client.
. "$DIGEST_SRCDIR/t/services/common.sh"

for program in dovecot mbsync openssl; do
  command -v "$program" >/dev/null || skip_all "$program not found"
done
[[ $(ldd "$(command -v mbsync)") = *libsasl2* ]] ||
  skip_all "mbsync is built without libsasl2"
version=$(dovecot --version)
version=$(cut -d . -f 1,2 <<<"$version")
case $version in
  2.3) certificate_file='ssl_cert = <' key_file='ssl_key = <'
       logged_in=Login ;;
  2.4) certificate_file='ssl_server_cert_file = '
       key_file='ssl_server_key_file = ' logged_in='Logged in' ;;
  *) skip_all "the page has nothing for Dovecot $version" ;;
esac
getent ahostsv4 localhost >/dev/null ||
  skip_all "localhost has no address here"
set_up

# As root Dovecot's processes run as other users, which need access to $dir.
if [ "$(id -u)" -eq 0 ]; then
  internal=dovecot login=dovenull owner=nobody
else
  internal=$(id -un) login=$internal owner=$internal
fi
group=$(id -gn "$owner")
open_to "$internal" "$login" "$owner"
mkdir "$dir/run" "$dir/state" "$dir/mail" "$dir/near" &&
  mkdir -p "$dir/mail/$user@$realm/Maildir"/{cur,new,tmp} || exit 1

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 \
  -keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>"$dir/client.err"

adapt() {  # FILE
  block dovecot "$1" |
    sed -e "s#imap.example.com#localhost#" -e "s#^Port 143#Port $port#" \
      -e "s#example.com#$realm#g" -e "s#SECRET#$password#" \
      -e "s#/etc/dovecot/users#$dir/users#" -e "s#/var/vmail#$dir/mail#" \
      -e "s#\(uid *= *\)vmail#\1$owner#" -e "s#\(gid *= *\)vmail#\1$group#" \
      -e "s#/etc/ssl/certs/ca-certificates.crt#$dir/certificate.pem#" \
      -e "s#~/Mail/#$dir/near/#"
}

write_server() {
  {
    # the package's own file begins with these
    [ "$version" = 2.3 ] ||
      printf 'dovecot_%s_version = 2.4.0\n' config storage
    cat <<EOF
protocols = imap
listen = 127.0.0.1
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/server.log
auth_verbose = yes
default_internal_user = $internal
default_login_user = $login
default_internal_group = $(id -gn "$internal")
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
$certificate_file$dir/certificate.pem
$key_file$dir/key.pem
service imap-login {
  chroot =
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
EOF
    adapt "/etc/dovecot/local.conf, for $version"
  } >"$dir/dovecot.conf" && adapt /etc/dovecot/users >"$dir/users" &&
    adapt '~/.mbsyncrc' >"$dir/mbsyncrc" && chown "$internal" "$dir/users" &&
    chmod 600 "$dir/users" "$dir/mbsyncrc"
}

# Another program may have taken the port.
start_dovecot() {
  local i
  for ((i = 0; i < 5; i++)); do
    pick_port && write_server && : >"$dir/server.log" || return
    start dovecot dovecot -F -c "$dir/dovecot.conf"
    await dovecot answers "$port" && return
  done
  cp "$dir/dovecot.log" "$dir/client.err"
  false
}

put_mail() {  # NAME TEXT
  local mails=$dir/mail/$user@$realm
  printf 'From: x@%s\nSubject: %s\n\n%s\n' "$realm" "$1" "$2" \
    >"$mails/Maildir/new/$1" && chown -R "$owner" "$mails"
}

sync_mail() {  # the plugin's directory
  : >"$dir/server.log"
  rm -rf "$dir"/{near,.mbsync,.local} && mkdir "$dir/near" || return
  HOME=$dir plugins_from "$1" with_plugin timeout "$limit" mbsync \
    -c "$dir/mbsyncrc" mail >"$dir/client.result" 2>"$dir/client.err" \
    </dev/null
}
arrived() { grep -qrs -e "$1" "$dir/near/Inbox"; }  # TEXT
says() { grep -q -e "$1" "$dir/server.log"; }       # TEXT: in the log

start_dovecot
started=$?
ok $started "Dovecot starts"
[ $started -eq 0 ] || {
  done_testing
  exit
}

put_mail one 'the first letter' && sync_mail "$dir/ours" &&
  arrived 'the first letter' &&
  await dovecot says "$logged_in: user=<$user@$realm>, method=DIGEST-MD5"
ok $? "mbsync logs in with our plugin, and fetches the mail"
mkdir "$dir/none" && ! sync_mail "$dir/none" && ! arrived 'the first letter'
ok $? "without a plugin it does not"

sed -i 's/^Pass .*/Pass wrong/' "$dir/mbsyncrc"
! sync_mail "$dir/ours" && ! arrived 'the first letter' &&
  has client.err 'AUTHENTICATIONFAILED' &&
  await dovecot says 'assword mismatch'
ok $? "a wrong password is refused"
sed -i -e "s/^Pass .*/Pass \"$password\"/" -e 's/^User .*/User nobody/' \
  "$dir/mbsyncrc"
! sync_mail "$dir/ours" && has client.err 'AUTHENTICATIONFAILED' &&
  await dovecot says 'unknown user'
ok $? "an unknown user is refused"

secret=$(doveadm -c "$dir/dovecot.conf" pw -s DIGEST-MD5 \
  -u "$user@$realm" -p "$password") &&
  printf '%s@%s:%s\n' "$user" "$realm" "$secret" >"$dir/users" &&
  sed -i "s/^User .*/User $user/" "$dir/mbsyncrc" &&
  sync_mail "$dir/ours" && arrived 'the first letter'
ok $? "a hashed password of Dovecot's is as good"
done_testing
