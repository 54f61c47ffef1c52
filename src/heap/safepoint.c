/* Threads and stopping them; see safepoint.h.
 *
 * A thread is in one of three states. To stop the world, `stopping` is set, then every other thread's poll word,
 * then the stopper waits until none is RUNNING. A thread that leaves a blocking region announces RUNNING first and
 * looks at `stopping` afterwards (both sequentially consistent), so one of the two sides always sees the other.
 *
 * Threads that ask for one stop after another (gc.collect() in a loop) would keep all others from running: those need longer to wake
 * than it takes to stop again. So whom a stop held up runs again, and for as long as it took, before the next that is asked for.
 *
 * Most stops are over in less time than it takes to sleep and be woken. So both sides first spin, and who sleeps says so
 * (`stopping` is 2, `stopper_sleeps`): nobody else makes a system call for it.
 */
#include "heap/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Thread_local Thread *current_thread;

Thread *thread_current(void) { return current_thread; }
void thread_set_current(Thread *t) {
    if (t && !runs_alone() && heap_thread(t)->numbering != heap_numbering)
        heap_set_number(heap_thread(t), true);
    current_thread = t;
    heap_own_number = t ? &heap_thread(t)->owner : &heap_no_number;
}

void registers_save(uintptr_t *out) {
#if defined(__x86_64__)
    __asm__ volatile("movq %%rbx, 0(%0)\n movq %%rbp, 8(%0)\n movq %%r12, 16(%0)\n"
                     "movq %%r13, 24(%0)\n movq %%r14, 32(%0)\n movq %%r15, 40(%0)\n"
                     :
                     : "r"(out)
                     : "memory");
#elif defined(__aarch64__)
    __asm__ volatile("stp x19, x20, [%0]\n stp x21, x22, [%0, 16]\n stp x23, x24, [%0, 32]\n"
                     "stp x25, x26, [%0, 48]\n stp x27, x28, [%0, 64]\n str x29, [%0, 80]\n"
                     :
                     : "r"(out)
                     : "memory");
#else
#error "registers_save: this processor is not supported yet"
#endif
}

static void set_state(HeapThread *ht, ThreadState state) { store_seq_cst(&ht->state, (uint32_t)state); }

static void wake_stopper(HeapThread *ht) {
    if (load_seq_cst(&ht->heap->stopper_sleeps))
        futex_wake(&ht->state, INT32_MAX);
}

enum { SPIN = 100000 }; /* nanoseconds: several young collections that find nothing alive */
enum { STOPPING = 1, STOPPING_AWAITED = 2 };

static void wait_for_world(Heap *heap) {
    int64_t end = lock_can_spin() ? lock_time() + SPIN : 0;
    uint32_t stopping;
    while ((stopping = load_seq_cst(&heap->stopping)) != 0) {
        if (end && lock_time() < end) {
            lock_pause();
            continue;
        }
        if (stopping == STOPPING_AWAITED || compare_exchange(&heap->stopping, &stopping, STOPPING_AWAITED))
            futex_wait(&heap->stopping, STOPPING_AWAITED, -1);
    }
}

/* The thread runs again: collections may have left it something to sweep. */
static inline void begin_cycle(HeapThread *ht) {
    if (unlikely(load_relaxed(&ht->heap->cycle) != ht->cycle))
        sweep_begin_cycle(ht);
}

static void begin_held_up(Heap *heap) { fetch_add(&heap->held_up, 1u); }
static void end_held_up(Heap *heap) {
    store_relaxed(&heap->turn_ends, lock_time() + load_relaxed(&heap->stop_took));
    fetch_sub(&heap->held_up, 1u);
}

/* Becomes RUNNING when the world does. */
static void resume(HeapThread *ht) {
    for (;;) {
        wait_for_world(ht->heap);
        set_state(ht, THREAD_RUNNING);
        if (load_seq_cst(&ht->heap->stopping) == 0) {
            begin_cycle(ht);
            return;
        }
        set_state(ht, THREAD_STOPPED);
        wake_stopper(ht);
    }
}

[[gnu::noinline]] static void leave_running(HeapThread *ht, ThreadState state) {
    char lowest; /* below what this function's prologue pushed: callers' registers may be there instead of in `registers` */
    registers_save(ht->registers);
    ht->stack_now = aligned_down(&lowest);
    set_state(ht, state);
    if (load_seq_cst(&ht->heap->stopping))
        wake_stopper(ht);
}

