/* int: to and from text in bases 2 to 36.
 *
 * Conversions between decimal (any base that is not a power of two) and binary take more than linear time, so
 * the number of digits is limited (sys.set_int_max_str_digits, 0: no limit).
 * Threads: pure functions; the limit is a plain field of the isolate.
 */
#include "types/int/int_layout.h"

#include "types/bytes.h"
#include "types/numeric_text.h"
#include "types/str/str.h"

enum { DIGITS_ALWAYS_ALLOWED = 640 };

static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 36;
}

static bool is_power_of_two(int base) { return (base & (base - 1)) == 0; }

static bool too_many_digits(Thread *t, size_t digits) {
    int64_t limit = load_relaxed(&t->isolate->int_max_str_digits);
    return digits > DIGITS_ALWAYS_ALLOWED && limit > 0 && digits > (size_t)limit;
}

/* digit_count digits among `length` characters that are digits of the base and underscores. */
static Value from_digits(Thread *t, const char *text, size_t length, size_t digit_count, int base,
                         bool negative) {
    if (digit_count <= 12) { /* 36^12 < 2^63 */
        int64_t value = 0;
        for (size_t i = 0; i < length; i++)
            if (text[i] != '_')
                value = value * base + digit_value(text[i]);
        return int_from(t, negative ? -value : value);
    }
    if (!is_power_of_two(base) && too_many_digits(t, digit_count))
        return raise_value_error(t,
                                 "Exceeds the limit (%lld digits) for integer string conversion: value has %zu "
                                 "digits; use sys.set_int_max_str_digits() to increase the limit",
                                 (long long)load_relaxed(&t->isolate->int_max_str_digits), digit_count);
    unsigned char *digits = malloc(digit_count);
    if (digits == NULL)
        return raise_no_memory(t);
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '_')
            digits[n++] = (unsigned char)digit_value(text[i]);
    size_t bits_per_digit = 64 - (size_t)__builtin_clzll((uint64_t)base - 1);
    IntObject *r = int_allocate(t, digit_count * bits_per_digit / 64 + 2);
    Value v = NO_VALUE;
    if (r != NULL && int_work_room(t, digit_count * bits_per_digit / 64)) {
        size_t count = (size_t)mpn_set_str(r->limbs, digits, digit_count, base);
        v = int_finish(r, count, negative);
    }
    free(digits);
    return v;
}

Value int_from_text(Thread *t, const char *digits, size_t length, int base) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += digits[i] != '_';
    return from_digits(t, digits, length, count, base, false);
}

static int prefix_base(const char *s, const char *end) {
    if (end - s < 2 || s[0] != '0')
        return 0;
    char c = s[1] | 0x20;
    return c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
}

