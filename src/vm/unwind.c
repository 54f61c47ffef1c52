/* Exceptions in the interpreter: finding the handler, and the operations of `except`, `finally` and `raise`.
 *
 * A failing instruction tail-calls vm_unwind with the exception pending. It notes the frame in the traceback, looks
 * the instruction up in the code's exception table, and either goes on at the handler or ends the frame and
 * tries its caller; at a frame called from C the interpreter is left, the exception still pending.
 */
#include "types/exceptions/exceptions.h"
#include "types/traceback.h"
#include "vm/generator_step.h"
#include "vm/calls.h"
#include "vm/tracing.h"

/* Adds the frame to the exception's traceback; none must be pending. When there is no memory, the traceback is shorter. */
static void add_traceback(Thread *t, Frame *f, Value e) {
    Value frame = frame_object(t, f);
    Value next = load(&as_exception(e)->traceback);
    Value traceback = absent(frame) ? NO_VALUE
                                    : traceback_new(t, present(next) && !is_none(next) ? next : NO_VALUE, frame,
                                                    (int32_t)frame_index(f) * 2, -1);
    if (present(traceback))
        exception_set_traceback(e, traceback);
}

static void traceback_here(Thread *t, Frame *f) {
    if (unlikely(!error_pending(t)))
        raise_system_error(t, "error return without exception set");
    Value e = t->exception;
    t->exception = NO_VALUE;
    add_traceback(t, f, e);
    t->exception = e;
}

void vm_traceback_here(Thread *t) {
    Value traceback = load(&as_exception(t->exception)->traceback);
    if (frame_is_real(t->frame) && (absent(traceback) || is_none(traceback)))
        traceback_here(t, t->frame);
}

/* Cleaning up on the way of an exception leaves no trace: the frame shows the place where that was raised. */
static void stand_at_raise(Thread *t, Frame *f) {
    Value traceback = load(&as_exception(t->exception)->traceback);
    if (absent(f->object) || absent(traceback) || !is_exactly(traceback, &traceback_type))
        return;
    TracebackObject *tb = (TracebackObject *)as_object(traceback);
    if (same(tb->frame, f->object) && tb->lasti >= 0)
        f->ip = f->code->instructions + tb->lasti / 2;
}

PRESERVE_NONE NOT_INLINED Value vm_unwind(PARAMETERS) {
    t->frame->ip = ip;
    traceback_here(t, t->frame);
    if (is_tracing(t))
        trace_exception(t, t->frame);
    TAIL(vm_unwind_again);
}

/* RERAISE with b = 1 ends cleanup code: a frame that it ends stands where the exception came from. */
static bool ends_cleanup(Frame *f) { return f->ip->op == OP_RERAISE && f->ip->b == 1; }

static void note_raising_instruction(Frame *f) {
    if (present(f->object) && !ends_cleanup(f))
        as_frame(f->object)->raised_at = frame_index(f);
}

static void restore_raising_instruction(Frame *f) {
    if (present(f->object) && ends_cleanup(f))
        f->ip = f->code->instructions + as_frame(f->object)->raised_at;
}

/* A StopIteration left the __next__ that the FOR_ITER of the innermost frame had called. */
static bool ends_loop(Thread *t) {
    return operation_generic[load_relaxed(&t->frame->ip->op)] == OP_FOR_ITER && error_catch(t, &StopIteration_type);
}

PRESERVE_NONE NOT_INLINED Value vm_unwind_again(PARAMETERS) {
    t->frame->ip = ip;
    for (;;) {
        Frame *f = t->frame;
        const ExceptionEntry *handler = code_handler(f->code, frame_index(f));
        if (handler && likely(!t->ending)) {
            if (is_tracing(t))
                trace_handled(t, f, handler->target);
            note_raising_instruction(f);
            frame_goes_on(f);
            f->base[handler->exception_register] = error_take(t);
            f->ip = f->code->instructions + handler->target;
            LOAD_FRAME(f);
            DISPATCH();
        }
        uint32_t end = frame_index(f);
        restore_raising_instruction(f);
        if (f->ip->op == OP_RERAISE && f->ip->b)
            stand_at_raise(t, f);
        if (is_tracing(t))
            trace_unwind(t, f, end);
        uint32_t flags = f->flags;
        if (flags & FRAME_GENERATOR)
            generator_finish(t, f);
        else if (flags & FRAME_AWAITED)
            generator_pop_awaited(t, f);
        else
            frame_pop(t);
        if (flags & FRAME_ENTRY)
            return NO_VALUE;
        if (unlikely(flags & FRAME_OPERATOR) && ends_loop(t)) {
            frame_goes_on(t->frame);
            LOAD_FRAME(t->frame);
            ip += (int16_t)ip->c;
            NEXT();
        }
        traceback_here(t, t->frame);
        if (is_tracing(t))
            trace_exception(t, t->frame);
    }
}

