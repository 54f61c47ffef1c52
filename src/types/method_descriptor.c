/* What built-in types keep in their namespaces for methods: method_descriptor, classmethod_descriptor,
 * wrapper_descriptor (a special method) and method-wrapper, which is the last one bound.
 *
 * Objects are immutable but for the binder, which is published once.
 */
#include "base/hash.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static MethodDescriptorObject *as_descriptor(Value v) { return (MethodDescriptorObject *)v.bits; }
static MethodWrapperObject *as_wrapper(Value v) { return (MethodWrapperObject *)v.bits; }

static void descriptor_trace(Tracer *tracer, Object *o) {
    trace_object(tracer, ((MethodDescriptorObject *)o)->owner);
    trace_value(tracer, ((MethodDescriptorObject *)o)->name);
}

/* Construction */

static Value make(Thread *t, Type *type, Type *owner, const NativeDef *def, Value name) {
    MethodDescriptorObject *d = heap_allocate(t, type, sizeof *d);
    CHECK(d != NULL);
    d->owner = owner; /* NOBARRIER: just allocated */
    d->def = def;
    d->name = name;
    d->least = d->most = -1;
    return from_object(d);
}

Value method_descriptor_new(Thread *t, Type *owner, const NativeDef *def, Value name) {
    return make(t, &method_descriptor_type, owner, def, name);
}

Value class_method_descriptor_new(Thread *t, Type *owner, const NativeDef *def, Value name) {
    return make(t, &class_method_descriptor_type, owner, def, name);
}

static int slot_arity(Value name) {
#define SLOT(identifier, arity) \
    if (same(name, names.identifier)) \
        return arity - 1;
#include "object/slots.def"
#undef SLOT
    return same(name, names.__next__) ? 0 : -1;
}

Value slot_wrapper_new(Thread *t, Type *owner, const NativeDef *def, Value name) {
    Value wrapper = TRY(make(t, &slot_wrapper_type, owner, def, name));
    MethodDescriptorObject *d = as_descriptor(wrapper);
    bool ternary = same(d->name, names.__pow__) || same(d->name, names.__rpow__) || same(d->name, names.__get__);
    d->most = (int8_t)slot_arity(d->name);
    d->least = (int8_t)(ternary ? 1 : d->most);
    return wrapper;
}

Value slot_wrapper_of_next(Thread *t, Type *owner) {
    Value wrapper = TRY(make(t, &slot_wrapper_type, owner, NULL, names.__next__));
    as_descriptor(wrapper)->least = as_descriptor(wrapper)->most = 0;
    return wrapper;
}

Value slot_wrapper_of_call(Thread *t, Type *owner) {
    return make(t, &slot_wrapper_type, owner, NULL, names.__call__);
}

const Binder *method_descriptor_binder(Thread *t, MethodDescriptorObject *d) {
    const Binder *b = load_acquire(&d->binder);
    if (likely(b != NULL))
        return b;
    b = native_binder_of(t, d->def, true, d->owner, NO_VALUE);
    if (b != NULL) {
        if (b->simple && !(d->def->flags & NATIVE_NEXT) && (uintptr_t)d->def->function >> DIRECT_COUNT_SHIFT == 0)
            store_release(&d->direct, (uint64_t)(uintptr_t)d->def->function | ((uint64_t)b->count + 1) << DIRECT_COUNT_SHIFT);
        store_release(&d->binder, b);
    }
    return b;
}

/* Receivers */

static bool check_receiver(Thread *t, MethodDescriptorObject *d, Value o) {
    if (is_instance_of(o, d->owner))
        return true;
    raise_type_error(t, "descriptor '%S' for '%N' objects doesn't apply to a '%T' object", d->name, d->owner, o);
    return false;
}

static bool is_unbound_get(Value *args) { return absent(args[1]) || is_none(args[1]); }

