/*
 * The errors OpenSSL keeps for a thread.  Its functions for TLS take what is
 * there for their own, and empty it.
 */
#ifndef DIGEST_ERROR_QUEUE_H
#define DIGEST_ERROR_QUEUE_H

enum {
    ERROR_QUEUE_SIZE = 16,     /* OpenSSL keeps no more */
    ERROR_QUEUE_TEXT_SIZE = 96 /* octets; a longer text is cut */
};

struct error_queue {
    struct {
        unsigned long code;
        int line;
        char file[ERROR_QUEUE_TEXT_SIZE];
        char function[ERROR_QUEUE_TEXT_SIZE];
        char details[ERROR_QUEUE_TEXT_SIZE];
    } errors[ERROR_QUEUE_SIZE];
    int count;
};

/* Takes the application's errors out of this thread's queue.  Its marks go. */
void error_queue_set_aside(struct error_queue *queue);

/* Puts them back, in place of what has come since. */
void error_queue_put_back(const struct error_queue *queue);

#endif
