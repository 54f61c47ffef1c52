/* The metaclasses: what a class body says (_type_, _length_, _fields_, ...) becomes a CInfo. See ctypes.h. */
#include "modules/_ctypes/ctypes.h"

#include "object/operators.h"
#include "types/descriptors.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/weakref.h"

#include <stdio.h>
#include <stdlib.h>

static CInfo *raw_info(Value class) { return &((CType *)class.bits)->info; }

static void ctype_trace(Tracer *tracer, Object *o) {
    type_trace(tracer, o);
    if (!(((Type *)o)->flags & TYPE_HEAP))
        return;
    CInfo *info = &((CType *)o)->info;
    Value values[] = {info->proto, info->argtypes, info->converters, info->restype, info->checker, info->pointer_type};
    trace_values(tracer, values, sizeof values / sizeof *values);
}

static void ctype_release(Object *o) {
    if (((Type *)o)->flags & TYPE_HEAP) {
        CInfo *info = &((CType *)o)->info;
        free(info->format);
        free(info->shape);
        if (info->kind != C_SIMPLE)
            free(info->ffi);
    }
    type_release(o);
}

/* An attribute of the class or its bases; absent without an exception: there is none. */
static Value class_attribute(Thread *t, Value class, const char *name) {
    Value key = TRY(str_intern_text(t, name));
    return find_attribute(t, class, key);
}

static bool set_format(Thread *t, CInfo *info, const char *prefix, const char *format) {
    char *copy = malloc(strlen(prefix) + strlen(format) + 1);
    if (!copy) {
        raise_no_memory(t);
        return false;
    }
    free(info->format);
    info->format = strcat(strcpy(copy, prefix), format);
    return true;
}

static Value raise_initialized(Thread *t, Value class) {
    return raise_error(t, &SystemError_type, "StgInfo of '%N' is already initialized.", as_type(class));
}

static bool claim(Thread *t, Value class, CKind kind) {
    CInfo *info = raw_info(class);
    if (info->kind) {
        raise_initialized(t, class);
        return false;
    }
    info->kind = kind;
    return true;
}

static bool needs_init(Value *args) { return raw_info(args[0])->kind == C_NONE; }

/* ---- simple types ---- */

static bool read_code(Thread *t, Value class, char *code, Value *proto) {
    static const char known[] = "cbBhHiIlLdDFGfuzZqQPOv?g";
    *proto = class_attribute(t, class, "_type_");
    size_t length;
    const char *text;
    if (error_pending(t))
        return false;
    if (absent(*proto))
        raise_error(t, &AttributeError_type, "class must define a '_type_' attribute");
    else if (!is_str(*proto))
        raise_type_error(t, "class must define a '_type_' string attribute");
    else if (!(text = str_utf8(t, *proto, &length)))
        return false;
    else if (length != 1)
        raise_value_error(t, "class must define a '_type_' attribute which must be a string of length 1");
    else if (!*text || !strchr(known, *text))
        raise_error(t, &AttributeError_type, "class must define a '_type_' attribute which must be\na single character string containing one of the\n"
                                             "supported types: '%s'.", known);
    else
        *code = *text;
    return !error_pending(t);
}

static char format_code(char code) { return code == 'l' ? 'q' : code == 'L' ? 'Q' : code; }

static bool fill_simple(Thread *t, Value class, char code, Value proto, bool swapped) {
    CInfo *info = raw_info(class);
    if (!claim(t, class, C_SIMPLE))
        return false;
    info->code = code;
    info->swapped = swapped;
    c_code_layout(code, &info->size, &info->align, &info->ffi);
    store(as_type(class), &info->proto, proto);
    info->is_pointer = strchr("zZPO", code) != NULL;
    return set_format(t, info, swapped ? ">" : "<", (char[]){format_code(code), 0});
}

static bool set_class_attribute(Thread *t, Value class, const char *name, Value value) {
    Value key = str_intern_text(t, name);
    return present(key) && present(type_set_attribute(t, as_type(class), key, value));
}

