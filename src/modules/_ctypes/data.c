/* Instances of C data: their memory, what they keep alive, how one is read from and written to another. See ctypes.h. */
#include "modules/_ctypes/ctypes.h"

#include "modules/os_support.h"
#include "object/audit.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/memoryview.h"

#include <dlfcn.h>
#include <stdio.h>

void cdata_trace(Tracer *tracer, Object *o) {
    CData *d = (CData *)o;
    trace_value(tracer, d->storage);
    trace_value(tracer, d->base);
    trace_value(tracer, d->keep);
}

char *cdata_memory(CData *d) { return load_acquire(&d->pointer); }

/* Memory of its own, zeroed. */
static bool allocate_memory(Thread *t, CData *d, int64_t size) {
    d->owned = true;
    d->size = size;
    if (size <= (int64_t)sizeof d->inline_memory) {
        d->pointer = d->inline_memory;
        return true;
    }
    Value storage = bytes_new(t, NULL, (size_t)size);
    if (absent(storage))
        return false;
    memset(as_bytes(storage)->data, 0, (size_t)size);
    store(d, &d->storage, storage);
    d->pointer = as_bytes(storage)->data;
    return true;
}

static CData *allocate(Thread *t, Value type) {
    CInfo *info = c_info(type);
    if (!info) {
        raise_type_error(t, "abstract class");
        return NULL;
    }
    info->final = true;
    CData *d = type_allocate(t, as_type(type));
    if (d) {
        d->length = info->length;
        d->size = info->size;
    }
    return d;
}

Value cdata_new(Thread *t, Value type) {
    CData *d = allocate(t, type);
    return d && allocate_memory(t, d, d->size) ? from_object(d) : NO_VALUE;
}

Value cdata_new_method(Thread *t, Value *args) { return cdata_new(t, args[0]); }

Value cdata_at(Thread *t, Value type, void *address) {
    CHECK(audit(t, "ctypes.cdata", 1, type));
    CData *d = allocate(t, type);
    CHECK(d);
    d->pointer = address;
    return from_object(d);
}

Value cdata_part(Thread *t, Value type, Value base, int64_t index, char *address) {
    CData *d = allocate(t, type);
    CHECK(d);
    d->index = index;
    if (present(base)) {
        store(d, &d->base, base);
        d->pointer = address;
        return from_object(d);
    }
    CHECK(allocate_memory(t, d, d->size));
    memcpy(d->pointer, address, (size_t)d->size);
    return from_object(d);
}

/* ---- what is kept alive ---- */

static CData *container_of(Thread *t, Value v) {
    CData *d = as_cdata(v);
    for (Value base = load(&d->base); present(base); base = load(&d->base)) d = as_cdata(base);
    if (absent(load(&d->keep))) {
        Value keep = d->length ? dict_new(t) : NONE;
        if (absent(keep))
            return NULL;
        store(d, &d->keep, keep);
    }
    return d;
}

Value cdata_kept(Thread *t, Value instance) {
    CData *d = container_of(t, instance);
    return d ? load(&d->keep) : NO_VALUE;
}

/* Where in its container: the indexes on the way, outermost last. */
static Value unique_key(Thread *t, CData *target, int64_t index) {
    char key[256];
    int length = snprintf(key, sizeof key, "%x", (unsigned)index);
    for (; present(load(&target->base)); target = as_cdata(load(&target->base))) {
        if (length > (int)sizeof key - 12)
            return raise_value_error(t, "ctypes object structure too deep");
        length += snprintf(key + length, sizeof key - (size_t)length, ":%x", (unsigned)target->index);
    }
    return str_from_ascii(t, key, (size_t)length);
}

bool cdata_keep(Thread *t, Value target, int64_t index, Value keep) {
    if (is_none(keep))
        return true;
    CData *container = container_of(t, target);
    if (!container)
        return false;
    Value kept = load(&container->keep);
    if (!is_dict(kept)) {
        store(container, &container->keep, keep);
        return true;
    }
    Value key = unique_key(t, as_cdata(target), index);
    return present(key) && dict_set(t, kept, key, keep);
}

/* ---- elements ---- */

Value cdata_get(Thread *t, Value type, Value base, int64_t index, char *address) {
    CInfo *info = c_info(type);
    if (info && info->kind == C_SIMPLE && !c_is_derived_simple(type))
        return c_code_get(t, info, address);
    return cdata_part(t, type, base, index, address);
}

static Value incompatible(Thread *t, Value type, Value value) {
    return raise_type_error(t, "incompatible types, %T instance instead of %N instance", value, as_type(type));
}

static Value set_element(Thread *t, Value type, Value value, char *address);

static Value set_from_python(Thread *t, Value type, CInfo *info, Value value, char *address) {
    if (info && info->kind == C_SIMPLE)
        return c_code_set(t, info, address, value);
    if (is_tuple(value)) {
        Value made = call_tuple(t, type, value, NO_VALUE);
        if (absent(made)) {
            c_extend_error(t, &RuntimeError_type, "(%N) ", as_type(type));
            return NO_VALUE;
        }
        return set_element(t, type, made, address);
    }
    if (is_none(value) && info && info->kind == C_POINTER) {
        memset(address, 0, sizeof(void *));
        return NONE;
    }
    return raise_type_error(t, "expected %N instance, got %T", as_type(type), value);
}

