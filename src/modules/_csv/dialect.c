/* _csv.Dialect: the parameters of a format, checked. Immutable. */
#include "modules/_csv/internal.h"

typedef enum Setting {
    DELIMITER, DOUBLE_QUOTE, ESCAPE, LINE_TERMINATOR, QUOTE_CHAR, QUOTING, SKIP_INITIAL_SPACE, STRICT, SETTING_COUNT
} Setting;

static const char *const setting_names[SETTING_COUNT] = {"delimiter", "doublequote", "escapechar", "lineterminator",
                                                         "quotechar", "quoting", "skipinitialspace", "strict"};

static void trace_dialect(Tracer *tracer, Object *o) { trace_values(tracer, (Value *)(o + 1), 4); }

Value csv_get_dialect(Thread *t, Value name) {
    Value dialect = dict_get(t, csv_state(t, CSV_DIALECTS), name);
    return present(dialect) || error_pending(t) ? dialect : CSV_FAIL(t, "unknown dialect");
}

static bool read_bool(Thread *t, Value v, bool otherwise, Value *out) {
    int truth_value = absent(v) ? otherwise : truth(t, v);
    *out = from_bool(truth_value > 0);
    return truth_value >= 0;
}

static bool read_char(Thread *t, const char *name, Value v, uint32_t otherwise, bool optional, uint32_t *out) {
    *out = absent(v) ? otherwise : NOT_SET;
    if (absent(v) || (optional && is_none(v)))
        return true;
    const char *what = optional ? "a unicode character or None" : "a unicode character";
    if (!is_str(v)) {
        raise_type_error(t, "\"%s\" must be %s, not %T", name, what, v);
        return false;
    }
    if (str_length(v) != 1) {
        raise_type_error(t, "\"%s\" must be %s, not a string of length %zu", name, what, str_length(v));
        return false;
    }
    const void *data = str_data(t, v);
    if (data)
        *out = str_char(data, str_kind(v), 0);
    return data != NULL;
}

static bool read_quoting(Thread *t, Value v, Quoting *out) {
    int64_t quoting = QUOTE_MINIMAL;
    if (present(v) && (!is_int(v) || type_of(v) == &bool_type)) {
        raise_type_error(t, "\"quoting\" must be an integer, not %T", v);
        return false;
    }
    if (present(v) && !int_to_i64(v, &quoting))
        quoting = -1;
    if (quoting < QUOTE_MINIMAL || quoting > QUOTE_NOTNULL) {
        raise_type_error(t, "bad \"quoting\" value");
        return false;
    }
    *out = (Quoting)quoting;
    return true;
}

/* Checks */

static bool has_char(Thread *t, Value text, uint32_t c) {
    const void *data = str_data(t, text);
    for (size_t i = 0; data && i < str_length(text); i++)
        if (str_char(data, str_kind(text), i) == c)
            return true;
    return false;
}

static bool bad(Thread *t, const char *a, const char *b) {
    if (b)
        raise_value_error(t, "bad %s or %s value", a, b);
    else
        raise_value_error(t, "bad %s value", a);
    return false;
}

static bool check_char(Thread *t, const char *name, uint32_t c, bool space_allowed) {
    return (c != '\r' && c != '\n' && (c != ' ' || space_allowed)) || bad(t, name, NULL);
}

static bool check_distinct(Thread *t, const char *a, uint32_t x, const char *b, uint32_t y) {
    return x != y || x == NOT_SET || bad(t, a, b);
}

static bool check_terminator(Thread *t, const char *name, uint32_t c, const Dialect *d) {
    return c == NOT_SET || !has_char(t, d->line_terminator, c) || bad(t, name, "lineterminator");
}

static bool check(Thread *t, const Dialect *d) {
    if (d->quoting != QUOTE_NONE && d->quote == NOT_SET) {
        raise_type_error(t, "quotechar must be set if quoting enabled");
        return false;
    }
    bool space = same(d->skip_initial_space, FALSE);
    return check_char(t, "delimiter", d->delimiter, true) && check_char(t, "escapechar", d->escape, space) &&
           check_char(t, "quotechar", d->quote, space) &&
           check_distinct(t, "delimiter", d->delimiter, "escapechar", d->escape) &&
           check_distinct(t, "delimiter", d->delimiter, "quotechar", d->quote) &&
           check_distinct(t, "escapechar", d->escape, "quotechar", d->quote) &&
           check_terminator(t, "delimiter", d->delimiter, d) && check_terminator(t, "escapechar", d->escape, d) &&
           check_terminator(t, "quotechar", d->quote, d);
}

/* Construction */

