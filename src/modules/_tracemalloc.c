/* _tracemalloc: what lives in the heap, by type.
 *
 * Objects do not remember where they were made, so a trace's one "frame" names the type of the object in place of a
 * file, `<class 'dict'>`, at line 0. A snapshot counts every object of the isolate that is alive, whether it was made
 * before start() or after it.
 * Threads: the state is a list of the isolate that start() publishes whole.
 */
#include "modules/gc.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { STATE_LIMIT, STATE_PEAK, STATE_ENTRIES, LARGEST_LIMIT = 65535 };

static Value state(Thread *t) { return load(&t->isolate->slots[ISOLATE_TRACEMALLOC]); }

static Value is_tracing(Thread *t, Value *args) { return from_bool(present(state(t))); }

static int64_t bytes_in_use(Thread *t) {
    HeapStats stats;
    heap_stats(t->isolate->heap, &stats);
    return (int64_t)(stats.live_bytes + stats.external_bytes);
}

static Value start(Thread *t, Value *args) {
    int64_t limit;
    CHECK(index_as_ssize(t, args[0], &limit, false, NULL));
    if (limit < 1 || limit > LARGEST_LIMIT)
        return raise_value_error(t, "the number of frames must be in range [1; %d]", LARGEST_LIMIT);
    if (present(state(t)))
        return NONE;
    Value list = TRY(list_new(t, STATE_ENTRIES));
    CHECK(list_append(t, list, small_int(limit)) && list_append(t, list, small_int(bytes_in_use(t))));
    store_release(&t->isolate->slots[ISOLATE_TRACEMALLOC].bits, list.bits); /* NOBARRIER: isolates are roots */
    return NONE;
}

static Value stop(Thread *t, Value *args) {
    store_release(&t->isolate->slots[ISOLATE_TRACEMALLOC].bits, 0); /* NOBARRIER: nothing is stored */
    return NONE;
}

/* The traces are taken from the heap when they are asked for: there is nothing to forget. */
static Value clear_traces(Thread *t, Value *args) { return NONE; }

static Value get_traceback_limit(Thread *t, Value *args) {
    return present(state(t)) ? list_get(state(t), STATE_LIMIT) : small_int(1);
}

static Value get_tracemalloc_memory(Thread *t, Value *args) { return small_int(0); }

/* The peak is the largest amount that was seen when somebody asked. */
static Value get_traced_memory(Thread *t, Value *args) {
    Value list = state(t);
    if (absent(list))
        return tuple_pack(t, 2, small_int(0), small_int(0));
    int64_t now = bytes_in_use(t), peak = small_int_value(list_get(list, STATE_PEAK));
    if (now > peak)
        CHECK(list_set(t, list, STATE_PEAK, small_int(now)));
    return tuple_pack(t, 2, small_int(now), small_int(now > peak ? now : peak));
}

static Value reset_peak(Thread *t, Value *args) {
    Value list = state(t);
    CHECK(absent(list) || list_set(t, list, STATE_PEAK, small_int(bytes_in_use(t))));
    return NONE;
}

static Value get_object_traceback(Thread *t, Value *args) { return NONE; }

/* Storage included, where the type knows it; Python code that a class may have for the purpose is not run. */
static int64_t size_of(Thread *t, Value o) {
    if (type_of(o)->flags & TYPE_HEAP)
        return (int64_t)heap_cell_size(as_object(o));
    Value method = type_lookup_special(t, o, str_intern_text(t, "__sizeof__"));
    Value size = present(method) ? call_0(t, method) : NO_VALUE;
    if (present(size) && is_small_int(size))
        return small_int_value(size);
    error_clear(t);
    return (int64_t)heap_cell_size(as_object(o));
}

/* ((repr of the type, 0),): one per type. */
static Value trace_of(Thread *t, Value traces, Value type) {
    Value known = dict_get(t, traces, type);
    if (present(known) || error_pending(t))
        return known;
    Value name = TRY(format_text(t, "<class '%S'>", TRY(type_qualified_name(t, as_type(type)))));
    Value trace = TRY(tuple_pack(t, 1, TRY(tuple_pack(t, 2, name, small_int(0)))));
    CHECK(dict_set(t, traces, type, trace));
    return trace;
}

/* A list of (domain, size, traceback, length of the traceback). */
static Value get_traces(Thread *t, Value *args) {
    Value result = TRY(list_new(t, 0));
    if (absent(state(t)))
        return result;
    Value objects = TRY(gc_every_object(t)), traces = TRY(dict_new(t));
    for (size_t i = 0; i < list_length(objects); i++) {
        Value o = list_get(objects, i), trace = TRY(trace_of(t, traces, from_object(type_of(o))));
        CHECK(list_append(t, result, TRY(tuple_pack(t, 4, small_int(0), small_int(size_of(t, o)), trace, small_int(1)))));
    }
    return result;
}

static const NativeDef functions[] = {
    {"start(nframe=1, /)", start, "Begin to answer. Traces have one entry, whatever nframe says: the type of the object."},
    {"stop()", stop, "Stop answering."},
    {"is_tracing()", is_tracing, "Was start() called, and stop() not since?"},
    {"clear_traces()", clear_traces, "Forget what was made so far; traces are of what is alive, so there is nothing to forget."},
    {"get_traceback_limit()", get_traceback_limit, "What start() was given, or 1."},
    {"get_tracemalloc_memory()", get_tracemalloc_memory, "Bytes that tracing itself needs."},
    {"get_traced_memory()", get_traced_memory,
     "(bytes in use in the isolate's heap, the largest number that this function has seen since start() or reset_peak())."},
    {"reset_peak()", reset_peak, "The peak is what is in use now."},
    {"_get_traces()", get_traces, "A list of (domain, size, traceback, length of traceback), one per live object."},
    {"_get_object_traceback(obj, /)", get_object_traceback, "None: objects do not remember where they were made."},
    {NULL},
};

NATIVE_MODULE(_tracemalloc) = {
    .name = "_tracemalloc",
    .doc = "Memory in use, by type of object.",
    .functions = functions,
};
