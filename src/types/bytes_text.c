/* Methods of bytes and bytearray that read the contents as ASCII text: case, padding, digits; and their operators. */
#include "base/utf8.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes_methods.h"
#include "types/int/int.h"
#include "types/str/codecs.h"

static bool is_upper(uint8_t c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(uint8_t c) { return c >= 'a' && c <= 'z'; }
static bool is_alpha(uint8_t c) { return is_upper(c) || is_lower(c); }
static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool is_alnum(uint8_t c) { return is_alpha(c) || is_digit(c); }
static bool is_space(uint8_t c) { return c == ' ' || (c >= 9 && c <= 13); }

static Value all_are(Thread *t, Value *args, bool (*test)(uint8_t)) {
    Chars c = bytes_view(TRY(bytes_at_once(t, args[0])));
    for (size_t i = 0; i < c.length; i++)
        if (!test(((const uint8_t *)c.data)[i]))
            return FALSE;
    return from_bool(c.length > 0);
}
Value bytes_method_isalpha(Thread *t, Value *args) { return all_are(t, args, is_alpha); }
Value bytes_method_isalnum(Thread *t, Value *args) { return all_are(t, args, is_alnum); }
Value bytes_method_isdigit(Thread *t, Value *args) { return all_are(t, args, is_digit); }
Value bytes_method_isspace(Thread *t, Value *args) { return all_are(t, args, is_space); }
Value bytes_method_isascii(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    Chars c = bytes_view(args[0]);
    return from_bool(ascii_prefix(c.data, c.length) == c.length);
}

static Value has_only(Thread *t, Value *args, bool (*wanted)(uint8_t), bool (*excluded)(uint8_t)) {
    Chars c = bytes_view(TRY(bytes_at_once(t, args[0])));
    bool found = false;
    for (size_t i = 0; i < c.length; i++) {
        uint8_t byte = ((const uint8_t *)c.data)[i];
        if (excluded(byte))
            return FALSE;
        found |= wanted(byte);
    }
    return from_bool(found);
}
Value bytes_method_islower(Thread *t, Value *args) { return has_only(t, args, is_lower, is_upper); }
Value bytes_method_isupper(Thread *t, Value *args) { return has_only(t, args, is_upper, is_lower); }

Value bytes_method_istitle(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    Chars c = bytes_view(args[0]);
    bool found = false, in_word = false;
    for (size_t i = 0; i < c.length; i++) {
        uint8_t byte = ((const uint8_t *)c.data)[i];
        if (!is_alpha(byte)) {
            in_word = false;
            continue;
        }
        if (is_upper(byte) == in_word)
            return FALSE;
        in_word = found = true;
    }
    return from_bool(found);
}

typedef enum Case { TO_LOWER, TO_UPPER, TO_TITLE, TO_CAPITALIZED, TO_SWAPPED } Case;

static Value change_case(Thread *t, Value self, Case change) {
    Chars c = bytes_view(self);
    Value v = TRY(bytes_like_new(t, self, NULL, c.length));
    uint8_t *to = (uint8_t *)bytes_view(v).data;
    memcpy(to, c.data, c.length);
    bool in_word = false;
    for (size_t i = 0; i < c.length; i++) {
        uint8_t b = to[i];
        bool up = change == TO_UPPER || (change == TO_SWAPPED && is_lower(b)) || (change == TO_CAPITALIZED && i == 0) ||
                  (change == TO_TITLE && !in_word);
        in_word = is_alpha(b);
        to[i] = up && is_lower(b) ? b - 32 : !up && is_upper(b) ? b + 32 : b;
    }
    return v;
}
Value bytes_method_lower(Thread *t, Value *args) { return change_case(t, TRY(bytes_at_once(t, args[0])), TO_LOWER); }
Value bytes_method_upper(Thread *t, Value *args) { return change_case(t, TRY(bytes_at_once(t, args[0])), TO_UPPER); }
Value bytes_method_title(Thread *t, Value *args) { return change_case(t, TRY(bytes_at_once(t, args[0])), TO_TITLE); }
Value bytes_method_capitalize(Thread *t, Value *args) { return change_case(t, TRY(bytes_at_once(t, args[0])), TO_CAPITALIZED); }
Value bytes_method_swapcase(Thread *t, Value *args) { return change_case(t, TRY(bytes_at_once(t, args[0])), TO_SWAPPED); }

/* Padding */

static Value pad(Thread *t, Value self, size_t left, size_t right, char fill) {
    Chars c = bytes_view(self);
    if (left + right == 0 && is_exactly(self, &bytes_type))
        return self;
    Value v = TRY(bytes_like_new(t, self, NULL, left + c.length + right));
    char *to = (char *)bytes_view(v).data;
    memset(to, fill, left);
    memcpy(to + left, c.data, c.length);
    memset(to + left + c.length, fill, right);
    return v;
}

static bool pad_arguments(Thread *t, Value *args, const char *method, size_t *extra, char *fill) {
    int64_t width;
    if (!index_as_ssize(t, args[1], &width, false, NULL))
        return false;
    bool is_array = is_instance_of(args[2], &bytearray_type);
    if (!is_bytes(args[2]) && !is_array) {
        raise_type_error(t, "%s() argument 2 must be a byte string of length 1, not %Y", method, args[2]);
        return false;
    }
    Chars f = bytes_view(args[2]), c = bytes_view(args[0]);
    if (f.length != 1) {
        raise_type_error(t, "%s(): argument 2 must be a byte string of length 1, not a %s object of length %zd", method,
                         is_array ? "bytearray" : "bytes", f.length);
        return false;
    }
    *fill = *(const char *)f.data;
    *extra = width > (int64_t)c.length ? (size_t)width - c.length : 0;
    return true;
}

Value bytes_method_center(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    size_t extra;
    char fill;
    CHECK(pad_arguments(t, args, "center", &extra, &fill));
    size_t width = extra + bytes_view(args[0]).length, left = extra / 2 + (extra & width & 1);
    return pad(t, args[0], left, extra - left, fill);
}
Value bytes_method_ljust(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    size_t extra;
    char fill;
    CHECK(pad_arguments(t, args, "ljust", &extra, &fill));
    return pad(t, args[0], 0, extra, fill);
}
Value bytes_method_rjust(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    size_t extra;
    char fill;
    CHECK(pad_arguments(t, args, "rjust", &extra, &fill));
    return pad(t, args[0], extra, 0, fill);
}

Value bytes_method_zfill(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    int64_t width;
    CHECK(index_as_ssize(t, args[1], &width, false, NULL));
    size_t length = bytes_view(args[0]).length;
    size_t extra = width > (int64_t)length ? (size_t)width - length : 0;
    Value v = TRY(pad(t, args[0], extra, 0, '0'));
    char *to = (char *)bytes_view(v).data;
    if (extra && length && (to[extra] == '+' || to[extra] == '-')) {
        to[0] = to[extra];
        to[extra] = '0';
    }
    return v;
}

Value bytes_method_expandtabs(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    int64_t size;
    CHECK(index_as_ssize(t, args[1], &size, false, NULL));
    if (size > INT32_MAX || size < INT32_MIN)
        return raise_overflow_error(t, "Python int too large to convert to C int");
    Chars c = bytes_view(args[0]);
    const char *s = c.data;
    char *to = NULL;
    Value v = NO_VALUE;
    for (int pass = 0; pass < 2; pass++) { /* measured, then written */
        size_t n = 0, column = 0;
        for (size_t i = 0; i < c.length; i++) {
            size_t repeat = 1;
            char out = s[i];
            if (s[i] == '\t') {
                repeat = size > 0 ? (size_t)size - column % (size_t)size : 0;
                out = ' ';
                column += repeat;
            } else {
                column = s[i] == '\n' || s[i] == '\r' ? 0 : column + 1;
            }
            if (n > (size_t)INT64_MAX / 2 - repeat)
                return raise_overflow_error(t, "result too long");
            if (to)
                memset(to + n, out, repeat);
            n += repeat;
        }
        if (pass == 0) {
            v = TRY(bytes_like_new(t, args[0], NULL, n));
            to = (char *)bytes_view(v).data;
        }
    }
    return v;
}

/* Digits and text */

Value bytes_hex(Thread *t, Chars c, Value separator, Value bytes_per_sep) {
    static const char digits[] = "0123456789abcdef";
    int64_t group = 1;
    char sep = 0;
    CHECK(index_as_ssize(t, bytes_per_sep, &group, false, NULL));
    if (present(separator)) {
        int64_t length = length_of(t, separator);
        CHECK(length >= 0);
        if (length != 1)
            return raise_value_error(t, "sep must be length 1.");
        if (is_str(separator)) {
            if (!str_is_ascii(separator))
                return raise_value_error(t, "sep must be ASCII.");
            sep = *(const char *)str_data(t, separator);
        } else if (is_bytes(separator)) {
            sep = as_bytes(separator)->data[0];
        } else {
            return raise_type_error(t, "sep must be str or bytes.");
        }
        if ((uint8_t)sep > 127)
            return raise_value_error(t, "sep must be ASCII.");
    } else {
        group = 0;
    }
    uint64_t every = group < 0 ? -(uint64_t)group : (uint64_t)group;
    size_t separators = every && c.length ? (c.length - 1) / every : 0;
    void *data;
    Value v = TRY(str_new(t, 2 * c.length + separators, 0x7f, &data));
    char *to = data;
    const uint8_t *s = c.data;
    for (size_t i = 0; i < c.length; i++) {
        /* A positive group counts from the right, a negative one from the left. */
        if (separators && i > 0 && (group > 0 ? (c.length - i) % every == 0 : i % every == 0))
            *to++ = sep;
        *to++ = digits[s[i] >> 4];
        *to++ = digits[s[i] & 15];
    }
    return v;
}
Value bytes_method_hex(Thread *t, Value *args) { return bytes_hex(t, bytes_view(TRY(bytes_at_once(t, args[0]))), args[1], args[2]); }

/* One more than what a hexadecimal digit stands for, 0 for all else. */
static const uint8_t hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int hex_digit(uint32_t c) { return c < 256 ? hex_values[c] - 1 : -1; }

static Value from_hex(Thread *t, Chars c) {
    Value v = TRY(bytes_new(t, NULL, c.length / 2));
    size_t n = 0, i = 0;
    if (c.kind == 1) /* as far as there are digits and nothing else */
        for (const uint8_t *s = c.data; i + 2 <= c.length && hex_values[s[i]] && hex_values[s[i + 1]]; i += 2)
            as_bytes(v)->data[n++] = (char)((hex_values[s[i]] - 1) << 4 | (hex_values[s[i + 1]] - 1));
    for (;;) {
        if (i == c.length && n == c.length / 2)
            return v;
        while (i < c.length && chars_get(&c, i) < 128 && is_space((uint8_t)chars_get(&c, i))) i++;
        if (i == c.length)
            return bytes_new(t, as_bytes(v)->data, n);
        for (int k = 0; k < 2; k++) {
            if (i + (size_t)k >= c.length)
                return raise_value_error(t, "fromhex() arg must contain an even number of hexadecimal digits");
            if (hex_digit(chars_get(&c, i + (size_t)k)) < 0)
                return raise_value_error(t, "non-hexadecimal number found in fromhex() arg at position %zd", i + (size_t)k);
        }
        as_bytes(v)->data[n++] = (char)(hex_digit(chars_get(&c, i)) << 4 | hex_digit(chars_get(&c, i + 1)));
        i += 2;
    }
}

Value bytes_method_fromhex(Thread *t, Value *args) {
    Chars c;
    Value v;
    if (is_str(args[1])) {
        CHECK(chars_of(t, args[1], &c));
        v = TRY(from_hex(t, c));
    } else if (has_buffer(args[1])) {
        Piece p;
        CHECK(piece_get(t, args[1], &p));
        v = from_hex(t, p.chars);
        piece_release(t, &p);
        CHECK(present(v));
    } else {
        return raise_type_error(t, "fromhex() argument must be str or bytes-like, not %S", qualified_type_name(t, args[1]));
    }
    Type *type = as_type(args[0]);
    return type == &bytes_type ? v : call_1(t, args[0], v);
}

Value bytes_method_decode(Thread *t, Value *args) {
    if (is_bytes(args[0]) && coding_is_default(t, args[1], args[2]))
        return decode_utf8(t, as_bytes(args[0])->data, as_bytes(args[0])->length, "strict", NULL);
    args[0] = TRY(bytes_at_once(t, args[0]));
    static const char *const argument[] = {"encoding", "errors"};
    const char *name[2];
    for (int i = 0; i < 2; i++) {
        size_t size;
        if (!is_str(args[1 + i]))
            return raise_type_error(t, "decode() argument '%s' must be str, not %Y", argument[i], args[1 + i]);
        if (!(name[i] = str_utf8(t, args[1 + i], &size)))
            return NO_VALUE;
        if (strlen(name[i]) != size)
            return raise_value_error(t, "embedded null character");
    }
    if (bytes_view(args[0]).length == 0 && !t->isolate->check_encodings) /* before the encoding is looked at */
        return empty_str;
    Buffer b;
    CHECK(buffer_get(t, args[0], &b, false));
    Value v = str_decode(t, b.data, b.length, name[0], name[1]);
    buffer_release(t, &b);
    return v;
}

Value bytes_repr_of(Thread *t, Chars c, const char *prefix, const char *suffix, bool smart_quotes) {
    static const char digits[] = "0123456789abcdef";
    char quote = smart_quotes && chars_find_char(c, '\'') >= 0 && chars_find_char(c, '"') < 0 ? '"' : '\'';
    StrBuilder b = {0};
    CHECK(str_builder_reserve(t, &b, strlen(prefix) + strlen(suffix) + c.length + 3, 0x7f));
    CHECK(str_builder_add_text(t, &b, prefix) && str_builder_add_char(t, &b, 'b') &&
          str_builder_add_char(t, &b, (uint32_t)quote));
    for (size_t i = 0; i < c.length; i++) {
        uint8_t byte = ((const uint8_t *)c.data)[i];
        char text[4] = {'\\', 0, 0, 0};
        size_t n = 2;
        if (byte == (uint8_t)quote || byte == '\\' || (byte == '\'' && *prefix)) {
            text[1] = (char)byte;
        } else if (byte == '\t' || byte == '\n' || byte == '\r') {
            text[1] = byte == '\t' ? 't' : byte == '\n' ? 'n' : 'r';
        } else if (byte < ' ' || byte >= 0x7f) {
            text[1] = 'x';
            text[2] = digits[byte >> 4];
            text[3] = digits[byte & 15];
            n = 4;
        } else {
            text[0] = (char)byte;
            n = 1;
        }
        CHECK(str_builder_add_ascii(t, &b, text, n));
    }
    CHECK(str_builder_add_char(t, &b, (uint32_t)quote) && str_builder_add_text(t, &b, suffix));
    return str_builder_finish(t, &b);
}

/* Operators */

/* -b: text and bytes are never equal, which programs that came from Python 2 may not know. */
static bool warn_of_comparison(Thread *t, Value *args) {
    bool bytes = is_bytes(args[0]);
    const char *other = is_str(args[1]) ? "string" : bytes && is_int(args[1]) ? "int" : NULL;
    return other == NULL || warn(t, &BytesWarning_type, 1, "Comparison between %s and %s", bytes ? "bytes" : "bytearray", other);
}

Value bytes_dunder_str(Thread *t, Value *args) {
    if (t->isolate->bytes_warning)
        CHECK(warn(t, &BytesWarning_type, 1, "str() on a %s instance", is_bytes(args[0]) ? "bytes" : "bytearray"));
    return repr(t, args[0]);
}

/* bytes compare with bytes only; a bytearray with anything that has a buffer. */
static bool compare_operands(Thread *t, Value *args, int *order, bool equality, Value *otherwise) {
    *otherwise = NOT_IMPLEMENTED;
    if (t->isolate->bytes_warning && equality && !warn_of_comparison(t, args)) {
        *otherwise = NO_VALUE;
        return false;
    }
    if (is_bytes(args[0]) ? !is_bytes(args[1]) : !has_buffer(args[1]))
        return false;
    Piece p;
    Value left = bytes_at_once(t, args[0]);
    if (absent(left) || !piece_get(t, args[1], &p)) {
        error_clear(t);
        return false;
    }
    Chars a = bytes_view(left), b = p.chars;
    if (equality && a.length != b.length) {
        *order = 1;
    } else {
        *order = memcmp(a.data, b.data, a.length < b.length ? a.length : b.length);
        if (*order == 0)
            *order = a.length < b.length ? -1 : a.length > b.length;
    }
    piece_release(t, &p);
    return true;
}
#define COMPARISON(name, op, equality)                                                                           \
    Value bytes_operator_##name(Thread *t, Value *args) {                                                        \
        int order;                                                                                               \
        Value otherwise;                                                                                         \
        return compare_operands(t, args, &order, equality, &otherwise) ? from_bool(order op 0) : otherwise;      \
    }
