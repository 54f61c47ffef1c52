/* _imp: what importlib asks of the runtime. There are no extension modules yet: none is ever found.
 *
 * Threads: the isolate's import lock is a re-entrant lock kept for programs that still take it.
 */
#include "modules/import_lock.h"
#include "base/hash.h"
#include "modules/config.h"
#include "modules/frozen.h"
#include "modules/isolate_modules.h"
#include "modules/marshal/marshal.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/memoryview.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"
#include "compile/code.h"

#include <string.h>

/* The magic number of .pyc files changes by itself with the operations; CODE_FORMAT is raised with the form of code
 * objects in marshal, and with any other change that old files would not survive. */
enum { CODE_FORMAT = 9 };

static uint16_t bytecode_version(void) {
    static const char operations[] =
#define OPERATION(name, operands, effects, doc) #name operands ","
#include "compile/ops.def"
#undef OPERATION
        ;
    uint32_t hash = 2166136261u + CODE_FORMAT;
    for (const char *p = operations; *p; p++) hash = (hash ^ (uint8_t)*p) * 16777619u;
    return (uint16_t)(hash ^ hash >> 16);
}

static Value imp_lock_held(Thread *t, Value *args) { return from_bool(load_relaxed(&t->isolate->import_lock.depth) != 0); }

void import_lock_acquire(Thread *t) {
    if (load_relaxed(&t->isolate->import_lock.owner) != t) {
        if (!mutex_try_lock(&t->isolate->import_lock.mutex)) {
            blocking_begin(t);
            mutex_lock(&t->isolate->import_lock.mutex);
            blocking_end(t);
        }
        store_relaxed(&t->isolate->import_lock.owner, t);
    }
    store_relaxed(&t->isolate->import_lock.depth, t->isolate->import_lock.depth + 1);
}

bool import_lock_release(Thread *t) {
    if (load_relaxed(&t->isolate->import_lock.owner) != t)
        return false;
    store_relaxed(&t->isolate->import_lock.depth, t->isolate->import_lock.depth - 1);
    if (t->isolate->import_lock.depth == 0) {
        store_relaxed(&t->isolate->import_lock.owner, NULL);
        mutex_unlock(&t->isolate->import_lock.mutex);
    }
    return true;
}

static Value imp_acquire_lock(Thread *t, Value *args) {
    import_lock_acquire(t);
    return NONE;
}

static Value imp_release_lock(Thread *t, Value *args) {
    return import_lock_release(t) ? NONE : raise_error(t, &RuntimeError_type, "not holding the import lock");
}

static Value imp_extension_suffixes(Thread *t, Value *args) { return list_new(t, 0); }

static Value imp_is_builtin(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "is_builtin() argument must be str, not %Y", args[0]);
    if (!native_module_find(t, args[0]))
        return small_int(0);
    return small_int(str_equal_text(args[0], "sys") || str_equal_text(args[0], "builtins") ? -1 : 1);
}

static Value imp_create_builtin(Thread *t, Value *args) {
    Value name = TRY(get_attribute(t, args[0], names.name));
    if (!is_str(name))
        return raise_type_error(t, "name must be string, not %T", name);
    const ModuleDef *def = native_module_find(t, name);
    if (!def)
        return NONE;
    Value there = dict_get(t, t->isolate->modules, name);
    if (present(there) && (def == &builtins_module || same(there, t->isolate->sys_module)))
        return there;
    CHECK(!error_pending(t));
    return module_from_def(t, def);
}

static Value imp_exec_builtin(Thread *t, Value *args) { return small_int(0); }

/* ---- frozen modules ---- */

static Value frozen_error(Thread *t, FrozenStatus status, Value name) {
    static const char *const messages[] = {
        [FROZEN_NOT_FOUND] = "No such frozen object named %R",
        [FROZEN_DISABLED] = "Frozen modules are disabled and the frozen object named %R is not essential",
        [FROZEN_EXCLUDED] = "Excluded frozen object named %R",
        [FROZEN_INVALID] = "Frozen object named %R is invalid",
    };
    Value message = TRY(format_text(t, messages[status], name));
    Value error = TRY(call_1(t, from_object(&ImportError_type), message));
    CHECK(set_attribute(t, error, names.name, name));
    return raise_exception(t, error);
}

