/* list: the methods and the type.
 *
 * Threads: see list.h.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/generic_alias.h"
#include "types/iterator.h"
#include "types/list_internal.h"
#include "types/list_iterator.h"
#include "types/slice.h"
#include "types/str/str_layout.h"
#include "types/tuple.h"

static void list_trace(Tracer *tracer, Object *o) { trace_object(tracer, ((ListObject *)o)->storage); }

static Value list_new_method(Thread *t, Value *args) {
    return as_type(args[0]) == &list_type ? list_new(t, 0) : from_object(type_allocate(t, as_type(args[0])));
}

static void clear(Value list) {
    ListObject *l = as_list(list);
    object_lock(&l->object);
    store_release(&l->length, 0);
    store_release(&l->storage, NULL);
    object_unlock(&l->object);
}

static Value list_init(Thread *t, Value *args) {
    if (list_length(args[0]))
        clear(args[0]);
    CHECK(absent(args[1]) || same(args[1], empty_tuple) || list_extend(t, args[0], args[1]));
    return NONE;
}

static Value list_len(Thread *t, Value *args) { return small_int((int64_t)list_length(args[0])); }

static bool has_index(Thread *t, Value v) { return is_int(v) || present(type_lookup(type_of(v), names.__index__)); }

/* Item i, counted from the end if negative; absent: none. The length and the item are of one moment. */
static Value get_signed(Value list, int64_t i) {
    if (i >= 0)
        return list_get(list, (size_t)i);
    ListObject *l = as_list(list);
    object_lock(&l->object);
    size_t at = (size_t)(i + (int64_t)l->length);
    Value item = at < l->length ? l->storage->items[at] : NO_VALUE;
    object_unlock(&l->object);
    return item;
}

static Value list_getitem(Thread *t, Value *args) {
    Value key = args[1];
    int64_t i, start, stop, step, count;
    if (is_small_int(key)) {
        i = small_int_value(key);
    } else if (is_exactly(key, &slice_type)) {
        CHECK(slice_unpack(t, key, &start, &stop, &step));
        count = slice_adjust((int64_t)list_length(args[0]), &start, &stop, &step);
        return list_copy_range(t, args[0], start, step, count);
    } else if (!has_index(t, key)) {
        return raise_type_error(t, "list indices must be integers or slices, not %T", key);
    } else {
        CHECK(index_as_ssize(t, key, &i, false, &IndexError_type));
    }
    Value item = get_signed(args[0], i);
    return present(item) ? item : raise_index_error(t, "list index out of range");
}

static bool assign_extended(Thread *t, Value list, Value sequence, int64_t start, int64_t step, int64_t count) {
    ListObject *l = as_list(list);
    Value keep;
    size_t given;
    if (same(sequence, list))
        sequence = list_to_tuple(t, sequence);
    if (absent(sequence))
        return false;
    const Value *items = list_items_of(t, sequence, &given, &keep);
    if (!items && given)
        return false;
    if ((int64_t)given != count) {
        raise_value_error(t, "attempt to assign sequence of size %zd to extended slice of size %zd", given, count);
        return false;
    }
    object_lock(&l->object);
    for (int64_t n = 0, i = start; n < count && i >= 0 && i < (int64_t)l->length; n++, i += step)
        store(l->storage, &l->storage->items[i], items[n]);
    object_unlock(&l->object);
    keep_alive((void *)keep.bits);
    return true;
}

static void delete_extended(Thread *t, Value list, int64_t start, int64_t step, int64_t count) {
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    ListObject *l = as_list(list);
    object_lock(&l->object);
    int64_t length = (int64_t)l->length, kept = start, removed = 0;
    for (int64_t i = start; i < length; i++) {
        if (removed < count && i == start + removed * step)
            removed++;
        else
            store_release(&l->storage->items[kept++].bits, l->storage->items[i].bits);
    }
    if (removed) {
        store_release(&l->length, (size_t)kept);
        list_clear_words(l->storage->items + kept, (size_t)(length - kept));
        store_moved(l->storage);
    }
    object_unlock(&l->object);
    list_shrink(t, l);
}

