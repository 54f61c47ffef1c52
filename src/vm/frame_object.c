/* frame: what sys._getframe, tracebacks and generators show of a frame. See frame.h.
 *
 * Where the registers of a frame object are: on its thread's stack while `live`; in the generator while that is
 * suspended; else in the object itself.
 *
 * Threads: a frame at work and a generator's saved registers are read and written plainly by who runs them. Others look at
 * them while the world is stopped (look_begin). What is detached stays as it is.
 */
#include "object/audit.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"
#include "vm/generator_internal.h"

static void frame_trace(Tracer *tracer, Object *o) {
    FrameObject *f = (FrameObject *)o;
    trace_values(tracer, &f->generator, &f->extra_locals - &f->generator + 1);
    if (!f->live)
        trace_values(tracer, f->registers, f->register_count);
}

static FrameObject *frame_allocate(Thread *t, Value code) {
    size_t count = as_code(code)->local_count;
    FrameObject *f = heap_allocate(t, &frame_type, sizeof(FrameObject) + count * sizeof(Value));
    if (!f)
        return NULL;
    f->code = code; /* NOBARRIER: new */
    f->register_count = count;
    f->trace_lines = true;
    return f;
}

static void attach(FrameObject *f, Frame *frame) {
    f->function = from_object(frame->function);
    f->locals = frame->locals;
    if (frame->flags & FRAME_GENERATOR)
        f->generator = from_object(frame_generator(frame));
    else if (frame->flags & FRAME_AWAITED)
        f->generator = frame->coroutine;
    f->live = frame;
    frame_set_extra(frame, from_object(f), frame->locals);
    store_many(f);
}

Value frame_object(Thread *t, Frame *frame) {
    assert(frame_is_own(t, frame));
    if (present(frame->object))
        return frame->object;
    FrameObject *f = frame_allocate(t, from_object(frame->code));
    if (!f)
        return NO_VALUE;
    if (likely(absent(frame->object))) /* else another thread looked at the frame meanwhile */
        attach(f, frame);
    return frame->object;
}

/* ---- frames of other threads ---- */

bool frame_is_own(Thread *t, const Frame *f) {
    const Frame *records = t->vm_private;
    return f >= records && f < records + FRAME_RECORDS;
}

/* Before looking where the registers are: stops the world if another thread could be using them. Nothing is allocated until
 * look_end, which gets the result. */
static bool look_begin(Thread *t, FrameObject *f) {
    if (likely(!load_relaxed(&runtime_threaded)))
        return false;
    Frame *live = load_acquire(&f->live);
    if (live ? frame_is_own(t, live) : absent(load(&f->generator)))
        return false;
    heap_stop_and_publish(t);
    return true;
}

static void look_end(Thread *t, bool stopped) {
    if (stopped)
        start_world(t);
}

/* One for whatever frame is found once the world is stopped. */
enum { SPARE_LOCALS = 200 };
static FrameObject *spare_object(Thread *t, size_t locals) {
    return heap_allocate(t, &frame_type, sizeof(FrameObject) + locals * sizeof(Value));
}

/* World stopped. absent: the frame has too many variables for the spare one. */
static Value object_of_other(Frame *frame, FrameObject *spare, size_t locals) {
    if (present(frame->object))
        return frame->object;
    if (frame->code->local_count > locals)
        return NO_VALUE;
    spare->code = from_object(frame->code);
    spare->register_count = frame->code->local_count;
    spare->trace_lines = true;
    attach(spare, frame);
    return from_object(spare);
}

Value frame_object_elsewhere(Thread *t, Frame *(*find)(void *context), void *context) {
    size_t locals = SPARE_LOCALS;
    for (;;) {
        FrameObject *spare = spare_object(t, locals);
        if (!spare)
            return NO_VALUE;
        heap_stop_and_publish(t);
        Frame *frame = find(context);
        bool found = frame_is_real(frame);
        Value object = found ? object_of_other(frame, spare, locals) : NONE;
        if (found)
            locals = frame->code->local_count;
        start_world(t);
        if (present(object))
            return object;
    }
}

/* World stopped. */
static Frame *caller_of_object(void *context) {
    FrameObject *f = context;
    return f->live ? frame_caller(f->live) : NULL;
}

/* ---- generators' frames ---- */

Value frame_object_for_generator(Thread *t, Value generator) {
    GeneratorObject *g = as_generator(generator);
    Value there = load(&g->frame_object);
    if (present(there))
        return there;
    if (load_acquire(&g->state) == GENERATOR_RUNNING) {
        for (Frame *f = t->frame; frame_is_real(f); f = frame_caller(f))
            if (f->flags & FRAME_GENERATOR ? frame_generator(f) == g : f->flags & FRAME_AWAITED && same(f->coroutine, generator))
                return frame_object(t, f);
        return NONE;
    }
    FrameObject *f = frame_allocate(t, g->code);
    if (!f)
        return NO_VALUE;
    f->function = g->function;
    bool threaded = load_relaxed(&runtime_threaded);
    if (threaded)
        heap_stop_and_publish(t);
    there = g->frame_object;
    bool suspended = g->state <= GENERATOR_SUSPENDED; /* if it was entered meanwhile, it looks as if that had come first */
    if (absent(there) && suspended) {
        f->locals = generator_locals(g);
        f->generator = generator;
        store_many(f);
        store(g, &g->frame_object, there = from_object(f));
        g->plain = false;
    }
    if (threaded)
        start_world(t);
    return present(there) ? there : NONE;
}

