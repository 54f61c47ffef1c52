/* What the files that implement types share among themselves. */
#pragma once
#include "object/owned_lock.h"
#include "object/shape.h"

typedef struct TypeExtra {
    Shape *root, *dictionary_shape, *attached_root; /* the third: NULL until it is needed; shapes owned by the class; changed under the type mutex, read by anybody */
    Shape *retired; /* a list, linked by `parent`: changed under the type mutex, or while the world is stopped */
    void (*base_trace)(Tracer *tracer, Object *o); /* trace function of the nearest static base, or NULL */
    uint32_t member_count;    /* words of __slots__ of this class and its bases... */
    uint32_t member_offset;   /* ...that lie contiguously from here */
    uint64_t walk;            /* the last one that came by: type_each_descendant */
    char *name_storage;       /* owns name_text and doc */
    void *member_defs;        /* owned as well: what the descriptors of a struct sequence's fields refer to */
} TypeExtra;

extern OwnedLock type_bases_lock; /* __bases__ is assigned by one thread at a time, which may run a metaclass's mro() meanwhile */

/* Of a type whose instances are all of one size. */
static inline size_t type_instance_size(const Type *type) {
    return type->flags & TYPE_HAS_DICT ? type->slots_offset + (1 + type->inline_slots) * sizeof(Value) : type->instance_size;
}
bool shape_table_start(void);
void shape_ids_release(Isolate *isolate); /* it is being freed */
void shapes_fork_lock(void);
void shapes_fork_unlock(void);
void binders_fork_lock(void);
void binders_fork_unlock(void);
bool shape_start_type(Thread *t, Type *type);
void shape_trace(Tracer *tracer, Shape *shape); /* and those below it */
void shape_free(Shape *shape);                  /* and those below it */
void shapes_retired_trace(Tracer *tracer, Type *type);
void shapes_retired_free(Type *type);
void shapes_retired_prune(Object *type); /* world stopped, all is marked: frees those that no instance has */
void shape_note_id(Tracer *tracer, uint32_t id);
/* For trace functions of instances of heap types: if the instance has a retired shape, that stays. */
static inline void shape_note_use(Tracer *tracer, Object *o, const TypeExtra *extra) {
    if (likely(load_relaxed(&extra->retired) == NULL))
        return;
    uint32_t id = shape_id(o), *noted = &trace_notes(tracer)[id % TRACE_NOTES]; /* most have one of a few */
    if (unlikely(*noted != id)) {
        *noted = id;
        shape_note_id(tracer, id);
    }
}
uint32_t shape_suggest_inline(size_t attributes);
Shape *shape_of_dictionary_mode(Type *type);
Shape *shape_remove(Thread *t, Shape *shape, int index); /* without the name in this slot. NULL: no room, use dictionary mode */
Shape *shape_attached(Thread *t, Shape *shape);          /* shape->attached, made if need be; NULL: no room, use dictionary mode */
Shape *shape_attached_root(Thread *t, Type *type);       /* NULL: no room */
bool instance_change_type(Thread *t, Object *o, Type *type);

extern const StaticType __start_krait_types[], __stop_krait_types[]; /* in a section of their own */

/* Calls visit for every living direct subclass. */
void type_each_subclass(Thread *t, Type *type, void (*visit)(Thread *t, Type *subclass));
/* Calls it once for every living class below the type, however many ways lead there, that this walk did not come by: a number of
 * type_next_version(). Two walks at once may make each other come by again. */
void type_each_descendant(Thread *t, Type *type, uint64_t walk, void (*visit)(Thread *t, Type *descendant));
bool type_add_subclass(Thread *t, Type *base, Type *subclass);
void type_remove_subclass(Thread *t, Type *base, Type *subclass);
Value type_subclasses(Thread *t, Type *type); /* a new list */

