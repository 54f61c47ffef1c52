/* BaseException, and what is common to all exceptions.
 *
 * Invariants: args is a tuple; traceback, context and cause are of the right type or absent.
 * Threads: each field is one word, written without a lock.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/construct.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/traceback.h"
#include "types/tuple.h"

#include <stdlib.h>

void exception_trace(Tracer *tracer, Object *o) {
    ExceptionObject *e = (ExceptionObject *)o;
    trace_value(tracer, e->args);
    trace_value(tracer, e->traceback);
    trace_value(tracer, e->context);
    trace_value(tracer, e->cause);
    instance_trace(tracer, o);
}

/* Construction */

Value exception_allocate(Thread *t, Type *type, Value args_tuple) {
    ExceptionObject *e = type_allocate(t, type);
    if (e == NULL)
        return NO_VALUE;
    e->args = args_tuple; /* NOBARRIER: just allocated */
    return from_object(e);
}

/* Types whose constructor does more with the arguments than keeping them, but nothing without keyword arguments that
 * exception_new does not do as well. */
static bool has_simple_constructor(Type *type) {
    return type == &StopIteration_type || type == &SystemExit_type || type == &AttributeError_type || type == &NameError_type ||
           type == &UnboundLocalError_type;
}

Value exception_new(Thread *t, Type *type, size_t count, const Value *args) {
    Value tuple = count ? TRY(tuple_from_values(t, args, count)) : empty_tuple;
    if (construct_kind(type) != CONSTRUCT_EXCEPTION && !has_simple_constructor(type))
        return call_tuple(t, from_object(type), tuple, NO_VALUE);
    Value e = TRY(exception_allocate(t, type, tuple));
    if (type == &StopIteration_type)
        store(as_object(e), &((StopIterationObject *)as_object(e))->value, count ? args[0] : NONE);
    else if (type == &SystemExit_type && count)
        store(as_object(e), &((SystemExitObject *)as_object(e))->code, count == 1 ? args[0] : tuple);
    return e;
}

Value exception_normalize(Thread *t, Value v) {
    if (is_exception(v))
        return v;
    if (!is_type(v) || !(as_type(v)->flags & TYPE_EXCEPTION))
        return raise_type_error(t, "exceptions must derive from BaseException");
    Value e = TRY(call_0(t, v));
    if (!is_exception(e))
        return raise_type_error(t, "calling %R should have returned an instance of BaseException, not %T", v, e);
    return e;
}

static Value context_of(Value e) { return load(&as_exception(e)->context); }

/* If e is in the chain of contexts that starts at `context`, the link to it is cut. The chain may have a cycle of its
 * own that does not go through e: a second walker at half the speed finds it. */
static void cut_context_chain(Value e, Value context) {
    Value slow = context;
    bool step = false;
    for (Value o = context, next; present(next = context_of(o)); o = next) {
        if (same(next, e)) {
            store(as_object(o), &as_exception(o)->context, NO_VALUE);
            return;
        }
        if (step) {
            slow = context_of(slow);
            if (same(slow, next))
                return;
        }
        step = !step;
    }
}

void exception_set_context(Thread *t, Value e, Value context) {
    if (absent(context) || is_none(context) || same(context, e))
        context = NO_VALUE;
    else
        cut_context_chain(e, context);
    store(as_object(e), &as_exception(e)->context, context);
}

void exception_set_cause(Thread *t, Value e, Value cause) {
    store_relaxed(&as_exception(e)->suppress_context, true);
    store(as_object(e), &as_exception(e)->cause, is_none(cause) ? NO_VALUE : cause);
}

void exception_set_traceback(Value e, Value traceback) {
    store(as_object(e), &as_exception(e)->traceback, present(traceback) && is_none(traceback) ? NO_VALUE : traceback);
}

/* What is left to raise when not even a MemoryError can be allocated: one for each isolate. */
typedef struct LastMemoryError {
    alignas(16) ExceptionObject e;
    Value instance_words[16]; /* __dict__ and its like */
} LastMemoryError;

