/* anext(iterator, default): an awaitable around another one, which ends with the default where that one raises
 * StopAsyncIteration.
 */
#include "object/call.h"
#include "object/operators.h"
#include "types/exceptions/exceptions.h"
#include "vm/eval.h"
#include "vm/generator.h"

typedef struct AnextAwaitableObject {
    Object object;
    Value wrapped, default_value;
    Value iterator; /* of `wrapped`, from the first step on */
} AnextAwaitableObject;

static void anext_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((AnextAwaitableObject *)o)->wrapped, 3); }

/* The pending StopAsyncIteration becomes the result. */
static Value or_default(Thread *t, AnextAwaitableObject *o, Value result) {
    if (absent(result) && error_catch(t, &StopAsyncIteration_type))
        raise_stop_iteration(t, o->default_value);
    return result;
}

static bool prepare(Thread *t, AnextAwaitableObject *o) {
    if (present(o->iterator))
        return true;
    Value iterator = await_iterator(t, o->wrapped);
    store(o, &o->iterator, iterator);
    return present(iterator);
}

static Value anext_step(Thread *t, Value self, Value sent) {
    AnextAwaitableObject *o = (AnextAwaitableObject *)self.bits;
    CHECK(prepare(t, o));
    Value v;
    SendResult step = iterator_send(t, o->iterator, sent, &v);
    if (step == SEND_YIELD)
        return v;
    if (step == SEND_RETURN)
        return raise_stop_iteration(t, v);
    return or_default(t, o, NO_VALUE);
}

static Value anext_next(Thread *t, Value self) { return anext_step(t, self, NONE); }
static Value anext_send(Thread *t, Value *args) { return anext_step(t, args[0], args[1]); }
static Value anext_self(Thread *t, Value *args) { return args[0]; }

static Value anext_throw(Thread *t, Value *args) {
    AnextAwaitableObject *o = (AnextAwaitableObject *)args[0].bits;
    CHECK(prepare(t, o));
    Value block[] = {NO_VALUE, args[1], args[2], args[3]};
    size_t count = present(args[3]) ? 3 : present(args[2]) ? 2 : 1;
    return or_default(t, o, call_method(t, o->iterator, names.throw, block + 1, count));
}

static Value anext_close(Thread *t, Value *args) {
    AnextAwaitableObject *o = (AnextAwaitableObject *)args[0].bits;
    CHECK(prepare(t, o));
    return or_default(t, o, call_method_0(t, o->iterator, names.close));
}

static const NativeDef anext_methods[] = {
    {"__await__(self, /)", anext_self, "Return an iterator to be used in await expression.", 0},
    {"__iter__(self, /)", anext_self, "Implement iter(self).", 0},
    {"send(self, object, /)", anext_send,
     "send(arg) -> send 'arg' into the wrapped iterator,\nreturn next yielded value or raise StopIteration.", 0},
    {"throw(self, type, value=<unrepresentable>, traceback=<unrepresentable>, /)", anext_throw,
     "throw(value)\nthrow(type[,value[,tb]])\n\nRaise an exception in the wrapped iterator, return the next yielded value\n"
     "or raise StopIteration.", NATIVE_NO_SIGNATURE},
    {"close(self, /)", anext_close, "close() -> raise GeneratorExit inside generator.", 0},
    {0},
};

STATIC_TYPE(anext_awaitable_type) = {
    STATIC_TYPE_HEAD(anext_trace, NULL),
    .name_text = "anext_awaitable",
    .base_static = &object_type,
    .methods = anext_methods,
    .next = anext_next,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(AnextAwaitableObject),
};

Value vm_anext(Thread *t, Value iterator, Value default_value) {
    NativeFn method = type_slot(type_of(iterator), SLOT___anext__);
    if (!method)
        return raise_type_error(t, "'%T' object is not an async iterator", iterator);
    Value awaitable = TRY(method(t, (Value[]){iterator}));
    if (absent(default_value))
        return awaitable;
    AnextAwaitableObject *o = heap_allocate(t, &anext_awaitable_type, sizeof *o);
    if (!o)
        return NO_VALUE;
    o->wrapped = awaitable; /* NOBARRIER: new */
    o->default_value = default_value;
    return from_object(o);
}
