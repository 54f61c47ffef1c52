/* The type bytearray: storage, changes, and its table. Methods that only read: bytes_methods.h.
 *
 * Invariants: the contents are storage->data[start, start + length); storage NULL: empty. While exports > 0 the length
 * does not change and the storage stays the same; contents may be written.
 * Threads: every change is made under the object's lock; storage that must grow is allocated before the lock is taken
 * and published under it. A read of one byte takes the lock too; what reads more does so in a copy, made under it
 * (bytes_at_once). The memory of an exported buffer is whoever's it is to keep others from writing.
 */
#include "base/textbuf.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/memoryview.h"
#include "types/bytes_methods.h"
#include "types/int/int.h"
#include "types/slice.h"
#include "types/tuple.h"

#include <assert.h>

Value bytearray_dunder_iter(Thread *t, Value *args); /* bytes.c */

static Type byte_storage_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL | CELL_UNTRACKED},
    .name_text = "byte storage",
};

static ByteArrayObject *as_array(Value v) { return (ByteArrayObject *)v.bits; }

static void trace_bytearray(Tracer *tracer, Object *o) { trace_object(tracer, ((ByteArrayObject *)o)->storage); }

static ByteStorage *storage_new(Thread *t, size_t capacity) {
    if (capacity > (size_t)INT64_MAX / 2) {
        raise_no_memory(t);
        return NULL;
    }
    ByteStorage *s = heap_allocate(t, &byte_storage_type, sizeof *s + capacity + 1);
    if (s)
        s->capacity = capacity;
    return s;
}

static Value array_new(Thread *t, Type *type, size_t length) {
    ByteStorage *s = length ? storage_new(t, length) : NULL;
    if (length && !s)
        return NO_VALUE;
    ByteArrayObject *a = type_allocate(t, type);
    if (!a)
        return NO_VALUE;
    a->storage = s; /* NOBARRIER: no safepoint since the allocation */
    a->length = length;
    return from_object(a);
}

Value bytearray_new(Thread *t, const char *data, size_t length) {
    Value v = TRY(array_new(t, &bytearray_type, length));
    if (data && length)
        memcpy(as_array(v)->storage->data, data, length);
    return v;
}

Value bytearray_copy(Thread *t, Value array) {
    ByteArrayObject *a = as_array(array);
    for (;;) {
        size_t room = load_relaxed(&a->length);
        Value copy = TRY(array_new(t, &bytearray_type, room));
        object_lock(&a->object);
        bool fits = a->length <= room;
        if (fits && a->length)
            copy_shared(as_array(copy)->storage->data, a->storage->data + a->start, a->length);
        if (fits)
            as_array(copy)->length = a->length;
        object_unlock(&a->object);
        if (fits)
            return copy;
    }
}

/* False with BufferError pending when the size must not change now. */
static bool resizable(Thread *t, ByteArrayObject *a) {
    if (likely(load_relaxed(&a->exports) == 0) || memoryview_none_of(t, from_object(a), &a->exports, NULL))
        return true;
    raise_error(t, &BufferError_type, "Existing exports of data: object cannot be re-sized");
    return false;
}

/* Under the lock: replaces `removed` bytes at `at`, when the present storage has room for the result. */
static bool splice_in_place(ByteArrayObject *a, size_t at, size_t removed, const char *data, size_t inserted) {
    assert(lock_held(&a->object));
    size_t length = a->length, tail = length - at - removed, new_length = length - removed + inserted;
    if (at == 0 && inserted == 0 && removed) {
        store_relaxed(&a->length, new_length);
        store_relaxed(&a->start, a->start + removed);
        return true;
    }
    if (!a->storage || a->start + new_length > a->storage->capacity)
        return new_length == 0;
    char *start = a->storage->data + a->start;
    if (inserted != removed)
        memmove(start + at + inserted, start + at + removed, tail);
    if (inserted)
        copy_shared(start + at, data, inserted);
    store_release(&a->length, new_length);
    return true;
}

