/* The classes of C data: simple values, arrays and pointers. See ctypes.h. */
#include "modules/_ctypes/ctypes.h"

#include "object/buffer.h"
#include "types/bytes.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/slice.h"

#include <stdio.h>
#include <wchar.h>

#define CDATA_HEAD(metatype) {.object = {.meta = META_IMMORTAL, .type = &metatype}, .trace = cdata_trace}
#define NEW_ROW {"__new__(type, /, *args, **kwargs)", cdata_new_method, "Create and return a new object.  See help(type) for accurate signature."}
#define INIT_DOC "Initialize self.  See help(type(self)) for accurate signature."

/* ---- simple values ---- */

static Value get_value(Thread *t, Value *args) { return c_code_get(t, c_info_of(args[0]), cdata_memory(as_cdata(args[0]))); }

static Value set_value(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "can't delete attribute");
    Value keep = TRY(c_code_set(t, c_info_of(args[0]), cdata_memory(as_cdata(args[0])), args[1]));
    CHECK(cdata_keep(t, args[0], 0, keep));
    return NONE;
}

static Value simple_init_method(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count > 1)
        return raise_type_error(t, "__init__ expected at most 1 argument, got %zd", (ssize_t)count);
    if (count == 0)
        return NONE;
    Value set[] = {args[0], tuple_get(args[1], 0)};
    return set_value(t, set);
}

static Value simple_bool(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    const char *memory = cdata_memory(d);
    for (int64_t i = 0; i < d->size; i++)
        if (memory[i])
            return TRUE;
    return FALSE;
}

static Value simple_repr(Thread *t, Value *args) {
    Type *type = type_of(args[0]);
    char address[24];
    snprintf(address, sizeof address, "%p", (void *)args[0].bits);
    if (type->base != &simple_type)
        return format_text(t, "<%N object at %s>", type, address);
    return format_text(t, "%N(%R)", type, TRY(get_value(t, args)));
}

static Value simple_from_outparam(Thread *t, Value *args) {
    return c_is_derived_simple(from_object(type_of(args[0]))) ? args[0] : get_value(t, args);
}

static const NativeDef simple_rows[] = {
    NEW_ROW,
    {"__init__(self, /, *args, **kwargs)", simple_init_method, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"__ctypes_from_outparam__(self, /)", simple_from_outparam, NULL},
    {"__bool__(self, /)", simple_bool, "True if self else False"},
    {"__repr__(self, /)", simple_repr, "Return repr(self)."},
    {NULL},
};
static const GetSetDef simple_getset[] = {{"value", get_value, set_value, "current value"}, {NULL}};

MODULE_TYPE(simple_type, _ctypes) = {
    .head = CDATA_HEAD(simple_metatype),
    .name_text = "_ctypes._SimpleCData",
    .doc = "Base of types of one number, character, pointer or truth; _type_ says which, as a letter.",
    .base_static = &cdata_type,
    .methods = simple_rows,
    .getset = simple_getset,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CData),
};

/* ---- what arrays and pointers share ---- */

/* Items start, start + step, ...: bytes or a str where they are characters, else a list. */
static Value items(Thread *t, CInfo *item, char *memory, int64_t start, int64_t step, int64_t count, Value type, Value base) {
    if (item->kind == C_SIMPLE && item->code == 'c') {
        Value bytes = TRY(bytes_new(t, NULL, (size_t)count));
        for (int64_t i = 0; i < count; i++)
            as_bytes(bytes)->data[i] = memory[start + i * step];
        return bytes;
    }
    if (item->kind == C_SIMPLE && item->code == 'u') {
        Value chars = TRY(bytes_new(t, NULL, (size_t)count * 4));
        for (int64_t i = 0; i < count; i++)
            memcpy(as_bytes(chars)->data + 4 * i, memory + 4 * (start + i * step), 4);
        return str_from_chars(t, as_bytes(chars)->data, 4, (size_t)count);
    }
    Value list = TRY(list_new(t, (size_t)count));
    for (int64_t i = 0; i < count; i++) {
        int64_t index = start + i * step;
        CHECK(list_append(t, list, TRY(cdata_get(t, type, base, index, memory + index * item->size))));
    }
    return list;
}

/* ---- arrays ---- */

