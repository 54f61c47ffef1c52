/* builtin_function_or_method: a native function, alone or bound to its receiver.
 *
 * Also decides what each row of a type's method table becomes. Objects are immutable but for the binder, which is
 * published once.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/method.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "base/hash.h"
#include "types/int/int.h"

static NativeFunctionObject *as_native(Value v) { return (NativeFunctionObject *)v.bits; }

static void native_trace(Tracer *tracer, Object *o) {
    NativeFunctionObject *f = (NativeFunctionObject *)o;
    trace_object(tracer, f->owner);
    trace_value(tracer, f->self);
    trace_value(tracer, f->module);
}

/* Construction */

static NativeFunctionObject *make(Thread *t, const NativeDef *def, Type *owner, Value self, bool has_self) {
    NativeFunctionObject *f = heap_allocate(t, &native_function_type, sizeof *f);
    if (f == NULL)
        return NULL;
    f->def = def;
    f->owner = owner; /* NOBARRIER: just allocated */
    f->self = self;
    f->has_self = has_self;
    return f;
}

Value native_function_new(Thread *t, const NativeDef *def, Value self, Value module_name) {
    bool bound = present(self) && absent(module_name) && !is_instance_of(self, &module_type);
    NativeFunctionObject *f = make(t, def, NULL, self, bound);
    if (f == NULL)
        return NO_VALUE;
    f->module = module_name;
    return from_object(f);
}

Value native_method_new(Thread *t, Type *owner, const NativeDef *def, const Binder *binder, Value self) {
    NativeFunctionObject *f = make(t, def, owner, self, true);
    if (f == NULL)
        return NO_VALUE;
    f->binder = binder;
    return from_object(f);
}

Value native_new_function(Thread *t, Type *owner, const NativeDef *def) {
    NativeFunctionObject *f = make(t, def, owner, from_object(owner), false);
    if (f == NULL)
        return NO_VALUE;
    f->is_new = true;
    return from_object(f);
}

Value static_method_row_new(Thread *t, Type *owner, const NativeDef *def) {
    NativeFunctionObject *f = make(t, def, owner, from_object(owner), false);
    return f == NULL ? NO_VALUE : static_method_new(t, from_object(f));
}

bool is_slot_name(Value name) {
#define SLOT(identifier, arity) \
    if (same(name, names.identifier)) \
        return true;
#include "object/slots.def"
#undef SLOT
    return same(name, names.__init__) || same(name, names.__call__) || same(name, names.__next__);
}

Value native_row_attribute(Thread *t, Type *owner, const NativeDef *def, Value *name) {
    *name = TRY(native_name(t, def));
    if (same(*name, names.__new__))
        return native_new_function(t, owner, def);
    if (def->flags & NATIVE_CLASS)
        return class_method_descriptor_new(t, owner, def, *name);
    if (def->flags & NATIVE_STATIC)
        return static_method_row_new(t, owner, def);
    bool ordinary = same(*name, names.__format__) || same(*name, names.__length_hint__); /* not slots in CPython */
    if (!ordinary && !(def->flags & NATIVE_COEXIST) && is_slot_name(*name))
        return slot_wrapper_new(t, owner, def, *name);
    return method_descriptor_new(t, owner, def, *name);
}

bool type_add_methods(Thread *t, Type *type, const NativeDef *def) {
    for (; def->signature; def++) {
        Value name, attribute = native_row_attribute(t, type, def, &name);
        if (absent(attribute) || absent(type_set_attribute(t, type, name, attribute)))
            return false;
    }
    return true;
}

/* Calls */

const Binder *native_function_binder(Thread *t, NativeFunctionObject *f) {
    const Binder *b = load_acquire(&f->binder);
    if (likely(b != NULL))
        return b;
    b = native_binder_of(t, f->def, f->has_self || f->is_new, f->owner, f->module);
    if (b != NULL)
        store_release(&f->binder, b);
    return b;
}

/* The built-in type whose layout a class has. */
static Type *native_base(Type *type) {
    for (Type *base; type->flags & TYPE_HEAP && (base = load_acquire(&type->base)) != NULL; type = base) {
        Value own = present(type->dict) ? dict_get_str(type->dict, names.__new__) : NO_VALUE;
        if (present(own) && is_exactly(own, &native_function_type) && as_native(own)->is_new)
            break;
    }
    return type;
}

/* The checks of a type's __new__: the first argument is a class with the layout that it makes. */
static bool check_new(Thread *t, NativeFunctionObject *f, Value *args, size_t nargs) {
    if (nargs == 0) {
        raise_type_error(t, "%N.__new__(): not enough arguments", f->owner);
        return false;
    }
    if (!is_type(args[0])) {
        raise_type_error(t, "%N.__new__(X): X is not a type object (%T)", f->owner, args[0]);
        return false;
    }
    Type *type = as_type(args[0]);
    if (type == f->owner)
        return true;
    if (!type_is_subtype(type, f->owner)) {
        raise_type_error(t, "%N.__new__(%N): %N is not a subtype of %N", f->owner, type, type, f->owner);
        return false;
    }
    Type *base = native_base(type);
    Value constructor = type_lookup(base, names.__new__);
    if (present(constructor) && is_exactly(constructor, &native_function_type) && as_native(constructor)->is_new &&
        as_native(constructor)->def->function != f->def->function) {
        raise_type_error(t, "%N.__new__(%N) is not safe, use %N.__new__()", f->owner, type, base);
        return false;
    }
    return true;
}

