/* The class Pickler and its memo proxy. */
#include "modules/_pickle/pickle.h"
#include "types/method.h"

extern Type native_function_type;

static void trace_pickler(Tracer *tracer, Object *o) {
    Pickler *p = (Pickler *)o;
    trace_values(tracer, &p->file_write, (size_t)(&p->fast_seen - &p->file_write) + 1);
    for (size_t i = 0; i < p->memo.size; i++)
        trace_value(tracer, p->memo.entries[i].object);
}

static void release_pickler(Object *o) {
    pickler_memo_free(&((Pickler *)o)->memo);
    output_free((Pickler *)o);
}

static bool claim(Thread *t, Pickler *p) {
    uint32_t free = 0;
    if (compare_exchange(&p->running, &free, 1u))
        return true;
    raise_error(t, &RuntimeError_type, "Pickler object is already used");
    return false;
}
static void unclaim(Pickler *p) { store_release(&p->running, 0u); }

static bool set_protocol(Thread *t, Pickler *p, Value protocol) {
    int64_t number = PICKLE_DEFAULT_PROTOCOL;
    if (!is_none(protocol) && !index_as_ssize(t, protocol, &number, false, NULL))
        return false;
    if (number < 0)
        number = PICKLE_HIGHEST_PROTOCOL;
    if (number > PICKLE_HIGHEST_PROTOCOL) {
        raise_value_error(t, "pickle protocol must be <= %d", PICKLE_HIGHEST_PROTOCOL);
        return false;
    }
    p->protocol = (int)number;
    p->bin = number > 0;
    return true;
}

bool pickler_configure(Thread *t, Pickler *p, Value protocol, Value fix_imports, Value buffer_callback) {
    int fix = truth(t, fix_imports);
    if (fix < 0 || !set_protocol(t, p, protocol))
        return false;
    p->fix_imports = fix && p->protocol < 3;
    if (!is_none(buffer_callback) && p->protocol < 5) {
        raise_value_error(t, "buffer_callback needs protocol >= 5");
        return false;
    }
    store(p, &p->buffer_callback, is_none(buffer_callback) ? NO_VALUE : buffer_callback);
    return true;
}

bool pickler_set_file(Thread *t, Pickler *p, Value file) {
    Value write = find_attribute(t, file, names.write);
    if (absent(write)) {
        if (!error_pending(t))
            raise_type_error(t, "file must have a 'write' attribute");
        return false;
    }
    store(p, &p->file_write, write);
    return true;
}

/* The method persistent_id, unless it is the one of Pickler itself, which says nothing. */
static bool find_hooks(Thread *t, Pickler *p) {
    store(p, &p->persistent_id, p->persistent_id_attribute);
    store(p, &p->reducer_override, NO_VALUE);
    if (p->object.type == &pickler_type)
        return true;
    if (absent(p->persistent_id) &&
        !same(type_lookup(p->object.type, names.persistent_id), type_lookup(&pickler_type, names.persistent_id))) {
        Value method = get_attribute(t, from_object(p), names.persistent_id);
        if (absent(method))
            return false;
        store(p, &p->persistent_id, method);
    }
    Value override = find_attribute(t, from_object(p), names.reducer_override);
    store(p, &p->reducer_override, override);
    return !error_pending(t);
}

bool pickler_dump(Thread *t, Pickler *p, Value v) {
    if (!find_hooks(t, p) || !output_start(t, p))
        return false;
    p->framing = false;
    p->fast_nesting = 0;
    char header[2] = {(char)OP_PROTO, (char)p->protocol};
    bool ok = p->protocol < 2 || write_bytes(t, p, header, 2);
    p->framing = p->protocol >= 4;
    ok = ok && pickler_save(t, p, v) && write_op(t, p, OP_STOP) && output_end_frame(t, p);
    p->framing = false;
    store(p, &p->fast_seen, NO_VALUE);
    store(p, &p->persistent_id, NO_VALUE);
    store(p, &p->reducer_override, NO_VALUE);
    return ok;
}

static Value new_method(Thread *t, Value *args) {
    Pickler *p = type_allocate(t, as_type(args[0]));
    return p ? from_object(p) : NO_VALUE;
}

/* args: self, file, protocol, fix_imports, buffer_callback */
static Value init_method(Thread *t, Value *args) {
    Pickler *p = as_pickler(args[0]);
    CHECK(claim(t, p));
    bool ok = pickler_configure(t, p, args[2], args[3], args[4]) && pickler_set_file(t, p, args[1]);
    if (ok && p->object.type != &pickler_type) { /* a class may have one */
        Value table = find_attribute(t, args[0], names.dispatch_table);
        ok = !error_pending(t);
        store(p, &p->dispatch_table, table);
    }
    if (ok) {
        pickler_memo_free(&p->memo);
        p->fast = 0;
        p->bin = p->protocol > 0;
        p->initialized = true;
    }
    unclaim(p);
    return ok ? NONE : NO_VALUE;
}

