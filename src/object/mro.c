/* The order of bases: C3 linearisation, solid bases, subtype tests, lookups along the MRO.
 *
 * Threads: a type's `mro` tuple is replaced as a whole (release store); a lookup works on the tuple that it loaded.
 */
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

bool type_is_subtype(Type *a, Type *b) {
    if (a == b)
        return true;
    Value mro = load(&a->mro);
    if (absent(mro)) {
        for (; a; a = a->base_static)
            if (a == b)
                return true;
        return false;
    }
    for (size_t i = 0; i < tuple_length(mro); i++)
        if (as_type(tuple_get(mro, i)) == b)
            return true;
    return false;
}

/* One cache per thread: (version, name) to the value's place in a namespace, NULL if the name is in none. Versions are
 * never reused, and while one is current no name comes to or goes from a namespace, so that the places stay where they are:
 * entries need no tracing. */
typedef struct LookupEntry {
    uint64_t version;
    uintptr_t name;
    Value *place;
} LookupEntry;
enum { LOOKUP_ENTRIES = 2048 };
static _Thread_local LookupEntry lookup_cache[LOOKUP_ENTRIES];

static Value *find_place(Type *type, Value name) {
    Value mro = load(&type->mro);
    if (absent(mro))
        return NULL;
    for (size_t i = 0; i < tuple_length(mro); i++) {
        Value *place = dict_str_place(load(&as_type(tuple_get(mro, i))->dict), name);
        if (place)
            return place;
    }
    return NULL;
}

/* The value at a place that was found. Another thread may have emptied it an instant ago, before it takes the version away. */
static inline Value load_place(Type *type, Value name, Value *place) {
    Value value = load(place);
    while (unlikely(absent(value)) && (place = find_place(type, name)))
        value = load(place);
    return value;
}

Value type_lookup(Type *type, Value name) {
    uint64_t version = load_acquire(&type->version);
    if (unlikely(!version))
        version = type_version(type);
    LookupEntry *entry = &lookup_cache[(version * 31 + (name.bits >> 4)) % LOOKUP_ENTRIES];
    if (likely(entry->version == version && entry->name == name.bits && version))
        return entry->place ? load_place(type, name, entry->place) : NO_VALUE;
    Value *place = find_place(type, name);
    if (version)
        *entry = (LookupEntry){version, name.bits, place};
    return place ? load_place(type, name, place) : NO_VALUE;
}

uint64_t type_next_version(void) {
    static uint64_t next = SHAPE_IDS; /* a cache has the one or the other in the same word */
    return fetch_add(&next, UINT64_C(1));
}

/* Whoever has a version, its bases have one. */
uint64_t type_version(Type *type) {
    uint64_t version = load_acquire(&type->version);
    Value mro = load(&type->mro);
    if (version || absent(mro))
        return version;
    for (size_t i = tuple_length(mro); i-- > 0;) {
        Type *base = as_type(tuple_get(mro, i));
        uint64_t none = 0;
        if (load_acquire(&base->version) == 0)
            compare_exchange(&base->version, &none, type_next_version());
    }
    return load_acquire(&type->version);
}

static void forget_version_if_made(Thread *t, Type *type) {
    if (type->head.object.type != &type_type)
        store_release(&type->version, (uint64_t)0);
}

/* A metaclass changed: what is known of the attributes of classes that any metaclass made may no longer hold. That is rare enough
 * not to look for those of this one. */
static void forget_made_classes(Thread *t) {
    uint64_t walk = type_next_version();
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (type_is_ready(p->type))
            type_each_descendant(t, p->type, walk, forget_version_if_made);
}

static void forget_attributes(Thread *t, Type *type) {
    store_release(&type->version, (uint64_t)0);
    shape_retire_one(t, type);
}

void type_forget_attributes(Thread *t) {
    uint64_t walk = type_next_version();
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (type_is_ready(p->type))
            type_each_descendant(t, p->type, walk, forget_attributes);
    shape_collect_retired(t);
}

static void lose_version(Thread *t, Type *type) {
    store_release(&type->version, (uint64_t)0);
    if (type_is_subtype(type, &type_type))
        forget_made_classes(t);
}

/* A class that had no version has no subclass with one, unless another thread is just handing them out. */
void type_modified(Thread *t, Type *type) {
    uint64_t before = exchange(&type->version, (uint64_t)0);
    if (!before && !load_relaxed(&runtime_threaded))
        return;
    if (load_relaxed(&runtime_threaded))
        type_each_descendant(t, type, type_next_version(), lose_version);
    else
        type_each_subclass(t, type, type_modified);
    if (type_is_subtype(type, &type_type))
        forget_made_classes(t);
}

Value type_lookup_special(Thread *t, Value self, Value name) {
    Value found = type_lookup(type_of(self), name);
    return absent(found) ? NO_VALUE : bind_descriptor(t, found, self, type_of(self));
}