/* The frame ends: the object gets the locals, and keeps its caller. */
void frame_detach_object(Thread *t, Frame *frame) {
    FrameObject *f = as_frame(frame->object);
    f->index = frame_index(frame);
    publish_many_into(f, frame->base, f->register_count);
    memcpy(f->registers, frame->base, f->register_count * sizeof(Value));
    store_moved(f);
    if (frame_is_real(frame_caller(frame)) && !(frame->flags & (FRAME_GENERATOR | FRAME_AWAITED))) {
        Value pending = error_take(t);
        Value back = frame_object(t, frame_caller(frame));
        store(f, &f->back, back);
        if (absent(back))
            error_clear(t);
        if (present(pending))
            error_restore(t, pending);
    }
    store_release(&f->generator.bits, (uintptr_t)0);
    store_release(&f->live, (Frame *)NULL);
}

static GeneratorObject *suspended_generator(FrameObject *f) {
    if (f->live || absent(f->generator))
        return NULL;
    GeneratorObject *g = as_generator(f->generator);
    uint32_t state = load_acquire(&g->state);
    return state == GENERATOR_CREATED || state == GENERATOR_SUSPENDED ? g : NULL;
}

static Value *registers_of(FrameObject *f) {
    GeneratorObject *g = suspended_generator(f);
    return f->live ? f->live->base : g ? g->registers : f->registers;
}

Value *frame_object_registers(Thread *t, FrameObject *f) {
    Frame *live = load_acquire(&f->live);
    if (likely(!load_relaxed(&runtime_threaded)) || (live ? frame_is_own(t, live) : absent(load(&f->generator))))
        return registers_of(f);
    Value copy = tuple_new(t, f->register_count);
    if (absent(copy))
        return NULL;
    bool stopped = look_begin(t, f);
    memcpy(as_tuple(copy)->items, registers_of(f), f->register_count * sizeof(Value));
    look_end(t, stopped);
    store_many(as_object(copy));
    return as_tuple(copy)->items;
}

void frame_object_store(Thread *t, FrameObject *f, size_t index, Value value) {
    publish(value); /* another thread may find it in its registers */
    bool stopped = look_begin(t, f);
    registers_of(f)[index] = value;
    store_moved(f);
    if (!f->live && present(f->generator))
        store_moved(as_object(f->generator));
    look_end(t, stopped);
}

uint32_t frame_object_index(Thread *t, FrameObject *f) {
    bool stopped = look_begin(t, f);
    GeneratorObject *g = suspended_generator(f);
    uint32_t index = f->live ? frame_index(f->live) : g ? (uint32_t)(g->ip - as_code(f->code)->instructions) : f->index;
    look_end(t, stopped);
    return index;
}

int32_t frame_object_line(Thread *t, FrameObject *f) {
    CodeObject *code = as_code(f->code);
    uint32_t index = frame_object_index(t, f);
    bool is_module = !(code->flags & CODE_OPTIMIZED) && code_line_at(code, index) == 0;
    if (f->at_start && !is_module)
        return code->first_line;
    int32_t line = code_line_at(code, index);
    if (line >= 0)
        return line;
    unsigned op = code_instruction(code, index).op;
    return op == OP_RETURN_GENERATOR || op == OP_COPY_FREE_VARS || op == OP_MAKE_CELL ? code->first_line : -1;
}

/* ---- attributes ---- */

