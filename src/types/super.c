/* super: attribute lookup that starts after a class in the method resolution order.
 *
 * A super object is immutable but for __init__ being called again.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/method.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct SuperObject {
    Object object;
    Value type;     /* the class to start after */
    Value instance; /* absent: unbound */
    Value start;    /* the class whose order is searched; absent: unbound */
} SuperObject;

bool (*super_frame_hook)(Thread *t, Value *type, Value *object);

static SuperObject *as_super(Value v) { return (SuperObject *)v.bits; }

static void super_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((SuperObject *)o)->type, 3); }

static Value super_new(Thread *t, Value *args) { return from_object(type_allocate(t, as_type(args[0]))); }

/* The class whose method resolution order is searched: the object's, or the object itself when it is a class. */
static Value start_class(Thread *t, Value type, Value object) {
    if (is_type(object) && type_is_subtype(as_type(object), as_type(type)))
        return object;
    if (type_is_subtype(type_of(object), as_type(type)))
        return from_object(type_of(object));
    Value claimed = find_attribute(t, object, names.__class__);
    if (present(claimed) && is_type(claimed) && as_type(claimed) != type_of(object) &&
        type_is_subtype(as_type(claimed), as_type(type)))
        return claimed;
    if (absent(claimed) && error_pending(t))
        return NO_VALUE;
    return raise_type_error(t, "super(type, obj): obj (%s %N) is not an instance or subtype of type (%N).",
                            is_type(object) ? "type" : "instance of", is_type(object) ? as_type(object) : type_of(object),
                            as_type(type));
}

/* Looks the name up after `type`. Absent without exception: not there. */
static Value search(Thread *t, Value type, Value object, Value start, Value name, Value *self) {
    Value mro = load(&as_type(start)->mro);
    size_t n = present(mro) ? tuple_length(mro) : 0, i = 0;
    while (i < n && !same(tuple_get(mro, i), type))
        i++;
    for (i++; i < n; i++) {
        Value dict = as_type(tuple_get(mro, i))->dict;
        Value found = dict_get(t, dict, name);
        if (absent(found)) {
            if (error_pending(t))
                return NO_VALUE;
            continue;
        }
        bool bound_to_class = same(object, start);
        if (self != NULL && !bound_to_class && type_of(found)->flags & TYPE_METHOD_DESCRIPTOR) {
            *self = object;
            return found;
        }
        return bind_descriptor(t, found, bound_to_class ? NO_VALUE : object, as_type(start));
    }
    return NO_VALUE;
}

static Value not_found(Thread *t, Value super_object, Value name) {
    return raise_attribute_error(t, super_object, name, "'super' object has no attribute '%S'", name);
}

static Value super_getattribute(Thread *t, Value *args) {
    SuperObject *s = as_super(args[0]);
    Value start = load(&s->start); /* stored last */
    if (present(start) && !same(args[1], names.__class__)) {
        Value found = search(t, load(&s->type), load(&s->instance), start, args[1], NULL);
        if (present(found) || error_pending(t))
            return found;
    }
    return generic_get_attribute(t, args[0], args[1]);
}

static bool initialize(Thread *t, Value self, Value type, Value object) {
    SuperObject *s = as_super(self);
    if (!is_type(type)) {
        raise_type_error(t, "super() argument 1 must be a type, not %T", type);
        return false;
    }
    Value start = NO_VALUE;
    if (present(object) && is_none(object))
        object = NO_VALUE;
    if (present(object) && absent(start = start_class(t, type, object)))
        return false;
    store(s, &s->type, type);
    store(s, &s->instance, object);
    store(s, &s->start, start);
    return true;
}

static Value super_init(Thread *t, Value *args) {
    size_t n = tuple_length(args[1]);
    if (n > 2)
        return raise_type_error(t, "super() expected at most 2 arguments, got %zu", n);
    Value type = n > 0 ? tuple_get(args[1], 0) : NO_VALUE, object = n > 1 ? tuple_get(args[1], 1) : NO_VALUE;
    if (n == 0) {
        if (super_frame_hook == NULL)
            return raise_error(t, &RuntimeError_type, "super(): no current frame");
        CHECK(super_frame_hook(t, &type, &object));
    }
    CHECK(initialize(t, args[0], type, object));
    return NONE;
}

Value super_lookup(Thread *t, Value type, Value object, Value name, Value *self) {
    if (self != NULL)
        *self = NO_VALUE;
    if (!is_type(type))
        return raise_type_error(t, "super() argument 1 must be a type, not %T", type);
    Value start = TRY(start_class(t, type, object));
    if (!same(name, names.__class__)) {
        Value found = search(t, type, object, start, name, self);
        if (present(found) || error_pending(t))
            return found;
    }
    Value made = TRY(call_2(t, from_object(&super_type), type, object));
    Value found = generic_find_attribute(t, made, name);
    return present(found) || error_pending(t) ? found : not_found(t, made, name);
}

static Value super_get(Thread *t, Value *args) {
    SuperObject *s = as_super(args[0]);
    if (absent(args[1]) || is_none(args[1]) || present(load(&s->instance)))
        return args[0];
    if (!is_exactly(args[0], &super_type))
        return call_2(t, from_object(type_of(args[0])), load(&s->type), args[1]);
    Value type_arg[2] = {NO_VALUE, from_object(&super_type)};
    Value made = TRY(super_new(t, type_arg + 1));
    CHECK(initialize(t, made, s->type, args[1]));
    return made;
}

static Value super_repr(Thread *t, Value *args) {
    SuperObject *s = as_super(args[0]);
    Value type = load(&s->type), start = load(&s->start);
    const char *name = present(type) ? as_type(type)->name_text : "NULL";
    if (present(start))
        return format_text(t, "<super: <class '%s'>, <%N object>>", name, as_type(start));
    return format_text(t, "<super: <class '%s'>, NULL>", name);
}

static const NativeDef super_methods[] = {
    {"__new__(type, *args, **kwargs)", super_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args)", super_init, NULL, NATIVE_NO_SIGNATURE},
    {"__getattribute__(self, name, /)", super_getattribute, NULL, 0},
    {"__get__(self, instance, owner=None, /)", super_get, NULL, 0},
    {"__repr__(self, /)", super_repr, NULL, 0},
    {},
};
static const MemberDef super_members[] = {
    {"__thisclass__", MEMBER_VALUE, offsetof(SuperObject, type), true, "the class that super() was called for"},
    {"__self__", MEMBER_VALUE, offsetof(SuperObject, instance), true, "the receiver, or None"},
    {"__self_class__", MEMBER_VALUE, offsetof(SuperObject, start), true, "the receiver's class, or None"},
    {},
};
STATIC_TYPE(super_type) = {
    STATIC_TYPE_HEAD(super_trace, NULL),
    .name_text = "super",
    .doc = "super(type, object) looks attributes up after type in the method resolution order of object's class.\n"
           "super() does so for the class whose method is running, and its first argument.",
    .base_static = &object_type,
    .methods = super_methods,
    .members = super_members,
    .flags = TYPE_BASE,
    .instance_size = sizeof(SuperObject),
};
