/* _functools: reduce, cmp_to_key, and the module. */
#include "modules/functools/functools.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* What cmp_to_key makes: called with an object, a key that compares by the function. */
typedef struct KeyObject {
    Object object;
    Value compare, item; /* item absent: the maker itself */
} KeyObject;
extern Type key_type;

static KeyObject *as_key(Value v) { return (KeyObject *)v.bits; }
static void key_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((KeyObject *)o)->compare, 2); }

static Value key_new(Thread *t, Value compare, Value item) {
    KeyObject *k = heap_allocate(t, &key_type, sizeof *k);
    CHECK(k != NULL);
    k->compare = compare; /* NOBARRIER: just allocated */
    k->item = item;
    return from_object(k);
}

static Value key_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    bool named = present(kwnames) && tuple_length(kwnames) == 1 && same(tuple_get(kwnames, 0), names.obj);
    if (nargs + (named ? 1 : 0) != 1 || (!named && present(kwnames) && tuple_length(kwnames)))
        return raise_type_error(t, nargs == 0 ? "K() missing required argument 'obj' (pos 1)"
                                              : "K() takes exactly 1 argument (%zu given)", nargs);
    return key_new(t, as_key(callee)->compare, args[0]);
}

static Value key_compare(Thread *t, Value *args, Comparison op) {
    if (!is_exactly(args[1], &key_type))
        return raise_type_error(t, "other argument must be K instance");
    KeyObject *a = as_key(args[0]), *b = as_key(args[1]);
    if (absent(a->item) || absent(b->item))
        return raise_error(t, &AttributeError_type, "object");
    return compare(t, op, TRY(call_2(t, a->compare, a->item, b->item)), small_int(0));
}

static Value key_lt(Thread *t, Value *args) { return key_compare(t, args, COMPARE_LT); }
static Value key_le(Thread *t, Value *args) { return key_compare(t, args, COMPARE_LE); }
static Value key_eq(Thread *t, Value *args) { return key_compare(t, args, COMPARE_EQ); }
static Value key_ne(Thread *t, Value *args) { return key_compare(t, args, COMPARE_NE); }
static Value key_gt(Thread *t, Value *args) { return key_compare(t, args, COMPARE_GT); }
static Value key_ge(Thread *t, Value *args) { return key_compare(t, args, COMPARE_GE); }

static const NativeDef key_methods[] = {
    {"__lt__(self, value, /)", key_lt, NULL, 0}, {"__le__(self, value, /)", key_le, NULL, 0},
    {"__eq__(self, value, /)", key_eq, NULL, 0}, {"__ne__(self, value, /)", key_ne, NULL, 0},
    {"__gt__(self, value, /)", key_gt, NULL, 0}, {"__ge__(self, value, /)", key_ge, NULL, 0},
    {},
};
static const MemberDef key_members[] = {
    {"obj", MEMBER_VALUE, offsetof(KeyObject, item), false, "Value wrapped by a key function."},
    {},
};
static Value key_text_signature(Thread *t, Value *args) { return str_from_text(t, "(obj)"); }

static const GetSetDef key_getset[] = {
    {"__text_signature__", key_text_signature, NULL, NULL},
    {},
};
MODULE_TYPE(key_type, _functools) = {
    STATIC_TYPE_HEAD(key_trace, NULL),
    .name_text = "functools.KeyWrapper",
    .base_static = &object_type,
    .methods = key_methods,
    .members = key_members,
    .getset = key_getset,
    .call = key_call,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(KeyObject),
};

static Value cmp_to_key(Thread *t, Value *args) { return key_new(t, args[0], NO_VALUE); }

typedef struct Reduction {
    Value function, result;
} Reduction;

static bool reduce_item(Thread *t, void *context, Value item) {
    Reduction *r = context;
    r->result = absent(r->result) ? item : call_2(t, r->function, r->result, item);
    return present(r->result);
}

static Value reduce(Thread *t, Value *args) {
    Reduction r = {args[0], args[2]};
    Value iterator = get_iterator(t, args[1]);
    if (absent(iterator)) {
        if (error_catch(t, &TypeError_type))
            raise_type_error(t, "reduce() arg 2 must support iteration");
        return NO_VALUE;
    }
    CHECK(iterate(t, iterator, reduce_item, &r));
    return present(r.result) ? r.result : raise_type_error(t, "reduce() of empty iterable with no initial value");
}

static bool functools_init(Thread *t, Value module) {
    return module_add_type(t, module, &partial_type) && module_add_type(t, module, &placeholder_type) &&
           module_add_type(t, module, &lru_cache_type) &&
           module_add(t, module, "Placeholder", from_object(&placeholder_object));
}

static const NativeDef functools_functions[] = {
    {"reduce(function, iterable, /, initial=<unrepresentable>)", reduce,
     "Combine the items of an iterable from the left by a function of two arguments.", 0},
    {"cmp_to_key(mycmp)", cmp_to_key, "Convert a cmp= function into a key= function.", 0},
    {},
};
NATIVE_MODULE(_functools) = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functools_functions,
    .init = functools_init,
};
