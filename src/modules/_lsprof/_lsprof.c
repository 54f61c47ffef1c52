/* _lsprof.Profiler: counts and times calls, by events of sys.monitoring that it gets as a native tool.
 *
 * An external timer is Python code: it is called with events off for its thread, before the log's mutex is taken.
 *
 * Threads: see _lsprof.h. The settings are words of their own, read with each event.
 */
#include "modules/_lsprof/_lsprof.h"

#include "modules/os_support.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/descriptors.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/monitoring.h"
#include "vm/tracing.h"

#include <stdlib.h>

enum { PROFILER_TOOL = 2 };

typedef struct Profiler {
    Object object;
    Value timer; /* absent: the clock */
    Value shown; /* list: keeps what the records show alive; clear() puts another one in its place first */
    double unit; /* seconds that one unit of the timer's integers is; 0: it gives seconds */
    Log *logs, *last_log;
    bool enabled, subcalls, builtins, in_timer, no_memory;
} Profiler;

extern Type profiler_type;
static Profiler *as_profiler(Value v) { return (Profiler *)v.bits; }

static void trace_profiler(Tracer *tracer, Object *o) {
    Profiler *p = (Profiler *)o;
    trace_value(tracer, p->timer);
    trace_value(tracer, p->shown);
}

static void release_profiler(Object *o) {
    for (Log *log = ((Profiler *)o)->logs, *next; log; log = next) {
        next = log->next;
        log_clear(log);
        free(log);
    }
}

/* ---- time ---- */

