/* _asyncio.Task: drives a coroutine, one step per turn of the loop.
 *
 * A task that is not done is in one of three states: waiting (`waiter` is a future that is not done, and `wakeup` is
 * one of its callbacks), scheduled (the loop is going to call `step` or `wakeup`), or running.
 */
#include "modules/_asyncio/asyncio.h"
#include "types/generic_alias.h"
#include "vm/generator.h"

static Value or_none(Value v) { return present(v) ? v : NONE; }

static void trace_task(Tracer *tracer, Object *o) {
    Task *k = (Task *)o;
    trace_values(tracer, &k->coroutine, (size_t)(&k->wakeup - &k->coroutine) + 1);
    trace_object(tracer, k->node);
    future_trace(tracer, o);
}

/* What the loop calls: step(), or wakeup(future). */

typedef struct TaskStep {
    Object object;
    Value task, exception; /* exception: thrown in by the step, or absent */
    bool is_wakeup;
} TaskStep;

static Value step(Thread *t, Value task, Value exception);
static Value wakeup(Thread *t, Value task, Value future);

static TaskStep *as_step(Value v) { return (TaskStep *)v.bits; }
static void trace_step(Tracer *tracer, Object *o) { trace_values(tracer, &((TaskStep *)o)->task, 2); }

static Value step_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    TaskStep *s = as_step(callee);
    if (present(kwnames) && tuple_length(kwnames))
        return raise_type_error(t, "function takes no keyword arguments");
    if (nargs != s->is_wakeup)
        return raise_type_error(t, s->is_wakeup ? "function takes exactly 1 argument" : "function takes no positional arguments");
    return s->is_wakeup ? wakeup(t, s->task, args[0]) : step(t, s->task, s->exception);
}

static Value step_self(Thread *t, Value *args) { return as_step(args[0])->task; }
static Value step_qualname(Thread *t, Value *args) {
    return get_attribute(t, load(&as_task(as_step(args[0])->task)->coroutine), names.__qualname__);
}
static const GetSetDef step_getset[] = {
    {"__self__", step_self, NULL, NULL},
    {"__qualname__", step_qualname, NULL, NULL},
    {NULL},
};

MODULE_TYPE(task_step_type, _asyncio) = {
    STATIC_TYPE_HEAD(trace_step, NULL),
    .name_text = "_asyncio.TaskStepMethWrapper",
    .getset = step_getset,
    .call = step_call,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(TaskStep),
};

static Value step_new(Thread *t, Value task, Value exception, bool is_wakeup) {
    TaskStep *s = heap_allocate(t, &task_step_type, sizeof *s);
    CHECK(s != NULL);
    s->task = task; /* NOBARRIER: just allocated */
    s->exception = exception;
    s->is_wakeup = is_wakeup;
    return from_object(s);
}

/* The callables without an exception are made once per task. */
static Value cached_step(Thread *t, Value task, Value *slot, bool is_wakeup) {
    Value s = load(slot);
    if (present(s))
        return s;
    s = TRY(step_new(t, task, NO_VALUE, is_wakeup));
    store(as_object(task), slot, s);
    return s;
}

static bool schedule_step(Thread *t, Value task, Value exception) {
    Task *k = as_task(task);
    Value s = present(exception) ? step_new(t, task, exception, false) : cached_step(t, task, &k->step, false);
    return present(s) && present(asyncio_call_soon(t, load(&k->future.loop), s, NO_VALUE, load(&k->context)));
}

/* Making one */

static bool is_coroutine(Thread *t, Value v) {
    if (is_exactly(v, &coroutine_type))
        return true;
    Value answer = call_1(t, asyncio_state(t, IS_COROUTINE), v);
    return present(answer) && truth(t, answer) > 0;
}

static bool eager_start(Thread *t, Value task);

static bool should_start_now(Thread *t, Value task, Value eager) {
    if (truth(t, eager) <= 0)
        return false;
    Value running = call_method_0(t, load(&as_task(task)->future.loop), names.is_running);
    return present(running) && truth(t, running) > 0;
}

