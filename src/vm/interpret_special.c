/* The interpreter, part four: specialised operations on attributes. What their caches hold is said in ops_special.def.
 *
 * A shape id stands for a type, the set of names in its namespace and the layout of the instance, until the shape is
 * retired; the value of a class attribute may change without that and is compared. An operation whose guard fails does
 * the generic operation, which specialises it anew.
 */
#include "object/shape.h"
#include "types/dict/dict_layout.h"
#include "types/method.h"
#include "types/module.h"
#include "vm/attribute_cache.h"
#include "vm/calls.h"
#include "vm/tracing.h"

/* Is the entry of the shared cache for objects like o? */
static inline bool is_cached(const Cache *c, Value o, Value name) {
    return likely(c->shape == shape_id(as_object(o))) && likely(same(c->name, name)) &&
           likely(!(load_relaxed((uint32_t *)c->words[0]) & SHAPE_RETIRED));
}

static inline bool is_module_with(Value o, const Cache *c) {
    return likely((o.bits & 3) == 0) && likely(class_of(as_object(o)) == &module_type) &&
           likely((uintptr_t)load_dependent(&as_dict(module_dict(o))->table) == c->words[0]);
}

static inline bool is_class_with(Value o, const Cache *c) {
    return likely(o.bits == c->words[0]) && likely((uint32_t)as_type(o)->version == c->shape) && entry_unchanged(c);
}

#define LOADED(value)                \
    do {                             \
        Value v_ = (value);          \
        if (likely(present(v_))) {   \
            r[ip->a] = v_;           \
            NEXT_FAST();             \
        }                            \
    } while (0)

HANDLER(LOAD_ATTR_SLOT) {
    if (unlikely(!op_LOAD_ATTR_SLOT_fast(r[ip->b], &caches[ip->c], false, &r[ip->a])))
        TAIL(do_LOAD_ATTR);
    NEXT_FAST();
}
HANDLER(LOAD_ATTR_SLOT_alone) {
    if (unlikely(!op_LOAD_ATTR_SLOT_fast(r[ip->b], &caches[ip->c], true, &r[ip->a])))
        TAIL(do_LOAD_ATTR);
    NEXT_FAST();
}
HANDLER(LOAD_ATTR_SLOT_OVER) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c))
        LOADED(load(slot_at(o, c->words[3])));
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_OUT) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c)) {
        Slots *slots = instance_slots(as_object(o));
        if (likely(slots != NULL))
            LOADED(load(&slots->items[c->words[1]]));
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_TYPE) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        r[ip->a] = (Value){c->words[2]};
        NEXT_FAST();
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_MEMBER) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c))
        LOADED(load(slot_at(o, c->words[3])));
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_TUPLE) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c) && likely(c->words[3] < tuple_length(o))) {
        r[ip->a] = tuple_get(o, c->words[3]);
        NEXT_FAST();
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_PROPERTY) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        FunctionObject *f = (FunctionObject *)c->words[3];
        CodeObject *code = load_relaxed(&f->code);
        Value *base = real_frame_end(t->frame);
        if (likely(code_exact_arguments(code) == 1 && call_fits(t, base, code))) {
            t->frame->ip = ip;
            frame_push(t, f, code, base, 0, ip->a);
            base[0] = o;
            for (size_t i = 1; i < code->local_count; i++) {
                base[i] = NO_VALUE;
                __asm__ volatile("");
            }
            ip = code->instructions;
            r = base;
            constants = code->constants_base;
            caches = code->caches;
            DISPATCH();
        }
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_OWN_DICT) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        Slots *slots = instance_slots(as_object(o));
        if (likely(slots != NULL))
            LOADED(load(&slots->dict));
    }
    TAIL(do_LOAD_ATTR);
}
/* The descriptor's __get__ is looked up each time: its class may change without this one's shape noticing. */
HANDLER(LOAD_ATTR_GET) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        Value descriptor = {c->words[2]}, *base = real_frame_end(t->frame);
        Type *kind = type_of(descriptor);
        Value get = type_lookup(kind, names.__get__);
        bool applies = !c->words[3] || type_slot(kind, SLOT___set__) || type_slot(kind, SLOT___delete__);
        CodeObject *code = applies && present(get) && is_function(get) ? load_relaxed(&as_function(get)->code) : NULL;
        if (likely(code && code_exact_arguments(code) == 3 && call_fits(t, base, code) && !is_tracing(t))) {
            SAVE();
            base[0] = descriptor;
            base[1] = o;
            base[2] = from_object(class_of(as_object(o)));
            clear_locals(base, 3, code->local_count);
            ENTER(as_function(get), code, base, 0, ip->a);
        }
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_METHOD) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        MethodObject *m = heap_try_allocate(t, &method_type, sizeof *m);
        if (likely(m != NULL)) {
            m->function = (Value){c->words[2]};
            m->self = o;
            r[ip->a] = from_object(m);
            NEXT_FAST();
        }
    }
    TAIL(do_LOAD_ATTR);
}
/* The table of the dict of an instance in dictionary mode; NULL: it has none. */
static inline DictTable *instance_table(Value o, uintptr_t offset) {
    Value dict = load(slot_at(o, offset));
    return likely(present(dict)) ? load_dependent(&as_dict(dict)->table) : NULL;
}
/* The entry of a name in a table where it is expected; NULL: it is elsewhere. */
static inline DictEntry *expected_entry(DictTable *table, uintptr_t index, Value name) {
    if (unlikely(!table || index >= load_relaxed(&table->end)))
        return NULL;
    DictEntry *e = dict_entry(table, index);
    return likely(load_relaxed(&e->key.bits) == name.bits) ? e : NULL;
}
static HANDLER(LOAD_ATTR_DICT_elsewhere) {
    const Cache *c = &caches[ip->c];
    DictTable *table = instance_table(r[ip->b], c->words[1]);
    DictEntry *e = table ? dict_find_interned(table, c->name) : NULL;
    if (likely(e != NULL))
        LOADED(load(&e->value));
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_DICT) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c)) {
        DictEntry *e = expected_entry(instance_table(o, c->words[1]), c->words[2], c->name);
        if (likely(e != NULL))
            LOADED(load(&e->value));
        TAIL(do_LOAD_ATTR_DICT_elsewhere);
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_MODULE) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (is_module_with(o, c))
        LOADED(load((Value *)c->words[1]));
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_ATTR_CLASS) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (is_class_with(o, c)) {
        r[ip->a] = (Value){c->words[3]};
        NEXT_FAST();
    }
    TAIL(do_LOAD_ATTR);
}

