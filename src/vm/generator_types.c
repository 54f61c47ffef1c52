/* generator, coroutine and the iterator that a coroutine's __await__ gives. */
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/generic_alias.h"
#include "types/module.h"
#include "types/str/str.h"
#include "vm/eval.h"
#include "vm/generator_internal.h"
#include "vm/generator_step.h"
#include "vm/tracing.h"

void generator_trace(Tracer *tracer, Object *o) {
    GeneratorObject *g = (GeneratorObject *)o;
    trace_values(tracer, &g->code, (Value *)&g->ip - &g->code);
    if (absent(g->code))
        return;
    if (trace_publishes(tracer)) /* what the registers hold is published when another thread claims it */
        return;
    size_t locals = as_code(g->code)->local_count;
    if (g->saved_count < locals)
        locals = g->saved_count;
    trace_values(tracer, g->registers, locals);
    trace_conservatively(tracer, g->registers + locals, g->registers + g->saved_count);
}

/* The result of a step as a method returns it. */
static Value step_result(Thread *t, SendResult step, Value v) {
    if (step == SEND_RETURN) {
        raise_stop_iteration(t, is_none(v) ? NO_VALUE : v);
        return NO_VALUE;
    }
    return step == SEND_YIELD ? v : NO_VALUE;
}

static Value generator_next(Thread *t, Value self) {
    GeneratorObject *g = as_generator(self);
    Value v;
    if (likely(t->frame && generator_try_enter(t, g, frame_end(t->frame), NONE, FRAME_ENTRY, is_own(g)))) { /* generator_send, shorter */
        t->frame->ip++;
        v = vm_execute(t);
        if (likely(load_acquire(&g->state) != GENERATOR_FINISHED) || absent(v))
            return v;
        return is_none(v) ? NO_VALUE : step_result(t, SEND_RETURN, v);
    }
    SendResult step = generator_send(t, self, NONE, &v);
    if (step == SEND_RETURN && is_none(v))
        return NO_VALUE;
    return step_result(t, step, v);
}

/* A FeedFn (type.h): the generator runs through, and counts as running, until the consumer declines an item. */
static Value generator_feed(Thread *t, Value self, Consumer *c) {
    GeneratorObject *g = as_generator(self);
    if (unlikely(is_tracing(t) || !t->frame || !generator_try_enter(t, g, frame_end(t->frame), NONE, FRAME_ENTRY | FRAME_CONSUMED, is_own(g))))
        return iterator_next(t, self);
    Consumer *outer = t->consumer;
    t->consumer = c;
    t->frame->ip++;
    Value v = vm_execute(t);
    t->consumer = outer;
    return likely(load_acquire(&g->state) != GENERATOR_FINISHED) ? v : NO_VALUE;
}

Value generator_send_method(Thread *t, Value *args) {
    Value v;
    SendResult step = generator_send(t, args[0], args[1], &v);
    return step_result(t, step, v);
}

static bool warn_three_arguments(Thread *t, Value value, Value traceback) {
    return (absent(value) && absent(traceback)) ||
           warn(t, &DeprecationWarning_type, 1,
                "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.");
}

static Value generator_throw_method(Thread *t, Value *args) {
    CHECK(warn_three_arguments(t, args[2], args[3]));
    return generator_throw(t, args[0], args[1], args[2], args[3]);
}

static Value generator_close_method(Thread *t, Value *args) { return generator_close_value(t, args[0]); }

static void warn_never_awaited(Thread *t, GeneratorObject *g) {
    Value module = is_dict(t->isolate->modules) ? dict_get_str(t->isolate->modules, names.warnings) : NO_VALUE;
    if (present(module)) {
        Value f = get_attribute_text(t, module, "_warn_unawaited_coroutine");
        if (present(f)) {
            if (absent(call_1(t, f, from_object(g))))
                error_write_unraisable(t, "Exception ignored while finalizing coroutine", from_object(g));
            return;
        }
        error_clear(t);
    }
    if (!warn(t, &RuntimeWarning_type, 1, "coroutine '%S' was never awaited", generator_qualname(g)))
        error_write_unraisable(t, "Exception ignored while finalizing coroutine", from_object(g));
}

