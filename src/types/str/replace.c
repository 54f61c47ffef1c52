/* str's methods that make changed text: replace, translate, expandtabs, padding and repetition. */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str_methods.h"
#include "types/str/text_ops.h"

/* count replacements of old, which occurs at least that often; all: not more often. */
static Value replace_some(Thread *t, Chars c, Chars old, Chars new, uint32_t max, size_t count, bool all) {
    size_t length;
    if (__builtin_mul_overflow(count, new.length, &length) ||
        __builtin_add_overflow(length, c.length - count * old.length, &length) || length > (size_t)1 << 54)
        return raise_overflow_error(t, "replace string is too long");
    void *data;
    if (max < 0x80) {
        Value v = TRY(str_new(t, length, max, &data));
        chars_replace(data, 1, c, old, new, count, all);
        return v;
    }
    StrBuilder b = {0}; /* the result may be narrower than its parts when the widest character is replaced */
    data = str_builder_reserve(t, &b, length ? length : 1, max);
    if (!data)
        return NO_VALUE;
    chars_replace(data, kind_for(max), c, old, new, count, all);
    b.length = length;
    return str_builder_finish(t, &b);
}

Value str_method_replace(Thread *t, Value *args) {
    for (int i = 1; i <= 2; i++)
        if (!is_str(args[i]))
            return raise_type_error(t, "replace() argument %d must be str, not %Y", i, args[i]);
    int64_t limit;
    CHECK(index_as_ssize(t, args[3], &limit, false, NULL));
    Chars c, old, new;
    CHECK(chars_of(t, args[0], &c) && chars_of(t, args[1], &old) && chars_of(t, args[2], &new));
    size_t count = 0;
    if (!chars_equal(old, new) && !(c.length == 0 && old.length == 0 && limit == 0))
        count = chars_count(c, old, limit < 0 ? SIZE_MAX : (size_t)limit);
    if (count == 0)
        return str_exact(t, args[0]);
    uint32_t max = str_max_char(args[0]);
    if (new.length && str_max_char(args[2]) > max)
        max = str_max_char(args[2]);
    return replace_some(t, c, old, new, max, count, limit < 0);
}

/* translate */

static bool add_translation(Thread *t, StrBuilder *b, uint32_t c, Value x) {
    if (is_none(x))
        return true;
    if (is_str(x))
        return str_builder_add(t, b, x);
    int64_t code;
    if (!is_int(x)) {
        raise_type_error(t, "character mapping must return integer, None or str");
        return false;
    }
    if (!int_to_i64(x, &code) || code < 0 || code > 0x10ffff) {
        raise_value_error(t, "character mapping must be in range(0x110000)");
        return false;
    }
    return str_builder_add_char(t, b, (uint32_t)code);
}

/* What ASCII characters become, found once. */
typedef struct Translations {
    uint8_t known[128], becomes[128];
} Translations;
enum { UNKNOWN, SINGLE, DROPPED, OTHER }; /* OTHER: neither one ASCII character nor nothing */

static Value look_up(Thread *t, Value table, uint32_t c) {
    if (is_exactly(table, &dict_type))
        return dict_get(t, table, small_int(c));
    Value x = get_item(t, table, small_int(c));
    if (absent(x))
        error_catch(t, &LookupError_type);
    return x;
}

/* Writes from c[i] on what is known, which `to` has room for. Returns where it stopped. */
static size_t translate_known(const Translations *known, Chars c, size_t i, uint8_t **to) {
    uint8_t *out = *to;
    for (; i < c.length; i++) {
        uint32_t ch = chars_get(&c, i);
        if (ch >= 128 || known->known[ch] == UNKNOWN || known->known[ch] == OTHER)
            break;
        *out = known->becomes[ch];
        out += known->known[ch] != DROPPED;
    }
    *to = out;
    return i;
}

static void learn(Thread *t, Translations *known, uint32_t c, Value x) {
    known->known[c] = OTHER;
    if (absent(x)) {
        known->known[c] = SINGLE;
        known->becomes[c] = (uint8_t)c;
    } else if (is_none(x)) {
        known->known[c] = DROPPED;
    } else if (is_small_int(x) && (uint64_t)small_int_value(x) < 128) {
        known->known[c] = SINGLE;
        known->becomes[c] = (uint8_t)small_int_value(x);
    } else if (is_str(x) && str_length(x) == 1 && str_is_ascii(x)) {
        known->known[c] = SINGLE;
        known->becomes[c] = *(const uint8_t *)str_data(t, x);
    }
}

