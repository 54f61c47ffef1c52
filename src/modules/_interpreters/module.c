/* _interpreters: isolates for Python code; the library's concurrent.interpreters is made of it.
 *
 * set_memory_limit and memory_usage are Krait's own.
 *
 * Threads: an isolate that a function works on is held while it does.
 */
#include "modules/_interpreters/config.h"
#include "modules/_interpreters/session.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/function.h"

#include <stdlib.h>

MODULE_TYPE(InterpreterError_type, _interpreters) = {
    STATIC_TYPE_HEAD(exception_trace, NULL),
    .name_text = "concurrent.interpreters.InterpreterError",
    .doc = "A cross-interpreter operation failed",
    .base_static = &Exception_type,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
};
MODULE_TYPE(InterpreterNotFoundError_type, _interpreters) = {
    STATIC_TYPE_HEAD(exception_trace, NULL),
    .name_text = "concurrent.interpreters.InterpreterNotFoundError",
    .doc = "An interpreter was not found",
    .base_static = &InterpreterError_type,
    .flags = TYPE_BASE | TYPE_NO_MODULE,
};

static bool read_id(Thread *t, Value v, int64_t *id) {
    if (!is_int(v) && !type_slot(type_of(v), SLOT___index__)) {
        raise_type_error(t, "interpreter ID must be an int, got %T", v);
        return false;
    }
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    if (!int_to_i64(index, id)) {
        raise_overflow_error(t, "int too big to convert");
        return false;
    }
    if (*id < 0)
        raise_value_error(t, "interpreter ID must be a non-negative int, got %R", v);
    return *id >= 0;
}

/* The isolate, held; NULL: exception pending. */
static Isolate *look_up(Thread *t, Value id_object) {
    int64_t id;
    if (!read_id(t, id_object, &id))
        return NULL;
    Isolate *isolate = isolate_find(id);
    if (!isolate)
        raise_error(t, &InterpreterNotFoundError_type, "unrecognized interpreter ID %lld", (long long)id);
    return isolate;
}

/* The same for an operation that `what` names. Restricted: only on isolates that this module made. */
static Isolate *resolve(Thread *t, Value id, Value restrict_, bool ready, const char *what) {
    int restricted = truth(t, restrict_);
    Isolate *isolate = restricted < 0 ? NULL : look_up(t, id);
    if (!isolate)
        return NULL;
    if (ready && isolate->stage == ISOLATE_STARTING)
        raise_error(t, &InterpreterError_type, "cannot %s interpreter %R (not ready)", what, id);
    else if (restricted && isolate->whence != WHENCE_STDLIB)
        raise_error(t, &InterpreterError_type, "cannot %s unrecognized interpreter %R", what, id);
    else
        return isolate;
    isolate_release(isolate);
    return NULL;
}

/* Optional arguments of a given type, absent when not given: None is not accepted. */
static bool check_type(Thread *t, const char *function, int number, Value v, Type *type) {
    if (absent(v) || is_instance_of(v, type))
        return true;
    raise_type_error(t, "_interpreters.%s() argument %d must be %s, not %Y", function, number, type->name_text, v);
    return false;
}

/* Making and ending */

static Value new_config(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "_interpreters.new_config() argument 1 must be str, not %Y", args[0]);
    IsolateFeatures features;
    const char *name = str_utf8(t, args[0], NULL);
    CHECK(name && features_named(t, name, &features) && features_update(t, args[1], false, &features));
    return features_object(t, &features);
}

/* CPython cannot give an interpreter memory of its own and load old extension modules into it. */
static bool check_features(Thread *t, const IsolateFeatures *features) {
    if (features->use_main_obmalloc || features->check_multi_interp_extensions)
        return true;
    raise_error(t, &InterpreterError_type, "sub-interpreter creation failed");
    return false;
}

static Value creation_failed(Thread *t) {
    Value context = error_take(t);
    raise_error(t, &InterpreterError_type, "interpreter creation failed");
    exception_set_context(t, t->exception, context);
    return NO_VALUE;
}

static Value create(Thread *t, Value *args) {
    IsolateFeatures features;
    int counted = truth(t, args[1]);
    CHECK(counted >= 0 && features_from_object(t, args[0], &features));
    Isolate *isolate = check_features(t, &features) ? isolate_new(t, &features, WHENCE_STDLIB) : NULL;
    if (!isolate)
        return creation_failed(t);
    isolate->counted = counted;
    Value id = int_from(t, isolate->id);
    isolate_release(isolate);
    CHECK(safepoint(t));
    return id;
}

