/* Arguments on their way to C: CArgument, and what from_param of each metaclass makes. See ctypes.h. */
#include "modules/_ctypes/ctypes.h"

#include "types/bytes.h"
#include "types/int/int.h"

#include <stdio.h>

static void argument_trace(Tracer *tracer, Object *o) { trace_value(tracer, ((CArgument *)o)->keep); }

Value cargument_new(Thread *t, char tag, ffi_type *ffi, Value keep) {
    CArgument *a = heap_allocate(t, &cargument_type, sizeof *a);
    if (!a)
        return NO_VALUE;
    a->tag = tag;
    a->ffi = ffi;
    store(a, &a->keep, keep);
    return from_object(a);
}

static Value argument_repr(Thread *t, Value *args) {
    CArgument *a = as_argument(args[0]);
    char text[96];
    switch (a->tag) {
    case 'b': snprintf(text, sizeof text, "<cparam '%c' (%d)>", a->tag, (int8_t)a->value.i); break;
    case 'B': snprintf(text, sizeof text, "<cparam '%c' (%d)>", a->tag, (uint8_t)a->value.i); break;
    case 'h': snprintf(text, sizeof text, "<cparam '%c' (%d)>", a->tag, (int16_t)a->value.i); break;
    case 'H': snprintf(text, sizeof text, "<cparam '%c' (%d)>", a->tag, (uint16_t)a->value.i); break;
    case 'i': snprintf(text, sizeof text, "<cparam '%c' (%d)>", a->tag, (int32_t)a->value.i); break;
    case 'I': snprintf(text, sizeof text, "<cparam '%c' (%u)>", a->tag, (uint32_t)a->value.i); break;
    case 'l':
    case 'q': snprintf(text, sizeof text, "<cparam '%c' (%lld)>", a->tag, (long long)a->value.i); break;
    case 'L':
    case 'Q': snprintf(text, sizeof text, "<cparam '%c' (%llu)>", a->tag, (unsigned long long)a->value.i); break;
    case 'd':
    case 'f': {
        CInfo info = {.kind = C_SIMPLE, .code = a->tag, .size = a->tag == 'd' ? 8 : 4};
        return format_text(t, "<cparam '%c' (%R)>", a->tag, TRY(c_code_get(t, &info, a->value.bytes)));
    }
    case 'c': {
        unsigned char c = (unsigned char)a->value.bytes[0];
        snprintf(text, sizeof text, c >= 0x20 && c < 0x7f && c != '\\' && c != '\'' ? "<cparam '%c' ('%c')>" : "<cparam '%c' ('\\x%02x')>", a->tag, c);
        break;
    }
    case 'z':
    case 'Z':
    case 'P': snprintf(text, sizeof text, "<cparam '%c' (%p)>", a->tag, a->value.p); break;
    default: snprintf(text, sizeof text, "<cparam '%c' at %p>", a->tag ? a->tag : ' ', (void *)a);
    }
    return str_from_text(t, text);
}

static const MemberDef argument_members[] = {
    {"_obj", MEMBER_VALUE, offsetof(CArgument, keep), true, "the wrapped object"},
    {NULL},
};
static const NativeDef argument_methods[] = {
    {"__repr__(self, /)", argument_repr, "Return repr(self)."},
    {NULL},
};

MODULE_TYPE(cargument_type, _ctypes) = {
    STATIC_TYPE_HEAD(argument_trace, NULL),
    .name_text = "_ctypes.CArgObject",
    .methods = argument_methods,
    .members = argument_members,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(CArgument),
};

Value c_byref(Thread *t, Value instance, int64_t offset) {
    Value v = TRY(cargument_new(t, 'P', &ffi_type_pointer, instance));
    as_argument(v)->value.p = cdata_memory(as_cdata(instance)) + offset;
    return v;
}