/* Runs `finally` blocks of what was left suspended. */
Value generator_finalize(Thread *t, Value *args) {
    GeneratorObject *g = as_generator(args[0]);
    uint32_t state = load_acquire(&g->state);
    if (state == GENERATOR_FINISHED || state == GENERATOR_RUNNING)
        return NONE;
    Value pending = error_take(t);
    Value finalizer = present(g->extra) ? generator_extra(g)->finalizer : NO_VALUE;
    if (g->object.type == &async_generator_type && present(finalizer) && !g->closed) {
        if (absent(call_1(t, finalizer, args[0])))
            error_write_unraisable(t, "Exception ignored while finalizing generator", args[0]);
    } else if (g->object.type == &coroutine_type && state == GENERATOR_CREATED) {
        warn_never_awaited(t, g);
        generator_close(t, args[0]);
    } else if (!generator_close(t, args[0])) {
        vm_traceback_here(t);
        error_write_unraisable(t, "Exception ignored while closing generator", args[0]);
    }
    if (present(pending))
        error_restore(t, pending);
    return NONE;
}

Value generator_repr_method(Thread *t, Value *args) {
    GeneratorObject *g = as_generator(args[0]);
    const char *kind = g->object.type == &coroutine_type          ? "coroutine"
                       : g->object.type == &async_generator_type ? "async_generator"
                                                                 : "generator";
    return format_text(t, "<%s object %S at 0x%lx>", kind, generator_qualname(g), (unsigned long)args[0].bits);
}

static Value return_self(Thread *t, Value *args) { return args[0]; }

/* ---- attributes, shared by the three types ---- */

Value generator_get_frame(Thread *t, Value *args) {
    if (load_acquire(&as_generator(args[0])->state) == GENERATOR_FINISHED)
        return NONE;
    return frame_object_for_generator(t, args[0]);
}
Value generator_get_running(Thread *t, Value *args) {
    return from_bool(load_acquire(&as_generator(args[0])->state) == GENERATOR_RUNNING);
}
Value generator_get_suspended(Thread *t, Value *args) {
    return from_bool(load_acquire(&as_generator(args[0])->state) == GENERATOR_SUSPENDED);
}
Value generator_get_delegate(Thread *t, Value *args) {
    Value v = generator_yield_from(t, as_generator(args[0]));
    return present(v) ? v : NONE;
}
Value generator_get_code(Thread *t, Value *args) { return as_generator(args[0])->code; }
Value generator_get_name(Thread *t, Value *args) { return generator_name(as_generator(args[0])); }
Value generator_set_name(Thread *t, Value *args) {
    if (absent(args[1]) || !is_str(args[1]))
        return raise_type_error(t, "__name__ must be set to a string object");
    GeneratorExtra *extra = generator_make_extra(t, as_generator(args[0]));
    if (!extra)
        return NO_VALUE;
    store(extra, &extra->name, args[1]);
    return NONE;
}
Value generator_get_qualname(Thread *t, Value *args) { return generator_qualname(as_generator(args[0])); }
Value generator_set_qualname(Thread *t, Value *args) {
    if (absent(args[1]) || !is_str(args[1]))
        return raise_type_error(t, "__qualname__ must be set to a string object");
    GeneratorExtra *extra = generator_make_extra(t, as_generator(args[0]));
    if (!extra)
        return NO_VALUE;
    store(extra, &extra->qualname, args[1]);
    return NONE;
}
static Value coroutine_get_origin(Thread *t, Value *args) {
    GeneratorExtra *extra = generator_extra(as_generator(args[0]));
    Value v = extra ? extra->origin : NO_VALUE;
    return present(v) ? v : NONE;
}

/* ---- generator ---- */

