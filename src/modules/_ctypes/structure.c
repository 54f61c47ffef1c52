/* Structures and unions, and CField, the descriptor of each field. See ctypes.h.
 *
 * Where the fields lie, the library's ctypes/_layout.py finds out; this file takes its CFields over.
 *
 * Threads: a CField does not change once it is in its class.
 */
#include "modules/_ctypes/ctypes.h"

#include "modules/isolate_modules.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"

#include <stdlib.h>

static CField *as_field(Value v) { return (CField *)v.bits; }

/* ---- CField ---- */

static void field_trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((CField *)o)->name);
    trace_value(tracer, ((CField *)o)->type);
}

static bool read_size(Thread *t, Value v, const char *name, int64_t *out) {
    if (!index_as_ssize(t, v, out, false, NULL))
        return false;
    if (*out < 0)
        raise_value_error(t, "%s must be non-negative", name);
    return *out >= 0;
}

static bool check_bits(Thread *t, CField *f) {
    CInfo *info = c_info(f->type);
    bool allowed = info->kind == C_SIMPLE && (c_code_is_integer(info->code) || info->code == '?' || info->code == 'c');
    if (!allowed)
        raise_type_error(t, "bit fields not allowed for type %N", as_type(f->type));
    else if (f->bit_size <= 0 || f->bit_size > f->byte_size * 8)
        raise_value_error(t, "number of bits invalid for bit field %R", f->name);
    else if (f->bit_offset < 0 || f->bit_offset + f->bit_size > f->byte_size * 8)
        raise_value_error(t, "bit field %R overflows its type (%d + %d > %d)", f->name, (int)f->bit_offset, (int)f->bit_size, (int)f->byte_size * 8);
    return !error_pending(t);
}

/* args: type, name, type, byte_size, byte_offset, index, _internal_use, bit_size, bit_offset */
static Value field_new(Thread *t, Value *args) {
    int internal = truth(t, args[6]);
    CHECK(internal >= 0);
    if (!is_str(args[1]))
        return raise_type_error(t, "CField() argument 'name' must be str, not %Y", args[1]);
    if (!internal)
        return raise_type_error(t, "CField is not intended to be used directly");
    CInfo *info = c_info(args[2]);
    if (!info)
        return raise_type_error(t, "type of field %R must be a C type", args[1]);
    CField *f = type_allocate(t, as_type(args[0]));
    CHECK(f);
    store(f, &f->name, TRY(str_intern(t, is_exactly(args[1], &str_type) ? args[1] : TRY(str_slice(t, args[1], 0, str_length(args[1]))))));
    store(f, &f->type, args[2]);
    CHECK(read_size(t, args[3], "byte_size", &f->byte_size) && read_size(t, args[4], "byte_offset", &f->byte_offset) &&
          read_size(t, args[5], "index", &f->index));
    if (f->byte_size != info->size)
        return raise_value_error(t, "byte_size of field %R (%zd) does not match type size (%zd)", args[1], (ssize_t)f->byte_size,
                                 (ssize_t)info->size);
    f->is_bitfield = !is_none(args[7]);
    f->bit_size = (int64_t)((uint64_t)f->byte_size * 8); /* which a class that is too large does not have */
    if (f->is_bitfield) {
        CHECK(index_as_ssize(t, args[7], &f->bit_size, false, NULL) && index_as_ssize(t, args[8], &f->bit_offset, false, NULL));
        CHECK(check_bits(t, f));
    }
    return from_object(f);
}

/* An array of characters is read and written as text. The code of the characters, or 0. */
static char text_code(CField *f) {
    CInfo *info = c_info(f->type), *item = info->kind == C_ARRAY ? c_info(info->proto) : NULL;
    return item && item->kind == C_SIMPLE && (item->code == 'c' || item->code == 'u') ? item->code : 0;
}

static Value text_get(Thread *t, CField *f, const char *memory) {
    if (text_code(f) == 'c')
        return bytes_new(t, memory, strnlen(memory, (size_t)f->byte_size));
    size_t length = 0, most = (size_t)f->byte_size / sizeof(wchar_t);
    for (wchar_t c; length < most; length++) {
        memcpy(&c, memory + length * sizeof c, sizeof c); /* a packed structure does not align it */
        if (!c)
            break;
    }
    return str_from_chars(t, memory, sizeof(wchar_t), length);
}

/* Up to the first zero of the value; a zero follows if there is room. */
static Value bytes_set(Thread *t, CField *f, char *memory, Value value) {
    if (!is_bytes(value))
        return raise_type_error(t, "expected bytes, %T found", value);
    size_t length = strlen(as_bytes(value)->data), most = (size_t)f->byte_size;
    if (length > most)
        return raise_value_error(t, "bytes too long (%zd, maximum length %zd)", (ssize_t)length, (ssize_t)most);
    memcpy(memory, as_bytes(value)->data, length < most ? length + 1 : length);
    return NONE;
}