static bool is_name(Thread *t, Value name, const char *function) {
    if (!is_str(name))
        raise_type_error(t, "%s() argument 1 must be str, not %Y", function, name);
    return is_str(name);
}

static Value imp_is_frozen(Thread *t, Value *args) {
    const FrozenModule *m;
    CHECK(is_name(t, args[0], "is_frozen"));
    return from_bool(frozen_find(t, args[0], &m) == FROZEN_OKAY);
}

static Value imp_is_frozen_package(Thread *t, Value *args) {
    const FrozenModule *m;
    CHECK(is_name(t, args[0], "is_frozen_package"));
    FrozenStatus status = frozen_find(t, args[0], &m);
    return status == FROZEN_OKAY || status == FROZEN_EXCLUDED ? from_bool(m->is_package) : frozen_error(t, status, args[0]);
}

static Value imp_find_frozen(Thread *t, Value *args) {
    const FrozenModule *m;
    CHECK(is_name(t, args[0], "find_frozen"));
    FrozenStatus status = frozen_find(t, args[0], &m);
    if (status == FROZEN_NOT_FOUND || status == FROZEN_DISABLED)
        return NONE;
    if (status != FROZEN_OKAY)
        return frozen_error(t, status, args[0]);
    int with_data = truth(t, args[1]);
    CHECK(with_data >= 0);
    Value data = TRY(with_data ? memoryview_from_memory(t, NONE, (char *)m->data, m->size, true) : NONE);
    Value origin = TRY(m->origin ? str_from_text(t, m->origin) : NONE);
    return tuple_pack(t, 3, data, from_bool(m->is_package), origin);
}

static Value imp_get_frozen_object(Thread *t, Value *args) {
    CHECK(is_name(t, args[0], "get_frozen_object"));
    if (!is_none(args[1])) {
        Buffer b;
        CHECK(buffer_get_contiguous(t, args[1], &b, false));
        const FrozenModule *own;
        bool is_own = frozen_find(t, args[0], &own) == FROZEN_OKAY && own->size == b.length && memcmp(own->data, b.data, b.length) == 0;
        Value v = is_own ? frozen_code(t, own) : marshal_loads(t, b.data, b.length, true, NO_VALUE);
        buffer_release(t, &b);
        if (absent(v) && error_catch(t, &Exception_type))
            return frozen_error(t, FROZEN_INVALID, args[0]);
        return absent(v) || is_exactly(v, &code_type) ? v : raise_type_error(t, "frozen object %R is not a code object", args[0]);
    }
    const FrozenModule *m;
    FrozenStatus status = frozen_find(t, args[0], &m);
    return status == FROZEN_OKAY ? frozen_code(t, m) : frozen_error(t, status, args[0]);
}

/* Runs a frozen module in sys.modules; None where there is none. */
static Value imp_init_frozen(Thread *t, Value *args) {
    CHECK(is_name(t, args[0], "init_frozen"));
    const FrozenModule *m;
    FrozenStatus status = frozen_find(t, args[0], &m);
    if (status == FROZEN_NOT_FOUND || status == FROZEN_DISABLED)
        return NONE;
    if (status != FROZEN_OKAY)
        return frozen_error(t, status, args[0]);
    Value code = TRY(frozen_code(t, m)), module = TRY(import_add_module(t, args[0])), dict = module_dict(module);
    if (m->is_package)
        CHECK(dict_set(t, dict, names.__path__, TRY(list_new(t, 0))));
    CHECK(dict_set(t, dict, names.__builtins__, t->isolate->builtins_module));
    TRY(vm_run_code(t, code, dict, dict));
    Value origin = TRY(m->origin ? str_from_text(t, m->origin) : NONE);
    CHECK(dict_set(t, dict, TRY(str_intern_text(t, "__origname__")), origin));
    return module;
}

static Value imp_frozen_names(Thread *t, Value *args) {
    Value list = TRY(list_new(t, 0));
    for (const FrozenModule *m = frozen_modules; m && m->name; m++) CHECK(list_append(t, list, TRY(str_from_text(t, m->name))));
    return list;
}

static Value imp_override_frozen(Thread *t, Value *args) {
    int64_t override;
    CHECK(index_as_ssize(t, args[0], &override, false, NULL));
    t->isolate->frozen_override = (int)override;
    return NONE;
}

