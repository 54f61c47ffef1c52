/* binascii: base64.
 *
 * Threads: pure functions.
 */
#include "modules/binascii/binascii.h"

static int six_bits(uint8_t c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static Value not_complete(Thread *t, size_t groups, unsigned phase) {
    if (phase == 1)
        return binascii_error(t,
                              "Invalid base64-encoded string: number of data characters (%zu) cannot be 1 more than a "
                              "multiple of 4",
                              groups / 3 * 4 + 1);
    return binascii_error(t, "Incorrect padding");
}

/* What is no character of the alphabet is skipped, unless strict. */
static Value decode(Thread *t, const char *data, size_t length, bool strict) {
    char *out = malloc(length / 4 * 3 + 4);
    if (out == NULL)
        return raise_no_memory(t);
    Value v = NO_VALUE;
    size_t made = 0;
    unsigned phase = 0, pads = 0, left = 0;
    if (strict && length && data[0] == '=') {
        binascii_error(t, "Leading padding not allowed");
        goto done;
    }
    for (size_t i = 0; i < length; i++) {
        uint8_t c = (uint8_t)data[i];
        if (c == '=') {
            pads++;
            if (phase >= 2 && phase + pads >= 4) { /* a whole group */
                if (strict && i + 1 < length) {
                    binascii_error(t, data[i + 1] == '=' ? "Excess padding not allowed" : "Excess data after padding");
                    goto done;
                }
                v = bytes_new(t, out, made);
                goto done;
            }
            if (strict && phase == 0) {
                binascii_error(t, "Excess padding not allowed");
                goto done;
            }
            continue;
        }
        int bits = six_bits(c);
        if (bits < 0) {
            if (strict) {
                binascii_error(t, "Only base64 data is allowed");
                goto done;
            }
            continue;
        }
        if (strict && pads && phase >= 2) {
            binascii_error(t, "Discontinuous padding not allowed");
            goto done;
        }
        pads = 0;
        if (phase)
            out[made++] = (char)(left << (phase * 2) | (unsigned)bits >> (6 - phase * 2));
        left = (unsigned)bits;
        phase = (phase + 1) % 4;
    }
    v = phase ? not_complete(t, made, phase) : bytes_new(t, out, made);
done:
    free(out);
    return v;
}

static Value a2b_base64(Thread *t, Value *args) {
    Buffer b;
    bool strict;
    CHECK(as_bool(t, args[1], &strict) && binascii_input(t, args[0], &b));
    Value v = decode(t, b.data, b.length, strict);
    binascii_release(t, &b);
    return v;
}

static Value b2a_base64(Thread *t, Value *args) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Buffer b;
    bool newline;
    CHECK(as_bool(t, args[1], &newline) && buffer_get_contiguous(t, args[0], &b, false));
    Value v = bytes_new(t, NULL, (b.length + 2) / 3 * 4 + newline);
    if (present(v)) {
        char *to = as_bytes(v)->data;
        const uint8_t *from = (const uint8_t *)b.data;
        for (size_t i = 0; i < b.length; i += 3) {
            size_t rest = b.length - i;
            unsigned bits = (unsigned)from[i] << 16 | (rest > 1 ? (unsigned)from[i + 1] << 8 : 0) | (rest > 2 ? from[i + 2] : 0);
            *to++ = alphabet[bits >> 18];
            *to++ = alphabet[bits >> 12 & 63];
            *to++ = rest > 1 ? alphabet[bits >> 6 & 63] : '=';
            *to++ = rest > 2 ? alphabet[bits & 63] : '=';
        }
        if (newline)
            *to = '\n';
    }
    buffer_release(t, &b);
    return v;
}

const NativeDef binascii_base64_functions[] = {
    {"a2b_base64(data, /, *, strict_mode=False)", a2b_base64, "base64 text as bytes."},
    {"b2a_base64(data, /, *, newline=True)", b2a_base64, "Bytes as base64 text."},
    {NULL, NULL, NULL, 0},
};
