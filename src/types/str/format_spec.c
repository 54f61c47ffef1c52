/* The format mini-language: format(str), format(int), format(float), format(complex).
 *
 * A number is laid out as sign, prefix, grouped digits, fraction and rest; everything that comes from the number itself is
 * ASCII, only the fill and a locale's separators may be more.
 */
#include "base/dtoa.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str_layout.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

/* Digits at *i; false with ValueError when the number is too large. -1 when there are none. */
static bool parse_number(Thread *t, const Chars *c, size_t *i, int64_t *out) {
    *out = -1;
    for (; *i < c->length && chars_get(c, *i) >= '0' && chars_get(c, *i) <= '9'; ++*i) {
        int64_t digit = chars_get(c, *i) - '0';
        if (*out < 0)
            *out = 0;
        if (*out > (INT64_MAX - digit) / 10) {
            raise_value_error(t, "Too many decimal digits in format string");
            return false;
        }
        *out = *out * 10 + digit;
    }
    return true;
}

static bool both_separators(Thread *t) {
    raise_value_error(t, "Cannot specify both ',' and '_'.");
    return false;
}

static bool parse_grouping(Thread *t, const Chars *c, size_t *i, uint32_t *out) {
    if (*i < c->length && chars_get(c, *i) == ',')
        *out = chars_get(c, (*i)++);
    if (*i < c->length && chars_get(c, *i) == '_') {
        if (*out)
            return both_separators(t);
        *out = chars_get(c, (*i)++);
    }
    if (*i < c->length && chars_get(c, *i) == ',' && *out == '_')
        return both_separators(t);
    return true;
}

static bool separator_not_allowed(Thread *t, uint32_t separator, uint32_t type) {
    if (type > 32 && type < 128)
        raise_value_error(t, "Cannot specify '%c' with '%c'.", (int)separator, (int)type);
    else
        raise_value_error(t, "Cannot specify '%c' with '\\x%x'.", (int)separator, type);
    return false;
}

static bool check_grouping(Thread *t, const FormatSpec *f) {
    static const char plain[] = "defgEG%F";
    if (f->thousands) {
        bool ok = f->type == 0 || (f->type < 128 && strchr(plain, (int)f->type)) ||
                  (f->thousands == '_' && f->type < 128 && strchr("boxX", (int)f->type));
        if (!ok)
            return separator_not_allowed(t, f->thousands, f->type);
    }
    if (f->fraction_thousands && f->type != 0 && !(f->type < 128 && strchr(plain, (int)f->type)))
        return separator_not_allowed(t, f->fraction_thousands, f->type);
    return true;
}

static bool unknown_code(Thread *t, uint32_t type, Value subject) {
    if (type > 32 && type < 128)
        raise_value_error(t, "Unknown format code '%c' for object of type '%T'", (int)type, subject);
    else
        raise_value_error(t, "Unknown format code '\\x%x' for object of type '%T'", type, subject);
    return false;
}

bool format_spec_parse(Thread *t, Value spec, FormatSpec *f, uint32_t default_type, uint32_t default_align, Value subject) {
    *f = (FormatSpec){.fill = ' ', .align = default_align, .type = default_type, .width = -1, .precision = -1};
    Chars c;
    if (!chars_of(t, spec, &c))
        return false;
    size_t i = 0;
    bool fill_given = false, align_given = false;
    if (c.length >= 2 && is_align(chars_get(&c, 1))) {
        f->fill = chars_get(&c, 0);
        f->align = chars_get(&c, 1);
        fill_given = align_given = true;
        i = 2;
    } else if (c.length >= 1 && is_align(chars_get(&c, 0))) {
        f->align = chars_get(&c, 0);
        align_given = true;
        i = 1;
    }
    if (i < c.length && (chars_get(&c, i) == ' ' || chars_get(&c, i) == '+' || chars_get(&c, i) == '-'))
        f->sign = chars_get(&c, i++);
    if (i < c.length && chars_get(&c, i) == 'z')
        f->no_negative_zero = true, i++;
    if (i < c.length && chars_get(&c, i) == '#')
        f->alternate = true, i++;
    if (!fill_given && i < c.length && chars_get(&c, i) == '0') {
        f->fill = '0';
        if (!align_given && default_align == '>')
            f->align = '=';
        i++;
    }
    if (!parse_number(t, &c, &i, &f->width) || !parse_grouping(t, &c, &i, &f->thousands))
        return false;
    if (i < c.length && chars_get(&c, i) == '.') {
        i++;
        if (!parse_number(t, &c, &i, &f->precision) || !parse_grouping(t, &c, &i, &f->fraction_thousands))
            return false;
        if (f->precision < 0 && !f->fraction_thousands) {
            raise_value_error(t, "Format specifier missing precision");
            return false;
        }
    }
    if (c.length - i > 1) {
        raise_value_error(t, "Invalid format specifier '%S' for object of type '%T'", spec, subject);
        return false;
    }
    if (i < c.length)
        f->type = chars_get(&c, i);
    return check_grouping(t, f);
}