static Value wide_set(Thread *t, CField *f, char *memory, Value value) {
    if (!is_str(value))
        return raise_type_error(t, "unicode string expected instead of %T instance", value);
    size_t length = str_length(value), most = (size_t)f->byte_size / sizeof(wchar_t);
    if (length > most)
        return raise_value_error(t, "string too long (%zd, maximum length %zd)", (ssize_t)length, (ssize_t)most);
    const void *data = str_data(t, value);
    CHECK(data);
    for (size_t i = 0; i < length + (length < most); i++) {
        wchar_t c = i < length ? (wchar_t)str_char(data, str_kind(value), i) : 0;
        memcpy(memory + i * sizeof c, &c, sizeof c);
    }
    return NONE;
}

static char *place(Value self, Value instance) { return cdata_memory(as_cdata(instance)) + as_field(self)->byte_offset; }

static Value field_get(Thread *t, Value *args) {
    CField *f = as_field(args[0]);
    if (absent(args[1]) || is_none(args[1]))
        return args[0];
    if (!is_cdata(args[1]))
        return raise_type_error(t, "not a ctype instance");
    if (f->is_bitfield)
        return c_bits_get(t, c_info(f->type), place(args[0], args[1]), f->bit_size, f->bit_offset);
    if (text_code(f))
        return text_get(t, f, place(args[0], args[1]));
    return cdata_get(t, f->type, args[1], f->index, place(args[0], args[1]));
}

static Value field_set(Thread *t, Value *args) {
    CField *f = as_field(args[0]);
    if (!is_cdata(args[1]))
        return raise_type_error(t, "not a ctype instance");
    if (f->is_bitfield)
        return c_bits_set(t, c_info(f->type), place(args[0], args[1]), args[2], f->bit_size, f->bit_offset);
    if (text_code(f))
        return (text_code(f) == 'c' ? bytes_set : wide_set)(t, f, place(args[0], args[1]), args[2]);
    CHECK(cdata_set(t, args[1], f->type, args[2], f->index, place(args[0], args[1])));
    return NONE;
}

static Value field_delete(Thread *t, Value *args) { return raise_type_error(t, "can't delete attribute"); }

static Value field_repr(Thread *t, Value *args) {
    CField *f = as_field(args[0]);
    Value name = load(&as_type(f->type)->name);
    if (f->is_bitfield)
        return format_text(t, "<%N %R type=%S, ofs=%zd, bit_size=%zd, bit_offset=%zd>", type_of(args[0]), f->name, name,
                           (ssize_t)f->byte_offset, (ssize_t)f->bit_size, (ssize_t)f->bit_offset);
    return format_text(t, "<%N %R type=%S, ofs=%zd, size=%zd>", type_of(args[0]), f->name, name, (ssize_t)f->byte_offset, (ssize_t)f->byte_size);
}

static Value get_size(Thread *t, Value *args) {
    CField *f = as_field(args[0]);
    return int_from(t, f->is_bitfield ? f->bit_size << 16 | f->bit_offset : f->byte_size);
}
static Value get_offset(Thread *t, Value *args) { return int_from(t, as_field(args[0])->byte_offset); }
static Value get_byte_size(Thread *t, Value *args) { return int_from(t, as_field(args[0])->byte_size); }
static Value get_bit_offset(Thread *t, Value *args) { return int_from(t, as_field(args[0])->bit_offset); }
static Value get_bit_size(Thread *t, Value *args) {
    CField *f = as_field(args[0]);
    return f->is_bitfield ? int_from(t, f->bit_size) : int_mul(t, TRY(int_from(t, f->byte_size)), small_int(8)); /* may not fit a word */
}
static Value get_is_bitfield(Thread *t, Value *args) { return from_bool(as_field(args[0])->is_bitfield); }
static Value get_is_anonymous(Thread *t, Value *args) { return from_bool(as_field(args[0])->is_anonymous); }

