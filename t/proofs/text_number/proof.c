/*
 * text_to_number() and text_is() of lib/base/text.c.
 *
 * Before: any text that can be read, of any size; any range.
 * After: only a text of one or more digits gives a number, which is their value
 * and in the range.  Any other text gives none.  No octet outside the text was
 * read, and no sum left its range.
 *
 * wp: text_is text_to_number
 */
#include "contracts.h"

#include "base/text.h"

/*@ requires readable(text.data, text.size) && classes <= 255;
    assigns \nothing;
    ensures \result <==> \forall integer i; 0 <= i < text.size ==>
            (text_classes[text.data[i]] & classes) != 0;
*/
bool text_is(struct slice text, unsigned classes);

/*@ logic integer decimal(uint8_t *digits, integer count) =
      count <= 0 ? 0
                 : decimal(digits, count - 1) * 10 + (digits[count - 1] - '0');
*/

/*@ // text_classes/ proves this by looking at every octet.
    requires \forall integer octet; 0 <= octet <= 255 ==>
      ((text_classes[octet] & TEXT_DIGIT) != 0 ==> '0' <= octet <= '9');
    requires \valid(number) && readable(text.data, text.size);
    requires \separated(number, text.data + (0 .. text.size - 1));
    assigns *number;
    ensures one: \result == REASON_NONE || \result == REASON_VALUE;
    ensures range: \result == REASON_NONE ==> minimum <= *number <= maximum;
    ensures value: \result == REASON_NONE ==>
            text.size > 0 && *number == decimal(text.data, text.size);
    ensures digits: \result == REASON_NONE ==>
            \forall integer i; 0 <= i < text.size ==>
            '0' <= text.data[i] <= '9';
    ensures kept: \result != REASON_NONE ==> *number == \old(*number);
*/
enum reason text_to_number(struct slice text, uint32_t minimum,
                           uint32_t maximum, uint32_t *number);

#include "base/text.c"
