/* What C code keeps with code objects: PyUnstable_Eval_RequestCodeExtraIndex, PyUnstable_Code_SetExtra and _GetExtra.
 *
 * An isolate hands out at most MAX_INDICES numbers, each with a function that frees the values kept under it. The values of a
 * code object stand in a cell that only it refers to; that cell has a finalizer, since freeing may run Python code. It is
 * made anew, larger, when a number comes that it has no room for.
 *
 * Threads: a number's function is written before the count of numbers. A code object's cell is replaced, and its values are
 * exchanged, under the lock of the code object; they are read without one.
 */
#include "modules/_ctypes/ctypes.h"

#include "compile/code.h"

#define API [[gnu::visibility("default"), gnu::used]]

enum { MAX_INDICES = 255 };

typedef void (*FreeFunction)(void *value);

typedef struct Functions {
    Object object;
    size_t count; /* numbers handed out */
    FreeFunction free[MAX_INDICES];
} Functions;

static Type functions_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL | CELL_UNTRACKED},
    .name_text = "code_extra_functions",
};

typedef struct Extras {
    Object object;
    Value functions;
    size_t capacity;
    bool finished; /* freed, or moved into a larger cell */
    void *values[];
} Extras;

static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((Extras *)o)->functions); }

static Functions *as_functions(Value v) { return (Functions *)as_object(v); }
static Functions *functions_of(Thread *t) { return as_functions(ctypes_state(t, CTYPES_CODE_EXTRA)); }

static Value del(Thread *t, Value *args) {
    (void)t;
    Extras *extras = (Extras *)as_object(args[0]);
    if (exchange(&extras->finished, true))
        return NONE;
    for (size_t i = 0; i < extras->capacity; i++) {
        FreeFunction function = as_functions(extras->functions)->free[i];
        void *value = exchange(&extras->values[i], NULL);
        if (value && function)
            function(value);
    }
    return NONE;
}

static const NativeDef methods[] = {{"__del__(self, /)", del, NULL}, {}};

MODULE_TYPE(code_extras_type, _ctypes) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "code_extras",
    .methods = methods,
    .flags = TYPE_NO_NEW | TYPE_HAS_DEL,
    .instance_size = sizeof(Extras),
};

Value code_extra_functions(Thread *t) {
    Functions *functions = heap_allocate(t, &functions_type, sizeof *functions);
    return functions ? from_object(functions) : NO_VALUE;
}

/* -1 without exception: there are no more. */
API ssize_t PyUnstable_Eval_RequestCodeExtraIndex(FreeFunction function) {
    Functions *functions = functions_of(thread_current());
    object_lock(&functions->object);
    size_t index = functions->count;
    if (index < MAX_INDICES) {
        functions->free[index] = function;
        store_release(&functions->count, index + 1);
    }
    object_unlock(&functions->object);
    return index < MAX_INDICES ? (ssize_t)index : -1;
}

static Extras *extras_of(CodeObject *code) {
    Value v = (Value){load_acquire(&code->extra.bits)};
    return present(v) ? (Extras *)as_object(v) : NULL;
}

static bool is_usable(const Extras *extras, size_t index) { return extras && index < extras->capacity && !load_relaxed(&extras->finished); }

/* Puts the value there, if there is a place for it; what was there goes to *old. */
static bool replace(CodeObject *code, size_t index, void *value, void **old) {
    object_lock(&code->object);
    Extras *extras = extras_of(code);
    bool fits = is_usable(extras, index);
    if (fits)
        *old = exchange(&extras->values[index], value);
    object_unlock(&code->object);
    return fits;
}

static bool make_room(Thread *t, CodeObject *code, size_t index) {
    size_t capacity = load_acquire(&functions_of(t)->count);
    Extras *new = heap_allocate_finalizable(t, &code_extras_type, sizeof *new + capacity * sizeof *new->values);
    if (!new)
        return false;
    new->capacity = capacity;
    store(new, &new->functions, from_object(functions_of(t)));
    object_lock(&code->object);
    Extras *old = extras_of(code);
    if (is_usable(old, index)) { /* another thread was faster */
        new->finished = true;
    } else {
        if (old && !exchange(&old->finished, true))
            memcpy(new->values, old->values, old->capacity * sizeof *old->values);
        store(code, &code->extra, from_object(new));
    }
    object_unlock(&code->object);
    return true;
}

static CodeObject *checked_code(Thread *t, Value v) {
    if (present(v) && is_exactly(v, &code_type))
        return as_code(v);
    raise_system_error(t, "bad argument to internal function");
    return NULL;
}

API int PyUnstable_Code_SetExtra(Value v, ssize_t index, void *value) {
    Thread *t = thread_current();
    CodeObject *code = checked_code(t, v);
    if (!code)
        return -1;
    if (index < 0 || (size_t)index >= load_acquire(&functions_of(t)->count)) {
        raise_system_error(t, "bad argument to internal function");
        return -1;
    }
    void *old;
    while (!replace(code, (size_t)index, value, &old))
        if (!make_room(t, code, (size_t)index))
            return -1;
    FreeFunction function = functions_of(t)->free[index];
    if (old && function)
        function(old);
    return 0;
}

API int PyUnstable_Code_GetExtra(Value v, ssize_t index, void **value) {
    CodeObject *code = checked_code(thread_current(), v);
    if (!code)
        return -1;
    Extras *extras = extras_of(code);
    *value = index >= 0 && extras && (size_t)index < extras->capacity ? load_acquire(&extras->values[index]) : NULL;
    return 0;
}
