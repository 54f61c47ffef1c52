/* reversed: backwards over a sequence that has no __reversed__ of its own.
 *
 * Threads: an iterator shared by threads may give an item twice or leave one out, nothing worse.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/iterator.h"
#include "types/tuple.h"

typedef struct Reversed {
    Object object;
    Value sequence; /* absent: exhausted */
    int64_t index;
} Reversed;

static void trace_reversed(Tracer *tracer, Object *o) { trace_value(tracer, ((Reversed *)o)->sequence); }

static Value new_method(Thread *t, Value *args) {
    Value method = type_lookup_special(t, args[1], names.__reversed__);
    CHECK(present(method) || !error_pending(t));
    if (present(method) && !is_none(method))
        return call_0(t, method);
    if (present(method) || !is_indexed(args[1]))
        return raise_type_error(t, "'%T' object is not reversible", args[1]);
    int64_t length = length_of(t, args[1]);
    CHECK(length >= 0);
    Reversed *r = type_allocate(t, as_type(args[0]));
    if (!r)
        return NO_VALUE;
    r->sequence = args[1];
    store_relaxed(&r->index, length - 1);
    return from_object(r);
}

static Value next(Thread *t, Value self) {
    Reversed *r = (Reversed *)as_object(self);
    Value sequence = load(&r->sequence);
    int64_t i = load_relaxed(&r->index);
    if (absent(sequence))
        return NO_VALUE;
    if (i >= 0) {
        Value item = get_item(t, sequence, small_int(i));
        if (present(item)) {
            store_relaxed(&r->index, i - 1);
            return item;
        }
        if (!error_catch(t, &IndexError_type) && !error_catch(t, &StopIteration_type))
            return NO_VALUE;
    }
    store_relaxed(&r->index, (int64_t)-1);
    store_release(&r->sequence.bits, 0);
    return NO_VALUE;
}

static Value length_hint_method(Thread *t, Value *args) {
    Reversed *r = (Reversed *)as_object(args[0]);
    Value sequence = load(&r->sequence);
    if (absent(sequence))
        return small_int(0);
    int64_t length = length_of(t, sequence);
    return length < 0 ? NO_VALUE : small_int(length < load_relaxed(&r->index) + 1 ? 0 : load_relaxed(&r->index) + 1);
}

static Value reduce(Thread *t, Value *args) {
    Reversed *r = (Reversed *)as_object(args[0]);
    Value type = from_object(r->object.type), sequence = load(&r->sequence);
    if (absent(sequence))
        return tuple_pack(t, 2, type, TRY(tuple_pack(t, 1, empty_tuple)));
    return tuple_pack(t, 3, type, TRY(tuple_pack(t, 1, sequence)), small_int(load_relaxed(&r->index)));
}

static Value setstate(Thread *t, Value *args) {
    Reversed *r = (Reversed *)as_object(args[0]);
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    Value sequence = load(&r->sequence);
    if (present(sequence)) {
        int64_t length = length_of(t, sequence);
        CHECK(length >= 0);
        store_relaxed(&r->index, index < -1 ? -1 : index > length - 1 ? length - 1 : index);
    }
    return NONE;
}

static const NativeDef methods[] = {
    {"__new__(type, sequence, /)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", length_hint_method, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {"__setstate__(self, object, /)", setstate, "Set state information for unpickling."},
    {NULL},
};

STATIC_TYPE(reversed_type) = {
    STATIC_TYPE_HEAD(trace_reversed, NULL),
    .name_text = "reversed",
    .doc = "Return a reverse iterator over the values of the given sequence.",
    .methods = methods,
    .next = next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Reversed),
};
