/* The type memoryview: making, slicing and releasing views; see memoryview.h. */
#include "object/type_internal.h"
#include "types/memoryview.h"

#include "base/hash.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes_methods.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/slice.h"
#include "types/tuple.h"

enum { MAX_DIMENSIONS = 64 };

/* The managed buffer */

static ManagedBuffer *as_managed(Value v) { return (ManagedBuffer *)v.bits; }

static void trace_managed(Tracer *tracer, Object *o) { trace_value(tracer, ((ManagedBuffer *)o)->buffer.owner); }

static void managed_release(Thread *t, ManagedBuffer *m) {
    if (!exchange(&m->released, true)) {
        Buffer b = m->buffer;
        buffer_release(t, &b);
        m->buffer.owner = NO_VALUE;
    }
}

/* What the collector calls for a managed buffer that no live view uses any more. */
static Value managed_finalize(Thread *t, Value *args) {
    managed_release(t, as_managed(args[0]));
    return NONE;
}

static const NativeDef managed_methods[] = {{"__del__(self, /)", managed_finalize, "Give the export back."}, {0}};

extern Type managed_buffer_type;
STATIC_TYPE(managed_buffer_type) = {
    STATIC_TYPE_HEAD(trace_managed, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "managedbuffer",
    .methods = managed_methods,
    .flags = TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(ManagedBuffer),
};

typedef struct ExportSearch {
    Value exporter;
    bool (*exports_from)(Value owner, Value exporter);
} ExportSearch;

static bool is_export(void *context, Object *o) {
    ExportSearch *search = context;
    Value owner = o->type == &managed_buffer_type ? ((ManagedBuffer *)o)->buffer.owner : NO_VALUE;
    if (absent(owner))
        return false;
    return search->exports_from ? search->exports_from(owner, search->exporter) : same(owner, search->exporter);
}

/* Whether there are old ones that a young collection had to pass by. */
static bool release_unheld(Thread *t, Generation generation, ExportSearch *search, const uint32_t *exports) {
    Object *found[16];
    const size_t capacity = sizeof found / sizeof *found;
    bool passed_old = false;
    for (size_t count = capacity; count == capacity && load_relaxed(exports);) {
        count = heap_find_unheld(t, generation, is_export, search, found, capacity, &passed_old);
        for (size_t i = 0; i < count; i++)
            managed_release(t, (ManagedBuffer *)found[i]);
    }
    return passed_old;
}

/* An operation that needs the exporter's memory holds no view of it but its arguments, which the interpreter's registers
 * hold as well: a view that is on the native stack only is a leftover there. Most views die young. A program that goes on asking
 * while its views live is not made to pay for a full collection each time. */
bool memoryview_none_of(Thread *t, Value exporter, const uint32_t *exports,
                        bool (*exports_from)(Value owner, Value exporter)) {
    ExportSearch search = {exporter, exports_from};
    Generation age = release_unheld(t, GENERATION_YOUNG, &search, exports) ? GENERATION_FULL : GENERATION_YOUNG;
    if (load_relaxed(exports) && heap_search_pays(t, age)) {
        release_unheld(t, GENERATION_FULL, &search, exports);
        heap_searched(t, age, load_relaxed(exports) != 0);
    }
    return load_relaxed(exports) == 0;
}

static void trace_view(Tracer *tracer, Object *o) {
    MemoryViewObject *m = (MemoryViewObject *)o;
    trace_value(tracer, m->managed);
    trace_value(tracer, m->exporter);
}

static void raise_released(Thread *t) {
    raise_value_error(t, "operation forbidden on released memoryview object");
}

static bool usable(Thread *t, MemoryViewObject *m) {
    Value managed = load(&m->managed);
    if (likely(!load_relaxed(&m->released) && present(managed) && !load_relaxed(&as_managed(managed)->released)))
        return true;
    raise_released(t);
    return false;
}

static bool may_be_viewed(Thread *t, Value managed) {
    if (likely(!as_managed(managed)->restricted))
        return true;
    raise_value_error(t, "cannot create new view on restricted memoryview");
    return false;
}

/* A view that shares `managed` and has room for the layout, otherwise empty. */
static MemoryViewObject *view_new(Thread *t, Value managed, int dimensions) {
    if (!may_be_viewed(t, managed))
        return NULL;
    MemoryViewObject *m = heap_allocate(t, &memoryview_type, sizeof *m + 3 * (size_t)dimensions * sizeof *m->layout);
    if (!m)
        return NULL;
    m->managed = managed; /* NOBARRIER: no safepoint since the allocation */
    m->hash = -1;
    m->dimensions = dimensions;
    for (int i = 0; i < dimensions; i++) view_suboffsets(m)[i] = -1;
    fetch_add(&as_managed(managed)->views, 1u);
    return m;
}

static MemoryViewObject *view_copy(Thread *t, MemoryViewObject *from) {
    Value managed = load(&from->managed);
    if (absent(managed)) {
        raise_released(t);
        return NULL;
    }
    MemoryViewObject *m = view_new(t, managed, from->dimensions);
    if (!m)
        return NULL;
    m->exporter = from->exporter;
    m->data = from->data;
    m->length = from->length;
    m->item_size = from->item_size;
    m->format = from->format;
    m->read_only = from->read_only;
    memcpy(m->layout, from->layout, 3 * (size_t)from->dimensions * sizeof *m->layout);
    return m;
}

static Value view_of_managed(Thread *t, ManagedBuffer *managed, Value exporter) {
    const Buffer *b = &managed->buffer;
    MemoryViewObject *m = view_new(t, from_object(managed), b->dimensions);
    if (!m)
        return NO_VALUE;
    m->exporter = exporter;
    m->data = b->data;
    m->length = b->length;
    m->item_size = b->item_size;
    m->format = b->format;
    m->read_only = b->read_only;
    int64_t stride = (int64_t)b->item_size;
    for (int i = b->dimensions; i-- > 0;) {
        view_shape(m)[i] = b->shape ? b->shape[i] : (int64_t)buffer_item_count(b);
        view_strides(m)[i] = b->strides ? b->strides[i] : stride;
        stride *= view_shape(m)[i];
        if (b->suboffsets)
            view_suboffsets(m)[i] = b->suboffsets[i];
    }
    return from_object(m);
}

typedef bool (*BufferGetter)(Thread *t, Value o, Buffer *out, bool writable);

static Value from_exporter(Thread *t, Value o, bool writable, BufferGetter get) {
    /* An exporter that does not care about the end of the export needs no finalizer. */
    const BufferProtocol *protocol = type_of(o)->buffer;
    bool in_python = buffer_is_released_in_python(o);
    bool forgets = protocol && !protocol->release && !in_python && type_slot(type_of(o), SLOT___buffer__) == buffer_method_get;
    ManagedBuffer *managed = forgets ? heap_allocate(t, &managed_buffer_type, sizeof *managed)
                                     : heap_allocate_finalizable(t, &managed_buffer_type, sizeof *managed);
    if (!managed)
        return NO_VALUE;
    if (!protocol || in_python) /* __release_buffer__ */
        heap_watch(t);
    managed->released = true; /* nothing to give back yet */
    CHECK(get(t, o, &managed->buffer, writable));
    store_many(managed);
    managed->released = false;
    if (managed->buffer.dimensions > MAX_DIMENSIONS) {
        managed_release(t, managed);
        return raise_value_error(t, "memoryview: number of dimensions must not exceed %d", MAX_DIMENSIONS);
    }
    /* A native exporter may pass on the buffer of another object. A __buffer__ written in Python has its wrapper for an owner. */
    Value owner = managed->buffer.owner;
    bool passed_on = protocol && present(owner) && !(type_of(owner)->head.cell_flags & CELL_INTERNAL);
    return view_of_managed(t, managed, passed_on ? owner : o);
}

Value memoryview_from_memory(Thread *t, Value owner, char *data, size_t length, bool read_only) {
    ManagedBuffer *managed = heap_allocate(t, &managed_buffer_type, sizeof *managed);
    if (!managed)
        return NO_VALUE;
    buffer_fill(&managed->buffer, NO_VALUE, data, length, read_only);
    Value v = TRY(view_of_managed(t, managed, owner));
    return v;
}

Value memoryview_restricted(Thread *t, const Buffer *b) {
    ManagedBuffer *managed = heap_allocate(t, &managed_buffer_type, sizeof *managed);
    if (!managed)
        return NO_VALUE;
    managed->buffer = *b;
    managed->buffer.owner = NO_VALUE;
    Value view = view_of_managed(t, managed, NO_VALUE);
    managed->restricted = true;
    return view;
}

bool memoryview_is_restricted(Value view) {
    Value managed = load(&as_memoryview(view)->managed);
    return present(managed) && as_managed(managed)->restricted;
}

Value memoryview_exporter(Value view, bool *released) {
    *released = load_relaxed(&as_memoryview(view)->released);
    return as_memoryview(view)->exporter;
}

Value memoryview_as_bytes(Thread *t, Value view) {
    MemoryViewObject *from = as_memoryview(view), *m = view_new(t, from->managed, 1);
    CHECK(m != NULL);
    m->exporter = from->exporter; /* NOBARRIER: just allocated */
    m->data = from->data;
    m->length = (size_t)(*view_shape(m) = (int64_t)from->length);
    m->item_size = (size_t)(*view_strides(m) = 1);
    m->read_only = from->read_only;
    return from_object(m);
}

Value memoryview_from_object(Thread *t, Value o) { return memoryview_from_flags(t, o, BUFFER_FULL_RO); }

Value memoryview_from_flags(Thread *t, Value o, int64_t flags) {
    if (is_exactly(o, &memoryview_type)) {
        MemoryViewObject *m = as_memoryview(o);
        CHECK(usable(t, m));
        if (m->read_only && (flags & BUFFER_WRITABLE))
            return raise_error(t, &BufferError_type, "memoryview: underlying buffer is not writable");
        MemoryViewObject *copy = view_copy(t, m);
        return copy ? from_object(copy) : NO_VALUE;
    }
    if (!has_buffer(o))
        return raise_type_error(t, "memoryview: a bytes-like object is required, not '%T'", o);
    return from_exporter(t, o, flags & BUFFER_WRITABLE, buffer_get);
}

Value memoryview_from_native(Thread *t, Value o, int64_t flags) {
    return is_exactly(o, &memoryview_type) ? memoryview_from_flags(t, o, flags)
                                           : from_exporter(t, o, flags & BUFFER_WRITABLE, type_of(o)->buffer->get);
}

Value memoryview_release(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    if (load_relaxed(&m->released))
        return NONE;
    uint32_t exports = load_relaxed(&m->exports);
    if (exports > 0)
        return raise_error(t, &BufferError_type, "memoryview has %zd exported buffer%s", (size_t)exports, exports == 1 ? "" : "s");
    Value managed = load(&m->managed);
    if (!exchange(&m->released, true)) {
        store(m, &m->managed, NO_VALUE); /* what is released keeps no export from being found dead */
        if (fetch_sub(&as_managed(managed)->views, 1u) == 1)
            managed_release(t, as_managed(managed));
    }
    return NONE;
}

/* As an exporter itself */

static bool view_get_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    MemoryViewObject *m = as_memoryview(self);
    Value managed = load(&m->managed);
    if (!usable(t, m) || (present(managed) && !may_be_viewed(t, managed)))
        return false;
    if (writable && m->read_only) {
        raise_error(t, &BufferError_type, "memoryview: underlying buffer is not writable");
        return false;
    }
    *out = (Buffer){
        .data = m->data,
        .length = m->length,
        .item_size = m->item_size,
        .format = m->format,
        .dimensions = m->dimensions,
        .shape = view_shape(m),
        .strides = view_strides(m),
        .read_only = m->read_only,
        .owner = self,
    };
    for (int i = 0; i < m->dimensions; i++)
        if (view_suboffsets(m)[i] >= 0)
            out->suboffsets = view_suboffsets(m);
    fetch_add(&m->exports, 1u);
    return true;
}

