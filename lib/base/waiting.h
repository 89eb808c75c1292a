/*
 * A lock that nobody waits for longer than he likes.
 */
#ifndef DIGEST_WAITING_H
#define DIGEST_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* False if another thread has it for so many milliseconds. */
bool waiting_lock(pthread_mutex_t *mutex, uint32_t wait_ms);

#endif
