/* collections.deque: a ring of words.
 *
 * Item i stands at ring->items[(head + i) & mask]; the ring's size is a power of two; words without an item are
 * absent. `state` changes whenever items move, which is how iterators notice.
 * Threads: every access takes the object's lock, for a few instructions; a ring is allocated before it is taken and
 * copied under it. Nothing that may run Python code happens under the lock. What adds, takes and reads an item asks once whether
 * there are other threads, and does without the lock where there are none.
 */
#include "modules/_collections/deque.h"
#include "modules/_collections/internal.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/type_internal.h"
#include "types/iterator.h"
#include "types/list_internal.h"

typedef struct Deque {
    Object object;
    Slots *ring; /* NULL: capacity 0 */
    size_t capacity; /* power of two, or 0 */
    size_t head, length;
    uint64_t state;
    int64_t maximum; /* -1: none */
} Deque;

static Deque *as_deque(Value v) { return (Deque *)v.bits; }
static bool is_deque(Value v) { return is_instance_of(v, &deque_type); }

static void trace_deque(Tracer *tracer, Object *o) { trace_object(tracer, ((Deque *)o)->ring); }

static size_t length_of_deque(Value v) { return load_relaxed(&as_deque(v)->length); }

static Value *slot(Deque *d, size_t i) { return &d->ring->items[(d->head + i) & (d->capacity - 1)]; }

/* The place of item i, from the end if i is negative, or NULL. The lock is held. */
static Value *place_of(Deque *d, int64_t i) {
    if (i < 0)
        i += (int64_t)d->length;
    return i >= 0 && (size_t)i < d->length ? slot(d, (size_t)i) : NULL;
}

[[gnu::noinline]] static Value item_at_shared(Deque *d, int64_t i) {
    object_lock(&d->object);
    Value *place = place_of(d, i), item = place ? *place : NO_VALUE;
    object_unlock(&d->object);
    return item;
}

/* Item i, or absent when there is none. */
static Value item_at(Value deque, int64_t i) {
    Deque *d = as_deque(deque);
    if (unlikely(!is_own(d)))
        return item_at_shared(d, i);
    Value *place = place_of(d, i);
    return place ? *place : NO_VALUE;
}

static Value get(Value deque, size_t i) { return item_at(deque, (int64_t)i); }

/* Makes room for one more item. */
static bool grow(Thread *t, Deque *d) {
    size_t capacity = load_relaxed(&d->capacity), wanted = capacity ? capacity * 2 : 8;
    Slots *fresh = list_storage_new(t, wanted);
    if (!fresh)
        return false;
    object_lock(&d->object);
    if (d->capacity == capacity) {
        for (size_t i = 0; i < d->length; i++)
            fresh->items[i] = *slot(d, i);
        store_moved(fresh);
        mark_published_as(d, fresh);
        store_release(&d->ring, fresh);
        store_relaxed(&d->capacity, wanted);
        d->head = 0;
        store_moved(d);
    }
    object_unlock(&d->object);
    return true;
}

/* Under the lock, with room. */
static void push_right(Deque *d, Value item) {
    store(d->ring, slot(d, d->length), item);
    store_release(&d->length, d->length + 1);
    store_relaxed(&d->state, d->state + 1);
}
static void push_left(Deque *d, Value item) {
    d->head = (d->head - 1) & (d->capacity - 1);
    store(d->ring, slot(d, 0), item);
    store_release(&d->length, d->length + 1);
    store_relaxed(&d->state, d->state + 1);
}
static Value take_left(Deque *d) {
    Value *place = slot(d, 0), item = *place;
    store_release(&place->bits, 0);
    d->head = (d->head + 1) & (d->capacity - 1);
    store_release(&d->length, d->length - 1);
    store_relaxed(&d->state, d->state + 1);
    return item;
}
static Value take_right(Deque *d) {
    Value *place = slot(d, d->length - 1), item = *place;
    store_release(&place->bits, 0);
    store_release(&d->length, d->length - 1);
    store_relaxed(&d->state, d->state + 1);
    return item;
}

