/* PrepareProtocol, and the registries of adapters and converters. Threads: the registries are dicts. */
#include "modules/_sqlite3/sqlite.h"

/* An attribute that adapts, called: the result, None, or absent with an exception. A TypeError of the call means no. */
static Value ask(Thread *t, Value object, const char *method, Value argument) {
    Value function = find_attribute(t, object, TRY(str_intern_text(t, method)));
    if (absent(function))
        return error_pending(t) ? NO_VALUE : NONE;
    Value v = call_1(t, function, argument);
    return absent(v) && error_catch(t, &TypeError_type) ? NONE : v;
}

Value sqlite_adapt(Thread *t, Value v, Value protocol, Value otherwise) {
    Value key = TRY(tuple_pack(t, 2, from_object(type_of(v)), protocol));
    Value adapter = dict_get(t, sqlite_state(t, SQLITE_ADAPTERS), key);
    if (present(adapter))
        return call_1(t, adapter, v);
    CHECK(!error_pending(t));
    Value adapted = TRY(ask(t, protocol, "__adapt__", v));
    if (is_none(adapted))
        adapted = TRY(ask(t, v, "__conform__", protocol));
    if (!is_none(adapted))
        return adapted;
    return present(otherwise) ? otherwise : sqlite_programming_error(t, "can't adapt");
}

Value sqlite_adapt_function(Thread *t, Value *args) {
    Value protocol = present(args[1]) ? args[1] : from_object(&sqlite_prepare_protocol_type);
    return sqlite_adapt(t, args[0], protocol, args[2]);
}

Value sqlite_register_adapter(Thread *t, Value *args) {
    const Type *base[] = {&int_type, &float_type, &str_type, &bytearray_type};
    for (size_t i = 0; i < sizeof base / sizeof *base; i++)
        if (same(args[0], from_object(base[i])))
            sqlite_state_set(t, SQLITE_BASE_ADAPTED, TRUE);
    if (!is_type(args[0]))
        return raise_type_error(t, "register_adapter() argument 1 must be type, not %T", args[0]);
    Value key = TRY(tuple_pack(t, 2, args[0], from_object(&sqlite_prepare_protocol_type)));
    CHECK(dict_set(t, sqlite_state(t, SQLITE_ADAPTERS), key, args[1]));
    return NONE;
}

static Value upper(Thread *t, Value name) { return call_method_0(t, name, TRY(str_intern_text(t, "upper"))); }

Value sqlite_register_converter(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "register_converter() argument 1 must be str, not %Y", args[0]);
    Value name = TRY(upper(t, args[0]));
    CHECK(dict_set(t, sqlite_state(t, SQLITE_CONVERTERS), name, args[1]));
    return NONE;
}

Value sqlite_converter(Thread *t, const char *name, size_t length) {
    Value key = TRY(str_from_utf8(t, name, length));
    return dict_get(t, sqlite_state(t, SQLITE_CONVERTERS), TRY(upper(t, key)));
}

static Value new(Thread *t, Value *args) {
    void *o = type_allocate(t, as_type(args[0]));
    CHECK(o != NULL);
    return from_object(o);
}
static Value init(Thread *t, Value *args) { return NONE; }

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, /, *args, **kwargs)", init, "Initialize self.  See help(type(self)) for accurate signature."},
    {NULL},
};

MODULE_TYPE(sqlite_prepare_protocol_type, _sqlite3) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "sqlite3.PrepareProtocol",
    .doc = "PEP 246 style object adaption protocol type.",
    .methods = methods,
    .instance_size = sizeof(Object),
};
