/* array.array as a sequence; the type and the module.
 *
 * Threads: see array.h.
 */
#include "modules/array/array.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/memoryview.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/slice.h"

static void trace(Tracer *tracer, Object *o) { trace_object(tracer, ((ArrayObject *)o)->storage); }

/* Storage */

Value array_new(Thread *t, Type *type, const ArrayKind *kind, size_t length) {
    ArrayObject *a = type_allocate(t, type);
    if (a == NULL)
        return NO_VALUE;
    a->kind = kind;
    CHECK(array_resize(t, a, length));
    memset(array_data(a), 0, length * kind->size);
    return from_object(a);
}

bool array_resize(Thread *t, ArrayObject *a, size_t length) {
    if (length != a->length && unlikely(load_relaxed(&a->exports)) &&
        !memoryview_none_of(t, from_object(a), &a->exports, NULL)) {
        raise_error(t, &BufferError_type, "cannot resize an array that is exporting buffers");
        return false;
    }
    size_t size = a->kind->size;
    if (length > INT64_MAX / size) {
        raise_no_memory(t);
        return false;
    }
    size_t capacity = a->storage ? a->storage->capacity : 0;
    if (length * size > capacity) {
        size_t wanted = length * size;
        if (a->length)
            wanted += wanted / 8 + 8 * size;
        Value fresh = bytearray_new(t, NULL, wanted);
        if (absent(fresh))
            return false;
        ByteStorage *storage = ((ByteArrayObject *)as_object(fresh))->storage;
        memcpy(storage->data, array_data(a), a->length * size);
        store(a, (Value *)&a->storage, from_object(storage));
    }
    store_release(&a->length, length);
    return true;
}

Value array_getitem_at(Thread *t, ArrayObject *a, size_t i) {
    ByteStorage *s = load_acquire(&a->storage);
    if (i >= load_acquire(&a->length) || !s || (i + 1) * a->kind->size > s->capacity)
        return NO_VALUE;
    return array_item(t, a->kind, s->data + i * a->kind->size);
}

bool array_append(Thread *t, ArrayObject *a, Value v) {
    char item[8];
    if (!array_set_item(t, a->kind, item, v))
        return false;
    size_t n = a->length;
    if (!array_resize(t, a, n + 1))
        return false;
    memcpy(array_data(a) + n * a->kind->size, item, a->kind->size);
    return true;
}

static bool append_visit(Thread *t, void *context, Value v) { return array_append(t, context, v); }

bool array_extend(Thread *t, Value array, Value iterable) {
    ArrayObject *a = as_array(array);
    if (!is_array(iterable))
        return iterate(t, iterable, append_visit, a);
    ArrayObject *b = as_array(iterable);
    if (a->kind != b->kind) {
        raise_type_error(t, "can only extend with array of same kind");
        return false;
    }
    size_t n = a->length, more = b->length, size = a->kind->size;
    if (!array_resize(t, a, n + more))
        return false;
    memmove(array_data(a) + n * size, array_data(b), more * size);
    return true;
}

/* Construction */

static bool fill_from(Thread *t, Value array, Value source) {
    ArrayObject *a = as_array(array);
    bool text = a->kind->code == 'u' || a->kind->code == 'w';
    if (is_str(source)) {
        if (text)
            return array_from_str(t, a, source);
        raise_type_error(t, "cannot use a str to initialize an array with typecode '%c'", a->kind->code);
        return false;
    }
    if (is_bytes(source) || is_instance_of(source, &bytearray_type)) {
        Buffer b;
        if (!buffer_get_contiguous(t, source, &b, false))
            return false;
        bool ok = array_from_bytes(t, a, b.data, b.length);
        buffer_release(t, &b);
        return ok;
    }
    if (is_array(source)) {
        char code = as_array(source)->kind->code;
        if ((code == 'u' || code == 'w') && !text) {
            raise_type_error(t, "cannot use a unicode array to initialize an array with typecode '%c'", a->kind->code);
            return false;
        }
        if (as_array(source)->kind == a->kind)
            return array_extend(t, array, source);
        size_t n = as_array(source)->length;
        for (size_t i = 0; i < n; i++) {
            Value v = array_getitem_at(t, as_array(source), i);
            if (absent(v) || !array_append(t, a, v))
                return false;
        }
        return true;
    }
    return iterate(t, source, append_visit, a);
}

