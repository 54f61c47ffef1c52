/* What stands in the namespaces of built-in types and modules: native functions, method descriptors, slot
 * wrappers, computed attributes and members.
 *
 * All are immutable once made. A binder is compiled on the first call and published with a release store.
 */
#pragma once
#include "object/native.h"
#include "object/object.h"

/* builtin_function_or_method: a function of a module, or a method bound to its receiver. */
typedef struct NativeFunctionObject {
    Object object;
    const NativeDef *def;
    const Binder *binder; /* NULL until the first call; read it with native_function_binder */
    Type *owner;          /* methods: what the receiver is an instance of; __new__: the type; NULL for functions */
    Value self;           /* bound receiver (methods), the class (class methods, __new__), the module or absent */
    Value module;         /* __module__: str or absent */
    bool has_self;        /* the receiver is passed as args[0] */
    bool is_new;          /* a type's __new__: checks the class argument */
} NativeFunctionObject;

/* method_descriptor, classmethod_descriptor and wrapper_descriptor. */
typedef struct MethodDescriptorObject {
    Object object;
    Type *owner;
    const NativeDef *def; /* NULL for __next__ and __call__ made from Type.next and Type.call */
    const Binder *binder;
    Value name;
    int8_t least, most; /* slot wrappers: how many arguments after self; -1: the binder knows */
    /* In the lower 48 bits the C function, if it takes its arguments as they are; above how many those are, self included, and
     * one more. 0: there is more to look at, or nobody called it yet. */
    uint64_t direct;
} MethodDescriptorObject;

enum { DIRECT_COUNT_SHIFT = 48 };
static inline NativeFn direct_function(uint64_t direct) {
    return (NativeFn)(uintptr_t)(direct & ((UINT64_C(1) << DIRECT_COUNT_SHIFT) - 1));
}

/* method-wrapper: a slot wrapper bound to its receiver. */
typedef struct MethodWrapperObject {
    Object object;
    Value descriptor, self;
} MethodWrapperObject;

typedef struct GetSetDescriptorObject {
    Object object;
    Type *owner;
    const GetSetDef *def;
    Value name;
} GetSetDescriptorObject;

typedef struct MemberDescriptorObject {
    Object object;
    Type *owner;
    Value name;
    const char *doc; /* NULL: none */
    union {
        size_t offset;
        const GetSetDef *computed; /* MEMBER_COMPUTED */
    };
    MemberKind kind;
    bool read_only;
} MemberDescriptorObject;

extern Type native_function_type, method_descriptor_type, class_method_descriptor_type, slot_wrapper_type,
    method_wrapper_type, getset_descriptor_type, member_descriptor_type;

/* Which object a table row of a type becomes: builtin `__new__`, slot wrapper (names in slots.def and __init__,
 * __call__, __next__, unless NATIVE_COEXIST), class method descriptor, staticmethod or method descriptor.
 * *name: the row's interned name. */
Value native_row_attribute(Thread *t, Type *owner, const NativeDef *def, Value *name);
/* Gives a class that is made already the rows of a table. false: an exception is pending. */
[[nodiscard]] bool type_add_methods(Thread *t, Type *type, const NativeDef *def);

Value method_descriptor_new(Thread *t, Type *owner, const NativeDef *def, Value name);
Value class_method_descriptor_new(Thread *t, Type *owner, const NativeDef *def, Value name);
Value static_method_row_new(Thread *t, Type *owner, const NativeDef *def); /* staticmethod of a native function */
Value slot_wrapper_new(Thread *t, Type *owner, const NativeDef *def, Value name);
Value slot_wrapper_of_next(Thread *t, Type *owner); /* `__next__` for a type that sets Type.next and has no row */
Value slot_wrapper_of_call(Thread *t, Type *owner); /* `__call__` for a type that sets Type.call and has no row */
Value native_new_function(Thread *t, Type *owner, const NativeDef *def); /* the `__new__` of a type */
Value getset_descriptor_new(Thread *t, Type *owner, const GetSetDef *def);
Value member_descriptor_new(Thread *t, Type *owner, const MemberDef *def);
Value slot_member_new(Thread *t, Type *owner, Value name, size_t offset); /* a name of __slots__ */
/* A bound native method, as getting a method descriptor from an instance gives. */
/* binder: NULL, to be found when it is called. */
Value native_method_new(Thread *t, Type *owner, const NativeDef *def, const Binder *binder, Value self);
bool is_slot_name(Value name); /* interned: a name in slots.def, __init__, __call__ or __next__ */

const Binder *native_function_binder(Thread *t, NativeFunctionObject *f);    /* NULL with an exception pending */
const Binder *method_descriptor_binder(Thread *t, MethodDescriptorObject *d);

/* The value of the member in `self`, whose type was checked; absent with AttributeError pending when unset. */
Value member_get(Thread *t, MemberDescriptorObject *d, Value self);
bool member_set(Thread *t, MemberDescriptorObject *d, Value self, Value value);
