/* Case of str: lower, upper, title, capitalize, swapcase, casefold, and the is...() tests.
 *
 * Mappings are Unicode's full ones (one character may become three). The only context that matters is a capital
 * sigma, which becomes a final sigma at the end of a word.
 */
#include "types/str/case.h"

#include "object/errors.h"
#include "types/str/str_methods.h"
#include "types/str/unicode.h"

static bool is_cased(uint32_t c) { return unicode_is(c, UNICODE_CASED); }

static uint32_t lower_sigma(const Chars *c, size_t at) {
    size_t before = at, after = at + 1;
    while (before > 0 && unicode_is(chars_get(c, before - 1), UNICODE_CASE_IGNORABLE)) before--;
    if (before == 0 || !is_cased(chars_get(c, before - 1)))
        return 0x3c3;
    while (after < c->length && unicode_is(chars_get(c, after), UNICODE_CASE_IGNORABLE)) after++;
    return after < c->length && is_cased(chars_get(c, after)) ? 0x3c3 : 0x3c2;
}

static int lower_at(const Chars *c, size_t i, uint32_t out[3]) {
    uint32_t ch = chars_get(c, i);
    if (ch == 0x3a3) {
        out[0] = lower_sigma(c, i);
        return 1;
    }
    return unicode_lower(ch, out);
}

static int change_at(const Chars *c, size_t i, CaseChange change, bool *in_word, uint32_t out[3]) {
    uint32_t ch = chars_get(c, i);
    switch (change) {
    case CASE_LOWER: return lower_at(c, i, out);
    case CASE_UPPER: return unicode_upper(ch, out);
    case CASE_FOLD: return unicode_fold(ch, out);
    case CASE_CAPITALIZE: return i == 0 ? unicode_title(ch, out) : lower_at(c, i, out);
    case CASE_SWAP:
        if (unicode_is(ch, UNICODE_UPPER))
            return lower_at(c, i, out);
        if (unicode_is(ch, UNICODE_LOWER))
            return unicode_upper(ch, out);
        out[0] = ch;
        return 1;
    case CASE_TITLE: {
        int n = *in_word ? lower_at(c, i, out) : unicode_title(ch, out);
        *in_word = is_cased(ch);
        return n;
    }
    }
    __builtin_unreachable();
}

static uint8_t ascii_change(uint8_t c, CaseChange change, size_t i, bool *in_word) {
    bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', to_upper = false;
    switch (change) {
    case CASE_LOWER:
    case CASE_FOLD: break;
    case CASE_UPPER: to_upper = true; break;
    case CASE_CAPITALIZE: to_upper = i == 0; break;
    case CASE_SWAP: to_upper = lower; break;
    case CASE_TITLE:
        to_upper = !*in_word;
        *in_word = upper || lower;
        break;
    }
    return to_upper ? (lower ? c - 32 : c) : (upper ? c + 32 : c);
}

static Value change_ascii(Thread *t, const uint8_t *s, size_t length, CaseChange change) {
    if (length == 1) {
        bool in_word = false;
        return str_from_char(t, ascii_change(*s, change, 0, &in_word));
    }
    void *data;
    Value v = TRY(str_new(t, length, 0x7f, &data));
    uint8_t *to = data;
    if (change == CASE_LOWER || change == CASE_FOLD) {
        for (size_t i = 0; i < length; i++) to[i] = s[i] + (s[i] >= 'A' && s[i] <= 'Z' ? 32 : 0);
    } else if (change == CASE_UPPER) {
        for (size_t i = 0; i < length; i++) to[i] = s[i] - (s[i] >= 'a' && s[i] <= 'z' ? 32 : 0);
    } else {
        bool in_word = false;
        for (size_t i = 0; i < length; i++) to[i] = ascii_change(s[i], change, i, &in_word);
    }
    return v;
}

enum { CHANGED_AT_ONCE = 64 };

