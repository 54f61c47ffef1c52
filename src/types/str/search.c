/* Searching in characters of any width; bytes and bytearray search through here too.
 *
 * A needle of several characters is looked for 16 bytes of haystack at a time: where its first and its last character
 * stand at the right distance, the rest is compared. Haystacks on which that finds too many false candidates are
 * left to the C library's memmem, which is linear. Single bytes are memchr's.
 */
#include "object/errors.h"
#include "types/str/str_layout.h"

#include <assert.h>
#include <stdlib.h>

typedef uint8_t Bytes16 __attribute__((vector_size(16)));
typedef uint16_t Shorts8 __attribute__((vector_size(16)));
typedef uint32_t Ints4 __attribute__((vector_size(16)));
typedef uint64_t Longs2 __attribute__((vector_size(16)));

/* All bits of the lanes of 16 bytes at `p` that are `c`. */
static inline Longs2 lanes_equal(const char *p, uint32_t c, int kind) {
    if (kind == 1) {
        Bytes16 v;
        memcpy(&v, p, 16);
        return (Longs2)(v == (uint8_t)c);
    }
    if (kind == 2) {
        Shorts8 v;
        memcpy(&v, p, 16);
        return (Longs2)(v == (uint16_t)c);
    }
    Ints4 v;
    memcpy(&v, p, 16);
    return (Longs2)(v == c);
}

static inline bool fits_kind(uint32_t c, int kind) { return kind == 4 || c >> (8 * kind) == 0; }

static inline int64_t find_wide_char(const char *s, size_t n, uint32_t c, int kind) {
    const size_t lanes = 16 / (size_t)kind;
    size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        Longs2 found = lanes_equal(s + i * (size_t)kind, c, kind);
        if (found[0])
            return (int64_t)(i + (size_t)__builtin_ctzll(found[0]) / 8 / (size_t)kind);
        if (found[1])
            return (int64_t)(i + (8 + (size_t)__builtin_ctzll(found[1]) / 8) / (size_t)kind);
    }
    for (; i < n; i++)
        if (str_char(s, kind, i) == c)
            return (int64_t)i;
    return -1;
}

int64_t chars_find_char(Chars h, uint32_t c) {
    if (!fits_kind(c, h.kind) || h.length == 0)
        return -1;
    if (h.kind == 1) {
        const char *found = memchr(h.data, (int)c, h.length);
        return found ? found - (const char *)h.data : -1;
    }
    return h.kind == 2 ? find_wide_char(h.data, h.length, c, 2) : find_wide_char(h.data, h.length, c, 4);
}

int64_t chars_rfind_char(Chars h, uint32_t c) {
    if (!fits_kind(c, h.kind) || h.length == 0)
        return -1;
    if (h.kind == 1) {
        const char *found = memrchr(h.data, (int)c, h.length);
        return found ? found - (const char *)h.data : -1;
    }
    for (size_t i = h.length; i-- > 0;)
        if (chars_get(&h, i) == c)
            return (int64_t)i;
    return -1;
}

/* The needle in the haystack's kind; *room is to be freed. A needle that needs a wider kind cannot be found. */
static bool widen(const Chars *h, Chars *needle, void **room) {
    *room = NULL;
    if (likely(needle->kind == h->kind))
        return true;
    if (chars_max(needle->data, needle->kind, needle->length) >> (8 * h->kind - 1) >> 1)
        return false;
    *room = malloc((needle->length + 1) * (size_t)h->kind);
    if (!*room)
        return true; /* the slow loops compare across kinds */
    chars_copy(*room, h->kind, needle->data, needle->kind, needle->length);
    *needle = (Chars){*room, needle->length, h->kind};
    return true;
}

static bool match_at(const Chars *h, size_t i, const Chars *needle) {
    return chars_equal(chars_part(*h, i, i + needle->length), *needle);
}

static int64_t find_linear(const Chars *h, const Chars *needle) {
    size_t width = (size_t)h->kind;
    const char *start = h->data, *end = start + h->length * width, *p = start;
    while (p < end) {
        const char *found = memmem(p, (size_t)(end - p), needle->data, needle->length * width);
        if (!found)
            return -1;
        if ((size_t)(found - start) % width == 0)
            return (found - start) / (ptrdiff_t)width;
        p = found + 1;
    }
    return -1;
}

