# Functions for speaking DIGEST-MD5 by hand with the lines of sasl_peer; to be
# sourced after common.sh.

# A peer that has ended fails a test, but must not end the script.
trap '' PIPE

# The user's response to a challenge, without nonce and proof.
response="username=\"$user\",realm=\"$realm\",nonce=\"NONCE\",cnonce=\"c\",\
nc=00000001,qop=auth,digest-uri=\"test/host.example.test\",response=PROOF"

# The line's argument for a message.
encode() { if [ -z "$1" ]; then echo =; else printf %s "$1" | base64 -w 0; fi; }

md5() { md5sum | cut -c 1-32; }
octets() { printf "${1//??/\\x&}"; }  # HEX

field() {  # NAME MESSAGE [DEFAULT]: the first such value, in REPLY
  REPLY=${3-}
  # the quotes are for what follows a value in quotes
  [[ ,$2 =~ [,[:space:]]$1=\"?([^\",]*) ]] && REPLY=${BASH_REMATCH[1]}
}

# The client's proof, or the server's, for the values of a response, even if
# these are invalid.
prove() {  # RESPONSE PASSWORD [server]
  local username realm nonce cnonce nc qop uri authzid secret a1 a2
  local method=AUTHENTICATE
  [ $# -lt 3 ] || method=
  field username "$1"; username=$REPLY
  field realm "$1"; realm=$REPLY
  field nonce "$1"; nonce=$REPLY
  field cnonce "$1"; cnonce=$REPLY
  field nc "$1" 00000001; nc=$REPLY
  field qop "$1" auth; qop=$REPLY
  field digest-uri "$1"; uri=$REPLY
  field authzid "$1"; authzid=
  [[ $1 != *,authzid=* ]] || authzid=:$REPLY
  [ "$qop" = auth ] || uri+=:00000000000000000000000000000000
  secret=$(printf %s "$username:$realm:$2" | md5)
  a1=$({ octets "$secret"; printf %s ":$nonce:$cnonce$authzid"; } | md5)
  a2=$(printf %s "$method:$uri" | md5)
  printf %s "$a1:$nonce:$nc:$cnonce:$qop:$a2" | md5
}

# Starts a server that exchanges lines with the script.
open_server() {  # ARGUMENT...
  server_arguments=("$@")
  rm -f "$dir"/{server,client}.{result,log,err,trace} "$dir"/raw_{in,out}
  mkfifo "$dir/raw_in" "$dir/raw_out" || exit 1
  start_server <"$dir/raw_in" >"$dir/raw_out" &
  server_pid=$!
  exec {raw_in}>"$dir/raw_in" {raw_out}<"$dir/raw_out"
}

tell() { printf '%s\n' "$1" >&"$raw_in"; } 2>/dev/null

# The next line: its first word, and its message.  No message of a server has
# an octet that the shell cannot keep.
hear() {
  local argument=
  word='' message=''
  read -r -t "$limit" word argument <&"$raw_out" || return
  case $argument in ''|=) ;; *) message=$(base64 -d <<<"$argument") ;; esac
}

close_server() {
  exec {raw_in}>&- {raw_out}<&-
  wait "$server_pid"
  server_status=$?
}

# Asks for a challenge; the nonce is in $nonce.
get_challenge() {
  tell 'AUTH DIGEST-MD5'
  hear
  field nonce "$message"
  nonce=$REPLY
}

# A response with NONCE and PROOF filled in; it is in $text.
fill() {  # RESPONSE [PASSWORD]
  text=${1//NONCE/$nonce}
  text=${text//PROOF/$(prove "$text" "${2-$password}")}
}

send_response() {  # RESPONSE [PASSWORD]
  fill "$@"
  tell "+ $(encode "$text")"
}
