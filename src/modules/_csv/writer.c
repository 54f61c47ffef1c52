/* _csv.writer: rows in, lines out. Immutable: a row is put together locally and written with one call. */
#include "modules/_csv/internal.h"
#include "types/list_iterator.h"
#include "types/str/str_layout.h"

typedef struct Writer {
    Object object;
    Value write, dialect;
    uint64_t special[2]; /* bits for the ASCII characters that do not stand for themselves */
} Writer;

static void trace_writer(Tracer *tracer, Object *o) { trace_values(tracer, (Value *)(o + 1), 2); }

typedef struct Record {
    const Dialect *dialect;
    Chars terminator; /* the dialect's */
    const uint64_t *special;
    StrBuilder text;
    size_t fields;
} Record;

static bool is_special(const Dialect *d, const Chars *terminator, uint32_t c) {
    if (c == d->delimiter || c == d->escape || c == d->quote || c == '\n' || c == '\r')
        return true;
    for (size_t i = 0; i < terminator->length; i++)
        if (chars_get(terminator, i) == c)
            return true;
    return false;
}

static inline bool stands_for_itself(const Record *r, uint32_t c) {
    return c < 128 ? !(r->special[c / 64] >> (c % 64) & 1) : !is_special(r->dialect, &r->terminator, c);
}

/* Where the characters from i on end that stand for themselves. */
static size_t plain_end(const Record *r, const Chars *c, size_t i) {
    if (c->kind == 1)
        for (const uint8_t *s = c->data; i < c->length && stands_for_itself(r, s[i]);) i++;
    else
        while (i < c->length && stands_for_itself(r, chars_get(c, i))) i++;
    return i;
}

/* Adds a special character of a field with what must stand before it; *quoted is set when the field then needs quotes. */
static bool add_special(Thread *t, const Dialect *d, StrBuilder *field, uint32_t c, bool *quoted) {
    bool escape = false;
    if (d->quoting == QUOTE_NONE || c == d->escape) {
        escape = c != d->quote || d->quoting == QUOTE_NONE;
    } else if (c == d->quote && same(d->double_quote, TRUE)) {
        if (!str_builder_add_char(t, field, d->quote))
            return false;
    } else {
        escape = c == d->quote;
    }
    if (!escape)
        *quoted = true;
    if (escape && d->escape == NOT_SET) {
        CSV_FAIL(t, "need to escape, but no escapechar set");
        return false;
    }
    return (!escape || str_builder_add_char(t, field, d->escape)) && str_builder_add_char(t, field, c);
}

/* The field with its special characters marked; most have none, and are what is written. */
static Value field_text(Thread *t, const Record *r, Value field, bool *quoted) {
    Chars c;
    if (!chars_of(t, field, &c))
        return NO_VALUE;
    size_t i = plain_end(r, &c, 0);
    if (i == c.length)
        return field;
    StrBuilder b = {0};
    for (size_t start = 0;; start = i, i = plain_end(r, &c, i)) {
        CHECK(start == i || str_builder_add_chars(t, &b, chars_part(c, start, i)));
        if (i == c.length)
            return str_builder_finish(t, &b);
        CHECK(add_special(t, r->dialect, &b, chars_get(&c, i++), quoted));
    }
}

/* The delimiter, unless it is the first field, and the text, with quotes around it or without. */
static bool put_field(Thread *t, Record *r, Value text, bool quoted) {
    const Dialect *d = r->dialect;
    Chars c;
    if (!chars_of(t, text, &c))
        return false;
    bool later = r->fields++ > 0;
    uint32_t max = c.length ? str_max_char(text) : 0;
    if (later && d->delimiter > max)
        max = d->delimiter;
    if (quoted && d->quote > max)
        max = d->quote;
    char *start = str_builder_reserve(t, &r->text, c.length + later + 2 * (size_t)quoted, max), *to = start;
    if (!to)
        return false;
    int kind = r->text.kind;
    if (later)
        char_put(to, kind, 0, d->delimiter), to += kind;
    if (quoted)
        char_put(to, kind, 0, d->quote), to += kind;
    to = chars_write(to, kind, c);
    if (quoted)
        char_put(to, kind, 0, d->quote), to += kind;
    r->text.length += (size_t)(to - start) / (size_t)kind;
    return true;
}

/* field absent: None */
static bool add_field(Thread *t, Record *r, Value field, bool quoted) {
    const Dialect *d = r->dialect;
    size_t length = present(field) ? str_length(field) : 0;
    bool null_unquoted = absent(field) && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL);
    Value text = length ? field_text(t, r, field, &quoted) : empty_str;
    if (length == 0 && d->delimiter == ' ' && same(d->skip_initial_space, TRUE)) {
        if (d->quoting == QUOTE_NONE || null_unquoted) {
            CSV_FAIL(t, "empty field must be quoted if delimiter is a space and skipinitialspace is true");
            return false;
        }
        quoted = true;
    }
    return present(text) && put_field(t, r, text, quoted);
}

