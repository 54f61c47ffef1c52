/* Prompt finalization: see drop.h. */
#include "vm/drop.h"

#include "heap/drop.h"
#include "object/type_internal.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/tuple.h"
#include "vm/generator.h"
#include "vm/interpret.h"
#include "vm/tracing.h"

/* Of the account, in about ten nanoseconds each. */
enum { FIRST_CREDIT = 800000, MOST_CREDIT = 1000000, BYTES_FOR_ONE = 1024, MOST_PASSED = 1024, LINGER = 1000 };
enum { WORTH_COLLECTING = 48 << 10 }; /* bytes */
static const void *const look_table[];

static void earn(Thread *t) {
    Drops *d = &t->drops;
    uint64_t allocated = heap_allocated_in_all(t->heap.heap);
    if (d->counted == 0)
        d->credit = t->is_main ? FIRST_CREDIT : 0; /* threads are to begin and end quickly */
    else
        d->credit += (int64_t)((allocated - d->counted) / BYTES_FOR_ONE);
    if (d->credit > MOST_CREDIT)
        d->credit = MOST_CREDIT;
    d->counted = allocated;
}

/* ---- notes ---- */

/* Not while the thread is traced: then the tracing table's handler looks as well. */
static void begin(Thread *t) {
    if (t->dispatch == dispatch_table)
        t->dispatch = look_table;
}

static bool is_on(Thread *t) {
    if (!heap_program_runs(t->heap.heap) || t->heap.in_finalizers) /* which are run one after the other */
        return false;
    if (t->drops.credit <= 0)
        earn(t);
    return t->drops.credit > 0;
}

/* An old object costs a look at all objects. */
static bool affordable(Thread *t, Object *o) {
    if (heap_is_young(t->heap.heap, o))
        return true;
    earn(t);
    return drop_is_noticed(from_object(o)) && t->drops.credit > (int64_t)heap_cost_of_full_look(t->heap.heap);
}

/* Functions and modules lead to whole namespaces. */
static bool is_of_interest(Value v) {
    Type *type = class_of(as_object(v));
    return type->flags & TYPE_HEAP || drop_is_noticed(v) || type == &list_type || type == &tuple_type || type == &dict_type ||
           type == &set_type || is_generator_like(v);
}

void drop_note_slow(Thread *t, Value value) {
    if (!is_object(value) || is_type(value) || !is_of_interest(value))
        return;
    Object *o = as_object(value);
    Drops *d = &t->drops;
    if (d->waiting_noticed > 0 && drop_is_noticed(value)) {
        d->waiting_noticed--;
        return;
    }
    if (load_relaxed(&o->meta) & META_IMMORTAL || !class_of(o)->head.trace || !is_on(t) || !affordable(t, o))
        return;
    size_t collections = heap_collection_count(t->heap.heap);
    if (d->collections != collections) { /* what was noted before it has been collected, or is old */
        d->collections = collections;
        d->count = 0;
        d->old = false;
    }
    d->old |= !heap_is_young(t->heap.heap, o);
    if (d->count < MOST_DROPS)
        d->objects[d->count++] = o;
    d->lingering = 0;
    begin(t);
}

void drop_note_return(Thread *t, uint32_t flags) {
    if (!is_on(t))
        return;
    t->drops.returned |= flags & (FRAME_HOLDS | FRAME_HOLDS_PASSED);
    begin(t);
}

void drop_at_return(Thread *t) {
    if (is_on(t) && frame_is_real(t->frame) && !(t->frame->flags & (FRAME_GENERATOR | FRAME_AWAITED)))
        t->frame->flags |= FRAME_HOLDS;
}

/* An object with a finalizer is about to be made: the end of the running function may be its end. With much beside it that is young, each
 * look would take long; but others like it that are young should stay so. Not of the built-in types: files and tasks are mostly done before. */
static void hold(Thread *t, Type *type) {
    if (!(type->flags & TYPE_HEAP) || !is_on(t) || !frame_is_real(t->frame) || t->frame->flags & (FRAME_GENERATOR | FRAME_AWAITED))
        return;
    t->frame->flags |= FRAME_HOLDS;
    size_t young = heap_young_bytes(t->heap.heap);
    if (young < WORTH_COLLECTING || !heap_enabled(t->heap.heap) || heap_awaits_death(t))
        return;
    t->drops.credit -= (int64_t)young / 32;
    heap_collect(t, GENERATION_YOUNG);
}

void drop_start(void) { made_finalizable_hook = hold; }

/* ---- the look ---- */

static bool all_plain(Object *const *objects, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (drop_is_noticed(from_object(objects[i])))
            return false;
    return true;
}

/* Whether anything was found dead. */
static bool look(Thread *t, DropLook *look) {
    Drops *d = &t->drops;
    bool found = false;
    Dropped dropped = DROPPED_SOME;
    while (dropped == DROPPED_SOME) {
        look->again = found;
        look->last = found && d->credit <= 0;
        look->collections = heap_collection_count(t->heap.heap); /* no safepoint since they were noted, or are on this stack */
        dropped = heap_look(t, look);
        d->credit -= (int64_t)look->cost;
        found |= dropped != DROPPED_NOTHING;
    }
    return found;
}

