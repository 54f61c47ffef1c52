/* _thread: starting threads, waiting for them, and what threading needs to know of them.
 *
 * A Progress record (outside the heap, counted by its handle and its thread) says how far a thread has come; `done` is a
 * futex word that joiners wait on. The isolate's list of its threads is guarded by its mutex; a fork at any moment finds it
 * whole, and each thread of which another was still running there or done. What is on the list belongs to a thread that this module
 * started, or to the handle of another one: that leaves the list when it is done or dies.
 */
#include "modules/_thread/thread_module.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/interrupts.h"
#include "object/isolate.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/frame.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

struct Progress {
    uint32_t references;
    uint32_t done;   /* 0 running or not started, 1 finished: futex */
    uint32_t stage;  /* STAGE_* */
    uint64_t id;     /* threading.get_ident() of the thread */
    bool waited_for; /* not a daemon */
    Isolate *listed_by; /* of a thread that was not started here, on whose list it is as long as its handle lives; else NULL */
    Progress *next;  /* in the isolate's list, until done */
};
enum { STAGE_NEW, STAGE_STARTING, STAGE_RUNNING };

static void drop(Progress *s) {
    if (fetch_sub(&s->references, 1u) == 1)
        free(s);
}

typedef struct HandleObject {
    Object object;
    Progress *state;
} HandleObject;

/* The list's mutex is held. */
static void unlist(struct ThreadList *threads, Progress *s) {
    for (Progress **p = &threads->first; *p; p = &(*p)->next)
        if (*p == s) {
            *p = s->next;
            break;
        }
}

static void handle_release(Object *o) {
    Progress *s = ((HandleObject *)o)->state;
    if (s && s->listed_by) {
        struct ThreadList *threads = &s->listed_by->threads;
        mutex_lock(&threads->mutex);
        unlist(threads, s);
        mutex_unlock(&threads->mutex);
    }
    if (s)
        drop(s);
}

static Progress *handle_state(Value v) { return ((HandleObject *)v.bits)->state; }

static Value handle_new(Thread *t, Type *type) {
    HandleObject *handle = heap_allocate_finalizable(t, type, sizeof *handle);
    if (!handle)
        return NO_VALUE;
    handle->state = calloc(1, sizeof *handle->state);
    if (!handle->state)
        return raise_no_memory(t);
    handle->state->references = 1;
    return from_object(handle);
}

static Value handle_new_method(Thread *t, Value *args) { return handle_new(t, as_type(args[0])); }

static void finish(Isolate *isolate, Progress *s) {
    mutex_lock(&isolate->threads.mutex);
    store_release(&s->done, 1u);
    unlist(&isolate->threads, s);
    mutex_unlock(&isolate->threads.mutex);
    futex_wake(&s->done, INT32_MAX);
}

/* 1 done, 0 time is up, -1 exception. */
static int wait_until_done(Thread *t, Progress *s, int64_t deadline, NativeFn caller) {
    for (ThreadWait wait = {.deadline = deadline, .caller = caller}; load_acquire(&s->done) == 0;) {
        if (!thread_wait_step(t, &wait))
            return -1;
        if (wait.left <= 0)
            return 0;
        thread_wait_begin(t, &wait);
        futex_wait(&s->done, 0, wait.left);
        blocking_end(t);
    }
    return safepoint(t) ? 1 : -1;
}

static Value handle_join(Thread *t, Value *args) {
    Progress *s = handle_state(args[0]);
    int64_t deadline = -1;
    if (!is_none(args[1])) {
        double seconds;
        CHECK(to_double(t, args[1], &seconds));
        if (seconds >= 0)
            deadline = lock_time() + (int64_t)(seconds < 9e9 ? seconds * 1e9 : 9e18);
    }
    if (load_relaxed(&s->stage) == STAGE_NEW)
        return raise_error(t, &RuntimeError_type, "thread not started");
    if (s->id == t->id && !load_acquire(&s->done))
        return raise_error(t, &RuntimeError_type, "Cannot join current thread");
    if (isolate_is_finalizing(t->isolate) && !load_acquire(&s->done))
        return raise_error(t, &PythonFinalizationError_type, "cannot join thread at interpreter shutdown");
    fetch_add(&s->references, 1u);
    int done = wait_until_done(t, s, deadline, handle_join);
    drop(s);
    thread_note_end_of_others();
    return done < 0 ? NO_VALUE : NONE;
}

