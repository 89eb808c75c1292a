/*
 * The hash of a channel, the cnonce that covers it, and the policy.
 */
#include "digest/binding.h"
#include "message/response.h"

#include <stdio.h>
#include <string.h>

#include "support/support.h"

#define SERVICE_NAME "imap/host.example.com"
#define HEX_A "a513620e394353301b0b429acf4cdfe4"
#define HEX_B "7e5349b5695138957cdd92d99e2e11ea"
#define ZEROS "00000000000000000000000000000000"
#define BOTH "service-name,channel-binding"

enum { WORD_COUNT = sizeof(SEC_CHANNEL_BINDINGS) / sizeof(uint32_t) };

static json_t *cases;
static const json_t *file;

static struct slice
hex_of(const struct binding *binding)
{
    return slice_of(binding->hex, sizeof(binding->hex));
}

/* The structure has this computer's byte order, the vectors are
 * little-endian. */
static struct slice
native(struct slice little)
{
    uint8_t *copy = (uint8_t *)(uintptr_t)support_copy(little).data;

    for (size_t i = 0; i < WORD_COUNT; i++) {
        const uint8_t *octets = little.data + i * sizeof(uint32_t);
        uint32_t word = (uint32_t)octets[0] | (uint32_t)octets[1] << 8 |
                        (uint32_t)octets[2] << 16 | (uint32_t)octets[3] << 24;

        memcpy(copy + i * sizeof(word), &word, sizeof(word));
    }
    return slice_of(copy, little.size);
}

static struct slice
structure(const SEC_CHANNEL_BINDINGS *head, const char *data)
{
    const struct slice parts[] = { slice_of(head, sizeof(*head)),
                                   slice_of_string(data) };

    return support_join(parts, 2);
}

static struct binding
read_binding(const char *id, struct slice buffer)
{
    struct binding binding;

    assert_reason(id, binding_read(support_hasher(), buffer, &binding),
                  REASON_NONE);
    return binding;
}

/* The binding of a vector, made from its structure. */
static struct binding
binding_of(const json_t *row)
{
    const char *id = support_text(row, "id");

    if (json_object_get(row, "sec_channel_bindings_struct") == NULL)
        return read_binding(id, SLICE(""));
    return read_binding(
        id, native(support_octets(row, "sec_channel_bindings_struct")));
}

START_TEST(structure_of_the_vector_gives_its_value)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct binding binding = binding_of(row);

    assert_octets(support_text(row, "id"), hex_of(&binding),
                  support_value(row, "channel_binding_directive"));
}
END_TEST

START_TEST(application_data_of_the_vector_gives_its_value)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct endpoints endpoints = { .initiator = { 0, SLICE_NONE } };
    struct binding binding;

    if (json_object_get(row, "application_data") == NULL)
        return;
    endpoints.application = support_octets(row, "application_data");

    assert_reason("value", binding_make(support_hasher(), &endpoints, &binding),
                  REASON_NONE);

    assert_octets(support_text(row, "id"), hex_of(&binding),
                  support_value(row, "channel_binding_directive"));
}
END_TEST

START_TEST(cnonce_of_the_vector_is_exact)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct binding binding = binding_of(row);
    struct slice expected = support_value(row, "cnonce");
    struct writer writer =
        writer_over(support_keep(expected.size), expected.size);

    assert_reason("cnonce",
                  binding_put_cnonce(&writer, support_hasher(),
                                     support_value(row, "service_name"),
                                     &binding,
                                     support_value(file, "client_random_hex")),
                  REASON_NONE);

    ck_assert(!writer.overflow);
    assert_octets(support_text(row, "id"), writer_result(&writer), expected);
    ck_assert_uint_eq(expected.size, 76);
    ck_assert(binding_is_upgraded(expected));
    ck_assert(binding_is_upgraded(support_value(row, "server_nonce")));
}
END_TEST

START_TEST(message_of_the_vector_is_well_made)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    const char *id = support_text(row, "id");
    struct parser parser = support_parser(RESPONSE_SIZE_MAX);
    struct response response;
    struct slice culprit;

    if (strcmp(support_text(row, "mechanism"), "sasl") != 0)
        return;
    assert_reason(id,
                  response_parse(&response, &parser,
                                 support_value(row, "client_message")),
                  REASON_NONE);

    assert_reason(id,
                  binding_check(support_hasher(), &response.claim,
                                response.cnonce, &culprit),
                  REASON_NONE);

    assert_octets(id, response.claim.service_name,
                  support_value(row, "service_name"));
    assert_octets(id, response.claim.channel_binding,
                  support_value(row, "channel_binding_directive"));
}
END_TEST

