/* The interpreter, part three: generators stepping in place, and iteration.
 *
 * FOR_ITER and SEND on a generator push its frame and go on; YIELD and the generator's return find the instruction
 * that resumed it at the caller's ip, and finish that instruction.
 */
#include "object/call.h"
#include "types/list_iterator.h"
#include "types/range.h"
#include "types/range_iterator.h"
#include "vm/generator_step.h"
#include "vm/interpret.h"
#include "vm/tracing.h"

/* The frame's caller awaits what the call returns, and nobody else will see it. */
static inline bool is_awaited_at_once(Thread *t, Frame *f) {
    const Instruction *next = f[-1].ip + 1;
    return f->flags == 0 && f->code->flags & CODE_COROUTINE && f[-1].code && load_relaxed(&next->op) == OP_GET_AWAITABLE && next->b == f->result &&
           next->a == f->result && next[1].op == OP_LOAD_CONST && next[2].op == OP_SEND && next[2].b == f->result &&
           !is_tracing(t) && (absent(t->coroutine_origin_depth) || same(t->coroutine_origin_depth, small_int(0)));
}

/* `for x in f():`, and nobody else gets what f() returns. */
static inline bool is_looped_over(Frame *f) {
    const Instruction *next = f[-1].ip + 1;
    return !(f->flags & (FRAME_ENTRY | FRAME_OPERATOR)) && f[-1].code && load_relaxed(&next->op) == OP_GET_ITER && next->b == f->result;
}

static Handler do_RETURN_GENERATOR_slow;
HANDLER(RETURN_GENERATOR) {
    Frame *f = t->frame;
    if (!is_awaited_at_once(t, f))
        TAIL(do_RETURN_GENERATOR_slow);
    f[-1].ip += 3; /* to SEND */
    f->flags_and_result = FRAME_AWAITED;
    f->coroutine = NO_VALUE;
    NEXT_FAST();
}

static HANDLER(RETURN_GENERATOR_slow) {
    SAVE();
    Frame *f = t->frame;
    Value g = generator_from_frame(t, f);
    if (unlikely(absent(g)))
        FAIL();
    uint32_t flags = f->flags, result = f->result;
    as_generator(g)->of_loop = is_looped_over(f);
    frame_clear_extra(f);
    t->frame = f - 1; /* the registers are the generator's now, and its frame object with them */
    if (flags & FRAME_ENTRY)
        return g;
    LOAD_FRAME(t->frame);
    if (unlikely(flags & FRAME_OPERATOR)) {
        *real_frame_end(t->frame) = g;
        TAIL(do_operator_returned);
    }
    r[result] = g;
    NEXT();
}

static Handler do_FOR_ITER_generator, do_FOR_ITER_generator_alone, do_FOR_ITER_str, do_FOR_ITER_bytes, do_FOR_ITER_generator_slow,
    do_SEND_slow, do_YIELD_slow, do_YIELD_consumed, do_YIELD_awaited;

#define FOR_ITER(name, generator, alone)                                     \
    HANDLER(name) {                                                          \
        Value iterator = r[ip->b];                                           \
        Type *type;                                                          \
        switch (op_FOR_ITER_fast(t, iterator, &r[ip->a], &type, alone)) {    \
        case STEP_ITEM: NEXT_FAST();                                         \
        case STEP_END: ip += (int16_t)ip->c; NEXT_FAST();                    \
        case STEP_DECLINED: break;                                           \
        }                                                                    \
        if (type == &generator_type)                                         \
            TAIL(generator);                                                 \
        if (is_str_iterator_type(type))                                      \
            TAIL(do_FOR_ITER_str);                                           \
        if (type == &bytes_iterator_type)                                    \
            TAIL(do_FOR_ITER_bytes);                                         \
        if (is_object(iterator) && type->flags & TYPE_HEAP)                  \
            TAIL(do_FOR_ITER_method);                                        \
        TAIL(do_FOR_ITER_slow);                                              \
    }
FOR_ITER(FOR_ITER, do_FOR_ITER_generator, false)
FOR_ITER(FOR_ITER_alone, do_FOR_ITER_generator_alone, true)
#undef FOR_ITER

