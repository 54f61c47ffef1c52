/* collections.OrderedDict: a dict that can move keys to either end, compares in order, and goes through the methods of
 * its subclasses where CPython's does.
 *
 * The order is the one that every dict keeps. Threads: as dict.
 */
#include "modules/_collections/internal.h"
#include "object/shape.h"

static void trace_ordered_dict(Tracer *tracer, Object *o) {
    dict_type.head.trace(tracer, o);
    instance_trace(tracer, o);
}

static const char mutated[] = "OrderedDict mutated during iteration";

static bool is_exact(Value v) { return is_exactly(v, &ordered_dict_type); }
static bool is_ordered(Value v) { return is_instance_of(v, &ordered_dict_type); }

/* Iterators: one type for all kinds */

typedef enum IteratorKind { KEYS = 1, VALUES = 2, ITEMS = 3, REVERSED = 4 } IteratorKind;

typedef struct OrderedIterator {
    Object object;
    Value dict; /* absent: exhausted */
    IteratorKind kind;
    int64_t position;
    uint64_t version;
    size_t used;
} OrderedIterator;

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((OrderedIterator *)o)->dict); }

static Value iterator_new(Thread *t, Value dict, int kind) {
    OrderedIterator *it = heap_allocate(t, &odict_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    DictTable *table = load_acquire(&as_dict(dict)->table);
    it->dict = dict;
    it->kind = (IteratorKind)kind;
    it->position = kind & REVERSED ? (int64_t)load_relaxed(&table->end) - 1 : (int64_t)load_relaxed(&table->first);
    it->version = load_relaxed(&as_dict(dict)->version);
    it->used = dict_length(dict);
    return from_object(it);
}

static Value iterator_failed(Thread *t, OrderedIterator *it, const char *message) {
    store_release(&it->dict.bits, 0);
    return message ? raise_error(t, &RuntimeError_type, "%s", message) : NO_VALUE;
}

static Value iterator_next_item(Thread *t, Value self) {
    OrderedIterator *it = (OrderedIterator *)as_object(self);
    Value dict = load(&it->dict), key, value;
    if (absent(dict))
        return NO_VALUE;
    if (it->version != load_relaxed(&as_dict(dict)->version))
        return iterator_failed(t, it, mutated);
    DictTable *table = load_acquire(&as_dict(dict)->table);
    int64_t i, from = load_relaxed(&it->position), count = load_acquire(&table->count), step = it->kind & REVERSED ? -1 : 1;
    do {
        for (i = from;; i += step) {
            if (i < 0 || i >= count)
                return iterator_failed(t, it, NULL);
            DictEntry *e = dict_entry(table, (size_t)i);
            value = load(&e->value);
            key = load(&e->key);
            if (present(value) && present(key))
                break;
        }
        if (likely(!load_relaxed(&runtime_threaded))) {
            it->position = i + step;
            break;
        }
    } while (!compare_exchange(&it->position, &from, i + step)); /* another thread has taken that one */
    int kind = it->kind & ITEMS;
    return kind == KEYS ? key : kind == VALUES ? value : tuple_pack(t, 2, key, value);
}

static Value iterator_reduce(Thread *t, Value *args) {
    OrderedIterator *it = (OrderedIterator *)as_object(args[0]);
    OrderedIterator *copy = heap_allocate(t, &odict_iterator_type, sizeof *copy);
    if (!copy)
        return NO_VALUE;
    memcpy(&copy->dict, &it->dict, sizeof *it - offsetof(OrderedIterator, dict));
    Value rest = TRY(list_from_iterable(t, from_object(copy)));
    return tuple_pack(t, 2, TRY(iterator_builtin(t, names.iter)), TRY(tuple_pack(t, 1, rest)));
}

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling"},
    {NULL},
};

MODULE_TYPE(odict_iterator_type, _collections) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "odict_iterator",
    .methods = iterator_methods,
    .next = iterator_next_item,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(OrderedIterator),
};

/* Views: those of dict with iterators of ours */

static Value view_dict(Value view) { return *(Value *)(as_object(view) + 1); }

