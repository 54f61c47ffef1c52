/* The module _collections, with its small part _count_elements. */
#include "modules/_collections/deque.h"
#include "modules/_collections/internal.h"

/* _count_elements: what Counter.update does with an iterable. */

static bool count_in_dict(Thread *t, Value dict, Value item) {
    int64_t hash;
    if (!dict_key_hash(t, item, &hash))
        return false;
    DictEntry *e = load_relaxed(&runtime_threaded) ? NULL : dict_find_same(as_dict(dict)->table, item);
    if (e && is_small_int(e->value) && fits_small_int(small_int_value(e->value) + 1)) {
        store_relaxed(&e->value.bits, small_int(small_int_value(e->value) + 1).bits); /* NOBARRIER: stores no reference */
        return true;
    }
    Value count = dict_get_hashed(t, dict, item, hash);
    if (absent(count) && error_pending(t))
        return false;
    if (absent(count))
        count = small_int(1);
    else if (is_small_int(count) && fits_small_int(small_int_value(count) + 1))
        count = small_int(small_int_value(count) + 1);
    else
        count = binary_operation(t, BINARY_ADD, count, small_int(1));
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
    Value iterator = TRY(get_iterator(t, args[1])), get = TRY(get_attribute(t, mapping, names.get));
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