static Value dump_method(Thread *t, Value *args) {
    Pickler *p = as_pickler(args[0]);
    if (!p->initialized) {
        PICKLING_FAIL(t, "Pickler.__init__() was not called by %N.__init__()", p->object.type);
        return NO_VALUE;
    }
    CHECK(claim(t, p));
    bool ok = pickler_dump(t, p, args[1]) && output_flush(t, p);
    output_free(p);
    unclaim(p);
    return ok ? NONE : NO_VALUE;
}

static Value clear_memo(Thread *t, Value *args) {
    CHECK(claim(t, as_pickler(args[0])));
    pickler_memo_free(&as_pickler(args[0])->memo);
    unclaim(as_pickler(args[0]));
    return NONE;
}

static Value persistent_id(Thread *t, Value *args) { return NONE; }

static Value sizeof_method(Thread *t, Value *args) {
    Pickler *p = as_pickler(args[0]);
    return int_from(t, (int64_t)(heap_cell_size(&p->object) + p->memo.size * sizeof(MemoEntry)));
}

/* `persistent_id` may be set on the instance: the only attribute that a plain Pickler takes. */
static bool is_persistent_id(Value name) { return same(name, names.persistent_id) || (is_str(name) && str_equal_text(name, "persistent_id")); }

static Value getattribute(Thread *t, Value *args) {
    if (is_persistent_id(args[1]) && present(as_pickler(args[0])->persistent_id_attribute))
        return load(&as_pickler(args[0])->persistent_id_attribute);
    return generic_get_attribute(t, args[0], args[1]);
}
static Value setattr(Thread *t, Value *args) {
    if (is_persistent_id(args[1]))
        store(as_pickler(args[0]), &as_pickler(args[0])->persistent_id_attribute, args[2]);
    else
        CHECK(generic_set_attribute(t, args[0], args[1], args[2]));
    return NONE;
}
static Value delattr(Thread *t, Value *args) {
    Value all[3] = {args[0], args[1], NO_VALUE};
    if (is_persistent_id(args[1]) && absent(as_pickler(args[0])->persistent_id_attribute))
        return raise_attribute_error(t, args[0], args[1], "persistent_id");
    return setattr(t, all);
}

/* The memo as seen from outside */

typedef struct MemoProxy {
    Object object;
    Value pickler;
} MemoProxy;

static void trace_proxy(Tracer *tracer, Object *o) { trace_value(tracer, ((MemoProxy *)o)->pickler); }
static Pickler *pickler_of(Value proxy) { return as_pickler(((MemoProxy *)proxy.bits)->pickler); }

static Value get_memo(Thread *t, Value *args) {
    MemoProxy *proxy = heap_allocate(t, &pickler_memo_proxy_type, sizeof *proxy);
    CHECK(proxy != NULL);
    proxy->pickler = args[0]; /* NOBARRIER: just allocated */
    return from_object(proxy);
}

static bool fill_memo(Thread *t, Pickler *p, Value dict) {
    size_t position = 0;
    Value key, value;
    int64_t index;
    while (dict_next(dict, &position, &key, &value)) {
        if (!is_tuple(value) || tuple_length(value) != 2) {
            raise_type_error(t, "'memo' values must be 2-item tuples");
            return false;
        }
        if (!index_as_ssize(t, tuple_get(value, 0), &index, false, NULL))
            return false;
        if (is_object(tuple_get(value, 1)) && !pickler_memo_add(t, p, tuple_get(value, 1), (size_t)index))
            return false;
    }
    return true;
}

static Value set_memo(Thread *t, Value *args) {
    Pickler *p = as_pickler(args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "attribute deletion is not supported");
    bool proxy = is_exactly(args[1], &pickler_memo_proxy_type);
    if (!proxy && !is_dict(args[1]))
        return raise_type_error(t, "'memo' attribute must be a PicklerMemoProxy object or dict, not %T", args[1]);
    if (proxy && pickler_of(args[1]) == p)
        return NONE;
    Value dict = proxy ? TRY(call_method_0(t, args[1], names.copy)) : args[1];
    CHECK(claim(t, p));
    Memo old = p->memo;
    p->memo = (Memo){NULL, 0, 0};
    bool ok = fill_memo(t, p, dict);
    pickler_memo_free(ok ? &old : &p->memo);
    if (!ok)
        p->memo = old;
    store_many(p);
    unclaim(p);
    return ok ? NONE : NO_VALUE;
}

