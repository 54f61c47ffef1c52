/* property.
 *
 * The functions are set by __init__ and read-only afterwards; the doc and the name are words of their own.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/method.h"
#include "types/str/str.h"
#include "types/tuple.h"

static PropertyObject *as_property(Value v) { return (PropertyObject *)v.bits; }

static void property_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((PropertyObject *)o)->fget, 5); }

static Value property_allocate(Thread *t, Value *args) { return from_object(type_allocate(t, as_type(args[0]))); }

static Value none_to_absent(Value v) { return present(v) && is_none(v) ? NO_VALUE : v; }
static Value or_none(Value v) { return present(v) ? v : NONE; }

/* A subclass has a __doc__ of its own in its namespace, which hides the member: the instance gets one instead. */
static bool set_doc_of_subclass(Thread *t, Value self, Value doc) {
    if (set_attribute(t, self, names.__doc__, or_none(doc)))
        return true;
    return !load_relaxed(&as_property(self)->getter_doc) && error_catch(t, &AttributeError_type); /* no room for it: as if not given */
}

static Value property_init(Thread *t, Value *args) {
    PropertyObject *p = as_property(args[0]);
    store(p, &p->fget, none_to_absent(args[1]));
    store(p, &p->fset, none_to_absent(args[2]));
    store(p, &p->fdel, none_to_absent(args[3]));
    store(p, &p->doc, NO_VALUE);
    store(p, &p->name, NO_VALUE);
    p->getter_doc = false;
    Value doc = none_to_absent(args[4]);
    Value getter = load(&p->fget);
    if (absent(doc) && present(getter)) {
        doc = none_to_absent(find_attribute(t, getter, names.__doc__));
        if (absent(doc) && error_pending(t))
            return NO_VALUE;
        p->getter_doc = present(doc);
    }
    if (is_exactly(args[0], &property_type))
        store(p, &p->doc, doc);
    else
        CHECK(set_doc_of_subclass(t, args[0], doc));
    return NONE;
}

Value property_new(Thread *t, Value fget, Value fset, Value fdel, Value doc) {
    Value args[5] = {NO_VALUE, or_none(fget), or_none(fset), or_none(fdel), or_none(doc)};
    return call(t, from_object(&property_type), args + 1, 4, NO_VALUE);
}

/* The name for messages and __name__; absent without exception if there is none. */
static Value property_name(Thread *t, PropertyObject *p) {
    Value name = load(&p->name), getter = load(&p->fget);
    if (present(name))
        return name;
    return present(getter) ? find_attribute(t, getter, names.__name__) : NO_VALUE;
}

static Value no_accessor(Thread *t, PropertyObject *p, Value o, const char *what) {
    Value name = property_name(t, p);
    if (absent(name) && error_pending(t))
        return NO_VALUE;
    Value qualname = TRY(get_attribute(t, from_object(type_of(o)), names.__qualname__));
    if (present(name))
        return raise_error(t, &AttributeError_type, "property %R of %R object has no %s", name, qualname, what);
    return raise_error(t, &AttributeError_type, "property of %R object has no %s", qualname, what);
}

static Value property_get(Thread *t, Value *args) {
    PropertyObject *p = as_property(args[0]);
    if (absent(args[1]) || is_none(args[1]))
        return args[0];
    Value getter = load(&p->fget);
    return present(getter) ? call_1(t, getter, args[1]) : no_accessor(t, p, args[1], "getter");
}

static Value property_set(Thread *t, Value *args) {
    PropertyObject *p = as_property(args[0]);
    TRY(present(p->fset) ? call_2(t, p->fset, args[1], args[2]) : no_accessor(t, p, args[1], "setter"));
    return NONE;
}

static Value property_delete(Thread *t, Value *args) {
    PropertyObject *p = as_property(args[0]);
    TRY(present(p->fdel) ? call_1(t, p->fdel, args[1]) : no_accessor(t, p, args[1], "deleter"));
    return NONE;
}

