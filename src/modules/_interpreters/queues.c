/* _interpqueues: queues of the process, which isolates send objects through; the library's concurrent.interpreters.Queue.
 *
 * A queue exists while it has references or, new, never had one. An object waits in it as a Parcel.
 *
 * Threads: all queues are guarded by shared_lock.
 */
#include "modules/_interpreters/items.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

typedef struct Queue {
    int64_t id;
    int64_t references, maxsize;
    int unbound, fallback; /* defaults for put */
    ItemList items;
    struct Queue *next;
} Queue;

static struct {
    Queue *first; /* latest first */
    int64_t last_id;
} queues;

/* What the isolate's slot holds. */
enum { QUEUE_ERROR, QUEUE_NOT_FOUND_ERROR, QUEUE_CLASS, QUEUE_EMPTY, QUEUE_FULL, CLASS_COUNT };

static Value class_in_slot(Thread *t, int which) {
    Value list = t->isolate->slots[ISOLATE_INTERPQUEUES];
    return absent(list) ? NO_VALUE : list_get(list, (size_t)which);
}

/* One that the library's module registers: imported if it was not. */
static Value registered_class(Thread *t, int which) {
    Value class = class_in_slot(t, which);
    if (present(class) && !is_none(class))
        return class;
    TRY(import_module(t, "concurrent.interpreters._queues"));
    class = class_in_slot(t, which);
    if (absent(class) || is_none(class))
        return raise_error(t, &RuntimeError_type, "concurrent.interpreters registered no queue type");
    return class;
}

static Queue **find(int64_t id) {
    Queue **link = &queues.first;
    while (*link && (*link)->id != id)
        link = &(*link)->next;
    return link;
}

static Value not_found(Thread *t, int64_t id) {
    return raise_about(t, class_in_slot(t, QUEUE_NOT_FOUND_ERROR), "queue", id, "not found");
}

/* The queue that the argument names, locked; NULL: an exception is pending, and nothing is locked. */
static Queue *open_queue(Thread *t, Value id_object, int64_t *id) {
    if (!read_shared_id(t, id_object, "queue", id))
        return NULL;
    shared_lock();
    Queue *q = *find(*id);
    if (q)
        return q;
    shared_unlock();
    not_found(t, *id);
    return NULL;
}

static void free_queue(Queue *q) {
    items_free(&q->items);
    free(q);
}

static Value create(Thread *t, Value *args) {
    int64_t maxsize;
    int unbound, fallback;
    CHECK(index_as_ssize(t, args[0], &maxsize, false, NULL) && read_unbound(t, args[1], UNBOUND_REPLACE, &unbound) &&
          read_fallback(t, args[2], CROSS_ANYTHING, &fallback));
    Queue *q = calloc(1, sizeof *q);
    if (!q)
        return raise_no_memory(t);
    *q = (Queue){.maxsize = maxsize, .unbound = unbound, .fallback = fallback};
    shared_lock();
    int64_t id = q->id = ++queues.last_id;
    q->next = queues.first;
    queues.first = q;
    shared_unlock();
    return int_from(t, id);
}

static Value destroy(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    *find(id) = q->next;
    shared_unlock();
    free_queue(q);
    return NONE;
}

static Value list_all(Thread *t, Value *args) {
    heap_collect_and_finalize(t, STACK_SCANNED); /* those that nobody refers to any more are gone, as with reference counts */
    Value result = TRY(list_new(t, 0));
    size_t count = 0;
    shared_lock();
    for (Queue *q = queues.first; q; q = q->next)
        count++;
    int64_t(*rows)[3] = calloc(count + 1, sizeof *rows);
    count = 0;
    for (Queue *q = queues.first; q && rows; q = q->next, count++)
        memcpy(rows[count], (int64_t[3]){q->id, q->unbound, q->fallback}, sizeof *rows);
    shared_unlock();
    if (!rows)
        return raise_no_memory(t);
    for (size_t i = 0; i < count && present(result); i++) {
        Value row = tuple_pack(t, 3, int_from(t, rows[i][0]), small_int(rows[i][1]), small_int(rows[i][2]));
        if (absent(row) || !list_append(t, result, row))
            result = NO_VALUE;
    }
    free(rows);
    return result;
}