static Value assign_slice(Thread *t, Value list, Value slice, Value value) {
    int64_t start, stop, step, count;
    Value sequence = value;
    if (present(value) && !is_list(value) && !is_tuple(value)) {
        sequence = list_from_iterable(t, value);
        if (absent(sequence)) {
            bool iterable = present(type_lookup(type_of(value), names.__iter__)) ||
                            present(type_lookup(type_of(value), names.__getitem__));
            if (!iterable && error_catch(t, &TypeError_type))
                raise_type_error(t, "must assign iterable to extended slice");
            return NO_VALUE;
        }
    }
    CHECK(slice_unpack(t, slice, &start, &stop, &step));
    count = slice_adjust((int64_t)list_length(list), &start, &stop, &step);
    if (step == 1) {
        size_t high = (size_t)(start + count);
        CHECK(present(value) ? list_splice_sequence(t, list, (size_t)start, high, sequence)
                             : list_splice(t, list, (size_t)start, high, NULL, 0));
    } else if (present(value)) {
        CHECK(assign_extended(t, list, sequence, start, step, count));
    } else if (count > 0) {
        delete_extended(t, list, start, step, count);
    }
    return NONE;
}

/* list[key] = value, or del list[key] with value absent */
static Value assign_item(Thread *t, Value list, Value key, Value value) {
    int64_t i;
    if (is_exactly(key, &slice_type))
        return assign_slice(t, list, key, value);
    if (!has_index(t, key))
        return raise_type_error(t, "list indices must be integers or slices, not %T", key);
    CHECK(index_as_ssize(t, key, &i, false, &IndexError_type));
    ListObject *l = as_list(list);
    object_lock(&l->object);
    size_t at = (size_t)(i < 0 ? i + (int64_t)l->length : i);
    bool there = at < l->length;
    if (there && present(value))
        store(l->storage, &l->storage->items[at], value);
    else if (there)
        list_take_item(l, at);
    object_unlock(&l->object);
    if (!there)
        return raise_index_error(t, "list assignment index out of range");
    if (absent(value))
        list_shrink(t, l);
    return NONE;
}

static Value list_setitem(Thread *t, Value *args) {
    if (is_small_int(args[1]) && small_int_value(args[1]) >= 0 &&
        list_set(t, args[0], (size_t)small_int_value(args[1]), args[2]))
        return NONE;
    return assign_item(t, args[0], args[1], args[2]);
}

static Value list_delitem(Thread *t, Value *args) { return assign_item(t, args[0], args[1], NO_VALUE); }

[[gnu::noinline]] static Value append_method_slowly(Thread *t, Value *args) {
    return list_append_with_room(t, args[0], args[1]) ? NONE : NO_VALUE;
}
static Value list_append_method(Thread *t, Value *args) {
    return likely(list_append_at_once(as_list(args[0]), args[1])) ? NONE : append_method_slowly(t, args);
}

static Value list_insert_method(Thread *t, Value *args) {
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    CHECK(list_insert(t, args[0], index, args[2]));
    return NONE;
}

static Value list_extend_method(Thread *t, Value *args) {
    CHECK(list_extend(t, args[0], args[1]));
    return NONE;
}

/* Any item; *length gets what it was before. */
[[gnu::noinline]] static Value pop_item(Thread *t, ListObject *l, Value at, int64_t *length) {
    int64_t index = -1;
    CHECK(index_as_ssize(t, at, &index, false, NULL));
    object_lock(&l->object);
    *length = (int64_t)l->length;
    int64_t i = index < 0 ? index + *length : index;
    Value item = i >= 0 && i < *length ? list_take_item(l, (size_t)i) : NO_VALUE;
    object_unlock(&l->object);
    return present(item) ? item : raise_index_error(t, *length ? "pop index out of range" : "pop from empty list");
}

static Value list_pop(Thread *t, Value *args) {
    ListObject *l = as_list(args[0]);
    Value item;
    int64_t length = (int64_t)load_relaxed(&l->length);
    if (likely(same(args[1], small_int(-1)) && length > 0 && is_own(l))) { /* the last one, of a list that nobody else sees */
        Value *place = &l->storage->items[length - 1];
        item = *place;
        l->length = (size_t)length - 1;
        *place = NO_VALUE;
        store_moved(l->storage); /* as in list_take_item */
    } else {
        item = TRY(pop_item(t, l, args[1], &length));
    }
    Slots *s = load_acquire(&l->storage);
    if (unlikely(s && s->capacity > LIST_SHRINK_ABOVE && (size_t)length < s->capacity / 4))
        list_shrink(t, l);
    return item;
}

