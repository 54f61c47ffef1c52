/* _csv.reader: lines in, rows out, by one pass over the characters through a small state machine.
 *
 * Threads: a row's state is local to the call; of several threads one reads a row at a time, unless the lines come from Python code.
 * Lines are counted under the reader's lock.
 */
#include "modules/_csv/internal.h"
#include "object/owned_lock.h"
#include "types/str/str_layout.h"
#include "types/float.h"
#include "vm/generator.h"

typedef struct Reader {
    Object object;
    Value input, dialect;
    Value line_number; /* int */
    size_t width;      /* fields of the last row: the next one is likely to have as many */
    Thread *advanced_by; /* who read the last line: to tell a call from within the input from another thread's */
    OwnedLock stepping;
} Reader;

static void trace_reader(Tracer *tracer, Object *o) { trace_values(tracer, (Value *)(o + 1), 3); }

typedef enum State {
    START_RECORD, START_FIELD, ESCAPED_CHAR, IN_FIELD, IN_QUOTED_FIELD, ESCAPE_IN_QUOTED_FIELD, QUOTE_IN_QUOTED_FIELD,
    EAT_LINE_END, AFTER_ESCAPED_LINE_END
} State;

#define END_OF_LINE (UINT32_MAX - 1)

typedef struct Parser {
    const Dialect *dialect;
    Value fields; /* list */
    StrBuilder field;
    State state;
    bool unquoted; /* the current field */
    int64_t limit;
} Parser;

static bool save_text(Thread *t, Parser *p, Value field) {
    Quoting quoting = p->dialect->quoting;
    bool empty = present(field) && str_length(field) == 0;
    if (p->unquoted && empty && (quoting == QUOTE_NOTNULL || quoting == QUOTE_STRINGS))
        field = NONE;
    else if (present(field) && p->unquoted && !empty && (quoting == QUOTE_NONNUMERIC || quoting == QUOTE_STRINGS))
        field = float_from_str(t, field);
    return present(field) && list_push(t, p->fields, field);
}

static bool save_field(Thread *t, Parser *p) {
    Value field = str_builder_finish(t, &p->field);
    p->field = (StrBuilder){0};
    return save_text(t, p, field);
}

static bool add_char(Thread *t, Parser *p, uint32_t c) {
    if ((int64_t)p->field.length >= p->limit) {
        CSV_FAIL(t, "field larger than field limit (%ld)", (long)p->limit);
        return false;
    }
    return str_builder_add_char(t, &p->field, c);
}

static bool ends_line(uint32_t c) { return c == '\n' || c == '\r' || c == END_OF_LINE; }

static bool end_field(Thread *t, Parser *p, uint32_t c) {
    p->state = c == END_OF_LINE ? START_RECORD : EAT_LINE_END;
    return save_field(t, p);
}

static bool start_field(Thread *t, Parser *p, uint32_t c) {
    const Dialect *d = p->dialect;
    p->unquoted = true;
    if (ends_line(c))
        return end_field(t, p, c);
    if (c == d->quote && d->quoting != QUOTE_NONE) {
        p->unquoted = false;
        p->state = IN_QUOTED_FIELD;
        return true;
    }
    if (c == d->escape) {
        p->state = ESCAPED_CHAR;
        return true;
    }
    if (c == ' ' && same(d->skip_initial_space, TRUE))
        return true;
    if (c == d->delimiter)
        return save_field(t, p);
    p->state = IN_FIELD;
    return add_char(t, p, c);
}

static bool in_field(Thread *t, Parser *p, uint32_t c) {
    if (ends_line(c))
        return end_field(t, p, c);
    if (c == p->dialect->escape) {
        p->state = ESCAPED_CHAR;
        return true;
    }
    if (c == p->dialect->delimiter) {
        p->state = START_FIELD;
        return save_field(t, p);
    }
    return add_char(t, p, c);
}

static bool in_quoted_field(Thread *t, Parser *p, uint32_t c) {
    const Dialect *d = p->dialect;
    if (c == END_OF_LINE)
        return true;
    if (c == d->escape)
        p->state = ESCAPE_IN_QUOTED_FIELD;
    else if (c == d->quote && d->quoting != QUOTE_NONE)
        p->state = same(d->double_quote, TRUE) ? QUOTE_IN_QUOTED_FIELD : IN_FIELD;
    else
        return add_char(t, p, c);
    return true;
}

