/* What calling a class comes down to: found out once per version of the class.
 *
 * Threads: for a static type the answer never changes, whoever writes it. For a class made at run time it is rewritten only
 * while the process has one thread, since others might be reading its parts; afterwards it is written once, and a class that
 * changes later takes the long way.
 */
#pragma once
#include "heap/safepoint.h"
#include "object/type_internal.h"

typedef enum ConstructKind : uint32_t {
    CONSTRUCT_GENERALLY, /* __new__, then __init__, looked up and called */
    CONSTRUCT_OBJECT,    /* neither: a new instance, without arguments */
    CONSTRUCT_INIT,      /* object.__new__, then an __init__ of its own: construct.function */
    CONSTRUCT_NATIVE,    /* __new__ written in C, construct.function, and object.__init__ */
    CONSTRUCT_NEW,       /* __new__ written in Python, construct.function (a staticmethod), and object.__init__ */
    CONSTRUCT_EXCEPTION, /* an exception that is nothing but its arguments */
} ConstructKind;

ConstructKind construct_find(Type *type);

static inline ConstructKind construct_kind(Type *type) {
    uint64_t version = load_relaxed(&type->version);
    bool known = version && load_acquire(&type->construct.version) == version && !(type->flags & TYPE_ABSTRACT);
    return likely(known) ? (ConstructKind)load_relaxed(&type->construct.kind) : construct_find(type);
}
/* With kind CONSTRUCT_OBJECT or CONSTRUCT_INIT: a new instance. NULL without an exception: have type_allocate do it. */
static inline void *construct_try_allocate(Thread *t, Type *type) {
    size_t size = load_relaxed(&type->construct.cell_size);
    return likely(size != 0) ? heap_try_allocate(t, type, size) : NULL;
}

/* With kind CONSTRUCT_NATIVE: type(*args, **kwargs). As for call(), args[-1] may be overwritten. */
Value construct_native(Thread *t, Type *type, Value *args, size_t nargs, Value kwnames);
/* Whether type(v) is one of the built-in collections made of an iterable; then *out is that. Its arguments need no tuple. */
bool construct_collection(Thread *t, Type *type, Value v, Value *out);
/* With kind CONSTRUCT_EXCEPTION. */
Value construct_exception(Thread *t, Type *type, const Value *args, size_t nargs);
