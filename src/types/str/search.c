/* Searching in characters of any width; bytes and bytearray search through here too.
 *
 * One byte per character goes to the C library's vectorised memchr and memmem. Wider kinds look for the needle's bytes
 * and drop matches that do not start on a character.
 */
#include "object/errors.h"
#include "types/str/str_layout.h"

#include <stdlib.h>

int64_t chars_find_char(Chars h, uint32_t c) {
    if (h.kind == 1) {
        if (c > 0xff || h.length == 0)
            return -1;
        const char *found = memchr(h.data, (int)c, h.length);
        return found ? found - (const char *)h.data : -1;
    }
    if (h.kind == 2) {
        const uint16_t *s = h.data;
        for (size_t i = 0; c <= 0xffff && i < h.length; i++)
            if (s[i] == c)
                return (int64_t)i;
        return -1;
    }
    const uint32_t *s = h.data;
    for (size_t i = 0; i < h.length; i++)
        if (s[i] == c)
            return (int64_t)i;
    return -1;
}

int64_t chars_rfind_char(Chars h, uint32_t c) {
    if (h.kind == 1) {
        if (c > 0xff || h.length == 0)
            return -1;
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
    if (needle->kind == h->kind)
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

static int64_t find_same_kind(const Chars *h, const Chars *needle) {
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

int64_t chars_find(Chars h, Chars needle) {
    if (needle.length == 0)
        return 0;
    if (needle.length > h.length)
        return -1;
    if (needle.length == 1)
        return chars_find_char(h, chars_get(&needle, 0));
    void *room;
    if (!widen(&h, &needle, &room))
        return -1;
    int64_t found = -1;
    if (needle.kind == h.kind) {
        found = find_same_kind(&h, &needle);
    } else {
        for (size_t i = 0; found < 0 && i + needle.length <= h.length; i++)
            if (match_at(&h, i, &needle))
                found = (int64_t)i;
    }
    free(room);
    return found;
}

int64_t chars_rfind(Chars h, Chars needle) {
    if (needle.length == 0)
        return (int64_t)h.length;
    if (needle.length > h.length)
        return -1;
    uint32_t first = chars_get(&needle, 0);
    void *room;
    if (!widen(&h, &needle, &room))
        return -1;
    int64_t found = -1;
    for (Chars rest = chars_part(h, 0, h.length - needle.length + 1); found < 0 && rest.length;) {
        int64_t i = chars_rfind_char(rest, first);
        if (i < 0)
            break;
        if (match_at(&h, (size_t)i, &needle))
            found = i;
        rest.length = (size_t)i;
    }
    free(room);
    return found;
}

size_t chars_count(Chars h, Chars needle, size_t limit) {
    if (needle.length == 0)
        return h.length < limit ? h.length + 1 : limit;
    size_t count = 0;
    while (count < limit) {
        int64_t i = chars_find(h, needle);
        if (i < 0)
            break;
        count++;
        h = chars_part(h, (size_t)i + needle.length, h.length);
    }
    return count;
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
