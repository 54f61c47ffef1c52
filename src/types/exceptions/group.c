/* BaseExceptionGroup and ExceptionGroup, and what except* does with them.
 *
 * Invariants: exceptions is a non-empty tuple of exceptions. ExceptionGroup is BaseExceptionGroup and Exception, hence
 * a class made at run time, kept in the isolate.
 * Threads: message and exceptions never change.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

static ExceptionGroupObject *as_group(Value v) { return (ExceptionGroupObject *)v.bits; }
static bool is_group(Value v) { return is_instance_of(v, &BaseExceptionGroup_type); }

static void group_trace(Tracer *tracer, Object *o) {
    ExceptionGroupObject *e = (ExceptionGroupObject *)o;
    exception_trace(tracer, o);
    trace_value(tracer, e->message);
    trace_value(tracer, e->exceptions);
    trace_value(tracer, e->exceptions_text);
}

Value exception_group_class(Thread *t) {
    Value *slot = &t->isolate->slots[ISOLATE_EXCEPTION_GROUP];
    if (present(*slot))
        return *slot;
    Value namespace = TRY(dict_new(t)), name = TRY(str_intern_text(t, "ExceptionGroup"));
    CHECK(dict_set(t, namespace, names.__module__, names.builtins));
    Value bases = TRY(tuple_pack(t, 2, from_object(&BaseExceptionGroup_type), from_object(&Exception_type)));
    return isolate_keep(t, ISOLATE_EXCEPTION_GROUP, TRY(type_new_class(t, &type_type, name, bases, namespace, NO_VALUE)));
}

/* Which class a new group gets: a BaseExceptionGroup of Exceptions only is an ExceptionGroup. */
static Type *choose_class(Thread *t, Type *type, bool only_exceptions) {
    Value group_class = exception_group_class(t);
    if (absent(group_class))
        return NULL;
    if (type == &BaseExceptionGroup_type)
        return only_exceptions ? as_type(group_class) : type;
    if (only_exceptions)
        return type;
    if (same(from_object(type), group_class))
        return raise_type_error(t, "Cannot nest BaseExceptions in an ExceptionGroup"), NULL;
    if (type_is_subtype(type, &Exception_type))
        return raise_type_error(t, "Cannot nest BaseExceptions in '%N'", type), NULL;
    return type;
}

static bool check_items(Thread *t, Value exceptions, bool *only_exceptions) {
    *only_exceptions = true;
    if (tuple_length(exceptions) == 0) {
        raise_value_error(t, "second argument (exceptions) must be a non-empty sequence");
        return false;
    }
    for (size_t i = 0; i < tuple_length(exceptions); i++) {
        Value e = tuple_get(exceptions, i);
        if (!is_exception(e)) {
            raise_value_error(t, "Item %zu of second argument (exceptions) is not an exception", i);
            return false;
        }
        *only_exceptions = *only_exceptions && is_instance_of(e, &Exception_type);
    }
    return true;
}

static Value group_new(Thread *t, Value *args) {
    Value given = args[1];
    if (tuple_length(given) != 2)
        return raise_type_error(t, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)",
                                tuple_length(given));
    Value message = tuple_get(given, 0), sequence = tuple_get(given, 1), text = NO_VALUE;
    if (!is_str(message))
        return raise_type_error(t, "BaseExceptionGroup.__new__() argument 1 must be str, not %Y", message);
    if (type_slot(type_of(sequence), SLOT___getitem__) == NULL || is_dict(sequence))
        return raise_type_error(t, "second argument (exceptions) must be a sequence");
    if (!is_exactly(sequence, &list_type) && !is_exactly(sequence, &tuple_type))
        text = TRY(repr(t, sequence));
    Value exceptions = TRY(tuple_from_iterable(t, sequence));
    bool only_exceptions;
    CHECK(check_items(t, exceptions, &only_exceptions));
    Type *type = choose_class(t, as_type(args[0]), only_exceptions);
    CHECK(type != NULL);
    Value self = TRY(exception_allocate(t, type, given));
    store(as_object(self), &as_group(self)->message, message);
    store(as_object(self), &as_group(self)->exceptions, exceptions);
    store(as_object(self), &as_group(self)->exceptions_text, text);
    return self;
}