START_TEST(directives_of_the_vector_are_printed)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct binding binding = binding_of(row);
    struct writer writer =
        writer_over(support_keep(RESPONSE_SIZE_MAX), RESPONSE_SIZE_MAX);
    struct response response = { .qop = QOP_AUTH };
    struct slice directives = support_value(row, "directives");
    struct slice rest, taken;

    binding_fill(&response.claim, support_value(row, "service_name"), &binding);
    assert_reason("print", response_print(&writer, &response), REASON_NONE);

    rest = writer_result(&writer);
    ck_assert(slice_take_back(&rest, directives.size, &taken));
    assert_octets(support_text(row, "id"), taken, directives);
}
END_TEST

START_TEST(addresses_enter_the_value)
{
    const json_t *row = json_object_get(file, "serialisation_with_addresses");
    const SEC_CHANNEL_BINDINGS head = { 2, 4, 36, 2, 4, 32, 3, 40 };
    const struct slice parts[] = { slice_of(&head, sizeof(head)),
                                   support_hex("0a000001"),
                                   support_hex("7f000001"), SLICE("app") };
    struct binding binding = read_binding("read", support_join(parts, 4));

    assert_octets("addresses", hex_of(&binding), support_value(row, "md5"));
}
END_TEST

START_TEST(no_channel_is_not_an_empty_structure)
{
    const SEC_CHANNEL_BINDINGS head = { .dwApplicationDataOffset = 0 };
    struct binding none = read_binding("none", SLICE(""));
    struct binding empty = read_binding("empty", structure(&head, ""));

    assert_octets("none", hex_of(&none), SLICE(ZEROS));
    assert_octets("empty", hex_of(&empty),
                  SLICE("441018525208457705bf09a8ee3c1093"));
}
END_TEST

/* Structures with wrong offsets or sizes, with 8 octets of data. */
static const SEC_CHANNEL_BINDINGS bad_heads[] = {
    { .cbApplicationDataLength = 9, .dwApplicationDataOffset = 32 },
    { .cbApplicationDataLength = 8, .dwApplicationDataOffset = 33 },
    { .cbApplicationDataLength = 1, .dwApplicationDataOffset = 40 },
    { .cbApplicationDataLength = 1, .dwApplicationDataOffset = 41 },
    { .cbApplicationDataLength = 1, .dwApplicationDataOffset = 31 },
    { .cbApplicationDataLength = 8, .dwApplicationDataOffset = 0 },
    /* sums that would wrap around */
    { .cbApplicationDataLength = UINT32_MAX, .dwApplicationDataOffset = 33 },
    { .cbApplicationDataLength = 33, .dwApplicationDataOffset = UINT32_MAX },
    { .cbApplicationDataLength = UINT32_MAX,
      .dwApplicationDataOffset = UINT32_MAX },
    { .cbApplicationDataLength = 0x80000000u,
      .dwApplicationDataOffset = 0x80000020u },
    { .cbInitiatorLength = 9, .dwInitiatorOffset = 32 },
    { .cbInitiatorLength = UINT32_MAX, .dwInitiatorOffset = 40 },
    { .cbInitiatorLength = 1, .dwInitiatorOffset = 28 },
    { .cbAcceptorLength = 9, .dwAcceptorOffset = 32 },
    { .cbAcceptorLength = 40, .dwAcceptorOffset = UINT32_MAX - 7 },
    { .cbAcceptorLength = 4, .dwAcceptorOffset = 37 },
};

enum { BAD_HEADS = COUNT(bad_heads) };

START_TEST(part_outside_of_the_buffer_is_refused)
{
    struct binding binding;

    assert_reason("read",
                  binding_read(support_hasher(),
                               structure(&bad_heads[_i], "12345678"), &binding),
                  REASON_BINDING_FORM);
}
END_TEST

