/* Pickling tuples, lists, dicts and sets.
 *
 * Other threads may change a container while it is written: what is seen is what some order of events allows, and a
 * change of size is an error as in a `for` loop over a dict or set.
 */
#include "modules/_pickle/pickle.h"
#include "types/iterator.h"

static bool note_item(Thread *t, Value object, size_t index) {
    char what[32];
    snprintf(what, sizeof what, "item %zu", index);
    return pickler_note(t, object, what);
}

static bool note_key(Thread *t, Value object, Value key) {
    Value error = error_take(t), text = format_text(t, "item %R", key);
    const char *what = absent(text) ? NULL : str_utf8(t, text, NULL);
    if (what == NULL)
        error_clear(t);
    error_restore(t, error);
    return what ? pickler_note(t, object, what) : false;
}

static bool save_item(Thread *t, Pickler *p, Value item, Value object, size_t index) {
    return likely(pickler_save(t, p, item)) || note_item(t, object, index);
}

static bool save_pair(Thread *t, Pickler *p, Value key, Value value, Value object) {
    return pickler_save(t, p, key) && (likely(pickler_save(t, p, value)) || note_key(t, object, key));
}

enum { FAST_NESTING_LIMIT = 50 };

bool pickler_fast_enter(Thread *t, Pickler *p, Value v) {
    if (++p->fast_nesting < FAST_NESTING_LIMIT)
        return true;
    if (absent(p->fast_seen)) {
        Value seen = dict_new(t);
        if (absent(seen))
            return false;
        store(p, &p->fast_seen, seen);
    }
    Value id = object_id(t, v);
    int known = absent(id) ? -1 : dict_contains(t, p->fast_seen, id);
    if (known == 0)
        return dict_set(t, p->fast_seen, id, NONE);
    if (known > 0) {
        Value message = format_text(t, "fast mode: can't pickle cyclic objects including object type %T at ", v);
        char address[24];
        snprintf(address, sizeof address, "%p", (void *)v.bits);
        if (present(message))
            raise_value_error(t, "%S%s", message, address);
    }
    p->fast_nesting = 0;
    return false;
}

bool pickler_fast_leave(Thread *t, Pickler *p, Value v, bool ok) {
    if (p->fast_nesting-- < FAST_NESTING_LIMIT || absent(p->fast_seen))
        return ok;
    Value error = error_take(t), id = object_id(t, v);
    if (absent(id) || dict_delete(t, p->fast_seen, id) < 0)
        error_clear(t);
    error_restore(t, error);
    return ok;
}

/* Tuples are made after their items. A tuple that its own items refer to is in the memo by then: what was pushed is
 * popped again. */
bool pickler_save_tuple(Thread *t, Pickler *p, Value v) {
    static const char made[] = {OP_EMPTY_TUPLE, (char)OP_TUPLE1, (char)OP_TUPLE2, (char)OP_TUPLE3};
    size_t n = tuple_length(v);
    if (n == 0)
        return p->protocol ? write_op(t, p, OP_EMPTY_TUPLE) : write_bytes(t, p, "(t", 2);
    bool small = n <= 3 && p->protocol >= 2, found;
    if (!small && !write_op(t, p, OP_MARK))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!save_item(t, p, tuple_get(v, i), v, i))
            return false;
    size_t index;
    if (unlikely(pickler_memo_find(&p->memo, v, &index))) {
        size_t pops = small ? n : p->bin ? 0 : n + 1;
        if (!pops && !write_op(t, p, OP_POP_MARK))
            return false;
        for (size_t i = 0; i < pops; i++)
            if (!write_op(t, p, OP_POP))
                return false;
        return pickler_write_get(t, p, v, &found);
    }
    return write_op(t, p, small ? (Opcode)(uint8_t)made[n] : OP_TUPLE) && pickler_memoize(t, p, v);
}

