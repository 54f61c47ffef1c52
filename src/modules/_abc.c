/* _abc: the caches and registries of abstract base classes.
 *
 * Each ABC has an AbcData in `_abc_impl` with three sets of weak references to classes. A negative cache holds only while
 * the isolate's count of registrations is what it was when the cache was made.
 *
 * Threads: sets have their own contract, and once made stay where they are: nothing is lost of what two threads register at once.
 * The counter is a word of the isolate that only grows. A negative cache and the count that it is for are one object: whoever
 * took long to find that a class is none adds that to the cache that it began with, which may be out of date by then.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/weakref.h"

typedef struct AbcData {
    Object object;
    Value registry, cache; /* sets, or absent: empty */
    Value negative;        /* tuple: a count of registrations and the set of those that were no subclasses then; or absent */
} AbcData;
extern Type abc_data_type;

static void data_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((AbcData *)o)->registry, 3); }

STATIC_TYPE(abc_data_type) = {
    STATIC_TYPE_HEAD(data_trace, NULL),
    .name_text = "_abc._abc_data",
    .doc = "Internal state held by ABC machinery.",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(AbcData),
};

static int64_t counter(Thread *t) {
    Value v = load(&t->isolate->slots[ISOLATE_ABC_COUNTER]);
    return present(v) ? small_int_value(v) : 0;
}

static void count_registration(Thread *t) {
    Value *word = &t->isolate->slots[ISOLATE_ABC_COUNTER], v = load(word);
    while (!compare_exchange(&word->bits, &v.bits, small_int(present(v) ? small_int_value(v) + 1 : 1).bits))
        ;
}

static AbcData *data_of(Thread *t, Value class) {
    Value data = get_attribute(t, class, names._abc_impl);
    if (absent(data))
        return NULL;
    if (!is_exactly(data, &abc_data_type)) {
        raise_type_error(t, "_abc_impl is set to a wrong type");
        return NULL;
    }
    return (AbcData *)as_object(data);
}

/* Sets of weak references */

static int in_weak_set(Thread *t, Value set, Value class) {
    if (absent(set) || set_length(set) == 0)
        return 0;
    Value ref = weakref_new(t, class, NO_VALUE);
    if (absent(ref))
        return error_catch(t, &TypeError_type) ? 0 : -1; /* what cannot be referenced weakly is not in there */
    return set_contains(t, set, ref);
}

/* Drops dead references; called when a set has doubled. */
static bool drop_dead(Thread *t, Value set) {
    Value list = list_from_iterable(t, set);
    for (size_t i = 0; present(list) && i < list_length(list); i++)
        if (absent(weakref_target(list_get(list, i))) && set_discard(t, set, list_get(list, i)) < 0)
            return false;
    return present(list);
}

static bool add_to_weak_set(Thread *t, Value set, Value class) {
    Value ref = weakref_new(t, class, NO_VALUE);
    if (absent(ref))
        return false;
    size_t n = set_length(set);
    return (n < 32 || (n & (n - 1)) != 0 || drop_dead(t, set)) && set_add(t, set, ref);
}

/* The set in a word, made if there is none yet. */
static Value ensure_set(Thread *t, AbcData *data, Value *field) {
    Value set = load(field);
    if (present(set))
        return set;
    Value fresh = TRY(set_new(t));
    publish_into(data, fresh);
    if (!compare_exchange(&field->bits, &set.bits, fresh.bits))
        return set;
    store_moved(data);
    return fresh;
}

/* The negative cache for what is registered now. */
static Value current_negative(Thread *t, AbcData *data) {
    Value negative = load(&data->negative), version = small_int(counter(t));
    if (present(negative) && same(tuple_get(negative, 0), version))
        return tuple_get(negative, 1);
    Value set = TRY(set_new(t));
    store(data, &data->negative, TRY(tuple_pack(t, 2, version, set)));
    return set;
}

/* Abstract methods */

static int is_abstract(Thread *t, Value v) {
    Value flag = find_attribute(t, v, names.__isabstractmethod__);
    if (absent(flag))
        return error_pending(t) ? -1 : 0;
    return truth(t, flag);
}

static bool add_own_methods(Thread *t, Value class, Value abstracts) {
    Value namespace = get_attribute(t, class, names.__dict__);
    Value items = absent(namespace) ? namespace : call_method_0(t, namespace, names.items);
    Value list = absent(items) ? items : list_from_iterable(t, items);
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        Value pair = list_get(list, i);
        int abstract = is_abstract(t, tuple_get(pair, 1));
        if (abstract < 0 || (abstract && !set_add(t, abstracts, tuple_get(pair, 0))))
            return false;
    }
    return present(list);
}

static bool add_inherited_methods(Thread *t, Value class, Value base, Value abstracts) {
    Value inherited = find_attribute(t, base, names.__abstractmethods__);
    Value list = absent(inherited) ? NO_VALUE : list_from_iterable(t, inherited);
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        Value name = list_get(list, i);
        Value v = is_exactly(name, &str_type) ? find_attribute(t, class, str_intern(t, name)) : NO_VALUE;
        int abstract = present(v) ? is_abstract(t, v) : 0;
        if (abstract < 0 || error_pending(t) || (abstract && !set_add(t, abstracts, name)))
            return false;
    }
    return !error_pending(t);
}

