/* atexit: functions to call at exit, last registered first.
 *
 * The list lives in the isolate's slot; rows are (function, args, kwargs) tuples, None where one was unregistered.
 */
#include "modules/atexit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/tuple.h"

static Value callbacks(Thread *t) {
    Value *slot = &t->isolate->slots[ISOLATE_ATEXIT];
    if (absent(*slot))
        isolate_keep(t, ISOLATE_ATEXIT, TRY(list_new(t, 0)));
    return *slot;
}

/* args: the function, args tuple, keywords dict */
static Value atexit_register(Thread *t, Value *args) {
    Value function = args[0];
    if (absent(function))
        return raise_type_error(t, "register() takes at least 1 argument (0 given)");
    if (!is_callable(function))
        return raise_type_error(t, "the first argument must be callable");
    CHECK(list_append(t, TRY(callbacks(t)), TRY(tuple_pack(t, 3, function, args[1], args[2]))));
    return function;
}

static Value atexit_unregister(Thread *t, Value *args) {
    Value list = TRY(callbacks(t));
    for (size_t i = list_length(list); i-- > 0;) {
        Value row = list_get(list, i);
        if (absent(row) || is_none(row))
            continue;
        int result = equal(t, tuple_get(row, 0), args[0]);
        CHECK(result >= 0);
        if (result)
            list_set(t, list, i, NONE);
    }
    return NONE;
}

void atexit_run(Thread *t) {
    for (;;) {
        Value list = t->isolate->slots[ISOLATE_ATEXIT];
        if (absent(list) || list_length(list) == 0)
            return;
        /* Taken out before it runs: it may register more, which then come first. */
        Value row = call_method_0(t, from_object(as_object(list)), names.pop);
        if (absent(row) || is_none(row)) {
            error_clear(t);
            continue;
        }
        if (absent(call_tuple(t, tuple_get(row, 0), tuple_get(row, 1), tuple_get(row, 2))))
            error_write_unraisable(t, "Exception ignored in atexit callback", tuple_get(row, 0));
    }
}

static Value run_exitfuncs(Thread *t, Value *args) {
    atexit_run(t);
    return NONE;
}

static Value atexit_clear(Thread *t, Value *args) {
    t->isolate->slots[ISOLATE_ATEXIT] = NO_VALUE;
    return NONE;
}

static Value ncallbacks(Thread *t, Value *args) {
    Value list = TRY(callbacks(t));
    int64_t n = 0;
    for (size_t i = 0; i < list_length(list); i++)
        n += !is_none(list_get(list, i));
    return small_int(n);
}

static const NativeDef atexit_functions[] = {
    {"register(func, /, *args, **kwargs)", atexit_register, "Register a function to be executed upon normal program termination",
     NATIVE_MAY_LACK},
    {"unregister(func, /)", atexit_unregister, "Forget a function that was registered.", 0},
    {"_run_exitfuncs()", run_exitfuncs, "Run all registered exit functions.", 0},
    {"_clear()", atexit_clear, "Clear the list of previously registered exit functions.", 0},
    {"_ncallbacks()", ncallbacks, "Return the number of registered exit functions.", 0},
    {},
};
NATIVE_MODULE(atexit) = {
    .name = "atexit",
    .doc = "allow programmer to define multiple exit functions to be executed\nupon normal program termination.",
    .functions = atexit_functions,
};