/* Under the lock: large storage grows where it is, if it can. */
static bool extend_storage(Thread *t, ByteArrayObject *a, size_t capacity) {
    enum { LARGE = 1 << 15 };
    ByteStorage *s = a->storage;
    if (!s || s->capacity < LARGE || !heap_extend(t, &s->object, sizeof *s + capacity + 1))
        return false;
    store_release(&s->capacity, capacity);
    return true;
}

/* Replaces `removed` bytes at `at` by others. The range is cut to the length, which another thread may change. The data
 * must not lie in this bytearray. */
static bool splice(Thread *t, ByteArrayObject *a, size_t at, size_t removed, const char *data, size_t inserted) {
    for (ByteStorage *grown = NULL;;) {
        if (removed != inserted && !resizable(t, a))
            return false;
        object_lock(&a->object);
        size_t length = a->length;
        if (at > length)
            at = length;
        if (removed > length - at)
            removed = length - at;
        size_t needed = length - removed + inserted;
        bool exported = removed != inserted && load_relaxed(&a->exports) != 0;
        bool done = !exported && splice_in_place(a, at, removed, data, inserted);
        if (!done && !exported && !grown && extend_storage(t, a, a->start + needed + needed / 8 + 16))
            done = splice_in_place(a, at, removed, data, inserted);
        if (!done && !exported && grown && grown->capacity >= needed) {
            const char *old = a->storage ? a->storage->data + a->start : "";
            memcpy(grown->data, old, at);
            memcpy(grown->data + at, data, inserted);
            memcpy(grown->data + at + inserted, old + at + removed, length - at - removed);
            /* The length goes down first and up last: a reader's bounds hold for either storage. */
            store_relaxed(&a->start, 0);
            mark_published_as(a, grown);
            store_release(&a->storage, grown);
            store_release(&a->length, needed);
            store_moved(a);
            done = true;
        }
        object_unlock(&a->object);
        if (done)
            return true;
        if (!exported && !(grown = storage_new(t, needed + needed / 8 + 16)))
            return false;
    }
}

static bool set_contents(Thread *t, ByteArrayObject *a, const char *data, size_t length) {
    return splice(t, a, 0, SIZE_MAX / 2, data, length);
}

/* Construction */

static bool add_byte(Thread *t, void *context, Value item) {
    uint8_t byte;
    if (!byte_argument(t, item, &byte))
        return false;
    textbuf_byte(context, (char)byte);
    return true;
}

/* Splices in what a source other than text gives: a buffer or an iterable of ints. */
static bool splice_value(Thread *t, ByteArrayObject *a, size_t at, size_t removed, Value source) {
    Piece p = {0};
    TextBuf b;
    textbuf_init(&b);
    bool ok;
    if (has_buffer(source)) {
        ok = piece_get(t, source, &p);
        if (!ok && error_catch(t, &BufferError_type)) { /* its items do not lie side by side */
            source = call_1(t, from_object(&bytes_type), source);
            ok = present(source) && piece_get(t, source, &p);
        }
        /* The export of a bytearray to itself would forbid the change, so its bytes are copied. */
        if (ok && source.bits == (uintptr_t)a) {
            textbuf_append(&b, p.chars.data, p.chars.length);
            piece_release(t, &p);
            p.chars = (Chars){b.data, b.size, 1};
        }
    } else {
        ok = iterate(t, source, add_byte, &b);
        p.chars = (Chars){b.data, b.size, 1};
    }
    if (ok && b.failed) {
        raise_no_memory(t);
        ok = false;
    }
    ok = ok && splice(t, a, at, removed, p.chars.data, p.chars.length);
    piece_release(t, &p);
    textbuf_free(&b);
    return ok;
}

static Value bytearray_dunder_new(Thread *t, Value *args) { return array_new(t, as_type(args[0]), 0); }

static bool fill_from_text(Thread *t, ByteArrayObject *a, Value *args) {
    if (absent(args[2])) {
        raise_type_error(t, "string argument without an encoding");
        return false;
    }
    const char *encoding = str_utf8(t, args[2], NULL);
    const char *errors = present(args[3]) ? str_utf8(t, args[3], NULL) : NULL;
    if (!encoding || (present(args[3]) && !errors))
        return false;
    Value bytes = str_encode(t, args[1], encoding, errors);
    return present(bytes) && set_contents(t, a, as_bytes(bytes)->data, as_bytes(bytes)->length);
}

