/* weakref.ref and the two kinds of proxies.
 *
 * The heap clears `target` when the object dies and then calls the callback at a safepoint. A reference without
 * callback is shared: asking again for one gives the same object while it lives.
 * Threads: `target` is one word; who has loaded it keeps the object alive.
 */
#include "types/weakref.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/interrupts.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static WeakrefObject *as_ref(Value v) { return (WeakrefObject *)v.bits; }

static void ref_trace(Tracer *tracer, Object *o) {
    WeakrefObject *r = (WeakrefObject *)o;
    trace_value(tracer, r->callback);
    if (trace_publishes(tracer))
        trace_value(tracer, load(&r->target));
}

/* Construction */

static Value set_trace_function(Thread *t, Value function) {
    Value old = t->trace_function;
    t->trace_function = function;
    if (!same(old, function))
        load_relaxed(&interrupt_hooks.tracing_changed)(t);
    return old;
}

static void target_died(Thread *t, Object *holder) {
    WeakrefObject *r = (WeakrefObject *)holder;
    Value callback = r->callback;
    if (absent(callback))
        return;
    store(r, &r->callback, NO_VALUE);
    /* When it runs is the collector's affair: a debugger that steps through the program should not end up here. */
    Value trace_function = set_trace_function(t, NO_VALUE);
    if (absent(call_1(t, callback, from_object(r))))
        error_write_unraisable(t, "Exception ignored while calling weakref callback", callback);
    if (present(trace_function) && absent(t->trace_function)) /* else the callback has set one */
        set_trace_function(t, trace_function);
}

static Value find_shared(Thread *t, Type *type, Value target) {
    Object *holders[16];
    size_t n = heap_weak_holders(t, as_object(target), holders, 16);
    for (size_t i = 0; i < n && i < 16; i++)
        if (holders[i]->type == type && absent(((WeakrefObject *)holders[i])->callback)) {
            if (!is_own(holders[i])) /* perhaps another thread's, which has not handed it on: all that it refers to is the target, which is published */
                mark_published(holders[i]);
            return from_object(holders[i]);
        }
    return NO_VALUE;
}

static bool can_be_referenced(Value target) { return is_object(target) && has_type_flag(target, TYPE_HAS_WEAKREF); }

/* Callbacks of the library that take an entry away, no more: no program notices that they are not called at its end. Those of
 * the import system's locks (`importlib` renames the import system when it is imported), of weak containers, of log handlers. */
static const struct {
    const char *module, *callback; /* the module that makes the reference; NULL: whatever the callback is */
} unnoticed[] = {
    {"_frozen_importlib", NULL}, {"importlib._bootstrap", NULL}, {"_weakrefset", NULL}, {"weakref", "remove"}, {"logging", "_removeHandlerRef"},
};

static bool is_unnoticed(Thread *t, Value callback) {
    Value module = class_module_hook(t);
    for (size_t i = 0; present(module) && is_str(module) && i < sizeof unnoticed / sizeof *unnoticed; i++) {
        if (!str_equal_text(module, unnoticed[i].module))
            continue;
        Value name = unnoticed[i].callback ? find_attribute(t, callback, names.__name__) : NO_VALUE;
        error_clear(t);
        return !unnoticed[i].callback || (present(name) && is_str(name) && str_equal_text(name, unnoticed[i].callback));
    }
    return false;
}

static Value make(Thread *t, Type *type, Value target, Value callback, bool watched) {
    if (!can_be_referenced(target))
        return raise_type_error(t, "cannot create weak reference to '%T' object", target);
    bool can_share = absent(callback) && !(type->flags & TYPE_HEAP);
    if (can_share) {
        Value shared = find_shared(t, type, target);
        if (present(shared))
            return shared;
    }
    WeakrefObject *r = type_allocate(t, type);
    CHECK(r != NULL);
    r->target = target; /* NOBARRIER: not a reference that keeps anything alive */
    r->hash = -1;
    store(r, &r->callback, callback);
    CHECK(heap_weak_register(t, &r->object, &r->target, absent(callback) ? NULL : target_died, watched));
    return from_object(r);
}

Value weakref_new(Thread *t, Value target, Value callback) { return make(t, &weakref_type, target, callback, false); }

static bool parse(Thread *t, const char *name, Value given, Value *target, Value *callback) {
    size_t n = tuple_length(given);
    if (n < 1 || n > 2) {
        raise_type_error(t, "%s expected at %s argument%s, got %zu", name, n < 1 ? "least 1" : "most 2", n < 1 ? "" : "s", n);
        return false;
    }
    *target = tuple_get(given, 0);
    *callback = n == 2 && !is_none(tuple_get(given, 1)) ? tuple_get(given, 1) : NO_VALUE;
    return true;
}

