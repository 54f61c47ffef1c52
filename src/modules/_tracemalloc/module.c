/* _tracemalloc: where living memory was allocated; see traces.h.
 *
 * What the program dropped counts as alive until a collection finds it dead: each question for what is in use begins with one. The
 * peak, which is taken when memory is allocated, has garbage in it.
 * Threads: those of traces.h.
 */
#include "modules/_tracemalloc/traces.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <stdlib.h>
#include <string.h>

static bool is_on(Thread *t) { return t->isolate->allocation_traces != NULL; }

static Value is_tracing(Thread *t, Value *args) { return from_bool(is_on(t)); }

static Value start(Thread *t, Value *args) {
    int64_t limit;
    CHECK(index_as_ssize(t, args[0], &limit, false, NULL));
    if (limit < 1 || limit > MOST_FRAMES)
        return raise_value_error(t, "the number of frames must be in range [1; %d]", MOST_FRAMES);
    if (!is_on(t) && !traces_replace(t, (uint32_t)limit))
        return raise_no_memory(t);
    return NONE;
}

static Value stop(Thread *t, Value *args) {
    if (is_on(t))
        (void)traces_replace(t, 0);
    return NONE;
}

static Value clear_traces(Thread *t, Value *args) {
    AllocationTraces *a = traces_hold(t);
    bool ok = !a || traces_replace(t, a->limit);
    traces_release(a);
    return ok ? NONE : raise_no_memory(t);
}

static Value get_traceback_limit(Thread *t, Value *args) {
    return small_int(is_on(t) ? t->isolate->allocation_traces->limit : 1);
}

static Value get_tracemalloc_memory(Thread *t, Value *args) {
    AllocationTraces *a = traces_hold(t);
    if (!a)
        return small_int(0);
    mutex_lock(&a->mutex);
    size_t memory = sizeof *a + a->memory;
    mutex_unlock(&a->mutex);
    traces_release(a);
    return int_from_unsigned(t, memory);
}

/* What only leftovers on the C stack refer to is dead. */
static void find_dead(Thread *t, Value (*asked_by)(Thread *t, Value *args)) {
    heap_collect_below(t, GENERATION_FULL, vm_calls_directly(t, asked_by) ? STACK_UNSCANNED : STACK_SCANNED);
}

static Value get_traced_memory(Thread *t, Value *args) {
    if (!is_on(t))
        return tuple_pack(t, 2, small_int(0), small_int(0));
    find_dead(t, get_traced_memory);
    AllocationTraces *a = traces_hold(t);
    size_t bytes = 0, peak = 0;
    if (a) {
        mutex_lock(&a->mutex);
        bytes = a->bytes;
        peak = a->peak;
        mutex_unlock(&a->mutex);
        traces_release(a);
    }
    return tuple_pack(t, 2, TRY(int_from_unsigned(t, bytes)), TRY(int_from_unsigned(t, peak)));
}

static Value reset_peak(Thread *t, Value *args) {
    if (!is_on(t))
        return NONE;
    find_dead(t, reset_peak);
    AllocationTraces *a = traces_hold(t);
    if (a) {
        mutex_lock(&a->mutex);
        a->peak = a->bytes;
        mutex_unlock(&a->mutex);
        traces_release(a);
    }
    return NONE;
}

/* ((filename, line), ...), the innermost frame first. */
static Value traceback_tuple(Thread *t, const TracebackRecord *record) {
    if (record->count == 0) /* made by no Python code */
        return tuple_pack(t, 1, TRY(tuple_pack(t, 2, TRY(str_intern_text(t, "<unknown>")), small_int(0))));
    Value result = TRY(tuple_new(t, record->count));
    for (uint32_t i = 0; i < record->count; i++) {
        CodeObject *code = record->places[i].code;
        int32_t line = code_position(code, record->places[i].instruction).line;
        Value place = TRY(tuple_pack(t, 2, code->filename, small_int(line > 0 ? line : code->first_line)));
        store(as_object(result), &as_tuple(result)->items[i], place);
    }
    return result;
}

