/* Python values as the library takes them, with CPython's messages. Threads: no state. */
#include "modules/_curses/curses.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>

/* Numbers */

bool curses_int(Thread *t, Value v, int *out) {
    int64_t wide;
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    bool fits = int_to_i64(index, &wide) && wide == (int)wide;
    if (!fits)
        raise_overflow_error(t, "Python int too large to convert to C int");
    *out = fits ? (int)wide : 0;
    return fits;
}

bool curses_short(Thread *t, Value v, int *out) {
    int64_t wide;
    if (!as_c_long(t, v, &wide))
        return false;
    if (wide == (short)wide) {
        *out = (int)wide;
        return true;
    }
    raise_overflow_error(t, "signed short integer is %s", wide > 0 ? "greater than maximum" : "less than minimum");
    return false;
}

static bool as_long(Thread *t, Value v, long *out) {
    int64_t wide;
    bool ok = as_c_long(t, v, &wide);
    *out = ok ? (long)wide : 0;
    return ok;
}

static bool as_unsigned(Thread *t, Value v, unsigned *out) {
    uint64_t wide = 0;
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    bool fits = int_sign(index) >= 0 && int_to_u64(index, &wide) && wide <= UINT_MAX;
    if (int_sign(index) < 0)
        raise_value_error(t, "Cannot convert negative int");
    else if (!fits)
        raise_overflow_error(t, "Python int too large for C unsigned int");
    *out = (unsigned)wide;
    return fits;
}

bool curses_parse(Thread *t, Value args, const char *format, ...) {
    va_list list;
    bool ok = true;
    va_start(list, format);
    for (size_t i = 0; ok && format[i]; i++) {
        Value v = tuple_get(args, i);
        switch (format[i]) {
        case 'i':
            ok = as_c_int(t, v, va_arg(list, int *));
            break;
        case 'h':
            ok = curses_short(t, v, va_arg(list, int *));
            break;
        case 'u':
            ok = as_unsigned(t, v, va_arg(list, unsigned *));
            break;
        case 'l':
            ok = as_long(t, v, va_arg(list, long *));
            break;
        case 'p':
            ok = as_bool(t, v, va_arg(list, bool *));
            break;
        default:
            *va_arg(list, Value *) = v;
        }
    }
    va_end(list);
    return ok;
}

/* Out of range of long: -1 or 1 in *sign, which is 0 otherwise. */
static bool as_long_or_sign(Thread *t, Value v, int64_t *out, int *sign) {
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    *sign = int_to_i64(index, out) ? 0 : int_sign(index);
    return true;
}

bool curses_color(Thread *t, Value v, int least, int *out) {
    int64_t number = 0;
    int sign;
    if (!as_long_or_sign(t, v, &number, &sign))
        return false;
    int colors = LIBRARY(t, COLORS);
    if (sign > 0 || (sign == 0 && number >= colors)) {
        raise_value_error(t, "Color number is greater than COLORS-1 (%d).", colors - 1);
        return false;
    }
    *out = sign < 0 || number < 0 ? -1 : (int)number;
    if (*out < least)
        raise_value_error(t, "Color number is less than 0.");
    return *out >= least;
}

bool curses_color_pair(Thread *t, Value v, int *out) {
    int64_t number = 0;
    int sign;
    if (!as_long_or_sign(t, v, &number, &sign))
        return false;
    bool fits = sign == 0 && number >= 0 && number <= INT_MAX;
    if (!fits && (sign > 0 || (sign == 0 && number > 0)))
        raise_value_error(t, "Color pair is greater than maximum (%d).", INT_MAX);
    else if (!fits)
        raise_value_error(t, "Color pair is less than 0.");
    *out = fits ? (int)number : 0;
    return fits;
}

bool curses_color_component(Thread *t, Value v, int *out) {
    int64_t number = 0;
    int sign;
    if (!as_long_or_sign(t, v, &number, &sign))
        return false;
    bool fits = sign == 0 && number >= 0 && number <= 1000;
    if (!fits)
        raise_value_error(t, "Color component is %s", sign > 0 || (sign == 0 && number > 0) ? "greater than 1000" : "less than 0");
    *out = fits ? (int)number : 0;
    return fits;
}

/* Characters */

static bool wrong_length(Thread *t, const char *wanted, const char *kind, size_t length) {
    raise_type_error(t, "expect %s of length 1, got a %s of length %zu", wanted, kind, length);
    return false;
}
static const char byte_or_text[] = "int or bytes or str";

