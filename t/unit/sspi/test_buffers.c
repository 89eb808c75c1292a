/*
 * The caller's buffers: finding, reading, delivering.
 */
#include "sspi/buffers.h"

#include <string.h>

#include "base/memory.h"
#include "support/support.h"

enum { FILLER = 0xaa }; /* support_keep fills memory with it */

static SecBufferDesc
desc_of(SecBuffer *buffers, uint32_t count)
{
    return (SecBufferDesc){ SECBUFFER_VERSION, count, buffers };
}

/* A buffer of that type in memory of exactly size octets. */
static SecBuffer
room_of(uint32_t type, uint32_t size)
{
    return (SecBuffer){ size, type, support_keep(size) };
}

static struct slice
content(const SecBuffer *buffer)
{
    return slice_of(buffer->pvBuffer, buffer->cbBuffer);
}

/* Descriptions in which nothing can be found. */
enum { UNUSABLE = 6 };

static const SecBufferDesc *
unusable(int number)
{
    static uint8_t octets[4];
    static SecBuffer token = { sizeof(octets), SECBUFFER_TOKEN, octets };
    static const SecBufferDesc descs[UNUSABLE] = {
        { SECBUFFER_VERSION + 1, 1, &token }, { UINT32_MAX, 1, &token },
        { SECBUFFER_VERSION, 0, &token },     { SECBUFFER_VERSION, 0, NULL },
        { SECBUFFER_VERSION, 1, NULL },
    };

    return number == UNUSABLE - 1 ? NULL : &descs[number];
}

START_TEST(nothing_is_found_in_an_unusable_description)
{
    const SecBufferDesc *desc = unusable(_i);

    ck_assert_ptr_null(buffers_find(desc, SECBUFFER_TOKEN));
    ck_assert(!slice_exists(buffers_read(desc, SECBUFFER_TOKEN)));
}
END_TEST

START_TEST(nothing_is_delivered_to_an_unusable_description)
{
    const SecBufferDesc *desc = unusable(_i);

    for (int allocate = 0; allocate < 2; allocate++) {
        assert_reason("token",
                      buffers_deliver(desc, SLICE("token"), allocate != 0),
                      REASON_BUFFER_MISSING);
        assert_reason("no token",
                      buffers_deliver(desc, SLICE_NONE, allocate != 0),
                      REASON_NONE);
    }
}
END_TEST

START_TEST(buffer_is_found_by_its_type)
{
    SecBuffer buffers[] = {
        room_of(SECBUFFER_EMPTY, 1),
        room_of(SECBUFFER_DATA, 2),
        room_of(SECBUFFER_TOKEN, 3),
        room_of(SECBUFFER_PADDING, 4),
    };
    SecBufferDesc desc = desc_of(buffers, COUNT(buffers));

    for (size_t i = 0; i < COUNT(buffers); i++)
        ck_assert_ptr_eq(buffers_find(&desc, buffers[i].BufferType),
                         &buffers[i]);
    ck_assert_ptr_null(buffers_find(&desc, SECBUFFER_STREAM));
}
END_TEST

START_TEST(first_of_two_is_found)
{
    SecBuffer buffers[] = {
        room_of(SECBUFFER_DATA, 1),
        room_of(SECBUFFER_TOKEN, 2),
        room_of(SECBUFFER_TOKEN, 3),
    };
    SecBufferDesc desc = desc_of(buffers, COUNT(buffers));

    ck_assert_ptr_eq(buffers_find(&desc, SECBUFFER_TOKEN), &buffers[1]);
}
END_TEST

START_TEST(buffers_beyond_the_count_do_not_count)
{
    SecBuffer buffers[] = {
        room_of(SECBUFFER_DATA, 1),
        room_of(SECBUFFER_TOKEN, 2),
    };
    SecBufferDesc desc = desc_of(buffers, 1);

    ck_assert_ptr_null(buffers_find(&desc, SECBUFFER_TOKEN));
    desc.cBuffers = 2;
    ck_assert_ptr_eq(buffers_find(&desc, SECBUFFER_TOKEN), &buffers[1]);
}
END_TEST

START_TEST(last_buffer_is_the_last_one_looked_at)
{
    /* exactly as large as the description says, for the sanitizers */
    SecBuffer *buffers = support_keep(2 * sizeof(*buffers));
    SecBufferDesc desc = desc_of(buffers, 2);

    buffers[0] = room_of(SECBUFFER_DATA, 1);
    buffers[1] = room_of(SECBUFFER_DATA, 1);

    ck_assert_ptr_null(buffers_find(&desc, SECBUFFER_TOKEN));
}
END_TEST