static Value group_init(Thread *t, Value *args) {
    if (present(args[2]) && dict_length(args[2]))
        return raise_type_error(t, "%T() takes no keyword arguments", args[0]);
    store(as_object(args[0]), &as_exception(args[0])->args, args[1]);
    return NONE;
}

Value exception_group_new(Thread *t, Value message, Value exceptions) {
    return call_2(t, from_object(&BaseExceptionGroup_type), message, exceptions);
}

static Value group_str(Thread *t, Value *args) {
    size_t n = tuple_length(as_group(args[0])->exceptions);
    return format_text(t, "%S (%zu sub-exception%s)", as_group(args[0])->message, n, n == 1 ? "" : "s");
}

static Value group_repr(Thread *t, Value *args) {
    ExceptionGroupObject *e = as_group(args[0]);
    Value text = e->exceptions_text;
    if (absent(text)) {
        Value given = load(&e->base.args), shown = e->exceptions;
        if (tuple_length(given) == 2 && is_list(tuple_get(given, 1)))
            shown = TRY(list_from_iterable(t, shown));
        text = TRY(repr(t, shown));
    }
    const char *dot = strrchr(type_of(args[0])->name_text, '.');
    return format_text(t, "%s(%R, %S)", dot ? dot + 1 : type_of(args[0])->name_text, e->message, text);
}

static Value group_derive(Thread *t, Value *args) { return exception_group_new(t, as_group(args[0])->message, args[1]); }

/* Splitting */

typedef struct Matcher {
    enum { MATCH_TYPE, MATCH_PREDICATE, MATCH_IDENTITY } kind;
    Value value; /* a class or tuple of classes; a callable; a list of exceptions */
    bool wants_rest;
} Matcher;

typedef struct Parts {
    Value match, rest; /* exception, or absent */
} Parts;

static bool is_exception_class(Value v) { return is_type(v) && as_type(v)->flags & TYPE_EXCEPTION; }

static bool matches_class(Value e, Value classes) {
    if (!is_tuple(classes))
        return is_exception_class(classes) && is_instance_of(e, as_type(classes));
    for (size_t i = 0; i < tuple_length(classes); i++)
        if (matches_class(e, tuple_get(classes, i)))
            return true;
    return false;
}

static int matches(Thread *t, const Matcher *m, Value e) {
    if (m->kind == MATCH_TYPE)
        return matches_class(e, m->value);
    if (m->kind == MATCH_PREDICATE) {
        Value result = call_1(t, m->value, e);
        return absent(result) ? -1 : truth(t, result);
    }
    for (size_t i = 0; i < list_length(m->value); i++)
        if (same(list_get(m->value, i), e))
            return !is_group(e);
    return 0;
}

/* A group like `original` with only these exceptions; absent without exception if there are none. */
static Value subset(Thread *t, Value original, Value exceptions) {
    if (list_length(exceptions) == 0)
        return NO_VALUE;
    static const char derive_name[] = "derive";
    Value group = TRY(call_method_1(t, original, TRY(str_intern_text(t, derive_name)), exceptions));
    if (!is_group(group))
        return raise_type_error(t, "derive must return an instance of BaseExceptionGroup");
    ExceptionObject *from = as_exception(original), *to = as_exception(group);
    if (present(load(&from->traceback)))
        store(to, &to->traceback, load(&from->traceback));
    exception_set_context(t, group, load(&from->context));
    bool suppress = load_relaxed(&from->suppress_context);
    store(to, &to->cause, load(&from->cause));
    store_relaxed(&to->suppress_context, suppress);
    Value notes = find_attribute(t, original, names.__notes__);
    if (absent(notes))
        return error_pending(t) ? NO_VALUE : group;
    if (type_of(notes)->flags & TYPE_SEQUENCE)
        CHECK(set_attribute(t, group, names.__notes__, TRY(list_from_iterable(t, notes))));
    return group;
}