/* A copy with some of the functions replaced; absent ones stay. A doc that came from the getter is taken anew. */
static Value copy_with(Thread *t, Value self, Value fget, Value fset, Value fdel) {
    PropertyObject *p = as_property(self);
    fget = none_to_absent(fget), fset = none_to_absent(fset), fdel = none_to_absent(fdel);
    if (absent(fget))
        fget = load(&p->fget);
    Value doc = load_relaxed(&p->getter_doc) && present(fget) ? NO_VALUE : load(&p->doc);
    Value args[5] = {NO_VALUE, or_none(fget), or_none(present(fset) ? fset : load(&p->fset)),
                     or_none(present(fdel) ? fdel : load(&p->fdel)), or_none(doc)};
    Value made = TRY(call(t, from_object(type_of(self)), args + 1, 4, NO_VALUE));
    if (is_instance_of(made, &property_type))
        store(as_object(made), &as_property(made)->name, load(&p->name));
    return made;
}

static Value property_getter(Thread *t, Value *args) { return copy_with(t, args[0], args[1], NO_VALUE, NO_VALUE); }
static Value property_setter(Thread *t, Value *args) { return copy_with(t, args[0], NO_VALUE, args[1], NO_VALUE); }
static Value property_deleter(Thread *t, Value *args) { return copy_with(t, args[0], NO_VALUE, NO_VALUE, args[1]); }

static Value property_set_name(Thread *t, Value *args) {
    store(as_object(args[0]), &as_property(args[0])->name, args[2]);
    return NONE;
}

static Value get_name(Thread *t, Value *args) {
    Value name = property_name(t, as_property(args[0]));
    if (absent(name) && !error_pending(t))
        return raise_attribute_error(t, args[0], names.__name__, "'%T' object has no attribute '__name__'", args[0]);
    return name;
}

static Value set_name(Thread *t, Value *args) {
    store(as_object(args[0]), &as_property(args[0])->name, args[1]);
    return NONE;
}

static int is_abstract(Thread *t, Value function) {
    if (absent(function))
        return 0;
    Value v = find_attribute(t, function, names.__isabstractmethod__);
    if (absent(v))
        return error_pending(t) ? -1 : 0;
    return truth(t, v);
}

static Value get_is_abstract(Thread *t, Value *args) {
    PropertyObject *p = as_property(args[0]);
    int result = is_abstract(t, load(&p->fget));
    if (result == 0)
        result = is_abstract(t, load(&p->fset));
    if (result == 0)
        result = is_abstract(t, load(&p->fdel));
    return result < 0 ? NO_VALUE : from_bool(result);
}

static const NativeDef property_methods[] = {
    {"__new__(type, *args, **kwargs)", property_allocate, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, fget=None, fset=None, fdel=None, doc=None)", property_init, NULL, 0},
    {"__get__(self, instance, owner=None, /)", property_get, NULL, 0},
    {"__set__(self, instance, value, /)", property_set, NULL, 0},
    {"__delete__(self, instance, /)", property_delete, NULL, 0},
    {"getter(self, object, /)", property_getter, "Return a copy of the property with another getter.", 0},
    {"setter(self, object, /)", property_setter, "Return a copy of the property with another setter.", 0},
    {"deleter(self, object, /)", property_deleter, "Return a copy of the property with another deleter.", 0},
    {"__set_name__(self, owner, name, /)", property_set_name, "Tell the property its name.", NATIVE_COUNTS_AS_PYTHON},
    {},
};
static const MemberDef property_members[] = {
    {"fget", MEMBER_VALUE, offsetof(PropertyObject, fget), true, NULL},
    {"fset", MEMBER_VALUE, offsetof(PropertyObject, fset), true, NULL},
    {"fdel", MEMBER_VALUE, offsetof(PropertyObject, fdel), true, NULL},
    {"__doc__", MEMBER_VALUE, offsetof(PropertyObject, doc), false, NULL},
    {},
};
static const GetSetDef property_getset[] = {
    {"__name__", get_name, set_name, NULL},
    {"__isabstractmethod__", get_is_abstract, NULL, NULL},
    {},
};
STATIC_TYPE(property_type) = {
    STATIC_TYPE_HEAD(property_trace, NULL),
    .name_text = "property",
    .doc = "An attribute that is computed by functions: fget reads it, fset assigns it, fdel deletes it.\n\n"
           "As a decorator, property makes the getter; p.setter and p.deleter add the other two.",
    .base_static = &object_type,
    .methods = property_methods,
    .members = property_members,
    .getset = property_getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(PropertyObject),
};