/* From any iterator. A batch of one has no mark. */
bool pickler_batch_list(Thread *t, Pickler *p, Value iterator, Value object) {
    size_t index = 0, batch;
    if (!p->bin) {
        for (Value item; present(item = iterator_next(t, iterator)); index++)
            if (!save_item(t, p, item, object, index) || !write_op(t, p, OP_APPEND))
                return false;
        return !error_pending(t);
    }
    do {
        Value first = iterator_next(t, iterator);
        if (absent(first))
            break;
        Value item = iterator_next(t, iterator);
        if (absent(item))
            return !error_pending(t) && save_item(t, p, first, object, index) && write_op(t, p, OP_APPEND);
        if (!write_op(t, p, OP_MARK) || !save_item(t, p, first, object, index++))
            return false;
        for (batch = 1; present(item); item = iterator_next(t, iterator)) {
            if (!save_item(t, p, item, object, index++))
                return false;
            if (++batch == BATCH_SIZE)
                break;
        }
        if (error_pending(t) || !write_op(t, p, OP_APPENDS))
            return false;
    } while (batch == BATCH_SIZE);
    return !error_pending(t);
}

static bool batch_exact_list(Thread *t, Pickler *p, Value v) {
    size_t i = 0;
    Value item = list_get(v, 0);
    if (list_length(v) == 1 && present(item))
        return save_item(t, p, item, v, 0) && write_op(t, p, OP_APPEND);
    do {
        size_t start = i;
        if (!write_op(t, p, OP_MARK))
            return false;
        for (; i - start < BATCH_SIZE && present(item = list_get(v, i)); i++)
            if (!save_item(t, p, item, v, i))
                return false;
        if (!write_op(t, p, OP_APPENDS))
            return false;
    } while (i < list_length(v));
    return true;
}

static bool list_contents(Thread *t, Pickler *p, Value v) {
    if (list_length(v) == 0)
        return true;
    if (p->bin)
        return batch_exact_list(t, p, v);
    Value iterator = get_iterator(t, v);
    return present(iterator) && pickler_batch_list(t, p, iterator, v);
}

bool pickler_save_list(Thread *t, Pickler *p, Value v) {
    if (p->fast && !pickler_fast_enter(t, p, v))
        return false;
    bool ok = (p->bin ? write_op(t, p, OP_EMPTY_LIST) : write_bytes(t, p, "(l", 2)) && pickler_memoize(t, p, v) &&
              list_contents(t, p, v);
    return p->fast ? pickler_fast_leave(t, p, v, ok) : ok;
}

static bool next_pair(Thread *t, Value iterator, Value *key, Value *value) {
    Value pair = iterator_next(t, iterator);
    if (absent(pair))
        return false;
    if (!is_tuple(pair) || tuple_length(pair) != 2) {
        raise_type_error(t, "dict items iterator must return 2-tuples");
        return false;
    }
    *key = tuple_get(pair, 0);
    *value = tuple_get(pair, 1);
    return true;
}

bool pickler_batch_dict(Thread *t, Pickler *p, Value iterator, Value object) {
    Value key, value, first_key, first_value;
    size_t batch;
    if (!p->bin) {
        while (next_pair(t, iterator, &key, &value))
            if (!save_pair(t, p, key, value, object) || !write_op(t, p, OP_SETITEM))
                return false;
        return !error_pending(t);
    }
    do {
        if (!next_pair(t, iterator, &first_key, &first_value))
            break;
        if (!next_pair(t, iterator, &key, &value))
            return !error_pending(t) && save_pair(t, p, first_key, first_value, object) && write_op(t, p, OP_SETITEM);
        if (!write_op(t, p, OP_MARK) || !save_pair(t, p, first_key, first_value, object))
            return false;
        batch = 1;
        do {
            if (!save_pair(t, p, key, value, object))
                return false;
        } while (++batch < BATCH_SIZE && next_pair(t, iterator, &key, &value));
        if (error_pending(t) || !write_op(t, p, OP_SETITEMS))
            return false;
    } while (batch == BATCH_SIZE);
    return !error_pending(t);
}