static Value get_back(Thread *t, Value *args) {
    FrameObject *f = as_frame(args[0]);
    Frame *live = load_acquire(&f->live);
    if (live && frame_is_own(t, live))
        return frame_is_real(frame_caller(live)) ? frame_object(t, frame_caller(live)) : NONE;
    Value back = live ? frame_object_elsewhere(t, caller_of_object, f) : NONE;
    if (!is_none(back))
        return back;
    back = load(&f->back); /* it has ended, perhaps just now */
    return present(back) ? back : NONE;
}
static Value get_code(Thread *t, Value *args) {
    return audit(t, "object.__getattr__", 2, args[0], str_intern_text(t, "f_code")) ? as_frame(args[0])->code : NO_VALUE;
}
static Value get_globals(Thread *t, Value *args) { return as_function(as_frame(args[0])->function)->globals; }
static Value get_builtins(Thread *t, Value *args) { return as_function(as_frame(args[0])->function)->builtins; }
static Value get_locals(Thread *t, Value *args) { return frame_locals_mapping(t, as_frame(args[0])); }
static Value get_lasti(Thread *t, Value *args) {
    FrameObject *f = as_frame(args[0]);
    return small_int((int64_t)frame_object_index(t, f) * 2);
}
static Value get_line(Thread *t, Value *args) {
    int32_t line = frame_object_line(t, as_frame(args[0]));
    return line >= 0 ? small_int(line) : NONE;
}
static Value get_trace(Thread *t, Value *args) {
    Value v = load(&as_frame(args[0])->trace);
    return present(v) ? v : NONE;
}
static Value set_trace(Thread *t, Value *args) {
    FrameObject *f = as_frame(args[0]);
    store(f, &f->trace, present(args[1]) && !is_none(args[1]) ? args[1] : NO_VALUE);
    return NONE;
}
static Value get_trace_lines(Thread *t, Value *args) { return from_bool(load_relaxed(&as_frame(args[0])->trace_lines)); }
static Value set_flag(Thread *t, Value v, bool *flag, const char *deleted) {
    if (absent(v))
        return raise_type_error(t, "%s", deleted);
    if (!is_exactly(v, &bool_type))
        return raise_type_error(t, "attribute value type must be bool");
    store_relaxed(flag, same(v, TRUE));
    return NONE;
}
static Value set_trace_lines(Thread *t, Value *args) { return set_flag(t, args[1], &as_frame(args[0])->trace_lines, "can't delete numeric/char attribute"); }
static Value get_trace_opcodes(Thread *t, Value *args) { return from_bool(load_relaxed(&as_frame(args[0])->trace_opcodes)); }
static Value set_trace_opcodes(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], NO_VALUE, "attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted");
    return set_flag(t, args[1], &as_frame(args[0])->trace_opcodes, "");
}
static Value get_generator(Thread *t, Value *args) {
    Value g = load(&as_frame(args[0])->generator);
    Frame *live = load_acquire(&as_frame(args[0])->live);
    if (absent(g) && live && frame_is_own(t, live) && live->flags & FRAME_AWAITED)
        return generator_of_awaited(t, live);
    return present(g) ? g : NONE;
}

/* ---- methods ---- */

static Value frame_clear(Thread *t, Value *args) {
    FrameObject *f = as_frame(args[0]);
    if (load_acquire(&f->live))
        return raise_error(t, &RuntimeError_type, "cannot clear an executing frame");
    Value generator = load(&f->generator);
    uint32_t state = present(generator) ? load_acquire(&as_generator(generator)->state) : GENERATOR_FINISHED;
    if (state == GENERATOR_SUSPENDED)
        return raise_error(t, &RuntimeError_type, "cannot clear a suspended frame");
    if (state == GENERATOR_RUNNING)
        return raise_error(t, &RuntimeError_type, "cannot clear an executing frame");
    if (state == GENERATOR_CREATED) {
        TRY(generator_finalize(t, &generator)); /* warns if it is a coroutine that nobody awaited */
        store_release(&f->generator.bits, (uintptr_t)0);
    }
    for (size_t i = 0; i < f->register_count; i++)
        store(f, &f->registers[i], NO_VALUE);
    f->extra_locals = NO_VALUE;
    f->cleared = true;
    return NONE;
}

static Value frame_repr(Thread *t, Value *args) {
    FrameObject *f = as_frame(args[0]);
    CodeObject *code = as_code(f->code);
    return format_text(t, "<frame at 0x%lx, file %R, line %d, code %S>", (unsigned long)args[0].bits, code->filename,
                       (int)frame_object_line(t, f), code->name);
}

static const NativeDef frame_methods[] = {
    {"__repr__(self, /)", frame_repr, "Return repr(self).", 0},
    {"clear(self, /)", frame_clear, "Clear all references held by the frame.", 0},
    {0},
};

Value frame_set_line(Thread *t, Value *args); /* jump.c */

static const GetSetDef frame_getset[] = {
    {"f_back", get_back, NULL, "Return the frame's caller, or None."},
    {"f_code", get_code, NULL, "Return the code object being executed in this frame."},
    {"f_globals", get_globals, NULL, "Return the global variables in the frame."},
    {"f_builtins", get_builtins, NULL, "Return the built-in variables in the frame."},
    {"f_locals", get_locals, NULL, "Return the mapping used by the frame to look up local variables."},
    {"f_lasti", get_lasti, NULL, "Return the index of the last attempted instruction in the frame."},
    {"f_lineno", get_line, frame_set_line, "Return the current line number in the frame."},
    {"f_trace", get_trace, set_trace, "Return the trace function for this frame, or None."},
    {"f_trace_lines", get_trace_lines, set_trace_lines, NULL, MEMBER},
    {"f_trace_opcodes", get_trace_opcodes, set_trace_opcodes, NULL},
    {"f_generator", get_generator, NULL, "Return the generator or coroutine that owns this frame, or None."},
    {0},
};

STATIC_TYPE(frame_type) = {
    STATIC_TYPE_HEAD(frame_trace, NULL),
    .name_text = "frame",
    .base_static = &object_type,
    .methods = frame_methods,
    .getset = frame_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(FrameObject),
    .item_size = sizeof(Value),
};
