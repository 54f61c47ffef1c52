/* isinstance, issubclass and dir.
 *
 * Threads: no state of its own.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* __bases__ if it is a tuple. Absent without exception: not a class even in the loosest sense. */
static Value abstract_bases(Thread *t, Value class) {
    Value bases = find_attribute(t, class, names.__bases__);
    return present(bases) && !is_tuple(bases) ? NO_VALUE : bases;
}

/* Follows __bases__ of things that only look like classes. */
static int abstract_is_subclass(Thread *t, Value derived, Value class) {
    for (;;) {
        if (same(derived, class))
            return 1;
        Value bases = abstract_bases(t, derived);
        if (absent(bases))
            return error_pending(t) ? -1 : 0;
        size_t n = tuple_length(bases);
        if (n == 0)
            return 0;
        if (n > 1) {
            if (!recursion_enter(t, " in __issubclass__"))
                return -1;
            int result = 0;
            for (size_t i = 0; i < n && result == 0; i++)
                result = abstract_is_subclass(t, tuple_get(bases, i), class);
            recursion_leave(t);
            return result;
        }
        derived = tuple_get(bases, 0);
    }
}

static bool check_class(Thread *t, Value class, const char *message) {
    Value bases = abstract_bases(t, class);
    if (present(bases))
        return true;
    if (!error_pending(t))
        raise_type_error(t, "%s", message);
    return false;
}

/* type.__instancecheck__ for any `class`, without hooks. */
int real_is_instance(Thread *t, Value v, Value class) {
    if (is_type(class)) {
        if (is_instance_of(v, as_type(class)))
            return 1;
        if (type_slot(type_of(v), SLOT___getattribute__) == object_getattribute && !(type_of(v)->flags & TYPE_HEAP))
            return 0; /* no built-in type claims to be anything else; neither does what has object's __class__: */
        if (same(type_lookup(type_of(v), names.__class__), type_lookup(&object_type, names.__class__)) &&
            type_slot(type_of(v), SLOT___getattribute__) == object_getattribute)
            return 0;
        Value claimed = find_attribute(t, v, names.__class__);
        if (absent(claimed))
            return error_pending(t) ? -1 : 0;
        return is_type(claimed) && as_type(claimed) != type_of(v) && type_is_subtype(as_type(claimed), as_type(class));
    }
    if (!check_class(t, class, "isinstance() arg 2 must be a type, a tuple of types, or a union"))
        return -1;
    Value claimed = find_attribute(t, v, names.__class__);
    if (absent(claimed))
        return error_pending(t) ? -1 : 0;
    return abstract_is_subclass(t, claimed, class);
}

int real_is_subclass(Thread *t, Value derived, Value class) {
    if (is_type(class) && is_type(derived))
        return type_is_subtype(as_type(derived), as_type(class));
    if (!check_class(t, derived, "issubclass() arg 1 must be a class"))
        return -1;
    if (!check_class(t, class, "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
        return -1;
    return abstract_is_subclass(t, derived, class);
}

/* So many tuples may be nested by their last items: about what the C stack of CPython, which recurs, has room for. */
enum { DEEPEST_TUPLES = 250'000 };

static bool too_deep(Thread *t, size_t depth, const char *where) {
    if (likely(depth < DEEPEST_TUPLES))
        return false;
    raise_error(t, &RecursionError_type, "maximum recursion depth exceeded%s", where);
    return true;
}

/* The last item is left to the caller, so that tuples nested there cost no C stack. `plain` is what `check` comes to for an
 * ordinary class, which cannot recur. */
static int any_but_last(Thread *t, Value v, Value tuple, int (*check)(Thread *, Value, Value),
                        int (*plain)(Thread *, Value, Value), const char *where) {
    int result = 0;
    for (size_t i = 0, n = tuple_length(tuple); i + 1 < n && result == 0; i++) {
        Value class = tuple_get(tuple, i);
        if (likely(is_exactly(class, &type_type))) {
            result = plain(t, v, class);
            continue;
        }
        if (!recursion_enter(t, where))
            return -1;
        result = check(t, v, class);
        recursion_leave(t);
    }
    return result;
}

static int call_hook(Thread *t, Value hook, Value v, const char *where) {
    if (!recursion_enter(t, where))
        return -1;
    Value result = call_1(t, hook, v);
    recursion_leave(t);
    return absent(result) ? -1 : truth(t, result);
}

int is_instance(Thread *t, Value v, Value class) {
    for (size_t depth = 0;; depth++) {
        if (is_type(class) && type_of(v) == as_type(class))
            return 1;
        if (is_exactly(class, &type_type))
            return real_is_instance(t, v, class);
        if (is_exactly(class, &union_type))
            class = union_arguments(class);
        if (!is_tuple(class))
            break;
        size_t n = tuple_length(class);
        int result = n ? any_but_last(t, v, class, is_instance, real_is_instance, " in __instancecheck__") : 0;
        if (n == 0 || result != 0)
            return result;
        class = tuple_get(class, n - 1);
        if (too_deep(t, depth, " in __instancecheck__"))
            return -1;
    }
    Value hook = type_lookup_special(t, class, names.__instancecheck__);
    if (present(hook))
        return call_hook(t, hook, v, " in __instancecheck__");
    return error_pending(t) ? -1 : real_is_instance(t, v, class);
}

int is_subclass(Thread *t, Value derived, Value class) {
    for (size_t depth = 0;; depth++) {
        if (is_exactly(class, &type_type))
            return same(derived, class) ? 1 : real_is_subclass(t, derived, class);
        if (is_exactly(class, &union_type))
            class = union_arguments(class);
        if (!is_tuple(class))
            break;
        size_t n = tuple_length(class);
        int result = n ? any_but_last(t, derived, class, is_subclass, real_is_subclass, " in __subclasscheck__") : 0;
        if (n == 0 || result != 0)
            return result;
        class = tuple_get(class, n - 1);
        if (too_deep(t, depth, " in __subclasscheck__"))
            return -1;
    }
    Value hook = type_lookup_special(t, class, names.__subclasscheck__);
    if (present(hook))
        return call_hook(t, hook, derived, " in __subclasscheck__");
    return error_pending(t) ? -1 : real_is_subclass(t, derived, class);
}

Value object_dir(Thread *t, Value v) {
    Value method = type_lookup_special(t, v, names.__dir__);
    if (absent(method))
        return error_pending(t) ? NO_VALUE : raise_type_error(t, "object does not provide __dir__");
    Value list = TRY(list_from_iterable(t, TRY(call_0(t, method))));
    CHECK(list_sort(t, list, NO_VALUE, false));
    return list;
}
