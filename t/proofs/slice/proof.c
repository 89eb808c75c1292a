/*
 * The readers and writers of lib/base/slice.h and lib/base/slice.c.
 *
 * Before: any slice whose octets can be read, any writer whose memory can be
 * written, of any size; both may have no memory if they have no octets.
 * After: what the contracts say (contracts.h).  Readers stay within the slice,
 * take the requested octets, and change nothing on failure; writers stay within
 * their memory, append the given octets, and write nothing if these do not fit,
 * nor anything later.
 *
 * wp: slice_of slice_exists slice_move slice_take slice_take_back
 * wp: slice_take_octet slice_take_class writer_over writer_fits writer_reserve
 * wp: writer_put writer_put_octet writer_since
 * not: in_class
 */
#include "contracts.h"

#include "base/slice.c"