/* args: self, coro, loop, name, context, eager_start */
static Value init_method(Thread *t, Value *args) {
    Task *k = as_task(args[0]);
    CHECK(future_init(t, args[0], args[2]));
    if (!is_coroutine(t, args[1])) {
        store_relaxed(&k->log_destroy_pending, false);
        CHECK(!error_pending(t));
        return raise_type_error(t, "a coroutine was expected, got %R", args[1]);
    }
    Value context = is_none(args[4]) ? TRY(context_copy(t, TRY(context_current(t)))) : args[4];
    Value name = args[3];
    if (is_none(name))
        name = small_int(task_next_number(t));
    else if (!is_exactly(name, &str_type))
        name = TRY(to_str(t, name));
    store(k, &k->context, context);
    store(k, &k->coroutine, args[1]);
    store(k, &k->name, name);
    k->waiter = k->step = k->wakeup = NO_VALUE; /* NOBARRIER: references are removed */
    store_relaxed(&k->must_cancel, false);
    store_relaxed(&k->log_destroy_pending, true);
    store_relaxed(&k->cancel_requests, 0);
    bool now = should_start_now(t, args[0], args[5]);
    CHECK(!error_pending(t));
    CHECK(task_register(t, args[0]));
    return (now ? eager_start(t, args[0]) : schedule_step(t, args[0], NO_VALUE)) ? NONE : NO_VALUE;
}

static Value new_method(Thread *t, Value *args) {
    Task *k = type_allocate(t, as_type(args[0]));
    return k ? from_object(k) : NO_VALUE;
}

/* Steps */

/* What the coroutine's end means. The pending exception, if any, is its. */
static bool coroutine_ended(Thread *t, Value task, bool returned, Value result) {
    Task *k = as_task(task);
    Value outcome;
    if (returned) {
        if (load_relaxed(&k->must_cancel)) { /* cancelled just before it ended */
            store_relaxed(&k->must_cancel, false);
            outcome = future_cancel(t, task, load(&k->future.cancel_message));
        } else
            outcome = future_set_result(t, task, result);
    } else {
        Value error = error_take(t);
        if (is_instance_of(error, as_type(asyncio_state(t, CANCELLED_ERROR)))) {
            store(k, &k->future.cancelled_error, error);
            outcome = future_cancel(t, task, NO_VALUE);
        } else {
            outcome = future_set_exception(t, task, error);
            if (present(outcome) &&
                (is_instance_of(error, &KeyboardInterrupt_type) || is_instance_of(error, &SystemExit_type))) {
                error_restore(t, error);
                outcome = NO_VALUE;
            }
        }
    }
    if (load_relaxed(&k->future.state) != FUTURE_PENDING)
        task_unregister(t, task);
    return present(outcome);
}

/* The mistake is thrown into the coroutine at its next step. */
static bool throw_later(Thread *t, Value task, const char *format, Value a, Value b) {
    raise_error(t, &RuntimeError_type, format, a, b);
    return schedule_step(t, task, error_take(t));
}

/* A cancellation that came while the task ran reaches the future that it now waits for. */
static bool pass_on_cancellation(Thread *t, Task *k) {
    if (likely(!k->must_cancel))
        return true;
    Value message = or_none(load(&k->future.cancel_message));
    Value all[2] = {NO_VALUE, message}, method = get_attribute(t, load(&k->waiter), names.cancel);
    Value keyword = absent(method) ? method : tuple_pack(t, 1, names.msg);
    Value cancelled = absent(keyword) ? keyword : call(t, method, all + 1, 0, keyword);
    int yes = absent(cancelled) ? -1 : truth(t, cancelled);
    if (yes > 0)
        store_relaxed(&k->must_cancel, false);
    return yes >= 0;
}

static bool wait_for_native(Thread *t, Value task, Value future) {
    Task *k = as_task(task);
    Future *f = as_future(future);
    if (unlikely(!same(f->loop, k->future.loop)))
        return throw_later(t, task, "Task %R got Future %R attached to a different loop", task, future);
    if (unlikely(!f->blocking))
        return throw_later(t, task, "yield was used instead of yield from in task %R with %R", task, future);
    f->blocking = false;
    Value wake = cached_step(t, task, &k->wakeup, true);
    if (absent(wake) || !future_add_awaited_by(t, future, task) || absent(future_add_callback(t, future, wake, load(&k->context))))
        return false;
    store(k, &k->waiter, future);
    return pass_on_cancellation(t, k);
}

/* Any object with the protocol of futures. */
static bool wait_for_other(Thread *t, Value task, Value future, Value blocking) {
    Task *k = as_task(task);
    Value loop = future_loop_of(t, future);
    if (absent(loop))
        return false;
    if (!same(loop, load(&k->future.loop)))
        return throw_later(t, task, "Task %R got Future %R attached to a different loop", task, future);
    int is_blocking = truth(t, blocking);
    if (is_blocking < 0)
        return false;
    if (!is_blocking)
        return throw_later(t, task, "yield was used instead of yield from in task %R with %R", task, future);
    if (!set_attribute(t, future, names._asyncio_future_blocking, FALSE) || !future_add_awaited_by(t, future, task))
        return false;
    Value wake = cached_step(t, task, &k->wakeup, true), method = absent(wake) ? wake : get_attribute(t, future, names.add_done_callback);
    Value all[3] = {NO_VALUE, wake, load(&k->context)};
    if (absent(method) || absent(call(t, method, all + 1, 1, asyncio_state(t, CONTEXT_KEYWORD))))
        return false;
    store(k, &k->waiter, future);
    return pass_on_cancellation(t, k);
}