/* Where nobody else can see it: adds at an end if there is room and the collector need not be told. */
[[gnu::always_inline]] static inline bool push_at_once(Deque *d, Value item, bool left) {
    if (unlikely(!is_own(d)))
        return false;
    size_t length = d->length;
    if (d->maximum >= 0 || length >= d->capacity || load_relaxed(&d->ring->object.meta) & META_OLD)
        return false;
    if (left)
        d->head = (d->head - 1) & (d->capacity - 1);
    *slot(d, left ? 0 : length) = item; /* NOBARRIER: asked above */
    d->length = length + 1;
    d->state++;
    return true;
}
/* Where nobody else can see it: takes an item of a deque that has any. */
[[gnu::always_inline]] static inline Value take_at_once(Deque *d, bool left) {
    Value *place = slot(d, left ? 0 : d->length - 1), item = *place;
    *place = NO_VALUE;
    if (left)
        d->head = (d->head + 1) & (d->capacity - 1);
    d->length--;
    d->state++;
    return item;
}

/* `counter`, unless NULL, goes up with it, under the lock. */
[[gnu::noinline]] static bool add_counted(Thread *t, Value deque, Value item, bool left, uint32_t *counter) {
    Deque *d = as_deque(deque);
    if (load_relaxed(&d->maximum) == 0)
        return true;
    for (;;) {
        object_lock(&d->object);
        int64_t maximum = load_relaxed(&d->maximum);
        bool full = maximum >= 0 && d->length >= (size_t)maximum;
        bool room = full || d->length < d->capacity;
        if (full) {
            if (left)
                take_right(d);
            else
                take_left(d);
        }
        if (room && left)
            push_left(d, item);
        else if (room)
            push_right(d, item);
        if (counter && room)
            store_relaxed(counter, *counter + 1);
        object_unlock(&d->object);
        if (room)
            return true;
        if (!grow(t, d))
            return false;
    }
}

[[gnu::always_inline]] static inline bool add(Thread *t, Value deque, Value item, bool left) {
    return likely(push_at_once(as_deque(deque), item, left)) || add_counted(t, deque, item, left, NULL);
}

[[gnu::noinline]] static Value take_shared(Deque *d, bool left) {
    object_lock(&d->object);
    Value item = d->length == 0 ? NO_VALUE : left ? take_left(d) : take_right(d);
    object_unlock(&d->object);
    return item;
}
[[gnu::always_inline]] static inline Value take(Thread *t, Value deque, bool left) {
    Deque *d = as_deque(deque);
    Value item = unlikely(!is_own(d)) ? take_shared(d, left) : likely(d->length) ? take_at_once(d, left) : NO_VALUE;
    return likely(present(item)) ? item : raise_index_error(t, "pop from an empty deque");
}

Value deque_take(Value deque) {
    Deque *d = as_deque(deque);
    return unlikely(!is_own(d)) ? take_shared(d, true) : d->length ? take_at_once(d, true) : NO_VALUE;
}

bool deque_push(Thread *t, Value deque, Value item, uint32_t *counter) {
    if (unlikely(!push_at_once(as_deque(deque), item, false)))
        return add_counted(t, deque, item, false, counter);
    if (counter)
        ++*counter;
    return true;
}
size_t deque_length(Value deque) { return length_of_deque(deque); }

static void clear(Value deque) {
    Deque *d = as_deque(deque);
    object_lock(&d->object);
    store_release(&d->ring, (Slots *)NULL);
    store_relaxed(&d->capacity, (size_t)0);
    d->head = 0;
    store_release(&d->length, (size_t)0);
    store_relaxed(&d->state, d->state + 1);
    object_unlock(&d->object);
}