static Value ref_new(Thread *t, Value *args) {
    Value target, callback;
    CHECK(parse(t, "__new__", args[1], &target, &callback));
    return make(t, as_type(args[0]), target, callback, present(callback) && !is_unnoticed(t, callback));
}

static Value ref_init(Thread *t, Value *args) {
    Value target, callback;
    if (present(args[2]) && dict_length(args[2]))
        return raise_type_error(t, "ref() takes no keyword arguments");
    CHECK(parse(t, "__init__", args[1], &target, &callback));
    return NONE;
}

/* Methods of ref */

static Value ref_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    if (present(kwnames) && tuple_length(kwnames))
        return raise_type_error(t, "weakref() takes no keyword arguments");
    if (nargs != 0)
        return raise_type_error(t, "weakref expected 0 arguments, got %zu", nargs);
    Value target = weakref_target(callee);
    return present(target) ? target : NONE;
}

static Value describe(Thread *t, Value self, const char *kind) {
    Value target = weakref_target(self);
    void *address = (void *)self.bits;
    if (absent(target))
        return format_text(t, "<%s at %p; dead>", kind, address);
    Value name = type_lookup_special(t, target, names.__name__); /* __getattr__ is not asked */
    if (absent(name) && error_pending(t))
        return NO_VALUE;
    if (absent(name) || !is_str(name) || !strcmp(kind, "weakproxy"))
        return format_text(t, "<%s at %p; to '%T' at %p>", kind, address, target, (void *)target.bits);
    return format_text(t, "<%s at %p; to '%T' at %p (%S)>", kind, address, target, (void *)target.bits, name);
}

static Value ref_repr(Thread *t, Value *args) { return describe(t, args[0], "weakref"); }

static Value ref_hash(Thread *t, Value *args) {
    WeakrefObject *r = as_ref(args[0]);
    int64_t hash = load_relaxed(&r->hash);
    if (hash == -1) {
        Value target = weakref_target(args[0]);
        if (absent(target))
            return raise_type_error(t, "weak object has gone away");
        CHECK(hash_of(t, target, &hash));
        store_relaxed(&r->hash, hash);
    }
    return int_from(t, hash);
}

static Value ref_compare(Thread *t, Value *args, Comparison op) {
    if (!is_instance_of(args[0], &weakref_type) || !is_instance_of(args[1], &weakref_type))
        return NOT_IMPLEMENTED;
    Value a = weakref_target(args[0]), b = weakref_target(args[1]);
    if (absent(a) || absent(b))
        return from_bool(same(args[0], args[1]) == (op == COMPARE_EQ));
    return compare(t, op, a, b);
}

static Value ref_eq(Thread *t, Value *args) { return ref_compare(t, args, COMPARE_EQ); }
static Value ref_ne(Thread *t, Value *args) { return ref_compare(t, args, COMPARE_NE); }

static Value get_callback(Thread *t, Value *args) {
    Value callback = as_ref(args[0])->callback;
    return present(callback) && present(weakref_target(args[0])) ? callback : NONE;
}

static const NativeDef ref_methods[] = {
    {"__new__(type, *args, **kwargs)", ref_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", ref_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", ref_repr, NULL, 0},
    {"__hash__(self, /)", ref_hash, NULL, 0},
    {"__eq__(self, value, /)", ref_eq, NULL, 0},
    {"__ne__(self, value, /)", ref_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Generic in the type of the object.", NATIVE_CLASS},
    {},
};
static const GetSetDef ref_getset[] = {
    {"__callback__", get_callback, NULL, NULL, MEMBER},
    {},
};
STATIC_TYPE(weakref_type) = {
    STATIC_TYPE_HEAD(ref_trace, NULL),
    .name_text = "weakref.ReferenceType",
    .base_static = &object_type,
    .methods = ref_methods,
    .getset = ref_getset,
    .call = ref_call,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
    .instance_size = sizeof(WeakrefObject),
};

/* Proxies: every operation is done on the target */

static bool is_proxy(Value v) { return is_exactly(v, &weak_proxy_type) || is_exactly(v, &weak_callable_proxy_type); }

/* The object behind a proxy; other values as they are. */
static Value unwrap(Thread *t, Value v) {
    if (absent(v) || !is_proxy(v))
        return v;
    Value target = weakref_target(v);
    return present(target) ? target : raise_error(t, &ReferenceError_type, "weakly-referenced object no longer exists");
}

#define UNARY(name, operation) \
    static Value proxy_##name(Thread *t, Value *args) { return operation(t, TRY(unwrap(t, args[0]))); }
#define BINARY(name, op)                                                                  \
    static Value proxy_##name(Thread *t, Value *args) {                                   \
        Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));                   \
        return binary_operation(t, op, a, b);                                             \
    }                                                                                     \
    static Value proxy_r##name(Thread *t, Value *args) {                                  \
        Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));                   \
        return binary_operation(t, op, b, a);                                             \
    }                                                                                     \
    static Value proxy_i##name(Thread *t, Value *args) {                                  \
        Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));                   \
        return inplace_operation(t, op, a, b);                                            \
    }
