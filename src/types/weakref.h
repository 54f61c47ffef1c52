/* weakref.ref and the proxies, on the heap's weak references. */
#pragma once
#include "object/object.h"

typedef struct WeakrefObject {
    Object object;
    Value target;   /* empty once dead: the heap clears it */
    Value callback; /* absent: none */
    int64_t hash;
} WeakrefObject;

extern Type weakref_type, weak_proxy_type, weak_callable_proxy_type;
Value weakref_new(Thread *t, Value target, Value callback); /* callback absent: none; TypeError if impossible */
Value weak_proxy_new(Thread *t, Value target, Value callback);
static inline Value weakref_target(Value ref) { return load(&((WeakrefObject *)ref.bits)->target); } /* absent: dead */