static bool array_place(Thread *t, Value self, int64_t index, char **address) {
    CData *d = as_cdata(self);
    if (index < 0 || index >= d->length) {
        raise_index_error(t, "invalid index");
        return false;
    }
    *address = cdata_memory(d) + index * c_info(c_info_of(self)->proto)->size;
    return true;
}

static bool array_set(Thread *t, Value self, int64_t index, Value value) {
    char *address;
    return array_place(t, self, index, &address) && cdata_set(t, self, c_info_of(self)->proto, value, index, address);
}

static Value array_init_method(Thread *t, Value *args) {
    for (size_t i = 0; i < tuple_length(args[1]); i++)
        CHECK(array_set(t, args[0], (int64_t)i, tuple_get(args[1], i)));
    return NONE;
}

static bool array_index(Thread *t, Value self, Value key, int64_t *index) {
    if (!index_as_ssize(t, key, index, false, &IndexError_type))
        return false;
    if (*index < 0)
        *index += as_cdata(self)->length;
    return true;
}

static bool is_index(Value v) { return is_int(v) || type_slot(type_of(v), SLOT___index__); }

static Value array_get_item(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    int64_t index, start, stop, step;
    char *address;
    Value type = c_info_of(args[0])->proto;
    if (is_index(args[1])) {
        CHECK(array_index(t, args[0], args[1], &index) && array_place(t, args[0], index, &address));
        return cdata_get(t, type, args[0], index, address);
    }
    if (!is_exactly(args[1], &slice_type))
        return raise_type_error(t, "indices must be integers");
    int64_t count;
    CHECK(slice_indices(t, args[1], d->length, &start, &stop, &step, &count));
    return items(t, c_info(type), cdata_memory(d), start, step, count, type, args[0]);
}

static Value array_set_item(Thread *t, Value *args) {
    int64_t index, start, stop, step, count;
    if (absent(args[2]))
        return raise_type_error(t, "Array does not support item deletion");
    if (is_index(args[1])) {
        CHECK(array_index(t, args[0], args[1], &index) && array_set(t, args[0], index, args[2]));
        return NONE;
    }
    if (!is_exactly(args[1], &slice_type))
        return raise_type_error(t, "indices must be integer");
    CHECK(slice_indices(t, args[1], as_cdata(args[0])->length, &start, &stop, &step, &count));
    int64_t given = length_of(t, args[2]);
    CHECK(given >= 0);
    if (given != count)
        return raise_value_error(t, "Can only assign sequence of same size");
    for (int64_t i = 0; i < count; i++)
        CHECK(array_set(t, args[0], start + i * step, TRY(get_item(t, args[2], small_int(i)))));
    return NONE;
}

static Value array_del_item(Thread *t, Value *args) { return raise_type_error(t, "Array does not support item deletion"); }
static Value array_length(Thread *t, Value *args) { return small_int(as_cdata(args[0])->length); }

static const NativeDef array_rows[] = {
    NEW_ROW,
    {"__init__(self, /, *args, **kwargs)", array_init_method, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"__len__(self, /)", array_length, "Return len(self)."},
    {"__getitem__(self, key, /)", array_get_item, "Return self[key]."},
    {"__setitem__(self, key, value, /)", array_set_item, "Set self[key] to value."},
    {"__delitem__(self, key, /)", array_del_item, "Delete self[key]."},
    {"__class_getitem__(type, object, /)", class_getitem_alias, "See PEP 585", NATIVE_CLASS},
    {NULL},
};

MODULE_TYPE(carray_type, _ctypes) = {
    .head = CDATA_HEAD(array_metatype),
    .name_text = "_ctypes.Array",
    .doc = "Abstract base class for arrays.\n\n"
           "The recommended way to create concrete array types is by multiplying any\n"
           "ctypes data type with a non-negative integer. Alternatively, you can subclass\n"
           "this type and define _length_ and _type_ class variables. Array elements can\n"
           "be read and written using standard subscript and slice accesses for slice\n"
           "reads, the resulting object is not itself an Array.",
    .base_static = &cdata_type,
    .methods = array_rows,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CData),
};

/* Arrays of characters. */

