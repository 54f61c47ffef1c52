/* Generators, coroutines and asynchronous generators: a suspended frame in a cell.
 *
 * `registers` are those of its frame, while it runs as well: a step copies none of them. While suspended, `ip` is the YIELD
 * (or, before the first step, the RETURN_GENERATOR) that it stopped at. What a suspended generator's registers refer to is traced and
 * logged as what other cells refer to; those of one that runs are roots, as all frames' are, and stored to without a barrier.
 * A coroutine that is awaited where it is made runs as a function does, on the stack (FRAME_AWAITED), until it waits or handles an
 * exception: only then does it get a cell (generator_move), or when somebody asks for the object of its frame's coroutine, which
 * then has no registers yet. Most coroutines end before.
 * Between threads, a step claims the generator by compare-and-exchange on `state`. What its registers hold may be private (heap/publish.h) to
 * its `runner`, though others can come by the generator: whoever else claims it publishes all that this one has made first.
 * `handled` is the exception that the generator's own `except` blocks handle. While it runs and has one, that is t->handled as
 * well, and `outer_handled` what that was before: the exception of whoever resumed it.
 */
#pragma once
#include "vm/frame.h"

typedef enum GeneratorState : uint32_t { GENERATOR_CREATED, GENERATOR_SUSPENDED, GENERATOR_RUNNING, GENERATOR_FINISHED } GeneratorState;

/* What few generators have. */
typedef struct GeneratorExtra {
    Object object;
    Value name, qualname;  /* absent: those of the code */
    Value locals;
    Value origin;          /* coroutines: cr_origin, or absent */
    Value finalizer;       /* asynchronous generators: the hook, or absent */
} GeneratorExtra;

typedef struct GeneratorObject {
    Object object;
    Value code, function;  /* code object, FunctionObject */
    Value frame_object;    /* or absent */
    Value handled, outer_handled; /* absent: none */
    Value extra;           /* GeneratorExtra, or absent */
    const Instruction *ip;
    uint32_t state;
    uint32_t saved_count;  /* registers in use while suspended; while running, of a frame that only passes on: else 0 */
    uint32_t count_at_ip;  /* how many those are at `ip`, once it stopped there in a fast path, and handles no exception; else 0 */
    uint32_t runner; /* the number of the thread that made it, or suspended it last where it was not alone */
    bool registered; /* its death is acted upon; others may read it while it runs */
    bool of_loop;    /* only the register of the loop, or of the generator expression, that called for it refers to it */
    bool plain;      /* not started or suspended, with neither frame object nor extras nor handled exception */
    bool hooks_ready, closed, running_async; /* asynchronous generators */
    Value registers[];
} GeneratorObject;

extern Type generator_type, coroutine_type, async_generator_type, coroutine_wrapper_type;
extern Type async_gen_wrapped_value_type;

static inline GeneratorObject *as_generator(Value v) { return (GeneratorObject *)v.bits; }
/* The generator whose registers these are: of a frame with FRAME_GENERATOR. */
static inline GeneratorObject *generator_of_registers(Value *r) {
    return (GeneratorObject *)((char *)r - offsetof(GeneratorObject, registers));
}
static inline GeneratorObject *frame_generator(Frame *f) { return generator_of_registers(f->base); }
static inline bool is_generator_like(Value v) {
    if (!is_object(v))
        return false;
    Type *type = class_of(as_object(v));
    return type == &generator_type || type == &coroutine_type;
}

static inline bool generator_is_of_loop(Value v) {
    return is_object(v) && class_of(as_object(v)) == &generator_type && as_generator(v)->of_loop;
}
/* The register that was the only one to refer to the generator lets go of it: what it had suspended ends now. */
void generator_drop(Thread *t, GeneratorObject *g);

/* Whether its death would run code: a suspended one with a `finally` or the like. */
static inline bool generator_has_finalizer(Value v) {
    if (!is_object(v))
        return false;
    Type *type = class_of(as_object(v));
    return (type == &generator_type || type == &coroutine_type || type == &async_generator_type) &&
           load_relaxed(&as_generator(v)->registered);
}

static inline GeneratorExtra *generator_extra(GeneratorObject *g) { return (GeneratorExtra *)load(&g->extra).bits; }
GeneratorExtra *generator_make_extra(Thread *t, GeneratorObject *g); /* NULL: MemoryError */
static inline Value generator_locals(GeneratorObject *g) {
    GeneratorExtra *e = generator_extra(g);
    return e ? e->locals : NO_VALUE;
}
static inline Value generator_name(GeneratorObject *g) {
    GeneratorExtra *e = generator_extra(g);
    Value v = e ? load(&e->name) : NO_VALUE;
    return present(v) ? v : as_code(g->code)->name;
}
static inline Value generator_qualname(GeneratorObject *g) {
    GeneratorExtra *e = generator_extra(g);
    Value v = e ? load(&e->qualname) : NO_VALUE;
    return present(v) ? v : as_code(g->code)->qualname;
}

typedef enum SendResult { SEND_ERROR, SEND_YIELD, SEND_RETURN } SendResult;

/* Makes the generator of the running frame (RETURN_GENERATOR). */
Value generator_from_frame(Thread *t, Frame *f);
/* The frame with FRAME_AWAITED, at the instruction f->ip, gets a cell and is that of a generator from now on. Its registers move.
 * false: MemoryError. */
bool generator_move(Thread *t, Frame *f);
Value generator_of_awaited(Thread *t, Frame *f); /* the coroutine of such a frame, which stays as it is; absent: MemoryError */
void generator_pop_awaited(Thread *t, Frame *f); /* such a frame returned or failed */
/* One step. `value` is sent in; absent: the pending exception is thrown in. */
SendResult generator_send(Thread *t, Value generator, Value value, Value *result);
/* The generator's frame becomes the innermost one, ready to continue. false: an exception is pending (running already). A finished
 * generator is the caller's business. */
bool generator_enter(Thread *t, GeneratorObject *g, Value sent, uint32_t flags);
void generator_suspend(Thread *t, Frame *f, const Instruction *ip); /* pops the frame */
void generator_finish(Thread *t, Frame *f);                         /* the frame returned or failed; pops it */
/* The iterator that a suspended generator delegates to, or absent. */
Value generator_yield_from(Thread *t, GeneratorObject *g);
Value generator_throw(Thread *t, Value generator, Value type, Value value, Value traceback);
bool generator_close(Thread *t, Value generator);
Value generator_close_value(Thread *t, Value generator); /* what close() returns */
Value generator_send_method(Thread *t, Value *args); /* send(): the interpreter does it itself where it can */
/* Sends to any iterator. */
SendResult iterator_send(Thread *t, Value iterator, Value value, Value *result);
void generator_mark_finished(GeneratorObject *g);

/* Asynchronous generators: async_generator.c */
Value async_gen_wrap(Thread *t, Value value);
bool async_gen_init_hooks(Thread *t, GeneratorObject *g);
Value await_iterator(Thread *t, Value awaitable); /* what `await` iterates; absent: TypeError */
