/* Types: what every class is, written in C or in Python.
 *
 * Built-in types are static Type structs, completed by type_ready at start-up or before their module is first made,
 * immutable afterwards and shared by all isolates; what Python can change about them (subclass lists) lives in the isolate.
 * Classes made at run time are cells of the same struct.
 *
 * Slots: client code calls the operations of operators.h; what only asks whether a type has a method reads type_slot(type, SLOT___add__).
 * A slot is inherited from the base unless the type (by table row or by Python definition)
 * provides the method. A slot set to slot_none means "explicitly None": unhashable, not iterable...
 *
 * Threads: static types do not change once they are ready. For heap types `dict`, `bases`, `mro` and slots change
 * under the isolate's type mutex; readers see them through release stores; caches are guarded by shape ids.
 */
#pragma once
#include "object/native.h"

typedef enum Slot {
#define SLOT(name, arity) SLOT_##name,
#include "object/slots.def"
#undef SLOT
    SLOT_COUNT
} Slot;

enum {
    TYPE_BASE = 1 << 0,        /* may be subclassed */
    TYPE_HEAP = 1 << 1,        /* made at run time: mutable unless TYPE_IMMUTABLE */
    TYPE_IMMUTABLE = 1 << 2,
    TYPE_READY = 1 << 3,
    TYPE_ABSTRACT = 1 << 4,    /* has unimplemented abstract methods */
    TYPE_HAS_DICT = 1 << 5,    /* instances have shape slots and so a __dict__ */
    TYPE_HAS_WEAKREF = 1 << 6, /* instances can be weakly referenced */
    TYPE_NO_NEW = 1 << 7,      /* cannot create 'X' instances */
    TYPE_HAS_DEL = 1 << 8,     /* has __del__ */
    TYPE_SEQUENCE = 1 << 9,    /* matches sequence patterns */
    TYPE_MAPPING = 1 << 10,    /* matches mapping patterns */
    TYPE_MATCH_SELF = 1 << 11, /* C(x) in a pattern binds the subject itself */
    TYPE_METHOD_DESCRIPTOR = 1 << 12, /* instances are functions that bind self as first argument */
    /* fast subclass tests, inherited */
    TYPE_COPY_FIRST = 1 << 13, /* C code that goes through all of an instance takes a __copy__ while there are other threads */

    TYPE_NOT_INDEXED = 1 << 14, /* native: has a length and __getitem__, but is not iterable by index */
    TYPE_NO_MODULE = 1 << 15, /* native, with a module in its name that its instances do not show as __module__ */
    TYPE_INT = 1 << 16,
    TYPE_STR = 1 << 17,
    TYPE_TUPLE = 1 << 18,
    TYPE_LIST = 1 << 19,
    TYPE_DICT = 1 << 20,
    TYPE_BYTES = 1 << 21,
    TYPE_TYPE = 1 << 22,
    TYPE_EXCEPTION = 1 << 23,
    TYPE_FLOAT = 1 << 24,
    TYPE_SET = 1 << 25, /* set or frozenset */
};

/* The call protocol's shape: see call.h. */
typedef Value (*CallFn)(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames);
/* The next item; absent WITHOUT an exception when exhausted, absent with one on error. */
typedef Value (*NextFn)(Thread *t, Value iterator);
/* What a loop in C does with simple items, handed to an iterator that need not stop for each of them then. take: whether
 * the item was dealt with; it runs no Python code, raises nothing and looks at no frame. */
typedef struct Consumer Consumer;
struct Consumer {
    bool (*take)(Thread *t, Consumer *c, Value item);
    bool keeps_none; /* what it has taken it does not refer to any more */
    bool is_new;     /* the item that it declined last is a tuple to which nothing else refers */
};
/* The next item that is not taken; absent: the end, or an exception is pending. */
typedef Value (*FeedFn)(Thread *t, Value iterator, Consumer *c);

/* What `await` and `yield from` do with an iterator: 1, it yields *result; 2, it has returned *result; 0, an exception is pending. */
typedef int (*SendFn)(Thread *t, Value iterator, Value value, Value *result);

typedef struct BufferProtocol BufferProtocol; /* buffer.h */
typedef struct ModuleDef ModuleDef;           /* types/module.h */
typedef struct Shape Shape;                   /* shape.h */