Value str_method_translate(Thread *t, Value *args) {
    Chars c;
    CHECK(chars_of(t, args[0], &c));
    StrBuilder b = {0};
    Translations known;
    memset(known.known, 0, sizeof known.known);
    for (size_t i = 0; i < c.length;) {
        if (b.kind <= 1) {
            uint8_t *start = str_builder_reserve(t, &b, c.length - i, 0x7f), *to = start;
            if (!start)
                return NO_VALUE;
            i = translate_known(&known, c, i, &to);
            b.length += (size_t)(to - start);
            if (i == c.length)
                break;
        }
        uint32_t ch = chars_get(&c, i++);
        if (ch < 128 && known.known[ch] == SINGLE) {
            CHECK(str_builder_add_char(t, &b, known.becomes[ch]));
            continue;
        }
        Value x = look_up(t, args[1], ch);
        CHECK(!error_pending(t));
        if (ch < 128)
            learn(t, &known, ch, x);
        CHECK(absent(x) ? str_builder_add_char(t, &b, ch) : add_translation(t, &b, ch, x));
    }
    return str_builder_finish(t, &b);
}

static Value maketrans_from_dict(Thread *t, Value from) {
    if (!is_exactly(from, &dict_type))
        return raise_type_error(t, "if you give only one argument to maketrans it must be a dict");
    Value table = TRY(dict_new(t)), key, value;
    for (size_t position = 0; dict_next(from, &position, &key, &value);) {
        if (is_str(key)) {
            if (str_length(key) != 1)
                return raise_value_error(t, "string keys in translate" /* as in CPython, without a blank */
                                            "table must be of length 1");
            Chars c;
            CHECK(chars_of(t, key, &c));
            key = small_int(chars_get(&c, 0));
        } else if (!is_int(key)) {
            return raise_type_error(t, "keys in translate table must" "be strings or integers");
        }
        CHECK(dict_set(t, table, key, value));
    }
    return table;
}

Value str_method_maketrans(Thread *t, Value *args) {
    Value x = args[0], y = args[1], z = args[2];
    if (absent(y))
        return maketrans_from_dict(t, x);
    if (!is_str(y))
        return raise_type_error(t, "maketrans() argument 2 must be str, not %Y", y);
    if (present(z) && !is_str(z))
        return raise_type_error(t, "maketrans() argument 3 must be str, not %Y", z);
    if (!is_str(x))
        return raise_type_error(t, "first maketrans argument must be a string if there is a second argument");
    if (str_length(x) != str_length(y))
        return raise_value_error(t, "the first two maketrans arguments must have equal length");
    Value table = TRY(dict_new(t));
    Chars cx, cy, cz;
    CHECK(chars_of(t, x, &cx) && chars_of(t, y, &cy));
    for (size_t i = 0; i < cx.length; i++)
        CHECK(dict_set(t, table, small_int(chars_get(&cx, i)), small_int(chars_get(&cy, i))));
    if (present(z)) {
        CHECK(chars_of(t, z, &cz));
        for (size_t i = 0; i < cz.length; i++) CHECK(dict_set(t, table, small_int(chars_get(&cz, i)), NONE));
    }
    return table;
}

/* Expands the tabs of narrow text to `to`, or, if that is NULL, only finds out how long that is. */
static size_t expand_narrow(Chars c, size_t size, uint8_t *to) {
    const uint8_t *s = c.data;
    size_t column = 0, length = 0;
    for (size_t i = 0; i < c.length; i++) {
        size_t fill = 1;
        if (unlikely(s[i] == '\t')) {
            fill = size ? size - column % size : 0;
            if (to)
                memset(to + length, ' ', fill);
        } else if (to) {
            to[length] = s[i];
        }
        column = unlikely(s[i] == '\n' || s[i] == '\r') ? 0 : column + fill;
        if (__builtin_add_overflow(length, fill, &length))
            return SIZE_MAX;
    }
    return length;
}

Value str_method_expandtabs(Thread *t, Value *args) {
    int64_t size;
    CHECK(index_as_ssize(t, args[1], &size, false, NULL));
    if (size > INT32_MAX || size < INT32_MIN)
        return raise_overflow_error(t, "Python int too large to convert to C int");
    Chars c;
    CHECK(chars_of(t, args[0], &c));
    if (chars_find_char(c, '\t') < 0)
        return str_exact(t, args[0]);
    if (c.kind == 1) {
        size_t width = size > 0 ? (size_t)size : 0, length = expand_narrow(c, width, NULL);
        if (length > (size_t)1 << 54)
            return raise_overflow_error(t, "new string is too long");
        void *data;
        Value v = TRY(str_new(t, length, str_max_char(args[0]), &data));
        expand_narrow(c, width, data);
        return v;
    }
    StrBuilder b = {0};
    size_t column = 0, total = 0;
    for (size_t i = 0; i < c.length;) {
        int64_t tab = chars_find_char(chars_part(c, i, c.length), '\t');
        size_t end = tab < 0 ? c.length : i + (size_t)tab;
        CHECK(end == i || str_builder_add_chars(t, &b, chars_part(c, i, end)));
        if (tab < 0)
            break;
        for (size_t k = i; k < end; k++)
            column = chars_get(&c, k) == '\n' || chars_get(&c, k) == '\r' ? 0 : column + 1;
        size_t fill = size > 0 ? (size_t)size - column % (size_t)size : 0;
        total += fill;
        if (total > (size_t)1 << 54)
            return raise_overflow_error(t, "new string is too long");
        CHECK(str_builder_fill(t, &b, ' ', fill));
        column += fill;
        i = end + 1;
    }
    return str_builder_finish(t, &b);
}

