/*
 * Takes the messages of each exchange from the finds, and says where they
 * stand.
 */
#include "explain/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/join.h"
#include "explain/layer.h"
#include "explain/rows.h"
#include "explain/verdict.h"
#include "base/text.h"
#include "message/keywords.h"

enum { READ_STEP = 65536, LOG_MAX = 256 * 1024 * 1024 };

#define NOTHING                                                                \
    "no message of DIGEST-MD5 or HTTP Digest found; looked for lists of "      \
    "directives (nonce=..., response=..., rspauth=...) in clear text, in "     \
    "base64 and in hex dumps, with quotation marks escaped or not"

static const char *
read_all(FILE *file, const char *name, struct slice *text)
{
    uint8_t *octets = NULL, *grown;
    size_t size = 0, count;

    do {
        grown = size > LOG_MAX ? NULL : realloc(octets, size + READ_STEP);
        if (grown == NULL) {
            free(octets);
            return report_problem(name, "too large");
        }
        octets = grown;
        count = fread(octets + size, 1, READ_STEP, file);
        size += count;
    } while (count > 0);
    *text = slice_of(octets, size);
    return ferror(file) ? report_problem(name, strerror(errno)) : NULL;
}

const char *
log_read(const char *name, struct slice *text)
{
    FILE *file = name == NULL ? stdin : fopen(name, "rb");
    const char *problem;

    if (file == NULL)
        return report_problem(name, strerror(errno));
    problem = read_all(file, name == NULL ? "standard input" : name, text);
    if (file != stdin)
        (void)fclose(file);
    return problem;
}

static void
check_proofs(struct exchange *exchange, struct secrets *secrets,
             const char **problem)
{
    struct slice user =
        message_value(&exchange->messages[KIND_RESPONSE], SLICE("username"));
    const char *missing = NULL;

    if (!verdict_is_possible(exchange))
        return;
    if (secrets->none)
        missing = "not checked, without a password";
    (void)fflush(stdout);
    if (missing == NULL)
        *problem = secrets_read(secrets, user, &missing);
    if (missing != NULL) {
        report_title("proof");
        report(MARK_NOTE, "response", "%s", missing);
    } else if (*problem == NULL) {
        verdict_explain(exchange, &secrets->password);
    }
}

const char *
log_explain_exchange(struct exchange *exchange, struct secrets *secrets)
{
    const char *problem = NULL;

    for (int kind = 0; kind < KIND_COUNT; kind++)
        message_list(&exchange->messages[kind]);
    exchange->http = exchange_looks_like_http(exchange);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (exchange->messages[kind].given)
            rows_explain(exchange, (enum kind)kind);
    check_proofs(exchange, secrets, &problem);
    return problem;
}

static void
load(struct message *message, const struct found *found)
{
    struct writer writer =
        writer_over(message->octets, sizeof(message->octets));

    message->given = found != NULL;
    message->text = SLICE_NONE;
    message->line = 0;
    message->has_header = message->was_base64 = false;
    if (found == NULL)
        return;
    writer_put(&writer, found->text);
    message->text = writer_result(&writer);
    message->was_base64 = found->was_base64;
    message->has_header = found->has_header;
    message->line = found->line;
    message->last_line = found->last_line;
}

static uint32_t
count_of(const struct found *found)
{
    static struct message message;
    uint32_t count = 0;

    load(&message, found);
    message_list(&message);
    if (text_to_count(message_value(&message, SLICE("nc")), &count) !=
        REASON_NONE)
        return 0;
    return count;
}

