/* set and frozenset: the Python types. The engine is in table.c.
 *
 * Threads: adding, removing and testing one item are atomic; operations on whole sets go item by item.
 */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict_layout.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/set/set_probe.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/iterator.h"

static void trace_set(Tracer *tracer, Object *o) { trace_object(tracer, ((SetObject *)o)->table); }

static bool is_frozen(Value set) { return is_instance_of(set, &frozenset_type); }
/* Results of operations are of the built-in type that the left operand derives from. */
static Type *base_of(Value set) { return is_frozen(set) ? &frozenset_type : &set_type; }

/* Construction */

static Value set_new_method(Thread *t, Value *args) { return set_allocate(t, as_type(args[0])); }

/* Keywords are refused here even for subclasses that take some in __new__. */
static Value set_init(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (present(args[2]) && dict_length(args[2]))
        return raise_type_error(t, "set() takes no keyword arguments");
    if (count > 1)
        return raise_type_error(t, "set expected at most 1 argument, got %zu", count);
    if (load_acquire(&as_set(args[0])->table) != set_empty_table)
        set_clear(args[0]);
    CHECK(count == 0 || set_update(t, args[0], tuple_get(args[1], 0)));
    return NONE;
}

static Value frozenset_new_method(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    bool own_init = !same(type_lookup(type, names.__init__), type_lookup(&frozenset_type, names.__init__));
    if (!own_init && present(args[2]) && dict_length(args[2]))
        return raise_type_error(t, "frozenset() takes no keyword arguments");
    size_t count = tuple_length(args[1]);
    if (count > 1)
        return raise_type_error(t, "frozenset expected at most 1 argument, got %zu", count);
    Value iterable = count ? tuple_get(args[1], 0) : NO_VALUE;
    if (type == &frozenset_type && count && is_exactly(iterable, &frozenset_type))
        return iterable;
    return set_from_iterable(t, type, iterable);
}

static Value set_copy(Thread *t, Value set) { return set_from_iterable(t, base_of(set), set); }

/* Single items. A set can be looked for in a set: it stands for the equal frozenset. */

static bool findable_hash(Thread *t, Value *key, int64_t *hash) {
    if (set_key_hash(t, *key, hash))
        return true;
    if (!is_set(*key) || !error_catch(t, &TypeError_type))
        return false;
    Value frozen = set_from_iterable(t, &frozenset_type, *key);
    if (absent(frozen) || !hash_of(t, frozen, hash))
        return false;
    *key = frozen;
    return true;
}

static int find_item(Thread *t, Value set, Value key) {
    int64_t hash;
    return findable_hash(t, &key, &hash) ? set_contains_hashed(t, set, key, hash) : -1;
}

static int remove_item(Thread *t, Value set, Value key) {
    int64_t hash;
    return findable_hash(t, &key, &hash) ? discard_hashed(t, set, key, hash) : -1;
}

static Value contains_method(Thread *t, Value *args) {
    int there = find_item(t, args[0], args[1]);
    return there < 0 ? NO_VALUE : from_bool(there);
}

static Value add_method(Thread *t, Value *args) {
    CHECK(set_add(t, args[0], args[1]));
    return NONE;
}

static Value discard_method(Thread *t, Value *args) { return remove_item(t, args[0], args[1]) < 0 ? NO_VALUE : NONE; }

static Value remove_method(Thread *t, Value *args) {
    int removed = remove_item(t, args[0], args[1]);
    return removed < 0 ? NO_VALUE : removed ? NONE : raise_key_error(t, args[1]);
}

static Value pop_method(Thread *t, Value *args) {
    Value item = set_take_any(args[0]);
    return present(item) ? item : raise_error(t, &KeyError_type, "pop from an empty set");
}

static Value clear_method(Thread *t, Value *args) {
    set_clear(args[0]);
    return NONE;
}

static Value len_method(Thread *t, Value *args) { return small_int((int64_t)set_length(args[0])); }

static Value copy_method(Thread *t, Value *args) {
    return is_exactly(args[0], &frozenset_type) ? args[0] : set_copy(t, args[0]);
}

/* Union */

static bool update_all(Thread *t, Value set, Value others) {
    for (size_t i = 0; i < tuple_length(others); i++)
        if (!set_update(t, set, tuple_get(others, i)))
            return false;
    return true;
}

static Value union_method(Thread *t, Value *args) {
    Value result = TRY(set_copy(t, args[0]));
    CHECK(update_all(t, result, args[1]));
    return result;
}

