/*
 * Prints one sentence about what matches, or would match.
 */
#include "explain/outcome.h"

enum { SENTENCE_SIZE = 512 };

static void
join_changes(const struct search *search, char *text, size_t size)
{
    struct writer writer = writer_over(text, size - 1);

    for (unsigned i = 0; i < DIM_COUNT; i++) {
        if (search->chosen[i] == 0)
            continue;
        if (writer.used > 0)
            writer_put(&writer, SLICE(", and "));
        writer_put(
            &writer,
            slice_of_string(search->variants[i].items[search->chosen[i]].text));
    }
    text[writer.used] = '\0';
}

/* The conversions that the server tries, see handshake/verify_password.c and
 * http/verify_password.c. */
static bool
is_usual_conversion(const struct search *search)
{
    static const uint32_t usual[] = {
        0,
        CONVERT_PASSWORD,
        CONVERT_USER | CONVERT_PASSWORD,
        CONVERT_USER | CONVERT_REALM | CONVERT_PASSWORD,
    };
    size_t count = search->http ? 2 : COUNT(usual);
    uint32_t mask =
        search->variants[DIM_CHARSET].items[search->chosen[DIM_CHARSET]].number;

    for (size_t i = 0; i < count; i++)
        if ((usual[i] & search->convertible) == mask)
            return true;
    return false;
}

/* Prints with which changes a proof matches. */
void
outcome_found(const struct search *search, const char *subject)
{
    char changes[SENTENCE_SIZE];

    join_changes(search, changes, sizeof(changes));
    if (proof_is_plain(search, DIM_COUNT) ||
        (search->method_unknown && proof_is_plain(search, DIM_METHOD)))
        report(MARK_FINE, subject, "matches the password%s%s",
               search->chosen[DIM_METHOD] > 0 ? " with " : "", changes);
    else if (proof_is_plain(search, DIM_CHARSET) && is_usual_conversion(search))
        report(MARK_NOTE, subject, "matches the password with %s", changes);
    else
        report(MARK_WRONG, subject, "does not match, but would with %s",
               changes);
}

static bool
is_sess(const struct search *search)
{
    uint32_t algorithm = search->variants[DIM_FORM].items[0].number;

    return search->http &&
           (algorithm == HTTP_MD5_SESS || algorithm == HTTP_SHA_256_SESS ||
            algorithm == HTTP_SHA_512_256_SESS);
}

static void
tell_unfound(const struct search *search, const char *subject)
{
    report(MARK_WRONG, subject,
           "does not match in any known way: probably another password");
    if (is_sess(search) && slice_exists(search->nc) &&
        !slice_equal(search->nc, SLICE("00000001")))
        report(MARK_NOTE, subject,
               "with -sess, the hash may contain nonce and cnonce of "
               "the first request");
}

static void
tell_failure(const struct search *search, const char *subject)
{
    char text[SENTENCE_SIZE];

    reasons_text(search->reason, NULL, NULL, text, sizeof(text));
    report(MARK_WRONG, subject, "cannot be checked: %s", text);
}

void
outcome_unfound(const struct search *search, const char *subject)
{
    if (search->reason != REASON_NONE)
        tell_failure(search, subject);
    else
        tell_unfound(search, subject);
}
