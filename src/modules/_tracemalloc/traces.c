/* See traces.h. */
#include "modules/_tracemalloc/traces.h"

#include "object/isolate.h"
#include "vm/frame.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1 << 10 };

static size_t slot_of_cell(uintptr_t cell, size_t capacity) {
    return (size_t)((cell >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (capacity - 1);
}

/* The cell's entry, or the free one where it would stand. */
static TracedCell *entry_of(TracedCell *cells, size_t capacity, uintptr_t cell) {
    size_t i = slot_of_cell(cell, capacity);
    while (cells[i].cell && cells[i].cell != cell) i = (i + 1) & (capacity - 1);
    return &cells[i];
}

/* Room for another cell, without those that are gone. */
static bool make_room(AllocationTraces *a) {
    if (a->cell_used * 4 < a->cell_capacity * 3)
        return true;
    size_t capacity = a->cell_capacity ? a->cell_capacity : FIRST_CAPACITY;
    while (a->cell_count * 2 >= capacity) capacity *= 2;
    TracedCell *cells = calloc(capacity, sizeof *cells);
    if (!cells)
        return false;
    for (size_t i = 0; i < a->cell_capacity; i++)
        if (a->cells[i].cell > TRACED_GONE)
            *entry_of(cells, capacity, a->cells[i].cell) = a->cells[i];
    a->memory += (capacity - a->cell_capacity) * sizeof *cells;
    free(a->cells);
    a->cells = cells;
    a->cell_capacity = capacity;
    a->cell_used = a->cell_count;
    return true;
}

static bool index_tracebacks(AllocationTraces *a) {
    if (a->traceback_count * 2 < a->index_capacity)
        return true;
    size_t capacity = a->index_capacity ? a->index_capacity * 2 : FIRST_CAPACITY;
    uint32_t *index = calloc(capacity, sizeof *index);
    if (!index)
        return false;
    for (size_t i = 0; i < a->traceback_count; i++) {
        size_t at = a->tracebacks[i]->hash & (capacity - 1);
        while (index[at]) at = (at + 1) & (capacity - 1);
        index[at] = (uint32_t)i + 1;
    }
    a->memory += (capacity - a->index_capacity) * sizeof *index;
    free(a->index);
    a->index = index;
    a->index_capacity = capacity;
    return true;
}

static bool is_same_place(Place place, Frame *f) { return place.code == f->code && place.instruction == frame_index(f); }

static bool is_at(const TracebackRecord *record, Frame *f) {
    for (uint32_t i = 0; i < record->count; i++, f = frame_caller(f))
        if (!is_same_place(record->places[i], f))
            return false;
    return true;
}

/* The index of the traceback of a thread that is at `frame`. SIZE_MAX: no memory. */
static size_t find_traceback(AllocationTraces *a, Frame *frame) {
    uint32_t depth = 0, count = 0;
    uint64_t hash = 0;
    for (Frame *f = frame; frame_is_real(f) && depth < MOST_FRAMES; f = frame_caller(f), depth++) {
        if (count == a->limit)
            continue;
        hash = (hash ^ ((uintptr_t)f->code + frame_index(f))) * UINT64_C(0x9E3779B97F4A7C15);
        count++;
    }
    hash = hash >> 32 ^ depth;
    if (!index_tracebacks(a))
        return SIZE_MAX;
    size_t at = hash & (a->index_capacity - 1);
    for (; a->index[at]; at = (at + 1) & (a->index_capacity - 1)) {
        TracebackRecord *known = a->tracebacks[a->index[at] - 1];
        if (known->hash == (uint32_t)hash && known->depth == depth && known->count == count && is_at(known, frame))
            return a->index[at] - 1;
    }
    if (a->traceback_count == a->traceback_capacity) {
        size_t capacity = a->traceback_capacity ? a->traceback_capacity * 2 : FIRST_CAPACITY;
        TracebackRecord **grown = capacity < UINT32_MAX ? realloc(a->tracebacks, capacity * sizeof *grown) : NULL;
        if (!grown)
            return SIZE_MAX;
        a->memory += (capacity - a->traceback_capacity) * sizeof *grown;
        a->tracebacks = grown;
        a->traceback_capacity = capacity;
    }
    TracebackRecord *record = malloc(sizeof *record + count * sizeof *record->places);
    if (!record)
        return SIZE_MAX;
    a->memory += sizeof *record + count * sizeof *record->places;
    record->hash = (uint32_t)hash;
    record->depth = depth;
    record->count = count;
    for (uint32_t i = 0; i < count; i++, frame = frame_caller(frame))
        record->places[i] = (Place){frame->code, frame_index(frame)};
    a->tracebacks[a->traceback_count] = record;
    a->index[at] = (uint32_t)++a->traceback_count;
    return a->traceback_count - 1;
}

/* Without memory for it a cell is not written down. */
static void note_made(Thread *t, Object *o, size_t size) {
    AllocationTraces *a = t->isolate->allocation_traces;
    if (!a)
        return;
    mutex_lock(&a->mutex);
    size_t traceback = make_room(a) ? find_traceback(a, t->frame) : SIZE_MAX;
    if (traceback != SIZE_MAX) {
        TracedCell *entry = entry_of(a->cells, a->cell_capacity, (uintptr_t)o);
        if (!entry->cell) {
            a->cell_used++;
            a->cell_count++;
        }
        a->bytes += size - (entry->cell ? entry->size : 0);
        *entry = (TracedCell){(uintptr_t)o, size, (uint32_t)traceback};
        if (a->bytes > a->peak)
            a->peak = a->bytes;
    }
    mutex_unlock(&a->mutex);
}

static void note_died(Thread *t) {
    AllocationTraces *a = t->isolate->allocation_traces;
    for (size_t i = 0; a && i < a->cell_capacity; i++) {
        TracedCell *entry = &a->cells[i];
        if (entry->cell <= TRACED_GONE || !heap_is_dying((void *)entry->cell))
            continue;
        a->bytes -= entry->size;
        a->cell_count--;
        *entry = (TracedCell){.cell = TRACED_GONE};
    }
}

static void free_traces(AllocationTraces *a) {
    for (size_t i = 0; i < a->traceback_count; i++)
        free(a->tracebacks[i]);
    free(a->tracebacks);
    free(a->index);
    free(a->cells);
    free(a);
}

void traces_release(AllocationTraces *a) {
    if (a && fetch_sub(&a->holders, 1) == 1)
        free_traces(a);
}

static void trace_table(Tracer *tracer, AllocationTraces *a) {
    for (size_t i = 0; i < a->traceback_count; i++)
        for (uint32_t k = 0; k < a->tracebacks[i]->count; k++)
            trace_object(tracer, a->tracebacks[i]->places[k].code);
}

static void trace_codes(Tracer *tracer, Isolate *isolate) {
    if (isolate->allocation_traces)
        trace_table(tracer, isolate->allocation_traces);
    for (AllocationTraces **link = &isolate->replaced_traces, *a; (a = *link) != NULL;) {
        if (load_acquire(&a->holders) > 1) {
            trace_table(tracer, a);
            link = &a->next;
        } else {
            *link = a->next;
            free_traces(a);
        }
    }
}

static void forget_isolate(Isolate *isolate) {
    traces_release(isolate->allocation_traces);
    for (AllocationTraces *a = isolate->replaced_traces, *next; a; a = next) {
        next = a->next;
        traces_release(a);
    }
}

typedef struct Replacement {
    Isolate *isolate;
    AllocationTraces *by;
} Replacement;

static void replace(void *context) {
    Replacement *r = context;
    AllocationTraces *old = r->isolate->allocation_traces;
    r->isolate->allocation_traces = r->by;
    r->by = old;
    if (old && load_acquire(&old->holders) > 1) {
        old->next = r->isolate->replaced_traces;
        r->isolate->replaced_traces = old;
        r->by = NULL;
    }
}

bool traces_replace(Thread *t, uint32_t limit) {
    Replacement r = {t->isolate, NULL};
    if (limit) {
        r.by = calloc(1, sizeof *r.by);
        if (!r.by)
            return false;
        r.by->holders = 1;
        r.by->limit = limit;
        store_relaxed(&heap_hooks.cell_made, note_made);
        store_relaxed(&heap_hooks.cells_died, note_died);
        store_relaxed(&isolate_hooks.trace_allocations, trace_codes);
        store_relaxed(&isolate_hooks.free_allocations, forget_isolate);
    }
    heap_trace_allocations(t, limit != 0, replace, &r);
    traces_release(r.by);
    return true;
}

/* The running thread is at no safepoint here: nobody replaces the table meanwhile. */
AllocationTraces *traces_hold(Thread *t) {
    AllocationTraces *a = t->isolate->allocation_traces;
    if (a)
        fetch_add(&a->holders, 1);
    return a;
}

bool traces_find(AllocationTraces *a, const void *cell, TracedCell *found) {
    mutex_lock(&a->mutex);
    TracedCell *entry = a->cell_capacity ? entry_of(a->cells, a->cell_capacity, (uintptr_t)cell) : NULL;
    bool there = entry && entry->cell;
    if (there)
        *found = *entry;
    mutex_unlock(&a->mutex);
    return there;
}
