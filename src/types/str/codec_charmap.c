/* Character maps: codecs given by a decoding table (str or mapping) or an encoding mapping (EncodingMap or mapping).
 *
 * An EncodingMap is what charmap_build() makes of a 256-character decoding table: three levels of 16, 4 and 7 bits for
 * the characters up to U+FFFF. Constant after construction.
 */
#include "object/errors.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/codecs.h"

static const char undefined[] = "character maps to <undefined>";

/* Decoding */

/* What mapping[byte] says: a str to add, or *missing. */
static bool look_up_byte(Thread *t, Value mapping, uint8_t byte, Value *out, bool *missing) {
    *missing = false;
    Value x = get_item(t, mapping, small_int(byte));
    if (absent(x)) {
        *missing = true;
        return error_catch(t, &LookupError_type);
    }
    if (is_none(x)) {
        *missing = true;
        return true;
    }
    if (is_int(x)) {
        int64_t c;
        if (!int_to_i64(x, &c) || c < 0 || c > 0x10ffff) {
            raise_type_error(t, "character mapping must be in range(0x110000)");
            return false;
        }
        if (c == 0xfffe) {
            *missing = true;
            return true;
        }
        *out = str_from_char(t, (uint32_t)c);
        return present(*out);
    }
    if (!is_str(x)) {
        raise_type_error(t, "character mapping must return integer, None or str");
        return false;
    }
    Chars c;
    if (!chars_of(t, x, &c))
        return false;
    *missing = c.length == 1 && chars_get(&c, 0) == 0xfffe;
    *out = x;
    return true;
}

Value decode_charmap(Thread *t, const char *s, size_t n, const char *errors, Value mapping) {
    if (absent(mapping) || is_none(mapping))
        return decode_latin1(t, s, n, errors);
    Decoder d;
    decoder_init(&d, t, "charmap", errors, s, n);
    Chars table = {0};
    bool direct = is_str(mapping);
    CHECK(!direct || chars_of(t, mapping, &table));
    CHECK(n == 0 || str_builder_reserve(t, &d.out, n, 0x7f));
    for (size_t i = 0; i < d.length;) {
        uint8_t byte = d.data[i];
        bool missing;
        if (direct) {
            uint32_t c = byte < table.length ? chars_get(&table, byte) : 0xfffe;
            missing = c == 0xfffe;
            CHECK(missing || decoder_add(&d, c));
        } else {
            Value x;
            CHECK(look_up_byte(t, mapping, byte, &x, &missing));
            CHECK(missing || str_builder_add(t, &d.out, x));
        }
        if (missing)
            CHECK(decoder_error(&d, i, i + 1, undefined, &i));
        else
            i++;
    }
    return str_builder_finish(t, &d.out);
}

/* Encoding */

typedef struct EncodingMap {
    Object object;
    uint8_t level_1[32]; /* by c >> 11: an index of level 2, or 0xff */
    size_t count_2, count_3;
    uint8_t tables[]; /* count_2 times 16, by c >> 7 & 15; then count_3 times 128, the bytes, 0 for none */
} EncodingMap;

static Value map_size(Thread *t, Value *args) {
    EncodingMap *m = (EncodingMap *)args[0].bits;
    return small_int((int64_t)m->count_2 * 16 + (int64_t)m->count_3 * 128);
}
static const NativeDef map_methods[] = {{"size(self, /)", map_size, "Size of the map in bytes."}, {0}};

extern Type encoding_map_type;
STATIC_TYPE(encoding_map_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "EncodingMap",
    .methods = map_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = offsetof(EncodingMap, tables),
};

static Value build_dict(Thread *t, const Chars *c) {
    Value dict = TRY(dict_new(t));
    for (size_t i = 0; i < c->length; i++)
        CHECK(dict_set(t, dict, small_int(chars_get(c, i)), small_int((int64_t)i)));
    return dict;
}

