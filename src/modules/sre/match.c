/* re.Match. Immutable but for `regs`, which is filled in once (idempotent). */
#include "modules/sre/sre.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static void match_trace(Tracer *tracer, Object *o) {
    MatchObject *m = (MatchObject *)o;
    const Value fields[] = {m->pattern, m->string, m->regs};
    trace_values(tracer, fields, 3);
}

Value match_new(MatchState *s) {
    size_t groups = (size_t)s->pattern->groups + 1;
    MatchObject *m = heap_allocate(s->t, &match_type, sizeof *m + 2 * groups * sizeof(int64_t));
    if (!m)
        return NO_VALUE;
    m->pattern = from_object(s->pattern); /* NOBARRIER: new */
    m->string = s->string;
    m->groups = groups;
    m->last_index = s->last_index;
    m->marks[0] = s->start;
    m->marks[1] = s->position;
    for (size_t i = 0; i < 2 * (groups - 1); i += 2) {
        bool took_part = (int64_t)i + 1 <= s->last_mark && s->marks[i] != NO_MARK && s->marks[i + 1] != NO_MARK;
        m->marks[2 + i] = took_part ? s->marks[i] : NO_MARK;
        m->marks[3 + i] = took_part ? s->marks[i + 1] : NO_MARK;
    }
    return from_object(m);
}

Value match_slice(Thread *t, Value string, int64_t start, int64_t end) {
    if (is_str(string))
        return str_slice(t, string, (size_t)start, (size_t)end);
    if (is_exactly(string, &bytes_type) && start == 0 && (size_t)end == as_bytes(string)->length)
        return string;
    Buffer b;
    CHECK(buffer_get_contiguous(t, string, &b, false));
    int64_t length = (int64_t)b.length; /* a bytearray may have shrunk since */
    if (end > length)
        end = length;
    if (start > end)
        start = end;
    Value slice = bytes_new(t, b.data + start, (size_t)(end - start));
    buffer_release(t, &b);
    return slice;
}

Value match_group_value(Thread *t, MatchObject *m, size_t group, Value otherwise) {
    return m->marks[2 * group] < 0 ? otherwise : match_slice(t, m->string, m->marks[2 * group], m->marks[2 * group + 1]);
}

/* A group's number from a number or name; -1 with IndexError pending. */
static int64_t group_number(Thread *t, MatchObject *m, Value key) {
    int64_t number = -1;
    if (!is_str(key) && !is_bytes(key) && type_slot(type_of(key), SLOT___index__)) {
        if (!index_as_ssize(t, key, &number, true, NULL))
            return -1;
    } else {
        Value found = dict_get(t, as_pattern(m->pattern)->group_index, key);
        if (absent(found) && error_pending(t) && !error_catch(t, &TypeError_type))
            return -1;
        if (present(found) && !int_to_i64(found, &number))
            number = -1;
    }
    if (number >= 0 && (size_t)number < m->groups)
        return number;
    raise_index_error(t, "no such group");
    return -1;
}

static Value group_by_key(Thread *t, MatchObject *m, Value key, Value otherwise) {
    int64_t number = group_number(t, m, key);
    return number < 0 ? NO_VALUE : match_group_value(t, m, (size_t)number, otherwise);
}

static Value match_group(Thread *t, Value *args) {
    MatchObject *m = as_match(args[0]);
    size_t count = tuple_length(args[1]);
    if (count <= 1)
        return group_by_key(t, m, count ? tuple_get(args[1], 0) : small_int(0), NONE);
    Value result = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++)
        store(as_object(result), &as_tuple(result)->items[i], TRY(group_by_key(t, m, tuple_get(args[1], i), NONE)));
    return result;
}

static Value match_getitem(Thread *t, Value *args) { return group_by_key(t, as_match(args[0]), args[1], NONE); }

static Value match_groups(Thread *t, Value *args) {
    MatchObject *m = as_match(args[0]);
    Value result = TRY(tuple_new(t, m->groups - 1));
    for (size_t i = 1; i < m->groups; i++)
        store(as_object(result), &as_tuple(result)->items[i - 1], TRY(match_group_value(t, m, i, args[1])));
    return result;
}

static Value match_groupdict(Thread *t, Value *args) {
    MatchObject *m = as_match(args[0]);
    Value result = TRY(dict_new(t)), key, number;
    size_t position = 0;
    while (dict_next(as_pattern(m->pattern)->group_index, &position, &key, &number))
        CHECK(dict_set(t, result, key, TRY(group_by_key(t, m, key, args[1]))));
    return result;
}

static Value match_start(Thread *t, Value *args) {
    int64_t number = group_number(t, as_match(args[0]), args[1]);
    return number < 0 ? NO_VALUE : small_int(as_match(args[0])->marks[2 * number]);
}

