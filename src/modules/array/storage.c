/* array: reading and changing the items, whoever else does so.
 *
 * Threads: see array.h. Memory that must grow is allocated before the lock is taken; whoever finds under the lock that it is
 * still too small tries again.
 */
#include "modules/array/array.h"

#include "object/operators.h"
#include "types/memoryview.h"

/* memmove for items of the array, item by item where a reader may be looking at them. */
static void move_items(const ArrayObject *a, char *to, const char *from, size_t count) {
    size_t size = a->kind->size;
    if (count == 0) /* then there may be no memory either */
        return;
    if (is_own(a)) {
        memmove(to, from, count * size);
        return;
    }
#define MOVE(type)                                                                    \
    {                                                                                 \
        type *target = (type *)to;                                                    \
        const type *source = (const type *)from;                                      \
        if (to < from)                                                                \
            for (size_t i = 0; i < count; i++)                                        \
                store_relaxed(&target[i], load_relaxed(&source[i]));                  \
        else                                                                          \
            for (size_t i = count; i-- > 0;)                                          \
                store_relaxed(&target[i], load_relaxed(&source[i]));                  \
    }
    switch (size) {
    case 1: MOVE(uint8_t); break;
    case 2: MOVE(uint16_t); break;
    case 4: MOVE(uint32_t); break;
    default: MOVE(uint64_t);
    }
#undef MOVE
}

/* The same for one item: of one that is written meanwhile this is the old value or the new one. */
static void move_item(char *to, const char *from, size_t size) {
#define MOVE(type) store_relaxed((type *)to, load_relaxed((const type *)from))
    switch (size) {
    case 1: MOVE(uint8_t); break;
    case 2: MOVE(uint16_t); break;
    case 4: MOVE(uint32_t); break;
    default: MOVE(uint64_t);
    }
#undef MOVE
}

/* False with BufferError pending when the length must not change now. */
static bool resizable(Thread *t, ArrayObject *a) {
    if (likely(load_relaxed(&a->exports) == 0) || memoryview_none_of(t, from_object(a), &a->exports, NULL))
        return true;
    raise_error(t, &BufferError_type, "cannot resize an array that is exporting buffers");
    return false;
}

static size_t capacity_of(const ArrayObject *a) { return a->storage ? a->storage->capacity / a->kind->size : 0; }

/* Storage for at least `length` items. */
static bool grow(Thread *t, ArrayObject *a, size_t length) {
    size_t size = a->kind->size;
    if (length > INT64_MAX / size) {
        raise_no_memory(t);
        return false;
    }
    size_t wanted = length * size;
    if (array_length(a))
        wanted += wanted / 8 + 8 * size;
    Value fresh = bytearray_new(t, NULL, wanted);
    if (absent(fresh))
        return false;
    ByteStorage *storage = ((ByteArrayObject *)as_object(fresh))->storage;
    object_lock(&a->object);
    if (length > capacity_of(a) && load_relaxed(&a->exports) == 0) {
        move_items(a, storage->data, array_data(a), a->length);
        store(a, (Value *)&a->storage, from_object(storage));
    }
    object_unlock(&a->object);
    return true;
}

Value array_new(Thread *t, Type *type, const ArrayKind *kind, size_t length) {
    ArrayObject *a = type_allocate(t, type);
    if (a == NULL)
        return NO_VALUE;
    a->kind = kind;
    CHECK(length == 0 || grow(t, a, length));
    a->length = length;
    return from_object(a);
}

Value array_at_once(Thread *t, Value array) {
    return load_relaxed(&runtime_threaded) ? array_copy(t, array) : array;
}

Value array_copy(Thread *t, Value array) {
    ArrayObject *a = as_array(array);
    for (;;) {
        size_t room = array_length(a);
        Value result = TRY(array_new(t, &array_type, a->kind, room));
        object_lock(&a->object);
        bool fits = a->length <= room;
        if (fits) {
            move_items(a, array_data(as_array(result)), array_data(a), a->length);
            as_array(result)->length = a->length;
        }
        object_unlock(&a->object);
        if (fits)
            return result;
    }
}

