/* str: immutable Unicode text of 1, 2 or 4 bytes per character, and ropes.
 *
 * A str's `data` points to its characters: usually at the end of the same cell, for a flattened rope into the cell
 * `owner`. A rope (result of concatenating large strings) has data NULL until first use; str_data flattens it,
 * once, and publishes the pointer with a release store. Characters are always stored in the narrowest kind that
 * holds the largest one. A zero byte (of the kind's width) follows the last character.
 * Interned strings (META_FLAG_A) are unique: equal ones are identical.
 *
 * Threads: immutable after construction, except `hash` (idempotent) and the flattening of a rope.
 */
#pragma once
#include "object/object.h"

typedef struct StrObject {
    Object object;
    int64_t hash;          /* -1: not computed yet */
    uint64_t length_flags; /* characters << 8 | kind (1, 2, 4) | STR_ASCII */
    void *data;            /* NULL: a rope that was not flattened yet */
    Value inline_start[];  /* characters follow here; a rope keeps its left, right (or after flattening: owner) here */
} StrObject;

/* The empty str and the 256 one-character strings of Latin-1, immortal. */
typedef struct StaticStr {
    alignas(16) Object object; /* these four as in StrObject */
    int64_t hash;
    uint64_t length_flags;
    void *data;
    uint8_t text[8];
} StaticStr;
static_assert(offsetof(StaticStr, text) == sizeof(StrObject));
extern StaticStr latin1_strings[256];
static inline Value str_latin1_char(uint32_t c) { return from_object(&latin1_strings[c]); }

enum { STR_KIND_MASK = 7, STR_ASCII = 8 };

extern Type str_type, str_iterator_type, str_ascii_iterator_type;

static inline StrObject *as_str(Value v) { return (StrObject *)v.bits; }
static inline size_t str_length(Value v) { return as_str(v)->length_flags >> 8; }
static inline int str_kind(Value v) { return (int)(as_str(v)->length_flags & STR_KIND_MASK); }
static inline bool str_is_ascii(Value v) { return as_str(v)->length_flags & STR_ASCII; }
static inline bool str_is_interned(Value v) { return load_relaxed(&as_object(v)->meta) & META_FLAG_A; }

/* Flattens a rope; NULL with MemoryError pending. For a str that is not a rope it cannot fail. */
void *str_flatten(Thread *t, Value v);
static inline void *str_data(Thread *t, Value v) {
    void *data = load_dependent(&as_str(v)->data);
    return likely(data != NULL) ? data : str_flatten(t, v);
}
static inline uint32_t str_char(const void *data, int kind, size_t i) {
    return kind == 1 ? ((const uint8_t *)data)[i] : kind == 2 ? ((const uint16_t *)data)[i] : ((const uint32_t *)data)[i];
}

/* Whether two texts of at most 16 narrow characters are the same, without a call; -1: they are not of that kind. */
[[gnu::always_inline]] static inline int str_short_equal(Value a, Value b) {
    uint64_t mask = ~(uint64_t)0xff | STR_KIND_MASK | STR_ASCII, flags = as_str(a)->length_flags;
    if ((flags ^ as_str(b)->length_flags) & mask)
        return 0;
    const char *x = load_dependent(&as_str(a)->data), *y = load_dependent(&as_str(b)->data);
    size_t n = flags >> 8;
    if ((flags & STR_KIND_MASK) != 1 || n > 16 || !x || !y)
        return -1;
    uint64_t p, q, r, s;
    if (n >= 8) { /* two words that may overlap */
        __builtin_memcpy(&p, x, 8), __builtin_memcpy(&q, y, 8);
        __builtin_memcpy(&r, x + n - 8, 8), __builtin_memcpy(&s, y + n - 8, 8);
        return p == q && r == s;
    }
    if (n >= 4) {
        uint32_t a4, b4, c4, d4;
        __builtin_memcpy(&a4, x, 4), __builtin_memcpy(&b4, y, 4);
        __builtin_memcpy(&c4, x + n - 4, 4), __builtin_memcpy(&d4, y + n - 4, 4);
        return a4 == b4 && c4 == d4;
    }
    return n == 0 || (x[0] == y[0] && x[n / 2] == y[n / 2] && x[n - 1] == y[n - 1]);
}

