/*
 * Gets an identity from answers, callbacks and prompts, in this order.
 */
#include "prompts.h"

#include <string.h>

struct row {
    unsigned long id;
    const char *challenge;
    const char *prompt;
};

static const struct row rows[PROMPT_COUNT] = {
    [PROMPT_USER] = { SASL_CB_AUTHNAME, "Authentication Name",
                      "Please enter your authentication name" },
    [PROMPT_AUTHZID] = { SASL_CB_USER, "Authorization Name",
                         "Please enter your authorization name" },
    [PROMPT_PASSWORD] = { SASL_CB_PASS, "Password",
                          "Please enter your password" },
    [PROMPT_REALM] = { SASL_CB_GETREALM, NULL, "Please enter your realm" },
};

/* What find_answer finds. */
enum found {
    FOUND_NOTHING, /* the application has no such callback */
    FOUND_VALUE,
    FOUND_PROMPT, /* the application wants a prompt */
    FOUND_FAILURE
};

/* A search for the values of a question. */
struct search {
    struct prompts *prompts;
    const struct wdigest_question *question;
    struct slice values[PROMPT_COUNT];
    enum found found[PROMPT_COUNT];
    char *user; /* of HOST_NAME_SIZE_MAX octets and a NUL */
};

/* The type that getcallback returns, and one between it and the real type: a
 * direct cast would cause a warning. */
typedef int callback_function(void);
typedef void any_function(void);

static enum found
find_callback(const struct prompts *prompts, unsigned long id,
              callback_function **function, void **context)
{
    const sasl_utils_t *utils = prompts->params->utils;

    switch (utils->getcallback(utils->conn, id, function, context)) {
    case SASL_OK:
        return *function == NULL ? FOUND_NOTHING : FOUND_VALUE;
    case SASL_INTERACT:
        return FOUND_PROMPT;
    default:
        return FOUND_NOTHING;
    }
}

static enum found
call_simple(const struct prompts *prompts, unsigned long id,
            struct slice *value)
{
    callback_function *function;
    void *context;
    const char *text = NULL;
    enum found found = find_callback(prompts, id, &function, &context);

    if (found != FOUND_VALUE)
        return found;
    /* Do not request the size: the library's own callback writes a size_t,
     * others an unsigned. */
    if (((sasl_getsimple_t *)(any_function *)function)(context, (int)id, &text,
                                                       NULL) != SASL_OK)
        return FOUND_FAILURE;
    *value = slice_of_string(text);
    return FOUND_VALUE;
}

static enum found
call_password(const struct prompts *prompts, struct slice *value)
{
    callback_function *function;
    void *context;
    sasl_secret_t *secret = NULL;
    enum found found =
        find_callback(prompts, SASL_CB_PASS, &function, &context);

    if (found != FOUND_VALUE)
        return found;
    if (((sasl_getsecret_t *)(any_function *)function)(
            prompts->params->utils->conn, context, SASL_CB_PASS, &secret) !=
            SASL_OK ||
        secret == NULL)
        return FOUND_FAILURE;
    *value = slice_of(secret->data, secret->len);
    return FOUND_VALUE;
}

/* Copies the name, because the application keeps it only until the next
 * call. */
static enum found
call_user(struct search *search)
{
    struct slice *user = &search->values[PROMPT_USER];
    struct writer copy = writer_over(search->user, HOST_NAME_SIZE_MAX);
    enum found found = call_simple(search->prompts, rows[PROMPT_USER].id, user);

    writer_put(&copy, *user);
    search->user[copy.used] = '\0'; /* the application gets it as a C string */
    *user = writer_result(&copy);
    return copy.overflow ? FOUND_FAILURE : found;
}

/* The realms as C strings, in one block: pointers, then texts. */
static const char **
list_realms(const sasl_utils_t *utils, const struct wdigest_question *question)
{
    size_t pointers = (question->realm_count + 1) * sizeof(char *);
    size_t size = pointers;
    const char **list;
    struct writer writer;

    for (size_t i = 0; i < question->realm_count; i++)
        size += question->realms[i].size + 1;
    list = host_take(utils, size);
    if (list == NULL)
        return NULL;
    writer = writer_over(list, size);
    (void)writer_reserve(&writer, pointers);
    for (size_t i = 0; i < question->realm_count; i++) {
        list[i] = (const char *)writer.data + writer.used;
        writer_put(&writer, question->realms[i]);
        writer_put_octet(&writer, 0);
    }
    return list;
}

static enum found
call_realm(const struct search *search, struct slice *value)
{
    const sasl_utils_t *utils = search->prompts->params->utils;
    callback_function *function;
    void *context;
    const char **list, *text = NULL;
    int code;
    enum found found =
        find_callback(search->prompts, SASL_CB_GETREALM, &function, &context);

    if (found != FOUND_VALUE)
        return found;
    list = list_realms(utils, search->question);
    if (list == NULL)
        return FOUND_FAILURE;
    code = ((sasl_getrealm_t *)(any_function *)function)(
        context, SASL_CB_GETREALM, list, &text);
    *value = slice_of_string(text);
    /* the answer may point into the list, which is freed here */
    for (size_t i = 0; i < search->question->realm_count; i++)
        if (slice_equal(*value, search->question->realms[i]))
            *value = search->question->realms[i];
    host_give(utils, list);
    return code == SASL_OK && text != NULL ? FOUND_VALUE : FOUND_FAILURE;
}