/* What only the neighbours of an exchange show. */
static void
tell_neighbours(const struct joined *joined)
{
    static struct message message;
    const struct found *response = joined->messages[KIND_RESPONSE];

    if (joined->earlier == NULL && joined->refusal == NULL)
        return;
    report_title("in the log");
    if (joined->earlier != NULL && count_of(response) != 0 &&
        count_of(response) <= count_of(joined->earlier))
        report(MARK_WRONG, "nc", "%08x is not above %08x of line %zu",
               (unsigned)count_of(response),
               (unsigned)count_of(joined->earlier), joined->earlier->line);
    else if (joined->earlier != NULL)
        report(MARK_FINE, "nonce", "was used before, in line %zu",
               joined->earlier->line);
    if (joined->refusal == NULL)
        return;
    load(&message, joined->refusal);
    message_list(&message);
    if (keywords_find_true(message_value(&message, SLICE("stale"))) != 0)
        report(MARK_NOTE, "stale",
               "the nonce was too old: the server sent another one in line "
               "%zu",
               joined->refusal->line);
    else
        report(MARK_NOTE, "refused",
               "the server answered with another challenge in line %zu",
               joined->refusal->line);
}

static const char *
explain_joined(struct exchange *exchange, struct secrets *secrets,
               const struct joined *joined)
{
    struct slice method = exchange->method;
    const struct found *response = joined->messages[KIND_RESPONSE];
    const char *problem;

    for (int kind = 0; kind < KIND_COUNT; kind++)
        load(&exchange->messages[kind], joined->messages[kind]);
    if (!slice_exists(method) && response != NULL && response->has_header)
        exchange->method = response->method;
    problem = log_explain_exchange(exchange, secrets);
    exchange->method = method;
    if (problem == NULL)
        tell_neighbours(joined);
    return problem;
}

/* The first line of the exchange that follows the joined one. */
static size_t
next_line(const struct joins *joins, size_t i)
{
    size_t next = SIZE_MAX;

    for (i++; i < joins->count && next == SIZE_MAX; i++)
        for (int kind = 0; kind < KIND_COUNT; kind++)
            if (joins->items[i].messages[kind] != NULL &&
                joins->items[i].messages[kind]->line < next)
                next = joins->items[i].messages[kind]->line;
    return next;
}

static size_t
count_parts(const struct finds *finds)
{
    size_t count = 0;

    for (size_t i = 0; i < finds->count; i++)
        count += finds->items[i].cut;
    return count;
}

static void
tell_parts(const struct finds *finds)
{
    if (count_parts(finds) == 0)
        return;
    report_title("not explained");
    for (size_t i = 0; i < finds->count; i++)
        if (finds->items[i].cut)
            report(MARK_NOTE, "cut off",
                   "line %zu has only a part of a message: %s",
                   finds->items[i].line,
                   report_bare(finds->items[i].text).text);
}

static bool
has_several_users(const struct joins *joins)
{
    static struct message one, other;
    bool any = false;

    for (size_t i = 0; i < joins->count; i++) {
        if (joins->items[i].messages[KIND_RESPONSE] == NULL)
            continue;
        load(any ? &other : &one, joins->items[i].messages[KIND_RESPONSE]);
        message_list(any ? &other : &one);
        if (any &&
            !slice_equal_nocase(message_value(&one, SLICE("username")),
                                message_value(&other, SLICE("username"))))
            return true;
        any = true;
    }
    return false;
}

const char *
log_explain(struct exchange *exchange, struct secrets *secrets,
            struct slice text)
{
    struct finds finds = { .count = 0 };
    struct joins joins = { .count = 0 };
    const char *problem = find_all(&finds, text);

    if (problem == NULL && finds.count == 0)
        problem = NOTHING;
    if (problem == NULL)
        problem = join_all(&joins, &finds);
    secrets->several_users = has_several_users(&joins);
    for (size_t i = 0; problem == NULL && i < joins.count; i++) {
        if (joins.count > 1)
            report_title("exchange %zu of %zu", i + 1, joins.count);
        problem = explain_joined(exchange, secrets, &joins.items[i]);
        if (problem == NULL && joins.items[i].messages[KIND_RESPONSE] != NULL &&
            !exchange->http)
            layer_explain(&joins.items[i], &exchange->messages[KIND_RESPONSE],
                          text, next_line(&joins, i));
        secrets->user = SLICE_NONE;
    }
    if (problem == NULL)
        tell_parts(&finds);
    if (problem == NULL && joins.count == 0)
        problem = "all messages are cut off";
    find_free(&finds);
    free(joins.items);
    return problem;
}
