/* _json, reading: a recursive-descent parser over the characters of a str.
 *
 * A function that parses something takes the position of its first character and gives the value; `next` is then the
 * position behind it. Threads: a scanner is immutable; the state of a call is local.
 */
#include "modules/_json/internal.h"

typedef struct Scanner {
    Object object;
    Value strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
} Scanner;

typedef struct Source {
    Value text;
    const void *data;
    int kind;
    int64_t length, next;
    const Scanner *scanner;
    Value memo; /* dict: keys of objects, so that equal ones are shared */
    bool strict;
} Source;

static void trace_scanner(Tracer *tracer, Object *o) { trace_values(tracer, (Value *)(o + 1), 6); }

static inline uint32_t at(const Source *s, int64_t i) { return str_char(s->data, s->kind, (size_t)i); }
static inline bool is_at(const Source *s, int64_t i, uint32_t c) { return i < s->length && at(s, i) == c; }

static bool open_source(Thread *t, Source *s, Value text) {
    if (!is_str(text)) {
        raise_type_error(t, "first argument must be a string, not %T", text);
        return false;
    }
    s->text = text;
    s->data = str_data(t, text);
    s->kind = str_kind(text);
    s->length = (int64_t)str_length(text);
    return s->data != NULL;
}

/* json.decoder.JSONDecodeError(message, text, position) */
static Value fail(Thread *t, const Source *s, const char *message, int64_t position) {
    Value decoder = TRY(import_module(t, "json.decoder"));
    Value class = TRY(get_attribute_text(t, decoder, "JSONDecodeError"));
    return raise_exception(t, TRY(call_3(t, class, TRY(str_from_text(t, message)), s->text, small_int(position))));
}

static int64_t skip_space(const Source *s, int64_t i) {
    while (i < s->length && (at(s, i) == ' ' || at(s, i) == '\t' || at(s, i) == '\n' || at(s, i) == '\r'))
        i++;
    return i;
}

/* Strings */

