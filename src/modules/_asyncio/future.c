/* _asyncio.Future, and what `await` iterates. */
#include "modules/_asyncio/asyncio.h"
#include "types/generic_alias.h"
#include "types/traceback.h"

static Value or_none(Value v) { return present(v) ? v : NONE; }

void future_trace(Tracer *tracer, Object *o) {
    Future *f = (Future *)o;
    trace_values(tracer, &f->loop, (size_t)(&f->source_traceback - &f->loop) + 1);
    instance_trace(tracer, o);
}

/* Making one */

bool future_init(Thread *t, Value self, Value loop) {
    Future *f = as_future(self);
    if (is_none(loop) && absent(loop = current_event_loop(t)))
        return false;
    f->callback = f->context = f->callbacks = NO_VALUE; /* NOBARRIER: references are removed */
    f->result = f->exception = f->exception_traceback = f->cancel_message = f->cancelled_error = NO_VALUE;
    f->awaited_by = f->source_traceback = NO_VALUE;
    store_relaxed(&f->state, FUTURE_PENDING);
    f->log_traceback = f->blocking = f->awaited_by_many = false;
    store(f, &f->loop, loop);
    Value debug = call_method_0(t, loop, names.get_debug);
    int on = absent(debug) ? -1 : truth(t, debug);
    if (on > 0 && !isolate_is_finalizing(t->isolate)) {
        Value stack = call_0(t, asyncio_state(t, EXTRACT_STACK));
        store(f, &f->source_traceback, stack);
        return present(stack);
    }
    return on >= 0;
}

bool future_ensure(Thread *t, Value self) {
    if (likely(present(as_future(self)->loop)))
        return true;
    raise_error(t, &RuntimeError_type, "Future object is not initialized.");
    return false;
}

static Value new_method(Thread *t, Value *args) {
    Future *f = type_allocate(t, as_type(args[0]));
    return f ? from_object(f) : NO_VALUE;
}
static Value init_method(Thread *t, Value *args) { return future_init(t, args[0], args[1]) ? NONE : NO_VALUE; }

/* Callbacks */

Value asyncio_call_soon(Thread *t, Value loop, Value callback, Value argument, Value context) {
    Value self, method = TRY(load_method(t, loop, names.call_soon, &self)), all[6];
    size_t n = 1;
    if (present(self))
        all[n++] = self;
    all[n++] = callback;
    if (present(argument))
        all[n++] = argument;
    if (absent(context))
        return call(t, method, all + 1, n - 1, NO_VALUE);
    all[n] = context;
    return call(t, method, all + 1, n - 1, asyncio_state(t, CONTEXT_KEYWORD));
}

/* The future is done: its callbacks are handed to the loop. */
static bool schedule_callbacks(Thread *t, Value self) {
    Future *f = as_future(self);
    object_lock(&f->object);
    Value callback = f->callback, context = f->context, others = f->callbacks;
    f->callback = f->context = f->callbacks = NO_VALUE; /* NOBARRIER: references are removed */
    object_unlock(&f->object);
    if (present(callback) && absent(asyncio_call_soon(t, f->loop, callback, self, context)))
        return false;
    for (size_t i = 0; present(others) && i < list_length(others); i++) {
        Value pair = list_get(others, i);
        if (present(pair) && absent(asyncio_call_soon(t, f->loop, tuple_get(pair, 0), self, tuple_get(pair, 1))))
            return false;
    }
    return true;
}

Value future_add_callback(Thread *t, Value self, Value callback, Value context) {
    Future *f = as_future(self);
    if (load_acquire(&f->state) != FUTURE_PENDING)
        return asyncio_call_soon(t, f->loop, callback, self, context);
    object_lock(&f->object);
    bool first = absent(f->callback) && absent(f->callbacks);
    if (first) {
        store(f, &f->callback, callback);
        store(f, &f->context, context);
    }
    object_unlock(&f->object);
    if (first)
        return NONE;
    Value pair = TRY(tuple_pack(t, 2, callback, context)), list = load(&f->callbacks);
    if (absent(list)) {
        list = TRY(list_new(t, 2));
        store(f, &f->callbacks, list);
    }
    return list_append(t, list, pair) ? NONE : NO_VALUE;
}

