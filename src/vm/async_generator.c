/* async_generator, and the awaitables that its methods give: __anext__() and asend() (one type), athrow() and
 * aclose() (another).
 *
 * What an asynchronous generator yields is wrapped (ASYNC_GEN_WRAP), to tell it from what passes through on behalf
 * of `await`: the awaitable hands the latter to the event loop and ends with StopIteration(value) on the former.
 * `running_async` of the generator is set between the first step of an awaitable and its end.
 */
#include "object/call.h"
#include "object/operators.h"
#include "types/exceptions/exceptions.h"
#include "types/generic_alias.h"
#include "types/str/str.h"
#include "vm/generator_internal.h"

typedef struct WrappedValueObject {
    Object object;
    Value value;
} WrappedValueObject;

static void wrapped_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((WrappedValueObject *)o)->value); }

STATIC_TYPE(async_gen_wrapped_value_type) = {
    STATIC_TYPE_HEAD(wrapped_trace, NULL),
    .name_text = "async_generator_wrapped_value",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(WrappedValueObject),
};

Value async_gen_wrap(Thread *t, Value value) {
    WrappedValueObject *w = heap_allocate(t, &async_gen_wrapped_value_type, sizeof *w);
    if (!w)
        return NO_VALUE;
    w->value = value; /* NOBARRIER: new */
    return from_object(w);
}

static bool is_wrapped(Value v) { return present(v) && is_exactly(v, &async_gen_wrapped_value_type); }

/* ---- the awaitables ---- */

typedef enum AwaitableState : uint32_t { AWAITABLE_NEW, AWAITABLE_STARTED, AWAITABLE_CLOSED } AwaitableState;

typedef struct AwaitableObject {
    Object object;
    Value generator;
    Value value;  /* asend: what to send */
    Value thrown[3]; /* athrow: type, value, traceback; absent: aclose */
    AwaitableState state;
} AwaitableObject;

extern Type async_gen_asend_type, async_gen_athrow_type;

static AwaitableObject *as_awaitable(Value v) { return (AwaitableObject *)v.bits; }
static void awaitable_trace(Tracer *tracer, Object *o) {
    trace_values(tracer, &((AwaitableObject *)o)->generator, 5);
}

static bool init_hooks(Thread *t, GeneratorObject *g) {
    if (g->hooks_ready)
        return true;
    g->hooks_ready = true;
    if (present(t->asyncgen_finalizer) && !is_none(t->asyncgen_finalizer)) {
        GeneratorExtra *extra = generator_make_extra(t, g);
        if (!extra)
            return false;
        store(extra, &extra->finalizer, t->asyncgen_finalizer);
    }
    Value first = t->asyncgen_firstiter;
    return absent(first) || is_none(first) || present(call_1(t, first, from_object(g)));
}

static AwaitableObject *awaitable_new(Thread *t, Type *type, Value generator) {
    if (!init_hooks(t, as_generator(generator)))
        return NULL;
    AwaitableObject *o = heap_allocate_finalizable(t, type, sizeof *o);
    if (o)
        o->generator = generator; /* NOBARRIER: new */
    return o;
}

/* Turns a step of the generator, which gave *v, into a step of the awaitable. */
static SendResult unwrap_step(Thread *t, GeneratorObject *g, SendResult step, Value *v) {
    if (likely(step == SEND_YIELD)) {
        if (!is_wrapped(*v))
            return SEND_YIELD;
        *v = ((WrappedValueObject *)v->bits)->value;
        g->running_async = false;
        return SEND_RETURN;
    }
    if (step == SEND_RETURN)
        raise_exception(t, from_object(&StopAsyncIteration_type));
    if (error_matches(t, &StopAsyncIteration_type) || error_matches(t, &GeneratorExit_type))
        g->closed = true;
    g->running_async = false;
    *v = NO_VALUE;
    return SEND_ERROR;
}

/* The same with a result as StopIteration. */
static Value unwrap(Thread *t, GeneratorObject *g, SendResult step, Value v) {
    if (unwrap_step(t, g, step, &v) == SEND_RETURN)
        return raise_stop_iteration(t, v);
    return v;
}

static Value raise_reuse(Thread *t, AwaitableObject *o) {
    return raise_error(t, &RuntimeError_type, o->object.type == &async_gen_asend_type
                                                  ? "cannot reuse already awaited __anext__()/asend()"
                                                  : "cannot reuse already awaited aclose()/athrow()");
}