static const GetSetDef field_getset[] = {
    {"offset", get_offset, NULL, "offset in bytes of this field (same as byte_offset)"},
    {"size", get_size, NULL,
     "size in bytes of this field. For bitfields, this is a legacy packed value; use byte_size instead"},
    {"byte_offset", get_offset, NULL, "offset in bytes of this field. For bitfields: excludes bit_offset."},
    {"byte_size", get_byte_size, NULL, "size of this field in bytes"},
    {"bit_offset", get_bit_offset, NULL, "additional offset in bits (relative to byte_offset); zero for non-bitfields"},
    {"bit_size", get_bit_size, NULL, "size of this field in bits"},
    {"is_bitfield", get_is_bitfield, NULL, "true if this is a bitfield"},
    {"is_anonymous", get_is_anonymous, NULL, "true if this field is anonymous"},
    {NULL},
};
static const MemberDef field_members[] = {
    {"name", MEMBER_VALUE, offsetof(CField, name), true, "name of this field"},
    {"type", MEMBER_VALUE, offsetof(CField, type), true, "type of this field"},
    {NULL},
};
static const NativeDef field_methods[] = {
    {"__new__(class, name, type, byte_size, byte_offset, index, _internal_use, bit_size=None, bit_offset=None)", field_new,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"__get__(self, instance, owner=None, /)", field_get, "Return an attribute of instance, which is of type owner."},
    {"__set__(self, instance, value, /)", field_set, "Set an attribute of instance to value."},
    {"__delete__(self, instance, /)", field_delete, "Delete an attribute of instance."},
    {"__repr__(self, /)", field_repr, "Return repr(self)."},
    {NULL},
};

MODULE_TYPE(cfield_type, _ctypes) = {
    STATIC_TYPE_HEAD(field_trace, NULL),
    .name_text = "ctypes.CField",
    .doc = "Structure/Union member",
    .methods = field_methods,
    .getset = field_getset,
    .members = field_members,
    .flags = TYPE_IMMUTABLE,
    .instance_size = sizeof(CField),
};

/* ---- _fields_ of a class ---- */

static Value layout_of(Thread *t, Value class, Value fields, bool is_struct) {
    Value module = TRY(import_module(t, "ctypes._layout")), function = TRY(get_attribute_text(t, module, "get_layout"));
    CInfo *base = c_info(from_object(as_type(class)->base));
    Value arguments = TRY(tuple_pack(t, 4, class, fields, from_bool(is_struct), base ? from_object(as_type(class)->base) : NONE));
    return call_tuple(t, function, arguments, NO_VALUE);
}

static bool read_layout(Thread *t, Value layout, CInfo *info, Value *fields) {
    Value align = get_attribute_text(t, layout, "align"), size = present(align) ? get_attribute_text(t, layout, "size") : NO_VALUE;
    Value format = present(size) ? get_attribute_text(t, layout, "format_spec") : NO_VALUE;
    Value list = present(format) ? get_attribute_text(t, layout, "fields") : NO_VALUE;
    const char *text = present(list) ? str_utf8(t, format, NULL) : NULL;
    if (!text || !index_as_ssize(t, align, &info->align, false, NULL) || !index_as_ssize(t, size, &info->size, false, NULL))
        return false;
    if (info->align < 0 || info->size < 0) {
        raise_value_error(t, info->align < 0 ? "align must be a non-negative integer" : "size must be a non-negative integer");
        return false;
    }
    char *copy = strdup(text);
    if (!copy) {
        raise_no_memory(t);
        return false;
    }
    free(info->format);
    info->format = copy;
    *fields = tuple_from_iterable(t, list);
    return present(*fields);
}

static bool add_field(Thread *t, Value class, CInfo *info, Value v) {
    if (!is_exactly(v, &cfield_type)) {
        raise_type_error(t, "fields must be a list of CFields, not %T", v);
        return false;
    }
    CField *f = as_field(v);
    CInfo *type = c_info(f->type);
    info->has_pointer = info->has_pointer || type->is_pointer || type->has_pointer;
    f->index += info->length;
    type->final = true;
    return present(type_set_attribute(t, as_type(class), f->name, v));
}

/* The fields of a field's type become the class's own: `outer` is the field that has no name of its own. */
static bool add_inner_fields(Thread *t, Value class, CField *outer, int64_t index, int64_t offset) {
    Value fields = get_attribute_text(t, outer->type, "_fields_"), list = present(fields) ? tuple_from_iterable(t, fields) : NO_VALUE;
    for (size_t i = 0; present(list) && i < tuple_length(list); i++) {
        Value name = get_item(t, tuple_get(list, i), small_int(0));
        Value v = present(name) ? get_attribute(t, outer->type, name) : NO_VALUE;
        if (absent(v))
            return false;
        if (!is_exactly(v, &cfield_type)) {
            raise_type_error(t, "unexpected type");
            return false;
        }
        CField *inner = as_field(v), *copy;
        if (inner->is_anonymous) {
            if (!add_inner_fields(t, class, inner, index + inner->index, offset + inner->byte_offset))
                return false;
            continue;
        }
        copy = type_allocate(t, &cfield_type);
        if (!copy)
            return false;
        store(copy, &copy->name, inner->name);
        store(copy, &copy->type, inner->type);
        copy->byte_size = inner->byte_size;
        copy->byte_offset = inner->byte_offset + offset;
        copy->index = inner->index + index;
        copy->bit_size = inner->bit_size;
        copy->bit_offset = inner->bit_offset;
        copy->is_bitfield = inner->is_bitfield;
        if (absent(type_set_attribute(t, as_type(class), copy->name, from_object(copy))))
            return false;
    }
    return present(list);
}

