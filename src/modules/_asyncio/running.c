/* Which loop and which task run in this thread, and which tasks there are.
 *
 * All native tasks that are not done stand in one list, which does not keep them alive: a node refers to its task
 * weakly, and leaves the list when the task is done or found dead.
 * Threads: the list's links are guarded by its mutex.
 */
#include "modules/_asyncio/asyncio.h"

typedef struct TaskList TaskList;
typedef struct TaskNode {
    Object object;
    Value task; /* weak */
    struct TaskNode *next, *previous;
    TaskList *list; /* NULL: in none */
} TaskNode;

struct TaskList {
    Object object;
    Mutex mutex;
    TaskNode *first;
    uint64_t numbers; /* given to tasks without a name */
};

static void trace_node(Tracer *tracer, Object *o) {
    trace_object(tracer, ((TaskNode *)o)->next);
    trace_object(tracer, ((TaskNode *)o)->list);
}
static void trace_list(Tracer *tracer, Object *o) { trace_object(tracer, ((TaskList *)o)->first); }

MODULE_TYPE(task_node_type, _asyncio) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = trace_node, .cell_flags = CELL_INTERNAL},
    .name_text = "_asyncio.task_node",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(TaskNode),
};
MODULE_TYPE(task_list_type, _asyncio) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = trace_list, .cell_flags = CELL_INTERNAL},
    .name_text = "_asyncio.task_list",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(TaskList),
};

static TaskList *task_list(Thread *t) { return (TaskList *)asyncio_state(t, ALL_TASKS).bits; }

Value task_list_new(Thread *t) {
    TaskList *list = heap_allocate(t, &task_list_type, sizeof *list);
    return list ? from_object(list) : NO_VALUE;
}

int64_t task_next_number(Thread *t) { return (int64_t)fetch_add(&task_list(t)->numbers, 1u) + 1; }

static void unlink_node(TaskNode *node) {
    TaskList *list = node->list;
    if (list == NULL)
        return;
    mutex_lock(&list->mutex);
    if (node->list) {
        if (node->previous)
            store(node->previous, (Value *)&node->previous->next, from_object(node->next));
        else
            store(list, (Value *)&list->first, from_object(node->next));
        if (node->next)
            node->next->previous = node->previous; /* NOBARRIER: back links are not traced */
        node->list = NULL;
    }
    mutex_unlock(&list->mutex);
}

static void task_died(Thread *t, Object *holder) { unlink_node((TaskNode *)holder); }

bool task_register(Thread *t, Value task) {
    Task *k = as_task(task);
    if (k->node)
        return true;
    TaskNode *node = heap_allocate(t, &task_node_type, sizeof *node);
    if (node == NULL)
        return false;
    TaskList *list = task_list(t);
    node->task = task; /* NOBARRIER: weak */
    if (!heap_weak_register(t, &node->object, &node->task, task_died, false))
        return false;
    mutex_lock(&list->mutex);
    TaskNode *first = list->first;
    store(node, (Value *)&node->next, from_object(first));
    store(node, (Value *)&node->list, from_object(list));
    if (first)
        first->previous = node; /* NOBARRIER: back links are not traced */
    store(list, (Value *)&list->first, from_object(node));
    mutex_unlock(&list->mutex);
    store(k, (Value *)&k->node, from_object(node));
    return true;
}

void task_unregister(Thread *t, Value task) {
    TaskNode *node = as_task(task)->node;
    if (node == NULL)
        return;
    as_task(task)->node = NULL; /* NOBARRIER: a reference is removed */
    unlink_node(node);
    heap_weak_clear(t, &node->object, &node->task);
}

/* Loops */

Value running_loop(Thread *t) {
    Value loop = t->asyncio_loop;
    return present(loop) ? loop : raise_error(t, &RuntimeError_type, "no running event loop");
}

Value current_event_loop(Thread *t) {
    if (present(t->asyncio_loop))
        return t->asyncio_loop;
    Value policy = TRY(call_0(t, asyncio_state(t, EVENT_LOOP_POLICY)));
    return call_method_0(t, policy, TRY(str_intern_text(t, "get_event_loop")));
}