static bool begin(Thread *t, AwaitableObject *o) {
    GeneratorObject *g = as_generator(o->generator);
    heap_forget_finalizable(t, &o->object); /* it is no longer never awaited */
    if (g->running_async) {
        o->state = AWAITABLE_CLOSED;
        raise_error(t, &RuntimeError_type, "%s(): asynchronous generator is already running",
                    o->object.type == &async_gen_asend_type ? "anext" : absent(o->thrown[0]) ? "aclose" : "athrow");
        return false;
    }
    return true;
}

/* ---- asend ---- */

static int asend_send(Thread *t, Value self, Value sent, Value *v) {
    AwaitableObject *o = as_awaitable(self);
    GeneratorObject *g = as_generator(o->generator);
    *v = NO_VALUE;
    if (o->state == AWAITABLE_CLOSED) {
        raise_reuse(t, o);
        return SEND_ERROR;
    }
    if (o->state == AWAITABLE_NEW) {
        if (!begin(t, o))
            return SEND_ERROR;
        if (is_none(sent))
            sent = present(o->value) ? o->value : NONE;
        o->state = AWAITABLE_STARTED;
    }
    g->running_async = true;
    SendResult step = generator_send(t, o->generator, sent, v);
    step = unwrap_step(t, g, step, v);
    if (step != SEND_YIELD)
        o->state = AWAITABLE_CLOSED;
    return (int)step;
}

static Value asend_step(Thread *t, Value self, Value sent) {
    Value v;
    return asend_send(t, self, sent, &v) == SEND_RETURN ? raise_stop_iteration(t, v) : v;
}

static Value asend_throw(Thread *t, Value *args) {
    AwaitableObject *o = as_awaitable(args[0]);
    GeneratorObject *g = as_generator(o->generator);
    if (o->state == AWAITABLE_CLOSED)
        return raise_reuse(t, o);
    if (o->state == AWAITABLE_NEW) {
        if (!begin(t, o))
            return NO_VALUE;
        o->state = AWAITABLE_STARTED;
        g->running_async = true;
    }
    Value v;
    SendResult step = generator_throw_into(t, g, false, args[1], args[2], args[3], &v);
    v = unwrap(t, g, step, v);
    if (absent(v))
        o->state = AWAITABLE_CLOSED;
    return v;
}

/* ---- athrow, aclose ---- */

static Value ignored_exit(Thread *t, AwaitableObject *o) {
    as_generator(o->generator)->running_async = false;
    o->state = AWAITABLE_CLOSED;
    return raise_error(t, &RuntimeError_type, "async generator ignored GeneratorExit");
}

/* A failed step: for aclose() the generator's end is success. */
static Value athrow_failed(Thread *t, AwaitableObject *o) {
    as_generator(o->generator)->running_async = false;
    o->state = AWAITABLE_CLOSED;
    if (absent(o->thrown[0]) && (error_catch(t, &StopAsyncIteration_type) || error_catch(t, &GeneratorExit_type)))
        raise_stop_iteration(t, NO_VALUE);
    return NO_VALUE;
}

/* What a step of the generator means to athrow() or aclose(). */
static Value athrow_result(Thread *t, AwaitableObject *o, SendResult step, Value v) {
    if (step == SEND_RETURN) {
        raise_exception(t, from_object(&StopAsyncIteration_type));
        step = SEND_ERROR;
    }
    if (present(o->thrown[0])) {
        v = unwrap(t, as_generator(o->generator), step, v);
        return present(v) ? v : athrow_failed(t, o);
    }
    if (step == SEND_ERROR)
        return athrow_failed(t, o);
    return is_wrapped(v) ? ignored_exit(t, o) : v;
}