static Value chars_get_raw(Thread *t, Value *args) {
    return bytes_new(t, cdata_memory(as_cdata(args[0])), (size_t)as_cdata(args[0])->size);
}

static Value chars_set_raw(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    Buffer b;
    if (absent(args[1]))
        return raise_error(t, &AttributeError_type, "attribute 'raw' of '%T' objects cannot be deleted", args[0]);
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    bool fits = (int64_t)b.length <= d->size;
    if (fits)
        memmove(cdata_memory(d), b.data, b.length);
    buffer_release(t, &b);
    return fits ? NONE : raise_value_error(t, "byte string too long");
}

static Value chars_get_value(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    return bytes_new(t, cdata_memory(d), strnlen(cdata_memory(d), (size_t)d->size));
}

static Value chars_set_value(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "can't delete attribute");
    if (!is_bytes(args[1]))
        return raise_type_error(t, "bytes expected instead of %T instance", args[1]);
    int64_t length = (int64_t)as_bytes(args[1])->length;
    if (length > d->size)
        return raise_value_error(t, "byte string too long");
    memcpy(cdata_memory(d), as_bytes(args[1])->data, (size_t)length + (length < d->size)); /* the zero too, if there is room */
    return NONE;
}

static Value wide_get_value(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    const wchar_t *memory = (const wchar_t *)cdata_memory(d);
    return str_from_chars(t, memory, 4, wcsnlen(memory, (size_t)d->size / 4));
}

static Value wide_set_value(Thread *t, Value *args) {
    CData *d = as_cdata(args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "can't delete attribute");
    if (!is_str(args[1]))
        return raise_type_error(t, "unicode string expected instead of %T instance", args[1]);
    size_t length = str_length(args[1]), room = (size_t)d->size / 4;
    if (length > room)
        return raise_value_error(t, "string too long");
    const void *data = str_data(t, args[1]);
    CHECK(data);
    uint32_t *memory = (uint32_t *)cdata_memory(d);
    for (size_t i = 0; i < length; i++)
        memory[i] = str_char(data, str_kind(args[1]), i);
    if (length < room)
        memory[length] = 0;
    return NONE;
}

extern const GetSetDef carray_char_getset[], carray_wide_getset[];
const GetSetDef carray_char_getset[] = {
    {"raw", chars_get_raw, chars_set_raw, "value"},
    {"value", chars_get_value, chars_set_value, "string value"},
    {NULL},
};
const GetSetDef carray_wide_getset[] = {{"value", wide_get_value, wide_set_value, "string value"}, {NULL}};

/* ---- pointers ---- */

/* Where it points to; NULL: ValueError is pending. */
static char *target(Thread *t, Value self) {
    char *p;
    memcpy(&p, cdata_memory(as_cdata(self)), sizeof p);
    if (!p)
        raise_value_error(t, "NULL pointer access");
    return p;
}

static Value pointer_set_contents(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "Pointer does not support item deletion");
    CInfo *info = c_info_of(args[0]);
    int matches = is_cdata(args[1]) ? is_instance(t, args[1], info->proto) : 0;
    CHECK(matches >= 0);
    if (!matches)
        return raise_type_error(t, "expected %N instead of %T", as_type(info->proto), args[1]);
    char *memory = cdata_memory(as_cdata(args[1]));
    memcpy(cdata_memory(as_cdata(args[0])), &memory, sizeof memory);
    CHECK(cdata_keep(t, args[0], 1, args[1]));
    CHECK(cdata_keep(t, args[0], 0, TRY(cdata_kept(t, args[1]))));
    return NONE;
}

/* The very object that contents was set to, where a pointer points to a pointer. */
static Value kept_contents(Thread *t, Value self, char *address) {
    Value kept = load(&as_cdata(self)->keep);
    if (absent(kept) || !is_dict(kept))
        return NO_VALUE;
    Value inner = dict_get_text(t, kept, "0"), item = present(inner) ? dict_get_text(t, kept, "1") : NO_VALUE;
    return present(item) && is_cdata(item) && cdata_memory(as_cdata(item)) == address ? item : NO_VALUE;
}

static Value pointer_get_contents(Thread *t, Value *args) {
    char *address = target(t, args[0]);
    CHECK(address);
    Value kept = kept_contents(t, args[0], address);
    return present(kept) ? kept : cdata_part(t, c_info_of(args[0])->proto, args[0], 0, address);
}