Value str_change_case(Thread *t, Value v, CaseChange change) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    if (c.length == 0)
        return empty_str;
    if (str_is_ascii(v))
        return change_ascii(t, c.data, c.length, change);
    StrBuilder b = {0};
    CHECK(str_builder_reserve(t, &b, c.length + c.length / 16 + 3, str_max_char(v))); /* some characters become two or three */
    bool in_word = false;
    uint32_t some[CHANGED_AT_ONCE + 3]; /* a character becomes three at most */
    size_t n = 0;
    for (size_t i = 0; i < c.length; i++) {
        n += (size_t)change_at(&c, i, change, &in_word, some + n);
        if (n >= CHANGED_AT_ONCE || i + 1 == c.length) {
            CHECK(str_builder_add_chars(t, &b, (Chars){some, n, 4}));
            n = 0;
        }
    }
    return str_builder_finish(t, &b);
}

Value str_lower(Thread *t, Value *args) { return str_change_case(t, args[0], CASE_LOWER); }
Value str_upper(Thread *t, Value *args) { return str_change_case(t, args[0], CASE_UPPER); }
Value str_title(Thread *t, Value *args) { return str_change_case(t, args[0], CASE_TITLE); }
Value str_capitalize(Thread *t, Value *args) { return str_change_case(t, args[0], CASE_CAPITALIZE); }
Value str_swapcase(Thread *t, Value *args) { return str_change_case(t, args[0], CASE_SWAP); }
Value str_casefold(Thread *t, Value *args) { return str_change_case(t, args[0], CASE_FOLD); }

static Value all_are(Thread *t, Value v, unsigned flags) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    for (size_t i = 0; i < c.length; i++)
        if (!unicode_is(chars_get(&c, i), flags))
            return FALSE;
    return from_bool(c.length > 0 || flags == UNICODE_PRINTABLE);
}

Value str_isalpha(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_ALPHA); }
Value str_isalnum(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_ALNUM); }
Value str_isdecimal(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_DECIMAL); }
Value str_isdigit(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_DIGIT); }
Value str_isnumeric(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_NUMERIC); }
Value str_isspace(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_SPACE); }
Value str_isprintable(Thread *t, Value *args) { return all_are(t, args[0], UNICODE_PRINTABLE); }
Value str_isascii(Thread *t, Value *args) { return from_bool(str_is_ascii(args[0])); }

/* True when some character has the wanted case and none the other. */
static Value has_only_case(Thread *t, Value v, unsigned wanted, unsigned excluded) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    bool found = false;
    for (size_t i = 0; i < c.length; i++) {
        unsigned flags = unicode_flags(chars_get(&c, i));
        if (flags & excluded)
            return FALSE;
        found |= (flags & wanted) != 0;
    }
    return from_bool(found);
}
Value str_islower(Thread *t, Value *args) {
    return has_only_case(t, args[0], UNICODE_LOWER, UNICODE_UPPER | UNICODE_TITLE);
}
Value str_isupper(Thread *t, Value *args) {
    return has_only_case(t, args[0], UNICODE_UPPER, UNICODE_LOWER | UNICODE_TITLE);
}

Value str_istitle(Thread *t, Value *args) {
    Chars c;
    CHECK(chars_of(t, args[0], &c));
    bool found = false, in_word = false;
    for (size_t i = 0; i < c.length; i++) {
        unsigned flags = unicode_flags(chars_get(&c, i));
        if (flags & (UNICODE_UPPER | UNICODE_TITLE)) {
            if (in_word)
                return FALSE;
            in_word = found = true;
        } else if (flags & UNICODE_LOWER) {
            if (!in_word)
                return FALSE;
            in_word = found = true;
        } else {
            in_word = false;
        }
    }
    return from_bool(found);
}

/* Without the tables of all characters: most programs never look at these. */
static bool is_ascii_identifier(const uint8_t *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        uint8_t lower = text[i] | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && text[i] != '_' && !(i && text[i] >= '0' && text[i] <= '9'))
            return false;
    }
    return true;
}

bool str_is_identifier(Thread *t, Value v) {
    Chars c;
    if (!chars_of(t, v, &c)) {
        error_clear(t);
        return false;
    }
    if (c.length == 0)
        return false;
    if (str_is_ascii(v))
        return is_ascii_identifier(c.data, c.length);
    uint32_t first = chars_get(&c, 0);
    if (first != '_' && !unicode_is(first, UNICODE_ID_START))
        return false;
    for (size_t i = 1; i < c.length; i++)
        if (!unicode_is(chars_get(&c, i), UNICODE_ID_CONTINUE))
            return false;
    return true;
}
Value str_isidentifier(Thread *t, Value *args) { return from_bool(str_is_identifier(t, args[0])); }
