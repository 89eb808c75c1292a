/*
 * Variants of the target, the nonce, the authzid and the formula.
 */
#include "explain/builder.h"
#include "message/digest_uri.h"

static void
add_target(struct builder *builder, struct slice uri, const char *how)
{
    builder_add(builder, DIM_TARGET, uri, 0, "%s %s (%s)",
                builder->search->http ? "uri" : "digest-uri",
                report_quote(uri).text, how);
}

static void
add_digest_uris(struct builder *builder)
{
    struct slice uri = builder_value(builder, SLICE("digest-uri"));
    struct slice service_name = builder_value(builder, SLICE("service-name"));
    struct digest_uri target;
    struct slice short_uri;

    add_target(builder, uri, "as sent");
    add_target(builder, builder_case(builder, uri, false), "in lower case");
    add_target(builder, builder_case(builder, uri, true), "in upper case");
    if (slice_exists(service_name))
        add_target(builder, service_name, "the service-name");
    if (digest_uri_parse(&target, uri, builder->exchange->service) !=
        REASON_NONE)
        return;
    short_uri = builder_join(builder, target.service, '/', target.host);
    add_target(builder, short_uri, "without the name after the host");
    add_target(builder, builder_join(builder, short_uri, '/', target.host),
               "with the host as name after it");
    add_target(builder,
               builder_join(builder,
                            builder_case(builder, target.service, false), '/',
                            builder_case(builder, target.host, false)),
               "in lower case, without the name after the host");
    for (size_t i = 1; i < builder->search->variants[DIM_REALM].count; i++)
        add_target(
            builder,
            builder_join(builder, target.service, '/',
                         builder->search->variants[DIM_REALM].items[i].value),
            "with a realm as its host");
    if (slice_exists(builder->exchange->host))
        add_target(
            builder,
            builder_join(builder, target.service, '/', builder->exchange->host),
            "with the host of --host");
}

/* "http://host/path" and "/path" are taken for each other. */
static void
add_absolute_uris(struct builder *builder, struct slice uri)
{
    static const struct slice schemes[] = { SLICE_INIT("http:/"),
                                            SLICE_INIT("https:/") };
    struct slice rest = uri, part, path;

    if (slice_take_until(&rest, ':', &part) && slice_take_octet(&rest, '/') &&
        slice_take_octet(&rest, '/')) {
        part = slice_take_until(&rest, '/', &path) ? rest : SLICE("");
        add_target(builder, builder_join(builder, SLICE(""), '/', part),
                   "without scheme and host");
        return;
    }
    if (!slice_exists(builder->exchange->host) || !slice_take_octet(&rest, '/'))
        return;
    for (size_t i = 0; i < COUNT(schemes); i++)
        add_target(builder,
                   builder_join(builder,
                                builder_join(builder, schemes[i], '/',
                                             builder->exchange->host),
                                '/', rest),
                   "absolute, with the host of --host");
}

static void
add_uris(struct builder *builder)
{
    struct slice uri = builder_value(builder, SLICE("uri"));
    struct slice rest = uri, part;

    add_target(builder, uri, "as sent");
    if (slice_exists(builder->exchange->uri))
        add_target(builder, builder->exchange->uri, "that of --uri");
    if (slice_take_until(&rest, '?', &part))
        add_target(builder, part, "without the query");
    add_absolute_uris(builder, uri);
    add_target(builder, SLICE("/"), "the root");
}

static void
add_methods(struct builder *builder)
{
    static const char *const methods[] = {
        "GET",      "HEAD",   "POST",    "PUT",   "DELETE",
        "CONNECT",  "PATCH",  "OPTIONS", "TRACE", "PROPFIND",
        "REGISTER", "INVITE", "REPORT",  "MKCOL", "SUBSCRIBE",
    };

    if (!builder->search->http) {
        builder_add(builder, DIM_METHOD, SLICE("AUTHENTICATE"), 0, "%s", "");
        return;
    }
    if (slice_exists(builder->exchange->method))
        builder_add(builder, DIM_METHOD, builder->exchange->method, 0, "%s",
                    "");
    for (size_t i = 0; i < COUNT(methods); i++)
        builder_add(builder, DIM_METHOD, slice_of_string(methods[i]), 0,
                    "method %s", methods[i]);
}

static void
add_nonces(struct builder *builder)
{
    struct slice nonce = message_value(builder->challenge, SLICE("nonce"));

    builder_add(builder, DIM_NONCE, builder_value(builder, SLICE("nonce")), 0,
                "%s", "");
    if (slice_exists(nonce))
        builder_add(builder, DIM_NONCE, nonce, 0, "the nonce of the challenge");
}

static void
add_authzids(struct builder *builder)
{
    struct slice authzid = builder_value(builder, SLICE("authzid"));

    if (builder->search->http) {
        builder_add(builder, DIM_AUTHZID, SLICE_NONE, 0, "%s", "");
        return;
    }
    builder_add(builder, DIM_AUTHZID, authzid, 0, "%s", "");
    builder_add(builder, DIM_AUTHZID, SLICE_NONE, 0, "no authzid in the hash");
    builder_add(builder, DIM_AUTHZID, builder->user, 0,
                "the user name as authzid, which was not sent");
    builder_add(builder, DIM_AUTHZID, SLICE(""), 0,
                "an empty authzid in the hash");
}

static void
add_sasl_forms(struct builder *builder)
{
    builder_add(builder, DIM_FORM, SLICE_NONE, HTTP_MD5 | FORM_RAW, "%s", "");
    /* HTTP has no auth-conf */
    if (builder->search->qop == QOP_AUTH_CONF)
        return;
    builder_add(builder, DIM_FORM, SLICE_NONE, HTTP_MD5_SESS,
                "the inner hash in hexadecimal (MD5-sess of HTTP)");
    builder_add(builder, DIM_FORM, SLICE_NONE, HTTP_MD5,
                "algorithm MD5 of HTTP instead of md5-sess");
    builder_add(builder, DIM_FORM, SLICE_NONE, HTTP_MD5_SESS | FORM_OLD,
                "no qop, nc and cnonce in the outer hash");
}

static void
add_http_forms(struct builder *builder)
{
    struct slice name = builder_value(builder, SLICE("algorithm"));
    uint32_t own = slice_exists(name) ? http_algorithm_find(name) : HTTP_MD5;
    size_t digits = http_algorithm_hex_size((enum http_algorithm)own);

    builder_add(builder, DIM_FORM, SLICE_NONE, own, "%s", "");
    for (uint32_t i = HTTP_MD5; i < HTTP_ALGORITHM_COUNT; i++)
        if (http_algorithm_hex_size((enum http_algorithm)i) == digits &&
            http_algorithm_available((enum http_algorithm)i,
                                     builder->search->hasher.crypto))
            builder_add(
                builder, DIM_FORM, SLICE_NONE, i, "algorithm %s",
                report_bare(http_algorithm_name((enum http_algorithm)i)).text);
    if (digits == MD5_HEX_SIZE)
        builder_add(builder, DIM_FORM, SLICE_NONE, HTTP_MD5 | FORM_RAW,
                    "the inner hash of MD5-sess in octets (as in SASL)");
    builder_add(builder, DIM_FORM, SLICE_NONE, own | FORM_OLD,
                "the form of RFC 2069, without qop");
}

void
builder_add_terms(struct builder *builder)
{
    if (builder->search->http)
        add_uris(builder);
    else
        add_digest_uris(builder);
    add_methods(builder);
    add_nonces(builder);
    add_authzids(builder);
    if (builder->search->http)
        add_http_forms(builder);
    else
        add_sasl_forms(builder);
}