static void view_release_buffer(Thread *t, Value self, Buffer *b) { fetch_sub(&as_memoryview(self)->exports, 1u); }

static const BufferProtocol view_buffer = {view_get_buffer, view_release_buffer};

/* The view's own layout as a Buffer, not counted as an export. */
static Buffer layout_of(MemoryViewObject *m) {
    Buffer b = {
        .data = m->data,
        .length = m->length,
        .item_size = m->item_size,
        .format = m->format,
        .dimensions = m->dimensions,
        .shape = view_shape(m),
        .strides = view_strides(m),
    };
    for (int i = 0; i < m->dimensions; i++)
        if (view_suboffsets(m)[i] >= 0)
            b.suboffsets = view_suboffsets(m);
    return b;
}

/* Items */

static char *step(MemoryViewObject *m, char *at, int dimension, int64_t index) {
    at += view_strides(m)[dimension] * index;
    int64_t suboffset = view_suboffsets(m)[dimension];
    return suboffset >= 0 ? *(char **)at + suboffset : at;
}

static char *step_checked(Thread *t, MemoryViewObject *m, char *at, int dimension, Value key) {
    int64_t i, n = view_shape(m)[dimension];
    if (!index_as_ssize(t, key, &i, false, &IndexError_type))
        return NULL;
    if (i < 0)
        i += n;
    if (i < 0 || i >= n) {
        raise_index_error(t, "index out of bounds on dimension %d", dimension + 1);
        return NULL;
    }
    return step(m, at, dimension, i);
}