bool sequence_position(Thread *t, Value v, int64_t *out) {
    if (index_as_ssize(t, v, out, true, NULL))
        return true;
    if (!has_index(t, v) && error_catch(t, &TypeError_type))
        raise_type_error(t, "slice indices must be integers or have an __index__ method");
    return false;
}

/* Position of the first item equal to value in [start, stop): -1 not there, -2 error. The item goes to *found. */
static int64_t find_item(Thread *t, Value list, Value value, int64_t start, int64_t stop, Value *found) {
    for (int64_t i = start; i < stop; i++) {
        Value item = *found = list_get(list, (size_t)i);
        if (absent(item))
            break;
        int equals = equal(t, item, value);
        if (equals != 0)
            return equals < 0 ? -2 : i;
    }
    return -1;
}

static Value list_index(Thread *t, Value *args) {
    int64_t start, stop, length = (int64_t)list_length(args[0]);
    CHECK(sequence_position(t, args[2], &start) && sequence_position(t, args[3], &stop));
    if (start < 0)
        start = start + length < 0 ? 0 : start + length;
    if (stop < 0)
        stop = stop + length < 0 ? 0 : stop + length;
    Value found;
    int64_t i = find_item(t, args[0], args[1], start, stop, &found);
    if (i == -1)
        raise_value_error(t, "list.index(x): x not in list");
    return i < 0 ? NO_VALUE : small_int(i);
}

static Value list_contains(Thread *t, Value *args) {
    Value found;
    int64_t i = find_item(t, args[0], args[1], 0, INT64_MAX, &found);
    return i == -2 ? NO_VALUE : from_bool(i >= 0);
}

static Value list_count(Thread *t, Value *args) {
    int64_t count = 0;
    for (size_t i = 0;; i++) {
        Value item = list_get(args[0], i);
        if (absent(item))
            return small_int(count);
        int equals = equal(t, item, args[1]);
        if (equals < 0)
            return NO_VALUE;
        count += equals;
    }
}

static Value list_remove(Thread *t, Value *args) {
    ListObject *l = as_list(args[0]);
    for (;;) {
        Value found;
        int64_t i = find_item(t, args[0], args[1], 0, INT64_MAX, &found);
        if (i == -1)
            raise_value_error(t, "list.remove(x): x not in list");
        CHECK(i >= 0);
        object_lock(&l->object);
        /* Python code of the comparison may have changed the list: then whatever is there goes, as in CPython. */
        bool there = (size_t)i < l->length && (same(l->storage->items[i], found) || !is_plain_key(found));
        if (there)
            list_take_item(l, (size_t)i);
        object_unlock(&l->object);
        if (there || !is_plain_key(found))
            break;
    }
    list_shrink(t, l);
    return NONE;
}

static Value list_reverse_method(Thread *t, Value *args) {
    list_reverse(t, args[0]);
    return NONE;
}

static Value list_clear(Thread *t, Value *args) {
    clear(args[0]);
    return NONE;
}

static Value list_copy(Thread *t, Value *args) { return list_copy_range(t, args[0], 0, 1, (int64_t)list_length(args[0])); }

static Value list_sort_method(Thread *t, Value *args) {
    int reverse = truth(t, args[2]);
    CHECK(reverse >= 0 && list_sort(t, args[0], is_none(args[1]) ? NO_VALUE : args[1], reverse));
    return NONE;
}

static Value list_add(Thread *t, Value *args) {
    if (!is_list(args[1]))
        return raise_type_error(t, "can only concatenate list (not \"%T\") to list", args[1]);
    ListObject *a = as_list(args[0]), *b = as_list(args[1]);
    size_t na = list_length(args[0]), nb = list_length(args[1]);
    Value *to, result = TRY(list_to_fill(t, na + nb, &to));
    if (unlikely(!is_own(a) || !is_own(b))) { /* else they were when their lengths were read, too */
        if (na + nb)
            memset(to, 0, (na + nb) * sizeof(Value));
        CHECK(list_splice_sequence(t, result, 0, 0, args[0]) && list_splice_sequence(t, result, SIZE_MAX, SIZE_MAX, args[1]));
        return result;
    }
    if (na)
        memcpy(to, a->storage->items, na * sizeof(Value));
    if (nb)
        memcpy(to + na, b->storage->items, nb * sizeof(Value));
    as_list(result)->length = na + nb;
    return result;
}

