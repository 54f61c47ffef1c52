/* _queue: SimpleQueue, an unbounded queue between threads.
 *
 * Threads: the items are in a deque. `puts` counts what was ever put, under the deque's lock, and is what getters sleep on: they
 * read it before they find the queue empty, so that no put goes unnoticed. A getter says that it waits before the kernel looks at
 * `puts`, a putter looks for those that wait after it has counted and let go of the lock (all sequentially consistent): one of
 * them sees the other.
 */
#include "base/lock.h"
#include "modules/_collections/deque.h"
#include "modules/_thread/thread_module.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct SimpleQueue {
    Object object;
    Value items;
    uint32_t puts;
    uint32_t waiting; /* getters that sleep or are about to */
} SimpleQueue;

extern Type simple_queue_type;

static SimpleQueue *as_queue(Value v) { return (SimpleQueue *)v.bits; }
static void trace_queue(Tracer *tracer, Object *o) { trace_value(tracer, ((SimpleQueue *)o)->items); }

static Value new_method(Thread *t, Value *args) {
    Value items = TRY(deque_make(t));
    SimpleQueue *q = type_allocate(t, as_type(args[0]));
    if (!q)
        return NO_VALUE;
    q->items = items;
    return from_object(q);
}

static Value put(Thread *t, Value *args) {
    SimpleQueue *q = as_queue(args[0]);
    CHECK(deque_push(t, q->items, args[1], &q->puts));
    if (unlikely(load_seq_cst(&q->waiting)))
        futex_wake(&q->puts, 1);
    return NONE;
}

static Value raise_empty(Thread *t) { return raise_with_args(t, as_type(t->isolate->slots[ISOLATE_QUEUE_EMPTY]), 0, NULL); }

/* -1: no deadline */
static bool read_timeout(Thread *t, Value v, int64_t *deadline) {
    double seconds;
    *deadline = -1;
    if (is_none(v))
        return true;
    if (!is_float(v) && !is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "'%T' object cannot be interpreted as an integer or float", v);
        return false;
    }
    if (!to_double(t, v, &seconds))
        return false;
    if (isnan(seconds))
        raise_value_error(t, "Invalid value NaN (not a number)");
    else if (seconds < 0)
        raise_value_error(t, "'timeout' must be a non-negative number");
    else if (seconds > 9.2e9)
        raise_overflow_error(t, "timestamp out of range for C PyTime_t");
    if (error_pending(t))
        return false;
    *deadline = lock_time() + (int64_t)(seconds * 1e9);
    return true;
}

static Value get(Thread *t, Value *args) {
    SimpleQueue *q = as_queue(args[0]);
    int64_t deadline = -1;
    int block = truth(t, args[1]);
    CHECK(block >= 0 && (!block || read_timeout(t, args[2], &deadline)));
    for (ThreadWait wait = {.deadline = deadline, .caller = get};;) {
        uint32_t seen = load_acquire(&q->puts);
        Value item = deque_take(q->items);
        if (present(item))
            return item;
        if (!block)
            return raise_empty(t);
        CHECK(thread_wait_step(t, &wait));
        if (wait.left <= 0)
            return raise_empty(t);
        fetch_add(&q->waiting, 1u);
        thread_wait_begin(t, &wait);
        futex_wait(&q->puts, seen, wait.left);
        blocking_end(t);
        fetch_sub(&q->waiting, 1u);
    }
}

static Value get_nowait(Thread *t, Value *args) {
    Value item = deque_take(as_queue(args[0])->items);
    return present(item) ? item : raise_empty(t);
}

static Value empty(Thread *t, Value *args) { return from_bool(deque_length(as_queue(args[0])->items) == 0); }
static Value qsize(Thread *t, Value *args) { return small_int((int64_t)deque_length(as_queue(args[0])->items)); }

static const NativeDef methods[] = {
    {"__new__(type)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"empty(self, /)", empty, "Return True if the queue is empty, False otherwise (not reliable!)."},
    {"get(self, /, block=True, timeout=None)", get,
     "Remove and return an item from the queue.\n\n"
     "If optional args 'block' is true and 'timeout' is None (the\n"
     "default), block if necessary until an item is available.  If\n"
     "'timeout' is a non-negative number, it blocks at most 'timeout'\n"
     "seconds and raises the Empty exception if no item was available\n"
     "within that time.\n"
     "Otherwise ('block' is false), return an item if one is immediately\n"
     "available, else raise the Empty exception ('timeout' is ignored\nin that case)."},
    {"get_nowait(self, /)", get_nowait,
     "Remove and return an item from the queue without blocking.\n\n"
     "Only get an item if one is immediately available. Otherwise\nraise the Empty exception."},
    {"put(self, /, item, block=True, timeout=None)", put,
     "Put the item on the queue.\n\n"
     "The optional 'block' and 'timeout' arguments are ignored, as this\n"
     "method never blocks.  They are provided for compatibility with the\nQueue class."},
    {"put_nowait(self, /, item)", put,
     "Put an item into the queue without blocking.\n\n"
     "This is exactly equivalent to `put(item)` and is only provided\nfor compatibility with the Queue class."},
    {"qsize(self, /)", qsize, "Return the approximate size of the queue (not reliable!)."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

MODULE_TYPE(simple_queue_type, _queue) = {
    STATIC_TYPE_HEAD(trace_queue, NULL),
    .name_text = "_queue.SimpleQueue",
    .doc = "Simple, unbounded, reentrant FIFO queue.",
    .methods = methods,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(SimpleQueue),
};

/* One class for all of an isolate's instances of the module, like SimpleQueue: what its get raises is found in each. */
static Value empty_class(Thread *t) {
    Value *class = &t->isolate->slots[ISOLATE_QUEUE_EMPTY];
    if (present(*class))
        return *class;
    Value namespace = dict_new(t), bases = tuple_pack(t, 1, from_object(&Exception_type));
    Value name = str_intern_text(t, "_queue"), doc = str_from_text(t, "Exception raised by Queue.get(block=0)/get_nowait().");
    if (absent(namespace) || absent(bases) || absent(name) || absent(doc) ||
        !dict_set(t, namespace, names.__module__, name) || !dict_set(t, namespace, names.__doc__, doc))
        return NO_VALUE;
    return isolate_keep(t, ISOLATE_QUEUE_EMPTY, type_new_class(t, &type_type, str_intern_text(t, "Empty"), bases, namespace, NO_VALUE));
}

static bool init(Thread *t, Value module) {
    Value class = empty_class(t);
    return present(class) && module_add(t, module, "Empty", class) && module_add_type(t, module, &simple_queue_type);
}

extern const ModuleDef _collections_module;

NATIVE_MODULE(_queue) = {
    .name = "_queue",
    .doc = "C implementation of the Python queue module.\n"
           "This module is an implementation detail, please do not use it directly.",
    .init = init,
    .types_from = &_collections_module,
};
