#!/bin/bash
# What a server looks up, in a database that writes it down.
. "$DIGEST_SRCDIR/t/plugin/common.sh"
set_up
"${compiler[@]}" -shared -fPIC -o "$dir/ours/libcounting.so" \
  "$DIGEST_SRCDIR/t/plugin/counting_auxprop.c" || exit 1
export LOOKUPS=$dir/lookups

try() {  # CLIENT-ARGUMENT...
  rm -f "$LOOKUPS"
  run server: option.auxprop_plugin=counting proxy=1 max=0 client: "$@"
}
refused() { ! succeeded && has server.result '^failed code=-13 '; }
looked_up() {  # LINE...
  [ "$(cat "$LOOKUPS")" = "$(printf "%s@$realm\n" "$@")" ]
}

try authname=alice password=alice
succeeded && looked_up 'authid alice' 'authzid alice'
ok $? "a user is looked up"
try authname=alice password=wrong
refused && looked_up 'authid alice' 'authzid alice'
ok $? "also with a wrong password"
try authname=nobody password=wrong
refused && looked_up 'authid nobody' 'authzid nobody'
ok $? "and so is one who does not exist"

try authname=alice password=alice user=bob
succeeded && looked_up 'authid alice' 'authzid bob'
ok $? "with an authzid there is one look-up for each name"
for user in bob noone; do
  try authname=alice password=wrong user=$user
  refused && looked_up 'authid alice' "authzid $user"
  ok $? "also with a wrong password, who acts for $user"
  try authname=nobody password=wrong user=$user
  refused && looked_up 'authid nobody' "authzid $user"
  ok $? "G52 and of a user who does not exist"
done
done_testing
