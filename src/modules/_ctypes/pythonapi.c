/* The functions of CPython's C API that programs call through ctypes.pythonapi: exported by their names, found by dlsym.
 *
 * A `PyObject *` is the word of a Value; a failure is an exception pending in the calling thread and the result that the C API
 * documents for it. ctypes calls them outside a blocking region (FLAG_PYTHONAPI). What is not here is not found, and ctypes
 * says so.
 *
 * Threads: each works for the thread that calls it, in a blocking region only those of PyGILState; PyThreadState_SetAsyncExc leaves a
 * word that the other one takes.
 */
#include "modules/_ctypes/ctypes.h"

#include "modules/os_support.h"
#include "object/isolate.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/capsule.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "vm/eval.h"
#include "vm/frame.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>

#define API [[gnu::visibility("default"), gnu::used]]

/* ---- capsules ---- */

API Value PyCapsule_New(void *pointer, const char *name, CapsuleDestructor destructor) {
    Thread *t = thread_current();
    if (!pointer)
        return raise_value_error(t, "PyCapsule_New called with null pointer");
    return capsule_new(t, pointer, name, destructor);
}

static CapsuleObject *valid_capsule(Value v, const char *caller) {
    if (present(v) && is_capsule(v))
        return as_capsule(v);
    raise_value_error(thread_current(), "%s called with invalid PyCapsule object", caller);
    return NULL;
}

static bool same_name(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

API int PyCapsule_IsValid(Value v, const char *name) {
    return present(v) && is_capsule(v) && same_name(as_capsule(v)->name, name);
}

API void *PyCapsule_GetPointer(Value v, const char *name) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_GetPointer");
    if (!c)
        return NULL;
    if (same_name(c->name, name))
        return c->pointer;
    raise_value_error(thread_current(), "PyCapsule_GetPointer called with incorrect name");
    return NULL;
}

API const char *PyCapsule_GetName(Value v) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_GetName");
    return c ? c->name : NULL;
}

API void *PyCapsule_GetContext(Value v) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_GetContext");
    return c ? c->context : NULL;
}

API CapsuleDestructor PyCapsule_GetDestructor(Value v) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_GetDestructor");
    return c ? c->destructor : NULL;
}

API int PyCapsule_SetPointer(Value v, void *pointer) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_SetPointer");
    if (c && !pointer)
        raise_value_error(thread_current(), "PyCapsule_SetPointer called with null pointer");
    if (!c || !pointer)
        return -1;
    c->pointer = pointer;
    return 0;
}

API int PyCapsule_SetName(Value v, const char *name) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_SetName");
    if (!c)
        return -1;
    c->name = name;
    return 0;
}

API int PyCapsule_SetContext(Value v, void *context) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_SetContext");
    if (!c)
        return -1;
    c->context = context;
    return 0;
}

API int PyCapsule_SetDestructor(Value v, CapsuleDestructor destructor) {
    CapsuleObject *c = valid_capsule(v, "PyCapsule_SetDestructor");
    if (!c)
        return -1;
    c->destructor = destructor;
    return 0;
}

/* ---- numbers and bytes ---- */

API Value PyLong_FromLong(long i) { return int_from(thread_current(), i); }

API long PyLong_AsLong(Value v) {
    Thread *t = thread_current();
    Value index = index_of(t, v);
    int64_t i;
    if (absent(index))
        return -1;
    if (int_to_i64(index, &i))
        return (long)i;
    raise_overflow_error(t, "Python int too large to convert to C long");
    return -1;
}

API Value PyBytes_FromStringAndSize(const char *data, ssize_t size) {
    Thread *t = thread_current();
    if (size < 0)
        return raise_system_error(t, "Negative size passed to PyBytes_FromStringAndSize");
    return bytes_new(t, data, (size_t)size);
}

API Value PyBytes_FromString(const char *text) { return bytes_new(thread_current(), text, strlen(text)); }

API int PyOS_snprintf(char *to, size_t size, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int length = vsnprintf(to, size, format, list);
    va_end(list);
    return length;
}

/* ---- modules ---- */

/* The module of that name in sys.modules; a new, empty one where there is none. Threads that ask for it at once get the same. */
API Value PyImport_AddModuleRef(const char *name) {
    Thread *t = thread_current();
    Value key = TRY(str_from_text(t, name));
    Value found = dict_get(t, t->isolate->modules, key);
    if (present(found) && is_instance_of(found, &module_type))
        return found;
    CHECK(!error_pending(t));
    Value module = TRY(module_new(t, key));
    if (absent(found))
        return dict_setdefault(t, t->isolate->modules, key, module);
    CHECK(dict_set(t, t->isolate->modules, key, module));
    return module;
}

/* ---- frames ---- */

