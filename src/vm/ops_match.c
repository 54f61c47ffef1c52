/* Operations of match statements: out of line. See ops.h. */
#include "object/call.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "vm/ops.h"

Value op_MATCH_KEYS(Thread *t, Value subject, Value keys) {
    size_t count = tuple_length(keys);
    if (count == 0)
        return empty_tuple;
    Value seen = TRY(set_new(t)), values = TRY(tuple_new(t, count));
    Value get = TRY(get_attribute(t, subject, names.get));
    Value missing = TRY(list_new(t, 0)); /* any object that nobody else has */
    for (size_t i = 0; i < count; i++) {
        Value key = tuple_get(keys, i);
        int had = set_contains(t, seen, key);
        if (had < 0)
            return NO_VALUE;
        if (had)
            return raise_value_error(t, "mapping pattern checks duplicate key (%R)", key);
        CHECK(set_add(t, seen, key));
        Value v = TRY(call_2(t, get, key, missing));
        if (same(v, missing))
            return NONE;
        store(as_object(values), &as_tuple(values)->items[i], v);
    }
    return values;
}

/* One attribute for a class pattern. Absent without exception: the subject has none. */
static Value pattern_attribute(Thread *t, Value subject, Type *type, Value name, Value seen) {
    int had = set_contains(t, seen, name);
    if (had < 0)
        return NO_VALUE;
    if (had)
        return raise_type_error(t, "%N() got multiple sub-patterns for attribute %R", type, name);
    CHECK(set_add(t, seen, name));
    return find_attribute(t, subject, name);
}

static Value match_positional(Thread *t, Value subject, Type *type, size_t positional, Value seen, Value result) {
    Value match_args = find_attribute(t, from_object(type), names.__match_args__);
    bool match_self = false;
    if (absent(match_args)) {
        if (error_pending(t))
            return NO_VALUE;
        match_args = empty_tuple;
        match_self = type->flags & TYPE_MATCH_SELF;
    } else if (!is_exactly(match_args, &tuple_type)) {
        return raise_type_error(t, "%N.__match_args__ must be a tuple (got %T)", type, match_args);
    }
    size_t allowed = match_self ? 1 : tuple_length(match_args);
    if (positional > allowed)
        return raise_type_error(t, "%N() accepts %zd positional sub-pattern%s (%zd given)", type, allowed,
                                allowed == 1 ? "" : "s", positional);
    if (match_self) {
        CHECK(list_append(t, result, subject));
        return TRUE;
    }
    for (size_t i = 0; i < positional; i++) {
        Value name = tuple_get(match_args, i);
        if (!is_exactly(name, &str_type))
            return raise_type_error(t, "__match_args__ elements must be strings (got %T)", name);
        name = TRY(str_intern(t, name));
        Value v = pattern_attribute(t, subject, type, name, seen);
        if (absent(v))
            return error_pending(t) ? NO_VALUE : FALSE;
        CHECK(list_append(t, result, v));
    }
    return TRUE;
}

Value op_MATCH_CLASS(Thread *t, Value subject, Value class, Value keyword_names, size_t positional) {
    if (!is_type(class))
        return raise_type_error(t, "called match pattern must be a class");
    int instance = is_instance(t, subject, class);
    if (instance <= 0)
        return instance < 0 ? NO_VALUE : NONE;
    Type *type = as_type(class);
    Value seen = TRY(set_new(t)), result = TRY(list_new(t, positional + tuple_length(keyword_names)));
    if (positional) {
        Value matched = TRY(match_positional(t, subject, type, positional, seen, result));
        if (same(matched, FALSE))
            return NONE;
    }
    for (size_t i = 0; i < tuple_length(keyword_names); i++) {
        Value v = pattern_attribute(t, subject, type, tuple_get(keyword_names, i), seen);
        if (absent(v))
            return error_pending(t) ? NO_VALUE : NONE;
        CHECK(list_append(t, result, v));
    }
    return list_to_tuple(t, result);
}