/* What is noticed and lives all the same is often still in the variable of a loop, or in another of the frame: once more, when
 * the loop has taken its next item, and when the frame has ended. */
static void linger(Thread *t, const Drops *noted) {
    Drops *d = &t->drops;
    if (noted->lingering && t->frame < noted->lingers_in)
        return;
    d->lingers_in_loop = !noted->lingering;
    d->count = noted->count;
    d->old = noted->old;
    d->lingering = LINGER;
    d->lingers_in = t->frame;
    begin(t);
}

/* After a look for a container in vain 1, 2, 4 ... of them are passed by. */
static void note_outcome(Drops *d, bool dead) {
    d->backoff = dead ? 0 : d->backoff == 0 ? 1 : d->backoff < MOST_PASSED ? 2 * d->backoff : MOST_PASSED;
    d->waiting = d->backoff;
}

/* The same of objects whose death is noticed, but the first few; those that a program goes on handing around live. */
static void note_noticed(Drops *d, bool dead) {
    enum { FREE = 8, LONGEST = 8 };
    d->vain = dead ? 0 : d->vain + 1;
    d->waiting_noticed = d->vain <= FREE ? 0 : 1u << (d->vain - FREE < LONGEST ? d->vain - FREE : LONGEST);
}

static void look_for(Thread *t, Drops *noted) {
    Drops *d = &t->drops;
    bool plain = all_plain(noted->objects, noted->count);
    DropLook what = {noted->old ? GENERATION_FULL : GENERATION_YOUNG, noted->objects, noted->count};
    bool found = look(t, &what);
    if (plain)
        note_outcome(d, found && !what.alive);
    else if (!noted->lingering)
        note_noticed(d, !what.alive);
    bool again = !noted->old || d->credit > (int64_t)heap_cost_of_full_look(t->heap.heap);
    if (what.alive && !plain && again && d->count == 0)
        linger(t, noted);
}

static void look_after_return(Thread *t, const Drops *noted) {
    Drops *d = &t->drops;
    size_t collections = heap_collection_count(t->heap.heap);
    bool passed = noted->returned & FRAME_HOLDS_PASSED;
    DropLook what = {.from = passed || d->settled_at != collections ? 0 : d->settled};
    look(t, &what);
    if (heap_collection_count(t->heap.heap) != collections)
        return;
    d->settled = what.next;
    d->settled_at = collections;
    if (what.awaited && !passed && !(t->frame->flags & (FRAME_GENERATOR | FRAME_AWAITED)))
        t->frame->flags |= FRAME_HOLDS_PASSED;
}

void drop_look(Thread *t) {
    Drops *d = &t->drops, noted = *d;
    d->count = 0;
    d->returned = 0;
    d->lingering = 0;
    tracing_update(t);
    if (!is_on(t))
        return;
    if (noted.count && noted.collections == heap_collection_count(t->heap.heap))
        look_for(t, &noted);
    if (noted.returned && d->credit > 0)
        look_after_return(t, &noted);
}

/* ---- the table ---- */

static bool stores_name(unsigned op) { return op == OP_STORE_NAME || op == OP_STORE_GLOBAL || op == OP_STORE_DEREF; }

/* Is the instruction the first of a loop's body, or the second where the first puts the item into a variable? */
static bool has_taken_item(const CodeObject *code, const Instruction *ip) {
    for (int i = 1; i <= 2 && ip - i >= code->instructions; i++) {
        unsigned op = operation_generic[load_relaxed(&ip[-i].op)];
        if (op == OP_FOR_ITER)
            return i == 2 || !stores_name(operation_generic[load_relaxed(&ip->op)]);
        if (!stores_name(op))
            return false;
    }
    return false;
}

/* Whether to wait on: until a loop has taken its next item, or the frame has ended; but not for ever. */
static bool lingers(Thread *t, const Instruction *ip) {
    Drops *d = &t->drops;
    if (d->lingering == 0 || d->returned)
        return false;
    if (--d->lingering == 0) {
        d->count = 0;
        return false;
    }
    Frame *f = t->frame;
    if (f < d->lingers_in)
        return false;
    return f > d->lingers_in || !d->lingers_in_loop || !has_taken_item(f->code, ip);
}

bool drop_is_due(Thread *t, const Instruction *ip) {
    unsigned op = operation_generic[load_relaxed(&ip->op)];
    /* Behind a jump, as at the end of an `except`, temporaries are dead that are not dead yet. */
    if (is_prologue(op) || op == OP_JUMP || op == OP_DELETE_NAME)
        return false;
    return (t->drops.count || t->drops.returned) && !lingers(t, ip);
}

static HANDLER(look) {
    if (!drop_is_due(t, ip) && t->drops.count + t->drops.returned)
        [[clang::musttail]] return ((Handler *)load_relaxed(&dispatch_table[load_relaxed(&ip->op)]))(ARGUMENTS);
    SAVE();
    drop_look(t);
    dispatch = t->dispatch;
    DISPATCH();
}

static const void *const look_table[OP_COUNT] = {
#define OPERATION(name, operands, effects, doc) [OP_##name] = do_look,
#include "compile/ops.def"
#undef OPERATION
#define SPECIAL(name, generic, doc) [OP_##name] = do_look,
#include "vm/ops_special.def"
#undef SPECIAL
};
