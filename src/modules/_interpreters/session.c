/* See session.h.
 *
 * Everything that goes in or comes out is packed before the border is crossed and unpacked behind it: run_inside sees only
 * objects of the isolate, the rest of the file only those of the caller's.
 */
#include "modules/_interpreters/session.h"
#include "modules/isolate_modules.h"
#include "object/call.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <stdlib.h>

typedef struct Binding {
    char *name;
    Parcel *value;
} Binding;

typedef enum Failure {
    NO_FAILURE,
    FAILED_UNCAUGHT,      /* by an exception of the code itself */
    FAILED_NOT_SHAREABLE, /* by what could not cross: `what` says which part */
    FAILED_OTHER,         /* by an exception that could not be described */
} Failure;

typedef struct Session {
    const Task *task;
    Binding *bindings;
    size_t binding_count;
    Parcel *result; /* of a call */
    Failure failure;
    const char *what;
    ExceptionInfo info;
} Session;

/* Inside */

static Value fail(Thread *t, Session *s, Failure failure, const char *what) {
    s->what = what;
    s->failure = exception_info_take(t, &s->info) ? failure : FAILED_OTHER;
    return NO_VALUE;
}

static Value bind_shared(Thread *t, Session *s, Value namespace) {
    for (size_t i = 0; i < s->binding_count; i++) {
        Value value = parcel_unpack(t, s->bindings[i].value);
        if (absent(value) || !dict_set(t, namespace, TRY(str_intern_text(t, s->bindings[i].name)), value))
            return fail(t, s, FAILED_NOT_SHAREABLE, NULL);
    }
    return NONE;
}

static Value make_call(Thread *t, Session *s) {
    const Task *task = s->task;
    Value callable = parcel_unpack(t, task->callable);
    if (absent(callable))
        return fail(t, s, FAILED_NOT_SHAREABLE, "func not shareable");
    Value args = task->args ? parcel_unpack(t, task->args) : empty_tuple;
    if (absent(args))
        return fail(t, s, FAILED_NOT_SHAREABLE, "args not shareable");
    Value kwargs = task->kwargs ? parcel_unpack(t, task->kwargs) : NO_VALUE;
    if (absent(kwargs) && task->kwargs)
        return fail(t, s, FAILED_NOT_SHAREABLE, "kwargs not shareable");
    Value result = call_tuple(t, callable, args, kwargs);
    if (absent(result))
        return fail(t, s, FAILED_UNCAUGHT, NULL);
    if (!(s->result = parcel_pack(t, result, CROSS_ANYTHING)))
        return fail(t, s, FAILED_NOT_SHAREABLE, NULL);
    return NONE;
}

static Value run_script(Thread *t, Session *s, Value namespace) {
    Value code = parcel_unpack(t, s->task->script);
    if (absent(code))
        return fail(t, s, FAILED_NOT_SHAREABLE, NULL);
    return present(vm_run_code(t, code, namespace, namespace)) ? NONE : fail(t, s, FAILED_UNCAUGHT, NULL);
}

static Value run_inside(Thread *t, Session *s) {
    exports_sweep(t);
    Value main = import_add_module(t, names.__main__);
    if (absent(main))
        return fail(t, s, FAILED_OTHER, NULL);
    TRY(bind_shared(t, s, module_dict(main)));
    if (s->task->script)
        TRY(run_script(t, s, module_dict(main)));
    else if (s->task->callable)
        TRY(make_call(t, s));
    return NONE;
}

/* A thread that the isolate's end stopped leaves with nothing. */
[[gnu::noinline]] static bool cross(Thread *host, Session *s) {
    Thread *t = isolate_enter(host, s->task->isolate, __builtin_frame_address(0));
    if (!t) {
        raise_no_memory(host);
        return false;
    }
    run_inside(t, s);
    error_clear(t);
    isolate_leave(t, host);
    return true;
}

/* Outside */

static void free_bindings(Session *s) {
    for (size_t i = 0; i < s->binding_count; i++) {
        free(s->bindings[i].name);
        parcel_free(s->bindings[i].value);
    }
    free(s->bindings);
}

static bool pack_binding(Thread *t, Value key, Value value, Binding *b) {
    size_t length;
    if (!is_str(key)) {
        raise_type_error(t, "bad argument type for built-in operation");
        return false;
    }
    const char *name = str_utf8(t, key, &length);
    if (name && strlen(name) != length)
        raise_value_error(t, "found embedded NULL character");
    if (error_pending(t) || !(b->value = parcel_pack(t, value, CROSS_DATA)))
        return false;
    b->name = strdup(name);
    return b->name || (raise_no_memory(t), false);
}

static bool pack_shared(Thread *t, Session *s) {
    Value shared = s->task->shared;
    if (absent(shared) || dict_length(shared) == 0)
        return true;
    Value items = dict_items_list(t, shared);
    if (absent(items))
        return false;
    size_t count = list_length(items);
    s->bindings = calloc(count, sizeof *s->bindings);
    if (!s->bindings) {
        raise_no_memory(t);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        Value item = list_get(items, i);
        s->binding_count = i + 1;
        if (!pack_binding(t, tuple_get(item, 0), tuple_get(item, 1), &s->bindings[i]))
            return false;
    }
    return true;
}

/* An exception that shows what was displayed on the other side. */
static Value proxy(Thread *t, Type *type, const ExceptionInfo *info) {
    const char *text = info->display ? info->display : info->message ? info->message : "";
    return call_1(t, from_object(type), TRY(str_from_text(t, text)));
}

static bool report(Thread *t, Session *s, Value *result, Value *failure) {
    switch (s->failure) {
    case NO_FAILURE:
        *result = s->result ? parcel_unpack(t, s->result) : NONE;
        return present(*result);
    case FAILED_UNCAUGHT:
        *failure = exception_info_object(t, &s->info);
        return present(*failure);
    case FAILED_NOT_SHAREABLE: {
        Value cause = proxy(t, &Exception_type, &s->info);
        if (present(cause))
            raise_not_shareable(t, cause, "%s", s->what ? s->what : s->info.message ? s->info.message : "");
        return false;
    }
    case FAILED_OTHER:
        raise_with_args(t, &InterpreterError_type, 0, NULL);
        return false;
    }
    return false;
}

bool task_run(Thread *t, const Task *task, Value *result, Value *failure) {
    Session s = {.task = task};
    *result = *failure = NO_VALUE;
    bool ok = pack_shared(t, &s);
    if (ok && !isolate_claim(task->isolate)) {
        raise_error(t, &InterpreterError_type, "interpreter already running");
        ok = false;
    }
    if (ok) {
        ok = cross(t, &s);
        isolate_unclaim(task->isolate);
        ok = ok && report(t, &s, result, failure);
    }
    free_bindings(&s);
    parcel_free(s.result);
    exception_info_free(&s.info);
    return ok && safepoint(t);
}