static bool after_quote(Thread *t, Parser *p, uint32_t c) {
    const Dialect *d = p->dialect;
    if (d->quoting != QUOTE_NONE && c == d->quote) {
        p->state = IN_QUOTED_FIELD;
        return add_char(t, p, c);
    }
    if (c == d->delimiter) {
        p->state = START_FIELD;
        return save_field(t, p);
    }
    if (ends_line(c))
        return end_field(t, p, c);
    if (same(d->strict, FALSE)) {
        p->state = IN_FIELD;
        return add_char(t, p, c);
    }
    Value delimiter = str_from_char(t, d->delimiter), quote = str_from_char(t, d->quote);
    if (present(delimiter) && present(quote))
        CSV_FAIL(t, "'%S' expected after '%S'", delimiter, quote);
    return false;
}

static bool process(Thread *t, Parser *p, uint32_t c) {
    switch (p->state) {
    case START_RECORD:
        if (c == END_OF_LINE)
            return true;
        if (ends_line(c)) {
            p->state = EAT_LINE_END;
            return true;
        }
        p->state = START_FIELD;
        return start_field(t, p, c);
    case START_FIELD: return start_field(t, p, c);
    case ESCAPED_CHAR:
        p->state = c == '\n' || c == '\r' ? AFTER_ESCAPED_LINE_END : IN_FIELD;
        return add_char(t, p, c == END_OF_LINE ? '\n' : c);
    case AFTER_ESCAPED_LINE_END: return c == END_OF_LINE || in_field(t, p, c);
    case IN_FIELD: return in_field(t, p, c);
    case IN_QUOTED_FIELD: return in_quoted_field(t, p, c);
    case ESCAPE_IN_QUOTED_FIELD:
        p->state = IN_QUOTED_FIELD;
        return add_char(t, p, c == END_OF_LINE ? '\n' : c);
    case QUOTE_IN_QUOTED_FIELD: return after_quote(t, p, c);
    case EAT_LINE_END:
        if (c == END_OF_LINE)
            p->state = START_RECORD;
        else if (!ends_line(c))
            CSV_FAIL(t, "new-line character seen in unquoted field - do you need to open the file with newline=''?");
        return ends_line(c);
    }
    return false;
}

/* Where the run of characters that mean nothing in an unquoted (or quoted) field ends. */
#define RUN_END(name, type)                                                                                        \
    static size_t name(const Dialect *d, const type *s, size_t i, size_t length, bool quoted) {                     \
        uint32_t escape = d->escape, quote = d->quote, delimiter = d->delimiter;                                    \
        for (; i < length && s[i] != escape && s[i] != quote; i++)                                                  \
            if (!quoted && (s[i] == delimiter || s[i] == '\n' || s[i] == '\r'))                                     \
                break;                                                                                              \
        return i;                                                                                                   \
    }
RUN_END(run_end_1, uint8_t)
RUN_END(run_end_2, uint16_t)
RUN_END(run_end_4, uint32_t)
#undef RUN_END
static size_t run_end(const Dialect *d, Chars c, size_t i, bool quoted) {
    return c.kind == 1   ? run_end_1(d, c.data, i, c.length, quoted)
           : c.kind == 2 ? run_end_2(d, c.data, i, c.length, quoted)
                         : run_end_4(d, c.data, i, c.length, quoted);
}

/* Takes several characters at once where they are plain: what is left of a field, or a whole one that ends in a
 * delimiter or with the line. Returns how far it came, which may be nowhere; past the end: an exception is pending. */
static size_t take_run(Thread *t, Parser *p, Value line, Chars c, size_t i) {
    State state = p->state;
    bool starts = state == START_FIELD || state == START_RECORD;
    if (!starts && state != IN_FIELD && state != IN_QUOTED_FIELD)
        return i;
    size_t end = run_end(p->dialect, c, i, state == IN_QUOTED_FIELD);
    if (end == i || (int64_t)(p->field.length + end - i) > p->limit)
        return i;
    if (!starts)
        return str_builder_add_chars(t, &p->field, chars_part(c, i, end)) ? end : SIZE_MAX;
    uint32_t after = end < c.length ? chars_get(&c, end) : END_OF_LINE;
    bool last = after == '\n' || after == '\r', whole = (last || after == p->dialect->delimiter) && p->field.length == 0;
    if (!whole || (chars_get(&c, i) == ' ' && same(p->dialect->skip_initial_space, TRUE)))
        return i;
    p->unquoted = true;
    p->state = last ? EAT_LINE_END : START_FIELD;
    return save_text(t, p, str_slice(t, line, i, end)) ? end + 1 : SIZE_MAX;
}