static Value get_running_loop(Thread *t, Value *args) { return running_loop(t); }
static Value get_event_loop(Thread *t, Value *args) { return current_event_loop(t); }
static Value get_running_loop_or_none(Thread *t, Value *args) { return present(t->asyncio_loop) ? t->asyncio_loop : NONE; }
static Value set_running_loop(Thread *t, Value *args) {
    t->asyncio_loop = is_none(args[0]) ? NO_VALUE : args[0];
    return NONE;
}

/* Tasks */

static bool check_loop(Thread *t, Value loop) {
    if (likely(same(t->asyncio_loop, loop)))
        return true;
    raise_error(t, &RuntimeError_type, "loop %R is not the running loop", loop);
    return false;
}

bool task_enter(Thread *t, Value loop, Value task) {
    if (!check_loop(t, loop))
        return false;
    if (unlikely(present(t->asyncio_task))) {
        raise_error(t, &RuntimeError_type, "Cannot enter into task %R while another task %R is being executed.", task,
                    t->asyncio_task);
        return false;
    }
    t->asyncio_task = task;
    return true;
}

bool task_leave(Thread *t, Value loop, Value task) {
    if (!check_loop(t, loop))
        return false;
    if (unlikely(!same(t->asyncio_task, task))) {
        raise_error(t, &RuntimeError_type, "Invalid attempt to leave task %R while task %R is entered.", task,
                    present(t->asyncio_task) ? t->asyncio_task : NONE);
        return false;
    }
    t->asyncio_task = NO_VALUE;
    return true;
}

Value task_swap(Thread *t, Value loop, Value task) {
    CHECK(check_loop(t, loop));
    Value before = present(t->asyncio_task) ? t->asyncio_task : NONE;
    t->asyncio_task = is_none(task) ? NO_VALUE : task;
    return before;
}

static Value enter_task(Thread *t, Value *args) { return task_enter(t, args[0], args[1]) ? NONE : NO_VALUE; }
static Value leave_task(Thread *t, Value *args) { return task_leave(t, args[0], args[1]) ? NONE : NO_VALUE; }
static Value swap_current_task(Thread *t, Value *args) { return task_swap(t, args[0], args[1]); }

/* The task of a loop that may run in another thread. */
static Value current_task(Thread *t, Value *args) {
    Value loop = is_none(args[0]) ? TRY(running_loop(t)) : args[0];
    if (same(loop, t->asyncio_loop))
        return present(t->asyncio_task) ? t->asyncio_task : NONE;
    Value found = NONE;
    heap_stop_and_publish(t);
    Thread *other = t;
    while (heap_thread(other)->previous)
        other = heap_thread(other)->previous;
    for (; other; other = heap_thread(other)->next)
        if (same(other->asyncio_loop, loop) && present(other->asyncio_task))
            found = other->asyncio_task;
    start_world(t);
    return found;
}

static bool add_of_loop(Thread *t, void *context, Value task) {
    Value *result = context, loop = future_loop_of(t, task);
    if (absent(loop))
        return false;
    if (!same(loop, result[1]))
        return true;
    Value done = call_method_0(t, task, names.done);
    int is_done = absent(done) ? -1 : truth(t, done);
    return is_done == 0 ? set_add(t, result[0], task) : is_done > 0;
}

/* What is in the list now: nodes that leave it meanwhile keep their forward links. */
static Value native_tasks(Thread *t) {
    TaskList *list = task_list(t);
    Value found = TRY(list_new(t, 16));
    heap_stop_and_publish(t); /* other threads' tasks are found here that nobody handed on */
    TaskNode *node = list->first;
    start_world(t);
    for (; node; node = load_acquire(&node->next)) {
        Value task = load(&node->task);
        CHECK(absent(task) || list_append(t, found, task));
        CHECK(safepoint(t));
    }
    return found;
}

