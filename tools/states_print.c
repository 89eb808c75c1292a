/*
 * Prints the tables of the state machines, as text or for Graphviz.
 * doc/states.txt and doc/states.svg are made with it, so they match the code.
 */
#include <stdio.h>
#include <string.h>

#include "http/dialect.h"
#include "handshake/machine.h"
#include "state_names.h"

struct side {
    const struct dialect *dialect;
    const char *name;
    const char *function;
};

static const struct side sides[] = {
    { &dialect_server, "server", "AcceptSecurityContext" },
    { &dialect_client, "client", "InitializeSecurityContext" },
    { &http_dialect_server, "http_server",
      "AcceptSecurityContext, CompleteAuthToken" },
    { &http_dialect_client, "http_client", "InitializeSecurityContext" },
};

enum { SIDE_COUNT = COUNT(sides) };

static const char *
answer_name(SECURITY_STATUS status)
{
    switch (status) {
    case SEC_E_OK:
        return "SEC_E_OK";
    case SEC_I_CONTINUE_NEEDED:
        return "SEC_I_CONTINUE_NEEDED";
    case SEC_I_COMPLETE_NEEDED:
        return "SEC_I_COMPLETE_NEEDED";
    case SEC_I_COMPLETE_AND_CONTINUE:
        return "SEC_I_COMPLETE_AND_CONTINUE";
    case SEC_I_INCOMPLETE_CREDENTIALS:
        return "SEC_I_INCOMPLETE_CREDENTIALS";
    default:
        return "?";
    }
}

static void
print_text(const struct side *side)
{
    size_t count = side->dialect->arrow_count;
    const struct arrow *arrows = side->dialect->arrows;

    printf("%s (%s)\n\n", side->name, side->function);
    printf("%-17s %-10s %-13s %-8s %-17s %s\n", "from", "input", "step",
           "outcome", "to", "answer");
    for (size_t i = 0; i < count; i++)
        printf("%-17s %-10s %-13s %-8s %-17s %s\n", state_names[arrows[i].from],
               input_names[arrows[i].input], arrows[i].name,
               outcome_names[arrows[i].outcome], state_names[arrows[i].to],
               answer_name(arrows[i].status));
    printf("\nAnything else leads to %s, and nothing leads out of it.\n"
           "In %s it is refused and changes nothing.\n\n",
           state_names[STATE_FAILED], state_names[STATE_ESTABLISHED]);
}

static void
print_dot(const struct side *side)
{
    size_t count = side->dialect->arrow_count;
    const struct arrow *arrows = side->dialect->arrows;

    printf("  subgraph cluster_%s {\n    label=\"%s: %s\";\n", side->name,
           side->name, side->function);
    for (size_t i = 0; i < count; i++)
        printf("    %s_%s [label=\"%s\"];\n    %s_%s [label=\"%s\"];\n"
               "    %s_%s -> %s_%s [label=\"%s\\n%s: %s\"];\n",
               side->name, state_names[arrows[i].from],
               state_names[arrows[i].from], side->name,
               state_names[arrows[i].to], state_names[arrows[i].to], side->name,
               state_names[arrows[i].from], side->name,
               state_names[arrows[i].to], input_names[arrows[i].input],
               arrows[i].name, outcome_names[arrows[i].outcome]);
    printf("  }\n");
}

int
main(int argc, char **argv)
{
    int dot = argc == 2 && strcmp(argv[1], "dot") == 0;

    if (argc != 2 || (!dot && strcmp(argv[1], "text") != 0)) {
        (void)fprintf(stderr, "usage: states-print dot|text\n");
        return 2;
    }
    if (dot)
        printf("digraph handshake {\n  rankdir=TB;\n  node [shape=box];\n");
    for (size_t i = 0; i < SIDE_COUNT; i++)
        (dot ? print_dot : print_text)(&sides[i]);
    if (dot)
        printf("}\n");
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
