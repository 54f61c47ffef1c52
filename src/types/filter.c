/* filter: the items for which a function (or, for None, the item itself) is true.
 *
 * Threads: immutable; what happens to a shared iterator below is its affair.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/iterator.h"
#include "types/list_iterator.h"
#include "types/tuple.h"

typedef struct Filter {
    Object object;
    Value function, iterator;
} Filter;

static void trace_filter(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Filter *)o)->function);
    trace_value(tracer, ((Filter *)o)->iterator);
}

static Value new_method(Thread *t, Value *args) {
    Value iterator = TRY(get_iterator(t, args[2]));
    Filter *f = type_allocate(t, as_type(args[0]));
    if (!f)
        return NO_VALUE;
    f->function = args[1];
    f->iterator = iterator;
    return from_object(f);
}

static Value next(Thread *t, Value self) {
    Filter *f = (Filter *)as_object(self);
    bool plain = is_none(f->function) || same(f->function, from_object(&bool_type));
    for (Value item; present(item = iterator_next_at_once(t, f->iterator));) {
        int good = truth(t, plain ? item : TRY(call_1(t, f->function, item)));
        if (good)
            return good < 0 ? NO_VALUE : item;
    }
    return NO_VALUE;
}

static Value reduce(Thread *t, Value *args) {
    Filter *f = (Filter *)as_object(args[0]);
    return tuple_pack(t, 2, from_object(f->object.type), TRY(tuple_pack(t, 2, f->function, f->iterator)));
}

static const NativeDef methods[] = {
    {"__new__(type, function, iterable, /)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {NULL},
};

STATIC_TYPE(filter_type) = {
    STATIC_TYPE_HEAD(trace_filter, NULL),
    .name_text = "filter",
    .doc = "Return an iterator yielding those items of iterable for which\n"
           "function(item) is true.  If function is None, return the items that\nare true.",
    .methods = methods,
    .next = next,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Filter),
};