static bool read_settings(Thread *t, Dialect *d, Value *given) {
    Value terminator = given[LINE_TERMINATOR];
    if (absent(given[QUOTING]) && present(given[QUOTE_CHAR]) && is_none(given[QUOTE_CHAR]))
        given[QUOTING] = small_int(QUOTE_NONE);
    if (!read_char(t, "delimiter", given[DELIMITER], ',', false, &d->delimiter) ||
        !read_bool(t, given[DOUBLE_QUOTE], true, &d->double_quote) ||
        !read_char(t, "escapechar", given[ESCAPE], NOT_SET, true, &d->escape))
        return false;
    if (present(terminator) && !is_str(terminator)) {
        raise_type_error(t, "\"lineterminator\" must be a string, not %T", terminator);
        return false;
    }
    if (absent(terminator))
        terminator = str_from_text(t, "\r\n");
    if (absent(terminator))
        return false;
    store(d, &d->line_terminator, terminator);
    return read_char(t, "quotechar", given[QUOTE_CHAR], '"', true, &d->quote) &&
           read_quoting(t, given[QUOTING], &d->quoting) &&
           read_bool(t, given[SKIP_INITIAL_SPACE], false, &d->skip_initial_space) &&
           read_bool(t, given[STRICT], false, &d->strict) && check(t, d);
}

static Value build(Thread *t, Type *type, Value dialect, Value *given) {
    if (present(dialect) && is_str(dialect))
        dialect = TRY(csv_get_dialect(t, dialect));
    if (present(dialect)) {
        bool any = false;
        for (int i = 0; i < SETTING_COUNT; i++)
            any |= present(given[i]);
        if (!any && type_of(dialect) == &csv_dialect_type)
            return dialect;
        for (int i = 0; i < SETTING_COUNT; i++) {
            if (present(given[i]))
                continue;
            given[i] = find_attribute(t, dialect, TRY(str_intern_text(t, setting_names[i])));
            if (absent(given[i]))
                error_clear(t);
        }
    }
    Dialect *d = type_allocate(t, type);
    if (!d || !read_settings(t, d, given))
        return NO_VALUE;
    return from_object(d);
}

Value csv_make_dialect(Thread *t, Value dialect, Value kwargs) {
    Value given[SETTING_COUNT] = {0}, key, value;
    for (size_t position = 0; present(kwargs) && dict_next(kwargs, &position, &key, &value);) {
        int i = 0;
        if (str_equal_text(key, "dialect")) {
            dialect = value;
            continue;
        }
        while (i < SETTING_COUNT && !str_equal_text(key, setting_names[i]))
            i++;
        if (i == SETTING_COUNT)
            return raise_type_error(t, "this function got an unexpected keyword argument '%S'", key);
        given[i] = value;
    }
    return build(t, &csv_dialect_type, dialect, given);
}

static Value new_method(Thread *t, Value *args) {
    Value dialect = present(args[1]) && is_none(args[1]) ? NO_VALUE : args[1];
    return build(t, as_type(args[0]), dialect, args + 2);
}

static Value no_pickling(Thread *t, Value *args) {
    return raise_type_error(t, "cannot pickle '%S' instances", load(&type_of(args[0])->name));
}

static Value char_or_none(Thread *t, uint32_t c) { return c == NOT_SET ? NONE : str_from_char(t, c); }
static Dialect *as_dialect(Value v) { return (Dialect *)v.bits; }
static Value get_delimiter(Thread *t, Value *args) { return char_or_none(t, as_dialect(args[0])->delimiter); }
static Value get_escape(Thread *t, Value *args) { return char_or_none(t, as_dialect(args[0])->escape); }
static Value get_quote(Thread *t, Value *args) { return char_or_none(t, as_dialect(args[0])->quote); }
static Value get_terminator(Thread *t, Value *args) { return as_dialect(args[0])->line_terminator; }
static Value get_quoting(Thread *t, Value *args) { return small_int(as_dialect(args[0])->quoting); }

#define UNSET "=<unrepresentable>"
static const NativeDef methods[] = {
    {"__new__(type, dialect" UNSET ", delimiter" UNSET ", doublequote" UNSET ", escapechar" UNSET ", lineterminator" UNSET
     ", quotechar" UNSET ", quoting" UNSET ", skipinitialspace" UNSET ", strict" UNSET ")",
     new_method, "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__reduce__(self, /)", no_pickling, "raises an exception to avoid pickling", NATIVE_NO_SIGNATURE},
    {"__reduce_ex__(self, protocol, /)", no_pickling, "raises an exception to avoid pickling", NATIVE_NO_SIGNATURE},
    {NULL},
};
#undef UNSET

static const GetSetDef getset[] = {
    {"delimiter", get_delimiter, NULL, NULL}, {"escapechar", get_escape, NULL, NULL},
    {"lineterminator", get_terminator, NULL, NULL}, {"quotechar", get_quote, NULL, NULL},
    {"quoting", get_quoting, NULL, NULL}, {NULL},
};

static const MemberDef members[] = {
    {"skipinitialspace", MEMBER_VALUE, offsetof(Dialect, skip_initial_space), true, NULL},
    {"doublequote", MEMBER_VALUE, offsetof(Dialect, double_quote), true, NULL},
    {"strict", MEMBER_VALUE, offsetof(Dialect, strict), true, NULL},
    {NULL},
};

MODULE_TYPE(csv_dialect_type, _csv) = {
    STATIC_TYPE_HEAD(trace_dialect, NULL),
    .name_text = "_csv.Dialect",
    .doc = "CSV dialect\n\nThe Dialect type records CSV parsing and generation options.\n",
    .methods = methods,
    .getset = getset,
    .members = members,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Dialect),
};