API Value PyEval_GetFrameLocals(void) { return vm_locals(thread_current()); }
API Value PyEval_GetFrameGlobals(void) { return vm_globals(thread_current()); }
API Value PyEval_GetFrameBuiltins(void) { return vm_builtins(thread_current()); }
API Value PyFrame_GetLocals(Value frame) { return frame_locals_mapping(thread_current(), as_frame(frame)); }

/* ---- isolates: a PyInterpreterState * is an Isolate * ---- */

typedef struct InterpreterConfig { /* PyInterpreterConfig */
    int use_main_obmalloc, allow_fork, allow_exec, allow_threads, allow_daemon_threads, check_multi_interp_extensions, gil;
} InterpreterConfig;

/* The calling thread stays where it is, so that there is no PyThreadState to give out: the last two arguments must be NULL. The
 * pointer is good until the isolate ends. */
API Isolate *_PyXI_NewInterpreter(const InterpreterConfig *config, long *whence, void *state, void *saved_state) {
    Thread *t = thread_current();
    if (state || saved_state) {
        raise_system_error(t, "_PyXI_NewInterpreter: thread states are not given out");
        return NULL;
    }
    IsolateFeatures features = {
        .use_main_obmalloc = config->use_main_obmalloc,
        .allow_fork = config->allow_fork,
        .allow_exec = config->allow_exec,
        .allow_threads = config->allow_threads,
        .allow_daemon_threads = config->allow_daemon_threads,
        .check_multi_interp_extensions = config->check_multi_interp_extensions,
        .gil = (uint8_t)config->gil,
    };
    Isolate *isolate = isolate_new(t, &features, whence ? (int)*whence : WHENCE_XI);
    if (isolate)
        isolate_release(isolate); /* the list of isolates holds it */
    return isolate;
}

API Isolate *PyInterpreterState_Get(void) { return thread_current()->isolate; }
API Isolate *PyInterpreterState_Main(void) { return isolate_main(); }
API int64_t PyInterpreterState_GetID(Isolate *isolate) { return isolate->id; }

/* ---- signals: the C handler of one, SIG_ERR where the system refuses ---- */

typedef void (*SignalHandler)(int);

API SignalHandler PyOS_getsig(int number) {
    struct sigaction old;
    return os_sigaction(capabilities(thread_current()), number, NULL, &old) == 0 ? old.sa_handler : SIG_ERR;
}

API SignalHandler PyOS_setsig(int number, SignalHandler handler) {
    struct sigaction old, action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    return os_sigaction(capabilities(thread_current()), number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* ---- threads ---- */

enum { GIL_LOCKED, GIL_UNLOCKED }; /* PyGILState_STATE: what PyGILState_Release goes back to */

static _Thread_local Thread *ensured; /* the record that PyGILState_Ensure made for a native thread which had none */

/* The upper end of the native thread's C stack. */
static void *native_stack_end(void) {
    pthread_attr_t attributes;
    void *start = __builtin_frame_address(0);
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &start, &size);
        pthread_attr_destroy(&attributes);
    }
    return (char *)start + size;
}

/* The calling native thread may use Python's objects from now on, whether it could before or not. */
API int PyGILState_Ensure(void) {
    Thread *t = thread_current();
    if (t) {
        bool blocking = load_relaxed(&heap_thread(t)->state) == THREAD_BLOCKING;
        if (blocking)
            blocking_end(t);
        return blocking ? GIL_UNLOCKED : GIL_LOCKED;
    }
    ensured = thread_new(isolate_main());
    if (!ensured)
        abort(); /* no memory, and nobody to tell */
    thread_attach_foreign(ensured, native_stack_end());
    return GIL_UNLOCKED;
}

API void PyGILState_Release(int before) {
    Thread *t = thread_current();
    if (before == GIL_LOCKED)
        return;
    if (t != ensured) {
        blocking_begin(t);
        return;
    }
    ensured = NULL;
    thread_free(t);
}

API int PyGILState_Check(void) {
    Thread *t = thread_current();
    return t && load_relaxed(&heap_thread(t)->state) != THREAD_BLOCKING;
}

typedef struct Sent {
    uint64_t id;
    Value exception; /* absent: take back what was sent */
    int threads;     /* that have the id */
} Sent;

/* World stopped, or the caller's own thread. */
static void leave_exception(Thread *to, void *context) {
    Sent *sent = context;
    if (to->id != sent->id)
        return;
    to->async_exception = sent->exception; /* NOBARRIER: threads are roots */
    if (present(sent->exception))
        thread_request(to, POLL_ASYNC);
    sent->threads++;
}

/* Raises the exception, an instance or a class, in the thread with that id at its next safepoint. Returns how many threads
 * have it: 0 or 1. */
API int PyThreadState_SetAsyncExc(unsigned long id, Value exception) {
    Thread *t = thread_current();
    Sent sent = {id, exception, 0};
    publish(exception);
    heap_each_other_thread(t, leave_exception, &sent);
    leave_exception(t, &sent);
    return sent.threads;
}
