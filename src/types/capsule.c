/* PyCapsule: a C pointer with a name, opaque to Python code. Immutable. */
#include "object/errors.h"
#include "object/thread.h"
#include "types/generic_alias.h"

typedef struct CapsuleObject {
    Object object;
    void *pointer;
    const char *name; /* static, or NULL */
} CapsuleObject;

Value capsule_new(Thread *t, void *pointer, const char *name) {
    CapsuleObject *c = heap_allocate(t, &capsule_type, sizeof *c);
    CHECK(c != NULL);
    c->pointer = pointer;
    c->name = name;
    return from_object(c);
}

static Value capsule_repr(Thread *t, Value *args) {
    CapsuleObject *c = (CapsuleObject *)as_object(args[0]);
    const char *quote = c->name ? "\"" : "";
    return format_text(t, "<capsule object %s%s%s at %p>", quote, c->name ? c->name : "NULL", quote, (void *)c);
}

static const NativeDef capsule_methods[] = {
    {"__repr__(self, /)", capsule_repr, NULL, 0},
    {},
};
STATIC_TYPE(capsule_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "PyCapsule",
    .doc = "A C pointer with a name, which extension modules pass on through Python.",
    .base_static = &object_type,
    .methods = capsule_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(CapsuleObject),
};
