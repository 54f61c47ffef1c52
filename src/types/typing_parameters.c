/* See typing_parameters.h. No state. */
#include "types/typing_parameters.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

Value typing_type_repr(Thread *t, Value v) {
    if (same(v, ELLIPSIS))
        return str_from_text(t, "...");
    if (same(v, from_object(&none_type)))
        return str_from_text(t, "None");
    Value origin = find_attribute(t, v, names.__origin__);
    if (present(origin) && present(find_attribute(t, v, names.__args__)))
        return repr(t, v);
    if (error_pending(t))
        return NO_VALUE;
    Value qualname = find_attribute(t, v, names.__qualname__);
    Value module = present(qualname) ? find_attribute(t, v, names.__module__) : NO_VALUE;
    if (error_pending(t))
        return NO_VALUE;
    if (absent(module) || is_none(module))
        return repr(t, v);
    if (is_str(module) && str_equal_text(module, "builtins"))
        return to_str(t, qualname);
    return format_text(t, "%S.%S", module, qualname);
}

/* Collecting */

static bool add_once(Thread *t, Value list, Value item) {
    for (size_t i = 0; i < list_length(list); i++)
        if (same(list_get(list, i), item))
            return true;
    return list_append(t, list, item);
}

static bool add_all(Thread *t, Value list, Value tuple) {
    for (size_t i = 0; i < tuple_length(tuple); i++)
        if (!add_once(t, list, tuple_get(tuple, i)))
            return false;
    return true;
}

static bool collect(Thread *t, Value list, Value arg) {
    if (is_type(arg)) /* its __parameters__ are its own business */
        return true;
    Value substitution = find_attribute(t, arg, names.__typing_subst__);
    if (present(substitution))
        return add_once(t, list, arg);
    if (error_pending(t))
        return false;
    if (is_tuple(arg) || is_list(arg)) {
        Value items = is_tuple(arg) ? arg : list_to_tuple(t, arg);
        Value inner = absent(items) ? NO_VALUE : typing_collect_parameters(t, items);
        return present(inner) && add_all(t, list, inner);
    }
    Value parameters = find_attribute(t, arg, names.__parameters__);
    if (present(parameters) && is_tuple(parameters))
        return add_all(t, list, parameters);
    return present(parameters) || !error_pending(t);
}

Value typing_collect_parameters(Thread *t, Value args) {
    Value list = TRY(list_new(t, 2));
    for (size_t i = 0; i < tuple_length(args); i++)
        CHECK(collect(t, list, tuple_get(args, i)));
    return list_to_tuple(t, list);
}

/* Substitution */

static int64_t index_in(Value tuple, Value item) {
    for (size_t i = 0; i < tuple_length(tuple); i++)
        if (same(tuple_get(tuple, i), item))
            return (int64_t)i;
    return -1;
}

/* The arguments of an unpacked tuple type that is not of any length; absent without exception otherwise. */
static Value unpacked_arguments(Thread *t, Value item) {
    if (is_type(item))
        return NO_VALUE;
    Value args = find_attribute(t, item, names.__typing_unpacked_tuple_args__);
    if (absent(args) || !is_tuple(args))
        return NO_VALUE;
    size_t n = tuple_length(args);
    return n != 0 && same(tuple_get(args, n - 1), ELLIPSIS) ? NO_VALUE : args;
}

static Value unpack_items(Thread *t, Value item) {
    Value list = TRY(list_new(t, 2));
    size_t n = is_tuple(item) ? tuple_length(item) : 1;
    for (size_t i = 0; i < n; i++) {
        Value one = is_tuple(item) ? tuple_get(item, i) : item, inner = unpacked_arguments(t, one);
        if (absent(inner) && error_pending(t))
            return NO_VALUE;
        CHECK(present(inner) ? list_extend(t, list, inner) : list_append(t, list, one));
    }
    return list_to_tuple(t, list);
}