/* C data as an argument: arrays as a pointer to them, all else by value. */
Value cargument_of(Thread *t, Value instance) {
    CData *d = as_cdata(instance);
    CInfo *info = c_info_of(instance);
    if (!info)
        return raise_type_error(t, "abstract class");
    if (info->kind == C_ARRAY)
        return c_byref(t, instance, 0);
    ffi_type *ffi = c_ffi_type(t, from_object(type_of(instance)));
    CHECK(ffi);
    bool aggregate = info->kind == C_STRUCTURE || info->kind == C_UNION;
    char tag = info->kind == C_SIMPLE ? info->code : aggregate ? 'V' : info->kind == C_FUNCTION ? 'X' : 'P';
    Value v = TRY(cargument_new(t, tag, ffi, instance));
    CArgument *a = as_argument(v);
    a->size = d->size;
    if (!aggregate)
        memcpy(a->value.bytes, cdata_memory(d), (size_t)info->size);
    else if (d->size <= (int64_t)sizeof a->value)
        memcpy(a->value.bytes, cdata_memory(d), (size_t)d->size);
    else { /* a copy that nobody changes */
        Value copy = TRY(cdata_part(t, from_object(type_of(instance)), NO_VALUE, 0, cdata_memory(d)));
        store(a, &a->keep, TRY(tuple_pack(t, 2, copy, instance)));
        a->value.p = cdata_memory(as_cdata(copy));
    }
    return v;
}

/* value._as_parameter_; absent without an exception: it has none. */
static Value as_parameter(Thread *t, Value value) {
    Value name = TRY(str_intern_text(t, "_as_parameter_"));
    return find_attribute(t, value, name);
}

static Value convert_parameter(Thread *t, Value value, NativeFn convert, Value class) {
    Value parameter = as_parameter(t, value);
    if (absent(parameter))
        return NO_VALUE;
    CHECK(recursion_enter(t, " while processing _as_parameter_"));
    Value args[3] = {NO_VALUE, class, parameter};
    Value v = convert(t, args + 1);
    recursion_leave(t);
    return v;
}

Value c_from_param(Thread *t, Value *args) {
    Value class = args[0], value = args[1];
    int matches = is_instance(t, value, class);
    CHECK(matches >= 0);
    if (matches)
        return value;
    CInfo *info = c_info(class);
    if (is_exactly(value, &cargument_type)) {
        Value kept = as_argument(value)->keep;
        if (info && present(kept) && present(info->proto)) {
            matches = is_instance(t, kept, info->proto);
            CHECK(matches >= 0);
            if (matches)
                return value;
        }
        return raise_type_error(t, "expected %N instance instead of pointer to %s", as_type(class),
                                present(kept) ? type_of(kept)->name_text : "???");
    }
    Value v = convert_parameter(t, value, c_from_param, class);
    if (present(v) || error_pending(t))
        return v;
    return raise_type_error(t, "expected %N instance instead of %T", as_type(class), value);
}

Value c_simple_from_param(Thread *t, Value *args) {
    Value class = args[0], value = args[1];
    int matches = is_instance(t, value, class);
    CHECK(matches >= 0);
    if (matches)
        return value;
    CInfo *info = c_info(class);
    if (!info)
        return raise_type_error(t, "abstract class");
    Value v = TRY(cargument_new(t, info->code, info->ffi, NO_VALUE));
    Value keep = c_code_set(t, info, as_argument(v)->value.bytes, value);
    if (present(keep)) {
        store(as_argument(v), &as_argument(v)->keep, keep);
        return v;
    }
    Value error = error_take(t);
    v = convert_parameter(t, value, c_simple_from_param, class);
    if (absent(v) && !error_pending(t))
        error_restore(t, error);
    return v;
}

Value c_pointer_from_param(Thread *t, Value *args) {
    Value class = args[0], value = args[1];
    CInfo *info = c_info(class), *given = is_cdata(value) ? c_info_of(value) : NULL;
    if (is_none(value))
        return NONE;
    if (info && present(info->proto)) {
        int matches = is_instance(t, value, info->proto);
        CHECK(matches >= 0);
        if (matches)
            return c_byref(t, value, 0);
        if (given && (given->kind == C_POINTER || given->kind == C_ARRAY) && present(given->proto)) {
            matches = is_subclass(t, given->proto, info->proto);
            CHECK(matches >= 0);
            if (matches)
                return value;
        }
    }
    return c_from_param(t, args);
}