/* Appends `text` padded to the width. */
static Value padded(Thread *t, const FormatSpec *f, Value text, uint32_t align) {
    size_t length = str_length(text);
    if (f->width <= (int64_t)length)
        return text;
    size_t extra = (size_t)f->width - length;
    size_t left = align == '>' ? extra : align == '^' ? extra / 2 : 0;
    StrBuilder b = {0};
    CHECK(str_builder_fill(t, &b, f->fill, left) && str_builder_add(t, &b, text) &&
          str_builder_fill(t, &b, f->fill, extra - left));
    return str_builder_finish(t, &b);
}

Value format_str(Thread *t, Value v, Value spec) {
    FormatSpec f;
    if (str_length(spec) == 0)
        return str_exact(t, v);
    CHECK(format_spec_parse(t, spec, &f, 's', '<', v));
    if (f.type != 's')
        return unknown_code(t, f.type, v), NO_VALUE;
    if (f.sign)
        return raise_value_error(t, f.sign == ' ' ? "Space not allowed in string format specifier"
                                                  : "Sign not allowed in string format specifier");
    if (f.no_negative_zero)
        return raise_value_error(t, "Negative zero coercion (z) not allowed in string format specifier");
    if (f.alternate)
        return raise_value_error(t, "Alternate form (#) not allowed in string format specifier");
    if (f.align == '=')
        return raise_value_error(t, "'=' alignment not allowed in string format specifier");
    if (f.precision >= 0 && f.precision < (int64_t)str_length(v))
        v = TRY(str_slice(t, v, 0, (size_t)f.precision));
    else
        v = TRY(str_exact(t, v));
    return padded(t, &f, v, f.align);
}

/* Numbers */

typedef struct Grouping {
    const char *separator, *point; /* UTF-8, one character each */
    const char *sizes;             /* as localeconv() gives them; NULL: no groups */
} Grouping;

static Grouping grouping_for(const FormatSpec *f) {
    static const char threes[] = "\3", fours[] = "\4";
    Grouping g = {"", ".", NULL};
    if (f->type == 'n') {
        const struct lconv *lc = localeconv();
        g = (Grouping){lc->thousands_sep, lc->decimal_point, *lc->grouping && *lc->thousands_sep ? lc->grouping : NULL};
    } else if (f->thousands) {
        g.separator = f->thousands == ',' ? "," : "_";
        g.sizes = f->type && f->type < 128 && strchr("boxX", (int)f->type) ? fours : threes;
    }
    return g;
}

/* The digits with separators and as many leading zeros as make it at least min_width characters long. */
static void add_grouped(TextBuf *out, const char *digits, size_t count, const Grouping *g, int64_t min_width) {
    TextBuf reversed; /* one character per byte; 1 stands for the separator */
    textbuf_init(&reversed);
    const char *size = g->sizes;
    int64_t left = (int64_t)count;
    for (bool first = true; first || left > 0 || min_width > 0; first = false) {
        if (!first) {
            textbuf_byte(&reversed, 1);
            min_width--;
        }
        int64_t wanted = left > min_width ? left : min_width, group = wanted > 1 ? wanted : 1;
        if (size && *size != 127 && *size > 0 && *size < group)
            group = *size;
        for (int64_t i = 0; i < group; i++) textbuf_byte(&reversed, i < left ? digits[left - 1 - i] : '0');
        left -= group;
        min_width -= group;
        if (size && size[1]) /* the last size repeats */
            size++;
        if (reversed.failed)
            break;
    }
    for (size_t i = reversed.size; i-- > 0;) {
        if (reversed.data[i] == 1)
            textbuf_text(out, g->separator);
        else
            textbuf_byte(out, reversed.data[i]);
    }
    if (reversed.failed)
        textbuf_reserve(out, SIZE_MAX / 2); /* makes it fail too */
    textbuf_free(&reversed);
}

