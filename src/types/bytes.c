/* The type bytes: construction, items, iteration and its table. Methods: bytes_methods.h.
 *
 * Immutable, characters inline behind the struct, followed by a zero byte. `hash` is -1 until computed (idempotent).
 */
#include "types/iterator.h"
#include "types/bytes.h"

#include "base/hash.h"
#include "base/textbuf.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes_iterator.h"
#include "types/bytes_methods.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/slice.h"
#include "types/tuple.h"

/* The empty bytes object and those of one byte. */
typedef struct StaticBytes {
    alignas(16) Object object; /* these three as in BytesObject */
    int64_t hash;
    size_t length;
    char data[8];
} StaticBytes;
static_assert(offsetof(StaticBytes, data) == offsetof(BytesObject, data));

#define STATIC_BYTES(size, code)                                                                                 \
    {                                                                                                            \
        .object = {.meta = META_IMMORTAL, .type = &bytes_type}, .hash = -1, .length = (size),                    \
        .data = {(char)(code)},                                                                                  \
    }
static StaticBytes empty_static = STATIC_BYTES(0, 0);
#define B1(n) STATIC_BYTES(1, n)
#define B4(n) B1(n), B1(n + 1), B1(n + 2), B1(n + 3)
#define B16(n) B4(n), B4(n + 4), B4(n + 8), B4(n + 12)
#define B64(n) B16(n), B16(n + 16), B16(n + 32), B16(n + 48)
static StaticBytes one_byte[256] = {B64(0), B64(64), B64(128), B64(192)};
#undef B1
#undef B4
#undef B16
#undef B64
#undef STATIC_BYTES

Value empty_bytes = {(uintptr_t)&empty_static};

void bytes_static_set_shape(uint32_t shape) {
    empty_static.object.meta |= shape << META_SHAPE_SHIFT;
    for (int i = 0; i < 256; i++) one_byte[i].object.meta |= shape << META_SHAPE_SHIFT;
}

Value bytes_new(Thread *t, const char *data, size_t length) {
    if (length == 0)
        return empty_bytes;
    if (length == 1 && data)
        return from_object(&one_byte[(uint8_t)*data]);
    if (length > (size_t)INT64_MAX - sizeof(BytesObject))
        return raise_overflow_error(t, "byte string is too large");
    if (length > (size_t)1 << 54)
        return raise_no_memory(t);
    BytesObject *b = heap_allocate_leaf(t, &bytes_type, sizeof *b + length + 1);
    if (!b)
        return NO_VALUE;
    b->hash = -1;
    b->length = length;
    b->data[length] = 0;
    if (data)
        memcpy(b->data, data, length);
    return from_object(b);
}

Value bytes_from_text(Thread *t, const char *text) { return bytes_new(t, text, strlen(text)); }

/* Construction */

static bool add_byte(Thread *t, void *context, Value item) {
    TextBuf *b = context;
    int64_t i;
    Value index = index_of(t, item);
    if (absent(index))
        return false;
    if (!int_to_i64(index, &i) || i < 0 || i > 255) {
        raise_value_error(t, "bytes must be in range(0, 256)");
        return false;
    }
    textbuf_byte(b, (char)i);
    return true;
}

static Value from_iterable(Thread *t, Value source) {
    TextBuf b;
    textbuf_init(&b);
    Value v = NO_VALUE;
    if (iterate(t, source, add_byte, &b))
        v = b.failed ? raise_no_memory(t) : bytes_new(t, b.data, b.size);
    textbuf_free(&b);
    return v;
}

static Value from_buffer(Thread *t, Value source) {
    Buffer b;
    if (is_exactly(source, &bytearray_type))
        source = TRY(bytes_at_once(t, source));
    CHECK(buffer_get(t, source, &b, false));
    Value v = bytes_new(t, NULL, b.length);
    if (present(v))
        buffer_copy_out(&b, as_bytes(v)->data, 'C');
    buffer_release(t, &b);
    return v;
}

