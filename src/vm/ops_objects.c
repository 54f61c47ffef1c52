/* Operations on any objects: super, unpacking, awaiting, intrinsics: out of line. See ops.h. */
#include "object/call.h"
#include "object/shape.h"
#include "types/dict/dict_layout.h"
#include "types/exceptions/exceptions.h"
#include "types/method.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/typevar.h"
#include "vm/drop.h"
#include "vm/generator.h"
#include "vm/ops.h"

/* ---- super ---- */

bool op_LOAD_SUPER_ATTR(Thread *t, Value *r, unsigned flags, Value name) {
    bool method = flags & 1, two_arguments = flags & 2;
    Value self = NO_VALUE, v;
    if (same(r[0], from_object(&super_type)) && is_type(r[1])) {
        v = super_lookup(t, r[1], r[2], name, method ? &self : NULL);
    } else {
        Value arguments[] = {NO_VALUE, r[1], r[2]};
        Value object = call(t, r[0], arguments + 1, two_arguments ? 2 : 0, NO_VALUE);
        if (absent(object))
            return false;
        v = method ? load_method(t, object, name, &self) : get_attribute(t, object, name);
    }
    if (absent(v))
        return false;
    r[0] = v;
    if (method)
        r[1] = self;
    return true;
}

/* ---- unpacking ---- */

static bool not_unpackable(Thread *t, Value v) {
    Type *type = type_of(v);
    if (type_slot(type, SLOT___iter__) == NULL && type_slot(type, SLOT___getitem__) == NULL && error_catch(t, &TypeError_type))
        raise_type_error(t, "cannot unpack non-iterable %T object", v);
    return false;
}

static bool too_few(Thread *t, size_t wanted, size_t got, bool at_least) {
    raise_value_error(t, at_least ? "not enough values to unpack (expected at least %zd, got %zd)"
                                  : "not enough values to unpack (expected %zd, got %zd)",
                      wanted, got);
    return false;
}

/* The iterator's next items as a tuple. The registers that they are meant for would not do: until the instruction is done the
 * collector takes those for empty. */
static Value next_items(Thread *t, Value iterator, size_t count) {
    Value items = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++) {
        Value item = iterator_next(t, iterator);
        if (absent(item))
            return error_pending(t) ? NO_VALUE : (too_few(t, count, i, false), NO_VALUE);
        store(as_object(items), &as_tuple(items)->items[i], item);
    }
    return items;
}

bool op_UNPACK(Thread *t, Value *target, Value v, size_t count) {
    if (is_exactly(v, &tuple_type) || is_exactly(v, &list_type)) {
        bool tuple = is_exactly(v, &tuple_type);
        size_t length = tuple ? tuple_length(v) : list_length(v);
        if (length < count)
            return too_few(t, count, length, false);
        if (length > count) {
            raise_value_error(t, "too many values to unpack (expected %zd, got %zd)", count, length);
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            Value item = tuple ? tuple_get(v, i) : list_get(v, i);
            if (absent(item)) /* shortened by another thread */
                return too_few(t, count, i, false);
            target[i] = item;
        }
        return true;
    }
    Value iterator = get_iterator(t, v);
    if (absent(iterator))
        return not_unpackable(t, v);
    Value items = next_items(t, iterator, count);
    if (absent(items))
        return false;
    if (present(iterator_next(t, iterator))) {
        if (is_dict(v))
            raise_value_error(t, "too many values to unpack (expected %zd, got %zd)", count, dict_length(v));
        else
            raise_value_error(t, "too many values to unpack (expected %zd)", count);
        return false;
    }
    if (error_pending(t))
        return false;
    memcpy(target, as_tuple(items)->items, count * sizeof(Value));
    return true;
}

bool op_UNPACK_EX(Thread *t, Value *target, Value v, size_t before, size_t after) {
    bool copied = is_exactly(v, &tuple_type) || is_exactly(v, &list_type);
    Value iterable = copied ? v : get_iterator(t, v);
    if (absent(iterable))
        return not_unpackable(t, v);
    Value list = list_from_iterable(t, iterable);
    if (absent(list))
        return false;
    size_t length = list_length(list);
    if (length < before + after)
        return too_few(t, before + after, length, true);
    target[before] = list;
    if (before + after == 0)
        return true;
    /* The list is what remains of it: nobody else has seen it yet. */
    Slots *storage = as_list(list)->storage;
    store_many(storage); /* its words are going to move */
    Value *items = storage->items;
    size_t middle = length - before - after;
    memcpy(target, items, before * sizeof(Value));
    memcpy(target + before + 1, items + before + middle, after * sizeof(Value));
    memmove(items, items + before, middle * sizeof(Value));
    memset(items + middle, 0, (before + after) * sizeof(Value));
    store_relaxed(&as_list(list)->length, middle);
    return true;
}

