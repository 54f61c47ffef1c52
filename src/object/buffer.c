/* The buffer protocol: getting and releasing views of an object's memory, whoever exports it.
 *
 * A class written in Python exports through __buffer__, which returns a memoryview. The view that C code then gets is
 * owned by a BufferWrapper, which keeps that memoryview and calls __release_buffer__ in the end. A class that only overrides a
 * native exporter's __release_buffer__ is called, too, with a view that ends when the call does.
 *
 * Threads: a Buffer belongs to one thread or to one object; exporters count their exports atomically.
 */
#include "object/buffer.h"

#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"

#include <stdio.h>
#include <string.h>

/* Implemented by types/memoryview.c, which is above this folder. */
extern Type memoryview_type;
Value memoryview_from_native(Thread *t, Value o, int64_t flags);
Value memoryview_release(Thread *t, Value *args);
Value memoryview_restricted(Thread *t, const Buffer *b);
bool memoryview_is_restricted(Value view);
Value memoryview_exporter(Value view, bool *released);

typedef struct BufferWrapper {
    Object object;
    Value memory;   /* the memoryview that __buffer__ returned */
    Value exporter; /* the instance whose __buffer__ it was */
} BufferWrapper;

static void trace_wrapper(Tracer *tracer, Object *o) {
    BufferWrapper *w = (BufferWrapper *)o;
    trace_value(tracer, w->memory);
    trace_value(tracer, w->exporter);
}

static void release_wrapper(Thread *t, Value self, Buffer *b);
static const BufferProtocol wrapper_protocol = {NULL, release_wrapper};
static Type wrapper_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = trace_wrapper, .cell_flags = CELL_INTERNAL},
    .name_text = "_buffer_wrapper",
    .buffer = &wrapper_protocol,
};

static bool defines_in_python(Value o) {
    NativeFn slot = type_slot(type_of(o), SLOT___buffer__);
    return slot && slot != buffer_method_get;
}

bool has_buffer(Value o) {
    return is_object(o) && (type_of(o)->buffer || type_slot(type_of(o), SLOT___buffer__));
}

static bool get_from_python(Thread *t, Value o, Buffer *out, bool writable) {
    Value args[3] = {NO_VALUE, o, small_int(writable ? BUFFER_FULL : BUFFER_FULL_RO)};
    Value memory = type_slot(type_of(o), SLOT___buffer__)(t, args + 1);
    if (absent(memory))
        return false;
    if (!is_exactly(memory, &memoryview_type)) {
        raise_type_error(t, "__buffer__ returned non-memoryview object");
        return false;
    }
    BufferWrapper *w = heap_allocate(t, &wrapper_type, sizeof *w);
    if (!w || !memoryview_type.buffer->get(t, memory, out, writable))
        return false;
    w->memory = memory;
    w->exporter = o;
    store_many(w);
    out->owner = from_object(w);
    return true;
}

bool buffer_is_released_in_python(Value o) {
    NativeFn release = type_slot(type_of(o), SLOT___release_buffer__);
    return release && release != buffer_method_release;
}

/* Calls __release_buffer__; what it raises is nobody's. */
static void call_release(Thread *t, Value exporter, Value view) {
    Value args[3] = {NO_VALUE, exporter, view};
    if (present(type_slot(type_of(exporter), SLOT___release_buffer__)(t, args + 1)))
        return;
    char text[200];
    snprintf(text, sizeof text, "Exception ignored in __release_buffer__ of %s", type_of(exporter)->name_text);
    error_write_unraisable(t, text, NO_VALUE);
}

static void end_view(Thread *t, Value view) {
    Value args[2] = {NO_VALUE, view};
    if (absent(memoryview_release(t, args + 1)))
        error_clear(t); /* further views of it exist: they keep it */
}

static void release_wrapper(Thread *t, Value self, Buffer *b) {
    BufferWrapper *w = (BufferWrapper *)self.bits;
    Value pending = error_take(t);
    b->owner = w->memory;
    memoryview_type.buffer->release(t, w->memory, b);
    bool released;
    if (!buffer_is_released_in_python(w->exporter) || same(memoryview_exporter(w->memory, &released), w->exporter))
        end_view(t, w->memory);
    else
        call_release(t, w->exporter, w->memory); /* which may have kept it: it ends when nobody has it any more */
    if (present(pending))
        error_restore(t, pending);
}

/* A native exporter whose class overrides __release_buffer__. */
static void announce_release(Thread *t, Value exporter, const Buffer *b) {
    Value pending = error_take(t), view = memoryview_restricted(t, b);
    if (present(view)) {
        call_release(t, exporter, view);
        end_view(t, view);
    } else {
        error_write_unraisable(t, NULL, exporter);
    }
    if (present(pending))
        error_restore(t, pending);
}

bool buffer_get(Thread *t, Value o, Buffer *out, bool writable) {
    *out = (Buffer){0};
    if (!is_object(o) || !has_buffer(o)) {
        raise_type_error(t, "a bytes-like object is required, not '%T'", o);
        return false;
    }
    if (defines_in_python(o))
        return get_from_python(t, o, out, writable);
    return type_of(o)->buffer->get(t, o, out, writable);
}

void buffer_release(Thread *t, Buffer *b) {
    Value owner = b->owner;
    if (absent(owner))
        return;
    if (type_of(owner)->flags & TYPE_HEAP && buffer_is_released_in_python(owner))
        announce_release(t, owner, b);
    const BufferProtocol *protocol = type_of(owner)->buffer;
    if (protocol && protocol->release)
        protocol->release(t, owner, b);
    b->owner = NO_VALUE;
}

