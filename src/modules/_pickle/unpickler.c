/* The class Unpickler and its memo proxy. */
#include "modules/_pickle/pickle.h"

static void trace_unpickler(Tracer *tracer, Object *o) {
    Unpickler *u = (Unpickler *)o;
    trace_values(tracer, &u->file_read, (size_t)(&u->errors - &u->file_read) + 1);
    trace_object(tracer, u->stack);
    trace_object(tracer, u->memo);
    trace_values(tracer, &u->memo_far, 3);
}

static bool claim(Thread *t, Unpickler *u) {
    uint32_t free = 0;
    if (compare_exchange(&u->running, &free, 1u))
        return true;
    raise_error(t, &RuntimeError_type, "Unpickler object is already used");
    return false;
}
static void unclaim(Unpickler *u) { store_release(&u->running, 0u); }

static bool check_text(Thread *t, Value v, const char *name) {
    if (!is_str(v))
        raise_type_error(t, "Unpickler() argument '%s' must be str, not %Y", name, v);
    return is_str(v) && str_utf8(t, v, NULL);
}

bool unpickler_configure(Thread *t, Unpickler *u, Value fix_imports, Value encoding, Value errors, Value buffers) {
    int fix = truth(t, fix_imports);
    if (fix < 0 || !check_text(t, encoding, "encoding") || !check_text(t, errors, "errors"))
        return false;
    u->fix_imports = fix;
    store(u, &u->encoding, encoding);
    store(u, &u->errors, errors);
    Value iterator = NO_VALUE;
    /* The signature's () stands for none. */
    if (!is_none(buffers) && !same(buffers, empty_tuple) && absent(iterator = get_iterator(t, buffers)))
        return false;
    store(u, &u->buffers, iterator);
    return true;
}

bool unpickler_set_file(Thread *t, Unpickler *u, Value file) {
    Value peek = find_attribute(t, file, names.peek);
    Value readinto = error_pending(t) ? NO_VALUE : find_attribute(t, file, names.readinto);
    Value read = error_pending(t) ? NO_VALUE : find_attribute(t, file, names.read);
    Value readline = error_pending(t) ? NO_VALUE : find_attribute(t, file, names.readline);
    if (absent(read) || absent(readline)) {
        if (!error_pending(t))
            raise_type_error(t, "file must have 'read' and 'readline' attributes");
        return false;
    }
    store(u, &u->file_peek, peek);
    store(u, &u->file_readinto, readinto);
    store(u, &u->file_read, read);
    store(u, &u->file_readline, readline);
    u->input_length = u->input_limit = u->input_next = u->peeked = 0;
    u->in_frame = false;
    return true;
}

static bool find_hooks(Thread *t, Unpickler *u) {
    store(u, &u->persistent_load, u->persistent_load_attribute);
    if (present(u->persistent_load) || u->object.type == &unpickler_type)
        return true;
    if (same(type_lookup(u->object.type, names.persistent_load), type_lookup(&unpickler_type, names.persistent_load)))
        return true;
    Value method = get_attribute(t, from_object(u), names.persistent_load);
    store(u, &u->persistent_load, method);
    return present(method);
}

Value unpickler_load(Thread *t, Unpickler *u) {
    Value result = find_hooks(t, u) ? unpickler_run(t, u) : NO_VALUE;
    store(u, &u->persistent_load, NO_VALUE);
    u->stack = NULL; /* NOBARRIER: references are removed */
    u->depth = 0;
    return result;
}

static Value new_method(Thread *t, Value *args) {
    Unpickler *u = type_allocate(t, as_type(args[0]));
    return u ? from_object(u) : NO_VALUE;
}

/* args: self, file, fix_imports, encoding, errors, buffers */
static Value init_method(Thread *t, Value *args) {
    Unpickler *u = as_unpickler(args[0]);
    CHECK(claim(t, u));
    bool ok = unpickler_set_file(t, u, args[1]) && unpickler_configure(t, u, args[2], args[3], args[4], args[5]);
    if (ok) {
        u->memo = NULL; /* NOBARRIER: references are removed */
        u->memo_far = NO_VALUE;
        u->memo_length = 0;
        u->initialized = true;
    }
    unclaim(u);
    return ok ? NONE : NO_VALUE;
}