/* Writes the value and returns what must be kept for it. */
static Value set_element(Thread *t, Value type, Value value, char *address) {
    CInfo *info = c_info(type);
    if (!is_cdata(value))
        return set_from_python(t, type, info, value, address);
    int same_type = is_instance(t, value, type);
    CHECK(same_type >= 0);
    if (same_type) {
        memmove(address, cdata_memory(as_cdata(value)), (size_t)info->size);
        return cdata_kept(t, value);
    }
    CInfo *given = c_info_of(value);
    if (!info || info->kind != C_POINTER || !given || given->kind != C_ARRAY)
        return incompatible(t, type, value);
    if (!same(given->proto, info->proto))
        return incompatible(t, type, value);
    char *memory = cdata_memory(as_cdata(value));
    memcpy(address, &memory, sizeof memory);
    return tuple_pack(t, 2, TRY(cdata_kept(t, value)), value);
}

bool cdata_set(Thread *t, Value base, Value type, Value value, int64_t index, char *address) {
    Value keep = set_element(t, type, value, address);
    return present(keep) && cdata_keep(t, base, index, keep);
}

/* ---- methods of all instances ---- */

static Value get_base(Thread *t, Value *args) {
    Value base = load(&as_cdata(args[0])->base);
    return present(base) ? base : NONE;
}
static Value get_needs_free(Thread *t, Value *args) { return small_int(as_cdata(args[0])->owned); }
static Value get_objects(Thread *t, Value *args) {
    Value keep = load(&as_cdata(args[0])->keep);
    return present(keep) ? keep : NONE;
}

static Value no_hash(Thread *t, Value *args) { return raise_type_error(t, "unhashable type"); }

static bool holds_pointers(CInfo *info) { return info && (info->is_pointer || info->has_pointer); }

static Value reduce(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    if (holds_pointers(c_info_of(args[0])))
        return raise_value_error(t, "ctypes objects containing pointers cannot be pickled");
    Value dict = find_attribute(t, args[0], names.__dict__);
    CHECK(present(dict) || !error_pending(t));
    Value bytes = TRY(bytes_new(t, cdata_memory(d), (size_t)d->size));
    Value state = TRY(tuple_pack(t, 2, present(dict) ? dict : TRY(dict_new(t)), bytes));
    Value arguments = TRY(tuple_pack(t, 2, from_object(type_of(args[0])), state));
    return tuple_pack(t, 2, ctypes_state(t, CTYPES_UNPICKLE), arguments);
}

static Value set_state(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    if (!is_dict(args[1]))
        return raise_type_error(t, "argument 1 must be dict, not %T", args[1]);
    if (!is_bytes(args[2]))
        return raise_type_error(t, "a bytes-like object is required, not '%T'", args[2]);
    size_t size = as_bytes(args[2])->length;
    memmove(cdata_memory(d), as_bytes(args[2])->data, size < (size_t)d->size ? size : (size_t)d->size);
    Value dict = find_attribute(t, args[0], names.__dict__);
    CHECK(present(dict) || !error_pending(t));
    if (present(dict))
        CHECK(dict_update(t, dict, args[1]));
    return NONE;
}

static Value from_outparam(Thread *t, Value *args) { return args[0]; }

static bool get_buffer(Thread *t, Value self, Buffer *out, bool writable) {
    CData *d = as_cdata(self);
    CInfo *info = c_info_of(self), *item = info;
    buffer_fill(out, self, cdata_memory(d), (size_t)d->size, false);
    while (item && item->kind == C_ARRAY) item = c_info(item->proto);
    if (!info || !item)
        return true;
    out->format = info->format ? info->format : "B";
    out->item_size = (size_t)item->size;
    out->dimensions = info->dimensions;
    out->shape = info->shape;
    out->strides = info->shape ? info->shape + info->dimensions : NULL;
    return true;
}

const BufferProtocol cdata_buffer = {get_buffer, NULL};

static const NativeDef cdata_methods[] = {
    {"__hash__(self, /)", no_hash, "Return hash(self)."},
    {"__ctypes_from_outparam__(self, /)", from_outparam, "default __ctypes_from_outparam__ method returns self."},
    {"__reduce__(self, /)", reduce, NULL},
    {"__setstate__(self, dict, data, /)", set_state, NULL},
    {"__buffer__(self, flags, /)", buffer_method_get, "Return a buffer object that exposes the underlying memory of the object."},
    {"__release_buffer__(self, buffer, /)", buffer_method_release, "Release the buffer object that exposes the underlying memory of the object."},
    {NULL},
};

