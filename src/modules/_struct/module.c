/* _struct: the type Struct, the iterator of iter_unpack, and the functions, which cache compiled formats.
 *
 * Threads: the cache is a dict, cleared when it is full.
 */
#include "modules/_struct/struct.h"
#include "object/owned_lock.h"
#include "object/errors.h"

#include "object/operators.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/memoryview.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

extern Type struct_type, unpack_iterator_type;
enum { CACHE_SIZE = 100 };

Value struct_error_class(Thread *t) { return tuple_get(t->isolate->slots[ISOLATE_STRUCT], 0); }
static Value cache(Thread *t) { return tuple_get(t->isolate->slots[ISOLATE_STRUCT], 1); }

static void trace_format(Tracer *tracer, Object *o) { trace_value(tracer, ((StructFormat *)o)->format); }
static void release_format(Object *o) {
    free(((StructFormat *)o)->items);
    ((StructFormat *)o)->items = NULL;
}
static Type struct_format_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .trace = trace_format, .release = release_format, .cell_flags = CELL_INTERNAL},
    .name_text = "_struct format",
};

static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((StructObject *)o)->compiled); }

static Value struct_new(Thread *t, Value *args) {
    StructObject *s = type_allocate(t, as_type(args[0]));
    return s ? from_object(s) : NO_VALUE;
}

static StructFormat *compile_format(Thread *t, Value format) {
    if (is_bytes(format))
        format = str_decode(t, as_bytes(format)->data, as_bytes(format)->length, "ascii", NULL);
    else if (!is_str(format))
        format = raise_type_error(t, "Struct() argument 1 must be a str or bytes object, not %T", format);
    Value text = absent(format) ? NO_VALUE : str_encode(t, format, "ascii", NULL);
    if (absent(text))
        return NULL;
    if (strlen(as_bytes(text)->data) != as_bytes(text)->length) {
        struct_error(t, "embedded null character");
        return NULL;
    }
    StructFormat *s = heap_allocate_finalizable(t, &struct_format_type, sizeof *s);
    if (!s || !struct_compile(t, s, as_bytes(text)->data))
        return NULL;
    keep_alive(as_object(text));
    store(s, &s->format, format);
    return s;
}

static Value initialise(Thread *t, Value self, Value format) {
    StructFormat *s = compile_format(t, format);
    CHECK(s != NULL);
    store(as_object(self), &((StructObject *)self.bits)->compiled, from_object(s));
    return NONE;
}
static Value struct_init(Thread *t, Value *args) { return initialise(t, args[0], args[1]); }

static bool check_ready(Thread *t, Value self) {
    if (struct_format(self))
        return true;
    raise_error(t, &RuntimeError_type, "Struct object is not initialized");
    return false;
}

static Value compiled(Thread *t, Value format) {
    /* Bytes stand in a tuple: under -b they must not be compared with text. */
    Value key = is_bytes(format) ? TRY(tuple_pack(t, 1, format)) : format;
    Value found = is_str(format) || is_bytes(format) ? dict_get(t, cache(t), key) : NO_VALUE;
    if (present(found))
        return found;
    CHECK(!error_pending(t));
    StructObject *s = type_allocate(t, &struct_type);
    if (s == NULL)
        return NO_VALUE;
    TRY(initialise(t, from_object(s), format));
    if (dict_length(cache(t)) >= CACHE_SIZE)
        dict_clear(t, cache(t));
    CHECK(dict_set(t, cache(t), key, from_object(s)));
    return from_object(s);
}

/* Packing */

static bool pack_to(Thread *t, const StructFormat *s, char *to, const Value *values) {
    for (size_t i = 0; i < s->item_count; i++) {
        const StructItem *item = &s->items[i];
        if (!struct_pack_item(t, s, item, to, values))
            return false;
        values += struct_values_of(item);
    }
    return true;
}

static Value pack_values(Thread *t, Value self, Value tuple, size_t from) {
    StructFormat *s = struct_format(self);
    size_t given = tuple_length(tuple) - from;
    if (given != s->values)
        return struct_error(t, "pack expected %zu items for packing (got %zu)", s->values, given);
    Value result = TRY(bytes_new(t, NULL, s->size));
    memset(as_bytes(result)->data, 0, s->size);
    CHECK(pack_to(t, s, as_bytes(result)->data, as_tuple(tuple)->items + from));
    keep_alive(as_object(tuple));
    return result;
}