#define VIEW(name, text, kind)                                                                                      \
    static Value name##_iter(Thread *t, Value *args) { return iterator_new(t, view_dict(args[0]), kind); }          \
    static Value name##_reversed(Thread *t, Value *args) {                                                          \
        return iterator_new(t, view_dict(args[0]), kind | REVERSED);                                                \
    }                                                                                                               \
    static const NativeDef name##_methods[] = {{"__iter__(self, /)", name##_iter, "Implement iter(self)."},         \
                                               {"__reversed__(self, /)", name##_reversed, NULL},                    \
                                               {NULL}};                                                             \
    MODULE_TYPE(odict_##name##_type, _collections) = {STATIC_TYPE_HEAD(NULL, NULL), .name_text = text,              \
                                        .base_static = &dict_##name##_type, .methods = name##_methods,              \
                                        .flags = TYPE_NO_NEW}
VIEW(keys, "odict_keys", KEYS);
VIEW(values, "odict_values", VALUES);
VIEW(items, "odict_items", ITEMS);
#undef VIEW

static Value keys_method(Thread *t, Value *args) { return dict_view_new(t, args[0], &odict_keys_type); }
static Value values_method(Thread *t, Value *args) { return dict_view_new(t, args[0], &odict_values_type); }
static Value items_method(Thread *t, Value *args) { return dict_view_new(t, args[0], &odict_items_type); }
static Value iter_method(Thread *t, Value *args) { return iterator_new(t, args[0], KEYS); }
static Value reversed_method(Thread *t, Value *args) { return iterator_new(t, args[0], KEYS | REVERSED); }

/* update: every item goes through __setitem__ */

static bool set_pair(Thread *t, void *context, Value pair) {
    Value it = get_iterator(t, pair), parts[3];
    if (absent(it))
        return false;
    size_t count = 0;
    while (count < 3 && present(parts[count] = iterator_next(t, it)))
        count++;
    if (error_pending(t))
        return false;
    if (count < 2)
        raise_value_error(t, "need more than %zu value%s to unpack", count, count == 1 ? "" : "s");
    else if (count > 2)
        raise_value_error(t, "too many values to unpack (expected 2)");
    return count == 2 && set_item(t, *(Value *)context, parts[0], parts[1]);
}

typedef struct KeyVisit {
    Value self, mapping;
} KeyVisit;

static bool set_key(Thread *t, void *context, Value key) {
    KeyVisit *visit = context;
    Value value = get_item(t, visit->mapping, key);
    return present(value) && set_item(t, visit->self, key, value);
}

static bool update_from(Thread *t, Value self, Value other) {
    if (is_exactly(other, &dict_type)) {
        Value items = dict_items_list(t, other);
        return present(items) && iterate(t, items, set_pair, &self);
    }
    Value method = find_attribute(t, other, names.keys);
    if (absent(method) && error_pending(t))
        return false;
    if (present(method)) {
        Value keys = call_0(t, method);
        return present(keys) && iterate(t, keys, set_key, &(KeyVisit){self, other});
    }
    method = find_attribute(t, other, names.items);
    if (absent(method))
        return !error_pending(t) && iterate(t, other, set_pair, &self);
    Value items = call_0(t, method);
    return present(items) && iterate(t, items, set_pair, &self);
}

static Value update_with(Thread *t, Value self, Value args, Value kwargs) {
    if (tuple_length(args))
        CHECK(update_from(t, self, tuple_get(args, 0)));
    if (present(kwargs) && dict_length(kwargs))
        CHECK(update_from(t, self, kwargs));
    return NONE;
}

static Value init(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count > 1)
        return raise_type_error(t, "expected at most 1 argument, got %zu", count);
    return update_with(t, args[0], args[1], args[2]);
}

static Value update_method(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count > 1)
        return raise_type_error(t, "update() takes at most 1 positional argument (%zu given)", count);
    return update_with(t, args[0], args[1], args[2]);
}

/* Items */

static Value setitem(Thread *t, Value *args) {
    CHECK(dict_set(t, args[0], args[1], args[2]));
    return NONE;
}

static Value delitem(Thread *t, Value *args) {
    int deleted = dict_delete(t, args[0], args[1]);
    return deleted < 0 ? NO_VALUE : deleted ? NONE : raise_key_error(t, args[1]);
}

static Value pop_method(Thread *t, Value *args) {
    Value value = dict_pop(t, args[0], args[1]);
    if (present(value) || error_pending(t))
        return value;
    return present(args[2]) ? args[2] : raise_key_error(t, args[1]);
}

static Value popitem_method(Thread *t, Value *args) {
    int last = truth(t, args[1]);
    CHECK(last >= 0);
    Value pair = TRY(tuple_new(t, 2)), key, value;
    if (!(last ? dict_pop_last(args[0], &key, &value) : dict_pop_first(args[0], &key, &value)))
        return raise_error(t, &KeyError_type, "dictionary is empty");
    store(as_object(pair), &as_tuple(pair)->items[0], key);
    store(as_object(pair), &as_tuple(pair)->items[1], value);
    return pair;
}