HANDLER(RAISE) {
    SAVE();
    if (!op_RAISE(t, &r[ip->a], ip->b))
        FAIL();
    if (is_tracing(t))
        trace_reraise(t, t->frame);
    TAIL(vm_unwind_again);
}

HANDLER(RERAISE) {
    error_restore(t, r[ip->a]);
    if (is_tracing(t)) {
        SAVE();
        trace_reraise(t, t->frame);
    }
    TAIL(vm_unwind_again);
}

/* In a generator the exceptions that its own handlers handle are kept apart from those of whoever resumed it. */
static HANDLER(PUSH_HANDLED_awaited) {
    SAVE();
    if (unlikely(!generator_move(t, t->frame)))
        FAIL();
    r = t->frame->base;
    TAIL(do_PUSH_HANDLED);
}
HANDLER(PUSH_HANDLED) {
    Frame *f = t->frame;
    Value e = r[ip->b];
    if (unlikely(f->flags & FRAME_AWAITED))
        TAIL(do_PUSH_HANDLED_awaited);
    if (unlikely(f->flags & FRAME_GENERATOR)) {
        GeneratorObject *g = frame_generator(f);
        r[ip->a] = present(g->handled) ? g->handled : NONE;
        if (absent(g->handled))
            store(g, &g->outer_handled, t->handled);
        g->count_at_ip = 0;
        store(g, &g->handled, e);
    } else {
        r[ip->a] = present(t->handled) ? t->handled : NONE;
    }
    t->handled = e;
    NEXT_FAST();
}

void vm_pop_handled(Thread *t, Frame *f, Value e) {
    if (unlikely(f->flags & FRAME_GENERATOR)) {
        GeneratorObject *g = frame_generator(f);
        store(g, &g->handled, is_none(e) ? NO_VALUE : e); /* absent: none */
        t->handled = is_none(e) ? g->outer_handled : e;
    } else {
        t->handled = e;
    }
}

HANDLER(POP_HANDLED) {
    vm_pop_handled(t, t->frame, r[ip->a]);
    NEXT_FAST();
}

HANDLER(MATCH_EXCEPTION) {
    SAVE();
    Value v = op_MATCH_EXCEPTION(t, r[ip->b], r[ip->c]);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->a] = v;
    NEXT();
}

HANDLER(MATCH_EXCEPTION_GROUP) {
    SAVE();
    Value e = r[ip->b];
    if (unlikely(!op_MATCH_EXCEPTION_GROUP(t, &r[ip->a], e, r[ip->c])))
        FAIL();
    Value match = r[ip->a + 1];
    if (!is_none(match) && !is_instance_of(e, &BaseExceptionGroup_type)) { /* it was wrapped in a group, which starts here */
        add_traceback(t, t->frame, match);
        error_clear(t);
    }
    NEXT();
}

HANDLER(MERGE_EXCEPTION_STAR) {
    SAVE();
    Value v = exception_group_prepare_reraise(t, r[ip->b], r[ip->c]);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->a] = v;
    NEXT();
}

HANDLER(LOAD_SPECIAL) {
    SAVE();
    if (unlikely(!op_LOAD_SPECIAL(t, &r[ip->a], r[ip->b], ip->c)))
        FAIL();
    NEXT();
}

HANDLER(WITH_EXIT_EXCEPTION) {
    Value exit = r[ip->b], e = r[ip->c], *base = real_frame_end(t->frame);
    SAVE();
    if (is_function(exit) && present(r[ip->b + 1])) { /* an __exit__ written in Python */
        FunctionObject *f = as_function(exit);
        CodeObject *code = load_relaxed(&f->code);
        if (likely(code_exact_arguments(code) == 4 && call_fits(t, base, code) && !is_tracing(t))) {
            Value traceback = load(&as_exception(e)->traceback);
            base[0] = r[ip->b + 1];
            base[1] = from_object(type_of(e));
            base[2] = e;
            base[3] = present(traceback) ? traceback : NONE;
            clear_locals(base, 4, code->local_count);
            ENTER(f, code, base, 0, ip->a);
        }
    }
    Value v = op_WITH_EXIT_EXCEPTION(t, &r[ip->b], r[ip->c]);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->a] = v;
    NEXT();
}

HANDLER(END_ASYNC_FOR) {
    SAVE();
    Value e = r[ip->a];
    if (is_instance_of(e, &StopAsyncIteration_type))
        NEXT();
    error_restore(t, e);
    if (is_tracing(t))
        trace_reraise(t, t->frame);
    TAIL(vm_unwind_again);
}

HANDLER(CLEANUP_THROW) {
    SAVE();
    Value e = r[ip->b];
    if (!is_instance_of(e, &StopIteration_type)) {
        error_restore(t, e);
        if (is_tracing(t))
            trace_reraise(t, t->frame);
        TAIL(vm_unwind_again);
    }
    r[ip->a] = stop_iteration_value(e);
    NEXT();
}
