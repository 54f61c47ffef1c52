/* _json, writing: one walk over the object into a StrBuilder.
 *
 * Threads: an encoder is immutable but for its `markers`, a dict that belongs to one call of json.dumps.
 */
#include "modules/_json/internal.h"
#include "types/str/str_layout.h"
#include "types/descriptors.h"

typedef struct Encoder {
    Object object;
    Value markers, default_function, encoder, indent, key_separator, item_separator, sort_keys, skip_keys, allow_nan;
} Encoder;

static void trace_encoder(Tracer *tracer, Object *o) { trace_values(tracer, (Value *)(o + 1), 9); }

/* Strings */

static const char hex_digits[] = "0123456789abcdef";

static bool add_unicode_escape(Thread *t, StrBuilder *b, uint32_t unit) {
    char text[7] = {'\\', 'u', hex_digits[unit >> 12 & 15], hex_digits[unit >> 8 & 15], hex_digits[unit >> 4 & 15],
                    hex_digits[unit & 15], 0};
    return str_builder_add_ascii(t, b, text, 6);
}

static bool add_escaped(Thread *t, StrBuilder *b, uint32_t c) {
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char *const to[] = {"\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t"};
    const char *found = c && c < 128 ? strchr(from, (int)c) : NULL;
    if (found)
        return str_builder_add_ascii(t, b, to[found - from], 2);
    if (c < 0x10000)
        return add_unicode_escape(t, b, c);
    c -= 0x10000;
    return add_unicode_escape(t, b, 0xD800 + (c >> 10)) && add_unicode_escape(t, b, 0xDC00 + (c & 0x3FF));
}

static inline bool is_plain(uint32_t c, bool ascii) {
    return c >= ' ' && c != '"' && c != '\\' && (!ascii || c <= '~');
}

static bool add_quoted(Thread *t, StrBuilder *b, Value text, bool ascii) {
    const void *data = str_data(t, text);
    int kind = str_kind(text);
    size_t length = str_length(text);
    if (!data || !str_builder_add_char(t, b, '"'))
        return false;
    for (size_t i = 0; i < length;) {
        size_t start = i;
        while (i < length && is_plain(str_char(data, kind, i), ascii))
            i++;
        bool added = i == start || (kind == 1 && (ascii || str_is_ascii(text))
                                        ? str_builder_add_ascii(t, b, (const char *)data + start, i - start)
                                        : str_builder_add_slice(t, b, text, start, i));
        if (!added)
            return false;
        if (i < length && !add_escaped(t, b, str_char(data, kind, i++)))
            return false;
    }
    keep_alive((void *)text.bits);
    return str_builder_add_char(t, b, '"');
}

static Value encode(Thread *t, Value text, bool ascii) {
    StrBuilder b = {0};
    if (!is_str(text))
        return raise_type_error(t, "first argument must be a string, not %T", text);
    CHECK(add_quoted(t, &b, text, ascii));
    return str_builder_finish(t, &b);
}

Value json_encode_basestring(Thread *t, Value *args) { return encode(t, args[0], false); }
Value json_encode_basestring_ascii(Thread *t, Value *args) { return encode(t, args[0], true); }

/* The walk */

typedef struct Writing {
    const Encoder *encoder;
    StrBuilder text;
    int quoting; /* 0: plain strings, 1: ASCII, 2: through the encoder function */
    int64_t level;
} Writing;

static bool write_value(Thread *t, Writing *w, Value v);

static bool write_string(Thread *t, Writing *w, Value v) {
    if (w->quoting < 2)
        return add_quoted(t, &w->text, v, w->quoting == 1);
    Value encoded = call_1(t, w->encoder->encoder, v);
    if (present(encoded) && !is_str(encoded))
        raise_type_error(t, "encoder() must return a string, not %T", encoded);
    return present(encoded) && is_str(encoded) && str_builder_add(t, &w->text, encoded);
}