static Value handle_is_done(Thread *t, Value *args) { return from_bool(load_acquire(&handle_state(args[0])->done)); }

static Value handle_set_done(Thread *t, Value *args) {
    Progress *s = handle_state(args[0]);
    if (load_relaxed(&s->stage) == STAGE_NEW)
        return raise_error(t, &RuntimeError_type, "thread not started");
    finish(t->isolate, s);
    return NONE;
}

static Value handle_ident(Thread *t, Value *args) { return int_from_unsigned(t, handle_state(args[0])->id); }

static Value handle_repr(Thread *t, Value *args) {
    char id[32];
    snprintf(id, sizeof id, "%zu", (size_t)handle_state(args[0])->id);
    return format_text(t, "<_thread._ThreadHandle object: ident=%s>", id);
}

static const NativeDef handle_methods[] = {
    {"__new__(type)", handle_new_method, NULL, NATIVE_NO_SIGNATURE},
    {"join(self, timeout=None, /)", handle_join, NULL, NATIVE_NO_SIGNATURE},
    {"is_done(self, /)", handle_is_done, NULL},
    {"_set_done(self, /)", handle_set_done, NULL},
    {"__repr__(self, /)", handle_repr, "Return repr(self)."},
    {0},
};
static const GetSetDef handle_getset[] = {{"ident", handle_ident, NULL, NULL}, {0}};

STATIC_TYPE(thread_handle_type) = {
    STATIC_TYPE_HEAD(NULL, handle_release),
    .name_text = "_thread._ThreadHandle",
    .methods = handle_methods,
    .getset = handle_getset,
    .instance_size = sizeof(HandleObject),
};

/* A program may ask for less than native functions need; it gets more. */
enum { SMALLEST_STACK = 512 << 10, DEFAULT_STACK = 8 << 20 };

/* What a new thread needs; lives in the starter's memory until the thread has taken it over. */
typedef struct Boot {
    Thread *thread;
    Progress *state;
    Value function, args, kwargs;
    uint32_t taken; /* futex: the new thread is attached and holds the three values itself */
} Boot;

static void run_function(Thread *t, Value function, Value args, Value kwargs) {
    if (present(call_tuple(t, function, args, kwargs)))
        return;
    if (!error_catch(t, &SystemExit_type))
        error_write_unraisable(t, "Exception ignored in thread started by", function);
}

static void *thread_main(void *boot_pointer) {
    Boot *boot = boot_pointer;
    Thread *t = boot->thread;
    Progress *state = boot->state;
    Isolate *isolate = t->isolate;
    isolate_hold(isolate);
    thread_attach(t, __builtin_frame_address(0));
    Value function = boot->function, args = boot->args, kwargs = boot->kwargs;
    state->id = t->id;
    store_release(&state->stage, (uint32_t)STAGE_RUNNING);
    store_release(&boot->taken, 1u);
    futex_wake(&boot->taken, 1);
    run_function(t, function, args, kwargs);
    fetch_sub(&isolate->threads.count, 1u);
    keep_alive((void *)function.bits); /* whoever sees that it is gone does not count this thread any more */
    thread_local_end(t);
    frames_release(t);
    thread_free(t);
    finish(isolate, state);
    drop(state);
    isolate_release(isolate);
    return NULL;
}

static bool start_native(Thread *t, Boot *boot) {
    struct ThreadList *threads = &t->isolate->threads;
    pthread_attr_t attributes;
    pthread_t native;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    size_t wanted = threads->stack_size ? threads->stack_size : DEFAULT_STACK;
    pthread_attr_setstacksize(&attributes, wanted < SMALLEST_STACK ? SMALLEST_STACK : wanted);
    thread_note_start_of_other();
    fetch_add(&threads->count, 1u);
    int failed = pthread_create(&native, &attributes, thread_main, boot);
    pthread_attr_destroy(&attributes);
    if (failed)
        fetch_sub(&threads->count, 1u);
    return !failed;
}

