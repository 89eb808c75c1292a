/*
 * ImpersonateSecurityContext, RevertSecurityContext: look-ups in the user
 * database, and the account that each thread acts as.
 */
#define _DEFAULT_SOURCE /* getgrouplist */

#include <errno.h>
#include <grp.h>
#include <pwd.h>

#include "base/memory.h"
#include "sspi/rights.h"
#include "sspi/common.h"

enum {
    NAME_SIZE_MAX = 255, /* of a login name on Linux */
    RECORD_SIZE_MIN = 1024,
    RECORD_SIZE_MAX = 1024 * 1024,
    GROUP_COUNT_MIN = 64,
    GROUP_COUNT_MAX = 65536 /* limit of the Linux kernel */
};

/* Whom this thread acts as. */
static _Thread_local struct {
    CtxtHandle context;
    struct wdigest_account *before; /* its own rights; NULL while it has them */
} impersonation;

/* Makes an account in one block of memory: the struct, groups, name. */
static enum reason
make_account(const struct passwd *record, const gid_t *groups, size_t count,
             struct wdigest_account **account)
{
    struct slice name = slice_of_string(record->pw_name);
    struct slice list = slice_of(groups, count * sizeof(*groups));
    size_t size = list.size + name.size;
    struct wdigest_account *made = memory_take(sizeof(*made) + size + 1);
    struct writer writer;

    if (made == NULL)
        return REASON_NO_MEMORY;
    writer = writer_over(made + 1, size);
    writer_put(&writer, list);
    writer_put(&writer, name);
    *made = (struct wdigest_account){
        .name = (const char *)writer_since(&writer, list.size).data,
        .uid = record->pw_uid,
        .gid = record->pw_gid,
        .groups = (const gid_t *)(made + 1),
        .group_count = count,
    };
    *account = made;
    return REASON_NONE;
}

/* Makes the account if its groups fit into count entries. */
static enum reason
try_groups(const struct passwd *record, size_t count, bool *fits,
           struct wdigest_account **account)
{
    gid_t *groups = memory_take(count * sizeof(*groups));
    int found = (int)count;
    enum reason reason = REASON_NONE;

    if (groups == NULL)
        return REASON_NO_MEMORY;
    *fits = getgrouplist(record->pw_name, record->pw_gid, groups, &found) >= 0;
    if (*fits)
        reason = make_account(record, groups, (size_t)found, account);
    memory_give(groups, 0);
    return reason;
}

static enum reason
find_groups(const struct passwd *record, struct wdigest_account **account)
{
    bool fits = false;

    for (size_t count = GROUP_COUNT_MIN; count <= GROUP_COUNT_MAX; count *= 2) {
        TRY(try_groups(record, count, &fits, account));
        if (fits)
            return REASON_NONE;
    }
    return REASON_ACCOUNT_UNKNOWN;
}

/* Makes the account if its record fits into size octets. */
static enum reason
try_record(const char *name, size_t size, bool *fits,
           struct wdigest_account **account)
{
    char *strings = memory_take(size);
    struct passwd record, *found = NULL;
    enum reason reason = REASON_ACCOUNT_UNKNOWN;
    int error;

    if (strings == NULL)
        return REASON_NO_MEMORY;
    error = getpwnam_r(name, &record, strings, size, &found);
    *fits = error != ERANGE;
    if (error == ENOMEM)
        reason = REASON_NO_MEMORY;
    else if (error == 0 && found != NULL)
        reason = find_groups(found, account);
    memory_give(strings, 0);
    return reason;
}

/* The authzid if there is one, else the user, as a C string. */
static enum reason
name_account(const struct wdigest_principal *principal,
             char name[static NAME_SIZE_MAX + 1])
{
    struct slice text =
        slice_exists(principal->authzid) ? principal->authzid : principal->user;
    struct writer writer = writer_over(name, NAME_SIZE_MAX);

    writer_put(&writer, text);
    if (text.size == 0 || writer.overflow || slice_contains(text, '\0'))
        return REASON_ACCOUNT_UNKNOWN;
    name[writer.used] = '\0';
    return REASON_NONE;
}

enum reason
wdigest_find_account(const struct wdigest_principal *principal,
                     struct wdigest_account **account)
{
    char name[NAME_SIZE_MAX + 1];
    enum reason reason = REASON_ACCOUNT_UNKNOWN;
    bool fits = false;

    TRY(name_account(principal, name));
    for (size_t size = RECORD_SIZE_MIN; size <= RECORD_SIZE_MAX && !fits;
         size *= 2)
        reason = try_record(name, size, &fits, account);
    return reason;
}

static enum reason
impersonate(const CtxtHandle *handle, const struct context *context)
{
    struct wdigest_account *account = NULL;
    enum reason reason;

    if (!rights_supported())
        return REASON_UNSUPPORTED;
    if (context->identifies)
        return REASON_IDENTIFIES;
    if (impersonation.before != NULL)
        return REASON_RIGHTS;
    TRY(wdigest_find_account(context_principal(context), &account));
    reason = rights_change(account, &impersonation.before);
    if (reason == REASON_NONE)
        impersonation.context = *handle;
    memory_give(account, 0);
    return reason;
}

static enum reason
revert(const CtxtHandle *context)
{
    if (impersonation.before == NULL || context == NULL ||
        context->dwLower != impersonation.context.dwLower ||
        context->dwUpper != impersonation.context.dwUpper)
        return REASON_INVALID_HANDLE;
    rights_restore(impersonation.before);
    impersonation.before = NULL;
    return REASON_NONE;
}

SECURITY_STATUS
ImpersonateSecurityContext(CtxtHandle *phContext)
{
    return sspi_find_principal(phContext) == NULL
               ? SEC_E_INVALID_HANDLE
               : reasons_status(impersonate(phContext, sspi_find(phContext)));
}

SECURITY_STATUS
RevertSecurityContext(CtxtHandle *phContext)
{
    return reasons_status(revert(phContext));
}