static bool append_visit(Thread *t, void *context, Value item) { return add(t, *(Value *)context, item, false); }
static bool appendleft_visit(Thread *t, void *context, Value item) { return add(t, *(Value *)context, item, true); }

static bool extend(Thread *t, Value deque, Value iterable, bool left) {
    if (same(deque, iterable)) {
        iterable = list_from_iterable(t, iterable);
        if (absent(iterable))
            return false;
    }
    return iterate(t, iterable, left ? appendleft_visit : append_visit, &deque);
}

/* Construction */

static Value deque_new(Thread *t, Type *type, int64_t maximum) {
    Deque *d = type_allocate(t, type);
    if (!d)
        return NO_VALUE;
    d->maximum = maximum;
    return from_object(d);
}

Value deque_make(Thread *t) { return deque_new(t, &deque_type, -1); }

static Value new_method(Thread *t, Value *args) { return deque_new(t, as_type(args[0]), -1); }

static Value init(Thread *t, Value *args) {
    int64_t maximum = -1;
    if (!is_none(args[2])) {
        if (!is_int(args[2]))
            return raise_type_error(t, "an integer is required");
        CHECK(index_as_ssize(t, args[2], &maximum, false, NULL));
        if (maximum < 0)
            return raise_value_error(t, "maxlen must be non-negative");
    }
    if (load_relaxed(&as_deque(args[0])->maximum) != maximum)
        store_relaxed(&as_deque(args[0])->maximum, maximum);
    if (length_of_deque(args[0]))
        clear(args[0]);
    CHECK(absent(args[1]) || extend(t, args[0], args[1], false));
    return NONE;
}

/* The items at one moment, in a deque that nobody else knows yet. */
static Value copy_exact(Thread *t, Deque *d) {
    Value result = TRY(deque_new(t, &deque_type, load_relaxed(&d->maximum)));
    Deque *copy = as_deque(result);
    for (;;) {
        size_t capacity = load_relaxed(&d->capacity);
        Slots *ring = capacity ? list_storage_new(t, capacity) : NULL;
        if (capacity && !ring)
            return NO_VALUE;
        object_lock(&d->object);
        bool valid = d->capacity == capacity;
        if (valid) {
            for (size_t i = 0; i < d->length; i++)
                ring->items[i] = *slot(d, i);
            copy->length = d->length;
        }
        object_unlock(&d->object);
        if (!valid)
            continue;
        copy->ring = ring;
        copy->capacity = capacity;
        if (ring)
            store_many(ring);
        store_many(copy);
        return result;
    }
}

/* A deque like `deque` with its items: of its class. */
static Value copy(Thread *t, Value deque) {
    Type *type = type_of(deque);
    int64_t maximum = load_relaxed(&as_deque(deque)->maximum);
    if (type == &deque_type)
        return copy_exact(t, as_deque(deque));
    Value result = TRY(maximum < 0 ? call_1(t, from_object(type), deque) : call_2(t, from_object(type), deque, TRY(int_from(t, maximum))));
    if (!is_deque(result))
        return raise_type_error(t, "%S() must return a deque, not %T", load(&type->name), result);
    return result;
}

static Value copy_method(Thread *t, Value *args) { return copy(t, args[0]); }

/* Ends */

static Value append_method(Thread *t, Value *args) {
    CHECK(add(t, args[0], args[1], false));
    return NONE;
}
static Value appendleft_method(Thread *t, Value *args) {
    CHECK(add(t, args[0], args[1], true));
    return NONE;
}
static Value pop_method(Thread *t, Value *args) { return take(t, args[0], false); }
static Value popleft_method(Thread *t, Value *args) { return take(t, args[0], true); }
static Value extend_method(Thread *t, Value *args) {
    CHECK(extend(t, args[0], args[1], false));
    return NONE;
}
static Value extendleft_method(Thread *t, Value *args) {
    CHECK(extend(t, args[0], args[1], true));
    return NONE;
}
static Value clear_method(Thread *t, Value *args) {
    clear(args[0]);
    return NONE;
}