ExceptionObject *last_memory_error_new(void) {
    LastMemoryError *last = aligned_alloc(16, sizeof *last);
    if (!last)
        return NULL;
    *last = (LastMemoryError){.e.object = {.meta = META_IMMORTAL, .type = &MemoryError_type}};
    return &last->e;
}

void last_memory_error_trace(Tracer *tracer, Isolate *isolate) {
    MemoryError_type.head.trace(tracer, &isolate->last_memory_error->object);
}

/* exception_scratch holds a MemoryError made in advance; FALSE while one is being made. */
void memory_error_raise(Thread *t) {
    Value e = t->exception_scratch;
    bool making = present(e) && same(e, FALSE);
    if (!making) {
        t->exception_scratch = FALSE;
        Value fresh = exception_allocate(t, &MemoryError_type, empty_tuple);
        error_clear(t);
        bool had_one = present(e);
        if (!had_one)
            e = fresh;
        t->exception_scratch = had_one ? fresh : NO_VALUE;
    }
    if (making || absent(e)) {
        ExceptionObject *last = t->isolate->last_memory_error;
        last->object.meta = META_IMMORTAL | MemoryError_type.root_shape << META_SHAPE_SHIFT;
        last->args = empty_tuple;
        e = from_object(last);
    }
    t->exception = e;
}

bool exception_add_note(Thread *t, Value e, Value note) {
    Value notes = find_attribute(t, e, names.__notes__);
    if (absent(notes)) {
        if (error_pending(t))
            return false;
        notes = list_new(t, 1);
        if (absent(notes) || !set_attribute(t, e, names.__notes__, notes))
            return false;
    }
    if (!is_list(notes)) {
        raise_type_error(t, "Cannot add note: __notes__ is not a list");
        return false;
    }
    return list_append(t, notes, note);
}

/* Methods */

Value exception_plain_new(Thread *t, Value *args) { return exception_allocate(t, as_type(args[0]), args[1]); }

static Value base_init(Thread *t, Value *args) {
    if (present(args[2]) && dict_length(args[2]))
        return raise_type_error(t, "%T() takes no keyword arguments", args[0]);
    store(as_object(args[0]), &as_exception(args[0])->args, args[1]);
    return NONE;
}

Value exception_str(Thread *t, Value *args) {
    Value tuple = load(&as_exception(args[0])->args);
    switch (tuple_length(tuple)) {
    case 0: return empty_str;
    case 1: return to_str(t, tuple_get(tuple, 0));
    default: return to_str(t, tuple);
    }
}

static const char *short_name(Type *type) {
    const char *dot = strrchr(type->name_text, '.');
    return dot ? dot + 1 : type->name_text;
}

static Value base_repr(Thread *t, Value *args) {
    Value tuple = load(&as_exception(args[0])->args);
    const char *name = short_name(type_of(args[0]));
    if (tuple_length(tuple) == 1)
        return format_text(t, "%s(%R)", name, tuple_get(tuple, 0));
    return format_text(t, "%s%R", name, tuple);
}

Value exception_reduce_with(Thread *t, Value self, Value state) {
    Value type = from_object(type_of(self)), tuple = load(&as_exception(self)->args);
    return present(state) ? tuple_pack(t, 3, type, tuple, state) : tuple_pack(t, 2, type, tuple);
}

static Value base_reduce(Thread *t, Value *args) {
    Value state = NO_VALUE;
    if (instance_attribute_count(as_object(args[0])) != 0)
        state = TRY(instance_dict(t, as_object(args[0])));
    return exception_reduce_with(t, args[0], state);
}

