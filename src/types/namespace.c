/* types.SimpleNamespace: an object whose attributes are what was given. */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

static void namespace_trace(Tracer *tracer, Object *o) { instance_trace(tracer, o); }

static Value make(Thread *t, Value *args) { return from_object(type_allocate(t, as_type(args[0]))); }

static bool add_all(Thread *t, Value self, Value dict) {
    size_t position = 0;
    Value key, value;
    while (dict_next(dict, &position, &key, &value)) {
        if (!is_str(key)) {
            raise_type_error(t, "keywords must be strings");
            return false;
        }
        if (is_exactly(key, &str_type) && absent(key = str_intern(t, key)))
            return false;
        if (!instance_set(t, as_object(self), key, value))
            return false;
    }
    return true;
}

Value namespace_new(Thread *t, Value dict) {
    Object *o = type_allocate(t, &namespace_type);
    CHECK(o != NULL);
    CHECK(absent(dict) || add_all(t, from_object(o), dict));
    return from_object(o);
}

static Value namespace_init(Thread *t, Value *args) {
    if (present(args[1]) && !same(args[1], empty_tuple)) {
        Value dict = args[1];
        if (!is_exactly(dict, &dict_type)) {
            dict = TRY(dict_new(t));
            CHECK(dict_update(t, dict, args[1]));
        }
        CHECK(add_all(t, args[0], dict));
    }
    CHECK(add_all(t, args[0], args[2]));
    return NONE;
}

static Value list_pairs(Thread *t, Value self) {
    Value dict = TRY(instance_dict_copy(t, as_object(self))), parts = TRY(list_new(t, dict_length(dict))), key, value;
    size_t position = 0;
    while (dict_next(dict, &position, &key, &value))
        if (is_str(key) && str_length(key) != 0)
            CHECK(list_append(t, parts, TRY(format_text(t, "%S=%R", key, value))));
    return str_join(t, TRY(str_from_text(t, ", ")), parts);
}

static Value namespace_repr(Thread *t, Value *args) {
    const char *name = is_exactly(args[0], &namespace_type) ? "namespace" : type_of(args[0])->name_text;
    int entered = repr_enter(t, args[0]);
    CHECK(entered >= 0);
    if (entered)
        return format_text(t, "%s(...)", name);
    Value text = list_pairs(t, args[0]);
    repr_leave(t, args[0]);
    return absent(text) ? text : format_text(t, "%s(%S)", name, text);
}

static Value compare_dicts(Thread *t, Value *args, Comparison op) {
    if (!is_instance_of(args[0], &namespace_type) || !is_instance_of(args[1], &namespace_type))
        return NOT_IMPLEMENTED;
    Value a = TRY(instance_dict_copy(t, as_object(args[0]))), b = TRY(instance_dict_copy(t, as_object(args[1])));
    return compare(t, op, a, b);
}

static Value namespace_eq(Thread *t, Value *args) { return compare_dicts(t, args, COMPARE_EQ); }
static Value namespace_ne(Thread *t, Value *args) { return compare_dicts(t, args, COMPARE_NE); }
static Value namespace_lt(Thread *t, Value *args) { return compare_dicts(t, args, COMPARE_LT); }
static Value namespace_le(Thread *t, Value *args) { return compare_dicts(t, args, COMPARE_LE); }
static Value namespace_gt(Thread *t, Value *args) { return compare_dicts(t, args, COMPARE_GT); }
static Value namespace_ge(Thread *t, Value *args) { return compare_dicts(t, args, COMPARE_GE); }

static Value namespace_reduce(Thread *t, Value *args) {
    return tuple_pack(t, 3, from_object(type_of(args[0])), empty_tuple, TRY(instance_dict(t, as_object(args[0]))));
}

static Value namespace_replace(Thread *t, Value *args) {
    Value made = TRY(call_0(t, from_object(type_of(args[0]))));
    if (!is_instance_of(made, &namespace_type))
        return raise_type_error(t, "expect %N type, but %S() returned '%T' object", &namespace_type,
                                TRY(type_qualified_name(t, type_of(args[0]))), made);
    CHECK(add_all(t, made, TRY(instance_dict_copy(t, as_object(args[0])))));
    CHECK(add_all(t, made, args[1]));
    return made;
}

static const NativeDef namespace_methods[] = {
    {"__new__(type, *args, **kwargs)", make, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, mapping_or_iterable=(), /, **kwargs)", namespace_init, NULL, 0},
    {"__repr__(self, /)", namespace_repr, NULL, 0},
    {"__eq__(self, value, /)", namespace_eq, NULL, 0},
    {"__ne__(self, value, /)", namespace_ne, NULL, 0},
    {"__lt__(self, value, /)", namespace_lt, NULL, 0},
    {"__le__(self, value, /)", namespace_le, NULL, 0},
    {"__gt__(self, value, /)", namespace_gt, NULL, 0},
    {"__ge__(self, value, /)", namespace_ge, NULL, 0},
    {"__reduce__(self, /)", namespace_reduce, "Return state information for pickling", 0},
    {"__replace__(self, /, **changes)", namespace_replace, "Return a copy with some attributes changed.", 0},
    {},
};
STATIC_TYPE(namespace_type) = {
    STATIC_TYPE_HEAD(namespace_trace, NULL),
    .name_text = "types.SimpleNamespace",
    .doc = "An object whose attributes are the keyword arguments.",
    .base_static = &object_type,
    .methods = namespace_methods,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_NO_MODULE,
    .instance_size = sizeof(Object),
};
