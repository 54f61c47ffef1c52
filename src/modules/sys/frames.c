/* sys: frames, tracing, generators' hooks.
 *
 * Threads: frames of other threads are only looked at while the world is stopped.
 */
#include "modules/sys/sys.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

static Frame *frame_at(Thread *t, Value depth) {
    int64_t n;
    if (!index_as_ssize(t, depth, &n, false, NULL))
        return NULL;
    Frame *f = vm_frame_at(t, n < 0 ? 0 : (size_t)n);
    if (!f)
        raise_value_error(t, "call stack is not deep enough");
    return f;
}

static Value sys_getframe(Thread *t, Value *args) {
    Frame *f = frame_at(t, args[0]);
    Value frame = f ? frame_object(t, f) : NO_VALUE;
    return present(frame) && audit(t, "sys._getframe", 1, frame) ? frame : NO_VALUE;
}

static Value sys_getframemodulename(Thread *t, Value *args) {
    int64_t n;
    CHECK(index_as_ssize(t, args[0], &n, false, NULL) && audit(t, "sys._getframemodulename", 1, args[0]));
    Frame *f = vm_frame_at(t, n < 0 ? 0 : (size_t)n);
    if (!f)
        return NONE;
    Value module = f->function->module;
    return absent(module) ? NONE : module;
}

/* What is asked of another thread, which may have ended meanwhile. World stopped. */
typedef struct Asked {
    Thread *asker;
    uint64_t id;
    Value handled;
} Asked;
static Thread *asked_thread(const Asked *asked) {
    Thread *other = heap_newest_thread(asked->asker);
    while (other && other->id != asked->id)
        other = heap_thread(other)->next;
    return other;
}
static Frame *innermost_frame(void *context) {
    Thread *other = asked_thread(context);
    return other ? vm_frame_at(other, 0) : NULL;
}

static Value innermost_frame_of(Thread *t, uint64_t id) {
    Frame *own = id == t->id ? vm_frame_at(t, 0) : NULL;
    return own ? frame_object(t, own) : frame_object_elsewhere(t, innermost_frame, &(Asked){t, id, NO_VALUE});
}

static Value handled_exception_of(Thread *t, uint64_t id) {
    Asked asked = {t, id, NO_VALUE};
    heap_stop_and_publish(t);
    Thread *other = asked_thread(&asked);
    asked.handled = other ? other->handled : NO_VALUE;
    start_world(t);
    return absent(asked.handled) ? NONE : asked.handled;
}

/* One entry for each thread of the isolate: its identifier, its innermost frame or exception. */
static Value each_thread(Thread *t, bool exceptions) {
    Value dict = TRY(dict_new(t));
    enum { MOST = 4096 };
    uint64_t ids[MOST];
    size_t count = thread_ids(t, ids, MOST);
    for (size_t i = 0; i < count; i++) {
        Value value = TRY(exceptions ? handled_exception_of(t, ids[i]) : innermost_frame_of(t, ids[i]));
        if (exceptions || !is_none(value))
            CHECK(dict_set(t, dict, TRY(int_from_unsigned(t, ids[i])), value));
    }
    return dict;
}

static Value sys_current_frames(Thread *t, Value *args) {
    return audit(t, "sys._current_frames", 0) ? each_thread(t, false) : NO_VALUE;
}
static Value sys_current_exceptions(Thread *t, Value *args) {
    return audit(t, "sys._current_exceptions", 0) ? each_thread(t, true) : NO_VALUE;
}

static Value sys_settrace(Thread *t, Value *args) {
    CHECK(audit(t, "sys.settrace", 0) && vm_set_trace(t, args[0]));
    return NONE;
}

static Value sys_setprofile(Thread *t, Value *args) {
    CHECK(audit(t, "sys.setprofile", 0) && vm_set_profile(t, args[0]));
    return NONE;
}

static Value sys_settrace_all(Thread *t, Value *args) {
    CHECK(vm_set_trace_all(t, args[0]));
    return NONE;
}

static Value sys_setprofile_all(Thread *t, Value *args) {
    CHECK(vm_set_profile_all(t, args[0]));
    return NONE;
}

static Value sys_gettrace(Thread *t, Value *args) { return absent(t->trace_function) ? NONE : t->trace_function; }
static Value sys_getprofile(Thread *t, Value *args) { return absent(t->profile_function) ? NONE : t->profile_function; }

static Value sys_call_tracing(Thread *t, Value *args) {
    if (!is_tuple(args[1]))
        return raise_type_error(t, "call_tracing() argument 2 must be tuple, not %Y", args[1]);
    int depth = t->tracing;
    t->tracing = 0;
    Value result = call_tuple(t, args[0], args[1], NO_VALUE);
    t->tracing = depth;
    return result;
}

static bool check_hook(Thread *t, Value hook, const char *name) {
    if (absent(hook) || is_none(hook) || is_callable(hook))
        return true;
    raise_type_error(t, "callable %s expected, got %T", name, hook);
    return false;
}

