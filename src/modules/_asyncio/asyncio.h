/* What the files of _asyncio share.
 *
 * Threads: a Future belongs to the thread of its loop, as in asyncio's documentation. Another thread that uses it all
 * the same sees whole words: its state and its outcome change together under the object's lock, and no
 * interleaving does more harm than a callback that is not called. The running loop and task are the thread's own.
 */
#pragma once
#include "modules/_contextvars.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef enum FutureState : uint32_t { FUTURE_PENDING, FUTURE_CANCELLED, FUTURE_FINISHED } FutureState;

typedef struct Future {
    Object object;
    Value loop;                /* absent: not initialised */
    Value callback, context;   /* the first callback, for most the only one; absent: none */
    Value callbacks;           /* list of (callback, context): the others, or absent */
    Value result, exception, exception_traceback; /* or absent */
    Value cancel_message, cancelled_error;        /* or absent */
    Value awaited_by;          /* a future, a set of them when awaited_by_many, or absent */
    Value source_traceback;    /* of where it was made, in debug mode; or absent */
    FutureState state;
    bool log_traceback;        /* an exception that nobody has asked for yet */
    bool blocking;             /* set by await, cleared by the task that takes notice */
    bool awaited_by_many;
} Future;

struct TaskNode;
typedef struct Task {
    Future future;
    Value coroutine, waiter;   /* waiter: the future that it waits for, or absent */
    Value name;                /* str, or its number as an int: made into a name when asked for */
    Value context;
    Value step, wakeup;        /* callables for the loop, made when first needed */
    struct TaskNode *node;     /* its place among all tasks, or NULL */
    int64_t cancel_requests;
    bool must_cancel, log_destroy_pending;
} Task;

extern Type future_type, task_type, future_iterator_type, task_step_type, task_node_type, task_list_type;
static inline Future *as_future(Value v) { return (Future *)v.bits; }
static inline Task *as_task(Value v) { return (Task *)v.bits; }
static inline bool is_native_future(Value v) { return is_instance_of(v, &future_type); }
static inline bool is_native_task(Value v) { return is_instance_of(v, &task_type); }
/* Nobody has replaced its methods. */
static inline bool is_plain_future(Value v) { return is_exactly(v, &future_type) || is_exactly(v, &task_type); }

/* What is imported once, in an isolate slot: a tuple. */
typedef enum AsyncioState {
    EVENT_LOOP_POLICY, FUTURE_REPR, TASK_REPR, TASK_GET_STACK, TASK_PRINT_STACK, IS_COROUTINE, EXTRACT_STACK,
    CANCELLED_ERROR, INVALID_STATE_ERROR, FOREIGN_TASKS /* WeakSet */, FOREIGN_EAGER_TASKS /* set */,
    ALL_TASKS /* TaskList */, CONTEXT_KEYWORD /* ("context",) */,
    ASYNCIO_STATE_COUNT
} AsyncioState;
static inline Value asyncio_state(Thread *t, AsyncioState which) { return tuple_get(t->isolate->slots[ISOLATE_ASYNCIO], which); }
#define INVALID_STATE(t, ...) raise_error(t, as_type(asyncio_state(t, INVALID_STATE_ERROR)), __VA_ARGS__)

/* future.c */
[[nodiscard]] bool future_init(Thread *t, Value self, Value loop); /* loop None: the current one */
[[nodiscard]] bool future_ensure(Thread *t, Value self);           /* RuntimeError if it was not initialised */
void future_trace(Tracer *tracer, Object *o);
Value future_cancel(Thread *t, Value self, Value message); /* True or False; message absent: none */
Value future_set_result(Thread *t, Value self, Value result);
Value future_set_exception(Thread *t, Value self, Value exception);
Value future_cancelled_error(Thread *t, Value self); /* the CancelledError to raise */
Value future_add_callback(Thread *t, Value self, Value callback, Value context);
/* Of a future that is done: its result, or absent with its exception pending. */
Value future_outcome(Thread *t, Value self);
Value future_loop_of(Thread *t, Value any_future); /* get_loop() or _loop of any kind of future */
Value asyncio_call_soon(Thread *t, Value loop, Value callback, Value argument, Value context); /* argument absent: none */
Value future_del(Thread *t, Value *args);
[[nodiscard]] bool future_add_awaited_by(Thread *t, Value future, Value waiter);
[[nodiscard]] bool future_discard_awaited_by(Thread *t, Value future, Value waiter);

/* running.c: which loop and task run in this thread, and which tasks there are */
Value running_loop(Thread *t); /* RuntimeError: none */
Value current_event_loop(Thread *t);
[[nodiscard]] bool task_enter(Thread *t, Value loop, Value task);
[[nodiscard]] bool task_leave(Thread *t, Value loop, Value task);
Value task_swap(Thread *t, Value loop, Value task); /* the one before, or None */
[[nodiscard]] bool task_register(Thread *t, Value task);
void task_unregister(Thread *t, Value task);
Value task_list_new(Thread *t);
int64_t task_next_number(Thread *t);
extern const NativeDef asyncio_functions[];