#define COMPARE(name, op)                                                                 \
    static Value proxy_##name(Thread *t, Value *args) {                                   \
        Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));                   \
        return compare(t, op, a, b);                                                      \
    }
static Value to_float(Thread *t, Value v) {
    return call_1(t, from_object(&float_type), v);
}
static Value to_bytes(Thread *t, Value v) { return call_method_0(t, v, names.__bytes__); }
static Value to_reversed(Thread *t, Value v) { return call_method_0(t, v, names.__reversed__); }
static Value as_truth(Thread *t, Value v) {
    int result = truth(t, v);
    return result < 0 ? NO_VALUE : from_bool(result);
}
static Value as_length(Thread *t, Value v) {
    int64_t n = length_of(t, v);
    return n < 0 ? NO_VALUE : int_from(t, n);
}
UNARY(str, to_str)
UNARY(bool, as_truth)
UNARY(len, as_length)
UNARY(iter, get_iterator)
UNARY(neg, negative)
UNARY(pos, positive)
UNARY(abs, absolute)
UNARY(invert, invert)
UNARY(int, to_int)
UNARY(index, index_of)
UNARY(float, to_float)
UNARY(bytes, to_bytes)
UNARY(reversed, to_reversed)
BINARY(add, BINARY_ADD)
BINARY(sub, BINARY_SUB)
BINARY(mul, BINARY_MUL)
BINARY(matmul, BINARY_MATMUL)
BINARY(truediv, BINARY_TRUEDIV)
BINARY(floordiv, BINARY_FLOORDIV)
BINARY(mod, BINARY_MOD)
BINARY(lshift, BINARY_LSHIFT)
BINARY(rshift, BINARY_RSHIFT)
BINARY(and, BINARY_AND)
BINARY(or, BINARY_OR)
BINARY(xor, BINARY_XOR)
COMPARE(eq, COMPARE_EQ)
COMPARE(ne, COMPARE_NE)
COMPARE(lt, COMPARE_LT)
COMPARE(le, COMPARE_LE)
COMPARE(gt, COMPARE_GT)
COMPARE(ge, COMPARE_GE)
#undef UNARY
#undef BINARY
#undef COMPARE

static Value proxy_divmod(Thread *t, Value *args) {
    Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));
    return binary_operation(t, BINARY_DIVMOD, a, b);
}

static Value proxy_rdivmod(Thread *t, Value *args) {
    Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));
    return binary_operation(t, BINARY_DIVMOD, b, a);
}

static Value proxy_pow(Thread *t, Value *args) {
    Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1])), m = unwrap(t, args[2]);
    return absent(m) && error_pending(t) ? NO_VALUE : power(t, a, b, m);
}

static Value proxy_rpow(Thread *t, Value *args) {
    Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1])), m = unwrap(t, args[2]);
    return absent(m) && error_pending(t) ? NO_VALUE : power(t, b, a, m);
}

static Value proxy_ipow(Thread *t, Value *args) {
    Value a = TRY(unwrap(t, args[0])), b = TRY(unwrap(t, args[1]));
    return inplace_operation(t, BINARY_POW, a, b);
}

static Value proxy_contains(Thread *t, Value *args) {
    int result = contains(t, TRY(unwrap(t, args[0])), args[1]);
    return result < 0 ? NO_VALUE : from_bool(result);
}

static Value proxy_getitem(Thread *t, Value *args) { return get_item(t, TRY(unwrap(t, args[0])), TRY(unwrap(t, args[1]))); }

static Value proxy_setitem(Thread *t, Value *args) {
    CHECK(set_item(t, TRY(unwrap(t, args[0])), args[1], args[2]));
    return NONE;
}

static Value proxy_delitem(Thread *t, Value *args) {
    CHECK(delete_item(t, TRY(unwrap(t, args[0])), args[1]));
    return NONE;
}

static Value proxy_getattribute(Thread *t, Value *args) { return get_attribute(t, TRY(unwrap(t, args[0])), args[1]); }

static Value proxy_setattr(Thread *t, Value *args) {
    CHECK(set_attribute(t, TRY(unwrap(t, args[0])), args[1], args[2]));
    return NONE;
}

static Value proxy_delattr(Thread *t, Value *args) {
    CHECK(set_attribute(t, TRY(unwrap(t, args[0])), args[1], NO_VALUE));
    return NONE;
}

