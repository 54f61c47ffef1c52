/* Generators and coroutines: suspension, stepping, throwing, closing. See generator.h. The Python types that show
 * them are in generator_types.c, asynchronous generators in async_generator.c.
 */
#include "vm/generator.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/exceptions/exceptions.h"
#include "types/traceback.h"
#include "types/tuple.h"
#include "vm/eval.h"
#include "vm/drop.h"
#include "vm/generator_internal.h"
#include "vm/generator_step.h"
#include "vm/interpret.h"

/* ---- beginning and end of a step ---- */

static bool is_plain(GeneratorObject *g) { return absent(g->frame_object) && absent(generator_locals(g)) && absent(g->handled); }

/* The frame f, whose registers are in the cell, stops at ip. */
static void save_frame(GeneratorObject *g, Frame *f, const Instruction *ip) {
    g->ip = ip;
    g->count_at_ip = 0;
    g->saved_count = (uint32_t)registers_in_use(f->code, ip);
    publish_into(g, f->object);
    store_release(&g->frame_object.bits, f->object.bits); /* NOBARRIER: below */
    g->plain = is_plain(g);
    if (present(f->object)) {
        FrameObject *object = as_frame(f->object);
        store(object, &object->generator, from_object(g));
        store_release(&object->live, (Frame *)NULL);
    }
    publish_many_into(g, &g->code, (size_t)((Value *)&g->ip - &g->code));
    store_moved(g);
}

/* Where the coroutine was made: the innermost `depth` frames, as (file, line, function). */
static Value creation_origin(Thread *t, int64_t depth) {
    Frame *f = t->frame;
    int64_t count = 0;
    for (Frame *i = frame_caller(f); frame_is_real(i) && count < depth; i = frame_caller(i))
        count++;
    Value result = TRY(tuple_new(t, (size_t)count));
    f = frame_caller(f);
    for (int64_t i = 0; i < count; i++, f = frame_caller(f)) {
        SourcePosition p = code_position(f->code, frame_index(f));
        Value row = TRY(tuple_pack(t, (size_t)3, f->code->filename, small_int(p.line), f->code->name));
        store(as_object(result), &as_tuple(result)->items[i], row);
    }
    return result;
}

/* Calls in code of generators copy their arguments, since the registers are in a cell. Any thread may be doing the same. */
static void generator_prepare_code(CodeObject *code) {
    if (likely(load_acquire(&code->calls_copy)))
        return;
    for (uint32_t i = 0; i < code->count; i++)
        if (load_relaxed(&code->instructions[i].op) == OP_CALL)
            publish_operation(&code->instructions[i], OP_CALL_COPYING);
    store_release(&code->calls_copy, true);
}

static void extra_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((GeneratorExtra *)o)->name, 5); }

