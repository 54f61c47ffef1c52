/* format % args, for str, bytes and bytearray: one parser, two kinds of output.
 *
 * Numbers become ASCII text, padding included, before they are put out; so both kinds share them.
 */
#include "base/dtoa.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes_methods.h"
#include "types/int/int.h"
#include "types/str/str_layout.h"
#include "types/str/str_methods.h"
#include "types/tuple.h"

enum { LEFT = 1, SIGN = 2, BLANK = 4, ALTERNATE = 8, ZERO = 16 };

typedef struct Percent {
    Thread *t;
    bool bytes;
    Chars format;
    size_t i;
    Value args, mapping; /* mapping absent: there is none */
    size_t next, count;
    bool keyed;          /* the argument of this conversion came by key */
    Value argument;
    unsigned flags;
    int64_t width, precision;
    uint32_t conversion;
    StrBuilder text; /* output of str */
    TextBuf out;     /* output of bytes, and scratch for numbers of str */
} Percent;

static bool at_end(Percent *p) {
    if (p->i < p->format.length)
        return false;
    raise_value_error(p->t, "incomplete format");
    return true;
}

static bool next_argument(Percent *p, Value *out) {
    if (p->keyed) {
        p->keyed = false;
        *out = p->argument;
        return true;
    }
    if (p->next >= p->count) {
        raise_type_error(p->t, "not enough arguments for format string");
        return false;
    }
    *out = is_tuple(p->args) ? tuple_get(p->args, p->next) : p->args;
    p->next++;
    return true;
}