/* bytes(source) without an encoding. */
static Value from_object_value(Thread *t, Value source) {
    if (is_exactly(source, &bytes_type))
        return source;
    Value method = is_small_int(source) ? NO_VALUE : type_lookup_special(t, source, names.__bytes__);
    CHECK(!error_pending(t));
    if (present(method)) {
        Value v = TRY(call_0(t, method));
        if (!is_bytes(v))
            return raise_type_error(t, "__bytes__ returned non-bytes (type %T)", v);
        return v;
    }
    if (is_str(source))
        return raise_type_error(t, "string argument without an encoding");
    if (is_int(source) || type_slot(type_of(source), SLOT___index__)) {
        int64_t count;
        if (!index_as_ssize(t, source, &count, false, NULL)) {
            if (!is_int(source) && error_catch(t, &TypeError_type))
                goto not_a_count;
            return NO_VALUE;
        }
        if (count < 0)
            return raise_value_error(t, "negative count");
        if (count == 1)
            return bytes_new(t, "", 1);
        Value zeros = TRY(bytes_new(t, NULL, (size_t)count));
        memset(as_bytes(zeros)->data, 0, (size_t)count);
        return zeros;
    }
not_a_count:
    if (has_buffer(source))
        return from_buffer(t, source);
    if (type_slot(type_of(source), SLOT___iter__) || type_slot(type_of(source), SLOT___getitem__))
        return from_iterable(t, source);
    return raise_type_error(t, "cannot convert '%T' object to bytes", source);
}

/* The value that (source, encoding, errors) stand for; shared with bytearray through text_source(). */
static Value make(Thread *t, Value *args) {
    Value source = args[1];
    for (int i = 2; i <= 3; i++)
        if (present(args[i]) && !is_str(args[i]))
            return raise_type_error(t, "bytes() argument '%s' must be str, not %Y", i == 2 ? "encoding" : "errors", args[i]);
    if (present(args[2]) || present(args[3])) {
        if (absent(source) || !is_str(source))
            return raise_type_error(t, present(args[2]) ? "encoding without a string argument"
                                                        : "errors without a string argument");
        if (absent(args[2]))
            return raise_type_error(t, "string argument without an encoding");
        const char *encoding = str_utf8(t, args[2], NULL);
        const char *errors = present(args[3]) ? str_utf8(t, args[3], NULL) : NULL;
        CHECK(encoding && (errors || absent(args[3])));
        return str_encode(t, source, encoding, errors);
    }
    return absent(source) ? empty_bytes : from_object_value(t, source);
}

static Value bytes_dunder_new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value v = TRY(make(t, args));
    if (type == &bytes_type)
        return v;
    size_t length = as_bytes(v)->length;
    BytesObject *b = type_allocate_sized(t, type, length + 1);
    if (!b)
        return NO_VALUE;
    b->hash = -1;
    b->length = length;
    memcpy(b->data, as_bytes(v)->data, length);
    return from_object(b);
}

/* Operators */

static Value bytes_dunder_repr(Thread *t, Value *args) { return bytes_repr_of(t, bytes_view(args[0]), "", "", true); }
static Value bytes_dunder_len(Thread *t, Value *args) { return small_int((int64_t)as_bytes(args[0])->length); }

static Value bytes_dunder_bytes(Thread *t, Value *args) {
    if (is_exactly(args[0], &bytes_type))
        return args[0];
    return bytes_new(t, as_bytes(args[0])->data, as_bytes(args[0])->length);
}

int64_t bytes_hash(Thread *t, Value v) {
    BytesObject *b = as_bytes(v);
    int64_t hash = load_relaxed(&b->hash);
    if (hash == -1) {
        HashKey key = {t->isolate->hash_secret[0], t->isolate->hash_secret[1]};
        hash = hash_bytes(key, b->data, b->length);
        store_relaxed(&b->hash, hash);
    }
    return hash;
}

static Value bytes_dunder_hash(Thread *t, Value *args) {
    return int_from(t, bytes_hash(t, args[0]));
}

static Value bytes_dunder_add(Thread *t, Value *args) {
    Piece p;
    CHECK(piece_to_concatenate(t, args[0], args[1], &p));
    BytesObject *a = as_bytes(args[0]);
    Value v;
    if (a->length == 0 && is_exactly(args[1], &bytes_type)) {
        v = args[1];
    } else if (p.chars.length == 0 && is_exactly(args[0], &bytes_type)) {
        v = args[0];
    } else {
        v = bytes_new(t, NULL, a->length + p.chars.length);
        if (present(v)) {
            memcpy(as_bytes(v)->data, a->data, a->length);
            memcpy(as_bytes(v)->data + a->length, p.chars.data, p.chars.length);
        }
    }
    piece_release(t, &p);
    return v;
}

