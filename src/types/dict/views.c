/* dict views (keys, values, items) and the iterators over dicts.
 *
 * An iterator notices that the dict's size changed (RuntimeError) and, by counting what it still owes, that keys were
 * exchanged. Threads: types/iterator.h.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/shape.h"
#include "types/dict/dict_internal.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/tuple.h"
#include "types/iterator.h"

typedef struct DictIterator {
    Object object;
    Value dict;        /* absent: exhausted */
    int64_t position;  /* entry to look at next */
    int64_t used;      /* the dict's size at the start; -1: it changed */
    int64_t remaining; /* keys still to come */
    Thread *owner;     /* types/iterator.h */
} DictIterator;

typedef struct DictView {
    Object object;
    Value dict;
} DictView;

Value dict_view_copy(Thread *t, Value view) {
    Value dict = ((DictView *)as_object(view))->dict;
    return is_exactly(dict, &dict_type) ? dict_view_new(t, TRY(dict_copy(t, dict)), type_of(view)) : view;
}

/* Iterators */

extern Type dict_key_iterator_type, dict_value_iterator_type, dict_item_iterator_type, dict_reverse_key_iterator_type,
    dict_reverse_value_iterator_type, dict_reverse_item_iterator_type;

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((DictIterator *)o)->dict); }

Value dict_iterator_new(Thread *t, Value dict, Type *type) {
    DictIterator *it = heap_allocate(t, type, sizeof *it);
    if (!it)
        return NO_VALUE;
    bool reverse = type == &dict_reverse_key_iterator_type || type == &dict_reverse_value_iterator_type ||
                   type == &dict_reverse_item_iterator_type;
    DictTable *table = load_acquire(&as_dict(dict)->table);
    it->dict = dict;
    it->used = it->remaining = (int64_t)dict_length(dict);
    it->owner = t;
    int64_t last = table == &dict_attached_table ? it->used : (int64_t)load_acquire(&table->count);
    it->position = reverse ? last - 1 : (int64_t)load_relaxed(&table->first);
    return from_object(it);
}

static Value exhaust(DictIterator *it) {
    store_release(&it->dict.bits, 0); /* NOBARRIER: stores no reference */
    return NO_VALUE;
}

typedef enum Step { STEP_DONE, STEP_EXHAUSTED, STEP_SIZE_CHANGED, STEP_KEYS_CHANGED } Step;

[[gnu::always_inline]] static inline Step step_of(DictIterator *it, int step, Value *key, Value *value) {
    Value dict = load(&it->dict);
    if (absent(dict))
        return STEP_EXHAUSTED;
    if (unlikely(it->used != (int64_t)dict_length(dict))) {
        store_relaxed(&it->used, -1);
        return STEP_SIZE_CHANGED;
    }
    bool ended;
    int64_t i = load_relaxed(&it->position);
    /* Where a dict is detached from its instance meanwhile, entries have the numbers that the attributes had. */
    if (unlikely(dict_is_attached(as_dict(dict))) && (i < 0 || attached_item(as_dict(dict), (size_t)i, key, value))) {
        ended = i < 0 || absent(*key);
    } else {
        DictTable *table = load_acquire(&as_dict(dict)->table);
        int64_t count = load_acquire(&table->count);
        for (; i >= 0 && i < count; i += step) {
            DictEntry *e = dict_entry(table, (size_t)i);
            *value = load(&e->value);
            *key = load(&e->key);
            if (present(*value) && present(*key))
                break;
        }
        ended = i < 0 || i >= count;
    }
    if (unlikely(ended || it->remaining == 0)) {
        exhaust(it);
        return ended ? STEP_EXHAUSTED : STEP_KEYS_CHANGED;
    }
    store_relaxed(&it->position, i + step);
    store_relaxed(&it->remaining, it->remaining - 1);
    return STEP_DONE;
}

[[gnu::noinline]] static Step step_shared(Thread *t, DictIterator *it, int direction, Value *key, Value *value) {
    step_begin_shared(t, &it->object, &it->owner);
    Step step = step_of(it, direction, key, value);
    object_unlock(&it->object);
    return step;
}

/* The next living entry; false: exhausted or, with an exception, changed. */
static inline bool advance(Thread *t, Value iterator, int direction, Value *key, Value *value) {
    DictIterator *it = (DictIterator *)as_object(iterator);
    Step step = step_is_own(t, &it->owner) ? step_of(it, direction, key, value) : step_shared(t, it, direction, key, value);
    if (likely(step == STEP_DONE))
        return true;
    if (step == STEP_SIZE_CHANGED)
        raise_error(t, &RuntimeError_type, "dictionary changed size during iteration");
    else if (step == STEP_KEYS_CHANGED)
        raise_error(t, &RuntimeError_type, "dictionary keys changed during iteration");
    return false;
}

