/* _string: how string.Formatter reads format strings. An error in the text is raised when its place is reached. */
#include "object/errors.h"
#include "object/operators.h"
#include "types/module.h"
#include "types/str/format_fields.h"
#include "types/tuple.h"

typedef struct FormatIterator {
    Object object;
    Value text;
    size_t at, end;
    bool fields; /* parts of a field name, not pieces of a format string */
} FormatIterator;

static void trace_format_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((FormatIterator *)o)->text); }

static Value range_text(Thread *t, const Chars *c, Range r) {
    return r.start < r.end ? str_from_part(t, chars_part(*c, r.start, r.end)) : empty_str;
}

static Value next_piece(Thread *t, FormatIterator *it, const Chars *c) {
    FormatPiece p;
    size_t at = load_relaxed(&it->at);
    int more = format_next_piece(t, c, &at, it->end, &p);
    store_relaxed(&it->at, at);
    if (more <= 0)
        return NO_VALUE;
    Value literal = TRY(range_text(t, c, p.literal));
    if (!p.has_field)
        return tuple_pack(t, 4, literal, NONE, NONE, NONE);
    Value field = TRY(range_text(t, c, p.field)), spec = TRY(range_text(t, c, p.spec));
    Value conversion = p.conversion ? TRY(str_from_char(t, p.conversion)) : NONE;
    return tuple_pack(t, 4, literal, field, spec, conversion);
}

static Value next_field(Thread *t, FormatIterator *it, const Chars *c) {
    bool is_attribute;
    Range name;
    int64_t index;
    size_t at = load_relaxed(&it->at);
    int more = format_field_next(t, c, &at, it->end, &is_attribute, &name, &index);
    store_relaxed(&it->at, at);
    if (more <= 0)
        return NO_VALUE;
    return tuple_pack(t, 2, from_bool(is_attribute), index >= 0 ? small_int(index) : TRY(range_text(t, c, name)));
}

static Value iterator_step(Thread *t, Value iterator) {
    FormatIterator *it = (FormatIterator *)iterator.bits;
    Chars c;
    CHECK(chars_of(t, it->text, &c));
    return it->fields ? next_field(t, it, &c) : next_piece(t, it, &c);
}

static Value iterator_self(Thread *t, Value *args) { return args[0]; }
static const NativeDef iterator_methods[] = {{"__iter__(self, /)", iterator_self, "Implement iter(self)."}, {0}};

extern Type format_field_iterator_type, format_iterator_type;
MODULE_TYPE(format_iterator_type, _string) = {
    STATIC_TYPE_HEAD(trace_format_iterator, NULL),
    .name_text = "formatteriterator",
    .methods = iterator_methods,
    .next = iterator_step,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(FormatIterator),
};
MODULE_TYPE(format_field_iterator_type, _string) = {
    STATIC_TYPE_HEAD(trace_format_iterator, NULL),
    .name_text = "fieldnameiterator",
    .methods = iterator_methods,
    .next = iterator_step,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(FormatIterator),
};

static Value iterator_new(Thread *t, Value text, size_t at, bool fields) {
    FormatIterator *it = heap_allocate(t, fields ? &format_field_iterator_type : &format_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->text = text; /* NOBARRIER: no safepoint since the allocation */
    store_relaxed(&it->at, at);
    it->end = str_length(text);
    it->fields = fields;
    return from_object(it);
}

static Value formatter_parser(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "expected str, got %T", args[0]);
    return iterator_new(t, args[0], 0, false);
}

static Value formatter_field_name_split(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "expected str, got %T", args[0]);
    Chars c;
    Range first;
    int64_t index;
    size_t at;
    CHECK(chars_of(t, args[0], &c) && format_field_first(t, &c, (Range){0, c.length}, &first, &index, &at));
    Value head = index >= 0 ? small_int(index) : TRY(range_text(t, &c, first));
    return tuple_pack(t, 2, head, TRY(iterator_new(t, args[0], at, true)));
}

static const NativeDef functions[] = {
    {"formatter_parser(object, /)", formatter_parser, "Parse a format string into tuples."},
    {"formatter_field_name_split(object, /)", formatter_field_name_split, "Split a field name at its dots and brackets."},
    {0},
};

NATIVE_MODULE(_string) = {"_string", "String helper module.", functions, NULL};