COMPARISON(eq, ==, true)
COMPARISON(ne, !=, true)
COMPARISON(lt, <, false)
COMPARISON(le, <=, false)
COMPARISON(gt, >, false)
COMPARISON(ge, >=, false)
#undef COMPARISON

Value bytes_operator_mod(Thread *t, Value *args) { return bytes_format_percent(t, args[0], args[1]); }
Value bytes_operator_rmod(Thread *t, Value *args) {
    bool same_kind = is_bytes(args[0]) ? is_bytes(args[1]) : is_instance_of(args[1], &bytearray_type);
    return same_kind ? bytes_format_percent(t, args[1], args[0]) : NOT_IMPLEMENTED;
}

Value bytes_operator_mul(Thread *t, Value *args) {
    args[0] = TRY(bytes_at_once(t, args[0]));
    int64_t count;
    CHECK(index_as_ssize(t, args[1], &count, false, NULL));
    Chars c = bytes_view(args[0]);
    if (count < 0)
        count = 0;
    if (count == 1 && is_exactly(args[0], &bytes_type))
        return args[0];
    size_t total;
    if (__builtin_mul_overflow(c.length, (size_t)count, &total) || total > INT64_MAX)
        return is_bytes(args[0]) ? raise_overflow_error(t, "repeated bytes are too long") : raise_no_memory(t);
    Value v = TRY(bytes_like_new(t, args[0], NULL, total));
    char *to = (char *)bytes_view(v).data;
    if (c.length == 1)
        memset(to, *(const uint8_t *)c.data, total);
    else if (total) {
        memcpy(to, c.data, c.length);
        for (size_t done = c.length; done < total; done *= 2)
            memcpy(to + done, to, done <= total - done ? done : total - done);
    }
    return v;
}
