/*
 * Checks response and rspauth with the password.
 */
#include "explain/verdict.h"

#include "explain/outcome.h"
#include "explain/variants.h"
#include "http/response.h"
#include "base/memory.h"
#include "base/text.h"

enum { MADE_MAX = 512 * 1024 };

static struct message *
response_of(struct exchange *exchange)
{
    return &exchange->messages[KIND_RESPONSE];
}

static struct slice
response_value(struct exchange *exchange, struct slice name)
{
    return message_value(response_of(exchange), name);
}

/* The first missing directive that the computation needs. */
static struct slice
missing_term(struct exchange *exchange)
{
    const struct slice always[] = { SLICE("response"), SLICE("nonce") };
    const struct slice sasl[] = { SLICE("username"), SLICE("cnonce"),
                                  SLICE("nc"), SLICE("digest-uri") };
    const struct slice *rest = sasl;
    size_t count = 4;
    const struct slice http[] = { SLICE("uri"), SLICE("realm"), SLICE("cnonce"),
                                  SLICE("nc") };

    if (exchange->http) {
        rest = http;
        count = message_find(response_of(exchange), SLICE("qop")) ? 4 : 2;
    }
    for (size_t i = 0; i < 2; i++)
        if (!slice_exists(response_value(exchange, always[i])))
            return always[i];
    for (size_t i = 0; i < count; i++)
        if (!slice_exists(response_value(exchange, rest[i])))
            return rest[i];
    return SLICE_NONE;
}

/* The user name that is hashed.  A hashed name (userhash) does not show it. */
static struct slice
name_of(struct exchange *exchange)
{
    static uint8_t scratch[MESSAGE_OCTETS_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, sizeof(scratch)),
    };
    struct http_response response;
    bool hashed =
        exchange->http &&
        keywords_find_true(response_value(exchange, SLICE("userhash"))) != 0;

    if (hashed)
        return exchange->user;
    if (!exchange->http ||
        !slice_exists(response_value(exchange, SLICE("username*"))))
        return response_value(exchange, SLICE("username"));
    return http_response_parse(&response, &parser,
                               response_of(exchange)->text) == REASON_NONE
               ? response.username
               : SLICE_NONE;
}

/* False if the value is not a valid qop. */
static bool
find_qop(struct exchange *exchange, enum qop *qop)
{
    struct slice value = response_value(exchange, SLICE("qop"));

    *qop = exchange->http ? QOP_NONE : QOP_AUTH;
    if (!slice_exists(value))
        return true;
    *qop = (enum qop)keywords_find_qop(value);
    return *qop != QOP_NONE && (!exchange->http || *qop != QOP_AUTH_CONF);
}

static bool
has_algorithm(struct exchange *exchange)
{
    struct slice name = response_value(exchange, SLICE("algorithm"));
    enum http_algorithm algorithm =
        slice_exists(name) ? (enum http_algorithm)http_algorithm_find(name)
                           : HTTP_MD5;

    return !exchange->http ||
           http_algorithm_available(algorithm, exchange->hasher.crypto);
}

bool
verdict_is_possible(struct exchange *exchange)
{
    struct slice missing = missing_term(exchange);
    const char *reason = NULL;
    enum qop qop;

    if (!response_of(exchange)->given) {
        if (exchange->messages[KIND_FINAL].given)
            report(MARK_NOTE, "rspauth", "not checked without the response");
        return false;
    }
    if (!find_qop(exchange, &qop))
        reason = "its qop is not known";
    else if (!has_algorithm(exchange))
        reason = "its algorithm is not known";
    else if (!slice_exists(missing) && !slice_exists(name_of(exchange)))
        reason = "the user name is unreadable or hashed; see --user";
    if (!slice_exists(missing) && reason == NULL)
        return true;
    report_title("proof");
    if (reason != NULL)
        report(MARK_WRONG, "response", "cannot be checked: %s", reason);
    else
        report(MARK_WRONG, "response", "cannot be checked without %s",
               report_bare(missing).text);
    return false;
}

