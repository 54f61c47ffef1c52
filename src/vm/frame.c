/* Frame records: their memory, their limit, and what the collector sees of a thread's stack. */
#include "vm/frame.h"

#include "base/memory.h"
#include "heap/drop.h"
#include "object/interrupts.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/method.h"
#include "types/module.h"
#include "types/traceback.h"
#include "vm/attribute_cache.h"
#include "vm/eval.h"
#include "vm/generator.h"
#include "vm/interpret.h"
#include "vm/drop.h"
#include "vm/tracing.h"


bool frames_reserve(Thread *t) {
    size_t size = FRAME_RECORDS * sizeof(Frame) + SHARED_CACHE_ENTRIES * sizeof(Cache);
    Frame *records = memory_reserve(size, 4096);
    if (!records)
        return false;
    t->vm_private = records;
    t->frame = records;
    records->base = t->stack;
    tracing_update(t);
    vm_recursion_limit_changed(t);
    return true;
}

bool frames_prepare(Thread *t) {
    if (frames_reserve(t))
        return true;
    raise_no_memory(t);
    return false;
}

void frames_release(Thread *t) {
    if (t->vm_private)
        memory_release(t->vm_private, FRAME_RECORDS * sizeof(Frame) + SHARED_CACHE_ENTRIES * sizeof(Cache));
    t->vm_private = NULL;
    t->shared_caches_filled = false;
    t->frame = t->frame_limit = NULL;
    thread_set_call_limit(t, NULL);
}

void vm_recursion_limit_changed(Thread *t) {
    Frame *records = t->vm_private;
    size_t limit = t->isolate->recursion_limit;
    if (!records)
        return;
    t->frame_limit = records + (limit < FRAME_RECORDS - 1 ? limit + 1 : FRAME_RECORDS - 1);
    thread_set_call_limit(t, t->frame_limit);
}

bool frame_overflow(Thread *t) {
    raise_error(t, &RecursionError_type, "maximum recursion depth exceeded");
    return false;
}

Frame *vm_frame_at(Thread *t, size_t depth) {
    Frame *f = t->frame;
    while (frame_is_real(f) && depth-- > 0)
        f = frame_caller(f);
    return frame_is_real(f) ? f : NULL;
}

/* Locals are always valid words; temporaries may be leftovers, so they are traced conservatively. */
void trace_thread_stack(Tracer *tracer, Thread *t) {
    thread_trace_fields(tracer, t);
    if (t->shared_caches_filled && !tracer_only_looks(tracer)) {
        memset(shared_caches(t), 0, SHARED_CACHE_ENTRIES * sizeof(Cache));
        t->shared_caches_filled = false;
    }
    Frame *f = t->frame;
    for (; frame_is_real(f); f = frame_caller(f)) {
        trace_object(tracer, f->code);
        trace_object(tracer, f->function);
        trace_value(tracer, f->locals);
        trace_value(tracer, f->object);
        if (f->flags & FRAME_GENERATOR)
            trace_object(tracer, frame_generator(f));
        else if (f->flags & FRAME_AWAITED)
            trace_value(tracer, f->coroutine);
        size_t locals = f->code->local_count, live = f->code->live[frame_index(f)];
        trace_values(tracer, f->base, locals);
        if (live > locals)
            trace_conservatively(tracer, f->base + locals, f->base + live);
    }
}

/* ---- what the layers below ask for ---- */

static int32_t line_of_frame(Thread *t, Value frame, int32_t lasti) {
    FrameObject *f = as_frame(frame);
    SourcePosition p = code_position(as_code(f->code), (uint32_t)lasti / 2);
    return p.line > 0 ? p.line : -1;
}