/* ---- c_char_p, c_wchar_p, c_void_p ---- */

static Value by_code(Thread *t, char code, Value value) {
    CInfo info = {.kind = C_SIMPLE, .code = code, .size = sizeof(void *)};
    Value v = TRY(cargument_new(t, code, &ffi_type_pointer, NO_VALUE));
    Value keep = TRY(c_code_set(t, &info, as_argument(v)->value.bytes, value));
    store(as_argument(v), &as_argument(v)->keep, keep);
    return v;
}

static bool is_item_of_code(Value type, char code) {
    CInfo *info = c_info(type);
    return info && info->kind == C_SIMPLE && info->code == code;
}

/* An array of or a pointer to the type, or byref of one. */
static bool points_to_code(Value value, char code) {
    if (is_exactly(value, &cargument_type)) {
        Value kept = as_argument(value)->keep;
        return as_argument(value)->tag == 'P' && present(kept) && is_cdata(kept) && is_item_of_code(from_object(type_of(kept)), code);
    }
    CInfo *info = is_cdata(value) ? c_info_of(value) : NULL;
    return info && (info->kind == C_ARRAY || info->kind == C_POINTER) && is_item_of_code(info->proto, code);
}

static Value text_from_param(Thread *t, Value *args, char code, char item, NativeFn self, const char *name) {
    Value class = args[0], value = args[1];
    if (is_none(value))
        return NONE;
    if (code == 'z' ? is_bytes(value) : is_str(value))
        return by_code(t, code, value);
    int matches = is_instance(t, value, class);
    CHECK(matches >= 0);
    if (matches || points_to_code(value, item))
        return value;
    Value v = convert_parameter(t, value, self, class);
    if (present(v) || error_pending(t))
        return v;
    return raise_type_error(t, "'%T' object cannot be interpreted as ctypes.%s", value, name);
}

static Value char_p_from_param(Thread *t, Value *args) { return text_from_param(t, args, 'z', 'c', char_p_from_param, "c_char_p"); }
static Value wchar_p_from_param(Thread *t, Value *args) { return text_from_param(t, args, 'Z', 'u', wchar_p_from_param, "c_wchar_p"); }

static Value void_p_from_param(Thread *t, Value *args) {
    Value class = args[0], value = args[1];
    if (is_none(value))
        return NONE;
    if (is_bytes(value) || is_str(value) || is_int(value))
        return by_code(t, is_bytes(value) ? 'z' : is_str(value) ? 'Z' : 'P', value);
    int matches = is_instance(t, value, class);
    CHECK(matches >= 0);
    if (matches || (is_exactly(value, &cargument_type) && as_argument(value)->tag == 'P'))
        return value;
    CInfo *info = is_cdata(value) ? c_info_of(value) : NULL;
    if (info && (info->kind == C_ARRAY || info->kind == C_POINTER))
        return value;
    if (info && (info->kind == C_FUNCTION || (info->kind == C_SIMPLE && (info->code == 'z' || info->code == 'Z')))) {
        Value v = TRY(cargument_new(t, info->kind == C_FUNCTION ? 'P' : 'Z', &ffi_type_pointer, value));
        memcpy(&as_argument(v)->value.p, cdata_memory(as_cdata(value)), sizeof(void *));
        return v;
    }
    Value v = convert_parameter(t, value, void_p_from_param, class);
    if (present(v) || error_pending(t))
        return v;
    return raise_type_error(t, "'%T' object cannot be interpreted as ctypes.c_void_p", value);
}

static const NativeDef special_rows[] = {
    {"from_param(type, value, /)", char_p_from_param, NULL, NATIVE_CLASS},
    {"from_param(type, value, /)", wchar_p_from_param, NULL, NATIVE_CLASS},
    {"from_param(type, value, /)", void_p_from_param, NULL, NATIVE_CLASS},
};

const NativeDef *c_special_from_param(char code) {
    return code == 'z' ? &special_rows[0] : code == 'Z' ? &special_rows[1] : code == 'P' ? &special_rows[2] : NULL;
}