static bool is_index(Value v) { return is_int(v) || type_slot(type_of(v), SLOT___index__); }

static bool tuple_of(Value key, bool slices) {
    for (size_t i = 0; i < tuple_length(key); i++) {
        Value item = tuple_get(key, i);
        if (slices ? !is_exactly(item, &slice_type) : !is_index(item))
            return false;
    }
    return true;
}

/* The address of the item that a tuple of indexes, or one index, names. */
static char *item_at(Thread *t, MemoryViewObject *m, Value key) {
    if (!is_tuple(key)) {
        if (m->dimensions != 1) {
            if (m->dimensions == 0)
                raise_type_error(t, "invalid indexing of 0-dim memory");
            else
                raise_error(t, &NotImplementedError_type, "multi-dimensional sub-views are not implemented");
            return NULL;
        }
        return step_checked(t, m, m->data, 0, key);
    }
    size_t n = tuple_length(key);
    if (n != (size_t)m->dimensions) {
        if (n < (size_t)m->dimensions)
            raise_error(t, &NotImplementedError_type, "sub-views are not implemented");
        else
            raise_type_error(t, "cannot index %d-dimension view with %zd-element tuple", m->dimensions, n);
        return NULL;
    }
    char *at = m->data;
    for (size_t i = 0; at && i < n; i++) at = step_checked(t, m, at, (int)i, tuple_get(key, i));
    return at;
}