static Value do_load(Thread *t, Value *args) {
    Unpickler *u = as_unpickler(args[0]);
    if (!u->initialized) {
        UNPICKLING_FAIL(t, "Unpickler.__init__() was not called by %N.__init__()", u->object.type);
        return NO_VALUE;
    }
    CHECK(claim(t, u));
    Value result = unpickler_load(t, u);
    unclaim(u);
    return result;
}

static Value find_class_method(Thread *t, Value *args) {
    return unpickler_find_class(t, as_unpickler(args[0]), args[1], args[2]);
}

static Value persistent_load(Thread *t, Value *args) {
    return UNPICKLING_FAIL(t, "A load persistent id instruction was encountered, but no persistent_load function was specified.");
}

static Value sizeof_method(Thread *t, Value *args) {
    Unpickler *u = as_unpickler(args[0]);
    Slots *memo = u->memo;
    return int_from(t, (int64_t)(heap_cell_size(&u->object) + (memo ? heap_cell_size(&memo->object) : 0)));
}

static bool is_persistent_load(Value name) {
    return same(name, names.persistent_load) || (is_str(name) && str_equal_text(name, "persistent_load"));
}
static Value getattribute(Thread *t, Value *args) {
    if (is_persistent_load(args[1]) && present(as_unpickler(args[0])->persistent_load_attribute))
        return load(&as_unpickler(args[0])->persistent_load_attribute);
    return generic_get_attribute(t, args[0], args[1]);
}
static Value setattr(Thread *t, Value *args) {
    if (is_persistent_load(args[1]))
        store(as_unpickler(args[0]), &as_unpickler(args[0])->persistent_load_attribute, args[2]);
    else
        CHECK(generic_set_attribute(t, args[0], args[1], args[2]));
    return NONE;
}
static Value delattr(Thread *t, Value *args) {
    Value all[3] = {args[0], args[1], NO_VALUE};
    if (is_persistent_load(args[1]) && absent(as_unpickler(args[0])->persistent_load_attribute))
        return raise_attribute_error(t, args[0], args[1], "persistent_load");
    return setattr(t, all);
}

/* The memo as seen from outside */

typedef struct MemoProxy {
    Object object;
    Value unpickler;
} MemoProxy;

static void trace_proxy(Tracer *tracer, Object *o) { trace_value(tracer, ((MemoProxy *)o)->unpickler); }
static Unpickler *unpickler_of(Value proxy) { return as_unpickler(((MemoProxy *)proxy.bits)->unpickler); }

static Value get_memo(Thread *t, Value *args) {
    MemoProxy *proxy = heap_allocate(t, &unpickler_memo_proxy_type, sizeof *proxy);
    CHECK(proxy != NULL);
    proxy->unpickler = args[0]; /* NOBARRIER: just allocated */
    return from_object(proxy);
}

static void clear_memo(Unpickler *u) {
    u->memo = NULL; /* NOBARRIER: references are removed */
    u->memo_far = NO_VALUE;
    u->memo_length = 0;
}

static bool fill_memo(Thread *t, Unpickler *u, Value dict) {
    size_t position = 0;
    Value key, value;
    int64_t index;
    while (dict_next(dict, &position, &key, &value)) {
        if (!is_int(key)) {
            raise_type_error(t, "memo key must be integers");
            return false;
        }
        if (!index_as_ssize(t, key, &index, false, NULL))
            return false;
        if (index < 0) {
            raise_value_error(t, "memo key must be positive integers.");
            return false;
        }
        if (!unpickler_memo_put(t, u, (size_t)index, value))
            return false;
    }
    return true;
}