static size_t utf8_length(const char *s, size_t n) {
    size_t length = 0;
    for (size_t i = 0; i < n; i++) length += (s[i] & 0xc0) != 0x80;
    return length;
}

typedef struct NumberText {
    char sign; /* 0: none */
    const char *prefix;
    const char *digits, *fraction, *rest; /* fraction: after the point; rest: exponent, '%', or all of "inf" */
    size_t digit_count, fraction_count, rest_count;
    bool point;
} NumberText;

/* Splits what double_format() made. */
static NumberText split_number(const char *s, size_t n) {
    NumberText x = {.prefix = ""};
    size_t i = 0;
    if (i < n && (s[i] == '-' || s[i] == '+' || s[i] == ' '))
        x.sign = s[i++];
    x.digits = s + i;
    while (i < n && s[i] >= '0' && s[i] <= '9') i++, x.digit_count++;
    if (i < n && s[i] == '.') {
        x.point = true;
        x.fraction = s + ++i;
        while (i < n && s[i] >= '0' && s[i] <= '9') i++, x.fraction_count++;
    }
    x.rest = s + i;
    x.rest_count = n - i;
    return x;
}

static char *put(char *to, const char *from, size_t n) {
    memcpy(to, from, n);
    return to + n;
}
static char *put_fill(char *to, uint32_t fill, size_t n) {
    memset(to, (int)fill, n);
    return to + n;
}

/* lay_out where nothing stands between digits and all is ASCII. */
static Value lay_out_plainly(Thread *t, const FormatSpec *f, const NumberText *x) {
    size_t prefix = strlen(x->prefix), length = (x->sign != 0) + prefix + x->digit_count + x->point + x->fraction_count + x->rest_count;
    size_t extra = f->width > (int64_t)length ? (size_t)f->width - length : 0;
    size_t left = f->align == '>' ? extra : f->align == '^' ? extra / 2 : 0, inner = f->align == '=' ? extra : 0;
    if (length + extra == 1)
        return str_from_ascii(t, x->digit_count ? x->digits : x->rest, 1);
    void *data;
    Value v = TRY(str_new(t, length + extra, 0x7f, &data));
    char *to = put_fill(data, f->fill, left);
    if (x->sign)
        *to++ = x->sign;
    to = put_fill(put(to, x->prefix, prefix), f->fill, inner);
    to = put(to, x->digits, x->digit_count);
    if (x->point)
        to = put(put(to, ".", 1), x->fraction, x->fraction_count);
    put_fill(put(to, x->rest, x->rest_count), f->fill, extra - left - inner);
    return v;
}

static Value lay_out(Thread *t, const FormatSpec *f, const NumberText *x, const Grouping *g) {
    if (f->width > (int64_t)1 << 54)
        return raise_no_memory(t); /* before the zeros are counted out */
    if (!g->sizes && !f->fraction_thousands && f->fill < 128 && g->point[0] == '.' && !g->point[1])
        return lay_out_plainly(t, f, x);
    TextBuf body, head;
    textbuf_init(&body);
    textbuf_init(&head);
    if (x->sign)
        textbuf_byte(&head, x->sign);
    textbuf_text(&head, x->prefix);
    TextBuf tail;
    textbuf_init(&tail);
    if (x->point) {
        textbuf_text(&tail, g->point);
        for (size_t i = 0; i < x->fraction_count; i++) {
            if (f->fraction_thousands && i > 0 && i % 3 == 0)
                textbuf_byte(&tail, (char)f->fraction_thousands);
            textbuf_byte(&tail, x->fraction[i]);
        }
    }
    textbuf_append(&tail, x->rest, x->rest_count);
    int64_t other = (int64_t)(utf8_length(head.data, head.size) + utf8_length(tail.data, tail.size));
    bool zeros = f->align == '=' && f->fill == '0';
    if (x->digit_count || zeros)
        add_grouped(&body, x->digits, x->digit_count, g, zeros ? f->width - other : 0);
    if (x->digit_count == 0 && f->width <= other)
        textbuf_clear(&body); /* "inf" needs no digit of its own */
    Value v = NO_VALUE;
    if (head.failed || body.failed || tail.failed) {
        raise_no_memory(t);
    } else {
        StrBuilder b = {0};
        int64_t length = other + (int64_t)utf8_length(body.data, body.size);
        int64_t extra = f->width > length ? f->width - length : 0;
        int64_t left = f->align == '>' ? extra : f->align == '^' ? extra / 2 : 0;
        int64_t inner = f->align == '=' ? extra : 0;
        bool ok = str_builder_fill(t, &b, f->fill, (size_t)left) && str_builder_add_text(t, &b, textbuf_string(&head)) &&
                  str_builder_fill(t, &b, f->fill, (size_t)inner) && str_builder_add_text(t, &b, textbuf_string(&body)) &&
                  str_builder_add_text(t, &b, textbuf_string(&tail)) &&
                  str_builder_fill(t, &b, f->fill, (size_t)(extra - left - inner));
        v = ok ? str_builder_finish(t, &b) : NO_VALUE;
    }
    textbuf_free(&head);
    textbuf_free(&body);
    textbuf_free(&tail);
    return v;
}