/* c_int has a sibling for the other byte order. */
static bool make_swapped(Thread *t, Value class, Value bases, Value namespace, char code, Value proto) {
    Value name = format_text(t, "swapped%S", load(&as_type(class)->name));
    Value copy = present(name) ? dict_copy(t, namespace) : NO_VALUE;
    Value sibling = present(copy) ? type_new_class(t, &simple_metatype, name, bases, copy, NO_VALUE) : NO_VALUE;
    return present(sibling) && fill_simple(t, sibling, code, proto, true) &&
           set_class_attribute(t, class, "__ctype_be__", sibling) && set_class_attribute(t, class, "__ctype_le__", class) &&
           set_class_attribute(t, sibling, "__ctype_le__", class) && set_class_attribute(t, sibling, "__ctype_be__", sibling);
}

static Value simple_init(Thread *t, Value *args) {
    char code;
    Value class = args[0], proto;
    if (!needs_init(args))
        return raise_initialized(t, args[0]);
    if (tuple_length(args[1]) != 3)
        return raise_type_error(t, "type.__init__() takes 1 or 3 arguments");
    CHECK(read_code(t, class, &code, &proto));
    CHECK(fill_simple(t, class, code, proto, false));
    if (as_type(class)->base == &simple_type) {
        const NativeDef *row = c_special_from_param(code);
        if (row) {
            Value name = TRY(native_name(t, row));
            CHECK(type_set_entry(t, as_type(class), name, TRY(class_method_descriptor_new(t, as_type(class), row, name))));
        }
    }
    if (type_of(class) == &simple_metatype && c_code_swappable(code) && tuple_length(args[1]) == 3)
        CHECK(make_swapped(t, class, tuple_get(args[1], 1), tuple_get(args[1], 2), code, proto));
    return NONE;
}

/* ---- pointers ---- */

static bool set_pointer_target(Thread *t, Value class, Value target) {
    CInfo *info = raw_info(class), *item = c_info(target);
    if (!is_object(target) || !is_type(target)) {
        raise_type_error(t, "_type_ must be a type");
        return false;
    }
    if (!item) {
        raise_type_error(t, "%R must have storage info", target);
        return false;
    }
    store(as_type(class), &info->proto, target);
    if (absent(item->pointer_type))
        store(as_type(target), &item->pointer_type, class);
    char prefix[256] = "&";
    for (int i = 0, at = 1; i < item->dimensions && at < 200; i++) {
        at += snprintf(prefix + at, sizeof prefix - (size_t)at, "%s%lld", i ? "," : "(", (long long)item->shape[i]);
        if (i == item->dimensions - 1)
            snprintf(prefix + at, sizeof prefix - (size_t)at, ")");
    }
    return set_format(t, info, prefix, item->format ? item->format : "B");
}

static Value pointer_init(Thread *t, Value *args) {
    Value class = args[0];
    CInfo *info = raw_info(class);
    if (!needs_init(args))
        return raise_initialized(t, args[0]);
    Value target = class_attribute(t, class, "_type_");
    CHECK(present(target) || !error_pending(t));
    CHECK(claim(t, class, C_POINTER));
    info->size = info->align = sizeof(void *);
    info->length = 1;
    info->is_pointer = true;
    info->ffi = NULL;
    if (present(target))
        CHECK(set_pointer_target(t, class, target));
    return NONE;
}

static Value pointer_set_type(Thread *t, Value *args) {
    CHECK(set_pointer_target(t, args[0], args[1]));
    CHECK(set_class_attribute(t, args[0], "_type_", args[1]));
    return NONE;
}

Value c_pointer_type(Thread *t, Value item) {
    CInfo *info = c_info(item);
    if (info && present(info->pointer_type))
        return info->pointer_type;
    Value dict = TRY(dict_new(t));
    CHECK(dict_set_text(t, dict, "_type_", item));
    Value name = TRY(format_text(t, "LP_%S", is_type(item) ? as_type(item)->name : empty_str));
    return call_3(t, from_object(&pointer_metatype), name, TRY(tuple_pack(t, 1, from_object(&cpointer_type))), dict);
}

/* ---- arrays ---- */

static bool read_length(Thread *t, Value class, int64_t *length) {
    Value v = class_attribute(t, class, "_length_");
    if (absent(v) && error_pending(t))
        return false;
    if (absent(v) || is_none(v))
        raise_error(t, &AttributeError_type, "class must define a '_length_' attribute");
    else if (!is_int(v))
        raise_type_error(t, "The '_length_' attribute must be an integer");
    else if (int_sign(v) < 0)
        raise_value_error(t, "The '_length_' attribute must not be negative");
    else if (!int_to_i64(v, length))
        raise_overflow_error(t, "The '_length_' attribute is too large");
    return !error_pending(t);
}

