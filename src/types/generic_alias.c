/* types.GenericAlias: a class with type arguments, as in list[int].
 *
 * Everything but `parameters` is set once; that one is computed on first use, always to an equal tuple.
 */
#include "object/type_internal.h"
#include "types/iterator.h"
#include "types/generic_alias.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/typing_parameters.h"

typedef struct AliasIterator {
    Object object;
    Value alias; /* absent: exhausted */
} AliasIterator;
extern Type alias_iterator_type;

static GenericAliasObject *as_alias(Value v) { return (GenericAliasObject *)v.bits; }

static void alias_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((GenericAliasObject *)o)->origin, 3); }
static void iterator_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((AliasIterator *)o)->alias); }

static Value make(Thread *t, Type *type, Value origin, Value args) {
    GenericAliasObject *a = type_allocate(t, type);
    CHECK(a != NULL);
    if (!is_tuple(args))
        args = TRY(tuple_pack(t, 1, args));
    store(a, &a->origin, origin);
    store(a, &a->args, args);
    return from_object(a);
}

Value generic_alias_new(Thread *t, Value origin, Value args) { return make(t, &generic_alias_type, origin, args); }

Value class_getitem_alias(Thread *t, Value *args) { return generic_alias_new(t, args[0], args[1]); }

static Value alias_new(Thread *t, Value *args) { return make(t, as_type(args[0]), args[1], args[2]); }

/* Texts */

static bool add_item(Thread *t, StrBuilder *b, Value item) {
    if (!is_list(item)) {
        Value text = typing_type_repr(t, item);
        return present(text) && str_builder_add(t, b, text);
    }
    if (!str_builder_add_char(t, b, '['))
        return false;
    for (size_t i = 0, n = list_length(item); i < n; i++) { /* the argument list of a Callable */
        Value one = list_get(item, i);
        if (absent(one))
            return raise_index_error(t, "list index out of range"), false;
        Value text = typing_type_repr(t, one);
        if ((i != 0 && !str_builder_add_text(t, b, ", ")) || absent(text) || !str_builder_add(t, b, text))
            return false;
    }
    return str_builder_add_char(t, b, ']');
}

static Value alias_repr(Thread *t, Value *args) {
    GenericAliasObject *a = as_alias(args[0]);
    StrBuilder b = {0};
    CHECK(!a->starred || str_builder_add_char(t, &b, '*'));
    CHECK(add_item(t, &b, a->origin));
    CHECK(str_builder_add_char(t, &b, '['));
    for (size_t i = 0; i < tuple_length(a->args); i++) {
        CHECK(i == 0 || str_builder_add_text(t, &b, ", "));
        CHECK(add_item(t, &b, tuple_get(a->args, i)));
    }
    CHECK(tuple_length(a->args) != 0 || str_builder_add_text(t, &b, "()"));
    CHECK(str_builder_add_char(t, &b, ']'));
    return str_builder_finish(t, &b);
}

/* Parameters */

static Value parameters_of(Thread *t, GenericAliasObject *a) {
    Value p = load(&a->parameters);
    if (present(p))
        return p;
    p = TRY(typing_collect_parameters(t, a->args));
    store(a, &a->parameters, p);
    return p;
}

static Value alias_getitem(Thread *t, Value *args) {
    GenericAliasObject *a = as_alias(args[0]);
    Value made = TRY(typing_substitute(t, args[0], a->args, TRY(parameters_of(t, a)), args[1]));
    Value result = TRY(generic_alias_new(t, a->origin, made));
    as_alias(result)->starred = a->starred;
    return result;
}

/* Everything else goes to the origin */

/* Names that are the alias's own. */
static bool is_own_name(Value name) {
    static const char *const own[] = {"__class__", "__origin__", "__args__", "__unpacked__", "__parameters__",
                                      "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__", "__reduce__",
                                      "__bases__", "__copy__", "__deepcopy__"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_equal_text(name, own[i]))
            return true;
    return false;
}

static Value alias_getattribute(Thread *t, Value *args) {
    if (is_own_name(args[1]))
        return generic_get_attribute(t, args[0], args[1]);
    return get_attribute(t, as_alias(args[0])->origin, args[1]);
}

static Value alias_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    Value o = TRY(call(t, as_alias(callee)->origin, args, nargs, kwnames));
    if (!set_attribute(t, o, names.__orig_class__, callee) && !error_catch(t, &AttributeError_type) &&
        !error_catch(t, &TypeError_type))
        return NO_VALUE;
    return o;
}

static Value alias_hash(Thread *t, Value *args) {
    int64_t a, b;
    CHECK(hash_of(t, as_alias(args[0])->origin, &a) && hash_of(t, as_alias(args[0])->args, &b));
    return int_from(t, a ^ b);
}

static Value alias_eq(Thread *t, Value *args) {
    if (!is_instance_of(args[0], &generic_alias_type) || !is_instance_of(args[1], &generic_alias_type))
        return NOT_IMPLEMENTED;
    GenericAliasObject *a = as_alias(args[0]), *b = as_alias(args[1]);
    if (a->starred != b->starred)
        return FALSE;
    int result = equal(t, a->origin, b->origin);
    if (result == 1)
        result = equal(t, a->args, b->args);
    return result < 0 ? NO_VALUE : from_bool(result);
}

static Value alias_ne(Thread *t, Value *args) {
    Value result = TRY(alias_eq(t, args));
    return same(result, NOT_IMPLEMENTED) ? result : from_bool(same(result, FALSE));
}

static Value alias_or(Thread *t, Value *args) { return union_new(t, args[0], args[1]); }
static Value alias_ror(Thread *t, Value *args) { return union_new(t, args[1], args[0]); }