/* args: self, fn, context */
static Value add_done_callback(Thread *t, Value *args) {
    CHECK(future_ensure(t, args[0]));
    Value context = args[2];
    if (absent(context))
        context = TRY(context_copy(t, TRY(context_current(t))));
    return future_add_callback(t, args[0], args[1], context);
}

static Value remove_done_callback(Thread *t, Value *args) {
    CHECK(future_ensure(t, args[0]));
    Future *f = as_future(args[0]);
    int64_t removed = 0;
    Value first = load(&f->callback), list = load(&f->callbacks);
    if (present(first)) {
        int same_one = compare_true(t, COMPARE_EQ, first, args[1]);
        CHECK(same_one >= 0);
        if (same_one) {
            f->callback = f->context = NO_VALUE; /* NOBARRIER: references are removed */
            removed++;
        }
    }
    if (absent(list))
        return small_int(removed);
    Value kept = TRY(list_new(t, list_length(list)));
    size_t count = 0;
    for (size_t i = 0; i < list_length(list); i++, count++) {
        Value pair = list_get(list, i);
        int same_one = absent(pair) ? 1 : compare_true(t, COMPARE_EQ, tuple_get(pair, 0), args[1]);
        CHECK(same_one >= 0);
        CHECK(same_one || list_append(t, kept, pair));
    }
    removed += (int64_t)(count - list_length(kept));
    store(f, &f->callbacks, list_length(kept) ? kept : NO_VALUE);
    return small_int(removed);
}

/* Outcomes */

/* PENDING to `state`, with the word that goes with it. false: it was done already, or an exception. */
static bool finish(Thread *t, Value self, FutureState state, Value *slot, Value value) {
    Future *f = as_future(self);
    object_lock(&f->object);
    bool pending = f->state == FUTURE_PENDING;
    if (pending) {
        if (present(value))
            store(f, slot, value);
        store_release(&f->state, state);
    }
    object_unlock(&f->object);
    return pending;
}

static const char *state_name(FutureState state) {
    return state == FUTURE_PENDING ? "PENDING" : state == FUTURE_CANCELLED ? "CANCELLED" : "FINISHED";
}

Value future_set_result(Thread *t, Value self, Value result) {
    CHECK(future_ensure(t, self));
    if (!finish(t, self, FUTURE_FINISHED, &as_future(self)->result, result))
        return INVALID_STATE(t, "invalid state");
    return schedule_callbacks(t, self) ? NONE : NO_VALUE;
}

/* StopIteration would end whoever awaits. */
static Value stop_iteration_replaced(Thread *t, Value exception) {
    raise_error(t, &RuntimeError_type, "StopIteration interacts badly with generators and cannot be raised into a Future");
    Value error = error_take(t);
    exception_set_cause(t, error, exception);
    exception_set_context(t, error, exception);
    return error;
}

Value future_set_exception(Thread *t, Value self, Value exception) {
    CHECK(future_ensure(t, self));
    if (load_relaxed(&as_future(self)->state) != FUTURE_PENDING)
        return INVALID_STATE(t, "invalid state");
    if (is_type(exception) && as_type(exception)->flags & TYPE_EXCEPTION)
        exception = TRY(call_0(t, exception));
    if (!is_exception(exception))
        return raise_type_error(t, "invalid exception object");
    if (is_instance_of(exception, &StopIteration_type))
        exception = TRY(stop_iteration_replaced(t, exception));
    Future *f = as_future(self);
    Value traceback = load(&as_exception(exception)->traceback);
    if (present(traceback))
        store(f, &f->exception_traceback, traceback);
    if (!finish(t, self, FUTURE_FINISHED, &f->exception, exception))
        return INVALID_STATE(t, "invalid state");
    CHECK(schedule_callbacks(t, self));
    store_relaxed(&f->log_traceback, true);
    return NONE;
}