Value charmap_build(Thread *t, Value map) {
    Chars c;
    CHECK(chars_of(t, map, &c));
    if (c.length > 256)
        c.length = 256;
    uint8_t level_1[32], level_2[512];
    size_t count_2 = 0, count_3 = 0;
    memset(level_1, 0xff, sizeof level_1);
    memset(level_2, 0xff, sizeof level_2);
    bool fits = c.length == 256 && chars_get(&c, 0) == 0;
    for (size_t i = 1; i < c.length && fits; i++) {
        uint32_t ch = chars_get(&c, i);
        if (ch == 0 || ch > 0xffff) {
            fits = false;
        } else if (ch != 0xfffe) {
            if (level_1[ch >> 11] == 0xff)
                level_1[ch >> 11] = (uint8_t)count_2++;
            if (level_2[ch >> 7] == 0xff)
                level_2[ch >> 7] = (uint8_t)count_3++;
        }
    }
    if (!fits || count_2 >= 0xff || count_3 >= 0xff)
        return build_dict(t, &c);
    EncodingMap *m = heap_allocate(t, &encoding_map_type, sizeof *m + count_2 * 16 + count_3 * 128);
    if (!m)
        return NO_VALUE;
    memcpy(m->level_1, level_1, sizeof level_1);
    m->count_2 = count_2;
    m->count_3 = count_3;
    memset(m->tables, 0xff, 16 * count_2);
    for (uint32_t block = 0; block < 512; block++)
        if (level_2[block] != 0xff)
            m->tables[16 * level_1[block >> 4] + (block & 15)] = level_2[block];
    uint8_t *bytes = m->tables + 16 * count_2;
    for (size_t i = 1; i < 256; i++) {
        uint32_t ch = chars_get(&c, i);
        if (ch != 0xfffe)
            bytes[128 * level_2[ch >> 7] + (ch & 127)] = (uint8_t)i;
    }
    return from_object(m);
}

static int map_byte(const EncodingMap *m, uint32_t c) {
    if (c > 0xffff || m->level_1[c >> 11] == 0xff)
        return -1;
    uint8_t block = m->tables[16 * m->level_1[c >> 11] + (c >> 7 & 15)];
    if (block == 0xff)
        return -1;
    uint8_t byte = m->tables[16 * m->count_2 + 128 * (size_t)block + (c & 127)];
    return byte || c == 0 ? byte : -1;
}

typedef enum CharResult { CHAR_DONE, CHAR_UNDEFINED, CHAR_FAILED } CharResult;

/* Adds the bytes that the mapping gives for c. */
static CharResult add_mapped(Encoder *e, Value mapping, uint32_t c) {
    Thread *t = e->t;
    if (is_exactly(mapping, &encoding_map_type)) {
        int byte = c == 0 ? 0 : map_byte((EncodingMap *)mapping.bits, c);
        if (byte < 0)
            return CHAR_UNDEFINED;
        textbuf_byte(&e->out, (char)byte);
        return CHAR_DONE;
    }
    Value x = get_item(t, mapping, small_int(c));
    if (absent(x))
        return error_catch(t, &LookupError_type) ? CHAR_UNDEFINED : CHAR_FAILED;
    if (is_none(x))
        return CHAR_UNDEFINED;
    if (is_int(x)) {
        int64_t byte;
        if (!int_to_i64(x, &byte) || byte < 0 || byte > 255) {
            raise_type_error(t, "character mapping must be in range(256)");
            return CHAR_FAILED;
        }
        textbuf_byte(&e->out, (char)byte);
        return CHAR_DONE;
    }
    if (!is_bytes(x)) {
        raise_type_error(t, "character mapping must return integer, bytes or None, not %T", x);
        return CHAR_FAILED;
    }
    textbuf_append(&e->out, as_bytes(x)->data, as_bytes(x)->length);
    return CHAR_DONE;
}

/* Where the run of characters that have no mapping ends. */
static bool undefined_run(Encoder *e, Value mapping, size_t i, size_t *end) {
    size_t size = e->out.size;
    CharResult r = CHAR_UNDEFINED;
    while (i < e->c.length && (r = add_mapped(e, mapping, chars_get(&e->c, i))) == CHAR_UNDEFINED) i++;
    e->out.size = size;
    *end = i;
    return r != CHAR_FAILED;
}

Value encode_charmap(Thread *t, Value v, const char *errors, Value mapping) {
    if (absent(mapping) || is_none(mapping))
        return encode_latin1(t, v, errors);
    Encoder e;
    CHECK(encoder_init(&e, t, "charmap", errors, v));
    for (size_t i = 0; i < e.c.length;) {
        CharResult r = add_mapped(&e, mapping, chars_get(&e.c, i));
        if (r == CHAR_FAILED)
            return encoder_fail(&e);
        if (r == CHAR_DONE) {
            i++;
            continue;
        }
        size_t start = i, end;
        Value replacement;
        if (!undefined_run(&e, mapping, i, &end) || !encoder_error(&e, start, end, undefined, &replacement, &i))
            return encoder_fail(&e);
        if (is_bytes(replacement)) {
            textbuf_append(&e.out, as_bytes(replacement)->data, as_bytes(replacement)->length);
            continue;
        }
        Chars c;
        if (!chars_of(t, replacement, &c))
            return encoder_fail(&e);
        for (size_t k = 0; k < c.length; k++) {
            r = add_mapped(&e, mapping, chars_get(&c, k));
            if (r == CHAR_UNDEFINED)
                encoder_raise(&e, start, end, undefined);
            if (r != CHAR_DONE)
                return encoder_fail(&e);
        }
    }
    return encoder_finish(&e);
}