static Value start(Thread *t, Value function, Value args, Value kwargs, Progress *state, bool daemon) {
    if (!t->isolate->features.allow_threads)
        return raise_error(t, &RuntimeError_type, "thread is not supported for isolated subinterpreters");
    if (isolate_is_finalizing(t->isolate))
        return raise_error(t, &PythonFinalizationError_type, "can't create new thread at interpreter shutdown");
    publish(function);
    publish(args);
    publish(kwargs);
    Boot boot = {.thread = thread_new(t->isolate), .state = state, .function = function, .args = args, .kwargs = kwargs};
    if (!boot.thread || !frames_reserve(boot.thread)) { /* a thread that finds no room for frames could tell nobody */
        if (boot.thread)
            thread_discard(boot.thread);
        return raise_error(t, &RuntimeError_type, "can't start new thread");
    }
    fetch_add(&state->references, 1u);
    store_release(&state->stage, (uint32_t)STAGE_STARTING);
    struct ThreadList *threads = &t->isolate->threads;
    mutex_lock(&threads->mutex);
    state->waited_for = !daemon;
    state->next = threads->first;
    threads->first = state;
    mutex_unlock(&threads->mutex);
    if (!start_native(t, &boot)) {
        thread_discard(boot.thread);
        finish(t->isolate, state);
        store_release(&state->done, 0u);
        store_release(&state->stage, (uint32_t)STAGE_NEW);
        drop(state);
        return raise_error(t, &RuntimeError_type, "can't start new thread");
    }
    blocking_begin(t);
    while (load_acquire(&boot.taken) == 0)
        futex_wait(&boot.taken, 0, -1);
    blocking_end(t);
    keep_alive((void *)function.bits);
    keep_alive((void *)args.bits);
    keep_alive((void *)kwargs.bits);
    return NONE;
}

static Value start_new_thread(Thread *t, Value *args) {
    if (!is_callable(args[0]))
        return raise_type_error(t, "first arg must be callable");
    if (!is_tuple(args[1]))
        return raise_type_error(t, "2nd arg must be a tuple");
    if (present(args[2]) && !is_dict(args[2]))
        return raise_type_error(t, "optional 3rd arg must be a dictionary");
    CHECK(audit(t, "_thread.start_new_thread", 3, args[0], args[1], args[2]));
    Value handle = TRY(handle_new(t, &thread_handle_type));
    TRY(start(t, args[0], args[1], args[2], handle_state(handle), true));
    return int_from_unsigned(t, handle_state(handle)->id);
}

static Value start_joinable_thread(Thread *t, Value *args) {
    if (!is_callable(args[0]))
        return raise_type_error(t, "thread function must be callable");
    Value handle = args[1];
    if (is_none(handle))
        handle = TRY(handle_new(t, &thread_handle_type));
    if (!is_exactly(handle, &thread_handle_type))
        return raise_type_error(t, "'handle' must be a _ThreadHandle");
    int daemon = truth(t, args[2]);
    CHECK(daemon >= 0 && audit(t, "_thread.start_joinable_thread", 3, args[0], small_int(daemon), args[1]));
    if (load_relaxed(&handle_state(handle)->stage) != STAGE_NEW)
        return raise_error(t, &RuntimeError_type, "thread already started");
    TRY(start(t, args[0], empty_tuple, NO_VALUE, handle_state(handle), daemon));
    return handle;
}

static Value make_thread_handle(Thread *t, Value *args) {
    uint64_t id;
    if (!is_int(args[0]) || !int_to_u64(args[0], &id))
        return raise_type_error(t, "ident must be an integer");
    Value handle = TRY(handle_new(t, &thread_handle_type));
    Progress *s = handle_state(handle);
    s->id = id;
    s->stage = STAGE_RUNNING;
    s->listed_by = t->isolate;
    struct ThreadList *threads = &t->isolate->threads;
    mutex_lock(&threads->mutex); /* on the list: in the child of a fork the thread is done, and joins of it end */
    s->next = threads->first;
    threads->first = s;
    mutex_unlock(&threads->mutex);
    return handle;
}

static Value thread_shutdown(Thread *t, Value *args) {
    struct ThreadList *threads = &t->isolate->threads;
    for (;;) {
        Progress *s;
        mutex_lock(&threads->mutex);
        for (s = threads->first; s && (!s->waited_for || s->id == t->id);)
            s = s->next;
        if (s)
            fetch_add(&s->references, 1u);
        mutex_unlock(&threads->mutex);
        if (!s)
            return NONE;
        int done = wait_until_done(t, s, -1, thread_shutdown);
        drop(s);
        CHECK(done >= 0);
    }
}

