/* CFuncPtr: C functions as Python objects. See ctypes.h.
 *
 * Threads: what is set on an instance (restype, argtypes, errcheck) is a word each; a call reads each once.
 */
#include "modules/_ctypes/ctypes.h"

#include "modules/os_support.h"
#include "object/audit.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/list.h"

#include <dlfcn.h>

static CFunction *as_function_pointer(Value v) { return (CFunction *)v.bits; }

static void function_trace(Tracer *tracer, Object *o) {
    cdata_trace(tracer, o);
    CFunction *f = (CFunction *)o;
    trace_values(tracer, &f->callable, (size_t)(&f->paramflags - &f->callable) + 1);
}

static Value from_address(Thread *t, Value class, void *address) {
    Value v = TRY(cdata_new(t, class));
    memcpy(cdata_memory(as_cdata(v)), &address, sizeof address);
    return v;
}

/* ---- paramflags: which parameters are input, output or have a default ---- */

enum { PARAM_IN = 1, PARAM_OUT = 2, PARAM_LOCALE = 4 };

static bool check_paramflag(Thread *t, Value item) {
    int64_t flag;
    bool shaped = is_tuple(item) && tuple_length(item) >= 1 && tuple_length(item) <= 3 && is_int(tuple_get(item, 0)) &&
                  int_to_i64(tuple_get(item, 0), &flag) && (tuple_length(item) < 2 || is_str(tuple_get(item, 1)) || is_none(tuple_get(item, 1)));
    if (!shaped) {
        raise_type_error(t, "paramflags must be a sequence of (int [,string [,value]]) tuples");
        return false;
    }
    flag &= PARAM_IN | PARAM_OUT | PARAM_LOCALE;
    bool known = flag == 0 || flag == PARAM_IN || flag == PARAM_OUT || flag == (PARAM_IN | PARAM_OUT) ||
                 flag == (PARAM_IN | PARAM_LOCALE);
    if (!known)
        raise_type_error(t, "paramflag value %d not supported", (int)flag);
    return known;
}

/* An output parameter must be a pointer that can be made. */
static bool check_output(Thread *t, Value item, Value type, size_t number) {
    int64_t flag;
    CInfo *info = c_info(type);
    if (!int_to_i64(tuple_get(item, 0), &flag) || (flag & 7) != PARAM_OUT)
        return true;
    bool pointer = info && (info->kind == C_POINTER || info->kind == C_ARRAY || info->kind == C_FUNCTION ||
                            (info->kind == C_SIMPLE && strchr("PzZ", info->code)));
    if (!pointer)
        raise_type_error(t, "'out' parameter %zd must be a pointer type, not %s", (ssize_t)number, is_type(type) ? as_type(type)->name_text : "?");
    return pointer;
}

static bool check_paramflags(Thread *t, Value class, Value flags) {
    CInfo *info = c_info(class);
    if (is_none(flags) || absent(info->argtypes))
        return true;
    if (!is_tuple(flags)) {
        raise_type_error(t, "paramflags must be a tuple or None");
        return false;
    }
    if (tuple_length(flags) != tuple_length(info->argtypes)) {
        raise_value_error(t, "paramflags must have the same length as argtypes");
        return false;
    }
    for (size_t i = 0; i < tuple_length(flags); i++)
        if (!check_paramflag(t, tuple_get(flags, i)) || !check_output(t, tuple_get(flags, i), tuple_get(info->argtypes, i), i + 1))
            return false;
    return true;
}

/* ---- making them ---- */