/* Lets each parameter rearrange the arguments: TypeVarTuple gathers some, defaults are filled in. */
static Value prepare(Thread *t, Value self, Value parameters, Value item) {
    for (size_t i = 0; i < tuple_length(parameters); i++) {
        Value method = find_attribute(t, tuple_get(parameters, i), names.__typing_prepare_subst__);
        if (absent(method) && error_pending(t))
            return NO_VALUE;
        if (absent(method) || is_none(method))
            continue;
        item = TRY(call_2(t, method, self, is_tuple(item) ? item : TRY(tuple_pack(t, 1, item))));
    }
    return is_tuple(item) ? item : tuple_pack(t, 1, item);
}

/* An argument that has parameters inside, as list[T] has: subscripted with what its own parameters become. */
static Value substitute_inside(Thread *t, Value o, Value parameters, Value items) {
    Value inner = find_attribute(t, o, names.__parameters__);
    if (absent(inner))
        return error_pending(t) ? NO_VALUE : o;
    if (!is_tuple(inner) || tuple_length(inner) == 0)
        return o;
    Value list = TRY(list_new(t, tuple_length(inner)));
    for (size_t i = 0; i < tuple_length(inner); i++) {
        Value arg = tuple_get(inner, i);
        int64_t index = index_in(parameters, arg);
        if (index >= 0) {
            Value given = tuple_get(items, (size_t)index);
            if (type_slot(type_of(arg), SLOT___iter__) != NULL && is_tuple(given)) { /* TypeVarTuple */
                CHECK(list_extend(t, list, given));
                continue;
            }
            arg = given;
        }
        CHECK(list_append(t, list, arg));
    }
    return get_item(t, o, TRY(list_to_tuple(t, list)));
}

static int is_unpacked_typevartuple(Thread *t, Value arg) {
    Value v = find_attribute(t, arg, names.__typing_is_unpacked_typevartuple__);
    if (absent(v))
        return error_pending(t) ? -1 : 0;
    return truth(t, v);
}

static bool substitute_one(Thread *t, Value list, Value self, Value arg, Value parameters, Value items) {
    if (is_type(arg))
        return list_append(t, list, arg);
    if (is_tuple(arg) || is_list(arg)) { /* an argument list */
        Value inner = is_tuple(arg) ? arg : list_to_tuple(t, arg);
        Value made = absent(inner) ? inner : typing_substitute(t, self, inner, parameters, items);
        if (present(made) && is_list(arg))
            made = list_from_iterable(t, made);
        return present(made) && list_append(t, list, made);
    }
    int unpack = is_unpacked_typevartuple(t, arg);
    Value substitution = unpack < 0 ? NO_VALUE : find_attribute(t, arg, names.__typing_subst__), made;
    if (absent(substitution) && error_pending(t))
        return false;
    int64_t index = present(substitution) ? index_in(parameters, arg) : -1;
    if (index < 0 && present(substitution)) { /* it became a parameter after the parameters were collected */
        raise_type_error(t, "argument %R with __typing_subst__ was not found in __parameters__", arg);
        return false;
    }
    made = index >= 0 ? call_1(t, substitution, tuple_get(items, (size_t)index)) : substitute_inside(t, arg, parameters, items);
    if (absent(made))
        return false;
    if (!unpack)
        return list_append(t, list, made);
    if (is_tuple(made))
        return list_extend(t, list, made);
    Value original = tuple_get(parameters, index >= 0 ? (size_t)index : 0);
    raise_type_error(t, "expected __typing_subst__ of %T objects to return a tuple, not %T", original, made);
    return false;
}

Value typing_substitute(Thread *t, Value self, Value args, Value parameters, Value item) {
    size_t expected = tuple_length(parameters);
    if (expected == 0)
        return raise_type_error(t, "%R is not a generic class", self);
    Value items = TRY(prepare(t, self, parameters, TRY(unpack_items(t, item))));
    size_t given = tuple_length(items);
    if (given != expected)
        return raise_type_error(t, "Too %s arguments for %R; actual %zu, expected %zu", given > expected ? "many" : "few",
                                self, given, expected);
    Value list = TRY(list_new(t, tuple_length(args)));
    for (size_t i = 0; i < tuple_length(args); i++)
        CHECK(substitute_one(t, list, self, tuple_get(args, i), parameters, items));
    return list_to_tuple(t, list);
}