Value future_cancel(Thread *t, Value self, Value message) {
    CHECK(future_ensure(t, self));
    Future *f = as_future(self);
    store_relaxed(&f->log_traceback, false);
    if (!finish(t, self, FUTURE_CANCELLED, &f->cancel_message, message))
        return FALSE;
    return schedule_callbacks(t, self) ? TRUE : NO_VALUE;
}

Value future_cancelled_error(Thread *t, Value self) {
    Future *f = as_future(self);
    Value error = load(&f->cancelled_error), class = asyncio_state(t, CANCELLED_ERROR);
    if (present(error)) {
        store(f, &f->cancelled_error, NO_VALUE);
        return error;
    }
    Value message = load(&f->cancel_message);
    return absent(message) || is_none(message) ? call_0(t, class) : call_1(t, class, message);
}

static Value raise_cancelled(Thread *t, Value self) {
    return raise_exception(t, TRY(future_cancelled_error(t, self)));
}

Value future_outcome(Thread *t, Value self) {
    Future *f = as_future(self);
    if (load_acquire(&f->state) == FUTURE_CANCELLED)
        return raise_cancelled(t, self);
    store_relaxed(&f->log_traceback, false);
    if (absent(load(&f->exception)))
        return or_none(load(&f->result));
    exception_set_traceback(load(&f->exception), load(&f->exception_traceback));
    return raise_exception(t, load(&f->exception));
}

static Value result_method(Thread *t, Value *args) {
    if (load_acquire(&as_future(args[0])->state) == FUTURE_PENDING)
        return INVALID_STATE(t, "Result is not set.");
    return future_outcome(t, args[0]);
}

static Value exception_method(Thread *t, Value *args) {
    Future *f = as_future(args[0]);
    FutureState state = load_acquire(&f->state);
    if (state == FUTURE_CANCELLED)
        return raise_cancelled(t, args[0]);
    if (state == FUTURE_PENDING)
        return INVALID_STATE(t, "Exception is not set.");
    store_relaxed(&f->log_traceback, false);
    return or_none(load(&f->exception));
}

static Value set_result_method(Thread *t, Value *args) { return future_set_result(t, args[0], args[1]); }
static Value set_exception_method(Thread *t, Value *args) { return future_set_exception(t, args[0], args[1]); }
static Value cancel_method(Thread *t, Value *args) { return future_cancel(t, args[0], args[1]); }
static Value cancelled_method(Thread *t, Value *args) { return from_bool(load_relaxed(&as_future(args[0])->state) == FUTURE_CANCELLED); }
static Value done_method(Thread *t, Value *args) { return from_bool(load_relaxed(&as_future(args[0])->state) != FUTURE_PENDING); }
static Value make_cancelled_error(Thread *t, Value *args) { return future_cancelled_error(t, args[0]); }
static Value get_loop_method(Thread *t, Value *args) { return future_ensure(t, args[0]) ? load(&as_future(args[0])->loop) : NO_VALUE; }

/* Who awaits whom: for pictures of a program, asyncio.graph. */

bool future_add_awaited_by(Thread *t, Value future, Value waiter) {
    if (!is_native_future(future) || !is_native_future(waiter))
        return true;
    Future *f = as_future(future);
    Value known = load(&f->awaited_by);
    if (absent(known)) {
        store(f, &f->awaited_by, waiter);
        return true;
    }
    if (load_relaxed(&f->awaited_by_many))
        return set_add(t, known, waiter);
    Value set = set_new(t);
    if (absent(set) || !set_add(t, set, known) || !set_add(t, set, waiter))
        return false;
    store_relaxed(&f->awaited_by_many, true);
    store(f, &f->awaited_by, set);
    return true;
}

bool future_discard_awaited_by(Thread *t, Value future, Value waiter) {
    if (!is_native_future(future) || !is_native_future(waiter))
        return true;
    Future *f = as_future(future);
    if (load_relaxed(&f->awaited_by_many))
        return set_discard(t, load(&f->awaited_by), waiter) >= 0;
    if (same(load(&f->awaited_by), waiter))
        f->awaited_by = NO_VALUE; /* NOBARRIER: a reference is removed */
    return true;
}