static Value put(Thread *t, Value *args) {
    int64_t id;
    int unbound, fallback;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    int default_unbound = q->unbound, default_fallback = q->fallback;
    shared_unlock();
    CHECK(read_unbound(t, args[2], default_unbound, &unbound) && read_fallback(t, args[3], default_fallback, &fallback));
    Parcel *parcel = parcel_pack(t, args[1], (Crossing)fallback);
    Item *item = parcel ? calloc(1, sizeof *item) : NULL;
    if (!item) {
        parcel_free(parcel);
        return parcel ? raise_no_memory(t) : NO_VALUE;
    }
    *item = (Item){.sender = t->isolate->id, .parcel = parcel, .unbound = unbound};
    shared_lock();
    q = *find(id); /* packing ran Python code */
    bool full = q && q->maxsize > 0 && (int64_t)q->items.count >= q->maxsize;
    if (q && !full)
        items_append(&q->items, item);
    shared_unlock();
    if (q && !full)
        return NONE;
    parcel_free(parcel);
    free(item);
    return q ? raise_about(t, TRY(registered_class(t, QUEUE_FULL)), "queue", id, "is full") : not_found(t, id);
}

static Value get(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    Item *item = items_take(&q->items);
    shared_unlock();
    return item ? item_received(t, item) : raise_about(t, TRY(registered_class(t, QUEUE_EMPTY)), "queue", id, "is empty");
}

static Value bind(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    q->references++;
    shared_unlock();
    return NONE;
}

/* Drops a reference; false: it had none. The lock is held; *dead: to be freed without it. */
static bool drop(Queue *q, Queue **dead) {
    *dead = NULL;
    if (q->references == 0)
        return false;
    if (--q->references == 0) {
        *find(q->id) = q->next;
        *dead = q;
    }
    return true;
}

static Value release(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id), *dead;
    CHECK(q != NULL);
    bool dropped = drop(q, &dead);
    shared_unlock();
    if (dead)
        free_queue(dead);
    return dropped ? NONE : raise_about(t, class_in_slot(t, QUEUE_ERROR), "queue", id, "never bound");
}

static Value get_maxsize(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    int64_t maxsize = q->maxsize;
    shared_unlock();
    return int_from(t, maxsize);
}

static Value get_queue_defaults(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    int unbound = q->unbound, fallback = q->fallback;
    shared_unlock();
    return tuple_pack(t, 2, small_int(unbound), small_int(fallback));
}

static Value is_full(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    bool full = q->maxsize > 0 && (int64_t)q->items.count >= q->maxsize;
    shared_unlock();
    return from_bool(full);
}

static Value get_count(Thread *t, Value *args) {
    int64_t id;
    Queue *q = open_queue(t, args[0], &id);
    CHECK(q != NULL);
    size_t count = q->items.count;
    shared_unlock();
    return small_int((int64_t)count);
}

static void forget_sender(int64_t isolate) {
    ItemList dead = {0};
    shared_lock();
    for (Queue *q = queues.first; q; q = q->next)
        items_forget_sender(&q->items, isolate, &dead);
    shared_unlock();
    items_free(&dead);
}

static Value register_heap_types(Thread *t, Value *args) {
    static const char *const parameters[] = {"queuetype", "emptyerror", "fullerror"};
    for (int i = 0; i < 3; i++)
        if (!is_type(args[i]))
            return raise_type_error(t, "expected a type for '%s'", parameters[i]);
    Value list = t->isolate->slots[ISOLATE_INTERPQUEUES];
    for (int i = 0; i < 3; i++)
        list_set(t, list, (size_t)(QUEUE_CLASS + i), args[i]);
    return NONE;
}

/* Queue objects cross as the queue's id, with a reference of their own. */

static bool queue_matches(Thread *t, Value v) {
    Value class = class_in_slot(t, QUEUE_CLASS);
    return present(class) && !is_none(class) && same(class, from_object(type_of(v)));
}

