/* Prompt finalization: what a program plainly lets go of, and what dies with it, is finalized at once, as a reference count would do it.
 *
 * A collection finds what a program dropped some time later. Few objects are such that anybody could tell, those with a `__del__` to
 * run, suspended generators with a `finally`, and what weak references refer to; and most of these are let go of plainly: `del` of a
 * name, an item or an attribute, None put in the place of one, a generator that is closed, the
 * iterator of a loop that `break` or `return` leaves, the end of the function that made the object. Whoever does one of these notes it here. A note puts a dispatch table in place all of whose entries are one handler, which
 * stands before the next instruction, where all that the frame needs is in its live registers; it looks whether the object is dead
 * (heap_look), runs what is due, and goes on. A function that makes an object with a `__del__` gets FRAME_HOLDS, which sends
 * its return through vm_return; if the object is alive then, its caller gets the flag.
 *
 * Looks are paid from an account that is filled by allocation, so that what happens depends on what the program did and not on the
 * clock. What is noted
 * while the account is empty, and what survived a collection before it was dropped, is left to the collector. After looks for containers
 * in vain ever more notes of such are passed by.
 *
 * Threads: state and table are the thread's own.
 */
#pragma once
#include "vm/frame.h"

void drop_start(void); /* sets hooks */

/* The running instruction, or the native function that it called, let go of the value: it is in no register and no place of which
 * it was taken. */
void drop_note_slow(Thread *t, Value value);
void drop_note_return(Thread *t, uint32_t flags); /* a frame with FRAME_HOLDS or FRAME_HOLDS_PASSED has ended */
void drop_look(Thread *t);        /* between two instructions: deals with what was noted */

/* Whether somebody could notice the object's death itself. */
static inline bool drop_is_noticed(Value v) {
    return is_object(v) && (load_relaxed(&as_object(v)->meta) & META_WEAKREFS || class_of(as_object(v))->flags & TYPE_HAS_DEL);
}

/* The same where it was replaced by something else than None, or its place went together with others: what only holds something is not
 * looked for then. */
static inline void drop_note(Thread *t, Value value) {
    if (unlikely(drop_is_noticed(value)))
        drop_note_slow(t, value);
}
/* The same where what only holds something may be worth a look as well; now and then, since such are dropped all the time. */
static inline void drop_note_container(Thread *t, Value value) {
    if (!is_object(value))
        return;
    if (!drop_is_noticed(value) && t->drops.waiting > 0)
        t->drops.waiting--;
    else
        drop_note_slow(t, value);
}
static inline void drop_note_replaced(Thread *t, Value old, Value new) {
    if (is_none(new))
        drop_note_container(t, old);
    else if (!same(old, new))
        drop_note(t, old);
}

static inline bool drop_is_noted(Thread *t) { return t->drops.count || t->drops.returned; }
void drop_at_return(Thread *t); /* the end of the running function may be the end of what a native function makes for it now */
bool drop_is_due(Thread *t, const Instruction *ip); /* and it is time to look, before this instruction */
