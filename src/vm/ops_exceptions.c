/* Operations of raise, except and with: out of line. See ops.h. */
#include "object/call.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"
#include "types/traceback.h"
#include "vm/ops.h"

static bool is_exception_class(Value v) { return is_type(v) && (as_type(v)->flags & TYPE_EXCEPTION); }

static Value normalize_cause(Thread *t, Value cause) {
    if (is_none(cause) || is_exception(cause))
        return cause;
    if (!is_exception_class(cause))
        return raise_type_error(t, "exception causes must derive from BaseException");
    Value made = TRY(call_0(t, cause));
    if (!is_exception(made))
        return raise_type_error(t, "calling %R should have returned an instance of BaseException, not %R", cause,
                                from_object(type_of(made)));
    return made;
}

bool op_RAISE(Thread *t, Value *r, unsigned kind) {
    if (kind == 0) {
        if (absent(t->handled) || is_none(t->handled)) {
            raise_error(t, &RuntimeError_type, "No active exception to reraise");
            return false;
        }
        error_restore(t, t->handled);
        return true;
    }
    Value e = exception_normalize(t, r[0]);
    if (absent(e))
        return false;
    if (kind == 2) {
        Value cause = normalize_cause(t, r[1]);
        if (absent(cause))
            return false;
        exception_set_cause(t, e, cause);
    }
    raise_exception(t, e);
    return false;
}

/* Every class in class_or_tuple must be an exception class. */
static bool check_classes(Thread *t, Value classes, bool groups) {
    bool tuple = is_tuple(classes);
    size_t count = tuple ? tuple_length(classes) : 1;
    for (size_t i = 0; i < count; i++) {
        Value class = tuple ? tuple_get(classes, i) : classes;
        if (!is_exception_class(class)) {
            raise_type_error(t, "catching classes that do not inherit from BaseException is not allowed");
            return false;
        }
        if (groups && type_is_subtype(as_type(class), &BaseExceptionGroup_type)) {
            raise_type_error(t, "catching ExceptionGroup with except* is not allowed. Use except instead.");
            return false;
        }
    }
    return true;
}

Value op_MATCH_EXCEPTION(Thread *t, Value e, Value class) {
    if (likely(is_exception_class(class)))
        return from_bool(type_is_subtype(type_of(e), as_type(class)));
    CHECK(check_classes(t, class, false));
    for (size_t i = 0; i < tuple_length(class); i++)
        if (type_is_subtype(type_of(e), as_type(tuple_get(class, i))))
            return TRUE;
    return FALSE;
}

bool op_MATCH_EXCEPTION_GROUP(Thread *t, Value *target, Value e, Value types) {
    if (!check_classes(t, types, true))
        return false;
    Value match, rest;
    if (!exception_group_match(t, e, types, &match, &rest))
        return false;
    target[0] = rest;
    target[1] = match;
    return true;
}

/* ---- with ---- */

static Value raise_special_missing(Thread *t, Value object, unsigned which) {
    bool asynchronous = which == SPECIAL_AENTER || which == SPECIAL_AEXIT;
    Type *type = type_of(object);
    bool other = asynchronous ? present(type_lookup(type, names.__enter__)) && present(type_lookup(type, names.__exit__))
                              : present(type_lookup(type, names.__aenter__)) && present(type_lookup(type, names.__aexit__));
    static const char *const method_names[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
    return raise_type_error(t, "'%T' object does not support the %scontext manager protocol (missed %s method)%s", object,
                            asynchronous ? "asynchronous " : "", method_names[which],
                            !other         ? ""
                            : asynchronous ? " but it supports the context manager protocol. Did you mean to use 'with'?"
                                           : " but it supports the asynchronous context manager protocol. "
                                             "Did you mean to use 'async with'?");
}

bool op_LOAD_SPECIAL(Thread *t, Value *target, Value object, unsigned which) {
    Value name = which == SPECIAL_ENTER    ? names.__enter__
                 : which == SPECIAL_EXIT   ? names.__exit__
                 : which == SPECIAL_AENTER ? names.__aenter__
                                           : names.__aexit__;
    Type *type = type_of(object);
    Value f = type_lookup(type, name);
    if (absent(f)) {
        if (!error_pending(t))
            raise_special_missing(t, object, which);
        return false;
    }
    if (type_of(f)->flags & TYPE_METHOD_DESCRIPTOR) {
        target[0] = f;
        target[1] = object;
        return true;
    }
    f = bind_descriptor(t, f, object, type);
    target[0] = f;
    target[1] = NO_VALUE;
    return present(f);
}

Value op_WITH_EXIT_EXCEPTION(Thread *t, Value *exit, Value e) {
    Value traceback = load(&as_exception(e)->traceback);
    Value block[5] = {NO_VALUE, exit[1], from_object(type_of(e)), e, present(traceback) ? traceback : NONE};
    if (present(exit[1]))
        return call(t, exit[0], block + 1, 4, NO_VALUE);
    return call(t, exit[0], block + 2, 3, NO_VALUE);
}