static Value float_text(Thread *t, Writing *w, Value v) {
    double d = float_value(v);
    if (isfinite(d))
        return float_repr(t, d);
    if (same(w->encoder->allow_nan, FALSE))
        return raise_value_error(t, "Out of range float values are not JSON compliant: %R", v);
    return str_from_text(t, isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
}

static bool write_newline(Thread *t, Writing *w) {
    if (is_none(w->encoder->indent))
        return true;
    if (!str_builder_add_char(t, &w->text, '\n'))
        return false;
    for (int64_t i = 0; i < w->level; i++)
        if (!str_builder_add(t, &w->text, w->encoder->indent))
            return false;
    return true;
}

/* The pending exception gets a note of where it happened. */
static bool failed_at(Thread *t, const char *format, Value container, Value where) {
    error_add_note(t, format, container, where);
    return false;
}

static bool enter(Thread *t, Writing *w, Value container, Value *id) {
    if (is_none(w->encoder->markers))
        return true;
    *id = object_id(t, container);
    int there = absent(*id) ? -1 : dict_contains(t, w->encoder->markers, *id);
    if (there > 0)
        raise_value_error(t, "Circular reference detected");
    return there == 0 && dict_set(t, w->encoder->markers, *id, container);
}

static bool leave(Thread *t, Writing *w, Value id) {
    return is_none(w->encoder->markers) || dict_delete(t, w->encoder->markers, id) >= 0;
}

static bool write_separator(Thread *t, Writing *w, bool first) {
    if (first)
        return write_newline(t, w);
    return str_builder_add(t, &w->text, w->encoder->item_separator) && write_newline(t, w);
}

static bool write_list(Thread *t, Writing *w, Value list) {
    bool is_tuple_ = is_tuple(list);
    Value id = NO_VALUE;
    if ((is_tuple_ ? tuple_length(list) : list_length(list)) == 0)
        return str_builder_add_text(t, &w->text, "[]");
    if (!enter(t, w, list, &id) || !str_builder_add_char(t, &w->text, '['))
        return false;
    w->level++;
    for (size_t i = 0;; i++) {
        Value item = is_tuple_ ? (i < tuple_length(list) ? tuple_get(list, i) : NO_VALUE) : list_get(list, i);
        if (absent(item))
            break;
        if (!write_separator(t, w, i == 0))
            return false;
        if (!write_value(t, w, item))
            return failed_at(t, "when serializing %T item %S", list, small_int((int64_t)i));
    }
    w->level--;
    return write_newline(t, w) && str_builder_add_char(t, &w->text, ']') && leave(t, w, id);
}

/* The text of a dict's key before quoting. *skip: leave the item out. */
static Value key_text(Thread *t, Writing *w, Value key, bool *skip) {
    *skip = false;
    if (is_str(key))
        return key;
    if (is_float(key))
        return float_text(t, w, key);
    if (same(key, TRUE) || same(key, FALSE) || is_none(key))
        return str_from_text(t, is_none(key) ? "null" : same(key, TRUE) ? "true" : "false");
    if (is_int(key))
        return int_to_text(t, key, 10);
    if (same(w->encoder->skip_keys, TRUE)) {
        *skip = true;
        return NONE;
    }
    return raise_type_error(t, "keys must be str, int, float, bool or None, not %T", key);
}

static bool write_item(Thread *t, Writing *w, Value dict, Value key, Value value, bool *first) {
    bool skip;
    Value text = key_text(t, w, key, &skip);
    if (absent(text))
        return false;
    if (skip)
        return true;
    if (!write_separator(t, w, *first) || !write_string(t, w, text) ||
        !str_builder_add(t, &w->text, w->encoder->key_separator))
        return false;
    *first = false;
    return write_value(t, w, value) || failed_at(t, "when serializing %T item %R", dict, key);
}

static Value items_of(Thread *t, Writing *w, Value dict) {
    Value items = is_exactly(dict, &dict_type) ? dict_items_list(t, dict)
                                               : list_from_iterable(t, TRY(call_method_0(t, dict, names.items)));
    if (present(items) && same(w->encoder->sort_keys, TRUE))
        CHECK(list_sort(t, items, NO_VALUE, false));
    return items;
}

static bool write_dict(Thread *t, Writing *w, Value dict) {
    Value id = NO_VALUE;
    if (dict_length(dict) == 0)
        return str_builder_add_text(t, &w->text, "{}");
    if (!enter(t, w, dict, &id) || !str_builder_add_char(t, &w->text, '{'))
        return false;
    w->level++;
    Value items = items_of(t, w, dict);
    if (absent(items))
        return false;
    bool first = true;
    for (size_t i = 0; i < list_length(items); i++) {
        Value item = list_get(items, i);
        if (!is_tuple(item) || tuple_length(item) != 2) {
            raise_value_error(t, "items must return 2-tuples");
            return false;
        }
        if (!write_item(t, w, dict, tuple_get(item, 0), tuple_get(item, 1), &first))
            return false;
    }
    w->level--;
    return (first || write_newline(t, w)) && str_builder_add_char(t, &w->text, '}') && leave(t, w, id);
}

static bool write_other(Thread *t, Writing *w, Value v) {
    Value id = NO_VALUE;
    if (!enter(t, w, v, &id))
        return false;
    Value replacement = call_1(t, w->encoder->default_function, v);
    if (absent(replacement))
        return false;
    if (!recursion_enter(t, " while encoding a JSON object"))
        return false;
    bool ok = write_value(t, w, replacement);
    recursion_leave(t);
    return ok ? leave(t, w, id) : failed_at(t, "when serializing %T object", v, NONE);
}

static bool write_text(Thread *t, Writing *w, Value text) { return present(text) && str_builder_add(t, &w->text, text); }

static bool write_value(Thread *t, Writing *w, Value v) {
    if (is_str(v))
        return write_string(t, w, v);
    if (is_none(v) || same(v, TRUE) || same(v, FALSE))
        return str_builder_add_text(t, &w->text, is_none(v) ? "null" : same(v, TRUE) ? "true" : "false");
    if (is_int(v))
        return write_text(t, w, int_to_text(t, v, 10));
    if (is_float(v))
        return write_text(t, w, float_text(t, w, v));
    if (!is_list(v) && !is_tuple(v) && !is_dict(v))
        return write_other(t, w, v);
    if (!recursion_enter(t, " while encoding a JSON object"))
        return false;
    bool ok = is_dict(v) ? write_dict(t, w, v) : write_list(t, w, v);
    recursion_leave(t);
    return ok;
}

/* Which of this module's functions the encoder is, if it is one. */
static int quoting_of(Value encoder) {
    if (type_of(encoder) != &native_function_type)
        return 2;
    NativeFn function = ((NativeFunctionObject *)as_object(encoder))->def->function;
    return function == json_encode_basestring ? 0 : function == json_encode_basestring_ascii ? 1 : 2;
}

static Value encoder_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    Encoder *e = (Encoder *)as_object(callee);
    size_t keywords = present(kwnames) ? tuple_length(kwnames) : 0;
    Value operands[2] = {0};
    if (nargs + keywords != 2)
        return raise_type_error(t, "_iterencode() takes exactly 2 arguments (%zu given)", nargs + keywords);
    for (size_t i = 0; i < nargs; i++)
        operands[i] = args[i];
    for (size_t i = 0; i < keywords; i++)
        operands[str_equal_text(tuple_get(kwnames, i), "_current_indent_level")] = args[nargs + i];
    Writing w = {.encoder = e, .quoting = quoting_of(e->encoder)};
    CHECK(present(operands[0]) && present(operands[1]) && index_as_ssize(t, operands[1], &w.level, false, NULL));
    if (w.level < 0)
        w.level = 0;
    CHECK(write_value(t, &w, operands[0]));
    return tuple_pack(t, 1, TRY(str_builder_finish(t, &w.text)));
}