/* "(key)" */
static bool parse_key(Percent *p) {
    if (absent(p->mapping)) {
        raise_type_error(p->t, "format requires a mapping");
        return false;
    }
    size_t start = ++p->i;
    for (int depth = 1; depth > 0; p->i++) {
        if (p->i >= p->format.length) {
            raise_value_error(p->t, "incomplete format key");
            return false;
        }
        uint32_t c = chars_get(&p->format, p->i);
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    Chars part = chars_part(p->format, start, p->i - 1);
    Value key = p->bytes ? bytes_new(p->t, part.data, part.length) : str_from_part(p->t, part);
    p->argument = absent(key) ? NO_VALUE : get_item(p->t, p->mapping, key);
    p->keyed = true;
    p->next = p->count; /* no positional arguments from here on */
    return present(p->argument);
}

/* A number or '*'. A width is at most INT64_MAX, a precision INT32_MAX. */
static bool parse_amount(Percent *p, int64_t *out, const char *what) {
    bool precision = what[0] == 'p';
    int64_t most = precision ? INT32_MAX : INT64_MAX;
    if (chars_get(&p->format, p->i) == '*') {
        Value v;
        int64_t n;
        if (!next_argument(p, &v))
            return false;
        if (!is_int(v)) {
            raise_type_error(p->t, "* wants int");
            return false;
        }
        if (!int_to_i64(v, &n) || (precision && (n > INT32_MAX || n < INT32_MIN))) {
            raise_overflow_error(p->t, "Python int too large to convert to C %s", precision ? "int" : "ssize_t");
            return false;
        }
        if (n == INT64_MIN) {
            raise_overflow_error(p->t, "width too big");
            return false;
        }
        *out = n;
        p->i++;
        return !at_end(p);
    }
    for (; p->i < p->format.length; p->i++) {
        uint32_t c = chars_get(&p->format, p->i);
        if (c < '0' || c > '9')
            break;
        if (*out < 0)
            *out = 0;
        if (*out > (most - (int64_t)(c - '0')) / 10) {
            raise_value_error(p->t, "%s too big", what);
            return false;
        }
        *out = *out * 10 + (c - '0');
    }
    return !at_end(p);
}

static bool parse_conversion(Percent *p) {
    p->flags = 0;
    p->width = p->precision = -1;
    p->keyed = false;
    if (at_end(p) || (chars_get(&p->format, p->i) == '(' && (!parse_key(p) || at_end(p))))
        return false;
    for (;;) {
        static const char flag_chars[] = "-+ #0";
        uint32_t c = chars_get(&p->format, p->i);
        const char *flag = c < 128 && c ? strchr(flag_chars, (int)c) : NULL;
        if (!flag)
            break;
        p->flags |= 1u << (flag - flag_chars);
        p->i++;
        if (at_end(p))
            return false;
    }
    if (!parse_amount(p, &p->width, "width"))
        return false;
    if (p->width < -1) {
        p->flags |= LEFT;
        p->width = -p->width;
    }
    if (chars_get(&p->format, p->i) == '.') {
        p->i++;
        p->precision = 0;
        if (at_end(p) || !parse_amount(p, &p->precision, "precision"))
            return false;
        if (p->precision < 0)
            p->precision = 0;
    }
    uint32_t c = chars_get(&p->format, p->i);
    if (c == 'h' || c == 'l' || c == 'L') {
        p->i++;
        if (at_end(p))
            return false;
    }
    p->conversion = chars_get(&p->format, p->i++);
    return true;
}

/* Output */

static bool put(Percent *p, Chars c) {
    if (!p->bytes)
        return c.length == 0 || str_builder_add_chars(p->t, &p->text, c);
    textbuf_append(&p->out, c.data, c.length);
    return true;
}

static bool put_fill(Percent *p, size_t count) {
    if (!p->bytes)
        return str_builder_fill(p->t, &p->text, ' ', count);
    textbuf_fill(&p->out, ' ', count);
    return true;
}

/* Text cut to the precision and padded to the width. */
static bool put_padded(Percent *p, Chars c) {
    if (p->precision >= 0 && c.length > (size_t)p->precision)
        c.length = (size_t)p->precision;
    size_t extra = p->width > (int64_t)c.length ? (size_t)p->width - c.length : 0;
    bool left = p->flags & LEFT;
    return put_fill(p, left ? 0 : extra) && put(p, c) && put_fill(p, left ? extra : 0);
}

/* A number: sign, prefix and digits, with zeros or blanks to the width. */
static bool put_number(Percent *p, char sign, const char *prefix, const char *digits, size_t count) {
    TextBuf b;
    textbuf_init(&b);
    size_t length = (sign != 0) + strlen(prefix) + count;
    size_t extra = p->width > (int64_t)length ? (size_t)p->width - length : 0;
    bool left = p->flags & LEFT, zeros = (p->flags & ZERO) && !left;
    textbuf_fill(&b, ' ', left || zeros ? 0 : extra);
    if (sign)
        textbuf_byte(&b, sign);
    textbuf_text(&b, prefix);
    textbuf_fill(&b, '0', zeros ? extra : 0);
    textbuf_append(&b, digits, count);
    textbuf_fill(&b, ' ', left ? extra : 0);
    bool ok = !b.failed && put(p, (Chars){b.data, b.size, 1});
    if (b.failed)
        raise_no_memory(p->t);
    textbuf_free(&b);
    return ok;
}

static char sign_for(Percent *p, bool negative) {
    return negative ? '-' : p->flags & SIGN ? '+' : p->flags & BLANK ? ' ' : 0;
}

/* Conversions */

static bool wrong_number(Percent *p, Value v, bool integer_only) {
    raise_type_error(p->t, integer_only ? "%%%c format: an integer is required, not %T" : "%%%c format: a real number is required, not %T",
                     (int)p->conversion, v);
    return false;
}

static bool integer_argument(Percent *p, Value v, Value *out) {
    *out = v;
    if (is_int(v))
        return true;
    bool integer_only = p->conversion == 'x' || p->conversion == 'X' || p->conversion == 'o';
    const NativeFn *slots = type_of(v)->slots;
    if (is_str(v) || is_bytes(v) || (!slots[SLOT___index__] && (integer_only || (!slots[SLOT___int__] && !is_float(v)))))
        return wrong_number(p, v, integer_only);
    *out = integer_only ? index_of(p->t, v) : to_int(p->t, v);
    if (present(*out))
        return true;
    return error_catch(p->t, &TypeError_type) ? wrong_number(p, v, integer_only) : false;
}

static bool put_integer(Percent *p, Value v) {
    Value number;
    if (!integer_argument(p, v, &number))
        return false;
    int base = p->conversion == 'o' ? 8 : (p->conversion | 32) == 'x' ? 16 : 10;
    if (p->precision > INT32_MAX - 3) {
        raise_overflow_error(p->t, "precision too large");
        return false;
    }
    Value text = int_to_text(p->t, number, base);
    if (absent(text))
        return false;
    const char *s = str_data(p->t, text);
    size_t count = str_length(text);
    bool negative = *s == '-';
    s += negative;
    count -= negative;
    TextBuf digits;
    textbuf_init(&digits);
    if (p->precision > (int64_t)count)
        textbuf_fill(&digits, '0', (size_t)p->precision - count);
    for (size_t i = 0; i < count; i++) textbuf_byte(&digits, p->conversion == 'X' && s[i] >= 'a' ? (char)(s[i] - 32) : s[i]);
    const char *prefix = !(p->flags & ALTERNATE) || base == 10 ? "" : base == 8 ? "0o" : p->conversion == 'X' ? "0X" : "0x";
    bool ok = !digits.failed;
    if (ok)
        ok = put_number(p, sign_for(p, negative), prefix, digits.data, digits.size);
    else
        raise_no_memory(p->t);
    textbuf_free(&digits);
    keep_alive((void *)text.bits);
    return ok;
}

static bool put_float(Percent *p, Value v) {
    double d;
    if (!to_double(p->t, v, &d)) {
        if (p->bytes && error_catch(p->t, &TypeError_type))
            raise_type_error(p->t, "float argument required, not %T", v);
        return false;
    }
    if (p->precision == INT32_MAX) {
        raise_value_error(p->t, "precision too big");
        return false;
    }
    TextBuf b;
    textbuf_init(&b);
    double_format(&b, d, (char)p->conversion, p->precision < 0 ? 6 : (int)p->precision,
                  p->flags & ALTERNATE ? DOUBLE_ALTERNATE : 0);
    bool ok = !b.failed;
    if (ok) {
        bool negative = b.data[0] == '-';
        ok = put_number(p, sign_for(p, negative), "", b.data + negative, b.size - negative);
    } else {
        raise_no_memory(p->t);
    }
    textbuf_free(&b);
    return ok;
}

static bool put_str(Percent *p, Value v) {
    Chars c;
    return present(v) && chars_of(p->t, v, &c) && put_padded(p, c);
}

static bool put_character(Percent *p, Value v) {
    Thread *t = p->t;
    if (p->bytes) {
        uint8_t byte;
        int64_t i;
        if (is_bytes(v) || is_instance_of(v, &bytearray_type)) {
            Chars c = bytes_view(v);
            if (c.length != 1) {
                raise_type_error(t, "%%c requires an integer in range(256) or a single byte, not a %s object of length %zd",
                                 is_bytes(v) ? "bytes" : "bytearray", c.length);
                return false;
            }
            return put_padded(p, c);
        }
        Value index = is_int(v) || type_slot(type_of(v), SLOT___index__) ? index_of(t, v) : NO_VALUE;
        if (absent(index)) {
            if (!error_pending(t))
                raise_type_error(t, "%%c requires an integer in range(256) or a single byte, not %S", qualified_type_name(t, v));
            return false;
        }
        if (!int_to_i64(index, &i) || i < 0 || i > 255) {
            raise_overflow_error(t, "%%c arg not in range(256)");
            return false;
        }
        byte = (uint8_t)i;
        return put_padded(p, (Chars){&byte, 1, 1});
    }
    if (is_str(v)) {
        if (str_length(v) == 1)
            return put_str(p, v);
        raise_type_error(t, "%%c requires an int or a unicode character, not a string of length %zd", str_length(v));
        return false;
    }
    if (!is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "%%c requires an int or a unicode character, not %S", qualified_type_name(t, v));
        return false;
    }
    int64_t c;
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_i64(index, &c) || c < 0 || c > 0x10ffff) {
        raise_overflow_error(t, "%%c arg not in range(0x110000)");
        return false;
    }
    return put_str(p, str_from_char(t, (uint32_t)c));
}