/* A view of a slice of the first dimension. */
static MemoryViewObject *slice_view(Thread *t, MemoryViewObject *m, Value slice) {
    int64_t start, stop, step_size, count;
    /* The new view comes first: computing the indices may run code that releases the old one. */
    MemoryViewObject *v = view_copy(t, m);
    if (!v || !slice_indices(t, slice, view_shape(m)[0], &start, &stop, &step_size, &count))
        return NULL;
    if (view_suboffsets(m)[0] < 0)
        v->data += view_strides(m)[0] * start;
    else
        view_suboffsets(v)[0] += view_strides(m)[0] * start;
    int64_t old = view_shape(m)[0];
    view_shape(v)[0] = count;
    view_strides(v)[0] *= step_size;
    v->length = old ? m->length / (size_t)old * (size_t)count : 0;
    return v;
}

static Value view_getitem(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    Value key = args[1];
    CHECK(usable(t, m));
    if (m->dimensions == 0) {
        if (is_tuple(key) && tuple_length(key) == 0)
            return view_unpack(t, m, m->data);
        if (same(key, ELLIPSIS))
            return args[0];
        return raise_type_error(t, "invalid indexing of 0-dim memory");
    }
    if (is_index(key) || (is_tuple(key) && tuple_of(key, false))) {
        char *item = item_at(t, m, key);
        CHECK(item != NULL && usable(t, m));
        return view_unpack(t, m, item);
    }
    if (is_exactly(key, &slice_type)) {
        MemoryViewObject *v = slice_view(t, m, key);
        return v ? from_object(v) : NO_VALUE;
    }
    if (is_tuple(key) && tuple_of(key, true))
        return raise_error(t, &NotImplementedError_type, "multi-dimensional slicing is not implemented");
    return raise_type_error(t, "memoryview: invalid slice key");
}

static bool same_structure(const MemoryViewObject *a, const Buffer *b) {
    const char *fa = a->format ? a->format : "B", *fb = b->format ? b->format : "B";
    if (*fa == '@')
        fa++;
    if (*fb == '@')
        fb++;
    if (strcmp(fa, fb) != 0 || a->item_size != b->item_size || a->dimensions != b->dimensions)
        return false;
    for (int i = 0; i < a->dimensions; i++) {
        int64_t other = b->shape ? b->shape[i] : (int64_t)buffer_item_count(b);
        if (a->layout[i] != other)
            return false;
        if (a->layout[i] == 0)
            break;
    }
    return true;
}

static Value assign_slice(Thread *t, MemoryViewObject *m, Value slice, Value value) {
    Buffer source;
    CHECK(buffer_get(t, value, &source, false));
    MemoryViewObject *to = slice_view(t, m, slice);
    Value result = NO_VALUE;
    if (to && !usable(t, m)) {
        /* computing the indices released it */
    } else if (to && !same_structure(to, &source)) {
        raise_value_error(t, "memoryview assignment: lvalue and rvalue have different structures");
    } else if (to) {
        /* Through a copy: source and target may overlap. */
        Value copy = bytes_new(t, NULL, source.length);
        if (present(copy)) {
            buffer_copy_out(&source, as_bytes(copy)->data, 'C');
            for (int64_t i = 0; i < view_shape(to)[0]; i++)
                store_item(step(to, to->data, 0, i), as_bytes(copy)->data + (size_t)i * to->item_size, to->item_size);
            result = NONE;
        }
    }
    if (to) {
        Value args[] = {from_object(to)};
        memoryview_release(t, args);
    }
    buffer_release(t, &source);
    return result;
}

static Value view_setitem(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    Value key = args[1];
    CHECK(usable(t, m));
    if (m->read_only)
        return raise_type_error(t, "cannot modify read-only memory");
    char *item = NULL;
    if (m->dimensions == 0) {
        if (!same(key, ELLIPSIS) && !(is_tuple(key) && tuple_length(key) == 0))
            return raise_type_error(t, "invalid indexing of 0-dim memory");
        item = m->data;
    } else if (is_index(key) || (is_tuple(key) && tuple_of(key, false))) {
        item = item_at(t, m, key);
        CHECK(item != NULL);
    } else if (is_exactly(key, &slice_type) && m->dimensions == 1) {
        return assign_slice(t, m, key, args[2]);
    } else if (is_exactly(key, &slice_type) || (is_tuple(key) && tuple_of(key, true))) {
        return raise_error(t, &NotImplementedError_type, "memoryview slice assignments are currently restricted to ndim = 1");
    } else {
        return raise_type_error(t, "memoryview: invalid slice key");
    }
    char room[16];
    CHECK(view_pack(t, m, room, args[2]) && usable(t, m)); /* conversion may run code that releases the view */
    store_item(item, room, m->item_size);
    return NONE;
}

static Value view_delitem(Thread *t, Value *args) {
    CHECK(usable(t, as_memoryview(args[0])));
    return raise_type_error(t, as_memoryview(args[0])->read_only ? "cannot modify read-only memory" : "cannot delete memory");
}

static Value view_len(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    CHECK(usable(t, m));
    if (m->dimensions == 0)
        return raise_type_error(t, "0-dim memory has no length");
    return small_int(view_shape(m)[0]);
}

/* Comparison, hash, repr */