/* The items of v, or of a copy of it. */
static bool batch_exact_dict(Thread *t, Pickler *p, Value v, Value items) {
    size_t position = 0, size = dict_length(items), batch;
    Value key, value;
    if (size == 1)
        return !dict_next(items, &position, &key, &value) ||
               (save_pair(t, p, key, value, v) && write_op(t, p, OP_SETITEM));
    do {
        batch = 0;
        if (!write_op(t, p, OP_MARK))
            return false;
        while (batch < BATCH_SIZE && dict_next(items, &position, &key, &value)) {
            if (!save_pair(t, p, key, value, v))
                return false;
            batch++;
            if (dict_length(items) != size) {
                raise_error(t, &RuntimeError_type, "dictionary changed size during iteration");
                return false;
            }
        }
        if (!write_op(t, p, OP_SETITEMS))
            return false;
    } while (batch == BATCH_SIZE);
    return true;
}

static bool dict_contents(Thread *t, Pickler *p, Value v) {
    if (dict_length(v) == 0)
        return true;
    if (p->bin) {
        Value items = iterable_at_once(t, v);
        return present(items) && batch_exact_dict(t, p, v, items);
    }
    Value items = dict_items_list(t, v), iterator = absent(items) ? items : get_iterator(t, items);
    return present(iterator) && pickler_batch_dict(t, p, iterator, v);
}

bool pickler_save_dict(Thread *t, Pickler *p, Value v) {
    if (p->fast && !pickler_fast_enter(t, p, v))
        return false;
    bool ok = (p->bin ? write_op(t, p, OP_EMPTY_DICT) : write_bytes(t, p, "(d", 2)) && pickler_memoize(t, p, v) &&
              dict_contents(t, p, v);
    return p->fast ? pickler_fast_leave(t, p, v, ok) : ok;
}

/* Sets before protocol 4: a call with a list. */
static bool save_set_reduced(Thread *t, Pickler *p, Value v) {
    Value items = list_from_iterable(t, v), args = absent(items) ? items : tuple_pack(t, 1, items);
    return present(args) && pickler_save_call(t, p, from_object(type_of(v)), args, v);
}

/* The items of v, or of a copy of it. */
static bool put_items(Thread *t, Pickler *p, Value v, Value items, size_t *position, size_t limit, size_t *count) {
    size_t size = set_length(items);
    Value item;
    for (*count = 0; *count < limit && set_next(items, position, &item); ++*count) {
        if (!pickler_save(t, p, item))
            return pickler_note(t, v, "element");
        if (set_length(items) != size) {
            raise_error(t, &RuntimeError_type, "set changed size during iteration");
            return false;
        }
    }
    return true;
}

bool pickler_save_set(Thread *t, Pickler *p, Value v) {
    if (p->protocol < 4)
        return save_set_reduced(t, p, v);
    if (!write_op(t, p, OP_EMPTY_SET) || !pickler_memoize(t, p, v))
        return false;
    size_t position = 0, count = BATCH_SIZE;
    Value items = iterable_at_once(t, v);
    if (absent(items))
        return false;
    if (set_length(items) == 0)
        return true;
    while (count == BATCH_SIZE)
        if (!write_op(t, p, OP_MARK) || !put_items(t, p, v, items, &position, BATCH_SIZE, &count) ||
            !write_op(t, p, OP_ADDITEMS))
            return false;
    return true;
}

bool pickler_save_frozenset(Thread *t, Pickler *p, Value v) {
    size_t position = 0, count, index;
    bool found;
    if (p->protocol < 4)
        return save_set_reduced(t, p, v);
    if (!write_op(t, p, OP_MARK) || !put_items(t, p, v, v, &position, SIZE_MAX, &count))
        return false;
    if (pickler_memo_find(&p->memo, v, &index))
        return write_op(t, p, OP_POP_MARK) && pickler_write_get(t, p, v, &found);
    return write_op(t, p, OP_FROZENSET) && pickler_memoize(t, p, v);
}
