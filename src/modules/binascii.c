/* binascii: binary data as text and back: hexadecimal, base64, uuencode, quoted-printable; and checksums. */
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <zlib.h>

static Value binascii_error(Thread *t) { return t->isolate->slots[ISOLATE_BINASCII_ERROR]; }
#define RAISE(...) raise_error(t, as_type(binascii_error(t)), __VA_ARGS__)

/* The input of the a2b functions: bytes-like, or a str of ASCII characters. */
static bool ascii_get(Thread *t, Value v, Buffer *out) {
    if (is_str(v)) {
        if (!str_is_ascii(v)) {
            raise_value_error(t, "string argument should contain only ASCII characters");
            return false;
        }
        char *data = str_data(t, v);
        if (!data)
            return false;
        buffer_fill(out, NO_VALUE, data, str_length(v), true);
        return true;
    }
    if (!has_buffer(v)) {
        raise_type_error(t, "argument should be bytes, buffer or ASCII string, not '%T'", v);
        return false;
    }
    return buffer_get_contiguous(t, v, out, false);
}

static void ascii_release(Thread *t, Buffer *b) {
    if (present(b->owner))
        buffer_release(t, b);
}

/* Output whose largest size is known beforehand, cut to what was written. */
static Value cut(Thread *t, Value bytes, size_t length) {
    return length == as_bytes(bytes)->length ? bytes : bytes_new(t, as_bytes(bytes)->data, length);
}

/* ---- hexadecimal ---- */

