/* _asyncio: the module and what it imports once. */
#include "modules/_asyncio/asyncio.h"

static Value attribute_of(Thread *t, const char *module, const char *name) {
    return get_attribute_text(t, TRY(import_module(t, module)), name);
}

static Value weak_set(Thread *t) { return call_0(t, TRY(attribute_of(t, "weakref", "WeakSet"))); }

static bool make_state(Thread *t) {
    Value context = str_intern_text(t, "context");
    Value items[ASYNCIO_STATE_COUNT] = {
        [EVENT_LOOP_POLICY] = attribute_of(t, "asyncio.events", "_get_event_loop_policy"),
        [FUTURE_REPR] = attribute_of(t, "asyncio.base_futures", "_future_repr"),
        [TASK_REPR] = attribute_of(t, "asyncio.base_tasks", "_task_repr"),
        [TASK_GET_STACK] = attribute_of(t, "asyncio.base_tasks", "_task_get_stack"),
        [TASK_PRINT_STACK] = attribute_of(t, "asyncio.base_tasks", "_task_print_stack"),
        [IS_COROUTINE] = attribute_of(t, "asyncio.coroutines", "iscoroutine"),
        [EXTRACT_STACK] = attribute_of(t, "traceback", "extract_stack"),
        [CANCELLED_ERROR] = attribute_of(t, "asyncio.exceptions", "CancelledError"),
        [INVALID_STATE_ERROR] = attribute_of(t, "asyncio.exceptions", "InvalidStateError"),
        [FOREIGN_TASKS] = weak_set(t),
        [FOREIGN_EAGER_TASKS] = set_new(t),
        [ALL_TASKS] = task_list_new(t),
        [CONTEXT_KEYWORD] = absent(context) ? context : tuple_pack(t, 1, context),
    };
    for (size_t i = 0; i < ASYNCIO_STATE_COUNT; i++)
        if (absent(items[i]))
            return false;
    Value state = tuple_from_values(t, items, ASYNCIO_STATE_COUNT);
    if (present(state))
        isolate_keep(t, ISOLATE_ASYNCIO, state);
    return present(state);
}

static bool init(Thread *t, Value module) {
    if (absent(t->isolate->slots[ISOLATE_ASYNCIO]) && !make_state(t))
        return false;
    return module_add_type(t, module, &future_type) && module_add_type(t, module, &task_type) &&
           module_add(t, module, "_scheduled_tasks", asyncio_state(t, FOREIGN_TASKS)) &&
           module_add(t, module, "_eager_tasks", asyncio_state(t, FOREIGN_EAGER_TASKS));
}

NATIVE_MODULE(_asyncio) = {
    .name = "_asyncio",
    .doc = "Accelerator module for asyncio",
    .functions = asyncio_functions,
    .init = init,
};