static Value pair_of(Thread *t, Value key, Value value) {
    Value pair = TRY(tuple_new(t, 2));
    tuple_set(pair, 0, key);
    tuple_set(pair, 1, value);
    return pair;
}

int dict_items_next_pair(Thread *t, Value iterator, Value *first, Value *second) {
    return advance(t, iterator, 1, first, second) ? 1 : error_pending(t) ? -1 : 0;
}

static Value next_key(Thread *t, Value it) {
    Value key, value;
    return advance(t, it, 1, &key, &value) ? key : NO_VALUE;
}
static Value next_value(Thread *t, Value it) {
    Value key, value;
    return advance(t, it, 1, &key, &value) ? value : NO_VALUE;
}
static Value next_item(Thread *t, Value it) {
    Value key, value;
    return advance(t, it, 1, &key, &value) ? pair_of(t, key, value) : NO_VALUE;
}
static Value next_key_reversed(Thread *t, Value it) {
    Value key, value;
    return advance(t, it, -1, &key, &value) ? key : NO_VALUE;
}
static Value next_value_reversed(Thread *t, Value it) {
    Value key, value;
    return advance(t, it, -1, &key, &value) ? value : NO_VALUE;
}
static Value next_item_reversed(Thread *t, Value it) {
    Value key, value;
    return advance(t, it, -1, &key, &value) ? pair_of(t, key, value) : NO_VALUE;
}

static Value iterator_length_hint(Thread *t, Value *args) {
    DictIterator *it = (DictIterator *)as_object(args[0]);
    Value dict = load(&it->dict);
    bool valid = present(dict) && load_relaxed(&it->used) == (int64_t)dict_length(dict);
    return small_int(valid ? load_relaxed(&it->remaining) : 0);
}

/* (iter, ([what is left],)): the iterator itself is not moved. */
static Value iterator_reduce(Thread *t, Value *args) {
    DictIterator *copy = heap_allocate(t, as_object(args[0])->type, sizeof *copy);
    if (!copy)
        return NO_VALUE;
    DictIterator *it = (DictIterator *)as_object(args[0]);
    copy->dict = it->dict;
    copy->position = it->position;
    copy->used = it->used;
    copy->remaining = it->remaining;
    Value rest = TRY(list_from_iterable(t, from_object(copy)));
    Value iter = TRY(iterator_builtin(t, names.iter));
    return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, rest)));
}

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", iterator_length_hint, "Private method returning an estimate of len(list(it)).",
     NATIVE_COEXIST},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling."},
    {NULL},
};

STATIC_TYPE(dict_key_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "dict_keyiterator", .methods = iterator_methods,
    .next = next_key, .flags = TYPE_NO_NEW, .instance_size = sizeof(DictIterator),
};
STATIC_TYPE(dict_value_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "dict_valueiterator", .methods = iterator_methods,
    .next = next_value, .flags = TYPE_NO_NEW, .instance_size = sizeof(DictIterator),
};
STATIC_TYPE(dict_item_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "dict_itemiterator", .methods = iterator_methods,
    .next = next_item, .flags = TYPE_NO_NEW, .instance_size = sizeof(DictIterator),
};
STATIC_TYPE(dict_reverse_key_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "dict_reversekeyiterator", .methods = iterator_methods,
    .next = next_key_reversed, .flags = TYPE_NO_NEW, .instance_size = sizeof(DictIterator),
};
STATIC_TYPE(dict_reverse_value_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "dict_reversevalueiterator", .methods = iterator_methods,
    .next = next_value_reversed, .flags = TYPE_NO_NEW, .instance_size = sizeof(DictIterator),
};
STATIC_TYPE(dict_reverse_item_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "dict_reverseitemiterator", .methods = iterator_methods,
    .next = next_item_reversed, .flags = TYPE_NO_NEW, .instance_size = sizeof(DictIterator),
};

Value dict_iter(Thread *t, Value *args) { return dict_iterator_new(t, args[0], &dict_key_iterator_type); }
Value dict_reversed(Thread *t, Value *args) { return dict_iterator_new(t, args[0], &dict_reverse_key_iterator_type); }

/* Lists of the contents */

