/* What every object can be asked: its truth, text, hash, length, items, iterator, and its value as a number.
 *
 * Each goes through the slot of the object's type and checks what a method written in Python returned.
 * Threads: no state of its own; repr_enter works on the calling thread's list.
 */
#include "base/hash.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/bytes.h"
#include "types/set/set.h"
#include "types/tuple.h"

static inline NativeFn slot_of(Value v, Slot slot) { return type_of(v)->slots[slot]; }

static Value call_slot_1(Thread *t, NativeFn function, Value a) {
    CHECK(recursion_enter(t, is_tuple(a) && function == tuple_type.slots[SLOT___hash__] ? " while hashing a tuple" : ""));
    Value args[2] = {NO_VALUE, a};
    return function(t, args + 1);
}

static Value call_slot_2(Thread *t, NativeFn function, Value a, Value b) {
    CHECK(recursion_enter(t, ""));
    Value args[3] = {NO_VALUE, a, b};
    return function(t, args + 1);
}

/* Truth and size */

int64_t size_from(Thread *t, Value result) {
    if (absent(result))
        return -1;
    int64_t n;
    Value index = index_of(t, result);
    if (absent(index) || (int_sign(index) >= 0 && !index_as_ssize(t, index, &n, false, &OverflowError_type)))
        return -1;
    if (int_sign(index) < 0) {
        raise_value_error(t, "__len__() should return >= 0");
        return -1;
    }
    return n;
}

/* The length of a str, list, tuple, dict or bytes, exactly of that type; -1: something else. */
static inline int64_t builtin_length(Value v) {
    Type *type = type_of(v);
    return type == &str_type     ? (int64_t)str_length(v)
           : type == &list_type  ? (int64_t)list_length(v)
           : type == &tuple_type ? (int64_t)tuple_length(v)
           : type == &dict_type  ? (int64_t)dict_length(v)
                                 : -1;
}

int truth(Thread *t, Value v) {
    if (same(v, TRUE))
        return 1;
    if (same(v, FALSE) || same(v, NONE))
        return 0;
    if (is_small_int(v))
        return v.bits != small_int(0).bits;
    int64_t length = builtin_length(v);
    if (likely(length >= 0))
        return length != 0;
    NativeFn function = slot_of(v, SLOT___bool__);
    if (function == slot_none) {
        raise_type_error(t, "'%T' cannot be interpreted as a boolean", v);
        return -1;
    }
    if (function != NULL) {
        Value result = call_slot_1(t, function, v);
        if (same(result, TRUE))
            return 1;
        if (same(result, FALSE))
            return 0;
        if (present(result))
            raise_type_error(t, "__bool__ should return bool, returned %T", result);
        return -1;
    }
    function = slot_of(v, SLOT___len__);
    if (function == NULL)
        return 1;
    int64_t n = size_from(t, call_slot_1(t, function, v));
    return n < 0 ? -1 : n != 0;
}

int64_t length_of(Thread *t, Value v) {
    int64_t length = builtin_length(v);
    if (likely(length >= 0))
        return length;
    NativeFn function = slot_of(v, SLOT___len__);
    if (function == NULL) {
        raise_type_error(t, "object of type '%T' has no len()", v);
        return -1;
    }
    return size_from(t, call_slot_1(t, function, v));
}

int64_t length_hint(Thread *t, Value v, int64_t otherwise) {
    if (slot_of(v, SLOT___len__) != NULL) {
        int64_t n = length_of(t, v);
        if (n >= 0 || !error_catch(t, &TypeError_type))
            return n;
    }
    NativeFn function = slot_of(v, SLOT___length_hint__);
    if (function == NULL)
        return otherwise;
    Value result = call_slot_1(t, function, v);
    if (absent(result))
        return error_catch(t, &TypeError_type) ? otherwise : -1;
    if (same(result, NOT_IMPLEMENTED))
        return otherwise;
    if (!is_int(result)) {
        raise_type_error(t, "__length_hint__ must be an integer, not %T", result);
        return -1;
    }
    int64_t n;
    if (!index_as_ssize(t, result, &n, false, &OverflowError_type))
        return -1;
    if (n < 0) {
        raise_value_error(t, "__length_hint__() should return >= 0");
        return -1;
    }
    return n;
}

/* Text */

static Value text_of(Thread *t, Value v, Slot slot, const char *method, const char *where) {
    CHECK(recursion_enter(t, where));
    Value text = TRY(call_slot_1(t, slot_of(v, slot), v));
    if (!is_str(text))
        return raise_type_error(t, "%s returned non-string (type %T)", method, text);
    return text;
}