/* Padding and repetition */

static Value pad(Thread *t, Value v, int64_t left, int64_t right, uint32_t fill) {
    if (left < 0)
        left = 0;
    if (right < 0)
        right = 0;
    if (left + right == 0)
        return str_exact(t, v);
    int64_t total;
    if (__builtin_add_overflow(left, right, &total) || __builtin_add_overflow(total, (int64_t)str_length(v), &total))
        return raise_overflow_error(t, "padded string is too long");
    Chars c;
    CHECK(chars_of(t, v, &c));
    uint32_t max = c.length && str_max_char(v) > fill ? str_max_char(v) : fill;
    void *data;
    Value result = TRY(str_new(t, (size_t)(left + right) + c.length, max, &data));
    int kind = kind_for(max);
    chars_fill(data, kind, fill, (size_t)left);
    char *to = (char *)data + left * kind;
    chars_copy(to, kind, c.data, c.kind, c.length);
    chars_fill(to + c.length * (size_t)kind, kind, fill, (size_t)right);
    return result;
}

static bool pad_arguments(Thread *t, Value *args, int64_t *extra, uint32_t *fill) {
    int64_t width;
    if (!index_as_ssize(t, args[1], &width, false, NULL))
        return false;
    *fill = ' ';
    if (present(args[2])) {
        if (!is_str(args[2])) {
            raise_type_error(t, "The fill character must be a unicode character, not %T", args[2]);
            return false;
        }
        Chars c;
        if (str_length(args[2]) != 1) {
            raise_type_error(t, "The fill character must be exactly one character long");
            return false;
        }
        if (!chars_of(t, args[2], &c))
            return false;
        *fill = chars_get(&c, 0);
    }
    int64_t length = (int64_t)str_length(args[0]);
    *extra = width > length ? width - length : 0;
    return true;
}

Value str_method_center(Thread *t, Value *args) {
    int64_t extra;
    uint32_t fill;
    CHECK(pad_arguments(t, args, &extra, &fill));
    int64_t width = extra + (int64_t)str_length(args[0]), left = extra / 2 + (extra & width & 1);
    return pad(t, args[0], left, extra - left, fill);
}
Value str_method_ljust(Thread *t, Value *args) {
    int64_t extra;
    uint32_t fill;
    CHECK(pad_arguments(t, args, &extra, &fill));
    return pad(t, args[0], 0, extra, fill);
}
Value str_method_rjust(Thread *t, Value *args) {
    int64_t extra;
    uint32_t fill;
    CHECK(pad_arguments(t, args, &extra, &fill));
    return pad(t, args[0], extra, 0, fill);
}

Value str_method_zfill(Thread *t, Value *args) {
    int64_t width, length = (int64_t)str_length(args[0]);
    CHECK(index_as_ssize(t, args[1], &width, false, NULL));
    if (width <= length)
        return str_exact(t, args[0]);
    Value v = TRY(pad(t, args[0], width - length, 0, '0'));
    if (length > 0) {
        void *data = str_data(t, v);
        uint32_t first = str_char(data, str_kind(v), (size_t)(width - length));
        if (first == '+' || first == '-') {
            char_put(data, str_kind(v), 0, first);
            char_put(data, str_kind(v), (size_t)(width - length), '0');
        }
    }
    return v;
}

Value str_repeat(Thread *t, Value v, int64_t count) {
    size_t length = str_length(v), total;
    if (count <= 0 || length == 0)
        return empty_str;
    if (count == 1)
        return str_exact(t, v);
    if (__builtin_mul_overflow(length, (size_t)count, &total) || total > INT64_MAX)
        return raise_overflow_error(t, "repeated string is too long");
    Chars c;
    CHECK(chars_of(t, v, &c));
    void *data;
    Value result = TRY(str_new(t, total, str_max_char(v), &data));
    size_t width = length * (size_t)c.kind, all = total * (size_t)c.kind;
    if (length == 1) {
        chars_fill(data, c.kind, chars_get(&c, 0), total);
    } else {
        memcpy(data, c.data, width);
        for (size_t done = width; done < all; done *= 2)
            memcpy((char *)data + done, data, done <= all - done ? done : all - done);
    }
    return result;
}