static bool is_number(Value v) {
    if (is_exactly(v, &str_type))
        return false;
    Type *type = type_of(v);
    return is_int(v) || is_float(v) || type_slot(type, SLOT___index__) || type_slot(type, SLOT___int__) ||
           type_slot(type, SLOT___float__) || present(type_lookup(type, names.dunder_complex));
}

static bool wants_quotes(const Dialect *d, Value field) {
    switch (d->quoting) {
    case QUOTE_ALL: return true;
    case QUOTE_NONNUMERIC: return !is_number(field);
    case QUOTE_STRINGS: return is_str(field);
    case QUOTE_NOTNULL: return !is_none(field);
    default: return false;
    }
}

enum { LIKELY_LENGTH = 128 };

static Value row_text(Thread *t, const Writer *w, Value row) {
    const Dialect *d = (Dialect *)as_object(w->dialect);
    Value it = get_iterator(t, row);
    if (absent(it))
        return error_catch(t, &TypeError_type) ? CSV_FAIL(t, "iterable expected, not %T", row) : NO_VALUE;
    Record r = {.dialect = d, .special = w->special};
    CHECK(chars_of(t, d->line_terminator, &r.terminator));
    CHECK(str_builder_reserve(t, &r.text, LIKELY_LENGTH, 0x7f));
    r.text.max_char = 0;
    bool null = false;
    for (Value field; present(field = iterator_next_at_once(t, it));) {
        null = is_none(field);
        Value text = null ? NO_VALUE : is_str(field) ? field : TRY(to_str(t, field));
        CHECK(add_field(t, &r, text, wants_quotes(d, field)));
    }
    CHECK(!error_pending(t));
    if (r.fields == 1 && r.text.length == 0) {
        if (d->quoting == QUOTE_NONE || (null && (d->quoting == QUOTE_STRINGS || d->quoting == QUOTE_NOTNULL)))
            return CSV_FAIL(t, "single empty field record must be quoted");
        r.fields = 0;
        CHECK(add_field(t, &r, NO_VALUE, true));
    }
    CHECK(str_builder_add(t, &r.text, d->line_terminator));
    return str_builder_finish(t, &r.text);
}

static Value writerow(Thread *t, Value *args) {
    Writer *w = (Writer *)as_object(args[0]);
    return call_1(t, w->write, TRY(row_text(t, w, args[1])));
}

static bool write_visit(Thread *t, void *context, Value row) {
    Value args[] = {*(Value *)context, row};
    return present(writerow(t, args));
}

static Value writerows(Thread *t, Value *args) {
    CHECK(iterate(t, args[1], write_visit, &args[0]));
    return NONE;
}

Value csv_writer(Thread *t, Value *args) {
    Value dialect = TRY(csv_make_dialect(t, args[1], args[2]));
    Value write = find_attribute(t, args[0], names.write);
    if (absent(write) || !is_callable(write))
        return error_pending(t) ? NO_VALUE : raise_type_error(t, "argument 1 must have a \"write\" method");
    Chars terminator;
    CHECK(chars_of(t, ((Dialect *)as_object(dialect))->line_terminator, &terminator));
    Writer *w = heap_allocate(t, &csv_writer_type, sizeof *w);
    if (!w)
        return NO_VALUE;
    w->write = write;
    w->dialect = dialect;
    for (uint32_t c = 0; c < 128; c++)
        if (is_special((Dialect *)as_object(dialect), &terminator, c))
            w->special[c / 64] |= UINT64_C(1) << (c % 64);
    return from_object(w);
}

static const NativeDef methods[] = {
    {"writerow(self, row, /)", writerow,
     "Construct and write a CSV record from an iterable of fields.\n\nNon-string elements will be converted to string."},
    {"writerows(self, rows, /)", writerows,
     "Construct and write a series of iterables to a csv file.\n\nNon-string elements will be converted to string."},
    {NULL},
};

static const MemberDef members[] = {
    {"dialect", MEMBER_VALUE, offsetof(Writer, dialect), true, NULL},
    {NULL},
};

MODULE_TYPE(csv_writer_type, _csv) = {
    STATIC_TYPE_HEAD(trace_writer, NULL),
    .name_text = "_csv.writer",
    .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\n"
           "in CSV format from sequence input.\n",
    .methods = methods,
    .members = members,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Writer),
};