Value repr(Thread *t, Value v) {
    CHECK(safepoint_inside(t));
    if (absent(v))
        return str_from_text(t, "<NULL>");
    return text_of(t, v, SLOT___repr__, "__repr__", " while getting the repr of an object");
}

Value to_str(Thread *t, Value v) {
    if (absent(v))
        return str_from_text(t, "<NULL>");
    if (is_exactly(v, &str_type))
        return v;
    CHECK(safepoint_inside(t));
    return text_of(t, v, SLOT___str__, "__str__", " while getting the str of an object");
}

Value to_ascii(Thread *t, Value v) {
    Value text = TRY(repr(t, v));
    if (str_is_ascii(text))
        return text;
    StrBuilder b = {0};
    const void *data = str_data(t, text);
    for (size_t i = 0, n = str_length(text); i < n; i++) {
        uint32_t c = str_char(data, str_kind(text), i);
        char escape[12];
        if (c < 128)
            snprintf(escape, sizeof escape, "%c", (char)c);
        else
            snprintf(escape, sizeof escape, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        CHECK(c < 128 ? str_builder_add_char(t, &b, c) : str_builder_add_text(t, &b, escape));
    }
    return str_builder_finish(t, &b);
}

Value format_value(Thread *t, Value v, Value spec) {
    if (absent(spec))
        spec = empty_str;
    else if (!is_str(spec))
        return raise_type_error(t, "Format specifier must be a string, not %T", spec);
    if (str_length(spec) == 0) {
        if (is_exactly(v, &str_type))
            return v;
        if (is_exactly(v, &int_type))
            return to_str(t, v);
    }
    NativeFn function = slot_of(v, SLOT___format__);
    if (function == NULL)
        return raise_type_error(t, "Type %T doesn't define __format__", v);
    Value text = TRY(call_slot_2(t, function, v, spec));
    if (!is_str(text))
        return raise_type_error(t, "__format__ must return a str, not %T", text);
    return text;
}

int repr_enter(Thread *t, Value v) {
    if (absent(t->repr_running) || is_none(t->repr_running)) {
        t->repr_running = list_new(t, 8);
        if (absent(t->repr_running))
            return -1;
    }
    for (size_t i = 0, n = list_length(t->repr_running); i < n; i++)
        if (same(list_get(t->repr_running, i), v))
            return 1;
    return list_append(t, t->repr_running, v) ? 0 : -1;
}

void repr_leave(Thread *t, Value v) {
    if (absent(t->repr_running) || is_none(t->repr_running))
        return;
    ListObject *list = as_list(t->repr_running); /* private to this thread: no lock */
    for (size_t i = list->length; i-- > 0;)
        if (same(list->storage->items[i], v)) {
            for (size_t j = i + 1; j < list->length; j++)
                list->storage->items[j - 1] = list->storage->items[j];
            list->storage->items[--list->length] = NO_VALUE;
            store_many(list->storage);
            return;
        }
}

/* Hash and identity */

bool hash_of(Thread *t, Value v, int64_t *hash) {
    if (is_small_int(v)) {
        *hash = hash_int64(small_int_value(v));
        return true;
    }
    if (is_exactly(v, &str_type)) {
        *hash = str_hash(t, v);
        return *hash != -1 || !error_pending(t);
    }
    /* These have hashes of 64 bits, which their __hash__ would often make an int object of. */
    if (is_exactly(v, &tuple_type))
        return tuple_hash(t, v, hash);
    if (is_exactly(v, &bytes_type)) {
        *hash = bytes_hash(t, v);
        return true;
    }
    if (is_exactly(v, &frozenset_type)) {
        *hash = frozenset_hash(v);
        return true;
    }
    NativeFn function = slot_of(v, SLOT___hash__);
    if (function == NULL || function == slot_none) {
        raise_type_error(t, "unhashable type: '%T'", v);
        return false;
    }
    Value result = call_slot_1(t, function, v);
    if (absent(result))
        return false;
    if (!is_int(result)) {
        raise_type_error(t, "__hash__ method should return an integer");
        return false;
    }
    if (!int_to_i64(result, hash))
        *hash = int_hash(result);
    if (*hash == -1)
        *hash = -2;
    return true;
}

Value object_id(Thread *t, Value v) {
    if (is_object(v))
        return int_from_unsigned(t, v.bits);
    return int_from_unsigned(t, rotate_left(v.bits, 3) | 1); /* odd: never an address */
}

/* Items */

Value get_item(Thread *t, Value o, Value key) {
    NativeFn function = slot_of(o, SLOT___getitem__);
    if (likely(function != NULL))
        return call_slot_2(t, function, o, key);
    if (!is_type(o))
        return raise_type_error(t, "'%T' object is not subscriptable", o);
    if (same(o, from_object(&type_type)))
        return generic_alias_new(t, o, key);
    Value method = find_attribute(t, o, names.__class_getitem__);
    if (present(method) && !is_none(method))
        return call_1(t, method, key);
    return error_pending(t) ? NO_VALUE : raise_type_error(t, "type '%N' is not subscriptable", as_type(o));
}

/* CPython's type has some of the methods of sequences: all made by `class` have room for them. */
static bool is_like_sequence(Value o) {
    return type_of(o)->flags & TYPE_HEAP || slot_of(o, SLOT___len__) || slot_of(o, SLOT___contains__);
}

/* Items of `o` cannot be assigned or deleted, as `action` says. A class that defines only the other of __setitem__ and __delitem__
 * fails with AttributeError; a sequence's index is looked at first. */
static bool no_item_method(Thread *t, Value o, Value key, Slot other, Value name, const char *action) {
    if (slot_of(o, other) != NULL && type_of(o)->flags & TYPE_HEAP) {
        raise_with_args(t, &AttributeError_type, 1, &name);
        return false;
    }
    bool sequence = (is_int(key) || slot_of(key, SLOT___index__)) && is_like_sequence(o);
    int64_t index;
    if (!sequence || index_as_ssize(t, key, &index, false, &IndexError_type))
        raise_type_error(t, "'%T' object %s support item %s", o, sequence && *action == 'd' ? "doesn't" : "does not", action);
    return false;
}

bool set_item(Thread *t, Value o, Value key, Value value) {
    NativeFn function = slot_of(o, SLOT___setitem__);
    if (function == NULL)
        return no_item_method(t, o, key, SLOT___delitem__, names.__setitem__, "assignment");
    Value args[4] = {NO_VALUE, o, key, value};
    return present(function(t, args + 1));
}

bool delete_item(Thread *t, Value o, Value key) {
    NativeFn function = slot_of(o, SLOT___delitem__);
    if (function == NULL)
        return no_item_method(t, o, key, SLOT___setitem__, names.__delitem__, "deletion");
    return present(call_slot_2(t, function, o, key));
}

static int search(Thread *t, Value container, Value item) {
    Value iterator = get_iterator(t, container);
    if (absent(iterator)) {
        if (error_catch(t, &TypeError_type))
            raise_type_error(t, "argument of type '%T' is not a container or iterable", container);
        return -1;
    }
    for (;;) {
        Value found = iterator_next(t, iterator);
        if (absent(found))
            return error_pending(t) ? -1 : 0;
        int result = equal(t, found, item);
        if (result != 0)
            return result;
        if (!safepoint_inside(t))
            return -1;
    }
}

int contains(Thread *t, Value container, Value item) {
    NativeFn function = slot_of(container, SLOT___contains__);
    if (function == slot_none) {
        raise_type_error(t, "'%T' object is not a container", container);
        return -1;
    }
    if (function == NULL)
        return search(t, container, item);
    Value result = call_slot_2(t, function, container, item);
    return absent(result) ? -1 : truth(t, result);
}

/* Iteration */

/* What has __getitem__, but for native types that use it for something else: most of them have no length. */
bool is_indexed(Value v) {
    NativeFn function = slot_of(v, SLOT___getitem__);
    return function != NULL && function != slot_none && !is_dict(v) && !has_type_flag(v, TYPE_NOT_INDEXED) &&
           (type_of(v)->flags & TYPE_HEAP || slot_of(v, SLOT___len__) != NULL);
}

Value get_iterator(Thread *t, Value v) {
    NativeFn function = slot_of(v, SLOT___iter__);
    if (function == NULL && is_indexed(v))
        return sequence_iterator_new(t, v);
    if (function == NULL || function == slot_none)
        return raise_type_error(t, "'%T' object is not iterable", v);
    Value iterator = TRY(call_slot_1(t, function, v));
    if (type_of(iterator)->next == NULL)
        return raise_type_error(t, "iter() returned non-iterator of type '%T'", iterator);
    return iterator;
}

Value iterator_next(Thread *t, Value iterator) {
    NextFn next = type_of(iterator)->next;
    if (unlikely(next == NULL))
        return raise_type_error(t, "'%T' object is not an iterator", iterator);
    if (unlikely(!safepoint_inside(t))) /* loops in C over endless iterators can be interrupted */
        return NO_VALUE;
    char here; /* iterators over iterators may be nested as deep as anybody likes */
    if (unlikely(&here <= t->c_stack_limit))
        CHECK(recursion_enter(t, ""));
    Value item = next(t, iterator);
    if (unlikely(absent(item)) && error_pending(t))
        error_catch(t, &StopIteration_type);
    return item;
}

bool iterate(Thread *t, Value iterable, bool (*visit)(Thread *t, void *context, Value item), void *context) {
    if (is_exactly(iterable, &tuple_type)) {
        for (size_t i = 0; i < tuple_length(iterable); i++)
            if (!visit(t, context, tuple_get(iterable, i)))
                return !error_pending(t);
        return true;
    }
    if (is_exactly(iterable, &list_type)) {
        for (size_t i = 0;; i++) {
            Value item = list_get(iterable, i);
            if (absent(item))
                return true;
            if (!visit(t, context, item))
                return !error_pending(t);
        }
    }
    Value iterator = iterator_at_once(t, iterable);
    if (absent(iterator))
        return false;
    for (;;) {
        Value item = iterator_next(t, iterator);
        if (absent(item))
            return !error_pending(t);
        if (!visit(t, context, item))
            return !error_pending(t);
        if (!safepoint_inside(t))
            return false;
    }
}

/* Numbers */

/* What __index__ or __int__ returned, as exactly int: a strict subclass is accepted with a warning. */
static Value exact_int(Thread *t, Value result, const char *method) {
    if (is_small_int(result) || is_exactly(result, &int_type))
        return result;
    if (!is_int(result))
        return raise_type_error(t, "%s returned non-int (type %T)", method, result);
    CHECK(warn(t, &DeprecationWarning_type, 1,
               "%s returned non-int (type %T).  The ability to return an instance of a strict subclass of int is "
               "deprecated, and may not be supported in a future version of Python.",
               method, result));
    return int_add(t, result, small_int(0));
}

Value index_of(Thread *t, Value v) {
    if (is_small_int(v) || is_exactly(v, &int_type))
        return v;
    if (is_int(v))
        return int_add(t, v, small_int(0));
    NativeFn function = slot_of(v, SLOT___index__);
    if (function == NULL)
        return raise_type_error(t, "'%T' object cannot be interpreted as an integer", v);
    return exact_int(t, TRY(call_slot_1(t, function, v)), "__index__");
}

bool index_as_ssize(Thread *t, Value v, int64_t *out, bool clip, Type *overflow) {
    if (likely(is_small_int(v))) {
        *out = small_int_value(v);
        return true;
    }
    Value i = index_of(t, v);
    if (absent(i))
        return false;
    if (int_to_i64(i, out))
        return true;
    if (clip) {
        *out = int_sign(i) < 0 ? INT64_MIN : INT64_MAX;
        return true;
    }
    raise_error(t, overflow ? overflow : &OverflowError_type, "cannot fit '%T' into an index-sized integer", v);
    return false;
}

Value to_int(Thread *t, Value v) {
    if (is_small_int(v) || is_exactly(v, &int_type))
        return v;
    NativeFn function = slot_of(v, SLOT___int__);
    if (function != NULL)
        return exact_int(t, TRY(call_slot_1(t, function, v)), "__int__");
    if (is_int(v))
        return int_add(t, v, small_int(0));
    if (slot_of(v, SLOT___index__) != NULL)
        return index_of(t, v);
    return raise_type_error(t, "int() argument must be a string, a bytes-like object or a real number, not '%T'", v);
}

/* What __float__ returned: a strict subclass of float is accepted with a warning. */
static bool exact_double(Thread *t, Value v, Value result, double *out) {
    if (absent(result))
        return false;
    if (!is_float(result)) {
        raise_type_error(t, "%T.__float__ returned non-float (type %T)", v, result);
        return false;
    }
    if (!is_exactly(result, &float_type) &&
        !warn(t, &DeprecationWarning_type, 1,
              "%T.__float__ returned non-float (type %T).  The ability to return an instance of a strict subclass of "
              "float is deprecated, and may not be supported in a future version of Python.",
              v, result))
        return false;
    *out = float_value(result);
    return true;
}

bool to_double(Thread *t, Value v, double *out) {
    if (is_float(v)) {
        *out = float_value(v);
        return true;
    }
    return to_double_by_method(t, v, out);
}

bool to_double_by_method(Thread *t, Value v, double *out) {
    if (is_small_int(v)) {
        *out = (double)small_int_value(v);
        return true;
    }
    NativeFn function = slot_of(v, SLOT___float__);
    if (function != NULL && !is_exactly(v, &int_type))
        return exact_double(t, v, call_slot_1(t, function, v), out);
    if (!is_int(v) && slot_of(v, SLOT___index__) == NULL) {
        raise_type_error(t, "must be real number, not %T", v);
        return false;
    }
    Value i = index_of(t, v);
    return present(i) && int_as_double(t, i, out);
}
