/*
 * Shared by the files that make variants.
 */
#ifndef EXPLAIN_BUILDER_H
#define EXPLAIN_BUILDER_H

#include "explain/variants.h"

struct builder {
    struct search *search;
    struct exchange *exchange;
    struct message *challenge, *response;
    struct slice user;
    struct writer *memory;
};

/* Adds a variant unless the list has it. */
void builder_add(struct builder *builder, enum dimension dimension,
                 struct slice value, uint32_t number, const char *format, ...)
    PRINTS(5, 6);

/* Makes values that the messages do not have. */
struct slice builder_case(struct builder *builder, struct slice value,
                          bool upper);
struct slice builder_join(struct builder *builder, struct slice one,
                          uint8_t between, struct slice other);

/* The value of a directive of the response. */
struct slice builder_value(const struct builder *builder, struct slice name);

/* Adds variants of the target, the nonce, the authzid and the formula. */
void builder_add_terms(struct builder *builder);

#endif
