#include "bench/die.h"

#include <stdarg.h>
#include <stdio.h>

static char reason[REASON_SIZE];

int
fail(const char *format, ...)
{
    va_list arguments;

    /* Only the first reason counts; later ones are its consequences. */
    if (reason[0] != '\0')
        return -1;
    va_start(arguments, format);
    (void)vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    return -1;
}

const char *
fail_reason(void)
{
    return reason;
}
