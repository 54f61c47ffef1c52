/* PyCapsule: a C pointer with a name, which extension modules pass on through Python. */
#pragma once
#include "object/object.h"

typedef void (*CapsuleDestructor)(Value capsule);

/* Threads: its words are set by C code that says by its own means who may do so when; each is read and written whole. */
typedef struct CapsuleObject {
    Object object;
    void *pointer;    /* never NULL */
    const char *name; /* the maker's, who keeps it as long as the capsule; or NULL */
    void *context;
    CapsuleDestructor destructor; /* called once when the capsule dies; or NULL */
} CapsuleObject;

extern Type capsule_type;
static inline bool is_capsule(Value v) { return is_exactly(v, &capsule_type); }
static inline CapsuleObject *as_capsule(Value v) { return (CapsuleObject *)as_object(v); }

Value capsule_new(Thread *t, void *pointer, const char *name, CapsuleDestructor destructor);
