/* The death of objects with a finalizer.
 *
 * After marking, the unmarked objects of the finalizable list are dead. Those with a __del__ that did not run yet
 * are kept, with all that they reach, until it has run: all in one cycle, holders before what they hold (the
 * reverse of a depth-first postorder; cycles are cut where the search enters them), as reference counting would.
 * Then everything still unmarked that owns memory or descriptors outside the heap releases it.
 *
 * Threads: the sweeps run in a stopped world. Finalizers run on whichever thread reaches a safepoint first, one
 * thread at a time, without any lock held.
 */
#include "heap/internal.h"

#include <stdlib.h>
#include <string.h>

static bool wants_finalizer(Object *o) {
    return !(o->meta & META_FINALIZED) && heap_hooks.wants_finalizer && heap_hooks.wants_finalizer(o);
}

static void finished(void *context, Object *o) {
    Heap *heap = context;
    o->meta |= META_FINALIZED;
    object_list_add(&heap->finalizers_due, o); /* no memory: it is simply not finalized */
}

bool finalizer_queue(Heap *heap, Object *o) {
    bool wants = wants_finalizer(o);
    if (wants)
        finished(heap, o);
    return wants;
}

void finalizable_sweep(Heap *heap, Tracer *tracer, Generation generation) {
    ObjectList *list = &heap->finalizable, *due = &heap->finalizers_due;
    if (heap->finalizers_next == due->count)
        heap->finalizers_next = due->count = 0;
    size_t first = due->count;
    tracer->mode = TRACE_POSTORDER;
    /* Oldest first: reversed below, the youngest of unrelated objects would otherwise come first. */
    for (size_t i = list->count, oldest = generation == GENERATION_FULL ? 0 : heap->finalizable_old; i-- > oldest;) {
        Object *o = list->items[i];
        if (is_marked(o) || !wants_finalizer(o))
            continue;
        trace_object(tracer, o);
        tracer_drain_postorder(tracer, wants_finalizer, finished, heap);
    }
    tracer->mode = TRACE_MARKING;
    for (size_t low = first, high = due->count; low + 1 < high; low++) {
        Object *o = due->items[low];
        due->items[low] = due->items[--high];
        due->items[high] = o;
    }
}

void finalizable_release(Heap *heap, Generation generation) {
    ObjectList *list = &heap->finalizable;
    size_t first = generation == GENERATION_FULL ? 0 : heap->finalizable_old, kept = first, unwatched = heap->unwatched;
    for (size_t i = first; i < list->count; i++) {
        if (i == unwatched)
            heap->unwatched = kept;
        Object *o = list->items[i];
        TypeHead *head = type_head(o);
        if (!is_marked(o)) {
            if (head->release)
                head->release(o);
        } else if (head->release || !(o->meta & META_FINALIZED)) {
            list->items[kept++] = o;
        }
    }
    if (unwatched >= list->count)
        heap->unwatched = kept;
    heap->finalizable_old = list->count = kept;
}

void heap_begin_watch(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    mutex_lock(&heap->mutex);
    heap_flush_finalizable(heap_thread(t));
    heap->unwatched = heap->finalizable.count;
    mutex_unlock(&heap->mutex);
    weak_begin_watch(heap);
    store_relaxed(&heap->program_runs, true);
}

void heap_watch(Thread *t) { store_relaxed(&heap_thread(t)->heap->watched, true); }

bool heap_is_watched(Thread *t) {
    Heap *heap = heap_thread(t)->heap;
    bool found = load_relaxed(&heap->watched) || due_pending(heap); /* a collection on the way here may have found it dead */
    mutex_lock(&heap->mutex);
    found |= due_pending(heap); /* found dead, but not run yet */
    heap_flush_finalizable(heap_thread(t));
    for (size_t i = heap->unwatched; i < heap->finalizable.count && !found; i++)
        found = !(type_head(heap->finalizable.items[i])->cell_flags & CELL_INTERNAL) && wants_finalizer(heap->finalizable.items[i]);
    mutex_unlock(&heap->mutex);
    return found || weak_is_watched(heap);
}

bool heap_awaits_finalizer(Thread *t, bool (*picks)(void *context, Object *o), void *context) {
    Heap *heap = heap_thread(t)->heap;
    bool found = false;
    mutex_lock(&heap->mutex);
    heap_flush_finalizable(heap_thread(t));
    for (size_t i = 0; i < heap->finalizable.count && !found; i++)
        found = wants_finalizer(heap->finalizable.items[i]) && picks(context, heap->finalizable.items[i]);
    mutex_unlock(&heap->mutex);
    return found;
}

/* Takes the next finalizer or callback that is due. */
static Object *take_due(Heap *heap, void (**callback)(Thread *t, Object *holder)) {
    Object *o = NULL;
    mutex_lock(&heap->mutex);
    if (heap->callbacks_next < heap->callbacks_due.count) {
        *callback = heap->callbacks_functions[heap->callbacks_next];
        o = heap->callbacks_due.items[heap->callbacks_next++];
    } else if (heap->finalizers_next < heap->finalizers_due.count) {
        *callback = NULL;
        o = heap->finalizers_due.items[heap->finalizers_next++];
    } else {
        heap->callbacks_next = heap->callbacks_due.count = 0;
        heap->finalizers_next = heap->finalizers_due.count = 0;
    }
    mutex_unlock(&heap->mutex);
    return o;
}

void heap_run_due(Thread *t) {
    HeapThread *ht = heap_thread(t);
    if (ht->in_finalizers)
        return;
    ht->in_finalizers = true;
    void (*callback)(Thread *t, Object *holder);
    Object *o;
    while (!(load_relaxed(&ht->poll) & POLL_SIGNAL) && (o = take_due(ht->heap, &callback))) {
        if (callback)
            callback(t, o);
        else
            heap_hooks.run_finalizer(t, o);
    }
    ht->in_finalizers = false;
    if (due_pending_now(ht->heap)) /* a signal goes first: raised in a finalizer or callback, its exception would be lost */
        thread_request(t, POLL_FINALIZERS);
}
