/* typing.Union, also known as types.UnionType: int | str.
 *
 * Invariants: args is a tuple of at least two distinct arguments, none of them a union. `hashable` are those that
 * have a hash, as a frozenset, by which unions are compared; the others are compared one by one.
 * Immutable but for `parameters`, computed on first use.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/typing_parameters.h"
#include "types/typevar.h"

typedef struct UnionObject {
    Object object;
    Value args, hashable, unhashable, parameters; /* unhashable: a tuple, or absent */
} UnionObject;

static UnionObject *as_union(Value v) { return (UnionObject *)v.bits; }

static void union_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((UnionObject *)o)->args, 4); }

Value union_arguments(Value v) { return as_union(v)->args; }

/* Building */

typedef struct UnionBuilder {
    Value args;       /* list */
    Value hashable;   /* set */
    Value unhashable; /* list */
} UnionBuilder;

static bool builder_start(Thread *t, UnionBuilder *b) {
    return present(b->args = list_new(t, 4)) && present(b->hashable = set_new(t)) && present(b->unhashable = list_new(t, 0));
}

static bool builder_add(Thread *t, UnionBuilder *b, Value arg);

static bool builder_add_all(Thread *t, UnionBuilder *b, Value tuple) {
    for (size_t i = 0; i < tuple_length(tuple); i++)
        if (!builder_add(t, b, tuple_get(tuple, i)))
            return false;
    return true;
}

static bool builder_add(Thread *t, UnionBuilder *b, Value arg) {
    if (is_exactly(arg, &union_type))
        return builder_add_all(t, b, as_union(arg)->args);
    if (is_none(arg))
        arg = from_object(&none_type);
    else if (is_str(arg) && absent(arg = typing_function_call(t, "_make_forward_ref", arg)))
        return false;
    int64_t hash;
    if (hash_of(t, arg, &hash)) {
        int there = set_contains(t, b->hashable, arg);
        if (there != 0)
            return there > 0;
        return set_add(t, b->hashable, arg) && list_append(t, b->args, arg);
    }
    if (!error_catch(t, &TypeError_type))
        return false;
    int there = contains(t, b->unhashable, arg);
    if (there != 0)
        return there > 0;
    return list_append(t, b->unhashable, arg) && list_append(t, b->args, arg);
}

static Value builder_finish(Thread *t, UnionBuilder *b) {
    size_t n = list_length(b->args);
    if (n == 0)
        return raise_type_error(t, "Cannot take a Union of no types.");
    if (n == 1)
        return list_get(b->args, 0);
    Value args = TRY(list_to_tuple(t, b->args));
    Value hashable = TRY(set_from_iterable(t, &frozenset_type, b->hashable));
    Value unhashable = list_length(b->unhashable) ? TRY(list_to_tuple(t, b->unhashable)) : NO_VALUE;
    UnionObject *u = heap_allocate(t, &union_type, sizeof *u);
    CHECK(u != NULL);
    u->args = args; /* NOBARRIER: just allocated */
    u->hashable = hashable;
    u->unhashable = unhashable;
    return from_object(u);
}

static bool can_be_in_union(Value v) {
    return is_none(v) || is_type(v) || is_instance_of(v, &generic_alias_type) || is_exactly(v, &union_type) ||
           is_exactly(v, &type_alias_type);
}

Value union_new(Thread *t, Value a, Value b) {
    bool any_union = is_exactly(a, &union_type) || is_exactly(b, &union_type);
    if (!any_union && (!can_be_in_union(a) || !can_be_in_union(b)))
        return NOT_IMPLEMENTED;
    UnionBuilder builder;
    CHECK(builder_start(t, &builder) && builder_add(t, &builder, a) && builder_add(t, &builder, b));
    return builder_finish(t, &builder);
}

Value union_from_tuple(Thread *t, Value args) {
    UnionBuilder builder;
    CHECK(builder_start(t, &builder));
    CHECK(is_tuple(args) ? builder_add_all(t, &builder, args) : builder_add(t, &builder, args));
    return builder_finish(t, &builder);
}

static Value union_class_getitem(Thread *t, Value *args) { return union_from_tuple(t, args[1]); }

static Value union_or(Thread *t, Value *args) { return union_new(t, args[0], args[1]); }
static Value union_ror(Thread *t, Value *args) { return union_new(t, args[1], args[0]); }

static Value union_repr(Thread *t, Value *args) {
    Value members = as_union(args[0])->args;
    StrBuilder b = {0};
    for (size_t i = 0; i < tuple_length(members); i++) {
        CHECK(i == 0 || str_builder_add_text(t, &b, " | "));
        CHECK(str_builder_add(t, &b, TRY(typing_type_repr(t, tuple_get(members, i)))));
    }
    return str_builder_finish(t, &b);
}

