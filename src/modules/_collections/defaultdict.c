/* collections.defaultdict. Threads: as dict; `default_factory` is one word. */
#include "modules/_collections/internal.h"
#include "object/type_internal.h"

typedef struct DefaultDict {
    DictObject dict;
    Value factory; /* absent or None: none */
} DefaultDict;

static DefaultDict *as_default_dict(Value v) { return (DefaultDict *)v.bits; }

static void trace_default_dict(Tracer *tracer, Object *o) {
    dict_type.head.trace(tracer, o);
    trace_value(tracer, ((DefaultDict *)o)->factory);
}

static Value factory_of(Value self) {
    Value factory = load(&as_default_dict(self)->factory);
    return present(factory) ? factory : NONE;
}

static Value init(Thread *t, Value *args) {
    Value given = args[1], rest = given;
    Value factory = tuple_length(given) ? tuple_get(given, 0) : NONE;
    if (!is_none(factory) && !is_callable(factory))
        return raise_type_error(t, "first argument must be callable or None");
    store(as_object(args[0]), &as_default_dict(args[0])->factory, factory);
    if (tuple_length(given)) {
        rest = TRY(tuple_slice(t, given, 1, tuple_length(given)));
    }
    args[1] = rest;
    return dict_init(t, args);
}

static Value missing(Thread *t, Value *args) {
    Value factory = factory_of(args[0]);
    if (is_none(factory))
        return raise_key_error(t, args[1]);
    return dict_setdefault(t, args[0], args[1], TRY(call_0(t, factory)));
}

/* type(self)(factory, other) */
static Value made_like(Thread *t, Value self, Value other) {
    return call_2(t, from_object(type_of(self)), factory_of(self), other);
}

static Value copy(Thread *t, Value *args) { return made_like(t, args[0], args[0]); }

static Value or_method(Thread *t, Value *args) {
    if (!is_dict(args[1]))
        return NOT_IMPLEMENTED;
    Value result = TRY(made_like(t, args[0], args[0]));
    CHECK(dict_update(t, result, args[1]));
    return result;
}

static Value ror_method(Thread *t, Value *args) {
    if (!is_dict(args[1]))
        return NOT_IMPLEMENTED;
    Value result = TRY(made_like(t, args[0], args[1]));
    CHECK(dict_update(t, result, args[0]));
    return result;
}

static Value reduce(Thread *t, Value *args) {
    Value factory = factory_of(args[0]);
    Value arguments = is_none(factory) ? empty_tuple : TRY(tuple_pack(t, 1, factory));
    Value items = TRY(get_iterator(t, TRY(call_method_0(t, args[0], names.items))));
    return tuple_pack(t, 5, from_object(type_of(args[0])), arguments, NONE, NONE, items);
}

static Value repr_method(Thread *t, Value *args) {
    Value base = TRY(dict_type.slots[SLOT___repr__](t, (Value[]){args[0]})), factory = factory_of(args[0]), text;
    if (is_none(factory)) {
        text = TRY(str_from_text(t, "None"));
    } else {
        int entered = repr_enter(t, factory);
        CHECK(entered >= 0);
        text = entered ? str_from_text(t, "...") : repr(t, factory);
        if (!entered)
            repr_leave(t, factory);
        CHECK(present(text));
    }
    return format_text(t, "%S(%S, %S)", load(&type_of(args[0])->name), text, base);
}

static const NativeDef methods[] = {
    {"__init__(self, /, *args, **kwargs)", init, "Initialize self.  See help(type(self)) for accurate signature."},
    GETATTRIBUTE_ROW,
    {"__repr__(self, /)", repr_method, "Return repr(self)."},
    {"__or__(self, value, /)", or_method, "Return self|value."},
    {"__ror__(self, value, /)", ror_method, "Return value|self."},
    {"__missing__(self, object, /)", missing,
     "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n"
     "  if self.default_factory is None: raise KeyError((key,))\n"
     "  self[key] = value = self.default_factory()\n  return value\n"},
    {"copy(self, /)", copy, "D.copy() -> a shallow copy of D."},
    {"__copy__(self, /)", copy, "D.copy() -> a shallow copy of D."},
    {"__reduce__(self, /)", reduce, "Return state information for pickling."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

static const MemberDef members[] = {
    {"default_factory", MEMBER_VALUE, offsetof(DefaultDict, factory), false,
     "Factory for default value called by __missing__()."},
    {NULL},
};

MODULE_TYPE(default_dict_type, _collections) = {
    STATIC_TYPE_HEAD(trace_default_dict, NULL),
    .name_text = "collections.defaultdict",
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\n"
           "The default factory is called without arguments to produce\n"
           "a new value when a key is not present, in __getitem__ only.\n"
           "A defaultdict compares equal to a dict with the same items.\n"
           "All remaining arguments are treated the same as if they were\n"
           "passed to the dict constructor, including keyword arguments.\n",
    .base_static = &dict_type,
    .methods = methods,
    .members = members,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(DefaultDict),
};