/* needle's characters but the first and the last, which are known to match. */
static inline bool middle_matches(const char *at, const char *needle, size_t m, int kind) {
    size_t bytes = m <= 2 ? 0 : (m - 2) * (size_t)kind;
    if (bytes > 12)
        return memcmp(at + kind, needle + kind, bytes) == 0;
    for (size_t i = (size_t)kind; i < bytes + (size_t)kind; i++)
        if (at[i] != needle[i])
            return false;
    return true;
}

static inline int64_t find_kind(Chars h, Chars needle, int kind) {
    const char *s = h.data, *x = needle.data;
    const size_t m = needle.length, starts = h.length - m + 1, width = (size_t)kind, lanes = 16 / width;
    const uint32_t first = str_char(x, kind, 0), last = str_char(x, kind, m - 1);
    const uint64_t lane = kind == 1 ? 0xff : kind == 2 ? 0xffff : 0xffffffff;
    size_t i = 0, wasted = 0;
    for (; i + lanes <= starts; i += lanes) {
        const char *p = s + i * width;
        Longs2 both = lanes_equal(p, first, kind) & lanes_equal(p + (m - 1) * width, last, kind);
        if (likely((both[0] | both[1]) == 0))
            continue;
        for (int half = 0; half < 2; half++) {
            for (uint64_t bits = both[half]; bits;) {
                size_t byte = (size_t)__builtin_ctzll(bits) / 8;
                if (middle_matches(p + (size_t)half * 8 + byte, x, m, kind))
                    return (int64_t)(i + ((size_t)half * 8 + byte) / width);
                bits &= ~(lane << (byte * 8));
                wasted++;
            }
        }
        if (unlikely(wasted > 16 && wasted * 8 > i)) {
            h = chars_part(h, i, h.length);
            int64_t found = find_linear(&h, &needle);
            return found < 0 ? -1 : found + (int64_t)i;
        }
    }
    for (; i < starts; i++)
        if (str_char(s, kind, i) == first && str_char(s, kind, i + m - 1) == last && middle_matches(s + i * width, x, m, kind))
            return (int64_t)i;
    return -1;
}

/* 2 <= needle.length <= h.length, of one kind */
static int64_t find_same_kind(Chars h, Chars needle) {
    return h.kind == 1 ? find_kind(h, needle, 1) : h.kind == 2 ? find_kind(h, needle, 2) : find_kind(h, needle, 4);
}

int64_t chars_find(Chars h, Chars needle) {
    if (needle.length == 0)
        return 0;
    if (needle.length > h.length)
        return -1;
    if (needle.length == 1)
        return chars_find_char(h, chars_get(&needle, 0));
    if (likely(needle.kind == h.kind))
        return find_same_kind(h, needle);
    void *room;
    if (!widen(&h, &needle, &room))
        return -1;
    int64_t found = -1;
    if (needle.kind == h.kind) {
        found = find_same_kind(h, needle);
    } else {
        for (size_t i = 0; found < 0 && i + needle.length <= h.length; i++)
            if (match_at(&h, i, &needle))
                found = (int64_t)i;
    }
    free(room);
    return found;
}

/* As find_kind, from the end. False candidates are not counted: each costs a comparison that ends early. */
static inline int64_t rfind_kind(Chars h, Chars needle, int kind) {
    const char *s = h.data, *x = needle.data;
    const size_t m = needle.length, width = (size_t)kind, lanes = 16 / width;
    const uint32_t first = str_char(x, kind, 0), last = str_char(x, kind, m - 1);
    const uint64_t lane = kind == 1 ? 0xff : kind == 2 ? 0xffff : 0xffffffff;
    size_t i = h.length - m + 1; /* candidates left: [0, i) */
    for (; i >= lanes; i -= lanes) {
        const char *p = s + (i - lanes) * width;
        Longs2 both = lanes_equal(p, first, kind) & lanes_equal(p + (m - 1) * width, last, kind);
        if (likely((both[0] | both[1]) == 0))
            continue;
        for (int half = 1; half >= 0; half--) {
            for (uint64_t bits = both[half]; bits;) {
                size_t byte = (size_t)(63 - __builtin_clzll(bits)) / 8 / width * width;
                if (middle_matches(p + (size_t)half * 8 + byte, x, m, kind))
                    return (int64_t)(i - lanes + ((size_t)half * 8 + byte) / width);
                bits &= ~(lane << (byte * 8));
            }
        }
    }
    while (i-- > 0)
        if (str_char(s, kind, i) == first && str_char(s, kind, i + m - 1) == last && middle_matches(s + i * width, x, m, kind))
            return (int64_t)i;
    return -1;
}