struct Type {
    TypeHead head;
    const char *name_text; /* "list", or "collections.deque" for a type of a module; heap types: UTF-8 of name */
    const char *doc;
    const char *signature; /* static types: __text_signature__ where the row of __new__ or __init__ says less; often NULL */
    Type *base_static; /* static types: the base, NULL for object */
    const char *match_args; /* static types: the names of __match_args__, separated by blanks; NULL: none */
    /* Static types, at start-up: adds to the namespace what the tables do not say. NULL for most. */
    bool (*add_constants)(Thread *t, Type *type);
    /* Static types with __del__: whether it would do nothing for this instance, which is exactly of the type. May be called
     * in a stopped world. NULL: it might do something. */
    bool (*needs_no_del)(Object *o);
    const NativeDef *methods;
    const GetSetDef *getset;
    const MemberDef *members;
    const BufferProtocol *buffer;
    CallFn call;
    NextFn next;
    FeedFn feed; /* of generators and map, else NULL: iterator_feed (types/list_iterator.h) */
    SendFn send; /* static types that are not subclassed: spares a StopIteration for each result; may be NULL */
    uint32_t flags;
    uint32_t instance_size; /* bytes of the fixed part of an instance */
    uint32_t item_size;     /* var-sized instances: bytes per item, else 0 */
    /* Instances with TYPE_HAS_DICT have one word `extra` at slots_offset, then inline_slots words (shape.h). */
    uint32_t slots_offset;
    uint32_t inline_slots;
    uint32_t root_shape; /* shape id that new instances get; also in head.instance_meta */
    bool has_small_cells; /* instances whose class changed to this one may lack inline words; once true it stays */
    /* filled in by type_ready */
    Value name, qualname, module; /* str */
    Type *base;
    Value bases, mro; /* tuples */
    Value dict;       /* dict: the namespace. For static types owned by the runtime. */
    Value subclasses; /* heap types: list of weak references, else absent (isolate table) */
    Value annotations_cache;
    NativeFn slots[SLOT_COUNT];
    struct {
        uint64_t version; /* of the type, when the rest was found out */
        Value function;
        uint32_t kind;
        uint32_t cell_size; /* of instances that heap_try_allocate may make; 0: not that simple */
    } construct; /* types/construct.h */
    /* heap types */
    uint64_t version; /* changes whenever an attribute of the type or of a base changes; 0: none since then */
    Value slot_names; /* tuple: names of __slots__ in order */
    struct TypeExtra *extra;
};

extern Type type_type, object_type;

/* The C function of a special method, or NULL. Another thread may change the class at any time. */
static inline NativeFn type_slot(const Type *type, Slot slot) { return load_relaxed(&type->slots[slot]); }

/* Stands in a slot whose method is None. Called, it raises "'NoneType' object is not callable"; operators.c. */
Value slot_none(Thread *t, Value *args);

static inline Type *type_of(Value v); /* object.h */

bool type_ready(Thread *t, Type *type); /* static types, at start-up */
/* Of a static type: type_ready is done with it. */
static inline bool type_is_ready(const Type *type) {
    return load_acquire(&type->head.cell_flags) & CELL_READY;
}
bool types_start_of(Thread *t, const ModuleDef *module); /* those that belong to the module; false: no memory */
bool type_is_subtype(Type *a, Type *b); /* by MRO */
/* Looks `name` (interned str) up along the MRO: no descriptor is bound. Absent without exception: not there. */
Value type_lookup(Type *type, Value name);
/* The same, for a special method of an instance's type, bound if it is a descriptor.
 * Absent, no exception: not there. */
Value type_lookup_special(Thread *t, Value self, Value name);
/* type(name, bases, dict): calculates the metaclass, calls __set_name__ and __init_subclass__. */
Value type_new_class(Thread *t, Type *metatype, Value name, Value bases, Value namespace, Value kwargs);
Value type_set_attribute(Thread *t, Type *type, Value name, Value value); /* value absent: delete; gives None */
Value type_module_name(Thread *t, Type *type); /* str or absent without exception */
Value type_qualified_name(Thread *t, Type *type); /* "module.qualname", without "builtins." */

/* A new instance of a fixed-size type or of any subclass of it, fields zeroed. The only way that constructors make
 * subclassable objects: it knows about instance slots, __del__ and abstract classes. NULL on failure. */
[[nodiscard]] void *type_allocate(Thread *t, Type *type);
[[nodiscard]] void *type_allocate_sized(Thread *t, Type *type, size_t items); /* instance_size + items*item_size */

/* Struct sequences: tuple subclasses with named fields (os.stat_result, time.struct_time). */
typedef struct StructSequenceField {
    const char *name; /* NULL ends the table */
    const char *doc;
} StructSequenceField;
Value struct_sequence_type(Thread *t, const char *name, const char *doc, const StructSequenceField *fields,
                           size_t visible_count); /* a new heap type */
Value struct_sequence_new(Thread *t, Type *type, Value *items); /* items: as many as there are fields */

#define STATIC_TYPE_HEAD(tracer, releaser)                                                                    \
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = (tracer), .release = (releaser)}

/* A row of the table of all static types, which the linker puts together from all files. */
typedef struct StaticType {
    Type *type;
    const ModuleDef *module; /* NULL: readied at start-up; else when that module is first made */
} StaticType;

#define STATIC_TYPE_OF(c_name, module_def)                                                                      \
    extern Type c_name;                                                                                         \
    static const StaticType c_name##_entry __attribute__((section("krait_types"), used)) = {&c_name, module_def}; \
    Type c_name

/* Defines a static type that is readied at start-up: STATIC_TYPE(list_type) = {...}; */
#define STATIC_TYPE(c_name) STATIC_TYPE_OF(c_name, NULL)

/* Defines a static type that only a native module needs, MODULE_TYPE(deque_type, _collections) = {...}; it is readied before
 * the first isolate makes that module, so that a program that does not import it never touches the type. Whoever makes
 * instances of it from another module names that one in its definition (ModuleDef, types_from). */
#define MODULE_TYPE(c_name, module_name)                                                                        \
    extern const ModuleDef module_name##_module;                                                                \
    STATIC_TYPE_OF(c_name, &module_name##_module)