static Value list_iadd(Thread *t, Value *args) {
    CHECK(list_extend(t, args[0], args[1]));
    return args[0];
}

static void fill_repeated(Value *items, const Value *source, size_t count, size_t total) {
    if (count == 1) {
        for (size_t i = 0; i < total; i++) items[i] = source[0];
        return;
    }
    memcpy(items, source, count * sizeof(Value));
    for (size_t done = count; done < total; done *= 2)
        memcpy(items + done, items, (done <= total - done ? done : total - done) * sizeof(Value));
}

/* Makes a list that has the items of a tuple (or, a new one, none yet) have them `times` times. *valid: false if it has
 * other items now. */
static bool repeat_into(Thread *t, Value result, Value tuple, int64_t times, bool *valid) {
    size_t count = tuple_length(tuple), total;
    *valid = true;
    if (times <= 0 || count == 0)
        return true;
    if (__builtin_mul_overflow(count, (size_t)times, &total) || total > SIZE_MAX >> 5) {
        raise_no_memory(t);
        return false;
    }
    Value *items, fresh = list_to_fill(t, total, &items);
    if (absent(fresh))
        return false;
    fill_repeated(items, as_tuple(tuple)->items, count, total);
    Slots *s = as_list(fresh)->storage;
    store_moved(s);
    ListObject *l = as_list(result);
    object_lock(&l->object);
    *valid = l->length == 0 || (l->length == count && memcmp(l->storage->items, as_tuple(tuple)->items, count * sizeof(Value)) == 0);
    if (*valid) {
        list_install(l, s);
        store_release(&l->length, total);
    }
    object_unlock(&l->object);
    return true;
}

static Value list_mul(Thread *t, Value *args) {
    int64_t times;
    CHECK(index_as_ssize(t, args[1], &times, false, &OverflowError_type));
    size_t count = list_length(args[0]), total;
    if (is_own(as_list(args[0])) && times > 0 && count && !__builtin_mul_overflow(count, (size_t)times, &total)) {
        Value *items, repeated = TRY(list_to_fill(t, total, &items));
        if (likely(is_own(as_list(args[0])))) { /* still */
            fill_repeated(items, as_list(args[0])->storage->items, count, total);
            store_many(as_list(repeated)->storage);
            as_list(repeated)->length = total;
            return repeated;
        }
        memset(items, 0, total * sizeof(Value));
    }
    Value result = TRY(list_new(t, 0));
    bool valid;
    CHECK(repeat_into(t, result, TRY(list_to_tuple(t, args[0])), times, &valid));
    return result;
}

static Value list_imul(Thread *t, Value *args) {
    int64_t times;
    CHECK(index_as_ssize(t, args[1], &times, false, &OverflowError_type));
    if (times <= 0)
        clear(args[0]);
    for (bool valid = times <= 1; !valid;)
        CHECK(repeat_into(t, args[0], TRY(list_to_tuple(t, args[0])), times, &valid));
    return args[0];
}

Value sequence_compare(Thread *t, Value a, Value b, int op, size_t (*length)(Value), Value (*get)(Value, size_t)) {
    return sequence_compare_inline(t, a, b, op, length, get);
}

static Value compare_lists(Thread *t, Value *args, Comparison op) {
    return is_list(args[1]) ? sequence_compare_inline(t, args[0], args[1], (int)op, list_length, list_get) : NOT_IMPLEMENTED;
}
static Value list_lt(Thread *t, Value *args) { return compare_lists(t, args, COMPARE_LT); }
static Value list_le(Thread *t, Value *args) { return compare_lists(t, args, COMPARE_LE); }
static Value list_eq(Thread *t, Value *args) { return compare_lists(t, args, COMPARE_EQ); }
static Value list_ne(Thread *t, Value *args) { return compare_lists(t, args, COMPARE_NE); }
static Value list_gt(Thread *t, Value *args) { return compare_lists(t, args, COMPARE_GT); }
static Value list_ge(Thread *t, Value *args) { return compare_lists(t, args, COMPARE_GE); }

