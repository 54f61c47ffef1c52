/* The call protocol.
 *
 * `args` holds nargs positional arguments followed by one value for each name in `kwnames` (a tuple of interned
 * str, or absent). args[-1] must be a writable word that the callee may overwrite (to prepend self); the
 * callee may overwrite the arguments too.
 */
#pragma once
#include "object/thread.h"

[[nodiscard]] Value call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames);
[[nodiscard]] Value call_0(Thread *t, Value callee);
[[nodiscard]] Value call_1(Thread *t, Value callee, Value a);
[[nodiscard]] Value call_2(Thread *t, Value callee, Value a, Value b);
[[nodiscard]] Value call_3(Thread *t, Value callee, Value a, Value b, Value c);
/* callee(*tuple, **dict); dict may be absent. */
[[nodiscard]] Value call_tuple(Thread *t, Value callee, Value args_tuple, Value kwargs_dict);

/* o.name(...): looked up on the object, name interned. */
[[nodiscard]] Value call_method_0(Thread *t, Value o, Value name);
[[nodiscard]] Value call_method_1(Thread *t, Value o, Value name, Value a);
[[nodiscard]] Value call_method_2(Thread *t, Value o, Value name, Value a, Value b);
[[nodiscard]] Value call_method(Thread *t, Value o, Value name, Value *args, size_t nargs); /* args[-1] scratch */

bool is_callable(Value v);

/* Guards recursion in C. enter returns false with RecursionError pending (message: "maximum recursion depth
 * exceeded" + where, e.g. " while calling a Python object") when the C stack runs low. */
bool recursion_enter_slow(Thread *t, const char *where);
[[nodiscard]] static inline bool recursion_enter(Thread *t, const char *where) {
    char here;
    return likely(&here > t->c_stack_limit) || recursion_enter_slow(t, where);
}
void recursion_leave(Thread *t);