static Value from_library(Thread *t, Value class, Value args) {
    Value pair = tuple_get(args, 0), flags = tuple_length(args) > 1 ? tuple_get(args, 1) : NONE;
    if (tuple_length(pair) != 2)
        return raise_type_error(t, "function takes exactly 2 arguments (%zd given)", (ssize_t)tuple_length(pair));
    Value name = tuple_get(pair, 0), library = tuple_get(pair, 1);
    if (is_bytes(name))
        name = TRY(str_decode_filesystem(t, as_bytes(name)->data, as_bytes(name)->length));
    if (!is_str(name))
        return raise_type_error(t, "function name must be string, bytes object or integer");
    CHECK(audit(t, "ctypes.dlsym", 2, library, name));
    Value handle = TRY(get_attribute_text(t, library, "_handle"));
    if (!is_int(handle))
        return raise_type_error(t, "the _handle attribute of the second argument must be an integer");
    CHECK(check_paramflags(t, class, flags));
    const char *text = str_utf8(t, name, NULL);
    CHECK(text);
    dlerror();
    void *address = os_dlsym(capabilities(t), (void *)int_mask_u64(handle), text);
    if (!address) {
        const char *error = dlerror();
        return error ? raise_error(t, &AttributeError_type, "%s", error)
                     : raise_error(t, &AttributeError_type, "function '%S' not found", name);
    }
    Value v = TRY(from_address(t, class, address));
    if (!is_none(flags))
        store(as_function_pointer(v), &as_function_pointer(v)->paramflags, flags);
    CHECK(cdata_keep(t, v, 0, library));
    return v;
}

static Value from_callable(Thread *t, Value class, Value callable) {
    CInfo *info = c_info(class);
    void *code;
    if (!is_callable(callable))
        return raise_type_error(t, "argument must be callable or integer function address");
    if (!info || absent(info->argtypes))
        return raise_type_error(t, "cannot construct instance of this class: no argtypes");
    Value thunk = TRY(cthunk_new(t, callable, info->argtypes, info->restype, info->flags, &code));
    Value v = TRY(from_address(t, class, code));
    store(as_function_pointer(v), &as_function_pointer(v)->callable, callable);
    store(as_function_pointer(v), &as_function_pointer(v)->thunk, thunk);
    CHECK(cdata_keep(t, v, 0, thunk));
    return v;
}

static Value new_method(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count == 0)
        return cdata_new(t, args[0]);
    if (!c_info(args[0]))
        return raise_type_error(t, "abstract class");
    Value first = tuple_get(args[1], 0);
    if (is_tuple(first))
        return from_library(t, args[0], args[1]);
    if (count > 1)
        return raise_type_error(t, "function takes exactly 1 argument (%zd given)", (ssize_t)count);
    return is_int(first) ? from_address(t, args[0], (void *)int_mask_u64(first)) : from_callable(t, args[0], first);
}

static Value init_method(Thread *t, Value *args) { return NONE; }

/* ---- calling ---- */

typedef struct Outputs {
    Value values; /* list: what output parameters were given, in order */
    uint32_t in_out; /* bit per output: it came from the caller */
} Outputs;

/* The caller's argument for a parameter, by position or name; absent without an exception: none was given. */
static Value given_argument(Thread *t, Value args, Value kwargs, Value name, size_t *next) {
    if (*next < tuple_length(args))
        return tuple_get(args, (*next)++);
    return present(kwargs) && present(name) && is_str(name) ? dict_get(t, kwargs, name) : NO_VALUE;
}

static Value missing(Thread *t, Value name) {
    return present(name) && is_str(name) ? raise_type_error(t, "required argument '%S' missing", name)
                                         : raise_type_error(t, "not enough arguments");
}

/* What an output parameter points to: a new one of its type. */
static Value make_output(Thread *t, Value type) {
    CInfo *info = c_info(type);
    if (info->kind == C_ARRAY)
        return call_0(t, type);
    if (absent(info->proto) || !is_type(info->proto))
        return raise_type_error(t, "%s 'out' parameter must be passed as default value", as_type(type)->name_text);
    return call_0(t, info->proto);
}