static const GetSetDef cdata_getset[] = {
    {"_b_base_", get_base, NULL, "the base object"},
    {"_b_needsfree_", get_needs_free, NULL, "whether the object owns the memory or not"},
    {"_objects", get_objects, NULL, "internal objects tree (NEVER CHANGE THIS OBJECT!)"},
    {NULL},
};

MODULE_TYPE(cdata_type, _ctypes) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &ctype_metatype}, .trace = cdata_trace},
    .name_text = "_ctypes._CData",
    .doc = "Base of all objects that hold memory in the layout of a C type.",
    .methods = cdata_methods,
    .getset = cdata_getset,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_NO_NEW | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CData),
};

/* ---- methods of all classes ---- */

static Value from_address(Thread *t, Value *args) {
    if (!is_int(args[1]))
        return raise_type_error(t, "integer expected");
    return cdata_at(t, args[0], (void *)int_mask_u64(args[1]));
}

static bool check_range(Thread *t, CInfo *info, size_t length, int64_t offset) {
    if (offset < 0)
        raise_value_error(t, "offset cannot be negative");
    else if (info->size > (int64_t)length - offset)
        raise_value_error(t, "Buffer size too small (%zd instead of at least %zd bytes)", (ssize_t)length, (ssize_t)(info->size + offset));
    return !error_pending(t);
}

static Value from_buffer(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    int64_t offset;
    CHECK(index_as_ssize(t, args[2], &offset, false, NULL));
    if (!info)
        return raise_type_error(t, "abstract class");
    Value view = TRY(memoryview_from_object(t, args[1]));
    MemoryViewObject *m = as_memoryview(view);
    if (m->read_only)
        return raise_type_error(t, "underlying buffer is not writable");
    if (!memoryview_is_contiguous(m, 'C'))
        return raise_type_error(t, "underlying buffer is not C contiguous");
    CHECK(check_range(t, info, m->length, offset));
    CHECK(audit(t, "ctypes.cdata/buffer", 3, TRY(int_from_unsigned(t, (uintptr_t)m->data)), int_from(t, (int64_t)m->length), int_from(t, offset)));
    Value v = TRY(cdata_at(t, args[0], m->data + offset));
    CHECK(cdata_keep(t, v, -1, view));
    return v;
}

static Value from_buffer_copy(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    int64_t offset;
    Buffer b;
    CHECK(index_as_ssize(t, args[2], &offset, false, NULL));
    if (!info)
        return raise_type_error(t, "abstract class");
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Value v = NO_VALUE;
    if (check_range(t, info, b.length, offset) &&
        audit(t, "ctypes.cdata/buffer", 3, int_from_unsigned(t, (uintptr_t)b.data), int_from(t, (int64_t)b.length), int_from(t, offset)))
        v = cdata_new(t, args[0]);
    if (present(v))
        memcpy(cdata_memory(as_cdata(v)), b.data + offset, (size_t)info->size);
    buffer_release(t, &b);
    return v;
}

static Value in_dll(Thread *t, Value *args) {
    if (!is_str(args[2]))
        return raise_type_error(t, "in_dll() argument 2 must be str, not %Y", args[2]);
    CHECK(audit(t, "ctypes.dlsym", 2, args[1], args[2]));
    Value handle = TRY(get_attribute_text(t, args[1], "_handle"));
    if (!is_int(handle))
        return raise_type_error(t, "the _handle attribute of the second argument must be an integer");
    const char *name = str_utf8(t, args[2], NULL);
    CHECK(name);
    dlerror();
    void *address = os_dlsym(capabilities(t), (void *)int_mask_u64(handle), name);
    const char *error = address ? NULL : dlerror();
    if (!address)
        return error ? raise_value_error(t, "%s", error) : raise_value_error(t, "symbol '%S' not found", args[2]);
    return cdata_at(t, args[0], address);
}

static Value multiply(Thread *t, Value *args) {
    if (!is_int(args[1]) && !type_slot(type_of(args[1]), SLOT___index__))
        return raise_type_error(t, "can't multiply sequence by non-int of type '%T'", args[1]);
    return c_array_type(t, args[0], TRY(index_of(t, args[1])));
}

const NativeDef ctype_methods[] = {
    {"from_param(self, value, /)", c_from_param, "Convert a Python object into a function call parameter."},
    {"from_address(self, value, /)", from_address, "C.from_address(integer) -> C instance\n\nAccess a C instance at the specified address."},
    {"from_buffer(self, obj, offset=0, /)", from_buffer,
     "C.from_buffer(object, offset=0, /) -> C instance\n\nCreate a C instance from a writeable buffer."},
    {"from_buffer_copy(self, buffer, offset=0, /)", from_buffer_copy,
     "C.from_buffer_copy(object, offset=0, /) -> C instance\n\nCreate a C instance from a readable buffer."},
    {"in_dll(self, dll, name, /)", in_dll, "C.in_dll(dll, name) -> C instance\n\nAccess a C instance in a dll."},
    {"__mul__(self, value, /)", multiply, "Return self*value."},
    {"__rmul__(self, value, /)", multiply, "Return value*self."},
    {NULL},
};
