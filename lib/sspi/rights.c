/*
 * Linux: system calls without the C library's wrappers, which would change
 * every thread of the process.
 */
#define _GNU_SOURCE /* syscall, getresuid */

#include "sspi/rights.h"

#include "base/memory.h"

#if defined(__linux__)

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* On some architectures the calls without 32 take 16-bit numbers. */
#if defined(SYS_setgroups32)
#define CALL_SETGROUPS SYS_setgroups32
#define CALL_SETRESGID SYS_setresgid32
#define CALL_SETRESUID SYS_setresuid32
#else
#define CALL_SETGROUPS SYS_setgroups
#define CALL_SETRESGID SYS_setresgid
#define CALL_SETRESUID SYS_setresuid
#endif

/* For the kernel these mean "do not change", so no account can have them. */
#define KEEP_UID ((uid_t)-1)
#define KEEP_GID ((gid_t)-1)

static bool
set_groups(const struct wdigest_account *rights)
{
    return syscall(CALL_SETGROUPS, rights->group_count, rights->groups) == 0;
}

static bool
set_gid(const struct wdigest_account *rights)
{
    return syscall(CALL_SETRESGID, KEEP_GID, rights->gid, KEEP_GID) == 0;
}

static bool
set_uid(const struct wdigest_account *rights)
{
    return syscall(CALL_SETRESUID, KEEP_UID, rights->uid, KEEP_UID) == 0;
}

/* The user comes last, and is restored first: the right to change the others
 * may depend on it. */
static bool (*const steps[])(const struct wdigest_account *rights) = {
    set_groups,
    set_gid,
    set_uid,
};

enum { STEP_COUNT = COUNT(steps) };

/* Reverts the first count steps, the last one first. */
static void
undo(size_t count, const struct wdigest_account *before)
{
    while (count > 0)
        if (!steps[--count](before))
            abort();
}

/* Could the thread restore its effective user?  Only if that is also its real
 * or its saved user. */
static bool
can_return(void)
{
    uid_t real, effective, saved;

    return getresuid(&real, &effective, &saved) == 0 &&
           (effective == real || effective == saved);
}

static enum reason
read_rights(struct wdigest_account **rights)
{
    int count = getgroups(0, NULL);
    struct wdigest_account *read;
    gid_t *groups;

    if (count < 0)
        return REASON_RIGHTS;
    read = memory_take(sizeof(*read) + (size_t)count * sizeof(*groups));
    if (read == NULL)
        return REASON_NO_MEMORY;
    groups = (gid_t *)(read + 1);
    count = getgroups(count, groups);
    if (count < 0) {
        memory_give(read, 0);
        return REASON_RIGHTS;
    }
    *read = (struct wdigest_account){
        .uid = geteuid(),
        .gid = getegid(),
        .groups = groups,
        .group_count = (size_t)count,
    };
    *rights = read;
    return REASON_NONE;
}

static enum reason
apply(const struct wdigest_account *account,
      const struct wdigest_account *before)
{
    for (size_t i = 0; i < STEP_COUNT; i++) {
        if (!steps[i](account)) {
            undo(i, before);
            return REASON_RIGHTS;
        }
    }
    return REASON_NONE;
}

bool
rights_supported(void)
{
    return true;
}

enum reason
rights_change(const struct wdigest_account *account,
              struct wdigest_account **before)
{
    struct wdigest_account *old = NULL;
    enum reason reason;

    if (account->uid == KEEP_UID || account->gid == KEEP_GID || !can_return())
        return REASON_RIGHTS;
    TRY(read_rights(&old));
    reason = apply(account, old);
    if (reason == REASON_NONE)
        *before = old;
    else
        memory_give(old, 0);
    return reason;
}

void
rights_restore(struct wdigest_account *before)
{
    undo(STEP_COUNT, before);
    memory_give(before, 0);
}

#else

bool
rights_supported(void)
{
    return false;
}

enum reason
rights_change(const struct wdigest_account *account,
              struct wdigest_account **before)
{
    (void)account;
    (void)before;
    return REASON_UNSUPPORTED;
}

void
rights_restore(struct wdigest_account *before)
{
    memory_give(before, 0);
}

#endif