/* The layout of the other operand as an unmanaged view, for item access; NULL: MemoryError. */
static MemoryViewObject *view_for_comparison(Thread *t, const Buffer *b) {
    ManagedBuffer *managed = heap_allocate(t, &managed_buffer_type, sizeof *managed);
    if (!managed)
        return NULL;
    managed->buffer = *b;
    managed->buffer.owner = NO_VALUE;
    Value v = view_of_managed(t, managed, NO_VALUE);
    return present(v) ? as_memoryview(v) : NULL;
}

static int equal_from(Thread *t, MemoryViewObject *a, char *x, MemoryViewObject *b, char *y, int dimension) {
    if (dimension == a->dimensions)
        return view_items_equal(t, a, x, b, y);
    for (int64_t i = 0; i < view_shape(a)[dimension]; i++) {
        int result = equal_from(t, a, step(a, x, dimension, i), b, step(b, y, dimension, i), dimension + 1);
        if (result != 1)
            return result;
    }
    return 1;
}

static int views_equal(Thread *t, MemoryViewObject *m, const Buffer *other) {
    if (m->dimensions != other->dimensions)
        return 0;
    MemoryViewObject *o = view_for_comparison(t, other);
    if (!o)
        return -1;
    for (int i = 0; i < m->dimensions; i++) {
        if (view_shape(m)[i] != view_shape(o)[i])
            return 0;
        if (view_shape(m)[i] == 0)
            break;
    }
    Buffer mine = layout_of(m);
    bool plain = (!m->format || strcmp(m->format, "B") == 0) && (!other->format || strcmp(other->format, "B") == 0);
    if (plain && buffer_is_contiguous(&mine, 'C') && buffer_is_contiguous(other, 'C'))
        return memcmp(mine.data, other->data, mine.length) == 0;
    return equal_from(t, m, m->data, o, o->data, 0);
}

static Value equality(Thread *t, Value *args, bool wanted) {
    MemoryViewObject *m = as_memoryview(args[0]);
    if (load_relaxed(&m->released) || same(args[0], args[1])) {
        bool same_object = same(args[0], args[1]);
        if (load_relaxed(&m->released))
            return from_bool(same_object == wanted);
    }
    if (!has_buffer(args[1]))
        return NOT_IMPLEMENTED;
    if (is_exactly(args[1], &memoryview_type) && load_relaxed(&as_memoryview(args[1])->released))
        return from_bool(!wanted);
    Buffer other;
    if (!buffer_get(t, args[1], &other, false)) {
        error_clear(t);
        return NOT_IMPLEMENTED;
    }
    int result = views_equal(t, m, &other);
    buffer_release(t, &other);
    return result < 0 ? NO_VALUE : from_bool(result == wanted);
}
static Value view_eq(Thread *t, Value *args) { return equality(t, args, true); }
static Value view_ne(Thread *t, Value *args) { return equality(t, args, false); }

static Value view_hash(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    int64_t hash = load_relaxed(&m->hash);
    if (hash != -1)
        return int_from(t, hash);
    CHECK(usable(t, m));
    if (!m->read_only)
        return raise_value_error(t, "cannot hash writable memoryview object");
    const char *format = m->format ? m->format : "B";
    if (*format == '@')
        format++;
    if (!strchr("Bbc", *format) || format[1])
        return raise_value_error(t, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    int64_t owner_hash;
    if (present(m->exporter)) { /* what is not hashable may change */
        fetch_add(&m->exports, 1u); /* its __hash__ must not release this view */
        bool hashable = hash_of(t, m->exporter, &owner_hash);
        fetch_sub(&m->exports, 1u);
        CHECK(hashable);
    }
    Value bytes = TRY(bytes_new(t, NULL, m->length));
    Buffer b = layout_of(m);
    if (m->length)
        buffer_copy_out(&b, as_bytes(bytes)->data, 'C');
    HashKey key = {t->isolate->hash_secret[0], t->isolate->hash_secret[1]};
    hash = hash_bytes(key, as_bytes(bytes)->data, m->length);
    store_relaxed(&m->hash, hash);
    return int_from(t, hash);
}

static Value view_repr(Thread *t, Value *args) {
    bool released = load_relaxed(&as_memoryview(args[0])->released);
    char text[64];
    snprintf(text, sizeof text, "<%s at %p>", released ? "released memory" : "memory", (void *)args[0].bits);
    return str_from_text(t, text);
}

/* Conversions */

static Value list_from(Thread *t, MemoryViewObject *m, char *at, int dimension) {
    if (dimension == m->dimensions)
        return view_unpack(t, m, at);
    Value list = TRY(list_new(t, (size_t)view_shape(m)[dimension]));
    for (int64_t i = 0; i < view_shape(m)[dimension]; i++)
        CHECK(list_append(t, list, TRY(list_from(t, m, step(m, at, dimension, i), dimension + 1))));
    return list;
}

static Value view_tolist(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    CHECK(usable(t, m));
    return list_from(t, m, m->data, 0);
}

static Value bytes_of(Thread *t, MemoryViewObject *m, char order) {
    Value bytes = TRY(bytes_new(t, NULL, m->length));
    Buffer b = layout_of(m);
    if (m->length)
        buffer_copy_out(&b, as_bytes(bytes)->data, order);
    return m->length == 1 ? bytes_new(t, as_bytes(bytes)->data, 1) : bytes;
}

static Value view_tobytes(Thread *t, Value *args) {
    CHECK(usable(t, as_memoryview(args[0])));
    char order = 'C';
    if (!is_none(args[1])) {
        if (!is_str(args[1]))
            return raise_type_error(t, "tobytes() argument 'order' must be str or None, not %T", args[1]);
        const char *text = str_utf8(t, args[1], NULL);
        CHECK(text != NULL);
        if (strlen(text) != 1 || !strchr("CFA", *text))
            return raise_value_error(t, "order must be 'C', 'F' or 'A'");
        order = *text;
    }
    return bytes_of(t, as_memoryview(args[0]), order);
}

static Value view_hex(Thread *t, Value *args) {
    CHECK(usable(t, as_memoryview(args[0])));
    MemoryViewObject *m = as_memoryview(args[0]);
    Value bytes = TRY(bytes_of(t, m, 'C'));
    fetch_add(&m->exports, 1u); /* the separator's __len__ must not release this view */
    Value text = bytes_hex(t, bytes_view(bytes), args[1], args[2]);
    fetch_sub(&m->exports, 1u);
    return text;
}

static Value view_toreadonly(Thread *t, Value *args) {
    CHECK(usable(t, as_memoryview(args[0])));
    MemoryViewObject *m = view_copy(t, as_memoryview(args[0]));
    if (!m)
        return NO_VALUE;
    m->read_only = true;
    return from_object(m);
}

/* cast */

/* The native formats, with static text that outlives every view. */
static const char *static_format(const char *format) {
    static const char *const known[] = {"c", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "n", "N", "e", "f", "d", "?", "P",
                                        "@c", "@b", "@B", "@h", "@H", "@i", "@I", "@l", "@L", "@q", "@Q", "@n", "@N", "@e", "@f",
                                        "@d", "@?", "@P"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], format) == 0)
            return known[i];
    return NULL;
}

