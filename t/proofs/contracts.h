/*
 * The contracts of the readers and writers of lib/base/slice.h.  slice/ proves
 * them; the proofs of functions that call readers and writers use them.
 */
#ifndef DIGEST_CONTRACTS_H
#define DIGEST_CONTRACTS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The C standard's contract of memcpy, without void. */
/*@ requires \valid(to + (0 .. size - 1)) && \valid_read(from + (0 .. size - 1));
    requires \separated(to + (0 .. size - 1), from + (0 .. size - 1));
    assigns to[0 .. size - 1] \from from[0 .. size - 1];
    ensures \forall integer i; 0 <= i < size ==> to[i] == from[i];
*/
void copy_octets(uint8_t *to, const uint8_t *from, size_t size);
#define memcpy copy_octets

#include "base/slice.h"

/*@ predicate readable(uint8_t *data, integer size) =
      size > 0 ==> \valid_read(data + (0 .. size - 1));

    // After an overflow there is no room for anything.
    predicate sound(struct writer *writer) =
      \valid(writer) && writer->used <= writer->size &&
      (writer->size > 0 ==>
       \valid(writer->data + (0 .. writer->size - 1))) &&
      (writer->overflow ==> writer->size == writer->used);

    predicate apart(struct writer *writer) =
      \separated(writer, writer->data + (0 .. writer->size - 1));

    predicate has_room{L}(struct writer *writer, integer size) =
      size <= writer->size - writer->used;

    // What does not overflow leaves the size and the flag as they were.
    predicate as_large{K,L}(struct writer *writer) =
      \at(writer->size, L) == \at(writer->size, K) &&
      \at(writer->overflow, L) == \at(writer->overflow, K);

    predicate is_full(struct writer *writer) =
      writer->overflow && writer->size == writer->used;
*/

/*@ assigns \nothing;
    ensures \result.data == (uint8_t *)data && \result.size == size;
*/
static inline struct slice slice_of(const void *data, size_t size);

/*@ assigns \nothing;
    ensures \result == (slice.data != \null);
*/
static inline bool slice_exists(struct slice slice);

/*@ requires \valid(rest) && size <= rest->size;
    requires readable(rest->data, rest->size);
    assigns rest->data, rest->size;
    ensures \result.data == \old(rest->data) && \result.size == size;
    ensures rest->data == \old(rest->data) + size;
    ensures rest->size == \old(rest->size) - size;
*/
static inline struct slice slice_move(struct slice *rest, size_t size);

/*@ requires \valid(rest) && \valid(taken) && \separated(rest, taken);
    requires readable(rest->data, rest->size);
    assigns rest->data, rest->size, *taken;
    behavior there:
      assumes size <= rest->size;
      ensures \result;
      ensures taken->data == \old(rest->data) && taken->size == size;
      ensures rest->data == \old(rest->data) + size;
      ensures rest->size == \old(rest->size) - size;
    behavior too_few:
      assumes size > rest->size;
      ensures rest->data == \old(rest->data);
      ensures rest->size == \old(rest->size);
      ensures *taken == \old(*taken);
      ensures !\result;
    complete behaviors;
    disjoint behaviors;
*/
MUST_CHECK static inline bool slice_take(struct slice *rest, size_t size,
                                         struct slice *taken);

/*@ requires \valid(rest) && \valid(taken) && \separated(rest, taken);
    requires readable(rest->data, rest->size);
    assigns rest->size, *taken;
    behavior there:
      assumes size <= rest->size;
      ensures \result;
      ensures rest->size == \old(rest->size) - size;
      ensures taken->size == size;
      ensures size > 0 ==> taken->data == rest->data + rest->size;
    behavior too_few:
      assumes size > rest->size;
      ensures rest->data == \old(rest->data);
      ensures rest->size == \old(rest->size);
      ensures *taken == \old(*taken);
      ensures !\result;
    complete behaviors;
    disjoint behaviors;
*/
MUST_CHECK bool slice_take_back(struct slice *rest, size_t size,
                                struct slice *taken);

/*@ requires \valid(rest) && readable(rest->data, rest->size);
    assigns rest->data, rest->size;
    ensures \result == (\old(rest->size) > 0 && \old(*rest->data) == octet);
    ensures \result ==> rest->data == \old(rest->data) + 1 &&
                        rest->size == \old(rest->size) - 1;
    ensures !\result ==> rest->data == \old(rest->data) &&
                         rest->size == \old(rest->size);
*/
static inline bool slice_take_octet(struct slice *rest, uint8_t octet);