static Value bytearray_dunder_init(Thread *t, Value *args) {
    ByteArrayObject *a = as_array(args[0]);
    Value source = args[1];
    for (int i = 2; i <= 3; i++)
        if (present(args[i]) && !is_str(args[i]))
            return raise_type_error(t, "bytearray() argument '%s' must be str, not %Y", i == 2 ? "encoding" : "errors", args[i]);
    CHECK(load_relaxed(&a->length) == 0 || set_contents(t, a, "", 0));
    if (present(source) && is_str(source))
        return fill_from_text(t, a, args) ? NONE : NO_VALUE;
    if (present(args[2]) || present(args[3]))
        return raise_type_error(t, present(args[2]) ? "encoding without a string argument" : "errors without a string argument");
    if (absent(source))
        return NONE;
    if (is_int(source) || type_slot(type_of(source), SLOT___index__)) {
        int64_t count;
        if (index_as_ssize(t, source, &count, false, NULL)) {
            if (count < 0)
                return raise_value_error(t, "negative count");
            ByteStorage *s = storage_new(t, (size_t)count);
            return s && set_contents(t, a, s->data, (size_t)count) ? NONE : NO_VALUE;
        }
        CHECK(!is_int(source) && error_catch(t, &TypeError_type));
    }
    if (!has_buffer(source) && !type_slot(type_of(source), SLOT___iter__) && !type_slot(type_of(source), SLOT___getitem__))
        return raise_type_error(t, "cannot convert '%T' object to bytearray", source);
    return splice_value(t, a, 0, 0, source) ? NONE : NO_VALUE;
}

/* Operators and items */

static Value bytearray_dunder_repr(Thread *t, Value *args) {
    char prefix[256];
    snprintf(prefix, sizeof prefix, "%.250s(", strrchr(type_of(args[0])->name_text, '.') ? strrchr(type_of(args[0])->name_text, '.') + 1
                                                                                       : type_of(args[0])->name_text);
    return bytes_repr_of(t, bytes_view(TRY(bytes_at_once(t, args[0]))), prefix, ")", true);
}

static Value bytearray_dunder_len(Thread *t, Value *args) { return small_int((int64_t)bytes_view(args[0]).length); }

static Value bytearray_dunder_add(Thread *t, Value *args) {
    Piece p;
    CHECK(piece_to_concatenate(t, args[0], args[1], &p));
    Chars c = bytes_view(TRY(bytes_at_once(t, args[0])));
    Value v = array_new(t, &bytearray_type, c.length + p.chars.length);
    if (present(v)) {
        char *to = (char *)bytes_view(v).data;
        memcpy(to, c.data, c.length);
        memcpy(to + c.length, p.chars.data, p.chars.length);
    }
    piece_release(t, &p);
    return v;
}

static Value bytearray_dunder_iadd(Thread *t, Value *args) {
    if (!has_buffer(args[1]))
        return raise_type_error(t, "can't concat %T to %T", args[1], args[0]);
    return splice_value(t, as_array(args[0]), SIZE_MAX, 0, args[1]) ? args[0] : NO_VALUE;
}

static Value bytearray_dunder_imul(Thread *t, Value *args) {
    int64_t count;
    CHECK(index_as_ssize(t, args[1], &count, false, NULL));
    Value more[2] = {args[0], int_from(t, count)};
    Value v = TRY(bytes_operator_mul(t, more));
    Chars c = bytes_view(v);
    return set_contents(t, as_array(args[0]), c.data, c.length) ? args[0] : NO_VALUE;
}

static bool item_index(Thread *t, Value key, size_t length, size_t *out) {
    int64_t i;
    if (!is_int(key) && !type_slot(type_of(key), SLOT___index__)) {
        raise_type_error(t, "bytearray indices must be integers or slices, not %T", key);
        return false;
    }
    if (!index_as_ssize(t, key, &i, false, &IndexError_type))
        return false;
    if (i < 0)
        i += (int64_t)length;
    if (i < 0 || i >= (int64_t)length) {
        raise_index_error(t, "bytearray index out of range");
        return false;
    }
    *out = (size_t)i;
    return true;
}

