/* method: a callable bound to its first argument. Immutable. */
#include "object/type_internal.h"
#include "types/method.h"
#include "base/hash.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static MethodObject *as_method(Value v) { return (MethodObject *)v.bits; }

static void method_trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((MethodObject *)o)->function);
    trace_value(tracer, ((MethodObject *)o)->self);
}

Value method_new(Thread *t, Value function, Value self) {
    MethodObject *m = heap_allocate(t, &method_type, sizeof *m);
    CHECK(m != NULL);
    m->function = function; /* NOBARRIER: just allocated */
    m->self = self;
    return from_object(m);
}

static Value method_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    args[-1] = as_method(callee)->self;
    /* The word below the receiver is not ours to lend: the callee needs a scratch word too. */
    size_t named = present(kwnames) ? tuple_length(kwnames) : 0, count = nargs + named;
    if (count <= 30) {
        Value copy[32];
        copy[0] = NO_VALUE;
        memcpy(copy + 1, args - 1, (count + 1) * sizeof(Value));
        return call(t, as_method(callee)->function, copy + 1, nargs + 1, kwnames);
    }
    Value keep = TRY(tuple_new(t, count + 2)), *items = as_tuple(keep)->items;
    memcpy(items + 1, args - 1, (count + 1) * sizeof(Value));
    store_many(as_object(keep));
    Value result = call(t, as_method(callee)->function, items + 1, nargs + 1, kwnames);
    keep_alive(as_object(keep));
    return result;
}

static Value method_make(Thread *t, Value *args) {
    if (!is_callable(args[1]))
        return raise_type_error(t, "first argument must be callable");
    if (is_none(args[2]))
        return raise_type_error(t, "instance must not be None");
    return method_new(t, args[1], args[2]);
}

static Value method_getattribute(Thread *t, Value *args) {
    Value found = type_lookup(&method_type, args[1]);
    if (present(found))
        return generic_get_attribute(t, args[0], args[1]);
    return get_attribute(t, as_method(args[0])->function, args[1]);
}

static Value method_repr(Thread *t, Value *args) {
    MethodObject *m = as_method(args[0]);
    Value name = find_attribute(t, m->function, names.__qualname__);
    if (absent(name) && !error_pending(t))
        name = find_attribute(t, m->function, names.__name__);
    if (absent(name) && error_pending(t))
        return NO_VALUE;
    if (absent(name) || !is_str(name))
        return format_text(t, "<bound method ? of %R>", m->self);
    return format_text(t, "<bound method %S of %R>", name, m->self);
}

static Value method_eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &method_type))
        return NOT_IMPLEMENTED;
    MethodObject *a = as_method(args[0]), *b = as_method(args[1]);
    if (!same(a->self, b->self))
        return FALSE;
    int result = equal(t, a->function, b->function);
    return result < 0 ? NO_VALUE : from_bool(result);
}

static Value method_ne(Thread *t, Value *args) {
    Value result = TRY(method_eq(t, args));
    return same(result, NOT_IMPLEMENTED) ? result : from_bool(same(result, FALSE));
}

static Value method_hash(Thread *t, Value *args) {
    MethodObject *m = as_method(args[0]);
    int64_t hash;
    CHECK(hash_of(t, m->function, &hash));
    return int_from(t, hash_pointer((void *)m->self.bits) ^ hash);
}

static Value method_get(Thread *t, Value *args) { return args[0]; } /* bound already */

static Value method_reduce(Thread *t, Value *args) {
    MethodObject *m = as_method(args[0]);
    Value name = TRY(get_attribute(t, m->function, names.__name__));
    Value getattr = dict_get_str(t->isolate->builtins, names.getattr);
    if (absent(getattr))
        return raise_attribute_error(t, t->isolate->builtins_module, names.getattr, "getattr");
    return tuple_pack(t, 2, getattr, TRY(tuple_pack(t, 2, m->self, name)));
}

static Value get_doc(Thread *t, Value *args) { return get_attribute(t, as_method(args[0])->function, names.__doc__); }

static const NativeDef method_methods[] = {
    {"__new__(type, function, instance, /)", method_make, NULL, 0},
    {"__getattribute__(self, name, /)", method_getattribute, NULL, 0},
    {"__repr__(self, /)", method_repr, NULL, 0},
    {"__eq__(self, value, /)", method_eq, NULL, 0},
    {"__ne__(self, value, /)", method_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", method_hash, NULL, 0},
    {"__get__(self, instance, owner=None, /)", method_get, NULL, 0},
    {"__reduce__(self, /)", method_reduce, NULL, 0},
    {},
};
static const MemberDef method_members[] = {
    {"__func__", MEMBER_VALUE, offsetof(MethodObject, function), true, "the function that implements the method"},
    {"__self__", MEMBER_VALUE, offsetof(MethodObject, self), true, "the receiver"},
    {},
};
static const GetSetDef method_getset[] = {
    {"__doc__", get_doc, NULL, NULL},
    {},
};
STATIC_TYPE(method_type) = {
    STATIC_TYPE_HEAD(method_trace, NULL),
    .name_text = "method",
    .doc = "A callable bound to its first argument.",
    .base_static = &object_type,
    .methods = method_methods,
    .members = method_members,
    .getset = method_getset,
    .call = method_call,
    .flags = TYPE_HAS_WEAKREF,
    .instance_size = sizeof(MethodObject),
};