static bool byte_of(Thread *t, Value v, long *out) {
    if (as_bytes(v)->length != 1)
        return wrong_length(t, byte_or_text, "bytes", as_bytes(v)->length);
    *out = (unsigned char)as_bytes(v)->data[0];
    return true;
}

/* The only character of a text. */
static bool character_of(Thread *t, Value v, const char *wanted, uint32_t *out) {
    if (str_length(v) != 1)
        return wrong_length(t, wanted, "str", str_length(v));
    const void *data = str_data(t, v);
    if (data)
        *out = str_char(data, str_kind(v), 0);
    return data != NULL;
}

/* A character that is one byte in the encoding; others are -1. */
static bool encoded_of(Thread *t, Value v, Value encoding, long *out) {
    uint32_t c;
    if (!character_of(t, v, byte_or_text, &c))
        return false;
    *out = c;
    if (c <= 128)
        return true;
    const char *name = str_utf8(t, encoding, NULL);
    Value bytes = name ? str_encode(t, v, name, NULL) : NO_VALUE;
    if (absent(bytes))
        return false;
    *out = as_bytes(bytes)->length == 1 ? (unsigned char)as_bytes(bytes)->data[0] : -1;
    return true;
}

static bool too_large(Thread *t, const char *message) {
    raise_overflow_error(t, "%s", message);
    return false;
}
static const char no_chtype[] = "byte doesn't fit in chtype";

static bool wrong_type(Thread *t, const char *wanted, Value v) {
    raise_type_error(t, "expect %s, got %N", wanted, type_of(v));
    return false;
}

static bool is_plain_int(Value v) { return is_int(v) && type_of(v) == &int_type; }

bool curses_chtype(Thread *t, Value encoding, Value v, chtype *out) {
    int64_t wide;
    long value = -1;
    if (is_bytes(v) ? !byte_of(t, v, &value) : is_str(v) && !encoded_of(t, v, encoding, &value))
        return false;
    if (!is_bytes(v) && !is_str(v)) {
        if (!is_plain_int(v))
            return wrong_type(t, "int or bytes or str of length 1", v);
        value = int_to_i64(v, &wide) ? (long)wide : -1;
    }
    *out = (chtype)value;
    return (long)*out == value || too_large(t, no_chtype);
}

int curses_character(Thread *t, Value v, chtype *byte, wchar_t *wide) {
    int64_t number;
    long value;
    uint32_t c;
    if (is_str(v)) {
        if (!character_of(t, v, byte_or_text, &c))
            return 0;
        *wide = (wchar_t)c;
        return 2;
    }
    if (is_bytes(v)) {
        if (!byte_of(t, v, &value))
            return 0;
    } else if (!is_plain_int(v)) {
        return wrong_type(t, "int or bytes or str of length 1", v);
    } else if (!int_to_i64(v, &number)) {
        return too_large(t, "int doesn't fit in long");
    } else {
        value = (long)number;
    }
    *byte = (chtype)value;
    return (long)*byte == value || too_large(t, no_chtype);
}

bool curses_wide_character(Thread *t, Value v, wchar_t *out) {
    int64_t number;
    uint32_t c;
    if (is_str(v)) {
        if (!character_of(t, v, "int or str", &c))
            return false;
        *out = (wchar_t)c;
        return true;
    }
    if (!is_plain_int(v))
        return wrong_type(t, "int or str of length 1", v);
    if (!int_to_i64(v, &number))
        return too_large(t, "int doesn't fit in long");
    *out = (wchar_t)number;
    return (int64_t)*out == number || too_large(t, "character doesn't fit in wchar_t");
}

/* Text */

bool curses_text(Thread *t, Value v, CursesText *out) {
    *out = (CursesText){0};
    if (is_bytes(v)) {
        out->bytes = as_bytes(v)->data;
        if (memchr(out->bytes, 0, as_bytes(v)->length)) {
            raise_value_error(t, "embedded null byte");
            return false;
        }
        return true;
    }
    if (!is_str(v))
        return wrong_type(t, "bytes or str", v);
    const void *data = str_data(t, v);
    size_t length = str_length(v);
    wchar_t *wide = data ? malloc((length + 1) * sizeof *wide) : NULL;
    if (!wide) {
        if (data)
            raise_no_memory(t);
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        wide[i] = (wchar_t)str_char(data, str_kind(v), i);
        if (wide[i] == 0) {
            free(wide);
            raise_value_error(t, "embedded null character");
            return false;
        }
    }
    wide[length] = 0;
    out->wide = wide;
    return true;
}