static Value get_awaited_by(Thread *t, Value *args) {
    Future *f = as_future(args[0]);
    Value known = load(&f->awaited_by);
    if (absent(known))
        return NONE;
    Value one = load_relaxed(&f->awaited_by_many) ? known : TRY(tuple_pack(t, 1, known));
    return set_from_iterable(t, &frozenset_type, one);
}

/* Attributes */

static Value get_state(Thread *t, Value *args) { return str_intern_text(t, state_name(load_relaxed(&as_future(args[0])->state))); }
static Value get_blocking(Thread *t, Value *args) { return from_bool(as_future(args[0])->blocking); }
static Value set_blocking(Thread *t, Value *args) {
    int on = absent(args[1]) ? -1 : truth(t, args[1]);
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], NO_VALUE, "attribute '_asyncio_future_blocking' of '_asyncio.Future' objects cannot be deleted");
    CHECK(on >= 0);
    as_future(args[0])->blocking = on;
    return NONE;
}
static Value get_log_traceback(Thread *t, Value *args) { return from_bool(load_relaxed(&as_future(args[0])->log_traceback)); }
static Value set_log_traceback(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], NO_VALUE, "attribute '_log_traceback' of '_asyncio.Future' objects cannot be deleted");
    int on = truth(t, args[1]);
    CHECK(on >= 0);
    if (on)
        return raise_value_error(t, "_log_traceback can only be set to False");
    store_relaxed(&as_future(args[0])->log_traceback, false);
    return NONE;
}
static Value get_loop(Thread *t, Value *args) { return or_none(load(&as_future(args[0])->loop)); }
static Value get_result(Thread *t, Value *args) { return or_none(load(&as_future(args[0])->result)); }
static Value get_exception(Thread *t, Value *args) { return or_none(load(&as_future(args[0])->exception)); }
static Value get_source_traceback(Thread *t, Value *args) { return or_none(load(&as_future(args[0])->source_traceback)); }
static Value get_cancel_message(Thread *t, Value *args) { return or_none(load(&as_future(args[0])->cancel_message)); }
static Value set_cancel_message(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], NO_VALUE, "attribute '_cancel_message' of '_asyncio.Future' objects cannot be deleted");
    store(as_future(args[0]), &as_future(args[0])->cancel_message, args[1]);
    return NONE;
}
static Value get_callbacks(Thread *t, Value *args) {
    Future *f = as_future(args[0]);
    Value first = load(&f->callback), others = load(&f->callbacks);
    if (absent(first))
        return absent(others) ? NONE : list_from_iterable(t, others);
    Value list = TRY(list_new(t, 1));
    CHECK(list_append(t, list, TRY(tuple_pack(t, 2, first, or_none(f->context)))));
    CHECK(absent(others) || list_extend(t, list, others));
    return list;
}

static Value repr_method(Thread *t, Value *args) {
    CHECK(future_ensure(t, args[0]));
    return call_1(t, asyncio_state(t, FUTURE_REPR), args[0]);
}

/* An exception that nobody saw is told to the loop. */
Value future_del(Thread *t, Value *args) {
    Future *f = as_future(args[0]);
    if (!load_relaxed(&f->log_traceback) || absent(load(&f->loop)))
        return NONE;
    store_relaxed(&f->log_traceback, false);
    Value context = TRY(dict_new(t));
    Value message = TRY(format_text(t, "%S exception was never retrieved", f->object.type->name));
    CHECK(dict_set_text(t, context, "message", message) && dict_set_text(t, context, "exception", f->exception));
    CHECK(dict_set_text(t, context, "future", args[0]));
    CHECK(absent(f->source_traceback) || dict_set_text(t, context, "source_traceback", f->source_traceback));
    return call_method_1(t, load(&f->loop), names.call_exception_handler, context);
}

/* Only an exception that nobody asked for is reported. */
static bool future_needs_no_del(Object *o) { return !load_relaxed(&((Future *)o)->log_traceback); }