struct type_case {
    uint32_t type;
    bool found; /* as a token */
};

static const struct type_case type_cases[] = {
    { SECBUFFER_TOKEN, true },
    { SECBUFFER_TOKEN | SECBUFFER_READONLY, true },
    { SECBUFFER_TOKEN | SECBUFFER_READONLY_WITH_CHECKSUM, true },
    { SECBUFFER_TOKEN | SECBUFFER_ATTRMASK, true },
    { SECBUFFER_DATA | SECBUFFER_READONLY, false },
    { SECBUFFER_PKG_PARAMS, false },
    { SECBUFFER_READONLY, false },
    { SECBUFFER_TOKEN | 0x08000000u, false },
    { SECBUFFER_TOKEN | 0x00000100u, false },
};

START_TEST(attributes_are_not_part_of_the_type)
{
    const struct type_case *row = &type_cases[_i];
    SecBuffer buffer = room_of(row->type, 1);
    SecBufferDesc desc = desc_of(&buffer, 1);

    ck_assert_ptr_eq(buffers_find(&desc, SECBUFFER_TOKEN),
                     row->found ? &buffer : NULL);
    ck_assert_int_eq(slice_exists(buffers_read(&desc, SECBUFFER_TOKEN)),
                     row->found);
    ck_assert_uint_eq(buffer.BufferType, row->type);
}
END_TEST

START_TEST(octets_are_read_where_they_are)
{
    SecBuffer buffers[] = {
        room_of(SECBUFFER_DATA, 4),
        room_of(SECBUFFER_TOKEN, 5),
    };
    SecBufferDesc desc = desc_of(buffers, COUNT(buffers));
    struct slice got = buffers_read(&desc, SECBUFFER_TOKEN);

    ck_assert_ptr_eq(got.data, buffers[1].pvBuffer);
    ck_assert_uint_eq(got.size, 5);
}
END_TEST

START_TEST(empty_buffer_is_not_an_absent_one)
{
    SecBuffer buffers[] = {
        { 0, SECBUFFER_TOKEN, support_keep(1) },
        { 0, SECBUFFER_DATA, NULL },
    };
    SecBufferDesc desc = desc_of(buffers, COUNT(buffers));
    struct slice empty = buffers_read(&desc, SECBUFFER_TOKEN);

    ck_assert(slice_exists(empty));
    ck_assert_uint_eq(empty.size, 0);
    ck_assert(!slice_exists(buffers_read(&desc, SECBUFFER_DATA)));
    ck_assert(!slice_exists(buffers_read(&desc, SECBUFFER_STREAM)));
}
END_TEST

