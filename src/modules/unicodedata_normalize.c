/* Unicode normalization (UAX #15): decompose, order marks by combining class, compose.
 *
 * Works on a plain array of code points, which grows outside the heap.
 */
#include "modules/unicodedata_normalize.h"

#include "object/errors.h"

#include <stdlib.h>

enum { S_BASE = 0xac00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11a7, L_COUNT = 19, V_COUNT = 21, T_COUNT = 28,
       S_COUNT = L_COUNT * V_COUNT * T_COUNT };

const UnicodeDecomposition *unicode_decomposition(const UnicodeDatabase *db, uint32_t c) {
    uint32_t low = 0, high = db->decomposition_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const UnicodeDecomposition *d = &db->decompositions[middle];
        if (d->code == c)
            return d;
        if (d->code < c)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int unicode_hangul_parts(uint32_t c, uint32_t out[3]) {
    uint32_t i = c - S_BASE;
    if (i >= S_COUNT)
        return 0;
    out[0] = L_BASE + i / (V_COUNT * T_COUNT);
    out[1] = V_BASE + i / T_COUNT % V_COUNT;
    out[2] = T_BASE + i % T_COUNT;
    return i % T_COUNT ? 3 : 2;
}

typedef struct Codes {
    uint32_t *items;
    size_t count, capacity;
    bool failed;
} Codes;

static void add_code(Codes *out, uint32_t c) {
    if (out->count == out->capacity) {
        size_t capacity = out->capacity ? 2 * out->capacity : 64;
        uint32_t *grown = realloc(out->items, capacity * sizeof *grown);
        if (!grown) {
            out->failed = true;
            return;
        }
        out->items = grown;
        out->capacity = capacity;
    }
    out->items[out->count++] = c;
}

static void decompose(const UnicodeDatabase *db, uint32_t c, bool compatible, Codes *out) {
    uint32_t parts[3];
    if (db == &unicode_3_2_0)
        for (int i = 0; unicode_3_2_0_corrections[i][0]; i++)
            if (unicode_3_2_0_corrections[i][0] == c) {
                add_code(out, unicode_3_2_0_corrections[i][1]);
                return;
            }
    int hangul = unicode_hangul_parts(c, parts);
    for (int i = 0; i < hangul; i++) add_code(out, parts[i]);
    if (hangul)
        return;
    const UnicodeDecomposition *d = c < 0xa0 ? NULL : unicode_decomposition(db, c);
    if (!d || (d->prefix && !compatible)) {
        add_code(out, c);
        return;
    }
    for (int i = 0; i < d->count; i++) decompose(db, unicode_decomposition_codes[d->first + (uint32_t)i], compatible, out);
}

/* As CPython has it, also where version 3.2.0 did not know the character yet. */
static uint8_t combining_class(uint32_t c) { return c < 0x300 ? 0 : unicode_properties(&unicode_current, c)->combining; }

/* Sorts runs of marks by combining class; equal ones keep their order. */
static void order_marks(Codes *codes) {
    for (size_t i = 1; i < codes->count; i++) {
        uint32_t c = codes->items[i];
        uint8_t class = combining_class(c);
        size_t k = i;
        for (; class && k > 0 && combining_class(codes->items[k - 1]) > class; k--) codes->items[k] = codes->items[k - 1];
        codes->items[k] = c;
    }
}

/* The character that a and b make together, 0 when they do not. */
static uint32_t composed(uint32_t a, uint32_t b) {
    if (a - L_BASE < L_COUNT && b - V_BASE < V_COUNT)
        return S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT;
    if (a - S_BASE < S_COUNT && (a - S_BASE) % T_COUNT == 0 && b > T_BASE && b < T_BASE + T_COUNT)
        return a + (b - T_BASE);
    uint32_t low = 0, high = unicode_composition_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const UnicodeComposition *x = &unicode_compositions[middle];
        if (x->first == a && x->second == b)
            return x->result;
        if (x->first < a || (x->first == a && x->second < b))
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static void compose(Codes *codes) {
    size_t out = 0, starter = SIZE_MAX;
    uint8_t last_class = 0; /* of the character before, when it was left between starter and here */
    for (size_t i = 0; i < codes->count; i++) {
        uint32_t c = codes->items[i];
        uint8_t class = combining_class(c);
        bool blocked = starter != SIZE_MAX && out > starter + 1 && (last_class >= class || last_class == 0);
        uint32_t both = starter != SIZE_MAX && !blocked ? composed(codes->items[starter], c) : 0;
        if (both) {
            codes->items[starter] = both;
            continue;
        }
        if (class == 0)
            starter = out;
        last_class = class;
        codes->items[out++] = c;
    }
    codes->count = out;
}

static Normal normal_in(const UnicodeProperties *p, NormalForm form) { return (Normal)(p->normal >> 2 * form & 3); }

/* What its characters tell, one by one (UAX #15, quick check). */
static bool is_surely_normal(const Chars *c, NormalForm form) {
    uint8_t last = 0;
    for (size_t i = 0; i < c->length; i++) {
        uint32_t code = chars_get(c, i);
        if (code < 0x80)
            last = 0;
        if (code < 0x80)
            continue;
        const UnicodeProperties *p = unicode_properties(&unicode_current, code);
        if ((p->combining && p->combining < last) || normal_in(p, form) != NORMAL)
            return false;
        last = p->combining;
    }
    return true;
}

Value unicode_normalize(Thread *t, const UnicodeDatabase *db, Value v, NormalForm form) {
    if (str_is_ascii(v) || (form == NFC && str_kind(v) == 1))
        return str_exact(t, v);
    Chars c;
    CHECK(chars_of(t, v, &c));
    bool compatible = form == NFKC || form == NFKD, current = db == &unicode_current;
    if (current && is_surely_normal(&c, form))
        return str_exact(t, v);
    Codes codes = {0};
    for (size_t i = 0; i < c.length && !codes.failed; i++) {
        uint32_t code = chars_get(&c, i);
        if (current && normal_in(unicode_properties(db, code), compatible ? NFKD : NFD) == NORMAL)
            add_code(&codes, code);
        else
            decompose(db, code, compatible, &codes);
    }
    Value result;
    if (codes.failed) {
        result = raise_no_memory(t);
    } else {
        order_marks(&codes);
        if (form == NFC || form == NFKC)
            compose(&codes);
        result = str_from_chars(t, codes.items, 4, codes.count);
    }
    free(codes.items);
    return present(result) && is_exactly(v, &str_type) && str_equal(t, result, v) ? v : result;
}