static bool split(Thread *t, Value e, const Matcher *m, Parts *parts) {
    *parts = (Parts){NO_VALUE, NO_VALUE};
    int matched = matches(t, m, e);
    if (matched < 0)
        return false;
    if (matched || !is_group(e)) {
        *(matched ? &parts->match : &parts->rest) = e;
        return true;
    }
    Value match_list = list_new(t, 0), rest_list = list_new(t, 0), items = as_group(e)->exceptions;
    if (absent(match_list) || absent(rest_list) || !recursion_enter(t, " in exceptiongroup_split_recursive"))
        return false;
    for (size_t i = 0; i < tuple_length(items); i++) {
        Parts inner;
        if (!split(t, tuple_get(items, i), m, &inner))
            return false;
        if (present(inner.match) && !list_append(t, match_list, inner.match))
            return false;
        if (m->wants_rest && present(inner.rest) && !list_append(t, rest_list, inner.rest))
            return false;
    }
    recursion_leave(t);
    parts->match = subset(t, e, match_list);
    if (absent(parts->match) && error_pending(t))
        return false;
    if (m->wants_rest)
        parts->rest = subset(t, e, rest_list);
    return present(parts->rest) || !error_pending(t);
}

static bool make_matcher(Thread *t, Value v, bool wants_rest, Matcher *m) {
    *m = (Matcher){MATCH_TYPE, v, wants_rest};
    bool classes = is_exception_class(v);
    if (is_tuple(v)) {
        classes = true;
        for (size_t i = 0; i < tuple_length(v); i++)
            classes = classes && is_exception_class(tuple_get(v, i));
    }
    if (classes)
        return true;
    m->kind = MATCH_PREDICATE;
    if (!is_type(v) && is_callable(v))
        return true;
    raise_type_error(t, "expected an exception type, a tuple of exception types, or a callable (other than a class)");
    return false;
}

static Value or_none(Value v) { return present(v) ? v : NONE; }

static Value group_split(Thread *t, Value *args) {
    Matcher m;
    Parts parts;
    CHECK(make_matcher(t, args[1], true, &m));
    CHECK(split(t, args[0], &m, &parts));
    return tuple_pack(t, 2, or_none(parts.match), or_none(parts.rest));
}

static Value group_subgroup(Thread *t, Value *args) {
    Matcher m;
    Parts parts;
    CHECK(make_matcher(t, args[1], false, &m));
    CHECK(split(t, args[0], &m, &parts));
    return or_none(parts.match);
}

/* except* */

static bool check_caught_class(Thread *t, Value class) {
    if (!is_exception_class(class)) {
        raise_type_error(t, "catching classes that do not inherit from BaseException is not allowed");
        return false;
    }
    if (type_is_subtype(as_type(class), &BaseExceptionGroup_type)) {
        raise_type_error(t, "catching ExceptionGroup with except* is not allowed. Use except instead.");
        return false;
    }
    return true;
}

static bool check_caught(Thread *t, Value types) {
    if (!is_tuple(types))
        return check_caught_class(t, types);
    for (size_t i = 0; i < tuple_length(types); i++)
        if (!check_caught_class(t, tuple_get(types, i)))
            return false;
    return true;
}

static bool wrap(Thread *t, Value e, Value *match) {
    Value single = tuple_pack(t, 1, e);
    *match = absent(single) ? NO_VALUE : exception_group_new(t, empty_str, single);
    return present(*match);
}

bool exception_group_match(Thread *t, Value e, Value types, Value *match, Value *rest) {
    *match = *rest = NONE;
    if (!check_caught(t, types))
        return false;
    if (is_none(e))
        return true;
    if (matches_class(e, types)) {
        *match = e;
        return is_group(e) || wrap(t, e, match);
    }
    if (!is_group(e)) {
        *rest = e;
        return true;
    }
    Value name = str_intern_text(t, "split"), pair = absent(name) ? NO_VALUE : call_method_1(t, e, name, types);
    if (absent(pair))
        return false;
    if (!is_tuple(pair)) {
        raise_type_error(t, "%T.split must return a tuple, not %T", e, pair);
        return false;
    }
    if (tuple_length(pair) < 2) {
        raise_type_error(t, "%T.split must return a 2-tuple, got tuple of size %zu", e, tuple_length(pair));
        return false;
    }
    *match = tuple_get(pair, 0);
    *rest = tuple_get(pair, 1);
    return true;
}