/* Upper case has already been reported. */
static struct slice
lower(struct slice proof, struct writer *memory)
{
    size_t mark = memory->used;

    for (size_t i = 0; i < proof.size; i++) {
        uint8_t octet = proof.data[i];

        writer_put_octet(memory, octet >= 'A' && octet <= 'F'
                                     ? (uint8_t)(octet - 'A' + 'a')
                                     : octet);
    }
    return writer_since(memory, mark);
}

static void
check_response(struct exchange *exchange, struct search *search)
{
    bool found = proof_search(search);

    if (search->method_unknown && search->chosen[DIM_METHOD] == 0)
        report(MARK_NOTE, "method", "GET is assumed; see --method");
    if (search->http && search->qop == QOP_AUTH_INT &&
        !slice_exists(exchange->body))
        report(MARK_NOTE, "body", "is assumed to be empty; see --body");
    if (found)
        outcome_found(search, "response");
    else
        outcome_unfound(search, "response");
}

/* If the server repeats the client's deviation, that is not a second error. */
static void
check_rspauth(struct exchange *exchange, struct search *search,
              struct slice rspauth)
{
    bool same = slice_equal(rspauth, search->proof);
    bool changed = !proof_is_plain(search, DIM_CHARSET);

    search->proof = rspauth;
    search->prover = PROVER_SERVER;
    if (same)
        report(MARK_WRONG, "rspauth", "is the client's own proof");
    else if (exchange->http && search->qop == QOP_AUTH_INT)
        report(MARK_NOTE, "rspauth",
               "not checked: it covers the body of the reply");
    else if (proof_fits(search))
        report(MARK_FINE, "rspauth", "matches the password%s",
               changed ? " in the same way as the response" : "");
    else if (proof_search(search))
        outcome_found(search, "rspauth");
    else
        outcome_unfound(search, "rspauth");
}

/* Converts the password to UTF-8 if it is not. */
static struct slice
password_in_utf8(const struct password *password, struct writer *memory)
{
    struct slice octets = slice_of(password->octets, password->size);
    size_t mark = memory->used;

    if (text_is_utf8(octets))
        return octets;
    report(MARK_NOTE, "password", "is not UTF-8; taken as ISO 8859-1");
    text_put_utf8(memory, octets);
    return writer_since(memory, mark);
}

static void
check_userhash(struct exchange *exchange, const struct search *search)
{
    enum http_algorithm algorithm =
        (enum http_algorithm)(search->variants[DIM_FORM].items[0].number);
    struct http_hex hash;

    if (!exchange->http ||
        keywords_find_true(response_value(exchange, SLICE("userhash"))) == 0)
        return;
    if (http_proof_userhash(&exchange->hasher, algorithm, exchange->user,
                            response_value(exchange, SLICE("realm")),
                            &hash) != REASON_NONE ||
        !slice_equal(http_hex_text(&hash),
                     response_value(exchange, SLICE("username"))))
        report(MARK_WRONG, "username", "is not the hash of %s",
               report_quote(exchange->user).text);
}

static void
set_terms(struct search *search, struct exchange *exchange,
          const struct password *password, struct writer *memory)
{
    search->hasher = exchange->hasher;
    search->http = exchange->http;
    search->method_unknown = exchange->http && !slice_exists(exchange->method);
    search->password = password_in_utf8(password, memory);
    search->cnonce = response_value(exchange, SLICE("cnonce"));
    search->nc = response_value(exchange, SLICE("nc"));
    search->body = exchange->body;
    (void)find_qop(exchange, &search->qop);
    search->prover = PROVER_CLIENT;
    search->proof = lower(response_value(exchange, SLICE("response")), memory);
}

void
verdict_explain(struct exchange *exchange, const struct password *password)
{
    static uint8_t octets[MADE_MAX];
    static struct search search;
    struct writer memory = writer_over(octets, sizeof(octets));
    struct slice rspauth =
        message_value(&exchange->messages[KIND_FINAL], SLICE("rspauth"));

    search = (struct search){ .http = false };
    report_title("proof");
    set_terms(&search, exchange, password, &memory);
    variants_fill(&search, exchange, name_of(exchange), &memory);
    check_userhash(exchange, &search);
    check_response(exchange, &search);
    if (slice_exists(rspauth))
        check_rspauth(exchange, &search, lower(rspauth, &memory));
    memory_wipe(octets, sizeof(octets));
}
