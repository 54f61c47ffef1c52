/* The interpreter, part three: generators stepping in place, and iteration.
 *
 * FOR_ITER and SEND on a generator push its frame and go on; YIELD and the generator's return find the instruction
 * that resumed it at the caller's ip, and finish that instruction.
 */
#include "vm/generator.h"
#include "vm/interpret.h"
#include "vm/tracing.h"

HANDLER(RETURN_GENERATOR) {
    SAVE();
    Frame *f = t->frame;
    Value g = generator_from_frame(t, f);
    if (unlikely(absent(g)))
        FAIL();
    uint32_t flags = f->flags, result = f->result;
    t->frame = f - 1; /* the registers are the generator's now, and its frame object with them */
    if (flags & FRAME_ENTRY)
        return g;
    LOAD_FRAME(t->frame);
    r[result] = g;
    NEXT();
}

HANDLER(FOR_ITER) {
    Value iterator = r[ip->b];
    Type *type = as_object(iterator)->type;
    if (type == &generator_type)
        TAIL(do_FOR_ITER_generator);
    SAVE();
    Value v = likely(type->next != NULL) ? type->next(t, iterator) : iterator_next(t, iterator);
    if (likely(present(v))) {
        r[ip->a] = v;
        NEXT();
    }
    if (unlikely(error_pending(t)) && !error_catch(t, &StopIteration_type))
        FAIL();
    ip += (int16_t)ip->c;
    NEXT();
}

HANDLER(FOR_ITER_generator) {
    SAVE();
    GeneratorObject *g = as_generator(r[ip->b]);
    if (unlikely(load_acquire(&g->state) == GENERATOR_FINISHED)) {
        ip += (int16_t)ip->c;
        NEXT();
    }
    if (unlikely(!generator_enter(t, g, NONE, FRAME_GENERATOR, 0)))
        FAIL();
    LOAD_FRAME(t->frame);
    NEXT_FAST(); /* past the YIELD that it stopped at */
}

HANDLER(SEND) {
    SAVE();
    Value iterator = r[ip->b];
    if (likely(is_generator_like(iterator))) {
        GeneratorObject *g = as_generator(iterator);
        if (likely(load_acquire(&g->state) != GENERATOR_FINISHED)) {
            if (unlikely(!generator_enter(t, g, r[ip->a], FRAME_GENERATOR, 0)))
                FAIL();
            LOAD_FRAME(t->frame);
            NEXT_FAST();
        }
    }
    Value v;
    switch (iterator_send(t, iterator, r[ip->a], &v)) {
    case SEND_YIELD:
        r[ip->a] = v;
        NEXT();
    case SEND_RETURN:
        r[ip->a] = v;
        ip += (int16_t)ip->c;
        NEXT();
    case SEND_ERROR: break;
    }
    FAIL();
}

HANDLER(YIELD) {
    Value v = r[ip->b];
    Frame *f = t->frame;
    uint32_t flags = f->flags;
    if (unlikely(flags & FRAME_TRACED) && is_tracing(t)) {
        SAVE();
        if (!trace_return(t, f, v))
            FAIL();
    }
    generator_suspend(t, f, ip);
    if (flags & FRAME_ENTRY)
        return v;
    LOAD_FRAME(t->frame);
    r[ip->a] = v; /* FOR_ITER and SEND alike */
    NEXT();
}

HANDLER(YIELD_FROM) {
    Value v = r[ip->a];
    Frame *f = t->frame;
    uint32_t flags = f->flags;
    if (unlikely(flags & FRAME_TRACED) && is_tracing(t)) {
        SAVE();
        if (!trace_return(t, f, v))
            FAIL();
    }
    generator_suspend(t, f, ip);
    if (flags & FRAME_ENTRY)
        return v;
    LOAD_FRAME(t->frame);
    r[ip->a] = v;
    NEXT();
}
