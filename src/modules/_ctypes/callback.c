/* C functions that call Python ones: closures of libffi. See ctypes.h.
 *
 * Threads: a callback may come on a thread that called C from Python, which then is in a blocking region that the callback leaves
 * while it runs; or on one that Python never saw, which gets a Thread record for that long. The closure dies with the thunk, which
 * the function object made from it keeps alive.
 */
#include "modules/_ctypes/ctypes.h"

#include "types/list.h"

#include <errno.h>
#include <stdlib.h>

typedef struct CThunk {
    Object object;
    Value callable, argtypes, restype; /* restype absent: int */
    Isolate *isolate;
    ffi_closure *closure;
    void *code;
    int64_t flags;
    ffi_cif cif;
    ffi_type *types[];
} CThunk;

static void thunk_trace(Tracer *tracer, Object *o) {
    CThunk *k = (CThunk *)o;
    trace_value(tracer, k->callable);
    trace_value(tracer, k->argtypes);
    trace_value(tracer, k->restype);
}

static void thunk_release(Object *o) {
    if (((CThunk *)o)->closure)
        ffi_closure_free(((CThunk *)o)->closure);
}

MODULE_TYPE(cthunk_type, _ctypes) = {
    STATIC_TYPE_HEAD(thunk_trace, thunk_release),
    .name_text = "_ctypes.CThunkObject",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(CThunk),
};

static Value build_arguments(Thread *t, CThunk *k, void **pointers) {
    size_t count = tuple_length(k->argtypes);
    Value arguments = TRY(tuple_new(t, count));
    for (size_t i = 0; i < count; i++) {
        Value type = tuple_get(k->argtypes, i), v;
        if (!c_info(type))
            return raise_type_error(t, "cannot build parameter");
        v = TRY(cdata_get(t, type, NO_VALUE, 0, pointers[i]));
        store(as_tuple(arguments), &as_tuple(arguments)->items[i], v);
    }
    return arguments;
}

/* Writes the result where C finds it. libffi wants small integers as whole words. */
static void convert_result(Thread *t, CThunk *k, Value result, char *memory) {
    CInfo *info = c_info(k->restype), plain = {.kind = C_SIMPLE, .code = 'i', .size = sizeof(int)};
    if (present(k->restype) && is_none(k->restype))
        return;
    if (!info)
        info = &plain;
    memset(memory, 0, (size_t)info->size > sizeof(ffi_arg) ? (size_t)info->size : sizeof(ffi_arg));
    Value keep = c_code_set(t, info, memory, result);
    if (absent(keep)) {
        Value text = format_text(t, "Exception ignored while converting result of ctypes callback function %R", k->callable);
        const char *message = NULL;
        Value error = error_take(t);
        message = present(text) ? str_utf8(t, text, NULL) : NULL;
        error_restore(t, error);
        error_write_unraisable(t, message, NO_VALUE);
    } else if (!is_none(keep) && info->code != 'O' &&
               !warn(t, &RuntimeWarning_type, 1, "memory leak in callback function.")) {
        error_write_unraisable(t, NULL, k->callable);
    } else if (c_code_is_integer(info->code) && strchr("bhil", info->code) && info->size < 8 && !info->swapped) {
        int64_t wide = info->size == 1 ? *(int8_t *)memory : info->size == 2 ? *(int16_t *)memory : *(int32_t *)memory;
        memcpy(memory, &wide, sizeof wide);
    }
}

static void report(Thread *t, CThunk *k) {
    Value error = error_take(t);
    Value text = format_text(t, "Exception ignored while calling ctypes callback function %R", k->callable);
    const char *message = present(text) ? str_utf8(t, text, NULL) : NULL;
    error_clear(t);
    error_restore(t, error);
    error_write_unraisable(t, message, NO_VALUE);
}

static void run_python(Thread *t, CThunk *k, char *result_memory, void **pointers) {
    Value pending = error_take(t);
    Value arguments = build_arguments(t, k, pointers);
    Value result = present(arguments) ? call_tuple(t, k->callable, arguments, NO_VALUE) : NO_VALUE;
    if (absent(result)) {
        if (absent(k->restype) || !is_none(k->restype))
            memset(result_memory, 0, sizeof(ffi_arg));
        report(t, k);
    } else {
        convert_result(t, k, result, result_memory);
    }
    if (present(pending))
        error_restore(t, pending);
}

static void run_on_thread(Thread *t, CThunk *k, char *result, void **pointers) {
    int *private = c_private_errno(), saved = errno;
    if (k->flags & FLAG_USE_ERRNO) {
        errno = *private;
        *private = saved;
    }
    run_python(t, k, result, pointers);
    if (k->flags & FLAG_USE_ERRNO) {
        saved = errno;
        errno = *private;
        *private = saved;
    }
}

/* On a native thread that has no Thread record. */
static void run_on_foreign_thread(CThunk *k, char *result, void **pointers) {
    Thread *t = thread_new(k->isolate);
    if (!t)
        abort(); /* no memory, and nobody to tell */
    thread_attach_foreign(t, __builtin_frame_address(0));
    run_on_thread(t, k, result, pointers);
    thread_free(t);
}

static void closure_entry(ffi_cif *cif, void *result, void **pointers, void *data) {
    CThunk *k = data;
    Thread *t = thread_current();
    if (!t)
        return run_on_foreign_thread(k, result, pointers);
    bool blocking = load_relaxed(&heap_thread(t)->state) == THREAD_BLOCKING;
    int number = errno;
    if (blocking)
        blocking_end(t);
    errno = number;
    run_on_thread(t, k, result, pointers);
    number = errno;
    if (blocking)
        blocking_begin(t);
    errno = number;
}

Value cthunk_new(Thread *t, Value callable, Value argtypes, Value restype, int64_t flags, void **code) {
    CInfo *info = present(restype) ? c_info(restype) : NULL;
    if (present(restype) && !is_none(restype) && (!info || info->kind != C_SIMPLE))
        return raise_type_error(t, "invalid result type for callback function");
    size_t count = tuple_length(argtypes);
    CThunk *k = heap_allocate_finalizable(t, &cthunk_type, sizeof *k + (count + 1) * sizeof *k->types);
    CHECK(k);
    k->isolate = t->isolate;
    k->flags = flags;
    store(k, &k->callable, callable);
    store(k, &k->argtypes, argtypes);
    store(k, &k->restype, restype);
    for (size_t i = 0; i < count; i++)
        CHECK(k->types[i] = c_ffi_type(t, tuple_get(argtypes, i)));
    ffi_type *result = absent(restype) ? &ffi_type_sint : is_none(restype) ? &ffi_type_void : c_ffi_type(t, restype);
    k->closure = ffi_closure_alloc(sizeof *k->closure, &k->code);
    if (!k->closure)
        return raise_no_memory(t);
    if (ffi_prep_cif(&k->cif, FFI_DEFAULT_ABI, (unsigned)count, result, k->types) != FFI_OK ||
        ffi_prep_closure_loc(k->closure, &k->cif, closure_entry, k, k->code) != FFI_OK)
        return raise_error(t, &RuntimeError_type, "ffi_prep_closure failed");
    publish(from_object(k)); /* whatever thread the C code is called in */
    *code = k->code;
    return from_object(k);
}