static bool add_anonymous(Thread *t, Value class) {
    Value key = str_intern_text(t, "_anonymous_"), v = present(key) ? find_attribute(t, class, key) : NO_VALUE;
    if (absent(v))
        return !error_pending(t);
    if (!has_type_flag(v, TYPE_TUPLE | TYPE_LIST) && !type_slot(type_of(v), SLOT___getitem__)) {
        raise_type_error(t, "_anonymous_ must be a sequence");
        return false;
    }
    Value list = tuple_from_iterable(t, v);
    for (size_t i = 0; present(list) && i < tuple_length(list); i++) {
        Value name = tuple_get(list, i), field = NO_VALUE;
        if (is_str(name))
            field = get_attribute(t, class, name);
        else
            raise_type_error(t, "attribute name must be string, not '%T'", name);
        if (absent(field))
            return false;
        if (!is_exactly(field, &cfield_type)) {
            raise_error(t, &AttributeError_type, "'%S' is specified in _anonymous_ but not in _fields_", name);
            return false;
        }
        as_field(field)->is_anonymous = true;
        if (!add_inner_fields(t, class, as_field(field), as_field(field)->index, as_field(field)->byte_offset))
            return false;
    }
    return present(list);
}

bool c_check_fields_open(Thread *t, Value class) {
    CInfo *info = c_info(class);
    if (!info) /* the class body is still being looked at */
        raise_type_error(t, "ctypes state is not initialized");
    else if (info->final)
        raise_error(t, &AttributeError_type, "_fields_ is final");
    return info && !info->final;
}

bool c_set_fields(Thread *t, Value class, Value fields) {
    CInfo *info = c_info(class);
    Value layout = layout_of(t, class, fields, info->kind == C_STRUCTURE), list;
    if (absent(layout) || !read_layout(t, layout, info, &list))
        return false;
    for (size_t i = 0; i < tuple_length(list); i++)
        if (!add_field(t, class, info, tuple_get(list, i)))
            return false;
    info->length += (int64_t)tuple_length(list);
    if (info->final) {
        raise_error(t, &AttributeError_type, "Structure or union cannot contain itself");
        return false;
    }
    info->final = true;
    return add_anonymous(t, class);
}

/* ---- instances ---- */

/* Sets the fields that the class itself names from args[index...]; returns where its bases' and its own end, -1 on failure. */
static int64_t init_by_position(Thread *t, Value self, Type *class, Value args, Value kwargs, int64_t index) {
    if (class->base && c_info(from_object(class->base))) {
        index = init_by_position(t, self, class->base, args, kwargs, index);
        if (index < 0)
            return -1;
    }
    Value fields = dict_get_text(t, class->dict, "_fields_"), list = present(fields) ? tuple_from_iterable(t, fields) : empty_tuple;
    if (absent(list))
        return -1;
    int64_t count = (int64_t)tuple_length(list), given = (int64_t)tuple_length(args);
    for (int64_t i = index; i < count + index && i < given; i++) {
        Value name = get_item(t, tuple_get(list, (size_t)(i - index)), small_int(0));
        if (absent(name))
            return -1;
        int twice = present(kwargs) ? dict_contains(t, kwargs, name) : 0;
        if (twice > 0)
            raise_type_error(t, "duplicate values for field %R", name);
        if (twice != 0 || !set_attribute(t, self, name, tuple_get(args, (size_t)i)))
            return -1;
    }
    return index + count;
}

static Value aggregate_init(Thread *t, Value *args) {
    if (tuple_length(args[1])) {
        int64_t end = init_by_position(t, args[0], type_of(args[0]), args[1], args[2], 0);
        CHECK(end >= 0);
        if (end < (int64_t)tuple_length(args[1]))
            return raise_type_error(t, "too many initializers");
    }
    Value name, value;
    for (size_t position = 0; present(args[2]) && dict_next(args[2], &position, &name, &value);)
        CHECK(set_attribute(t, args[0], name, value));
    return NONE;
}

static const NativeDef aggregate_rows[] = {
    {"__new__(type, /, *args, **kwargs)", cdata_new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, /, *args, **kwargs)", aggregate_init, "Initialize self.  See help(type(self)) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {NULL},
};

MODULE_TYPE(structure_type, _ctypes) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &struct_metatype}, .trace = cdata_trace},
    .name_text = "_ctypes.Structure",
    .doc = "Structure base class",
    .base_static = &cdata_type,
    .methods = aggregate_rows,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CData),
};

MODULE_TYPE(union_c_type, _ctypes) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &union_metatype}, .trace = cdata_trace},
    .name_text = "_ctypes.Union",
    .doc = "Union base class",
    .base_static = &cdata_type,
    .methods = aggregate_rows,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CData),
};