/*@ requires \valid(rest) && readable(rest->data, rest->size);
    requires \valid_read(table + (0 .. 255));
    requires \separated(rest, table + (0 .. 255));
    requires \separated(rest, rest->data + (0 .. rest->size - 1));
    assigns rest->data, rest->size;
    ensures \result.size <= \old(rest->size);
    ensures \result.data == \old(rest->data);
    ensures rest->data == \old(rest->data) + \result.size;
    ensures rest->size == \old(rest->size) - \result.size;
    ensures in_class: \forall integer i; 0 <= i < \result.size ==>
            (table[\result.data[i]] & mask) != 0;
    ensures end: rest->size > 0 ==> (table[rest->data[0]] & mask) == 0;
*/
static inline struct slice slice_take_class(struct slice *rest,
                                            const uint8_t table[256],
                                            uint8_t mask);

/*@ assigns \nothing;
    ensures \result.data == (uint8_t *)data && \result.size == size;
    ensures \result.used == 0 && !\result.overflow;
*/
static inline struct writer writer_over(void *data, size_t size);

/*@ requires sound(writer);
    assigns writer->size, writer->overflow;
    ensures sound(writer);
    behavior fits:
      assumes has_room(writer, size);
      ensures \result && as_large{Old,Here}(writer);
    behavior full:
      assumes !has_room(writer, size);
      ensures !\result && is_full(writer);
    complete behaviors;
    disjoint behaviors;
*/
static inline bool writer_fits(struct writer *writer, size_t size);

/*@ requires sound(writer);
    assigns writer->used, writer->size, writer->overflow;
    ensures sound(writer);
    behavior fits:
      assumes has_room(writer, size) && size > 0;
      ensures as_large{Old,Here}(writer);
      ensures writer->used == \old(writer->used) + size;
      ensures \result == writer->data + \old(writer->used);
      ensures \valid(\result + (0 .. size - 1));
    behavior nothing:
      assumes size == 0;
      ensures as_large{Old,Here}(writer);
      ensures writer->used == \old(writer->used);
      ensures \result == \null;
    behavior full:
      assumes !has_room(writer, size);
      ensures is_full(writer) && writer->used == \old(writer->used);
      ensures \result == \null;
    complete behaviors;
    disjoint behaviors;
*/
static inline uint8_t *writer_reserve(struct writer *writer, size_t size);

/*@ requires sound(writer) && apart(writer);
    requires readable(octets.data, octets.size);
    requires \separated(writer, octets.data + (0 .. octets.size - 1));
    requires \separated(writer->data + (0 .. writer->size - 1),
                        octets.data + (0 .. octets.size - 1));
    assigns writer->used, writer->size, writer->overflow,
      writer->data[writer->used .. writer->size - 1];
    ensures sound(writer);
    behavior fits:
      assumes has_room(writer, octets.size);
      ensures as_large{Old,Here}(writer);
      ensures writer->used == \old(writer->used) + octets.size;
      ensures copied: \forall integer i; 0 <= i < octets.size ==>
              writer->data[\old(writer->used) + i] == octets.data[i];
    behavior full:
      assumes !has_room(writer, octets.size);
      ensures is_full(writer) && writer->used == \old(writer->used);
    complete behaviors;
    disjoint behaviors;
*/
static inline void writer_put(struct writer *writer, struct slice octets);

/*@ requires sound(writer) && apart(writer);
    assigns writer->used, writer->size, writer->overflow,
      writer->data[writer->used];
    ensures sound(writer);
    behavior fits:
      assumes has_room(writer, 1);
      ensures as_large{Old,Here}(writer);
      ensures writer->used == \old(writer->used) + 1;
      ensures writer->data[\old(writer->used)] == octet;
    behavior full:
      assumes !has_room(writer, 1);
      ensures is_full(writer) && writer->used == \old(writer->used);
    complete behaviors;
    disjoint behaviors;
*/
static inline void writer_put_octet(struct writer *writer, uint8_t octet);

/*@ requires \valid_read(writer) && mark <= writer->used <= writer->size;
    requires readable(writer->data, writer->size);
    assigns \nothing;
    ensures \result.size == writer->used - mark;
    ensures writer->data != \null ==> \result.data == writer->data + mark;
    ensures writer->data == \null ==> \result.data == \null;
*/
static inline struct slice writer_since(const struct writer *writer,
                                        size_t mark);

#endif
