/* gc: control of the collector.
 *
 * There are two generations; CPython's three numbers map to them: 0 and 1 are the young one. Thresholds are kept for
 * programs that set them, collections happen by size. Callbacks are called for the collections that programs ask for.
 */
#include "compile/code.h"
#include "modules/gc.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <stdlib.h>

enum { DEBUG_STATS = 1, DEBUG_COLLECTABLE = 2, DEBUG_UNCOLLECTABLE = 4, DEBUG_SAVEALL = 32 };

/* Settings that the heap has no use for: a list [debug flags, threshold 0, 1, 2] in the isolate's slot. */
static Value settings(Thread *t) {
    Value *slot = &t->isolate->slots[ISOLATE_GC];
    if (absent(*slot)) {
        Value initial[] = {small_int(0), small_int(2000), small_int(10), small_int(0), NONE};
        isolate_keep(t, ISOLATE_GC, TRY(list_from_values(t, initial, 5)));
    }
    return *slot;
}

static bool has_callbacks(Thread *t) {
    Value list = t->isolate->slots[ISOLATE_GC], callbacks = present(list) ? list_get(list, 4) : NONE;
    return is_list(callbacks) && list_length(callbacks) > 0;
}

static void call_callbacks(Thread *t, Generation generation, bool start, size_t found) {
    if (!has_callbacks(t))
        return;
    Value callbacks = list_get(t->isolate->slots[ISOLATE_GC], 4);
    Value pending = error_take(t), info = dict_new(t), phase = str_from_text(t, start ? "start" : "stop");
    if (present(info) && present(phase) && dict_set_text(t, info, "generation", small_int(generation == GENERATION_FULL ? 2 : 0)) &&
        dict_set_text(t, info, "collected", small_int((int64_t)found)) &&
        dict_set_text(t, info, "uncollectable", small_int(0))) {
        Value copy = list_from_iterable(t, callbacks);
        for (size_t i = 0; present(copy) && i < list_length(copy); i++)
            if (absent(call_2(t, list_get(copy, i), phase, info)))
                error_write_unraisable(t, "Exception ignored while calling GC callback", list_get(copy, i));
    }
    error_clear(t);
    error_restore(t, pending);
}

static bool take_generation(Thread *t, Value v, int64_t *out) {
    if (!index_as_ssize(t, v, out, false, NULL))
        return false;
    if (*out >= 0 && *out <= 2)
        return true;
    raise_value_error(t, "invalid generation");
    return false;
}

/* Leftovers of old calls on the C stack shall keep nothing alive when a program asks for a collection. A callback, too, may
 * call this, with the list of callbacks on the stack: then all of it is scanned. */
static Value gc_collect(Thread *t, Value *args) {
    int64_t generation;
    CHECK(take_generation(t, args[0], &generation));
    bool direct = vm_calls_directly(t, gc_collect) && !has_callbacks(t);
    call_callbacks(t, generation == 2 ? GENERATION_FULL : GENERATION_YOUNG, true, 0);
    size_t found = generation == 2 ? heap_collect_and_finalize(t, direct ? STACK_UNSCANNED : STACK_SCANNED)
                                   : heap_collect(t, GENERATION_YOUNG);
    CHECK(!error_pending(t));
    call_callbacks(t, generation == 2 ? GENERATION_FULL : GENERATION_YOUNG, false, found);
    return int_from_unsigned(t, found);
}

static Value gc_enable(Thread *t, Value *args) {
    heap_set_enabled(t->isolate->heap, true);
    return NONE;
}
static Value gc_disable(Thread *t, Value *args) {
    heap_set_enabled(t->isolate->heap, false);
    return NONE;
}
static Value gc_isenabled(Thread *t, Value *args) { return from_bool(heap_enabled(t->isolate->heap)); }

static Value gc_set_debug(Thread *t, Value *args) {
    int64_t flags;
    CHECK(index_as_ssize(t, args[0], &flags, false, NULL));
    list_set(t, TRY(settings(t)), 0, small_int(flags));
    return NONE;
}
static Value gc_get_debug(Thread *t, Value *args) { return list_get(TRY(settings(t)), 0); }

static Value gc_set_threshold(Thread *t, Value *args) {
    Value list = TRY(settings(t));
    size_t n = tuple_length(args[0]);
    if (n < 1 || n > 3)
        return raise_type_error(t, "gc.set_threshold requires 1 to 3 arguments");
    for (size_t i = 0; i < n; i++)
        list_set(t, list, i + 1, TRY(index_of(t, tuple_get(args[0], i))));
    return NONE;
}
static Value gc_get_threshold(Thread *t, Value *args) {
    Value list = TRY(settings(t));
    return tuple_pack(t, 3, list_get(list, 1), list_get(list, 2), list_get(list, 3));
}

