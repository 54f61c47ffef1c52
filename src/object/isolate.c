/* See isolate.h.
 *
 * The Runtime is what all isolates of the process share. Besides what stands here that is the block space, the range of shape
 * ids, the table of binders and the counters of type versions and of threading.local objects: each synchronises itself.
 * Static types, the names of names.def and the other immortal cells are made before the second isolate can be and never change;
 * the only words in them that do are hashes and binders, written once with a value that is the same for all, and the bits of
 * their locks.
 *
 * Threads: `holds` is atomic; the other fields that isolate.h speaks of, and the list, are guarded by the runtime's mutex.
 */
#include "object/isolate.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/native.h"
#include "object/type_internal.h"
#include "types/exceptions/exceptions.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

IsolateHooks isolate_hooks;

static struct Runtime {
    Mutex mutex;
    Mutex shared_mutex; /* runtime_shared_lock */
    Mutex signal_mutex; /* held while SIGURG's action is not the program's */
    Isolate *first, *last; /* in order of creation; the first is the main one */
    int64_t next_id;
} runtime;

Isolate *isolate_main(void) { return runtime.first; }

/* Memory */

static void isolate_trace(Tracer *tracer, void *context) {
    Isolate *isolate = context;
    const Value fields[] = {isolate->modules,       isolate->builtins,   isolate->builtins_module,   isolate->sys_module,
                            isolate->sys_dict,      isolate->interned,   isolate->importlib,         isolate->import_function,
                            isolate->codec_state,   isolate->static_subclasses, isolate->excepthook_fallback};
    trace_values(tracer, fields, sizeof fields / sizeof *fields);
    trace_values(tracer, isolate->slots, ISOLATE_SLOT_COUNT);
    last_memory_error_trace(tracer, isolate);
    void (*trace_exports)(Tracer *, Isolate *) = load_relaxed(&isolate_hooks.trace_exports);
    if (trace_exports)
        trace_exports(tracer, isolate);
    void (*trace_allocations)(Tracer *, Isolate *) = load_relaxed(&isolate_hooks.trace_allocations);
    if (trace_allocations)
        trace_allocations(tracer, isolate);
}

static void isolate_destroy(Isolate *isolate) {
    heap_free(isolate->heap);
    void (*free_exports)(Isolate *) = load_relaxed(&isolate_hooks.free_exports);
    if (free_exports)
        free_exports(isolate);
    void (*free_allocations)(Isolate *) = load_relaxed(&isolate_hooks.free_allocations);
    if (free_allocations)
        free_allocations(isolate);
    shape_ids_release(isolate);
    free(isolate->last_memory_error);
    free(isolate);
}

/* Not on the list yet; held once, for it. */
static Isolate *isolate_allocate(struct Config *config, const uint64_t hash_secret[2]) {
    Isolate *isolate = calloc(1, sizeof *isolate);
    if (!isolate)
        return NULL;
    isolate->heap = heap_new();
    isolate->last_memory_error = last_memory_error_new();
    if (!isolate->heap || !isolate->last_memory_error) {
        if (isolate->heap)
            heap_free(isolate->heap);
        free(isolate->last_memory_error);
        free(isolate);
        return NULL;
    }
    isolate->recursion_limit = 1000;
    isolate->int_max_str_digits = 4300;
    isolate->config = config;
    memcpy(isolate->hash_secret, hash_secret, sizeof isolate->hash_secret); /* immortal strings keep their hashes: one for all */
    isolate->holds = 1;
    heap_set_root_tracer(isolate->heap, isolate_trace, isolate);
    return isolate;
}

void isolate_hold(Isolate *isolate) { fetch_add(&isolate->holds, 1u); }

void isolate_release(Isolate *isolate) {
    if (fetch_sub(&isolate->holds, 1u) == 1)
        isolate_destroy(isolate);
}

/* The list */

static void list_add(Isolate *isolate) {
    mutex_lock(&runtime.mutex);
    isolate->id = runtime.next_id++;
    isolate->previous = runtime.last;
    if (runtime.last)
        runtime.last->next = isolate;
    else
        runtime.first = isolate;
    runtime.last = isolate;
    mutex_unlock(&runtime.mutex);
}

static void unlink_isolate(Isolate *isolate) {
    assert(mutex_held(&runtime.mutex));
    isolate->previous->next = isolate->next; /* the main isolate is never taken off */
    if (isolate->next)
        isolate->next->previous = isolate->previous;
    else
        runtime.last = isolate->previous;
    isolate->next = isolate->previous = NULL;
}

Isolate *isolate_find(int64_t id) {
    mutex_lock(&runtime.mutex);
    Isolate *isolate = runtime.first;
    while (isolate && isolate->id != id)
        isolate = isolate->next;
    if (isolate)
        isolate_hold(isolate);
    mutex_unlock(&runtime.mutex);
    return isolate;
}

