/* The inside of str: how characters are reached, copied and measured. For types/str/ and close relatives only.
 *
 * Three layouts, told apart by flags in length_flags:
 *   none          exactly str, characters inline behind the struct
 *   STR_EXTERNAL  an instance of a subclass, or written behind a str that grows (append_in_place): characters in a
 *                 StrStorage cell, which `data` points into
 *   STR_EXTERNAL | STR_ROPE   inline_start[0] and [1] are the halves until `data` is published; then they are
 *                 cleared, so a reader that finds a half missing finds `data` set
 */
#pragma once
#include "base/utf8.h"
#include "types/str/str.h"

enum { STR_ROPE = 16, STR_EXTERNAL = 32, STR_LENGTH_SHIFT = 8 };

/* Characters outside of their str. Several strings may start in one storage: when the str that ends at `used` is
 * extended, the longer one takes up where it ends. The zero behind the shorter one is lost then. */
typedef struct StrStorage {
    Object object;
    size_t used, capacity; /* characters; used grows by compare-exchange */
    char chars[];
} StrStorage;

/* Makes sure that a zero follows the characters for good; false: it is too late for that. */
bool str_seal(Value v);

/* The characters of a str, flat. data keeps the str's memory alive as long as it is in a local. Two words, which are passed
 * in registers: through memory, a copy of what was just written word by word waits for the writes to reach the cache. */
typedef struct Chars {
    const void *data;
    size_t length : 61;
    size_t kind : 3;
} Chars;
static_assert(sizeof(Chars) == 16);

[[nodiscard]] static inline bool chars_of(Thread *t, Value v, Chars *out) { /* false: MemoryError */
    out->data = str_data(t, v);
    out->length = str_length(v);
    out->kind = (size_t)str_kind(v);
    return out->data != NULL;
}
static inline uint32_t chars_get(const Chars *c, size_t i) { return str_char(c->data, c->kind, i); }
static inline const void *chars_at(const Chars *c, size_t i) { return (const char *)c->data + i * (size_t)c->kind; }
static inline void char_put(void *data, int kind, size_t i, uint32_t c) {
    if (kind == 1)
        ((uint8_t *)data)[i] = (uint8_t)c;
    else if (kind == 2)
        ((uint16_t *)data)[i] = (uint16_t)c;
    else
        ((uint32_t *)data)[i] = c;
}
static inline int kind_for(uint32_t max_char) { return max_char < 0x100 ? 1 : max_char < 0x10000 ? 2 : 4; }
static inline uint64_t str_flags_for(uint32_t max_char) {
    return (uint64_t)kind_for(max_char) | (max_char < 0x80 ? STR_ASCII : 0);
}
/* 0x7f, 0xff, 0xffff or 0x10ffff */
static inline uint32_t str_max_char(Value v) {
    return str_is_ascii(v) ? 0x7f : str_kind(v) == 1 ? 0xff : str_kind(v) == 2 ? 0xffff : 0x10ffff;
}
uint32_t chars_max(const void *data, int kind, size_t length); /* the same for any characters, by looking */

/* Copies characters to a kind that holds them all. */
void chars_copy(void *to, int to_kind, const void *from, int from_kind, size_t length);
void chars_fill(void *to, int kind, uint32_t c, size_t length);

/* memcpy where most pieces are short. */
static inline char *copy_bytes(char *to, const void *from, size_t n) {
    const char *s = from;
    if (n > 32)
        return memcpy(to, from, n), to + n;
    if (n >= 16) {
        memcpy(to, s, 16);
        memcpy(to + n - 16, s + n - 16, 16);
    } else if (n >= 8) {
        memcpy(to, s, 8);
        memcpy(to + n - 8, s + n - 8, 8);
    } else if (n >= 4) {
        memcpy(to, s, 4);
        memcpy(to + n - 4, s + n - 4, 4);
    } else {
        for (size_t i = 0; i < n; i++)
            to[i] = s[i];
    }
    return to + n;
}
/* memcmp for equality, where most texts are short. */
static inline bool bytes_same(const void *a, const void *b, size_t n) {
    const char *x = a, *y = b;
    uint64_t p, q, r, s;
    if (n > 16)
        return memcmp(a, b, n) == 0;
    if (n >= 8) { /* two words that may overlap */
        memcpy(&p, x, 8), memcpy(&q, y, 8);
        memcpy(&r, x + n - 8, 8), memcpy(&s, y + n - 8, 8);
        return p == q && r == s;
    }
    for (size_t i = 0; i < n; i++)
        if (x[i] != y[i])
            return false;
    return true;
}