/* Without a callback: the realm with the server's name, else the first; the
 * server's name if there is none. */
static struct slice
default_realm(const struct search *search)
{
    const struct wdigest_question *question = search->question;
    struct slice host = slice_of_string(search->prompts->params->serverFQDN);

    for (size_t i = 0; i < question->realm_count; i++)
        if (slice_equal_nocase(question->realms[i], host))
            return question->realms[i];
    return question->realm_count > 0 ? question->realms[0] : host;
}

static enum found
find_realm(struct search *search)
{
    enum found found = FOUND_NOTHING;

    if (search->question->resuming)
        return FOUND_VALUE;
    if (search->question->realm_count != 1)
        found = call_realm(search, &search->values[PROMPT_REALM]);
    if (found == FOUND_PROMPT && search->question->realm_count == 0)
        found = FOUND_NOTHING;
    if (found != FOUND_NOTHING)
        return found;
    search->values[PROMPT_REALM] = default_realm(search);
    return FOUND_VALUE;
}

static enum found
find_answer(struct search *search, enum prompt prompt)
{
    const struct prompt_answer *answer = &search->prompts->answers[prompt];
    enum found found;

    if (answer->refused)
        return FOUND_FAILURE;
    if (answer->text != NULL &&
        (prompt != PROMPT_REALM || !search->question->resuming)) {
        search->values[prompt] = slice_of(answer->text, answer->size);
        return FOUND_VALUE;
    }
    switch (prompt) {
    case PROMPT_PASSWORD:
        return call_password(search->prompts, &search->values[prompt]);
    case PROMPT_REALM:
        return find_realm(search);
    case PROMPT_USER:
        return call_user(search);
    case PROMPT_AUTHZID:
    default:
        found = call_simple(search->prompts, rows[prompt].id,
                            &search->values[prompt]);
        /* the authzid is optional */
        return found == FOUND_NOTHING ? FOUND_VALUE : found;
    }
}

/* "Available realms: {a}, {b}." */
static bool
print_realms(struct prompts *prompts, const struct wdigest_question *question)
{
    const sasl_utils_t *utils = prompts->params->utils;
    size_t size = sizeof("Available realms: .");
    struct writer writer;

    for (size_t i = 0; i < question->realm_count; i++)
        size += question->realms[i].size + sizeof("{}, ");
    host_give(utils, prompts->realm_text);
    prompts->realm_text = host_take(utils, size);
    if (prompts->realm_text == NULL)
        return false;
    writer = writer_over(prompts->realm_text, size - 1);
    writer_put(&writer, SLICE("Available realms: "));
    for (size_t i = 0; i < question->realm_count; i++) {
        writer_put(&writer, i > 0 ? SLICE(", {") : SLICE("{"));
        writer_put(&writer, question->realms[i]);
        writer_put_octet(&writer, '}');
    }
    writer_put_octet(&writer, '.');
    return true;
}

/* Makes the list of prompts for the missing values. */
static enum reason
make_prompts(struct search *search)
{
    struct prompts *prompts = search->prompts;
    sasl_interact_t *list =
        host_take(prompts->params->utils, (PROMPT_COUNT + 1) * sizeof(*list));
    size_t count = 0;

    if (list == NULL)
        return REASON_NO_MEMORY;
    for (int i = 0; i < PROMPT_COUNT; i++) {
        if (search->found[i] != FOUND_PROMPT)
            continue;
        list[count].id = rows[i].id;
        list[count].challenge = rows[i].challenge;
        list[count].prompt = rows[i].prompt;
        if (i == PROMPT_REALM) {
            list[count].challenge = prompts->realm_text;
            list[count].defresult = prompts->params->serverFQDN;
        }
        count++;
    }
    list[count].id = SASL_CB_LIST_END;
    prompts->asked = list;
    return REASON_NONE;
}

void
prompts_hand_out(struct prompts *prompts)
{
    *prompts->need = prompts->asked;
}

/* Without an answer and a default, the user has cancelled the prompt; but the
 * authzid is optional. */
static int
copy_answer(struct prompts *prompts, enum prompt prompt,
            const sasl_interact_t *item)
{
    const sasl_utils_t *utils = prompts->params->utils;
    struct prompt_answer *answer = &prompts->answers[prompt];
    struct slice text = item->result == NULL
                            ? slice_of_string(item->defresult)
                            : slice_of(item->result, item->len);
    struct writer writer;

    host_give_secret(utils, answer->text, answer->size);
    *answer = (struct prompt_answer){
        .refused = !slice_exists(text) && prompt != PROMPT_AUTHZID,
    };
    if (answer->refused)
        return SASL_OK;
    answer->text = host_take(utils, text.size + 1);
    if (answer->text == NULL)
        return SASL_NOMEM;
    writer = writer_over(answer->text, text.size);
    writer_put(&writer, text);
    answer->size = text.size;
    return SASL_OK;
}

