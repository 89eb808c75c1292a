/*
 * The only allocator of lib/.  Memory is zeroed when it is allocated; its
 * secret part is wiped when it is freed.
 */
#ifndef DIGEST_MEMORY_H
#define DIGEST_MEMORY_H

#include <stddef.h>

/* Allocates size octets of zeros; NULL: no memory, or size is 0. */
void *memory_take(size_t size);

/* Wipes the first secret_size octets of memory from memory_take, and frees it.
 * NULL is allowed. */
void memory_give(void *memory, size_t secret_size);

/* The same for tables of count members with size octets each.  Pages of a large
 * table use memory only after they are written to. */
void *memory_take_table(size_t count, size_t size);
void memory_give_table(void *table, size_t secret_size);

/* Overwrites secrets. */
void memory_wipe(void *memory, size_t size);

#endif