static Value setdefault_method(Thread *t, Value *args) {
    if (is_exact(args[0]))
        return dict_setdefault(t, args[0], args[1], args[2]);
    int there = contains(t, args[0], args[1]);
    CHECK(there >= 0);
    if (there)
        return get_item(t, args[0], args[1]);
    CHECK(set_item(t, args[0], args[1], args[2]));
    return args[2];
}

static Value move_to_end_method(Thread *t, Value *args) {
    int last = truth(t, args[2]);
    CHECK(last >= 0);
    int moved = dict_move(t, args[0], args[1], last);
    return moved < 0 ? NO_VALUE : moved ? NONE : raise_key_error(t, args[1]);
}

static Value clear_method(Thread *t, Value *args) {
    dict_clear(t, args[0]);
    return NONE;
}

typedef struct FromKeysVisit {
    Value dict, value;
} FromKeysVisit;

static bool fromkeys_visit(Thread *t, void *context, Value key) {
    FromKeysVisit *visit = context;
    return set_item(t, visit->dict, key, visit->value);
}

static Value fromkeys_method(Thread *t, Value *args) {
    FromKeysVisit visit = {TRY(call_0(t, args[0])), args[2]};
    CHECK(iterate(t, args[1], fromkeys_visit, &visit));
    return visit.dict;
}

/* Copies, comparison, representation */

static Value copy_method(Thread *t, Value *args) {
    Value self = args[0], result = TRY(call_0(t, from_object(type_of(self)))), keys = TRY(dict_keys_list(t, self));
    uint64_t version = load_acquire(&as_dict(self)->version);
    for (size_t i = 0; i < list_length(keys); i++) {
        Value key = list_get(keys, i);
        Value value = is_exact(self) ? dict_get(t, self, key) : get_item(t, self, key);
        if (absent(value) && !error_pending(t))
            raise_error(t, &RuntimeError_type, "%s", mutated);
        CHECK(present(value) && (is_exact(self) ? dict_set(t, result, key, value) : set_item(t, result, key, value)));
        if (load_acquire(&as_dict(self)->version) != version)
            return raise_error(t, &RuntimeError_type, "%s", mutated);
    }
    return result;
}

static int same_order(Thread *t, Value a, Value b) {
    Value keys_a = dict_keys_list(t, a), keys_b = present(keys_a) ? dict_keys_list(t, b) : NO_VALUE;
    uint64_t version_a = load_acquire(&as_dict(a)->version), version_b = load_acquire(&as_dict(b)->version);
    if (absent(keys_b))
        return -1;
    for (size_t i = 0;; i++) {
        Value x = list_get(keys_a, i), y = list_get(keys_b, i);
        if (absent(x) || absent(y))
            return absent(x) && absent(y);
        int equals = equal(t, x, y);
        if (equals <= 0)
            return equals;
        if (load_acquire(&as_dict(a)->version) != version_a || load_acquire(&as_dict(b)->version) != version_b) {
            raise_error(t, &RuntimeError_type, "%s", mutated);
            return -1;
        }
    }
}

static Value eq_method(Thread *t, Value *args) {
    if (!is_dict(args[1]))
        return NOT_IMPLEMENTED;
    int equals = dict_equal(t, args[0], args[1]);
    if (equals > 0 && is_ordered(args[1]))
        equals = same_order(t, args[0], args[1]);
    return equals < 0 ? NO_VALUE : from_bool(equals);
}

static Value ne_method(Thread *t, Value *args) {
    Value equals = TRY(eq_method(t, args));
    return same(equals, NOT_IMPLEMENTED) ? equals : from_bool(same(equals, FALSE));
}

static Value unordered(Thread *t, Value *args) { return NOT_IMPLEMENTED; }

static Value joined(Thread *t, Type *type, Value left, Value right) {
    Value result = TRY(call_1(t, from_object(type), left));
    CHECK(update_from(t, result, right));
    return result;
}

static Value or_method(Thread *t, Value *args) {
    return is_dict(args[1]) ? joined(t, type_of(args[0]), args[0], args[1]) : NOT_IMPLEMENTED;
}
static Value ror_method(Thread *t, Value *args) {
    return is_dict(args[1]) ? joined(t, type_of(args[0]), args[1], args[0]) : NOT_IMPLEMENTED;
}
static Value ior_method(Thread *t, Value *args) {
    CHECK(update_from(t, args[0], args[1]));
    return args[0];
}