static Value sys_set_asyncgen_hooks(Thread *t, Value *args) {
    CHECK(check_hook(t, args[1], "finalizer") && check_hook(t, args[0], "firstiter"));
    CHECK(absent(args[1]) || audit(t, "sys.set_asyncgen_hooks_finalizer", 0));
    CHECK(absent(args[0]) || audit(t, "sys.set_asyncgen_hooks_firstiter", 0));
    if (present(args[0]))
        t->asyncgen_firstiter = is_none(args[0]) ? NO_VALUE : args[0];
    if (present(args[1]))
        t->asyncgen_finalizer = is_none(args[1]) ? NO_VALUE : args[1];
    return NONE;
}

static const StructSequenceField asyncgen_fields[] = {{"firstiter", NULL}, {"finalizer", NULL}, {0}};

static Value sys_get_asyncgen_hooks(Thread *t, Value *args) {
    Value *type = &t->isolate->slots[ISOLATE_ASYNCGEN_HOOKS];
    if (absent(*type))
        isolate_keep(t, ISOLATE_ASYNCGEN_HOOKS, TRY(struct_sequence_type(t, "asyncgen_hooks", NULL, asyncgen_fields, 2)));
    Value items[2] = {absent(t->asyncgen_firstiter) ? NONE : t->asyncgen_firstiter,
                      absent(t->asyncgen_finalizer) ? NONE : t->asyncgen_finalizer};
    return struct_sequence_new(t, as_type(*type), items);
}

static Value sys_set_origin_depth(Thread *t, Value *args) {
    int64_t depth;
    CHECK(index_as_ssize(t, args[0], &depth, false, NULL));
    if (depth < 0)
        return raise_value_error(t, "depth must be >= 0");
    t->coroutine_origin_depth = small_int(depth);
    return NONE;
}

static Value sys_get_origin_depth(Thread *t, Value *args) {
    return absent(t->coroutine_origin_depth) ? small_int(0) : t->coroutine_origin_depth;
}

const NativeDef sys_frame_functions[] = {
    {"_getframe(depth=0, /)", sys_getframe,
     "Return a frame object from the call stack.\n\nIf optional integer depth is given, return the frame object that many\ncalls "
     "below the top of the stack.  If that is deeper than the call\nstack, ValueError is raised.  The default for depth is zero, "
     "returning\nthe frame at the top of the call stack.\n\nThis function should be used for internal and specialized "
     "purposes\nonly."},
    {"_getframemodulename(depth=0)", sys_getframemodulename,
     "Return the name of the module for a calling frame.\n\nThe default depth returns the module containing the call to this "
     "API.\nA more typical use in a library will pass a depth of 1 to get the user's\nmodule rather than the library module.\n\nIf "
     "no frame, module, or name can be found, returns None."},
    {"_current_frames()", sys_current_frames, "Return a dict mapping each thread's thread id to its current stack frame."},
    {"_current_exceptions()", sys_current_exceptions, "Return a dict mapping each thread's identifier to its current raised "
                                                      "exception."},
    {"settrace(function, /)", sys_settrace,
     "Set the global debug tracing function.\n\nIt will be called on each function call.  See the debugger chapter\nin the library "
     "manual."},
    {"gettrace()", sys_gettrace, "Return the global debug tracing function set with sys.settrace.\n\nSee the debugger chapter in "
                                 "the library manual."},
    {"_settraceallthreads(function, /)", sys_settrace_all,
     "Set the global debug tracing function in all running threads belonging to the current interpreter.\n\nIt will be called on "
     "each function call. See the debugger chapter\nin the library manual."},
    {"_setprofileallthreads(function, /)", sys_setprofile_all,
     "Set the profiling function in all running threads belonging to the current interpreter.\n\nIt will be called on each "
     "function call and return.  See the profiler\nchapter in the library manual."},
    {"setprofile(function, /)", sys_setprofile,
     "Set the profiling function.\n\nIt will be called on each function call and return.  See the profiler\nchapter in the library "
     "manual."},
    {"getprofile()", sys_getprofile, "Return the profiling function set with sys.setprofile.\n\nSee the profiler chapter in the "
                                     "library manual."},
    {"call_tracing(func, args, /)", sys_call_tracing, "Call func(*args), while tracing is enabled."},
    {"set_asyncgen_hooks(firstiter=<unrepresentable>, finalizer=<unrepresentable>)", sys_set_asyncgen_hooks,
     "set_asyncgen_hooks([firstiter] [, finalizer])\n\nSet a finalizer for async generators objects.", NATIVE_NO_SIGNATURE},
    {"get_asyncgen_hooks()", sys_get_asyncgen_hooks,
     "Return the installed asynchronous generators hooks.\n\nThis returns a namedtuple of the form (firstiter, finalizer)."},
    {"set_coroutine_origin_tracking_depth(depth)", sys_set_origin_depth,
     "Enable or disable origin tracking for coroutine objects in this thread."},
    {"get_coroutine_origin_tracking_depth()", sys_get_origin_depth,
     "Check status of origin tracking for coroutine objects in this thread."},
    {0},
};