/* ---- methods ---- */

HANDLER(LOAD_METHOD_TYPE) {
    if (op_LOAD_METHOD_TYPE_fast(&r[ip->a], r[ip->b], &caches[ip->c]))
        NEXT_FAST();
    TAIL(do_LOAD_METHOD);
}
HANDLER(LOAD_METHOD_DICT) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        DictTable *table = instance_table(o, c->words[3]);
        DictEntry *e = table ? dict_find_interned(table, c->name) : NULL;
        if (likely((!e || absent(load(&e->value))) && !(table && table->general))) { /* other keys than str may be equal to the name */
            r[ip->a] = (Value){c->words[2]};
            r[ip->a + 1] = o;
            NEXT_FAST();
        }
    }
    TAIL(do_LOAD_METHOD);
}
HANDLER(LOAD_METHOD_STATIC) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        r[ip->a] = (Value){c->words[3]};
        r[ip->a + 1] = NO_VALUE;
        NEXT_FAST();
    }
    TAIL(do_LOAD_METHOD);
}
HANDLER(LOAD_METHOD_OF_CLASS) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        r[ip->a] = (Value){c->words[3]};
        r[ip->a + 1] = from_object(class_of(as_object(o)));
        NEXT_FAST();
    }
    TAIL(do_LOAD_METHOD);
}
#define LOADED_CALLABLE(value)            \
    do {                                  \
        Value v_ = (value);               \
        if (likely(present(v_))) {        \
            r[ip->a] = v_;                \
            r[ip->a + 1] = NO_VALUE;      \
            NEXT_FAST();                  \
        }                                 \
    } while (0)
HANDLER(LOAD_METHOD_SLOT) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c))
        LOADED_CALLABLE(load(slot_at(o, c->words[1])));
    TAIL(do_LOAD_METHOD);
}
HANDLER(LOAD_METHOD_MODULE) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (is_module_with(o, c))
        LOADED_CALLABLE(load((Value *)c->words[1]));
    TAIL(do_LOAD_METHOD);
}
HANDLER(LOAD_METHOD_CLASS) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (is_class_with(o, c))
        LOADED_CALLABLE((Value){c->words[3]});
    TAIL(do_LOAD_METHOD);
}
HANDLER(LOAD_METHOD_CLASS_METHOD) {
    Value o = r[ip->b];
    const Cache *c = &caches[ip->c];
    if (is_class_with(o, c)) {
        r[ip->a] = (Value){c->words[3]};
        r[ip->a + 1] = o;
        NEXT_FAST();
    }
    TAIL(do_LOAD_METHOD);
}

