/* Stepping generators in place: what generator_enter, generator_suspend and generator_finish come to when nothing is
 * unusual. Each declines (false) before it has done anything.
 *
 * Threads: who makes a generator RUNNING owns all of it until it has another state; where another thread could come by it that is
 * done by compare-and-swap.
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

/* `alone`: nobody else can see the generator (is_own). With `keep` the registers still count as saved, for generator_try_suspend_untouched.
 * `end`: that of the innermost frame. */
[[gnu::always_inline]] static inline bool generator_try_enter_keeping(Thread *t, GeneratorObject *g, Value *end, Value sent,
                                                                      uint32_t flags, bool alone, bool keep) {
    Frame *f = t->frame + 1;
    if (unlikely(f >= t->frame_limit))
        return false;
    const Instruction *ip;
    if (unlikely(!alone)) {
        uint32_t state = GENERATOR_SUSPENDED;
        if (unlikely(!compare_exchange(&g->state, &state, (uint32_t)GENERATOR_RUNNING)))
            return false;
        if (unlikely(!g->plain || g->runner != heap_thread(t)->owner)) {
            store_release(&g->state, (uint32_t)GENERATOR_SUSPENDED);
            return false;
        }
        ip = g->ip;
        g->registers[ip->a] = sent;
        g->plain = false;
        if (!keep)
            g->saved_count = 0;
        __asm__ volatile(""); /* stays here: below, the state is written together with it */
        goto claimed;
    }
    if (unlikely(!g->plain))
        return false;
    ip = g->ip;
    if (likely(g->state == GENERATOR_SUSPENDED)) {
        g->registers[ip->a] = sent;
    } else if (g->registered) {
        HeapThread *ht = heap_thread(t);
        if (unlikely(ht->fresh_count == 0 || ht->fresh[ht->fresh_count - 1] != &g->object))
            return false;
        if (g->object.type == &coroutine_type) { /* it is no longer never awaited */
            ht->fresh_count--;
            store_relaxed(&g->registered, false);
        }
    }
    g->plain = false;
    g->state = GENERATOR_RUNNING;
    if (!keep)
        g->saved_count = 0;
claimed:
    f->ip = ip;
    f->base = g->registers;
    f->code = as_code(g->code);
    f->function = as_function(g->function);
    f->end = end;
    f->flags_and_result = flags | FRAME_GENERATOR;
    t->frame = f;
    return true;
}

[[gnu::always_inline]] static inline bool generator_try_enter(Thread *t, GeneratorObject *g, Value *end, Value sent,
                                                              uint32_t flags, bool alone) {
    return generator_try_enter_keeping(t, g, end, sent, flags, alone, false);
}

/* The frame goes on running its own instructions: its registers change. */
static inline void frame_goes_on(Frame *f) {
    if (unlikely(f->flags & FRAME_GENERATOR))
        frame_generator(f)->saved_count = 0;
}

/* Of a generator that suspends: the temporary that is yielded is the caller's from now on. */
static inline size_t registers_in_use(CodeObject *code, const Instruction *ip) {
    size_t live = code->live[ip - code->instructions], yielded = ip->op == OP_YIELD ? ip->b : ip->a;
    live -= yielded + 1 == live;
    return live > code->local_count ? live : code->local_count;
}

/* 1 + the instruction at which generators of the code can die without anybody noticing (needs_finalizer), one of a kind:
 * YIELD_FROM only while it delegates to a generator. */
static inline uint32_t *code_harmless(CodeObject *code, const Instruction *ip) { return &code->harmless[ip->op == OP_YIELD_FROM]; }

/* It is about to be suspended where others can resume it: what its registers hold may be private to this thread. `alone`: there are
 * no others. */
[[gnu::always_inline]] static inline void generator_note_runner(Thread *t, GeneratorObject *g, bool alone) {
    if (!alone)
        g->runner = heap_thread(t)->owner;
}

/* It no longer runs: whoever resumed it has the exception again that it had handled. */
static inline void generator_leave_handler(Thread *t, GeneratorObject *g) {
    if (unlikely(present(g->handled)))
        t->handled = g->outer_handled;
}

/* `again`: a YIELD at which it stopped the last time as well, most likely; what is true of that place is known then. */
[[gnu::always_inline]] static inline bool generator_try_suspend(Thread *t, Frame *f, const Instruction *ip, bool again, bool alone) {
    GeneratorObject *g = frame_generator(f);
    if (unlikely(f->flags & FRAME_EXTRA || load_relaxed(&g->object.meta) & META_OLD))
        return false;
    size_t count;
    if (again && likely(g->ip == ip && g->count_at_ip)) {
        count = g->count_at_ip;
    } else {
        CodeObject *code = f->code;
        if (unlikely(present(g->handled)))
            return false;
        bool harmless = g->registered || code->exception_count <= 1 ||
                        ((uint32_t)(ip - code->instructions) + 1 == load_relaxed(code_harmless(code, ip)) &&
                         (ip->op != OP_YIELD_FROM || is_generator_like(f->base[ip->b])));
        if (unlikely(!harmless))
            return false;
        count = registers_in_use(code, ip);
        g->count_at_ip = again ? (uint32_t)count : 0;
        g->ip = ip;
    }
    g->saved_count = (uint32_t)count;
    generator_note_runner(t, g, alone);
    g->plain = true;
    t->frame = f - 1;
    store_release(&g->state, GENERATOR_SUSPENDED);
    return true;
}

/* Of a frame that was entered to resume what it delegates to and has run nothing of its own: everything is still as it was. */
[[gnu::always_inline]] static inline bool generator_try_suspend_untouched(Thread *t, Frame *f, bool alone) {
    GeneratorObject *g = frame_generator(f);
    if (unlikely(g->saved_count == 0 || f->flags & FRAME_EXTRA || load_relaxed(&g->object.meta) & META_OLD)) /* it got what was sent */
        return false;
    generator_note_runner(t, g, alone);
    g->plain = true;
    t->frame = f - 1;
    store_release(&g->state, GENERATOR_SUSPENDED);
    return true;
}

/* Of a frame without FRAME_EXTRA. */
[[gnu::always_inline]] static inline void generator_finish_plainly(Thread *t, Frame *f) {
    GeneratorObject *g = frame_generator(f);
    generator_leave_handler(t, g);
    t->frame = f - 1;
    g->saved_count = 0;
    g->handled = g->outer_handled = NO_VALUE;
    if (unlikely(present(g->extra)))
        store_relaxed(&generator_extra(g)->locals.bits, (uintptr_t)0);
    store_relaxed(&g->frame_object.bits, (uintptr_t)0);
    store_release(&g->state, GENERATOR_FINISHED);
}