/* ---- awaiting ---- */

static bool is_iterable_coroutine(Value v) {
    return is_exactly(v, &generator_type) && as_code(as_generator(v)->code)->flags & CODE_ITERABLE_COROUTINE;
}

Value op_GET_YIELD_FROM_ITER(Thread *t, Value v) {
    if (is_exactly(v, &coroutine_type)) {
        if (!(t->frame->code->flags & (CODE_COROUTINE | CODE_ITERABLE_COROUTINE)))
            return raise_type_error(t, "cannot 'yield from' a coroutine object in a non-coroutine generator");
        return v;
    }
    if (is_exactly(v, &generator_type))
        return v;
    return get_iterator(t, v);
}

Value await_iterator(Thread *t, Value v) {
    if (is_exactly(v, &coroutine_type) || is_iterable_coroutine(v))
        return v;
    NativeFn await = type_slot(type_of(v), SLOT___await__);
    if (!await)
        return raise_type_error(t, "'%T' object can't be awaited", v);
    Value args[] = {v};
    Value iterator = TRY(await(t, args));
    if (is_exactly(iterator, &coroutine_type) || is_iterable_coroutine(iterator))
        return raise_type_error(t, "__await__() returned a coroutine");
    if (!type_of(iterator)->next)
        return raise_type_error(t, "__await__() returned non-iterator of type '%T'", iterator);
    return iterator;
}

Value op_GET_AWAITABLE(Thread *t, Value v, unsigned where) {
    if (where && !is_exactly(v, &coroutine_type) && !is_iterable_coroutine(v) && !type_slot(type_of(v), SLOT___await__))
        return raise_type_error(t,
                                where == 1 ? "'async with' received an object from __aenter__ that does not implement __await__: %T"
                                           : "'async with' received an object from __aexit__ that does not implement __await__: %T",
                                v);
    Value iterator = TRY(await_iterator(t, v));
    if (is_exactly(iterator, &coroutine_type)) {
        Value delegate = generator_yield_from(t, as_generator(iterator));
        if (present(delegate))
            return raise_error(t, &RuntimeError_type, "coroutine is being awaited already");
    }
    return iterator;
}

Value op_GET_AITER(Thread *t, Value v) {
    NativeFn aiter = type_slot(type_of(v), SLOT___aiter__);
    if (!aiter)
        return raise_type_error(t, "'async for' requires an object with __aiter__ method, got %T", v);
    Value args[] = {v};
    Value iterator = TRY(aiter(t, args));
    if (!type_slot(type_of(iterator), SLOT___anext__))
        return raise_type_error(t, "'async for' received an object from __aiter__ that does not implement __anext__: %T",
                                iterator);
    return iterator;
}

Value op_GET_ANEXT(Thread *t, Value v) {
    NativeFn anext = type_slot(type_of(v), SLOT___anext__);
    if (!anext)
        return raise_type_error(t, "'async for' requires an iterator with __anext__ method, got %T", v);
    Value args[] = {v};
    Value awaitable = TRY(anext(t, args));
    if (is_exactly(v, &async_generator_type))
        return awaitable;
    Value iterator = await_iterator(t, awaitable);
    if (absent(iterator)) {
        Value cause = error_take(t);
        raise_type_error(t, "'async for' received an invalid object from __anext__: %T", awaitable);
        if (error_pending(t)) {
            exception_set_cause(t, t->exception, cause);
            exception_set_context(t, t->exception, cause);
        }
    }
    return iterator;
}

Value op_GET_LEN(Thread *t, Value v) {
    int64_t n = length_of(t, v);
    return n < 0 ? NO_VALUE : int_from(t, n);
}

bool op_LIST_RESERVE(Thread *t, Value list, Value iterator) {
    enum { MOST = 1 << 20 }; /* memory that is not written to costs nothing, but the loop may end early */
    int64_t left = length_hint(t, iterator, 0);
    if (left <= 0 || as_list(list)->storage)
        return left >= 0;
    Slots *s = list_storage_new(t, left > MOST ? MOST : (size_t)left);
    if (s)
        store(as_object(list), (Value *)&as_list(list)->storage, from_object(s));
    return s != NULL;
}