/* ---- places that meet many shapes ---- */

/* The entry for the name and the shape of an object. NULL: none. */
static inline const Cache *find_shared(Thread *t, unsigned generic, Value o, Value name) {
    const Cache *c = shared_cache(t, generic, shape_id(as_object(o)), name);
    if (is_cached(c, o, name))
        return c;
    c = shared_cache_beside(t, c);
    return is_cached(c, o, name) ? c : NULL;
}

HANDLER(LOAD_ATTR_SHARED) {
    Value o = r[ip->b];
    if (likely(is_object(o))) {
        const Cache *c = find_shared(t, OP_LOAD_ATTR, o, caches[ip->c].name);
        if (likely(c != NULL)) {
            if (c->counter == OP_LOAD_ATTR_SLOT)
                LOADED(load(slot_at(o, c->words[1])));
            else if (entry_unchanged(c))
                LOADED(c->counter == OP_LOAD_ATTR_TYPE ? (Value){c->words[2]} : load(slot_at(o, c->words[3])));
        }
    }
    TAIL(do_LOAD_ATTR);
}
HANDLER(LOAD_METHOD_SHARED) {
    Value o = r[ip->b];
    if (likely(is_object(o))) {
        const Cache *c = find_shared(t, OP_LOAD_METHOD, o, caches[ip->c].name);
        if (likely(c != NULL) && entry_unchanged(c)) {
            r[ip->a] = (Value){c->words[2]};
            r[ip->a + 1] = o;
            NEXT_FAST();
        }
    }
    TAIL(do_LOAD_METHOD);
}

/* ---- stores: with the object's lock, which guards its shape (shape.h), or those of one thread alone, without ---- */

static HANDLER(log_stored) { /* the write barrier's slow half, for the object in r[a] */
    heap_log_slow(as_object(r[ip->a]));
    NEXT_FAST();
}
#define STORED(object)                                                      \
    do {                                                                    \
        if (unlikely(load_relaxed(&(object)->meta) & META_OLD))             \
            TAIL(do_log_stored);                                            \
        NEXT_FAST();                                                        \
    } while (0)

/* Leaves the store to the handler without a lock if nobody else can see the object, and publishes what is stored if somebody can. */
#define PREPARE_STORE(object, name, shared)                                 \
    do {                                                                    \
        if (shared && is_private_to(t, object))                             \
            TAIL(do_##name##_alone);                                        \
        if (shared && unlikely(is_private_value_to(t, r[ip->b])))           \
            TAIL(do_publish_b);                                             \
    } while (0)
/* Takes the lock that is due to an object whose shape is to be that of the cache, or lets the generic operation do it all. */
#define BEGIN_STORE(object, shape, shared)                                  \
    do {                                                                    \
        if (shared && unlikely(!object_try_lock_shape(object, shape)))      \
            TAIL(do_STORE_ATTR);                                            \
    } while (0)
#define END_STORE(object, shared)        \
    do {                                 \
        if (shared)                      \
            object_unlock_taken(object); \
    } while (0)
#define END_STORE_WITH_SHAPE(object, id, shared)                                                                         \
    do {                                                                                                                 \
        if (shared)                                                                                                      \
            object_unlock_with_shape(object, id);                                                                        \
        else                                                                                                             \
            store_relaxed(&(object)->meta, ((object)->meta & ((1u << META_SHAPE_SHIFT) - 1)) | (id) << META_SHAPE_SHIFT); \
    } while (0)

#define STORE_ATTR_SHARED(which, shared)                                                                        \
    HANDLER(which) {                                                                                            \
        Value o = r[ip->a];                                                                                     \
        if (likely(is_object(o))) {                                                                             \
            const Cache *c = find_shared(t, OP_STORE_ATTR, o, caches[ip->c].name);                              \
            if (likely(c != NULL)) {                                                                            \
                Object *object = as_object(o);                                                                  \
                PREPARE_STORE(object, STORE_ATTR_SHARED, shared);                                               \
                BEGIN_STORE(object, c->shape, shared);                                                          \
                store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);                                   \
                if (c->counter == OP_STORE_ATTR_ADD)                                                            \
                    END_STORE_WITH_SHAPE(object, (uint32_t)c->words[2], shared);                                \
                else                                                                                            \
                    END_STORE(object, shared);                                                                  \
                STORED(object);                                                                                 \
            }                                                                                                   \
        }                                                                                                       \
        TAIL(do_STORE_ATTR);                                                                                    \
    }
STORE_ATTR_SHARED(STORE_ATTR_SHARED, true)
STORE_ATTR_SHARED(STORE_ATTR_SHARED_alone, false)
#undef STORE_ATTR_SHARED