STATIC_TYPE(generator_extra_type) = {
    STATIC_TYPE_HEAD(extra_trace, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "generator_extra",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(GeneratorExtra),
};

GeneratorExtra *generator_make_extra(Thread *t, GeneratorObject *g) {
    GeneratorExtra *extra = generator_extra(g), *made;
    if (extra || !(made = heap_allocate(t, &generator_extra_type, sizeof *made)))
        return extra;
    object_lock(&g->object); /* another thread may be making one */
    publish_into(g, from_object(made));
    if (!(extra = generator_extra(g)))
        store_release(&g->extra.bits, (uintptr_t)(extra = made));
    object_unlock(&g->object);
    store_moved(g);
    return extra;
}

/* That of the frame, with no registers yet. */
static GeneratorObject *generator_allocate(Thread *t, Frame *f) {
    CodeObject *code = f->code;
    Type *type = code->flags & CODE_COROUTINE          ? &coroutine_type
                 : code->flags & CODE_ASYNC_GENERATOR ? &async_generator_type
                                                      : &generator_type;
    size_t size = sizeof(GeneratorObject) + code->register_count * sizeof(Value);
    GeneratorObject *g = size <= 256 ? heap_try_allocate(t, type, size) : NULL;
    if (unlikely(!g) && !(g = heap_allocate(t, type, size)))
        return NULL;
    g->runner = heap_thread(t)->owner;
    g->code = from_object(code); /* NOBARRIER: new */
    g->function = from_object(f->function);
    if (likely(absent(f->locals) && same(f->function->name, code->name) && same(f->function->qualname, code->qualname)))
        return g;
    GeneratorExtra *extra = generator_make_extra(t, g);
    if (!extra)
        return NULL;
    store(extra, &extra->locals, f->locals);
    store(extra, &extra->name, f->function->name);
    store(extra, &extra->qualname, f->function->qualname);
    return g;
}

Value generator_from_frame(Thread *t, Frame *f) {
    CodeObject *code = f->code;
    GeneratorObject *g = generator_allocate(t, f);
    if (unlikely(!g))
        return NO_VALUE;
    Type *type = g->object.type;
    /* One that is not started has nothing to finalize, but for the warning that a coroutine was never awaited. */
    g->registered = type != &generator_type;
    if (g->registered && unlikely(!heap_try_register_finalizable(t, &g->object)))
        heap_register_finalizable(t, &g->object);
    if (type == &coroutine_type && is_small_int(t->coroutine_origin_depth) && small_int_value(t->coroutine_origin_depth) > 0) {
        Value origin = TRY(creation_origin(t, small_int_value(t->coroutine_origin_depth)));
        GeneratorExtra *extra = generator_make_extra(t, g);
        if (!extra)
            return NO_VALUE;
        store(extra, &extra->origin, origin);
    }
    generator_prepare_code(code);
    copy_registers(g->registers, f->base, registers_in_use(code, f->ip)); /* NOBARRIER: save_frame logs them */
    save_frame(g, f, f->ip);
    return from_object(g);
}

/* ---- coroutines that are awaited where they are made ---- */

Value generator_of_awaited(Thread *t, Frame *f) {
    if (present(f->coroutine))
        return f->coroutine;
    GeneratorObject *g = generator_allocate(t, f);
    if (unlikely(!g))
        return NO_VALUE;
    g->state = GENERATOR_RUNNING;
    if (present(f->object))
        store(as_frame(f->object), &as_frame(f->object)->generator, from_object(g));
    return f->coroutine = from_object(g);
}

bool generator_move(Thread *t, Frame *f) {
    Value coroutine = generator_of_awaited(t, f);
    if (unlikely(absent(coroutine)))
        return false;
    GeneratorObject *g = as_generator(coroutine);
    CodeObject *code = f->code;
    generator_prepare_code(code);
    memcpy(g->registers, f->base, code->register_count * sizeof(Value)); /* NOBARRIER: it runs */
    f->end = f->base + code->register_count;
    f->base = g->registers;
    f->flags = (f->flags & ~(uint32_t)FRAME_AWAITED) | FRAME_GENERATOR;
    Frame *caller = frame_caller(f);
    assert(operation_generic[caller->ip->op] == OP_SEND);
    caller->base[caller->ip->b] = coroutine;
    return true;
}

void generator_pop_awaited(Thread *t, Frame *f) {
    Value coroutine = f->coroutine;
    frame_pop(t);
    if (present(coroutine))
        generator_mark_finished(as_generator(coroutine));
}

static const char *kind_name(GeneratorObject *g) {
    return g->object.type == &coroutine_type          ? "coroutine"
           : g->object.type == &async_generator_type ? "async generator"
                                                     : "generator";
}

/* CREATED or SUSPENDED becomes RUNNING. */
static bool claim(Thread *t, GeneratorObject *g, uint32_t *was) {
    uint32_t state = load_acquire(&g->state);
    bool claimed = state == GENERATOR_CREATED || state == GENERATOR_SUSPENDED;
    if (claimed && likely(is_own(g)))
        g->state = GENERATOR_RUNNING;
    else if (claimed)
        claimed = compare_exchange(&g->state, &state, GENERATOR_RUNNING);
    if (claimed)
        g->plain = false;
    if (claimed && unlikely(g->runner != heap_thread(t)->owner))
        heap_publish_of(t, g->runner); /* to that thread what the registers hold may be private */
    *was = state;
    if (unlikely(!claimed))
        raise_value_error(t, "%s already executing", kind_name(g));
    return claimed;
}

/* The other way round. */
static void unclaim(GeneratorObject *g, uint32_t was) {
    g->plain = is_plain(g);
    store_release(&g->state, was);
}

bool generator_enter(Thread *t, GeneratorObject *g, Value sent, uint32_t flags) {
    uint32_t was;
    if (unlikely(!t->frame) && !frames_prepare(t))
        return false;
    Value *end = frame_end(t->frame);
    if (likely(present(sent) && generator_try_enter(t, g, end, sent, flags, is_own(g))))
        return true;
    if (unlikely(t->frame + 1 >= t->frame_limit))
        return frame_overflow(t);
    if (unlikely(!claim(t, g, &was)))
        return false;
    Frame *f = frame_push(t, as_function(g->function), as_code(g->code), g->registers, flags | FRAME_GENERATOR, 0);
    f->ip = g->ip;
    f->end = end;
    frame_set_extra(f, g->frame_object, generator_locals(g));
    if (unlikely(present(f->object)))
        store_release(&as_frame(f->object)->live, f);
    if (was == GENERATOR_SUSPENDED && present(sent)) /* what is thrown leaves a variable that the yield would set as it was */
        g->registers[g->ip->a] = sent;
    g->saved_count = 0;
    if (was == GENERATOR_CREATED && g->object.type == &coroutine_type && heap_forget_finalizable(t, &g->object))
        store_relaxed(&g->registered, false);
    if (present(g->handled)) {
        store(g, &g->outer_handled, t->handled);
        t->handled = g->handled;
    }
    return true;
}

/* Would closing the suspended generator run any code of its own? The handler around the whole body is not its own, and one
 * that delegates to a generator leaves it to that to finalize itself. */
static bool needs_finalizer(GeneratorObject *g, CodeObject *code, const Instruction *ip) {
    bool delegates = ip->op == OP_YIELD_FROM && is_generator_like(g->registers[ip->b]);
    const ExceptionEntry *e;
    while ((e = code_handler(code, (uint32_t)(ip - code->instructions)))) {
        ip = code->instructions + e->target;
        if (ip->op == OP_INTRINSIC_1 && ip->c == INTRINSIC_STOPITERATION_ERROR)
            return false;
        if (ip->op != OP_CLEANUP_THROW || !delegates)
            return true;
    }
    return false;
}

void generator_suspend(Thread *t, Frame *f, const Instruction *ip) {
    GeneratorObject *g = frame_generator(f);
    save_frame(g, f, ip);
    if (!g->registered && f->code->exception_count > 1) {
        store_relaxed(&g->registered, needs_finalizer(g, f->code, ip));
        if (g->registered)
            heap_register_finalizable(t, &g->object);
        else
            store_relaxed(code_harmless(f->code, ip), (uint32_t)(ip - f->code->instructions) + 1);
    }
    generator_leave_handler(t, g);
    frame_clear_extra(f);
    t->frame = f - 1;
    generator_note_runner(t, g, false);
    store_release(&g->state, GENERATOR_SUSPENDED);
}

void generator_mark_finished(GeneratorObject *g) {
    g->saved_count = 0;
    g->plain = false;
    g->handled = g->outer_handled = NO_VALUE;
    if (unlikely(present(g->extra)))
        store_relaxed(&generator_extra(g)->locals.bits, (uintptr_t)0);
    store_relaxed(&g->frame_object.bits, (uintptr_t)0);
    store_release(&g->state, GENERATOR_FINISHED);
}

void generator_finish(Thread *t, Frame *f) {
    GeneratorObject *g = frame_generator(f);
    generator_leave_handler(t, g);
    frame_pop(t);
    generator_mark_finished(g);
}

/* A generator that ends without running, claimed: its frame object keeps the locals. */
static void finish_unstarted(GeneratorObject *g) {
    if (present(g->frame_object)) {
        FrameObject *f = as_frame(g->frame_object);
        size_t count = f->register_count < g->saved_count ? f->register_count : g->saved_count;
        publish_many_into(f, g->registers, count);
        memcpy(f->registers, g->registers, count * sizeof(Value));
        store_moved(f);
        store_release(&f->generator.bits, (uintptr_t)0);
    }
    generator_mark_finished(g);
}

Value generator_yield_from(Thread *t, GeneratorObject *g) {
    if (load_acquire(&g->state) != GENERATOR_SUSPENDED)
        return NO_VALUE;
    bool stop = load_relaxed(&runtime_threaded); /* another thread may be about to resume it */
    if (stop)
        heap_stop_and_publish(t);
    bool delegates = g->state == GENERATOR_SUSPENDED && g->ip->op == OP_YIELD_FROM;
    Value delegate = delegates ? g->registers[g->ip->b] : NO_VALUE;
    if (stop)
        start_world(t);
    return delegate;
}

/* ---- stepping from C ---- */

/* The generator's frame is the innermost one and goes on. */
static inline SendResult run_entered(Thread *t, GeneratorObject *g, Value *result) {
    t->frame->ip++;
    *result = vm_execute(t);
    if (absent(*result))
        return SEND_ERROR;
    return load_acquire(&g->state) == GENERATOR_FINISHED ? SEND_RETURN : SEND_YIELD;
}

SendResult generator_send(Thread *t, Value generator, Value value, Value *result) {
    GeneratorObject *g = as_generator(generator);
    *result = NO_VALUE;
    uint32_t state = load_acquire(&g->state);
    if (likely(present(value) && (state == GENERATOR_SUSPENDED || is_none(value)) && t->frame &&
               generator_try_enter(t, g, frame_end(t->frame), value, FRAME_ENTRY, is_own(g))))
        return run_entered(t, g, result);
    bool throwing = absent(value);
    if (state == GENERATOR_FINISHED) {
        if (g->object.type == &coroutine_type) {
            if (throwing)
                error_clear(t);
            raise_error(t, &RuntimeError_type, "cannot reuse already awaited coroutine");
            return SEND_ERROR;
        }
        if (throwing)
            return SEND_ERROR;
        *result = NONE;
        return SEND_RETURN;
    }
    if (state == GENERATOR_CREATED && !throwing && !is_none(value)) {
        raise_type_error(t, "can't send non-None value to a just-started %s", kind_name(g));
        return SEND_ERROR;
    }
    Value exception = throwing ? error_take(t) : NO_VALUE;
    if (!generator_enter(t, g, value, FRAME_ENTRY))
        return SEND_ERROR;
    if (throwing) {
        if (present(g->handled) && !same(g->handled, exception))
            exception_set_context(t, exception, g->handled);
        error_restore(t, exception);
        *result = vm_execute_throw(t);
        if (absent(*result))
            return SEND_ERROR;
        return load_acquire(&g->state) == GENERATOR_FINISHED ? SEND_RETURN : SEND_YIELD;
    }
    return run_entered(t, g, result);
}

SendResult iterator_send(Thread *t, Value iterator, Value value, Value *result) {
    if (is_generator_like(iterator))
        return generator_send(t, iterator, value, result);
    Type *type = type_of(iterator);
    if (type->send)
        return (SendResult)type->send(t, iterator, value, result);
    if (is_none(value) && type->next && !(type->flags & TYPE_HEAP))
        *result = type->next(t, iterator);
    else if (is_none(value) && type->next)
        *result = call_method_0(t, iterator, names.__next__); /* StopIteration's value counts */
    else
        *result = call_method_1(t, iterator, names.send, value);
    if (present(*result))
        return SEND_YIELD;
    if (!error_pending(t)) {
        *result = NONE;
        return SEND_RETURN;
    }
    if (!error_matches(t, &StopIteration_type))
        return SEND_ERROR;
    *result = stop_iteration_value(error_take(t));
    return SEND_RETURN;
}

/* ---- throwing ---- */

/* The exception instance that throw(type, value, traceback) means. */
static Value thrown_exception(Thread *t, Value type, Value value, Value traceback) {
    if (present(traceback) && is_none(traceback))
        traceback = NO_VALUE;
    if (present(traceback) && !is_exactly(traceback, &traceback_type))
        return raise_type_error(t, "throw() third argument must be a traceback object");
    Value e;
    if (is_type(type) && as_type(type)->flags & TYPE_EXCEPTION) {
        if (present(value) && is_instance_of(value, as_type(type)))
            e = value;
        else if (absent(value) || is_none(value))
            e = call_0(t, type);
        else if (is_exactly(value, &tuple_type))
            e = call_tuple(t, type, value, NO_VALUE);
        else
            e = call_1(t, type, value);
        if (present(e) && !is_exception(e))
            e = raise_type_error(t, "calling %R should have returned an instance of BaseException, not %T", type, e);
        if (absent(e)) /* what went wrong is thrown instead */
            e = error_take(t);
    } else if (is_exception(type)) {
        if (present(value) && !is_none(value))
            return raise_type_error(t, "instance exception may not have a separate value");
        e = type;
    } else {
        return raise_type_error(t, "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (present(traceback))
        exception_set_traceback(e, traceback);
    return e;
}

static bool is_generator_exit(Value type) {
    if (is_type(type))
        return type_is_subtype(as_type(type), &GeneratorExit_type);
    return is_instance_of(type, &GeneratorExit_type);
}

static bool close_iterator(Thread *t, Value iterator) {
    if (!recursion_enter(t, ""))
        return false;
    if (is_generator_like(iterator))
        return generator_close(t, iterator);
    Value close = find_attribute(t, iterator, names.close);
    if (absent(close)) {
        if (error_pending(t))
            error_write_unraisable(t, NULL, iterator);
        return true;
    }
    return present(call_0(t, close));
}

static SendResult throw_here(Thread *t, GeneratorObject *g, Value type, Value value, Value traceback, Value *result) {
    Value e = thrown_exception(t, type, value, traceback);
    *result = NO_VALUE;
    if (absent(e))
        return SEND_ERROR;
    error_restore(t, e);
    return generator_send(t, from_object(g), NO_VALUE, result);
}

/* Throws into the iterator that g delegates to; absent without exception: it cannot take exceptions. */
static bool delegate_throw(Thread *t, Value delegate, Value type, Value value, Value traceback, Value *result) {
    if (!recursion_enter(t, ""))
        return true;
    if (is_generator_like(delegate)) {
        *result = generator_throw(t, delegate, type, value, traceback);
        return true;
    }
    Value method = find_attribute(t, delegate, names.throw);
    if (absent(method))
        return *result = NO_VALUE, error_pending(t);
    Value block[4] = {NO_VALUE, type, value, traceback};
    size_t count = present(traceback) ? 3 : present(value) ? 2 : 1;
    if (count > 1 && absent(block[2]))
        block[2] = NONE;
    *result = call(t, method, block + 1, count, NO_VALUE);
    return true;
}

/* generator_yield_from for who is about to step g, while other threads may be. false: one does, and ValueError is pending. */
static bool find_delegate(Thread *t, GeneratorObject *g, Value *delegate) {
    *delegate = NO_VALUE;
    if (load_acquire(&g->state) != GENERATOR_SUSPENDED)
        return true;
    uint32_t was;
    bool shared = load_relaxed(&runtime_threaded);
    if (shared && !claim(t, g, &was))
        return false;
    if (g->ip->op == OP_YIELD_FROM)
        *delegate = g->registers[g->ip->b];
    if (shared)
        unclaim(g, was);
    return true;
}

SendResult generator_throw_into(Thread *t, GeneratorObject *g, bool close_delegate, Value type, Value value,
                                Value traceback, Value *result) {
    *result = NO_VALUE;
    Value delegate;
    if (!find_delegate(t, g, &delegate))
        return SEND_ERROR;
    if (absent(delegate))
        return throw_here(t, g, type, value, traceback, result);
    /* The generator's frame stands below the delegate's while that runs. */
    if (!generator_enter(t, g, NONE, FRAME_ENTRY))
        return SEND_ERROR;
    const Instruction *ip = t->frame->ip; /* another thread may have got it elsewhere meanwhile */
    bool handled;
    if (close_delegate && is_generator_exit(type)) {
        handled = !close_iterator(t, delegate);
        *result = NO_VALUE;
    } else {
        handled = delegate_throw(t, delegate, type, value, traceback, result);
    }
    generator_suspend(t, t->frame, ip);
    if (!handled)
        return throw_here(t, g, type, value, traceback, result);
    if (present(*result))
        return SEND_YIELD;
    return generator_send(t, from_object(g), NO_VALUE, result); /* what the delegate raised is raised here */
}

Value generator_throw(Thread *t, Value generator, Value type, Value value, Value traceback) {
    Value result = NO_VALUE;
    switch (generator_throw_into(t, as_generator(generator), true, type, value, traceback, &result)) {
    case SEND_YIELD: return result;
    case SEND_RETURN:
        raise_stop_iteration(t, is_none(result) ? NO_VALUE : result);
        break;
    case SEND_ERROR: break;
    }
    return NO_VALUE;
}

/* ---- closing ---- */

/* What the generator's registers hold and somebody could notice the death of: `held` has room for MOST_DROPS. */
static size_t noticed_registers(GeneratorObject *g, Value *held) {
    size_t count = 0;
    for (size_t i = 0; i < g->saved_count && count < MOST_DROPS; i++)
        if (drop_is_noticed(g->registers[i]))
            held[count++] = g->registers[i];
    return count;
}
/* The same, but nothing where another thread could be in the middle of a step. */
static size_t noticed_of(GeneratorObject *g, Value *held) {
    return !is_own(g) || g->state == GENERATOR_RUNNING ? 0 : noticed_registers(g, held);
}

/* close(): *result is what the generator returned in answer, or None. */
static bool close_step(Thread *t, GeneratorObject *g, Value *result) {
    *result = NONE;
    uint32_t state = load_acquire(&g->state);
    if (state == GENERATOR_FINISHED)
        return true;
    if (state == GENERATOR_CREATED) {
        uint32_t was;
        if (!claim(t, g, &was))
            return false;
        if (was == GENERATOR_CREATED) {
            finish_unstarted(g);
            return true;
        }
        unclaim(g, was); /* another thread has begun it and suspended it again */
    }
    Value delegate;
    if (!find_delegate(t, g, &delegate))
        return false;
    bool ok = true;
    if (present(delegate)) {
        uint32_t was;
        if (!claim(t, g, &was))
            return false;
        ok = close_iterator(t, delegate);
        unclaim(g, was);
    }
    if (ok) {
        Value e = exception_new(t, &GeneratorExit_type, 0, NULL);
        if (absent(e))
            return false;
        error_restore(t, e);
    }
    switch (generator_send(t, from_object(g), NO_VALUE, result)) {
    case SEND_YIELD:
        raise_error(t, &RuntimeError_type, "%s ignored GeneratorExit", kind_name(g));
        return false;
    case SEND_RETURN: return true;
    case SEND_ERROR: break;
    }
    *result = NONE;
    return error_catch(t, &GeneratorExit_type) || error_catch(t, &StopIteration_type);
}

Value generator_close_value(Thread *t, Value generator) {
    Value held[MOST_DROPS], result;
    size_t count = noticed_of(as_generator(generator), held);
    bool ok = close_step(t, as_generator(generator), &result);
    for (size_t i = 0; i < count; i++)
        drop_note(t, held[i]);
    return ok ? result : NO_VALUE;
}

/* A generator that others may have come by, through a frame, is left to who looks for what is dead. The last of what it had itself to
 * let go of is dealt with here, so that generators in loops of generators, however many, take no more of the C stack. */
void generator_drop(Thread *t, GeneratorObject *g) {
    while (g && load_acquire(&g->state) == GENERATOR_SUSPENDED) {
        if (present(g->frame_object) || load_relaxed(&g->object.meta) & META_WEAKREFS) {
            drop_note(t, from_object(g));
            return;
        }
        Value held[MOST_DROPS];
        size_t count = noticed_registers(g, held);
        bool delegates = g->ip->op == OP_YIELD_FROM && is_generator_like(g->registers[g->ip->b]);
        Value self = from_object(g);
        if (g->registered || delegates)
            generator_finalize(t, &self);
        g = NULL;
        for (size_t i = 0; i < count; i++) {
            if (!generator_is_of_loop(held[i])) {
                drop_note(t, held[i]);
                continue;
            }
            if (g)
                generator_drop(t, g);
            g = as_generator(held[i]);
        }
    }
}

bool generator_close(Thread *t, Value generator) { return present(generator_close_value(t, generator)); }