static Value destroy(Thread *t, Value *args) {
    Isolate *isolate = resolve(t, args[0], args[1], false, "destroy");
    CHECK(isolate != NULL);
    if (isolate == t->isolate)
        raise_error(t, &InterpreterError_type, "cannot destroy the current interpreter");
    else if (!isolate_end(t, isolate))
        raise_error(t, &InterpreterError_type, "interpreter running");
    isolate_release(isolate);
    return error_pending(t) ? NO_VALUE : NONE;
}

static Value incref(Thread *t, Value *args) {
    Isolate *isolate = resolve(t, args[0], args[2], true, "incref");
    int implies_link = truth(t, args[1]);
    CHECK(isolate != NULL && implies_link >= 0);
    if (implies_link)
        isolate->counted = true;
    isolate_add_reference(isolate);
    isolate_release(isolate);
    return NONE;
}

static Value decref(Thread *t, Value *args) {
    Isolate *isolate = resolve(t, args[0], args[1], true, "decref");
    CHECK(isolate != NULL);
    if (isolate_drop_reference(isolate) && isolate != t->isolate)
        isolate_end(t, isolate);
    isolate_release(isolate);
    return NONE;
}

/* Looking around */

static Value summary(Thread *t, int64_t id, int whence) {
    return tuple_pack(t, 2, TRY(int_from(t, id)), small_int(whence));
}

typedef struct Listed {
    int64_t id;
    int whence;
} Listed;
typedef struct Listing {
    bool ready_only, failed;
    size_t count, capacity;
    Listed *items;
} Listing;

static void list_one(void *context, Isolate *isolate) {
    Listing *l = context;
    if (l->failed || (l->ready_only && isolate->stage != ISOLATE_READY))
        return;
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? l->capacity * 2 : 16;
        Listed *items = realloc(l->items, capacity * sizeof *items);
        l->failed = !items;
        if (!items)
            return;
        l->items = items;
        l->capacity = capacity;
    }
    l->items[l->count++] = (Listed){isolate->id, isolate->whence};
}

static Value list_all(Thread *t, Value *args) {
    int ready_only = truth(t, args[0]);
    CHECK(ready_only >= 0);
    heap_collect_and_finalize(t, STACK_SCANNED); /* those that nobody refers to any more are gone, as with reference counts */
    Listing l = {.ready_only = ready_only};
    isolate_each(list_one, &l);
    Value list = l.failed ? raise_no_memory(t) : list_new(t, l.count);
    for (size_t i = 0; present(list) && i < l.count; i++) {
        Value item = summary(t, l.items[i].id, l.items[i].whence);
        if (absent(item) || !list_append(t, list, item))
            list = NO_VALUE;
    }
    free(l.items);
    return list;
}

static Value get_current(Thread *t, Value *args) { return summary(t, t->isolate->id, t->isolate->whence); }
static Value get_main(Thread *t, Value *args) { return summary(t, isolate_main()->id, isolate_main()->whence); }

static Value whence(Thread *t, Value *args) {
    Isolate *isolate = look_up(t, args[0]);
    CHECK(isolate != NULL);
    Value result = small_int(isolate->whence);
    isolate_release(isolate);
    return result;
}

static Value is_running(Thread *t, Value *args) {
    Isolate *isolate = resolve(t, args[0], args[1], true, "check if running for");
    CHECK(isolate != NULL);
    Value result = from_bool(isolate_is_running(isolate));
    isolate_release(isolate);
    return result;
}

static Value get_config(Thread *t, Value *args) {
    if (is_none(args[0]))
        return features_object(t, &t->isolate->features);
    Isolate *isolate = resolve(t, args[0], args[1], false, "get the config of");
    CHECK(isolate != NULL);
    Value result = features_object(t, &isolate->features);
    isolate_release(isolate);
    return result;
}

static Value is_shareable(Thread *t, Value *args) { return from_bool(parcel_is_shareable(t, args[0])); }

/* Running */

/* What exec and its kin return. */
static Value run(Thread *t, Task *task) {
    Value result, failure;
    bool ok = task_run(t, task, &result, &failure);
    parcel_free(task->script);
    isolate_release(task->isolate);
    CHECK(ok);
    return present(failure) ? failure : NONE;
}

static Value run_script(Thread *t, Value *args, const char *function, const char *what) {
    CHECK(check_type(t, function, 3, args[2], &dict_type));
    Task task = {.isolate = resolve(t, args[0], args[3], true, what), .shared = args[2]};
    CHECK(task.isolate != NULL);
    if (!(task.script = parcel_pack_script(t, args[1]))) {
        unwrap_not_shareable(t);
        isolate_release(task.isolate);
        return NO_VALUE;
    }
    return run(t, &task);
}

static Value exec(Thread *t, Value *args) { return run_script(t, args, "exec", "exec code for"); }

