/* str's memory: construction, ropes, copying and concatenation.
 *
 * Concatenations past ROPE_LENGTH characters make a rope: a node with two halves and no characters. The first
 * use of its characters flattens it into one StrStorage cell, so a loop of `s += x` copies each character a
 * bounded number of times. That holds even if each s is used before it grows: a rope whose left end is the last str in
 * a storage with room takes that storage over. Flattening walks without recursion, however lopsided the tree.
 * A str to which something was added ROPE_STEPS times without a look at it is taken for one that goes on growing: it is flattened
 * into a storage with room, where further additions are written at once. So the nodes of a long loop do not all live.
 *
 * Threads: two threads may flatten the same rope at once; one publishes its storage (compare-exchange on `data`),
 * the other drops its own. See str_layout.h for the order in which the halves are cleared.
 */
#include "types/str/str_layout.h"

#include "base/utf8.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/operators.h"
#include "types/str/unicode.h"

#include <stdlib.h>

enum { ROPE_LENGTH = 1024, ROPE_STEPS = 8 };
static const size_t max_length = (size_t)1 << 54;

static Type str_storage_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL | CELL_UNTRACKED},
    .name_text = "str storage",
};

#define STATIC_STR(object_expr, length, code)                                                                    \
    {                                                                                                            \
        .object = {.meta = META_IMMORTAL | META_FLAG_A, .type = &str_type},                                      \
        .hash = -1,                                                                                              \
        .length_flags = (uint64_t)(length) << STR_LENGTH_SHIFT | 1 | ((code) < 0x80 ? STR_ASCII : 0),            \
        .data = (void *)(object_expr).text, .text = {(code)},                                                    \
    }
static StaticStr empty_static = STATIC_STR(empty_static, 0, 0);
#define L1(n) STATIC_STR(latin1_strings[n], 1, n)
#define L4(n) L1(n), L1(n + 1), L1(n + 2), L1(n + 3)
#define L16(n) L4(n), L4(n + 4), L4(n + 8), L4(n + 12)
#define L64(n) L16(n), L16(n + 16), L16(n + 32), L16(n + 48)
StaticStr latin1_strings[256] = {L64(0), L64(64), L64(128), L64(192)};
#undef L1
#undef L4
#undef L16
#undef L64
#undef STATIC_STR

Value empty_str = {(uintptr_t)&empty_static};

void str_static_set_shape(uint32_t shape) {
    empty_static.object.meta |= shape << META_SHAPE_SHIFT;
    for (int i = 0; i < 256; i++) latin1_strings[i].object.meta |= shape << META_SHAPE_SHIFT;
}

uint32_t chars_max(const void *data, int kind, size_t length) {
    return kind == 1 ? max_char_1(data, length) : kind == 2 ? max_char_2(data, length) : max_char_4(data, length);
}

void chars_copy(void *to, int to_kind, const void *from, int from_kind, size_t length) {
    if (to_kind == from_kind) {
        memcpy(to, from, length * (size_t)to_kind);
        return;
    }
#define COPY(T, F)                                                                                               \
    do {                                                                                                         \
        T *restrict d = to;                                                                                      \
        const F *restrict s = from;                                                                              \
        for (size_t i = 0; i < length; i++) d[i] = (T)s[i];                                                      \
    } while (0)
    if (to_kind == 1 && from_kind == 2)
        COPY(uint8_t, uint16_t);
    else if (to_kind == 1)
        COPY(uint8_t, uint32_t);
    else if (to_kind == 2 && from_kind == 1)
        COPY(uint16_t, uint8_t);
    else if (to_kind == 2)
        COPY(uint16_t, uint32_t);
    else if (from_kind == 1)
        COPY(uint32_t, uint8_t);
    else
        COPY(uint32_t, uint16_t);
#undef COPY
}

void chars_fill(void *to, int kind, uint32_t c, size_t length) {
    if (kind == 1) {
        memset(to, (int)c, length);
        return;
    }
    for (size_t i = 0; i < length; i++) char_put(to, kind, i, c);
}

Value str_new(Thread *t, size_t length, uint32_t max_char, void **data) {
    if (length == 0) {
        *data = empty_static.text;
        return empty_str;
    }
    if (length > max_length)
        return raise_no_memory(t);
    size_t kind = (size_t)kind_for(max_char);
    StrObject *s = heap_allocate_leaf(t, &str_type, sizeof *s + (length + 1) * kind);
    if (!s)
        return NO_VALUE;
    s->hash = -1;
    s->length_flags = length << STR_LENGTH_SHIFT | str_flags_for(max_char);
    s->data = *data = s->inline_start;
    char_put(s->inline_start, (int)kind, length, 0);
    return from_object(s);
}

