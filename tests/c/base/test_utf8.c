// Validation, both directions and CPython's error extents.

#include "base/utf8.h"

#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

static const uint8_t *bytes(const char *s) {
    return (const uint8_t *)s;
}

static void test_every_character(void) {
    for (uint32_t c = 0; c < 0x110000; c++) {
        uint8_t text[4];
        size_t size = (size_t)(utf8_put(text, c) - text);
        Utf8Scan scan = utf8_scan(text, size);
        if (c >= 0xd800 && c < 0xe000) {
            assert(scan.valid == 0);
            assert(utf8_error(text, size).size == 1);
            continue;
        }
        assert(scan.valid == size && scan.length == 1);
        assert(scan.max == (c < 0x80 ? 0x7fu : c < 0x100 ? 0xffu : c < 0x10000 ? 0xffffu : 0x10ffffu));
        uint32_t wide;
        utf8_decode_4(&wide, text, size);
        assert(wide == c);
        for (size_t cut = 1; cut < size; cut++) {
            Utf8Error e = utf8_error(text, cut);
            assert(e.incomplete && e.size == cut && strcmp(e.reason, "unexpected end of data") == 0);
        }
    }
}

static void test_errors(void) {
    static const struct {
        const char *text;
        size_t size, error_size;
        const char *reason;
    } cases[] = {
        {"\x80", 1, 1, "invalid start byte"},
        {"\xc0\x80", 2, 1, "invalid start byte"},
        {"\xf5\x80\x80\x80", 4, 1, "invalid start byte"},
        {"\xc3(", 2, 1, "invalid continuation byte"},
        {"\xe0\x9f\xbf", 3, 1, "invalid continuation byte"},
        {"\xed\xa0\x80", 3, 1, "invalid continuation byte"},
        {"\xe2\x82(", 3, 2, "invalid continuation byte"},
        {"\xf0\x8f\x80\x80", 4, 1, "invalid continuation byte"},
        {"\xf4\x90\x80\x80", 4, 1, "invalid continuation byte"},
        {"\xf0\x90\x80(", 4, 3, "invalid continuation byte"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert(utf8_scan(bytes(cases[i].text), cases[i].size).valid == 0);
        Utf8Error e = utf8_error(bytes(cases[i].text), cases[i].size);
        assert(e.size == cases[i].error_size && !e.incomplete && strcmp(e.reason, cases[i].reason) == 0);
    }
}

// Text with one character c at each place of runs of ASCII, so that every vector boundary is crossed.
static void test_boundaries(uint32_t c) {
    for (size_t length = 1; length < 70; length++) {
        for (size_t at = 0; at < length; at++) {
            uint32_t text[70], back4[70];
            uint16_t text2[70], back2[70];
            uint8_t text1[70], back1[70], encoded[80], again[80];
            for (size_t i = 0; i < length; i++) text[i] = i == at ? c : 'a' + (uint32_t)i % 26;
            size_t size = (size_t)(utf8_encode_4(encoded, text, length) - encoded), end;
            assert(utf8_size_4(text, length, &end) == size && end == length);
            Utf8Scan scan = utf8_scan(encoded, size);
            assert(scan.valid == size && scan.length == length);
            assert(ascii_prefix(encoded, size) == (c < 0x80 ? size : at));
            assert(max_char_4(text, length) == scan.max);
            utf8_decode_4(back4, encoded, size);
            assert(memcmp(text, back4, 4 * length) == 0);
            if (c >= 0x10000) continue;
            for (size_t i = 0; i < length; i++) text2[i] = (uint16_t)text[i];
            utf8_decode_2(back2, encoded, size);
            assert(memcmp(text2, back2, 2 * length) == 0);
            assert(utf8_encode_2(again, text2, length) == again + size && memcmp(again, encoded, size) == 0);
            assert(utf8_size_2(text2, length, &end) == size && max_char_2(text2, length) == scan.max);
            if (c >= 0x100) continue;
            for (size_t i = 0; i < length; i++) text1[i] = (uint8_t)text[i];
            utf8_decode_1(back1, encoded, size);
            assert(memcmp(text1, back1, length) == 0);
            assert(utf8_encode_1(again, text1, length) == again + size && memcmp(again, encoded, size) == 0);
            assert(utf8_size_1(text1, length) == size && max_char_1(text1, length) == scan.max);
        }
    }
}

static void test_surrogates_stop_encoding(void) {
    uint16_t text[] = {'a', 0xe9, 0xdc80, 'b'};
    size_t end;
    assert(utf8_size_2(text, 4, &end) == 3 && end == 2);
}

int main(void) {
    test_every_character();
    test_errors();
    test_boundaries('z');
    test_boundaries(0xe9);
    test_boundaries(0x4e2d);
    test_boundaries(0x1f600);
    test_surrogates_stop_encoding();
    puts("utf8: passed");
}