static Value one_argument(Thread *t, Value type, Value flags, Value args, Value kwargs, size_t *next, Outputs *out) {
    int64_t flag;
    Value name = tuple_length(flags) > 1 ? tuple_get(flags, 1) : NO_VALUE, otherwise = tuple_length(flags) > 2 ? tuple_get(flags, 2) : NO_VALUE;
    int_to_i64(tuple_get(flags, 0), &flag);
    flag &= 7;
    if (flag == (PARAM_IN | PARAM_LOCALE))
        return present(otherwise) ? otherwise : small_int(0);
    if (flag == PARAM_OUT) {
        Value v = TRY(present(otherwise) ? otherwise : make_output(t, type));
        CHECK(list_append(t, out->values, v));
        CInfo *info = c_info(type);
        return info->kind == C_ARRAY ? v : c_byref(t, v, 0);
    }
    Value v = given_argument(t, args, kwargs, name, next);
    CHECK(present(v) || !error_pending(t));
    if (absent(v))
        v = present(otherwise) ? otherwise : TRY(missing(t, name));
    if (flag == (PARAM_IN | PARAM_OUT)) {
        if (list_length(out->values) < 32)
            out->in_out |= 1u << list_length(out->values);
        CHECK(list_append(t, out->values, v));
    }
    return v;
}

static Value build_arguments(Thread *t, CFunction *f, Value argtypes, Value args, Value kwargs, Outputs *out) {
    Value flags = load(&f->paramflags);
    *out = (Outputs){0};
    if (absent(flags) || absent(argtypes) || tuple_length(argtypes) == 0)
        return args;
    size_t count = tuple_length(argtypes), next = 0;
    out->values = TRY(list_new(t, 0));
    Value list = TRY(list_new(t, count));
    for (size_t i = 0; i < count && i < tuple_length(flags); i++)
        CHECK(list_append(t, list, TRY(one_argument(t, tuple_get(argtypes, i), tuple_get(flags, i), args, kwargs, &next, out))));
    size_t given = tuple_length(args) + (present(kwargs) ? dict_length(kwargs) : 0);
    if (next < tuple_length(args))
        return raise_type_error(t, "call takes exactly %zd arguments (%zd given)", (ssize_t)next, (ssize_t)given);
    return list_to_tuple(t, list);
}

static Value output(Thread *t, Value v, bool in_out) {
    if (in_out)
        return v;
    Value name = TRY(str_intern_text(t, "__ctypes_from_outparam__"));
    return call_method_0(t, v, name);
}

static Value build_result(Thread *t, Value result, Outputs *out) {
    size_t count = present(out->values) ? list_length(out->values) : 0;
    if (count == 0)
        return result;
    if (count == 1)
        return output(t, list_get(out->values, 0), out->in_out & 1);
    Value list = TRY(list_new(t, count));
    for (size_t i = 0; i < count; i++)
        CHECK(list_append(t, list, TRY(output(t, list_get(out->values, i), i < 32 && out->in_out >> i & 1))));
    return list_to_tuple(t, list);
}

static Value check_count(Thread *t, Value converters, Value arguments, int64_t flags) {
    size_t required = present(converters) ? tuple_length(converters) : 0, actual = tuple_length(arguments);
    if (present(converters) && required > actual)
        return raise_type_error(t, "this function takes at least %zd argument%s (%zd given)", (ssize_t)required, required == 1 ? "" : "s",
                                (ssize_t)actual);
    return NONE;
}

static Value call_method_row(Thread *t, Value *args) {
    CFunction *f = as_function_pointer(args[0]);
    CInfo *info = c_info_of(args[0]);
    Value own = load(&f->restype), restype = present(own) ? own : info->restype;
    Value checker = present(own) ? load(&f->checker) : info->checker;
    Value argtypes = load(&f->argtypes), converters = load(&f->converters), errcheck = load(&f->errcheck);
    if (absent(argtypes)) {
        argtypes = info->argtypes;
        converters = info->converters;
    } else if (is_none(argtypes)) {
        argtypes = converters = NO_VALUE;
    }
    void *function;
    memcpy(&function, cdata_memory(&f->data), sizeof function);
    if (!function)
        return raise_value_error(t, "attempt to call a NULL function pointer");
    Outputs out;
    Value arguments = TRY(build_arguments(t, f, argtypes, args[1], args[2], &out));
    TRY(check_count(t, converters, arguments, info->flags));
    Value result = TRY(c_call(t, function, arguments, info->flags, converters, restype, checker));
    keep_alive(f);
    if (present(errcheck)) {
        Value v = TRY(call_3(t, errcheck, result, args[0], arguments));
        if (!same(v, arguments))
            return v;
    }
    return build_result(t, result, &out);
}

