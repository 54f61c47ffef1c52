/* bool: True and False, the two instances of a subclass of int.
 *
 * They are static objects without limbs; int's functions know them by their type. Threads: immutable.
 */
#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/str/str.h"

alignas(16) Object true_object = {.meta = META_IMMORTAL, .type = &bool_type};
alignas(16) Object false_object = {.meta = META_IMMORTAL, .type = &bool_type};

static bool is_bool(Value v) { return same(v, TRUE) || same(v, FALSE); }

/* Two bools give a bool, a bool and another int what int gives. */
#define LOGICAL(name, function, operator)                                                 \
    static Value name(Thread *t, Value *args) {                                           \
        if (likely(is_bool(args[0]) && is_bool(args[1])))                                 \
            return from_bool(same(args[0], TRUE) operator same(args[1], TRUE));           \
        return is_int(args[0]) && is_int(args[1]) ? function(t, args[0], args[1])         \
                                                  : NOT_IMPLEMENTED;                      \
    }
LOGICAL(and_, int_and, &)
LOGICAL(or_, int_or, |)
LOGICAL(xor_, int_xor, ^)
#undef LOGICAL

static Value invert_(Thread *t, Value *args) {
    CHECK(warn(t, &DeprecationWarning_type, 1,
               "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the "
               "bitwise inversion of the underlying int object and is usually not what you expect from negating a "
               "bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise "
               "inversion of the underlying int."));
    return int_invert(t, args[0]);
}

static Value repr_(Thread *t, Value *args) { return str_intern_text(t, same(args[0], TRUE) ? "True" : "False"); }

static Value new(Thread *t, Value *args) {
    int result = truth(t, args[1]);
    CHECK(result >= 0);
    return from_bool(result);
}

static const NativeDef methods[] = {
    {"__new__(type, object=False, /)", new, NULL},
    {"__repr__(self, /)", repr_, NULL},
    {"__invert__(self, /)", invert_, NULL},
    {"__and__(self, value, /)", and_, NULL},
    {"__rand__(self, value, /)", and_, NULL},
    {"__xor__(self, value, /)", xor_, NULL},
    {"__rxor__(self, value, /)", xor_, NULL},
    {"__or__(self, value, /)", or_, NULL},
    {"__ror__(self, value, /)", or_, NULL},
    {NULL, NULL, NULL, 0},
};

STATIC_TYPE(bool_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "bool",
    .doc = "True when the argument is true, False otherwise.\n"
           "True and False are the only instances of this class, which is a subclass of int\n"
           "and cannot be subclassed itself.",
    .base_static = &int_type,
    .methods = methods,
    .flags = TYPE_INT | TYPE_MATCH_SELF,
    .instance_size = sizeof(IntObject),
    .item_size = sizeof(uint64_t),
};