/* Construction. All return absent with an exception pending on failure. */
Value qualified_type_name(Thread *t, Value v); /* of its type, with the module unless it is builtins or __main__ */
Value str_from_utf8(Thread *t, const char *text, size_t length);   /* strict: UnicodeDecodeError */
Value str_from_text(Thread *t, const char *text);                  /* NUL-terminated UTF-8 */
Value str_from_ascii(Thread *t, const char *text, size_t length);  /* known to be ASCII */
Value str_intern_ascii(Thread *t, const char *text, size_t length); /* the same, interned */
Value str_from_chars(Thread *t, const void *chars, int kind, size_t length); /* narrows as needed */
Value str_from_char(Thread *t, uint32_t c);                        /* shared for Latin-1 */
/* Uninitialised characters to be filled in before anybody else sees it: the caller promises max_char is the
 * exact largest (or the exact class: <128, <256, <65536). */
Value str_new(Thread *t, size_t length, uint32_t max_char, void **data);
Value str_decode_filesystem(Thread *t, const char *bytes, size_t length); /* surrogateescape */
extern Value empty_str; /* immortal "" */
void str_static_set_shape(uint32_t shape); /* gives the static strings the shape of str: once, at start-up */

Value str_intern(Thread *t, Value v);                     /* the unique equal str; v must be exactly str */
void str_runtime_names_complete(void);                    /* start-up ends: immortal strings made later are interned nowhere */
Value str_intern_text(Thread *t, const char *text);
Value str_interned_by_runtime(Thread *t, const char *text); /* immortal; absent without exception: there is none */

/* NUL-terminated UTF-8 of v, valid while v is reachable... of ASCII strings; others get a cell that the caller's
 * stack keeps alive. NULL with UnicodeEncodeError pending for lone surrogates. */
const char *str_utf8(Thread *t, Value v, size_t *length);
/* The same with surrogateescape and an error for embedded NUL: for names given to the operating system. */
const char *str_filesystem(Thread *t, Value v, size_t *length);

int64_t str_hash(Thread *t, Value v);
bool str_equal(Thread *t, Value a, Value b);              /* both are str; MemoryError cannot matter: compares ropes too */
bool str_equal_text(Value v, const char *ascii);
int str_compare(Thread *t, Value a, Value b);             /* by code points: <0, 0, >0 */
Value str_concat(Thread *t, Value a, Value b);            /* may make a rope */
Value str_slice(Thread *t, Value v, size_t start, size_t end); /* step 1; shares when whole */
Value str_join(Thread *t, Value separator, Value iterable);
int64_t str_find(Thread *t, Value haystack, Value needle, size_t start, size_t end); /* -1: not found */
Value str_repr(Thread *t, Value v);
Value str_format_percent(Thread *t, Value format, Value args); /* format % args */
bool str_is_identifier(Thread *t, Value v);

/* A growing str. Usage: StrBuilder b = {0}; str_builder_add...(t, &b, ...) (false: exception pending); finish. */
typedef struct StrBuilder {
    Value buffer;     /* cell being filled, or absent */
    size_t length, capacity;
    int kind;
    uint32_t max_char;
} StrBuilder;
[[nodiscard]] bool str_builder_add(Thread *t, StrBuilder *b, Value str);
[[nodiscard]] bool str_builder_add_char(Thread *t, StrBuilder *b, uint32_t c);
[[nodiscard]] bool str_builder_add_text(Thread *t, StrBuilder *b, const char *utf8);
[[nodiscard]] bool str_builder_add_slice(Thread *t, StrBuilder *b, Value str, size_t start, size_t end);
[[nodiscard]] bool str_builder_add_repr(Thread *t, StrBuilder *b, Value v); /* repr(v) of anything */
Value str_builder_finish(Thread *t, StrBuilder *b);

/* Codecs by name (codec registry, error handlers by name or NULL for strict). */
Value str_encode(Thread *t, Value v, const char *encoding, const char *errors);              /* bytes */
Value str_decode(Thread *t, const char *bytes, size_t length, const char *encoding, const char *errors);

/* The format mini-language, shared by int, float, complex and str. */
typedef struct FormatSpec {
    uint32_t fill, align, sign, type; /* characters; 0: not given */
    bool alternate, no_negative_zero;
    int64_t width, precision; /* -1: not given */
    uint32_t thousands, fraction_thousands; /* ',' or '_' or 0 */
} FormatSpec;
bool format_spec_parse(Thread *t, Value spec, FormatSpec *out, uint32_t default_type, uint32_t default_align,
                       Value subject);
Value format_int(Thread *t, Value v, Value spec);     /* int.__format__ */
Value format_float(Thread *t, Value v, Value spec);
Value format_complex(Thread *t, Value v, Value spec);
Value format_str(Thread *t, Value v, Value spec);