bool buffer_get_contiguous(Thread *t, Value o, Buffer *out, bool writable) {
    if (!buffer_get(t, o, out, writable))
        return false;
    if (buffer_is_contiguous(out, 'C'))
        return true;
    buffer_release(t, out);
    raise_error(t, &BufferError_type, "memoryview: underlying buffer is not C-contiguous");
    return false;
}

void buffer_fill(Buffer *out, Value owner, char *data, size_t length, bool read_only) {
    *out = (Buffer){
        .data = data,
        .length = length,
        .item_size = 1,
        .dimensions = 1,
        .read_only = read_only,
        .owner = owner,
        .shape_1 = (int64_t)length,
        .stride_1 = 1,
    };
}

size_t buffer_item_count(const Buffer *b) { return b->item_size ? b->length / b->item_size : 0; }

static int64_t shape_at(const Buffer *b, int i) {
    return b->shape ? b->shape[i] : (int64_t)buffer_item_count(b);
}

bool buffer_is_contiguous(const Buffer *b, char order) {
    if (b->suboffsets)
        return false;
    if (b->dimensions == 0 || !b->strides || b->length == 0)
        return order != 'F' || b->dimensions <= 1;
    bool c = true, fortran = true;
    int64_t expected = (int64_t)b->item_size;
    for (int i = b->dimensions; i-- > 0;) {
        if (shape_at(b, i) > 1 && b->strides[i] != expected)
            c = false;
        expected *= shape_at(b, i);
    }
    expected = (int64_t)b->item_size;
    for (int i = 0; i < b->dimensions; i++) {
        if (shape_at(b, i) > 1 && b->strides[i] != expected)
            fortran = false;
        expected *= shape_at(b, i);
    }
    return order == 'C' ? c : order == 'F' ? fortran : c || fortran;
}

/* Copies the sub-array at `from` of dimension d; `to` advances by the strides of the packed result. */
#if __has_feature(thread_sanitizer)
void copy_shared(void *to, const void *from, size_t size) {
    for (size_t i = 0; i < size; i++)
        store_relaxed((char *)to + i, load_relaxed((const char *)from + i));
}
#endif

typedef union Item {
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
} Item;

/* The size of an item that one instruction moves; else 0. */
static size_t whole_size(const char *shared, size_t size) {
    return size <= sizeof(Item) && (size & (size - 1)) == 0 && ((uintptr_t)shared & (size - 1)) == 0 ? size : 0;
}

void store_item(char *to, const char *item, size_t size) {
    Item v;
    size_t whole = whole_size(to, size);
    memcpy(&v, item, whole);
    switch (whole) {
    case 1: store_relaxed((uint8_t *)to, v.u8); break;
    case 2: store_relaxed((uint16_t *)to, v.u16); break;
    case 4: store_relaxed((uint32_t *)to, v.u32); break;
    case 8: store_relaxed((uint64_t *)to, v.u64); break;
    default: copy_shared(to, item, size);
    }
}

void load_item(char *item, const char *from, size_t size) {
    Item v;
    size_t whole = whole_size(from, size);
    switch (whole) {
    case 1: v.u8 = load_relaxed((const uint8_t *)from); break;
    case 2: v.u16 = load_relaxed((const uint16_t *)from); break;
    case 4: v.u32 = load_relaxed((const uint32_t *)from); break;
    case 8: v.u64 = load_relaxed((const uint64_t *)from); break;
    default: copy_shared(item, from, size); return;
    }
    memcpy(item, &v, whole);
}

static void copy_dimension(const Buffer *b, const char *from, char *to, int d, const int64_t *to_strides) {
    if (d == b->dimensions) {
        copy_shared(to, from, b->item_size);
        return;
    }
    int64_t stride = b->strides ? b->strides[d] : to_strides[d];
    for (int64_t i = 0; i < shape_at(b, d); i++) {
        const char *item = from + i * stride;
        if (b->suboffsets && b->suboffsets[d] >= 0)
            item = *(const char *const *)item + b->suboffsets[d];
        copy_dimension(b, item, to + i * to_strides[d], d + 1, to_strides);
    }
}

void buffer_copy_out(const Buffer *b, char *to, char order) {
    if (order == 'A')
        order = buffer_is_contiguous(b, 'F') && !buffer_is_contiguous(b, 'C') ? 'F' : 'C';
    if (buffer_is_contiguous(b, order)) {
        copy_shared(to, b->data, b->length);
        return;
    }
    int64_t strides[64], step = (int64_t)b->item_size;
    for (int k = 0; k < b->dimensions; k++) {
        int d = order == 'F' ? k : b->dimensions - 1 - k;
        strides[d] = step;
        step *= shape_at(b, d);
    }
    copy_dimension(b, b->data, to, 0, strides);
}

Value buffer_method_get(Thread *t, Value *args) {
    int64_t flags;
    CHECK(index_as_ssize(t, args[1], &flags, false, NULL));
    return memoryview_from_native(t, args[0], flags);
}

Value buffer_method_release(Thread *t, Value *args) {
    if (!is_exactly(args[1], &memoryview_type))
        return raise_type_error(t, "expected a memoryview object");
    if (memoryview_is_restricted(args[1]))
        return NONE;
    bool released;
    if (!same(memoryview_exporter(args[1], &released), args[0]))
        return raise_value_error(t, "memoryview's buffer is not this object");
    if (released)
        return raise_value_error(t, "memoryview's buffer has already been released");
    return memoryview_release(t, args + 1);
}