/* %s and %b of bytes formatting */
static bool put_bytes_like(Percent *p, Value v) {
    Thread *t = p->t;
    if (!is_bytes(v) && !is_instance_of(v, &bytearray_type)) {
        Value method = is_object(v) ? type_lookup_special(t, v, names.__bytes__) : NO_VALUE;
        if (error_pending(t))
            return false;
        if (present(method)) {
            v = call_0(t, method);
            if (absent(v))
                return false;
            if (!is_bytes(v)) {
                raise_type_error(t, "__bytes__ returned non-bytes (type %T)", v);
                return false;
            }
        } else if (!has_buffer(v)) {
            raise_type_error(t, "%%b requires a bytes-like object, or an object that implements __bytes__, not '%T'", v);
            return false;
        }
    }
    Piece piece;
    if (!piece_get(t, v, &piece))
        return false;
    bool ok = put_padded(p, piece.chars);
    piece_release(t, &piece);
    return ok;
}

static bool put_conversion(Percent *p) {
    Thread *t = p->t;
    Value v;
    if (!next_argument(p, &v))
        return false;
    switch (p->conversion) {
    case 's': return p->bytes ? put_bytes_like(p, v) : put_str(p, to_str(t, v));
    case 'b':
        if (p->bytes)
            return put_bytes_like(p, v);
        break;
    case 'r': return put_str(p, p->bytes ? to_ascii(t, v) : repr(t, v));
    case 'a': return put_str(p, to_ascii(t, v));
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': return put_integer(p, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return put_float(p, v);
    case 'c': return put_character(p, v);
    }
    raise_value_error(t, "unsupported format character '%c' (0x%x) at index %zd",
                      p->conversion > 31 && p->conversion < 128 ? (int)p->conversion : '?', p->conversion, p->i - 1);
    return false;
}