static int hex_digit(unsigned char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static Value unhexlify(Thread *t, Value *args) {
    Buffer b;
    CHECK(ascii_get(t, args[0], &b));
    Value result = NO_VALUE;
    if (b.length % 2) {
        RAISE("Odd-length string");
    } else if (present(result = bytes_new(t, NULL, b.length / 2))) {
        for (size_t i = 0; i < b.length; i += 2) {
            int high = hex_digit((unsigned char)b.data[i]), low = hex_digit((unsigned char)b.data[i + 1]);
            if (high < 0 || low < 0) {
                result = RAISE("Non-hexadecimal digit found");
                break;
            }
            as_bytes(result)->data[i / 2] = (char)(high << 4 | low);
        }
    }
    ascii_release(t, &b);
    return result;
}

/* bytes.hex does the work: the same separators and the same errors. */
static Value hexlify(Thread *t, Value *args) {
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    Value copy = bytes_new(t, b.data, b.length);
    buffer_release(t, &b);
    TRY(copy);
    Value method_args[3] = {NO_VALUE, args[1], args[2]}; /* the first word is scratch */
    Value text = TRY(call_method(t, copy, names.hex, method_args + 1, present(args[1]) ? 2 : 0));
    return bytes_new(t, str_data(t, text), str_length(text));
}

/* ---- base64 ---- */

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(unsigned char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decodes into `out`; returns the length, or -1 with an error pending. Padding ends a group; data that follows it goes
 * on with the bits left over, except in strict mode, where it is an error. */
static int64_t base64_decode(Thread *t, const Buffer *b, bool strict, uint8_t *out) {
    const unsigned char *in = (const unsigned char *)b->data;
    uint8_t *start = out;
    uint32_t left = 0;
    int place = 0;
    size_t pads = 0;
    for (size_t i = 0; i < b->length; i++) {
        unsigned char c = in[i];
        if (c == '=') {
            pads++;
            if (strict && place == 0)
                return RAISE(i == 0 ? "Leading padding not allowed" : "Excess padding not allowed"), -1;
            if (strict && place == 1)
                break;
            if (strict && (size_t)place + pads > 4)
                return RAISE("Excess padding not allowed"), -1;
            continue;
        }
        int value = base64_value(c);
        if (value < 0) {
            if (strict)
                return RAISE("Only base64 data is allowed"), -1;
            continue;
        }
        if (pads && strict)
            return RAISE((size_t)place + pads == 4 ? "Excess data after padding" : "Discontinuous padding not allowed"), -1;
        pads = 0;
        switch (place) {
        case 0: place = 1, left = (uint32_t)value; break;
        case 1: place = 2, *out++ = (uint8_t)(left << 2 | (uint32_t)value >> 4), left = value & 15; break;
        case 2: place = 3, *out++ = (uint8_t)(left << 4 | (uint32_t)value >> 2), left = value & 3; break;
        default: place = 0, *out++ = (uint8_t)(left << 6 | (uint32_t)value), left = 0; break;
        }
    }
    if (place == 1)
        return RAISE("Invalid base64-encoded string: number of data characters (%zd) cannot be 1 more than a multiple of 4",
                     (out - start) / 3 * 4 + 1), -1;
    if (place && (size_t)place + pads < 4)
        return RAISE("Incorrect padding"), -1;
    return out - start;
}

static Value a2b_base64(Thread *t, Value *args) {
    int strict = truth(t, args[1]);
    Buffer b;
    CHECK(strict >= 0 && ascii_get(t, args[0], &b));
    Value result = bytes_new(t, NULL, (b.length + 3) / 4 * 3);
    int64_t length = absent(result) ? -1 : base64_decode(t, &b, strict, (uint8_t *)as_bytes(result)->data);
    ascii_release(t, &b);
    return length < 0 ? NO_VALUE : cut(t, result, (size_t)length);
}

static Value b2a_base64(Thread *t, Value *args) {
    int newline = truth(t, args[1]);
    Buffer b;
    CHECK(newline >= 0 && buffer_get_contiguous(t, args[0], &b, false));
    Value result = bytes_new(t, NULL, (b.length + 2) / 3 * 4 + (size_t)newline);
    if (present(result)) {
        char *out = as_bytes(result)->data;
        const uint8_t *in = (const uint8_t *)b.data;
        for (size_t i = 0; i < b.length; i += 3) {
            size_t n = b.length - i;
            uint32_t group = (uint32_t)in[i] << 16 | (n > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (n > 2 ? in[i + 2] : 0);
            *out++ = base64_alphabet[group >> 18];
            *out++ = base64_alphabet[group >> 12 & 63];
            *out++ = n > 1 ? base64_alphabet[group >> 6 & 63] : '=';
            *out++ = n > 2 ? base64_alphabet[group & 63] : '=';
        }
        if (newline)
            *out = '\n';
    }
    buffer_release(t, &b);
    return result;
}

/* ---- uuencode: a line is its length and groups of six bits, each plus a space ---- */

static Value a2b_uu(Thread *t, Value *args) {
    Buffer b;
    CHECK(ascii_get(t, args[0], &b));
    const unsigned char *in = (const unsigned char *)b.data, *end = in + b.length;
    size_t wanted = b.length ? (*in++ - ' ') & 63 : 32, length = 0;
    if (!b.length) {
        ascii_release(t, &b);
        return RAISE("Missing length byte");
    }
    Value result = bytes_new(t, NULL, wanted);
    uint32_t left = 0, bits = 0;
    while (present(result) && length < wanted) {
        unsigned char c = in < end ? *in : 0;
        uint32_t value = 0;
        if (c != '\n' && c != '\r' && in < end) { /* a line that ends early stands for zeros */
            if (c < ' ' || c > ' ' + 64) {
                result = RAISE("Illegal char");
                break;
            }
            value = (c - ' ') & 63;
        }
        in += in < end;
        left = left << 6 | value, bits += 6;
        if (bits >= 8) {
            bits -= 8;
            as_bytes(result)->data[length++] = (char)(left >> bits);
            left &= (1u << bits) - 1;
        }
    }
    for (; present(result) && in < end; in++)
        if (*in != ' ' && *in != '`' && *in != '\n' && *in != '\r')
            result = RAISE("Trailing garbage");
    ascii_release(t, &b);
    return result;
}

static Value b2a_uu(Thread *t, Value *args) {
    int backtick = truth(t, args[1]);
    Buffer b;
    CHECK(backtick >= 0 && buffer_get_contiguous(t, args[0], &b, false));
    Value result = NO_VALUE;
    if (b.length > 45) {
        RAISE("At most 45 bytes at once");
    } else if (present(result = bytes_new(t, NULL, 2 + (b.length + 2) / 3 * 4))) {
        char *out = as_bytes(result)->data;
        const uint8_t *in = (const uint8_t *)b.data;
        *out++ = backtick && !b.length ? '`' : (char)(b.length + ' ');
        for (size_t i = 0; i < b.length; i += 3) {
            size_t n = b.length - i;
            uint32_t group = (uint32_t)in[i] << 16 | (n > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (n > 2 ? in[i + 2] : 0);
            for (int shift = 18; shift >= 0; shift -= 6) {
                uint32_t six = group >> shift & 63;
                *out++ = backtick && !six ? '`' : (char)(six + ' ');
            }
        }
        *out = '\n';
    }
    buffer_release(t, &b);
    return result;
}

/* ---- quoted-printable: RFC 1521 ---- */

static Value a2b_qp(Thread *t, Value *args) {
    int header = truth(t, args[1]);
    Buffer b;
    CHECK(header >= 0 && ascii_get(t, args[0], &b));
    Value result = bytes_new(t, NULL, b.length);
    size_t length = 0, i = 0;
    while (present(result) && i < b.length) {
        char c = b.data[i++], *out = as_bytes(result)->data;
        if (c != '=') {
            out[length++] = header && c == '_' ? ' ' : c;
            continue;
        }
        if (i >= b.length)
            break;
        if (b.data[i] == '\n' || b.data[i] == '\r') { /* a soft line break */
            while (i < b.length && b.data[i] != '\n')
                i++;
            i += i < b.length;
        } else if (b.data[i] == '=') { /* broken, but seen in the wild */
            out[length++] = '=';
            i++;
        } else if (i + 1 < b.length && hex_digit((unsigned char)b.data[i]) >= 0 &&
                   hex_digit((unsigned char)b.data[i + 1]) >= 0) {
            out[length++] = (char)(hex_digit((unsigned char)b.data[i]) << 4 | hex_digit((unsigned char)b.data[i + 1]));
            i += 2;
        } else {
            out[length++] = '=';
        }
    }
    ascii_release(t, &b);
    return absent(result) ? result : cut(t, result, length);
}

typedef struct QuotedLine {
    const uint8_t *in;
    size_t length;
    bool quote_tabs, is_text, header, crlf;
} QuotedLine;

static bool must_quote(const QuotedLine *q, size_t i, size_t column) {
    uint8_t c = q->in[i];
    bool last = i + 1 == q->length, at_end = last || q->in[i + 1] == '\n' || (q->in[i + 1] == '\r' && q->is_text && i + 2 < q->length && q->in[i + 2] == '\n');
    if (c > 126 || c == '=' || (q->header && c == '_'))
        return true;
    if (c == '.' && column == 0)
        return last || q->in[i + 1] == '\n' || q->in[i + 1] == '\r' || q->in[i + 1] == 0;
    if (!q->is_text && (c == '\r' || c == '\n'))
        return true;
    if ((c == '\t' || c == ' ') && (last || (at_end && q->is_text)))
        return !(q->header && c == ' ') || last || q->quote_tabs;
    return c < 33 && c != '\r' && c != '\n' && c != '\t' && c != ' ' ? true
           : c < 33 && c != '\r' && c != '\n' && q->quote_tabs;
}

static Value b2a_qp(Thread *t, Value *args) {
    int quote_tabs = truth(t, args[1]), is_text = truth(t, args[2]), header = truth(t, args[3]);
    Buffer b;
    CHECK(quote_tabs >= 0 && is_text >= 0 && header >= 0 && buffer_get_contiguous(t, args[0], &b, false));
    QuotedLine q = {(const uint8_t *)b.data, b.length, quote_tabs, is_text, header, false};
    const uint8_t *first = memchr(q.in, '\n', q.length);
    q.crlf = first && first > q.in && first[-1] == '\r';
    Value result = bytes_new(t, NULL, q.length * 6 + 8);
    size_t n = 0, column = 0;
    for (size_t i = 0; present(result) && i < q.length; i++) {
        char *out = as_bytes(result)->data;
        uint8_t c = q.in[i];
        if (must_quote(&q, i, column)) {
            if (column + 3 >= 76) {
                out[n++] = '=';
                if (q.crlf)
                    out[n++] = '\r';
                out[n++] = '\n';
                column = 0;
            }
            out[n++] = '=';
            out[n++] = "0123456789ABCDEF"[c >> 4];
            out[n++] = "0123456789ABCDEF"[c & 15];
            column += 3;
        } else if (is_text && (c == '\n' || (c == '\r' && i + 1 < q.length && q.in[i + 1] == '\n'))) {
            if (q.crlf)
                out[n++] = '\r';
            out[n++] = '\n';
            i += c == '\r';
            column = 0;
        } else {
            bool more = i + 1 != q.length && q.in[i + 1] != '\n';
            if (more && column + 1 >= 76) {
                out[n++] = '=';
                if (q.crlf)
                    out[n++] = '\r';
                out[n++] = '\n';
                column = 0;
            }
            column++;
            out[n++] = header && c == ' ' ? '_' : (char)c;
        }
    }
    buffer_release(t, &b);
    return absent(result) ? result : cut(t, result, n);
}

/* ---- checksums ---- */

/* The low bits of an int argument, as C's conversion to unsigned takes them. */
static bool read_word(Thread *t, Value v, uint64_t *out) {
    Value i = index_of(t, v);
    if (absent(i))
        return false;
    IntView view;
    int_view(i, &view);
    uint64_t low = view.count ? view.limbs[0] : 0;
    *out = view.negative ? -low : low;
    return true;
}

static Value crc_hqx(Thread *t, Value *args) {
    uint64_t crc;
    Buffer b;
    CHECK(read_word(t, args[1], &crc) && buffer_get_contiguous(t, args[0], &b, false));
    crc &= 0xffff;
    for (size_t i = 0; i < b.length; i++) {
        crc ^= (uint64_t)(uint8_t)b.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
    buffer_release(t, &b);
    return small_int((int64_t)crc);
}

static Value binascii_crc32(Thread *t, Value *args) {
    uint64_t crc;
    Buffer b;
    CHECK(read_word(t, args[1], &crc) && buffer_get_contiguous(t, args[0], &b, false));
    crc = crc32_z((uint32_t)crc, (const Bytef *)b.data, b.length);
    buffer_release(t, &b);
    return small_int((int64_t)crc);
}

static const NativeDef functions[] = {
    {"a2b_base64(data, /, *, strict_mode=False)", a2b_base64,
     "Decode a line of base64 data.\n\n  strict_mode\n    When set to True, bytes that are not part of the base64 "
     "standard are not allowed.\n    The same applies to excess data after padding (= / ==)."},
    {"a2b_hex(hexstr, /)", unhexlify,
     "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex digits (upper or lower "
     "case).\nThis function is also available as \"unhexlify()\"."},
    {"unhexlify(hexstr, /)", unhexlify,
     "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex digits (upper or lower case)."},
    {"a2b_qp(data, header=False)", a2b_qp, "Decode a string of qp-encoded data."},
    {"a2b_uu(data, /)", a2b_uu, "Decode a line of uuencoded data."},
    {"b2a_base64(data, /, *, newline=True)", b2a_base64, "Base64-code line of data."},
    {"b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)", hexlify,
     "Hexadecimal representation of binary data.\n\n  sep\n    An optional single character or byte to separate hex "
     "bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, "
     "negative values count from the left."},
    {"hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)", hexlify,
     "Hexadecimal representation of binary data.\n\n  sep\n    An optional single character or byte to separate hex "
     "bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, "
     "negative values count from the left."},
    {"b2a_qp(data, quotetabs=False, istext=True, header=False)", b2a_qp,
     "Encode a string using quoted-printable encoding.\n\nOn encoding, when istext is set, newlines are not encoded, "
     "and white\nspace at end of lines is.  When istext is not set, \\r and \\n (CR/LF)\nare both encoded.  When "
     "quotetabs is set, space and tabs are encoded."},
    {"b2a_uu(data, /, *, backtick=False)", b2a_uu, "Uuencode line of data."},
    {"crc32(data, crc=0, /)", binascii_crc32, "Compute CRC-32 incrementally."},
    {"crc_hqx(data, crc, /)", crc_hqx, "Compute CRC-CCITT incrementally."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    Value error = module_new_exception(t, module, "Error", &ValueError_type);
    if (absent(error))
        return false;
    isolate_keep(t, ISOLATE_BINASCII_ERROR, error);
    return present(module_new_exception(t, module, "Incomplete", &Exception_type));
}

NATIVE_MODULE(binascii) = {
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = functions,
    .init = init,
};