static Value native_function_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    NativeFunctionObject *f = as_native(callee);
    const Binder *b = native_function_binder(t, f);
    CHECK(b != NULL);
    if (f->has_self) {
        args[-1] = f->self;
        return native_call(t, f->def, b, NULL, args - 1, nargs + 1, kwnames);
    }
    if (f->is_new)
        CHECK(check_new(t, f, args, nargs));
    return native_call(t, f->def, b, NULL, args, nargs, kwnames);
}

/* Attributes */

static bool is_plain_function(NativeFunctionObject *f) {
    return absent(f->self) || (!f->has_self && !f->is_new && f->owner == NULL);
}

static Value get_name(Thread *t, Value *args) { return native_name(t, as_native(args[0])->def); }

static Value get_qualname(Thread *t, Value *args) {
    NativeFunctionObject *f = as_native(args[0]);
    Value name = TRY(native_name(t, f->def));
    if (is_plain_function(f))
        return name;
    Value owner = is_type(f->self) ? f->self : from_object(type_of(f->self));
    Value qualname = TRY(get_attribute(t, owner, names.__qualname__));
    if (!is_str(qualname))
        return raise_type_error(t, "<method>.__class__.__qualname__ is not a unicode object");
    return format_text(t, "%S.%S", qualname, name);
}

static Value get_self(Thread *t, Value *args) {
    Value self = as_native(args[0])->self;
    return present(self) ? self : NONE;
}

static Value get_module(Thread *t, Value *args) {
    Value module = as_native(args[0])->module;
    return present(module) ? module : NONE;
}

static Value set_module(Thread *t, Value *args) {
    store(as_object(args[0]), &as_native(args[0])->module, args[1]);
    return NONE;
}

static Value get_doc(Thread *t, Value *args) {
    NativeFunctionObject *f = as_native(args[0]);
    if (f->def->doc != NULL)
        return str_from_text(t, f->def->doc);
    if (f->is_new)
        return str_from_text(t, "Create and return a new object.  See help(type) for accurate signature.");
    return NONE;
}

static Value get_text_signature(Thread *t, Value *args) {
    NativeFunctionObject *f = as_native(args[0]);
    if (f->is_new)
        return str_from_text(t, "($type, *args, **kwargs)");
    return native_text_signature(t, f->def, f->has_self ? RECEIVER_SELF : f->owner != NULL ? RECEIVER_NONE : RECEIVER_MODULE);
}

static Value native_repr(Thread *t, Value *args) {
    NativeFunctionObject *f = as_native(args[0]);
    Value name = TRY(native_name(t, f->def));
    if (is_plain_function(f))
        return format_text(t, "<built-in function %S>", name);
    return format_text(t, "<built-in method %S of %T object at %p>", name, f->self, (void *)f->self.bits);
}

static Value native_reduce(Thread *t, Value *args) {
    NativeFunctionObject *f = as_native(args[0]);
    Value name = TRY(native_name(t, f->def));
    if (is_plain_function(f))
        return name;
    Value getattr = dict_get_str(t->isolate->builtins, names.getattr);
    if (absent(getattr))
        return raise_attribute_error(t, t->isolate->builtins_module, names.getattr, "getattr");
    return tuple_pack(t, 2, getattr, TRY(tuple_pack(t, 2, f->self, name)));
}

static Value native_eq(Thread *t, Value *args) {
    if (!is_exactly(args[1], &native_function_type))
        return NOT_IMPLEMENTED;
    NativeFunctionObject *a = as_native(args[0]), *b = as_native(args[1]);
    return from_bool(same(a->self, b->self) && a->def->function == b->def->function);
}

static Value native_ne(Thread *t, Value *args) {
    Value result = native_eq(t, args);
    return same(result, NOT_IMPLEMENTED) ? result : from_bool(same(result, FALSE));
}

static Value native_hash(Thread *t, Value *args) {
    NativeFunctionObject *f = as_native(args[0]);
    return int_from(t, hash_pointer((void *)f->self.bits) ^ hash_pointer((void *)(uintptr_t)f->def->function));
}

static const NativeDef native_methods[] = {
    {"__repr__(self, /)", native_repr, NULL, 0},
    {"__reduce__(self, /)", native_reduce, NULL, 0},
    {"__eq__(self, value, /)", native_eq, NULL, 0},
    {"__ne__(self, value, /)", native_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", native_hash, NULL, 0},
    {},
};
static const GetSetDef native_getset[] = {
    {"__name__", get_name, NULL, NULL},
    {"__qualname__", get_qualname, NULL, NULL},
    {"__self__", get_self, NULL, NULL},
    {"__module__", get_module, set_module, NULL, MEMBER},
    {"__doc__", get_doc, NULL, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {},
};
STATIC_TYPE(native_function_type) = {
    STATIC_TYPE_HEAD(native_trace, NULL),
    .name_text = "builtin_function_or_method",
    .base_static = &object_type,
    .methods = native_methods,
    .getset = native_getset,
    .call = native_function_call,
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(NativeFunctionObject),
};
