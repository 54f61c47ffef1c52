/* _struct: compiling a format.
 *
 * Threads: see struct.h.
 */
#include "modules/_struct/struct.h"

typedef struct Kind {
    char code;
    uint8_t size, alignment;
} Kind;

static const Kind native_kinds[] = {
    {'x', 1, 1}, {'c', 1, 1}, {'b', 1, 1}, {'B', 1, 1}, {'?', 1, 1}, {'h', 2, 2}, {'H', 2, 2}, {'i', 4, 4},
    {'I', 4, 4}, {'l', 8, 8}, {'L', 8, 8}, {'q', 8, 8}, {'Q', 8, 8}, {'n', 8, 8}, {'N', 8, 8}, {'e', 2, 2},
    {'f', 4, 4}, {'d', 8, 8}, {'F', 8, 4}, {'D', 16, 8}, {'s', 1, 1}, {'p', 1, 1}, {'P', 8, 8}, {0, 0, 0},
};
static const Kind standard_kinds[] = {
    {'x', 1, 1}, {'c', 1, 1}, {'b', 1, 1}, {'B', 1, 1}, {'?', 1, 1}, {'h', 2, 1}, {'H', 2, 1}, {'i', 4, 1},
    {'I', 4, 1}, {'l', 4, 1}, {'L', 4, 1}, {'q', 8, 1}, {'Q', 8, 1}, {'e', 2, 1}, {'f', 4, 1}, {'d', 8, 1},
    {'F', 8, 1}, {'D', 16, 1}, {'s', 1, 1}, {'p', 1, 1}, {0, 0, 0},
};

static const Kind *kind_of(const Kind *kinds, char code) {
    for (; kinds->code; kinds++)
        if (kinds->code == code)
            return kinds;
    return NULL;
}

static bool add_item(Thread *t, StructFormat *s, StructItem item, size_t *capacity) {
    if (s->item_count == *capacity) {
        *capacity = *capacity * 2 + 8;
        StructItem *larger = realloc(s->items, *capacity * sizeof *larger);
        if (larger == NULL) {
            raise_no_memory(t);
            return false;
        }
        s->items = larger;
    }
    s->items[s->item_count++] = item;
    return true;
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static const char *byte_order(StructFormat *s, const char *format) {
    s->native = false;
    s->big_endian = false;
    switch (*format) {
    case '<': return format + 1;
    case '>':
    case '!': s->big_endian = true; return format + 1;
    case '=': s->big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__; return format + 1;
    case '@': format++; break;
    }
    s->native = true;
    s->big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    return format;
}

static StructStep step_of(char code) {
    return strchr("bhilqn", code) ? STEP_SIGNED : strchr("BHILQN", code) ? STEP_UNSIGNED : code == 'd' ? STEP_DOUBLE : STEP_OTHER;
}

bool struct_compile(Thread *t, StructFormat *s, const char *format) {
    const char *f = byte_order(s, format);
    const Kind *kinds = s->native ? native_kinds : standard_kinds;
    size_t capacity = 0;
    s->size = s->values = s->item_count = 0;
    for (; *f; f++) {
        uint64_t count = 1;
        if (is_blank(*f))
            continue;
        if (*f >= '0' && *f <= '9') {
            for (count = 0; *f >= '0' && *f <= '9'; f++) {
                if (count > (INT64_MAX - (uint64_t)(*f - '0')) / 10)
                    goto too_long;
                count = count * 10 + (uint64_t)(*f - '0');
            }
            if (*f == 0) {
                struct_error(t, "repeat count given without format specifier");
                return false;
            }
        }
        const Kind *kind = kind_of(kinds, *f);
        if (kind == NULL) {
            struct_error(t, "bad char in struct format");
            return false;
        }
        uint64_t offset = (s->size + kind->alignment - 1) / kind->alignment * kind->alignment;
        int64_t end;
        if (__builtin_mul_overflow(count, kind->size, &end) || __builtin_add_overflow(end, offset, &end))
            goto too_long;
        bool text = *f == 's' || *f == 'p';
        if ((count || text) && !add_item(t, s, (StructItem){*f, kind->size, (uint8_t)step_of(*f), offset, count}, &capacity))
            return false;
        s->values += text ? 1 : *f == 'x' ? 0 : count;
        s->size = (uint64_t)end;
    }
    return true;
too_long:
    struct_error(t, "total struct size too long");
    return false;
}
