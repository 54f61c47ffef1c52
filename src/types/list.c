/* list: storage, the C interface and the methods. Sorting is in list_sort.c, iterators in list_iterator.c.
 *
 * Invariants: items [0, length) of the storage are present, the others absent. `storage` NULL means capacity 0.
 * Threads: see list.h. Storage is allocated before the lock is taken, which then looks whether the list is still the
 * one that the storage was made for. Items are moved within a storage word by word: a reader without lock may see
 * an item twice or an older one, never half of one.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/iterator.h"
#include "types/list_internal.h"
#include "types/list_iterator.h"
#include "types/slice.h"
#include "types/str/str_layout.h"
#include "types/tuple.h"

#include <assert.h>

static void trace_list(Tracer *tracer, Object *o) { trace_object(tracer, ((ListObject *)o)->storage); }

static void trace_storage(Tracer *tracer, Object *o) {
    Slots *s = (Slots *)o;
    trace_values(tracer, s->items, s->capacity);
}

static void trace_storage_from(Tracer *tracer, Object *o, const Value *from) {
    Slots *s = (Slots *)o;
    trace_values(tracer, from, (size_t)(s->items + s->capacity - from));
}

Type list_storage_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type},
             .trace = trace_storage,
             .trace_from = trace_storage_from,
             .cell_flags = CELL_INTERNAL},
    .name_text = "list_storage",
    .instance_size = sizeof(Slots),
};

/* Storage */

enum { SHRINK_ABOVE = 64 };

static size_t capacity_of(Slots *s) { return (heap_cell_size(&s->object) - sizeof(Slots)) / sizeof(Value); }

Slots *list_storage_new(Thread *t, size_t capacity) {
    if (capacity > (SIZE_MAX >> 5)) {
        raise_no_memory(t);
        return NULL;
    }
    Slots *s = heap_allocate(t, &list_storage_type, sizeof(Slots) + capacity * sizeof(Value));
    if (s)
        s->capacity = capacity_of(s);
    return s;
}

/* A new list with room for `count` items, which the caller writes before the next safepoint. */
static Value list_to_fill(Thread *t, size_t count, Value **items) {
    Value list = TRY(list_new(t, 0));
    if (count == 0)
        return list;
    if (count > (SIZE_MAX >> 5))
        return raise_no_memory(t);
    Slots *s = heap_allocate_unfilled(t, &list_storage_type, sizeof(Slots) + count * sizeof(Value));
    if (!s)
        return NO_VALUE;
    s->capacity = (heap_cell_size(&s->object) - sizeof(Slots)) / sizeof(Value);
    memset(s->items + count, 0, (s->capacity - count) * sizeof(Value));
    as_list(list)->storage = s;
    store_many(as_list(list)); /* the list is older than the storage */
    *items = s->items;
    return list;
}

/* Half as much again while small, a quarter for large lists. */
static size_t grown_capacity(size_t needed) { return needed < 1 << 16 ? needed + (needed >> 1) + 3 : needed + (needed >> 2); }