static int64_t clock_now(Thread *t) {
    struct timespec ts = {0};
    os_clock_gettime(capabilities(t), CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* What the timer gave, as units or as seconds to be made nanoseconds. false: an exception is pending. */
static bool read_timer(Thread *t, Profiler *p, Value v, int64_t *now) {
    if (p->unit > 0 || !is_float(v)) {
        Value i = index_of(t, v);
        if (absent(i) || !int_as_i64(t, i, now))
            return false;
        if (p->unit > 0 || !__builtin_mul_overflow(*now, INT64_C(1000000000), now))
            return true;
        raise_overflow_error(t, "timestamp too large to convert to C PyTime_t");
        return false;
    }
    double ns = floor(float_value(v) * 1e9);
    if (isnan(ns))
        raise_value_error(t, "Invalid value NaN (not a number)");
    else if (fabs(ns) >= 9.2e18)
        raise_overflow_error(t, "timestamp out of range for C PyTime_t");
    else
        *now = (int64_t)ns;
    return !error_pending(t);
}

static int64_t external_now(Thread *t, Profiler *p) {
    int64_t now = 0;
    t->tracing++;
    tracing_update(t);
    p->in_timer = true;
    Value v = call_0(t, p->timer);
    p->in_timer = false;
    if (absent(v) || !read_timer(t, p, v, &now))
        error_write_unraisable(t, NULL, p->timer);
    t->tracing--;
    tracing_update(t);
    return now;
}

static int64_t time_now(Thread *t, Profiler *p) { return present(p->timer) ? external_now(t, p) : clock_now(t); }

/* ---- what a record shows ---- */

/* A native function's self is not kept alive for the statistics. */
static Value describe_native(Thread *t, NativeFunctionObject *f) {
    Value name = TRY(native_name(t, f->def));
    if (present(f->self)) {
        Value attribute = type_lookup(type_of(f->self), name);
        Value text = present(attribute) ? repr(t, attribute) : NO_VALUE;
        if (present(text))
            return text;
        error_clear(t);
        if (present(f->module) && is_str(f->module))
            return format_text(t, "<built-in method %S.%S>", f->module, name);
        return format_text(t, "<built-in method %S>", name);
    }
    if (present(f->module) && is_str(f->module) && !str_equal_text(f->module, "builtins"))
        return format_text(t, "<%S.%S>", f->module, name);
    return format_text(t, "<%S>", name);
}

/* The row that a callable native function was made from, by which its calls are counted; NULL: not such a function. */
static const NativeDef *native_key(Value callee, Value first, Value missing) {
    if (!is_object(callee))
        return NULL;
    if (as_object(callee)->type == &native_function_type)
        return ((NativeFunctionObject *)as_object(callee))->def;
    if (as_object(callee)->type != &method_descriptor_type || absent(first) || same(first, missing))
        return NULL;
    MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(callee);
    return type_is_subtype(type_of(first), d->owner) ? d->def : NULL;
}

static Value shown_native(Thread *t, Value callee, Value first) {
    if (as_object(callee)->type == &method_descriptor_type)
        return repr(t, callee);
    return describe_native(t, (NativeFunctionObject *)as_object(callee));
}

/* ---- events ---- */

/* The calling thread's log, made on demand. NULL: no memory. */
static Log *log_of(Thread *t, Profiler *p, bool make) {
    Log *log = load_acquire(&p->last_log);
    if (log && log->thread_id == t->id)
        return log;
    for (log = load_acquire(&p->logs); log && log->thread_id != t->id;)
        log = log->next;
    if (!log && make && (log = calloc(1, sizeof *log))) {
        log->thread_id = t->id;
        log->next = load_acquire(&p->logs);
        while (!compare_exchange(&p->logs, &log->next, log))
            ;
    }
    if (log)
        store_release(&p->last_log, log);
    return log;
}

/* With the log's mutex held and the function's record known. */
static Call *begin(Profiler *p, Log *log, Record *record) {
    Record *pair = NULL;
    if (p->subcalls && log->depth) {
        Record *caller = log->calls[log->depth - 1].record;
        pair = log_find(log, record->key, caller);
        if (!pair && !(pair = log_add(log, record->key, caller)))
            return NULL;
        pair->shown = record->shown; /* NOBARRIER: p->shown holds it */
    }
    return log_push(log, record, pair);
}

/* The record of a function that was not called before, made with the log's mutex held; `kept` holds `shown`. NULL: clear() came
 * in between, or there is no memory. */
static Record *make_record(Profiler *p, Log *log, const void *key, Value shown, Value kept) {
    Record *record = log_find(log, key, NULL);
    if (record || !same(load(&p->shown), kept))
        return record;
    record = log_add(log, key, NULL);
    if (record)
        record->shown = shown; /* NOBARRIER: p->shown holds it */
    else
        p->no_memory = true;
    return record;
}

/* `shown`: absent on the first attempt, which fails when there is no record yet. */
static bool enter(Thread *t, Profiler *p, Log *log, const void *key, Value shown) {
    Value kept = load(&p->shown);
    if (present(shown) && !list_append(t, kept, shown))
        return false;
    mutex_lock(&log->mutex);
    Record *record = present(shown) ? make_record(p, log, key, shown, kept) : log_find(log, key, NULL);
    size_t depth = log->depth;
    if (record && !begin(p, log, record))
        p->no_memory = true;
    bool begun = log->depth > depth;
    mutex_unlock(&log->mutex);
    if (!begun)
        return record != NULL;
    int64_t now = time_now(t, p);
    mutex_lock(&log->mutex);
    if (log->depth > depth) /* clear() may have come in between */
        log->calls[depth].start = now;
    mutex_unlock(&log->mutex);
    return true;
}

static void leave(Thread *t, Profiler *p, const void *key) {
    Log *log = log_of(t, p, false);
    if (!log || !log->depth)
        return;
    int64_t now = time_now(t, p);
    mutex_lock(&log->mutex);
    if (log->depth && log_find(log, key, NULL))
        log_pop(log, now);
    else if (log->depth) /* the end of something whose start was not seen: nothing to count, as in CPython */
        log_drop(log);
    mutex_unlock(&log->mutex);
}

static bool enter_code(Thread *t, Profiler *p, Value code) {
    Log *log = log_of(t, p, true);
    if (!log)
        p->no_memory = true;
    else if (!enter(t, p, log, (void *)code.bits, NO_VALUE))
        enter(t, p, log, (void *)code.bits, code);
    return !error_pending(t);
}

static bool enter_native(Thread *t, Profiler *p, Value callee, Value first, Value missing) {
    const NativeDef *key = p->builtins ? native_key(callee, first, missing) : NULL;
    Log *log = key ? log_of(t, p, true) : NULL;
    if (!key || !log) {
        p->no_memory |= key != NULL;
        return true;
    }
    if (enter(t, p, log, key, NO_VALUE))
        return true;
    Value shown = shown_native(t, callee, first);
    if (absent(shown))
        return false;
    enter(t, p, log, key, shown);
    return !error_pending(t);
}

static void leave_native(Thread *t, Profiler *p, Value callee, Value first, Value missing) {
    const NativeDef *key = p->builtins ? native_key(callee, first, missing) : NULL;
    if (key)
        leave(t, p, key);
}

static bool hook(Thread *t, Value self, MonitoringEvent event, CodeObject *code, Value first, Value second) {
    Profiler *p = as_profiler(self);
    switch (event) {
    case EVENT_PY_START:
    case EVENT_PY_RESUME:
    case EVENT_PY_THROW: return enter_code(t, p, from_object(code));
    case EVENT_PY_RETURN:
    case EVENT_PY_YIELD:
    case EVENT_PY_UNWIND: leave(t, p, code); return true;
    case EVENT_CALL: return enter_native(t, p, first, second, monitoring_missing(t));
    case EVENT_C_RETURN:
    case EVENT_C_RAISE: leave_native(t, p, first, second, monitoring_missing(t)); return true;
    default: return true;
    }
}

/* ---- methods ---- */

static Value enter_callback(Thread *t, Value *args) { CHECK(enter_code(t, as_profiler(args[0]), args[1])); return NONE; }
static Value leave_callback(Thread *t, Value *args) { leave(t, as_profiler(args[0]), (void *)args[1].bits); return NONE; }
static Value enter_native_callback(Thread *t, Value *args) {
    CHECK(enter_native(t, as_profiler(args[0]), args[3], args[4], NO_VALUE));
    return NONE;
}
static Value leave_native_callback(Thread *t, Value *args) {
    leave_native(t, as_profiler(args[0]), args[3], args[4], NO_VALUE);
    return NONE;
}

static Value check_memory(Thread *t, Profiler *p) {
    if (!p->no_memory)
        return NONE;
    p->no_memory = false;
    return raise_error(t, &MemoryError_type, "memory was exhausted while profiling");
}

static bool set_flag(Thread *t, Value v, bool *flag) {
    int set = truth(t, v);
    if (set < 0)
        return false;
    *flag = set;
    return true;
}

static Value new_method(Thread *t, Value *args) {
    Value shown = TRY(list_new(t, 0));
    Profiler *p = type_allocate(t, as_type(args[0]));
    if (!p)
        return NO_VALUE;
    store(p, &p->shown, shown);
    p->subcalls = p->builtins = true;
    return from_object(p);
}

static Value init_method(Thread *t, Value *args) {
    Profiler *p = as_profiler(args[0]);
    double unit;
    bool subcalls, builtins;
    CHECK(to_double(t, args[2], &unit) && set_flag(t, args[3], &subcalls) && set_flag(t, args[4], &builtins));
    store(p, &p->timer, is_none(args[1]) ? NO_VALUE : args[1]);
    p->unit = unit;
    p->subcalls = subcalls;
    p->builtins = builtins;
    return NONE;
}

static Value enable(Thread *t, Value *args) {
    Profiler *p = as_profiler(args[0]);
    CHECK(set_flag(t, args[1], &p->subcalls) && set_flag(t, args[2], &p->builtins));
    if (!capability_check(capabilities(t), CAPABILITY_CLOCK))
        return os_error(t);
    uint32_t events = 1u << EVENT_PY_START | 1u << EVENT_PY_RESUME | 1u << EVENT_PY_THROW | 1u << EVENT_PY_RETURN | 1u << EVENT_PY_YIELD |
                      1u << EVENT_PY_UNWIND | 1u << EVENT_CALL;
    CHECK(monitoring_hook_start(t, PROFILER_TOOL, "cProfile", events, hook, args[0]));
    p->enabled = true;
    return NONE;
}

/* Calls under way end now. */
static void end_calls(Thread *t, Profiler *p) {
    for (Log *log = load_acquire(&p->logs); log; log = log->next)
        while (load_relaxed(&log->depth)) {
            int64_t now = time_now(t, p);
            mutex_lock(&log->mutex);
            if (log->depth)
                log_pop(log, now);
            mutex_unlock(&log->mutex);
        }
}

static Value disable(Thread *t, Value *args) {
    Profiler *p = as_profiler(args[0]);
    if (p->in_timer)
        return raise_error(t, &RuntimeError_type, "cannot disable profiler in external timer");
    if (p->enabled) {
        monitoring_hook_stop(t, PROFILER_TOOL);
        p->enabled = false;
        end_calls(t, p);
    }
    return check_memory(t, p);
}

static Value clear(Thread *t, Value *args) {
    Profiler *p = as_profiler(args[0]);
    if (p->in_timer)
        return raise_error(t, &RuntimeError_type, "cannot clear profiler in external timer");
    store(p, &p->shown, TRY(list_new(t, 0)));
    for (Log *log = load_acquire(&p->logs); log; log = log->next) {
        mutex_lock(&log->mutex);
        log_clear(log);
        mutex_unlock(&log->mutex);
    }
    return NONE;
}

/* ---- statistics ---- */

static Value from_units(Thread *t, Profiler *p, int64_t units) {
    double factor = present(p->timer) && p->unit > 0 ? p->unit : 1e-9;
    return float_from_double(t, factor * (double)units);
}

static Value statistic(Thread *t, Profiler *p, Record *record, Value callees) {
    bool pair = absent(callees);
    Value items[6] = {record->shown, int_from(t, record->calls), int_from(t, record->recursive_calls),
                      TRY(from_units(t, p, record->total)), TRY(from_units(t, p, record->within)), callees};
    return struct_sequence_new(t, as_type(tuple_get(t->isolate->slots[ISOLATE_LSPROF], pair)), items);
}

static Value callees_of(Thread *t, Profiler *p, Record *record) {
    if (!record->first_callee)
        return NONE;
    Value list = TRY(list_new(t, 0));
    for (Record *pair = record->first_callee; pair; pair = pair->next_callee)
        CHECK(list_append(t, list, TRY(statistic(t, p, pair, NO_VALUE))));
    return list;
}

static Value statistics(Thread *t, Profiler *p, Log *sum) {
    Value list = TRY(list_new(t, 0));
    for (size_t i = 0; i < sum->table_size; i++) {
        Record *record = sum->table[i];
        if (record && !record->caller && record->calls)
            CHECK(list_append(t, list, TRY(statistic(t, p, record, TRY(callees_of(t, p, record))))));
    }
    return list;
}

/* All logs added up, and what holds their values. false: no memory. */
static bool add_up(Profiler *p, Log *sum, Value *kept) {
    for (;;) {
        *kept = load(&p->shown);
        for (Log *log = load_acquire(&p->logs); log; log = log->next) {
            mutex_lock(&log->mutex);
            bool ok = log_merge(sum, log);
            mutex_unlock(&log->mutex);
            if (!ok)
                return false;
        }
        if (same(load(&p->shown), *kept))
            return true;
        log_clear(sum);
    }
}

static Value getstats(Thread *t, Value *args) {
    Profiler *p = as_profiler(args[0]);
    TRY(check_memory(t, p));
    Log sum = {0};
    Value kept;
    Value list = add_up(p, &sum, &kept) ? statistics(t, p, &sum) : raise_no_memory(t);
    log_clear(&sum);
    keep_alive(as_object(kept));
    return list;
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__init__(self, timer=None, timeunit=0.0, subcalls=True, builtins=True)", init_method,
     "Initialize self.  See help(type(self)) for accurate signature."},
    {"enable(self, /, subcalls=True, builtins=True)", enable,
     "Start collecting profiling information.\n\n"
     "  subcalls\n    If True, also records for each function\n"
     "    statistics separated according to its current caller.\n"
     "  builtins\n    If True, records the time spent in\n    built-in functions separately from their caller."},
    {"disable(self, /)", disable, "Stop collecting profiling information."},
    {"clear(self, /)", clear, "Clear all profiling information collected so far."},
    {"getstats(self, /)", getstats,
     "list of profiler_entry objects.\n\n"
     "getstats() -> list of profiler_entry objects\n\n"
     "Return all information collected by the profiler.\n"
     "Each profiler_entry is a tuple-like object with the\n"
     "following attributes:\n\n"
     "    code          code object\n"
     "    callcount     how many times this was called\n"
     "    reccallcount  how many times called recursively\n"
     "    totaltime     total time in this entry\n"
     "    inlinetime    inline time in this entry (not in subcalls)\n"
     "    calls         details of the calls\n\n"
     "The calls attribute is either None or a list of\n"
     "profiler_subentry objects:\n\n"
     "    code          called code object\n"
     "    callcount     how many times this is called\n"
     "    reccallcount  how many times this is called recursively\n"
     "    totaltime     total time spent in this call\n"
     "    inlinetime    inline time (not in further subcalls)"},
    {"_pystart_callback(self, code, instruction_offset, /)", enter_callback, NULL},
    {"_pythrow_callback(self, code, instruction_offset, exception, /)", enter_callback, NULL},
    {"_pyreturn_callback(self, code, instruction_offset, retval, /)", leave_callback, NULL},
    {"_ccall_callback(self, code, instruction_offset, callable, self_arg, /)", enter_native_callback, NULL},
    {"_creturn_callback(self, code, instruction_offset, callable, self_arg, /)", leave_native_callback, NULL},
    {NULL},
};

MODULE_TYPE(profiler_type, _lsprof) = {
    STATIC_TYPE_HEAD(trace_profiler, release_profiler),
    .name_text = "_lsprof.Profiler",
    .doc = "Build a profiler object using the specified timer function.\n\n"
           "The default timer is a fast built-in one based on real time.\n"
           "For custom timer functions returning integers, 'timeunit' can\n"
           "be a float specifying a scale (that is, how long each integer unit\n"
           "is, in seconds).",
    .signature = "(timer=None, timeunit=0.0, subcalls=True, builtins=True)",
    .methods = methods,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Profiler),
};