static bool coroutine_yielded(Thread *t, Value task, Value yielded) {
    if (same(yielded, task))
        return throw_later(t, task, "Task cannot await on itself: %R", task, NO_VALUE);
    if (is_plain_future(yielded))
        return wait_for_native(t, task, yielded);
    if (is_none(yielded)) /* one turn of the loop for the others */
        return schedule_step(t, task, NO_VALUE);
    Value blocking = find_attribute(t, yielded, names._asyncio_future_blocking);
    if (error_pending(t))
        return false;
    if (present(blocking) && !is_none(blocking))
        return wait_for_other(t, task, yielded, blocking);
    if (is_exactly(yielded, &generator_type))
        return throw_later(t, task, "yield was used instead of yield from for generator in task %R with %R", task, yielded);
    return throw_later(t, task, "Task got bad yield: %R", yielded, NO_VALUE);
}

/* Sends None, or throws. */
static SendResult resume(Thread *t, Value coroutine, Value exception, Value *result) {
    if (absent(exception))
        return iterator_send(t, coroutine, NONE, result);
    *result = call_method_1(t, coroutine, names.throw, exception);
    if (present(*result))
        return SEND_YIELD;
    if (!error_matches(t, &StopIteration_type))
        return SEND_ERROR;
    *result = stop_iteration_value(error_take(t));
    return SEND_RETURN;
}

static bool run_once(Thread *t, Value task, Value exception) {
    Task *k = as_task(task);
    if (load_relaxed(&k->future.state) != FUTURE_PENDING) {
        INVALID_STATE(t, "__step(): already done: %R %R", task, present(exception) ? exception : NONE);
        return false;
    }
    if (load_relaxed(&k->must_cancel)) {
        if (absent(exception) || !is_instance_of(exception, as_type(asyncio_state(t, CANCELLED_ERROR))))
            exception = future_cancelled_error(t, task);
        if (absent(exception))
            return false;
        store_relaxed(&k->must_cancel, false);
    }
    k->waiter = NO_VALUE; /* NOBARRIER: a reference is removed */
    if (absent(load(&k->coroutine))) {
        raise_error(t, &RuntimeError_type, "uninitialized Task object");
        return false;
    }
    Value result;
    SendResult outcome = resume(t, load(&k->coroutine), exception, &result);
    if (outcome == SEND_YIELD)
        return coroutine_yielded(t, task, result);
    return coroutine_ended(t, task, outcome == SEND_RETURN, result);
}

static Value step(Thread *t, Value task, Value exception) {
    Value loop = load(&as_task(task)->future.loop);
    CHECK(task_enter(t, loop, task));
    bool ok = run_once(t, task, exception);
    Value error = error_take(t);
    bool left = task_leave(t, loop, task);
    if (present(error))
        error_restore(t, error);
    return ok && left ? NONE : NO_VALUE;
}

static Value wakeup(Thread *t, Value task, Value future) {
    CHECK(future_discard_awaited_by(t, future, task));
    if (is_plain_future(future) && load_relaxed(&as_future(future)->state) == FUTURE_FINISHED &&
        absent(load(&as_future(future)->exception))) {
        store_relaxed(&as_future(future)->log_traceback, false);
        return step(t, task, NO_VALUE);
    }
    Value result = is_plain_future(future) && load_relaxed(&as_future(future)->state) != FUTURE_PENDING
                       ? future_outcome(t, future)
                       : call_method_0(t, future, names.result);
    return step(t, task, present(result) ? NO_VALUE : error_take(t));
}

/* The first step at once, within the task that makes this one. */
static bool eager_start(Thread *t, Value task) {
    Task *k = as_task(task);
    Value loop = load(&k->future.loop), before = task_swap(t, loop, task);
    if (absent(before))
        return false;
    bool ok = context_enter(t, load(&k->context));
    if (ok) {
        ok = run_once(t, task, NO_VALUE);
        Value error = error_take(t);
        ok = context_exit(t, load(&k->context)) && ok;
        if (present(error))
            error_restore(t, error);
    }
    Value error = error_take(t), swapped = task_swap(t, loop, before);
    if (present(error))
        error_restore(t, error);
    if (load_relaxed(&k->future.state) != FUTURE_PENDING)
        k->coroutine = NO_VALUE; /* NOBARRIER: a reference is removed */
    return ok && present(swapped);
}