/* In the child of a fork only t is there; one of the others may have held the mutex. */
static void forget_others(Thread *t) {
    struct ThreadList *threads = &t->isolate->threads;
    threads->mutex = (Mutex){0};
    threads->count = 0;
    Progress *next, *own = NULL;
    for (Progress *s = threads->first; s; s = next) {
        next = s->next;
        if (s->id == t->id) {
            s->next = own;
            own = s;
            continue;
        }
        store_release(&s->done, 1u);
        if (!s->listed_by)
            drop(s); /* the thread's reference */
    }
    threads->first = own;
}

static Value allocate_lock(Thread *t, Value *args) { return lock_new(t); }
static Value get_ident(Thread *t, Value *args) { return int_from_unsigned(t, t->id); }
static Value get_native_id(Thread *t, Value *args) { return small_int(gettid()); }
static Value get_main_thread_ident(Thread *t, Value *args) { return int_from_unsigned(t, isolate_main()->main_thread->id); }
static Value thread_count(Thread *t, Value *args) { return small_int(load_relaxed(&t->isolate->threads.count)); }
static Value is_main_interpreter(Thread *t, Value *args) { return from_bool(t->isolate == isolate_main()); }
static Value daemon_threads_allowed(Thread *t, Value *args) {
    return from_bool(t->isolate->features.allow_daemon_threads);
}
static Value thread_exit(Thread *t, Value *args) { return raise_with_args(t, &SystemExit_type, 0, NULL); }

static Value interrupt_main(Thread *t, Value *args) {
    int64_t number;
    CHECK(index_as_ssize(t, args[0], &number, false, NULL));
    if (number < 1 || number > 64)
        return raise_value_error(t, "signal number out of range");
    extern void signal_simulate(Thread * t, int number);
    signal_simulate(t, (int)number);
    return safepoint(t) ? NONE : NO_VALUE;
}

static Value stack_size(Thread *t, Value *args) {
    int64_t size;
    CHECK(index_as_ssize(t, args[0], &size, false, NULL));
    if (size < 0)
        return raise_value_error(t, "size must be 0 or a positive value");
    if (size && size < 32768)
        return raise_value_error(t, "size not valid: %lld bytes", (long long)size);
    Value old = small_int((int64_t)t->isolate->threads.stack_size);
    t->isolate->threads.stack_size = (size_t)size;
    return old;
}

static Value set_name(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "set_name() argument 'name' must be str, not %Y", args[0]);
    Value encoded = TRY(str_encode(t, args[0], "utf-8", "replace"));
    const char *text = as_bytes(encoded)->data; /* up to a NUL in it */
    char short_name[16];
    snprintf(short_name, sizeof short_name, "%s", text);
    prctl(PR_SET_NAME, short_name);
    keep_alive(as_bytes(encoded));
    return NONE;
}

static Value get_name(Thread *t, Value *args) {
    char name[17] = "";
    prctl(PR_GET_NAME, name);
    return str_decode_filesystem(t, name, strlen(name));
}

/* threading.excepthook's default. */
static Value thread_excepthook(Thread *t, Value *args) {
    Value a = args[0];
    if (!is_tuple(a) || tuple_length(a) != 4)
        return raise_type_error(t, "_thread._excepthook argument type must be ExceptHookArgs");
    Value type = tuple_get(a, 0), value = tuple_get(a, 1), traceback = tuple_get(a, 2), thread = tuple_get(a, 3);
    if (same(type, from_object(&SystemExit_type)))
        return NONE;
    Value err = dict_get_str(t->isolate->sys_dict, names.stderr);
    if (absent(err) || is_none(err)) {
        if (is_none(thread))
            return NONE;
        err = TRY(get_attribute_text(t, thread, "_stderr"));
        if (is_none(err))
            return NONE;
    }
    Value name = is_none(thread) ? NO_VALUE : find_attribute(t, thread, str_intern_text(t, "_name"));
    CHECK(!error_pending(t));
    Value shown = present(name) ? to_str(t, name) : int_from_unsigned(t, t->id);
    TRY(call_method_1(t, err, names.write, TRY(format_text(t, "Exception in thread %S:\n", TRY(to_str(t, TRY(shown)))))));
    Value print = TRY(get_attribute_text(t, TRY(import_module(t, "traceback")), "print_exception"));
    Value kwnames = TRY(tuple_pack(t, 1, names.file));
    Value call_args[5] = {NO_VALUE, type, value, traceback, err};
    TRY(call(t, print, call_args + 1, 3, kwnames));
    return call_method_0(t, err, names.flush);
}

static const StructSequenceField excepthook_fields[] = {
    {"exc_type", "Exception type"}, {"exc_value", "Exception value"}, {"exc_traceback", "Exception traceback"},
    {"thread", "Thread"}, {0}};