Value future_loop_of(Thread *t, Value future) {
    if (is_plain_future(future))
        return future_ensure(t, future) ? load(&as_future(future)->loop) : NO_VALUE;
    Value method = find_attribute(t, future, names.get_loop);
    CHECK(!error_pending(t));
    return present(method) ? call_0(t, method) : get_attribute(t, future, names._loop);
}

/* The iterator of `await future`: gives the future to the task once, then its outcome. */

typedef struct FutureIterator {
    Object object;
    Value future; /* absent: exhausted */
} FutureIterator;

static FutureIterator *as_iterator(Value v) { return (FutureIterator *)v.bits; }
static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((FutureIterator *)o)->future); }

static Value iter_method(Thread *t, Value *args) {
    CHECK(future_ensure(t, args[0]));
    FutureIterator *i = heap_allocate(t, &future_iterator_type, sizeof *i);
    CHECK(i != NULL);
    i->future = args[0]; /* NOBARRIER: just allocated */
    return from_object(i);
}

/* A SendFn (type.h). */
static int iterator_send_value(Thread *t, Value self, Value value, Value *result) {
    Value future = as_iterator(self)->future;
    *result = NONE;
    if (absent(future))
        return 2;
    Future *f = as_future(future);
    if (load_acquire(&f->state) == FUTURE_PENDING) {
        if (f->blocking) {
            raise_error(t, &RuntimeError_type, "await wasn't used with future");
            return 0;
        }
        f->blocking = true;
        *result = future;
        return 1;
    }
    store(&as_iterator(self)->object, &as_iterator(self)->future, NO_VALUE);
    if (is_plain_future(future))
        *result = future_outcome(t, future);
    else
        *result = call_method_0(t, future, names.result);
    return present(*result) ? 2 : 0;
}

static Value iterator_step(Thread *t, Value self) {
    Value result;
    int outcome = iterator_send_value(t, self, NONE, &result);
    if (outcome == 2 && !is_none(result))
        return raise_stop_iteration(t, result);
    return outcome == 1 ? result : NO_VALUE;
}

static Value iterator_self(Thread *t, Value *args) { return args[0]; }
static Value iterator_send_method(Thread *t, Value *args) {
    Value v = iterator_step(t, args[0]);
    return present(v) || error_pending(t) ? v : raise_stop_iteration(t, NO_VALUE);
}
static Value iterator_close(Thread *t, Value *args) {
    store(&as_iterator(args[0])->object, &as_iterator(args[0])->future, NO_VALUE);
    return NONE;
}

/* args: self, type, value, traceback */
static Value iterator_throw(Thread *t, Value *args) {
    Value type = args[1], value = args[2], traceback = args[3], exception;
    if (!is_none(value) || !is_none(traceback))
        CHECK(warn(t, &DeprecationWarning_type, 1,
                   "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead."));
    if (!is_none(traceback) && !is_exactly(traceback, &traceback_type))
        return raise_type_error(t, "throw() third argument must be a traceback");
    if (is_type(type) && as_type(type)->flags & TYPE_EXCEPTION) {
        if (is_instance_of(value, as_type(type)))
            exception = value;
        else
            exception = TRY(is_none(value) ? call_0(t, type) : is_tuple(value) ? call_tuple(t, type, value, NO_VALUE) : call_1(t, type, value));
    } else if (is_exception(type)) {
        if (!is_none(value))
            return raise_type_error(t, "instance exception may not have a separate value");
        exception = type;
    } else {
        return raise_type_error(t, "exceptions must be classes deriving BaseException or instances of such a class");
    }
    if (!is_none(traceback))
        exception_set_traceback(exception, traceback);
    iterator_close(t, args);
    return raise_exception(t, exception);
}

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"send(self, value, /)", iterator_send_method, NULL},
    {"throw(self, type, value=None, traceback=None, /)", iterator_throw, NULL},
    {"close(self, /)", iterator_close, NULL},
    {NULL},
};