static Value run_string(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "_interpreters.run_string() argument 2 must be str, not %Y", args[1]);
    return run_script(t, args, "run_string", "run a string in");
}

static Value run_func(Thread *t, Value *args) {
    if (!is_function(args[1]) && !is_exactly(args[1], &code_type))
        return raise_type_error(t, "_interpreters.run_func() argument 2 must be a function, not %T", args[1]);
    return run_script(t, args, "run_func", "run a function in");
}

static Value set_main_attrs(Thread *t, Value *args) {
    CHECK(check_type(t, "set___main___attrs", 2, args[1], &dict_type));
    Task task = {.isolate = resolve(t, args[0], args[2], true, "update __main__ for"), .shared = args[1]};
    CHECK(task.isolate != NULL);
    if (dict_length(args[1]) == 0) {
        isolate_release(task.isolate);
        return raise_value_error(t, "arg 2 must be a non-empty dict");
    }
    return run(t, &task);
}

static bool pack_call(Thread *t, Value *args, Task *task) {
    if (!(task->callable = parcel_pack_callable(t, args[1])))
        return false;
    if (present(args[2]) && tuple_length(args[2]) && !(task->args = parcel_pack(t, args[2], CROSS_ANYTHING)))
        return false;
    return absent(args[3]) || !dict_length(args[3]) || (task->kwargs = parcel_pack(t, args[3], CROSS_ANYTHING));
}

static Value call_(Thread *t, Value *args) {
    CHECK(check_type(t, "call", 3, args[2], &tuple_type) && check_type(t, "call", 4, args[3], &dict_type));
    Task task = {.isolate = resolve(t, args[0], args[5], true, "make a call in")};
    CHECK(task.isolate != NULL);
    Value result, failure;
    bool ok = pack_call(t, args, &task) && task_run(t, &task, &result, &failure);
    parcel_free(task.callable);
    parcel_free(task.args);
    parcel_free(task.kwargs);
    isolate_release(task.isolate);
    CHECK(ok);
    return tuple_pack(t, 2, present(result) ? result : NONE, present(failure) ? failure : NONE);
}

static Value capture_exception(Thread *t, Value *args) {
    Value e = is_none(args[0]) ? t->handled : args[0];
    if (absent(e) || is_none(e))
        return NONE;
    if (!is_instance_of(e, &BaseException_type))
        return raise_type_error(t, "expected exception, got %R", e);
    ExceptionInfo info;
    error_restore(t, e);
    if (!exception_info_take(t, &info))
        return raise_error(t, &Exception_type, "error while formatting exception");
    Value result = exception_info_object(t, &info);
    exception_info_free(&info);
    return result;
}

/* Memory */

static Value set_memory_limit(Thread *t, Value *args) {
    int64_t bytes;
    CHECK(index_as_ssize(t, args[1], &bytes, false, NULL));
    if (bytes < 0)
        return raise_value_error(t, "bytes must not be negative");
    Isolate *isolate = look_up(t, args[0]);
    CHECK(isolate != NULL);
    heap_set_limit(isolate->heap, (size_t)bytes);
    isolate_release(isolate);
    return NONE;
}

static Value memory_usage(Thread *t, Value *args) {
    Isolate *isolate = look_up(t, args[0]);
    CHECK(isolate != NULL);
    HeapStats stats;
    heap_stats(isolate->heap, &stats);
    isolate_release(isolate);
    return tuple_pack(t, 3, TRY(int_from(t, (int64_t)stats.live_bytes)), TRY(int_from(t, (int64_t)stats.external_bytes)),
                      TRY(int_from(t, (int64_t)stats.limit_bytes)));
}