void blocking_begin(Thread *t) { leave_running(heap_thread(t), THREAD_BLOCKING); }

static void block_with_stack(HeapThread *ht, void *stack) {
    memset(ht->registers, 0, sizeof ht->registers); /* what entered the interpreter saved its caller's on the stack */
    ht->stack_now = stack;
    set_state(ht, THREAD_BLOCKING);
    if (load_seq_cst(&ht->heap->stopping))
        wake_stopper(ht);
}

void blocking_begin_unscanned(Thread *t) { block_with_stack(heap_thread(t), heap_thread(t)->stack_entry); }

void blocking_end(Thread *t) {
    int error = errno;
    HeapThread *ht = heap_thread(t);
    set_state(ht, THREAD_RUNNING);
    store_relaxed(&ht->resumptions, ht->resumptions + 1);
    if (load_seq_cst(&ht->heap->stopping)) {
        set_state(ht, THREAD_STOPPED);
        wake_stopper(ht);
        begin_held_up(ht->heap);
        resume(ht);
        end_held_up(ht->heap);
    } else {
        begin_cycle(ht);
    }
    errno = error;
}

static void stop_here(Thread *t) {
    HeapThread *ht = heap_thread(t);
    leave_running(ht, THREAD_STOPPED);
    resume(ht);
}

bool safepoint_inside_slow(Thread *t) {
    HeapThread *ht = heap_thread(t);
    uint32_t poll = load_acquire(&ht->poll);
    if (poll & POLL_STOP) {
        poll_take(t, POLL_STOP);
        begin_held_up(ht->heap);
        stop_here(t);
        end_held_up(ht->heap);
        poll = load_acquire(&ht->poll); /* who stopped the world may have asked for more */
    }
    /* Interrupts come first: what was there before would otherwise be raised, and be lost, in a finalizer or callback. */
    if (poll & (POLL_SIGNAL | POLL_ASYNC | POLL_CALLS | POLL_TRACING | POLL_END) && heap_hooks.handle_interrupts &&
        !heap_hooks.handle_interrupts(t))
        return false;
    return true;
}

bool safepoint_slow(Thread *t) {
    HeapThread *ht = heap_thread(t);
    if (!safepoint_inside_slow(t))
        return false;
    if (load_acquire(&ht->poll) & POLL_FINALIZERS && !ht->in_finalizers) {
        poll_take(t, POLL_FINALIZERS);
        heap_run_due(t);
    }
    return true;
}

void thread_request(Thread *t, uint32_t poll_bits) {
    fetch_or(&heap_thread(t)->poll, poll_bits);
    store_seq_cst(&heap_thread(t)->call_limit_or_poll, (void *)NULL);
}

void thread_set_call_limit(Thread *t, void *limit) {
    HeapThread *ht = heap_thread(t);
    ht->call_limit = limit;
    store_seq_cst(&ht->call_limit_or_poll, limit);
    if (load_seq_cst(&ht->poll)) /* who sets a bit from now on empties the word later than this */
        store_seq_cst(&ht->call_limit_or_poll, (void *)NULL);
}

uint32_t poll_take(Thread *t, uint32_t bits) {
    HeapThread *ht = heap_thread(t);
    uint32_t taken = fetch_and(&ht->poll, ~bits) & bits;
    thread_set_call_limit(t, ht->call_limit);
    return taken;
}

/* Returns what it found the thread to be. */
static ThreadState wait_until_stopped(Heap *heap, HeapThread *ht) {
    int64_t end = lock_can_spin() ? lock_time() + SPIN : 0;
    for (;;) {
        ThreadState state = (ThreadState)load_seq_cst(&ht->state);
        if (state != THREAD_RUNNING)
            return state;
        if (end && lock_time() < end) {
            lock_pause();
            continue;
        }
        store_seq_cst(&heap->stopper_sleeps, true);
        if (load_seq_cst(&ht->state) == THREAD_RUNNING)
            futex_wait(&ht->state, THREAD_RUNNING, 1000000);
    }
}

