/* Categories, sets and case of characters in patterns. Pure functions. */
#include "modules/sre/characters.h"

#include "types/str/unicode.h"

#include <ctype.h>
#include <string.h>

static bool ascii_digit(uint32_t c) { return c - '0' < 10; }
static bool ascii_space(uint32_t c) { return c == ' ' || c - 9 < 5; }
static bool ascii_word(uint32_t c) { return ascii_digit(c) || (c | 32) - 'a' < 26 || c == '_'; }
static bool locale_word(uint32_t c) { return c < 256 && (isalnum((int)c) || c == '_'); }
static bool unicode_word(uint32_t c) { return c < 128 ? ascii_word(c) : unicode_is(c, UNICODE_ALNUM); }

bool sre_category(uint32_t category, uint32_t c) {
    bool is;
    switch (category / 2) {
    case 0: is = ascii_digit(c); break;
    case 1: is = ascii_space(c); break;
    case 2: is = ascii_word(c); break;
    case 3: is = c == '\n'; break;
    case 4: is = locale_word(c); break;
    case 5: is = unicode_decimal(c) >= 0; break;
    case 6: is = unicode_is_space(c); break;
    case 7: is = unicode_word(c); break;
    default: is = unicode_is_line_break(c); break;
    }
    return is != (category & 1);
}

bool sre_category_is_locale(uint32_t category) { return category / 2 == 4; }
bool sre_category_beyond(uint32_t category) { return category / 2 >= 5 || category & 1; }

bool sre_is_word(uint32_t at, uint32_t c) {
    return at >= SRE_AT_UNI_BOUNDARY ? unicode_word(c) : at >= SRE_AT_LOC_BOUNDARY ? locale_word(c) : ascii_word(c);
}

uint32_t sre_lower_ascii(uint32_t c) { return c - 'A' < 26 ? c + 32 : c; }
uint32_t sre_lower_locale(uint32_t c) { return c < 256 ? (uint32_t)tolower((int)c) : c; }
uint32_t sre_lower_unicode(uint32_t c) { return c < 128 ? sre_lower_ascii(c) : unicode_simple_lower(c); }
static uint32_t upper_locale(uint32_t c) { return c < 256 ? (uint32_t)toupper((int)c) : c; }

bool sre_locale_ignore(uint32_t pattern_char, uint32_t c) {
    return c == pattern_char || sre_lower_locale(c) == pattern_char || upper_locale(c) == pattern_char;
}

bool sre_in_set(const uint32_t *set, uint32_t c) {
    bool result = true; /* NEGATE flips what a hit means */
    for (;;) {
        switch (*set++) {
        case SRE_FAILURE:
            return !result;
        case SRE_LITERAL:
            if (c == set[0])
                return result;
            set++;
            break;
        case SRE_CATEGORY:
            if (sre_category(set[0], c))
                return result;
            set++;
            break;
        case SRE_CHARSET:
            if (c < 256 && set[c >> 5] >> (c & 31) & 1)
                return result;
            set += SRE_CHARSET_WORDS;
            break;
        case SRE_RANGE:
            if (set[0] <= c && c <= set[1])
                return result;
            set += 2;
            break;
        case SRE_RANGE_UNI_IGNORE:
            if (set[0] <= c && c <= set[1])
                return result;
            {
                uint32_t upper[3];
                if (unicode_upper(c, upper) == 1 && set[0] <= upper[0] && upper[0] <= set[1])
                    return result;
            }
            set += 2;
            break;
        case SRE_NEGATE:
            result = !result;
            break;
        case SRE_BIGCHARSET: {
            uint32_t blocks = *set++;
            if (c < 65536) {
                uint32_t block = ((const uint8_t *)set)[c >> 8];
                const uint32_t *bits = set + SRE_BIGCHARSET_INDEX_WORDS + block * SRE_CHARSET_WORDS;
                if (bits[(c & 255) >> 5] >> (c & 31) & 1)
                    return result;
            }
            set += SRE_BIGCHARSET_INDEX_WORDS + blocks * SRE_CHARSET_WORDS;
            break;
        }
        default:
            return false; /* sre_validate lets no other word through */
        }
    }
}

/* Adds the narrow characters of the set's items, which are of the plain kinds; false: one is not. */
static bool add_items(const uint32_t *set, bool takes[256]) {
    for (; *set != SRE_FAILURE;) {
        switch (*set++) {
        case SRE_LITERAL:
            if (set[0] < 256)
                takes[set[0]] = true;
            set++;
            break;
        case SRE_RANGE:
            for (uint32_t c = set[0]; c <= set[1] && c < 256; c++)
                takes[c] = true;
            set += 2;
            break;
        case SRE_CHARSET:
            for (uint32_t c = 0; c < 256; c++)
                takes[c] |= set[c >> 5] >> (c & 31) & 1;
            set += SRE_CHARSET_WORDS;
            break;
        case SRE_CATEGORY:
            for (uint32_t c = 0; c < 256; c++)
                takes[c] |= sre_category(set[0], c);
            set++;
            break;
        default: return false;
        }
    }
    return true;
}

void sre_fill_set(const uint32_t *set, bool takes[256]) {
    bool negated = *set == SRE_NEGATE;
    memset(takes, 0, 256);
    bool plain = add_items(set + negated, takes);
    for (uint32_t c = 0; c < 256; c++)
        takes[c] = plain ? takes[c] != negated : sre_in_set(set, c);
}

/* Whether the set has an operation that `wants`. */
static bool any_in_set(const uint32_t *set, bool (*wants)(const uint32_t *op)) {
    for (;;) {
        if (wants(set))
            return true;
        switch (*set++) {
        case SRE_LITERAL:
        case SRE_CATEGORY: set++; break;
        case SRE_CHARSET: set += SRE_CHARSET_WORDS; break;
        case SRE_RANGE:
        case SRE_RANGE_UNI_IGNORE: set += 2; break;
        case SRE_NEGATE: break;
        case SRE_BIGCHARSET: set += 1 + SRE_BIGCHARSET_INDEX_WORDS + *set * SRE_CHARSET_WORDS; break;
        default: return false;
        }
    }
}

static bool is_locale_word(const uint32_t *op) { return op[0] == SRE_CATEGORY && sre_category_is_locale(op[1]); }
bool sre_set_is_locale(const uint32_t *set) { return any_in_set(set, is_locale_word); }

static bool goes_beyond(const uint32_t *op) {
    switch (op[0]) {
    case SRE_LITERAL: return op[1] >= 256;
    case SRE_RANGE: return op[2] >= 256;
    case SRE_CATEGORY: return sre_category_beyond(op[1]);
    case SRE_NEGATE:
    case SRE_RANGE_UNI_IGNORE:
    case SRE_BIGCHARSET: return true;
    default: return false;
    }
}
bool sre_set_beyond(const uint32_t *set) { return any_in_set(set, goes_beyond); }

bool sre_in_set_locale_ignore(const uint32_t *set, uint32_t c) {
    uint32_t lower = sre_lower_locale(c), upper = upper_locale(c);
    if (*set == SRE_NEGATE) /* neither case may be among those that are left out */
        return sre_in_set(set, lower) && sre_in_set(set, upper);
    return sre_in_set(set, lower) || (upper != lower && sre_in_set(set, upper));
}
