/* unicodedata: the Unicode character database, and ucd_3_2_0, the same for version 3.2.0.
 *
 * One function serves both: as a function of the module it works on the current version, as a method of UCD on the version
 * of its receiver. Normalization is in unicodedata_normalize.c.
 */
#include "modules/unicodedata_normalize.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/float.h"
#include "types/module.h"
#include "types/str/codecs.h"
#include "types/str/unicode.h"
#include "types/str/unicode_names.h"
#include "types/tuple.h"

#include <stdio.h>

typedef struct UcdObject {
    Object object;
    const UnicodeDatabase *database;
} UcdObject;

static const UnicodeDatabase *database_of(Value ucd) { return ((UcdObject *)ucd.bits)->database; }

/* The character that an argument is; "argument" or "argument 1" by how many arguments the function takes. */
static bool character(Thread *t, Value v, const char *function, const char *which, uint32_t *out) {
    if (!is_str(v)) {
        raise_type_error(t, "%s() %s must be a unicode character, not %T", function, which, v);
        return false;
    }
    if (str_length(v) != 1) {
        raise_type_error(t, "%s(): %s must be a unicode character, not a string of length %zd", function, which, str_length(v));
        return false;
    }
    Chars c;
    if (!chars_of(t, v, &c))
        return false;
    *out = chars_get(&c, 0);
    return true;
}

const UnicodeProperties *unicode_properties(const UnicodeDatabase *db, uint32_t c) {
    return &db->properties[db->page_properties[(uint32_t)db->pages[c >> 7] << 7 | (c & 127)]];
}

/* The names that many characters share are made once: the tables of C strings, as tuples. */
typedef enum NameTable { CATEGORIES, BIDIRECTIONAL, WIDTHS, NAME_TABLES } NameTable;

static Value make_names(Thread *t) {
    static const struct {
        const char *const *names;
        const uint32_t *count;
    } source[NAME_TABLES] = {{unicode_categories, &unicode_category_count},
                             {unicode_bidirectional, &unicode_bidirectional_count},
                             {unicode_east_asian_widths, &unicode_east_asian_width_count}};
    Value tables[NAME_TABLES];
    for (int k = 0; k < NAME_TABLES; k++) {
        Value table = TRY(tuple_new(t, *source[k].count));
        for (uint32_t i = 0; i < *source[k].count; i++)
            store(as_object(table), &as_tuple(table)->items[i], TRY(str_intern_text(t, source[k].names[i])));
        tables[k] = table;
    }
    return tuple_from_values(t, tables, NAME_TABLES);
}

static Value name_in(Thread *t, NameTable table, size_t i) {
    uintptr_t *slot = &t->isolate->slots[ISOLATE_UNICODE_NAMES].bits;
    Value all = {load_acquire(slot)};
    if (unlikely(absent(all))) {
        all = TRY(make_names(t));
        isolate_keep(t, ISOLATE_UNICODE_NAMES, all); /* whoever else makes them makes the same */
    }
    return tuple_get(tuple_get(all, table), i);
}