static const NativeDef functions[] = {
    {"new_config(name='isolated', /, **overrides)", new_config,
     "new_config(name='isolated', /, **overrides) -> type.SimpleNamespace\n\nReturn a configuration for create(): the fields of the "
     "named one (isolated, legacy or\nempty), some of them overridden.", NATIVE_NO_SIGNATURE},
    {"create(config=None, *, reqrefs=False)", create,
     "create([config], *, reqrefs=False) -> ID\n\nMake a new interpreter and return its ID. The caller must destroy it before the "
     "process\nexits; with reqrefs=True dropping the last reference (see incref) does so. config is\none from new_config() or the "
     "name of one.", NATIVE_NO_SIGNATURE},
    {"destroy(id, *, restrict=False)", destroy,
     "destroy(id, *, restrict=False)\n\nEnd an interpreter and free its memory. InterpreterError if it is the current one\nor runs.",
     NATIVE_NO_SIGNATURE},
    {"list_all(*, require_ready=False)", list_all,
     "list_all() -> [(ID, whence)]\n\nReturn a list containing the ID of every existing interpreter.", NATIVE_NO_SIGNATURE},
    {"get_current()", get_current, "get_current() -> (ID, whence)\n\nReturn the ID of current interpreter."},
    {"get_main()", get_main, "get_main() -> (ID, whence)\n\nReturn the ID of main interpreter."},
    {"is_running(id, *, restrict=False)", is_running,
     "is_running(id, *, restrict=False) -> bool\n\nReturn whether or not the identified interpreter is running.", NATIVE_NO_SIGNATURE},
    {"get_config(id, *, restrict=False)", get_config,
     "get_config(id, *, restrict=False) -> types.SimpleNamespace\n\nReturn the configuration that the interpreter was made with.",
     NATIVE_NO_SIGNATURE},
    {"whence(id)", whence, "whence(id) -> int\n\nReturn an identifier for where the interpreter was created.", NATIVE_NO_SIGNATURE},
    {"exec(id, code, shared=<unrepresentable>, *, restrict=False)", exec,
     "exec(id, code, shared=None, *, restrict=False)\n\nRun a script in the __main__ module of an interpreter: text, or the code of "
     "a function\nwithout parameters and closure, or a code object. The names of the dict `shared` are\nbound first. Returns None, or "
     "a description of the exception that ended it.", NATIVE_NO_SIGNATURE},
    {"call(id, callable, args=<unrepresentable>, kwargs=<unrepresentable>, *, preserve_exc=False, restrict=False)", call_,
     "call(id, callable, args=None, kwargs=None, *, restrict=False)\n\nCall the provided object in the identified interpreter.\nPass "
     "the given args and kwargs, if possible.", NATIVE_NO_SIGNATURE},
    {"run_string(id, script, shared=<unrepresentable>, *, restrict=False)", run_string,
     "run_string(id, script, shared=None, *, restrict=False)\n\nRun text in an interpreter: see exec().", NATIVE_NO_SIGNATURE},
    {"run_func(id, func, shared=<unrepresentable>, *, restrict=False)", run_func,
     "run_func(id, func, shared=None, *, restrict=False)\n\nRun the body of a function, or a code object, in an interpreter: see exec().",
     NATIVE_NO_SIGNATURE},
    {"set___main___attrs(id, updates, *, restrict=False)", set_main_attrs,
     "set___main___attrs(id, ns, *, restrict=False)\n\nBind the given attributes in the interpreter's __main__ module.",
     NATIVE_NO_SIGNATURE},
    {"incref(id, *, implieslink=False, restrict=False)", incref, NULL, NATIVE_NO_SIGNATURE},
    {"decref(id, *, restrict=False)", decref, NULL, NATIVE_NO_SIGNATURE},
    {"is_shareable(obj)", is_shareable,
     "is_shareable(obj) -> bool\n\nReturn True if the object's data may be shared between interpreters and\nFalse otherwise.",
     NATIVE_NO_SIGNATURE},
    {"capture_exception(exc=None)", capture_exception,
     "capture_exception(exc=None) -> types.SimpleNamespace\n\nDescribe an exception, or the one that is being handled, as exec() does.",
     NATIVE_NO_SIGNATURE},
    {"set_memory_limit(id, bytes, /)", set_memory_limit,
     "Let an interpreter's objects take at most so many bytes; beyond, its code gets MemoryError.\n0 means no limit."},
    {"memory_usage(id, /)", memory_usage,
     "Return what an interpreter's objects take, in bytes: inside and outside of its heap, and its\nlimit (0: none)."},
    {0},
};

static bool init(Thread *t, Value module) {
    static const struct {
        const char *name;
        int value;
    } origins[] = {{"WHENCE_UNKNOWN", WHENCE_UNKNOWN}, {"WHENCE_RUNTIME", WHENCE_RUNTIME}, {"WHENCE_LEGACY_CAPI", WHENCE_LEGACY_CAPI},
                   {"WHENCE_CAPI", WHENCE_CAPI},       {"WHENCE_XI", WHENCE_XI},           {"WHENCE_STDLIB", WHENCE_STDLIB}};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        if (!module_add_int(t, module, origins[i].name, origins[i].value))
            return false;
    return module_add_type(t, module, &InterpreterError_type) && module_add_type(t, module, &InterpreterNotFoundError_type) &&
           module_add(t, module, "NotShareableError", not_shareable_class(t)) && module_add_type(t, module, &buffer_view_type);
}

NATIVE_MODULE(_interpreters) = {
    .name = "_interpreters",
    .doc = "This module provides primitive operations to manage Python interpreters.\nThe 'interpreters' module provides a more "
           "convenient interface.",
    .functions = functions,
    .init = init,
};