/* Four hexadecimal digits at i, or -1. */
static int64_t hex4(const Source *s, int64_t i) {
    int64_t value = 0;
    for (int64_t end = i + 4; i < end; i++) {
        uint32_t c = at(s, i);
        int digit = c >= '0' && c <= '9' ? (int)c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (int)(c | 32) - 'a' + 10 : -1;
        if (digit < 0 || c > 127)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The character of the escape whose backslash stands at i; -1 with an error. */
static int64_t escape(Thread *t, Source *s, int64_t i) {
    uint32_t c = at(s, i + 1);
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    s->next = i + 2;
    if (c != 'u') {
        const char *found = c && c < 128 ? strchr(from, (int)c) : NULL;
        if (found)
            return to[found - from];
        fail(t, s, "Invalid \\escape", i);
        return -1;
    }
    int64_t value = i + 6 <= s->length ? hex4(s, i + 2) : -1;
    if (value < 0) {
        fail(t, s, "Invalid \\uXXXX escape", i + 1);
        return -1;
    }
    s->next = i + 6;
    if (value >= 0xD800 && value < 0xDC00 && i + 12 <= s->length && at(s, i + 6) == '\\' && at(s, i + 7) == 'u') {
        int64_t low = hex4(s, i + 8);
        if (low < 0) {
            fail(t, s, "Invalid \\uXXXX escape", i + 7);
            return -1;
        }
        if (low >= 0xDC00 && low < 0xE000) {
            s->next = i + 12;
            return 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return value;
}

/* The end of the plain characters from i on: a quote, a backslash, a control character or the end of the text. */
static int64_t plain_end(const Source *s, int64_t i) {
    if (s->kind == 1) {
        const uint8_t *data = s->data;
        while (i < s->length && data[i] != '"' && data[i] != '\\' && data[i] >= ' ')
            i++;
        return i;
    }
    while (i < s->length && at(s, i) != '"' && at(s, i) != '\\' && at(s, i) >= ' ')
        i++;
    return i;
}

/* i: behind the opening quote */
static Value scan_string(Thread *t, Source *s, int64_t i) {
    int64_t begin = i - 1;
    StrBuilder b = {0};
    for (bool started = false;; started = true) {
        int64_t end = plain_end(s, i);
        while (end < s->length && at(s, end) < ' ' && !s->strict)
            end = plain_end(s, end + 1);
        if (is_at(s, end, '"') && !started) {
            s->next = end + 1;
            return str_slice(t, s->text, (size_t)i, (size_t)end);
        }
        if (end > i)
            CHECK(str_builder_add_slice(t, &b, s->text, (size_t)i, (size_t)end));
        if (end < s->length && at(s, end) < ' ')
            return fail(t, s, "Invalid control character at", end);
        if (is_at(s, end, '"')) {
            s->next = end + 1;
            return str_builder_finish(t, &b);
        }
        if (end + 1 >= s->length)
            return fail(t, s, "Unterminated string starting at", begin);
        int64_t c = escape(t, s, end);
        CHECK(c >= 0 && str_builder_add_char(t, &b, (uint32_t)c));
        i = s->next;
    }
}

Value json_scanstring(Thread *t, Value *args) {
    Source s = {0};
    int64_t end;
    CHECK(index_as_ssize(t, args[1], &end, false, NULL));
    int strict = truth(t, args[2]);
    CHECK(strict >= 0 && open_source(t, &s, args[0]));
    if (end < 0 || end > s.length)
        return raise_value_error(t, "end is out of bounds");
    s.strict = strict;
    Value result = TRY(scan_string(t, &s, end));
    return tuple_pack(t, 2, result, small_int(s.next));
}

/* Numbers */

static int64_t skip_digits(const Source *s, int64_t i) {
    while (i < s->length && at(s, i) >= '0' && at(s, i) <= '9')
        i++;
    return i;
}

static Value stop_at(Thread *t, int64_t i) { return raise_stop_iteration(t, small_int(i)); }

static Value small_integer(const Source *s, int64_t start, int64_t end) {
    bool negative = at(s, start) == '-';
    int64_t value = 0;
    for (int64_t i = start + negative; i < end; i++)
        value = value * 10 + (int64_t)(at(s, i) - '0');
    return small_int(negative ? -value : value);
}

static Value scan_number(Thread *t, Source *s, int64_t start) {
    int64_t i = start + is_at(s, start, '-');
    if (is_at(s, i, '0'))
        i++;
    else if (i < s->length && at(s, i) >= '1' && at(s, i) <= '9')
        i = skip_digits(s, i);
    else
        return stop_at(t, start);
    bool is_real = false;
    int64_t end = i;
    if (is_at(s, i, '.') && skip_digits(s, i + 1) > i + 1) {
        end = skip_digits(s, i + 1);
        is_real = true;
    }
    if (is_at(s, end, 'e') || is_at(s, end, 'E')) {
        int64_t digits = end + 1 + (is_at(s, end + 1, '-') || is_at(s, end + 1, '+'));
        if (skip_digits(s, digits) > digits) {
            end = skip_digits(s, digits);
            is_real = true;
        }
    }
    s->next = end;
    Value parse = is_real ? s->scanner->parse_float : s->scanner->parse_int;
    if (!is_real && end - start <= 18 && same(parse, from_object(&int_type)))
        return small_integer(s, start, end);
    Value text = TRY(str_slice(t, s->text, (size_t)start, (size_t)end));
    if (is_real && same(parse, from_object(&float_type)))
        return float_from_str(t, text);
    if (!is_real && same(parse, from_object(&int_type)))
        return int_from_str(t, text, 10);
    return call_1(t, parse, text);
}

/* Values */

static Value scan_once(Thread *t, Source *s, int64_t i);

static Value scan_key(Thread *t, Source *s, int64_t i) {
    if (!is_at(s, i, '"'))
        return fail(t, s, "Expecting property name enclosed in double quotes", i);
    Value key = TRY(scan_string(t, s, i + 1));
    key = TRY(dict_setdefault(t, s->memo, key, key));
    i = skip_space(s, s->next);
    if (!is_at(s, i, ':'))
        return fail(t, s, "Expecting ':' delimiter", i);
    s->next = skip_space(s, i + 1);
    return key;
}

/* Behind an item: true if another one follows, at s->next; else s->next is behind the closing bracket or an error is
 * pending. */
static bool another(Thread *t, Source *s, uint32_t close, const char *trailing) {
    int64_t i = skip_space(s, s->next), comma = i;
    if (is_at(s, i, close)) {
        s->next = i + 1;
        return false;
    }
    if (!is_at(s, i, ',')) {
        fail(t, s, "Expecting ',' delimiter", i);
        return false;
    }
    s->next = skip_space(s, i + 1);
    if (is_at(s, s->next, close)) {
        fail(t, s, trailing, comma);
        return false;
    }
    return true;
}

static Value scan_object(Thread *t, Source *s, int64_t i) {
    bool pairs = !is_none(s->scanner->object_pairs_hook);
    Value result = TRY(pairs ? list_new(t, 0) : dict_new(t));
    s->next = skip_space(s, i + 1);
    if (is_at(s, s->next, '}')) {
        s->next++;
    } else {
        do {
            Value key = TRY(scan_key(t, s, s->next)), value = TRY(scan_once(t, s, s->next));
            CHECK(pairs ? list_append(t, result, TRY(tuple_pack(t, 2, key, value))) : dict_set(t, result, key, value));
        } while (another(t, s, '}', "Illegal trailing comma before end of object"));
        CHECK(!error_pending(t));
    }
    int64_t next = s->next;
    if (pairs)
        result = call_1(t, s->scanner->object_pairs_hook, result);
    else if (!is_none(s->scanner->object_hook))
        result = call_1(t, s->scanner->object_hook, result);
    s->next = next;
    return result;
}

static Value scan_array(Thread *t, Source *s, int64_t i) {
    Value result = TRY(list_new(t, 0));
    s->next = skip_space(s, i + 1);
    if (is_at(s, s->next, ']')) {
        s->next++;
        return result;
    }
    do
        CHECK(list_append(t, result, TRY(scan_once(t, s, s->next))));
    while (another(t, s, ']', "Illegal trailing comma before end of array"));
    return error_pending(t) ? NO_VALUE : result;
}

static bool has_word(const Source *s, int64_t i, const char *word) {
    for (; *word; word++, i++)
        if (!is_at(s, i, (uint32_t)*word))
            return false;
    return true;
}

static Value scan_word(Thread *t, Source *s, int64_t i) {
    static const struct {
        const char *text;
        int meaning;
    } words[] = {{"null", 0}, {"true", 1}, {"false", 2}, {"NaN", 3}, {"Infinity", 3}, {"-Infinity", 3}};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        if (!has_word(s, i, words[w].text))
            continue;
        s->next = i + (int64_t)strlen(words[w].text);
        if (words[w].meaning < 3)
            return words[w].meaning == 0 ? NONE : from_bool(words[w].meaning == 1);
        return call_1(t, s->scanner->parse_constant, TRY(str_from_text(t, words[w].text)));
    }
    return scan_number(t, s, i);
}

static Value scan_once(Thread *t, Source *s, int64_t i) {
    if (i >= s->length)
        return stop_at(t, i);
    uint32_t c = at(s, i);
    if (c == '"')
        return scan_string(t, s, i + 1);
    if (c >= '0' && c <= '9')
        return scan_number(t, s, i);
    if (c != '{' && c != '[')
        return scan_word(t, s, i);
    CHECK(recursion_enter(t, c == '{' ? " while decoding a JSON object from a unicode string"
                                      : " while decoding a JSON array from a unicode string"));
    Value result = c == '{' ? scan_object(t, s, i) : scan_array(t, s, i);
    recursion_leave(t);
    return result;
}

static Value scanner_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    Scanner *scanner = (Scanner *)as_object(callee);
    Value operands[2] = {0};
    size_t keywords = present(kwnames) ? tuple_length(kwnames) : 0;
    if (nargs + keywords != 2)
        return raise_type_error(t, "scan_once() takes exactly 2 arguments (%zu given)", nargs + keywords);
    for (size_t i = 0; i < nargs; i++)
        operands[i] = args[i];
    for (size_t i = 0; i < keywords; i++)
        operands[str_equal_text(tuple_get(kwnames, i), "idx")] = args[nargs + i];
    int64_t start;
    Source s = {.scanner = scanner, .memo = TRY(dict_new(t)), .strict = same(scanner->strict, TRUE)};
    CHECK(present(operands[0]) && present(operands[1]) && open_source(t, &s, operands[0]));
    CHECK(index_as_ssize(t, operands[1], &start, false, NULL));
    if (start < 0)
        return raise_value_error(t, "idx cannot be negative");
    Value result = TRY(scan_once(t, &s, start));
    return tuple_pack(t, 2, result, small_int(s.next));
}

static Value scanner_new(Thread *t, Value *args) {
    static const char *const attributes[] = {"strict", "object_hook", "object_pairs_hook", "parse_float", "parse_int",
                                             "parse_constant"};
    Value values[6];
    for (size_t i = 0; i < 6; i++)
        values[i] = TRY(get_attribute_text(t, args[1], attributes[i]));
    int strict = truth(t, values[0]);
    CHECK(strict >= 0);
    values[0] = from_bool(strict);
    Scanner *s = type_allocate(t, as_type(args[0]));
    if (!s)
        return NO_VALUE;
    memcpy(&s->strict, values, sizeof values);
    return from_object(s);
}

static const NativeDef methods[] = {{"__new__(type, context)", scanner_new, NEW_DOC, NATIVE_NO_SIGNATURE}, {NULL}};

static const MemberDef members[] = {
    {"strict", MEMBER_VALUE, offsetof(Scanner, strict), true, "strict"},
    {"object_hook", MEMBER_VALUE, offsetof(Scanner, object_hook), true, "object_hook"},
    {"object_pairs_hook", MEMBER_VALUE, offsetof(Scanner, object_pairs_hook), true, NULL},
    {"parse_float", MEMBER_VALUE, offsetof(Scanner, parse_float), true, "parse_float"},
    {"parse_int", MEMBER_VALUE, offsetof(Scanner, parse_int), true, "parse_int"},
    {"parse_constant", MEMBER_VALUE, offsetof(Scanner, parse_constant), true, "parse_constant"},
    {NULL},
};

MODULE_TYPE(json_scanner_type, _json) = {
    STATIC_TYPE_HEAD(trace_scanner, NULL),
    .name_text = "_json.Scanner",
    .doc = "JSON scanner object",
    .methods = methods,
    .members = members,
    .call = scanner_call,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Scanner),
};