static const StructSequenceField entry_fields[] = {
    {"code", "code object or built-in function name"},
    {"callcount", "how many times this was called"},
    {"reccallcount", "how many times called recursively"},
    {"totaltime", "total time in this entry"},
    {"inlinetime", "inline time in this entry (not in subcalls)"},
    {"calls", "details of the calls"},
    {NULL, NULL},
};

static const StructSequenceField pair_fields[] = {
    {"code", "called code object or built-in function name"},
    {"callcount", "how many times this is called"},
    {"reccallcount", "how many times this is called recursively"},
    {"totaltime", "total time spent in this call"},
    {"inlinetime", "inline time (not in further subcalls)"},
    {NULL, NULL},
};

static bool init(Thread *t, Value module) {
    Value *types = &t->isolate->slots[ISOLATE_LSPROF];
    if (absent(*types)) {
        Value entry = struct_sequence_type(t, "_lsprof.profiler_entry", NULL, entry_fields, 6);
        Value pair = present(entry) ? struct_sequence_type(t, "_lsprof.profiler_subentry", NULL, pair_fields, 5) : NO_VALUE;
        isolate_keep(t, ISOLATE_LSPROF, present(pair) ? tuple_pack(t, 2, entry, pair) : NO_VALUE);
    }
    return present(*types) && module_add(t, module, "profiler_entry", tuple_get(*types, 0)) &&
           module_add(t, module, "profiler_subentry", tuple_get(*types, 1)) && module_add_type(t, module, &profiler_type);
}

NATIVE_MODULE(_lsprof) = {
    .name = "_lsprof",
    .doc = "Fast profiler",
    .init = init,
};