static Value proxy_repr(Thread *t, Value *args) { return describe(t, args[0], "weakproxy"); }

static Value proxy_next(Thread *t, Value self) {
    Value target = TRY(unwrap(t, self));
    if (type_of(target)->next == NULL)
        return raise_type_error(t, "Weakref proxy referenced a non-iterator '%T' object", target);
    return type_of(target)->next(t, target);
}

static Value proxy_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    return call(t, TRY(unwrap(t, callee)), args, nargs, kwnames);
}

#define NUMBER(name)                                        \
    {"__" #name "__(self, value, /)", proxy_##name, NULL, 0}, \
    {"__r" #name "__(self, value, /)", proxy_r##name, NULL, 0}, \
    {"__i" #name "__(self, value, /)", proxy_i##name, NULL, 0}
static const NativeDef proxy_methods[] = {
    NUMBER(add), NUMBER(sub), NUMBER(mul), NUMBER(matmul), NUMBER(truediv), NUMBER(floordiv),
    NUMBER(mod), NUMBER(lshift), NUMBER(rshift), NUMBER(and), NUMBER(or), NUMBER(xor),
    {"__divmod__(self, value, /)", proxy_divmod, NULL, 0},
    {"__rdivmod__(self, value, /)", proxy_rdivmod, NULL, 0},
    {"__pow__(self, value, mod=None, /)", proxy_pow, NULL, 0},
    {"__rpow__(self, value, mod=None, /)", proxy_rpow, NULL, 0},
    {"__ipow__(self, value, /)", proxy_ipow, NULL, 0},
    {"__str__(self, /)", proxy_str, NULL, 0},
    {"__repr__(self, /)", proxy_repr, NULL, 0},
    {"__bool__(self, /)", proxy_bool, NULL, 0},
    {"__len__(self, /)", proxy_len, NULL, 0},
    {"__iter__(self, /)", proxy_iter, NULL, 0},
    {"__neg__(self, /)", proxy_neg, NULL, 0},
    {"__pos__(self, /)", proxy_pos, NULL, 0},
    {"__abs__(self, /)", proxy_abs, NULL, 0},
    {"__invert__(self, /)", proxy_invert, NULL, 0},
    {"__int__(self, /)", proxy_int, NULL, 0},
    {"__index__(self, /)", proxy_index, NULL, 0},
    {"__float__(self, /)", proxy_float, NULL, 0},
    {"__bytes__(self, /)", proxy_bytes, NULL, 0},
    {"__reversed__(self, /)", proxy_reversed, NULL, 0},
    {"__eq__(self, value, /)", proxy_eq, NULL, 0},
    {"__ne__(self, value, /)", proxy_ne, NULL, 0},
    {"__lt__(self, value, /)", proxy_lt, NULL, 0},
    {"__le__(self, value, /)", proxy_le, NULL, 0},
    {"__gt__(self, value, /)", proxy_gt, NULL, 0},
    {"__ge__(self, value, /)", proxy_ge, NULL, 0},
    {"__contains__(self, key, /)", proxy_contains, NULL, 0},
    {"__getitem__(self, key, /)", proxy_getitem, NULL, 0},
    {"__setitem__(self, key, value, /)", proxy_setitem, NULL, 0},
    {"__delitem__(self, key, /)", proxy_delitem, NULL, 0},
    {"__getattribute__(self, name, /)", proxy_getattribute, NULL, 0},
    {"__setattr__(self, name, value, /)", proxy_setattr, NULL, 0},
    {"__delattr__(self, name, /)", proxy_delattr, NULL, 0},
    {},
};
#undef NUMBER

STATIC_TYPE(weak_proxy_type) = {
    STATIC_TYPE_HEAD(ref_trace, NULL),
    .name_text = "weakref.ProxyType",
    .base_static = &object_type,
    .methods = proxy_methods,
    .next = proxy_next,
    .flags = TYPE_NO_NEW | TYPE_NO_MODULE,
    .instance_size = sizeof(WeakrefObject),
};
STATIC_TYPE(weak_callable_proxy_type) = {
    STATIC_TYPE_HEAD(ref_trace, NULL),
    .name_text = "weakref.CallableProxyType",
    .base_static = &object_type,
    .methods = proxy_methods,
    .call = proxy_call,
    .next = proxy_next,
    .flags = TYPE_NO_NEW | TYPE_NO_MODULE,
    .instance_size = sizeof(WeakrefObject),
};

Value weak_proxy_new(Thread *t, Value target, Value callback) {
    return make(t, is_callable(target) ? &weak_callable_proxy_type : &weak_proxy_type, target, callback, present(callback));
}