/* What nearly all numbers look like: up to 18 decimal digits and perhaps a sign. */
static bool parse_plain(const char *s, size_t length, int64_t *out) {
    bool negative = length > 1 && *s == '-';
    uint64_t value = 0;
    if (length - negative - 1 >= 18)
        return false;
    for (size_t i = negative; i < length; i++) {
        unsigned digit = (unsigned)(s[i] - '0');
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

static bool are_decimal_digits(uint64_t eight) {
    constexpr uint64_t high = 0xf0f0f0f0f0f0f0f0, threes = 0x3030303030303030, six = 0x0606060606060606;
    return (eight & high) == threes && ((eight + six) & high) == threes;
}

/* The decimal digits at the start, in steps of eight: a refusal of too many takes less time than their conversion. */
static size_t decimal_digits(const char *s, const char *end) {
    const char *p = s;
    for (uint64_t eight; end - p >= 8; p += 8) {
        memcpy(&eight, p, 8);
        if (!are_decimal_digits(eight))
            break;
    }
    return (size_t)(p - s);
}

/* Absent without exception: not the text of an int in that base. */
static Value parse(Thread *t, const char *s, size_t length, int base) {
    int64_t plain;
    if (base == 10 && parse_plain(s, length, &plain))
        return int_from(t, plain);
    const char *end = s + length;
    bool negative = false, must_be_zero = false;
    while (s < end && is_number_space(*s))
        s++;
    while (s < end && is_number_space(end[-1]))
        end--;
    if (s < end && (*s == '+' || *s == '-'))
        negative = *s++ == '-';
    int prefix = prefix_base(s, end);
    if (base == 0) {
        must_be_zero = !prefix && s < end && *s == '0';
        base = prefix ? prefix : 10;
    }
    if (prefix == base && prefix) {
        s += 2;
        if (s < end && *s == '_')
            s++;
    }
    size_t digits = base < 10 || must_be_zero ? 0 : decimal_digits(s, end);
    const char *p = s + digits;
    char previous = digits ? '0' : '_';
    bool only_zeros = true;
    for (; p < end && (*p == '_' || digit_value(*p) < base); p++) {
        if (*p == '_' && previous == '_')
            return NO_VALUE;
        digits += *p != '_';
        only_zeros &= *p == '_' || *p == '0';
        previous = *p;
    }
    if (previous == '_' || (must_be_zero && !only_zeros))
        return NO_VALUE;
    if (p != end && (is_power_of_two(base) || !too_many_digits(t, digits)))
        return NO_VALUE;
    return from_digits(t, s, (size_t)(p - s), digits, base, negative);
}

static Value invalid_literal(Thread *t, Value argument, int base) {
    if (error_pending(t))
        return NO_VALUE;
    Value text = TRY(numeric_excerpt(t, argument));
    return raise_value_error(t, "invalid literal for int() with base %d: %S", base, text);
}

Value int_from_str(Thread *t, Value str, int base) {
    Value v = NO_VALUE;
    if (str_is_ascii(str)) {
        const char *data = str_data(t, str);
        CHECK(data != NULL);
        v = parse(t, data, str_length(str), base);
        keep_alive(as_object(str));
        return present(v) ? v : invalid_literal(t, str, base);
    }
    TextBuf text;
    textbuf_init(&text);
    if (numeric_text(t, str, &text))
        v = parse(t, text.data, text.size, base);
    textbuf_free(&text);
    return present(v) ? v : invalid_literal(t, str, base);
}

Value int_from_byte_text(Thread *t, const char *data, size_t length, int base, Value argument) {
    Value v = parse(t, data, length, base);
    if (present(v))
        return v;
    if (!is_exactly(argument, &bytes_type))
        argument = TRY(bytes_new(t, data, length));
    return invalid_literal(t, argument, base);
}

static Value text_of_small(Thread *t, int64_t i, int base) {
    char buffer[66], *end = buffer + sizeof buffer, *p = end;
    uint64_t u = magnitude_of(i);
    static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
                                "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    if (base == 10) {
        for (; u >= 100; u /= 100)
            memcpy(p -= 2, pairs + u % 100 * 2, 2);
        if (u >= 10)
            memcpy(p -= 2, pairs + u * 2, 2);
        else
            *--p = (char)('0' + u);
    } else if (is_power_of_two(base)) {
        int bits = __builtin_ctz((unsigned)base);
        do
            *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[u & ((unsigned)base - 1)];
        while (u >>= bits);
    } else {
        do
            *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[u % (unsigned)base];
        while (u /= (unsigned)base);
    }
    if (i < 0)
        *--p = '-';
    return str_from_ascii(t, p, (size_t)(end - p));
}

static Value exceeds_limit(Thread *t) {
    return raise_value_error(t,
                             "Exceeds the limit (%lld digits) for integer string conversion; use "
                             "sys.set_int_max_str_digits() to increase the limit",
                             (long long)load_relaxed(&t->isolate->int_max_str_digits));
}

Value int_to_text(Thread *t, Value v, int base) {
    int64_t small;
    if (small_value(v, &small))
        return text_of_small(t, small, base);
    IntView view;
    view_int(v, &view);
    int64_t limit = load_relaxed(&t->isolate->int_max_str_digits);
    uint64_t bits = view_bit_length(&view);
    if (base == 10 && limit > 0 && bits > 3 * DIGITS_ALWAYS_ALLOWED && (double)(bits - 1) * 0.30102 > limit + 2)
        return exceeds_limit(t);
    /* mpn_get_str destroys its operand, hence the copy. */
    size_t size = mpn_sizeinbase(view.limbs, (mp_size_t)view.count, base) + 2;
    uint64_t *limbs = malloc((view.count + 1) * sizeof *limbs);
    unsigned char *digits = malloc(size);
    Value result = NO_VALUE;
    if (limbs == NULL || digits == NULL) {
        raise_no_memory(t);
        goto done;
    }
    if (!int_work_room(t, view.count))
        goto done;
    memcpy(limbs, view.limbs, view.count * sizeof *limbs);
    size_t count = mpn_get_str(digits, base, limbs, (mp_size_t)view.count);
    size_t skip = 0;
    while (skip + 1 < count && digits[skip] == 0)
        skip++;
    count -= skip;
    if (base == 10 && too_many_digits(t, count)) {
        exceeds_limit(t);
        goto done;
    }
    void *data;
    result = str_new(t, count + view.negative, 127, &data);
    if (absent(result))
        goto done;
    char *to = data;
    if (view.negative)
        *to++ = '-';
    for (size_t i = 0; i < count; i++)
        to[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[digits[skip + i]];
done:
    free(limbs);
    free(digits);
    return result;
}