/* arguments[from...]: buffer, offset, values */
static Value pack_into_values(Thread *t, Value self, Value arguments, size_t from) {
    StructFormat *s = struct_format(self);
    size_t given = tuple_length(arguments) - from;
    int64_t offset;
    if (given == 0)
        return struct_error(t, "pack_into expected buffer argument");
    if (given == 1)
        return struct_error(t, "pack_into expected offset argument");
    if (given - 2 != s->values)
        return struct_error(t, "pack_into expected %zu items for packing (got %zu)", s->values, given - 2);
    Value target = tuple_get(arguments, from);
    Buffer b;
    if (!has_buffer(target) || !buffer_get_contiguous(t, target, &b, true)) {
        error_clear(t);
        return raise_type_error(t, "argument must be read-write bytes-like object, not %T", target);
    }
    Value v = NO_VALUE;
    if (!index_as_ssize(t, tuple_get(arguments, from + 1), &offset, false, &IndexError_type))
        goto done;
    if (offset < 0) {
        if (offset + (int64_t)s->size > 0) {
            struct_error(t, "no space to pack %zu bytes at offset %lld", s->size, (long long)offset);
            goto done;
        }
        if (offset + (int64_t)b.length < 0) {
            struct_error(t, "offset %lld out of range for %zu-byte buffer", (long long)offset, b.length);
            goto done;
        }
        offset += (int64_t)b.length;
    }
    if ((int64_t)b.length - offset < (int64_t)s->size) {
        struct_error(t,
                     "pack_into requires a buffer of at least %zu bytes for packing %zu bytes at offset %zu (actual "
                     "buffer size is %zu)",
                     s->size + (size_t)offset, s->size, (size_t)offset, b.length);
        goto done;
    }
    memset(b.data + offset, 0, s->size);
    if (pack_to(t, s, b.data + offset, as_tuple(arguments)->items + from + 2))
        v = NONE;
done:
    buffer_release(t, &b);
    return v;
}

/* Unpacking */

static Value unpack_from_memory(Thread *t, const StructFormat *s, const char *from) {
    Value result = TRY(tuple_new(t, s->values));
    size_t n = 0;
    for (size_t i = 0; i < s->item_count; i++) {
        const StructItem *item = &s->items[i];
        CHECK(struct_unpack_item(t, s, item, from, result, n));
        n += struct_values_of(item);
    }
    return result;
}

static Value unpack_buffer(Thread *t, Value self, Value source) {
    StructFormat *s = struct_format(self);
    Buffer b;
    CHECK(buffer_get_contiguous(t, source, &b, false));
    Value v = b.length == s->size ? unpack_from_memory(t, s, b.data)
                                  : struct_error(t, "unpack requires a buffer of %zu bytes", s->size);
    buffer_release(t, &b);
    return v;
}

static Value unpack_at(Thread *t, Value self, Value source, Value offset_value) {
    StructFormat *s = struct_format(self);
    Buffer b;
    int64_t offset;
    CHECK(index_as_ssize(t, offset_value, &offset, false, NULL));
    CHECK(buffer_get_contiguous(t, source, &b, false));
    Value v = NO_VALUE;
    int64_t length = (int64_t)b.length, size = (int64_t)s->size;
    if (offset < 0 && offset + size > 0)
        struct_error(t, "not enough data to unpack %zu bytes at offset %lld", s->size, (long long)offset);
    else if (offset < 0 && offset + length < 0)
        struct_error(t, "offset %lld out of range for %zu-byte buffer", (long long)offset, b.length);
    else {
        if (offset < 0)
            offset += length;
        if (length - offset < size)
            struct_error(t,
                         "unpack_from requires a buffer of at least %zu bytes for unpacking %zu bytes at offset %zu "
                         "(actual buffer size is %zu)",
                         s->size + (size_t)offset, s->size, (size_t)offset, b.length);
        else
            v = unpack_from_memory(t, s, b.data + offset);
    }
    buffer_release(t, &b);
    return v;
}

/* iter_unpack */

typedef struct UnpackIterator {
    Object object;
    Value format, source; /* a StructFormat; a memoryview, which gives the export back when it is found dead; absent at the end */
    Buffer buffer;
    size_t position;
    OwnedLock lock; /* around each step */
} UnpackIterator;

static UnpackIterator *as_iterator(Value v) { return (UnpackIterator *)v.bits; }
static void trace_iterator(Tracer *tracer, Object *o) {
    UnpackIterator *i = (UnpackIterator *)o;
    trace_values(tracer, &i->format, 2);
    trace_value(tracer, i->buffer.owner);
}