static bool set_shape(Thread *t, CInfo *info, CInfo *item) {
    int n = info->dimensions = item->dimensions + 1;
    info->shape = malloc(2 * (size_t)n * sizeof *info->shape);
    if (!info->shape) {
        raise_no_memory(t);
        return false;
    }
    info->shape[0] = info->length;
    info->shape[n] = item->size;
    for (int i = 1; i < n; i++) {
        info->shape[i] = item->shape[i - 1];
        info->shape[n + i] = item->shape[item->dimensions + i - 1];
    }
    return true;
}

extern const GetSetDef carray_char_getset[], carray_wide_getset[];

static bool add_getsets(Thread *t, Value class, const GetSetDef *rows) {
    for (; rows->name; rows++) {
        Value name = str_intern_text(t, rows->name), d = getset_descriptor_new(t, as_type(class), rows);
        if (absent(name) || absent(d) || !type_set_entry(t, as_type(class), name, d))
            return false;
    }
    return true;
}

static Value array_init(Thread *t, Value *args) {
    Value class = args[0];
    int64_t length;
    if (!needs_init(args))
        return raise_initialized(t, args[0]);
    CHECK(read_length(t, class, &length));
    Value type = class_attribute(t, class, "_type_");
    CHECK(present(type) || !error_pending(t));
    if (absent(type))
        return raise_error(t, &AttributeError_type, "class must define a '_type_' attribute");
    CInfo *item = c_info(type), *info = raw_info(class);
    if (!item)
        return raise_type_error(t, "_type_ must have storage info");
    int64_t size;
    if (__builtin_mul_overflow(item->size, length, &size))
        return raise_overflow_error(t, "array too large");
    CHECK(claim(t, class, C_ARRAY));
    info->size = size;
    info->align = item->align;
    info->length = length;
    info->has_pointer = item->is_pointer || item->has_pointer;
    store(as_type(class), &info->proto, type);
    CHECK(set_shape(t, info, item) && set_format(t, info, "", item->format ? item->format : "B"));
    if (item->kind == C_SIMPLE && (item->code == 'c' || item->code == 'u'))
        CHECK(add_getsets(t, class, item->code == 'c' ? carray_char_getset : carray_wide_getset));
    return NONE;
}

/* Now and then: the cache knows its classes weakly. */
static bool forget_dead_arrays(Thread *t, Value cache) {
    size_t length = dict_length(cache);
    if (length < 256 || (length & (length - 1)))
        return true;
    Value dead = list_new(t, 0), key, reference;
    for (size_t position = 0; present(dead) && dict_next(cache, &position, &key, &reference);)
        if (absent(weakref_target(reference)) && !list_append(t, dead, key))
            return false;
    for (size_t i = 0; present(dead) && i < list_length(dead); i++)
        if (dict_delete(t, cache, list_get(dead, i)) < 0)
            return false;
    return present(dead);
}

Value c_array_type(Thread *t, Value item, Value length) {
    int64_t count;
    CHECK(index_as_ssize(t, length, &count, false, NULL));
    if (count < 0)
        return raise_value_error(t, "Array length must be >= 0, not %zd", (ssize_t)count);
    if (!is_object(item) || !is_type(item))
        return raise_type_error(t, "Expected a type object");
    Value cache = ctypes_state(t, CTYPES_ARRAY_CACHE), key = TRY(tuple_pack(t, 2, item, length));
    Value known = dict_get(t, cache, key);
    CHECK(present(known) || !error_pending(t));
    if (present(known) && present(weakref_target(known)))
        return weakref_target(known);
    Value dict = TRY(dict_new(t)), name = TRY(format_text(t, "%S_Array_%zd", as_type(item)->name, (ssize_t)count));
    CHECK(dict_set_text(t, dict, "_length_", length) && dict_set_text(t, dict, "_type_", item));
    Value made = TRY(call_3(t, from_object(&array_metatype), name, TRY(tuple_pack(t, 1, from_object(&carray_type))), dict));
    Value reference = TRY(weakref_new(t, made, NO_VALUE));
    CHECK(forget_dead_arrays(t, cache));
    if (present(known)) { /* a dead one */
        CHECK(dict_set(t, cache, key, reference));
        return made;
    }
    Value first = weakref_target(TRY(dict_setdefault(t, cache, key, reference)));
    return present(first) ? first : made;
}

