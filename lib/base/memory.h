/*
 * The only allocator of lib/.  Memory is zeroed when it is allocated; its
 * secret part is wiped when it is freed.
 */
#ifndef DIGEST_MEMORY_H
#define DIGEST_MEMORY_H

#include <stddef.h>

/* size octets of zeros, or NULL. */
void *memory_take(size_t size);

/* Wipes the first secret_size octets of memory from memory_take, and frees it.
 * NULL is allowed. */
void memory_give(void *memory, size_t secret_size);

/* Pages of zeros that take room one by one, with their first use; or NULL.  For
 * tables, and given back with the same size. */
void *memory_take_pages(size_t size);
void memory_give_pages(void *pages, size_t size);

/* Overwrites secrets. */
void memory_wipe(void *memory, size_t size);

#endif