static Value athrow_step(Thread *t, Value self, Value sent) {
    AwaitableObject *o = as_awaitable(self);
    GeneratorObject *g = as_generator(o->generator);
    if (o->state == AWAITABLE_CLOSED)
        return raise_reuse(t, o);
    if (load_acquire(&g->state) == GENERATOR_FINISHED) {
        o->state = AWAITABLE_CLOSED;
        return raise_stop_iteration(t, NO_VALUE);
    }
    Value v;
    if (o->state != AWAITABLE_NEW) {
        SendResult step = generator_send(t, o->generator, sent, &v);
        return athrow_result(t, o, step, v);
    }
    CHECK(begin(t, o));
    if (g->closed) {
        o->state = AWAITABLE_CLOSED;
        return raise_exception(t, from_object(&StopAsyncIteration_type));
    }
    if (!is_none(sent))
        return raise_error(t, &RuntimeError_type, "can't send non-None value to a just-started coroutine");
    o->state = AWAITABLE_STARTED;
    g->running_async = true;
    SendResult step;
    if (absent(o->thrown[0])) {
        g->closed = true;
        step = generator_throw_into(t, g, false, from_object(&GeneratorExit_type), NO_VALUE, NO_VALUE, &v);
    } else {
        step = generator_throw_into(t, g, false, o->thrown[0], o->thrown[1], o->thrown[2], &v);
    }
    return athrow_result(t, o, step, v);
}

static Value athrow_throw(Thread *t, Value *args) {
    AwaitableObject *o = as_awaitable(args[0]);
    GeneratorObject *g = as_generator(o->generator);
    if (o->state == AWAITABLE_CLOSED)
        return raise_reuse(t, o);
    if (o->state == AWAITABLE_NEW) {
        CHECK(begin(t, o));
        o->state = AWAITABLE_STARTED;
        g->running_async = true;
    }
    Value v;
    SendResult step = generator_throw_into(t, g, false, args[1], args[2], args[3], &v);
    return athrow_result(t, o, step, v);
}

/* ---- what both have ---- */

static Value awaitable_step(Thread *t, Value self, Value sent) {
    return class_of(as_object(self)) == &async_gen_asend_type ? asend_step(t, self, sent) : athrow_step(t, self, sent);
}
static Value awaitable_next(Thread *t, Value self) { return awaitable_step(t, self, NONE); }
static Value awaitable_send(Thread *t, Value *args) { return awaitable_step(t, args[0], args[1]); }
static Value awaitable_self(Thread *t, Value *args) { return args[0]; }

static Value awaitable_close(Thread *t, Value *args) {
    AwaitableObject *o = as_awaitable(args[0]);
    if (o->state == AWAITABLE_CLOSED)
        return NONE;
    Value block[] = {args[0], from_object(&GeneratorExit_type), NO_VALUE, NO_VALUE};
    Value v = o->object.type == &async_gen_asend_type ? asend_throw(t, block) : athrow_throw(t, block);
    if (present(v))
        return raise_error(t, &RuntimeError_type, "coroutine ignored GeneratorExit");
    if (error_catch(t, &StopIteration_type) || error_catch(t, &StopAsyncIteration_type) || error_catch(t, &GeneratorExit_type))
        return NONE;
    return NO_VALUE;
}

static Value awaitable_del(Thread *t, Value *args) {
    AwaitableObject *o = as_awaitable(args[0]);
    if (o->state != AWAITABLE_NEW)
        return NONE;
    o->state = AWAITABLE_CLOSED;
    const char *method = o->object.type == &async_gen_asend_type ? "asend" : absent(o->thrown[0]) ? "aclose" : "athrow";
    if (!warn(t, &RuntimeWarning_type, 1, "coroutine method '%s' of %R was never awaited", method,
              generator_qualname(as_generator(o->generator))))
        error_write_unraisable(t, NULL, args[0]);
    return NONE;
}

#define THROW_DOC                                                                                                 \
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or raise\n" \
    "StopIteration.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python."

static const NativeDef asend_methods[] = {
    {"__await__(self, /)", awaitable_self, "Return an iterator to be used in await expression.", 0},
    {"__iter__(self, /)", awaitable_self, "Implement iter(self).", 0},
    {"__del__(self, /)", awaitable_del, "Called when the instance is about to be destroyed.", 0},
    {"send(self, object, /)", awaitable_send,
     "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.", 0},
    {"throw(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", asend_throw, THROW_DOC, NATIVE_NO_SIGNATURE},
    {"close(self, /)", awaitable_close, "close() -> raise GeneratorExit inside generator.", 0},
    {0},
};
static const NativeDef athrow_methods[] = {
    {"__await__(self, /)", awaitable_self, "Return an iterator to be used in await expression.", 0},
    {"__iter__(self, /)", awaitable_self, "Implement iter(self).", 0},
    {"__del__(self, /)", awaitable_del, "Called when the instance is about to be destroyed.", 0},
    {"send(self, object, /)", awaitable_send,
     "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.", 0},
    {"throw(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", athrow_throw, THROW_DOC, NATIVE_NO_SIGNATURE},
    {"close(self, /)", awaitable_close, "close() -> raise GeneratorExit inside generator.", 0},
    {0},
};

