/* The module _collections, with its two small parts: _tuplegetter and _count_elements. */
#include "modules/_collections/internal.h"

/* _tuplegetter: the attributes of named tuples. Immutable but for __doc__. */

typedef struct TupleGetter {
    Object object;
    Value doc;
    int64_t index;
} TupleGetter;

static void trace_getter(Tracer *tracer, Object *o) { trace_value(tracer, ((TupleGetter *)o)->doc); }

static Value getter_new(Thread *t, Value *args) {
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    TupleGetter *g = type_allocate(t, as_type(args[0]));
    if (!g)
        return NO_VALUE;
    g->index = index;
    g->doc = args[2];
    return from_object(g);
}

static Value getter_get(Thread *t, Value *args) {
    TupleGetter *g = (TupleGetter *)as_object(args[0]);
    Value o = args[1];
    if (is_none(o) && (absent(args[2]) || is_none(args[2])))
        return raise_type_error(t, "__get__(None, None) is invalid");
    if (is_tuple(o))
        return g->index >= 0 && (size_t)g->index < tuple_length(o) ? tuple_get(o, (size_t)g->index)
                                                                     : raise_index_error(t, "tuple index out of range");
    if (is_none(o))
        return args[0];
    return raise_type_error(t, "descriptor for index '%zd' for tuple subclasses doesn't apply to '%T' object", g->index, o);
}

static Value getter_set(Thread *t, Value *args) { return raise_error(t, &AttributeError_type, "can't set attribute"); }
static Value getter_delete(Thread *t, Value *args) { return raise_error(t, &AttributeError_type, "can't delete attribute"); }

static Value getter_repr(Thread *t, Value *args) {
    TupleGetter *g = (TupleGetter *)as_object(args[0]);
    return format_text(t, "%S(%zd, %R)", type_of(args[0])->name, g->index, g->doc);
}

static Value getter_reduce(Thread *t, Value *args) {
    TupleGetter *g = (TupleGetter *)as_object(args[0]);
    return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 2, small_int(g->index), g->doc)));
}

static const NativeDef getter_methods[] = {
    {"__new__(type, index, doc, /)", getter_new, NEW_DOC},
    {"__get__(self, instance, owner=None, /)", getter_get, "Return an attribute of instance, which is of type owner."},
    {"__set__(self, instance, value, /)", getter_set, "Set an attribute of instance to value."},
    {"__delete__(self, instance, /)", getter_delete, "Delete an attribute of instance."},
    {"__repr__(self, /)", getter_repr, "Return repr(self)."},
    {"__reduce__(self, /)", getter_reduce, NULL},
    {NULL},
};

static const MemberDef getter_members[] = {
    {"__doc__", MEMBER_VALUE, offsetof(TupleGetter, doc), false, NULL},
    {NULL},
};

STATIC_TYPE(tuplegetter_type) = {
    STATIC_TYPE_HEAD(trace_getter, NULL),
    .name_text = "collections._tuplegetter",
    .methods = getter_methods,
    .members = getter_members,
    .flags = 0,
    .instance_size = sizeof(TupleGetter),
};

/* _count_elements: what Counter.update does with an iterable. */

static bool count_in_dict(Thread *t, Value dict, Value item) {
    int64_t hash;
    if (!dict_key_hash(t, item, &hash))
        return false;
    Value count = dict_get_hashed(t, dict, item, hash);
    if (absent(count) && error_pending(t))
        return false;
    count = absent(count) ? small_int(1) : binary_operation(t, BINARY_ADD, count, small_int(1));
    return present(count) && dict_set_hashed(t, dict, item, hash, count);
}

static bool count_in_mapping(Thread *t, Value mapping, Value get, Value item) {
    Value count = call_2(t, get, item, small_int(0));
    count = absent(count) ? count : binary_operation(t, BINARY_ADD, count, small_int(1));
    return present(count) && set_item(t, mapping, item, count);
}

static Value count_elements(Thread *t, Value *args) {
    Value mapping = args[0], iterator = TRY(get_iterator(t, args[1])), get = NO_VALUE;
    bool plain = is_dict(mapping) && same(type_lookup(type_of(mapping), names.get), type_lookup(&dict_type, names.get)) &&
                 type_of(mapping)->slots[SLOT___setitem__] == dict_type.slots[SLOT___setitem__];
    if (!plain)
        get = TRY(get_attribute(t, mapping, names.get));
    for (Value item; present(item = iterator_next(t, iterator));)
        CHECK(plain ? count_in_dict(t, mapping, item) : count_in_mapping(t, mapping, get, item));
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
