/* Memory of an object of one isolate that others see: what crosses for a memoryview.
 *
 * An Export keeps the object alive (it is a root of its isolate) and its isolate's memory too, even past the isolate's end. When
 * nobody sees it any more the isolate gives the buffer back the next time that it comes by here: nobody else may touch its
 * objects.
 *
 * Threads: `references` is atomic. The list is changed by threads of the isolate that are not at a safepoint, under its mutex, and
 * so read by the collector without it.
 */
#include "modules/_interpreters/crossing.h"
#include "object/buffer.h"
#include "object/errors.h"
#include "types/memoryview.h"

#include <stdlib.h>

struct Export {
    Isolate *home;
    Buffer buffer;
    uint32_t references;
    Export *next;
};

static void trace_exports(Tracer *tracer, Isolate *isolate) {
    for (Export *e = isolate->exports.first; e; e = e->next) {
        trace_value(tracer, e->buffer.owner);
        trace_conservatively(tracer, &e->buffer, &e->buffer + 1);
    }
}

static void free_exports(Isolate *isolate) {
    for (Export *e = isolate->exports.first, *next; e; e = next) {
        next = e->next;
        free(e);
    }
}

Export *export_new(Thread *t, Value object) {
    Export *e = calloc(1, sizeof *e);
    if (!e) {
        raise_no_memory(t);
        return NULL;
    }
    if (!buffer_get(t, object, &e->buffer, false)) {
        free(e);
        return NULL;
    }
    store_relaxed(&isolate_hooks.trace_exports, trace_exports);
    store_relaxed(&isolate_hooks.free_exports, free_exports);
    exports_sweep(t);
    e->home = t->isolate;
    e->references = 1;
    isolate_hold(e->home);
    mutex_lock(&e->home->exports.mutex);
    e->next = e->home->exports.first;
    e->home->exports.first = e;
    mutex_unlock(&e->home->exports.mutex);
    return e;
}

void export_hold(Export *e) { fetch_add(&e->references, 1u); }

void export_release(Export *e) {
    Isolate *home = e->home;
    if (fetch_sub(&e->references, 1u) == 1)
        isolate_release(home); /* from now on its own sweep, or its end, frees e */
}

/* One that nobody sees, taken off the list. */
static Export *take_unseen(Isolate *isolate) {
    mutex_lock(&isolate->exports.mutex);
    Export **link = &isolate->exports.first;
    while (*link && load_acquire(&(*link)->references))
        link = &(*link)->next;
    Export *e = *link;
    if (e)
        *link = e->next;
    mutex_unlock(&isolate->exports.mutex);
    return e;
}

void exports_sweep(Thread *t) {
    Export *e;
    while (load_relaxed(&t->isolate->exports.first) && (e = take_unseen(t->isolate))) {
        buffer_release(t, &e->buffer);
        free(e);
    }
}

/* The other side: an object whose buffer is the exported memory. */

typedef struct BufferViewObject {
    Object object;
    Export *export;
} BufferViewObject;

static void view_release(Object *o) {
    if (((BufferViewObject *)o)->export)
        export_release(((BufferViewObject *)o)->export);
}

static bool view_get_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    Export *e = ((BufferViewObject *)self.bits)->export;
    if (writable && e->buffer.read_only) {
        raise_error(t, &BufferError_type, "Object is not writable.");
        return false;
    }
    *out = e->buffer;
    out->owner = self;
    if (e->buffer.shape == &e->buffer.shape_1)
        out->shape = &out->shape_1;
    if (e->buffer.strides == &e->buffer.stride_1)
        out->strides = &out->stride_1;
    return true;
}

static const BufferProtocol view_buffer = {.get = view_get_buffer};

MODULE_TYPE(buffer_view_type, _interpreters) = {
    STATIC_TYPE_HEAD(NULL, view_release),
    .name_text = "_interpreters.CrossInterpreterBufferView",
    .base_static = &object_type,
    .buffer = &view_buffer,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(BufferViewObject),
};

Value export_view(Thread *t, Export *e) {
    BufferViewObject *view = heap_allocate_finalizable(t, &buffer_view_type, sizeof *view);
    if (!view)
        return NO_VALUE;
    export_hold(e);
    view->export = e;
    return memoryview_from_object(t, from_object(view));
}
