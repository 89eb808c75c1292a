/*
 * The header that Windows sources include for SSPI; all of it is in sspi.h.
 */
#ifndef DIGEST_SECURITY_H
#define DIGEST_SECURITY_H

#include "sspi.h"

#endif