typedef enum Part { KEYS, VALUES, ITEMS } Part;

static Value part_list(Thread *t, Value dict, Part part) {
    Value list = TRY(list_new(t, dict_length(dict)));
    if (dict_is_attached(as_dict(dict)))
        dict = TRY(dict_copy(t, dict));
    DictTable *table = load_acquire(&as_dict(dict)->table);
    for (size_t i = 0; i < load_acquire(&table->count); i++) {
        DictEntry *e = dict_entry(table, i);
        Value value = load(&e->value), key = load(&e->key);
        if (absent(value) || absent(key))
            continue;
        CHECK(list_append(t, list, part == KEYS ? key : part == VALUES ? value : TRY(pair_of(t, key, value))));
    }
    return list;
}

Value dict_keys_list(Thread *t, Value dict) { return part_list(t, dict, KEYS); }
Value dict_values_list(Thread *t, Value dict) { return part_list(t, dict, VALUES); }
Value dict_items_list(Thread *t, Value dict) { return part_list(t, dict, ITEMS); }

/* Views */

static Value view_dict(Value view) { return ((DictView *)as_object(view))->dict; }
static void trace_view(Tracer *tracer, Object *o) { trace_value(tracer, ((DictView *)o)->dict); }

Value dict_view_new(Thread *t, Value dict, Type *type) {
    DictView *view = heap_allocate(t, type, sizeof *view);
    if (!view)
        return NO_VALUE;
    view->dict = dict;
    return from_object(view);
}

Value dict_keys(Thread *t, Value *args) { return dict_view_new(t, args[0], &dict_keys_type); }
Value dict_values(Thread *t, Value *args) { return dict_view_new(t, args[0], &dict_values_type); }
Value dict_items(Thread *t, Value *args) { return dict_view_new(t, args[0], &dict_items_type); }

static bool is_set_view(Value v) { return is_instance_of(v, &dict_keys_type) || is_instance_of(v, &dict_items_type); }

Value dict_iterated(Value iterable, bool *values) {
    *values = is_exactly(iterable, &dict_values_type);
    bool view = *values || is_exactly(iterable, &dict_keys_type);
    Value dict = view ? view_dict(iterable) : iterable;
    return is_exactly(dict, &dict_type) ? dict : NO_VALUE;
}

static Value view_len(Thread *t, Value *args) { return small_int((int64_t)dict_length(view_dict(args[0]))); }

static Value view_mapping(Thread *t, Value *args) { return mapping_proxy_new(t, view_dict(args[0])); }

static Value view_repr(Thread *t, Value *args) {
    int entered = repr_enter(t, args[0]);
    if (entered != 0)
        return entered < 0 ? NO_VALUE : str_from_text(t, "...");
    Value list = list_from_iterable(t, args[0]);
    Value text = present(list) ? format_text(t, "%T(%R)", args[0], list) : NO_VALUE;
    repr_leave(t, args[0]);
    return text;
}

static Value keys_iter(Thread *t, Value *args) {
    return dict_iterator_new(t, view_dict(args[0]), &dict_key_iterator_type);
}
static Value values_iter(Thread *t, Value *args) {
    return dict_iterator_new(t, view_dict(args[0]), &dict_value_iterator_type);
}
static Value items_iter(Thread *t, Value *args) {
    return dict_iterator_new(t, view_dict(args[0]), &dict_item_iterator_type);
}
static Value keys_reversed(Thread *t, Value *args) {
    return dict_iterator_new(t, view_dict(args[0]), &dict_reverse_key_iterator_type);
}
static Value values_reversed(Thread *t, Value *args) {
    return dict_iterator_new(t, view_dict(args[0]), &dict_reverse_value_iterator_type);
}
static Value items_reversed(Thread *t, Value *args) {
    return dict_iterator_new(t, view_dict(args[0]), &dict_reverse_item_iterator_type);
}

static Value keys_contains(Thread *t, Value *args) {
    int there = dict_contains(t, view_dict(args[0]), args[1]);
    return there < 0 ? NO_VALUE : from_bool(there);
}

static Value items_contains(Thread *t, Value *args) {
    if (!is_tuple(args[1]) || tuple_length(args[1]) != 2)
        return FALSE;
    Value value = dict_get(t, view_dict(args[0]), tuple_get(args[1], 0));
    if (absent(value))
        return error_pending(t) ? NO_VALUE : FALSE;
    int equals = equal(t, value, tuple_get(args[1], 1));
    return equals < 0 ? NO_VALUE : from_bool(equals);
}