static void rotate(Value deque, int64_t n) {
    Deque *d = as_deque(deque);
    object_lock(&d->object);
    int64_t length = (int64_t)d->length;
    if (length > 1) {
        n %= length;
        if (n > length / 2)
            n -= length;
        else if (n < -(length / 2))
            n += length;
        for (; n > 0; n--)
            push_left(d, take_right(d));
        for (; n < 0; n++)
            push_right(d, take_left(d));
    }
    object_unlock(&d->object);
}

static Value rotate_method(Thread *t, Value *args) {
    int64_t n;
    CHECK(index_as_ssize(t, args[1], &n, false, NULL));
    rotate(args[0], n);
    return NONE;
}

static Value reverse_method(Thread *t, Value *args) {
    Deque *d = as_deque(args[0]);
    object_lock(&d->object);
    for (size_t i = 0, j = d->length; i + 1 < j; i++) {
        Value *low = slot(d, i), *high = slot(d, --j), swap = *low;
        *low = *high; /* NOBARRIER: the same references stay in the same cell */
        *high = swap;
    }
    object_unlock(&d->object);
    return NONE;
}

/* Items */

static Value len_method(Thread *t, Value *args) { return small_int((int64_t)length_of_deque(args[0])); }

/* What the key says: negative positions count from the end that there is when the item is looked at. */
static bool position_of(Thread *t, Value key, int64_t *i) {
    if (!is_int(key) && !type_slot(type_of(key), SLOT___index__)) {
        raise_type_error(t, "sequence index must be integer, not '%T'", key);
        return false;
    }
    return index_as_ssize(t, key, i, false, &IndexError_type);
}

static Value getitem_method(Thread *t, Value *args) {
    int64_t i;
    CHECK(position_of(t, args[1], &i));
    Value item = item_at(args[0], i);
    return present(item) ? item : raise_index_error(t, "deque index out of range");
}

static Value setitem_method(Thread *t, Value *args) {
    int64_t i;
    CHECK(position_of(t, args[1], &i));
    Deque *d = as_deque(args[0]);
    object_lock(&d->object);
    Value *place = place_of(d, i);
    if (place)
        store(d->ring, place, args[2]);
    object_unlock(&d->object);
    return place ? NONE : raise_index_error(t, "deque index out of range");
}

/* Deletes item i if there is one and, where `only` is present, it is that. */
static bool delete_at(Value deque, int64_t position, Value only) {
    Deque *d = as_deque(deque);
    object_lock(&d->object);
    Value *place = place_of(d, position);
    bool there = place && (absent(only) || same(*place, only));
    if (there) {
        for (size_t i = (size_t)(position < 0 ? position + (int64_t)d->length : position); i + 1 < d->length; i++)
            *slot(d, i) = *slot(d, i + 1); /* NOBARRIER: the same references stay in the same cell */
        take_right(d);
    }
    object_unlock(&d->object);
    return there;
}

static Value delitem_method(Thread *t, Value *args) {
    int64_t i;
    CHECK(position_of(t, args[1], &i));
    return delete_at(args[0], i, NO_VALUE) ? NONE : raise_index_error(t, "deque index out of range");
}

static Value insert_method(Thread *t, Value *args) {
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    Deque *d = as_deque(args[0]);
    for (;;) {
        object_lock(&d->object);
        int64_t length = (int64_t)d->length;
        int64_t maximum = load_relaxed(&d->maximum);
        bool full = maximum >= 0 && length >= maximum, room = d->length < d->capacity;
        if (!full && room) {
            int64_t i = index < 0 ? (index + length < 0 ? 0 : index + length) : index > length ? length : index;
            push_right(d, args[2]);
            for (int64_t j = length; j > i; j--)
                *slot(d, (size_t)j) = *slot(d, (size_t)j - 1); /* NOBARRIER: push_right logged the ring */
            *slot(d, (size_t)i) = args[2];
        }
        object_unlock(&d->object);
        if (full)
            return raise_index_error(t, "deque already at its maximum size");
        if (room)
            return NONE;
        CHECK(grow(t, d));
    }
}