static Value bytes_dunder_getitem(Thread *t, Value *args) {
    BytesObject *b = as_bytes(args[0]);
    int64_t length = (int64_t)b->length, i;
    if (is_exactly(args[1], &slice_type)) {
        int64_t start, stop, step, count;
        CHECK(slice_indices(t, args[1], length, &start, &stop, &step, &count));
        if (step == 1 && count == length && is_exactly(args[0], &bytes_type))
            return args[0];
        if (step == 1 || count <= 1)
            return bytes_new(t, b->data + (count ? start : 0), (size_t)count);
        Value v = TRY(bytes_new(t, NULL, (size_t)count));
        char *to = as_bytes(v)->data;
        const char *from = b->data + start;
        if (step == -1)
            for (int64_t k = 0; k < count; k++)
                to[k] = from[-k];
        else
            for (int64_t k = 0; k < count; k++)
                to[k] = from[k * step];
        return v;
    }
    if (!is_int(args[1]) && !type_slot(type_of(args[1]), SLOT___index__))
        return raise_type_error(t, "byte indices must be integers or slices, not %T", args[1]);
    CHECK(index_as_ssize(t, args[1], &i, false, &IndexError_type));
    if (i < 0)
        i += length;
    if (i < 0 || i >= length)
        return raise_index_error(t, "index out of range");
    return small_int((uint8_t)b->data[i]);
}

static Value bytes_dunder_getnewargs(Thread *t, Value *args) {
    return tuple_pack(t, 1, TRY(bytes_new(t, as_bytes(args[0])->data, as_bytes(args[0])->length)));
}

static bool bytes_get_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    if (writable) {
        raise_error(t, &BufferError_type, "Object is not writable.");
        return false;
    }
    buffer_fill(out, self, as_bytes(self)->data, as_bytes(self)->length, true);
    return true;
}
static const BufferProtocol bytes_buffer = {bytes_get_buffer, NULL};

/* Iteration */

static void trace_iterator(Tracer *tracer, Object *o) { trace_value(tracer, ((BytesIterator *)o)->bytes); }

static Value new_iterator(Thread *t, Type *type, Value over) {
    BytesIterator *it = heap_allocate(t, type, sizeof *it);
    if (!it)
        return NO_VALUE;
    it->bytes = over; /* NOBARRIER: no safepoint since the allocation */
    it->owner = t;
    return from_object(it);
}
static Value bytes_dunder_iter(Thread *t, Value *args) { return new_iterator(t, &bytes_iterator_type, args[0]); }
Value bytearray_dunder_iter(Thread *t, Value *args) { return new_iterator(t, &bytearray_iterator_type, args[0]); }

[[gnu::always_inline]] static inline Value step_of(BytesIterator *it) {
    Value bytes = load(&it->bytes), item = NO_VALUE;
    size_t i = load_relaxed(&it->index);
    int byte = absent(bytes)      ? -1
               : !is_bytes(bytes) ? bytearray_byte_at(bytes, i)
               : i < as_bytes(bytes)->length ? (uint8_t)as_bytes(bytes)->data[i] : -1;
    if (byte >= 0) {
        store_relaxed(&it->index, i + 1);
        item = small_int(byte);
    } else {
        store_release(&it->bytes.bits, 0); /* NOBARRIER: stores no reference */
    }
    return item;
}

[[gnu::noinline]] static Value step_shared(Thread *t, BytesIterator *it) {
    step_begin_shared(t, &it->object, &it->owner);
    Value item = step_of(it);
    object_unlock(&it->object);
    return item;
}

static Value next_byte(Thread *t, Value iterator) {
    BytesIterator *it = (BytesIterator *)as_object(iterator);
    return step_is_own(t, &it->owner) ? step_of(it) : step_shared(t, it);
}

static Value iterator_length_hint(Thread *t, Value *args) {
    BytesIterator *it = (BytesIterator *)args[0].bits;
    Value bytes = load(&it->bytes);
    size_t length = present(bytes) ? bytes_view(bytes).length : 0;
    return small_int(length > load_relaxed(&it->index) ? (int64_t)(length - load_relaxed(&it->index)) : 0);
}

