/* pickle.PickleBuffer: an object's buffer on its way into a pickle, or past it.
 *
 * It holds the export through a memoryview, so that one that is dropped without release() gives it back.
 * Threads: `view` goes from a memoryview to absent once.
 */
#include "modules/_pickle/pickle.h"
#include "types/memoryview.h"

typedef struct PickleBuffer {
    Object object;
    Value exporter; /* whose buffer it is */
    Value view;   /* holds the export; absent: released */
} PickleBuffer;

static PickleBuffer *as_pickle_buffer(Value v) { return (PickleBuffer *)v.bits; }
static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((PickleBuffer *)o)->exporter, 2); }

static Value new_method(Thread *t, Value *args) {
    Value view = TRY(memoryview_from_object(t, args[1]));
    PickleBuffer *p = type_allocate(t, as_type(args[0]));
    CHECK(p != NULL);
    store(p, &p->exporter, args[1]);
    store(p, &p->view, view);
    return from_object(p);
}

static Value exporter_of(Thread *t, Value self) {
    PickleBuffer *p = as_pickle_buffer(self);
    return present(load(&p->view)) ? p->exporter : raise_value_error(t, "operation forbidden on released PickleBuffer object");
}

static bool get_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    Value exporter = exporter_of(t, self);
    return present(exporter) && buffer_get(t, exporter, out, writable);
}

/* One dimension of bytes over the same memory, whichever way it is contiguous. */
static Value raw(Thread *t, Value *args) {
    Value view = TRY(memoryview_from_object(t, TRY(exporter_of(t, args[0]))));
    Buffer b;
    CHECK(buffer_get(t, view, &b, false));
    bool contiguous = buffer_is_contiguous(&b, 'A');
    buffer_release(t, &b);
    if (!contiguous)
        return raise_error(t, &BufferError_type, "cannot extract raw buffer from non-contiguous buffer");
    Value bytes = TRY(memoryview_as_bytes(t, view));
    TRY(memoryview_release(t, &view));
    return bytes;
}

static Value release(Thread *t, Value *args) {
    PickleBuffer *p = as_pickle_buffer(args[0]);
    Value view = load(&p->view);
    if (present(view)) {
        store(p, &p->view, NO_VALUE);
        TRY(memoryview_release(t, &view));
    }
    return NONE;
}

static const BufferProtocol buffer_protocol = {get_buffer, NULL};
static const NativeDef methods[] = {
    {"__new__(type, object, /)", new_method, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_NO_SIGNATURE},
    {"raw(self, /)", raw,
     "Return a memoryview of the raw memory underlying this buffer.\nWill raise BufferError is the buffer isn't contiguous."},
    {"release(self, /)", release, "Release the underlying buffer exposed by the PickleBuffer object."},
    {"__buffer__(self, flags, /)", buffer_method_get,
     "Return a buffer object that exposes the underlying memory of the object."},
    {"__release_buffer__(self, buffer, /)", buffer_method_release,
     "Release the buffer object that exposes the underlying memory of the object."},
    {NULL},
};

MODULE_TYPE(pickle_buffer_type, _pickle) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "pickle.PickleBuffer",
    .doc = "Wrapper for potentially out-of-band buffers",
    .methods = methods,
    .buffer = &buffer_protocol,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF | TYPE_NO_MODULE,
    .instance_size = sizeof(PickleBuffer),
};