static Value contents_repr(Thread *t, Value self) {
    Value contents;
    if (is_exact(self)) {
        contents = TRY(dict_copy(t, self));
    } else {
        contents = TRY(dict_new(t));
        CHECK(dict_update(t, contents, TRY(call_method_0(t, self, names.items))));
    }
    return format_text(t, "%S(%R)", load(&type_of(self)->name), contents);
}

static Value repr_method(Thread *t, Value *args) {
    if (dict_length(args[0]) == 0)
        return format_text(t, "%S()", load(&type_of(args[0])->name));
    int entered = repr_enter(t, args[0]);
    if (entered)
        return entered < 0 ? NO_VALUE : str_from_text(t, "...");
    Value text = contents_repr(t, args[0]);
    repr_leave(t, args[0]);
    return text;
}

static Value reduce_method(Thread *t, Value *args) {
    Value state = TRY(call_method_0(t, args[0], names.__getstate__));
    Value items = TRY(get_iterator(t, TRY(call_method_0(t, args[0], names.items))));
    return tuple_pack(t, 5, from_object(type_of(args[0])), empty_tuple, state, NONE, items);
}

/* The word for attributes comes on top of what a dict has. */
static Value sizeof_method(Thread *t, Value *args) { return small_int((int64_t)(dict_memory(args[0]) + sizeof(Value))); }

static const NativeDef methods[] = {
    {"__init__(self, /, *args, **kwargs)", init, "Initialize self.  See help(type(self)) for accurate signature."},
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__lt__(self, value, /)", unordered, "Return self<value."},
    {"__le__(self, value, /)", unordered, "Return self<=value."},
    {"__eq__(self, value, /)", eq_method, "Return self==value."},
    {"__ne__(self, value, /)", ne_method, "Return self!=value."},
    {"__gt__(self, value, /)", unordered, "Return self>value."},
    {"__ge__(self, value, /)", unordered, "Return self>=value."},
    {"__iter__(self, /)", iter_method, "Implement iter(self)."},
    {"__or__(self, value, /)", or_method, "Return self|value."},
    {"__ror__(self, value, /)", ror_method, "Return value|self."},
    {"__ior__(self, value, /)", ior_method, "Return self|=value."},
    {"__setitem__(self, key, value, /)", setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", delitem, "Delete self[key]."},
    {"fromkeys(type, /, iterable, value=None)", fromkeys_method,
     "Create a new ordered dictionary with keys from iterable and values set to value.", NATIVE_CLASS},
    {"__sizeof__(self, /)", sizeof_method, NULL},
    {"__reduce__(self, /)", reduce_method, "Return state information for pickling"},
    {"setdefault(self, /, key, default=None)", setdefault_method,
     "Insert key with a value of default if key is not in the dictionary.\n\n"
     "Return the value for key if key is in the dictionary, else default."},
    {"pop(self, /, key, default=<unrepresentable>)", pop_method,
     "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\n"
     "If the key is not found, return the default if given; otherwise,\nraise a KeyError."},
    {"popitem(self, /, last=True)", popitem_method,
     "Remove and return a (key, value) pair from the dictionary.\n\n"
     "Pairs are returned in LIFO order if last is true or FIFO order if\nfalse."},
    {"keys(self, /)", keys_method, NULL},
    {"values(self, /)", values_method, NULL},
    {"items(self, /)", items_method, NULL},
    {"update(self, /, *args, **kwargs)", update_method, NULL, NATIVE_NO_SIGNATURE},
    {"clear(self, /)", clear_method, "Remove all items from ordered dict."},
    {"copy(self, /)", copy_method, "A shallow copy of ordered dict."},
    {"__reversed__(self, /)", reversed_method, "od.__reversed__() <==> reversed(od)"},
    {"move_to_end(self, /, key, last=True)", move_to_end_method,
     "Move an existing element to the end (or beginning if last is false).\n\n"
     "Raise KeyError if the element does not exist."},
    {NULL},
};

MODULE_TYPE(ordered_dict_type, _collections) = {
    STATIC_TYPE_HEAD(trace_ordered_dict, NULL),
    .name_text = "collections.OrderedDict",
    .doc = "Dictionary that remembers insertion order",
    .base_static = &dict_type,
    .methods = methods,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_NO_MODULE,
    .instance_size = sizeof(DictObject),
};