static bool process_line(Thread *t, Parser *p, Value line) {
    if (!is_str(line)) {
        CSV_FAIL(t, "iterator should return strings, not %T (the file should be opened in text mode)", line);
        return false;
    }
    const void *data = str_data(t, line);
    if (!data)
        return false;
    Chars c = {data, str_length(line), str_kind(line)};
    for (size_t i = 0; i < c.length;) {
        size_t taken = take_run(t, p, line, c, i);
        if (taken > c.length)
            return false;
        if (taken > i)
            i = taken;
        else if (!process(t, p, chars_get(&c, i++)))
            return false;
    }
    keep_alive((void *)line.bits);
    return process(t, p, END_OF_LINE);
}

/* The input has ended: a row may be unfinished. */
static Value end_of_input(Thread *t, Parser *p) {
    if (error_pending(t) || (p->field.length == 0 && p->state != IN_QUOTED_FIELD))
        return NO_VALUE;
    if (same(p->dialect->strict, TRUE))
        return CSV_FAIL(t, "unexpected end of data");
    return save_field(t, p) ? p->fields : NO_VALUE;
}

static void count_line(Reader *r) {
    object_lock(&r->object);
    store(r, &r->line_number, small_int(small_int_value(r->line_number) + 1));
    object_unlock(&r->object);
}

static Value next_row(Thread *t, Reader *r) {
    Parser p = {.dialect = (Dialect *)as_object(r->dialect), .fields = TRY(list_new(t, load_relaxed(&r->width)))};
    if (!int_to_i64(csv_state(t, CSV_LIMIT), &p.limit))
        p.limit = INT64_MAX;
    do {
        Value before = load(&r->line_number), line = iterator_next(t, r->input);
        if (absent(line))
            return end_of_input(t, &p);
        if (!same(before, load(&r->line_number)) && load_relaxed(&r->advanced_by) == t)
            return CSV_FAIL(t, "iterator has already advanced the reader");
        count_line(r);
        store_relaxed(&r->advanced_by, t);
        CHECK(process_line(t, &p, line));
    } while (p.state != START_RECORD);
    store_relaxed(&r->width, list_length(p.fields));
    return p.fields;
}

static Value next(Thread *t, Value self) {
    Reader *r = (Reader *)as_object(self);
    OwnedLock *lock = NULL;
    bool is_python_code = type_of(r->input)->flags & TYPE_HEAP || is_exactly(r->input, &generator_type);
    if (!is_python_code)
        CHECK(step_enter_waiting(t, &r->stepping, &lock));
    Value row = next_row(t, r);
    step_leave(lock);
    return row;
}

Value csv_reader(Thread *t, Value *args) {
    Value input = TRY(get_iterator(t, args[0])), dialect = TRY(csv_make_dialect(t, args[1], args[2]));
    Reader *r = heap_allocate(t, &csv_reader_type, sizeof *r);
    if (!r)
        return NO_VALUE;
    r->input = input;
    r->dialect = dialect;
    store(r, &r->line_number, small_int(0));
    return from_object(r);
}

static const NativeDef methods[] = {{"__iter__(self, /)", iterator_self, "Implement iter(self)."}, {NULL}};

static const MemberDef members[] = {
    {"dialect", MEMBER_VALUE, offsetof(Reader, dialect), true, NULL},
    {"line_num", MEMBER_VALUE, offsetof(Reader, line_number), true, NULL},
    {NULL},
};

MODULE_TYPE(csv_reader_type, _csv) = {
    STATIC_TYPE_HEAD(trace_reader, NULL),
    .name_text = "_csv.reader",
    .doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n",
    .methods = methods,
    .members = members,
    .next = next,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Reader),
};