int64_t chars_rfind(Chars h, Chars needle) {
    if (needle.length == 0)
        return (int64_t)h.length;
    if (needle.length > h.length)
        return -1;
    if (needle.length == 1)
        return chars_rfind_char(h, chars_get(&needle, 0));
    void *room;
    if (!widen(&h, &needle, &room))
        return -1;
    int64_t found = -1;
    if (needle.kind == h.kind) {
        found = h.kind == 1 ? rfind_kind(h, needle, 1) : h.kind == 2 ? rfind_kind(h, needle, 2) : rfind_kind(h, needle, 4);
    } else {
        for (size_t i = h.length - needle.length + 1; found < 0 && i-- > 0;)
            if (match_at(&h, i, &needle))
                found = (int64_t)i;
    }
    free(room);
    return found;
}

/* Loops that the compiler makes vectors of. */
static size_t count_char(Chars h, uint32_t c) {
    size_t count = 0;
    if (!fits_kind(c, h.kind))
        return 0;
    if (h.kind == 1) {
        const uint8_t *s = h.data, byte = (uint8_t)c;
        for (size_t i = 0; i < h.length;) {
            size_t end = h.length - i > 240 ? i + 240 : h.length;
            uint8_t some = 0; /* cannot overflow */
            for (; i < end; i++)
                some += s[i] == byte;
            count += some;
        }
    } else if (h.kind == 2) {
        const uint16_t *s = h.data;
        for (size_t i = 0; i < h.length; i++)
            count += s[i] == c;
    } else {
        const uint32_t *s = h.data;
        for (size_t i = 0; i < h.length; i++)
            count += s[i] == c;
    }
    return count;
}

/* Places of the needle from `from` on that do not overlap; at most `most`. Short distances are what this is for: it looks at every
 * 16 bytes once, whatever it finds there. */
[[gnu::always_inline]] static inline size_t find_all_kind(Chars h, size_t from, Chars needle, size_t most, size_t *at, int kind,
                                                           bool single) {
    const char *s = h.data, *x = needle.data;
    const size_t m = single ? 1 : needle.length, width = (size_t)kind, lanes = 16 / width;
    if (h.length < m)
        return 0;
    const uint32_t first = str_char(x, kind, 0), last = str_char(x, kind, m - 1);
    const uint64_t lane = kind == 1 ? 0xff : kind == 2 ? 0xffff : 0xffffffff;
    size_t starts = h.length - m + 1, i = from, next = from, count = 0, wasted = 0, quiet = 0;
    for (; i + lanes <= starts; i += lanes) {
        const char *p = s + i * width;
        Longs2 both = lanes_equal(p, first, kind);
        if (!single)
            both &= lanes_equal(p + (m - 1) * width, last, kind);
        if ((both[0] | both[1]) == 0) {
            if (kind != 1 || !single || ++quiet < 4)
                continue;
            const char *found = memchr(p + lanes, (int)first, starts - i - lanes);
            if (!found)
                return count;
            i = (size_t)(found - s) - lanes;
            continue;
        }
        quiet = 0;
        for (int half = 0; half < 2; half++) {
            for (uint64_t bits = both[half]; bits;) {
                size_t byte = (size_t)__builtin_ctzll(bits) / 8, place = i + ((size_t)half * 8 + byte) / width;
                bits &= ~(lane << (byte * 8));
                if (place < next)
                    continue;
                if (m > 2 && !middle_matches(s + place * width, x, m, kind)) {
                    wasted++;
                    continue;
                }
                at[count++] = place;
                next = place + m;
                if (count == most)
                    return count;
            }
        }
        if (unlikely(wasted > 16 && wasted * 8 > i - from)) {
            for (i = next > i + lanes ? next : i + lanes; count < most && i < starts; i = at[count++] + m) {
                Chars rest = chars_part(h, i, h.length);
                int64_t found = find_linear(&rest, &needle);
                if (found < 0)
                    break;
                at[count] = i + (size_t)found;
            }
            return count;
        }
    }
    for (i = i > next ? i : next; i < starts && count < most;) {
        if (str_char(s, kind, i) == first && str_char(s, kind, i + m - 1) == last && middle_matches(s + i * width, x, m, kind)) {
            at[count++] = i;
            i += m;
        } else {
            i++;
        }
    }
    return count;
}

