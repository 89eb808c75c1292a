/*
 * Replaces gethostname() by one that returns a full name.  libsasl2 calls it
 * for each client connection and looks up a name without domain in /etc/hosts,
 * which must not be measured.  This file does not include <unistd.h>, which may
 * define gethostname().
 */
#include <stddef.h>
#include <stdio.h>

__attribute__((visibility("default"))) int gethostname(char *name, size_t size);

int
gethostname(char *name, size_t size)
{
    return snprintf(name, size, "host.example.test") < (int)size ? 0 : -1;
}