static Value new(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    Type *type = as_type(args[0]);
    if (type == &array_type && dict_length(args[2]))
        return raise_type_error(t, "array.array() takes no keyword arguments");
    if (count < 1 || count > 2)
        return raise_type_error(t, "array() takes at %s (%zu given)",
                                count ? "most 2 arguments" : "least 1 argument", count);
    Value code = tuple_get(args[1], 0);
    if (!is_str(code))
        return raise_type_error(t, "array() argument 1 must be a unicode character, not %T", code);
    if (str_length(code) != 1)
        return raise_type_error(t, "array() argument 1 must be a unicode character, not a string of length %zu",
                                str_length(code));
    const ArrayKind *kind = array_kind(str_char(str_data(t, code), str_kind(code), 0));
    if (kind == NULL)
        return raise_value_error(t, "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)");
    if (kind->code == 'u' &&
        !warn(t, &DeprecationWarning_type, 1, "The 'u' type code is deprecated and will be removed in Python 3.16"))
        return NO_VALUE;
    Value array = TRY(array_new(t, type, kind, 0));
    CHECK(count == 1 || fill_from(t, array, tuple_get(args[1], 1)));
    return array;
}

/* Items and slices */

static Value len(Thread *t, Value *args) { return small_int((int64_t)as_array(args[0])->length); }

static bool position(Thread *t, ArrayObject *a, Value index, const char *message, size_t *out) {
    int64_t i;
    if (!index_as_ssize(t, index, &i, false, &IndexError_type))
        return false;
    if (i < 0)
        i += (int64_t)a->length;
    if (i < 0 || (size_t)i >= a->length) {
        raise_index_error(t, "%s", message);
        return false;
    }
    *out = (size_t)i;
    return true;
}

static bool is_index(Value v) { return is_int(v) || present(type_lookup(type_of(v), names.__index__)); }

static Value getitem(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    if (is_index(args[1])) {
        size_t i;
        CHECK(position(t, a, args[1], "array index out of range", &i));
        Value v = array_getitem_at(t, a, i);
        return present(v) || error_pending(t) ? v : raise_index_error(t, "array index out of range");
    }
    if (!is_exactly(args[1], &slice_type))
        return raise_type_error(t, "array indices must be integers");
    int64_t start, stop, step, count;
    CHECK(slice_indices(t, args[1], (int64_t)a->length, &start, &stop, &step, &count));
    Value result = TRY(array_new(t, &array_type, a->kind, (size_t)count));
    size_t size = a->kind->size;
    for (int64_t i = 0; i < count; i++)
        memcpy(array_data(as_array(result)) + (size_t)i * size, array_data(a) + (size_t)(start + i * step) * size, size);
    return result;
}

/* a[start:start+removed] becomes the other array's items. */
static bool replace(Thread *t, ArrayObject *a, size_t start, size_t removed, const char *items, size_t count) {
    size_t size = a->kind->size, tail = a->length - start - removed;
    char *copy = NULL;
    if (count && (copy = malloc(count * size)) == NULL) {
        raise_no_memory(t);
        return false;
    }
    if (count)
        memcpy(copy, items, count * size);
    size_t length = a->length - removed + count;
    bool ok = true;
    if (count > removed)
        ok = array_resize(t, a, length);
    else if (count != removed)
        ok = load_relaxed(&a->exports) == 0 || array_resize(t, a, length);
    if (ok) {
        char *data = array_data(a);
        memmove(data + (start + count) * size, data + (start + removed) * size, tail * size);
        if (count)
            memcpy(data + start * size, copy, count * size);
        store_release(&a->length, length);
    }
    free(copy);
    return ok;
}