static Value gc_get_count(Thread *t, Value *args) {
    HeapStats stats;
    heap_stats(t->isolate->heap, &stats);
    return tuple_pack(t, 3, small_int((int64_t)(t->heap.allocated / 64)), small_int((int64_t)(stats.collections[0] % 10)),
                      small_int((int64_t)stats.collections[1]));
}

static Value gc_get_stats(Thread *t, Value *args) {
    HeapStats stats;
    heap_stats(t->isolate->heap, &stats);
    Value list = TRY(list_new(t, 3));
    for (int i = 0; i < 3; i++) {
        Value row = TRY(dict_new(t));
        int source = i == 2 ? 1 : 0;
        bool counted = i != 1; /* there is no middle generation */
        CHECK(dict_set_text(t, row, "collections", int_from_unsigned(t, counted ? stats.collections[source] : 0)));
        CHECK(dict_set_text(t, row, "collected", int_from_unsigned(t, counted ? stats.freed_objects[source] : 0)));
        CHECK(dict_set_text(t, row, "uncollectable", small_int(0)));
        CHECK(list_append(t, list, row));
    }
    return list;
}

/* Objects are gathered while the world is stopped, into a tuple that was made before and keeps them alive. */
typedef struct Gathered {
    Value tuple;
    size_t count, capacity; /* count goes on where the tuple ends */
    Value targets;          /* get_referrers: a tuple */
    bool refers;
} Gathered;

static void gather(Gathered *g, Object *o) {
    if (same(from_object(o), g->tuple))
        return;
    if (g->count < g->capacity)
        as_tuple(g->tuple)->items[g->count] = from_object(o); /* NOBARRIER: store_many follows */
    g->count++;
}

static bool is_untracked(Object *o) {
    return load_relaxed(&o->meta) & META_IMMORTAL || type_head(o)->cell_flags & CELL_UNTRACKED || (type_head(o)->trace == NULL && !(o->type->flags & TYPE_HEAP));
}

static void gather_object(void *context, Object *o) {
    if (!is_untracked(o))
        gather(context, o);
}

static void note_referent(void *context, Object *referent) {
    Gathered *g = context;
    for (size_t i = 0; i < tuple_length(g->targets); i++)
        g->refers |= same(tuple_get(g->targets, i), from_object(referent));
}

/* An instance refers to its class, where that was made at run time. */
static void each_referent(Object *o, void (*visit)(void *context, Object *referent), void *context) {
    heap_each_referent(o, visit, context);
    Type *type = class_of(o);
    if (type->flags & TYPE_HEAP)
        visit(context, (Object *)type);
}

static void gather_referrer(void *context, Object *o) {
    Gathered *g = context;
    g->refers = false;
    if (same(from_object(o), g->targets))
        return;
    each_referent(o, note_referent, g);
    if (g->refers)
        gather(g, o);
}

/* The first `count` items as a list. Nobody sees packed code. */
static Value listed(Thread *t, Value tuple, size_t count) {
    for (size_t i = 0; i < count; i++)
        CHECK(!is_exactly(tuple_get(tuple, i), &code_type) || code_unpack(t, as_code(tuple_get(tuple, i))));
    return list_from_values(t, as_tuple(tuple)->items, count);
}

/* What garbage refers to would come to life again: a collection comes first. */
static Value gathered_list(Thread *t, void (*visit)(void *context, Object *o), Value targets) {
    Gathered g = {.capacity = 1 << 13, .targets = targets};
    for (;;) {
        g.tuple = TRY(tuple_new(t, g.capacity));
        g.count = 0;
        heap_each_living(t, visit, &g);
        store_many(as_tuple(g.tuple));
        if (g.count <= g.capacity)
            return listed(t, g.tuple, g.count);
        g.capacity = g.count + g.count / 8;
    }
}

static void gather_any(void *context, Object *o) { gather(context, o); }

Value gc_every_object(Thread *t) { return gathered_list(t, gather_any, NO_VALUE); }

static Value gc_get_objects(Thread *t, Value *args) {
    CHECK(audit(t, "gc.get_objects", 1, is_none(args[0]) ? small_int(-1) : args[0]));
    if (!is_none(args[0])) {
        int64_t generation;
        CHECK(index_as_ssize(t, args[0], &generation, false, NULL));
        if (generation < 0)
            return raise_value_error(t, "generation parameter cannot be negative");
        if (generation > 2)
            return raise_value_error(t, "generation parameter must be less than the number of available generations (3)");
    }
    return gathered_list(t, gather_object, NO_VALUE);
}