static Value update_method(Thread *t, Value *args) {
    CHECK(update_all(t, args[0], args[1]));
    return NONE;
}

/* Intersection */

static Value intersection(Thread *t, Value a, Value b) {
    if (same(a, b))
        return set_copy(t, a);
    Value result = TRY(set_allocate(t, base_of(a))), key;
    if (is_set(b)) {
        int64_t hash;
        if (set_length(b) > set_length(a)) {
            Value swap = a;
            a = b;
            b = swap;
        }
        for (size_t position = 0; next_hashed(b, &position, &key, &hash);) {
            int there = contains_hashed(t, a, key, hash);
            CHECK(there >= 0 && (!there || add_hashed(t, result, key, hash)));
        }
        return result;
    }
    Value it = TRY(iterator_at_once(t, b));
    while (present(key = iterator_next(t, it))) {
        int64_t hash;
        CHECK(set_key_hash(t, key, &hash));
        int there = contains_hashed(t, a, key, hash);
        CHECK(there >= 0 && (!there || add_hashed(t, result, key, hash)));
    }
    return error_pending(t) ? NO_VALUE : result;
}

static Value intersection_of_all(Thread *t, Value set, Value others) {
    if (tuple_length(others) == 0)
        return set_copy(t, set);
    for (size_t i = 0; i < tuple_length(others); i++)
        set = TRY(intersection(t, set, tuple_get(others, i)));
    return set;
}

static Value intersection_method(Thread *t, Value *args) { return intersection_of_all(t, args[0], args[1]); }

/* Leaves what is in `common`, which was computed from the set: what other threads add meanwhile is theirs to keep. */
static bool keep_common(Thread *t, Value set, Value common) {
    if (!load_relaxed(&runtime_threaded)) {
        set_swap_contents(set, common);
        return true;
    }
    Value before = set_copy(t, set), key;
    int64_t hash;
    if (absent(before))
        return false;
    for (size_t position = 0; next_hashed(before, &position, &key, &hash);) {
        int kept = contains_hashed(t, common, key, hash);
        if (kept < 0 || (!kept && discard_hashed(t, set, key, hash) < 0))
            return false;
    }
    return set_tidy(t, set);
}

static Value intersection_update_method(Thread *t, Value *args) {
    CHECK(keep_common(t, args[0], TRY(intersection_of_all(t, args[0], args[1]))));
    return NONE;
}

/* Difference */

static bool difference_update(Thread *t, Value set, Value other) {
    if (same(set, other)) {
        set_clear(set);
        return true;
    }
    Value key;
    int64_t hash;
    if (is_set(other)) {
        if (set_length(set) >> 3 < set_length(other) >> 6) { /* a much larger one: look at what is common only */
            other = intersection(t, set, other);
            if (absent(other))
                return false;
        }
        for (size_t position = 0; next_hashed(other, &position, &key, &hash);)
            if (discard_hashed(t, set, key, hash) < 0)
                return false;
    } else {
        Value it = iterator_at_once(t, other);
        if (absent(it))
            return false;
        while (present(key = iterator_next(t, it)))
            if (!set_key_hash(t, key, &hash) || discard_hashed(t, set, key, hash) < 0)
                return false;
        if (error_pending(t))
            return false;
    }
    return set_tidy(t, set);
}

static Value copy_and_difference(Thread *t, Value set, Value other) {
    Value result = TRY(set_copy(t, set));
    CHECK(difference_update(t, result, other));
    return result;
}

static Value difference(Thread *t, Value set, Value other) {
    bool plain_dict = is_exactly(other, &dict_type);
    if (!is_set(other) && !plain_dict)
        return copy_and_difference(t, set, other);
    size_t length = plain_dict ? dict_length(other) : set_length(other);
    if (set_length(set) >> 2 > length)
        return copy_and_difference(t, set, other);
    Value result = TRY(set_allocate(t, base_of(set))), key;
    int64_t hash;
    for (size_t position = 0; next_hashed(set, &position, &key, &hash);) {
        int there = plain_dict ? present(dict_get_hashed(t, other, key, hash)) : contains_hashed(t, other, key, hash);
        CHECK(there >= 0 && !error_pending(t) && (there || add_hashed(t, result, key, hash)));
    }
    return result;
}