/* `alone`: nobody else can see the words. */
static inline void copy_words(Value *to, const Value *from, size_t count, bool alone) {
    if (alone) {
        if (count)
            memcpy(to, from, count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++)
        store_release(&to[i].bits, load_relaxed(&from[i].bits));
}

static inline void move_words(Value *to, const Value *from, size_t count, bool alone) {
    if (alone)
        memmove(to, from, count * sizeof *to);
    else if (to < from)
        for (size_t i = 0; i < count; i++)
            store_release(&to[i].bits, from[i].bits);
    else
        for (size_t i = count; i-- > 0;)
            store_release(&to[i].bits, from[i].bits);
}

static void clear_words(Value *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        store_release(&words[i].bits, 0);
}

/* What is in the storage the list holds already, or it is nobody else's. */
static void install(ListObject *l, Slots *storage) {
    mark_published_as(l, storage);
    store_release(&l->storage, storage);
    store_moved(l);
}

/* Large storage grows where it is, if it can. */
static bool extend_storage(Thread *t, ListObject *l, Slots *s, size_t capacity) {
    enum { LARGE = 1 << 12 };
    if (!s || s->capacity < LARGE || capacity < s->capacity || capacity > (SIZE_MAX >> 5))
        return false;
    object_lock(&l->object);
    bool done = l->storage == s && s->capacity >= capacity; /* by another thread */
    bool extended = l->storage == s && !done && heap_extend(t, &s->object, sizeof(Slots) + capacity * sizeof(Value));
    if (extended)
        store_release(&s->capacity, capacity_of(s));
    object_unlock(&l->object);
    return extended || done;
}

/* Replaces the storage `old` by one for at least `capacity` items. true also when the list changed meanwhile. */
static bool replace_storage(Thread *t, ListObject *l, Slots *old, size_t capacity) {
    if (extend_storage(t, l, old, capacity))
        return true;
    Slots *fresh = list_storage_new(t, capacity);
    if (!fresh)
        return false;
    object_lock(&l->object);
    if (l->storage == old && l->length <= fresh->capacity) {
        if (old && l->length) /* nobody else sees the new storage yet, nor writes to the old one */
            memcpy(fresh->items, old->items, l->length * sizeof(Value));
        store_moved(fresh);
        install(l, fresh);
    }
    object_unlock(&l->object);
    return true;
}

/* Gives memory back when three quarters of it are unused. */
static void shrink(Thread *t, ListObject *l) {
    Slots *s = load_acquire(&l->storage);
    size_t length = load_relaxed(&l->length), wanted = grown_capacity(length);
    /* A cell that is not small is of 128 KiB at least. */
    size_t fresh = wanted < 1 << 11 ? wanted : wanted < 1 << 14 ? 1 << 14 : wanted;
    if (s && s->capacity > SHRINK_ABOVE && length < s->capacity / 4 && fresh < s->capacity / 2 && !error_pending(t) &&
        !replace_storage(t, l, s, wanted))
        error_clear(t);
}

/* Takes the item at i out. The lock is held, i < length. */
static Value take_item(ListObject *l, size_t i) {
    assert(lock_held(&l->object));
    Slots *s = l->storage;
    size_t last = l->length - 1;
    Value item = s->items[i];
    store_release(&l->length, last);
    move_words(s->items + i, s->items + i + 1, last - i, is_own(l));
    store_release(&s->items[last].bits, 0);
    store_moved(s); /* what is appended next comes before what was appended last */
    return item;
}

/* C interface */

Value list_new(Thread *t, size_t capacity) {
    Slots *s = NULL;
    if (capacity && !(s = list_storage_new(t, capacity)))
        return NO_VALUE;
    ListObject *l = heap_allocate(t, &list_type, sizeof *l);
    if (!l)
        return NO_VALUE;
    l->storage = s;
    return from_object(l);
}

Value list_from_values(Thread *t, const Value *items, size_t count) {
    Value *to, list = TRY(list_to_fill(t, count, &to));
    if (count) {
        memcpy(to, items, count * sizeof *items);
        as_list(list)->length = count;
    }
    return list;
}

/* Where nobody else can see the list: appends if there is room and the collector need not be told. */
static inline bool append_at_once(ListObject *l, Value item) {
    if (unlikely(!is_own(l)))
        return false;
    Slots *s = l->storage;
    size_t length = l->length;
    if (!s || length >= s->capacity || must_log_appended(s))
        return false;
    store_release(&s->items[length].bits, item.bits); /* NOBARRIER: asked above */
    store_release(&l->length, length + 1);
    return true;
}

[[gnu::noinline]] static bool append_with_room(Thread *t, Value list, Value item) {
    ListObject *l = as_list(list);
    for (;;) {
        object_lock(&l->object);
        Slots *s = l->storage;
        size_t length = l->length;
        if (likely(s && length < s->capacity)) {
            store_appended(s, &s->items[length], item);
            store_release(&l->length, length + 1);
            object_unlock(&l->object);
            return true;
        }
        object_unlock(&l->object);
        bool grown = s && length < load_relaxed(&s->capacity); /* by another thread, a moment ago */
        if (!grown && !replace_storage(t, l, s, grown_capacity(length + 1)))
            return false;
    }
}

bool list_append(Thread *t, Value list, Value item) {
    return likely(append_at_once(as_list(list), item)) || append_with_room(t, list, item);
}

bool list_reserve(Thread *t, Value list, size_t length) {
    ListObject *l = as_list(list);
    Slots *s = load_acquire(&l->storage);
    return (s && s->capacity >= length) || replace_storage(t, l, s, grown_capacity(length));
}

/* What a splice found, and the length that it makes of it. */
typedef struct Spliced {
    Slots *storage;
    size_t length, wanted;
} Spliced;

/* list[low:high] = items, bounds clamped to the list, if there is room: else nothing is done. The lock is held, or `alone`. The items
 * are published, if the list is. */
[[gnu::always_inline]] static inline bool splice_in_place(ListObject *l, size_t low, size_t high, const Value *items, size_t count,
                                                          bool alone, Spliced *done) {
    Slots *s = l->storage;
    size_t length = l->length;
    size_t from = low < length ? low : length;
    size_t to = high < from ? from : high < length ? high : length;
    size_t wanted = length - (to - from) + count;
    *done = (Spliced){s, length, wanted};
    if (wanted != 0 && (!s || wanted > s->capacity))
        return false;
    if (wanted < length)
        store_release(&l->length, wanted);
    if (s) {
        move_words(s->items + from + count, s->items + to, length - to, alone);
        copy_words(s->items + from, items, count, alone);
        if (wanted < length)
            clear_words(s->items + wanted, length - wanted);
        if (from < length)
            store_moved(s);
        else if (count && must_log_appended(s))
            heap_log_appended(&s->object, s->items + from);
    }
    store_release(&l->length, wanted);
    return true;
}

[[gnu::noinline]] static bool splice_shared(ListObject *l, size_t low, size_t high, const Value *items, size_t count, Spliced *done) {
    publish_many_into(l, items, count);
    object_lock(&l->object);
    bool fits = splice_in_place(l, low, high, items, count, false, done);
    object_unlock(&l->object);
    return fits;
}

/* The same, with more storage if need be. */
static bool splice(Thread *t, Value list, size_t low, size_t high, const Value *items, size_t count) {
    ListObject *l = as_list(list);
    for (;;) {
        Spliced done;
        if (likely(is_own(l)) ? splice_in_place(l, low, high, items, count, true, &done)
                                 : splice_shared(l, low, high, items, count, &done)) {
            if (done.wanted < done.length)
                shrink(t, l);
            return true;
        }
        if (!replace_storage(t, l, done.storage, done.length == 0 ? done.wanted : grown_capacity(done.wanted)))
            return false;
    }
}

bool list_insert(Thread *t, Value list, int64_t index, Value item) {
    int64_t length = (int64_t)list_length(list);
    if (index < 0)
        index = index + length < 0 ? 0 : index + length;
    return splice(t, list, (size_t)index, (size_t)index, &item, 1);
}

int list_insert_between(Thread *t, Value list, size_t i, Value before, Value after, Value item) {
    ListObject *l = as_list(list);
    for (;;) {
        object_lock(&l->object);
        Slots *s = l->storage;
        size_t length = l->length;
        bool there = i <= length && (i ? same(s->items[i - 1], before) : absent(before)) &&
                     (i < length ? same(s->items[i], after) : absent(after));
        bool room = s && length < s->capacity;
        if (there && room) {
            store_release(&l->length, length + 1);
            move_words(s->items + i + 1, s->items + i, length - i, is_own(l));
            store(s, &s->items[i], item);
        }
        object_unlock(&l->object);
        if (!there || room)
            return there;
        if (!replace_storage(t, l, s, grown_capacity(length + 1)))
            return -1;
    }
}

[[gnu::noinline]] static bool set_shared(ListObject *l, size_t i, Value item) {
    object_lock(&l->object);
    bool there = i < l->length;
    if (there)
        store(l->storage, &l->storage->items[i], item);
    object_unlock(&l->object);
    return there;
}

bool list_set(Thread *t, Value list, size_t i, Value item) {
    ListObject *l = as_list(list);
    if (unlikely(!is_own(l)))
        return set_shared(l, i, item);
    if (unlikely(i >= l->length))
        return false;
    store(l->storage, &l->storage->items[i], item);
    return true;
}

Value list_to_tuple(Thread *t, Value list) {
    ListObject *l = as_list(list);
    for (;;) {
        size_t length = list_length(list);
        Value tuple = TRY(tuple_new(t, length));
        object_lock(&l->object);
        bool valid = l->length == length;
        if (valid && length) {
            memcpy(as_tuple(tuple)->items, l->storage->items, length * sizeof(Value));
            store_many(as_tuple(tuple));
        }
        object_unlock(&l->object);
        if (valid)
            return tuple;
    }
}

const Value *list_snapshot(Thread *t, Value list, size_t *count, Value *keep) {
    if (is_own(as_list(list))) {
        *keep = from_object(as_list(list)->storage);
        *count = as_list(list)->length;
        return *count ? as_list(list)->storage->items : NULL;
    }
    *keep = list_to_tuple(t, list);
    *count = present(*keep) ? tuple_length(*keep) : 1;
    return present(*keep) ? as_tuple(*keep)->items : NULL;
}

/* The items of a list or tuple. */
static const Value *items_of(Thread *t, Value sequence, size_t *count, Value *keep) {
    if (is_list(sequence))
        return list_snapshot(t, sequence, count, keep);
    *keep = sequence;
    *count = tuple_length(sequence);
    return as_tuple(sequence)->items;
}

static bool splice_sequence(Thread *t, Value list, size_t low, size_t high, Value sequence) {
    Value keep;
    size_t count;
    if (same(list, sequence))
        sequence = list_to_tuple(t, sequence);
    if (absent(sequence))
        return false;
    const Value *items = items_of(t, sequence, &count, &keep);
    if (!items && count)
        return false;
    bool done = splice(t, list, low, high, items, count);
    keep_alive((void *)keep.bits);
    return done;
}

/* Those of a str or the numbers of a bytes. */
static bool extend_by_characters(Thread *t, Value list, Value text) {
    bool bytes = is_bytes(text);
    size_t count = bytes ? as_bytes(text)->length : str_length(text);
    const void *data = bytes ? as_bytes(text)->data : str_data(t, text);
    int kind = bytes ? 1 : str_kind(text);
    Slots *s = load_acquire(&as_list(list)->storage);
    size_t wanted = list_length(list) + count;
    if (!data || ((!s || s->capacity < wanted) && !replace_storage(t, as_list(list), s, wanted)))
        return false;
    if (kind == 1) { /* the items are there already */
        for (size_t i = 0; i < count; i++) {
            Value item = bytes ? small_int(((const uint8_t *)data)[i]) : str_latin1_char(((const uint8_t *)data)[i]);
            if (unlikely(!append_at_once(as_list(list), item)) && !list_append(t, list, item))
                return false;
        }
        keep_alive((void *)text.bits);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t c = str_char(data, kind, i);
        Value item = bytes ? small_int(c) : str_from_char(t, c);
        if (absent(item) || !list_append(t, list, item))
            return false;
    }
    keep_alive((void *)text.bits);
    return true;
}

/* No Python code runs between two items, so that nothing has to be looked after as in an iterator. */
static bool extend_by_dict(Thread *t, Value list, Value dict, bool values) {
    Slots *s = load_acquire(&as_list(list)->storage);
    size_t wanted = list_length(list) + dict_length(dict);
    if ((!s || s->capacity < wanted) && !replace_storage(t, as_list(list), s, wanted))
        return false;
    Value key, value;
    for (size_t at = 0; dict_next(dict, &at, &key, &value);)
        if (!append_at_once(as_list(list), values ? value : key) && !append_with_room(t, list, values ? value : key))
            return false;
    return true;
}

typedef struct ListConsumer {
    Consumer consumer;
    ListObject *list;
} ListConsumer;

static bool take_appending(Thread *t, Consumer *c, Value item) { return append_at_once(((ListConsumer *)c)->list, item); }

bool list_extend(Thread *t, Value list, Value iterable) {
    if (is_exactly(iterable, &list_type) || is_exactly(iterable, &tuple_type))
        return splice_sequence(t, list, SIZE_MAX, SIZE_MAX, iterable);
    if (is_exactly(iterable, &str_type) || is_exactly(iterable, &bytes_type))
        return extend_by_characters(t, list, iterable);
    iterable = iterable_at_once(t, iterable);
    bool values;
    Value dict = present(iterable) ? dict_iterated(iterable, &values) : NO_VALUE;
    if (present(dict) && dict_length(dict))
        return extend_by_dict(t, list, dict, values);
    Value it = present(iterable) ? get_iterator(t, iterable) : NO_VALUE;
    if (absent(it))
        return false;
    int64_t hint = length_hint(t, iterable, 8);
    if (hint < 0)
        return false;
    ListObject *l = as_list(list);
    size_t wanted = list_length(list) + (size_t)hint;
    Slots *s = load_acquire(&l->storage);
    if (hint > 8 && (!s || s->capacity < wanted) && !replace_storage(t, l, s, wanted)) {
        if (hint < INT64_C(1) << 40)
            return false;
        error_clear(t); /* a hint may be nonsense: then the items decide */
    }
    ListConsumer c = {{take_appending}, l};
    for (Value item; present(item = iterator_feed(t, it, &c.consumer));)
        if (!append_at_once(l, item) && !append_with_room(t, list, item))
            return false;
    if (error_pending(t))
        return false;
    shrink(t, l);
    return true;
}

Value list_from_iterable(Thread *t, Value iterable) {
    Value list = TRY(list_new(t, 0));
    CHECK(list_extend(t, list, iterable));
    return list;
}

bool list_reverse(Thread *t, Value list) {
    ListObject *l = as_list(list);
    object_lock(&l->object);
    for (size_t i = 0, j = l->length; i + 1 < j; i++) {
        Value *low = &l->storage->items[i], *high = &l->storage->items[--j];
        Value v = *low;
        store_release(&low->bits, high->bits);
        store_release(&high->bits, v.bits);
    }
    if (l->storage)
        store_moved(l->storage);
    object_unlock(&l->object);
    return true;
}

/* Items i, i+step, ... as a new list. */
static Value copy_range(Thread *t, Value list, int64_t start, int64_t step, int64_t count) {
    Value *to, result = TRY(list_to_fill(t, (size_t)count, &to));
    if (count == 0)
        return result;
    ListObject *l = as_list(list), *r = as_list(result);
    if (unlikely(!is_own(l)))
        memset(to, 0, (size_t)count * sizeof(Value)); /* waiting for the lock may be a safepoint */
    object_lock(&l->object);
    size_t n = 0;
    int64_t last = start + (count - 1) * step, length = (int64_t)l->length;
    bool whole = start < length && last >= 0 && last < length;
    if (whole) {
        const Value *from = l->storage->items;
        n = (size_t)count;
        if (step == 1)
            memcpy(to, from + start, n * sizeof(Value));
        else
            for (size_t i = 0; i < n; i++, start += step)
                to[i] = from[start];
    } else { /* it has changed */
        for (int64_t i = start; n < (size_t)count && i >= 0 && i < length; i += step)
            to[n++] = l->storage->items[i];
        memset(to + n, 0, ((size_t)count - n) * sizeof(Value));
    }
    object_unlock(&l->object);
    r->length = n;
    store_many(r->storage);
    return result;
}

/* Methods */

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
        return copy_range(t, args[0], start, step, count);
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
    const Value *items = items_of(t, sequence, &given, &keep);
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
        clear_words(l->storage->items + kept, (size_t)(length - kept));
        store_moved(l->storage);
    }
    object_unlock(&l->object);
    shrink(t, l);
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
        CHECK(present(value) ? splice_sequence(t, list, (size_t)start, high, sequence)
                             : splice(t, list, (size_t)start, high, NULL, 0));
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
        take_item(l, at);
    object_unlock(&l->object);
    if (!there)
        return raise_index_error(t, "list assignment index out of range");
    if (absent(value))
        shrink(t, l);
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
    return append_with_room(t, args[0], args[1]) ? NONE : NO_VALUE;
}
static Value list_append_method(Thread *t, Value *args) {
    return likely(append_at_once(as_list(args[0]), args[1])) ? NONE : append_method_slowly(t, args);
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
    Value item = i >= 0 && i < *length ? take_item(l, (size_t)i) : NO_VALUE;
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
        store_moved(l->storage); /* as in take_item */
    } else {
        item = TRY(pop_item(t, l, args[1], &length));
    }
    Slots *s = load_acquire(&l->storage);
    if (unlikely(s && s->capacity > SHRINK_ABOVE && (size_t)length < s->capacity / 4))
        shrink(t, l);
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
            take_item(l, (size_t)i);
        object_unlock(&l->object);
        if (there || !is_plain_key(found))
            break;
    }
    shrink(t, l);
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

static Value list_copy(Thread *t, Value *args) { return copy_range(t, args[0], 0, 1, (int64_t)list_length(args[0])); }

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
        CHECK(splice_sequence(t, result, 0, 0, args[0]) && splice_sequence(t, result, SIZE_MAX, SIZE_MAX, args[1]));
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
        install(l, s);
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
    STATIC_TYPE_HEAD(trace_list, NULL),
    .name_text = "list",
    .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\n"
           "The argument must be an iterable if specified.",
    .methods = methods,
    .flags = TYPE_BASE | TYPE_LIST | TYPE_SEQUENCE | TYPE_MATCH_SELF,
    .instance_size = sizeof(ListObject),
};
