/* Objects: type tests, attributes, and the object lock. */
#pragma once
#include "base/lock.h"
#include "object/type.h"

extern Type int_type, float_type, bool_type, none_type, ellipsis_type, not_implemented_type;

typedef struct BoolObject { /* True and False stand for the ints 1 and 0: see types/int.h */
    Object object;
} BoolObject;
extern Object none_object, true_object, false_object, ellipsis_object, not_implemented_object;

#define NONE from_object(&none_object)
#define TRUE from_object(&true_object)
#define FALSE from_object(&false_object)
#define ELLIPSIS from_object(&ellipsis_object)
#define NOT_IMPLEMENTED from_object(&not_implemented_object)

static inline Value from_bool(bool b) { return b ? TRUE : FALSE; }
static inline bool is_none(Value v) { return same(v, NONE); }

/* __class__ may be assigned at any moment. Acquire: a class is published as anything else is. */
static inline Type *class_of(const Object *o) { return load_dependent(&o->type); }

static inline Type *type_of(Value v) {
    if (is_object(v))
        return class_of(as_object(v));
    return is_small_int(v) ? &int_type : &float_type;
}

static inline bool has_type_flag(Value v, uint32_t flag) { return (load_relaxed(&type_of(v)->flags) & flag) != 0; }
static inline bool is_exactly(Value v, Type *type) { return type_of(v) == type; }
static inline bool is_instance_of(Value v, Type *type) {
    return type_of(v) == type || type_is_subtype(type_of(v), type);
}

static inline bool is_int(Value v) { return is_small_int(v) || has_type_flag(v, TYPE_INT); } /* bool too */
static inline bool is_float(Value v) { return has_type_flag(v, TYPE_FLOAT); }
static inline bool is_str(Value v) { return has_type_flag(v, TYPE_STR); }
static inline bool is_bytes(Value v) { return has_type_flag(v, TYPE_BYTES); }
static inline bool is_tuple(Value v) { return has_type_flag(v, TYPE_TUPLE); }
static inline bool is_list(Value v) { return has_type_flag(v, TYPE_LIST); }
static inline bool is_dict(Value v) { return has_type_flag(v, TYPE_DICT); }
static inline bool is_type(Value v) { return has_type_flag(v, TYPE_TYPE); }
static inline bool is_exception(Value v) { return has_type_flag(v, TYPE_EXCEPTION); }
static inline Type *as_type(Value v) { return (Type *)v.bits; }

/* Attributes: getattr(o, name), name an interned str. */
[[nodiscard]] Value get_attribute(Thread *t, Value o, Value name);
/* The same, but a missing attribute is not an error: absent without exception. */
[[nodiscard]] Value find_attribute(Thread *t, Value o, Value name);
[[nodiscard]] bool set_attribute(Thread *t, Value o, Value name, Value value); /* value absent: delete */
Value get_attribute_text(Thread *t, Value o, const char *name);
/* What Python code gives as the name of an attribute, as an interned str; TypeError if it is none. */
Value attribute_name(Thread *t, Value name);
/* object.__getattribute__ and object.__setattr__ themselves. */
Value generic_get_attribute(Thread *t, Value o, Value name);
Value generic_find_attribute(Thread *t, Value o, Value name);
bool generic_set_attribute(Thread *t, Value o, Value name, Value value);
/* What `o.name(...)` needs: the function with *self = o, or any callable with *self absent. */
[[nodiscard]] Value load_method(Thread *t, Value o, Value name, Value *self);
/* Binds an attribute found on a type: f.__get__(o, type). */
[[nodiscard]] Value bind_descriptor(Thread *t, Value descriptor, Value o, Type *type);

/* The object lock: two bits in `meta`. Not re-entrant; held for a few instructions and never while Python code
 * runs, an allocation is made or the thread blocks. Skipped while the process has one thread, and for what is private to
 * the running thread (heap/publish.h). */
void object_lock_slow(Object *o);
void object_unlock_slow(Object *o);

/* A single attempt: false also when object_lock_slow is due. The lock is taken whether there are other threads or not. */
static inline bool object_try_lock(Object *o) {
    stress_yield();
    uint32_t meta = load_relaxed(&o->meta);
    return likely(!lock_due_for_sample()) && likely(!(meta & META_LOCKED)) &&
           likely(compare_exchange(&o->meta, &meta, meta | META_LOCKED));
}
static inline void object_lock(Object *o) {
    if (likely(!load_relaxed(&runtime_threaded)))
        return;
    if (is_private(o)) {
        heap_check_private_lock(o, true);
        return;
    }
    heap_check_reached(o);
    if (unlikely(!object_try_lock(o)))
        object_lock_slow(o);
    stress_yield();
}
/* Of a lock that was taken whether there are other threads or not. */
static inline void object_unlock_taken(Object *o) {
    uint32_t meta = load_relaxed(&o->meta);
    if (unlikely(meta & META_WAITERS) || unlikely(!compare_exchange(&o->meta, &meta, meta & ~(uint32_t)META_LOCKED)))
        object_unlock_slow(o);
    stress_yield();
}
static inline void object_unlock(Object *o) {
    if (likely(!load_relaxed(&runtime_threaded)))
        return;
    if (is_private(o))
        heap_check_private_lock(o, false);
    else
        object_unlock_taken(o);
}
static inline bool lock_held(Object *o) {
    return !load_relaxed(&runtime_threaded) || is_private(o) || (load_relaxed(&o->meta) & META_LOCKED);
}