static Value difference_method(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count == 0)
        return set_copy(t, args[0]);
    Value result = TRY(difference(t, args[0], tuple_get(args[1], 0)));
    for (size_t i = 1; i < count; i++)
        CHECK(difference_update(t, result, tuple_get(args[1], i)));
    return result;
}

static Value difference_update_method(Thread *t, Value *args) {
    for (size_t i = 0; i < tuple_length(args[1]); i++)
        CHECK(difference_update(t, args[0], tuple_get(args[1], i)));
    return NONE;
}

/* Symmetric difference */

static bool symmetric_difference_update(Thread *t, Value set, Value other) {
    if (same(set, other)) {
        set_clear(set);
        return true;
    }
    if (!is_set(other))
        other = set_from_iterable(t, base_of(set), other);
    if (absent(other))
        return false;
    Value key;
    int64_t hash;
    for (size_t position = 0; next_hashed(other, &position, &key, &hash);)
        if (!toggle_hashed(t, set, key, hash))
            return false;
    return true;
}

static Value symmetric_difference(Thread *t, Value set, Value other) {
    Value result = TRY(set_from_iterable(t, base_of(set), other));
    CHECK(symmetric_difference_update(t, result, set));
    return result;
}

static Value symmetric_difference_method(Thread *t, Value *args) { return symmetric_difference(t, args[0], args[1]); }

static Value symmetric_difference_update_method(Thread *t, Value *args) {
    CHECK(symmetric_difference_update(t, args[0], args[1]));
    return NONE;
}

/* Operators: both operands must be sets. */

static Value or_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    Value result = TRY(set_copy_for_union(t, base_of(args[0]), args[0], set_length(args[1])));
    CHECK(set_merge(t, result, args[1]));
    return result;
}
static Value and_method(Thread *t, Value *args) {
    return is_set(args[1]) ? intersection(t, args[0], args[1]) : NOT_IMPLEMENTED;
}
static Value sub_method(Thread *t, Value *args) { return is_set(args[1]) ? difference(t, args[0], args[1]) : NOT_IMPLEMENTED; }
static Value xor_method(Thread *t, Value *args) {
    return is_set(args[1]) ? symmetric_difference(t, args[0], args[1]) : NOT_IMPLEMENTED;
}

static Value swapped(Thread *t, Value *args, NativeFn f) {
    Value self = args[0];
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    args[0] = args[1];
    args[1] = self;
    return f(t, args);
}
static Value ror_method(Thread *t, Value *args) { return swapped(t, args, or_method); }
static Value rand_method(Thread *t, Value *args) { return swapped(t, args, and_method); }
static Value rsub_method(Thread *t, Value *args) { return swapped(t, args, sub_method); }
static Value rxor_method(Thread *t, Value *args) { return swapped(t, args, xor_method); }

static Value ior_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    CHECK(set_merge(t, args[0], args[1]));
    return args[0];
}
static Value iand_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    CHECK(keep_common(t, args[0], TRY(intersection(t, args[0], args[1]))));
    return args[0];
}
static Value isub_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    CHECK(difference_update(t, args[0], args[1]));
    return args[0];
}
static Value ixor_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    CHECK(symmetric_difference_update(t, args[0], args[1]));
    return args[0];
}

/* Comparison */

static int is_subset(Thread *t, Value a, Value b) {
    if (set_length(a) > set_length(b))
        return 0;
    Value key;
    int64_t hash;
    for (size_t position = 0; next_hashed(a, &position, &key, &hash);) {
        int there = contains_hashed(t, b, key, hash);
        if (there <= 0)
            return there;
    }
    return 1;
}

static int sets_equal(Thread *t, Value a, Value b) {
    int64_t hash_a = load_relaxed(&as_set(a)->hash), hash_b = load_relaxed(&as_set(b)->hash);
    if (set_length(a) != set_length(b) || (hash_a != -1 && hash_b != -1 && hash_a != hash_b))
        return 0;
    return is_subset(t, a, b);
}

static Value truth_of(int result) { return result < 0 ? NO_VALUE : from_bool(result); }