Value str_from_char(Thread *t, uint32_t c) {
    if (c < 0x100)
        return str_latin1_char(c);
    void *data;
    Value v = TRY(str_new(t, 1, c, &data));
    char_put(data, str_kind(v), 0, c);
    return v;
}

Value str_from_part(Thread *t, Chars c) {
    if (c.length == 1)
        return str_from_char(t, chars_get(&c, 0));
    void *data;
    Value v = TRY(str_new(t, c.length, chars_max(c.data, c.kind, c.length), &data));
    chars_copy(data, str_kind(v), c.data, c.kind, c.length);
    return v;
}

Value str_from_chars(Thread *t, const void *chars, int kind, size_t length) {
    return str_from_part(t, (Chars){chars, length, kind});
}

Value str_from_ascii(Thread *t, const char *text, size_t length) {
    if (length == 1)
        return str_latin1_char((uint8_t)*text);
    void *data;
    Value v = TRY(str_new(t, length, 0x7f, &data));
    copy_bytes(data, text, length);
    return v;
}

Value str_from_text(Thread *t, const char *text) { return str_from_utf8(t, text, strlen(text)); }

Value str_from_utf8(Thread *t, const char *text, size_t length) {
    const uint8_t *s = (const uint8_t *)text;
    if (likely(ascii_prefix(s, length) == length))
        return str_from_ascii(t, text, length);
    Utf8Scan scan = utf8_scan(s, length);
    return likely(scan.valid == length) ? str_from_scanned(t, text, length, &scan) : str_decode(t, text, length, "utf-8", NULL);
}

Value str_from_scanned(Thread *t, const char *text, size_t length, const Utf8Scan *scan) {
    const uint8_t *s = (const uint8_t *)text;
    if (scan->length == 1 && scan->max < 0x100)
        return str_latin1_char(scan->max == 0x7f ? s[0] : (uint32_t)(s[0] & 3) << 6 | (s[1] & 0x3f));
    void *data;
    Value v = TRY(str_new(t, scan->length, scan->max, &data));
    if (str_kind(v) == 1)
        utf8_decode_1(data, s, length);
    else if (str_kind(v) == 2)
        utf8_decode_2(data, s, length);
    else
        utf8_decode_4(data, s, length);
    return v;
}

/* Ropes */

static inline bool rope_halves(StrObject *s, Value *left, Value *right) {
    *left = load(&s->inline_start[0]);
    *right = load(&s->inline_start[1]);
    return present(*left) && present(*right);
}

typedef struct Pending {
    Value node;
    size_t start;
} Pending;

/* Writes the characters of the rope to `to`. False: no memory for the walk. */
static bool rope_write(StrObject *rope, void *to, int kind) {
    Pending fixed[64], *stack = fixed;
    size_t depth = 0, capacity = 64;
    bool ok = true;
    Pending at = {from_object(rope), 0};
    for (;;) {
        StrObject *s = as_str(at.node);
        const void *data = load_acquire(&s->data);
        Value left, right;
        if (!data && !rope_halves(s, &left, &right))
            data = load_acquire(&s->data); /* another thread just flattened it */
        if (data) {
            char *place = (char *)to + at.start * (size_t)kind;
            if (place != data) /* else it is there already: see extend_left_end */
                chars_copy(place, kind, data, str_kind(at.node), str_length(at.node));
            if (depth == 0)
                break;
            at = stack[--depth];
            continue;
        }
        size_t middle = at.start + str_length(left);
        Pending later = {left, at.start};
        at = (Pending){right, middle};
        /* The flat half is next, whichever it is: only trees that are deep on both sides use the stack. */
        if (!load_acquire(&as_str(right)->data) && load_acquire(&as_str(left)->data)) {
            Pending swap = at;
            at = later;
            later = swap;
        }
        if (depth == capacity) {
            Pending *grown = malloc(2 * capacity * sizeof *grown);
            if (!grown) {
                ok = false;
                break;
            }
            memcpy(grown, stack, depth * sizeof *grown);
            if (stack != fixed)
                free(stack);
            stack = grown;
            capacity *= 2;
        }
        stack[depth++] = later;
    }
    if (stack != fixed)
        free(stack);
    return ok;
}

