/* The module _collections, with its small part _count_elements. */
#include "modules/_collections/deque.h"
#include "modules/_collections/internal.h"

/* _count_elements: what Counter.update does with an iterable. */

static Value one_more(Thread *t, Value count) {
    if (is_small_int(count) && fits_small_int(small_int_value(count) + 1))
        return small_int(small_int_value(count) + 1);
    return binary_operation(t, BINARY_ADD, count, small_int(1));
}

/* Where other threads may count the same item: no count of theirs is lost. */
static bool count_in_shared_dict(Thread *t, Value dict, Value item, int64_t hash) {
    for (int done = 0; done <= 0;) {
        Value count = dict_get_hashed(t, dict, item, hash);
        if (absent(count)) {
            if (error_pending(t) || !dict_add_hashed(t, dict, item, hash, small_int(1), &count))
                return false;
            if (absent(count))
                return true;
        }
        Value more = one_more(t, count);
        done = absent(more) ? -1 : dict_replace_hashed(t, dict, item, hash, count, more);
        if (done < 0)
            return false;
    }
    return true;
}

static bool count_in_dict(Thread *t, Value dict, Value item) {
    int64_t hash;
    if (!dict_key_hash(t, item, &hash))
        return false;
    if (load_relaxed(&runtime_threaded))
        return count_in_shared_dict(t, dict, item, hash);
    DictEntry *e = dict_find_same(as_dict(dict)->table, item);
    if (e && is_small_int(e->value) && fits_small_int(small_int_value(e->value) + 1)) {
        store_relaxed(&e->value.bits, small_int(small_int_value(e->value) + 1).bits); /* NOBARRIER: stores no reference */
        return true;
    }
    Value count;
    if (!dict_add_hashed(t, dict, item, hash, small_int(1), &count))
        return false;
    if (absent(count))
        return true;
    count = one_more(t, count);
    return present(count) && dict_set_hashed(t, dict, item, hash, count);
}

static bool count_visit(Thread *t, void *context, Value item) { return count_in_dict(t, *(Value *)context, item); }

static bool count_in_mapping(Thread *t, Value mapping, Value get, Value item) {
    Value count = call_2(t, get, item, small_int(0));
    count = absent(count) ? count : binary_operation(t, BINARY_ADD, count, small_int(1));
    return present(count) && set_item(t, mapping, item, count);
}

static Value count_elements(Thread *t, Value *args) {
    Value mapping = args[0];
    bool plain = is_dict(mapping) && same(type_lookup(type_of(mapping), names.get), type_lookup(&dict_type, names.get)) &&
                 type_slot(type_of(mapping), SLOT___setitem__) == dict_type.slots[SLOT___setitem__];
    if (plain)
        return iterate(t, args[1], count_visit, &mapping) ? NONE : NO_VALUE;
    Value iterator = TRY(iterator_at_once(t, args[1])), get = TRY(get_attribute(t, mapping, names.get));
    for (Value item; present(item = iterator_next(t, iterator));)
        CHECK(count_in_mapping(t, mapping, get, item));
    return error_pending(t) ? NO_VALUE : NONE;
}

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &deque_type) && module_add_type(t, module, &default_dict_type) &&
           module_add(t, module, "OrderedDict", from_object(&ordered_dict_type)) &&
           module_add_type(t, module, &deque_iterator_type) && module_add_type(t, module, &deque_reverse_iterator_type) &&
           module_add_type(t, module, &tuplegetter_type);
}

static const NativeDef functions[] = {
    {"_count_elements(mapping, iterable, /)", count_elements, "Count elements in the iterable, updating the mapping"},
    {NULL},
};

NATIVE_MODULE(_collections) = {
    .name = "_collections",
    .doc = "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n"
           "- defaultdict:  dict subclass with a default value factory\n",
    .functions = functions,
    .init = init,
};
