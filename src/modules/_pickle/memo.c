/* The pickler's memo: open addressing by address, no deletion.
 *
 * Addresses never change, since the collector does not move cells. Immediate values never get here.
 * Threads: the table belongs to the one Pickler that is claimed (pickle.h).
 */
#include "modules/_pickle/pickle.h"

static void trace_table(Tracer *tracer, Object *o) {
    MemoTable *table = (MemoTable *)o;
    for (size_t i = 0; i < table->size; i++)
        trace_value(tracer, table->entries[i].object);
}

STATIC_TYPE(pickler_memo_table_type) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = trace_table, .cell_flags = CELL_INTERNAL},
    .name_text = "_pickle.memo_table",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MemoTable),
};

/* The object's entry, or the free one where it belongs. */
static MemoEntry *entry_of(MemoTable *table, Value object) {
    size_t mask = table->size - 1;
    size_t i = (size_t)((object.bits >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    while (present(table->entries[i].object) && !same(table->entries[i].object, object))
        i = (i + 1) & mask;
    return &table->entries[i];
}

bool pickler_memo_find(const MemoTable *memo, Value object, size_t *index) {
    if (memo == NULL)
        return false;
    MemoEntry *e = entry_of((MemoTable *)memo, object);
    *index = e->index;
    return present(e->object);
}

static MemoTable *table_new(Thread *t, size_t size) {
    MemoTable *table = heap_allocate(t, &pickler_memo_table_type, sizeof(MemoTable) + size * sizeof(MemoEntry));
    if (table)
        table->size = size;
    return table;
}

static bool grow(Thread *t, Pickler *p) {
    MemoTable *old = p->memo, *table = table_new(t, old ? old->size * 4 : 16);
    if (table == NULL)
        return false;
    for (size_t i = 0; old && i < old->size; i++)
        if (present(old->entries[i].object))
            *entry_of(table, old->entries[i].object) = old->entries[i]; /* NOBARRIER: just allocated */
    table->used = old ? old->used : 0;
    store(p, (Value *)&p->memo, from_object(table));
    return true;
}

bool pickler_memo_add(Thread *t, Pickler *p, Value object, size_t index) {
    if ((p->memo == NULL || (p->memo->used + 1) * 2 > p->memo->size) && !grow(t, p))
        return false;
    MemoEntry *e = entry_of(p->memo, object);
    p->memo->used += absent(e->object);
    e->index = index;
    store(p->memo, &e->object, object);
    return true;
}