static Value alias_mro_entries(Thread *t, Value *args) { return tuple_pack(t, 1, as_alias(args[0])->origin); }

static Value alias_instancecheck(Thread *t, Value *args) {
    return raise_type_error(t, "isinstance() argument 2 cannot be a parameterized generic");
}

static Value alias_subclasscheck(Thread *t, Value *args) {
    return raise_type_error(t, "issubclass() argument 2 cannot be a parameterized generic");
}

static Value alias_reduce(Thread *t, Value *args) {
    GenericAliasObject *a = as_alias(args[0]);
    if (!a->starred)
        return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 2, a->origin, a->args)));
    Value next = dict_get_str(t->isolate->builtins, names.next);
    Value plain = TRY(generic_alias_new(t, a->origin, a->args)), iterator = TRY(get_iterator(t, plain));
    if (absent(next))
        return raise_attribute_error(t, t->isolate->builtins_module, names.next, "next");
    return tuple_pack(t, 2, next, TRY(tuple_pack(t, 1, iterator)));
}

static Value alias_dir(Thread *t, Value *args) {
    static const char *const own[] = {"__origin__", "__args__", "__unpacked__", "__parameters__",
                                      "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__", "__reduce__",
                                      "__class__"};
    Value list = TRY(object_dir(t, as_alias(args[0])->origin));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        Value name = TRY(str_intern_text(t, own[i]));
        int there = contains(t, list, name);
        CHECK(there >= 0 && (there || list_append(t, list, name)));
    }
    return list;
}

static Value get_parameters(Thread *t, Value *args) { return parameters_of(t, as_alias(args[0])); }
static Value get_unpacked(Thread *t, Value *args) { return from_bool(as_alias(args[0])->starred); }

static Value get_unpacked_tuple_args(Thread *t, Value *args) {
    GenericAliasObject *a = as_alias(args[0]);
    return a->starred && same(a->origin, from_object(&tuple_type)) ? a->args : NONE;
}

/* *list[int]: iterating gives one starred alias */

static Value alias_iter(Thread *t, Value *args) {
    AliasIterator *it = heap_allocate(t, &alias_iterator_type, sizeof *it);
    CHECK(it != NULL);
    it->alias = args[0]; /* NOBARRIER: just allocated */
    return from_object(it);
}

static Value iterator_next_alias(Thread *t, Value self) {
    AliasIterator *it = (AliasIterator *)as_object(self);
    Value alias = load(&it->alias);
    if (absent(alias))
        return NO_VALUE;
    Value starred = TRY(generic_alias_new(t, as_alias(alias)->origin, as_alias(alias)->args));
    as_alias(starred)->starred = true;
    store(it, &it->alias, NO_VALUE);
    return starred;
}


static Value iterator_reduce(Thread *t, Value *args) {
    Value iter = TRY(iterator_builtin(t, names.iter)), alias = load(&((AliasIterator *)as_object(args[0]))->alias);
    return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, present(alias) ? alias : empty_tuple)));
}

static const NativeDef alias_methods[] = {
    {"__new__(type, origin, args, /)", alias_new, NULL, 0},
    {"__repr__(self, /)", alias_repr, NULL, 0},
    {"__getattribute__(self, name, /)", alias_getattribute, NULL, 0},
    {"__getitem__(self, key, /)", alias_getitem, NULL, 0},
    {"__hash__(self, /)", alias_hash, NULL, 0},
    {"__eq__(self, value, /)", alias_eq, NULL, 0},
    {"__ne__(self, value, /)", alias_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__iter__(self, /)", alias_iter, NULL, 0},
    {"__or__(self, value, /)", alias_or, NULL, 0},
    {"__ror__(self, value, /)", alias_ror, NULL, 0},
    {"__mro_entries__(self, object, /)", alias_mro_entries, NULL, 0},
    {"__instancecheck__(self, object, /)", alias_instancecheck, NULL, 0},
    {"__subclasscheck__(self, object, /)", alias_subclasscheck, NULL, 0},
    {"__reduce__(self, /)", alias_reduce, NULL, 0},
    {"__dir__(self, /)", alias_dir, NULL, 0},
    {},
};
static const MemberDef alias_members[] = {
    {"__origin__", MEMBER_VALUE, offsetof(GenericAliasObject, origin), true, NULL},
    {"__args__", MEMBER_VALUE, offsetof(GenericAliasObject, args), true, NULL},
    {},
};
static const GetSetDef alias_getset[] = {
    {"__parameters__", get_parameters, NULL, "Type variables in the GenericAlias."},
    {"__unpacked__", get_unpacked, NULL, NULL, MEMBER},
    {"__typing_unpacked_tuple_args__", get_unpacked_tuple_args, NULL, NULL},
    {},
};
STATIC_TYPE(generic_alias_type) = {
    STATIC_TYPE_HEAD(alias_trace, NULL),
    .name_text = "types.GenericAlias",
    .doc = "A class with type arguments: for list[int], __origin__ is list and __args__ is (int,).",
    .base_static = &object_type,
    .methods = alias_methods,
    .members = alias_members,
    .getset = alias_getset,
    .call = alias_call,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF | TYPE_NO_MODULE,
    .instance_size = sizeof(GenericAliasObject),
};

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, NULL, 0},
    {"__reduce__(self, /)", iterator_reduce, NULL, 0},
    {},
};
STATIC_TYPE(alias_iterator_type) = {
    STATIC_TYPE_HEAD(iterator_trace, NULL),
    .name_text = "generic_alias_iterator",
    .base_static = &object_type,
    .methods = iterator_methods,
    .next = iterator_next_alias,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(AliasIterator),
};