int bytearray_byte_at(Value array, size_t i) {
    ByteArrayObject *a = as_array(array);
    object_lock(&a->object);
    int byte = i < a->length ? (uint8_t)load_relaxed(&a->storage->data[a->start + i]) : -1;
    object_unlock(&a->object);
    return byte;
}

static Value bytearray_dunder_getitem(Thread *t, Value *args) {
    if (is_exactly(args[1], &slice_type)) {
        int64_t start, stop, step, count;
        args[0] = TRY(bytes_at_once(t, args[0]));
        CHECK(slice_indices(t, args[1], (int64_t)bytes_view(args[0]).length, &start, &stop, &step, &count));
        Chars c = bytes_view(args[0]);
        if (step == 1 && (size_t)(start + count) <= c.length)
            return bytearray_new(t, (const char *)c.data + start, (size_t)count);
        Value v = TRY(array_new(t, &bytearray_type, (size_t)count));
        char *to = (char *)bytes_view(v).data;
        for (int64_t i = 0; i < count; i++)
            if ((size_t)(start + i * step) < c.length)
                to[i] = ((const char *)c.data)[start + i * step];
        return v;
    }
    size_t i;
    CHECK(item_index(t, args[1], bytes_view(args[0]).length, &i));
    int byte = bytearray_byte_at(args[0], i);
    return byte >= 0 ? small_int(byte) : raise_index_error(t, "bytearray index out of range");
}

static Value set_byte(Thread *t, Value self, Value key, Value value) {
    size_t i;
    uint8_t byte;
    CHECK(item_index(t, key, bytes_view(self).length, &i) && byte_argument(t, value, &byte));
    if (i >= bytes_view(self).length)
        return raise_index_error(t, "bytearray index out of range");
    return splice(t, as_array(self), i, 1, (char *)&byte, 1) ? NONE : NO_VALUE;
}

/* The bytes between those of an extended slice, moved together: what deleting the slice leaves. */
static bool delete_stepped(Thread *t, ByteArrayObject *a, int64_t start, int64_t step, int64_t count) {
    if (count == 0)
        return true;
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    Value whole = bytes_at_once(t, from_object(a));
    Chars c = present(whole) ? bytes_view(whole) : (Chars){0};
    Value left = present(whole) ? bytes_new(t, NULL, c.length) : whole;
    if (absent(left))
        return false;
    size_t n = 0;
    for (size_t i = 0; i < c.length; i++) {
        int64_t offset = (int64_t)i - start;
        if (offset >= 0 && offset % step == 0 && offset / step < count)
            continue;
        as_bytes(left)->data[n++] = ((const char *)c.data)[i];
    }
    return set_contents(t, a, as_bytes(left)->data, n);
}