static Value set_memo(Thread *t, Value *args) {
    Unpickler *u = as_unpickler(args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "attribute deletion is not supported");
    bool proxy = is_exactly(args[1], &unpickler_memo_proxy_type);
    if (!proxy && !is_dict(args[1]))
        return raise_type_error(t, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %T", args[1]);
    if (proxy && unpickler_of(args[1]) == u)
        return NONE;
    Value dict = proxy ? TRY(call_method_0(t, args[1], names.copy)) : args[1];
    CHECK(claim(t, u));
    Slots *memo = u->memo;
    Value far = u->memo_far;
    size_t length = u->memo_length;
    clear_memo(u);
    bool ok = fill_memo(t, u, dict);
    if (!ok) {
        store(u, (Value *)&u->memo, from_object(memo));
        store(u, &u->memo_far, far);
        u->memo_length = length;
    }
    unclaim(u);
    return ok ? NONE : NO_VALUE;
}

static Value proxy_clear(Thread *t, Value *args) {
    Unpickler *u = unpickler_of(args[0]);
    CHECK(claim(t, u));
    clear_memo(u);
    unclaim(u);
    return NONE;
}

static Value proxy_copy(Thread *t, Value *args) {
    Unpickler *u = unpickler_of(args[0]);
    Slots *memo = load_acquire(&u->memo);
    Value far = load(&u->memo_far), dict = TRY(dict_new(t));
    for (size_t i = 0; memo && i < memo->capacity; i++) {
        Value v = load(&memo->items[i]);
        if (present(v))
            CHECK(dict_set(t, dict, small_int((int64_t)i), v));
    }
    CHECK(absent(far) || dict_update(t, dict, far));
    return dict;
}

static Value proxy_reduce(Thread *t, Value *args) {
    Value contents = TRY(tuple_pack(t, 1, TRY(proxy_copy(t, args))));
    return tuple_pack(t, 2, from_object(&dict_type), contents);
}

static const NativeDef proxy_methods[] = {
    {"clear(self, /)", proxy_clear, "Remove all items from memo."},
    {"copy(self, /)", proxy_copy, "Copy the memo to a new object."},
    {"__reduce__(self, /)", proxy_reduce, "Implement pickling support."},
    {NULL},
};

MODULE_TYPE(unpickler_memo_proxy_type, _pickle) = {
    STATIC_TYPE_HEAD(trace_proxy, NULL),
    .name_text = "_pickle.UnpicklerMemoProxy",
    .methods = proxy_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MemoProxy),
};

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", init_method,
     "Initialize self.  See help(type(self)) for accurate signature."},
    {"load(self, /)", do_load,
     "Load a pickle.\n\n"
     "Read a pickled object representation from the open file object given\nin the constructor, and return the "
     "reconstituted object hierarchy\nspecified therein.", NATIVE_COUNTS_NAMED},
    {"find_class(self, module_name, global_name, /)", find_class_method,
     "Return an object from a specified module.\n\n"
     "If necessary, the module will be imported. Subclasses may override\nthis method (e.g. to restrict unpickling of "
     "arbitrary classes and\nfunctions).\n\n"
     "This method is called whenever a class or a function object is\nneeded.  Both arguments passed are str objects.", NATIVE_COUNTS_NAMED},
    {"persistent_load(self, pid, /)", persistent_load, NULL, NATIVE_COUNTS_NAMED},
    {"__sizeof__(self, /)", sizeof_method, "Returns size in memory, in bytes."},
    {"__getattribute__(self, name, /)", getattribute, "Return getattr(self, name)."},
    {"__setattr__(self, name, value, /)", setattr, "Implement setattr(self, name, value)."},
    {"__delattr__(self, name, /)", delattr, "Implement delattr(self, name)."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"memo", get_memo, set_memo, NULL},
    {NULL},
};

MODULE_TYPE(unpickler_type, _pickle) = {
    STATIC_TYPE_HEAD(trace_unpickler, NULL),
    .name_text = "_pickle.Unpickler",
    .doc = "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n          buffers=())\n--\n\n"
           "This takes a binary file for reading a pickle data stream.\n\n"
           "The protocol version of the pickle is detected automatically, so no\nprotocol argument is needed.  Bytes past "
           "the pickled object's\nrepresentation are ignored.\n\n"
           "The argument *file* must have two methods, a read() method that takes\nan integer argument, and a readline() "
           "method that requires no\narguments.  Both methods should return bytes.\n\n"
           "If *fix_imports* is True, names of Python 2 are mapped to those of\nPython 3.  *encoding* and *errors* tell "
           "how to decode 8-bit strings\npickled by Python 2; the *encoding* can be 'bytes' to read them as bytes.",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Unpickler),
};