static bool check_str(Thread *t, int number, Value v) {
    if (!is_str(v))
        raise_type_error(t, "make_encoder() argument %d must be str, not %Y", number, v);
    return is_str(v);
}

static Value encoder_new(Thread *t, Value *args) {
    if (!is_none(args[1]) && !is_dict(args[1]))
        return raise_type_error(t, "make_encoder() argument 1 must be dict or None, not %T", args[1]);
    CHECK(check_str(t, 5, args[5]) && check_str(t, 6, args[6]));
    for (int i = 7; i <= 9; i++) {
        int flag = truth(t, args[i]);
        CHECK(flag >= 0);
        args[i] = from_bool(flag);
    }
    Encoder *e = type_allocate(t, as_type(args[0]));
    if (!e)
        return NO_VALUE;
    memcpy(&e->markers, args + 1, 9 * sizeof(Value));
    return from_object(e);
}

static const NativeDef methods[] = {
    {"__new__(type, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
     encoder_new, NEW_DOC, NATIVE_NO_SIGNATURE},
    {NULL},
};

static const MemberDef members[] = {
    {"markers", MEMBER_VALUE, offsetof(Encoder, markers), true, "markers"},
    {"default", MEMBER_VALUE, offsetof(Encoder, default_function), true, "default"},
    {"encoder", MEMBER_VALUE, offsetof(Encoder, encoder), true, "encoder"},
    {"indent", MEMBER_VALUE, offsetof(Encoder, indent), true, "indent"},
    {"key_separator", MEMBER_VALUE, offsetof(Encoder, key_separator), true, "key_separator"},
    {"item_separator", MEMBER_VALUE, offsetof(Encoder, item_separator), true, "item_separator"},
    {"sort_keys", MEMBER_VALUE, offsetof(Encoder, sort_keys), true, "sort_keys"},
    {"skipkeys", MEMBER_VALUE, offsetof(Encoder, skip_keys), true, "skipkeys"},
    {NULL},
};

MODULE_TYPE(json_encoder_type, _json) = {
    STATIC_TYPE_HEAD(trace_encoder, NULL),
    .name_text = "_json.Encoder",
    .doc = "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    .methods = methods,
    .members = members,
    .call = encoder_call,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Encoder),
};