START_TEST(size_without_memory_is_not_read)
{
    SecBuffer buffer = { 100, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = desc_of(&buffer, 1);
    struct slice got = buffers_read(&desc, SECBUFFER_TOKEN);

    ck_assert(!slice_exists(got));
    ck_assert_uint_eq(got.size, 0);
}
END_TEST

START_TEST(token_goes_to_the_token_buffer)
{
    SecBuffer buffers[] = {
        room_of(SECBUFFER_DATA, 8),
        room_of(SECBUFFER_TOKEN, 8),
        room_of(SECBUFFER_TOKEN, 8),
    };
    SecBuffer before[COUNT(buffers)];
    SecBufferDesc desc = desc_of(buffers, COUNT(buffers));

    memcpy(before, buffers, sizeof(buffers));
    assert_reason("deliver", buffers_deliver(&desc, SLICE("token"), false),
                  REASON_NONE);

    assert_octets("token", content(&buffers[1]), SLICE("token"));
    ck_assert_ptr_eq(buffers[1].pvBuffer, before[1].pvBuffer);
    for (size_t i = 0; i < COUNT(buffers); i += 2) {
        ck_assert_mem_eq(&buffers[i], &before[i], sizeof(buffers[i]));
        assert_octets("other", content(&buffers[i]),
                      support_repeat((char)FILLER, 8));
    }
}
END_TEST

/* A READONLY buffer is passed over, and nothing about it changes. */
START_TEST(readonly_buffer_gets_no_token)
{
    static const uint32_t attributes[] = { SECBUFFER_READONLY,
                                           SECBUFFER_READONLY_WITH_CHECKSUM };
    SecBuffer buffers[] = {
        room_of(SECBUFFER_TOKEN | attributes[_i / 2], 8),
        room_of(SECBUFFER_TOKEN, 8),
    };
    const SecBuffer before = buffers[0];
    SecBufferDesc alone = desc_of(buffers, 1);
    SecBufferDesc both = desc_of(buffers, 2);
    bool allocate = _i % 2 == 1;

    assert_reason("alone", buffers_deliver(&alone, SLICE("token"), allocate),
                  REASON_BUFFER_MISSING);
    buffers_clear(&alone, allocate);
    assert_reason("both", buffers_deliver(&both, SLICE("token"), allocate),
                  REASON_NONE);

    ck_assert_mem_eq(&buffers[0], &before, sizeof(before));
    assert_octets("room", content(&buffers[0]),
                  support_repeat((char)FILLER, 8));
    assert_octets("token", content(&buffers[1]), SLICE("token"));
    if (allocate)
        memory_give(buffers[1].pvBuffer, 0);
}
END_TEST

enum { TOKEN_SIZE = 10, ROOM_MAX = 2 * TOKEN_SIZE };

START_TEST(token_is_delivered_whole_or_not_at_all)
{
    uint32_t size = (uint32_t)_i;
    SecBuffer buffer = room_of(SECBUFFER_TOKEN, size);
    SecBufferDesc desc = desc_of(&buffer, 1);
    struct slice token = support_repeat('t', TOKEN_SIZE);
    uint32_t used = size < TOKEN_SIZE ? 0 : TOKEN_SIZE;
    const uint8_t *room = buffer.pvBuffer;

    assert_reason("deliver", buffers_deliver(&desc, token, false),
                  size < TOKEN_SIZE ? REASON_BUFFER_TOO_SMALL : REASON_NONE);

    /* what was used, or what there is */
    ck_assert_uint_eq(buffer.cbBuffer, size < TOKEN_SIZE ? size : TOKEN_SIZE);
    ck_assert_ptr_eq(buffer.pvBuffer, room);
    assert_octets("used", slice_of(room, used), support_repeat('t', used));
    assert_octets("rest", slice_of(room + used, size - used),
                  support_repeat((char)FILLER, size - used));
}
END_TEST

START_TEST(small_buffer_can_be_used_again)
{
    SecBuffer buffer = room_of(SECBUFFER_TOKEN, 3);
    const SecBuffer before = buffer;
    SecBufferDesc desc = desc_of(&buffer, 1);

    for (int i = 0; i < 2; i++)
        assert_reason("too small",
                      buffers_deliver(&desc, SLICE("token"), false),
                      REASON_BUFFER_TOO_SMALL);
    ck_assert_mem_eq(&buffer, &before, sizeof(buffer));
    assert_reason("enough", buffers_deliver(&desc, SLICE("abc"), false),
                  REASON_NONE);

    assert_octets("token", content(&buffer), SLICE("abc"));
}
END_TEST

START_TEST(buffer_without_memory_is_too_small)
{
    SecBuffer buffer = { 100, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = desc_of(&buffer, 1);

    assert_reason("deliver", buffers_deliver(&desc, SLICE("token"), false),
                  REASON_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(buffer.cbBuffer, 100);
    ck_assert_ptr_null(buffer.pvBuffer);
}
END_TEST

START_TEST(no_token_needs_no_memory)
{
    SecBuffer buffer = { 100, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = desc_of(&buffer, 1);

    assert_reason("deliver", buffers_deliver(&desc, SLICE_NONE, false),
                  REASON_NONE);
    ck_assert_uint_eq(buffer.cbBuffer, 0);
}
END_TEST

START_TEST(no_token_empties_the_buffer)
{
    SecBuffer buffer = room_of(SECBUFFER_TOKEN, 8);
    SecBufferDesc desc = desc_of(&buffer, 1);

    assert_reason("deliver", buffers_deliver(&desc, SLICE(""), false),
                  REASON_NONE);

    ck_assert_uint_eq(buffer.cbBuffer, 0);
    assert_octets("room", slice_of(buffer.pvBuffer, 8),
                  support_repeat((char)FILLER, 8));
}
END_TEST

static const size_t sizes[] = { 1, 5, 4095, 4096, 100000 };

START_TEST(allocated_token_is_a_copy_of_our_own)
{
    struct slice token = support_repeat('t', sizes[_i]);
    SecBuffer buffer = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = desc_of(&buffer, 1);

    assert_reason("deliver", buffers_deliver(&desc, token, true), REASON_NONE);

    ck_assert_ptr_ne(buffer.pvBuffer, token.data);
    assert_octets("token", content(&buffer), token);
    ck_assert_int_eq(FreeContextBuffer(buffer.pvBuffer), SEC_E_OK);
}
END_TEST

START_TEST(allocating_leaves_the_callers_memory_alone)
{
    SecBuffer buffer = room_of(SECBUFFER_TOKEN, 8);
    SecBufferDesc desc = desc_of(&buffer, 1);
    const void *room = buffer.pvBuffer;

    assert_reason("deliver", buffers_deliver(&desc, SLICE("token"), true),
                  REASON_NONE);

    ck_assert_ptr_ne(buffer.pvBuffer, room);
    assert_octets("token", content(&buffer), SLICE("token"));
    assert_octets("room", slice_of(room, 8), support_repeat((char)FILLER, 8));
    memory_give(buffer.pvBuffer, 0);
}
END_TEST

START_TEST(no_token_allocates_nothing)
{
    SecBuffer buffer = room_of(SECBUFFER_TOKEN, 8);
    SecBufferDesc desc = desc_of(&buffer, 1);

    assert_reason("deliver", buffers_deliver(&desc, SLICE(""), true),
                  REASON_NONE);

    ck_assert_uint_eq(buffer.cbBuffer, 0);
    ck_assert_ptr_null(buffer.pvBuffer);
}
END_TEST

START_TEST(allocated_token_ends_with_a_nul)
{
    SecBuffer buffer = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = desc_of(&buffer, 1);

    assert_reason("deliver", buffers_deliver(&desc, SLICE("token"), true),
                  REASON_NONE);

    ck_assert_uint_eq(buffer.cbBuffer, 5);
    ck_assert_str_eq(buffer.pvBuffer, "token");
    (void)FreeContextBuffer(buffer.pvBuffer);
}
END_TEST

START_TEST(failed_allocation_leaves_nothing_to_free)
{
    SecBuffer buffer = room_of(SECBUFFER_TOKEN, 8);
    SecBufferDesc desc = desc_of(&buffer, 1);
    /* no memory is that large; the octets are never read */
    struct slice token = slice_of("t", SIZE_MAX - 1);

    assert_reason("deliver", buffers_deliver(&desc, token, true),
                  REASON_NO_MEMORY);

    ck_assert_uint_eq(buffer.cbBuffer, 0);
    ck_assert_ptr_null(buffer.pvBuffer);
}
END_TEST

static void
add_find_tests(TCase *find)
{
    tcase_add_loop_test(find, nothing_is_found_in_an_unusable_description, 0,
                        UNUSABLE);
    tcase_add_test(find, buffer_is_found_by_its_type);
    tcase_add_test(find, first_of_two_is_found);
    tcase_add_test(find, buffers_beyond_the_count_do_not_count);
    tcase_add_test(find, last_buffer_is_the_last_one_looked_at);
    tcase_add_loop_test(find, attributes_are_not_part_of_the_type, 0,
                        COUNT(type_cases));
    tcase_add_test(find, octets_are_read_where_they_are);
    tcase_add_test(find, empty_buffer_is_not_an_absent_one);
    tcase_add_test(find, size_without_memory_is_not_read);
}

Suite *
buffers_suite(void)
{
    Suite *suite = suite_create("buffers");
    TCase *deliver;

    add_find_tests(support_case(suite, "find"));
    deliver = support_case(suite, "deliver");
    tcase_add_loop_test(
        deliver, nothing_is_delivered_to_an_unusable_description, 0, UNUSABLE);
    tcase_add_test(deliver, token_goes_to_the_token_buffer);
    tcase_add_loop_test(deliver, readonly_buffer_gets_no_token, 0, 4);
    tcase_add_loop_test(deliver, token_is_delivered_whole_or_not_at_all, 0,
                        ROOM_MAX);
    tcase_add_test(deliver, small_buffer_can_be_used_again);
    tcase_add_test(deliver, buffer_without_memory_is_too_small);
    tcase_add_test(deliver, no_token_needs_no_memory);
    tcase_add_test(deliver, no_token_empties_the_buffer);
    tcase_add_loop_test(deliver, allocated_token_is_a_copy_of_our_own, 0,
                        COUNT(sizes));
    tcase_add_test(deliver, allocating_leaves_the_callers_memory_alone);
    tcase_add_test(deliver, no_token_allocates_nothing);
    tcase_add_test(deliver, allocated_token_ends_with_a_nul);
    tcase_add_test(deliver, failed_allocation_leaves_nothing_to_free);
    return suite;
}