static Value set_slice(Thread *t, Value self, Value slice, Value v) {
    ArrayObject *a = as_array(self), *b = present(v) ? as_array(v) : NULL;
    int64_t start, stop, step, count;
    if (b && !is_array(v))
        return raise_type_error(t, "can only assign array (not \"%T\") to array slice", v);
    if (b && a->kind != b->kind)
        return raise_type_error(t, "bad argument type for built-in operation");
    CHECK(slice_indices(t, slice, (int64_t)a->length, &start, &stop, &step, &count));
    size_t size = a->kind->size, given = b ? b->length : 0;
    if (step == 1)
        return replace(t, a, (size_t)start, (size_t)count, b ? array_data(b) : NULL, given) ? NONE : NO_VALUE;
    if (b) {
        if (given != (size_t)count)
            return raise_value_error(t, "attempt to assign array of size %zu to extended slice of size %zu", given,
                                     (size_t)count);
        char *copy = malloc(given * size + 1);
        if (copy == NULL)
            return raise_no_memory(t);
        memcpy(copy, array_data(b), given * size);
        for (int64_t i = 0; i < count; i++)
            memcpy(array_data(a) + (size_t)(start + i * step) * size, copy + (size_t)i * size, size);
        free(copy);
        return NONE;
    }
    /* Deletion of every step-th item, from the highest down. */
    for (int64_t i = 0; i < count; i++) {
        int64_t at = step > 0 ? start + (count - 1 - i) * step : start + i * step;
        CHECK(replace(t, a, (size_t)at, 1, NULL, 0));
    }
    return NONE;
}

static Value setitem(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    if (is_index(args[1])) {
        size_t i;
        char item[8];
        CHECK(position(t, a, args[1], "array assignment index out of range", &i));
        CHECK(array_set_item(t, a->kind, item, args[2]));
        if (i >= a->length) /* converting the value may have run Python code */
            return raise_index_error(t, "array assignment index out of range");
        memcpy(array_data(a) + i * a->kind->size, item, a->kind->size);
        return NONE;
    }
    if (!is_exactly(args[1], &slice_type))
        return raise_type_error(t, "array indices must be integers");
    return set_slice(t, args[0], args[1], args[2]);
}

static Value delitem(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    if (is_index(args[1])) {
        size_t i;
        CHECK(position(t, a, args[1], "array assignment index out of range", &i));
        return replace(t, a, i, 1, NULL, 0) ? NONE : NO_VALUE;
    }
    if (!is_exactly(args[1], &slice_type))
        return raise_type_error(t, "array indices must be integers");
    return set_slice(t, args[0], args[1], NO_VALUE);
}

/* Arithmetic of sequences */

static Value copy_of(Thread *t, Value self) {
    ArrayObject *a = as_array(self);
    size_t n = a->length;
    Value result = TRY(array_new(t, &array_type, a->kind, n));
    memcpy(array_data(as_array(result)), array_data(a), n * a->kind->size);
    return result;
}
static Value copy(Thread *t, Value *args) { return copy_of(t, args[0]); }

static Value add(Thread *t, Value *args) {
    if (!is_array(args[1]))
        return raise_type_error(t, "can only append array (not \"%T\") to array", args[1]);
    if (as_array(args[0])->kind != as_array(args[1])->kind)
        return raise_type_error(t, "bad argument type for built-in operation");
    Value result = TRY(copy_of(t, args[0]));
    return array_extend(t, result, args[1]) ? result : NO_VALUE;
}
static Value iadd(Thread *t, Value *args) {
    if (!is_array(args[1]))
        return raise_type_error(t, "can only extend with array (not \"%T\")", args[1]);
    return array_extend(t, args[0], args[1]) ? args[0] : NO_VALUE;
}