static HANDLER(FOR_ITER_str) {
    Value character = str_iterator_step(t, (StrIterator *)as_object(r[ip->b]));
    if (unlikely(absent(character)))
        TAIL(do_FOR_ITER_slow);
    r[ip->a] = character;
    NEXT_FAST();
}

static HANDLER(FOR_ITER_bytes) {
    Value byte = bytes_iterator_step(t, (BytesIterator *)as_object(r[ip->b]));
    if (unlikely(absent(byte)))
        TAIL(do_FOR_ITER_slow);
    r[ip->a] = byte;
    NEXT_FAST();
}

HANDLER(FOR_ITER_slow) {
    Value iterator = r[ip->b];
    Type *type = type_of(iterator);
    SAVE();
    /* for a, b in pairs: the next instruction takes the tuple apart, which need not be made then, unless it has a name. */
    NextPairFn next_pair;
    if (load_relaxed(&ip[1].op) == OP_UNPACK && ip[1].c == 2 && ip[1].b == ip->a && ip->a >= t->frame->code->local_count && !is_tracing(t) &&
        (next_pair = next_pair_of(iterator))) {
        Value first, second;
        int step = next_pair(t, iterator, &first, &second);
        if (likely(step > 0)) {
            r[ip[1].a] = first;
            r[ip[1].a + 1] = second;
            ip++;
        } else if (unlikely(step < 0)) {
            FAIL();
        } else {
            ip += (int16_t)ip->c;
        }
        NEXT();
    }
    Value v;
    if (unlikely(is_tracing(t) && type->flags & TYPE_HEAP))
        v = call_method_0(t, iterator, names.__next__); /* trace functions see its StopIteration */
    else
        v = likely(type->next != NULL) ? type->next(t, iterator) : iterator_next(t, iterator);
    if (likely(present(v))) {
        r[ip->a] = v;
        NEXT();
    }
    if (unlikely(error_pending(t))) {
        if (is_tracing(t) && error_matches(t, &StopIteration_type))
            trace_exception(t, t->frame);
        if (!error_catch(t, &StopIteration_type))
            FAIL();
    }
    ip += (int16_t)ip->c;
    NEXT();
}

#define FOR_ITER_GENERATOR(name, alone)                                                                          \
    static HANDLER(name) {                                                                                       \
        SAVE();                                                                                                  \
        GeneratorObject *g = as_generator(r[ip->b]);                                                             \
        if (likely(generator_try_enter(t, g, real_frame_end(t->frame), NONE, 0, alone || is_private_to(t, g)))) { \
            LOAD_FRAME(t->frame);                                                                                \
            NEXT_FAST(); /* past the YIELD that it stopped at */                                                 \
        }                                                                                                        \
        TAIL(do_FOR_ITER_generator_slow);                                                                        \
    }
FOR_ITER_GENERATOR(FOR_ITER_generator, false)
FOR_ITER_GENERATOR(FOR_ITER_generator_alone, true)
#undef FOR_ITER_GENERATOR

static HANDLER(FOR_ITER_generator_slow) {
    GeneratorObject *g = as_generator(r[ip->b]);
    if (unlikely(load_acquire(&g->state) == GENERATOR_FINISHED)) {
        ip += (int16_t)ip->c;
        NEXT();
    }
    if (unlikely(!generator_enter(t, g, NONE, FRAME_GENERATOR)))
        FAIL();
    LOAD_FRAME(t->frame);
    NEXT_FAST(); /* past the YIELD that it stopped at */
}

#define SEND(name, alone)                                                                                        \
    HANDLER(name) {                                                                                              \
        SAVE();                                                                                                  \
        Value iterator = r[ip->b];                                                                               \
        if (likely(is_generator_like(iterator) &&                                                                \
                   generator_try_enter(t, as_generator(iterator), real_frame_end(t->frame), r[ip->a], 0,         \
                                       alone || is_private_to(t, as_generator(iterator))))) {                    \
            LOAD_FRAME(t->frame);                                                                                \
            NEXT_FAST();                                                                                         \
        }                                                                                                        \
        TAIL(do_SEND_slow);                                                                                      \
    }