static Value iterator_reduce(Thread *t, Value *args) {
    BytesIterator *it = (BytesIterator *)args[0].bits;
    Value iter = TRY(iterator_builtin(t, names.iter)), bytes = load(&it->bytes);
    if (absent(bytes))
        return tuple_pack(t, 2, iter, TRY(tuple_pack(t, 1, empty_tuple)));
    return tuple_pack(t, 3, iter, TRY(tuple_pack(t, 1, bytes)), small_int((int64_t)load_relaxed(&it->index)));
}

static Value iterator_setstate(Thread *t, Value *args) {
    BytesIterator *it = (BytesIterator *)args[0].bits;
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, NULL));
    Value bytes = load(&it->bytes);
    if (present(bytes)) {
        int64_t length = (int64_t)bytes_view(bytes).length;
        store_relaxed(&it->index, (size_t)(index < 0 ? 0 : index > length ? length : index));
    }
    return NONE;
}

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {"__length_hint__(self, /)", iterator_length_hint, "Bytes left."},
    {"__reduce__(self, /)", iterator_reduce, "State for pickling."},
    {"__setstate__(self, object, /)", iterator_setstate, "Set the position."},
    {0},
};

STATIC_TYPE(bytes_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "bytes_iterator",
    .methods = iterator_methods,
    .next = next_byte,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(BytesIterator),
};
STATIC_TYPE(bytearray_iterator_type) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "bytearray_iterator",
    .methods = iterator_methods,
    .next = next_byte,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(BytesIterator),
};

static const NativeDef bytes_methods[] = {
    {"__new__(type, source=<unrepresentable>, encoding=<unrepresentable>, errors=<unrepresentable>)", bytes_dunder_new,
     "Create bytes.", NATIVE_NO_SIGNATURE},
    {"__repr__(self, /)", bytes_dunder_repr, "Return repr(self)."},
    {"__hash__(self, /)", bytes_dunder_hash, "Return hash(self)."},
    {"__len__(self, /)", bytes_dunder_len, "Return len(self)."},
    {"__iter__(self, /)", bytes_dunder_iter, "Implement iter(self)."},
    {"__contains__(self, key, /)", bytes_operator_contains, "Return bool(key in self)."},
    {"__getitem__(self, key, /)", bytes_dunder_getitem, "Return self[key]."},
    {"__add__(self, value, /)", bytes_dunder_add, "Return self+value."},
    {"__mul__(self, value, /)", bytes_operator_mul, "Return self*value."},
    {"__rmul__(self, value, /)", bytes_operator_mul, "Return value*self."},
    {"__mod__(self, value, /)", bytes_operator_mod, "Return self%value."},
    {"__rmod__(self, value, /)", bytes_operator_rmod, "Return value%self."},
    {"__str__(self, /)", bytes_dunder_str, "Return str(self)."},
    {"__eq__(self, value, /)", bytes_operator_eq, "Return self==value."},
    {"__ne__(self, value, /)", bytes_operator_ne, "Return self!=value."},
    {"__lt__(self, value, /)", bytes_operator_lt, "Return self<value."},
    {"__le__(self, value, /)", bytes_operator_le, "Return self<=value."},
    {"__gt__(self, value, /)", bytes_operator_gt, "Return self>value."},
    {"__ge__(self, value, /)", bytes_operator_ge, "Return self>=value."},
    {"__bytes__(self, /)", bytes_dunder_bytes, "Return bytes(self)."},
    {"__buffer__(self, flags, /)", buffer_method_get, "A memoryview of the contents."},
    {"__getnewargs__(self, /)", bytes_dunder_getnewargs, "Arguments of __new__ for pickling."},
    {"fromhex(type, string, /)", bytes_method_fromhex, "Bytes from hexadecimal digits.", NATIVE_CLASS},
    {"maketrans(frm, to, /)", bytes_method_maketrans, "Make a table for translate().", NATIVE_STATIC},
#define M(name, signature, doc) {#name signature, bytes_method_##name, doc},
    BYTES_METHODS(M)
#undef M
    {0},
};

STATIC_TYPE(bytes_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .head.cell_flags = CELL_UNTRACKED,
    .name_text = "bytes",
    .doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
           "bytes(bytes_or_buffer) -> immutable copy\nbytes(int) -> so many zero bytes\nbytes() -> b''",
    .methods = bytes_methods,
    .buffer = &bytes_buffer,
    .flags = TYPE_BASE | TYPE_BYTES | TYPE_MATCH_SELF,
    .instance_size = offsetof(BytesObject, data),
    .item_size = 1,
};
