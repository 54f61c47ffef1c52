/* _thread._local: an object whose attributes are different in every thread.
 *
 * A local object holds the namespaces of all threads, in a dict keyed by thread; what only a namespace refers to dies
 * with the object, cycles included. Thread.local_state is an object that dies with the thread: weak references to it
 * drop the thread's namespaces.
 */
#include "modules/_thread/thread_module.h"
#include "heap/drop.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/weakref.h"

typedef struct LocalObject {
    Object object;
    Value args, kwargs; /* for __init__, called once in each thread that touches the object */
    Value namespaces;   /* dict: a thread's number -> (namespace, weak reference that drops it) */
} LocalObject;

/* Stands for a thread. */
typedef struct LocalDummy {
    Object object;
    int64_t number; /* never reused */
} LocalDummy;

STATIC_TYPE(local_dummy_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "_thread._localdummy",
    .doc = "Thread-local dummy",
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(LocalDummy),
};

static LocalObject *as_local(Value v) { return (LocalObject *)v.bits; }

static void local_trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((LocalObject *)o)->args);
    trace_value(tracer, ((LocalObject *)o)->kwargs);
    trace_value(tracer, ((LocalObject *)o)->namespaces);
}

static Value thread_dummy(Thread *t) {
    static int64_t next_number = 1;
    if (present(t->local_state))
        return t->local_state;
    LocalDummy *dummy = heap_allocate(t, &local_dummy_type, sizeof *dummy);
    if (!dummy)
        return NO_VALUE;
    dummy->number = fetch_add(&next_number, 1);
    return t->local_state = from_object(dummy);
}

/* The thread's namespaces go, and what only they refer to if it is young. */
void thread_local_end(Thread *t) {
    Value dummy = t->local_state;
    t->local_state = NO_VALUE;
    if (absent(dummy) || t->heap.in_finalizers)
        return;
    heap_drop_target(t, as_object(dummy));
    enum { ROUNDS = 16 };
    for (int round = 0; round <= ROUNDS; round++) {
        DropLook look = {.again = round > 0, .last = round == ROUNDS};
        if (heap_look(t, &look) != DROPPED_SOME)
            break;
    }
}

static Value key_of(Value dummy) { return small_int(((LocalDummy *)as_object(dummy))->number); }

/* A dead thread's namespace is dropped by the callback of the weak reference to what stood for the thread. */
static Value thread_died(Thread *t, Value *args) {
    CHECK(dict_delete(t, args[0], args[1]) >= 0);
    return NONE;
}

static const NativeDef died_def = {"_localdummy_destroyed(namespaces, key, ref, /)", thread_died, NULL, NATIVE_NO_SIGNATURE};

/* Gives this thread a namespace in the object. */
static Value add_namespace(Thread *t, LocalObject *local, Value dummy) {
    Value dict = TRY(dict_new(t)), key = key_of(dummy);
    Value partial = TRY(import_module(t, "functools"));
    Value died = TRY(native_function_new(t, &died_def, NO_VALUE, NO_VALUE));
    Value arguments[] = {died, local->namespaces, key};
    Value callback = TRY(call_tuple(t, TRY(get_attribute_text(t, partial, "partial")), TRY(tuple_from_values(t, arguments, 3)), NO_VALUE));
    Value entry = TRY(tuple_pack(t, 2, dict, TRY(weakref_new(t, dummy, callback))));
    CHECK(dict_set(t, local->namespaces, key, entry));
    return dict;
}

/* This thread's namespace. Made on first use, with a call of __init__. */
static Value local_namespace(Thread *t, Value self) {
    LocalObject *local = as_local(self);
    Value dummy = TRY(thread_dummy(t)), key = key_of(dummy);
    Value entry = dict_get(t, local->namespaces, key);
    CHECK(!error_pending(t));
    if (present(entry))
        return tuple_get(entry, 0);
    Value dict = TRY(add_namespace(t, local, dummy));
    Value init = type_lookup(type_of(self), names.__init__);
    if (same(init, type_lookup(&object_type, names.__init__)))
        return dict;
    Value bound = bind_descriptor(t, init, self, type_of(self));
    if (absent(bound) || absent(call_tuple(t, bound, local->args, local->kwargs))) {
        Value error = error_take(t);
        dict_delete(t, local->namespaces, key);
        error_restore(t, error);
        return NO_VALUE;
    }
    return dict;
}

static Value local_new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    bool plain = same(type_lookup(type, names.__init__), type_lookup(&object_type, names.__init__));
    if (plain && (tuple_length(args[1]) || dict_length(args[2])))
        return raise_type_error(t, "Initialization arguments are not supported");
    LocalObject *self = type_allocate(t, type);
    if (!self)
        return NO_VALUE;
    self->args = args[1]; /* NOBARRIER: new */
    self->kwargs = args[2];
    store(self, &self->namespaces, TRY(dict_new(t)));
    /* type.__call__ runs __init__ for the creating thread: its namespace exists from now on. */
    CHECK(present(add_namespace(t, self, TRY(thread_dummy(t)))));
    return from_object(self);
}

static Value local_getattribute(Thread *t, Value *args) {
    Value self = args[0], name = args[1];
    Value dict = TRY(local_namespace(t, self));
    name = TRY(attribute_name(t, name));
    if (same(name, names.__dict__))
        return dict;
    Value descriptor = type_lookup(type_of(self), name);
    if (present(descriptor) && type_slot(type_of(descriptor), SLOT___set__))
        return bind_descriptor(t, descriptor, self, type_of(self));
    Value value = dict_get_name(t, dict, name);
    if (present(value) || error_pending(t))
        return value;
    if (present(descriptor))
        return bind_descriptor(t, descriptor, self, type_of(self));
    return raise_attribute_error(t, self, name, "'%T' object has no attribute '%S'", self, name);
}

static Value set_local(Thread *t, Value self, Value name, Value value) {
    Value dict = TRY(local_namespace(t, self));
    name = TRY(attribute_name(t, name));
    if (same(name, names.__dict__))
        return raise_attribute_error(t, self, name, "'%T' object attribute '__dict__' is read-only", self);
    Value descriptor = type_lookup(type_of(self), name);
    if (present(descriptor) && type_slot(type_of(descriptor), SLOT___set__)) {
        CHECK(generic_set_attribute(t, self, name, value));
        return NONE;
    }
    if (present(value)) {
        CHECK(dict_set(t, dict, name, value));
        return NONE;
    }
    int deleted = dict_delete(t, dict, name);
    CHECK(deleted >= 0);
    return deleted ? NONE : raise_attribute_error(t, self, name, "'%T' object has no attribute '%S'", self, name);
}

static Value local_setattr(Thread *t, Value *args) { return set_local(t, args[0], args[1], args[2]); }
static Value local_delattr(Thread *t, Value *args) { return set_local(t, args[0], args[1], NO_VALUE); }

static const NativeDef local_methods[] = {
    {"__new__(type, /, *args, **kwargs)", local_new, NULL},
    {"__getattribute__(self, name, /)", local_getattribute, "Return getattr(self, name)."},
    {"__setattr__(self, name, value, /)", local_setattr, "Implement setattr(self, name, value)."},
    {"__delattr__(self, name, /)", local_delattr, "Implement delattr(self, name)."},
    {0},
};

STATIC_TYPE(thread_local_type) = {
    STATIC_TYPE_HEAD(local_trace, NULL),
    .name_text = "_thread._local",
    .signature = "()",
    .doc = "Thread-local data",
    .methods = local_methods,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(LocalObject),
};