/* ---- structures and unions ---- */

static bool inherit_info(Thread *t, Value class, CInfo *base) {
    CInfo *info = raw_info(class);
    info->size = base->size;
    info->align = base->align;
    info->length = base->length;
    info->has_pointer = base->has_pointer;
    return set_format(t, info, "", base->format ? base->format : "B");
}

static Value aggregate_init(Thread *t, Value class, CKind kind) {
    CInfo *info = raw_info(class);
    if (info->kind && as_type(class)->flags & TYPE_HEAP)
        return raise_initialized(t, class);
    Value abstract = dict_get_text(t, as_type(class)->dict, "_abstract_");
    if (present(abstract))
        return NONE;
    CHECK(claim(t, class, kind));
    info->align = 1;
    Value fields = dict_get_text(t, as_type(class)->dict, "_fields_");
    CHECK(present(fields) || !error_pending(t));
    CInfo *base = c_info(from_object(as_type(class)->base));
    if (base) {
        CHECK(inherit_info(t, class, base));
        base->final = true;
    } else {
        CHECK(set_format(t, info, "", "B"));
    }
    if (present(fields)) {
        Value name = TRY(str_intern_text(t, "_fields_"));
        CHECK(set_attribute(t, class, name, fields));
    }
    return NONE;
}

static Value struct_init(Thread *t, Value *args) { return aggregate_init(t, args[0], C_STRUCTURE); }
static Value union_init(Thread *t, Value *args) { return aggregate_init(t, args[0], C_UNION); }

static Value aggregate_setattr(Thread *t, Value *args) {
    bool fields = as_type(args[0])->flags & TYPE_HEAP && str_equal_text(args[1], "_fields_");
    CHECK(!fields || c_check_fields_open(t, args[0]));
    CHECK(type_generic_set(t, as_type(args[0]), args[1], args[2]));
    CHECK(!fields || absent(args[2]) || c_set_fields(t, args[0], args[2]));
    return NONE;
}

/* ---- functions ---- */

bool c_function_types(Thread *t, Value argtypes, Value *tuple, Value *converters) {
    if (!has_type_flag(argtypes, TYPE_TUPLE | TYPE_LIST) && !type_slot(type_of(argtypes), SLOT___getitem__)) {
        raise_type_error(t, "_argtypes_ must be a sequence of types");
        return false;
    }
    *tuple = tuple_from_iterable(t, argtypes);
    if (absent(*tuple))
        return false;
    size_t count = tuple_length(*tuple);
    if (count > MOST_ARGUMENTS) {
        raise_error(t, as_type(ctypes_state(t, CTYPES_ARGUMENT_ERROR)), "_argtypes_ has too many arguments (%zd), maximum is %d",
                    (ssize_t)count, MOST_ARGUMENTS);
        return false;
    }
    Value list = list_new(t, count), name = str_intern_text(t, "from_param");
    for (size_t i = 0; i < count && present(list) && present(name); i++) {
        Value converter = find_attribute(t, tuple_get(*tuple, i), name);
        if (absent(converter)) {
            if (!error_pending(t))
                raise_type_error(t, "item %zd in _argtypes_ has no from_param method", (ssize_t)i + 1);
            return false;
        }
        if (!list_append(t, list, converter))
            return false;
    }
    *converters = present(list) && present(name) ? list_to_tuple(t, list) : NO_VALUE;
    return present(*converters);
}

bool c_check_restype(Thread *t, Value restype, Value *checker, const char *name) {
    *checker = NO_VALUE;
    if (!is_none(restype) && !c_info(restype) && !is_callable(restype)) {
        raise_type_error(t, "%s must be a type, a callable, or None", name);
        return false;
    }
    Value key = str_intern_text(t, "_check_retval_");
    *checker = present(key) ? find_attribute(t, restype, key) : NO_VALUE;
    return !error_pending(t);
}

