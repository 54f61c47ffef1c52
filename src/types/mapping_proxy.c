/* types.MappingProxyType: a mapping that can only be read. Immutable itself. */
#include "base/hash.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct MappingProxyObject {
    Object object;
    Value mapping;
} MappingProxyObject;

static Value inner(Value v) { return ((MappingProxyObject *)v.bits)->mapping; }
Value mapping_proxy_target(Value v) { return is_exactly(v, &mapping_proxy_type) ? inner(v) : v; }

static void proxy_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((MappingProxyObject *)o)->mapping); }

Value mapping_proxy_new(Thread *t, Value mapping) {
    MappingProxyObject *p = heap_allocate(t, &mapping_proxy_type, sizeof *p);
    CHECK(p != NULL);
    p->mapping = mapping; /* NOBARRIER: just allocated */
    return from_object(p);
}

static Value proxy_new(Thread *t, Value *args) {
    Value mapping = args[1];
    if (type_slot(type_of(mapping), SLOT___getitem__) == NULL || is_list(mapping) || is_tuple(mapping))
        return raise_type_error(t, "mappingproxy() argument must be a mapping, not %T", mapping);
    return mapping_proxy_new(t, mapping);
}

static Value proxy_len(Thread *t, Value *args) {
    int64_t n = length_of(t, inner(args[0]));
    return n < 0 ? NO_VALUE : int_from(t, n);
}

static Value proxy_getitem(Thread *t, Value *args) { return get_item(t, inner(args[0]), args[1]); }

static Value proxy_contains(Thread *t, Value *args) {
    int result = contains(t, inner(args[0]), args[1]);
    return result < 0 ? NO_VALUE : from_bool(result);
}

static Value proxy_iter(Thread *t, Value *args) { return get_iterator(t, inner(args[0])); }
static Value proxy_repr(Thread *t, Value *args) { return format_text(t, "mappingproxy(%R)", inner(args[0])); }
static Value proxy_str(Thread *t, Value *args) { return to_str(t, inner(args[0])); }

static Value proxy_hash(Thread *t, Value *args) {
    int64_t hash;
    CHECK(hash_of(t, inner(args[0]), &hash));
    return int_from(t, hash);
}

static Value proxy_or(Thread *t, Value *args) {
    return binary_operation(t, BINARY_OR, mapping_proxy_target(args[0]), mapping_proxy_target(args[1]));
}

static Value proxy_ror(Thread *t, Value *args) {
    return binary_operation(t, BINARY_OR, mapping_proxy_target(args[1]), mapping_proxy_target(args[0]));
}

static Value proxy_ior(Thread *t, Value *args) {
    return raise_type_error(t, "'|=' is not supported by %T; use '|' instead", args[0]);
}

static Value proxy_eq(Thread *t, Value *args) { return compare(t, COMPARE_EQ, inner(args[0]), args[1]); }
static Value proxy_ne(Thread *t, Value *args) { return compare(t, COMPARE_NE, inner(args[0]), args[1]); }
static Value proxy_lt(Thread *t, Value *args) { return compare(t, COMPARE_LT, inner(args[0]), args[1]); }
static Value proxy_le(Thread *t, Value *args) { return compare(t, COMPARE_LE, inner(args[0]), args[1]); }
static Value proxy_gt(Thread *t, Value *args) { return compare(t, COMPARE_GT, inner(args[0]), args[1]); }
static Value proxy_ge(Thread *t, Value *args) { return compare(t, COMPARE_GE, inner(args[0]), args[1]); }

static Value proxy_get(Thread *t, Value *args) {
    return call_method_2(t, inner(args[0]), names.get, args[1], args[2]);
}
static Value proxy_keys(Thread *t, Value *args) { return call_method_0(t, inner(args[0]), names.keys); }
static Value proxy_values(Thread *t, Value *args) { return call_method_0(t, inner(args[0]), names.values); }
static Value proxy_items(Thread *t, Value *args) { return call_method_0(t, inner(args[0]), names.items); }
static Value proxy_copy(Thread *t, Value *args) { return call_method_0(t, inner(args[0]), names.copy); }
static Value proxy_reversed(Thread *t, Value *args) { return call_method_0(t, inner(args[0]), names.__reversed__); }

static const NativeDef proxy_methods[] = {
    {"__new__(type, mapping)", proxy_new, NULL, 0},
    {"__len__(self, /)", proxy_len, NULL, 0},
    {"__getitem__(self, key, /)", proxy_getitem, NULL, 0},
    {"__contains__(self, key, /)", proxy_contains, NULL, 0},
    {"__iter__(self, /)", proxy_iter, NULL, 0},
    {"__repr__(self, /)", proxy_repr, NULL, 0},
    {"__str__(self, /)", proxy_str, NULL, 0},
    {"__hash__(self, /)", proxy_hash, NULL, 0},
    {"__or__(self, value, /)", proxy_or, NULL, 0},
    {"__ror__(self, value, /)", proxy_ror, NULL, 0},
    {"__ior__(self, value, /)", proxy_ior, NULL, 0},
    {"__eq__(self, value, /)", proxy_eq, NULL, 0},
    {"__ne__(self, value, /)", proxy_ne, NULL, 0},
    {"__lt__(self, value, /)", proxy_lt, NULL, 0},
    {"__le__(self, value, /)", proxy_le, NULL, 0},
    {"__gt__(self, value, /)", proxy_gt, NULL, 0},
    {"__ge__(self, value, /)", proxy_ge, NULL, 0},
    {"get(self, key, default=None, /)", proxy_get, "Return the value for key if there is one, else default.", 0},
    {"keys(self, /)", proxy_keys, "a set-like object providing a view on D's keys", 0},
    {"values(self, /)", proxy_values, "an object providing a view on D's values", 0},
    {"items(self, /)", proxy_items, "a set-like object providing a view on D's items", 0},
    {"copy(self, /)", proxy_copy, "a shallow copy of D", 0},
    {"__reversed__(self, /)", proxy_reversed, "reverse iterator", 0},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "Generic in the types of keys and values.", NATIVE_CLASS},
    {},
};
STATIC_TYPE(mapping_proxy_type) = {
    STATIC_TYPE_HEAD(proxy_trace, NULL),
    .name_text = "mappingproxy",
    .doc = "Read-only proxy of a mapping.",
    .base_static = &object_type,
    .methods = proxy_methods,
    .flags = TYPE_MAPPING,
    .instance_size = sizeof(MappingProxyObject),
};