static Value all_tasks(Thread *t, Value *args) {
    Value result[2] = {TRY(set_new(t)), is_none(args[0]) ? TRY(running_loop(t)) : args[0]};
    /* The eager ones first: one that becomes an ordinary task meanwhile is not missed then. */
    Value eager = TRY(list_from_iterable(t, asyncio_state(t, FOREIGN_EAGER_TASKS)));
    CHECK(iterate(t, eager, add_of_loop, result) && iterate(t, TRY(native_tasks(t)), add_of_loop, result));
    Value foreign = TRY(list_from_iterable(t, asyncio_state(t, FOREIGN_TASKS)));
    CHECK(iterate(t, foreign, add_of_loop, result));
    return result[0];
}

static Value register_task(Thread *t, Value *args) {
    if (is_native_task(args[0]))
        return task_register(t, args[0]) ? NONE : NO_VALUE;
    return call_method_1(t, asyncio_state(t, FOREIGN_TASKS), names.add, args[0]);
}
static Value unregister_task(Thread *t, Value *args) {
    if (is_native_task(args[0])) {
        task_unregister(t, args[0]);
        return NONE;
    }
    return call_method_1(t, asyncio_state(t, FOREIGN_TASKS), TRY(str_intern_text(t, "discard")), args[0]);
}
static Value register_eager_task(Thread *t, Value *args) {
    return set_add(t, asyncio_state(t, FOREIGN_EAGER_TASKS), args[0]) ? NONE : NO_VALUE;
}
static Value unregister_eager_task(Thread *t, Value *args) {
    return set_discard(t, asyncio_state(t, FOREIGN_EAGER_TASKS), args[0]) >= 0 ? NONE : NO_VALUE;
}
static Value add_to_awaited_by(Thread *t, Value *args) { return future_add_awaited_by(t, args[0], args[1]) ? NONE : NO_VALUE; }
static Value discard_from_awaited_by(Thread *t, Value *args) {
    return future_discard_awaited_by(t, args[0], args[1]) ? NONE : NO_VALUE;
}

const NativeDef asyncio_functions[] = {
    {"_get_running_loop()", get_running_loop_or_none,
     "Return the running event loop or None.\n\n"
     "This is a low-level function intended to be used by event loops.\nThis function is thread-specific."},
    {"_set_running_loop(loop, /)", set_running_loop,
     "Set the running event loop.\n\n"
     "This is a low-level function intended to be used by event loops.\nThis function is thread-specific."},
    {"get_running_loop()", get_running_loop,
     "Return the running event loop.  Raise a RuntimeError if there is none.\n\nThis function is thread-specific."},
    {"get_event_loop()", get_event_loop,
     "Return an asyncio event loop.\n\n"
     "When called from a coroutine or a callback (e.g. scheduled with\ncall_soon or similar API), this function will "
     "always return the\nrunning event loop.\n\n"
     "If there is no running event loop set, the function will return\nthe result of "
     "`get_event_loop_policy().get_event_loop()` call."},
    {"_enter_task(loop, task)", enter_task,
     "Enter into task execution or resume suspended task.\n\nTask belongs to loop.\n\nReturns None."},
    {"_leave_task(loop, task)", leave_task,
     "Leave task execution or suspend a task.\n\nTask belongs to loop.\n\nReturns None."},
    {"_swap_current_task(loop, task)", swap_current_task,
     "Temporarily swap in the supplied task and return the original one (or None).\n\n"
     "This is intended for use during eager coroutine execution."},
    {"_register_task(task)", register_task, "Register a new task in asyncio as executed by loop.\n\nReturns None."},
    {"_unregister_task(task)", unregister_task, "Unregister a task.\n\nReturns None."},
    {"_register_eager_task(task)", register_eager_task, "Register a new task in asyncio as executed by loop.\n\nReturns None."},
    {"_unregister_eager_task(task)", unregister_eager_task, "Unregister a task.\n\nReturns None."},
    {"current_task(loop=None)", current_task, "Return a currently executed task."},
    {"all_tasks(loop=None)", all_tasks, "Return a set of all tasks for the loop."},
    {"future_add_to_awaited_by(fut, waiter, /)", add_to_awaited_by, "Record that `fut` is awaited on by `waiter`."},
    {"future_discard_from_awaited_by(fut, waiter, /)", discard_from_awaited_by, NULL},
    {NULL},
};