MODULE_TYPE(future_iterator_type, _asyncio) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "_asyncio.FutureIter",
    .methods = iterator_methods,
    .next = iterator_step,
    .send = iterator_send_value,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(FutureIterator),
};

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, *, loop=None)", init_method, "Initialize self.  See help(type(self)) for accurate signature."},
    {"result(self, /)", result_method,
     "Return the result this future represents.\n\n"
     "If the future has been cancelled, raises CancelledError.  If the\nfuture's result isn't yet available, raises "
     "InvalidStateError.  If\nthe future is done and has an exception set, this exception is\nraised."},
    {"exception(self, /)", exception_method,
     "Return the exception that was set on this future.\n\n"
     "The exception (or None if no exception was set) is returned only if\nthe future is done.  If the future has been "
     "cancelled, raises\nCancelledError.  If the future isn't done yet, raises\nInvalidStateError."},
    {"set_result(self, result, /)", set_result_method,
     "Mark the future done and set its result.\n\n"
     "If the future is already done when this method is called, raises\nInvalidStateError."},
    {"set_exception(self, exception, /)", set_exception_method,
     "Mark the future done and set an exception.\n\n"
     "If the future is already done when this method is called, raises\nInvalidStateError."},
    {"add_done_callback(self, fn, /, *, context=<unrepresentable>)", add_done_callback,
     "Add a callback to be run when the future becomes done.\n\n"
     "The callback is called with a single argument - the future object.\nIf the future is already done when this is "
     "called, the callback is\nscheduled with call_soon."},
    {"remove_done_callback(self, fn, /)", remove_done_callback,
     "Remove all instances of a callback from the \"call when done\" list.\n\nReturns the number of callbacks removed."},
    {"cancel(self, /, msg=None)", cancel_method,
     "Cancel the future and schedule callbacks.\n\n"
     "If the future is already done or cancelled, return False.\nOtherwise, change the future's state to cancelled, "
     "schedule the\ncallbacks and return True."},
    {"cancelled(self, /)", cancelled_method, "Return True if the future was cancelled."},
    {"done(self, /)", done_method,
     "Return True if the future is done.\n\n"
     "Done means either that a result / exception are available, or that\nthe future was cancelled."},
    {"get_loop(self, /)", get_loop_method, "Return the event loop the Future is bound to."},
    {"_make_cancelled_error(self, /)", make_cancelled_error,
     "Create the CancelledError to raise if the Future is cancelled.\n\n"
     "This should only be called once when handling a cancellation since\nit erases the context exception value."},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__iter__(self, /)", iter_method, "Implement iter(self)."},
    {"__await__(self, /)", iter_method, "Return an iterator to be used in await expression."},
    {"__del__(self, /)", future_del, "Called when the instance is about to be destroyed."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Futures are generic over the type of their results", NATIVE_CLASS},
    {NULL},
};
static const GetSetDef getset[] = {
    {"_state", get_state, NULL, NULL},
    {"_asyncio_future_blocking", get_blocking, set_blocking, NULL},
    {"_asyncio_awaited_by", get_awaited_by, NULL, NULL},
    {"_loop", get_loop, NULL, NULL},
    {"_callbacks", get_callbacks, NULL, NULL},
    {"_result", get_result, NULL, NULL},
    {"_exception", get_exception, NULL, NULL},
    {"_log_traceback", get_log_traceback, set_log_traceback, NULL},
    {"_source_traceback", get_source_traceback, NULL, NULL},
    {"_cancel_message", get_cancel_message, set_cancel_message, NULL},
    {NULL},
};

MODULE_TYPE(future_type, _asyncio) = {
    STATIC_TYPE_HEAD(future_trace, NULL),
    .name_text = "_asyncio.Future",
    .doc = "This class is *almost* compatible with concurrent.futures.Future.\n\n"
           "    Differences:\n\n"
           "    - result() and exception() do not take a timeout argument and\n"
           "      raise an exception when the future isn't done yet.\n\n"
           "    - Callbacks registered with add_done_callback() are always called\n"
           "      via the event loop's call_soon_threadsafe().\n\n"
           "    - This class is not compatible with the wait() and as_completed()\n"
           "      methods in the concurrent.futures package.",
    .methods = methods,
    .getset = getset,
    .needs_no_del = future_needs_no_del,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_HAS_DEL,
    .instance_size = sizeof(Future),
};
