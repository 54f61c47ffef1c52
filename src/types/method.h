/* Wrappers of functions in classes: bound methods, classmethod, staticmethod, property, super. */
#pragma once
#include "object/object.h"

/* method: a callable with its first argument. Immutable. */
typedef struct MethodObject {
    Object object;
    Value function, self;
} MethodObject;

/* classmethod and staticmethod: instances have a __dict__ after this. */
typedef struct FunctionWrapperObject {
    Object object;
    Value callable;
} FunctionWrapperObject;

typedef struct PropertyObject {
    Object object;
    Value fget, fset, fdel, doc, name; /* absent: none */
    bool getter_doc;                   /* the doc came from fget */
} PropertyObject;

extern Type method_type, class_method_type, static_method_type, property_type, super_type;

Value method_new(Thread *t, Value function, Value self);
Value class_method_new(Thread *t, Value callable);
Value static_method_new(Thread *t, Value callable);
Value property_new(Thread *t, Value fget, Value fset, Value fdel, Value doc);
/* super(type, object).name without making the super object: what LOAD_SUPER_ATTR needs. With `self` not NULL, a
 * function is left unbound and *self is the receiver (else *self is absent). */
Value super_lookup(Thread *t, Value type, Value object, Value name, Value *self);
/* super() without arguments asks the running frame: vm sets this at start-up. false: exception pending. */
extern bool (*super_frame_hook)(Thread *t, Value *type, Value *object);