/* Position of an equal item in [start, stop): -1 not there, -2 error, also when a comparison changes the deque. What other
 * threads change meanwhile comes before or after: then a copy is searched. */
static int64_t find(Thread *t, Value deque, Value value, int64_t start, int64_t stop, Type *error, const char *message) {
    uint64_t state = load_relaxed(&as_deque(deque)->state);
    for (int64_t i = start; i < stop; i++) {
        Value item = get(deque, (size_t)i);
        if (absent(item))
            break;
        int equals = equal(t, item, value);
        if (equals < 0)
            return -2;
        bool changed = state != load_relaxed(&as_deque(deque)->state);
        if (changed && is_plain_key(item) && is_plain_key(value)) {
            Value copy = copy_exact(t, as_deque(deque));
            return absent(copy) ? -2 : find(t, copy, value, start, stop, error, message);
        }
        if (changed) {
            raise_error(t, error, "%s", message);
            return -2;
        }
        if (equals)
            return i;
    }
    return -1;
}

static const char mutated[] = "deque mutated during iteration";

static Value contains_method(Thread *t, Value *args) {
    int64_t i = find(t, args[0], args[1], 0, INT64_MAX, &RuntimeError_type, mutated);
    return i == -2 ? NO_VALUE : from_bool(i >= 0);
}

static Value index_method(Thread *t, Value *args) {
    int64_t start = 0, length = (int64_t)length_of_deque(args[0]), stop = length;
    CHECK((absent(args[2]) || sequence_position(t, args[2], &start)) && (absent(args[3]) || sequence_position(t, args[3], &stop)));
    if (start < 0)
        start = start + length < 0 ? 0 : start + length;
    if (stop < 0)
        stop = stop + length < 0 ? 0 : stop + length;
    int64_t i = find(t, args[0], args[1], start, stop < length ? stop : length, &RuntimeError_type, mutated);
    if (i == -1)
        raise_value_error(t, "deque.index(x): x not in deque");
    return i < 0 ? NO_VALUE : small_int(i);
}

static Value remove_method(Thread *t, Value *args) {
    for (;;) {
        int64_t i = find(t, args[0], args[1], 0, INT64_MAX, &IndexError_type, "deque mutated during remove().");
        if (i == -1)
            raise_value_error(t, "deque.remove(x): x not in deque");
        if (i < 0)
            return NO_VALUE;
        Value item = get(args[0], (size_t)i);
        int equals = absent(item) ? 0 : same(item, args[1]) ? 1 : is_plain_key(item) ? equal(t, item, args[1]) : 1;
        if (equals < 0)
            return NO_VALUE;
        if (equals && delete_at(args[0], i, item))
            return NONE; /* else other threads moved it since */
    }
}

static Value count_in(Thread *t, Value deque, Value value) {
    uint64_t state = load_relaxed(&as_deque(deque)->state);
    int64_t count = 0;
    for (size_t i = 0;; i++) {
        Value item = get(deque, i);
        if (absent(item))
            return small_int(count);
        int equals = equal(t, item, value);
        if (equals < 0)
            return NO_VALUE;
        count += equals;
        if (likely(state == load_relaxed(&as_deque(deque)->state)))
            continue;
        if (!is_plain_key(item) || !is_plain_key(value))
            return raise_error(t, &RuntimeError_type, "%s", mutated);
        return count_in(t, TRY(copy_exact(t, as_deque(deque))), value); /* other threads did: it is what it was before or after */
    }
}

static Value count_method(Thread *t, Value *args) { return count_in(t, args[0], args[1]); }

/* Operators */