START_TEST(part_that_just_fits_is_read)
{
    static const SEC_CHANNEL_BINDINGS heads[] = {
        { .cbApplicationDataLength = 8, .dwApplicationDataOffset = 32 },
        { .cbApplicationDataLength = 1, .dwApplicationDataOffset = 39 },
        /* without data the offset is ignored */
        { .dwApplicationDataOffset = UINT32_MAX },
        { .dwInitiatorOffset = UINT32_MAX, .dwAcceptorOffset = 41 },
        /* one octet may be part of several */
        { .cbInitiatorLength = 8,
          .dwInitiatorOffset = 32,
          .cbAcceptorLength = 8,
          .dwAcceptorOffset = 32 },
    };

    (void)read_binding("read", structure(&heads[_i], "12345678"));
}
END_TEST

START_TEST(truncated_structure_is_refused)
{
    struct slice rest =
        structure(&(SEC_CHANNEL_BINDINGS){ .cbAcceptorLength = 0 }, "");
    struct slice front;
    struct binding binding;

    ck_assert(slice_take(&rest, (size_t)_i, &front));

    assert_reason("read",
                  binding_read(support_hasher(), support_copy(front), &binding),
                  REASON_BINDING_FORM);
}
END_TEST

START_TEST(structure_need_not_be_aligned)
{
    const SEC_CHANNEL_BINDINGS head = { .cbApplicationDataLength = 3,
                                        .dwApplicationDataOffset = 32 };
    const struct slice parts[] = { SLICE("x"), structure(&head, "abc") };
    struct slice rest = support_join(parts, 2), first;
    struct binding aligned = read_binding("aligned", parts[1]), other;

    ck_assert(slice_take(&rest, 1, &first));
    other = read_binding("other", rest);

    assert_octets("value", hex_of(&other), hex_of(&aligned));
}
END_TEST

START_TEST(prefix_is_exact)
{
    ck_assert(binding_is_upgraded(SLICE("+Upgraded+v1")));
    ck_assert(binding_is_upgraded(SLICE("+Upgraded+v10")));
    ck_assert(!binding_is_upgraded(SLICE("+Upgraded+v")));
    ck_assert(!binding_is_upgraded(SLICE("+Upgraded+v2")));
    ck_assert(!binding_is_upgraded(SLICE("+UpGrAdEd+v1")));
    ck_assert(!binding_is_upgraded(SLICE("+upgraded+v1")));
    ck_assert(!binding_is_upgraded(SLICE(" +Upgraded+v1")));
    ck_assert(!binding_is_upgraded(SLICE("")));
    ck_assert(!binding_is_upgraded(SLICE_NONE));
}
END_TEST

/* The directives of a response; NULL is left out. */
struct form_case {
    const char *hashed_dirs, *service_name, *binding;
    enum reason reason;
    const char *culprit;
};

static const struct form_case forms[] = {
    { BOTH, SERVICE_NAME, HEX_A, REASON_NONE, "" },
    { BOTH, SERVICE_NAME, ZEROS, REASON_NONE, "" },
    { " service-name ,\tchannel-binding ", SERVICE_NAME, HEX_A, REASON_NONE,
      "" },
    { "Service-Name,CHANNEL-BINDING", SERVICE_NAME, HEX_A, REASON_NONE, "" },
    { NULL, SERVICE_NAME, HEX_A, REASON_MISSING, "hashed-dirs" },
    { BOTH, NULL, HEX_A, REASON_MISSING, "service-name" },
    { BOTH, SERVICE_NAME, NULL, REASON_MISSING, "channel-binding" },
    { NULL, NULL, NULL, REASON_MISSING, "hashed-dirs" },
    { "", SERVICE_NAME, HEX_A, REASON_VALUE, "hashed-dirs" },
    { "service-name", SERVICE_NAME, HEX_A, REASON_VALUE, "hashed-dirs" },
    { "channel-binding", SERVICE_NAME, HEX_A, REASON_VALUE, "hashed-dirs" },
    { "channel-binding,service-name", SERVICE_NAME, HEX_A, REASON_VALUE,
      "hashed-dirs" },
    { BOTH ",username", SERVICE_NAME, HEX_A, REASON_VALUE, "hashed-dirs" },
    { BOTH ",", SERVICE_NAME, HEX_A, REASON_VALUE, "hashed-dirs" },
    { "service-name channel-binding", SERVICE_NAME, HEX_A, REASON_VALUE,
      "hashed-dirs" },
    { "service-name,channel-bindings", SERVICE_NAME, HEX_A, REASON_VALUE,
      "hashed-dirs" },
    { BOTH, "", HEX_A, REASON_VALUE, "service-name" },
    { BOTH, "imap", HEX_A, REASON_VALUE, "service-name" },
    { BOTH, "imap/", HEX_A, REASON_NONE, "" },
    { BOTH, "/host", HEX_A, REASON_NONE, "" },
    { BOTH, "PCP Collector/h", HEX_A, REASON_NONE, "" },
    { BOTH, "imap/h/n/x", HEX_A, REASON_NONE, "" },
    { BOTH, SERVICE_NAME, "", REASON_VALUE, "channel-binding" },
    { BOTH, SERVICE_NAME, HEX_A "0", REASON_VALUE, "channel-binding" },
    { BOTH, SERVICE_NAME, "513620e394353301b0b429acf4cdfe4", REASON_VALUE,
      "channel-binding" },
    { BOTH, SERVICE_NAME, "A513620E394353301B0B429ACF4CDFE4", REASON_VALUE,
      "channel-binding" },
    { BOTH, SERVICE_NAME, "g513620e394353301b0b429acf4cdfe4", REASON_VALUE,
      "channel-binding" },
};

