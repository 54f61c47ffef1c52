/* _io.BufferedRWPair: a BufferedReader and a BufferedWriter over two raw streams.
 *
 * Threads: the two streams have their own locks.
 */
#include "modules/io/io.h"

typedef struct Pair {
    IoObject io;
    Value reader, writer;
} Pair;

static Pair *as_pair(Value v) { return (Pair *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    trace_values(tracer, &((Pair *)o)->reader, 2);
    io_trace(tracer, o);
}

static Value pair_new(Thread *t, Value *args) {
    Pair *p = type_allocate(t, as_type(args[0]));
    return p ? from_object(p) : NO_VALUE;
}

static Value pair_init(Thread *t, Value *args) {
    Pair *p = as_pair(args[0]);
    CHECK(io_check_readable(t, args[1]) && io_check_writable(t, args[2]));
    Value reader = TRY(call_2(t, from_object(&buffered_reader_type), args[1], args[3]));
    Value writer = TRY(call_2(t, from_object(&buffered_writer_type), args[2], args[3]));
    store(p, &p->reader, reader);
    store(p, &p->writer, writer);
    return NONE;
}

static Value side(Thread *t, Value self, bool reader) {
    Value v = reader ? as_pair(self)->reader : as_pair(self)->writer;
    return present(v) ? v : raise_value_error(t, "I/O operation on uninitialized object");
}

static Value forward(Thread *t, Value *args, bool reader, Value name) {
    Value stream = TRY(side(t, args[0], reader)), method = TRY(get_attribute(t, stream, name));
    return call_tuple(t, method, args[1], NO_VALUE);
}
static Value pair_read(Thread *t, Value *args) { return forward(t, args, true, names.read); }
static Value pair_peek(Thread *t, Value *args) { return forward(t, args, true, names.peek); }
static Value pair_read1(Thread *t, Value *args) { return forward(t, args, true, names.read1); }
static Value pair_readinto(Thread *t, Value *args) { return forward(t, args, true, names.readinto); }
static Value pair_readinto1(Thread *t, Value *args) { return forward(t, args, true, names.readinto1); }
static Value pair_write(Thread *t, Value *args) { return forward(t, args, false, names.write); }

static Value pair_flush(Thread *t, Value *args) {
    Value writer = TRY(side(t, args[0], false));
    return call_method_0(t, writer, names.flush);
}
static Value pair_readable(Thread *t, Value *args) {
    Value reader = TRY(side(t, args[0], true));
    return call_method_0(t, reader, names.readable);
}
static Value pair_writable(Thread *t, Value *args) {
    Value writer = TRY(side(t, args[0], false));
    return call_method_0(t, writer, names.writable);
}
static Value pair_close(Thread *t, Value *args) {
    Value writer = TRY(side(t, args[0], false)), error = NO_VALUE;
    if (absent(call_method_0(t, writer, names.close)))
        error = error_take(t);
    Value result = call_method_0(t, as_pair(args[0])->reader, names.close);
    io_chain(t, error);
    return error_pending(t) ? NO_VALUE : result;
}
static Value pair_isatty(Thread *t, Value *args) {
    Value writer = TRY(side(t, args[0], false)), result = TRY(call_method_0(t, writer, names.isatty));
    if (!same(result, FALSE))
        return result;
    return call_method_0(t, as_pair(args[0])->reader, names.isatty);
}
static Value get_closed(Thread *t, Value *args) {
    if (absent(as_pair(args[0])->writer))
        return raise_error(t, &RuntimeError_type, "the BufferedRWPair object is being garbage-collected");
    return get_attribute(t, as_pair(args[0])->writer, names.closed);
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", pair_new, NULL},
    {"__init__(self, reader, writer, buffer_size=131072, /)", pair_init, NULL},
    {"__del__(self, /)", io_base_del, NULL},
    {"read(self, /, *args)", pair_read, NULL, NATIVE_NO_SIGNATURE},
    {"peek(self, /, *args)", pair_peek, NULL, NATIVE_NO_SIGNATURE},
    {"read1(self, /, *args)", pair_read1, NULL, NATIVE_NO_SIGNATURE},
    {"readinto(self, /, *args)", pair_readinto, NULL, NATIVE_NO_SIGNATURE},
    {"readinto1(self, /, *args)", pair_readinto1, NULL, NATIVE_NO_SIGNATURE},
    {"write(self, /, *args)", pair_write, NULL, NATIVE_NO_SIGNATURE},
    {"flush(self, /)", pair_flush, NULL},
    {"readable(self, /)", pair_readable, NULL},
    {"writable(self, /)", pair_writable, NULL},
    {"close(self, /)", pair_close, NULL},
    {"isatty(self, /)", pair_isatty, NULL},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {{"closed", get_closed, NULL, NULL}, {NULL, NULL, NULL, NULL}};

STATIC_TYPE(buffered_pair_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_io.BufferedRWPair",
    .doc = "A stream that reads from one raw stream and writes to another.",
    .base_static = &buffered_io_base_type,
    .methods = methods,
    .getset = getset,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(Pair),
};