static Value get_without_instance(Thread *t, Value *args) {
    if (absent(args[2]) || is_none(args[2]))
        return raise_type_error(t, "__get__(None, None) is invalid");
    return args[0];
}

/* None as an instance stands for "none", except where no type comes with it: object/attribute.c. */
static bool binds_none(Value *args) {
    return present(args[1]) && is_none(args[1]) && absent(args[2]);
}

/* method_descriptor */

static Value bound_to(Thread *t, MethodDescriptorObject *d, Value self) {
    const Binder *b = method_descriptor_binder(t, d);
    return b ? native_method_new(t, d->owner, d->def, b, self) : NO_VALUE;
}

static Value method_get(Thread *t, Value *args) {
    if (is_unbound_get(args) && !binds_none(args))
        return get_without_instance(t, args);
    MethodDescriptorObject *d = as_descriptor(args[0]);
    CHECK(check_receiver(t, d, args[1]));
    return bound_to(t, d, args[1]);
}

static Value method_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    MethodDescriptorObject *d = as_descriptor(callee);
    const Binder *b = method_descriptor_binder(t, d);
    CHECK(b != NULL);
    return native_call(t, d->def, b, d->owner, args, nargs, kwnames);
}

/* classmethod_descriptor */

static Value class_method_get(Thread *t, Value *args) {
    MethodDescriptorObject *d = as_descriptor(args[0]);
    Value class = args[2];
    if (absent(class) || is_none(class)) {
        if (is_unbound_get(args) && !binds_none(args))
            return raise_type_error(t, "__get__(None, None) is invalid");
        class = from_object(type_of(args[1]));
    }
    if (!is_type(class))
        return raise_type_error(t, "descriptor '%S' for type '%N' needs a type, not a '%T' as arg 2", d->name, d->owner,
                                class);
    if (!type_is_subtype(as_type(class), d->owner))
        return raise_type_error(t, "descriptor '%S' requires a subtype of '%N' but received '%N'", d->name, d->owner,
                                as_type(class));
    return bound_to(t, d, class);
}

static Value class_method_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    MethodDescriptorObject *d = as_descriptor(callee);
    if (nargs == 0)
        return raise_type_error(t, "descriptor '%S' of '%N' object needs an argument", d->name, d->owner);
    Value get_args[4] = {NO_VALUE, callee, NONE, args[0]};
    Value bound = TRY(class_method_get(t, get_args + 1));
    return call(t, bound, args + 1, nargs - 1, kwnames);
}

/* wrapper_descriptor */

static Type *native_base(Type *type) {
    while (type->flags & TYPE_HEAP && type->base != NULL)
        type = type->base;
    return type;
}

/* object.__setattr__(some_class, ...) must not get around what the more specific built-in type protects. */
static bool check_setattr(Thread *t, MethodDescriptorObject *d, Value self) {
    Slot slot = same(d->name, names.__setattr__) ? SLOT___setattr__ : SLOT___delattr__;
    Type *base = native_base(type_of(self));
    if (base->slots[slot] == d->def->function)
        return true;
    raise_type_error(t, "can't apply this %S to %T object", d->name, self);
    return false;
}

static Value wrong_wrapper_count(Thread *t, MethodDescriptorObject *d, size_t given) {
    if (same(d->name, names.__pow__) || same(d->name, names.__rpow__))
        return raise_type_error(t, "expected 1 or 2 arguments, got %zu", given);
    if (same(d->name, names.__buffer__) || same(d->name, names.__release_buffer__))
        return raise_type_error(t, "%S expected 1 argument, got %zu", d->name, given);
    if (d->most <= 1)
        return raise_type_error(t, "expected %d argument%s, got %zu", d->most, d->most == 1 ? "" : "s", given);
    if (d->least == d->most)
        return raise_type_error(t, "%S expected %d arguments, got %zu", d->name, d->most, given);
    return raise_type_error(t, "%S expected at %s %d argument%s, got %zu", d->name,
                            given < (size_t)d->least ? "least" : "most", given < (size_t)d->least ? d->least : d->most,
                            given < (size_t)d->least && d->least == 1 ? "" : "s", given);
}