static Value union_hash(Thread *t, Value *args) {
    UnionObject *u = as_union(args[0]);
    int64_t hash;
    if (present(u->unhashable)) {
        for (size_t i = 0; i < tuple_length(u->unhashable); i++)
            CHECK(hash_of(t, tuple_get(u->unhashable, i), &hash));
        size_t n = tuple_length(u->unhashable); /* they have become hashable since, which does not help */
        return raise_type_error(t, "union contains %zu unhashable element%s", n, n == 1 ? "" : "s");
    }
    CHECK(hash_of(t, u->hashable, &hash));
    return int_from(t, hash);
}

static int same_unhashable(Thread *t, UnionObject *a, UnionObject *b) {
    if (absent(a->unhashable) || absent(b->unhashable))
        return same(a->unhashable, b->unhashable);
    if (tuple_length(a->unhashable) != tuple_length(b->unhashable))
        return 0;
    int result = 1;
    for (size_t i = 0; i < tuple_length(a->unhashable) && result == 1; i++)
        result = contains(t, b->unhashable, tuple_get(a->unhashable, i));
    return result;
}

static Value union_eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &union_type))
        return NOT_IMPLEMENTED;
    UnionObject *a = as_union(args[0]), *b = as_union(args[1]);
    int result = equal(t, a->hashable, b->hashable);
    if (result == 1)
        result = same_unhashable(t, a, b);
    return result < 0 ? NO_VALUE : from_bool(result);
}

static Value union_ne(Thread *t, Value *args) {
    Value result = TRY(union_eq(t, args));
    return same(result, NOT_IMPLEMENTED) ? result : from_bool(same(result, FALSE));
}

static Value parameters_of(Thread *t, UnionObject *u) {
    Value p = load(&u->parameters);
    if (present(p))
        return p;
    p = TRY(typing_collect_parameters(t, u->args));
    store(u, &u->parameters, p);
    return p;
}

static Value union_getitem(Thread *t, Value *args) {
    UnionObject *u = as_union(args[0]);
    Value made = TRY(typing_substitute(t, args[0], u->args, TRY(parameters_of(t, u)), args[1]));
    Value result = NO_VALUE;
    if (tuple_length(made) == 0)
        return raise_type_error(t, "Cannot take a Union of no types.");
    for (size_t i = 0; i < tuple_length(made); i++) {
        Value one = tuple_get(made, i);
        result = i == 0 ? one : TRY(binary_operation(t, BINARY_OR, result, one));
    }
    return result;
}

static Value union_mro_entries(Thread *t, Value *args) { return raise_type_error(t, "Cannot subclass %R", args[0]); }

static Value union_getattribute(Thread *t, Value *args) { return generic_get_attribute(t, args[0], args[1]); }

static Value get_parameters(Thread *t, Value *args) { return parameters_of(t, as_union(args[0])); }
static Value get_origin(Thread *t, Value *args) { return from_object(&union_type); }
static Value get_name(Thread *t, Value *args) { return str_from_text(t, "Union"); }

static const NativeDef union_methods[] = {
    {"__repr__(self, /)", union_repr, NULL, 0},
    {"__hash__(self, /)", union_hash, NULL, 0},
    {"__eq__(self, value, /)", union_eq, NULL, 0},
    {"__ne__(self, value, /)", union_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__or__(self, value, /)", union_or, NULL, 0},
    {"__ror__(self, value, /)", union_ror, NULL, 0},
    {"__getitem__(self, key, /)", union_getitem, NULL, 0},
    {"__getattribute__(self, name, /)", union_getattribute, NULL, 0},
    {"__mro_entries__(self, object, /)", union_mro_entries, NULL, 0},
    {"__class_getitem__(type, object, /)", union_class_getitem, "Create a union containing the given types", NATIVE_CLASS},
    {},
};
static const MemberDef union_members[] = {
    {"__args__", MEMBER_VALUE, offsetof(UnionObject, args), true, NULL},
    {},
};
static Value get_module(Thread *t, Value *args) { return str_intern_text(t, "typing"); }

static const GetSetDef union_getset[] = {
    {"__module__", get_module, NULL, "Name of the module"},
    {"__parameters__", get_parameters, NULL, "Type variables in the types.UnionType."},
    {"__origin__", get_origin, NULL, "Always returns the type"},
    {"__name__", get_name, NULL, "Name of the type"},
    {"__qualname__", get_name, NULL, "Qualified name of the type"},
    {},
};
STATIC_TYPE(union_type) = {
    STATIC_TYPE_HEAD(union_trace, NULL),
    .name_text = "typing.Union",
    .doc = "One of several types, as in int | str.",
    .base_static = &object_type,
    .methods = union_methods,
    .members = union_members,
    .getset = union_getset,
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(UnionObject),
};
