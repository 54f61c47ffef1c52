/* Publishing: see publish.h.
 *
 * Threads: goes through cells that are private to the calling thread, and changes those only, or to any while the world is stopped.
 * The table of numbers for checks is atomic and may miss some.
 */
#include "heap/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const uint32_t heap_no_number = NO_NUMBER;
_Thread_local const uint32_t *heap_own_number = &heap_no_number;

static uint64_t numbers_given; /* atomic */

#if !defined(NDEBUG) || defined(HEAP_CHECKS)
enum { CHECKED_NUMBERS = 1 << 16 };
static uint32_t current_numbers[CHECKED_NUMBERS]; /* atomic; by their lowest bits */

static void note_number(uint32_t before, uint32_t now) {
    if (before && load_relaxed(&current_numbers[before % CHECKED_NUMBERS]) == before)
        store_relaxed(&current_numbers[before % CHECKED_NUMBERS], 0u);
    if (now)
        store_relaxed(&current_numbers[now % CHECKED_NUMBERS], now);
}

uint32_t heap_private_to(const Object *o) {
    uint32_t owner = load_relaxed(&o->owner);
    return !runs_alone() && owner && load_relaxed(&current_numbers[owner % CHECKED_NUMBERS]) == owner ? owner : 0;
}

#ifndef NDEBUG
static _Thread_local const void *private_lock;

void heap_check_private_lock(const void *cell, bool taken) {
    assert(private_lock == (taken ? NULL : cell));
    private_lock = taken ? cell : NULL;
}

void heap_check_reached(const void *cell) {
    uint32_t owner = load_relaxed(&((const Object *)cell)->owner);
    if (likely(!owner || owner == load_relaxed(heap_own_number) || load_relaxed(&current_numbers[owner % CHECKED_NUMBERS]) != owner))
        return;
    if (load_relaxed(&((const Object *)cell)->owner) != owner)
        return;
    const Object *o = cell;
    fprintf(stderr, "krait: heap: a thread has come by %s at %p, which is private to thread number %u: not published?\n",
            o->type ? *(const char **)(type_head((Object *)o) + 1) : "a cell without type", cell, owner); /* as in verify.c */
    abort();
}
#endif
#else
static void note_number(uint32_t before, uint32_t now) {}
#endif

/* The thread's lock of a private cell, if it has any, is not of this one; NULL: of none. */
static void check_unlocked(const HeapThread *ht, const Object *o) {
#ifndef NDEBUG
    assert(ht != heap_thread(thread_current()) || (o ? private_lock != o : private_lock == NULL));
#endif
}

void heap_set_number(HeapThread *ht, bool threaded) {
    uint32_t number = 0;
    if (threaded) {
        uint64_t next = FIRST_NUMBER + fetch_add(&numbers_given, UINT64_C(1));
        number = next < NO_NUMBER ? (uint32_t)next : NO_NUMBER; /* none left: nothing is private any more */
    }
    check_unlocked(ht, NULL);
    note_number(ht->owner, number);
    ht->numbering = heap_numbering;
    store_relaxed(&ht->owner, number);
    for (int class = 0; class < HEAP_SIZE_CLASSES; class++)
        ht->runs[class].end = ht->runs[class].next; /* the rest of these has another owner: see allocate.c */
}

void heap_drop_number(HeapThread *ht) { note_number(ht->owner, 0); }

uint32_t heap_numbering;

/* All threads of the heap get another number. */
static void renew_numbers(Heap *heap) {
    for (Thread *t = heap->threads; t; t = heap_thread(t)->next)
        heap_set_number(heap_thread(t), true);
}

void heap_begin_numbers(Thread *t) {
    heap_numbering++;
    renew_numbers(heap_thread(t)->heap);
}

void heap_end_numbers(Thread *t) { heap_set_number(heap_thread(t), false); }

void heap_stop_and_publish(Thread *t) {
    stop_world(t);
    if (!runs_alone())
        renew_numbers(heap_thread(t)->heap);
}

/* Another thread that has the number. The mutex is held, or the world stopped. */
static Thread *thread_numbered(Thread *t, uint32_t number) {
    Thread *other = heap_thread(t)->heap->threads;
    while (other && (other == t || load_relaxed(&heap_thread(other)->owner) != number))
        other = heap_thread(other)->next;
    return other;
}

