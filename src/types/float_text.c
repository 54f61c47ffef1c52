/* float: text in and out, decimal and hexadecimal.
 *
 * Threads: pure functions.
 */
#include "types/float.h"

#include "base/dtoa.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/numeric_text.h"
#include "types/rounding.h"
#include "types/str/str.h"

Value float_repr(Thread *t, double d) {
    TextBuf text;
    textbuf_init(&text);
    double_format(&text, d, 'r', 0, DOUBLE_DOT_ZERO);
    Value v = str_from_ascii(t, text.data, text.size); /* a repr fits the buffer's inline part: cannot fail */
    textbuf_free(&text);
    return v;
}

static bool parse(const char *s, size_t length, double *out) {
    const char *end = s + length;
    while (s < end && is_number_space(*s))
        s++;
    while (s < end && is_number_space(end[-1]))
        end--;
    length = (size_t)(end - s);
    if (length == 0)
        return false;
    if (memchr(s, '_', length) == NULL)
        return double_parse(s, length, out) == length;
    TextBuf plain;
    textbuf_init(&plain);
    bool ok = numeric_drop_underscores(s, length, &plain) && !plain.failed && plain.size &&
              double_parse(plain.data, plain.size, out) == plain.size;
    textbuf_free(&plain);
    return ok;
}

static Value cannot_convert(Thread *t, Value argument) {
    return raise_value_error(t, "could not convert string to float: %R", argument);
}

Value float_from_str(Thread *t, Value str) {
    TextBuf text;
    textbuf_init(&text);
    double d = 0;
    bool ok = numeric_text(t, str, &text) && parse(text.data, text.size, &d);
    textbuf_free(&text);
    if (ok)
        return float_from_double(t, d);
    return error_pending(t) ? NO_VALUE : cannot_convert(t, str);
}

Value float_from_byte_text(Thread *t, const char *data, size_t length, Value argument) {
    double d;
    return parse(data, length, &d) ? float_from_double(t, d) : cannot_convert(t, argument);
}

Value float_round(Thread *t, double x, int64_t ndigits) {
    enum { MOST = 323, LEAST = -308 };
    if (!isfinite(x) || ndigits > MOST)
        return float_from_double(t, x);
    if (ndigits < LEAST)
        return float_from_double(t, 0.0 * x);
    DoubleDigits digits;
    double_round_decimals(fabs(x), (int)ndigits, &digits);
    if (digits.count == 0)
        return float_from_double(t, copysign(0.0, x));
    TextBuf text;
    textbuf_init(&text);
    textbuf_text(&text, "0.");
    textbuf_append(&text, digits.digits, (size_t)digits.count);
    textbuf_format(&text, "e%d", digits.point);
    double d = 0;
    if (!text.failed)
        double_parse(text.data, text.size, &d);
    bool failed = text.failed;
    textbuf_free(&text);
    if (failed)
        return raise_no_memory(t);
    if (isinf(d))
        return raise_overflow_error(t, "rounded value too large to represent");
    return float_from_double(t, copysign(d, x));
}

Value float_hex(Thread *t, double d) {
    if (!isfinite(d))
        return float_repr(t, d);
    const char *sign = signbit(d) ? "-" : "";
    if (d == 0)
        return format_text(t, "%s0x0.0p+0", sign);
    uint64_t bits;
    memcpy(&bits, &d, 8);
    int exponent = (int)(bits >> 52 & 2047);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    char text[32];
    int length = snprintf(text, sizeof text, "%s0x%d.%013llxp%+d", sign, exponent != 0,
                          (unsigned long long)fraction, exponent ? exponent - 1023 : -1022);
    return str_from_ascii(t, text, (size_t)length);
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool starts_with(const char **s, const char *end, const char *lower_case) {
    size_t n = strlen(lower_case);
    if ((size_t)(end - *s) < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (((*s)[i] | 0x20) != lower_case[i])
            return false;
    *s += n;
    return true;
}

/* Up to 60 bits of the digits' value; `rest` says whether anything not zero came after them. */
typedef struct HexDigits {
    uint64_t mantissa;
    int64_t exponent; /* of the mantissa's last bit, from the point */
    bool rest, any;
} HexDigits;

static const char *read_hex_digits(const char *s, const char *end, HexDigits *d) {
    bool point = false;
    for (; s < end; s++) {
        if (*s == '.' && !point) {
            point = true;
            continue;
        }
        int digit = hex_digit(*s);
        if (digit < 0)
            break;
        d->any = true;
        if (d->mantissa >> 56 == 0) {
            d->mantissa = d->mantissa << 4 | (unsigned)digit;
            d->exponent -= point ? 4 : 0;
        } else {
            d->rest |= digit != 0;
            d->exponent += point ? 0 : 4;
        }
    }
    return s;
}

/* NULL: not an exponent. Saturates far outside of what any double has. */
static const char *read_exponent(const char *s, const char *end, int64_t *out) {
    const int64_t limit = INT64_C(1) << 60;
    bool negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+'))
        s++;
    if (s == end || *s < '0' || *s > '9')
        return NULL;
    int64_t e = 0;
    for (; s < end && *s >= '0' && *s <= '9'; s++)
        if (e < limit / 16)
            e = e * 10 + (*s - '0');
    *out = negative ? -e : e;
    return s;
}

static const char *read_hex(const char *s, const char *end, double *out) {
    if (starts_with(&s, end, "inf")) {
        starts_with(&s, end, "inity");
        *out = INFINITY;
        return s;
    }
    if (starts_with(&s, end, "nan")) {
        *out = NAN;
        return s;
    }
    starts_with(&s, end, "0x");
    HexDigits digits = {0};
    s = read_hex_digits(s, end, &digits);
    if (!digits.any)
        return NULL;
    int64_t exponent = 0;
    if (s < end && (*s | 0x20) == 'p' && (s = read_exponent(s + 1, end, &exponent)) == NULL)
        return NULL;
    *out = round_to_double(digits.mantissa << 1 | digits.rest, exponent + digits.exponent - 1);
    return s;
}

Value float_from_hex(Thread *t, Value str) {
    size_t length;
    const char *s = str_utf8(t, str, &length);
    if (s == NULL)
        return NO_VALUE;
    const char *end = s + length;
    while (s < end && is_number_space(*s))
        s++;
    bool negative = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+'))
        s++;
    double d = 0;
    const char *digits = s;
    s = read_hex(s, end, &d);
    while (s && s < end && is_number_space(*s))
        s++;
    bool named = digits < end && (*digits | 0x20) == 'i';
    bool complete = s == end;
    keep_alive(as_object(str));
    if (!complete)
        return raise_value_error(t, "invalid hexadecimal floating-point string");
    if (isinf(d) && !named)
        return raise_overflow_error(t, "hexadecimal value too large to represent as a float");
    return float_from_double(t, negative ? -d : d);
}