static Value add_method(Thread *t, Value *args) {
    if (!is_deque(args[1]))
        return raise_type_error(t, "can only concatenate deque (not \"%T\") to deque", args[1]);
    Value result = TRY(copy(t, args[0]));
    CHECK(extend(t, result, args[1], false));
    return result;
}

static Value iadd_method(Thread *t, Value *args) {
    CHECK(extend(t, args[0], args[1], false));
    return args[0];
}

static bool repeat(Thread *t, Value deque, int64_t times) {
    if (times <= 0) {
        clear(deque);
        return true;
    }
    Value items = list_from_iterable(t, deque);
    if (absent(items))
        return false;
    int64_t length = (int64_t)list_length(items), total, maximum = load_relaxed(&as_deque(deque)->maximum);
    if (__builtin_mul_overflow(length, times, &total) || total > INT64_MAX / 32) {
        raise_no_memory(t);
        return false;
    }
    if (maximum >= 0 && length > 0 && times > maximum / length + 2) /* more rounds leave nothing new behind */
        times = maximum / length + 2;
    for (int64_t round = 1; round < times; round++)
        for (int64_t i = 0; i < length; i++)
            if (!add(t, deque, list_get(items, (size_t)i), false))
                return false;
    return true;
}

static Value imul_method(Thread *t, Value *args) {
    int64_t times;
    CHECK(index_as_ssize(t, args[1], &times, false, &OverflowError_type));
    CHECK(repeat(t, args[0], times));
    return args[0];
}

static Value mul_method(Thread *t, Value *args) {
    int64_t times;
    CHECK(index_as_ssize(t, args[1], &times, false, &OverflowError_type));
    Value result = TRY(copy(t, args[0]));
    CHECK(repeat(t, result, times));
    return result;
}

static Value compare_deques(Thread *t, Value *args, Comparison op) {
    return is_deque(args[1]) ? sequence_compare(t, args[0], args[1], (int)op, length_of_deque, get) : NOT_IMPLEMENTED;
}
static Value lt_method(Thread *t, Value *args) { return compare_deques(t, args, COMPARE_LT); }
static Value le_method(Thread *t, Value *args) { return compare_deques(t, args, COMPARE_LE); }
static Value eq_method(Thread *t, Value *args) { return compare_deques(t, args, COMPARE_EQ); }
static Value ne_method(Thread *t, Value *args) { return compare_deques(t, args, COMPARE_NE); }
static Value gt_method(Thread *t, Value *args) { return compare_deques(t, args, COMPARE_GT); }
static Value ge_method(Thread *t, Value *args) { return compare_deques(t, args, COMPARE_GE); }

static Value repr_method(Thread *t, Value *args) {
    int entered = repr_enter(t, args[0]);
    if (entered)
        return entered < 0 ? NO_VALUE : str_from_text(t, "[...]");
    Value list = list_from_iterable(t, args[0]), text = NO_VALUE, name = load(&type_of(args[0])->name);
    int64_t maximum = load_relaxed(&as_deque(args[0])->maximum);
    if (present(list))
        text = maximum < 0 ? format_text(t, "%S(%R)", name, list) : format_text(t, "%S(%R, maxlen=%zd)", name, list, maximum);
    repr_leave(t, args[0]);
    return text;
}

static Value reduce_method(Thread *t, Value *args) {
    int64_t maximum = load_relaxed(&as_deque(args[0])->maximum);
    Value state = TRY(call_method_0(t, args[0], names.__getstate__)), it = TRY(get_iterator(t, args[0]));
    Value arguments = maximum < 0 ? empty_tuple : TRY(tuple_pack(t, 2, empty_tuple, TRY(int_from(t, maximum))));
    return tuple_pack(t, 4, from_object(type_of(args[0])), arguments, state, it);
}

