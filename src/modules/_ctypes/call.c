/* Calling C functions through libffi. See ctypes.h.
 *
 * The function runs in a blocking region unless it is said to need the interpreter (FLAG_PYTHONAPI): other threads go on, and a
 * callback leaves the region for as long as it runs.
 *
 * Threads: everything is the caller's. The private errno belongs to the native thread.
 */
#include "modules/_ctypes/ctypes.h"

#include "object/audit.h"
#include "types/bytes.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"

#include <errno.h>
#include <stdarg.h>

static _Thread_local int private_errno;
int *c_private_errno(void) { return &private_errno; }

bool c_extend_error(Thread *t, Type *type, const char *format, ...) {
    Value e = error_take(t);
    va_list list;
    va_start(list, format);
    Value prefix = format_text_list(t, format, list);
    va_end(list);
    Value text = absent(e) || absent(prefix) ? NO_VALUE : to_str(t, e);
    if (absent(text) && present(prefix)) {
        error_clear(t);
        text = empty_str;
    }
    if (present(text))
        raise_error(t, type, "%S%T: %S", prefix, e, text);
    return false;
}

typedef struct Argument {
    ffi_type *ffi;
    void *pointer; /* to the value */
    Value keep;
    CArgument own;
} Argument;

static bool set_integer(Thread *t, Value v, Argument *a) {
    int64_t i;
    if (!int_to_i64(v, &i) || i < INT32_MIN || i > UINT32_MAX) {
        uint64_t u;
        if (!int_to_i64(v, &i) && !int_to_u64(v, &u)) {
            raise_overflow_error(t, "int too long to convert");
            return false;
        }
        i = (int64_t)int_mask_u64(v);
    }
    a->ffi = &ffi_type_sint;
    a->own.value.i = i;
    return true;
}

static bool convert_argument(Thread *t, Value v, size_t index, Argument *a);

static bool convert_by_attribute(Thread *t, Value v, size_t index, Argument *a) {
    Value name = str_intern_text(t, "_as_parameter_"), parameter = present(name) ? find_attribute(t, v, name) : NO_VALUE;
    if (present(parameter)) {
        if (!recursion_enter(t, " while processing _as_parameter_"))
            return false;
        bool ok = convert_argument(t, parameter, index, a);
        recursion_leave(t);
        return ok;
    }
    if (!error_pending(t))
        raise_type_error(t, "Don't know how to convert parameter %zd", (ssize_t)index);
    return false;
}

static bool convert_argument(Thread *t, Value v, size_t index, Argument *a) {
    a->pointer = &a->own.value;
    a->keep = v;
    if (is_cdata(v) && absent(v = cargument_of(t, v)))
        return false;
    if (is_exactly(v, &cargument_type)) {
        CArgument *given = as_argument(v);
        a->keep = v;
        a->ffi = given->ffi;
        a->pointer = given->tag == 'V' && given->size > (int64_t)sizeof given->value ? given->value.p : (void *)&given->value;
        return true;
    }
    a->ffi = &ffi_type_pointer;
    if (is_none(v)) {
        a->own.value.p = NULL;
        return true;
    }
    if (is_int(v))
        return set_integer(t, v, a);
    if (is_bytes(v)) {
        a->own.value.p = as_bytes(v)->data;
        return true;
    }
    if (is_str(v)) {
        CInfo wide = {.kind = C_SIMPLE, .code = 'Z', .size = sizeof(void *)};
        a->keep = c_code_set(t, &wide, a->own.value.bytes, v);
        return present(a->keep);
    }
    return convert_by_attribute(t, v, index, a);
}

/* What the arguments refer to goes into `values`, where the collector sees it. */
static bool convert_all(Thread *t, Value arguments, Value converters, Argument *to, Value values) {
    Type *error = as_type(ctypes_state(t, CTYPES_ARGUMENT_ERROR));
    for (size_t i = 0; i < tuple_length(arguments); i++) {
        Value v = tuple_get(arguments, i);
        if (present(converters) && i < tuple_length(converters))
            v = call_1(t, tuple_get(converters, i), v);
        if (absent(v) || !convert_argument(t, v, i + 1, &to[i]))
            return c_extend_error(t, error, "argument %zd: ", (ssize_t)i + 1);
        store(as_tuple(values), &as_tuple(values)->items[i], to[i].keep);
    }
    return true;
}