/* 1 if every item of a is in b, 0 if not, -1 error. */
static int all_contained(Thread *t, Value a, Value b) {
    Value it = iterator_at_once(t, a);
    if (absent(it))
        return -1;
    for (Value item; present(item = iterator_next(t, it));) {
        int there = contains(t, b, item);
        if (there <= 0)
            return there;
    }
    return error_pending(t) ? -1 : 1;
}

static Value view_compare(Thread *t, Value a, Value b, Comparison op) {
    if (!is_set(b) && !is_set_view(b))
        return NOT_IMPLEMENTED;
    int64_t la = length_of(t, a), lb = length_of(t, b);
    if (la < 0 || lb < 0)
        return NO_VALUE;
    bool possible = op == COMPARE_EQ || op == COMPARE_NE ? la == lb
                    : op == COMPARE_LT                   ? la < lb
                    : op == COMPARE_LE                   ? la <= lb
                    : op == COMPARE_GT                   ? la > lb
                                                         : la >= lb;
    bool reverse = op == COMPARE_GT || op == COMPARE_GE;
    int result = possible ? all_contained(t, reverse ? b : a, reverse ? a : b) : 0;
    if (result < 0)
        return NO_VALUE;
    return from_bool(op == COMPARE_NE ? !result : result);
}

static Value view_eq(Thread *t, Value *args) { return view_compare(t, args[0], args[1], COMPARE_EQ); }
static Value view_ne(Thread *t, Value *args) { return view_compare(t, args[0], args[1], COMPARE_NE); }
static Value view_lt(Thread *t, Value *args) { return view_compare(t, args[0], args[1], COMPARE_LT); }
static Value view_le(Thread *t, Value *args) { return view_compare(t, args[0], args[1], COMPARE_LE); }
static Value view_gt(Thread *t, Value *args) { return view_compare(t, args[0], args[1], COMPARE_GT); }
static Value view_ge(Thread *t, Value *args) { return view_compare(t, args[0], args[1], COMPARE_GE); }

/* Set operations: their results are sets. */

static bool add_visit(Thread *t, void *context, Value item) { return set_add(t, *(Value *)context, item); }
static bool discard_visit(Thread *t, void *context, Value item) { return set_discard(t, *(Value *)context, item) >= 0; }

static Value view_intersection(Thread *t, Value view, Value other) {
    if (!is_set_view(view) || (is_set_view(other) && dict_length(view_dict(other)) > dict_length(view_dict(view)))) {
        Value swap = view;
        view = other;
        other = swap;
    }
    Value result = TRY(set_new(t)), it = TRY(iterator_at_once(t, other));
    for (Value item; present(item = iterator_next(t, it));) {
        int there = contains(t, view, item);
        CHECK(there >= 0 && (there == 0 || set_add(t, result, item)));
    }
    return error_pending(t) ? NO_VALUE : result;
}

static Value view_difference(Thread *t, Value a, Value b) {
    Value result = TRY(set_from_iterable(t, &set_type, a));
    CHECK(iterate(t, b, discard_visit, &result));
    return result;
}

static Value view_symmetric_difference(Thread *t, Value a, Value b) {
    Value result = TRY(set_from_iterable(t, &set_type, a)), other = TRY(set_from_iterable(t, &set_type, b)), item;
    for (size_t position = 0; set_next(other, &position, &item);) {
        int removed = set_discard(t, result, item);
        CHECK(removed >= 0 && (removed || set_add(t, result, item)));
    }
    return result;
}

static Value view_union(Thread *t, Value a, Value b) {
    Value result = TRY(set_from_iterable(t, &set_type, a));
    CHECK(iterate(t, b, add_visit, &result));
    return result;
}

static Value view_and(Thread *t, Value *args) { return view_intersection(t, args[0], args[1]); }
static Value view_rand(Thread *t, Value *args) { return view_intersection(t, args[1], args[0]); }
static Value view_or(Thread *t, Value *args) { return view_union(t, args[0], args[1]); }
static Value view_ror(Thread *t, Value *args) { return view_union(t, args[1], args[0]); }
static Value view_xor(Thread *t, Value *args) { return view_symmetric_difference(t, args[0], args[1]); }
static Value view_rxor(Thread *t, Value *args) { return view_symmetric_difference(t, args[1], args[0]); }
static Value view_sub(Thread *t, Value *args) { return view_difference(t, args[0], args[1]); }
static Value view_rsub(Thread *t, Value *args) { return view_difference(t, args[1], args[0]); }