static Value gc_get_referrers(Thread *t, Value *args) {
    CHECK(audit(t, "gc.get_referrers", 1, args[0]));
    return gathered_list(t, gather_referrer, args[0]);
}

static void add_referent(void *context, Object *o) { gather(context, o); }

static Value gc_get_referents(Thread *t, Value *args) {
    CHECK(audit(t, "gc.get_referents", 1, args[0]));
    Gathered g = {.tuple = empty_tuple};
    for (;;) {
        stop_world(t); /* trace functions expect it */
        for (size_t i = 0; i < tuple_length(args[0]); i++)
            if (is_object(tuple_get(args[0], i)))
                each_referent(as_object(tuple_get(args[0], i)), add_referent, &g);
        start_world(t);
        store_many(as_tuple(g.tuple));
        if (g.count <= g.capacity)
            return listed(t, g.tuple, g.count);
        g.capacity = g.count;
        g.count = 0;
        g.tuple = TRY(tuple_new(t, g.capacity));
    }
}

static Value gc_is_tracked(Thread *t, Value *args) {
    return from_bool(is_object(args[0]) && !is_untracked(as_object(args[0])));
}

static Value gc_is_finalized(Thread *t, Value *args) {
    return from_bool(is_object(args[0]) && load_relaxed(&as_object(args[0])->meta) & META_FINALIZED);
}

static Value gc_freeze(Thread *t, Value *args) {
    heap_freeze(t);
    return NONE;
}
static Value gc_unfreeze(Thread *t, Value *args) {
    heap_unfreeze(t);
    return NONE;
}
static Value gc_get_freeze_count(Thread *t, Value *args) { return int_from_unsigned(t, heap_frozen_count(t)); }

static bool gc_init(Thread *t, Value module) {
    Value callbacks = list_new(t, 0), list = settings(t);
    if (absent(callbacks) || absent(list) || !list_set(t, list, 4, callbacks))
        return false;
    return module_add(t, module, "callbacks", callbacks) && module_add(t, module, "garbage", list_new(t, 0)) &&
           module_add_int(t, module, "DEBUG_STATS", DEBUG_STATS) &&
           module_add_int(t, module, "DEBUG_COLLECTABLE", DEBUG_COLLECTABLE) &&
           module_add_int(t, module, "DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE) &&
           module_add_int(t, module, "DEBUG_SAVEALL", DEBUG_SAVEALL) &&
           module_add_int(t, module, "DEBUG_LEAK", DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL);
}

static const NativeDef gc_functions[] = {
    {"enable()", gc_enable, "Enable automatic garbage collection.", 0},
    {"disable()", gc_disable, "Disable automatic garbage collection.", 0},
    {"isenabled()", gc_isenabled, "Returns true if automatic garbage collection is enabled.", 0},
    {"collect(generation=2)", gc_collect, "Run the garbage collector; returns the number of unreachable objects.", 0},
    {"get_count()", gc_get_count, "Return a tuple of three counts, which say little here.", 0},
    {"get_stats()", gc_get_stats, "Return a list of dictionaries, one per generation.", 0},
    {"set_debug(flags, /)", gc_set_debug, "Set the debugging flags.", 0},
    {"get_debug()", gc_get_debug, "Get the debugging flags.", 0},
    {"set_threshold(*thresholds)", gc_set_threshold, "Set the collection thresholds, which only get_threshold() looks at.",
     NATIVE_NO_SIGNATURE},
    {"get_threshold()", gc_get_threshold, "Return the collection thresholds.", 0},
    {"get_objects(generation=None)", gc_get_objects, "Return a list of objects tracked by the collector.", 0},
    {"get_referrers(*objs)", gc_get_referrers, "Return the list of objects that directly refer to any of 'objs'.", 0},
    {"get_referents(*objs)", gc_get_referents, "Return the list of objects that are directly referred to by 'objs'.", 0},
    {"is_tracked(obj, /)", gc_is_tracked, "Returns true if the object is tracked by the garbage collector.", 0},
    {"is_finalized(obj, /)", gc_is_finalized, "Returns true if the object has been already finalized by the GC.", 0},
    {"freeze()", gc_freeze, "Freeze all current tracked objects and ignore them for future collections.", 0},
    {"unfreeze()", gc_unfreeze, "Unfreeze all objects in the permanent generation.", 0},
    {"get_freeze_count()", gc_get_freeze_count, "Return the number of objects in the permanent generation.", 0},
    {},
};
NATIVE_MODULE(gc) = {
    .name = "gc",
    .doc = "This module provides access to the garbage collector for reference cycles.",
    .functions = gc_functions,
    .init = gc_init,
};