static void release_source(Thread *t, UnpackIterator *i, Value source) {
    buffer_release(t, &i->buffer);
    if (absent(memoryview_release(t, (Value[]){NO_VALUE, source} + 1)))
        error_clear(t);
}

static Value iter_unpack_of(Thread *t, Value self, Value source) {
    StructFormat *s = struct_format(self);
    if (s->size == 0)
        return struct_error(t, "cannot iteratively unpack with a struct of length 0");
    UnpackIterator *i = heap_allocate(t, &unpack_iterator_type, sizeof(UnpackIterator));
    if (i == NULL)
        return NO_VALUE;
    CHECK(has_buffer(source) || buffer_get(t, source, &i->buffer, false)); /* its words for what has no buffer */
    source = TRY(memoryview_from_object(t, source));
    CHECK(buffer_get_contiguous(t, source, &i->buffer, false));
    store_many(i);
    if (i->buffer.length % s->size) {
        release_source(t, i, source);
        return struct_error(t, "iterative unpacking requires a buffer of a multiple of %zu bytes", s->size);
    }
    store(i, &i->format, from_object(s));
    store(i, &i->source, source);
    return from_object(i);
}

static Value iterator_step(Thread *t, UnpackIterator *i) {
    StructFormat *s = (StructFormat *)i->format.bits;
    Value source = load(&i->source);
    size_t at = i->position;
    if (absent(source))
        return NO_VALUE;
    if (at >= i->buffer.length) {
        store(i, &i->source, NO_VALUE);
        release_source(t, i, source);
        return NO_VALUE;
    }
    store_relaxed(&i->position, at + s->size);
    return unpack_from_memory(t, s, i->buffer.data + at);
}

static Value iterator_next_(Thread *t, Value self) {
    UnpackIterator *i = as_iterator(self);
    OwnedLock *lock = step_enter(t, i, &i->lock);
    Value v = iterator_step(t, i);
    step_leave(lock);
    return v;
}
static Value iterator_self(Thread *t, Value *args) { return args[0]; }
static Value iterator_hint(Thread *t, Value *args) {
    UnpackIterator *i = as_iterator(args[0]);
    if (absent(load(&i->source)))
        return small_int(0);
    return small_int((int64_t)((i->buffer.length - load_relaxed(&i->position)) / ((StructFormat *)i->format.bits)->size));
}

static const NativeDef iterator_methods[] = {
    {"__iter__(self, /)", iterator_self, NULL},
    {"__length_hint__(self, /)", iterator_hint, NULL},
    {NULL, NULL, NULL, 0},
};
MODULE_TYPE(unpack_iterator_type, _struct) = {
    STATIC_TYPE_HEAD(trace_iterator, NULL),
    .name_text = "_struct.unpack_iterator",
    .base_static = &object_type,
    .methods = iterator_methods,
    .next = iterator_next_,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(UnpackIterator),
};

/* Struct */

static Value method_pack(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    return pack_values(t, args[0], args[1], 0);
}
static Value method_pack_into(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    return pack_into_values(t, args[0], args[1], 0);
}
static Value method_unpack(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    return unpack_buffer(t, args[0], args[1]);
}
static Value method_unpack_from(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    return unpack_at(t, args[0], args[1], args[2]);
}
static Value method_iter_unpack(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    return iter_unpack_of(t, args[0], args[1]);
}
static Value method_sizeof(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    StructFormat *s = struct_format(args[0]);
    size_t size = heap_cell_size(as_object(args[0])) + heap_cell_size(&s->object) + s->item_count * sizeof(StructItem);
    return small_int((int64_t)size);
}
static Value method_repr(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    Value name = TRY(get_attribute(t, from_object(type_of(args[0])), names.__name__));
    return format_text(t, "%S(%R)", name, struct_format(args[0])->format);
}
static Value get_size(Thread *t, Value *args) {
    StructFormat *s = struct_format(args[0]);
    return s ? int_from(t, (int64_t)s->size) : small_int(-1);
}
static Value get_format(Thread *t, Value *args) {
    CHECK(check_ready(t, args[0]));
    return struct_format(args[0])->format;
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", struct_new, NULL},
    {"__init__(self, format)", struct_init, NULL, NATIVE_NO_SIGNATURE},
    GETATTRIBUTE_ROW,
    SETATTR_ROWS,
    {"__repr__(self, /)", method_repr, NULL},
    {"pack(self, /, *values)", method_pack, "The values as bytes.", NATIVE_NO_SIGNATURE | NATIVE_BORROWS_STAR},
    {"pack_into(self, /, *arguments)", method_pack_into, "pack_into(buffer, offset, *values)\nPacks into a buffer.",
     NATIVE_NO_SIGNATURE},
    {"unpack(self, buffer, /)", method_unpack, "The values in a buffer of exactly the right size, as a tuple."},
    {"unpack_from(self, /, buffer, offset=0)", method_unpack_from, "The values at an offset in a buffer."},
    {"iter_unpack(self, buffer, /)", method_iter_unpack, "An iterator over the tuples in a buffer."},
    {"__sizeof__(self, /)", method_sizeof, "S.__sizeof__() -> size of S in memory, in bytes"},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"format", get_format, NULL, "struct format string"},
    {"size", get_size, NULL, "struct size in bytes"},
    {NULL, NULL, NULL, NULL},
};
MODULE_TYPE(struct_type, _struct) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_struct.Struct",
    .doc = "A compiled format.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(StructObject),
};

