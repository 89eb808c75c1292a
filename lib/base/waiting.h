/*
 * Lock a mutex, giving up after a time limit.
 */
#ifndef DIGEST_WAITING_H
#define DIGEST_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* False if another thread still holds it after wait_ms milliseconds. */
bool waiting_lock(pthread_mutex_t *mutex, uint32_t wait_ms);

#endif
