/* list: storage and the C interface. The methods are in list_methods.c, sorting in list_sort.c, iterators in list_iterator.c.
 *
 * Invariants: items [0, length) of the storage are present, the others absent. `storage` NULL means capacity 0.
 * Threads: see list.h. Storage is allocated before the lock is taken, which then looks whether the list is still the
 * one that the storage was made for. Items are moved within a storage word by word: a reader without lock may see
 * an item twice or an older one, never half of one.
 */
#include "object/call.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/iterator.h"
#include "types/list_internal.h"
#include "types/list_iterator.h"
#include "types/str/str_layout.h"
#include "types/tuple.h"

#include <assert.h>

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
Value list_to_fill(Thread *t, size_t count, Value **items) {
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

/* What is in the storage the list holds already, or it is nobody else's. */
void list_install(ListObject *l, Slots *storage) {
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
        list_install(l, fresh);
    }
    object_unlock(&l->object);
    return true;
}

/* Gives memory back when three quarters of it are unused. */
void list_shrink(Thread *t, ListObject *l) {
    Slots *s = load_acquire(&l->storage);
    size_t length = load_relaxed(&l->length), wanted = grown_capacity(length);
    /* A cell that is not small is of 128 KiB at least. */
    size_t fresh = wanted < 1 << 11 ? wanted : wanted < 1 << 14 ? 1 << 14 : wanted;
    if (s && s->capacity > LIST_SHRINK_ABOVE && length < s->capacity / 4 && fresh < s->capacity / 2 && !error_pending(t) &&
        !replace_storage(t, l, s, wanted))
        error_clear(t);
}

/* Takes the item at i out. The lock is held, i < length. */
Value list_take_item(ListObject *l, size_t i) {
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

[[gnu::noinline]] bool list_append_with_room(Thread *t, Value list, Value item) {
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
    return likely(list_append_at_once(as_list(list), item)) || list_append_with_room(t, list, item);
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
            list_clear_words(s->items + wanted, length - wanted);
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

static bool finish_splice(Thread *t, ListObject *l, const Spliced *done) {
    if (done->wanted < done->length)
        list_shrink(t, l);
    return true;
}

static bool make_room(Thread *t, ListObject *l, const Spliced *found) {
    return replace_storage(t, l, found->storage, found->length == 0 ? found->wanted : grown_capacity(found->wanted));
}

/* The same, with more storage if need be. */
bool list_splice(Thread *t, Value list, size_t low, size_t high, const Value *items, size_t count) {
    ListObject *l = as_list(list);
    for (;;) {
        Spliced done;
        if (likely(is_own(l)) ? splice_in_place(l, low, high, items, count, true, &done) : splice_shared(l, low, high, items, count, &done))
            return finish_splice(t, l, &done);
        if (!make_room(t, l, &done))
            return false;
    }
}

bool list_insert(Thread *t, Value list, int64_t index, Value item) {
    int64_t length = (int64_t)list_length(list);
    if (index < 0)
        index = index + length < 0 ? 0 : index + length;
    return list_splice(t, list, (size_t)index, (size_t)index, &item, 1);
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
    if (!load_relaxed(&runtime_threaded)) {
        *keep = from_object(as_list(list)->storage);
        *count = as_list(list)->length;
        return *count ? as_list(list)->storage->items : NULL;
    }
    *keep = list_to_tuple(t, list);
    *count = present(*keep) ? tuple_length(*keep) : 1;
    return present(*keep) ? as_tuple(*keep)->items : NULL;
}

/* The items of a list or tuple. */
const Value *list_items_of(Thread *t, Value sequence, size_t *count, Value *keep) {
    if (is_list(sequence))
        return list_snapshot(t, sequence, count, keep);
    *keep = sequence;
    *count = tuple_length(sequence);
    return as_tuple(sequence)->items;
}

bool list_splice_sequence(Thread *t, Value list, size_t low, size_t high, Value sequence) {
    Value keep;
    size_t count;
    if (same(list, sequence))
        sequence = list_to_tuple(t, sequence);
    if (absent(sequence))
        return false;
    /* Where nobody else can see either, nothing comes between the look at the items and the end but more storage. */
    while (is_list(sequence) && is_own(as_list(list)) && is_own(as_list(sequence))) {
        Spliced done;
        ListObject *l = as_list(list), *from = as_list(sequence);
        if (splice_in_place(l, low, high, from->storage ? from->storage->items : NULL, from->length, true, &done))
            return finish_splice(t, l, &done);
        if (!make_room(t, l, &done))
            return false;
    }
    const Value *items = list_items_of(t, sequence, &count, &keep);
    if (!items && count)
        return false;
    bool done = list_splice(t, list, low, high, items, count);
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
            if (unlikely(!list_append_at_once(as_list(list), item)) && !list_append(t, list, item))
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
        if (!list_append_at_once(as_list(list), values ? value : key) && !list_append_with_room(t, list, values ? value : key))
            return false;
    return true;
}

typedef struct ListConsumer {
    Consumer consumer;
    ListObject *list;
} ListConsumer;

static bool take_appending(Thread *t, Consumer *c, Value item) { return list_append_at_once(((ListConsumer *)c)->list, item); }

bool list_extend(Thread *t, Value list, Value iterable) {
    if (is_exactly(iterable, &list_type) || is_exactly(iterable, &tuple_type))
        return list_splice_sequence(t, list, SIZE_MAX, SIZE_MAX, iterable);
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
        if (!list_append_at_once(l, item) && !list_append_with_room(t, list, item))
            return false;
    if (error_pending(t))
        return false;
    list_shrink(t, l);
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
Value list_copy_range(Thread *t, Value list, int64_t start, int64_t step, int64_t count) {
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
