/* What only stacks refer to stays young.
 *
 * What a function has at hand when a collection comes is mostly dead soon after. And a word on a native stack may be a leftover in a part
 * of a frame that nothing was written to yet: what it refers to must be kept, but is often dead already. Were all that made old, it would
 * stay until the next full collection, with all that it holds, and leave short holes in the blocks around it. So a young collection
 * marks from frames and native stacks last: what it finds then is referred to by nothing else that lives, and by nothing old. As long as
 * it is little it loses its mark again after the sweep and is young once more: the next collection looks at it anew. Its blocks are
 * not allocated from until that one has swept them, for the list of blocks to sweep is made of those that were; so they must be few.
 *
 * Not for what has a finalizer or has to do with weak references: of those the young are told from the old by their place in a list.
 *
 * Where several threads use the heap each sweeps its blocks later, by the marks. Then the heap remembers what is ambiguous (rejuvenated),
 * and who sweeps such a block clears these marks and puts it back among those that the next collection leaves to be swept.
 *
 * Threads: the world is stopped, but for ambiguous_rejuvenate_block: that is called by the thread whose block it is. The list does not
 * change while the world runs; marks are atomic there, since other threads look at them (heap_is_young).
 */
#include "heap/internal.h"

void ambiguous_begin(Heap *heap, Tracer *tracer) {
    tracer->ambiguous_bytes = 0;
    tracer->mode = TRACE_AMBIGUOUS;
}

/* It is too much, or of the wrong kind: let it grow old. */
static void give_up(Tracer *tracer) {
    tracer->mode = TRACE_MARKING;
    tracer->ambiguous_count = 0;
}

void ambiguous_note(Tracer *tracer, Object *o) {
    tracer->ambiguous_bytes += heap_cell_size(o);
    if (tracer->ambiguous_count == MOST_AMBIGUOUS || tracer->ambiguous_bytes > MOST_AMBIGUOUS_BYTES)
        give_up(tracer);
    else
        tracer->ambiguous[tracer->ambiguous_count++] = o;
}

void ambiguous_end(Tracer *tracer) { tracer->mode = TRACE_MARKING; }

/* Among what was marked only the ambiguous is not old (no leaf has a finalizer or is weakly referenced). */
static bool is_young(Object *o) { return is_marked(o) && !(o->meta & META_OLD); }

static bool is_in_lists(const Heap *heap) {
    for (size_t i = heap->finalizable_old; i < heap->finalizable.count; i++)
        if (is_young(heap->finalizable.items[i]))
            return true;
    for (size_t i = heap->weak.old; i < heap->weak.count; i++)
        if (heap->weak.entries[i].holder && (is_young(heap->weak.entries[i].holder) || is_young(heap->weak.entries[i].target)))
            return true;
    return false;
}

static void set_old(Tracer *tracer, bool old) {
    for (size_t i = 0; i < tracer->ambiguous_count; i++) {
        Object *o = tracer->ambiguous[i];
        if (block_space.kinds[block_index(o)] != BLOCK_LEAF)
            o->meta = old ? o->meta | META_OLD : o->meta & ~(uint32_t)META_OLD;
    }
}

/* All is marked but what finalizers need. */
void ambiguous_settle(Heap *heap, Tracer *tracer) {
    set_old(tracer, false);
    if (tracer->ambiguous_count && is_in_lists(heap))
        ambiguous_grow_old(tracer);
}

/* What was dead is old now if a finalizer needs it, and may refer to what is ambiguous. */
void ambiguous_grow_old(Tracer *tracer) {
    set_old(tracer, true);
    tracer->ambiguous_count = 0;
}

static void release_blocks(const Tracer *tracer) {
    for (size_t i = 0; i < tracer->ambiguous_count; i++)
        block_of(tracer->ambiguous[i])->ambiguous = false;
}

/* Before the sweep: their blocks are not to be offered. No more than what is allocated from one collection to the next is kept from use. */
void ambiguous_hold(const Heap *heap, Tracer *tracer) {
    size_t held = 0;
    for (size_t i = 0; i < tracer->ambiguous_count; i++) {
        Block *block = block_of(tracer->ambiguous[i]);
        held += block->ambiguous || !block->cell_size ? 0 : BLOCK_SIZE;
        block->ambiguous = true;
    }
    if (held > heap->young_budget) {
        release_blocks(tracer);
        ambiguous_grow_old(tracer);
    }
}

static void clear_mark(Object *o) {
    uint64_t *word = &block_of(o)->mark[granule_of(o) / 64];
    store_relaxed(word, load_relaxed(word) & ~(UINT64_C(1) << granule_of(o) % 64));
}

/* After the sweep. */
void ambiguous_rejuvenate(Heap *heap, Tracer *tracer) {
    heap->rejuvenated_count = 0; /* their blocks have been swept since: sweep_finish */
    for (size_t i = 0; i < tracer->ambiguous_count; i++) {
        Object *o = tracer->ambiguous[i];
        Block *block = block_of(o);
        if (block->touched) { /* a thread is going to sweep it */
            heap->rejuvenated[heap->rejuvenated_count++] = o;
            continue;
        }
        clear_mark(o);
        if (block->ambiguous && !block_list_add(&heap->ambiguous_blocks, block))
            heap->sweep_all = true;
        block->ambiguous = false;
    }
    tracer->ambiguous_count = 0;
}

/* The block was just swept. */
void ambiguous_rejuvenate_block(const Heap *heap, Block *block) {
    for (size_t i = 0; i < heap->rejuvenated_count; i++)
        if (block_of(heap->rejuvenated[i]) == block)
            clear_mark(heap->rejuvenated[i]);
    block->ambiguous = false;
}