static Value match_end(Thread *t, Value *args) {
    int64_t number = group_number(t, as_match(args[0]), args[1]);
    return number < 0 ? NO_VALUE : small_int(as_match(args[0])->marks[2 * number + 1]);
}

static Value span_of(Thread *t, MatchObject *m, size_t number) {
    return tuple_pack(t, 2, small_int(m->marks[2 * number]), small_int(m->marks[2 * number + 1]));
}

static Value match_span(Thread *t, Value *args) {
    int64_t number = group_number(t, as_match(args[0]), args[1]);
    return number < 0 ? NO_VALUE : span_of(t, as_match(args[0]), (size_t)number);
}

static Value match_expand(Thread *t, Value *args) {
    Value template = TRY(template_of(t, as_match(args[0])->pattern, args[1]));
    return is_exactly(template, &template_object_type) ? match_expand_template(t, args[0], template) : template;
}

static Value match_self(Thread *t, Value *args) { return args[0]; }
static Value match_class_getitem(Thread *t, Value *args) { return generic_alias_new(t, args[0], args[1]); }

static Value match_repr(Thread *t, Value *args) {
    MatchObject *m = as_match(args[0]);
    Value text = TRY(match_group_value(t, m, 0, NONE));
    return format_text(t, "<%S object; span=(%lld, %lld), match=%R>", TRY(type_qualified_name(t, type_of(args[0]))),
                       (long long)m->marks[0], (long long)m->marks[1], text);
}

static Value get_string(Thread *t, Value *args) { return as_match(args[0])->string; }
static Value get_pattern(Thread *t, Value *args) { return as_match(args[0])->pattern; }
static Value get_pos(Thread *t, Value *args) { return small_int(as_match(args[0])->pos); }
static Value get_endpos(Thread *t, Value *args) { return small_int(as_match(args[0])->endpos); }

static Value get_lastindex(Thread *t, Value *args) {
    int64_t last = as_match(args[0])->last_index;
    return last < 0 ? NONE : small_int(last);
}

static Value get_lastgroup(Thread *t, Value *args) {
    MatchObject *m = as_match(args[0]);
    Value group_names = as_pattern(m->pattern)->index_group;
    bool named = m->last_index >= 0 && (size_t)m->last_index < tuple_length(group_names);
    return named ? tuple_get(group_names, (size_t)m->last_index) : NONE;
}

static Value get_regs(Thread *t, Value *args) {
    MatchObject *m = as_match(args[0]);
    if (present(load(&m->regs)))
        return load(&m->regs);
    Value regs = TRY(tuple_new(t, m->groups));
    for (size_t i = 0; i < m->groups; i++)
        store(as_object(regs), &as_tuple(regs)->items[i], TRY(span_of(t, m, i)));
    store(m, &m->regs, regs);
    return regs;
}

static const NativeDef match_methods[] = {
    {"group(self, /, *args)", match_group,
     "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match.",
     NATIVE_NO_SIGNATURE | NATIVE_BORROWS_STAR},
    {"__getitem__(self, key, /)", match_getitem, "Return self[key]."},
    {"groups(self, /, default=None)", match_groups, "Return a tuple containing all the subgroups of the match, from 1."},
    {"groupdict(self, /, default=None)", match_groupdict,
     "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name."},
    {"start(self, group=0, /)", match_start, "Return index of the start of the substring matched by group."},
    {"end(self, group=0, /)", match_end, "Return index of the end of the substring matched by group."},
    {"span(self, group=0, /)", match_span, "For match object m, return the 2-tuple (m.start(group), m.end(group))."},
    {"expand(self, /, template)", match_expand,
     "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."},
    {"__copy__(self, /)", match_self, NULL},
    {"__deepcopy__(self, memo, /)", match_self, NULL},
    {"__class_getitem__(type, object, /)", match_class_getitem, "See PEP 585", NATIVE_CLASS},
    {"__repr__(self, /)", match_repr, "Return repr(self)."},
    {0},
};

static const GetSetDef match_getset[] = {
    {"string", get_string, NULL, "The string passed to match() or search().", MEMBER},
    {"re", get_pattern, NULL, "The regular expression object.", MEMBER},
    {"pos", get_pos, NULL, "The index into the string at which the RE engine started looking for a match.", MEMBER},
    {"endpos", get_endpos, NULL, "The index into the string beyond which the RE engine will not go.", MEMBER},
    {"lastindex", get_lastindex, NULL, "The integer index of the last matched capturing group."},
    {"lastgroup", get_lastgroup, NULL, "The name of the last matched capturing group."},
    {"regs", get_regs, NULL, NULL},
    {0},
};

MODULE_TYPE(match_type, _sre) = {
    STATIC_TYPE_HEAD(match_trace, NULL),
    .name_text = "re.Match",
    .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    .methods = match_methods,
    .getset = match_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MatchObject),
};