static Value eq_method(Thread *t, Value *args) {
    return is_set(args[1]) ? truth_of(sets_equal(t, args[0], args[1])) : NOT_IMPLEMENTED;
}
static Value ne_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    int equals = sets_equal(t, args[0], args[1]);
    return equals < 0 ? NO_VALUE : from_bool(!equals);
}
static Value le_method(Thread *t, Value *args) {
    return is_set(args[1]) ? truth_of(is_subset(t, args[0], args[1])) : NOT_IMPLEMENTED;
}
static Value ge_method(Thread *t, Value *args) {
    return is_set(args[1]) ? truth_of(is_subset(t, args[1], args[0])) : NOT_IMPLEMENTED;
}
static Value lt_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    return set_length(args[0]) >= set_length(args[1]) ? FALSE : truth_of(is_subset(t, args[0], args[1]));
}
static Value gt_method(Thread *t, Value *args) {
    if (!is_set(args[1]))
        return NOT_IMPLEMENTED;
    return set_length(args[0]) <= set_length(args[1]) ? FALSE : truth_of(is_subset(t, args[1], args[0]));
}

static Value issubset_method(Thread *t, Value *args) {
    Value other = is_set(args[1]) ? args[1] : TRY(intersection(t, args[0], args[1]));
    return truth_of(is_set(args[1]) ? is_subset(t, args[0], other) : set_length(other) == set_length(args[0]));
}

static Value issuperset_method(Thread *t, Value *args) {
    if (is_set(args[1]))
        return truth_of(is_subset(t, args[1], args[0]));
    Value it = TRY(iterator_at_once(t, args[1]));
    for (Value item; present(item = iterator_next(t, it));) {
        int there = set_contains(t, args[0], item);
        if (there <= 0)
            return truth_of(there);
    }
    return error_pending(t) ? NO_VALUE : TRUE;
}

static Value isdisjoint_method(Thread *t, Value *args) {
    Value set = args[0], other = args[1], key;
    int64_t hash;
    if (same(set, other))
        return from_bool(set_length(set) == 0);
    if (is_set(other)) {
        if (set_length(other) > set_length(set)) {
            set = args[1];
            other = args[0];
        }
        for (size_t position = 0; next_hashed(other, &position, &key, &hash);) {
            int there = set_contains_hashed(t, set, key, hash);
            if (there)
                return there < 0 ? NO_VALUE : FALSE;
        }
        return TRUE;
    }
    Value it = TRY(iterator_at_once(t, other));
    while (present(key = iterator_next(t, it))) {
        int there = set_contains(t, set, key);
        if (there)
            return there < 0 ? NO_VALUE : FALSE;
    }
    return error_pending(t) ? NO_VALUE : TRUE;
}

/* The rest */

static uint64_t shuffled(int64_t hash) {
    uint64_t h = (uint64_t)hash;
    return ((h ^ 89869747u) ^ (h << 16)) * UINT64_C(3644798167);
}