static bool repeat(Thread *t, ArrayObject *a, int64_t times) {
    size_t n = a->length, size = a->kind->size;
    if (times < 0)
        times = 0;
    size_t total;
    if (__builtin_mul_overflow(n, (size_t)times, &total)) {
        raise_no_memory(t);
        return false;
    }
    if (!array_resize(t, a, total))
        return false;
    for (size_t i = n; n && i < total; i += n)
        memcpy(array_data(a) + i * size, array_data(a), n * size);
    return true;
}
static Value mul(Thread *t, Value *args) {
    int64_t times;
    if (!is_index(args[1]))
        return raise_type_error(t, "can't multiply sequence by non-int of type '%T'", args[1]);
    CHECK(index_as_ssize(t, args[1], &times, false, NULL));
    Value result = TRY(copy_of(t, args[0]));
    return repeat(t, as_array(result), times) ? result : NO_VALUE;
}
static Value imul(Thread *t, Value *args) {
    int64_t times;
    if (!is_index(args[1]))
        return raise_type_error(t, "can't multiply sequence by non-int of type '%T'", args[1]);
    CHECK(index_as_ssize(t, args[1], &times, false, NULL));
    return repeat(t, as_array(args[0]), times) ? args[0] : NO_VALUE;
}

static Value compare_arrays(Thread *t, Comparison op, Value *args) {
    if (!is_array(args[1]))
        return NOT_IMPLEMENTED;
    ArrayObject *a = as_array(args[0]), *b = as_array(args[1]);
    if (a->length != b->length && (op == COMPARE_EQ || op == COMPARE_NE))
        return from_bool(op == COMPARE_NE);
    for (size_t i = 0; i < a->length && i < b->length; i++) {
        Value x = array_getitem_at(t, a, i), y = array_getitem_at(t, b, i);
        if (absent(x) || absent(y))
            return NO_VALUE;
        int same_items = compare_true(t, COMPARE_EQ, x, y);
        CHECK(same_items >= 0);
        if (!same_items)
            return op == COMPARE_EQ ? FALSE : op == COMPARE_NE ? TRUE : compare(t, op, x, y);
    }
    return compare(t, op, small_int((int64_t)a->length), small_int((int64_t)b->length));
}
static Value eq(Thread *t, Value *args) { return compare_arrays(t, COMPARE_EQ, args); }
static Value ne(Thread *t, Value *args) { return compare_arrays(t, COMPARE_NE, args); }
static Value lt(Thread *t, Value *args) { return compare_arrays(t, COMPARE_LT, args); }
static Value le(Thread *t, Value *args) { return compare_arrays(t, COMPARE_LE, args); }
static Value gt(Thread *t, Value *args) { return compare_arrays(t, COMPARE_GT, args); }
static Value ge(Thread *t, Value *args) { return compare_arrays(t, COMPARE_GE, args); }

/* Methods of lists */

static int64_t find(Thread *t, Value self, Value v, int64_t start, int64_t stop) {
    ArrayObject *a = as_array(self);
    for (int64_t i = start; i < stop && i < (int64_t)a->length; i++) {
        Value item = array_getitem_at(t, a, (size_t)i);
        int found = absent(item) ? -1 : compare_true(t, COMPARE_EQ, item, v);
        if (found)
            return found < 0 ? -2 : i;
    }
    return -1;
}