static Value sizeof_method(Thread *t, Value *args) {
    Deque *d = as_deque(args[0]);
    Slots *ring = load_acquire(&d->ring);
    return small_int((int64_t)(heap_cell_size(&d->object) + (ring ? heap_cell_size(&ring->object) : 0)));
}

static Value get_maxlen(Thread *t, Value *args) {
    int64_t maximum = load_relaxed(&as_deque(args[0])->maximum);
    return maximum < 0 ? NONE : int_from(t, maximum);
}

/* Iterators */

typedef struct DequeIterator {
    Object object;
    Value deque;
    int64_t index, left; /* left: items still to come */
    uint64_t state;
    Thread *owner; /* types/iterator.h */
} DequeIterator;

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((DequeIterator *)o)->deque); }

static Value iterator_new(Thread *t, Type *type, Value deque) {
    DequeIterator *it = heap_allocate(t, type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->deque = deque;
    it->owner = t;
    it->left = (int64_t)length_of_deque(deque);
    it->index = type == &deque_iterator_type ? 0 : it->left - 1;
    it->state = load_relaxed(&as_deque(deque)->state);
    return from_object(it);
}

static Value iter_method(Thread *t, Value *args) { return iterator_new(t, &deque_iterator_type, args[0]); }
static Value reversed_method(Thread *t, Value *args) { return iterator_new(t, &deque_reverse_iterator_type, args[0]); }

static Value iterator_advance(Thread *t, DequeIterator *it, int step) {
    bool locked = step_begin(t, &it->object, &it->owner);
    bool changed = it->state != load_relaxed(&as_deque(it->deque)->state), ended = !changed && it->left <= 0;
    Value item = changed || ended ? NO_VALUE : get(it->deque, (size_t)it->index);
    store_relaxed(&it->left, changed ? 0 : ended ? it->left : it->left - 1);
    store_relaxed(&it->index, it->index + step);
    step_end(&it->object, locked);
    return present(item) || ended ? item : raise_error(t, &RuntimeError_type, "%s", mutated);
}

static Value next_forward(Thread *t, Value self) {
    DequeIterator *it = (DequeIterator *)as_object(self);
    return iterator_advance(t, it, 1);
}
static Value next_backward(Thread *t, Value self) {
    DequeIterator *it = (DequeIterator *)as_object(self);
    return iterator_advance(t, it, -1);
}

static Value iterator_new_method(Thread *t, Value *args) {
    int64_t skip;
    if (!is_deque(args[1]))
        return raise_type_error(t, "argument 1 must be collections.deque, not %T", args[1]);
    CHECK(index_as_ssize(t, args[2], &skip, false, NULL));
    Value iterator = TRY(iterator_new(t, as_type(args[0]), args[1]));
    DequeIterator *it = (DequeIterator *)as_object(iterator);
    skip = skip < 0 ? 0 : skip > it->left ? it->left : skip;
    it->index += as_type(args[0]) == &deque_iterator_type ? skip : -skip;
    it->left -= skip;
    return iterator;
}

static Value iterator_length_hint(Thread *t, Value *args) { return small_int(load_relaxed(&((DequeIterator *)as_object(args[0]))->left)); }

static Value iterator_reduce(Thread *t, Value *args) {
    DequeIterator *it = (DequeIterator *)as_object(args[0]);
    int64_t passed = (int64_t)length_of_deque(it->deque) - load_relaxed(&it->left);
    return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 2, it->deque, small_int(passed))));
}

static const NativeDef iterator_methods[] = {
    {"__new__(type, deque, index=0, /)", iterator_new_method, NEW_DOC, NATIVE_NO_SIGNATURE},
    GETATTRIBUTE_ROW,
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", iterator_length_hint, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling."},
    {NULL},
};

MODULE_TYPE(deque_iterator_type, _collections) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "collections._deque_iterator", .methods = iterator_methods,
    .next = next_forward, .instance_size = sizeof(DequeIterator),
};
MODULE_TYPE(deque_reverse_iterator_type, _collections) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "collections._deque_reverse_iterator", .methods = iterator_methods,
    .next = next_backward, .instance_size = sizeof(DequeIterator),
};