/* What the function gave, as its restype says. */
static Value result_of(Thread *t, Value restype, Value checker, char *memory) {
    if (absent(restype))
        return int_from(t, *(int *)memory);
    if (is_none(restype))
        return NONE;
    CInfo *info = c_info(restype);
    if (!info)
        return call_1(t, restype, int_from(t, *(int *)memory));
    Value v = TRY(cdata_get(t, restype, NO_VALUE, 0, memory));
    return absent(checker) ? v : call_1(t, checker, v);
}

typedef struct Invocation {
    ffi_cif cif;
    void *function;
    void **pointers;
    char *result;
    int64_t flags;
} Invocation;

static void invoke(Thread *t, Invocation *call) {
    bool blocking = !(call->flags & FLAG_PYTHONAPI);
    if (blocking)
        blocking_begin(t);
    if (call->flags & FLAG_USE_ERRNO) {
        errno = private_errno;
        ffi_call(&call->cif, FFI_FN(call->function), call->result, call->pointers);
        private_errno = errno;
    } else {
        ffi_call(&call->cif, FFI_FN(call->function), call->result, call->pointers);
    }
    if (blocking)
        blocking_end(t);
}

static Value call_prepared(Thread *t, void *function, Argument *a, size_t count, size_t fixed, int64_t flags, Value restype, Value checker) {
    ffi_type *types[count + 1];
    void *pointers[count + 1];
    for (size_t i = 0; i < count; i++) {
        types[i] = a[i].ffi;
        pointers[i] = a[i].pointer;
    }
    ffi_type *result_type = absent(restype) ? &ffi_type_sint : is_none(restype) ? &ffi_type_void : c_ffi_type(t, restype);
    CHECK(result_type);
    size_t size = result_type->size > 32 ? result_type->size : 32;
    alignas(16) char small[256];
    Value large = size > sizeof small ? TRY(bytes_new(t, NULL, size)) : NO_VALUE;
    Invocation call = {.function = function, .pointers = pointers, .flags = flags,
                       .result = present(large) ? as_bytes(large)->data : small};
    memset(call.result, 0, size);
    ffi_status status = fixed < count
                            ? ffi_prep_cif_var(&call.cif, FFI_DEFAULT_ABI, (unsigned)fixed, (unsigned)count, result_type, types)
                            : ffi_prep_cif(&call.cif, FFI_DEFAULT_ABI, (unsigned)count, result_type, types);
    if (status != FFI_OK)
        return raise_error(t, &RuntimeError_type, fixed < count ? "ffi_prep_cif_var failed" : "ffi_prep_cif failed");
    invoke(t, &call);
    if (error_pending(t)) /* of a function that runs Python code */
        return NO_VALUE;
    CHECK(safepoint(t));
    return result_of(t, restype, checker, call.result);
}

Value c_call(Thread *t, void *function, Value arguments, int64_t flags, Value converters, Value restype, Value checker) {
    size_t count = tuple_length(arguments), fixed = present(converters) ? tuple_length(converters) : count;
    if (audited(t))
        CHECK(audit(t, "ctypes.call_function", 2, TRY(int_from(t, (int64_t)(intptr_t)function)), arguments));
    if (count > MOST_ARGUMENTS)
        return raise_error(t, as_type(ctypes_state(t, CTYPES_ARGUMENT_ERROR)), "too many arguments (%zd), maximum is %d", (ssize_t)count,
                           MOST_ARGUMENTS);
    Value block = TRY(bytes_new(t, NULL, (count + 1) * sizeof(Argument)));
    Argument *a = (Argument *)(((uintptr_t)as_bytes(block)->data + 15) & ~(uintptr_t)15);
    Value values = TRY(tuple_new(t, count));
    CHECK(convert_all(t, arguments, converters, a, values));
    Value v = call_prepared(t, function, a, count, fixed < count && count ? fixed : count, flags, restype, checker);
    keep_alive(as_object(values));
    keep_alive(as_object(block));
    keep_alive(as_object(arguments));
    return v;
}