static bool compute_abstract_methods(Thread *t, Value class) {
    Value abstracts = set_new(t), bases = get_attribute(t, class, names.__bases__);
    if (absent(abstracts) || absent(bases) || !add_own_methods(t, class, abstracts))
        return false;
    for (size_t i = 0; i < tuple_length(bases); i++)
        if (!add_inherited_methods(t, class, tuple_get(bases, i), abstracts))
            return false;
    Value frozen = set_from_iterable(t, &frozenset_type, abstracts);
    return present(frozen) && set_attribute(t, class, names.__abstractmethods__, frozen);
}

/* `__abc_tpflags__` in a class body says that its instances match sequence or mapping patterns: CPython's bits. */
static bool take_pattern_flags(Thread *t, Value class) {
    enum { SEQUENCE_BIT = 1 << 5, MAPPING_BIT = 1 << 6 };
    Value name = str_intern_text(t, "__abc_tpflags__");
    Value flags = absent(name) ? name : dict_get_str(as_type(class)->dict, name);
    int64_t bits;
    if (absent(flags))
        return !error_pending(t);
    if (!is_int(flags) || !int_to_i64(flags, &bits))
        return true;
    if ((bits & SEQUENCE_BIT) && (bits & MAPPING_BIT)) {
        raise_type_error(t, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        return false;
    }
    fetch_or(&as_type(class)->flags, (uint32_t)(bits & SEQUENCE_BIT ? TYPE_SEQUENCE : bits & MAPPING_BIT ? TYPE_MAPPING : 0));
    return dict_delete(t, as_type(class)->dict, name) >= 0;
}

static Value abc_init(Thread *t, Value *args) {
    CHECK(compute_abstract_methods(t, args[0]));
    AbcData *data = heap_allocate(t, &abc_data_type, sizeof *data);
    CHECK(data != NULL);
    CHECK(set_attribute(t, args[0], names._abc_impl, from_object(data)));
    if (is_type(args[0]))
        CHECK(take_pattern_flags(t, args[0]));
    return NONE;
}

/* Registering */

static void set_pattern_flag(Thread *t, Type *type, uint32_t flag) {
    if (!(load_relaxed(&type->flags) & TYPE_HEAP) || type->flags & TYPE_IMMUTABLE)
        return;
    fetch_and(&type->flags, ~((uint32_t)(TYPE_SEQUENCE | TYPE_MAPPING) & ~flag));
    fetch_or(&type->flags, flag);
    Value list = call_method_0(t, from_object(type), names.__subclasses__);
    for (size_t i = 0; present(list) && is_list(list) && i < list_length(list); i++)
        if (is_type(list_get(list, i)))
            set_pattern_flag(t, as_type(list_get(list, i)), flag);
    error_clear(t);
}

static Value abc_register(Thread *t, Value *args) {
    Value class = args[0], subclass = args[1];
    if (!is_type(subclass))
        return raise_type_error(t, "Can only register classes");
    int result = is_subclass(t, subclass, class);
    if (result != 0)
        return result < 0 ? NO_VALUE : subclass;
    result = is_subclass(t, class, subclass);
    CHECK(result >= 0);
    if (result)
        return raise_error(t, &RuntimeError_type, "Refusing to create an inheritance cycle");
    AbcData *data = data_of(t, class);
    CHECK(data != NULL);
    CHECK(add_to_weak_set(t, TRY(ensure_set(t, data, &data->registry)), subclass));
    count_registration(t);
    if (is_type(class) && as_type(class)->flags & (TYPE_SEQUENCE | TYPE_MAPPING))
        set_pattern_flag(t, as_type(subclass), as_type(class)->flags & (TYPE_SEQUENCE | TYPE_MAPPING));
    return subclass;
}

/* Checking */

static Value instancecheck(Thread *t, Value *args) {
    Value class = args[0], instance = args[1];
    AbcData *data = data_of(t, class);
    CHECK(data != NULL);
    Value subclass = find_attribute(t, instance, names.__class__);
    if (absent(subclass) && error_pending(t))
        return NO_VALUE;
    if (absent(subclass))
        subclass = from_object(type_of(instance));
    int cached = in_weak_set(t, load(&data->cache), subclass);
    CHECK(cached >= 0);
    if (cached)
        return TRUE;
    Value subtype = from_object(type_of(instance));
    if (same(subtype, subclass)) {
        Value negative = load(&data->negative);
        if (present(negative) && small_int_value(tuple_get(negative, 0)) == counter(t)) {
            cached = in_weak_set(t, tuple_get(negative, 1), subclass);
            CHECK(cached >= 0);
            if (cached)
                return FALSE;
        }
        return call_method_1(t, class, names.__subclasscheck__, subclass);
    }
    Value result = TRY(call_method_1(t, class, names.__subclasscheck__, subclass));
    int yes = truth(t, result);
    CHECK(yes >= 0);
    return yes ? result : call_method_1(t, class, names.__subclasscheck__, subtype);
}

static Value yes(Thread *t, AbcData *data, Value subclass) {
    CHECK(add_to_weak_set(t, TRY(ensure_set(t, data, &data->cache)), subclass));
    return TRUE;
}

static Value no(Thread *t, Value negative, Value subclass) {
    CHECK(add_to_weak_set(t, negative, subclass));
    return FALSE;
}

/* 1, 0, -1: is it a subclass of something registered? */
static int check_registry(Thread *t, AbcData *data, Value subclass) {
    Value registry = load(&data->registry), item;
    if (absent(registry))
        return 0;
    int result = in_weak_set(t, registry, subclass);
    if (result != 0)
        return result;
    Value list = list_from_iterable(t, registry); /* checks may register more */
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        item = weakref_target(list_get(list, i));
        result = present(item) ? is_subclass(t, subclass, item) : 0;
        if (result != 0)
            return result;
    }
    return absent(list) ? -1 : 0;
}