static bool is_byte_format(const char *format) {
    if (!format)
        return true;
    format += *format == '@';
    return strcmp(format, "B") == 0 || strcmp(format, "b") == 0 || strcmp(format, "c") == 0;
}

/* The dimensions that the shape argument asks for; their number, or -1 with an exception. */
static int parse_shape(Thread *t, Value shape, int64_t *out) {
    if (!is_list(shape) && !is_tuple(shape)) {
        raise_type_error(t, "shape must be a list or a tuple");
        return -1;
    }
    size_t n = is_list(shape) ? list_length(shape) : tuple_length(shape);
    if (n > MAX_DIMENSIONS) {
        raise_value_error(t, "memoryview: number of dimensions must not exceed %d", MAX_DIMENSIONS);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        Value item = is_list(shape) ? list_get(shape, i) : tuple_get(shape, i);
        if (absent(item) || !is_int(item)) {
            raise_type_error(t, "memoryview.cast(): elements of shape must be integers");
            return -1;
        }
        if (!index_as_ssize(t, item, &out[i], false, NULL))
            return -1;
        if (out[i] <= 0) {
            raise_value_error(t, "memoryview.cast(): elements of shape must be integers > 0");
            return -1;
        }
    }
    return (int)n;
}

static Value view_cast(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    CHECK(usable(t, m));
    if (!is_str(args[1]))
        return raise_type_error(t, "cast() argument 'format' must be str, not %Y", args[1]);
    Buffer b = layout_of(m);
    if (!buffer_is_contiguous(&b, 'C'))
        return raise_type_error(t, "memoryview: casts are restricted to C-contiguous views");
    bool shaped = present(args[2]);
    if (shaped || m->dimensions != 1)
        for (int i = 0; i < m->dimensions; i++)
            if (view_shape(m)[i] == 0 || view_strides(m)[i] == 0)
                return raise_type_error(t, "memoryview: cannot cast view with zeros in shape or strides");
    int64_t shape[MAX_DIMENSIONS];
    int dimensions = 1;
    if (shaped) {
        dimensions = parse_shape(t, args[2], shape);
        CHECK(dimensions >= 0);
        if (m->dimensions != 1 && dimensions != 1)
            return raise_type_error(t, "memoryview: cast must be 1D -> ND or ND -> 1D");
    }
    const char *text = str_utf8(t, args[1], NULL);
    CHECK(text != NULL);
    const char *format = static_format(text);
    size_t item_size = 0;
    if (!format || !view_format_size(format, &item_size))
        return raise_value_error(t, "memoryview: destination format must be a native single character format prefixed "
                                    "with an optional '@'");
    if (!is_byte_format(format) && !is_byte_format(m->format))
        return raise_type_error(t, "memoryview: cannot cast between two non-byte formats");
    if (m->length % item_size)
        return raise_type_error(t, "memoryview: length is not a multiple of itemsize");
    int64_t total = (int64_t)item_size;
    if (!shaped)
        shape[0] = (int64_t)(m->length / item_size);
    for (int i = 0; shaped && i < dimensions; i++)
        if (__builtin_mul_overflow(total, shape[i], &total))
            return raise_value_error(t, "memoryview.cast(): product(shape) > SSIZE_MAX");
    if (shaped && total != (int64_t)m->length)
        return raise_type_error(t, "memoryview: product(shape) * itemsize != buffer size");
    MemoryViewObject *v = view_new(t, m->managed, dimensions);
    if (!v)
        return NO_VALUE;
    v->exporter = m->exporter;
    v->data = m->data;
    v->length = m->length;
    v->item_size = item_size;
    v->format = format;
    v->read_only = m->read_only;
    int64_t stride = (int64_t)item_size;
    for (int i = dimensions; i-- > 0; stride *= shape[i]) {
        view_shape(v)[i] = shape[i];
        view_strides(v)[i] = stride;
    }
    return from_object(v);
}