static Value call_next(Thread *t, MethodDescriptorObject *d, Value self) {
    Value item = d->owner->next(t, self);
    if (absent(item) && !error_pending(t))
        return raise_stop_iteration(t, NO_VALUE);
    return item;
}

/* args[0] is the receiver, already checked. */
static Value wrapper_invoke(Thread *t, MethodDescriptorObject *d, Value *args, size_t nargs, Value kwnames) {
    if (d->most < 0) {
        if (d->def == NULL)
            return d->owner->call(t, args[0], args + 1, nargs - 1, kwnames);
        const Binder *b = method_descriptor_binder(t, d);
        CHECK(b != NULL);
        return native_call(t, d->def, b, NULL, args, nargs, kwnames);
    }
    if (present(kwnames) && tuple_length(kwnames) != 0)
        return raise_type_error(t, "wrapper %S() takes no keyword arguments", d->name);
    if (nargs - 1 < (size_t)d->least || nargs - 1 > (size_t)d->most)
        return wrong_wrapper_count(t, d, nargs - 1);
    if (d->def == NULL)
        return call_next(t, d, args[0]);
    Value copy[5] = {NO_VALUE, NONE, NONE, NONE, NONE};
    memcpy(copy + 1, args, nargs * sizeof(Value));
    bool sets = same(d->name, names.__setattr__) || same(d->name, names.__delattr__);
    if (sets)
        CHECK(check_setattr(t, d, args[0]));
    bool refuses_all = sets && is_type(args[0]) && !(as_type(args[0])->flags & TYPE_HEAP);
    if (!refuses_all && (sets || same(d->name, names.__getattribute__)))
        copy[2] = TRY(attribute_name(t, args[1]));
    return d->def->function(t, copy + 1);
}

static Value wrapper_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    MethodDescriptorObject *d = as_descriptor(callee);
    if (nargs == 0)
        return raise_type_error(t, "descriptor '%S' of '%N' object needs an argument", d->name, d->owner);
    if (!is_instance_of(args[0], d->owner))
        return raise_type_error(t, "descriptor '%S' requires a '%N' object but received a '%T'", d->name, d->owner, args[0]);
    return wrapper_invoke(t, d, args, nargs, kwnames);
}

static Value wrapper_get(Thread *t, Value *args) {
    if (is_unbound_get(args) && !binds_none(args))
        return get_without_instance(t, args);
    CHECK(check_receiver(t, as_descriptor(args[0]), args[1]));
    MethodWrapperObject *w = heap_allocate(t, &method_wrapper_type, sizeof *w);
    CHECK(w != NULL);
    w->descriptor = args[0]; /* NOBARRIER: just allocated */
    w->self = args[1];
    return from_object(w);
}

/* Attributes of the three */

static Value get_name(Thread *t, Value *args) { return as_descriptor(args[0])->name; }
static Value get_objclass(Thread *t, Value *args) { return from_object(as_descriptor(args[0])->owner); }

static Value get_qualname(Thread *t, Value *args) {
    Value owner = TRY(get_attribute(t, get_objclass(t, args), names.__qualname__));
    if (!is_str(owner))
        return raise_type_error(t, "<descriptor>.__objclass__.__qualname__ is not a unicode object");
    return format_text(t, "%S.%S", owner, as_descriptor(args[0])->name);
}

typedef struct SlotDoc {
    const char *signature, *doc;
} SlotDoc;

static SlotDoc slot_doc(Value name) {
#define SLOT_DOC(identifier, signature, doc) \
    if (same(name, names.identifier)) \
        return (SlotDoc){signature, doc};
#include "types/slot_docs.def"
#undef SLOT_DOC
    return (SlotDoc){NULL, NULL};
}