enum { FORMS = COUNT(forms) };

/* A cnonce that covers the response's directives, computed here. */
static struct slice
covering(const char *service_name, const char *binding, const char *tail)
{
    const struct slice parts[] = { slice_of_string(service_name), SLICE(":"),
                                   slice_of_string(binding) };
    struct md5 md5;
    struct slice joined[3];

    ck_assert(crypto_md5(support_hasher(), parts, 3, &md5) == REASON_NONE);
    joined[0] = SLICE("+Upgraded+v1");
    joined[1] =
        slice_of_string(support_show(slice_of(md5.octets, sizeof(md5.octets))));
    joined[2] = slice_of_string(tail);
    return support_join(joined, 3);
}

static struct response
respond(const char *hashed_dirs, const char *service_name, const char *binding)
{
    return (struct response){
        .cnonce = covering(service_name, binding, ZEROS),
        .claim.hashed_dirs = slice_of_string(hashed_dirs),
        .claim.service_name = slice_of_string(service_name),
        .claim.channel_binding = slice_of_string(binding),
    };
}

static enum reason
check(struct response *response, struct slice *culprit)
{
    return binding_check(support_hasher(), &response->claim, response->cnonce,
                         culprit);
}

START_TEST(covered_directives_are_required_and_well_formed)
{
    const struct form_case *row = &forms[_i];
    struct response response =
        respond(row->hashed_dirs, row->service_name, row->binding);
    struct slice culprit;

    assert_reason(row->culprit, check(&response, &culprit), row->reason);

    assert_octets("culprit", culprit, slice_of_string(row->culprit));
}
END_TEST

START_TEST(directives_without_the_prefix_are_taken_out)
{
    static const char *const cnonces[] = { "", "c", "+Upgraded+v",
                                           "+upgraded+v1" HEX_A ZEROS };
    const struct form_case *row = &forms[_i];

    for (size_t i = 0; i < COUNT(cnonces); i++) {
        struct response response =
            respond(row->hashed_dirs, row->service_name, row->binding);
        struct slice culprit;

        response.cnonce = slice_of_string(cnonces[i]);
        assert_reason(cnonces[i], check(&response, &culprit), REASON_NONE);
        ck_assert(!slice_exists(response.claim.hashed_dirs));
        ck_assert(!slice_exists(response.claim.service_name));
        ck_assert(!slice_exists(response.claim.channel_binding));
    }
}
END_TEST

START_TEST(each_digit_of_the_hash_counts)
{
    struct response response = respond(BOTH, SERVICE_NAME, HEX_A);
    size_t place = BINDING_PREFIX.size + (size_t)_i;
    uint8_t *cnonce = (uint8_t *)(uintptr_t)support_copy(response.cnonce).data;
    struct slice culprit;

    cnonce[place] = cnonce[place] == '0' ? '1' : '0';
    response.cnonce = slice_of(cnonce, response.cnonce.size);

    assert_reason("cnonce", check(&response, &culprit), REASON_BINDING_FORGED);
}
END_TEST

