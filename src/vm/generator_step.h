/* Stepping generators in place: what generator_enter, generator_suspend and generator_finish come to when nothing is
 * unusual. Each declines (false) before it has done anything.
 */
#pragma once
#include "vm/generator.h"

/* A handful of registers: not worth a call of memcpy. */
static inline void copy_registers(Value *to, const Value *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
        __asm__ volatile("");
    }
}

/* With `keep` the saved registers stay valid, for generator_try_suspend_untouched. */
[[gnu::always_inline]] static inline bool generator_try_enter_keeping(Thread *t, GeneratorObject *g, Value sent, uint32_t flags,
                                                                      bool keep) {
    CodeObject *code = as_code(g->code);
    Frame *f = t->frame + 1;
    Value *base = frame_end(t->frame);
    uint32_t state = load_acquire(&g->state);
    if (unlikely(state > GENERATOR_SUSPENDED || load_relaxed(&runtime_threaded)))
        return false;
    bool own_handled = present(g->handled) && !is_none(g->handled);
    if (unlikely(!frame_fits(t, base, code) || present(g->frame_object) || own_handled || !same(g->outer_handled, t->handled)))
        return false;
    if (state == GENERATOR_CREATED && g->registered) {
        HeapThread *ht = heap_thread(t);
        if (unlikely(ht->fresh_count == 0 || ht->fresh[ht->fresh_count - 1] != &g->object))
            return false;
        if (g->object.type == &coroutine_type) { /* it is no longer never awaited */
            ht->fresh_count--;
            g->registered = false;
        }
    }
    const Instruction *ip = g->ip;
    g->state = GENERATOR_RUNNING;
    copy_registers(base, g->registers, g->saved_count);
    if (!keep)
        g->saved_count = 0;
    if (state == GENERATOR_SUSPENDED)
        base[ip->a] = sent;
    f->ip = ip;
    f->base = base;
    f->code = code;
    f->function = as_function(g->function);
    f->locals = g->locals;
    f->object = NO_VALUE;
    f->generator = from_object(g);
    f->flags_and_result = flags | FRAME_GENERATOR;
    t->frame = f;
    return true;
}

[[gnu::always_inline]] static inline bool generator_try_enter(Thread *t, GeneratorObject *g, Value sent, uint32_t flags) {
    return generator_try_enter_keeping(t, g, sent, flags, false);
}

/* The frame goes on running its own instructions: its registers change. */
static inline void frame_goes_on(Frame *f) {
    if (unlikely(f->flags & FRAME_GENERATOR))
        as_generator(f->generator)->saved_count = 0;
}

/* Of a generator that suspends: the temporary that is yielded is the caller's from now on. */
static inline size_t registers_in_use(CodeObject *code, const Instruction *ip) {
    size_t live = code->live[ip - code->instructions], yielded = ip->op == OP_YIELD ? ip->b : ip->a;
    live -= yielded + 1 == live;
    return live > code->local_count ? live : code->local_count;
}

[[gnu::always_inline]] static inline bool generator_try_suspend(Thread *t, Frame *f, const Instruction *ip) {
    GeneratorObject *g = as_generator(f->generator);
    CodeObject *code = f->code;
    bool harmless = g->registered || code->exception_count <= 1 ||
                    (ip == g->harmless && (ip->op != OP_YIELD_FROM || is_generator_like(f->base[ip->b])));
    if (unlikely(present(f->object) || !harmless || load_relaxed(&g->object.meta) & META_OLD))
        return false;
    size_t count = registers_in_use(code, ip);
    copy_registers(g->registers, f->base, count);
    g->ip = ip;
    g->saved_count = (uint32_t)count;
    t->handled = g->outer_handled;
    t->frame = f - 1;
    store_release(&g->state, GENERATOR_SUSPENDED);
    return true;
}

/* Of a frame that was entered to resume what it delegates to and has run nothing of its own: everything is still saved. */
[[gnu::always_inline]] static inline bool generator_try_suspend_untouched(Thread *t, Frame *f) {
    GeneratorObject *g = as_generator(f->generator);
    if (unlikely(g->saved_count == 0 || present(f->object)))
        return false;
    t->handled = g->outer_handled;
    t->frame = f - 1;
    store_release(&g->state, GENERATOR_SUSPENDED);
    return true;
}

[[gnu::always_inline]] static inline bool generator_try_finish(Thread *t, Frame *f) {
    if (unlikely(present(f->object)))
        return false;
    GeneratorObject *g = as_generator(f->generator);
    t->handled = g->outer_handled;
    t->frame = f - 1;
    g->saved_count = 0;
    g->handled = g->outer_handled = g->locals = NO_VALUE;
    store_relaxed(&g->frame_object.bits, (uintptr_t)0);
    store_release(&g->state, GENERATOR_FINISHED);
    return true;
}