void heap_publish_of(Thread *t, uint32_t number) {
    Heap *heap = heap_thread(t)->heap;
    if (runs_alone())
        return;
    mutex_lock(&heap->mutex);
    bool current = thread_numbered(t, number);
    mutex_unlock(&heap->mutex);
    if (!current)
        return;
    stop_world(t);
    Thread *other = thread_numbered(t, number);
    if (other)
        heap_set_number(heap_thread(other), true);
    start_world(t);
}

/* What was published and is still to be gone through. */
typedef struct Publication {
    Tracer tracer;
    HeapThread *ht;
    uint32_t numbers[16]; /* of the threads to which it was private */
    size_t number_count;
    Object **stack;
    size_t depth, capacity, count;
    bool gave_up;
    Object *few[64];
} Publication;

enum { MOST_PUBLISHED = 1 << 14 }; /* then all at once: a thread must not be long on its way to a safepoint */

static inline bool is_private_to_any(const Publication *p, uint32_t owner) {
    for (size_t i = 0; i < p->number_count; i++)
        if (p->numbers[i] == owner)
            return true;
    return false;
}

static void reach(void *context, Object *o) {
    Publication *p = context;
    if (!is_private_to_any(p, load_relaxed(&o->owner)) || p->gave_up)
        return;
    check_unlocked(p->ht, o);
    store_relaxed(&o->owner, 0u);
    if (!o->type)
        return;
    if (p->depth == p->capacity) {
        size_t capacity = p->capacity * 2;
        Object **stack = p->stack == p->few ? malloc(capacity * sizeof *stack) : realloc(p->stack, capacity * sizeof *stack);
        if (!stack) {
            p->gave_up = true;
            return;
        }
        if (p->stack == p->few)
            for (size_t i = 0; i < p->depth; i++)
                stack[i] = p->few[i];
        p->stack = stack;
        p->capacity = capacity;
    }
    p->stack[p->depth++] = o;
}

/* Goes through what was reached. If that is too much, false. */
static bool reach_all(Publication *p) {
    while (p->depth && !p->gave_up) {
        Object *o = p->stack[--p->depth];
        reach(p, (Object *)o->type);
        if (type_head(o)->trace)
            type_head(o)->trace(&p->tracer, o);
        if (++p->count > MOST_PUBLISHED)
            p->gave_up = true;
    }
    if (p->stack != p->few)
        free(p->stack);
    return !p->gave_up;
}

static void begin(Publication *p, HeapThread *ht) {
    p->ht = ht;
    p->numbers[0] = ht->owner;
    p->number_count = 1;
    p->stack = p->few;
    p->depth = p->count = 0;
    p->gave_up = false;
    p->capacity = sizeof p->few / sizeof *p->few;
    memset(&p->tracer, 0, offsetof(Tracer, ambiguous));
    p->tracer.heap = p->ht->heap;
    p->tracer.visit = reach;
    p->tracer.context = p;
    p->tracer.publishes = true;
}

/* What the running thread has made and reached. */
static void publish_reached(Publication *p) {
    if (!reach_all(p))
        heap_set_number(p->ht, true);
}

void heap_publish(Object *o) {
    Publication p;
    begin(&p, heap_thread(thread_current()));
    reach(&p, o);
    publish_reached(&p);
}

void heap_publish_held_by(Object *owner) {
    Publication p;
    begin(&p, heap_thread(thread_current()));
    reach(&p, (Object *)owner->type);
    if (type_head(owner)->trace)
        type_head(owner)->trace(&p.tracer, owner);
    publish_reached(&p);
}

static void reach_each(Publication *p, Object *const *objects, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        reach(p, objects[i]);
}

void heap_publish_due(Heap *heap, Object *const *more, size_t count) {
    Publication p;
    if (runs_alone() || !heap->threads)
        return;
    begin(&p, heap_thread(heap->threads));
    for (Thread *t = heap_thread(heap->threads)->next; t; t = heap_thread(t)->next) {
        if (p.number_count == sizeof p.numbers / sizeof *p.numbers) {
            renew_numbers(heap);
            return;
        }
        p.numbers[p.number_count++] = heap_thread(t)->owner;
    }
    reach_each(&p, heap->finalizers_due.items, heap->finalizers_next, heap->finalizers_due.count);
    reach_each(&p, heap->callbacks_due.items, heap->callbacks_next, heap->callbacks_due.count);
    reach_each(&p, more, 0, count);
    if (!reach_all(&p))
        renew_numbers(heap);
}

bool trace_publishes(const Tracer *tracer) { return tracer->publishes; }
