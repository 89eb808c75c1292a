/*
 * The only allocator of lib/: zeroed when taken, wiped when given back as far
 * as it is secret.
 */
#ifndef DIGEST_MEMORY_H
#define DIGEST_MEMORY_H

#include <stddef.h>

/* size octets of zeros, or NULL. */
void *memory_take(size_t size);

/* Wipes the first so many octets of what memory_take gave, and frees all; NULL
 * is allowed. */
void memory_give(void *memory, size_t secret_size);

/* Pages of zeros that take room one by one, with their first use; or NULL.  For
 * tables, and given back with the same size. */
void *memory_take_pages(size_t size);
void memory_give_pages(void *pages, size_t size);

/* Overwrites secrets. */
void memory_wipe(void *memory, size_t size);

#endif