static Value function_init(Thread *t, Value *args) {
    Value class = args[0], checker, tuple, converters;
    CInfo *info = raw_info(class);
    if (!needs_init(args))
        return raise_initialized(t, args[0]);
    Value flags = class_attribute(t, class, "_flags_"), argtypes, restype;
    CHECK(present(flags) || !error_pending(t));
    if (absent(flags) || !is_int(flags))
        return raise_type_error(t, "class must define _flags_ which must be an integer");
    CHECK(claim(t, class, C_FUNCTION));
    info->flags = (int64_t)int_mask_u64(flags);
    info->size = info->align = sizeof(void *);
    info->length = 1;
    info->has_pointer = true;
    CHECK(set_format(t, info, "", "X{}"));
    argtypes = class_attribute(t, class, "_argtypes_");
    CHECK(present(argtypes) || !error_pending(t));
    if (present(argtypes)) {
        CHECK(c_function_types(t, argtypes, &tuple, &converters));
        store(as_type(class), &info->argtypes, tuple);
        store(as_type(class), &info->converters, converters);
    }
    restype = class_attribute(t, class, "_restype_");
    CHECK(present(restype) || !error_pending(t));
    if (present(restype)) {
        CHECK(c_check_restype(t, restype, &checker, "_restype_"));
        store(as_type(class), &info->restype, restype);
        store(as_type(class), &info->checker, checker);
    }
    return NONE;
}

/* ---- for libffi ---- */

static ffi_type *make_ffi(Thread *t, CInfo *info, size_t elements) {
    ffi_type *made = calloc(1, sizeof *made + (elements + 1) * sizeof(ffi_type *));
    if (!made) {
        raise_no_memory(t);
        return NULL;
    }
    made->type = FFI_TYPE_STRUCT;
    made->size = (size_t)info->size;
    made->alignment = (unsigned short)info->align;
    made->elements = (ffi_type **)(made + 1);
    return made;
}

/* Large ones are passed in memory, whatever they are made of. */
static ffi_type *array_ffi(Thread *t, CInfo *info) {
    size_t count = info->size > 64 ? 1 : (size_t)info->length;
    ffi_type *item = c_ffi_type(t, info->proto), *made = item ? make_ffi(t, info, count) : NULL;
    for (size_t i = 0; made && i < count; i++)
        made->elements[i] = item;
    return made;
}

/* The CFields of the class and its bases, of the outermost base first. */
static bool collect_fields(Thread *t, Value class, Value list) {
    CInfo *base = c_info(from_object(as_type(class)->base));
    if (base && !collect_fields(t, from_object(as_type(class)->base), list))
        return false;
    Value fields = dict_get_text(t, as_type(class)->dict, "_fields_"), item;
    Value tuple = present(fields) ? tuple_from_iterable(t, fields) : empty_tuple;
    for (size_t i = 0; present(tuple) && i < tuple_length(tuple); i++) {
        item = get_item(t, tuple_get(tuple, i), small_int(0));
        Value field = present(item) ? dict_get(t, as_type(class)->dict, item) : NO_VALUE;
        if (absent(field) || !is_exactly(field, &cfield_type) || !list_append(t, list, field))
            return false;
    }
    return present(tuple);
}

/* Where floats alone stand in one of a union's words, it is passed as one. */
static bool is_float_word(Thread *t, Value list, int64_t word) {
    for (size_t i = 0; i < list_length(list); i++) {
        CField *f = (CField *)list_get(list, i).bits;
        CInfo *info = c_info(f->type);
        while (info && info->kind == C_ARRAY) info = c_info(info->proto);
        bool covers = f->byte_offset < word * 8 + 8 && f->byte_offset + f->byte_size > word * 8;
        if (covers && (!info || info->kind != C_SIMPLE || !strchr("fd", info->code)))
            return false;
    }
    return true;
}

static ffi_type *aggregate_ffi(Thread *t, Value class, CInfo *info) {
    Value list = list_new(t, 0);
    if (absent(list) || !collect_fields(t, class, list))
        return NULL;
    bool overlapping = info->kind == C_UNION;
    for (size_t i = 0; i < list_length(list); i++)
        overlapping = overlapping || ((CField *)list_get(list, i).bits)->is_bitfield;
    size_t count = overlapping ? (size_t)(info->size + 7) / 8 : list_length(list);
    if (overlapping && count > 8)
        count = 1;
    ffi_type *made = make_ffi(t, info, count ? count : 1);
    if (made && count == 0)
        made->elements[0] = &ffi_type_uint8;
    for (size_t i = 0; made && i < count; i++) {
        ffi_type *element = overlapping ? (is_float_word(t, list, (int64_t)i) ? &ffi_type_double : &ffi_type_uint64)
                                        : c_ffi_type(t, ((CField *)list_get(list, i).bits)->type);
        if (!element) {
            free(made);
            return NULL;
        }
        made->elements[i] = element;
    }
    return made;
}

