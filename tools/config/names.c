/*
 * The names of the plugin are its own table.  Those of libsasl2 and of its
 * other plugins are from the page "Options" of Cyrus SASL 2.1.28.
 */
#include "config/names.h"

#include <stddef.h>
#include <string.h>

#include "options.h"

enum { NAME_SIZE_MAX = 64, SMALL_DISTANCE = 2, LETTERS_PER_ERROR = 6 };

static const char *const library_names[] = {
    "authdaemond_path",
    "auto_transition",
    "auxprop_plugin",
    "canon_user_plugin",
    "client_mech_list",
    "keytab",
    "ldapdb_canon_attr",
    "ldapdb_id",
    "ldapdb_mech",
    "ldapdb_pw",
    "ldapdb_rc",
    "ldapdb_starttls",
    "ldapdb_uri",
    "log_level",
    "mech_list",
    "ntlm_server",
    "ntlm_v2",
    "opiekeys",
    "otp_mda",
    "plugin_list",
    "pwcheck_method",
    "saslauthd_path",
    "sasldb_mapsize",
    "sasldb_maxreaders",
    "sasldb_path",
    "scram_iteration_counter",
    "scram_secret_generate",
    "sql_database",
    "sql_engine",
    "sql_hostnames",
    "sql_insert",
    "sql_passwd",
    "sql_select",
    "sql_update",
    "sql_user",
    "sql_usessl",
    "srp_mda",
    "srvtab",
};

enum { TABLES = 2 };

static const struct {
    const char *const *names;
    size_t count;
} tables[TABLES] = {
    [NAME_PLUGIN] = { option_names, OPTION_COUNT },
    [NAME_LIBRARY] = { library_names, COUNT(library_names) },
};

enum name_owner
names_owner(const char *name)
{
    for (int table = 0; table < TABLES; table++)
        for (size_t i = 0; i < tables[table].count; i++)
            if (strcmp(tables[table].names[i], name) == 0)
                return (enum name_owner)table;
    return NAME_UNKNOWN;
}

static size_t
smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* How many letters have to be inserted, removed or replaced. */
static size_t
distance(const char *a, const char *b)
{
    size_t row[NAME_SIZE_MAX + 1], width = strlen(b);

    for (size_t k = 0; k <= width; k++)
        row[k] = k;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t k = 1; k <= width; k++) {
            size_t replaced = corner + (a[i - 1] != b[k - 1]);

            corner = row[k];
            row[k] = smallest(replaced, row[k] + 1, row[k - 1] + 1);
        }
    }
    return row[width];
}

const char *
names_nearest(const char *name)
{
    size_t length = strlen(name), best = SIZE_MAX;
    size_t limit = SMALL_DISTANCE + length / LETTERS_PER_ERROR;
    const char *nearest = NULL;

    if (length == 0 || length > NAME_SIZE_MAX)
        return NULL;
    for (int table = 0; table < TABLES; table++)
        for (size_t i = 0; i < tables[table].count; i++) {
            size_t apart = distance(name, tables[table].names[i]);

            if (apart < best) {
                best = apart;
                nearest = tables[table].names[i];
            }
        }
    return best <= limit && best < length / 2 ? nearest : NULL;
}
