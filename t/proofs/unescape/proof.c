/*
 * unescape() of lib/message/directive.c.
 *
 * Before: any readable value, of any size; any scratch that does not overlap
 * it, with any number of octets in use.
 * After: the result is what was appended to those in use.  It is not larger
 * than the value, so a scratch with room for the value does not overflow.  The
 * octets in use are unchanged, no octet outside the value is read, and none
 * outside the scratch is written.
 *
 * wp: unescape
 */
#include "contracts.h"

#include "message/directive.h"

/*@ requires sound(scratch) && apart(scratch);
    requires readable(value.data, value.size);
    requires \separated(scratch, value.data + (0 .. value.size - 1));
    requires \separated(scratch->data + (0 .. scratch->size - 1),
                        value.data + (0 .. value.size - 1));
    assigns scratch->used, scratch->size, scratch->overflow,
      scratch->data[0 .. scratch->size - 1];
    ensures sound(scratch);
    ensures place: scratch->data != \null ==>
      \result.data == scratch->data + \old(scratch->used);
    ensures size: \result.size == scratch->used - \old(scratch->used);
    ensures shorter: \result.size <= value.size;
    ensures bound: \old(scratch->used) <= scratch->used;
    ensures enough: has_room{Old}(scratch, value.size) ==>
      as_large{Old,Here}(scratch);
    ensures kept: \forall integer i; 0 <= i < \old(scratch->used) ==>
      scratch->data[i] == \old(scratch->data[i]);
*/
static struct slice unescape(struct writer *scratch, struct slice value);

#include "message/directive.c"