int op_IN(Thread *t, Value container, Value item) {
    if (is_exactly(container, &str_type) && is_exactly(item, &str_type)) {
        int has = text_has_char(container, item);
        if (has >= 0)
            return has;
        int64_t found = str_find(t, container, item, 0, SIZE_MAX);
        return error_pending(t) ? -1 : found >= 0;
    }
    if (is_exactly(container, &dict_type))
        return dict_contains(t, container, item);
    if (is_exactly(container, &set_type) && !is_set(item)) /* a set is looked for as a frozenset */
        return set_contains(t, container, item);
    return contains(t, container, item);
}

/* ---- intrinsics ---- */

static Value display(Thread *t, Value v) {
    Value hook = dict_get_str(t->isolate->sys_dict, names.displayhook);
    if (absent(hook))
        return raise_error(t, &RuntimeError_type, "lost sys.displayhook");
    return call_1(t, hook, v);
}

/* What leaves a generator's body as StopIteration becomes RuntimeError (PEP 479). */
static Value stop_iteration_error(Thread *t, Value e) {
    const char *message = NULL;
    uint32_t flags = t->frame->code->flags;
    if (is_instance_of(e, &StopIteration_type))
        message = flags & CODE_ASYNC_GENERATOR ? "async generator raised StopIteration"
                  : flags & CODE_COROUTINE     ? "coroutine raised StopIteration"
                                               : "generator raised StopIteration";
    else if (flags & CODE_ASYNC_GENERATOR && is_instance_of(e, &StopAsyncIteration_type))
        message = "async generator raised StopAsyncIteration";
    if (!message)
        return e;
    Value text = TRY(str_from_text(t, message));
    Value error = TRY(exception_new(t, &RuntimeError_type, 1, &text));
    exception_set_cause(t, error, e);
    exception_set_context(t, error, e);
    return error;
}

Value op_INTRINSIC_1(Thread *t, Value v, unsigned which) {
    switch ((Intrinsic)which) {
    case INTRINSIC_PRINT: return display(t, v);
    case INTRINSIC_STOPITERATION_ERROR: return stop_iteration_error(t, v);
    case INTRINSIC_TYPEVAR: return typevar_new_lazy(t, v, NO_VALUE, NO_VALUE);
    case INTRINSIC_PARAMSPEC: return paramspec_new(t, v);
    case INTRINSIC_TYPEVARTUPLE: return typevartuple_new(t, v);
    case INTRINSIC_SUBSCRIPT_GENERIC: return typing_generic_subscript(t, v);
    case INTRINSIC_TYPEALIAS: return type_alias_new_lazy(t, tuple_get(v, 0), tuple_get(v, 1), tuple_get(v, 2));
    default: return raise_system_error(t, "unknown intrinsic %u", which);
    }
}

Value op_INTRINSIC_2(Thread *t, Value a, Value b, unsigned which) {
    switch ((Intrinsic)which) {
    case INTRINSIC_TYPEVAR_WITH_BOUND: return typevar_new_lazy(t, a, b, NO_VALUE);
    case INTRINSIC_TYPEVAR_WITH_CONSTRAINTS: return typevar_new_lazy(t, a, NO_VALUE, b);
    case INTRINSIC_SET_FUNCTION_TYPE_PARAMS:
        store(as_object(a), &as_function(a)->type_params, b);
        return a;
    case INTRINSIC_SET_TYPEPARAM_DEFAULT: CHECK(typevar_set_default(t, a, b));
        return a;
    default: return raise_system_error(t, "unknown intrinsic %u", which);
    }
}

/* ---- items and comparisons, whatever the operands ---- */

/* The most common first. */
Value op_GET_ITEM(Thread *t, Value o, Value key) {
    if (is_exactly(o, &dict_type)) {
        Value v = dict_get(t, o, key);
        return likely(present(v)) || error_pending(t) ? v : raise_key_error(t, key);
    }
    if (is_exactly(o, &str_type) && is_small_int(key)) {
        int64_t length = (int64_t)str_length(o), i = small_int_value(key);
        const void *data = str_data(t, o);
        i = i < 0 ? i + length : i;
        if (likely(data && i >= 0 && i < length))
            return str_from_char(t, str_char(data, str_kind(o), (size_t)i));
        CHECK(data != NULL);
    }
    return get_item(t, o, key);
}
/* What a dict or list has under a key whose search runs no Python code, and what an instance has as an attribute of its own; absent:
 * nothing, or it is not known. For notes of what was let go of. */