/* The storage is published before the length that it has room for: while the one is the same, the other belongs to it. */
bool array_read(ArrayObject *a, size_t i, char *item) {
    size_t size = a->kind->size;
    ByteStorage *s;
    do {
        s = load_acquire(&a->storage);
        if (i >= load_acquire(&a->length))
            return false;
    } while (s != load_acquire(&a->storage));
    move_item(item, s->data + i * size, size);
    return true;
}

[[gnu::noinline]] static bool write_shared(ArrayObject *a, size_t i, const char *item) {
    object_lock(&a->object);
    bool there = i < a->length;
    if (there)
        move_item(array_data(a) + i * a->kind->size, item, a->kind->size);
    object_unlock(&a->object);
    return there;
}

bool array_write(ArrayObject *a, size_t i, const char *item) {
    if (unlikely(!is_own(a)))
        return write_shared(a, i, item);
    if (unlikely(i >= a->length))
        return false;
    move_item(a->storage->data + i * a->kind->size, item, a->kind->size);
    return true;
}

[[gnu::noinline]] static Value getitem_at_shared(Thread *t, ArrayObject *a, size_t i) {
    alignas(8) char item[8];
    return array_read(a, i, item) ? array_item(t, a->kind, item) : NO_VALUE;
}

Value array_getitem_at(Thread *t, ArrayObject *a, size_t i) {
    if (unlikely(!is_own(a)))
        return getitem_at_shared(t, a, i);
    return likely(i < a->length) ? array_item(t, a->kind, a->storage->data + i * a->kind->size) : NO_VALUE;
}

/* Under the lock: replaces items, when the storage has room for the result. */
static bool splice_in_place(ArrayObject *a, size_t at, size_t removed, const char *items, size_t inserted) {
    assert(lock_held(&a->object));
    size_t size = a->kind->size, tail = a->length - at - removed, length = at + inserted + tail;
    if (length > capacity_of(a))
        return false;
    char *place = array_data(a) + at * size;
    if (inserted != removed)
        move_items(a, place + inserted * size, place + removed * size, tail);
    move_items(a, place, items, inserted);
    store_release(&a->length, length);
    return true;
}

bool array_splice(Thread *t, ArrayObject *a, size_t at, size_t removed, const char *items, size_t inserted) {
    for (;;) {
        if (removed != inserted && !resizable(t, a))
            return false;
        object_lock(&a->object);
        size_t length = a->length, from = at < length ? at : length;
        size_t count = removed < length - from ? removed : length - from, needed = length - count + inserted;
        bool exported = count != inserted && load_relaxed(&a->exports) != 0;
        bool done = !exported && splice_in_place(a, from, count, items, inserted);
        object_unlock(&a->object);
        if (done)
            return true;
        if (exported ? !resizable(t, a) : !grow(t, a, needed))
            return false;
    }
}

/* Where nobody else can see the array: appends if there is room and nobody counts on the length. */
static bool append_at_once(ArrayObject *a, const char *item) {
    size_t size = a->kind->size;
    if (unlikely(!is_own(a) || load_relaxed(&a->exports) || a->length >= capacity_of(a)))
        return false;
    move_item(a->storage->data + a->length * size, item, size);
    a->length++;
    return true;
}

bool array_append(Thread *t, ArrayObject *a, Value v) {
    alignas(8) char item[8];
    return array_set_item(t, a->kind, item, v) && (append_at_once(a, item) || array_splice(t, a, SIZE_MAX, 0, item, 1));
}

static bool append_visit(Thread *t, void *context, Value v) { return array_append(t, context, v); }