static Value proxy_clear(Thread *t, Value *args) {
    Value self = from_object(pickler_of(args[0]));
    return clear_memo(t, &self);
}

/* {id: (index, object)} */
static Value proxy_copy(Thread *t, Value *args) {
    Pickler *p = pickler_of(args[0]);
    Value dict = TRY(dict_new(t));
    CHECK(claim(t, p));
    bool ok = true;
    for (size_t i = 0; ok && i < p->memo.size; i++) {
        Value o = p->memo.entries[i].object;
        if (absent(o))
            continue;
        Value pair = tuple_pack(t, 2, small_int((int64_t)p->memo.entries[i].index), o), id = object_id(t, o);
        ok = present(pair) && present(id) && dict_set(t, dict, id, pair);
    }
    unclaim(p);
    return ok ? dict : NO_VALUE;
}

static Value proxy_reduce(Thread *t, Value *args) {
    Value contents = TRY(tuple_pack(t, 1, TRY(proxy_copy(t, args))));
    return tuple_pack(t, 2, from_object(&dict_type), contents);
}

static const NativeDef proxy_methods[] = {
    {"clear(self, /)", proxy_clear, "Remove all items from memo."},
    {"copy(self, /)", proxy_copy, "Copy the memo to a new object."},
    {"__reduce__(self, /)", proxy_reduce, "Implement pickle support."},
    {NULL},
};

MODULE_TYPE(pickler_memo_proxy_type, _pickle) = {
    STATIC_TYPE_HEAD(trace_proxy, NULL),
    .name_text = "_pickle.PicklerMemoProxy",
    .methods = proxy_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MemoProxy),
};

static Value get_bin(Thread *t, Value *args) { return int_from(t, as_pickler(args[0])->bin); }
static Value get_fast(Thread *t, Value *args) { return int_from(t, as_pickler(args[0])->fast); }
static Value set_number(Thread *t, Value v, int64_t *out) {
    if (absent(v))
        return raise_type_error(t, "can't delete numeric/char attribute");
    CHECK(index_as_ssize(t, v, out, false, NULL));
    return NONE;
}
static Value set_bin(Thread *t, Value *args) { return set_number(t, args[1], &as_pickler(args[0])->bin); }
static Value set_fast(Thread *t, Value *args) { return set_number(t, args[1], &as_pickler(args[0])->fast); }

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, file, protocol=None, fix_imports=True, buffer_callback=None)", init_method,
     "Initialize self.  See help(type(self)) for accurate signature."},
    {"dump(self, obj, /)", dump_method, "Write a pickled representation of the given object to the open file.", NATIVE_COUNTS_NAMED},
    {"clear_memo(self, /)", clear_memo,
     "Clears the pickler's \"memo\".\n\n"
     "The memo is the data structure that remembers which objects the\npickler has already seen, so that shared or "
     "recursive objects are\npickled by reference and not by value.  This method is useful when\nre-using picklers."},
    {"persistent_id(self, obj, /)", persistent_id, NULL},
    {"__sizeof__(self, /)", sizeof_method, "Returns size in memory, in bytes."},
    {"__getattribute__(self, name, /)", getattribute, "Return getattr(self, name)."},
    {"__setattr__(self, name, value, /)", setattr, "Implement setattr(self, name, value)."},
    {"__delattr__(self, name, /)", delattr, "Implement delattr(self, name)."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"memo", get_memo, set_memo, NULL},
    {"bin", get_bin, set_bin, NULL, MEMBER},
    {"fast", get_fast, set_fast, NULL, MEMBER},
    {NULL},
};
static const MemberDef members[] = {
    {"dispatch_table", MEMBER_VALUE_OR_ERROR, offsetof(Pickler, dispatch_table), false, NULL},
    {NULL},
};

MODULE_TYPE(pickler_type, _pickle) = {
    STATIC_TYPE_HEAD(trace_pickler, release_pickler),
    .name_text = "_pickle.Pickler",
    .doc = "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\n"
           "This takes a binary file for writing a pickle data stream.\n\n"
           "The optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0 to "
           "5, the default is 5.  A negative\nprotocol selects the highest one.\n\n"
           "The *file* argument must have a write() method that accepts a single\nbytes argument.\n\n"
           "If *fix_imports* is True and protocol is less than 3, pickle will try\nto map the new Python 3 names to the "
           "old module names used in Python\n2, so that the pickle data stream is readable with Python 2.\n\n"
           "If *buffer_callback* is None (the default), buffer views are\nserialized into *file* as part of the pickle "
           "stream.  Otherwise it is\ncalled with each buffer view; if it returns a false value, the buffer\nis "
           "out-of-band.",
    .methods = methods,
    .getset = getset,
    .members = members,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Pickler),
};