static bool run(Percent *p) {
    while (p->i < p->format.length) {
        Chars rest = chars_part(p->format, p->i, p->format.length);
        int64_t percent = chars_find_char(rest, '%');
        size_t literal = percent < 0 ? rest.length : (size_t)percent;
        if (!put(p, chars_part(rest, 0, literal)))
            return false;
        p->i += literal;
        if (percent < 0)
            break;
        p->i++;
        if (p->i < p->format.length && chars_get(&p->format, p->i) == '%') {
            if (!put(p, chars_part(p->format, p->i, p->i + 1)))
                return false;
            p->i++;
            continue;
        }
        if (!parse_conversion(p) || !put_conversion(p))
            return false;
        if (present(p->mapping) && p->keyed)
            p->keyed = false;
    }
    if (p->next < p->count && absent(p->mapping)) {
        raise_type_error(p->t, "not all arguments converted during %s formatting", p->bytes ? "bytes" : "string");
        return false;
    }
    return true;
}

/* The common case in one go: an ASCII format whose conversions are %s of short ASCII texts and %d, %s, %x of small ints, with
 * nothing but a width and zeros, and a short result. */

enum { AT_ONCE = 256, LONGEST_NUMBER = 24 };

/* Writes the digits so that they end at `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t n, unsigned base) {
    do
        *--end = "0123456789abcdef"[n % base];
    while (n /= base);
    return end;
}

/* The text of an argument, in `room` if it has to be made. false: not of these kinds. */
static bool text_at_once(Value v, uint32_t conversion, char room[LONGEST_NUMBER], Chars *out) {
    if (is_small_int(v)) {
        int64_t n = small_int_value(v);
        uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
        char *end = room + LONGEST_NUMBER;
        char *start = conversion == 'x' ? digits_before(end, size, 16) : digits_before(end, size, 10);
        if (n < 0)
            *--start = '-';
        *out = (Chars){start, (size_t)(end - start), 1};
        return true;
    }
    if (conversion != 's' || !is_exactly(v, &str_type) || !str_is_ascii(v))
        return false;
    *out = (Chars){load_dependent(&as_str(v)->data), str_length(v), 1};
    return out->data != NULL;
}