STATIC_TYPE(async_gen_asend_type) = {
    STATIC_TYPE_HEAD(awaitable_trace, NULL),
    .name_text = "async_generator_asend",
    .base_static = &object_type,
    .methods = asend_methods,
    .next = awaitable_next,
    .send = asend_send,
    .flags = TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(AwaitableObject),
};
STATIC_TYPE(async_gen_athrow_type) = {
    STATIC_TYPE_HEAD(awaitable_trace, NULL),
    .name_text = "async_generator_athrow",
    .base_static = &object_type,
    .methods = athrow_methods,
    .next = awaitable_next,
    .flags = TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(AwaitableObject),
};

/* ---- async_generator ---- */

static Value agen_anext(Thread *t, Value *args) {
    AwaitableObject *o = awaitable_new(t, &async_gen_asend_type, args[0]);
    return o ? from_object(o) : NO_VALUE;
}
static Value agen_asend(Thread *t, Value *args) {
    AwaitableObject *o = awaitable_new(t, &async_gen_asend_type, args[0]);
    if (!o)
        return NO_VALUE;
    store(o, &o->value, args[1]);
    return from_object(o);
}
static Value agen_athrow(Thread *t, Value *args) {
    if (present(args[2]) || present(args[3]))
        CHECK(warn(t, &DeprecationWarning_type, 1,
                   "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead."));
    AwaitableObject *o = awaitable_new(t, &async_gen_athrow_type, args[0]);
    if (!o)
        return NO_VALUE;
    for (int i = 0; i < 3; i++)
        store(o, &o->thrown[i], args[1 + i]);
    return from_object(o);
}
static Value agen_aclose(Thread *t, Value *args) {
    AwaitableObject *o = awaitable_new(t, &async_gen_athrow_type, args[0]);
    return o ? from_object(o) : NO_VALUE;
}
static Value agen_get_running(Thread *t, Value *args) { return from_bool(as_generator(args[0])->running_async); }

static const NativeDef agen_methods[] = {
    {"__repr__(self, /)", generator_repr_method, "Return repr(self).", 0},
    {"__aiter__(self, /)", awaitable_self, "Return an awaitable, that resolves in asynchronous iterator.", 0},
    {"__anext__(self, /)", agen_anext, "Return a value or raise StopAsyncIteration.", 0},
    {"__del__(self, /)", generator_finalize, "Called when the instance is about to be destroyed.", 0},
    {"asend(self, object, /)", agen_asend, "asend(v) -> send 'v' in generator.", 0},
    {"athrow(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", agen_athrow,
     "athrow(value)\nathrow(type[,value[,tb]])\n\nraise exception in generator.\nthe (type, val, tb) signature is deprecated, \n"
     "and may be removed in a future version of Python.",
     NATIVE_NO_SIGNATURE},
    {"aclose(self, /)", agen_aclose, "aclose() -> raise GeneratorExit inside generator.", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {0},
};
static const GetSetDef agen_getset[] = {
    {"__name__", generator_get_name, generator_set_name, "name of the async generator"},
    {"__qualname__", generator_get_qualname, generator_set_qualname, "qualified name of the async generator"},
    {"ag_await", generator_get_delegate, NULL, "object being awaited on, or None"},
    {"ag_running", agen_get_running, NULL, NULL},
    {"ag_frame", generator_get_frame, NULL, NULL},
    {"ag_code", generator_get_code, NULL, NULL},
    {"ag_suspended", generator_get_suspended, NULL, NULL},
    {0},
};

STATIC_TYPE(async_generator_type) = {
    STATIC_TYPE_HEAD(generator_trace, NULL),
    .name_text = "async_generator",
    .base_static = &object_type,
    .methods = agen_methods,
    .getset = agen_getset,
    .flags = TYPE_HAS_WEAKREF | TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(GeneratorObject),
    .item_size = sizeof(Value),
};
