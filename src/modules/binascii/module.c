/* binascii: the module, hexadecimal, uuencode, checksums.
 *
 * Threads: pure functions.
 */
#include "modules/binascii/binascii.h"

#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/module.h"

#include <zlib.h>

Value binascii_error_class(Thread *t) { return tuple_get(t->isolate->slots[ISOLATE_BINASCII], 0); }

bool binascii_input(Thread *t, Value v, Buffer *b) {
    if (is_str(v)) {
        if (!str_is_ascii(v)) {
            raise_value_error(t, "string argument should contain only ASCII characters");
            return false;
        }
        *b = (Buffer){.data = str_data(t, v), .length = str_length(v), .read_only = true};
        b->internal = (void *)v.bits; /* keeps the str alive; there is nothing to release */
        return b->data != NULL;
    }
    if (!has_buffer(v)) {
        raise_type_error(t, "argument should be bytes, buffer or ASCII string, not '%T'", v);
        return false;
    }
    return buffer_get_contiguous(t, v, b, false);
}
void binascii_release(Thread *t, Buffer *b) {
    if (present(b->owner))
        buffer_release(t, b);
    else
        keep_alive(b->internal);
}

/* Hexadecimal */

static int nibble(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Value from_hex(Thread *t, Value *args) {
    Buffer b;
    CHECK(binascii_input(t, args[0], &b));
    Value v = NO_VALUE;
    if (b.length % 2)
        binascii_error(t, "Odd-length string");
    else
        v = bytes_new(t, NULL, b.length / 2);
    for (size_t i = 0; present(v) && i < b.length / 2; i++) {
        int high = nibble(b.data[2 * i]), low = nibble(b.data[2 * i + 1]);
        if (high < 0 || low < 0)
            v = binascii_error(t, "Non-hexadecimal digit found");
        else
            as_bytes(v)->data[i] = (char)(high << 4 | low);
    }
    binascii_release(t, &b);
    return v;
}

/* The separator's character; -1: none; -2: error. */
static int separator(Thread *t, Value sep) {
    if (absent(sep))
        return -1;
    int64_t length = length_of(t, sep);
    if (length < 0)
        return -2;
    if (length != 1) {
        raise_value_error(t, "sep must be length 1.");
        return -2;
    }
    if (is_bytes(sep))
        return (uint8_t)as_bytes(sep)->data[0];
    if (!is_str(sep)) {
        raise_type_error(t, "sep must be str or bytes.");
        return -2;
    }
    uint32_t c = str_char(str_data(t, sep), str_kind(sep), 0);
    if (c <= 255)
        return (int)c;
    raise_value_error(t, "sep must be ASCII.");
    return -2;
}

/* Groups are counted from the right for a positive size, from the left for a negative one. */
static Value to_hex(Thread *t, Value *args) {
    int group, sep;
    Buffer b;
    CHECK((sep = separator(t, args[1])) != -2 && as_c_int(t, args[2], &group));
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    size_t step = sep < 0 ? 0 : group < 0 ? -(size_t)group : (size_t)group;
    size_t separators = step && b.length ? (b.length - 1) / step : 0;
    Value v = bytes_new(t, NULL, b.length * 2 + separators);
    char *to = present(v) ? as_bytes(v)->data : NULL;
    for (size_t i = 0; to && i < b.length; i++) {
        size_t distance = group < 0 ? i : b.length - i;
        if (i && step && distance % step == 0)
            *to++ = (char)sep;
        *to++ = "0123456789abcdef"[(uint8_t)b.data[i] >> 4];
        *to++ = "0123456789abcdef"[b.data[i] & 15];
    }
    buffer_release(t, &b);
    return v;
}

/* uuencode: a length, then six bits per character */

static Value from_uu(Thread *t, Value *args) {
    Buffer b;
    CHECK(binascii_input(t, args[0], &b));
    Value v = NO_VALUE;
    const char *s = b.data, *end = s + b.length;
    if (s == end) {
        binascii_error(t, "Missing length byte");
        goto done;
    }
    size_t length = (size_t)((*s++ - ' ') & 63), made = 0;
    v = bytes_new(t, NULL, length);
    unsigned bits = 0, pending = 0;
    while (present(v) && made < length) {
        uint8_t c = s < end ? (uint8_t)*s : 0;
        if (s >= end || c == '\n' || c == '\r') { /* trailing spaces may have been cut off */
            c = 0;
        } else if (c < ' ' || c > ' ' + 64) {
            v = binascii_error(t, "Illegal char");
            break;
        } else {
            c = (c - ' ') & 63;
        }
        if (s < end)
            s++;
        bits = bits << 6 | c;
        pending += 6;
        if (pending >= 8) {
            pending -= 8;
            as_bytes(v)->data[made++] = (char)(bits >> pending);
            bits &= (1u << pending) - 1;
        }
    }
    for (; present(v) && s < end; s++)
        if (*s != ' ' && *s != ' ' + 64 && *s != '\n' && *s != '\r')
            v = binascii_error(t, "Trailing garbage");
done:
    binascii_release(t, &b);
    return v;
}

static Value to_uu(Thread *t, Value *args) {
    Buffer b;
    bool backtick;
    CHECK(as_bool(t, args[1], &backtick) && buffer_get_contiguous(t, args[0], &b, false));
    Value v = NO_VALUE;
    if (b.length > 45) {
        binascii_error(t, "At most 45 bytes at once");
    } else if (present(v = bytes_new(t, NULL, 2 + (b.length + 2) / 3 * 4))) {
        char *to = as_bytes(v)->data, zero = backtick ? '`' : ' ';
        *to++ = b.length ? (char)(' ' + b.length) : zero;
        for (size_t i = 0; i < b.length; i += 3) {
            unsigned bits = 0;
            for (size_t k = 0; k < 3; k++)
                bits = bits << 8 | (i + k < b.length ? (uint8_t)b.data[i + k] : 0);
            for (int shift = 18; shift >= 0; shift -= 6) {
                unsigned six = bits >> shift & 63;
                *to++ = six ? (char)(' ' + six) : zero;
            }
        }
        *to = '\n';
    }
    buffer_release(t, &b);
    return v;
}

/* Checksums */

static Value crc32_(Thread *t, Value *args) {
    Buffer b;
    Value start = TRY(index_of(t, args[1]));
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    uint32_t crc = (uint32_t)crc32_z((uint32_t)int_mask_u64(start), (const Bytef *)b.data, b.length);
    buffer_release(t, &b);
    return small_int(crc);
}

static Value crc_hqx(Thread *t, Value *args) {
    Buffer b;
    Value start = TRY(index_of(t, args[1]));
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    uint32_t crc = (uint32_t)int_mask_u64(start) & 0xffff;
    for (size_t i = 0; i < b.length; i++) {
        crc ^= (uint32_t)(uint8_t)b.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 0x8000 ? (crc << 1 ^ 0x1021) & 0xffff : crc << 1;
    }
    buffer_release(t, &b);
    return small_int(crc);
}

static const NativeDef functions[] = {
    {"a2b_hex(hexstr, /)", from_hex, "The bytes that hexadecimal text stands for."},
    {"unhexlify(hexstr, /)", from_hex, "The bytes that hexadecimal text stands for."},
    {"b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)", to_hex, "Bytes as hexadecimal text."},
    {"hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)", to_hex, "Bytes as hexadecimal text."},
    {"a2b_uu(data, /)", from_uu, "A line of uuencoded text as bytes."},
    {"b2a_uu(data, /, *, backtick=False)", to_uu, "Bytes as a line of uuencoded text."},
    {"crc32(data, crc=0, /)", crc32_, "The CRC-32 checksum."},
    {"crc_hqx(data, crc, /)", crc_hqx, "The CRC-CCITT checksum."},
    {NULL, NULL, NULL, 0},
};

static Value error_class(Thread *t, const char *text, Type *base) {
    Value name = TRY(str_intern_text(t, text)), module = TRY(str_intern_text(t, "binascii"));
    Value bases = TRY(tuple_pack(t, 1, from_object(base))), namespace = TRY(dict_new(t));
    CHECK(dict_set(t, namespace, names.__module__, module));
    return type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
}

static bool init(Thread *t, Value module) {
    Value *state = &t->isolate->slots[ISOLATE_BINASCII], module_name = str_intern_text(t, "binascii");
    if (absent(*state)) { /* a second module object shares the first one's state */
        Value error = error_class(t, "Error", &ValueError_type);
        Value incomplete = absent(error) ? error : error_class(t, "Incomplete", &Exception_type);
        if (absent(incomplete) || absent(*state = tuple_pack(t, 2, error, incomplete)))
            return false;
    }
    const NativeDef *const tables[] = {binascii_base64_functions, binascii_quoted_functions};
    for (int i = 0; i < 2; i++)
        for (const NativeDef *def = tables[i]; present(module_name) && def->signature; def++) {
            Value name = native_name(t, def);
            Value function = absent(name) ? name : native_function_new(t, def, module, module_name);
            if (absent(function) || !dict_set(t, module_dict(module), name, function))
                return false;
        }
    return module_add(t, module, "Error", tuple_get(*state, 0)) && module_add(t, module, "Incomplete", tuple_get(*state, 1));
}

NATIVE_MODULE(binascii) = {
    .name = "binascii",
    .doc = "Bytes as text in several encodings.",
    .functions = functions,
    .init = init,
};
