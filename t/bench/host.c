/*
 * A host that is named in full.  libsasl2 asks for each client connection, and
 * looks up in /etc/hosts what has no domain: that is no part of the
 * measurement. Not in a file with <unistd.h>, which may have a gethostname() of
 * its own.
 */
#include <stddef.h>
#include <stdio.h>

__attribute__((visibility("default"))) int gethostname(char *name, size_t size);

int
gethostname(char *name, size_t size)
{
    return snprintf(name, size, "host.example.test") < (int)size ? 0 : -1;
}