/* Ints */

static Value format_character(Thread *t, Value v, const FormatSpec *f) {
    int64_t c;
    if (f->sign)
        return raise_value_error(t, "Sign not allowed with integer format specifier 'c'");
    if (f->alternate)
        return raise_value_error(t, "Alternate form (#) not allowed with integer format specifier 'c'");
    CHECK(int_as_i64(t, v, &c));
    if (c < 0 || c > 0x10ffff)
        return raise_overflow_error(t, "%%c arg not in range(0x110000)");
    uint32_t align = f->align == '=' ? '>' : f->align;
    return padded(t, f, TRY(str_from_char(t, (uint32_t)c)), align);
}

static Value format_integer(Thread *t, Value v, const FormatSpec *f) {
    if (f->precision >= 0 || f->fraction_thousands)
        return raise_value_error(t, "Precision not allowed in integer format specifier");
    if (f->no_negative_zero)
        return raise_value_error(t, "Negative zero coercion (z) not allowed in integer format specifier");
    if (f->type == 'c')
        return format_character(t, v, f);
    int base = f->type == 'b' ? 2 : f->type == 'o' ? 8 : (f->type | 32) == 'x' ? 16 : 10;
    Value text = TRY(int_to_text(t, v, base));
    char *digits = str_data(t, text);
    size_t count = str_length(text);
    NumberText x = {.prefix = ""};
    if (*digits == '-') {
        x.sign = '-';
        digits++, count--;
    } else if (f->sign == '+' || f->sign == ' ') {
        x.sign = (char)f->sign;
    }
    TextBuf upper;
    textbuf_init(&upper);
    if (f->type == 'X') {
        textbuf_append(&upper, digits, count);
        for (size_t i = 0; i < upper.size; i++)
            if (upper.data[i] >= 'a')
                upper.data[i] -= 32;
        digits = upper.data;
        count = upper.size;
    }
    if (f->alternate && base != 10)
        x.prefix = base == 2 ? "0b" : base == 8 ? "0o" : f->type == 'X' ? "0X" : "0x";
    x.digits = digits;
    x.digit_count = count;
    x.rest = "";
    Grouping g = grouping_for(f);
    Value result = upper.failed ? raise_no_memory(t) : lay_out(t, f, &x, &g);
    textbuf_free(&upper);
    keep_alive((void *)text.bits);
    return result;
}

/* Floats */

/* The text of one double by the spec's type and precision, sign flag included. False: ValueError. */
static bool double_text(Thread *t, const FormatSpec *f, double d, bool complex_part, unsigned extra_flags, TextBuf *out) {
    unsigned flags = extra_flags | (f->alternate ? DOUBLE_ALTERNATE : 0) | (f->no_negative_zero ? DOUBLE_NO_NEGATIVE_ZERO : 0);
    char code = (char)f->type;
    int64_t precision = f->precision;
    bool percent = false;
    if (precision > INT32_MAX) {
        raise_value_error(t, "precision too big");
        return false;
    }
    if (f->type == 0) {
        code = 'r';
        if (!complex_part)
            flags |= DOUBLE_DOT_ZERO;
        if (precision >= 0)
            code = 'g';
    } else if (code == 'n') {
        code = 'g';
    } else if (code == '%') {
        code = 'f';
        d *= 100;
        percent = true;
    }
    double_format(out, d, code, precision < 0 ? 6 : (int)precision, flags);
    if (percent)
        textbuf_byte(out, '%');
    return true;
}

