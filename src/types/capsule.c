/* See capsule.h. */
#include "types/capsule.h"

#include "object/errors.h"
#include "object/thread.h"

Value capsule_new(Thread *t, void *pointer, const char *name, CapsuleDestructor destructor) {
    CapsuleObject *c = heap_allocate_finalizable(t, &capsule_type, sizeof *c);
    CHECK(c != NULL);
    c->pointer = pointer;
    c->name = name;
    c->destructor = destructor;
    return from_object(c);
}

static Value capsule_repr(Thread *t, Value *args) {
    CapsuleObject *c = as_capsule(args[0]);
    const char *quote = c->name ? "\"" : "";
    return format_text(t, "<capsule object %s%s%s at %p>", quote, c->name ? c->name : "NULL", quote, (void *)c);
}

static Value capsule_del(Thread *t, Value *args) {
    CapsuleDestructor destructor = as_capsule(args[0])->destructor;
    if (destructor)
        destructor(args[0]);
    return error_pending(t) ? NO_VALUE : NONE;
}
static bool needs_no_del(Object *o) { return !((CapsuleObject *)o)->destructor; }

static const NativeDef capsule_methods[] = {
    {"__repr__(self, /)", capsule_repr, NULL, 0},
    {"__del__(self, /)", capsule_del, "Called when the instance is about to be destroyed."},
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
    .needs_no_del = needs_no_del,
};