static Value set_slice(Thread *t, Value self, Value slice, Value value) {
    ByteArrayObject *a = as_array(self);
    int64_t start, stop, step, count;
    if (present(value) && !has_buffer(value)) {
        if (is_int(value) || is_str(value))
            return raise_type_error(t, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
        value = TRY(call_1(t, from_object(&bytearray_type), value));
    }
    CHECK(slice_indices(t, slice, (int64_t)bytes_view(self).length, &start, &stop, &step, &count));
    if (step == 1) {
        bool ok = present(value) ? splice_value(t, a, (size_t)start, (size_t)count, value)
                                 : splice(t, a, (size_t)start, (size_t)count, "", 0);
        return ok ? NONE : NO_VALUE;
    }
    if (absent(value))
        return delete_stepped(t, a, start, step, count) ? NONE : NO_VALUE;
    Piece p;
    CHECK(piece_get(t, value, &p));
    Value result = NONE;
    if (p.chars.length == 0) {
        result = delete_stepped(t, a, start, step, count) ? NONE : NO_VALUE;
    } else if ((int64_t)p.chars.length != count) {
        result = raise_value_error(t, "attempt to assign bytes of size %zd to extended slice of size %zd", p.chars.length,
                                   (size_t)count);
    } else {
        Value copy = bytes_new(t, p.chars.data, p.chars.length); /* it may be this very bytearray */
        for (int64_t i = 0; i < count && present(copy); i++)
            if (!splice(t, a, (size_t)(start + i * step), 1, as_bytes(copy)->data + i, 1))
                copy = NO_VALUE;
        result = present(copy) ? NONE : NO_VALUE;
    }
    piece_release(t, &p);
    return result;
}

static Value bytearray_dunder_setitem(Thread *t, Value *args) {
    return is_exactly(args[1], &slice_type) ? set_slice(t, args[0], args[1], args[2]) : set_byte(t, args[0], args[1], args[2]);
}

static Value bytearray_dunder_delitem(Thread *t, Value *args) {
    if (is_exactly(args[1], &slice_type))
        return set_slice(t, args[0], args[1], NO_VALUE);
    size_t i;
    CHECK(item_index(t, args[1], bytes_view(args[0]).length, &i));
    return splice(t, as_array(args[0]), i, 1, "", 0) ? NONE : NO_VALUE;
}

/* Methods that change the contents */

static Value array_append(Thread *t, Value *args) {
    uint8_t byte;
    CHECK(byte_argument(t, args[1], &byte));
    return splice(t, as_array(args[0]), SIZE_MAX, 0, (char *)&byte, 1) ? NONE : NO_VALUE;
}

static Value array_extend(Thread *t, Value *args) {
    if (is_exactly(args[1], &bytes_type)) {
        BytesObject *bytes = as_bytes(args[1]);
        return splice(t, as_array(args[0]), SIZE_MAX, 0, bytes->data, bytes->length) ? NONE : NO_VALUE;
    }
    if (is_str(args[1]))
        return raise_type_error(t, "expected iterable of integers; got: 'str'");
    if (!has_buffer(args[1]) && !type_slot(type_of(args[1]), SLOT___iter__) && !type_slot(type_of(args[1]), SLOT___getitem__))
        return raise_type_error(t, "can't extend bytearray with %T", args[1]);
    CHECK(has_buffer(args[1]) || length_hint(t, args[1], 0) >= 0);
    return splice_value(t, as_array(args[0]), SIZE_MAX, 0, args[1]) ? NONE : NO_VALUE;
}

static Value array_insert(Thread *t, Value *args) {
    uint8_t byte;
    int64_t i, length = (int64_t)bytes_view(args[0]).length;
    CHECK(index_as_ssize(t, args[1], &i, false, NULL) && byte_argument(t, args[2], &byte));
    if (i < 0)
        i = i + length < 0 ? 0 : i + length;
    return splice(t, as_array(args[0]), (size_t)i, 0, (char *)&byte, 1) ? NONE : NO_VALUE;
}

/* Removes byte i, from the end if negative, in one step; with `only` not negative, if it is that. *byte: what went, or -1. */
static bool take_byte(Thread *t, ByteArrayObject *a, int64_t i, int only, int *byte) {
    for (*byte = -1;;) {
        if (!resizable(t, a))
            return false;
        object_lock(&a->object);
        bool exported = load_relaxed(&a->exports) != 0;
        size_t at = (size_t)(i < 0 ? i + (int64_t)a->length : i);
        int found = at < a->length ? (uint8_t)a->storage->data[a->start + at] : -1;
        bool wanted = found >= 0 && (only < 0 || found == only);
        if (wanted && !exported) {
            *byte = found;
            splice_in_place(a, at, 1, "", 0);
        }
        object_unlock(&a->object);
        if (!wanted || !exported)
            return true;
    }
}

static Value array_pop(Thread *t, Value *args) {
    int64_t i;
    CHECK(index_as_ssize(t, args[1], &i, false, NULL));
    int64_t length = (int64_t)bytes_view(args[0]).length;
    if (length == 0)
        return raise_index_error(t, "pop from empty bytearray");
    int byte = -1;
    CHECK(i < -length || i >= length || take_byte(t, as_array(args[0]), i, -1, &byte));
    return byte >= 0 ? small_int(byte) : raise_index_error(t, "pop index out of range");
}

static Value array_remove(Thread *t, Value *args) {
    uint8_t byte;
    CHECK(byte_argument(t, args[1], &byte));
    for (int taken;;) {
        Value whole = TRY(bytes_at_once(t, args[0]));
        int64_t i = chars_find_char(bytes_view(whole), byte);
        if (i < 0)
            return raise_value_error(t, "value not found in bytearray");
        CHECK(take_byte(t, as_array(args[0]), i, byte, &taken));
        if (taken >= 0)
            return NONE; /* else another thread moved it since */
    }
}

static Value array_clear(Thread *t, Value *args) { return set_contents(t, as_array(args[0]), "", 0) ? NONE : NO_VALUE; }

static Value array_copy(Thread *t, Value *args) { return bytearray_copy(t, args[0]); }

static Value array_reverse(Thread *t, Value *args) {
    ByteArrayObject *a = as_array(args[0]);
    object_lock(&a->object);
    Chars c = bytes_view(args[0]);
    char *s = (char *)c.data;
    for (size_t i = 0, j = c.length; i + 1 < j; i++) {
        char swap = load_relaxed(&s[i]);
        store_relaxed(&s[i], load_relaxed(&s[--j]));
        store_relaxed(&s[j], swap);
    }
    object_unlock(&a->object);
    return NONE;
}

static Value array_resize(Thread *t, Value *args) {
    int64_t size;
    CHECK(index_as_ssize(t, args[1], &size, false, NULL));
    if (size < 0)
        return raise_value_error(t, "Can only resize to positive sizes, got %zd", (ssize_t)size);
    size_t length = bytes_view(args[0]).length;
    if ((size_t)size <= length)
        return splice(t, as_array(args[0]), (size_t)size, length - (size_t)size, "", 0) ? NONE : NO_VALUE;
    ByteStorage *zeros = storage_new(t, (size_t)size - length);
    return zeros && splice(t, as_array(args[0]), SIZE_MAX, 0, zeros->data, zeros->capacity) ? NONE : NO_VALUE;
}

static Value array_alloc(Thread *t, Value *args) {
    ByteStorage *s = load_acquire(&as_array(args[0])->storage);
    return small_int(s ? (int64_t)s->capacity + 1 : 0);
}

static Value array_sizeof(Thread *t, Value *args) {
    ByteStorage *s = load_acquire(&as_array(args[0])->storage);
    return small_int((int64_t)(sizeof(ByteArrayObject) + (s ? s->capacity + 1 : 0)));
}

static Value reduce(Thread *t, Value self, int64_t protocol) {
    Value state = TRY(call_method_0(t, self, names.__getstate__));
    Chars c = bytes_view(TRY(bytes_at_once(t, self)));
    Value contents;
    if (protocol >= 3) {
        contents = c.length ? tuple_pack(t, 1, TRY(bytes_new(t, c.data, c.length))) : empty_tuple;
    } else {
        Value text = TRY(str_from_chars(t, c.data, 1, c.length));
        contents = c.length ? tuple_pack(t, 2, text, TRY(str_intern_text(t, "latin-1"))) : empty_tuple;
    }
    return tuple_pack(t, 3, from_object(type_of(self)), TRY(contents), state);
}
static Value array_reduce(Thread *t, Value *args) { return reduce(t, args[0], 2); }
static Value array_reduce_ex(Thread *t, Value *args) {
    int64_t protocol;
    CHECK(index_as_ssize(t, args[1], &protocol, false, NULL));
    return reduce(t, args[0], protocol);
}

/* Buffer */

static bool get_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    ByteArrayObject *a = as_array(self);
    object_lock(&a->object);
    fetch_add(&a->exports, 1u);
    Chars c = bytes_view(self);
    object_unlock(&a->object);
    buffer_fill(out, self, (char *)c.data, c.length, false);
    return true;
}
static void release_buffer(Thread *t, Value self, Buffer *b) { fetch_sub(&as_array(self)->exports, 1u); }
static const BufferProtocol bytearray_buffer = {get_buffer, release_buffer};