static StrStorage *storage_new(Thread *t, size_t length, size_t capacity, int kind) {
    StrStorage *s = heap_allocate_leaf(t, &str_storage_type, sizeof *s + (capacity + 1) * (size_t)kind);
    if (s) {
        s->used = length;
        s->capacity = capacity;
    }
    return s;
}

static StrStorage *storage_of(Value v) {
    return (StrStorage *)((char *)load_acquire(&as_str(v)->data) - offsetof(StrStorage, chars));
}

bool str_seal(Value v) {
    if (!(as_str(v)->length_flags & STR_EXTERNAL))
        return true;
    size_t length = str_length(v);
    StrStorage *s = storage_of(v);
    size_t used = length;
    if (compare_exchange(&s->used, &used, SIZE_MAX))
        return true;
    return used == SIZE_MAX && str_char(s->chars, str_kind(v), length) == 0; /* nobody writes there any more */
}

/* The storage of the rope's leftmost part, if the rest of the rope may be written behind it: then it is reserved.
 * *grows: the left part came from a storage, as happens when a str is extended again and again. */
static StrStorage *extend_left_end(Value rope, int kind, bool *grows) {
    Value at = rope, left, right;
    *grows = false;
    while (!load_acquire(&as_str(at)->data)) {
        if (!rope_halves(as_str(at), &left, &right))
            return NULL;
        at = left;
    }
    if (!(as_str(at)->length_flags & STR_EXTERNAL) || same(at, rope))
        return NULL;
    *grows = true;
    StrStorage *s = storage_of(at);
    size_t end = str_length(at);
    if (str_kind(at) != kind || s->capacity < str_length(rope) || !compare_exchange(&s->used, &end, str_length(rope)))
        return NULL;
    return s;
}

/* room: for as many characters again, if the storage is new. */
static void *flatten(Thread *t, Value v, bool room) {
    StrObject *s = as_str(v);
    int kind = str_kind(v);
    size_t length = str_length(v);
    bool grows;
    StrStorage *storage = extend_left_end(v, kind, &grows);
    if (!storage && !(storage = storage_new(t, length, grows || room ? 2 * length : length, kind)))
        return NULL;
    if (!rope_write(s, storage->chars, kind)) {
        raise_no_memory(t);
        return NULL;
    }
    char_put(storage->chars, kind, length, 0);
    void *none = NULL;
    mark_published_as(s, storage);
    if (!compare_exchange(&s->data, &none, (void *)storage->chars))
        return none;
    store_moved(s); /* `data` refers to the new cell */
    store_release(&s->inline_start[0].bits, 0);
    store_release(&s->inline_start[1].bits, 0);
    return storage->chars;
}

void *str_flatten(Thread *t, Value v) { return flatten(t, v, false); }

void str_trace(Tracer *tracer, Object *o) {
    StrObject *s = (StrObject *)o;
    if (!(s->length_flags & STR_EXTERNAL))
        return;
    if (s->data)
        trace_object(tracer, (char *)s->data - offsetof(StrStorage, chars));
    if (s->length_flags & STR_ROPE)
        trace_values(tracer, s->inline_start, 2);
}

static uint32_t wider_max_char(Value a, Value b) {
    return str_max_char(a) > str_max_char(b) ? str_max_char(a) : str_max_char(b);
}

static Value rope_new(Thread *t, Value a, Value b, size_t length) {
    StrObject *s = heap_allocate(t, &str_type, sizeof *s + 2 * sizeof(Value));
    if (!s)
        return NO_VALUE;
    s->hash = -1;
    s->length_flags = length << STR_LENGTH_SHIFT | str_flags_for(wider_max_char(a, b)) | STR_ROPE | STR_EXTERNAL;
    s->inline_start[0] = a; /* NOBARRIER: no safepoint since the allocation */
    s->inline_start[1] = b;
    return from_object(s);
}

/* Is it the ROPE_STEPSth rope, at least, each of which begins with the one before? */
static bool rope_grows(Value v) {
    for (int i = 0; i < ROPE_STEPS; i++) {
        StrObject *s = as_str(v);
        Value right;
        if (load_acquire(&s->data) || !rope_halves(s, &v, &right))
            return false;
    }
    return true;
}