static Value repr_items(Thread *t, Value list) {
    StrBuilder b = {0};
    CHECK(str_builder_add_char(t, &b, '['));
    for (size_t i = 0;; i++) {
        Value item = list_get(list, i);
        if (absent(item))
            break;
        CHECK(i == 0 || str_builder_add_ascii(t, &b, ", ", 2));
        CHECK(str_builder_add_repr(t, &b, item));
    }
    CHECK(str_builder_add_char(t, &b, ']'));
    return str_builder_finish(t, &b);
}

static Value list_repr(Thread *t, Value *args) {
    if (list_length(args[0]) == 0)
        return str_from_text(t, "[]");
    int entered = repr_enter(t, args[0]);
    if (entered != 0)
        return entered < 0 ? NO_VALUE : str_from_text(t, "[...]");
    Value text = repr_items(t, args[0]);
    repr_leave(t, args[0]);
    return text;
}

static Value list_sizeof(Thread *t, Value *args) {
    Slots *s = load_acquire(&as_list(args[0])->storage);
    return small_int((int64_t)(heap_cell_size(as_object(args[0])) + (s ? heap_cell_size(&s->object) : 0)));
}

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", list_new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__init__(self, iterable=(), /)", list_init, "Initialize self.  See help(type(self)) for accurate signature."},
    {"__repr__(self, /)", list_repr, "Return repr(self)."},
    {"__lt__(self, value, /)", list_lt, "Return self<value."},
    {"__le__(self, value, /)", list_le, "Return self<=value."},
    {"__eq__(self, value, /)", list_eq, "Return self==value."},
    {"__ne__(self, value, /)", list_ne, "Return self!=value."},
    {"__gt__(self, value, /)", list_gt, "Return self>value."},
    {"__ge__(self, value, /)", list_ge, "Return self>=value."},
    {"__iter__(self, /)", list_iter, "Implement iter(self)."},
    {"__len__(self, /)", list_len, "Return len(self)."},
    {"__getitem__(self, index, /)", list_getitem, "Return self[index].", NATIVE_COEXIST},
    {"__setitem__(self, key, value, /)", list_setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", list_delitem, "Delete self[key]."},
    {"__add__(self, value, /)", list_add, "Return self+value."},
    {"__mul__(self, value, /)", list_mul, "Return self*value."},
    {"__rmul__(self, value, /)", list_mul, "Return value*self."},
    {"__contains__(self, key, /)", list_contains, "Return bool(key in self)."},
    {"__iadd__(self, value, /)", list_iadd, "Implement self+=value."},
    {"__imul__(self, value, /)", list_imul, "Implement self*=value."},
    {"__reversed__(self, /)", list_reversed, "Return a reverse iterator over the list."},
    {"__sizeof__(self, /)", list_sizeof, "Return the size of the list in memory, in bytes."},
    {"clear(self, /)", list_clear, "Remove all items from list."},
    {"copy(self, /)", list_copy, "Return a shallow copy of the list."},
    {"append(self, object, /)", list_append_method, "Append object to the end of the list."},
    {"insert(self, index, object, /)", list_insert_method, "Insert object before index."},
    {"extend(self, iterable, /)", list_extend_method, "Extend list by appending elements from the iterable."},
    {"pop(self, index=-1, /)", list_pop,
     "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range."},
    {"remove(self, value, /)", list_remove,
     "Remove first occurrence of value.\n\nRaises ValueError if the value is not present."},
    {"index(self, value, start=0, stop=sys.maxsize, /)", list_index,
     "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"count(self, value, /)", list_count, "Return number of occurrences of value."},
    {"reverse(self, /)", list_reverse_method, "Reverse *IN PLACE*."},
    {"sort(self, /, *, key=None, reverse=False)", list_sort_method,
     "Sort the list in ascending order and return None.\n\n"
     "The sort is in-place (i.e. the list itself is modified) and stable (i.e. the\n"
     "order of two equal elements is maintained).\n\n"
     "If a key function is given, apply it once to each list item and sort them,\n"
     "ascending or descending, according to their function values.\n\n"
     "The reverse flag can be set to sort in descending order."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

STATIC_TYPE(list_type) = {
    STATIC_TYPE_HEAD(list_trace, NULL),
    .name_text = "list",
    .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\n"
           "The argument must be an iterable if specified.",
    .methods = methods,
    .flags = TYPE_BASE | TYPE_LIST | TYPE_SEQUENCE | TYPE_MATCH_SELF,
    .instance_size = sizeof(ListObject),
};