static const NativeDef bytearray_methods[] = {
    {"__new__(type, *args, **kwargs)", bytearray_dunder_new, "Create an empty bytearray."},
    {"__init__(self, source=<unrepresentable>, encoding=<unrepresentable>, errors=<unrepresentable>)",
     bytearray_dunder_init, "Fill it.", NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", bytearray_dunder_repr, "Return repr(self)."},
    {"__len__(self, /)", bytearray_dunder_len, "Return len(self)."},
    {"__iter__(self, /)", bytearray_dunder_iter, "Implement iter(self)."},
    {"__contains__(self, key, /)", bytes_operator_contains, "Return bool(key in self)."},
    {"__getitem__(self, key, /)", bytearray_dunder_getitem, "Return self[key]."},
    {"__setitem__(self, key, value, /)", bytearray_dunder_setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", bytearray_dunder_delitem, "Delete self[key]."},
    {"__add__(self, value, /)", bytearray_dunder_add, "Return self+value."},
    {"__iadd__(self, value, /)", bytearray_dunder_iadd, "Implement self+=value."},
    {"__mul__(self, value, /)", bytes_operator_mul, "Return self*value."},
    {"__rmul__(self, value, /)", bytes_operator_mul, "Return value*self."},
    {"__imul__(self, value, /)", bytearray_dunder_imul, "Implement self*=value."},
    {"__mod__(self, value, /)", bytes_operator_mod, "Return self%value."},
    {"__rmod__(self, value, /)", bytes_operator_rmod, "Return value%self."},
    {"__str__(self, /)", bytes_dunder_str, "Return str(self)."},
    {"__eq__(self, value, /)", bytes_operator_eq, "Return self==value."},
    {"__ne__(self, value, /)", bytes_operator_ne, "Return self!=value."},
    {"__lt__(self, value, /)", bytes_operator_lt, "Return self<value."},
    {"__le__(self, value, /)", bytes_operator_le, "Return self<=value."},
    {"__gt__(self, value, /)", bytes_operator_gt, "Return self>value."},
    {"__ge__(self, value, /)", bytes_operator_ge, "Return self>=value."},
    {"__buffer__(self, flags, /)", buffer_method_get, "A memoryview of the contents."},
    {"__release_buffer__(self, buffer, /)", buffer_method_release, "Release what __buffer__ returned."},
    {"__reduce__(self, /)", array_reduce, "State for pickling."},
    {"__reduce_ex__(self, proto=0, /)", array_reduce_ex, "State for pickling."},
    {"__alloc__(self, /)", array_alloc, "Bytes allocated."},
    {"__sizeof__(self, /)", array_sizeof, "Size in memory, in bytes."},
    {"append(self, item, /)", array_append, "Add one byte at the end."},
    {"clear(self, /)", array_clear, "Remove all bytes."},
    {"copy(self, /)", array_copy, "A copy."},
    {"extend(self, iterable_of_ints, /)", array_extend, "Add bytes at the end."},
    {"insert(self, index, item, /)", array_insert, "Insert one byte before index."},
    {"pop(self, index=-1, /)", array_pop, "Remove and return one byte."},
    {"remove(self, value, /)", array_remove, "Remove the first byte of that value."},
    {"resize(self, size, /)", array_resize, "Cut off or add zero bytes at the end."},
    {"reverse(self, /)", array_reverse, "Reverse in place."},
    {"fromhex(type, string, /)", bytes_method_fromhex, "A bytearray from hexadecimal digits.", NATIVE_CLASS},
    {"maketrans(frm, to, /)", bytes_method_maketrans, "Make a table for translate().", NATIVE_STATIC},
#define M(name, signature, doc) {#name signature, bytes_method_##name, doc},
    BYTES_METHODS(M)
#undef M
    {0},
};

STATIC_TYPE(bytearray_type) = {
    STATIC_TYPE_HEAD(trace_bytearray, NULL),
    .name_text = "bytearray",
    .doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy\nbytearray(int) -> so many zero bytes\n"
           "bytearray() -> empty bytearray",
    .methods = bytearray_methods,
    .buffer = &bytearray_buffer,
    .flags = TYPE_BASE | TYPE_MATCH_SELF,
    .instance_size = sizeof(ByteArrayObject),
};