static Value held_item(Value o, Value key) {
    if (!is_exactly(o, &dict_type))
        return is_exactly(o, &list_type) ? op_GET_ITEM_fast(o, key, false) : NO_VALUE;
    DictTable *table = load_dependent(&as_dict(o)->table);
    if (unlikely(table == &dict_attached_table) && is_exactly(key, &str_type) && str_is_interned(key))
        return dict_get_str(o, key);
    DictEntry *e = dict_find_same(table, key);
    return e ? load(&e->value) : NO_VALUE;
}
static Value held_attribute(Thread *t, Value o, Value name) {
    bool plain = is_object(o) && !is_type(o) && class_of(as_object(o))->flags & TYPE_HAS_DICT;
    return plain ? instance_get(t, as_object(o), name) : NO_VALUE;
}

bool op_SET_ITEM_none(Thread *t, Value o, Value key) {
    Value old = held_item(o, key);
    if (!op_SET_ITEM(t, o, key, NONE))
        return false;
    drop_note_container(t, old);
    return true;
}
bool op_DELETE_ITEM(Thread *t, Value o, Value key) {
    Value old = held_item(o, key);
    if (!delete_item(t, o, key))
        return false;
    drop_note_container(t, old);
    return true;
}
bool op_STORE_ATTR(Thread *t, Value o, Value name, Value value) {
    Value old = is_none(value) ? held_attribute(t, o, name) : NO_VALUE;
    if (!set_attribute(t, o, name, value))
        return false;
    drop_note_container(t, old);
    return true;
}
bool op_DELETE_ATTR(Thread *t, Value o, Value name) {
    t->drops.removed = NO_VALUE;
    if (!set_attribute(t, o, name, NO_VALUE))
        return false;
    drop_note_container(t, t->drops.removed);
    return true;
}

bool op_SET_ITEM(Thread *t, Value o, Value key, Value value) {
    if (is_exactly(o, &dict_type))
        return dict_set(t, o, key, value);
    if (is_exactly(o, &list_type) && is_small_int(key) && small_int_value(key) >= 0 &&
        list_set(t, o, (size_t)small_int_value(key), value)) /* while there are threads */
        return true;
    return set_item(t, o, key, value);
}

/* Is it a str, or of a class that leaves comparing to str? */
static inline bool compares_as_str(Value v) {
    Type *type = is_object(v) ? class_of(as_object(v)) : &int_type;
    return type == &str_type || (type->flags & TYPE_STR && type_slot(type, SLOT___eq__) == str_type.slots[SLOT___eq__] &&
                                 type_slot(type, SLOT___ne__) == str_type.slots[SLOT___ne__]);
}
static inline bool both_str(Value a, Value b) { return compares_as_str(a) && compares_as_str(b); }
/* No str equals an instance of it, and nobody is told that they were compared. */
static inline bool is_unlike_str(Value v) {
    if (!is_object(v))
        return true;
    Type *type = class_of(as_object(v));
    return type == &list_type || type == &tuple_type || type == &none_type || type == &dict_type || type == &int_type;
}

/* Equality of a str and another str, or what cannot be equal to one: 1, 0; -1: compare them in general. */
static inline int text_equality(Thread *t, Value a, Value b) {
    if (both_str(a, b))
        return str_equal(t, a, b);
    bool unlike = (is_exactly(a, &str_type) && is_unlike_str(b)) || (is_exactly(b, &str_type) && is_unlike_str(a));
    return unlike ? 0 : -1;
}

Value op_COMPARE(Thread *t, Comparison operation, Value a, Value b) {
    int equal = operation == COMPARE_EQ || operation == COMPARE_NE ? text_equality(t, a, b) : -1;
    return equal >= 0 ? from_bool(equal == (operation == COMPARE_EQ)) : compare(t, operation, a, b);
}
int op_COMPARE_true(Thread *t, Comparison operation, Value a, Value b) {
    int equal = operation == COMPARE_EQ || operation == COMPARE_NE ? text_equality(t, a, b) : -1;
    return equal >= 0 ? equal == (operation == COMPARE_EQ) : compare_true(t, operation, a, b);
}