static Value contains_(Thread *t, Value *args) {
    int64_t at = find(t, args[0], args[1], 0, INT64_MAX);
    return at == -2 ? NO_VALUE : from_bool(at >= 0);
}
static Value count(Thread *t, Value *args) {
    int64_t n = 0;
    for (size_t i = 0; i < as_array(args[0])->length; i++) {
        Value item = TRY(array_getitem_at(t, as_array(args[0]), i));
        int found = compare_true(t, COMPARE_EQ, item, args[1]);
        CHECK(found >= 0);
        n += found;
    }
    return small_int(n);
}
static Value index_(Thread *t, Value *args) {
    int64_t start, stop, length = (int64_t)as_array(args[0])->length;
    CHECK(index_as_ssize(t, args[2], &start, true, NULL) && index_as_ssize(t, args[3], &stop, true, NULL));
    if (start < 0 && (start += length) < 0)
        start = 0;
    if (stop < 0)
        stop += length;
    int64_t at = find(t, args[0], args[1], start, stop);
    CHECK(at != -2);
    return at >= 0 ? small_int(at) : raise_value_error(t, "array.index(x): x not in array");
}
static Value remove_(Thread *t, Value *args) {
    int64_t at = find(t, args[0], args[1], 0, INT64_MAX);
    CHECK(at != -2);
    if (at < 0)
        return raise_value_error(t, "array.remove(x): x not in array");
    return replace(t, as_array(args[0]), (size_t)at, 1, NULL, 0) ? NONE : NO_VALUE;
}
static Value append(Thread *t, Value *args) { return array_append(t, as_array(args[0]), args[1]) ? NONE : NO_VALUE; }
static Value extend(Thread *t, Value *args) { return array_extend(t, args[0], args[1]) ? NONE : NO_VALUE; }
static Value insert(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    int64_t at;
    char item[8];
    CHECK(index_as_ssize(t, args[1], &at, false, NULL) && array_set_item(t, a->kind, item, args[2]));
    int64_t length = (int64_t)a->length;
    if (at < 0 && (at += length) < 0)
        at = 0;
    if (at > length)
        at = length;
    return replace(t, a, (size_t)at, 0, item, 1) ? NONE : NO_VALUE;
}
static Value pop(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    int64_t at;
    CHECK(index_as_ssize(t, args[1], &at, false, NULL));
    if (a->length == 0)
        return raise_index_error(t, "pop from empty array");
    if (at < 0)
        at += (int64_t)a->length;
    if (at < 0 || (size_t)at >= a->length)
        return raise_index_error(t, "pop index out of range");
    Value v = TRY(array_getitem_at(t, a, (size_t)at));
    return replace(t, a, (size_t)at, 1, NULL, 0) ? v : NO_VALUE;
}
static Value reverse(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    size_t size = a->kind->size;
    char *data = array_data(a), swap[8];
    for (size_t i = 0, k = a->length; i + 1 < k; i++) {
        k--;
        memcpy(swap, data + i * size, size);
        memcpy(data + i * size, data + k * size, size);
        memcpy(data + k * size, swap, size);
    }
    return NONE;
}
static Value clear(Thread *t, Value *args) { return array_resize(t, as_array(args[0]), 0) ? NONE : NO_VALUE; }

static Value repr_(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    Value name = TRY(get_attribute(t, from_object(type_of(args[0])), names.__name__));
    if (a->length == 0)
        return format_text(t, "%S('%c')", name, a->kind->code);
    Value contents = TRY(a->kind->code == 'u' || a->kind->code == 'w' ? array_tounicode(t, args) : array_tolist(t, args));
    return format_text(t, "%S('%c', %R)", name, a->kind->code, contents);
}

static Value get_typecode(Thread *t, Value *args) { return str_from_char(t, (uint32_t)as_array(args[0])->kind->code); }
static Value get_itemsize(Thread *t, Value *args) { return small_int(as_array(args[0])->kind->size); }
static Value sizeof_(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    size_t size = heap_cell_size(&a->object) + (a->storage ? a->storage->capacity : 0);
    return small_int((int64_t)size);
}

/* Buffer */

static bool export_get(Thread *t, Value self, Buffer *out, bool writable) {
    ArrayObject *a = as_array(self);
    *out = (Buffer){.data = array_data(a),
                    .length = a->length * a->kind->size,
                    .item_size = a->kind->size,
                    .format = a->kind->buffer_format,
                    .dimensions = 1,
                    .owner = self};
    fetch_add(&a->exports, 1u);
    return true;
}
static void export_release(Thread *t, Value self, Buffer *b) { fetch_sub(&as_array(self)->exports, 1u); }
static const BufferProtocol export_protocol = {export_get, export_release};