/* Where others can come by the object: with its lock, for which `_waiting` waits. The handlers that look whether they can call
 * nothing, so that they need no frame. */
static HANDLER(STORE_ATTR_SLOT_waiting) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    object_lock_slow(as_object(o));
    if (shape_id(as_object(o)) == c->shape) {
        store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
        object_unlock_taken(as_object(o));
        STORED(as_object(o));
    }
    object_unlock_taken(as_object(o));
    TAIL(do_STORE_ATTR);
}
static HANDLER(STORE_ATTR_SLOT_locked) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (unlikely(is_private_value_to(t, r[ip->b])))
        TAIL(do_publish_b);
    if (unlikely(!object_try_lock_shape(as_object(o), c->shape)))
        TAIL(do_STORE_ATTR_SLOT_waiting);
    store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
    object_unlock_taken(as_object(o));
    STORED(as_object(o));
}
HANDLER(STORE_ATTR_SLOT) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (!has_shape(o, c))
        TAIL(do_STORE_ATTR);
    if (unlikely(!is_private_to(t, as_object(o))))
        TAIL(do_STORE_ATTR_SLOT_locked);
    store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
    STORED(as_object(o));
}
static HANDLER(STORE_ATTR_ADD_waiting) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    object_lock_slow(as_object(o));
    if (shape_id(as_object(o)) == c->shape) {
        store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
        object_unlock_with_shape(as_object(o), (uint32_t)c->words[2]);
        STORED(as_object(o));
    }
    object_unlock_taken(as_object(o));
    TAIL(do_STORE_ATTR);
}
static HANDLER(STORE_ATTR_ADD_locked) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (unlikely(is_private_value_to(t, r[ip->b])))
        TAIL(do_publish_b);
    if (unlikely(!object_try_lock_shape(as_object(o), c->shape)))
        TAIL(do_STORE_ATTR_ADD_waiting);
    store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
    object_unlock_with_shape(as_object(o), (uint32_t)c->words[2]);
    STORED(as_object(o));
}
HANDLER(STORE_ATTR_ADD) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (!has_shape(o, c))
        TAIL(do_STORE_ATTR);
    Object *object = as_object(o);
    if (unlikely(!is_private_to(t, object)))
        TAIL(do_STORE_ATTR_ADD_locked);
    store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
    END_STORE_WITH_SHAPE(object, (uint32_t)c->words[2], false);
    STORED(object);
}
HANDLER(STORE_ATTR_SLOT_alone) {
    StoreResult stored = op_STORE_ATTR_SLOT_fast(r[ip->a], r[ip->b], &caches[ip->c], true);
    if (unlikely(stored == STORE_DECLINED))
        TAIL(do_STORE_ATTR);
    if (unlikely(stored == STORE_LOG))
        TAIL(do_log_stored);
    NEXT_FAST();
}
#define STORE_ATTR_OUT(which, shared)                                              \
    HANDLER(which) {                                                               \
        Value o = r[ip->a];                                                        \
        const Cache *c = &caches[ip->c];                                           \
        if (has_shape(o, c)) {                                                     \
            PREPARE_STORE(as_object(o), STORE_ATTR_OUT, shared);                   \
            BEGIN_STORE(as_object(o), c->shape, shared);                           \
            Slots *slots = (Slots *)load(instance_extra(as_object(o))).bits;       \
            store_release(&slots->items[c->words[1]].bits, r[ip->b].bits);         \
            END_STORE(as_object(o), shared);                                       \
            if (unlikely(load_relaxed(&slots->object.meta) & META_OLD)) {          \
                SAVE();                                                            \
                heap_log_slow(&slots->object);                                     \
            }                                                                      \
            NEXT_FAST();                                                           \
        }                                                                          \
        TAIL(do_STORE_ATTR);                                                       \
    }