static int check_subclasses(Thread *t, Value class, Value subclass) {
    Value list = call_method_0(t, class, names.__subclasses__);
    if (present(list) && !is_list(list)) {
        raise_type_error(t, "__subclasses__() must return a list");
        return -1;
    }
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        int result = is_subclass(t, subclass, list_get(list, i));
        if (result != 0)
            return result;
    }
    return absent(list) ? -1 : 0;
}

static Value subclasscheck(Thread *t, Value *args) {
    Value class = args[0], subclass = args[1];
    if (!is_type(subclass))
        return raise_type_error(t, "issubclass() arg 1 must be a class");
    AbcData *data = data_of(t, class);
    CHECK(data != NULL);
    int result = in_weak_set(t, load(&data->cache), subclass);
    CHECK(result >= 0);
    if (result)
        return TRUE;
    Value negative = TRY(current_negative(t, data));
    if ((result = in_weak_set(t, negative, subclass)) != 0)
        return result < 0 ? NO_VALUE : FALSE;
    Value hook = TRY(call_method_1(t, class, names.__subclasshook__, subclass));
    if (same(hook, TRUE))
        return yes(t, data, subclass);
    if (same(hook, FALSE))
        return no(t, negative, subclass);
    if (!same(hook, NOT_IMPLEMENTED))
        return raise_error(t, &AssertionError_type, "__subclasshook__ must return either False, True, or NotImplemented");
    if (is_type(class) && type_is_subtype(as_type(subclass), as_type(class)))
        return yes(t, data, subclass);
    result = check_registry(t, data, subclass);
    if (result == 0)
        result = check_subclasses(t, class, subclass);
    CHECK(result >= 0);
    return result ? yes(t, data, subclass) : no(t, negative, subclass);
}

/* For tests and tools */

static Value get_dump(Thread *t, Value *args) {
    AbcData *data = data_of(t, args[0]);
    CHECK(data != NULL);
    Value negative = load(&data->negative), version = present(negative) ? tuple_get(negative, 0) : small_int(0);
    Value sets[3], found[] = {load(&data->registry), load(&data->cache), present(negative) ? tuple_get(negative, 1) : NO_VALUE};
    for (int i = 0; i < 3; i++)
        sets[i] = TRY(set_from_iterable(t, &set_type, found[i]));
    return tuple_pack(t, 4, sets[0], sets[1], sets[2], version);
}

static Value reset_registry(Thread *t, Value *args) {
    AbcData *data = data_of(t, args[0]);
    CHECK(data != NULL);
    store(data, &data->registry, NO_VALUE);
    return NONE;
}

static Value reset_caches(Thread *t, Value *args) {
    AbcData *data = data_of(t, args[0]);
    CHECK(data != NULL);
    store(data, &data->cache, NO_VALUE);
    store(data, &data->negative, NO_VALUE);
    return NONE;
}

static Value get_cache_token(Thread *t, Value *args) { return small_int(counter(t)); }

static const NativeDef abc_functions[] = {
    {"get_cache_token()", get_cache_token, "Return a token that changes with every registration.", 0},
    {"_abc_init(self, /)", abc_init, "Sets up the data that an abstract base class keeps.", 0},
    {"_abc_register(self, subclass, /)", abc_register, "Registers a class as a virtual subclass.", 0},
    {"_abc_instancecheck(self, instance, /)", instancecheck, "What isinstance() asks for an abstract base class.", 0},
    {"_abc_subclasscheck(self, subclass, /)", subclasscheck, "What issubclass() asks for an abstract base class.", 0},
    {"_get_dump(self, /)", get_dump,
     "Copies of the registry and of both caches, and the version of the negative one: for ABC._dump_registry().", 0},
    {"_reset_registry(self, /)", reset_registry, "Empties the registry of a class, for tests.", 0},
    {"_reset_caches(self, /)", reset_caches, "Empties both caches of a class, for tests.", 0},
    {},
};
NATIVE_MODULE(_abc) = {
    .name = "_abc",
    .doc = "Module contains faster C implementation of abc.ABCMeta",
    .functions = abc_functions,
};
