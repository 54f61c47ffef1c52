/* memoryview: a view of another object's buffer.
 *
 * All views made from one another share a ManagedBuffer, which holds the export of the underlying object. It gives
 * the export back when the last view of it is released, or when the collector finds it dead.
 *
 * Threads: a view's fields do not change after construction, apart from `managed`, `released` and `exports`, which are
 * changed atomically. The contents are unsynchronised memory.
 */
#pragma once
#include "object/buffer.h"

typedef struct ManagedBuffer {
    Object object;
    Buffer buffer;
    uint32_t views; /* memoryviews that are not released */
    bool released;
    bool restricted; /* what __release_buffer__ gets: there are no further views of it */
} ManagedBuffer;

typedef struct MemoryViewObject {
    Object object;
    Value managed; /* ManagedBuffer; absent once released */
    Value exporter; /* what .obj shows; absent: None */
    char *data;
    size_t length; /* bytes */
    size_t item_size;
    const char *format; /* NULL: "B" */
    int64_t hash; /* -1: unknown */
    uint32_t exports; /* views of this view, through its own buffer */
    int dimensions;
    bool read_only, released;
    int64_t layout[]; /* shape, strides, suboffsets: `dimensions` words each */
} MemoryViewObject;

extern Type memoryview_type;
static inline MemoryViewObject *as_memoryview(Value v) { return (MemoryViewObject *)v.bits; }
static inline int64_t *view_shape(MemoryViewObject *m) { return m->layout; }
static inline int64_t *view_strides(MemoryViewObject *m) { return m->layout + m->dimensions; }
static inline int64_t *view_suboffsets(MemoryViewObject *m) { return m->layout + 2 * m->dimensions; }

Value memoryview_from_object(Thread *t, Value o);
Value memoryview_from_flags(Thread *t, Value o, int64_t flags);
/* The same by the native type's own protocol: what a __buffer__ written in Python gets from super(). */
Value memoryview_from_native(Thread *t, Value o, int64_t flags);
/* A view of memory that `owner` keeps alive without an export of its own. */
Value memoryview_from_memory(Thread *t, Value owner, char *data, size_t length, bool read_only);
/* A view of one dimension of bytes over the memory of a view that is contiguous in some order. */
Value memoryview_as_bytes(Thread *t, Value view);
bool memoryview_is_contiguous(MemoryViewObject *m, char order); /* as buffer_is_contiguous */
Value memoryview_release(Thread *t, Value *args);
/* What __release_buffer__ is told: a view of memory that is exported until it returns. It cannot be viewed in turn. */
Value memoryview_restricted(Thread *t, const Buffer *b);
bool memoryview_is_restricted(Value view);
Value memoryview_exporter(Value view, bool *released); /* whose memory it is, or was; may be absent */
/* Whether an exporter's memory, whose exports are counted in *exports, is free to move. Views that are dead but not
 * collected do not count: where there are exports, a collection looks for them and gives theirs back. `exports_from`
 * tells whether a buffer's owner stands for the exporter; NULL: it is the exporter. */
[[nodiscard]] bool memoryview_none_of(Thread *t, Value exporter, const uint32_t *exports,
                                      bool (*exports_from)(Value owner, Value exporter));

/* memoryview_items.c: one item in the formats of native single characters. */
[[nodiscard]] bool view_format_size(const char *format, size_t *size); /* false: not such a format */
Value view_unpack(Thread *t, MemoryViewObject *m, const char *item);   /* NotImplementedError for other formats */
[[nodiscard]] bool view_pack(Thread *t, MemoryViewObject *m, char *item, Value value);
/* Pointers equal formats compare raw bytes in == ; 1, 0, -1 error. */
int view_items_equal(Thread *t, MemoryViewObject *a, const char *x, MemoryViewObject *b, const char *y);