/* Functions */

static Value first_format(Thread *t, Value arguments) {
    if (tuple_length(arguments) == 0)
        return raise_type_error(t, "missing format argument");
    return compiled(t, tuple_get(arguments, 0));
}
static Value pack_(Thread *t, Value *args) {
    Value s = TRY(first_format(t, args[0]));
    return pack_values(t, s, args[0], 1);
}
static Value pack_into_(Thread *t, Value *args) {
    Value s = TRY(first_format(t, args[0]));
    return pack_into_values(t, s, args[0], 1);
}
static Value unpack_(Thread *t, Value *args) {
    Value s = TRY(compiled(t, args[0]));
    return unpack_buffer(t, s, args[1]);
}
static Value unpack_from_(Thread *t, Value *args) {
    Value s = TRY(compiled(t, args[0]));
    return unpack_at(t, s, args[1], args[2]);
}
static Value iter_unpack_(Thread *t, Value *args) {
    Value s = TRY(compiled(t, args[0]));
    return iter_unpack_of(t, s, args[1]);
}
static Value calcsize_(Thread *t, Value *args) {
    Value s = TRY(compiled(t, args[0]));
    return int_from(t, (int64_t)struct_format(s)->size);
}
static Value clear_cache(Thread *t, Value *args) {
    dict_clear(t, cache(t));
    return NONE;
}

static const NativeDef functions[] = {
    {"pack(*arguments)", pack_, "pack(format, *values)\nThe values as bytes.",
     NATIVE_NO_SIGNATURE | NATIVE_BORROWS_STAR},
    {"pack_into(*arguments)", pack_into_, "pack_into(format, buffer, offset, *values)\nPacks into a buffer.",
     NATIVE_NO_SIGNATURE},
    {"unpack(format, buffer, /)", unpack_, "The values in a buffer of exactly the right size, as a tuple."},
    {"unpack_from(format, /, buffer, offset=0)", unpack_from_, "The values at an offset in a buffer."},
    {"iter_unpack(format, buffer, /)", iter_unpack_, "An iterator over the tuples in a buffer."},
    {"calcsize(format, /)", calcsize_, "The size of what a format describes, in bytes."},
    {"_clearcache()", clear_cache, "Forgets compiled formats."},
    {NULL, NULL, NULL, 0},
};

static Value make_error_class(Thread *t) {
    Value name = TRY(str_intern_text(t, "error")), module = TRY(str_intern_text(t, "struct"));
    Value bases = TRY(tuple_pack(t, 1, from_object(&Exception_type))), namespace = TRY(dict_new(t));
    CHECK(dict_set(t, namespace, names.__module__, module));
    return type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
}

static bool init(Thread *t, Value module) {
    if (absent(t->isolate->slots[ISOLATE_STRUCT])) { /* a second module object shares the first one's state */
        Value error = make_error_class(t), formats = absent(error) ? error : dict_new(t);
        Value state = absent(formats) ? formats : tuple_pack(t, 2, error, formats);
        if (absent(state))
            return false;
        isolate_keep(t, ISOLATE_STRUCT, state);
    }
    return module_add(t, module, "error", struct_error_class(t)) && module_add_type(t, module, &struct_type);
}

NATIVE_MODULE(_struct) = {
    .name = "_struct",
    .doc = "Values of C as bytes: the native part of struct.",
    .functions = functions,
    .init = init,
};