void isolate_each(void (*visit)(void *context, Isolate *isolate), void *context) {
    mutex_lock(&runtime.mutex);
    for (Isolate *isolate = runtime.first; isolate; isolate = isolate->next)
        visit(context, isolate);
    mutex_unlock(&runtime.mutex);
}

bool isolate_claim(Isolate *isolate) {
    mutex_lock(&runtime.mutex);
    bool claimed = !isolate->running && isolate->stage == ISOLATE_READY;
    if (claimed)
        isolate->running = true;
    mutex_unlock(&runtime.mutex);
    return claimed;
}

void isolate_unclaim(Isolate *isolate) {
    mutex_lock(&runtime.mutex);
    isolate->running = false;
    mutex_unlock(&runtime.mutex);
}

bool isolate_is_running(Isolate *isolate) { return load_relaxed(&isolate->running); }

void isolate_add_reference(Isolate *isolate) {
    mutex_lock(&runtime.mutex);
    isolate->references++;
    mutex_unlock(&runtime.mutex);
}

bool isolate_drop_reference(Isolate *isolate) {
    mutex_lock(&runtime.mutex);
    bool last = isolate->references > 0 && --isolate->references == 0 && isolate->counted;
    mutex_unlock(&runtime.mutex);
    return last;
}

/* Entering and leaving */

Thread *isolate_enter(Thread *host, Isolate *isolate, void *stack_start) {
    Thread *t = thread_new(isolate);
    if (!t)
        return NULL;
    t->id = host->id;
    t->c_stack_limit = host->c_stack_limit;
    t->visiting = true;
    blocking_begin(host);
    thread_set_current(t);
    heap_attach_thread(isolate->heap, t, stack_start);
    return t;
}

void isolate_leave(Thread *t, Thread *host) {
    thread_free(t);
    thread_set_current(host);
    blocking_end(host);
}

/* Beginning */

Isolate *isolate_start_main(struct Config *config, const uint64_t hash_secret[2]) {
    Isolate *isolate = isolate_allocate(config, hash_secret);
    if (!isolate)
        return NULL;
    isolate->features = (IsolateFeatures){.use_main_obmalloc = true, .allow_fork = true, .allow_exec = true, .allow_threads = true,
                                          .allow_daemon_threads = true, .gil = 2};
    isolate->capabilities.allowed = CAPABILITY_ALL;
    isolate->whence = WHENCE_RUNTIME;
    isolate->stage = ISOLATE_READY;
    isolate->running = true;
    list_add(isolate);
    return isolate;
}

/* Starts it up on a thread of its own; what went wrong is told to the host. */
[[gnu::noinline]] static bool start_up(Thread *host, Isolate *isolate) {
    char message[512] = "no memory";
    Thread *t = isolate_enter(host, isolate, __builtin_frame_address(0));
    bool started = t && load_relaxed(&isolate_hooks.start)(t);
    if (t && !started) {
        error_describe(t, message, sizeof message);
        error_clear(t);
    }
    if (t)
        isolate_leave(t, host);
    if (!started)
        raise_error(host, &RuntimeError_type, "%s", message);
    return started;
}

/* What keeps an isolate alive is often a small object that the host's collector finds dead in time only if it knows how much
 * memory hangs from it. */
static void charge_creator(Thread *host, Isolate *isolate) {
    HeapStats stats;
    heap_stats(isolate->heap, &stats);
    isolate->creator = host->isolate->id;
    isolate->charge = stats.live_bytes + stats.external_bytes;
    heap_external_memory(host, (ptrdiff_t)isolate->charge);
    heap_collect_if_due(host);
}

static void discharge_creator(Isolate *isolate) {
    Isolate *creator = isolate->charge ? isolate_find(isolate->creator) : NULL;
    if (!creator)
        return;
    heap_external_memory_of(creator->heap, -(ptrdiff_t)isolate->charge);
    isolate_release(creator);
}

Isolate *isolate_new(Thread *host, const IsolateFeatures *features, int whence) {
    Isolate *parent = host->isolate, *isolate = isolate_allocate(parent->config, parent->hash_secret);
    if (!isolate) {
        raise_no_memory(host);
        return NULL;
    }
    isolate->features = *features;
    isolate->capabilities = parent->capabilities;
    isolate->whence = whence;
    isolate->int_max_str_digits = parent->int_max_str_digits;
    list_add(isolate);
    isolate_hold(isolate);
    if (start_up(host, isolate)) {
        isolate->stage = ISOLATE_READY;
        charge_creator(host, isolate);
        return isolate;
    }
    isolate_end(host, isolate);
    isolate_release(isolate);
    return NULL;
}