static Value base_setstate(Thread *t, Value *args) {
    if (is_none(args[1]))
        return NONE;
    if (!is_dict(args[1]))
        return raise_type_error(t, "state is not a dictionary");
    size_t position = 0;
    Value key, value;
    while (dict_next(args[1], &position, &key, &value)) {
        if (!is_str(key))
            return raise_type_error(t, "attribute name must be string, not '%T'", key);
        CHECK(set_attribute(t, args[0], is_exactly(key, &str_type) ? TRY(str_intern(t, key)) : key, value));
    }
    return NONE;
}

static Value base_with_traceback(Thread *t, Value *args) {
    if (!is_none(args[1]) && !is_exactly(args[1], &traceback_type))
        return raise_type_error(t, "__traceback__ must be a traceback or None");
    exception_set_traceback(args[0], args[1]);
    return args[0];
}

static Value base_add_note(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "add_note() argument must be str, not %Y", args[1]);
    CHECK(exception_add_note(t, args[0], args[1]));
    return NONE;
}

static Value or_none(Value v) { return present(v) ? v : NONE; }

static Value get_args(Thread *t, Value *args) { return load(&as_exception(args[0])->args); }

static Value set_args(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "args may not be deleted");
    store(as_object(args[0]), &as_exception(args[0])->args, TRY(tuple_from_iterable(t, args[1])));
    return NONE;
}

static Value get_traceback(Thread *t, Value *args) { return or_none(load(&as_exception(args[0])->traceback)); }

static Value set_traceback(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "__traceback__ may not be deleted");
    return TRY(base_with_traceback(t, args)), NONE;
}

static Value get_context(Thread *t, Value *args) { return or_none(load(&as_exception(args[0])->context)); }

static Value set_context(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "__context__ may not be deleted");
    if (!is_none(args[1]) && !is_exception(args[1]))
        return raise_type_error(t, "exception context must be None or derive from BaseException");
    store(as_object(args[0]), &as_exception(args[0])->context, is_none(args[1]) ? NO_VALUE : args[1]);
    return NONE;
}

static Value get_cause(Thread *t, Value *args) { return or_none(load(&as_exception(args[0])->cause)); }

static Value set_cause(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "__cause__ may not be deleted");
    if (!is_none(args[1]) && !is_exception(args[1]))
        return raise_type_error(t, "exception cause must be None or derive from BaseException");
    exception_set_cause(t, args[0], args[1]);
    return NONE;
}

static Value get_suppress(Thread *t, Value *args) { return from_bool(load_relaxed(&as_exception(args[0])->suppress_context)); }

static Value set_suppress(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "can't delete numeric/char attribute");
    if (!is_exactly(args[1], &bool_type))
        return raise_type_error(t, "attribute value type must be bool");
    store_relaxed(&as_exception(args[0])->suppress_context, same(args[1], TRUE));
    return NONE;
}

static const NativeDef base_methods[] = {
    {"__new__(type, *args, **kwargs)", exception_plain_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", base_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", base_repr, NULL, 0},
    {"__str__(self, /)", exception_str, NULL, 0},
    {"__reduce__(self, /)", base_reduce, NULL, 0},
    {"__setstate__(self, state, /)", base_setstate, NULL, 0},
    {"with_traceback(self, tb, /)", base_with_traceback, "Set the __traceback__ attribute and return self.", 0},
    {"add_note(self, note, /)", base_add_note, "Append a str to the notes that a traceback shows.", 0},
    {},
};

static const GetSetDef base_getset[] = {
    {"args", get_args, set_args, NULL},
    {"__traceback__", get_traceback, set_traceback, NULL},
    {"__context__", get_context, set_context, NULL},
    {"__cause__", get_cause, set_cause, NULL},
    {"__suppress_context__", get_suppress, set_suppress, NULL, MEMBER},
    {},
};

STATIC_TYPE(BaseException_type) = {
    STATIC_TYPE_HEAD(exception_trace, NULL),
    .name_text = "BaseException",
    .doc = "The root of all exceptions.",
    .base_static = &object_type,
    .methods = base_methods,
    .getset = base_getset,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION,
    .instance_size = sizeof(ExceptionObject),
};