static const NativeDef generator_methods[] = {
    {"__repr__(self, /)", generator_repr_method, "Return repr(self).", 0},
    {"__iter__(self, /)", return_self, "Implement iter(self).", 0},
    {"__del__(self, /)", generator_finalize, "Called when the instance is about to be destroyed.", 0},
    {"send(self, object, /)", generator_send_method,
     "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.", NATIVE_NEXT},
    {"throw(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", generator_throw_method,
     "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or raise\n"
     "StopIteration.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python.",
     NATIVE_NO_SIGNATURE},
    {"close(self, /)", generator_close_method, "close() -> raise GeneratorExit inside generator.", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {0},
};
static const GetSetDef generator_getset[] = {
    {"__name__", generator_get_name, generator_set_name, "name of the generator"},
    {"__qualname__", generator_get_qualname, generator_set_qualname, "qualified name of the generator"},
    {"gi_yieldfrom", generator_get_delegate, NULL, "object being iterated by 'yield from', or None"},
    {"gi_running", generator_get_running, NULL, NULL},
    {"gi_frame", generator_get_frame, NULL, NULL},
    {"gi_suspended", generator_get_suspended, NULL, NULL},
    {"gi_code", generator_get_code, NULL, NULL},
    {0},
};

STATIC_TYPE(generator_type) = {
    STATIC_TYPE_HEAD(generator_trace, NULL),
    .name_text = "generator",
    .base_static = &object_type,
    .methods = generator_methods,
    .getset = generator_getset,
    .next = generator_next,
    .feed = generator_feed,
    .flags = TYPE_HAS_WEAKREF | TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(GeneratorObject),
    .item_size = sizeof(Value),
};

/* ---- coroutine ---- */

typedef struct CoroutineWrapperObject {
    Object object;
    Value coroutine;
} CoroutineWrapperObject;

static Value coroutine_await(Thread *t, Value *args) {
    CoroutineWrapperObject *w = heap_allocate(t, &coroutine_wrapper_type, sizeof *w);
    if (!w)
        return NO_VALUE;
    w->coroutine = args[0]; /* NOBARRIER: new */
    return from_object(w);
}

static const NativeDef coroutine_methods[] = {
    {"__repr__(self, /)", generator_repr_method, "Return repr(self).", 0},
    {"__await__(self, /)", coroutine_await, "Return an iterator to be used in await expression.", 0},
    {"__del__(self, /)", generator_finalize, "Called when the instance is about to be destroyed.", 0},
    {"send(self, object, /)", generator_send_method,
     "send(value) -> send 'value' into coroutine,\nreturn next iterated value or raise StopIteration.", NATIVE_NEXT},
    {"throw(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", generator_throw_method,
     "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated value or raise\n"
     "StopIteration.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python.",
     NATIVE_NO_SIGNATURE},
    {"close(self, /)", generator_close_method, "close() -> raise GeneratorExit inside coroutine.", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {0},
};
static const GetSetDef coroutine_getset[] = {
    {"__name__", generator_get_name, generator_set_name, "name of the coroutine"},
    {"__qualname__", generator_get_qualname, generator_set_qualname, "qualified name of the coroutine"},
    {"cr_await", generator_get_delegate, NULL, "object being awaited on, or None"},
    {"cr_running", generator_get_running, NULL, NULL},
    {"cr_frame", generator_get_frame, NULL, NULL},
    {"cr_suspended", generator_get_suspended, NULL, NULL},
    {"cr_code", generator_get_code, NULL, NULL},
    {"cr_origin", coroutine_get_origin, NULL, NULL, MEMBER},
    {0},
};

STATIC_TYPE(coroutine_type) = {
    STATIC_TYPE_HEAD(generator_trace, NULL),
    .name_text = "coroutine",
    .base_static = &object_type,
    .methods = coroutine_methods,
    .getset = coroutine_getset,
    .flags = TYPE_HAS_WEAKREF | TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(GeneratorObject),
    .item_size = sizeof(Value),
};

static void wrapper_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((CoroutineWrapperObject *)o)->coroutine); }
static Value *wrapped(Value self) { return &((CoroutineWrapperObject *)self.bits)->coroutine; }
static Value wrapper_next(Thread *t, Value self) { return generator_next(t, *wrapped(self)); }
static Value wrapper_send(Thread *t, Value *args) {
    args[0] = *wrapped(args[0]);
    return generator_send_method(t, args);
}
static Value wrapper_throw(Thread *t, Value *args) {
    args[0] = *wrapped(args[0]);
    return generator_throw_method(t, args);
}
static Value wrapper_close(Thread *t, Value *args) { return generator_close_value(t, *wrapped(args[0])); }

static const NativeDef wrapper_methods[] = {
    {"__iter__(self, /)", return_self, "Implement iter(self).", 0},
    {"send(self, object, /)", wrapper_send,
     "send(value) -> send 'value' into coroutine,\nreturn next iterated value or raise StopIteration.", 0},
    {"throw(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", wrapper_throw,
     "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated value or raise\n"
     "StopIteration.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python.",
     NATIVE_NO_SIGNATURE},
    {"close(self, /)", wrapper_close, "close() -> raise GeneratorExit inside coroutine.", 0},
    {0},
};
STATIC_TYPE(coroutine_wrapper_type) = {
    STATIC_TYPE_HEAD(wrapper_trace, NULL),
    .name_text = "coroutine_wrapper",
    .doc = "A wrapper object implementing __await__ for coroutines.",
    .base_static = &object_type,
    .methods = wrapper_methods,
    .next = wrapper_next,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(CoroutineWrapperObject),
};