Value type_compute_mro(Thread *t, Type *type); /* C3 over type->bases: a tuple */
Value type_order(Thread *t, Type *type);       /* the same, or what the metaclass's own mro() says */
void type_fill_slots(Type *type);              /* slots, call, next from the MRO's namespaces */
void type_refill_slots(Thread *t, Type *type); /* of a class that is in use, and of its subclasses */
void type_fill_slot_named(Thread *t, Type *type, Value name); /* the same for one name, subclasses too */
/* Whether what stands in the slot is a function that looks the method up, since that is not written in C. */
bool slot_is_looked_up(const Type *type, Slot slot);
bool next_is_looked_up(const Type *type);
bool call_is_looked_up(const Type *type);
unsigned type_descriptor_kind(const Type *type); /* which of __get__, __set__ and __delete__ its instances have, as bits */
/* What caches know of attributes of classes. To be called when objects that may be such attributes became descriptors or ceased to. */
void type_forget_attributes(Thread *t);
void type_modified(Thread *t, Type *type);     /* it and its subclasses lose their versions */
bool type_set_entry(Thread *t, Type *type, Value name, Value value); /* in its namespace alone */
Value type_set_default_entry(Thread *t, Type *type, Value name, Value value); /* unless it has one: gives what it has then */
uint64_t type_version(Type *type);             /* a new one if it has none; 0: it is still being made */
uint64_t type_next_version(void);
Type *type_solid_base(Type *type);             /* the base that determines the layout of instances */
Type *type_best_base(Thread *t, Value bases);  /* NULL with TypeError pending */
bool type_generic_set(Thread *t, Type *type, Value name, Value value);
Value type_get_attribute(Thread *t, Type *type, Value name, bool raise);
Value object_getattribute(Thread *t, Value *args); /* object's slot functions */
Value object_setattr(Thread *t, Value *args);
Value object_delattr(Thread *t, Value *args);
Value object_eq(Thread *t, Value *args);        /* identity */
Value object_ne(Thread *t, Value *args);        /* asks __eq__ */
Value object_unordered(Thread *t, Value *args); /* NotImplemented */
/* Rows of a type of a module that behaves like object there: CPython's types, which name the function as their own, have these in
 * their namespaces as well. */
#define GETATTRIBUTE_ROW {"__getattribute__(self, name, /)", object_getattribute, "Return getattr(self, name).", 0}
#define SETATTR_ROWS                                                                                \
    {"__setattr__(self, name, value, /)", object_setattr, "Implement setattr(self, name, value).", 0}, \
    {"__delattr__(self, name, /)", object_delattr, "Implement delattr(self, name).", 0}
/* Of a type that knows == and != but no order. */
#define UNORDERED_ROWS                                                       \
    {"__lt__(self, value, /)", object_unordered, "Return self<value.", 0},   \
    {"__le__(self, value, /)", object_unordered, "Return self<=value.", 0},  \
    {"__gt__(self, value, /)", object_unordered, "Return self>value.", 0},   \
    {"__ge__(self, value, /)", object_unordered, "Return self>=value.", 0}
Value object_init(Thread *t, Value *args);
Value object_new(Thread *t, Value *args);
Value type_getattribute(Thread *t, Value *args);
/* What type_call does after __new__: calls the __init__ of an instance's class. */
bool type_init_instance(Thread *t, Type *type, Value instance, Value *args, size_t nargs, Value kwnames);
Value type_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames);
Value type_new_from_arguments(Thread *t, Type *metatype, Value name, Value bases, Value namespace, Value kwargs);
void type_trace(Tracer *tracer, Object *o);
void type_release(Object *o);
bool types_start_shapes(Thread *t);
bool types_start(Thread *t);
void types_fork_lock(void);
void types_fork_unlock(void);
bool object_wants_finalizer(Object *o);
void object_run_finalizer(Thread *t, Object *o);
extern const GetSetDef instance_dict_getset;
extern void (*made_finalizable_hook)(Thread *t, Type *type); /* an object whose type has __del__ is about to be made */
Value hash_not_implemented(Thread *t, Value *args); /* slot of `__hash__ = None` */
extern size_t (*class_fields_hook)(Value annotate); /* how many annotations a class's annotate function makes; set by vm */
/* Stores the finished class (or its namespace) in the cell that a class body left for it; set by vm. false: not a cell. */
extern bool (*class_cell_hook)(Thread *t, Value cell, Value class);
extern Value (*class_module_hook)(Thread *t); /* __name__ of the running frame's globals, or absent; set by vm */
