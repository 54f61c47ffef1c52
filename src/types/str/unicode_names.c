/* From character to name and back; see unicode_names.h. */
#include "types/str/unicode_names.h"

#include "types/str/codecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HANGUL_FIRST = 0xac00,
    HANGUL_COUNT = 11172,
    VOWELS = 21,
    TRAILS = 28, /* the first of them is none */
    LONGEST_NAME = 256,
    NO_CHARACTER = 0x110000,
};
static const char *const leads[] = {"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"};
static const char *const vowels[] = {"A",  "AE", "YA", "YAE", "EO", "E",  "YEO", "YE", "O",  "WA", "WAE",
                                     "OE", "YO", "U",  "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static const char *const trails[] = {"",  "G",  "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT",
                                     "LP", "LH", "M",  "B",  "BS", "S", "SS", "NG", "J", "C",  "K",  "T",  "P",  "H"};
static const char hangul_prefix[] = "HANGUL SYLLABLE ";

static size_t table_name(uint32_t c, char *out, size_t capacity) {
    uint32_t low = 0, high = unicode_name_run_count;
    while (low < high) { /* the last run that starts at or before c */
        uint32_t middle = (low + high) / 2;
        if (unicode_name_runs[middle].code <= c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || c - unicode_name_runs[low - 1].code >= unicode_name_runs[low - 1].count)
        return 0;
    uint32_t index = unicode_name_runs[low - 1].first + c - unicode_name_runs[low - 1].code;
    size_t n = 0;
    for (uint32_t i = unicode_name_ends[index]; i < unicode_name_ends[index + 1]; i++) {
        uint32_t word = unicode_name_words[i], start = unicode_word_starts[word];
        size_t size = unicode_word_starts[word + 1] - start;
        if (n + size + 2 > capacity)
            return 0;
        if (n)
            out[n++] = ' ';
        memcpy(out + n, unicode_words + start, size);
        n += size;
    }
    out[n] = 0;
    return n;
}

size_t unicode_name_of(uint32_t c, char *out, size_t capacity) {
    if (c - HANGUL_FIRST < HANGUL_COUNT) {
        uint32_t i = c - HANGUL_FIRST;
        return (size_t)snprintf(out, capacity, "%s%s%s%s", hangul_prefix, leads[i / (VOWELS * TRAILS)],
                                vowels[i / TRAILS % VOWELS], trails[i % TRAILS]);
    }
    for (uint32_t i = 0; i < unicode_prefix_count; i++)
        if (c >= unicode_prefixes[i].start && c < unicode_prefixes[i].end && !unicode_prefixes[i].lookup_only)
            return (size_t)snprintf(out, capacity, "%s%04X", unicode_prefixes[i].prefix, c);
    return table_name(c, out, capacity);
}

/* The longest of `parts` that s starts with: its index, and s moved behind it. */
static int longest_part(const char **s, const char *const *parts, int count) {
    int best = -1;
    size_t best_size = 0;
    for (int i = 0; i < count; i++) {
        size_t size = strlen(parts[i]);
        if (strncmp(*s, parts[i], size) == 0 && (best < 0 || size > best_size)) {
            best = i;
            best_size = size;
        }
    }
    *s += best_size;
    return best;
}

static uint32_t hangul_code(const char *s) {
    int lead = longest_part(&s, leads, 19), vowel = longest_part(&s, vowels, VOWELS);
    int trail = longest_part(&s, trails, TRAILS);
    if (lead < 0 || vowel < 0 || trail < 0 || *s)
        return NO_CHARACTER;
    return HANGUL_FIRST + (uint32_t)((lead * VOWELS + vowel) * TRAILS + trail);
}

static int compare_alias(const void *key, const void *entry) { return strcmp(key, ((const UnicodeAlias *)entry)->name); }

/* The name in upper case, zero-terminated; false when it is too long to be one. */
static bool upper_name(const char *name, size_t length, char out[LONGEST_NAME + 1]) {
    if (length > LONGEST_NAME || memchr(name, 0, length))
        return false;
    for (size_t i = 0; i < length; i++) out[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    out[length] = 0;
    return true;
}

const UnicodeAlias *unicode_alias_find(const char *name, size_t length) {
    char upper[LONGEST_NAME + 1];
    if (!upper_name(name, length, upper))
        return NULL;
    return bsearch(upper, unicode_aliases, unicode_alias_count, sizeof *unicode_aliases, compare_alias);
}

static uint32_t prefixed_code(const char *name, size_t length) {
    for (uint32_t i = 0; i < unicode_prefix_count; i++) {
        const UnicodePrefix *p = &unicode_prefixes[i];
        size_t size = strlen(p->prefix);
        if (strncmp(name, p->prefix, size) != 0 || (length - size != 4 && length - size != 5))
            continue;
        uint32_t c = 0;
        size_t k = size;
        for (; k < length; k++) {
            char ch = name[k];
            if (!(ch >= '0' && ch <= '9') && !(ch >= 'A' && ch <= 'F'))
                break;
            c = c << 4 | (uint32_t)(ch <= '9' ? ch - '0' : ch - 'A' + 10);
        }
        if (k == length && c >= p->start && c < p->end && (length - size == 4) == (c < 0x10000))
            return c;
    }
    return NO_CHARACTER;
}

uint32_t unicode_code_from_name(const char *name, size_t length) {
    char upper[LONGEST_NAME + 1], found[LONGEST_NAME + 1];
    if (!upper_name(name, length, upper))
        return NO_CHARACTER;
    if (strncmp(upper, hangul_prefix, sizeof hangul_prefix - 1) == 0)
        return hangul_code(upper + sizeof hangul_prefix - 1);
    uint32_t c = prefixed_code(upper, length);
    if (c != NO_CHARACTER)
        return c;
    for (uint32_t i = unicode_name_hash_of(upper, length) & unicode_name_hash_mask; unicode_name_hash[i];
         i = (i + 1) & unicode_name_hash_mask)
        if (table_name(unicode_name_hash[i] - 1, found, sizeof found) == length && memcmp(found, upper, length) == 0)
            return unicode_name_hash[i] - 1;
    const UnicodeAlias *alias = unicode_alias_find(name, length);
    return alias && !alias->codes[1] ? alias->codes[0] : NO_CHARACTER;
}