static Value get_doc(Thread *t, Value *args) {
    MethodDescriptorObject *d = as_descriptor(args[0]);
    const char *doc = d->def != NULL ? d->def->doc : NULL;
    if (doc == NULL && is_exactly(args[0], &slot_wrapper_type))
        doc = slot_doc(d->name).doc;
    return doc ? str_from_text(t, doc) : NONE;
}

static Value get_text_signature(Thread *t, Value *args) {
    MethodDescriptorObject *d = as_descriptor(args[0]);
    if (is_exactly(args[0], &slot_wrapper_type) || d->def == NULL) {
        const char *signature = slot_doc(d->name).signature;
        if (signature != NULL)
            return str_from_text(t, signature);
    }
    return native_text_signature(t, d->def, RECEIVER_SELF);
}

static Value reduce_to_getattr(Thread *t, Value o, Value name) {
    Value getattr = dict_get_str(t->isolate->builtins, names.getattr);
    if (absent(getattr))
        return raise_attribute_error(t, t->isolate->builtins_module, names.getattr, "getattr");
    return tuple_pack(t, 2, getattr, TRY(tuple_pack(t, 2, o, name)));
}

static Value descriptor_reduce(Thread *t, Value *args) {
    return reduce_to_getattr(t, get_objclass(t, args), as_descriptor(args[0])->name);
}

static Value method_repr(Thread *t, Value *args) {
    MethodDescriptorObject *d = as_descriptor(args[0]);
    return format_text(t, "<method '%S' of '%N' objects>", d->name, d->owner);
}

static Value slot_wrapper_repr(Thread *t, Value *args) {
    MethodDescriptorObject *d = as_descriptor(args[0]);
    return format_text(t, "<slot wrapper '%S' of '%N' objects>", d->name, d->owner);
}

/* method-wrapper */

static void wrapper_trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((MethodWrapperObject *)o)->descriptor);
    trace_value(tracer, ((MethodWrapperObject *)o)->self);
}

static Value bound_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    args[-1] = as_wrapper(callee)->self;
    return wrapper_invoke(t, as_descriptor(as_wrapper(callee)->descriptor), args - 1, nargs + 1, kwnames);
}

static Value bound_repr(Thread *t, Value *args) {
    MethodWrapperObject *w = as_wrapper(args[0]);
    return format_text(t, "<method-wrapper '%S' of %T object at %p>", as_descriptor(w->descriptor)->name, w->self,
                       (void *)w->self.bits);
}

static Value bound_eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &method_wrapper_type))
        return NOT_IMPLEMENTED;
    MethodWrapperObject *a = as_wrapper(args[0]), *b = as_wrapper(args[1]);
    return from_bool(same(a->descriptor, b->descriptor) && same(a->self, b->self));
}

static Value bound_ne(Thread *t, Value *args) {
    Value result = bound_eq(t, args);
    return same(result, NOT_IMPLEMENTED) ? result : from_bool(same(result, FALSE));
}

static Value bound_hash(Thread *t, Value *args) {
    MethodWrapperObject *w = as_wrapper(args[0]);
    return int_from(t, hash_pointer((void *)w->self.bits) ^ hash_pointer((void *)w->descriptor.bits));
}

static Value bound_reduce(Thread *t, Value *args) {
    MethodWrapperObject *w = as_wrapper(args[0]);
    return reduce_to_getattr(t, w->self, as_descriptor(w->descriptor)->name);
}

/* What the wrapper shares with its descriptor. */
static Value of_descriptor(Thread *t, Value *args, NativeFn get) {
    Value inner[2] = {NO_VALUE, as_wrapper(args[0])->descriptor};
    return get(t, inner + 1);
}