ffi_type *c_ffi_type(Thread *t, Value type) {
    CInfo *info = c_info(type);
    if (!info)
        return &ffi_type_sint;
    ffi_type *known = load_acquire(&info->ffi);
    if (known)
        return known;
    if (info->kind == C_POINTER || info->kind == C_FUNCTION)
        return &ffi_type_pointer;
    ffi_type *made = info->kind == C_ARRAY ? array_ffi(t, info) : aggregate_ffi(t, type, info);
    if (!made || compare_exchange(&info->ffi, &known, made))
        return made;
    free(made);
    return known;
}

/* ---- the classes ---- */

static Value get_pointer_type(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    if (info && present(load(&info->pointer_type)))
        return load(&info->pointer_type);
    return raise_attribute_error(t, args[0], TRY(str_intern_text(t, "__pointer_type__")), "type %R has no attribute '__pointer_type__'", args[0]);
}

static Value set_pointer_type(Thread *t, Value *args) {
    CInfo *info = c_info(args[0]);
    if (!info)
        return raise_type_error(t, "%R must have storage info", args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "cannot delete attribute");
    store(as_type(args[0]), &info->pointer_type, args[1]);
    return NONE;
}

static const GetSetDef ctype_getset[] = {
    {"__pointer_type__", get_pointer_type, set_pointer_type, "pointer type"},
    {NULL},
};

#define INIT_ROW(function) {"__init__(self, /, *args, **kwargs)", function, "Initialize self.  See help(type(self)) for accurate signature."}
static const NativeDef simple_methods[] = {
    INIT_ROW(simple_init),
    {"from_param(self, value, /)", c_simple_from_param, "Convert a Python object into a function call parameter."},
    {NULL},
};
static const NativeDef pointer_methods[] = {
    INIT_ROW(pointer_init),
    {"from_param(self, value, /)", c_pointer_from_param, "Convert a Python object into a function call parameter."},
    {"set_type(self, type, /)", pointer_set_type, NULL},
    {NULL},
};
static const NativeDef array_methods[] = {INIT_ROW(array_init), {NULL}};
static const NativeDef struct_methods[] = {
    INIT_ROW(struct_init),
    {"__setattr__(self, name, value, /)", aggregate_setattr, "Implement setattr(self, name, value)."},
    {NULL},
};
static const NativeDef union_methods[] = {
    INIT_ROW(union_init),
    {"__setattr__(self, name, value, /)", aggregate_setattr, "Implement setattr(self, name, value)."},
    {NULL},
};
static const NativeDef function_methods[] = {INIT_ROW(function_init), {NULL}};

MODULE_TYPE(ctype_metatype, _ctypes) = {
    STATIC_TYPE_HEAD(ctype_trace, ctype_release),
    .name_text = "_ctypes.CType_Type",
    .base_static = &type_type,
    .methods = ctype_methods,
    .getset = ctype_getset,
    .flags = TYPE_BASE | TYPE_TYPE,
    .instance_size = sizeof(CType),
};

#define METATYPE(c_name, text, rows)                      \
    MODULE_TYPE(c_name, _ctypes) = {                      \
        STATIC_TYPE_HEAD(ctype_trace, ctype_release),     \
        .name_text = "_ctypes." text,                     \
        .base_static = &ctype_metatype,                   \
        .methods = rows,                                  \
        .flags = TYPE_BASE | TYPE_TYPE,                   \
        .instance_size = sizeof(CType),                   \
    }

METATYPE(simple_metatype, "PyCSimpleType", simple_methods);
METATYPE(pointer_metatype, "PyCPointerType", pointer_methods);
METATYPE(array_metatype, "PyCArrayType", array_methods);
METATYPE(struct_metatype, "PyCStructType", struct_methods);
METATYPE(union_metatype, "UnionType", union_methods);
METATYPE(function_metatype, "PyCFuncPtrType", function_methods);