/* C3: merges the MROs of the bases and the list of bases. `heads[i]` is how much of sequence i was consumed. */
typedef struct Merge {
    Value *sequences; /* tuples */
    size_t *heads;
    size_t count;
} Merge;

static bool in_a_tail(const Merge *m, Value candidate) {
    for (size_t i = 0; i < m->count; i++)
        for (size_t j = m->heads[i] + 1; j < tuple_length(m->sequences[i]); j++)
            if (same(tuple_get(m->sequences[i], j), candidate))
                return true;
    return false;
}

/* The next class of the order; absent: all consumed, or (with *conflict) none fits. */
static Value next_class(const Merge *m, bool *conflict) {
    bool left = false;
    for (size_t i = 0; i < m->count; i++) {
        if (m->heads[i] >= tuple_length(m->sequences[i]))
            continue;
        left = true;
        Value candidate = tuple_get(m->sequences[i], m->heads[i]);
        if (!in_a_tail(m, candidate))
            return candidate;
    }
    *conflict = left;
    return NO_VALUE;
}

static Value raise_conflict(Thread *t, const Merge *m) {
    Value text = TRY(str_from_text(t, ""));
    Value seen = TRY(list_new(t, 4));
    for (size_t i = 0; i < m->count; i++) {
        if (m->heads[i] >= tuple_length(m->sequences[i]))
            continue;
        Value head = tuple_get(m->sequences[i], m->heads[i]);
        bool known = false;
        for (size_t j = 0; j < list_length(seen); j++)
            known |= same(list_get(seen, j), head);
        if (known)
            continue;
        CHECK(list_append(t, seen, head));
        text = TRY(format_text(t, "%S%s%S", text, list_length(seen) > 1 ? ", " : "", as_type(head)->name));
    }
    return raise_type_error(t, "Cannot create a consistent method resolution order (MRO) for bases %S", text);
}

static Value merge(Thread *t, Type *type, Merge *m) {
    Value order = TRY(list_new(t, 8));
    CHECK(list_append(t, order, from_object(type)));
    for (;;) {
        bool conflict = false;
        Value next = next_class(m, &conflict);
        if (conflict)
            return raise_conflict(t, m);
        if (absent(next))
            return list_to_tuple(t, order);
        CHECK(list_append(t, order, next));
        for (size_t i = 0; i < m->count; i++)
            if (m->heads[i] < tuple_length(m->sequences[i]) && same(tuple_get(m->sequences[i], m->heads[i]), next))
                m->heads[i]++;
    }
}

Value type_compute_mro(Thread *t, Type *type) {
    Value bases = type->bases;
    size_t count = tuple_length(bases);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (same(tuple_get(bases, i), tuple_get(bases, j)))
                return raise_type_error(t, "duplicate base class %S", load(&as_type(tuple_get(bases, i))->name));
    for (size_t i = 0; i < count; i++)
        if (absent(load(&as_type(tuple_get(bases, i))->mro)))
            return raise_type_error(t, "Cannot extend an incomplete type '%S'", load(&as_type(tuple_get(bases, i))->name));
    Value sequences = TRY(tuple_new(t, count + 1));
    for (size_t i = 0; i < count; i++) {
        Type *base = as_type(tuple_get(bases, i));
        Value order = load(&base->mro);
        if (absent(order)) /* its own mro() is running */
            return raise_type_error(t, "Cannot extend an incomplete type '%S'", load(&base->name));
        store(as_object(sequences), &as_tuple(sequences)->items[i], order);
    }
    store(as_object(sequences), &as_tuple(sequences)->items[count], bases);
    Merge m = {as_tuple(sequences)->items, calloc(count + 1, sizeof(size_t)), count + 1};
    if (!m.heads)
        return raise_no_memory(t);
    Value order = merge(t, type, &m);
    free(m.heads);
    keep_alive((void *)sequences.bits);
    return order;
}

/* A type adds something to the layout of its base if its fixed part or its items differ. */
static bool adds_layout(Type *type, Type *base) {
    return type->instance_size != base->instance_size || type->item_size != base->item_size;
}

Type *type_solid_base(Type *type) {
    for (Type *base; (base = load_relaxed(&type->base)) && !adds_layout(type, base);)
        type = base;
    return type;
}

Type *type_best_base(Thread *t, Value bases) {
    Type *winner = NULL, *best = NULL;
    for (size_t i = 0; i < tuple_length(bases); i++) {
        Value item = tuple_get(bases, i);
        if (!is_type(item)) {
            raise_type_error(t, "bases must be types");
            return NULL;
        }
        Type *base = as_type(item);
        if (!(base->flags & TYPE_BASE)) {
            raise_type_error(t, "type '%S' is not an acceptable base type", type_qualified_name(t, base));
            return NULL;
        }
        Type *solid = type_solid_base(base);
        if (!winner || (solid != winner && type_is_subtype(solid, winner))) {
            winner = solid;
            best = base;
        } else if (!type_is_subtype(winner, solid)) {
            raise_type_error(t, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return best;
}