/* ---- attributes ---- */

static Value get_restype(Thread *t, Value *args) {
    Value own = load(&as_function_pointer(args[0])->restype), v = present(own) ? own : c_info_of(args[0])->restype;
    return present(v) ? v : NONE;
}

static Value set_restype(Thread *t, Value *args) {
    CFunction *f = as_function_pointer(args[0]);
    Value checker = NO_VALUE;
    if (present(args[1]))
        CHECK(c_check_restype(t, args[1], &checker, "restype"));
    store(f, &f->checker, checker);
    store(f, &f->restype, args[1]);
    return NONE;
}

static Value get_argtypes(Thread *t, Value *args) {
    Value own = load(&as_function_pointer(args[0])->argtypes), v = present(own) ? own : c_info_of(args[0])->argtypes;
    return present(v) ? v : NONE;
}

static Value set_argtypes(Thread *t, Value *args) {
    CFunction *f = as_function_pointer(args[0]);
    Value tuple = args[1], converters = NO_VALUE;
    if (present(tuple) && !is_none(tuple))
        CHECK(c_function_types(t, args[1], &tuple, &converters));
    store(f, &f->converters, converters);
    store(f, &f->argtypes, tuple);
    return NONE;
}

static Value get_errcheck(Thread *t, Value *args) {
    Value v = load(&as_function_pointer(args[0])->errcheck);
    return present(v) ? v : NONE;
}

static Value set_errcheck(Thread *t, Value *args) {
    if (present(args[1]) && !is_callable(args[1]))
        return raise_type_error(t, "the errcheck attribute must be callable");
    store(as_function_pointer(args[0]), &as_function_pointer(args[0])->errcheck, args[1]);
    return NONE;
}

static Value function_bool(Thread *t, Value *args) {
    void *p;
    memcpy(&p, cdata_memory(as_cdata(args[0])), sizeof p);
    return from_bool(p != NULL);
}

static Value function_repr(Thread *t, Value *args) {
    char address[24];
    snprintf(address, sizeof address, "%p", (void *)args[0].bits);
    return format_text(t, "<%N object at %s>", type_of(args[0]), address);
}

static const NativeDef rows[] = {
    {"__new__(type, /, *args, **kwargs)", new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__init__(self, /, *args, **kwargs)", init_method, "Initialize self.  See help(type(self)) for accurate signature.", NATIVE_LAZY_KEYWORDS},
    {"__call__(self, /, *args, **kwargs)", call_method_row, "Call self as a function.", NATIVE_LAZY_KEYWORDS},
    {"__bool__(self, /)", function_bool, "True if self else False"},
    {"__repr__(self, /)", function_repr, "Return repr(self)."},
    {NULL},
};
static const GetSetDef getset[] = {
    {"errcheck", get_errcheck, set_errcheck, "a function to check for errors"},
    {"restype", get_restype, set_restype, "specify the result type"},
    {"argtypes", get_argtypes, set_argtypes, "specify the argument types"},
    {NULL},
};

MODULE_TYPE(cfunction_type, _ctypes) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &function_metatype}, .trace = function_trace},
    .name_text = "_ctypes.CFuncPtr",
    .doc = "Function Pointer",
    .base_static = &cdata_type,
    .methods = rows,
    .getset = getset,
    .buffer = &cdata_buffer,
    .flags = TYPE_BASE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(CFunction),
};