typedef struct Snapshot {
    TracedCell *cells;
    size_t cell_count;
    TracebackRecord **tracebacks;
    size_t traceback_count;
} Snapshot;

/* false: no memory. */
static bool take_snapshot(AllocationTraces *a, Snapshot *s) {
    mutex_lock(&a->mutex);
    *s = (Snapshot){.cells = malloc(a->cell_count * sizeof *s->cells + 1),
                    .tracebacks = malloc(a->traceback_count * sizeof *s->tracebacks + 1)};
    bool ok = s->cells && s->tracebacks;
    for (size_t i = 0; ok && i < a->cell_capacity; i++)
        if (a->cells[i].cell > TRACED_GONE)
            s->cells[s->cell_count++] = a->cells[i];
    if (ok)
        memcpy(s->tracebacks, a->tracebacks, a->traceback_count * sizeof *s->tracebacks);
    s->traceback_count = ok ? a->traceback_count : 0;
    mutex_unlock(&a->mutex);
    return ok;
}

/* (domain, size, traceback, depth of the stack) of each cell; equal tracebacks are one object. */
static Value list_traces(Thread *t, const Snapshot *s) {
    Value result = TRY(list_new(t, s->cell_count)), tuples = TRY(tuple_new(t, s->traceback_count));
    for (size_t i = 0; i < s->cell_count; i++) {
        uint32_t index = s->cells[i].traceback;
        if (absent(tuple_get(tuples, index)))
            store(as_object(tuples), &as_tuple(tuples)->items[index], TRY(traceback_tuple(t, s->tracebacks[index])));
        Value size = TRY(int_from_unsigned(t, s->cells[i].size)), depth = small_int(s->tracebacks[index]->depth);
        CHECK(list_append(t, result, TRY(tuple_pack(t, 4, small_int(0), size, tuple_get(tuples, index), depth))));
    }
    return result;
}

static Value get_traces(Thread *t, Value *args) {
    if (!is_on(t))
        return list_new(t, 0);
    find_dead(t, get_traces);
    AllocationTraces *a = traces_hold(t);
    if (!a)
        return list_new(t, 0);
    Snapshot s;
    heap_pause_tracing(t, true); /* the answer is no part of itself */
    Value result = take_snapshot(a, &s) ? list_traces(t, &s) : raise_no_memory(t);
    heap_pause_tracing(t, false);
    free(s.cells);
    free(s.tracebacks);
    traces_release(a);
    return result;
}

static Value get_object_traceback(Thread *t, Value *args) {
    TracedCell found;
    AllocationTraces *a = is_object(args[0]) ? traces_hold(t) : NULL;
    Value result = NONE;
    if (a && traces_find(a, as_object(args[0]), &found)) {
        mutex_lock(&a->mutex);
        TracebackRecord *record = a->tracebacks[found.traceback];
        mutex_unlock(&a->mutex);
        result = traceback_tuple(t, record);
    }
    traces_release(a);
    return result;
}

static const NativeDef functions[] = {
    {"start(nframe=1, /)", start, "Begin to write down where memory is allocated, with up to nframe frames each."},
    {"stop()", stop, "Stop doing so, and forget what was written down."},
    {"is_tracing()", is_tracing, "Was start() called, and stop() not since?"},
    {"clear_traces()", clear_traces, "Forget what was written down so far."},
    {"get_traceback_limit()", get_traceback_limit, "What start() was given, or 1."},
    {"get_tracemalloc_memory()", get_tracemalloc_memory, "Bytes that tracing itself needs."},
    {"get_traced_memory()", get_traced_memory,
     "(bytes in use that were allocated since start(), the largest number of them so far). Collects garbage first."},
    {"reset_peak()", reset_peak, "The peak is what is in use now."},
    {"_get_traces()", get_traces, "A list of (domain, size, traceback, depth of the stack), one per living piece of memory."},
    {"_get_object_traceback(obj, /)", get_object_traceback, "Where the object was made, a tuple of (file, line), or None."},
    {NULL},
};

NATIVE_MODULE(_tracemalloc) = {
    .name = "_tracemalloc",
    .doc = "Where living memory was allocated.",
    .functions = functions,
};