static Value bound_get_self(Thread *t, Value *args) { return as_wrapper(args[0])->self; }
static Value bound_get_name(Thread *t, Value *args) { return of_descriptor(t, args, get_name); }
static Value bound_get_qualname(Thread *t, Value *args) { return of_descriptor(t, args, get_qualname); }
static Value bound_get_objclass(Thread *t, Value *args) { return of_descriptor(t, args, get_objclass); }
static Value bound_get_doc(Thread *t, Value *args) { return of_descriptor(t, args, get_doc); }
static Value bound_get_signature(Thread *t, Value *args) { return of_descriptor(t, args, get_text_signature); }

/* Types */

static const NativeDef method_methods[] = {
    {"__get__(self, instance, owner=None, /)", method_get, NULL, 0},
    {"__repr__(self, /)", method_repr, NULL, 0},
    {"__reduce__(self, /)", descriptor_reduce, NULL, 0},
    {},
};
static const NativeDef class_method_methods[] = {
    {"__get__(self, instance, owner=None, /)", class_method_get, NULL, 0},
    {"__repr__(self, /)", method_repr, NULL, 0},
    {},
};
static const NativeDef slot_wrapper_methods[] = {
    {"__get__(self, instance, owner=None, /)", wrapper_get, NULL, 0},
    {"__repr__(self, /)", slot_wrapper_repr, NULL, 0},
    {"__reduce__(self, /)", descriptor_reduce, NULL, 0},
    {},
};
static const NativeDef bound_methods[] = {
    {"__repr__(self, /)", bound_repr, NULL, 0},
    {"__eq__(self, value, /)", bound_eq, NULL, 0},
    {"__ne__(self, value, /)", bound_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", bound_hash, NULL, 0},
    {"__reduce__(self, /)", bound_reduce, NULL, 0},
    {},
};
static const GetSetDef descriptor_getset[] = {
    {"__name__", get_name, NULL, NULL, MEMBER},
    {"__qualname__", get_qualname, NULL, NULL},
    {"__objclass__", get_objclass, NULL, NULL, MEMBER},
    {"__doc__", get_doc, NULL, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {},
};
static const GetSetDef bound_getset[] = {
    {"__self__", bound_get_self, NULL, NULL},
    {"__name__", bound_get_name, NULL, NULL},
    {"__qualname__", bound_get_qualname, NULL, NULL},
    {"__objclass__", bound_get_objclass, NULL, NULL},
    {"__doc__", bound_get_doc, NULL, NULL},
    {"__text_signature__", bound_get_signature, NULL, NULL},
    {},
};

#define DESCRIPTOR_TYPE(c_name, python_name, table, call_function, extra_flags)                                 \
    STATIC_TYPE(c_name) = {                                                                                     \
        STATIC_TYPE_HEAD(descriptor_trace, NULL),                                                               \
        .name_text = python_name,                                                                               \
        .base_static = &object_type,                                                                            \
        .methods = table,                                                                                       \
        .getset = descriptor_getset,                                                                            \
        .call = call_function,                                                                                  \
        .flags = TYPE_NO_NEW | (extra_flags),                                                                   \
        .instance_size = sizeof(MethodDescriptorObject),                                                        \
    };
DESCRIPTOR_TYPE(method_descriptor_type, "method_descriptor", method_methods, method_call, TYPE_METHOD_DESCRIPTOR)
DESCRIPTOR_TYPE(class_method_descriptor_type, "classmethod_descriptor", class_method_methods, class_method_call, 0)
DESCRIPTOR_TYPE(slot_wrapper_type, "wrapper_descriptor", slot_wrapper_methods, wrapper_call, TYPE_METHOD_DESCRIPTOR)
#undef DESCRIPTOR_TYPE

STATIC_TYPE(method_wrapper_type) = {
    STATIC_TYPE_HEAD(wrapper_trace, NULL),
    .name_text = "method-wrapper",
    .base_static = &object_type,
    .methods = bound_methods,
    .getset = bound_getset,
    .call = bound_call,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MethodWrapperObject),
};