/* CPython's: programs see the order of sets of frozensets. */
int64_t frozenset_hash(Value set) {
    SetObject *s = as_set(set);
    int64_t known = load_relaxed(&s->hash), item;
    if (known != -1)
        return known;
    uint64_t hash = 0;
    Value key;
    for (size_t position = 0; next_hashed(set, &position, &key, &item);)
        hash ^= shuffled(item);
    hash ^= ((uint64_t)s->used + 1) * UINT64_C(1927868237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash * 69069u + UINT64_C(907133923);
    if (hash == UINT64_MAX)
        hash = 590923713;
    store_relaxed(&s->hash, (int64_t)hash);
    return (int64_t)hash;
}

static Value frozenset_dunder_hash(Thread *t, Value *args) { return int_from(t, frozenset_hash(args[0])); }

static Value repr_method(Thread *t, Value *args) {
    bool plain = is_exactly(args[0], &set_type);
    if (set_length(args[0]) == 0)
        return format_text(t, "%T()", args[0]);
    int entered = repr_enter(t, args[0]);
    if (entered != 0)
        return entered < 0 ? NO_VALUE : format_text(t, "%T(...)", args[0]);
    Value list = list_from_iterable(t, args[0]), text = present(list) ? repr(t, list) : NO_VALUE;
    repr_leave(t, args[0]);
    if (present(text) && list_length(list) == 0) /* cleared by another thread since */
        return format_text(t, "%T()", args[0]);
    Value inner = str_slice(t, TRY(text), 1, str_length(text) - 1);
    return plain ? format_text(t, "{%S}", TRY(inner)) : format_text(t, "%T({%S})", args[0], TRY(inner));
}

static Value reduce_method(Thread *t, Value *args) {
    Value items = TRY(tuple_pack(t, 1, TRY(list_from_iterable(t, args[0]))));
    Value state = TRY(call_method_0(t, args[0], names.__getstate__));
    return tuple_pack(t, 3, from_object(type_of(args[0])), items, state);
}

static Value sizeof_method(Thread *t, Value *args) { return small_int((int64_t)set_memory(args[0])); }

static Value iter_method(Thread *t, Value *args) { return set_iterator_new(t, args[0]); }

#define COMMON_METHODS                                                                                              \
    {"__repr__(self, /)", repr_method, "Return repr(self)."},                                                       \
    {"__lt__(self, value, /)", lt_method, "Return self<value."},                                                    \
    {"__le__(self, value, /)", le_method, "Return self<=value."},                                                   \
    {"__eq__(self, value, /)", eq_method, "Return self==value."},                                                   \
    {"__ne__(self, value, /)", ne_method, "Return self!=value."},                                                   \
    {"__gt__(self, value, /)", gt_method, "Return self>value."},                                                    \
    {"__ge__(self, value, /)", ge_method, "Return self>=value."},                                                   \
    {"__iter__(self, /)", iter_method, "Implement iter(self)."},                                                    \
    {"__sub__(self, value, /)", sub_method, "Return self-value."},                                                  \
    {"__rsub__(self, value, /)", rsub_method, "Return value-self."},                                                \
    {"__and__(self, value, /)", and_method, "Return self&value."},                                                  \
    {"__rand__(self, value, /)", rand_method, "Return value&self."},                                                \
    {"__xor__(self, value, /)", xor_method, "Return self^value."},                                                  \
    {"__rxor__(self, value, /)", rxor_method, "Return value^self."},                                                \
    {"__or__(self, value, /)", or_method, "Return self|value."},                                                    \
    {"__ror__(self, value, /)", ror_method, "Return value|self."},                                                  \
    {"__len__(self, /)", len_method, "Return len(self)."},                                                          \
    {"__contains__(self, object, /)", contains_method, "x.__contains__(y) <==> y in x.", NATIVE_COEXIST},           \
    {"copy(self, /)", copy_method, "Return a shallow copy of a set."},                                              \
    {"difference(self, /, *others)", difference_method,                                                             \
     "Return a new set with elements in the set that are not in the others.", NATIVE_BORROWS_STAR},                 \
    {"intersection(self, /, *others)", intersection_method,                                                         \
     "Return a new set with elements common to the set and all others.", NATIVE_BORROWS_STAR},                      \
    {"isdisjoint(self, other, /)", isdisjoint_method, "Return True if two sets have a null intersection."},         \
    {"issubset(self, other, /)", issubset_method, "Report whether another set contains this set."},                 \
    {"issuperset(self, other, /)", issuperset_method, "Report whether this set contains another set."},             \
    {"__reduce__(self, /)", reduce_method, "Return state information for pickling."},                               \
    {"__sizeof__(self, /)", sizeof_method, "S.__sizeof__() -> size of S in memory, in bytes."},                     \
    {"symmetric_difference(self, other, /)", symmetric_difference_method,                                           \
     "Return a new set with elements in either the set or other but not both."},                                    \
    {"union(self, /, *others)", union_method, "Return a new set with elements from the set and all others.",        \
     NATIVE_BORROWS_STAR},                                                                                          \
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS}