#define PROPERTY(name, expression)                                                                               \
    static Value name(Thread *t, const UnicodeDatabase *db, Value *args) {                                       \
        uint32_t c;                                                                                              \
        CHECK(character(t, args[0], #name, "argument", &c));                                                     \
        const UnicodeProperties *p = unicode_properties(db, c);                                                  \
        return expression;                                                                                       \
    }
PROPERTY(category, name_in(t, CATEGORIES, p->category))
PROPERTY(bidirectional, name_in(t, BIDIRECTIONAL, p->bidirectional))
PROPERTY(east_asian_width, name_in(t, WIDTHS, p->east_asian_width))
PROPERTY(combining, small_int(p->combining))
PROPERTY(mirrored, small_int(p->mirrored))
#undef PROPERTY

static bool number_in(const UnicodeNumber *list, uint32_t count, uint32_t c, double *out) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (list[middle].code == c) {
            *out = list[middle].value;
            return true;
        }
        if (list[middle].code < c)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static Value otherwise(Thread *t, Value given, const char *message) {
    return present(given) ? given : raise_value_error(t, "%s", message);
}

static Value decimal(Thread *t, const UnicodeDatabase *db, Value *args) {
    uint32_t c;
    double value;
    CHECK(character(t, args[0], "decimal", "argument 1", &c));
    if (db->decimals ? number_in(db->decimals, db->decimal_count, c, &value) : (value = unicode_decimal(c)) >= 0)
        return small_int((int64_t)value);
    return otherwise(t, args[1], "not a decimal");
}

static Value digit(Thread *t, const UnicodeDatabase *db, Value *args) {
    uint32_t c;
    double value;
    CHECK(character(t, args[0], "digit", "argument 1", &c));
    if (db->digits ? number_in(db->digits, db->digit_count, c, &value) : (value = unicode_digit(c)) >= 0)
        return small_int((int64_t)value);
    return otherwise(t, args[1], "not a digit");
}

static Value numeric(Thread *t, const UnicodeDatabase *db, Value *args) {
    uint32_t c;
    double value;
    CHECK(character(t, args[0], "numeric", "argument 1", &c));
    if (number_in(db->numbers, db->number_count, c, &value))
        return float_from_double(t, value);
    return otherwise(t, args[1], "not a numeric character");
}

static Value decomposition(Thread *t, const UnicodeDatabase *db, Value *args) {
    uint32_t c, parts[3];
    CHECK(character(t, args[0], "decomposition", "argument", &c));
    char text[256];
    size_t n = 0;
    int count = unicode_hangul_parts(c, parts);
    const uint32_t *codes = parts;
    const UnicodeDecomposition *d = count ? NULL : unicode_decomposition(db, c);
    if (!d && !count)
        return empty_str;
    if (d) {
        codes = unicode_decomposition_codes + d->first;
        count = d->count;
        n = (size_t)snprintf(text, sizeof text, "%s%s", unicode_decomposition_prefixes[d->prefix], d->prefix ? " " : "");
    }
    for (int i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, i ? " %04X" : "%04X", codes[i]);
    return str_from_ascii(t, text, n);
}

static bool assigned(const UnicodeDatabase *db, uint32_t c) {
    return db == &unicode_current || strcmp(unicode_categories[unicode_properties(db, c)->category], "Cn") != 0;
}

static Value name(Thread *t, const UnicodeDatabase *db, Value *args) {
    uint32_t c;
    char text[257];
    CHECK(character(t, args[0], "name", "argument 1", &c));
    size_t n = assigned(db, c) ? unicode_name_of(c, text, sizeof text) : 0;
    return n ? str_from_ascii(t, text, n) : otherwise(t, args[1], "no such name");
}

static Value lookup(Thread *t, const UnicodeDatabase *db, Value *args) {
    size_t length;
    Value given = args[0];
    if (is_bytes(given))
        given = TRY(str_from_utf8(t, as_bytes(given)->data, as_bytes(given)->length));
    if (!is_str(given))
        return raise_type_error(t, "a bytes-like object is required, not '%T'", given);
    const char *text = str_utf8(t, given, &length);
    CHECK(text != NULL);
    if (length > 256)
        return raise_key_error(t, TRY(str_from_text(t, "name too long")));
    uint32_t c = unicode_code_from_name(text, length);
    const UnicodeAlias *sequence = unicode_alias_find(text, length);
    if (db != &unicode_current && sequence) { /* the old version has no aliases */
        c = 0x110000;
        sequence = NULL;
    }
    if (c <= 0x10ffff)
        return str_from_char(t, c);
    if (!sequence)
        return raise_key_error(t, TRY(format_text(t, "undefined character name '%S'", given)));
    StrBuilder b = {0};
    for (int i = 0; i < 4 && sequence->codes[i]; i++) CHECK(str_builder_add_char(t, &b, sequence->codes[i]));
    return str_builder_finish(t, &b);
}

static bool normal_form(Thread *t, Value *args, const char *function, NormalForm *form) {
    for (int i = 0; i < 2; i++) {
        if (!is_str(args[i])) {
            raise_type_error(t, "%s() argument %d must be str, not %Y", function, i + 1, args[i]);
            return false;
        }
    }
    static const char *const names[] = {"NFC", "NFD", "NFKC", "NFKD"};
    for (*form = NFC; *form <= NFKD; ++*form)
        if (str_equal_text(args[0], names[*form]))
            return true;
    return false;
}

static Value normalize(Thread *t, const UnicodeDatabase *db, Value *args) {
    NormalForm form;
    if (!normal_form(t, args, "normalize", &form))
        return error_pending(t) || str_length(args[1]) == 0 ? (error_pending(t) ? NO_VALUE : args[1])
                                                            : raise_value_error(t, "invalid normalization form");
    return unicode_normalize(t, db, args[1], form);
}

static Value is_normalized(Thread *t, const UnicodeDatabase *db, Value *args) {
    NormalForm form;
    if (!normal_form(t, args, "is_normalized", &form))
        return error_pending(t) || str_length(args[1]) == 0 ? (error_pending(t) ? NO_VALUE : TRUE)
                                                            : raise_value_error(t, "invalid normalization form");
    Value v = TRY(unicode_normalize(t, db, args[1], form));
    return from_bool(str_equal(t, v, args[1]));
}

/* FUNCTION(name, parameters, documentation) */
#define FUNCTIONS(F)                                                                                             \
    F(bidirectional, "chr, /", "Bidirectional class of the character.")                                          \
    F(category, "chr, /", "General category of the character.")                                                  \
    F(combining, "chr, /", "Canonical combining class of the character.")                                        \
    F(decimal, "chr, default=<unrepresentable>, /", "Decimal value of the character.")                           \
    F(decomposition, "chr, /", "Decomposition mapping of the character.")                                        \
    F(digit, "chr, default=<unrepresentable>, /", "Digit value of the character.")                               \
    F(east_asian_width, "chr, /", "East Asian width of the character.")                                          \
    F(is_normalized, "form, unistr, /", "Whether the text is in the normal form.")                               \
    F(lookup, "name, /", "Character of that name.")                                                              \
    F(mirrored, "chr, /", "Whether the character is mirrored in bidirectional text.")                            \
    F(name, "chr, default=<unrepresentable>, /", "Name of the character.")                                       \
    F(normalize, "form, unistr, /", "The text in the normal form.")                                              \
    F(numeric, "chr, default=<unrepresentable>, /", "Numeric value of the character.")

#define F(name, parameters, doc)                                                                                 \
    static Value module_##name(Thread *t, Value *args) { return name(t, &unicode_current, args); }               \
    static Value method_##name(Thread *t, Value *args) { return name(t, database_of(args[0]), args + 1); }
FUNCTIONS(F)
#undef F

static const NativeDef functions[] = {
#define F(name, parameters, doc) {#name "(" parameters ")", module_##name, doc},
    FUNCTIONS(F)
#undef F
    {0},
};
static const NativeDef methods[] = {
#define F(name, parameters, doc) {#name "(self, " parameters ")", method_##name, doc},
    FUNCTIONS(F)
#undef F
    GETATTRIBUTE_ROW,
    {0},
};

static Value get_version(Thread *t, Value *args) { return str_from_text(t, database_of(args[0])->version); }
static const GetSetDef getset[] = {{"unidata_version", get_version, NULL, "Version of the database."}, {0}};

extern Type ucd_type;
MODULE_TYPE(ucd_type, unicodedata) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "unicodedata.UCD",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(UcdObject),
};

static bool init(Thread *t, Value module) {
    UcdObject *old = heap_allocate(t, &ucd_type, sizeof *old);
    if (!old)
        return false;
    old->database = &unicode_3_2_0;
    return module_add(t, module, "ucd_3_2_0", from_object(old)) && module_add_type(t, module, &ucd_type) &&
           module_add_text(t, module, "unidata_version", unicode_current.version);
}

NATIVE_MODULE(unicodedata) = {"unicodedata", "Access to the Unicode Character Database.", functions, init};
