/* classmethod and staticmethod.
 *
 * The callable is set by the constructor and again by __init__; a reader sees one or the other.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/generic_alias.h"
#include "types/method.h"
#include "types/str/str.h"
#include "types/tuple.h"

static FunctionWrapperObject *as_wrapper(Value v) { return (FunctionWrapperObject *)v.bits; }

static void wrapper_trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((FunctionWrapperObject *)o)->callable);
    instance_trace(tracer, o);
}

static Value make(Thread *t, Type *type, Value callable) {
    FunctionWrapperObject *w = type_allocate(t, type);
    CHECK(w != NULL);
    w->callable = callable; /* NOBARRIER: just allocated */
    return from_object(w);
}

static Value wrapper_new(Thread *t, Value *args) { return make(t, as_type(args[0]), NONE); }

static bool copy_attribute(Thread *t, Value from, Value to, Value name) {
    Value v = find_attribute(t, from, name);
    if (absent(v))
        return !error_pending(t);
    return set_attribute(t, to, name, v);
}

/* What functools.wraps would copy; annotations are forwarded instead. */
static bool take_over(Thread *t, Value wrapper, Value callable) {
    store(as_object(wrapper), &as_wrapper(wrapper)->callable, callable);
    return copy_attribute(t, callable, wrapper, names.__module__) && copy_attribute(t, callable, wrapper, names.__name__) &&
           copy_attribute(t, callable, wrapper, names.__qualname__) && copy_attribute(t, callable, wrapper, names.__doc__);
}

static Value wrapper_init(Thread *t, Value *args) {
    CHECK(take_over(t, args[0], args[1]));
    return NONE;
}

/* The wrappers that the interpreter makes by itself have no copies of attributes. */
Value class_method_new(Thread *t, Value callable) { return make(t, &class_method_type, callable); }
Value static_method_new(Thread *t, Value callable) { return make(t, &static_method_type, callable); }

static Value class_method_get(Thread *t, Value *args) {
    Value class = args[2];
    if (absent(class) || is_none(class))
        class = from_object(type_of(args[1]));
    Value callable = load(&as_wrapper(args[0])->callable);
    return method_new(t, callable, class);
}

static Value static_method_get(Thread *t, Value *args) {
    Value callable = load(&as_wrapper(args[0])->callable);
    return present(callable) ? callable : raise_error(t, &RuntimeError_type, "uninitialized staticmethod object");
}

static Value static_method_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    return call(t, load(&as_wrapper(callee)->callable), args, nargs, kwnames);
}

static Value class_method_repr(Thread *t, Value *args) {
    return format_text(t, "<classmethod(%R)>", load(&as_wrapper(args[0])->callable));
}

static Value static_method_repr(Thread *t, Value *args) {
    return format_text(t, "<staticmethod(%R)>", load(&as_wrapper(args[0])->callable));
}

static Value get_is_abstract(Thread *t, Value *args) {
    Value v = find_attribute(t, load(&as_wrapper(args[0])->callable), names.__isabstractmethod__);
    if (absent(v))
        return error_pending(t) ? NO_VALUE : FALSE;
    int result = truth(t, v);
    return result < 0 ? NO_VALUE : from_bool(result);
}

/* __annotations__ and __annotate__ live in the wrapper's dict once read or set. */
static Value forwarded_get(Thread *t, Value self, Value name) {
    Value own = instance_get(t, as_object(self), name);
    if (present(own) || error_pending(t))
        return own;
    Value v = TRY(get_attribute(t, as_wrapper(self)->callable, name));
    CHECK(instance_set(t, as_object(self), name, v));
    return v;
}

static Value forwarded_set(Thread *t, Value self, Value name, Value v) {
    if (present(v)) {
        CHECK(instance_set(t, as_object(self), name, v));
        return NONE;
    }
    int deleted = instance_delete(t, as_object(self), name);
    if (deleted == 0)
        return raise_attribute_error(t, self, name, "'%T' object has no attribute '%S'", self, name);
    return deleted < 0 ? NO_VALUE : NONE;
}

static Value get_annotations(Thread *t, Value *args) { return forwarded_get(t, args[0], names.__annotations__); }
static Value set_annotations(Thread *t, Value *args) { return forwarded_set(t, args[0], names.__annotations__, args[1]); }
static Value get_annotate(Thread *t, Value *args) { return forwarded_get(t, args[0], names.__annotate__); }
static Value set_annotate(Thread *t, Value *args) { return forwarded_set(t, args[0], names.__annotate__, args[1]); }

static const MemberDef wrapper_members[] = {
    {"__func__", MEMBER_VALUE, offsetof(FunctionWrapperObject, callable), true, NULL},
    {"__wrapped__", MEMBER_VALUE, offsetof(FunctionWrapperObject, callable), true, NULL},
    {},
};
static const GetSetDef wrapper_getset[] = {
    {"__isabstractmethod__", get_is_abstract, NULL, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {},
};
static const NativeDef class_method_methods[] = {
    {"__new__(type, *args, **kwargs)", wrapper_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, function, /)", wrapper_init, NULL, 0},
    {"__get__(self, instance, owner=None, /)", class_method_get, NULL, 0},
    {"__repr__(self, /)", class_method_repr, NULL, 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, NULL, NATIVE_CLASS},
    {},
};
static const NativeDef static_method_methods[] = {
    {"__new__(type, *args, **kwargs)", wrapper_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, function, /)", wrapper_init, NULL, 0},
    {"__get__(self, instance, owner=None, /)", static_method_get, NULL, 0},
    {"__repr__(self, /)", static_method_repr, NULL, 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, NULL, NATIVE_CLASS},
    {},
};
STATIC_TYPE(class_method_type) = {
    STATIC_TYPE_HEAD(wrapper_trace, NULL),
    .name_text = "classmethod",
    .doc = "Makes a function in a class receive the class as its first argument, however it is called.",
    .base_static = &object_type,
    .methods = class_method_methods,
    .members = wrapper_members,
    .getset = wrapper_getset,
    .flags = TYPE_BASE | TYPE_HAS_DICT,
    .instance_size = sizeof(FunctionWrapperObject),
};
STATIC_TYPE(static_method_type) = {
    STATIC_TYPE_HEAD(wrapper_trace, NULL),
    .name_text = "staticmethod",
    .doc = "Keeps a function in a class from receiving a first argument.",
    .base_static = &object_type,
    .methods = static_method_methods,
    .members = wrapper_members,
    .getset = wrapper_getset,
    .call = static_method_call,
    .flags = TYPE_BASE | TYPE_HAS_DICT,
    .instance_size = sizeof(FunctionWrapperObject),
};