int
prompts_take(struct prompts *prompts)
{
    const sasl_interact_t *item;
    int code = SASL_OK;

    if (prompts->asked == NULL)
        return SASL_OK;
    for (item = prompts->asked; item->id != SASL_CB_LIST_END; item++)
        for (int i = 0; i < PROMPT_COUNT && code == SASL_OK; i++)
            if (rows[i].id == item->id)
                code = copy_answer(prompts, (enum prompt)i, item);
    host_give(prompts->params->utils, prompts->asked);
    prompts->asked = NULL;
    if (prompts->need != NULL)
        *prompts->need = NULL;
    return code;
}

static int
canonicalize_name(const struct search *search, struct slice name,
                  unsigned flags)
{
    const sasl_client_params_t *params = search->prompts->params;

    if (name.size > HOST_NAME_SIZE_MAX)
        return SASL_BUFOVER;
    return params->canon_user(params->utils->conn, (const char *)name.data,
                              (unsigned)name.size, flags,
                              search->prompts->oparams);
}

/* Passes the names to the library and takes their canonical forms. */
static enum reason
canonicalize(struct search *search, struct wdigest_identity *identity)
{
    const sasl_out_params_t *oparams = search->prompts->oparams;
    struct slice user = search->values[PROMPT_USER];
    struct slice authzid = search->values[PROMPT_AUTHZID];
    bool oneself = authzid.size == 0 || slice_equal(authzid, user);
    int code;

    if (user.size == 0)
        return REASON_IDENTITY_FAILED;
    code = canonicalize_name(search, user,
                             oneself ? SASL_CU_AUTHID | SASL_CU_AUTHZID
                                     : SASL_CU_AUTHID);
    if (code == SASL_OK && !oneself)
        code = canonicalize_name(search, authzid, SASL_CU_AUTHZID);
    if (code != SASL_OK)
        return code == SASL_NOMEM ? REASON_NO_MEMORY : REASON_IDENTITY_FAILED;
    identity->user = slice_of(oparams->authid, oparams->alen);
    authzid = slice_of(oparams->user, oparams->ulen);
    if (!slice_equal(authzid, identity->user))
        identity->authzid = authzid;
    return REASON_NONE;
}

/* sasl.h calls SASL_CB_CNONCE "primarily for testing", so it is used only if
 * the callbacks of the connection itself have it. */
static struct slice
chosen_cnonce(const struct prompts *prompts)
{
    const sasl_callback_t *callback = prompts->params->prompt_supp;
    struct slice cnonce = SLICE_NONE;

    while (callback != NULL && callback->id != SASL_CB_LIST_END &&
           callback->id != SASL_CB_CNONCE)
        callback++;
    if (callback == NULL || callback->id == SASL_CB_LIST_END ||
        call_simple(prompts, SASL_CB_CNONCE, &cnonce) != FOUND_VALUE)
        return SLICE_NONE;
    return cnonce;
}

static enum reason
fill(struct search *search, struct wdigest_identity *identity)
{
    TRY(canonicalize(search, identity));
    identity->password = search->values[PROMPT_PASSWORD];
    identity->realm = search->values[PROMPT_REALM];
    identity->cnonce = chosen_cnonce(search->prompts);
    return REASON_NONE;
}

enum reason
prompts_identify(struct prompts *prompts,
                 const struct wdigest_question *question,
                 struct wdigest_identity *identity, bool *wait)
{
    char user[HOST_NAME_SIZE_MAX + 1];
    struct search search = {
        .prompts = prompts,
        .question = question,
        .user = user,
    };

    for (int i = 0; i < PROMPT_COUNT; i++) {
        search.found[i] = find_answer(&search, (enum prompt)i);
        *wait = *wait || search.found[i] == FOUND_PROMPT;
        if (search.found[i] == FOUND_NOTHING ||
            search.found[i] == FOUND_FAILURE)
            return REASON_IDENTITY_FAILED;
    }
    if (!*wait)
        return fill(&search, identity);
    if (prompts->need == NULL)
        return REASON_IDENTITY_FAILED;
    if (!print_realms(prompts, question))
        return REASON_NO_MEMORY;
    return make_prompts(&search);
}

void
prompts_free(struct prompts *prompts)
{
    const sasl_utils_t *utils = prompts->params->utils;

    for (int i = 0; i < PROMPT_COUNT; i++)
        host_give_secret(utils, prompts->answers[i].text,
                         prompts->answers[i].size);
    host_give(utils, prompts->realm_text);
    host_give(utils, prompts->asked);
    prompts->asked = NULL;
    memset(prompts->answers, 0, sizeof(prompts->answers));
    prompts->realm_text = NULL;
}