/* Iterator */

typedef struct ArrayIterator {
    Object object;
    Value array; /* absent: exhausted */
    size_t next;
} ArrayIterator;

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((ArrayIterator *)o)->array); }
static Value iter(Thread *t, Value *args) {
    ArrayIterator *i = heap_allocate(t, &array_iterator_type, sizeof(ArrayIterator));
    if (i == NULL)
        return NO_VALUE;
    i->array = args[0]; /* NOBARRIER: just allocated */
    return from_object(i);
}
static Value iterator_next_(Thread *t, Value self) {
    ArrayIterator *i = (ArrayIterator *)as_object(self);
    if (absent(i->array))
        return NO_VALUE;
    Value v = array_getitem_at(t, as_array(i->array), i->next);
    if (present(v))
        i->next++;
    else if (!error_pending(t))
        i->array = NO_VALUE;
    return v;
}
static Value iterator_self(Thread *t, Value *args) { return args[0]; }
static Value iterator_reduce(Thread *t, Value *args) {
    ArrayIterator *i = (ArrayIterator *)as_object(args[0]);
    Value function = TRY(dict_get(t, t->isolate->builtins, names.iter));
    Value source = present(i->array) ? i->array : empty_tuple;
    Value arguments = TRY(tuple_pack(t, 1, source));
    return present(i->array) ? tuple_pack(t, 3, function, arguments, small_int((int64_t)i->next))
                             : tuple_pack(t, 2, function, arguments);
}
static Value iterator_setstate(Thread *t, Value *args) {
    ArrayIterator *i = (ArrayIterator *)as_object(args[0]);
    int64_t position;
    CHECK(index_as_ssize(t, args[1], &position, false, NULL));
    if (present(i->array)) {
        int64_t length = (int64_t)as_array(i->array)->length;
        i->next = (size_t)(position < 0 ? 0 : position > length ? length : position);
    }
    return NONE;
}
static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, NULL},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling."},
    {"__setstate__(self, state, /)", iterator_setstate, "Set state information for unpickling."},
    {NULL, NULL, NULL, 0},
};
STATIC_TYPE(array_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "array.arrayiterator",
    .base_static = &object_type,
    .methods = iterator_methods,
    .next = iterator_next_,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ArrayIterator),
};