/* The same with chars_copy, by bytes where the kinds agree; returns the end. */
static inline char *chars_write(char *to, int kind, Chars c) {
    if (likely(kind == c.kind))
        return copy_bytes(to, c.data, c.length * (size_t)kind);
    chars_copy(to, kind, c.data, c.kind, c.length);
    return to + c.length * (size_t)kind;
}

/* Search in flat characters, all offsets in characters, -1: not found. An empty needle is found at once. */
int64_t chars_find(Chars haystack, Chars needle);
int64_t chars_rfind(Chars haystack, Chars needle);
size_t chars_count(Chars haystack, Chars needle, size_t limit);
/* Writes to `at` where a needle of the haystack's kind stands, from `from` on and without overlap, at most `most` times, and
 * returns how often. Fewer than `most`: there are no more. */
size_t chars_find_all(Chars haystack, size_t from, Chars needle, size_t most, size_t *at);
enum { CHARS_FOUND_AT_ONCE = 32 }; /* a good number for `most` */
int64_t chars_find_char(Chars haystack, uint32_t c);
int64_t chars_rfind_char(Chars haystack, uint32_t c);
/* Writes c with `count` occurrences of `old`, which are there, replaced; all: these are all. */
void chars_replace(char *to, int kind, Chars c, Chars old, Chars new, size_t count, bool all);
bool chars_equal(Chars a, Chars b);
static inline Chars chars_part(Chars c, size_t start, size_t end) {
    return (Chars){chars_at(&c, start), end - start, c.kind};
}

/* Room for `count` more characters up to max_char at the builder's end; add to b->length what was used. */
[[nodiscard]] void *str_builder_reserve(Thread *t, StrBuilder *b, size_t count, uint32_t max_char);
[[nodiscard]] bool str_builder_add_chars(Thread *t, StrBuilder *b, Chars chars);
[[nodiscard]] bool str_builder_add_ascii(Thread *t, StrBuilder *b, const char *text, size_t length);
[[nodiscard]] bool str_builder_fill(Thread *t, StrBuilder *b, uint32_t c, size_t count);

Value str_from_scanned(Thread *t, const char *text, size_t length, const Utf8Scan *scan); /* from UTF-8 that is all valid */
Value str_from_part(Thread *t, Chars c); /* a new str of these characters, narrowed */
/* v itself if it is exactly str, else an exact copy. */
Value str_exact(Thread *t, Value v);
/* An instance of a subclass with the characters of v. */
Value str_subclass_new(Thread *t, Type *type, Value v);

void str_trace(Tracer *tracer, Object *o);

/* A start or end argument clamped as slices are: absent and None leave *out alone. */
[[nodiscard]] bool slice_bound(Thread *t, Value v, int64_t length, int64_t *out);
/* Both, for searches: a start past the end stays there, so that not even the empty text is found. */
[[nodiscard]] bool search_bounds_given(Thread *t, Value start, Value end, int64_t length, int64_t *start_out, int64_t *end_out);
[[nodiscard]] static inline bool search_bounds(Thread *t, Value start, Value end, int64_t length, int64_t *start_out,
                                               int64_t *end_out) {
    *start_out = 0;
    *end_out = length;
    return (is_none(start) && is_none(end)) || search_bounds_given(t, start, end, length, start_out, end_out);
}
