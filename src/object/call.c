/* The call protocol from C: argument layout, method calls, recursion guard.
 *
 * Threads: works on the caller's stack.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

bool recursion_enter_slow(Thread *t, const char *where) {
    char here;
    /* Room for making the exception itself and for handlers on the way out. */
    char *limit = t->c_stack_limit;
    t->c_stack_limit = limit - 128 * 1024;
    if (&here > t->c_stack_limit)
        raise_error(t, &RecursionError_type, "maximum recursion depth exceeded%s", where);
    else
        raise_no_memory(t);
    t->c_stack_limit = limit;
    return false;
}

void recursion_leave(Thread *t) { (void)t; }

bool is_callable(Value v) { return present(v) && type_of(v)->call != NULL; }

Value call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    CallFn function = type_of(callee)->call;
    if (unlikely(function == NULL))
        return raise_type_error(t, "'%T' object is not callable", callee);
    CHECK(recursion_enter(t, " while calling a Python object"));
    return function(t, callee, args, nargs, kwnames);
}

Value call_0(Thread *t, Value callee) {
    Value args[2] = {NO_VALUE, NO_VALUE};
    return call(t, callee, args + 1, 0, NO_VALUE);
}

Value call_1(Thread *t, Value callee, Value a) {
    Value args[2] = {NO_VALUE, a};
    return call(t, callee, args + 1, 1, NO_VALUE);
}

Value call_2(Thread *t, Value callee, Value a, Value b) {
    Value args[3] = {NO_VALUE, a, b};
    return call(t, callee, args + 1, 2, NO_VALUE);
}

Value call_3(Thread *t, Value callee, Value a, Value b, Value c) {
    Value args[4] = {NO_VALUE, a, b, c};
    return call(t, callee, args + 1, 3, NO_VALUE);
}

/* A cell for arguments that are too many for the C stack: a tuple that nobody else sees. */
static Value *argument_room(Thread *t, size_t count, Value *keep) {
    *keep = tuple_new(t, count + 1);
    return absent(*keep) ? NULL : as_tuple(*keep)->items + 1;
}

enum { STACK_ARGUMENTS = 32 };

static Value call_with_dict(Thread *t, Value callee, Value *args, size_t nargs, Value kwargs) {
    size_t position = 0, i = 0, named = dict_length(kwargs);
    Value kwnames = TRY(tuple_new(t, named)), key, value;
    while (i < named && dict_next(kwargs, &position, &key, &value)) {
        if (!is_str(key))
            return raise_type_error(t, "keywords must be strings");
        if (is_exactly(key, &str_type) && !str_is_interned(key))
            key = TRY(str_intern(t, key));
        store(as_object(kwnames), &as_tuple(kwnames)->items[i], key);
        args[nargs + i++] = value;
    }
    return call(t, callee, args, nargs, kwnames);
}

Value call_tuple(Thread *t, Value callee, Value args_tuple, Value kwargs) {
    size_t nargs = tuple_length(args_tuple);
    size_t named = present(kwargs) && !is_none(kwargs) ? dict_length(kwargs) : 0;
    Value small[STACK_ARGUMENTS + 1], keep, *args = small + 1;
    small[0] = NO_VALUE;
    if (nargs + named > STACK_ARGUMENTS && (args = argument_room(t, nargs + named, &keep)) == NULL)
        return NO_VALUE;
    memcpy(args, as_tuple(args_tuple)->items, nargs * sizeof(Value));
    if (args != small + 1)
        store_many(as_object(keep));
    Value result = named ? call_with_dict(t, callee, args, nargs, kwargs) : call(t, callee, args, nargs, NO_VALUE);
    if (args != small + 1)
        keep_alive(as_object(keep));
    return result;
}

Value call_method(Thread *t, Value o, Value name, Value *args, size_t nargs) {
    Value self = NO_VALUE, function = TRY(load_method(t, o, name, &self));
    if (absent(self))
        return call(t, function, args, nargs, NO_VALUE);
    Value small[STACK_ARGUMENTS + 2] = {NO_VALUE, self}, keep, *all = small + 1;
    if (nargs > STACK_ARGUMENTS) {
        all = argument_room(t, nargs + 1, &keep);
        if (all == NULL)
            return NO_VALUE;
        all[0] = self;
    }
    memcpy(all + 1, args, nargs * sizeof(Value));
    Value result = call(t, function, all, nargs + 1, NO_VALUE);
    if (all != small + 1)
        keep_alive(as_object(keep));
    return result;
}

Value call_method_0(Thread *t, Value o, Value name) {
    Value self = NO_VALUE, function = TRY(load_method(t, o, name, &self));
    return absent(self) ? call_0(t, function) : call_1(t, function, self);
}

Value call_method_1(Thread *t, Value o, Value name, Value a) {
    Value self = NO_VALUE, function = TRY(load_method(t, o, name, &self));
    return absent(self) ? call_1(t, function, a) : call_2(t, function, self, a);
}

Value call_method_2(Thread *t, Value o, Value name, Value a, Value b) {
    Value self = NO_VALUE, function = TRY(load_method(t, o, name, &self));
    return absent(self) ? call_2(t, function, a, b) : call_3(t, function, self, a, b);
}