/* Cancelling */

/* args: self, msg */
static Value cancel_method(Thread *t, Value *args) {
    Task *k = as_task(args[0]);
    store_relaxed(&k->future.log_traceback, false);
    if (load_relaxed(&k->future.state) != FUTURE_PENDING)
        return FALSE;
    fetch_add(&k->cancel_requests, 1);
    Value waiter = load(&k->waiter);
    if (present(waiter)) {
        Value all[2] = {NO_VALUE, args[1]}, method = TRY(get_attribute(t, waiter, names.cancel));
        Value cancelled = TRY(call(t, method, all + 1, 0, TRY(tuple_pack(t, 1, names.msg))));
        int yes = truth(t, cancelled);
        CHECK(yes >= 0);
        if (yes) /* `waiter` stays: it may be a task that goes on, to be cancelled again later */
            return TRUE;
    }
    store_relaxed(&k->must_cancel, true);
    store(k, &k->future.cancel_message, args[1]);
    return TRUE;
}

static Value cancelling_method(Thread *t, Value *args) { return int_from(t, load_relaxed(&as_task(args[0])->cancel_requests)); }
static Value uncancel_method(Thread *t, Value *args) {
    Task *k = as_task(args[0]);
    if (load_relaxed(&k->cancel_requests) > 0 && fetch_sub(&k->cancel_requests, 1) == 1)
        store_relaxed(&k->must_cancel, false);
    return int_from(t, load_relaxed(&k->cancel_requests));
}

/* Attributes */

static Value get_coro(Thread *t, Value *args) { return or_none(load(&as_task(args[0])->coroutine)); }
static Value get_waiter(Thread *t, Value *args) { return or_none(load(&as_task(args[0])->waiter)); }
static Value get_must_cancel(Thread *t, Value *args) { return from_bool(load_relaxed(&as_task(args[0])->must_cancel)); }
static Value get_log_destroy(Thread *t, Value *args) { return from_bool(load_relaxed(&as_task(args[0])->log_destroy_pending)); }
static Value set_log_destroy(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], NO_VALUE, "attribute '_log_destroy_pending' of '_asyncio.Task' objects cannot be deleted");
    int on = truth(t, args[1]);
    CHECK(on >= 0);
    store_relaxed(&as_task(args[0])->log_destroy_pending, on);
    return NONE;
}
static Value get_context(Thread *t, Value *args) { return or_none(load(&as_task(args[0])->context)); }
static Value get_name(Thread *t, Value *args) {
    Task *k = as_task(args[0]);
    Value name = load(&k->name);
    if (absent(name))
        return NONE;
    if (is_int(name)) {
        name = TRY(format_text(t, "Task-%S", name));
        store(k, &k->name, name);
    }
    return name;
}
static Value set_name(Thread *t, Value *args) {
    Value name = is_exactly(args[1], &str_type) ? args[1] : TRY(to_str(t, args[1]));
    store(as_task(args[0]), &as_task(args[0])->name, name);
    return NONE;
}
static Value refuse_result(Thread *t, Value *args) {
    return raise_error(t, &RuntimeError_type, "Task does not support set_result operation");
}
static Value refuse_exception(Thread *t, Value *args) {
    return raise_error(t, &RuntimeError_type, "Task does not support set_exception operation");
}
static Value get_stack(Thread *t, Value *args) { return call_2(t, asyncio_state(t, TASK_GET_STACK), args[0], args[1]); }
static Value print_stack(Thread *t, Value *args) {
    return call_3(t, asyncio_state(t, TASK_PRINT_STACK), args[0], args[1], args[2]);
}
static Value repr_method(Thread *t, Value *args) { return call_1(t, asyncio_state(t, TASK_REPR), args[0]); }
static Value make_cancelled_error(Thread *t, Value *args) { return future_cancelled_error(t, args[0]); }