static Value view_isdisjoint(Thread *t, Value *args) {
    Value view = args[0], other = args[1];
    if (same(view, other))
        return from_bool(dict_length(view_dict(view)) == 0);
    if (is_set(other) || is_set_view(other)) {
        int64_t length = length_of(t, other);
        CHECK(length >= 0);
        if (length > (int64_t)dict_length(view_dict(view))) {
            view = args[1];
            other = args[0];
        }
    }
    Value it = TRY(iterator_at_once(t, other));
    for (Value item; present(item = iterator_next(t, it));) {
        int there = contains(t, view, item);
        if (there != 0)
            return there < 0 ? NO_VALUE : FALSE;
    }
    return error_pending(t) ? NO_VALUE : TRUE;
}

#define SET_VIEW_METHODS                                                                                          \
    {"__repr__(self, /)", view_repr, "Return repr(self)."},                                                       \
    {"__lt__(self, value, /)", view_lt, "Return self<value."},                                                    \
    {"__le__(self, value, /)", view_le, "Return self<=value."},                                                   \
    {"__eq__(self, value, /)", view_eq, "Return self==value."},                                                   \
    {"__ne__(self, value, /)", view_ne, "Return self!=value."},                                                   \
    {"__gt__(self, value, /)", view_gt, "Return self>value."},                                                    \
    {"__ge__(self, value, /)", view_ge, "Return self>=value."},                                                   \
    {"__sub__(self, value, /)", view_sub, "Return self-value."},                                                  \
    {"__rsub__(self, value, /)", view_rsub, "Return value-self."},                                                \
    {"__and__(self, value, /)", view_and, "Return self&value."},                                                  \
    {"__rand__(self, value, /)", view_rand, "Return value&self."},                                                \
    {"__xor__(self, value, /)", view_xor, "Return self^value."},                                                  \
    {"__rxor__(self, value, /)", view_rxor, "Return value^self."},                                                \
    {"__or__(self, value, /)", view_or, "Return self|value."},                                                    \
    {"__ror__(self, value, /)", view_ror, "Return value|self."},                                                  \
    {"__len__(self, /)", view_len, "Return len(self)."},                                                          \
    {"isdisjoint(self, object, /)", view_isdisjoint,                                                              \
     "Return True if the view and the given iterable have a null intersection."}

static const NativeDef keys_methods[] = {
    SET_VIEW_METHODS,
    {"__iter__(self, /)", keys_iter, "Implement iter(self)."},
    {"__contains__(self, key, /)", keys_contains, "Return bool(key in self)."},
    {"__reversed__(self, /)", keys_reversed, "Return a reverse iterator over the dict keys."},
    {NULL},
};
static const NativeDef items_methods[] = {
    SET_VIEW_METHODS,
    {"__iter__(self, /)", items_iter, "Implement iter(self)."},
    {"__contains__(self, key, /)", items_contains, "Return bool(key in self)."},
    {"__reversed__(self, /)", items_reversed, "Return a reverse iterator over the dict items."},
    {NULL},
};
#undef SET_VIEW_METHODS
static const NativeDef values_methods[] = {
    {"__repr__(self, /)", view_repr, "Return repr(self)."},
    {"__iter__(self, /)", values_iter, "Implement iter(self)."},
    {"__len__(self, /)", view_len, "Return len(self)."},
    {"__reversed__(self, /)", values_reversed, "Return a reverse iterator over the dict values."},
    {NULL},
};

static const GetSetDef view_getset[] = {
    {"mapping", view_mapping, NULL, "dictionary that this view refers to"},
    {NULL},
};

STATIC_TYPE(dict_keys_type) = {
    STATIC_TYPE_HEAD(trace_view, NULL), .name_text = "dict_keys", .methods = keys_methods, .getset = view_getset,
    .flags = TYPE_NO_NEW, .instance_size = sizeof(DictView),
};
STATIC_TYPE(dict_items_type) = {
    STATIC_TYPE_HEAD(trace_view, NULL), .name_text = "dict_items", .methods = items_methods, .getset = view_getset,
    .flags = TYPE_NO_NEW, .instance_size = sizeof(DictView),
};
STATIC_TYPE(dict_values_type) = {
    STATIC_TYPE_HEAD(trace_view, NULL), .name_text = "dict_values", .methods = values_methods, .getset = view_getset,
    .flags = TYPE_NO_NEW, .instance_size = sizeof(DictView),
};