/* The end */

static void do_nothing(int signal) {}

static void interrupt(Thread *other, void *context) {
    bool *any = context;
    *any = true;
    thread_request(other, POLL_END);
    pthread_kill((pthread_t)other->id, SIGURG);
}

static void pause_for(Thread *t, long microseconds) {
    blocking_begin(t);
    nanosleep(&(struct timespec){.tv_nsec = microseconds * 1000}, NULL);
    blocking_end(t);
}

/* Asks the isolate's other threads to end. System calls that they wait in return with EINTR: for a moment the process has a
 * handler for a signal that is ignored otherwise. */
static bool interrupt_others(Thread *t) {
    struct sigaction nothing = {.sa_handler = do_nothing}, before;
    bool any = false;
    mutex_lock(&runtime.signal_mutex);
    sigaction(SIGURG, &nothing, &before);
    heap_each_other_thread(t, interrupt, &any);
    if (any)
        pause_for(t, 200);
    sigaction(SIGURG, &before, NULL);
    mutex_unlock(&runtime.signal_mutex);
    return any;
}

static void request_end(Thread *other, void *context) { thread_request(other, POLL_END); }

/* Threads that still run (daemons) end: at their next safepoint, or when the call that they wait in comes back. One that
 * waits in a call that never does keeps the isolate's memory, which nobody else can reach any more. Those of the main isolate
 * stand still instead of ending, so that nothing of theirs is heard any more; nobody waits for them. */
void isolate_stop_threads(Thread *t) {
    enum { TRIES = 500 };
    if (t->isolate == isolate_main()) {
        heap_each_other_thread(t, request_end, NULL);
        return;
    }
    for (int tries = 0; tries < TRIES && interrupt_others(t); tries++)
        pause_for(t, 1000);
}

[[gnu::noinline]] static void run_finish(Thread *host, Isolate *isolate) {
    Thread *t = isolate_enter(host, isolate, __builtin_frame_address(0));
    if (!t)
        return; /* without memory there are no finalizers */
    load_relaxed(&isolate_hooks.finish)(t);
    isolate_stop_threads(t); /* those that finalizers started */
    error_clear(t);
    isolate_leave(t, host);
}

static void run_forget(void (*forget)(int64_t id), Isolate *isolate) {
    if (forget)
        forget(isolate->id);
}

bool isolate_end(Thread *host, Isolate *isolate) {
    mutex_lock(&runtime.mutex);
    bool mine = !isolate->running && isolate->stage != ISOLATE_ENDING;
    if (mine)
        isolate->stage = ISOLATE_ENDING;
    mutex_unlock(&runtime.mutex);
    if (!mine)
        return false;
    run_finish(host, isolate);
    discharge_creator(isolate);
    run_forget(load_relaxed(&isolate_hooks.forget_queues), isolate);
    run_forget(load_relaxed(&isolate_hooks.forget_channels), isolate);
    mutex_lock(&runtime.mutex);
    unlink_isolate(isolate);
    mutex_unlock(&runtime.mutex);
    isolate_release(isolate);
    return true;
}

size_t isolate_end_others(Thread *host) {
    for (size_t count = 0;; count++) {
        mutex_lock(&runtime.mutex);
        Isolate *isolate = runtime.first->next;
        while (isolate && isolate->stage != ISOLATE_READY)
            isolate = isolate->next;
        if (isolate) {
            isolate_hold(isolate);
            isolate->running = false; /* by a daemon thread: it ends with the others */
        }
        mutex_unlock(&runtime.mutex);
        if (!isolate)
            return count;
        isolate_end(host, isolate);
        isolate_release(isolate);
    }
}

void runtime_shared_lock(void) { mutex_lock(&runtime.shared_mutex); }
void runtime_shared_unlock(void) { mutex_unlock(&runtime.shared_mutex); }

/* Fork */

void runtime_fork_begin(Thread *t) {
    mutex_lock(&runtime.mutex);
    mutex_lock(&runtime.shared_mutex);
    types_fork_lock();
    binders_fork_lock();
    shapes_fork_lock();
    heap_fork_lock();
}

/* The child leaves the other isolates' memory alone: their threads, which may have been anywhere, are gone. */
void runtime_fork_end(Thread *t, bool in_child) {
    heap_fork_unlock();
    shapes_fork_unlock();
    binders_fork_unlock();
    types_fork_unlock();
    if (in_child) {
        runtime.first = runtime.last = t->isolate;
        t->isolate->next = t->isolate->previous = NULL;
    }
    mutex_unlock(&runtime.shared_mutex);
    mutex_unlock(&runtime.mutex);
}