/* Sequence methods */

static Value view_count(Thread *t, Value *args) {
    Value list = TRY(view_tolist(t, args));
    int64_t count = 0;
    for (size_t i = 0; i < list_length(list); i++) {
        int same_value = equal(t, list_get(list, i), args[1]);
        CHECK(same_value >= 0);
        count += same_value;
    }
    return small_int(count);
}

static Value view_index(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    CHECK(usable(t, m));
    if (m->dimensions == 0)
        return raise_type_error(t, "invalid lookup on 0-dim memory");
    if (m->dimensions != 1)
        return raise_error(t, &NotImplementedError_type, "multi-dimensional lookup is not implemented");
    int64_t n = view_shape(m)[0], start = 0, stop = n;
    CHECK(slice_bound(t, args[2], n, &start) && (absent(args[3]) || slice_bound(t, args[3], n, &stop)));
    for (int64_t i = start; i < stop; i++) {
        CHECK(usable(t, m));
        Value item = TRY(view_unpack(t, m, step(m, m->data, 0, i)));
        int same_value = equal(t, item, args[1]);
        CHECK(same_value >= 0);
        if (same_value)
            return small_int(i);
    }
    return raise_value_error(t, "memoryview.index(x): x not found");
}

typedef struct ViewIterator {
    Object object;
    Value view; /* absent when exhausted */
    int64_t index;
} ViewIterator;

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((ViewIterator *)o)->view); }

static Value iterator_step(Thread *t, Value iterator) {
    ViewIterator *it = (ViewIterator *)iterator.bits;
    Value view = load(&it->view);
    if (absent(view))
        return NO_VALUE;
    MemoryViewObject *m = as_memoryview(view);
    int64_t i = load_relaxed(&it->index);
    if (i >= view_shape(m)[0]) {
        store(it, &it->view, NO_VALUE);
        return NO_VALUE;
    }
    CHECK(usable(t, m));
    store_relaxed(&it->index, i + 1);
    return view_unpack(t, m, step(m, m->data, 0, i));
}

static Value iterator_self(Thread *t, Value *args) { return args[0]; }
static const NativeDef iterator_methods[] = {{"__iter__(self, /)", iterator_self, "Implement iter(self)."}, {0}};
extern Type memory_iterator_type;
STATIC_TYPE(memory_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "memory_iterator",
    .methods = iterator_methods,
    .next = iterator_step,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ViewIterator),
};

static Value view_iter(Thread *t, Value *args) {
    MemoryViewObject *m = as_memoryview(args[0]);
    CHECK(usable(t, m));
    if (m->dimensions == 0)
        return raise_type_error(t, "invalid indexing of 0-dim memory");
    if (m->dimensions != 1)
        return raise_error(t, &NotImplementedError_type, "multi-dimensional sub-views are not implemented");
    ViewIterator *it = heap_allocate(t, &memory_iterator_type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->view = args[0]; /* NOBARRIER: no safepoint since the allocation */
    return from_object(it);
}

/* Attributes */

static Value view_dunder_new(Thread *t, Value *args) { return memoryview_from_object(t, args[1]); }

static Value view_from_flags(Thread *t, Value *args) {
    int64_t flags;
    CHECK(index_as_ssize(t, args[2], &flags, false, NULL));
    return memoryview_from_flags(t, args[1], flags);
}

static Value view_enter(Thread *t, Value *args) { return usable(t, as_memoryview(args[0])) ? args[0] : NO_VALUE; }
static Value view_exit(Thread *t, Value *args) { return memoryview_release(t, args); }
static Value view_class_getitem(Thread *t, Value *args) { return generic_alias_new(t, args[0], args[1]); }

#define GETTER(name, expression)                                                                                 \
    static Value get_##name(Thread *t, Value *args) {                                                            \
        MemoryViewObject *m = as_memoryview(args[0]);                                                            \
        CHECK(usable(t, m));                                                                                     \
        return expression;                                                                                       \
    }