static const NativeDef set_methods[] = {
    {"__new__(type, *args, **kwargs)", set_new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__init__(self, /, *args, **kwargs)", set_init, "Initialize self.  See help(type(self)) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    COMMON_METHODS,
    {"__isub__(self, value, /)", isub_method, "Return self-=value."},
    {"__iand__(self, value, /)", iand_method, "Return self&=value."},
    {"__ixor__(self, value, /)", ixor_method, "Return self^=value."},
    {"__ior__(self, value, /)", ior_method, "Return self|=value."},
    {"add(self, object, /)", add_method, "Add an element to a set.\n\nThis has no effect if the element is already present."},
    {"clear(self, /)", clear_method, "Remove all elements from this set."},
    {"discard(self, object, /)", discard_method,
     "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\n"
     "an exception when an element is missing from the set."},
    {"difference_update(self, /, *others)", difference_update_method,
     "Update the set, removing elements found in others.", NATIVE_BORROWS_STAR},
    {"intersection_update(self, /, *others)", intersection_update_method,
     "Update the set, keeping only elements found in it and all others.", NATIVE_BORROWS_STAR},
    {"pop(self, /)", pop_method, "Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty."},
    {"remove(self, object, /)", remove_method,
     "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError."},
    {"symmetric_difference_update(self, other, /)", symmetric_difference_update_method,
     "Update the set, keeping only elements found in either set, but not in both."},
    {"update(self, /, *others)", update_method, "Update the set, adding elements from all others.", NATIVE_BORROWS_STAR},
    {NULL},
};

static const NativeDef frozenset_methods[] = {
    {"__new__(type, *args, **kwargs)", frozenset_new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__hash__(self, /)", frozenset_dunder_hash, "Return hash(self)."},
    COMMON_METHODS,
    {NULL},
};
#undef COMMON_METHODS

STATIC_TYPE(set_type) = {
    STATIC_TYPE_HEAD(trace_set, NULL),
    .name_text = "set",
    .signature = "(iterable=(), /)",
    .doc = "Build an unordered collection of unique elements.",
    .methods = set_methods,
    .flags = TYPE_BASE | TYPE_SET | TYPE_MATCH_SELF | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(SetObject),
};

STATIC_TYPE(frozenset_type) = {
    STATIC_TYPE_HEAD(trace_set, NULL),
    .name_text = "frozenset",
    .signature = "(iterable=(), /)",
    .doc = "Build an immutable unordered collection of unique elements.",
    .methods = frozenset_methods,
    .flags = TYPE_BASE | TYPE_SET | TYPE_MATCH_SELF | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(SetObject),
};

/* Iterator */

typedef struct SetIterator {
    Object object;
    Value set;         /* absent: exhausted */
    size_t position;
    int64_t used;      /* the set's size at the start; -1: it changed */
    int64_t remaining;
    Thread *owner;     /* types/iterator.h */
} SetIterator;

extern Type set_iterator_type;

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((SetIterator *)o)->set); }

Value set_iterator_new(Thread *t, Value set) {
    SetIterator *it = heap_allocate(t, &set_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->set = set;
    it->used = it->remaining = (int64_t)set_length(set);
    it->owner = t;
    return from_object(it);
}

/* *changed: the set has another size by now, which is an error. */
[[gnu::always_inline]] static inline Value step_of(SetIterator *it, bool *changed) {
    Value set = load(&it->set), item = NO_VALUE;
    *changed = present(set) && it->used != (int64_t)set_length(set);
    size_t position = load_relaxed(&it->position);
    if (unlikely(*changed)) {
        store_relaxed(&it->used, -1);
    } else if (present(set) && set_next(set, &position, &item)) {
        store_relaxed(&it->position, position);
        store_relaxed(&it->remaining, it->remaining - 1);
    } else {
        store_release(&it->set.bits, 0); /* NOBARRIER: stores no reference */
    }
    return item;
}

[[gnu::noinline]] static Value step_shared(Thread *t, SetIterator *it, bool *changed) {
    step_begin_shared(t, &it->object, &it->owner);
    Value item = step_of(it, changed);
    object_unlock(&it->object);
    return item;
}

static Value iterator_next_item(Thread *t, Value self) {
    SetIterator *it = (SetIterator *)as_object(self);
    bool changed;
    Value item = step_is_own(t, &it->owner) ? step_of(it, &changed) : step_shared(t, it, &changed);
    return unlikely(changed) ? raise_error(t, &RuntimeError_type, "Set changed size during iteration") : item;
}

static Value iterator_length_hint(Thread *t, Value *args) {
    SetIterator *it = (SetIterator *)as_object(args[0]);
    Value set = load(&it->set);
    return small_int(present(set) && load_relaxed(&it->used) == (int64_t)set_length(set) ? load_relaxed(&it->remaining) : 0);
}

static Value iterator_reduce(Thread *t, Value *args) {
    SetIterator *copy = heap_allocate(t, &set_iterator_type, sizeof *copy), *it = (SetIterator *)as_object(args[0]);
    if (!copy)
        return NO_VALUE;
    copy->set = it->set;
    copy->position = it->position;
    copy->used = it->used;
    copy->remaining = it->remaining;
    Value rest = TRY(list_from_iterable(t, from_object(copy)));
    Value iter = TRY(iterator_builtin(t, names.iter));
    return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, rest)));
}

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", iterator_length_hint, "Private method returning an estimate of len(list(it)).", NATIVE_COEXIST},
    {"__reduce__(self, /)", iterator_reduce, "Return state information for pickling."},
    {NULL},
};

STATIC_TYPE(set_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL), .name_text = "set_iterator", .methods = iterator_methods,
    .next = iterator_next_item, .flags = TYPE_NO_NEW, .instance_size = sizeof(SetIterator),
};
