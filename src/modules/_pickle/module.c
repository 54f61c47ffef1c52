/* _pickle: the functions of the module and its state. */
#include "modules/_pickle/pickle.h"

/* The Pickler of dump() and dumps() is nobody else's: its memory is given back at once and not left to the collector.
 * dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None): without a file the output is the result. */
static Value dumps(Thread *t, Value *args) {
    Pickler *p = heap_allocate(t, &pickler_type, sizeof *p);
    CHECK(p != NULL);
    CHECK(pickler_configure(t, p, args[1], args[2], args[3]));
    Value result = pickler_dump(t, p, args[0]) ? output_take(t, p) : NO_VALUE;
    output_free(p);
    pickler_memo_free(&p->memo);
    return result;
}

static Value dump(Thread *t, Value *args) {
    Pickler *p = heap_allocate(t, &pickler_type, sizeof *p);
    CHECK(p != NULL);
    CHECK(pickler_configure(t, p, args[2], args[3], args[4]) && pickler_set_file(t, p, args[1]));
    bool ok = pickler_dump(t, p, args[0]) && output_flush(t, p);
    output_free(p);
    pickler_memo_free(&p->memo);
    return ok ? NONE : NO_VALUE;
}

static Value loads(Thread *t, Value *args) {
    Unpickler *u = heap_allocate(t, &unpickler_type, sizeof *u);
    Buffer b;
    CHECK(u != NULL && unpickler_configure(t, u, args[1], args[2], args[3], args[4]));
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    u->input = b.data;
    u->input_length = u->input_limit = b.length;
    Value result = unpickler_load(t, u);
    buffer_release(t, &b);
    return result;
}

static Value load_(Thread *t, Value *args) {
    Unpickler *u = heap_allocate(t, &unpickler_type, sizeof *u);
    CHECK(u != NULL && unpickler_set_file(t, u, args[0]));
    CHECK(unpickler_configure(t, u, args[1], args[2], args[3], args[4]));
    return unpickler_load(t, u);
}

#define PROTOCOL_TEXT                                                                                               \
    "The optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, " \
    "2, 3, 4 and 5.  The default\nprotocol is 5. It was introduced in Python 3.8, and is incompatible\nwith "       \
    "previous versions.\n\n"                                                                                        \
    "Specifying a negative protocol version selects the highest protocol\nversion supported.  The higher the "      \
    "protocol used, the more recent the\nversion of Python needed to read the pickle produced."

static const NativeDef functions[] = {
    {"dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)", dump,
     "Write a pickled representation of obj to the open file object file.\n\n"
     "This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may\nbe more efficient.\n\n" PROTOCOL_TEXT},
    {"dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None)", dumps,
     "Return the pickled representation of the object as a bytes object.\n\n" PROTOCOL_TEXT},
    {"load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", load_,
     "Read and return an object from the pickle data stored in a file.\n\n"
     "This is equivalent to ``Unpickler(file).load()``, but may be more\nefficient."},
    {"loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", loads,
     "Read and return an object from the given pickle data."},
    {NULL},
};

static Value dict_of(Thread *t, const char *module, const char *name) {
    Value v = TRY(get_attribute_text(t, TRY(import_module(t, module)), name));
    if (!is_exactly(v, &dict_type))
        return raise_error(t, &RuntimeError_type, "%s.%s should be a dict, not %T", module, name, v);
    return v;
}

static Value attribute_of(Thread *t, const char *module, const char *name) {
    return get_attribute_text(t, TRY(import_module(t, module)), name);
}

static bool make_state(Thread *t, Value module) {
    Value base = module_new_exception(t, module, "PickleError", &Exception_type);
    if (absent(base))
        return false;
    Value items[PICKLE_STATE_COUNT] = {
        [PICKLE_ERROR] = base,
        [PICKLING_ERROR] = module_new_exception(t, module, "PicklingError", as_type(base)),
        [UNPICKLING_ERROR] = module_new_exception(t, module, "UnpicklingError", as_type(base)),
        [DISPATCH_TABLE] = dict_of(t, "copyreg", "dispatch_table"),
        [EXTENSION_REGISTRY] = dict_of(t, "copyreg", "_extension_registry"),
        [INVERTED_REGISTRY] = dict_of(t, "copyreg", "_inverted_registry"),
        [EXTENSION_CACHE] = dict_of(t, "copyreg", "_extension_cache"),
        [NAME_MAPPING] = dict_of(t, "_compat_pickle", "NAME_MAPPING"),
        [IMPORT_MAPPING] = dict_of(t, "_compat_pickle", "IMPORT_MAPPING"),
        [REVERSE_NAME_MAPPING] = dict_of(t, "_compat_pickle", "REVERSE_NAME_MAPPING"),
        [REVERSE_IMPORT_MAPPING] = dict_of(t, "_compat_pickle", "REVERSE_IMPORT_MAPPING"),
        [CODECS_ENCODE] = attribute_of(t, "codecs", "encode"),
        [PARTIAL] = attribute_of(t, "functools", "partial"),
        [GETATTR] = attribute_of(t, "builtins", "getattr"),
    };
    for (size_t i = 0; i < PICKLE_STATE_COUNT; i++)
        if (absent(items[i]))
            return false;
    Value state = tuple_from_values(t, items, PICKLE_STATE_COUNT);
    if (present(state))
        isolate_keep(t, ISOLATE_PICKLE, state);
    return present(state);
}

static bool init(Thread *t, Value module) {
    Value state = t->isolate->slots[ISOLATE_PICKLE];
    if (absent(state) ? !make_state(t, module)
                      : !module_add(t, module, "PickleError", pickle_state(t, PICKLE_ERROR)) ||
                            !module_add(t, module, "PicklingError", pickle_state(t, PICKLING_ERROR)) ||
                            !module_add(t, module, "UnpicklingError", pickle_state(t, UNPICKLING_ERROR)))
        return false;
    return module_add_type(t, module, &pickler_type) && module_add_type(t, module, &unpickler_type) &&
           module_add_type(t, module, &pickle_buffer_type);
}

NATIVE_MODULE(_pickle) = {
    .name = "_pickle",
    .doc = "Optimized C implementation for the Python pickle module.",
    .functions = functions,
    .init = init,
};