static bool collect_leaves(Thread *t, Value e, Value leaves) {
    if (!is_group(e))
        return list_append(t, leaves, e);
    Value items = as_group(e)->exceptions;
    for (size_t i = 0; i < tuple_length(items); i++)
        if (!collect_leaves(t, tuple_get(items, i), leaves))
            return false;
    return true;
}

/* The part of `original` that holds the leaves of the groups in `kept`. */
static Value projection(Thread *t, Value original, Value kept) {
    Value leaves = TRY(list_new(t, 0));
    for (size_t i = 0; i < list_length(kept); i++)
        CHECK(collect_leaves(t, list_get(kept, i), leaves));
    Parts parts;
    CHECK(split(t, original, &(Matcher){MATCH_IDENTITY, leaves, false}, &parts));
    return or_none(parts.match);
}

static int same_metadata(Thread *t, Value a, Value b) {
    Value notes_a = find_attribute(t, a, names.__notes__);
    if (absent(notes_a) && error_pending(t))
        return -1;
    Value notes_b = find_attribute(t, b, names.__notes__);
    if (absent(notes_b) && error_pending(t))
        return -1;
    ExceptionObject *x = as_exception(a), *y = as_exception(b);
    return same(notes_a, notes_b) && same(load(&x->traceback), load(&y->traceback)) && same(load(&x->cause), load(&y->cause)) &&
           same(load(&x->context), load(&y->context));
}

Value exception_group_prepare_reraise(Thread *t, Value original, Value list) {
    size_t n = list_length(list);
    if (n == 0)
        return NONE;
    if (!is_group(original)) /* it was wrapped for the one clause that caught it */
        return list_get(list, 0);
    Value raised = TRY(list_new(t, 0)), reraised = TRY(list_new(t, 0));
    for (size_t i = 0; i < n; i++) {
        Value e = list_get(list, i);
        if (is_none(e))
            continue;
        int is_same = is_group(e) ? same_metadata(t, e, original) : 0;
        CHECK(is_same >= 0);
        CHECK(list_append(t, is_same ? reraised : raised, e));
    }
    Value rest = TRY(projection(t, original, reraised));
    if (list_length(raised) == 0)
        return rest;
    if (!is_none(rest))
        CHECK(list_append(t, raised, rest));
    return list_length(raised) > 1 ? exception_group_new(t, empty_str, raised) : list_get(raised, 0);
}

static const NativeDef group_methods[] = {
    {"__new__(type, *args, **kwargs)", group_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", group_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__str__(self, /)", group_str, NULL, 0},
    {"__repr__(self, /)", group_repr, NULL, 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Groups are generic in the type of their exceptions.",
     NATIVE_CLASS},
    {"derive(self, excs, /)", group_derive, NULL, 0},
    {"split(self, matcher_value, /)", group_split, NULL, 0},
    {"subgroup(self, matcher_value, /)", group_subgroup, NULL, 0},
    {},
};
static const MemberDef group_members[] = {
    {"message", MEMBER_VALUE, offsetof(ExceptionGroupObject, message), true, "the message"},
    {"exceptions", MEMBER_VALUE, offsetof(ExceptionGroupObject, exceptions), true, "the exceptions, a tuple"},
    {},
};
STATIC_TYPE(BaseExceptionGroup_type) = {
    STATIC_TYPE_HEAD(group_trace, NULL),
    .name_text = "BaseExceptionGroup",
    .doc = "Several exceptions that are raised together.",
    .base_static = &BaseException_type,
    .methods = group_methods,
    .members = group_members,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION,
    .instance_size = sizeof(ExceptionGroupObject),
};