/* Writes b behind a, if a is the last str in its storage and there is room. absent without exception: it is not so. */
static Value append_in_place(Thread *t, Value a, Value b, size_t length) {
    const void *from = load_acquire(&as_str(b)->data);
    int kind = str_kind(a);
    size_t end = str_length(a);
    if (!(as_str(a)->length_flags & STR_EXTERNAL) || !load_acquire(&as_str(a)->data) || !from || str_kind(b) > kind)
        return NO_VALUE;
    StrStorage *storage = storage_of(a);
    if (storage->capacity < length || load_relaxed(&storage->used) != end)
        return NO_VALUE;
    StrObject *s = heap_allocate(t, &str_type, sizeof *s);
    if (!s || !compare_exchange(&storage->used, &end, length))
        return NO_VALUE;
    chars_write(storage->chars + end * (size_t)kind, kind, (Chars){from, str_length(b), (size_t)str_kind(b)});
    char_put(storage->chars, kind, length, 0);
    s->hash = -1;
    s->length_flags = length << STR_LENGTH_SHIFT | str_flags_for(wider_max_char(a, b)) | STR_EXTERNAL;
    s->data = storage->chars; /* NOBARRIER: no safepoint since the allocation */
    return from_object(s);
}

/* Of ROPE_LENGTH characters or more. */
static Value concat_long(Thread *t, Value a, Value b, size_t length) {
    if (rope_grows(a) && !flatten(t, a, true))
        return NO_VALUE;
    Value v = append_in_place(t, a, b, length);
    return present(v) || error_pending(t) ? v : rope_new(t, a, b, length);
}

Value str_concat(Thread *t, Value a, Value b) {
    size_t na = str_length(a), nb = str_length(b);
    if (na == 0 && is_exactly(b, &str_type))
        return b;
    if (nb == 0 && is_exactly(a, &str_type))
        return a;
    if (na + nb > max_length)
        return raise_overflow_error(t, "strings are too large to concat");
    if (na + nb >= ROPE_LENGTH)
        return concat_long(t, a, b, na + nb);
    Chars ca, cb;
    if (!chars_of(t, a, &ca) || !chars_of(t, b, &cb))
        return NO_VALUE;
    uint32_t max = wider_max_char(a, b);
    void *data;
    Value v = TRY(str_new(t, na + nb, max, &data));
    int kind = kind_for(max);
    chars_write(chars_write(data, kind, ca), kind, cb);
    return v;
}

Value str_slice(Thread *t, Value v, size_t start, size_t end) {
    size_t length = str_length(v);
    if (end > length)
        end = length;
    if (start >= end)
        return empty_str;
    if (start == 0 && end == length && is_exactly(v, &str_type))
        return v;
    Chars c;
    CHECK(chars_of(t, v, &c));
    if (end - start == 1)
        return str_from_char(t, chars_get(&c, start));
    if (!str_is_ascii(v))
        return str_from_part(t, chars_part(c, start, end));
    return str_from_ascii(t, (const char *)c.data + start, end - start);
}

Value str_exact(Thread *t, Value v) {
    if (is_exactly(v, &str_type))
        return v;
    Chars c;
    CHECK(chars_of(t, v, &c));
    return str_from_part(t, c);
}

Value str_subclass_new(Thread *t, Type *type, Value v) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    StrStorage *storage = storage_new(t, c.length, c.length, c.kind);
    if (!storage)
        return NO_VALUE;
    memcpy(storage->chars, c.data, c.length * (size_t)c.kind);
    StrObject *s = type_allocate(t, type);
    if (!s)
        return NO_VALUE;
    s->hash = -1;
    s->length_flags = (as_str(v)->length_flags & ~(uint64_t)STR_ROPE) | STR_EXTERNAL;
    s->data = storage->chars; /* NOBARRIER: no safepoint since the allocation */
    store_many(s);
    return from_object(s);
}

static bool bound(Thread *t, Value v, int64_t length, bool clamp, int64_t *out) {
    if (absent(v) || is_none(v))
        return true;
    int64_t i;
    if (is_small_int(v)) {
        i = small_int_value(v);
    } else if (!is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "slice indices must be integers or None or have an __index__ method");
        return false;
    } else if (!index_as_ssize(t, v, &i, true, NULL)) {
        return false;
    }
    if (i < 0)
        i = i + length < 0 ? 0 : i + length;
    *out = clamp && i > length ? length : i;
    return true;
}

bool slice_bound(Thread *t, Value v, int64_t length, int64_t *out) { return bound(t, v, length, true, out); }

bool search_bounds_given(Thread *t, Value start, Value end, int64_t length, int64_t *start_out, int64_t *end_out) {
    return bound(t, start, length, false, start_out) && bound(t, end, length, true, end_out);
}

Value str_decode_filesystem(Thread *t, const char *bytes, size_t length) {
    return str_decode(t, bytes, length, "utf-8", "surrogateescape");
}
