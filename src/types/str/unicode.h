/* Properties of characters that str's methods, identifiers and regular expressions need.
 * The tables come from tools/generate/unicode_data.c.py. Constant; any thread.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    UNICODE_ALPHA = 1 << 0,
    UNICODE_DECIMAL = 1 << 1,
    UNICODE_DIGIT = 1 << 2,
    UNICODE_NUMERIC = 1 << 3,
    UNICODE_LOWER = 1 << 4,
    UNICODE_UPPER = 1 << 5,
    UNICODE_TITLE = 1 << 6,
    UNICODE_SPACE = 1 << 7,
    UNICODE_LINE_BREAK = 1 << 8,
    UNICODE_PRINTABLE = 1 << 9,
    UNICODE_ID_START = 1 << 10,
    UNICODE_ID_CONTINUE = 1 << 11,
    UNICODE_CASE_IGNORABLE = 1 << 12,
    UNICODE_CASED = UNICODE_LOWER | UNICODE_UPPER | UNICODE_TITLE,
    UNICODE_ALNUM = UNICODE_ALPHA | UNICODE_DECIMAL | UNICODE_DIGIT | UNICODE_NUMERIC,
};

/* A mapping: added to the character, or, beyond +-0x200000, MAPPING_BASE plus an index into unicode_expansions,
 * where the number of characters stands first. */
enum { UNICODE_MAPPING_BASE = 0x400000 };
typedef struct UnicodeRecord {
    uint16_t flags;
    int8_t decimal, digit; /* -1: none */
    int32_t lower, upper, title, fold, simple_lower;
} UnicodeRecord;

enum { UNICODE_PAGE_BITS = 7 };
extern const UnicodeRecord unicode_records[];
extern const uint16_t unicode_pages[];
extern const uint16_t unicode_page_records[];
extern const uint32_t unicode_expansions[];
extern const uint16_t unicode_latin1_flags[256]; /* the flags again, of those that are asked for most */

static inline const UnicodeRecord *unicode_record(uint32_t c) {
    if (c > 0x10ffff)
        return &unicode_records[0];
    uint32_t page = unicode_pages[c >> UNICODE_PAGE_BITS];
    return &unicode_records[unicode_page_records[(page << UNICODE_PAGE_BITS) + (c & ((1 << UNICODE_PAGE_BITS) - 1))]];
}
static inline unsigned unicode_flags(uint32_t c) { return c < 256 ? unicode_latin1_flags[c] : unicode_record(c)->flags; }
static inline bool unicode_is(uint32_t c, unsigned flags) { return (unicode_flags(c) & flags) != 0; }
static inline bool unicode_is_space(uint32_t c) { return unicode_is(c, UNICODE_SPACE); }
static inline bool unicode_is_line_break(uint32_t c) {
    return c < 0x80 ? (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) : unicode_is(c, UNICODE_LINE_BREAK);
}
static inline int unicode_decimal(uint32_t c) { return unicode_record(c)->decimal; } /* -1: not a decimal digit */
static inline int unicode_digit(uint32_t c) { return unicode_record(c)->digit; }

/* The mapping's one to three characters; returns how many. */
static inline int unicode_map(uint32_t c, int32_t mapping, uint32_t out[3]) {
    if (mapping < UNICODE_MAPPING_BASE) {
        out[0] = (uint32_t)((int32_t)c + mapping);
        return 1;
    }
    const uint32_t *e = &unicode_expansions[mapping - UNICODE_MAPPING_BASE];
    for (uint32_t i = 0; i < e[0]; i++) out[i] = e[1 + i];
    return (int)e[0];
}
static inline int unicode_lower(uint32_t c, uint32_t out[3]) { return unicode_map(c, unicode_record(c)->lower, out); }
static inline int unicode_upper(uint32_t c, uint32_t out[3]) { return unicode_map(c, unicode_record(c)->upper, out); }
static inline int unicode_title(uint32_t c, uint32_t out[3]) { return unicode_map(c, unicode_record(c)->title, out); }
static inline int unicode_fold(uint32_t c, uint32_t out[3]) { return unicode_map(c, unicode_record(c)->fold, out); }
/* The one-character lower case that regular expressions compare by. */
static inline uint32_t unicode_simple_lower(uint32_t c) { return (uint32_t)((int32_t)c + unicode_record(c)->simple_lower); }
