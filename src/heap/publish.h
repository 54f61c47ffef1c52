/* Private cells: those that only the thread that made them can come by. It takes no lock for them and orders no store: nobody
 * looks. Most of what a program makes stays private until it dies.
 *
 * Every thread has a number while the process has several (no two ever have the same), which its new cells get as `owner`. A
 * cell is published when a reference to it is about to be stored where another thread may find it: into a cell that is not
 * private, or outside the heap. It loses its owner then, and so does all that is private and can be reached from it; hence
 * this, of which all depends:
 *
 *     what is not private refers to nothing that is.
 *
 * A thread that takes a new number publishes all that it has made so far at once. That is what happens when there are too many cells
 * to go through, when a thread looks at another's frames, or at all objects, and when a process with one thread starts another: until
 * then nothing is published.
 *
 * The one exception are the registers of a generator that others can come by: they may hold what is private to its `runner`, and
 * whoever else claims it publishes that first (vm/generator.h).
 *
 * Threads: a cell's `owner` is written by that thread (but see find_shared in types/weakref.c). HeapThread.owner changes by that
 * thread itself, or while the world is stopped, at a safepoint: hence never between taking an object's lock and letting go of it.
 */
#pragma once
#include "heap/cell.h"

#include <assert.h>

#ifdef KRAIT_UNTHREADED
#define runtime_threaded (*&(uint32_t){0})
#else
extern uint32_t runtime_threaded; /* set when a second thread starts, until one is left that has joined another, or is a fork's child */
#endif
static inline bool runs_alone(void) { return !load_relaxed(&runtime_threaded); }

/* NO_NUMBER: of a native thread without a Thread, or when none are left. No cell has it as its owner. */
enum : uint32_t { FIRST_NUMBER = UINT32_C(1) << 31, NO_NUMBER = UINT32_MAX };
extern _Thread_local const uint32_t *heap_own_number; /* HeapThread.owner of the running thread; never 0 while there are several */

/* These mean something while there are several threads. */
static inline bool is_private(const void *cell) { return load_relaxed(&((const Object *)cell)->owner) == load_relaxed(heap_own_number); }
static inline bool is_private_value(Value v) { return is_pointer_bits(v.bits) && is_private((void *)v.bits); }

void heap_publish(Object *o); /* it is private */
void heap_publish_held_by(Object *owner);
/* All that the thread with this number has made so far, if it is another one of the heap. */
void heap_publish_of(Thread *t, uint32_t number);
/* With the world stopped: what can be reached from `more`, or by finalizers and callbacks that are due, which run in whatever thread
 * comes first. Whichever thread has made it. */
void heap_publish_due(Heap *heap, Object *const *more, size_t count);
/* The process is about to have a second thread, or has one again: called by the only one, or with the world of its heap stopped. */
void heap_begin_numbers(Thread *t);
void heap_end_numbers(Thread *t);
/* stop_world, in order to look at what is other threads': all that any thread of the heap has made so far is published. */
void heap_stop_and_publish(Thread *t);
#ifndef NDEBUG
void heap_check_reached(const void *cell); /* the running thread has come by it: it is not private to another */
/* The lock of a private cell is taken, which means nothing, or let go of: in between it stays private. */
void heap_check_private_lock(const void *cell, bool taken);
#else
static inline void heap_check_reached(const void *cell) {}
static inline void heap_check_private_lock(const void *cell, bool taken) {}
#endif

/* `value` is about to be stored where other threads may find it. */
static inline void publish(Value value) {
    if (unlikely(load_relaxed(&runtime_threaded)) && is_private_value(value))
        heap_publish((Object *)value.bits);
}
/* The same if `owner` is not private, into which it is about to be stored. */
static inline void publish_into(const void *owner, Value value) {
    if (unlikely(load_relaxed(&runtime_threaded)) && is_pointer_bits(value.bits)) {
        heap_check_reached((void *)value.bits);
        if (!is_private(owner) && is_private((void *)value.bits))
            heap_publish((Object *)value.bits);
    }
}
static inline void publish_many_into(const void *owner, const Value *values, size_t count) {
    if (unlikely(load_relaxed(&runtime_threaded)) && !is_private(owner))
        for (size_t i = 0; i < count; i++)
            publish(values[i]);
}
/* All that `owner` refers to, if it is not private. */
static inline void publish_held_by(void *owner) {
    if (unlikely(load_relaxed(&runtime_threaded)) && !is_private(owner))
        heap_publish_held_by((Object *)owner);
}
/* Whether nobody else can come by the cell: it needs no lock. */
static inline bool is_own(const void *cell) { return !unlikely(load_relaxed(&runtime_threaded)) || is_private(cell); }
/* A new cell that gets nothing but what a published one holds is published without a look at what it refers to. */
static inline void mark_published(void *cell) { store_relaxed(&((Object *)cell)->owner, 0u); }
static inline void mark_published_as(const void *owner, void *cell) {
    if (!is_own(owner))
        mark_published(cell);
}
