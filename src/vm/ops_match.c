/* Operations of match statements: out of line. See ops.h. */
#include "object/call.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "vm/ops.h"

/* Whether a key of a mapping pattern comes twice: 1, 0, -1. Most are constant strings. */
static int repeats(Thread *t, Value keys, size_t i) {
    int64_t hash;
    if (!is_exactly(tuple_get(keys, i), &str_type) && !hash_of(t, tuple_get(keys, i), &hash))
        return -1;
    for (size_t j = 0; j < i; j++) {
        Value a = tuple_get(keys, j), b = tuple_get(keys, i);
        int same_key = same(a, b) ? 1 : is_exactly(a, &str_type) && is_exactly(b, &str_type) ? str_equal(t, a, b) : equal(t, a, b);
        if (same_key)
            return same_key;
    }
    return 0;
}

Value op_MATCH_KEYS(Thread *t, Value subject, Value keys) {
    size_t count = tuple_length(keys);
    if (count == 0)
        return empty_tuple;
    bool dict = is_exactly(subject, &dict_type);
    Value values = TRY(tuple_new(t, count));
    Value get = dict ? NO_VALUE : TRY(get_attribute(t, subject, names.get));
    Value missing = dict ? NO_VALUE : TRY(list_new(t, 0)); /* any object that nobody else has */
    for (size_t i = 0; i < count; i++) {
        Value key = tuple_get(keys, i);
        int had = repeats(t, keys, i);
        if (had < 0)
            return NO_VALUE;
        if (had)
            return raise_value_error(t, "mapping pattern checks duplicate key (%R)", key);
        Value v = dict ? dict_get(t, subject, key) : TRY(call_2(t, get, key, missing));
        if (absent(v))
            return error_pending(t) ? NO_VALUE : NONE;
        if (same(v, missing))
            return NONE;
        store(as_object(values), &as_tuple(values)->items[i], v);
    }
    return values;
}

/* A class pattern: the names of the attributes that its sub-patterns look at, by position and by keyword. */
typedef struct ClassPattern {
    Type *type;
    Value match_args; /* of the class; absent: it has none */
    Value keyword_names;
    size_t positional;
} ClassPattern;

static Value name_at(const ClassPattern *p, size_t i) {
    return i < p->positional ? tuple_get(p->match_args, i) : tuple_get(p->keyword_names, i - p->positional);
}

/* The attribute for sub-pattern i. Absent without exception: the subject has none. */
static Value pattern_attribute(Thread *t, Value subject, const ClassPattern *p, size_t i) {
    Value name = name_at(p, i);
    if (!is_exactly(name, &str_type))
        return raise_type_error(t, "__match_args__ elements must be strings (got %T)", name);
    for (size_t j = 0; j < i; j++)
        if (same(name_at(p, j), name) || str_equal(t, name_at(p, j), name))
            return raise_type_error(t, "%N() got multiple sub-patterns for attribute %R", p->type, name);
    return find_attribute(t, subject, TRY(str_intern(t, name)));
}

/* Looks at __match_args__. *self: the one sub-pattern by position is the subject itself. */
static bool find_match_args(Thread *t, ClassPattern *p, bool *self) {
    p->match_args = find_attribute(t, from_object(p->type), names.__match_args__);
    if (absent(p->match_args)) {
        if (error_pending(t))
            return false;
        p->match_args = empty_tuple;
        *self = p->type->flags & TYPE_MATCH_SELF;
    } else if (!is_exactly(p->match_args, &tuple_type)) {
        raise_type_error(t, "%N.__match_args__ must be a tuple (got %T)", p->type, p->match_args);
        return false;
    }
    size_t allowed = *self ? 1 : tuple_length(p->match_args);
    if (p->positional <= allowed)
        return true;
    raise_type_error(t, "%N() accepts %zd positional sub-pattern%s (%zd given)", p->type, allowed, allowed == 1 ? "" : "s",
                     p->positional);
    return false;
}

Value op_MATCH_CLASS(Thread *t, Value subject, Value class, Value keyword_names, size_t positional) {
    if (!is_type(class))
        return raise_type_error(t, "called match pattern must be a class");
    int instance = is_instance(t, subject, class);
    if (instance <= 0)
        return instance < 0 ? NO_VALUE : NONE;
    size_t count = positional + tuple_length(keyword_names), first = 0;
    ClassPattern p = {as_type(class), NO_VALUE, keyword_names, positional};
    bool self = false;
    if (positional && !find_match_args(t, &p, &self))
        return NO_VALUE;
    if (count == 0)
        return empty_tuple;
    Value result = TRY(tuple_new(t, count));
    if (self) { /* keywords are compared among themselves */
        store(as_object(result), &as_tuple(result)->items[first++], subject);
        p.positional = 0;
    }
    for (size_t i = first; i < count; i++) {
        Value v = pattern_attribute(t, subject, &p, i - first);
        if (absent(v))
            return error_pending(t) ? NO_VALUE : NONE;
        store(as_object(result), &as_tuple(result)->items[i], v);
    }
    return result;
}