static const NativeDef methods[] = {
    {"__new__(type, *args, **kwargs)", new_method, NEW_DOC},
    GETATTRIBUTE_ROW,
    {"__init__(self, iterable=<unrepresentable>, maxlen=None)", init, "Initialize self.  See help(type(self)) for accurate signature."},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__lt__(self, value, /)", lt_method, "Return self<value."},
    {"__le__(self, value, /)", le_method, "Return self<=value."},
    {"__eq__(self, value, /)", eq_method, "Return self==value."},
    {"__ne__(self, value, /)", ne_method, "Return self!=value."},
    {"__gt__(self, value, /)", gt_method, "Return self>value."},
    {"__ge__(self, value, /)", ge_method, "Return self>=value."},
    {"__iter__(self, /)", iter_method, "Implement iter(self)."},
    {"__len__(self, /)", len_method, "Return len(self)."},
    {"__add__(self, value, /)", add_method, "Return self+value."},
    {"__mul__(self, value, /)", mul_method, "Return self*value."},
    {"__rmul__(self, value, /)", mul_method, "Return value*self."},
    {"__getitem__(self, key, /)", getitem_method, "Return self[key]."},
    {"__setitem__(self, key, value, /)", setitem_method, "Set self[key] to value."},
    {"__delitem__(self, key, /)", delitem_method, "Delete self[key]."},
    {"__contains__(self, key, /)", contains_method, "Return bool(key in self)."},
    {"__iadd__(self, value, /)", iadd_method, "Implement self+=value."},
    {"__imul__(self, value, /)", imul_method, "Implement self*=value."},
    {"append(self, item, /)", append_method, "Add an element to the right side of the deque."},
    {"appendleft(self, item, /)", appendleft_method, "Add an element to the left side of the deque."},
    {"clear(self, /)", clear_method, "Remove all elements from the deque."},
    {"__copy__(self, /)", copy_method, "Return a shallow copy of a deque."},
    {"copy(self, /)", copy_method, "Return a shallow copy of a deque."},
    {"count(self, value, /)", count_method, "Return number of occurrences of value."},
    {"extend(self, iterable, /)", extend_method, "Extend the right side of the deque with elements from the iterable."},
    {"extendleft(self, iterable, /)", extendleft_method, "Extend the left side of the deque with elements from the iterable."},
    {"index(self, value, [start, [stop]], /)", index_method,
     "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"insert(self, index, value, /)", insert_method, "Insert value before index."},
    {"pop(self, /)", pop_method, "Remove and return the rightmost element."},
    {"popleft(self, /)", popleft_method, "Remove and return the leftmost element."},
    {"__reduce__(self, /)", reduce_method, "Return state information for pickling."},
    {"remove(self, value, /)", remove_method, "Remove first occurrence of value."},
    {"__reversed__(self, /)", reversed_method, "Return a reverse iterator over the deque."},
    {"reverse(self, /)", reverse_method, "Reverse *IN PLACE*."},
    {"rotate(self, n=1, /)", rotate_method, "Rotate the deque n steps to the right.  If n is negative, rotates left."},
    {"__sizeof__(self, /)", sizeof_method, "Return the size of the deque in memory, in bytes."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

static const GetSetDef getset[] = {
    {"maxlen", get_maxlen, NULL, "maximum size of a deque or None if unbounded"},
    {NULL},
};

MODULE_TYPE(deque_type, _collections) = {
    STATIC_TYPE_HEAD(trace_deque, NULL),
    .name_text = "collections.deque",
    .doc = "A list-like sequence optimized for data accesses near its endpoints.",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF | TYPE_SEQUENCE | TYPE_COPY_FIRST,
    .instance_size = sizeof(Deque),
};