START_TEST(hash_of_other_values_is_forged)
{
    static const char *const values[][2] = {
        { SERVICE_NAME, HEX_B },
        { SERVICE_NAME, ZEROS },
        { "imap/host.example.co", HEX_A },
        { "IMAP/host.example.com", HEX_A },
        { "", "" },
        { HEX_A, SERVICE_NAME },
    };
    struct response response = respond(BOTH, SERVICE_NAME, HEX_A);
    struct slice culprit;

    response.cnonce = covering(values[_i][0], values[_i][1], ZEROS);

    assert_reason("cnonce", check(&response, &culprit), REASON_BINDING_FORGED);
}
END_TEST

START_TEST(truncated_cnonce_is_forged)
{
    struct response response = respond(BOTH, SERVICE_NAME, HEX_A);
    struct slice rest = response.cnonce, culprit;

    ck_assert(
        slice_take(&rest, BINDING_PREFIX.size + (size_t)_i, &response.cnonce));

    assert_reason("cnonce", check(&response, &culprit),
                  _i < MD5_HEX_SIZE ? REASON_BINDING_FORGED : REASON_NONE);
}
END_TEST

START_TEST(upper_case_hash_is_forged)
{
    struct response response = respond(BOTH, SERVICE_NAME, HEX_A);
    struct slice culprit;
    uint8_t *cnonce = (uint8_t *)(uintptr_t)support_copy(response.cnonce).data;
    bool changed = false;

    for (size_t i = BINDING_PREFIX.size; i < response.cnonce.size; i++)
        if (cnonce[i] >= 'a') {
            cnonce[i] = (uint8_t)(cnonce[i] - 'a' + 'A');
            changed = true;
        }
    response.cnonce = slice_of(cnonce, response.cnonce.size);

    ck_assert(changed);
    assert_reason("cnonce", check(&response, &culprit), REASON_BINDING_FORGED);
}
END_TEST

START_TEST(own_zeros_match_nothing)
{
    struct response response = respond(BOTH, SERVICE_NAME, ZEROS);
    struct channel channel = { .given = true,
                               .own = read_binding("none", SLICE("")) };

    ck_assert(!binding_is_usable(&channel));
    ck_assert(!binding_matches(&channel, &response.claim));
    assert_reason("policy", binding_judge(&channel, &response.claim),
                  REASON_BINDING_UNBOUND);
}
END_TEST

static void
add_checks(TCase *checks)
{
    tcase_add_test(checks, prefix_is_exact);
    tcase_add_loop_test(checks, covered_directives_are_required_and_well_formed,
                        0, FORMS);
    tcase_add_loop_test(checks, directives_without_the_prefix_are_taken_out, 0,
                        FORMS);
    tcase_add_loop_test(checks, each_digit_of_the_hash_counts, 0, MD5_HEX_SIZE);
    tcase_add_loop_test(checks, hash_of_other_values_is_forged, 0, 6);
    tcase_add_loop_test(checks, truncated_cnonce_is_forged, 0,
                        2 * MD5_HEX_SIZE);
    tcase_add_test(checks, upper_case_hash_is_forged);
    tcase_add_test(checks, own_zeros_match_nothing);
}

Suite *
binding_suite(void)
{
    Suite *suite = suite_create("binding");
    TCase *vectors = support_case(suite, "vectors");
    TCase *bounds = support_case(suite, "bounds");

    file = support_vectors("channel_binding.json");
    cases = json_object_get(file, "cases");
    support_each(vectors, structure_of_the_vector_gives_its_value, cases);
    support_each(vectors, application_data_of_the_vector_gives_its_value,
                 cases);
    support_each(vectors, cnonce_of_the_vector_is_exact, cases);
    support_each(vectors, message_of_the_vector_is_well_made, cases);
    support_each(vectors, directives_of_the_vector_are_printed, cases);
    tcase_add_test(vectors, addresses_enter_the_value);
    tcase_add_test(vectors, no_channel_is_not_an_empty_structure);
    tcase_add_loop_test(bounds, part_outside_of_the_buffer_is_refused, 0,
                        BAD_HEADS);
    tcase_add_loop_test(bounds, part_that_just_fits_is_read, 0, 5);
    tcase_add_loop_test(bounds, truncated_structure_is_refused, 1,
                        sizeof(SEC_CHANNEL_BINDINGS));
    tcase_add_test(bounds, structure_need_not_be_aligned);
    add_checks(support_case(suite, "checks"));
    return suite;
}