static bool is_float_type(uint32_t type) { return type == 0 || (type < 128 && strchr("eEfFgGn%", (int)type)); }

static Value format_double(Thread *t, double d, const FormatSpec *f) {
    TextBuf text;
    textbuf_init(&text);
    Value v = NO_VALUE;
    if (double_text(t, f, d, false, f->sign == '+' ? DOUBLE_SIGN : 0, &text)) {
        NumberText x = split_number(textbuf_string(&text), text.size);
        if (!x.sign && f->sign == ' ')
            x.sign = ' ';
        Grouping g = grouping_for(f);
        v = text.failed ? raise_no_memory(t) : lay_out(t, f, &x, &g);
    }
    textbuf_free(&text);
    return v;
}

Value format_float(Thread *t, Value v, Value spec) {
    FormatSpec f;
    if (str_length(spec) == 0)
        return to_str(t, v);
    CHECK(format_spec_parse(t, spec, &f, 0, '>', v));
    if (!is_float_type(f.type))
        return unknown_code(t, f.type, v), NO_VALUE;
    return format_double(t, float_value(v), &f);
}

Value format_int(Thread *t, Value v, Value spec) {
    FormatSpec f;
    if (str_length(spec) == 0)
        return to_str(t, v);
    CHECK(format_spec_parse(t, spec, &f, 'd', '>', v));
    if (f.type < 128 && strchr("bcdoxXn", (int)f.type))
        return format_integer(t, v, &f);
    double d;
    if (f.type == 0 || !is_float_type(f.type))
        return unknown_code(t, f.type, v), NO_VALUE;
    CHECK(int_as_double(t, v, &d));
    return format_double(t, d, &f);
}

/* One part of a complex number, laid out without padding. */
static bool add_part(Thread *t, StrBuilder *b, const FormatSpec *f, double d, bool imaginary) {
    TextBuf text;
    textbuf_init(&text);
    bool ok = double_text(t, f, d, true, imaginary || f->sign == '+' ? DOUBLE_SIGN : 0, &text);
    if (ok) {
        NumberText x = split_number(textbuf_string(&text), text.size);
        if (!x.sign && !imaginary && f->sign == ' ')
            x.sign = ' ';
        Grouping g = grouping_for(f);
        FormatSpec bare = *f;
        bare.width = -1;
        bare.align = '<';
        Value v = text.failed ? raise_no_memory(t) : lay_out(t, &bare, &x, &g);
        ok = present(v) && str_builder_add(t, b, v);
    }
    textbuf_free(&text);
    return ok;
}

Value format_complex(Thread *t, Value v, Value spec) {
    FormatSpec f;
    if (str_length(spec) == 0)
        return to_str(t, v);
    CHECK(format_spec_parse(t, spec, &f, 0, '>', v));
    if (!is_float_type(f.type) || f.type == '%')
        return unknown_code(t, f.type, v), NO_VALUE;
    if (f.fill == '0')
        return raise_value_error(t, "Zero padding is not allowed in complex format specifier");
    if (f.align == '=')
        return raise_value_error(t, "'=' alignment flag is not allowed in complex format specifier");
    const ComplexObject *c = (ComplexObject *)v.bits;
    bool skip_real = f.type == 0 && c->real == 0.0 && !signbit(c->real), parentheses = f.type == 0 && !skip_real;
    StrBuilder b = {0};
    CHECK(!parentheses || str_builder_add_char(t, &b, '('));
    CHECK(skip_real || add_part(t, &b, &f, c->real, false));
    if (skip_real) /* the imaginary part is all there is: the sign is as asked for */
        CHECK(add_part(t, &b, &f, c->imag, false));
    else
        CHECK(add_part(t, &b, &f, c->imag, true));
    CHECK(str_builder_add_char(t, &b, 'j') && (!parentheses || str_builder_add_char(t, &b, ')')));
    return padded(t, &f, TRY(str_builder_finish(t, &b)), f.align);
}