static bool thread_init(Thread *t, Value module) {
    store_relaxed(&interrupt_hooks.forget_other_threads, forget_others);
    Value hook_args = struct_sequence_type(t, "_thread._ExceptHookArgs",
                                           "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
                                           excepthook_fields, 4);
    return module_add(t, module, "_ExceptHookArgs", hook_args) && module_add(t, module, "lock", from_object(&lock_type)) &&
           module_add(t, module, "LockType", from_object(&lock_type)) &&
           module_add(t, module, "RLock", from_object(&rlock_type)) &&
           module_add(t, module, "_ThreadHandle", from_object(&thread_handle_type)) &&
           module_add(t, module, "_local", from_object(&thread_local_type)) &&
           module_add(t, module, "error", from_object(&RuntimeError_type)) &&
           module_add(t, module, "TIMEOUT_MAX", float_from_double(t, 9223372036.0)) &&
           module_add_int(t, module, "_NAME_MAXLEN", 15);
}

static const char start_doc[] =
    "Start a new thread and return its identifier.\n\nThe thread will call the function with positional arguments from "
    "the\ntuple args and keyword arguments taken from the optional dictionary\nkwargs.  The thread exits when the function "
    "returns; the return value\nis ignored.  The thread will also exit when the function raises an\nunhandled exception; a stack "
    "trace will be printed unless the exception\nis SystemExit.";

static const NativeDef functions[] = {
    {"start_new_thread(function, args, kwargs=<{}>, /)", start_new_thread, start_doc},
    {"start_new(function, args, kwargs=<{}>, /)", start_new_thread, "An obsolete synonym of start_new_thread()."},
    {"start_joinable_thread(function, handle=None, daemon=True)", start_joinable_thread,
     "*For internal use only*: start a new thread.\n\nLike start_new_thread(), this starts a new thread calling the given "
     "function.\nUnlike start_new_thread(), this returns a handle object with methods to join\nor detach the given thread."},
    {"allocate_lock()", allocate_lock,
     "Create a new lock object. See help(type(threading.Lock())) for\ninformation about locks."},
    {"allocate()", allocate_lock, "An obsolete synonym of allocate_lock()."},
    {"get_ident()", get_ident,
     "Return a non-zero integer that uniquely identifies the current thread\namongst other threads that exist simultaneously."},
    {"get_native_id()", get_native_id,
     "Return a non-negative integer identifying the thread as reported\nby the OS (kernel)."},
    {"_get_main_thread_ident()", get_main_thread_ident, "Internal only. Return a non-zero integer that uniquely identifies the "
                                                        "main thread of the main interpreter."},
    {"_make_thread_handle(ident, /)", make_thread_handle, "Internal only. Make a thread handle for threads not spawned by the "
                                                          "_thread or threading module."},
    {"_count()", thread_count, "Return the number of currently running Python threads, excluding\nthe main thread."},
    {"_shutdown()", thread_shutdown, "Wait for all non-daemon threads (other than the calling thread) to stop."},
    {"_excepthook(args, /)", thread_excepthook, "Handle uncaught Thread.run() exception."},
    {"_is_main_interpreter()", is_main_interpreter, "Return True if the current interpreter is the main Python interpreter."},
    {"daemon_threads_allowed()", daemon_threads_allowed, "Return True if daemon threads are allowed in the current interpreter."},
    {"exit()", thread_exit, "This is synonymous to ``raise SystemExit''.  It will cause the current\nthread to exit silently "
                            "unless the exception is caught."},
    {"exit_thread()", thread_exit, "An obsolete synonym of exit()."},
    {"interrupt_main(signum=<signal.SIGINT|2>, /)", interrupt_main,
     "Simulate the arrival of the given signal in the main thread,\nwhere the corresponding signal handler will be executed."},
    {"stack_size(size=0, /)", stack_size,
     "Return the thread stack size used when creating new threads.\n\nThe optional size argument specifies the stack size (in "
     "bytes) to be used\nfor subsequently created threads."},
    {"set_name(name)", set_name, "Set the name of the current thread."},
    {"_get_name()", get_name, "Get the name of the current thread."},
    {0},
};

NATIVE_MODULE(_thread) = {
    .name = "_thread",
    .doc = "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more "
           "convenient interface.",
    .functions = functions,
    .init = thread_init,
};