static Value words(Thread *t, const int64_t *from, int count) {
    Value v = TRY(tuple_new(t, (size_t)count));
    for (int i = 0; i < count; i++) store((void *)v.bits, &as_tuple(v)->items[i], TRY(int_from(t, from[i])));
    return v;
}
bool memoryview_is_contiguous(MemoryViewObject *m, char order) {
    Buffer b = layout_of(m);
    return buffer_is_contiguous(&b, order);
}
GETTER(obj, present(m->exporter) ? m->exporter : NONE)
GETTER(nbytes, small_int((int64_t)m->length))
GETTER(readonly, from_bool(m->read_only))
GETTER(itemsize, small_int((int64_t)m->item_size))
GETTER(format, str_from_text(t, m->format ? m->format : "B"))
GETTER(ndim, small_int(m->dimensions))
GETTER(shape, words(t, view_shape(m), m->dimensions))
GETTER(strides, words(t, view_strides(m), m->dimensions))
GETTER(suboffsets, layout_of(m).suboffsets ? words(t, view_suboffsets(m), m->dimensions) : empty_tuple)
GETTER(c_contiguous, from_bool(memoryview_is_contiguous(m, 'C')))
GETTER(f_contiguous, from_bool(memoryview_is_contiguous(m, 'F')))
GETTER(contiguous, from_bool(memoryview_is_contiguous(m, 'A')))
#undef GETTER

static const GetSetDef view_getset[] = {
    {"obj", get_obj, NULL, "The underlying object."},
    {"nbytes", get_nbytes, NULL, "Size in bytes, as a contiguous copy."},
    {"readonly", get_readonly, NULL, "Whether the memory is read only."},
    {"itemsize", get_itemsize, NULL, "Size of an item in bytes."},
    {"format", get_format, NULL, "Format of an item, in struct module syntax."},
    {"ndim", get_ndim, NULL, "Number of dimensions."},
    {"shape", get_shape, NULL, "Length of each dimension."},
    {"strides", get_strides, NULL, "Bytes between neighbours, for each dimension."},
    {"suboffsets", get_suboffsets, NULL, "Offsets behind pointers, for each dimension."},
    {"c_contiguous", get_c_contiguous, NULL, "Whether the memory is C contiguous."},
    {"f_contiguous", get_f_contiguous, NULL, "Whether the memory is Fortran contiguous."},
    {"contiguous", get_contiguous, NULL, "Whether the memory is contiguous."},
    {0},
};

static const NativeDef view_methods[] = {
    {"__new__(type, object)", view_dunder_new, "Create a memoryview."},
    {"_from_flags(type, /, object, flags)", view_from_flags, "Create a memoryview by buffer flags.", NATIVE_CLASS},
    {"__class_getitem__(type, object, /)", view_class_getitem, "See PEP 585", NATIVE_CLASS},
    {"__repr__(self, /)", view_repr, "Return repr(self)."},
    {"__hash__(self, /)", view_hash, "Return hash(self)."},
    {"__len__(self, /)", view_len, "Return len(self)."},
    {"__iter__(self, /)", view_iter, "Implement iter(self)."},
    {"__getitem__(self, key, /)", view_getitem, "Return self[key]."},
    {"__setitem__(self, key, value, /)", view_setitem, "Set self[key] to value."},
    {"__delitem__(self, key, /)", view_delitem, "Delete self[key]."},
    {"__eq__(self, value, /)", view_eq, "Return self==value."},
    {"__ne__(self, value, /)", view_ne, "Return self!=value."},
    UNORDERED_ROWS,
    {"__buffer__(self, flags, /)", buffer_method_get, "A memoryview of the contents."},
    {"__release_buffer__(self, buffer, /)", buffer_method_release, "Release what __buffer__ returned."},
    {"__enter__(self, /)", view_enter, "The view itself."},
    {"__exit__(self, /, *exc_info)", view_exit, "Release the view."},
    {"release(self, /)", memoryview_release, "Release the underlying buffer."},
    {"tobytes(self, /, order='C')", view_tobytes, "A copy as bytes."},
    {"hex(self, /, sep=<unrepresentable>, bytes_per_sep=1)", view_hex,
     "Hexadecimal digits as a str, with `sep` between groups of `bytes_per_sep` bytes, counted from the end,\n"
     "or from the start where the number is negative.\n\n"
     ">>> view = memoryview(bytes([10, 27, 44]))\n>>> view.hex()\n'0a1b2c'\n>>> view.hex('-')\n'0a-1b-2c'\n"
     ">>> view.hex('-', 2)\n'0a-1b2c'\n>>> view.hex('-', -2)\n'0a1b-2c'"},
    {"tolist(self, /)", view_tolist, "The items as a list, of lists for more dimensions."},
    {"cast(self, /, format, shape=<unrepresentable>)", view_cast, "A view with another format or shape."},
    {"toreadonly(self, /)", view_toreadonly, "A read-only view."},
    {"count(self, value, /)", view_count, "How many items equal value."},
    {"index(self, value, start=0, stop=<sys.maxsize>, /)", view_index, "Index of the first item equal to value."},
    {0},
};

STATIC_TYPE(memoryview_type) = {
    STATIC_TYPE_HEAD(trace_view, NULL),
    .name_text = "memoryview",
    .doc = "A view of the memory of an object that supports the buffer protocol.",
    .methods = view_methods,
    .getset = view_getset,
    .buffer = &view_buffer,
    .flags = TYPE_SEQUENCE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(MemoryViewObject),
};
