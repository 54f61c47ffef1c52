/* Weak references: a table from targets to the holders of references to them.
 *
 * Entries are kept in order of registration in one array, chained by a hash of the target. A young collection looks only at those
 * registered since the last one: of the others both sides are old. The table is guarded by the heap's weak_mutex; a reader of a
 * weak slot needs no lock: the collector clears slots while the world is stopped, and a target that a reader has loaded is on its
 * stack.
 */
#include "heap/internal.h"

#include <stdlib.h>
#include <string.h>

static size_t bucket_of(const WeakTable *table, const Object *target) {
    uint64_t h = (uintptr_t)target / GRANULE * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(h >> 32) & (table->bucket_count - 1);
}

static void link_entry(WeakTable *table, size_t index) {
    uint32_t *bucket = &table->buckets[bucket_of(table, table->entries[index].target)];
    table->entries[index].next = *bucket;
    *bucket = (uint32_t)index + 1;
}

/* Drops removed entries and links the rest anew. */
static void rebuild(WeakTable *table) {
    size_t kept = 0, old = table->old;
    for (size_t i = 0; i < table->count; i++) {
        if (i == old)
            table->old = kept;
        if (table->entries[i].holder)
            table->entries[kept++] = table->entries[i];
    }
    if (old >= table->count)
        table->old = kept;
    table->count = kept;
    table->removed = 0;
    memset(table->buckets, 0, table->bucket_count * sizeof *table->buckets);
    for (size_t i = 0; i < kept; i++)
        link_entry(table, i);
}

static bool make_room(WeakTable *table) {
    if (table->count < table->capacity)
        return true;
    if (table->removed > table->count / 2) {
        rebuild(table);
        return true;
    }
    size_t capacity = table->capacity ? table->capacity * 2 : 256;
    WeakEntry *entries = realloc(table->entries, capacity * sizeof *entries);
    if (!entries)
        return false;
    table->entries = entries;
    uint32_t *buckets = realloc(table->buckets, capacity * sizeof *buckets);
    if (!buckets)
        return false;
    table->buckets = buckets;
    table->bucket_count = capacity;
    table->capacity = capacity;
    rebuild(table);
    return true;
}

bool heap_weak_register(Thread *t, Object *holder, Value *slot, void (*on_clear)(Thread *t, Object *holder), bool watched) {
    Heap *heap = heap_thread(t)->heap;
    Object *target = (Object *)slot->bits;
    mutex_lock(&heap->weak_mutex);
    bool ok = make_room(&heap->weak);
    if (ok) {
        heap->weak.entries[heap->weak.count] = (WeakEntry){target, holder, slot, on_clear, 0, on_clear && watched};
        link_entry(&heap->weak, heap->weak.count++);
        fetch_or(&target->meta, (uint32_t)META_WEAKREFS);
    }
    mutex_unlock(&heap->weak_mutex);
    if (!ok)
        heap_hooks.no_memory(t);
    return ok;
}

void weak_begin_watch(Heap *heap) {
    mutex_lock(&heap->weak_mutex);
    for (size_t i = 0; i < heap->weak.count; i++)
        heap->weak.entries[i].watched = false;
    mutex_unlock(&heap->weak_mutex);
}

bool weak_is_watched(Heap *heap) {
    bool found = false;
    mutex_lock(&heap->weak_mutex);
    for (size_t i = 0; i < heap->weak.count && !found; i++)
        found = heap->weak.entries[i].holder && heap->weak.entries[i].watched;
    mutex_unlock(&heap->weak_mutex);
    return found;
}

size_t heap_weak_holders(Thread *t, Object *target, Object **holders, size_t capacity) {
    Heap *heap = heap_thread(t)->heap;
    if (!(load_relaxed(&target->meta) & META_WEAKREFS))
        return 0;
    size_t count = 0;
    mutex_lock(&heap->weak_mutex);
    WeakTable *table = &heap->weak;
    for (uint32_t i = table->count ? table->buckets[bucket_of(table, target)] : 0; i; i = table->entries[i - 1].next) {
        WeakEntry *entry = &table->entries[i - 1];
        if (entry->target != target || !entry->holder)
            continue;
        if (count < capacity)
            holders[count] = entry->holder;
        count++;
    }
    mutex_unlock(&heap->weak_mutex);
    size_t filled = count < capacity ? count : capacity; /* the chain has the newest first */
    for (size_t low = 0; low < filled / 2; low++) {
        Object *o = holders[low];
        holders[low] = holders[filled - 1 - low];
        holders[filled - 1 - low] = o;
    }
    return count;
}

size_t heap_weak_holders_published(Thread *t, Object *target, Object **holders, size_t capacity) {
    stop_world(t); /* a thread makes another one at any time */
    size_t count = heap_weak_holders(t, target, holders, capacity);
    heap_publish_due(heap_thread(t)->heap, holders, count < capacity ? count : capacity);
    start_world(t);
    return count;
}

void heap_weak_clear(Thread *t, Object *holder, Value *slot) {
    WeakTable *table = &heap_thread(t)->heap->weak;
    mutex_lock(&heap_thread(t)->heap->weak_mutex);
    Object *target = (Object *)load_relaxed(&slot->bits); /* NULL: cleared before, and forgotten then */
    for (uint32_t i = target ? table->buckets[bucket_of(table, target)] : 0; i; i = table->entries[i - 1].next) {
        WeakEntry *entry = &table->entries[i - 1];
        if (entry->holder != holder || entry->slot != slot)
            continue;
        store_release(&slot->bits, (uintptr_t)0);
        entry->holder = NULL;
        table->removed++;
        break;
    }
    mutex_unlock(&heap_thread(t)->heap->weak_mutex);
}

static void queue_callback(Heap *heap, WeakEntry *entry) {
    ObjectList *due = &heap->callbacks_due;
    size_t capacity = due->capacity;
    if (!object_list_add(due, entry->holder))
        return;
    if (due->capacity != capacity) {
        void *functions = realloc(heap->callbacks_functions, due->capacity * sizeof *heap->callbacks_functions);
        if (!functions) {
            due->count--;
            return;
        }
        heap->callbacks_functions = functions;
    }
    heap->callbacks_functions[due->count - 1] = entry->on_clear;
}

/* The chain has the newest first, and so callbacks are called youngest first. */
bool weak_clear_dead(Heap *heap, Object *target, bool marked) {
    WeakTable *table = &heap->weak;
    bool found = false;
    for (uint32_t i = table->count ? table->buckets[bucket_of(table, target)] : 0; i; i = table->entries[i - 1].next) {
        WeakEntry *entry = &table->entries[i - 1];
        if (entry->target != target || !entry->holder)
            continue;
        found = true;
        entry->slot->bits = 0;
        if ((!marked || is_marked(entry->holder)) && entry->on_clear)
            queue_callback(heap, entry);
        entry->holder = NULL;
        table->removed++;
    }
    return found;
}

void weak_sweep(Heap *heap, Generation generation) {
    WeakTable *table = &heap->weak;
    size_t first = generation == GENERATION_FULL ? 0 : table->old;
    for (size_t i = table->count; i-- > first;) { /* callbacks are called youngest first */
        WeakEntry *entry = &table->entries[i];
        if (!entry->holder)
            continue;
        bool holder_lives = is_marked(entry->holder);
        if (holder_lives && is_marked(entry->target))
            continue;
        entry->slot->bits = 0;
        if (holder_lives && entry->on_clear)
            queue_callback(heap, entry);
        entry->holder = NULL;
        table->removed++;
    }
    table->old = table->count;
    if (table->removed > table->count / 4)
        rebuild(table);
}