STORE_ATTR_OUT(STORE_ATTR_OUT, true)
STORE_ATTR_OUT(STORE_ATTR_OUT_alone, false)
#undef STORE_ATTR_OUT
static HANDLER(log_dict) {
    heap_log_slow(&instance_table(r[ip->a], caches[ip->c].words[1])->object);
    NEXT_FAST();
}
HANDLER(STORE_ATTR_DICT) {
    if (is_object(r[ip->a]) && is_private_to(t, as_object(r[ip->a])))
        TAIL(do_STORE_ATTR_DICT_alone);
    TAIL(do_STORE_ATTR);
}
HANDLER(STORE_ATTR_DICT_alone) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c)) {
        DictTable *table = instance_table(o, c->words[1]);
        DictEntry *e = expected_entry(table, c->words[2], c->name);
        if (likely(e != NULL) && likely(present(e->value))) {
            store_release(&e->value.bits, r[ip->b].bits);
            if (unlikely(load_relaxed(&table->object.meta) & META_OLD))
                TAIL(do_log_dict);
            NEXT_FAST();
        }
    }
    TAIL(do_STORE_ATTR);
}
HANDLER(STORE_ATTR_ADD_alone) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c)) {
        Object *object = as_object(o);
        store_release(&slot_at(o, c->words[1])->bits, r[ip->b].bits);
        END_STORE_WITH_SHAPE(object, (uint32_t)c->words[2], false);
        STORED(object);
    }
    TAIL(do_STORE_ATTR);
}
#define STORE_ATTR_OVER(which, shared)                                                  \
    HANDLER(which) {                                                                    \
        Value o = r[ip->a];                                                             \
        const Cache *c = &caches[ip->c];                                                \
        if (has_shape(o, c) && entry_unchanged(c)) {                                    \
            Object *object = as_object(o);                                              \
            uint32_t shape = (uint32_t)(c->words[3] >> 32);                             \
            PREPARE_STORE(object, STORE_ATTR_OVER, shared);                             \
            BEGIN_STORE(object, c->shape, shared);                                      \
            store_release(&slot_at(o, (uint32_t)c->words[3])->bits, r[ip->b].bits);     \
            if (shape)                                                                  \
                END_STORE_WITH_SHAPE(object, shape, shared);                            \
            else                                                                        \
                END_STORE(object, shared);                                              \
            STORED(object);                                                             \
        }                                                                               \
        TAIL(do_STORE_ATTR);                                                            \
    }
STORE_ATTR_OVER(STORE_ATTR_OVER, true)
STORE_ATTR_OVER(STORE_ATTR_OVER_alone, false)
#undef STORE_ATTR_OVER
/* As STORE_DEREF: no lock, but an instruction that orders the store before the loads that follow. */
#define STORE_ATTR_MEMBER(which, shared)                                         \
    HANDLER(which) {                                                             \
        Value o = r[ip->a];                                                      \
        const Cache *c = &caches[ip->c];                                         \
        if (has_shape(o, c) && entry_unchanged(c)) {                             \
            PREPARE_STORE(as_object(o), STORE_ATTR_MEMBER, shared);              \
            if (shared)                                                          \
                store_seq_cst(&slot_at(o, c->words[3])->bits, r[ip->b].bits);    \
            else                                                                 \
                store_release(&slot_at(o, c->words[3])->bits, r[ip->b].bits);    \
            STORED(as_object(o));                                                \
        }                                                                        \
        TAIL(do_STORE_ATTR);                                                     \
    }
STORE_ATTR_MEMBER(STORE_ATTR_MEMBER, true)
STORE_ATTR_MEMBER(STORE_ATTR_MEMBER_alone, false)
#undef STORE_ATTR_MEMBER

/* ---- attributes that are stored by a function: it gets a frame, and what it returns does not count (operator_returned) ---- */

HANDLER(STORE_ATTR_PROPERTY) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        FunctionObject *f = (FunctionObject *)c->words[3];
        CodeObject *code = load_relaxed(&f->code);
        Value *base = real_frame_end(t->frame);
        if (likely(code_exact_arguments(code) == 2 && call_fits(t, base, code) && !is_tracing(t))) {
            SAVE();
            base[0] = o;
            base[1] = r[ip->b];
            clear_locals(base, 2, code->local_count);
            ENTER(f, code, base, FRAME_OPERATOR, 0);
        }
    }
    TAIL(do_STORE_ATTR);
}
HANDLER(STORE_ATTR_SET) {
    Value o = r[ip->a];
    const Cache *c = &caches[ip->c];
    if (has_shape(o, c) && entry_unchanged(c)) {
        Value descriptor = {c->words[2]}, set = type_lookup(type_of(descriptor), names.__set__), *base = real_frame_end(t->frame);
        CodeObject *code = present(set) && is_function(set) ? load_relaxed(&as_function(set)->code) : NULL;
        if (likely(code && code_exact_arguments(code) == 3 && call_fits(t, base, code) && !is_tracing(t))) {
            SAVE();
            base[0] = descriptor;
            base[1] = o;
            base[2] = r[ip->b];
            clear_locals(base, 3, code->local_count);
            ENTER(as_function(set), code, base, FRAME_OPERATOR, 0);
        }
    }
    TAIL(do_STORE_ATTR);
}
