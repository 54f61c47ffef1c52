/* None, NotImplemented and Ellipsis. Immortal and immutable. */
#include "object/errors.h"
#include "object/object.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

Object none_object = {.meta = META_IMMORTAL, .type = &none_type};
Object ellipsis_object = {.meta = META_IMMORTAL, .type = &ellipsis_type};
Object not_implemented_object = {.meta = META_IMMORTAL, .type = &not_implemented_type};

static Value no_arguments(Thread *t, Value *args, Value singleton) {
    if (tuple_length(args[1]) || (present(args[2]) && dict_length(args[2])))
        return raise_type_error(t, "%N takes no arguments", type_of(singleton));
    return singleton;
}

static Value none_new(Thread *t, Value *args) { return no_arguments(t, args, NONE); }
static Value none_repr(Thread *t, Value *args) { return str_intern_text(t, "None"); }
static Value none_bool(Thread *t, Value *args) { return FALSE; }
static Value none_hash(Thread *t, Value *args) { return small_int(0xfca86420); } /* as CPython: the same in every run */

static Value ellipsis_new(Thread *t, Value *args) {
    if (tuple_length(args[1]) || (present(args[2]) && dict_length(args[2])))
        return raise_type_error(t, "EllipsisType takes no arguments");
    return ELLIPSIS;
}
static Value ellipsis_repr(Thread *t, Value *args) { return str_intern_text(t, "Ellipsis"); }

static Value not_implemented_new(Thread *t, Value *args) { return no_arguments(t, args, NOT_IMPLEMENTED); }
static Value not_implemented_repr(Thread *t, Value *args) { return str_intern_text(t, "NotImplemented"); }
static Value not_implemented_bool(Thread *t, Value *args) {
    return raise_type_error(t, "NotImplemented should not be used in a boolean context");
}

static const NativeDef none_methods[] = {
    {"__new__(type, *args, **kwargs)", none_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", none_repr, NULL, 0},
    {"__bool__(self, /)", none_bool, NULL, 0},
    {"__eq__(self, value, /)", object_eq, NULL, 0},
    {"__ne__(self, value, /)", object_ne, NULL, 0},
    UNORDERED_ROWS,
    {"__hash__(self, /)", none_hash, NULL, 0},
    {},
};
static const NativeDef ellipsis_methods[] = {
    {"__new__(type, *args, **kwargs)", ellipsis_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", ellipsis_repr, NULL, 0},
    {"__reduce__(self, /)", ellipsis_repr, NULL, 0},
    {},
};
static const NativeDef not_implemented_methods[] = {
    {"__new__(type, *args, **kwargs)", not_implemented_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", not_implemented_repr, NULL, 0},
    {"__reduce__(self, /)", not_implemented_repr, NULL, 0},
    {"__bool__(self, /)", not_implemented_bool, NULL, 0},
    {},
};

#define SINGLETON(c_name, python_name, table, text)                                                             \
    STATIC_TYPE(c_name) = {                                                                                     \
        STATIC_TYPE_HEAD(NULL, NULL),                                                                           \
        .name_text = python_name,                                                                               \
        .signature = "()",                                                                                      \
        .doc = text,                                                                                            \
        .base_static = &object_type,                                                                            \
        .methods = table,                                                                                       \
        .instance_size = sizeof(Object),                                                                        \
    };
SINGLETON(none_type, "NoneType", none_methods, "The type of the None singleton.")
SINGLETON(ellipsis_type, "ellipsis", ellipsis_methods, "The type of the Ellipsis singleton.")
SINGLETON(not_implemented_type, "NotImplementedType", not_implemented_methods, "The type of the NotImplemented singleton.")
#undef SINGLETON
