/*
 * Checks the caller's description of a request.
 */
#include "http/request.h"

#include "base/text.h"

enum reason
http_request_check(const struct http_request *request)
{
    return request->method.size > 0 && text_is(request->method, TEXT_TOKEN)
               ? REASON_NONE
               : REASON_HTTP_PARAMETER;
}

/* Callers may use upper case, but the proof has lower-case digits. */
static enum reason
copy_digits(struct slice digits, struct http_hex *hex)
{
    uint8_t octets[HASH_SIZE_MAX];
    struct writer hash = writer_over(octets, sizeof(octets));
    struct writer text = writer_over(hex->text, sizeof(hex->text));

    if (!text_put_octets(&hash, digits))
        return REASON_HTTP_PARAMETER;
    text_put_hex(&text, writer_result(&hash));
    hex->size = text.used;
    return REASON_NONE;
}

enum reason
http_request_entity(const struct http_request *request,
                    const struct hasher *hasher, enum http_algorithm algorithm,
                    struct http_hex *entity)
{
    entity->size = 0;
    if (request->entity.size > 0)
        return request->entity.size == http_algorithm_hex_size(algorithm)
                   ? copy_digits(request->entity, entity)
                   : REASON_HTTP_PARAMETER;
    if (slice_exists(request->body))
        return http_proof_entity(hasher, algorithm, request->body, entity);
    return REASON_NONE;
}
