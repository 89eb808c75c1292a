# Shared by the scripts that run Cyrus IMAP; to be sourced.
. "$DIGEST_SRCDIR/t/services/common.sh"

cyrus=/usr/lib/cyrus/bin
[ -x "$cyrus/master" ] || skip_all "Cyrus IMAP not found in $cyrus"
command -v openssl >/dev/null || skip_all "openssl not found"
[ "$(id -u)" -eq 0 ] || skip_all "only root can run Cyrus IMAP"
getent ahostsv4 localhost >/dev/null ||
  skip_all "localhost has no address here"
open_to cyrus
set_up
PATH=$PATH:$cyrus

# Cyrus IMAP logs to syslog only, and its programs know no other way.
"${compiler[@]}" -shared -fPIC -o "$dir/syslog.so" \
  "$DIGEST_SRCDIR/t/services/syslog_to_file.c" 2>"$dir/client.err" ||
  skip_all "no library can be compiled"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 \
  -keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>"$dir/client.err"
chown cyrus "$dir/sasldb2" "$dir/key.pem"

# A file of the page, with the test's names; ports of the services by name.
declare -A ports=()
adapt() {  # INSTANCE FILE
  local edits=() service
  for service in "${!ports[@]}"; do
    edits+=(-e "s#listen=\"$service\"#listen=\"127.0.0.1:${ports[$service]}\"#")
  done
  block cyrus-imap "$2" |
    sed "${edits[@]}" -e "s#cmd=\"[a-z0-9_]*#& -C $dir/$1/imapd.conf#" \
      -e "s#\(mail\|replica\).example.com#localhost#" -e "s#example.com#$realm#" \
      -e "s#/etc/sasldb2#$dir/sasldb2#" -e "s#/etc/ssl/cyrus#$dir#" \
      -e "s#/etc/sasl2/nonces.key#$dir/nonces.key#" \
      -e "s#redis://localhost#${store-}#" -e "s#SECRET#$password#"
}

# Writes the files of an instance.  Debian's package makes such directories for
# the system's own one.
write_instance() {  # INSTANCE SERVICES SETTINGS...
  local home=$dir/$1 name
  mkdir -p "$home"/{db,lock,log,msg,proc,quota,socket,sync,user} \
    "$home"/{mail,scripts} && chown -R cyrus "$home" || return
  {
    cat <<END
configdirectory: $home
defaultpartition: default
partition-default: $home/mail
sievedir: $home/scripts
END
    for name in "${@:3}"; do adapt "$1" "$name"; done
  } >"$home/imapd.conf"
  {
    printf 'START {\n recover cmd="ctl_cyrusdb -C %s -r"\n}\n' \
      "$home/imapd.conf"
    adapt "$1" "$2"
  } >"$home/cyrus.conf"
}

start_instance() {  # INSTANCE
  stop "$1"
  : >"$dir/$1.syslog" && chmod 666 "$dir/$1.syslog"
  plugins_from "$dir/ours" start "$1" env DIGEST_SYSLOG="$dir/$1.syslog" \
    LD_PRELOAD="$dir/syslog.so${DIGEST_PRELOAD+ $DIGEST_PRELOAD}" \
    ASAN_OPTIONS=detect_leaks=0 master -C "$dir/$1/imapd.conf" \
    -M "$dir/$1/cyrus.conf" -p "$dir/$1/pid"
}

# Starts an instance with free ports; another program may have taken one.
start_cyrus() {  # INSTANCE SERVICES SETTINGS...
  local i service
  for ((i = 0; i < 5; i++)); do
    ports=()
    while read -r service; do
      pick_port && ports[$service]=$port || return
    done < <(block cyrus-imap "$2" | sed -n 's/.*listen="\(.*\)".*/\1/p')
    write_instance "$@" && start_instance "$1" || return
    await "$1" listens "$1" && return
  done
  cp "$dir/$1.syslog" "$dir/server.log"
  cp "$dir/$1.log" "$dir/server.err"
  false
}
listens() {  # INSTANCE
  grep -q 'ready for work' "$dir/$1.syslog" &&
    ! grep -q 'unable to bind' "$dir/$1.syslog"
}

# What an instance has logged; clear before the test.
forget() { : >"$dir/${1-server}.syslog"; }
says() {  # TEXT [INSTANCE]: the line may be late
  await "${2-server}" grep -q -e "$1" "$dir/${2-server}.syslog"
  local status=$?
  cp "$dir/${2-server}.syslog" "$dir/server.log"
  return "$status"
}

# Logs in with a client of Cyrus IMAP, and sends the lines of the input.
run_client() {  # PROGRAM SERVICE ARGUMENT...
  forget
  plugins_from "$dir/${plugins-ours}" with_plugin timeout "$limit" "$1" \
    -m DIGEST-MD5 -a "${name-$user}" -u "${name-$user}" -r "$realm" \
    -w "${word-$password}" -p "${ports[$2]}" "${@:3}" localhost \
    >"$dir/client.result" 2>"$dir/client.err"
  local status=$?
  cp "$dir/server.syslog" "$dir/server.log"
  return "$status"
}