/* array[int]: types.GenericAlias(array, item) */
static Value class_getitem(Thread *t, Value *args) {
    Value import = TRY(get_attribute(t, t->isolate->builtins_module, names.__import__));
    Value name = TRY(str_intern_text(t, "types"));
    Value module = TRY(call_1(t, import, name));
    Value alias = TRY(get_attribute_text(t, module, "GenericAlias"));
    return call_2(t, alias, args[0], args[1]);
}

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", new, NULL, NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", repr_, NULL},
    {"__eq__(self, value, /)", eq, NULL},
    {"__ne__(self, value, /)", ne, NULL},
    {"__lt__(self, value, /)", lt, NULL},
    {"__le__(self, value, /)", le, NULL},
    {"__gt__(self, value, /)", gt, NULL},
    {"__ge__(self, value, /)", ge, NULL},
    {"__iter__(self, /)", iter, NULL},
    {"__len__(self, /)", len, NULL},
    {"__getitem__(self, key, /)", getitem, NULL},
    {"__setitem__(self, key, value, /)", setitem, NULL},
    {"__delitem__(self, key, /)", delitem, NULL},
    {"__add__(self, value, /)", add, NULL},
    {"__iadd__(self, value, /)", iadd, NULL},
    {"__mul__(self, value, /)", mul, NULL},
    {"__rmul__(self, value, /)", mul, NULL},
    {"__imul__(self, value, /)", imul, NULL},
    {"__contains__(self, key, /)", contains_, NULL},
    {"append(self, v, /)", append, "Adds an item at the end."},
    {"buffer_info(self, /)", array_buffer_info, "(address, number of items)"},
    {"byteswap(self, /)", array_byteswap, "Swaps the bytes of all items."},
    {"clear(self, /)", clear, "Removes all items."},
    {"__copy__(self, /)", copy, "A copy."},
    {"count(self, v, /)", count, "How often the value occurs."},
    {"__deepcopy__(self, unused, /)", copy, "A copy."},
    {"extend(self, bb, /)", extend, "Adds the items of an iterable at the end."},
    {"fromfile(self, f, n, /)", array_fromfile, "Reads n items from a file."},
    {"fromlist(self, list, /)", array_fromlist, "Adds the items of a list, or none if one does not fit."},
    {"frombytes(self, buffer, /)", array_frombytes, "Adds items from their bytes."},
    {"fromunicode(self, ustr, /)", array_fromunicode, "Adds the characters of a str."},
    {"index(self, v, start=0, stop=9223372036854775807, /)", index_, "Where the value is."},
    {"insert(self, i, v, /)", insert, "Inserts an item before position i."},
    {"pop(self, i=-1, /)", pop, "Removes and gives an item."},
    {"__reduce_ex__(self, value, /)", array_reduce_ex, "Return state information for pickling."},
    {"remove(self, v, /)", remove_, "Removes the first item with the value."},
    {"reverse(self, /)", reverse, "Turns the order round."},
    {"tofile(self, f, /)", array_tofile, "Writes the items' bytes to a file."},
    {"tolist(self, /)", array_tolist, "The items as a list."},
    {"tobytes(self, /)", array_tobytes, "The items' bytes."},
    {"tounicode(self, /)", array_tounicode, "The characters as a str."},
    {"__sizeof__(self, /)", sizeof_, "Size in memory, in bytes."},
    {"__class_getitem__(type, object, /)", class_getitem, NULL, NATIVE_CLASS},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"typecode", get_typecode, NULL, "the typecode character used to create the array"},
    {"itemsize", get_itemsize, NULL, "the size, in bytes, of one array item"},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(array_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "array.array",
    .doc = "array(typecode [, initializer]) -> array\n\nA sequence of items of one C type, packed.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .buffer = &export_protocol,
    .flags = TYPE_BASE | TYPE_SEQUENCE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(ArrayObject),
};

static const NativeDef functions[] = {
    {"_array_reconstructor(arraytype, typecode, mformat_code, items, /)", array_reconstruct,
     "For pickle: an array from the bytes that a machine of some format made."},
    {NULL, NULL, NULL, 0},
};

static bool register_sequence(Thread *t) {
    Value import = get_attribute(t, t->isolate->builtins_module, names.__import__);
    Value name = absent(import) ? import : str_intern_text(t, "collections.abc");
    Value package = absent(name) ? name : call_1(t, import, name);
    Value abc = absent(package) ? package : get_attribute_text(t, package, "abc");
    Value class = absent(abc) ? abc : get_attribute_text(t, abc, "MutableSequence");
    Value method = absent(class) ? class : get_attribute_text(t, class, "register");
    return present(method) && present(call_1(t, method, from_object(&array_type)));
}

static bool init(Thread *t, Value module) {
    char codes[16] = {0};
    for (int i = 0; array_kinds[i].code; i++)
        codes[i] = array_kinds[i].code;
    return module_add_type(t, module, &array_type) && module_add(t, module, "ArrayType", from_object(&array_type)) &&
           module_add_text(t, module, "typecodes", codes) && register_sequence(t);
}

NATIVE_MODULE(array) = {
    .name = "array",
    .doc = "Sequences of numbers or characters, packed.",
    .functions = functions,
    .init = init,
};