/* stop_mutex is held. */
static void stop_others(Thread *t, Heap *heap) {
    store_seq_cst(&heap->stopping, (uint32_t)STOPPING);
    for (Thread *other = heap->threads; other; other = heap_thread(other)->next)
        if (other != t)
            thread_request(other, POLL_STOP);
    heap->stopped_idle = true;
    for (Thread *other = heap->threads; other; other = heap_thread(other)->next)
        if (other != t)
            heap->stopped_idle &= wait_until_stopped(heap, heap_thread(other)) == THREAD_BLOCKING;
    store_seq_cst(&heap->stopper_sleeps, false);
    heap->collecting = true;
    heap->stopped_at = lock_time();
}

/* If somebody else stops the world: takes part, then tries again. */
static void take_stop_mutex(Thread *t, Heap *heap) {
    if (likely(mutex_try_lock(&heap->stop_mutex)))
        return;
    begin_held_up(heap);
    do
        stop_here(t);
    while (!mutex_try_lock(&heap->stop_mutex));
    end_held_up(heap);
}

void stop_world(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    take_stop_mutex(t, heap);
    stop_others(t, heap);
}

/* Nanoseconds until it is well to stop the world again. */
static int64_t turn_left(Heap *heap) {
    enum { NAP = 50000 };
    int64_t time = lock_time(), at_last = load_relaxed(&heap->turn_ends_at_last) - time;
    int64_t left = load_seq_cst(&heap->held_up) ? NAP : load_relaxed(&heap->turn_ends) - time;
    return left < at_last ? left : at_last;
}

void stop_world_in_turn(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    for (;;) {
        int64_t left = turn_left(heap);
        if (left > 0) {
            blocking_begin(t);
            nanosleep(&(struct timespec){.tv_nsec = left}, NULL);
            blocking_end(t);
        } else if (mutex_try_lock(&heap->stop_mutex)) {
            break;
        } else {
            stop_here(t);
        }
    }
    stop_others(t, heap);
}

bool stop_world_unless_collected(Thread *t, size_t seen) {
    Heap *heap = heap_thread(t)->heap;
    take_stop_mutex(t, heap);
    if (load_relaxed(&heap->collection_count) != seen) {
        mutex_unlock(&heap->stop_mutex);
        return false;
    }
    stop_others(t, heap);
    return true;
}

void start_world(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    enum { LONGEST_TURN = 10000000 }; /* nanoseconds */
    begin_cycle(heap_thread(t));
    heap->collecting = false;
    int64_t time = lock_time();
    store_relaxed(&heap->stop_took, time - heap->stopped_at);
    store_relaxed(&heap->turn_ends_at_last, load_relaxed(&heap->held_up) ? time + LONGEST_TURN : 0);
    if (exchange(&heap->stopping, 0u) == STOPPING_AWAITED)
        futex_wake(&heap->stopping, INT32_MAX);
    mutex_unlock(&heap->stop_mutex);
}

void heap_attach_thread(Heap *heap, Thread *t, void *stack_start) {
    HeapThread *ht = heap_thread(t);
    ht->heap = heap;
    ht->stack_start = ht->stack_now = stack_start; /* so far there is nothing on the stack to find */
    ht->state = THREAD_STOPPED;
    begin_held_up(heap);
    mutex_lock(&heap->stop_mutex);
    ht->cycle = heap->cycle;
    ht->traced = heap->traced;
    mutex_lock(&heap->mutex);
    ht->next = heap->threads;
    if (heap->threads)
        heap_thread(heap->threads)->previous = t;
    heap->threads = t;
    mutex_unlock(&heap->mutex);
    mutex_unlock(&heap->stop_mutex);
    resume(ht);
    end_held_up(heap);
}

/* Gives back what the thread had of the heap's memory, and takes it off the list. stop_mutex is held. */
static void detach(Heap *heap, HeapThread *ht) {
    heap_drop_number(ht);
    sweep_detach(ht);
    mutex_lock(&heap->mutex);
    heap_flush_finalizable(ht);
    if (ht->next)
        heap_thread(ht->next)->previous = ht->previous;
    if (ht->previous)
        heap_thread(ht->previous)->next = ht->next;
    else
        heap->threads = ht->next;
    mutex_unlock(&heap->mutex);
    for (size_t i = 0; i < ht->appended_count; i++) {
        fetch_and(&ht->appended[i].owner->meta, ~(uint32_t)META_APPENDED);
        if (fetch_and(&ht->appended[i].owner->meta, ~(uint32_t)META_OLD) & META_OLD)
            log_for(ht, ht->appended[i].owner);
    }
    ht->appended_count = 0;
    heap->resumptions_of_ended += ht->resumptions + 1;
    for (size_t i = 0; i < ht->logged_count; i++)
        if (!object_list_add(&heap->orphaned, ht->logged[i]))
            abort(); /* without the remembered set the heap would be corrupt */
}

