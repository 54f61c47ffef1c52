// UTF-8: validation, decoding into 1, 2 or 4 bytes per character, and encoding.
//
// Decoding has two steps, so that the target can be allocated at its exact size: utf8_scan() validates and
// measures, utf8_decode_N() then copies what the scan accepted without checking it again.
// Surrogates (U+D800..U+DFFF) are never valid UTF-8, in either direction.
//
// Threading: pure functions over the caller's memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The number of leading bytes below 0x80; size if all are.
size_t ascii_prefix(const uint8_t *s, size_t size);

// The largest value that the characters need, rounded up to 0x7f, 0xff, 0xffff or 0x10ffff.
uint32_t max_char_1(const uint8_t *s, size_t size);
uint32_t max_char_2(const uint16_t *s, size_t size);
uint32_t max_char_4(const uint32_t *s, size_t size);

typedef struct Utf8Scan {
    size_t valid;     // leading bytes that are valid UTF-8
    size_t length;    // characters in them
    uint32_t max;     // 0x7f, 0xff, 0xffff or 0x10ffff
} Utf8Scan;

Utf8Scan utf8_scan(const uint8_t *s, size_t size);

// What is wrong where a scan stopped. size is the number of bytes to report and to replace; it is as
// Unicode's "maximal subpart" rule and CPython have it. incomplete: only more input could tell.
typedef struct Utf8Error {
    size_t size;
    const char *reason;
    bool incomplete;
} Utf8Error;

Utf8Error utf8_error(const uint8_t *s, size_t size);

// Decode size bytes that utf8_scan() found valid and to fit the target's width.
void utf8_decode_1(uint8_t *to, const uint8_t *s, size_t size);
void utf8_decode_2(uint16_t *to, const uint8_t *s, size_t size);
void utf8_decode_4(uint32_t *to, const uint8_t *s, size_t size);

// The UTF-8 size of the text before its first surrogate; *end is that surrogate's index, or length.
size_t utf8_size_1(const uint8_t *s, size_t length);
size_t utf8_size_2(const uint16_t *s, size_t length, size_t *end);
size_t utf8_size_4(const uint32_t *s, size_t length, size_t *end);

// Encode characters among which there is no surrogate; return the end of what was written.
uint8_t *utf8_encode_1(uint8_t *to, const uint8_t *s, size_t length);
uint8_t *utf8_encode_2(uint8_t *to, const uint16_t *s, size_t length);
uint8_t *utf8_encode_4(uint8_t *to, const uint32_t *s, size_t length);

// Encode one character, surrogates included; return the end of what was written (1 to 4 bytes).
uint8_t *utf8_put(uint8_t *to, uint32_t c);