/* A task that dies waiting is told to the loop. */
static Value del_method(Thread *t, Value *args) {
    Task *k = as_task(args[0]);
    if (load_relaxed(&k->future.state) == FUTURE_PENDING && load_relaxed(&k->log_destroy_pending) &&
        present(load(&k->future.loop))) {
        Value context = TRY(dict_new(t)), stack = load(&k->future.source_traceback);
        CHECK(dict_set_text(t, context, "task", args[0]));
        CHECK(dict_set_text(t, context, "message", TRY(str_from_text(t, "Task was destroyed but it is pending!"))));
        CHECK(absent(stack) || dict_set_text(t, context, "source_traceback", stack));
        TRY(call_method_1(t, k->future.loop, names.call_exception_handler, context));
    }
    return future_del(t, args);
}

static bool dies_unnoticed(Object *o) {
    Task *k = (Task *)o;
    return !load_relaxed(&k->future.log_traceback) &&
           !(load_relaxed(&k->future.state) == FUTURE_PENDING && load_relaxed(&k->log_destroy_pending));
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, coro, *, loop=None, name=None, context=None, eager_start=False)", init_method,
     "Initialize self.  See help(type(self)) for accurate signature."},
    {"cancel(self, /, msg=None)", cancel_method,
     "Request that this task cancel itself.\n\n"
     "This arranges for a CancelledError to be thrown into the\nwrapped coroutine on the next cycle through the event "
     "loop.\nThe coroutine then has a chance to clean up or even deny\nthe request using try/except/finally.\n\n"
     "Unlike Future.cancel, this does not guarantee that the\ntask will be cancelled: the exception might be caught "
     "and\nacted upon, delaying cancellation of the task or preventing\ncancellation completely.  The task may also "
     "return a value or\nraise a different exception.\n\n"
     "Immediately after this method is called, Task.cancelled() will\nnot return True (unless the task was already "
     "cancelled).  A\ntask will be marked as cancelled when the wrapped coroutine\nterminates with a CancelledError "
     "exception (even if cancel()\nwas not called).\n\n"
     "This also increases the task's count of cancellation requests."},
    {"cancelling(self, /)", cancelling_method,
     "Return the count of the task's cancellation requests.\n\n"
     "This count is incremented when .cancel() is called\nand may be decremented using .uncancel()."},
    {"uncancel(self, /)", uncancel_method,
     "Decrement the task's count of cancellation requests.\n\n"
     "This should be used by tasks that catch CancelledError\nand wish to continue indefinitely until they are cancelled "
     "again.\n\n"
     "Returns the remaining number of cancellation requests."},
    {"_make_cancelled_error(self, /)", make_cancelled_error,
     "Create the CancelledError to raise if the Task is cancelled.\n\n"
     "This should only be called once when handling a cancellation since\nit erases the context exception value."},
    {"get_coro(self, /)", get_coro, NULL},
    {"get_context(self, /)", get_context, NULL},
    {"get_name(self, /)", get_name, NULL},
    {"set_name(self, value, /)", set_name, NULL},
    {"set_result(self, result, /)", refuse_result, NULL},
    {"set_exception(self, exception, /)", refuse_exception, NULL},
    {"get_stack(self, /, *, limit=None)", get_stack,
     "Return the list of stack frames for this task's coroutine.\n\n"
     "If the coroutine is not done, this returns the stack where it is\nsuspended.  If the coroutine has completed "
     "successfully or was\ncancelled, this returns an empty list.  If the coroutine was\nterminated by an exception, this "
     "returns the list of traceback\nframes."},
    {"print_stack(self, /, *, limit=None, file=None)", print_stack,
     "Print the stack or traceback for this task's coroutine.\n\n"
     "This produces output similar to that of the traceback module,\nfor the frames retrieved by get_stack().  The limit "
     "argument\nis passed to get_stack().  The file argument is an I/O stream\nto which the output is written; by default "
     "output is written\nto sys.stderr."},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__del__(self, /)", del_method, "Called when the instance is about to be destroyed."},
    {"__class_getitem__(type, object, /)", class_getitem_alias,
     "Tasks are generic over the return type of their wrapped coroutines", NATIVE_CLASS},
    {NULL},
};
static const GetSetDef getset[] = {
    {"_log_destroy_pending", get_log_destroy, set_log_destroy, NULL},
    {"_must_cancel", get_must_cancel, NULL, NULL},
    {"_coro", get_coro, NULL, NULL},
    {"_fut_waiter", get_waiter, NULL, NULL},
    {NULL},
};

MODULE_TYPE(task_type, _asyncio) = {
    STATIC_TYPE_HEAD(trace_task, NULL),
    .name_text = "_asyncio.Task",
    .doc = "A coroutine wrapped in a Future.",
    .base_static = &future_type,
    .methods = methods,
    .getset = getset,
    .needs_no_del = dies_unnoticed,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_HAS_DEL,
    .instance_size = sizeof(Task),
};
