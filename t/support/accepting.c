/*
 * One call of AcceptSecurityContext.
 */
#include "support/accepting.h"

struct accepting
accepting_begin(void)
{
    pair_open();
    return (struct accepting){
        .credential = &server.credential,
        .context = server.begun ? &server.context : NULL,
        .flags = server.flags,
        .new_context = &server.context,
        .output = { sizeof(server.output), SECBUFFER_TOKEN, server.output },
    };
}

SECURITY_STATUS
accepting_run(struct accepting *accepting, struct slice input)
{
    struct slice copy = support_copy(input);
    SecBuffer buffer = { (uint32_t)copy.size, SECBUFFER_TOKEN,
                         (void *)(uintptr_t)copy.data };
    SecBufferDesc buffers = { SECBUFFER_VERSION, 1, &buffer };
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &accepting->output };
    SECURITY_STATUS status = AcceptSecurityContext(
        accepting->credential, accepting->context,
        accepting->input == NULL ? &buffers : accepting->input,
        accepting->flags, accepting->representation, accepting->new_context,
        &output, &accepting->attributes, &accepting->expiry);

    /* so that the pair continues with the context, and frees it */
    if ((status >= 0 || status == SEC_E_BUFFER_TOO_SMALL) &&
        accepting->new_context == &server.context)
        server.begun = true;
    return status;
}

struct slice
accepting_token(const struct accepting *accepting)
{
    return slice_of(accepting->output.pvBuffer, accepting->output.cbBuffer);
}
