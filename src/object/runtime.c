/* Process start-up: the heap's address range, shapes, names, static types, the main isolate; and the life of threads.
 *
 * Start-up runs on one thread with `immortal` allocation: what static types hold is shared by all isolates and
 * never changes.
 *
 * Threads: `runtime_threaded` and what depends on it (runtime_threads_hook) change under threads_mutex, by the only thread there is or
 * with the isolate's world stopped, at a safepoint: nobody is in the middle of something that counts on the flag. Others may read
 * it at any time.
 */
#include "base/memory.h"
#include "object/isolate.h"
#include "object/interrupts.h"
#include "object/call.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>

struct Names names;

static const struct {
    Value *where;
    const char *text;
} name_table[] = {
#define NAME(identifier) {&names.identifier, #identifier},
#define NAME_AS(identifier, text) {&names.identifier, text},
#include "object/names.def"
#undef NAME
#undef NAME_AS
#define SLOT(identifier, arity) {&names.identifier, #identifier},
#include "object/slots.def"
#undef SLOT
};

static bool names_start(Thread *t) {
    for (size_t i = 0; i < sizeof name_table / sizeof *name_table; i++)
        if (absent(*name_table[i].where = str_intern_text(t, name_table[i].text)))
            return false;
    return true;
}

/* Where this thread's C stack ends, less what error handling needs. */
static char *c_stack_limit(void *stack_start) {
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    if (!low || size > ((size_t)1 << 32)) {
        struct rlimit limit;
        size = getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur : 8 << 20;
        low = (char *)stack_start - size;
    }
    return (char *)low + (256 << 10);
}

void thread_trace_fields(Tracer *tracer, Thread *t) {
    const Value fields[] = {t->exception,       t->handled,        t->repr_running,         t->context,
                            t->async_exception, t->trace_function, t->profile_function,     t->trace_self,
                            t->local_state,     t->asyncgen_firstiter, t->asyncgen_finalizer, t->coroutine_origin_depth,
                            t->exception_scratch, t->asyncio_loop, t->asyncio_task};
    trace_values(tracer, fields, sizeof fields / sizeof *fields);
}

static size_t thread_count; /* records of threads, of all isolates */

/* Whether the process has several threads. Who makes a thread counts it first and then, under the mutex, looks at the flag; who
 * finds itself alone counts and clears the flag under the mutex: so either the flag is seen cleared, or the other is counted. */
static Mutex threads_mutex;
void (*runtime_threads_hook)(bool threaded);

static void set_threaded(bool threaded) {
#ifndef KRAIT_UNTHREADED
    if (threaded)
        heap_begin_numbers(thread_current());
    else if (thread_current())
        heap_end_numbers(thread_current());
    store_relaxed(&runtime_threaded, (uint32_t)threaded);
#endif
    if (runtime_threads_hook)
        runtime_threads_hook(threaded);
}

void thread_note_start_of_other(void) {
    mutex_lock(&threads_mutex);
    if (runs_alone())
        set_threaded(true);
    mutex_unlock(&threads_mutex);
}

Thread *thread_new(Isolate *isolate) {
    Thread *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    size_t words = REGISTER_STACK_WORDS;
    while (!(t->stack = memory_reserve(words * sizeof(Value), 4096)) && words > 1 << 16)
        words /= 2;
    if (!t->stack) {
        free(t);
        return NULL;
    }
    isolate_hold(isolate);
    fetch_add(&thread_count, 1u);
    t->isolate = isolate;
    t->stack_top = t->stack;
    t->stack_limit = t->stack + words;
    return t;
}

void thread_attach(Thread *t, void *stack_start) {
    t->id = (uint64_t)pthread_self();
    t->c_stack_limit = c_stack_limit(stack_start);
    thread_set_current(t);
    heap_attach_thread(t->isolate->heap, t, stack_start);
}

/* Nobody was told that there would be another thread: no operation may be half done that counted on there being one. */
void thread_attach_foreign(Thread *t, void *stack_start) {
    thread_attach(t, stack_start);
    mutex_lock(&threads_mutex);
    bool known = !runs_alone();
    mutex_unlock(&threads_mutex);
    if (known)
        return;
    stop_world(t);
    thread_note_start_of_other();
    start_world(t);
}

void (*thread_release_hook)(Thread *t);

void thread_discard(Thread *t) {
    Isolate *isolate = t->isolate;
    if (thread_release_hook)
        thread_release_hook(t);
    memory_release(t->stack, (size_t)((char *)t->stack_limit - (char *)t->stack));
    free(t);
    fetch_sub(&thread_count, 1u);
    isolate_release(isolate);
}

/* Another thread of the parent may have held the mutex. */
void thread_is_only_one_after_fork(void) {
    threads_mutex = (Mutex){0};
    store_relaxed(&thread_count, (size_t)1);
    set_threaded(false);
}

void thread_note_end_of_others(void) {
    if (runs_alone() || load_seq_cst(&thread_count) != 1)
        return;
    mutex_lock(&threads_mutex);
    if (load_seq_cst(&thread_count) == 1)
        set_threaded(false);
    mutex_unlock(&threads_mutex);
}

void thread_free(Thread *t) {
    heap_detach_thread(t);
    thread_set_current(NULL);
    thread_discard(t);
}

static uint64_t thread_id(const Thread *t) { return t->id; }
size_t thread_ids(Thread *t, uint64_t *ids, size_t capacity) { return heap_thread_ids(t, ids, capacity, thread_id); }

/* Static objects are initialised by the C compiler, which does not know shape ids. */
static void give_shapes_to_static_objects(void) {
    const Value objects[] = {NONE, TRUE, FALSE, ELLIPSIS, NOT_IMPLEMENTED, empty_tuple};
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        as_object(objects[i])->meta |= type_of(objects[i])->root_shape << META_SHAPE_SHIFT;
    str_static_set_shape(str_type.root_shape);
    bytes_static_set_shape(bytes_type.root_shape);
}

Thread *runtime_start(void *stack_start, struct Config *config, const uint64_t hash_secret[2]) {
    if (!heap_start() || !shape_table_start())
        return NULL;
    heap_hooks.wants_finalizer = object_wants_finalizer;
    heap_hooks.run_finalizer = object_run_finalizer;
    heap_hooks.marked = shapes_retired_prune;
    heap_hooks.forgotten = shapes_marked;
    heap_hooks.check = shape_check;
    heap_hooks.no_memory = memory_error_raise;
    heap_hooks.handle_interrupts = interrupts_handle;
    if (!heap_hooks.trace_thread)
        heap_hooks.trace_thread = thread_trace_fields;
    Isolate *isolate = isolate_start_main(config, hash_secret);
    Thread *t = isolate ? thread_new(isolate) : NULL;
    if (!t)
        return NULL;
    isolate->main_thread = t;
    t->is_main = true;
    thread_attach(t, stack_start);
    heap_set_immortal(t, true);
    bool ok = types_start_shapes(t) && names_start(t) && types_start(t);
    str_runtime_names_complete();
    give_shapes_to_static_objects();
    heap_set_immortal(t, false);
    return ok ? t : NULL;
}