static bool queue_pack(Thread *t, Value v, int64_t words[2]) {
    Value id = get_attribute_text(t, v, "_id");
    Queue *q = absent(id) ? NULL : open_queue(t, id, &words[0]);
    if (!q)
        return false;
    q->references++;
    shared_unlock();
    return true;
}

static Value queue_unpack(Thread *t, const int64_t words[2]) {
    return call_1(t, TRY(registered_class(t, QUEUE_CLASS)), TRY(int_from(t, words[0])));
}

static void queue_drop(const int64_t words[2]) {
    Queue *dead = NULL;
    shared_lock();
    Queue *q = *find(words[0]);
    if (q)
        drop(q, &dead);
    shared_unlock();
    if (dead)
        free_queue(dead);
}

const ForeignKind queue_kind = {queue_matches, queue_pack, queue_unpack, queue_drop};

static const NativeDef functions[] = {
    {"create(maxsize, unboundop=-1, fallback=-1)", create,
     "create(maxsize, unboundop, fallback) -> qid\n\nMake a queue and return its ID. It lives until the last reference taken with "
     "bind() is\nreleased, or destroy().", NATIVE_NO_SIGNATURE},
    {"destroy(qid)", destroy, "destroy(qid)\n\nEmpty the queue and end it: from now on it is not found.", NATIVE_NO_SIGNATURE},
    {"list_all()", list_all, "list_all() -> [(qid, unboundop, fallback)]\n\nReturn the IDs of all queues, with the defaults of put()."},
    {"put(qid, obj, unboundop=-1, fallback=-1)", put, "put(qid, obj)\n\nAdd the object's data to the queue.", NATIVE_NO_SIGNATURE},
    {"get(qid)", get,
     "get(qid) -> (obj, unboundop)\n\nReturn a new object made from the front item. If its sender has ended, the object is None and\n"
     "unboundop is not. QueueEmpty when there is no item.", NATIVE_NO_SIGNATURE},
    {"bind(qid)", bind, "bind(qid)\n\nTake a reference to the queue.", NATIVE_NO_SIGNATURE},
    {"release(qid)", release, "release(qid)\n\nRelease a reference to the queue; the last one ends it.", NATIVE_NO_SIGNATURE},
    {"get_maxsize(qid)", get_maxsize, "get_maxsize(qid)\n\nReturn the maximum number of items in the queue.", NATIVE_NO_SIGNATURE},
    {"get_queue_defaults(qid)", get_queue_defaults, "get_queue_defaults(qid)\n\nReturn the queue's defaults: (unboundop, fallback).",
     NATIVE_NO_SIGNATURE},
    {"is_full(qid)", is_full, "is_full(qid)\n\nReturn true if the queue has a maxsize and has reached it.", NATIVE_NO_SIGNATURE},
    {"get_count(qid)", get_count, "get_count(qid)\n\nReturn the number of items in the queue.", NATIVE_NO_SIGNATURE},
    {"_register_heap_types(queuetype, emptyerror, fullerror)", register_heap_types, NULL, NATIVE_NO_SIGNATURE},
    {0},
};

static bool init(Thread *t, Value module) {
    Value list = list_new(t, CLASS_COUNT);
    for (int i = 0; present(list) && i < CLASS_COUNT; i++)
        if (!list_append(t, list, NONE))
            return false;
    Value error = absent(list) ? list : new_exception_class(t, module, "concurrent.interpreters", "QueueError", from_object(&RuntimeError_type));
    Value missing = absent(error) ? error : new_exception_class(t, module, "concurrent.interpreters", "QueueNotFoundError", error);
    if (absent(missing))
        return false;
    list_set(t, list, QUEUE_ERROR, error);
    list_set(t, list, QUEUE_NOT_FOUND_ERROR, missing);
    isolate_keep(t, ISOLATE_INTERPQUEUES, list);
    store_relaxed(&isolate_hooks.forget_queues, forget_sender);
    return true;
}

extern const ModuleDef _interpreters_module;

NATIVE_MODULE(_interpqueues) = {
    .types_from = &_interpreters_module,
    .name = "_interpqueues",
    .doc = "This module provides primitive operations to manage Python interpreters.\nThe 'interpreters' module provides a more "
           "convenient interface.",
    .functions = functions,
    .init = init,
};
