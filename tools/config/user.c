/*
 * A hash is compared with those of other realms and names that people put into
 * it by mistake.
 */
#include "config/user.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "digest/proof.h"

enum { NAME_SIZE = 1024 };

struct trial {
    const struct exchange *exchange;
    const struct session *session;
    const struct secrets *secrets; /* NULL: the password is not known */
    struct slice user, realm;
    size_t count;
};

static struct slice
password_of(const struct trial *trial)
{
    return slice_of(trial->secrets->password.octets,
                    trial->secrets->password.size);
}

static bool
is_hash_of(const struct trial *trial, struct slice hash, struct slice user,
           struct slice realm)
{
    struct md5 ss;
    bool same;

    if (proof_secret(&trial->exchange->hasher, user, realm, password_of(trial),
                     &ss) != REASON_NONE)
        return false;
    same = slice_equal(slice_of(ss.octets, MD5_SIZE), hash);
    memory_wipe(&ss, sizeof(ss));
    return same;
}

/* Reports which other name or realm the hash was made with. */
static bool
find_mistake(const struct trial *trial, struct slice hash)
{
    char text[NAME_SIZE];
    struct writer full = writer_over(text, sizeof(text));
    const struct message *challenge =
        &trial->exchange->messages[KIND_CHALLENGE];
    struct slice realms[ENTRY_COUNT_MAX + 2] = {
        SLICE(""), slice_of_string(trial->session->host)
    };
    size_t count = 2;

    for (size_t i = 0; i < challenge->count; i++)
        if (slice_equal_nocase(challenge->entries[i].name, SLICE("realm")))
            realms[count++] = challenge->entries[i].value;
    for (size_t i = 0; i < count; i++)
        if (is_hash_of(trial, hash, trial->user, realms[i])) {
            report(MARK_WRONG, "hash",
                   "is of the realm %s, but must be of this realm",
                   report_quote(realms[i]).text);
            return true;
        }
    writer_put(&full, trial->user);
    writer_put_octet(&full, '@');
    writer_put(&full, trial->realm);
    if (full.overflow ||
        !is_hash_of(trial, hash, writer_result(&full), trial->realm))
        return false;
    report(MARK_WRONG, "hash", "is of the name %s, but must be of %s",
           report_quote(writer_result(&full)).text,
           report_quote(trial->user).text);
    return true;
}

static void
judge_hash(struct trial *trial, struct slice hash)
{
    if (trial->secrets == NULL)
        report(MARK_FINE, "hash", "is stored");
    else if (is_hash_of(trial, hash, trial->user, trial->realm))
        report(MARK_FINE, "hash", "fits name, realm and password");
    else if (!find_mistake(trial, hash))
        report(MARK_WRONG, "hash",
               "is of another password, or of another name or realm");
}

static void
judge_password(struct trial *trial, struct slice secret, bool doubtful)
{
    if (trial->secrets != NULL && slice_equal(secret, password_of(trial)))
        report(MARK_FINE, "password", "is stored, and is the same");
    else if (doubtful)
        report(MARK_WRONG, "password",
               "looks like a hash of another kind; the mechanism needs the "
               "password itself, or the MD5 of user:realm:password in "
               "cmusaslsecretDIGEST-MD5");
    else if (trial->secrets == NULL)
        report(MARK_FINE, "password", "is stored");
    else
        report(MARK_WRONG, "password", "is stored, but is another one");
}

static void
judge(void *candidates, enum wdigest_secret form, struct slice secret)
{
    struct trial *trial = candidates;

    trial->count++;
    if (form == WDIGEST_HASHED)
        judge_hash(trial, secret);
    else
        judge_password(trial, secret, form == WDIGEST_DOUBTFUL);
}

static void
look_up(struct trial *trial)
{
    const struct wdigest_claim claim = {
        .user = trial->user,
        .realm = trial->realm,
        .realm_offered = true,
    };
    enum reason reason;

    report_title("user %s in realm %s", report_quote(trial->user).text,
                 report_quote(trial->realm).text);
    reason = session_lookup(trial->session, &claim, judge, trial);
    if (reason != REASON_NONE)
        report(MARK_WRONG, "look-up", "%s",
               reason == REASON_STORE_UNREACHABLE
                   ? "the database cannot be read"
                   : reasons_pattern(reason));
    else if (trial->count == 0)
        report(MARK_WRONG, "secret",
               "none: no such user, or neither userPassword nor "
               "cmusaslsecretDIGEST-MD5%s",
               session_trace());
}

const char *
user_explain(const struct session *session, struct exchange *exchange,
             struct secrets *secrets)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    struct trial trial = { .exchange = exchange,
                           .session = session,
                           .user = exchange->user };
    const char *problem, *missing = NULL;

    if (!secrets->none) {
        (void)fflush(stdout);
        problem = secrets_read(secrets, exchange->user, &missing);
        if (problem != NULL)
            return problem;
        trial.secrets = missing == NULL ? secrets : NULL;
    }
    for (size_t i = 0; i < challenge->count; i++) {
        if (!slice_equal_nocase(challenge->entries[i].name, SLICE("realm")))
            continue;
        trial.realm = challenge->entries[i].value;
        trial.count = 0;
        look_up(&trial);
    }
    if (message_times(challenge, SLICE("realm")) == 0)
        look_up(&trial);
    return NULL;
}