size_t chars_find_all(Chars h, size_t from, Chars needle, size_t most, size_t *at) {
    assert(needle.kind == h.kind && needle.length > 0);
    if (most == 0)
        return 0;
#define FIND_ALL(kind)                                                                                                       \
    (needle.length == 1 ? find_all_kind(h, from, needle, most, at, kind, true) : find_all_kind(h, from, needle, most, at, kind, false))
    return h.kind == 1 ? FIND_ALL(1) : h.kind == 2 ? FIND_ALL(2) : FIND_ALL(4);
#undef FIND_ALL
}

static size_t count_same_kind(Chars h, Chars needle, size_t limit) {
    size_t at[CHARS_FOUND_AT_ONCE], count = 0, from = 0, found, most;
    do {
        most = limit - count < CHARS_FOUND_AT_ONCE ? limit - count : CHARS_FOUND_AT_ONCE;
        found = chars_find_all(h, from, needle, most, at);
        count += found;
        from = found ? at[found - 1] + needle.length : from;
    } while (found && found == most && count < limit);
    return count;
}

size_t chars_count(Chars h, Chars needle, size_t limit) {
    if (needle.length == 0)
        return h.length < limit ? h.length + 1 : limit;
    if (needle.length == 1 && limit >= h.length)
        return count_char(h, chars_get(&needle, 0));
    void *room;
    if (needle.length > h.length || !widen(&h, &needle, &room))
        return 0;
    size_t count = 0;
    if (likely(needle.kind == h.kind))
        count = count_same_kind(h, needle, limit);
    else
        for (int64_t i; count < limit && (i = chars_find(h, needle)) >= 0; count++)
            h = chars_part(h, (size_t)i + needle.length, h.length);
    free(room);
    return count;
}

/* Where one character of so many goes, testing each is cheaper than looking for the next. */
enum { DENSE = 12 };

static void replace_char_same_size(uint8_t *to, Chars c, uint8_t old, uint8_t new) {
    const uint8_t *s = c.data;
    for (size_t i = 0; i < c.length; i++)
        to[i] = s[i] == old ? new : s[i];
}

void chars_replace(char *to, int kind, Chars c, Chars old, Chars new, size_t count, bool all) {
    if (all && kind == 1 && old.length == 1 && new.length == 1 && c.kind == 1 && old.kind == 1) {
        replace_char_same_size((uint8_t *)to, c, *(const uint8_t *)old.data, *(const uint8_t *)new.data);
        return;
    }
    if (all && kind == 1 && old.length == 1 && new.length == 0 && c.kind == 1 && old.kind == 1 && count > c.length / DENSE) {
        const uint8_t *s = c.data, x = *(const uint8_t *)old.data;
        char *end = to + (c.length - count);
        for (size_t i = 0; to < end; i++) {
            *to = (char)s[i];
            to += s[i] != x;
        }
        return;
    }
    size_t at[CHARS_FOUND_AT_ONCE], done = 0;
    while (old.length && old.kind == c.kind && count > 0) {
        size_t found = chars_find_all(c, done, old, count < CHARS_FOUND_AT_ONCE ? count : CHARS_FOUND_AT_ONCE, at);
        assert(found > 0);
        for (size_t i = 0; i < found; i++) {
            to = chars_write(to, kind, chars_part(c, done, at[i]));
            to = chars_write(to, kind, new);
            done = at[i] + old.length;
        }
        count -= found;
    }
    c = chars_part(c, done, c.length);
    for (size_t i = 0; i < count; i++) {
        int64_t skip = old.length ? chars_find(c, old) : i > 0;
        assert(skip >= 0);
        to = chars_write(to, kind, chars_part(c, 0, (size_t)skip));
        to = chars_write(to, kind, new);
        c = chars_part(c, (size_t)skip + old.length, c.length);
    }
    chars_copy(to, kind, c.data, c.kind, c.length);
}

int64_t str_find(Thread *t, Value haystack, Value needle, size_t start, size_t end) {
    Chars h, n;
    if (!chars_of(t, haystack, &h) || !chars_of(t, needle, &n))
        return -1;
    if (end > h.length)
        end = h.length;
    if (start > end)
        return -1;
    int64_t i = chars_find(chars_part(h, start, end), n);
    return i < 0 ? -1 : i + (int64_t)start;
}