/* super() without arguments: the first argument and the __class__ cell of the running function. */
static bool super_of_frame(Thread *t, Value *type, Value *object) {
    Frame *f = t->frame;
    if (!frame_is_real(f)) {
        raise_error(t, &RuntimeError_type, "super(): no current frame");
        return false;
    }
    CodeObject *code = f->code;
    if (code->argument_count == 0) {
        raise_error(t, &RuntimeError_type, "super(): no arguments");
        return false;
    }
    Value first = f->base[0];
    if (code->local_kinds[0] & LOCAL_CELL && present(first) && is_exactly(first, &cell_type))
        first = load(&as_cell(first)->contents);
    if (absent(first)) {
        raise_error(t, &RuntimeError_type, "super(): arg[0] deleted");
        return false;
    }
    for (size_t i = code->first_free; i < code->first_free + code->free_count; i++) {
        if (!same(tuple_get(code->local_names, i), names.__class__))
            continue;
        Value cell = f->base[i], class = present(cell) && is_exactly(cell, &cell_type) ? load(&as_cell(cell)->contents) : NO_VALUE;
        if (absent(cell) || !is_exactly(cell, &cell_type)) {
            raise_error(t, &RuntimeError_type, "super(): bad __class__ cell");
            return false;
        }
        if (absent(class)) {
            raise_error(t, &RuntimeError_type, "super(): empty __class__ cell");
            return false;
        }
        if (!is_type(class)) {
            raise_error(t, &RuntimeError_type, "super(): __class__ is not a type (%T)", class);
            return false;
        }
        *type = class;
        *object = first;
        return true;
    }
    raise_error(t, &RuntimeError_type, "super(): __class__ cell not found");
    return false;
}

static bool fill_class_cell(Thread *t, Value cell, Value content) {
    if (!is_exactly(cell, &cell_type)) {
        raise_type_error(t, "type.__new__(): __classcell__ must be a nonlocal cell, not %R", from_object(type_of(cell)));
        return false;
    }
    store(as_object(cell), &as_cell(cell)->contents, content);
    return true;
}

/* Each annotation is a DICT_SET. Of packed code nothing is known. */
static size_t count_annotations(Value annotate) {
    size_t count = 0;
    if (!is_function(annotate) || load_acquire(&as_function(annotate)->code->packed))
        return 0;
    CodeObject *code = as_function(annotate)->code;
    for (uint32_t i = 0; i < code->count; i++)
        count += code_instruction(code, i).op == OP_DICT_SET;
    return count;
}

static Value running_module(Thread *t) {
    return frame_is_real(t->frame) ? dict_get_str(frame_globals(t->frame), names.__name__) : NO_VALUE;
}

static void threads_changed(bool threaded) { dispatch_prepare(dispatch_table, !threaded); }

static uint16_t generic_operation(uint16_t op) { return operation_generic[op]; }

void vm_start(void) {
    generic_operation_hook = generic_operation;
    runtime_threads_hook = threads_changed;
    threads_changed(!runs_alone());
    thread_release_hook = frames_release;
    class_module_hook = running_module;
    class_cell_hook = fill_class_cell;
    class_fields_hook = count_annotations;
    store_relaxed(&interrupt_hooks.tracing_changed, tracing_changed);
    drop_start();
    heap_hooks.trace_thread = trace_thread_stack;
    heap_hooks.forget_dead = code_forget_dead;
    traceback_lineno_hook = line_of_frame;
    traceback_frame_type = &frame_type;
    super_frame_hook = super_of_frame;
}

/* Where a function runs that another isolate had called here without a frame of Python code around it: in __main__. */
static Value visited_main(Thread *t) {
    Value main = t->visiting ? dict_get_str(t->isolate->modules, names.__main__) : NO_VALUE;
    return present(main) && is_instance_of(main, &module_type) ? module_dict(main) : NO_VALUE;
}

Value vm_globals(Thread *t) { return frame_is_real(t->frame) ? frame_globals(t->frame) : visited_main(t); }

Value vm_builtins(Thread *t) { return frame_is_real(t->frame) ? frame_builtins(t->frame) : t->isolate->builtins; }

Value vm_locals(Thread *t) {
    if (!frame_is_real(t->frame)) {
        Value main = visited_main(t);
        return present(main) ? main : raise_system_error(t, "frame does not exist");
    }
    return frame_locals_snapshot(t, t->frame);
}
