/* array.array as a sequence; the type and the module.
 *
 * Threads: see array.h.
 */
#include "modules/array/array.h"

#include "object/call.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/memoryview.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/slice.h"

static void trace(Tracer *tracer, Object *o) { trace_object(tracer, ((ArrayObject *)o)->storage); }

static bool append_visit(Thread *t, void *context, Value v) { return array_append(t, context, v); }

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
        source = array_at_once(t, source);
        size_t n = present(source) ? as_array(source)->length : 0;
        for (size_t i = 0; i < n; i++) {
            Value v = array_getitem_at(t, as_array(source), i);
            if (absent(v) || !array_append(t, a, v))
                return false;
        }
        return present(source);
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
        return raise_type_error(t, "array() argument 1 must be a unicode character, not %Y", code);
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

static Value len(Thread *t, Value *args) { return small_int((int64_t)array_length(as_array(args[0]))); }

static bool position(Thread *t, ArrayObject *a, Value index, const char *message, size_t *out) {
    int64_t i;
    if (!index_as_ssize(t, index, &i, false, &IndexError_type))
        return false;
    int64_t length = (int64_t)array_length(a);
    if (i < 0)
        i += length;
    if (i < 0 || i >= length) {
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
    Value whole = TRY(array_at_once(t, args[0]));
    CHECK(slice_indices(t, args[1], (int64_t)as_array(whole)->length, &start, &stop, &step, &count));
    Value result = TRY(array_new(t, &array_type, a->kind, (size_t)count));
    size_t size = a->kind->size;
    char *to = array_data(as_array(result)), *from = array_data(as_array(whole));
    for (int64_t i = 0; i < count; i++)
        memcpy(to + (size_t)i * size, from + (size_t)(start + i * step) * size, size);
    keep_alive(as_object(whole));
    return result;
}

static Value set_slice(Thread *t, Value self, Value slice, Value v) {
    ArrayObject *a = as_array(self);
    if (present(v) && !is_array(v))
        return raise_type_error(t, "can only assign array (not \"%T\") to array slice", v);
    if (present(v) && a->kind != as_array(v)->kind)
        return raise_type_error(t, "bad argument type for built-in operation");
    if (present(v))
        v = TRY(same(v, self) ? array_copy(t, v) : array_at_once(t, v));
    size_t given = present(v) ? as_array(v)->length : 0;
    const char *items = present(v) ? array_data(as_array(v)) : NULL;
    for (;;) {
        int64_t start, stop, step, count;
        size_t length = array_length(a);
        CHECK(slice_indices(t, slice, (int64_t)length, &start, &stop, &step, &count));
        if (step == 1)
            return array_splice(t, a, (size_t)start, (size_t)count, items, given) ? NONE : NO_VALUE;
        if (present(v) && given != (size_t)count)
            return raise_value_error(t, "attempt to assign array of size %zu to extended slice of size %zu", given,
                                     (size_t)count);
        if (count == 0)
            return NONE;
        int done = present(v) ? array_write_stepped(a, length, start, step, count, items)
                              : array_delete_stepped(t, a, length, start, step, count);
        CHECK(done >= 0);
        if (done)
            return NONE;
    }
}

static Value setitem(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    if (is_index(args[1])) {
        size_t i;
        alignas(8) char item[8];
        CHECK(position(t, a, args[1], "array assignment index out of range", &i));
        CHECK(array_set_item(t, a->kind, item, args[2]));
        /* Converting the value may have run Python code. */
        return array_write(a, i, item) ? NONE : raise_index_error(t, "array assignment index out of range");
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
        return array_splice(t, a, i, 1, NULL, 0) ? NONE : NO_VALUE;
    }
    if (!is_exactly(args[1], &slice_type))
        return raise_type_error(t, "array indices must be integers");
    return set_slice(t, args[0], args[1], NO_VALUE);
}

/* Arithmetic of sequences */

static Value copy(Thread *t, Value *args) { return array_copy(t, args[0]); }

static Value add(Thread *t, Value *args) {
    if (!is_array(args[1]))
        return raise_type_error(t, "can only append array (not \"%T\") to array", args[1]);
    if (as_array(args[0])->kind != as_array(args[1])->kind)
        return raise_type_error(t, "bad argument type for built-in operation");
    Value result = TRY(array_copy(t, args[0]));
    return array_extend(t, result, args[1]) ? result : NO_VALUE;
}
static Value iadd(Thread *t, Value *args) {
    if (!is_array(args[1]))
        return raise_type_error(t, "can only extend with array (not \"%T\")", args[1]);
    return array_extend(t, args[0], args[1]) ? args[0] : NO_VALUE;
}

static Value mul(Thread *t, Value *args) {
    int64_t times;
    if (!is_index(args[1]))
        return raise_type_error(t, "can't multiply sequence by non-int of type '%T'", args[1]);
    CHECK(index_as_ssize(t, args[1], &times, false, NULL));
    Value result = TRY(array_copy(t, args[0]));
    return array_repeat(t, as_array(result), times) ? result : NO_VALUE;
}
static Value imul(Thread *t, Value *args) {
    int64_t times;
    if (!is_index(args[1]))
        return raise_type_error(t, "can't multiply sequence by non-int of type '%T'", args[1]);
    CHECK(index_as_ssize(t, args[1], &times, false, NULL));
    return array_repeat(t, as_array(args[0]), times) ? args[0] : NO_VALUE;
}

static Value compare_arrays(Thread *t, Comparison op, Value *args) {
    if (!is_array(args[1]))
        return NOT_IMPLEMENTED;
    Value left = TRY(array_at_once(t, args[0])), right = TRY(array_at_once(t, args[1]));
    ArrayObject *a = as_array(left), *b = as_array(right);
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

/* Position of an equal item: -1 not there, -2 error. */
static int64_t find(Thread *t, Value self, Value v, int64_t start, int64_t stop) {
    self = array_at_once(t, self);
    if (absent(self))
        return -2;
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
    Value whole = TRY(array_at_once(t, args[0]));
    for (size_t i = 0; i < as_array(whole)->length; i++) {
        Value item = TRY(array_getitem_at(t, as_array(whole), i));
        int found = compare_true(t, COMPARE_EQ, item, args[1]);
        CHECK(found >= 0);
        n += found;
    }
    return small_int(n);
}
static Value index_(Thread *t, Value *args) {
    int64_t start, stop, length = (int64_t)array_length(as_array(args[0]));
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
    for (;;) {
        Value whole = TRY(array_at_once(t, args[0]));
        int64_t at = find(t, whole, args[1], 0, INT64_MAX);
        CHECK(at != -2);
        if (at < 0)
            return raise_value_error(t, "array.remove(x): x not in array");
        alignas(8) char item[8];
        int done = array_read(as_array(whole), (size_t)at, item) ? array_take(t, as_array(args[0]), at, item, NULL) : 0;
        CHECK(done >= 0);
        if (done || same(whole, args[0]))
            return NONE; /* else another thread moved it since */
    }
}
static Value append(Thread *t, Value *args) { return array_append(t, as_array(args[0]), args[1]) ? NONE : NO_VALUE; }
static Value extend(Thread *t, Value *args) { return array_extend(t, args[0], args[1]) ? NONE : NO_VALUE; }
static Value insert(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    int64_t at;
    alignas(8) char item[8];
    CHECK(index_as_ssize(t, args[1], &at, false, NULL) && array_set_item(t, a->kind, item, args[2]));
    if (at < 0 && (at += (int64_t)array_length(a)) < 0)
        at = 0;
    return array_splice(t, a, (size_t)at, 0, item, 1) ? NONE : NO_VALUE;
}
static Value pop(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    int64_t at;
    alignas(8) char item[8];
    CHECK(index_as_ssize(t, args[1], &at, false, NULL));
    if (array_length(a) == 0)
        return raise_index_error(t, "pop from empty array");
    int64_t length = (int64_t)array_length(a);
    if (at < -length || at >= length)
        return raise_index_error(t, "pop index out of range");
    int done = array_take(t, a, at, NULL, item);
    CHECK(done >= 0);
    return done ? array_item(t, a->kind, item) : raise_index_error(t, "pop index out of range");
}
static Value reverse(Thread *t, Value *args) {
    array_reverse(as_array(args[0]));
    return NONE;
}
static Value clear(Thread *t, Value *args) { return array_splice(t, as_array(args[0]), 0, SIZE_MAX, NULL, 0) ? NONE : NO_VALUE; }

static Value repr_(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    Value name = TRY(get_attribute(t, from_object(type_of(args[0])), names.__name__));
    Value whole = TRY(array_at_once(t, args[0]));
    if (as_array(whole)->length == 0)
        return format_text(t, "%S('%c')", name, a->kind->code);
    Value contents = TRY(a->kind->code == 'u' || a->kind->code == 'w' ? array_tounicode(t, &whole) : array_tolist(t, &whole));
    return format_text(t, "%S('%c', %R)", name, a->kind->code, contents);
}

static Value get_typecode(Thread *t, Value *args) { return str_from_char(t, (uint32_t)as_array(args[0])->kind->code); }
static Value get_itemsize(Thread *t, Value *args) { return small_int(as_array(args[0])->kind->size); }
static Value sizeof_(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    ByteStorage *storage = load_acquire(&a->storage);
    size_t size = heap_cell_size(&a->object) + (storage ? storage->capacity : 0);
    return small_int((int64_t)size);
}

/* Buffer */

static bool export_get(Thread *t, Value self, Buffer *out, bool writable) {
    ArrayObject *a = as_array(self);
    object_lock(&a->object);
    *out = (Buffer){.data = array_data(a),
                    .length = a->length * a->kind->size,
                    .item_size = a->kind->size,
                    .format = a->kind->buffer_format,
                    .dimensions = 1,
                    .owner = self};
    fetch_add(&a->exports, 1u);
    object_unlock(&a->object);
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
/* Of threads that share an iterator each gets positions of its own. */
static size_t next_position(ArrayIterator *i) {
    return is_own(i) ? i->next++ : fetch_add(&i->next, 1);
}
static Value iterator_next_(Thread *t, Value self) {
    ArrayIterator *i = (ArrayIterator *)as_object(self);
    size_t at = next_position(i);
    Value array = load(&i->array);
    if (absent(array))
        return NO_VALUE;
    Value v = array_getitem_at(t, as_array(array), at);
    if (absent(v) && !error_pending(t))
        store(i, &i->array, NO_VALUE);
    return v;
}
static Value iterator_self(Thread *t, Value *args) { return args[0]; }
static Value iterator_reduce(Thread *t, Value *args) {
    ArrayIterator *i = (ArrayIterator *)as_object(args[0]);
    Value function = TRY(dict_get(t, t->isolate->builtins, names.iter));
    Value array = load(&i->array), arguments = TRY(tuple_pack(t, 1, present(array) ? array : empty_tuple));
    return present(array) ? tuple_pack(t, 3, function, arguments, small_int((int64_t)load_relaxed(&i->next)))
                          : tuple_pack(t, 2, function, arguments);
}
static Value iterator_setstate(Thread *t, Value *args) {
    ArrayIterator *i = (ArrayIterator *)as_object(args[0]);
    int64_t position;
    CHECK(index_as_ssize(t, args[1], &position, false, NULL));
    Value array = load(&i->array);
    if (present(array)) {
        int64_t length = (int64_t)array_length(as_array(array));
        store_relaxed(&i->next, (size_t)(position < 0 ? 0 : position > length ? length : position));
    }
    return NONE;
}
static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, NULL},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling."},
    {"__setstate__(self, state, /)", iterator_setstate, "Set state information for unpickling."},
    {NULL, NULL, NULL, 0},
};
MODULE_TYPE(array_iterator_type, array) = {
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
    GETATTRIBUTE_ROW,
    {"__repr__(self, /)", repr_, NULL},
    {"__buffer__(self, flags, /)", buffer_method_get, NULL},
    {"__release_buffer__(self, buffer, /)", buffer_method_release, NULL},
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
    {"extend(self, bb, /)", extend, "Adds the items of an iterable at the end.", NATIVE_COUNTS_NAMED},
    {"fromfile(self, f, n, /)", array_fromfile, "Reads n items from a file.", NATIVE_COUNTS_NAMED},
    {"fromlist(self, list, /)", array_fromlist, "Adds the items of a list, or none if one does not fit."},
    {"frombytes(self, buffer, /)", array_frombytes, "Adds items from their bytes."},
    {"fromunicode(self, ustr, /)", array_fromunicode, "Adds the characters of a str."},
    {"index(self, v, start=0, stop=9223372036854775807, /)", index_, "Where the value is."},
    {"insert(self, i, v, /)", insert, "Inserts an item before position i."},
    {"pop(self, i=-1, /)", pop, "Removes and gives an item."},
    {"__reduce_ex__(self, value, /)", array_reduce_ex, "Return state information for pickling."},
    {"remove(self, v, /)", remove_, "Removes the first item with the value."},
    {"reverse(self, /)", reverse, "Turns the order round."},
    {"tofile(self, f, /)", array_tofile, "Writes the items' bytes to a file.", NATIVE_COUNTS_NAMED},
    {"tolist(self, /)", array_tolist, "The items as a list."},
    {"tobytes(self, /)", array_tobytes, "The items' bytes."},
    {"tounicode(self, /)", array_tounicode, "The characters as a str."},
    {"__sizeof__(self, /)", sizeof_, "Size in memory, in bytes."},
    {"__class_getitem__(type, object, /)", class_getitem, "Generic in the type of the elements.", NATIVE_CLASS},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"typecode", get_typecode, NULL, "the typecode character used to create the array"},
    {"itemsize", get_itemsize, NULL, "the size, in bytes, of one array item"},
    {NULL, NULL, NULL, NULL},
};

MODULE_TYPE(array_type, array) = {
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