static Value imp_create_dynamic(Thread *t, Value *args) {
    return raise_error(t, &ImportError_type, "binary extension modules are not supported");
}

static bool fix_filename(Thread *t, CodeObject *code, Value old, Value new) {
    if (!str_equal(t, load(&code->filename), old))
        return true;
    store(code, &code->filename, new);
    for (size_t i = 0; i < tuple_length(code->constants); i++) {
        Value constant = tuple_get(code->constants, i);
        if (is_exactly(constant, &code_type) && !fix_filename(t, as_code(constant), old, new))
            return false;
    }
    return true;
}

static Value imp_fix_co_filename(Thread *t, Value *args) {
    if (!is_exactly(args[0], &code_type))
        return raise_type_error(t, "_fix_co_filename() argument 1 must be code, not %Y", args[0]);
    if (!is_str(args[1]))
        return raise_type_error(t, "_fix_co_filename() argument 2 must be str, not %Y", args[1]);
    CHECK(fix_filename(t, as_code(args[0]), as_code(args[0])->filename, args[1]));
    return NONE;
}

static Value imp_source_hash(Thread *t, Value *args) {
    int64_t key;
    CHECK(index_as_ssize(t, args[0], &key, false, NULL));
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    HashKey secret = {(uint64_t)key, 0};
    uint64_t hash = siphash13(secret, b.data, b.length);
    buffer_release(t, &b);
    return bytes_new(t, (const char *)&hash, 8);
}

static Value imp_override(Thread *t, Value *args) { return NONE; }

static bool imp_init(Thread *t, Value module) {
    const char *policy = config(t)->check_hash_pycs;
    return module_add_int(t, module, "pyc_magic_number_token", bytecode_version() | 0x0A0D0000) &&
           module_add_text(t, module, "check_hash_based_pycs", policy ? policy : "default");
}

static const NativeDef imp_functions[] = {
    {"lock_held()", imp_lock_held, "Return True if the import lock is currently held, else False."},
    {"acquire_lock()", imp_acquire_lock, "Acquires the interpreter's import lock for the current thread."},
    {"release_lock()", imp_release_lock, "Release the interpreter's import lock."},
    {"extension_suffixes()", imp_extension_suffixes, "Returns the list of file suffixes used to identify extension modules."},
    {"is_builtin(name, /)", imp_is_builtin, "Returns True if the module name corresponds to a built-in module."},
    {"create_builtin(spec, /)", imp_create_builtin, "Create an extension module."},
    {"exec_builtin(mod, /)", imp_exec_builtin, "Initialize a built-in module."},
    {"is_frozen(name, /)", imp_is_frozen, "Returns True if the module name corresponds to a frozen module."},
    {"is_frozen_package(name, /)", imp_is_frozen_package, "Returns True if the module name is of a frozen package."},
    {"find_frozen(name, /, *, withdata=False)", imp_find_frozen, "Return info about the corresponding frozen module (if there "
                                                                 "is one) or None."},
    {"get_frozen_object(name, data=None, /)", imp_get_frozen_object, "Create a code object for a frozen module."},
    {"init_frozen(name, /)", imp_init_frozen, "Initializes a frozen module."},
    {"create_dynamic(spec, file=<unrepresentable>, /)", imp_create_dynamic, "Create an extension module."},
    {"exec_dynamic(mod, /)", imp_create_dynamic, "Initialize an extension module."},
    {"_fix_co_filename(code, path, /)", imp_fix_co_filename, "Changes code.co_filename to specify the passed-in file path."},
    {"source_hash(key, source)", imp_source_hash, NULL},
    {"_override_frozen_modules_for_tests(override, /)", imp_override_frozen, "(internal-only) Override PyConfig.use_frozen_modules."},
    {"_override_multi_interp_extensions_check(override, /)", imp_override, "(internal-only) Override "
                                                                           "PyInterpreterConfig.check_multi_interp_extensions."},
    {"_frozen_module_names()", imp_frozen_names, "(internal-only) Returns the list of available frozen modules."},
    {0},
};

NATIVE_MODULE(_imp) = {
    .name = "_imp",
    .doc = "(Extremely) low-level import machinery bits as used by importlib.",
    .functions = imp_functions,
    .init = imp_init,
};