bool array_extend(Thread *t, Value array, Value iterable) {
    ArrayObject *a = as_array(array);
    if (!is_array(iterable))
        return iterate(t, iterable, append_visit, a);
    if (a->kind != as_array(iterable)->kind) {
        raise_type_error(t, "can only extend with array of same kind");
        return false;
    }
    Value items = array_at_once(t, iterable);
    return present(items) && array_splice(t, a, SIZE_MAX, 0, array_data(as_array(items)), as_array(items)->length);
}

int array_take(Thread *t, ArrayObject *a, int64_t at, const char *only, char *item) {
    size_t size = a->kind->size;
    for (;;) {
        if (!resizable(t, a))
            return -1;
        object_lock(&a->object);
        bool exported = load_relaxed(&a->exports) != 0;
        size_t i = (size_t)(at < 0 ? at + (int64_t)a->length : at);
        bool there = i < a->length && (!only || memcmp(array_data(a) + i * size, only, size) == 0);
        if (there && item)
            move_item(item, array_data(a) + i * size, size);
        if (there && !exported)
            splice_in_place(a, i, 1, NULL, 0);
        object_unlock(&a->object);
        if (!there || !exported)
            return there;
    }
}

bool array_repeat(Thread *t, ArrayObject *a, int64_t times) {
    for (;;) {
        size_t n = array_length(a), size = a->kind->size, total;
        if (__builtin_mul_overflow(n, (size_t)(times < 0 ? 0 : times), &total)) {
            raise_no_memory(t);
            return false;
        }
        if ((total != n && !resizable(t, a)) || (total > n && !grow(t, a, total)))
            return false;
        object_lock(&a->object);
        bool done = a->length == n && (total <= n || total <= capacity_of(a)) && (total == n || load_relaxed(&a->exports) == 0);
        for (size_t i = n; done && n && i < total; i += n)
            move_items(a, array_data(a) + i * size, array_data(a), n);
        if (done)
            store_release(&a->length, total);
        object_unlock(&a->object);
        if (done)
            return true;
    }
}

void array_reverse(ArrayObject *a) {
    size_t size = a->kind->size;
    alignas(8) char low[8], high[8];
    object_lock(&a->object);
    char *data = array_data(a);
    for (size_t i = 0, k = a->length; i + 1 < k; i++) {
        k--;
        move_item(low, data + i * size, size);
        move_item(high, data + k * size, size);
        move_item(data + i * size, high, size);
        move_item(data + k * size, low, size);
    }
    object_unlock(&a->object);
}

void array_byteswap_items(ArrayObject *a) {
    size_t size = a->kind->size;
    alignas(8) char item[8], swapped[8];
    object_lock(&a->object);
    for (size_t i = 0; i < a->length; i++) {
        move_item(item, array_data(a) + i * size, size);
        for (size_t k = 0; k < size; k++)
            swapped[k] = item[size - 1 - k];
        move_item(array_data(a) + i * size, swapped, size);
    }
    object_unlock(&a->object);
}

bool array_write_stepped(ArrayObject *a, size_t length, int64_t start, int64_t step, int64_t count, const char *items) {
    size_t size = a->kind->size;
    object_lock(&a->object);
    bool same_length = a->length == length;
    for (int64_t i = 0; same_length && i < count; i++)
        move_item(array_data(a) + (size_t)(start + i * step) * size, items + (size_t)i * size, size);
    object_unlock(&a->object);
    return same_length;
}

int array_delete_stepped(Thread *t, ArrayObject *a, size_t length, int64_t start, int64_t step, int64_t count) {
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    if (!resizable(t, a))
        return -1;
    object_lock(&a->object);
    bool valid = a->length == length && load_relaxed(&a->exports) == 0;
    size_t size = a->kind->size, kept = 0;
    for (size_t i = 0; valid && i < length; i++) {
        int64_t offset = (int64_t)i - start;
        if (offset >= 0 && offset % step == 0 && offset / step < count)
            continue;
        if (kept != i)
            move_item(array_data(a) + kept * size, array_data(a) + i * size, size);
        kept++;
    }
    if (valid)
        store_release(&a->length, kept);
    object_unlock(&a->object);
    return valid;
}
