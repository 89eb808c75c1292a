/*
 * OpenSSL 3.0 has no function to keep the errors of a thread.
 */
#include "error_queue.h"

#include <openssl/err.h>
#include <stdio.h>

static void
copy(char text[static ERROR_QUEUE_TEXT_SIZE], const char *from)
{
    (void)snprintf(text, ERROR_QUEUE_TEXT_SIZE, "%s", from);
}

void
error_queue_set_aside(struct error_queue *queue)
{
    const char *file, *function, *details;
    unsigned long code;
    int line, flags;

    queue->count = 0;
    while (queue->count < ERROR_QUEUE_SIZE &&
           (code = ERR_get_error_all(&file, &line, &function, &details,
                                     &flags)) != 0) {
        queue->errors[queue->count].code = code;
        queue->errors[queue->count].line = line;
        copy(queue->errors[queue->count].file, file);
        copy(queue->errors[queue->count].function, function);
        copy(queue->errors[queue->count].details,
             (flags & ERR_TXT_STRING) != 0 ? details : "");
        queue->count++;
    }
}

void
error_queue_put_back(const struct error_queue *queue)
{
    ERR_clear_error();
    for (int i = 0; i < queue->count; i++) {
        unsigned long code = queue->errors[i].code;
        const char *details = queue->errors[i].details;

        ERR_new();
        ERR_set_debug(queue->errors[i].file, queue->errors[i].line,
                      queue->errors[i].function);
        ERR_set_error(ERR_GET_LIB(code), ERR_GET_REASON(code),
                      details[0] != '\0' ? "%s" : NULL, details);
    }
}