/* Pads to the width as %0Nd and %Ns do. */
static char *pad_at_once(char *to, Chars *text, size_t width, bool zeros) {
    size_t missing = width > text->length ? width - text->length : 0;
    if (zeros && *(const char *)text->data == '-') {
        *to++ = '-';
        *text = chars_part(*text, 1, text->length);
    }
    memset(to, zeros ? '0' : ' ', missing);
    return to + missing;
}

static Value format_at_once(Thread *t, Chars format, const Value *args, size_t count) {
    char out[AT_ONCE], *to = out, room[LONGEST_NUMBER];
    const char *s = format.data, *end = s + format.length;
    size_t next = 0;
    while (s < end) {
        if (to == out + AT_ONCE)
            return NO_VALUE;
        if (*s != '%' || (s + 1 < end && s[1] == '%')) {
            *to++ = *s;
            s += *s == '%' ? 2 : 1;
            continue;
        }
        bool zeros = ++s < end && *s == '0';
        size_t width = 0;
        for (; s < end && *s >= '0' && *s <= '9' && width < AT_ONCE; s++) width = width * 10 + (size_t)(*s - '0');
        if (s == end || next == count || (*s != 's' && *s != 'd' && *s != 'x') || (zeros && *s == 's'))
            return NO_VALUE;
        Chars text;
        if (!text_at_once(args[next++], (uint32_t)*s++, room, &text) ||
            (text.length > width ? text.length : width) > (size_t)(out + AT_ONCE - to))
            return NO_VALUE;
        if (width > text.length)
            to = pad_at_once(to, &text, width, zeros);
        to = copy_bytes(to, text.data, text.length);
    }
    return next == count ? str_from_ascii(t, out, (size_t)(to - out)) : NO_VALUE;
}

static Percent start(Thread *t, Value args, bool bytes) {
    Percent p = {.t = t, .bytes = bytes, .args = args};
    p.count = is_tuple(args) ? tuple_length(args) : 1;
    if (!is_tuple(args) && !is_str(args) && !(bytes && (is_bytes(args) || is_instance_of(args, &bytearray_type))) &&
        type_slot(type_of(args), SLOT___getitem__))
        p.mapping = args;
    return p;
}

Value str_format_percent(Thread *t, Value format, Value args) {
    Percent p = start(t, args, false);
    CHECK(chars_of(t, format, &p.format));
    if (str_is_ascii(format) && absent(p.mapping)) {
        Value v = format_at_once(t, p.format, is_tuple(args) ? as_tuple(args)->items : &args, p.count);
        if (likely(present(v)) || error_pending(t))
            return v;
    }
    return run(&p) ? str_builder_finish(t, &p.text) : NO_VALUE;
}

Value bytes_format_percent(Thread *t, Value self, Value args) {
    Percent p = start(t, args, true);
    Value format = is_bytes(self) ? self : TRY(bytearray_copy(t, self)); /* it may change while arguments are converted */
    p.format = bytes_view(format);
    textbuf_init(&p.out);
    Value v = NO_VALUE;
    if (run(&p))
        v = p.out.failed ? raise_no_memory(t) : bytes_like_new(t, self, p.out.data, p.out.size);
    textbuf_free(&p.out);
    return v;
}
