# The loop invariants of lib/, which WP reads from comments: inserts them into a
# copy.

# slice_take_class
/^slice_take_class(/,/^}/{
/while (/i\
/*@ loop invariant size <= rest->size;\
    loop invariant in_class: \\forall integer i; 0 <= i < size ==>\
      (table[rest->data[i]] & mask) != 0;\
    loop assigns size; loop variant rest->size - size; */
}

# text_to_number
/^text_to_number/,/^}/{
/for (size_t i/i\
/*@ loop invariant 0 <= i <= text.size && sum <= maximum;\
    loop invariant sum == decimal(text.data, i);\
    loop assigns i, sum; loop variant text.size - i; */
}

# unescape
/^unescape(/,/^}/{
/while (slice_take/i\
/*@ loop invariant sound(scratch) && apart(scratch);\
    loop invariant scratch->data == \\at(scratch->data, Pre);\
    loop invariant scratch->size <= \\at(scratch->size, Pre);\
    loop invariant value.size <= \\at(value.size, Pre);\
    loop invariant value.data ==\
      \\at(value.data, Pre) + (\\at(value.size, Pre) - value.size);\
    loop invariant mark <= scratch->used;\
    loop invariant shorter: scratch->used - mark <=\
      \\at(value.size, Pre) - value.size;\
    loop invariant enough: has_room{Pre}(scratch, \\at(value.size, Pre)) ==>\
      as_large{Pre,Here}(scratch);\
    loop invariant kept: \\forall integer i; 0 <= i < mark ==>\
      scratch->data[i] == \\at(scratch->data[i], Pre);\
    loop assigns value, character, scratch->used, scratch->overflow,\
      scratch->size, scratch->data[0 .. \\at(scratch->size, Pre) - 1];\
    loop variant value.size; */
}