static Value pointer_new_method(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    if (!info || absent(info->proto))
        return raise_type_error(t, "Cannot create instance: has no _type_");
    return cdata_new(t, args[0]);
}

static Value pointer_init_method(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count > 1)
        return raise_type_error(t, "POINTER() expected at most 1 argument, got %zd", (ssize_t)count);
    if (count == 0)
        return NONE;
    Value set[] = {args[0], tuple_get(args[1], 0)};
    return pointer_set_contents(t, set);
}

static bool slice_part(Thread *t, Value v, int64_t otherwise, int64_t *out) {
    *out = otherwise;
    return is_none(v) || index_as_ssize(t, v, out, false, NULL);
}

static Value pointer_slice(Thread *t, Value self, SliceObject *s) {
    int64_t start, stop, step;
    CInfo *info = c_info_of(self);
    CHECK(slice_part(t, s->step, 1, &step));
    if (step == 0)
        return raise_value_error(t, "slice step cannot be zero");
    if (is_none(s->start) && step < 0)
        return raise_value_error(t, "slice start is required for step < 0");
    CHECK(slice_part(t, s->start, 0, &start));
    if (is_none(s->stop))
        return raise_value_error(t, "slice stop is required");
    CHECK(slice_part(t, s->stop, 0, &stop));
    int64_t count = step > 0 ? (stop > start ? (stop - start - 1) / step + 1 : 0) : (stop < start ? (stop - start + 1) / step + 1 : 0);
    char *address = target(t, self);
    CHECK(address);
    return items(t, c_info(info->proto), address, start, step, count, info->proto, self);
}

static Value pointer_get_item(Thread *t, Value *args) {
    if (is_exactly(args[1], &slice_type))
        return pointer_slice(t, args[0], (SliceObject *)args[1].bits);
    if (!is_index(args[1]))
        return raise_type_error(t, "Pointer indices must be integer");
    int64_t index;
    CHECK(index_as_ssize(t, args[1], &index, false, &IndexError_type));
    char *address = target(t, args[0]);
    CHECK(address);
    Value type = c_info_of(args[0])->proto;
    return cdata_get(t, type, args[0], index, address + index * c_info(type)->size);
}

static Value pointer_set_item(Thread *t, Value *args) {
    int64_t index;
    if (absent(args[2]))
        return raise_type_error(t, "Pointer does not support item deletion");
    CHECK(index_as_ssize(t, args[1], &index, false, &IndexError_type));
    char *address = target(t, args[0]);
    CHECK(address);
    Value type = c_info_of(args[0])->proto;
    CHECK(cdata_set(t, args[0], type, args[2], index, address + index * c_info(type)->size));
    return NONE;
}

static Value pointer_del_item(Thread *t, Value *args) { return raise_type_error(t, "Pointer does not support item deletion"); }

static Value pointer_bool(Thread *t, Value *args) {
    void *p;
    memcpy(&p, cdata_memory(as_cdata(args[0])), sizeof p);
    return from_bool(p != NULL);
}

static const NativeDef pointer_rows[] = {
    {"__new__(type, /, *args, **kwargs)", pointer_new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, /, *args, **kwargs)", pointer_init_method, INIT_DOC, NATIVE_LAZY_KEYWORDS},
    {"__bool__(self, /)", pointer_bool, "True if self else False"},
    {"__getitem__(self, key, /)", pointer_get_item, "Return self[key]."},
    {"__setitem__(self, key, value, /)", pointer_set_item, "Set self[key] to value."},
    {"__delitem__(self, key, /)", pointer_del_item, "Delete self[key]."},
    {NULL},
};
static const GetSetDef pointer_getset[] = {
    {"contents", pointer_get_contents, pointer_set_contents, "the object this pointer points to (read-write)"},
    {NULL},
};

MODULE_TYPE(cpointer_type, _ctypes) = {
    .head = CDATA_HEAD(pointer_metatype),
    .name_text = "_ctypes._Pointer",
    .doc = "Base of pointers to objects of one C type, _type_.",
    .base_static = &cdata_type,
    .methods = pointer_rows,
    .getset = pointer_getset,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CData),
};
