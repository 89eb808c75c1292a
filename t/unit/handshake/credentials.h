/*
 * Credentials whose source records what is reported to it, for the tests of
 * this folder.
 */
#ifndef DIGEST_UNIT_CREDENTIALS_H
#define DIGEST_UNIT_CREDENTIALS_H

#include <string.h>

#include "support/support.h"
#include "handshake/credential.h"

enum { REPORTS_MAX = 8 };

/* The reports to the source. */
struct report {
    void *argument;
    enum reason reason;
    bool has_first, has_second;
    char first[2 * DETAIL_SIZE_MAX];
};

static struct report reports[REPORTS_MAX];
static size_t report_count;
static int owner; /* the source's argument */

static inline void
forget_reports(void)
{
    memset(reports, 0, sizeof(reports));
    report_count = 0;
}

static inline void
note(void *argument, enum reason reason, const char *first, const char *second)
{
    struct report *report = &reports[report_count];

    ck_assert_uint_lt(report_count, REPORTS_MAX);
    report_count++;
    report->argument = argument;
    report->reason = reason;
    report->has_first = first != NULL;
    report->has_second = second != NULL;
    if (first == NULL)
        return;
    ck_assert_uint_lt(strlen(first), DETAIL_SIZE_MAX);
    memcpy(report->first, first, strlen(first));
}

static inline enum reason
look_up(void *argument, const struct wdigest_claim *claim,
        wdigest_candidate *candidate, void *candidates)
{
    (void)argument;
    (void)claim;
    (void)candidate;
    (void)candidates;
    return REASON_INTERNAL;
}

static inline enum reason
identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    (void)argument;
    (void)question;
    (void)identity;
    (void)wait;
    return REASON_INTERNAL;
}

static inline struct wdigest_source
source_with(const struct wdigest_policy *policy)
{
    return (struct wdigest_source){
        .version = WDIGEST_SOURCE_VERSION,
        .size = sizeof(struct wdigest_source),
        .argument = &owner,
        .policy = policy,
        .lookup = look_up,
        .identify = identify,
        .report = note,
    };
}

static inline enum reason
init(struct credential *credential, uint32_t use,
     const struct wdigest_source *source)
{
    memset(credential, 0xff, sizeof(*credential));
    return credential_init(credential, use, source, support_crypto());
}

/* Good credentials with that policy. */
static inline struct credential
credential_with(const struct wdigest_policy *policy)
{
    const struct wdigest_source source = source_with(policy);
    struct credential credential;

    assert_reason("init", init(&credential, SECPKG_CRED_BOTH, &source),
                  REASON_NONE);
    return credential;
}

static inline struct slice
ids_of(const struct cipher_list *list)
{
    return slice_of(list->ids, list->count);
}

/* The ids whose ciphers OpenSSL provides here, in the same order. */
static inline struct slice
available(const uint8_t *ids, size_t count)
{
    uint8_t *room = support_keep(count);
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        if (cipher_available((enum cipher_id)ids[i], support_crypto()))
            room[used++] = ids[i];
    return slice_of(room, used);
}

static inline TCase *
reporting_case(Suite *suite, const char *name)
{
    TCase *test_case = support_case(suite, name);

    tcase_add_checked_fixture(test_case, forget_reports, NULL);
    return test_case;
}

#endif