SEND(SEND, false)
SEND(SEND_alone, true)
#undef SEND

static HANDLER(SEND_slow) {
    Value iterator = r[ip->b];
    if (likely(is_generator_like(iterator))) {
        GeneratorObject *g = as_generator(iterator);
        if (likely(load_acquire(&g->state) != GENERATOR_FINISHED)) {
            if (unlikely(!generator_enter(t, g, r[ip->a], FRAME_GENERATOR)))
                FAIL();
            LOAD_FRAME(t->frame);
            NEXT_FAST();
        }
    }
    Value v;
    if (is_none(r[ip->a])) {
        Type *type;
        switch (op_FOR_ITER_fast(t, iterator, &v, &type, false)) {
        case STEP_ITEM: r[ip->a] = v; NEXT_FAST();
        case STEP_END: ip += (int16_t)ip->c; NEXT_FAST();
        case STEP_DECLINED: break;
        }
    }
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

/* ---- chains of generators that delegate to one another ----
 *
 * SEND, YIELD_FROM and the JUMP_BACK to SEND stand one after the other, always. A generator in a chain that is resumed only to
 * resume what it delegates to, and yields what that yields, runs none of them: its frame is pushed and popped here. Such a chain is known by its JUMP_BACK, which YIELD_FROM
 * has made JUMP_BACK_DELEGATE.
 */

static inline bool delegates(const Instruction *ip) {
    return ip->op == OP_YIELD_FROM && load_acquire(&ip[1].op) == OP_JUMP_BACK_DELEGATE;
}

/* The innermost frame, the generator g, was just resumed with `sent`: resumes what it delegates to. */
[[gnu::always_inline]] static inline void resume_delegates(Thread *t, GeneratorObject *g, Value *end, Value sent, bool alone) {
    while (delegates(g->ip)) {
        Value next = g->registers[g->ip->b];
        Frame *f = t->frame;
        f->ip = g->ip - 1;
        if (unlikely(!is_generator_like(next) || !generator_try_enter_keeping(t, as_generator(next), end, sent, 0,
                                                                            alone || is_private_to(t, as_generator(next)), true))) {
            f->ip = g->ip;
            break;
        }
        g = as_generator(next);
    }
    g->saved_count = 0;
}

#define JUMP_BACK_DELEGATE(name, alone)                                                                                \
    HANDLER(name) {                                                                                                    \
        const Instruction *send = ip - 2;                                                                              \
        Value iterator = r[send->b];                                                                                   \
        if (unlikely(poll_due(t) || is_tracing(t)))                                                                    \
            TAIL(do_JUMP_BACK);                                                                                        \
        ip = send;                                                                                                     \
        SAVE();                                                                                                        \
        Value *end = real_frame_end(t->frame);                                                                         \
        if (likely(is_generator_like(iterator) &&                                                                      \
                   generator_try_enter_keeping(t, as_generator(iterator), end, r[ip->a], 0,                            \
                                               alone || is_private_to(t, as_generator(iterator)), true))) {            \
            resume_delegates(t, as_generator(iterator), end, r[ip->a], alone);                                         \
            LOAD_FRAME(t->frame);                                                                                      \
            NEXT_FAST();                                                                                               \
        }                                                                                                              \
        TAIL(do_SEND_slow);                                                                                            \
    }
JUMP_BACK_DELEGATE(JUMP_BACK_DELEGATE, false)
JUMP_BACK_DELEGATE(JUMP_BACK_DELEGATE_alone, true)
#undef JUMP_BACK_DELEGATE

/* A generator yielded to f. If f is one that only passes it on, who resumed that gets it, and so on. The frame that goes on. */
static inline Frame *suspend_delegators(Thread *t, Frame *f, bool alone) {
    while (f->flags == FRAME_GENERATOR && !is_tracing(t) && generator_try_suspend_untouched(t, f, alone))
        f--;
    frame_goes_on(f);
    return f;
}

/* FOR_ITER and SEND, which resumed the generator, both have the target of what it yields in a. CALL (of send() and next()) has it
 * in c, and says so with FRAME_OPERATOR. */
static const uint32_t YIELDS_QUICKLY = FRAME_ENTRY | FRAME_OPERATOR;
#define YIELDS(name, from, again, alone, first)                                                                         \
    HANDLER(name) {                                                                                                     \
        Value v = r[ip->from];                                                                                          \
        Frame *f = t->frame;                                                                                            \
        uint32_t flags = f->flags;                                                                                      \
        first;                                                                                                          \
        if (unlikely((flags & ~YIELDS_QUICKLY) != FRAME_GENERATOR || !generator_try_suspend(t, f, ip, again, alone))) { \
            if (flags & FRAME_CONSUMED)                                                                                 \
                TAIL(do_YIELD_consumed);                                                                                \
            TAIL(do_YIELD_slow);                                                                                        \
        }                                                                                                               \
        if (flags & FRAME_ENTRY)                                                                                        \
            return v;                                                                                                   \
        if (flags & FRAME_OPERATOR) { /* resumed by CALL */                                                             \
            frame_goes_on(f - 1);                                                                                       \
            LOAD_FRAME(f - 1);                                                                                          \
            r[ip->c] = v;                                                                                               \
            NEXT_FAST();                                                                                                \
        }                                                                                                               \
        f = suspend_delegators(t, f - 1, alone);                                                                        \
        LOAD_FRAME(f);                                                                                                  \
        r[ip->a] = v;                                                                                                   \
        NEXT_FAST();                                                                                                    \
    }
#define NOTE_DELEGATION                                      \
    if (unlikely(load_relaxed(&ip[1].op) == OP_JUMP_BACK)) { \
        assert(wide_operand(ip[1]) == -3);                   \
        publish_operation(ip + 1, OP_JUMP_BACK_DELEGATE);    \
    }
YIELDS(YIELD, b, true, false, )
YIELDS(YIELD_alone, b, true, true, )
YIELDS(YIELD_FROM, a, false, false, NOTE_DELEGATION)
YIELDS(YIELD_FROM_alone, a, false, true, NOTE_DELEGATION)
#undef NOTE_DELEGATION
#undef YIELDS

/* A loop in C takes the item: then the generator goes on at once. */
static HANDLER(YIELD_consumed) {
    Consumer *c = t->consumer;
    SAVE();
    Value item = r[ip->op == OP_YIELD ? ip->b : ip->a];
    if (likely(!is_tracing(t) && c->take(t, c, item))) {
        if (c->keeps_none && ip->op == OP_YIELD && ip->c)
            tuple_try_take_back(t, item);
        r[ip->a] = NONE;
        NEXT();
    }
    t->frame->flags &= ~(uint32_t)FRAME_CONSUMED;
    c->is_new = ip->op == OP_YIELD && ip->c && !is_tracing(t);
    if (ip->op == OP_YIELD)
        TAIL(do_YIELD);
    TAIL(do_YIELD_FROM);
}

/* A coroutine that ran on the stack waits. */
static HANDLER(YIELD_awaited) {
    SAVE();
    if (unlikely(!generator_move(t, t->frame)))
        FAIL();
    r = t->frame->base;
    TAIL(do_YIELD_slow);
}

static HANDLER(YIELD_slow) {
    Value v = r[ip->op == OP_YIELD ? ip->b : ip->a];
    Frame *f = t->frame;
    uint32_t flags = f->flags;
    if (flags & FRAME_AWAITED)
        TAIL(do_YIELD_awaited);
    if (unlikely(flags & FRAME_TRACED) && is_tracing(t)) {
        SAVE();
        if (!trace_return(t, f, v))
            FAIL();
        if (unlikely(f->ip != ip)) { /* a trace function moved it */
            LOAD_FRAME(f);
            DISPATCH();
        }
    }
    if (!generator_try_suspend(t, f, ip, false, false))
        generator_suspend(t, f, ip);
    if (flags & FRAME_ENTRY)
        return v;
    frame_goes_on(t->frame);
    LOAD_FRAME(t->frame);
    r[flags & FRAME_OPERATOR ? ip->c : ip->a] = v;
    NEXT();
}