void heap_detach_thread(Thread *t) {
    HeapThread *ht = heap_thread(t);
    Heap *heap = ht->heap;
    block_with_stack(ht, ht->stack_start); /* nothing on the stack is of use any more */
    begin_held_up(heap);
    mutex_lock(&heap->stop_mutex);
    detach(heap, ht);
    mutex_unlock(&heap->stop_mutex);
    end_held_up(heap);
    free(ht->logged);
    free(ht->appended);
}

static void abandon(void *context, Object *o) {
    Heap *heap = context;
    if (in_block_space(o))
        object_list_add(&heap->abandoned, o); /* no memory: it dies */
}

/* The frames of threads that are not here any more never end, nor do generators and files that they have open: that is the parent's
 * business. */
void heap_after_fork(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    Tracer tracer = {.heap = heap, .visit = abandon, .context = heap};
    for (Thread *other = heap->threads, *next; other; other = next) {
        next = heap_thread(other)->next;
        if (other == t)
            continue;
        heap_hooks.trace_thread(&tracer, other);
        trace_native_stack(&tracer, heap_thread(other));
        detach(heap, heap_thread(other));
    }
    markers_after_fork();
}

void heap_fork_lock(void) {
    mutex_lock(&tracer_mutex);
    markers_fork_lock();
    block_space_fork_lock();
    immortal_fork_lock();
}

void heap_fork_unlock(void) {
    immortal_fork_unlock();
    block_space_fork_unlock();
    markers_fork_unlock();
    mutex_unlock(&tracer_mutex);
}

void log_for(HeapThread *ht, Object *owner) {
    if (ht->logged_count == ht->logged_capacity) {
        size_t capacity = ht->logged_capacity ? ht->logged_capacity * 2 : 1024;
        Object **logged = realloc(ht->logged, capacity * sizeof *logged);
        if (!logged)
            abort(); /* without the remembered set the heap would be corrupt */
        ht->logged = logged;
        ht->logged_capacity = capacity;
    }
    ht->logged[ht->logged_count++] = owner;
}

/* Who comes first says from where on: all that was appended since the last collection lies behind. */
void heap_log_appended(Object *owner, const Value *from) {
    HeapThread *ht = heap_thread(current_thread);
    if (fetch_or(&owner->meta, (uint32_t)META_APPENDED) & META_APPENDED)
        return;
    if (ht->appended_count == ht->appended_capacity) {
        size_t capacity = ht->appended_capacity ? ht->appended_capacity * 2 : 16;
        AppendedEntry *appended = realloc(ht->appended, capacity * sizeof *appended);
        if (!appended) { /* all of it, then; the flag would stay, since only what is listed loses it */
            fetch_and(&owner->meta, ~(uint32_t)META_APPENDED);
            heap_log_slow(owner);
            return;
        }
        ht->appended = appended;
        ht->appended_capacity = capacity;
    }
    ht->appended[ht->appended_count++] = (AppendedEntry){owner, from};
}

void heap_log_slow(Object *owner) {
    uint32_t before = fetch_and(&owner->meta, ~(uint32_t)META_OLD);
    if (before & META_OLD)
        log_for(heap_thread(current_thread), owner);
}

Thread *heap_newest_thread(Thread *t) { return heap_thread(t)->heap->threads; }
void heap_each_other_thread(Thread *t, void (*visit)(Thread *other, void *context), void *context) {
    stop_world(t);
    for (Thread *other = heap_thread(t)->heap->threads; other; other = heap_thread(other)->next)
        if (other != t)
            visit(other, context);
    start_world(t);
}

size_t heap_thread_ids(Thread *t, uint64_t *ids, size_t capacity, uint64_t (*id)(const Thread *t)) {
    size_t count = 0;
    stop_world(t);
    for (Thread *other = heap_thread(t)->heap->threads; other && count < capacity; other = heap_thread(other)->next)
        ids[count++] = id(other);
    start_world(t);
    for (size_t i = 0; i < count / 2; i++) {
        uint64_t swap = ids[i];
        ids[i] = ids[count - 1 - i];
        ids[count - 1 - i] = swap;
    }
    return count;
}
