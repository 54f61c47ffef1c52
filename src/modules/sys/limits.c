/* sys: limits and settings of the runtime.
 *
 * Threads: limits belong to the isolate; each is one word.
 */
#include "modules/config.h"
#include "modules/os_support.h"
#include "modules/sys/sys.h"
#include "object/audit.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "vm/eval.h"

#include <dlfcn.h>

static Value sys_getrecursionlimit(Thread *t, Value *args) { return small_int(t->isolate->recursion_limit); }

static Value sys_setrecursionlimit(Thread *t, Value *args) {
    int64_t limit;
    CHECK(index_as_ssize(t, args[0], &limit, false, NULL));
    if (limit > INT32_MAX)
        return raise_overflow_error(t, "signed integer is greater than maximum");
    if (limit < 1)
        return raise_value_error(t, "recursion limit must be greater or equal than 1");
    size_t depth = 0;
    while (vm_frame_at(t, depth))
        depth++;
    if ((int64_t)depth >= limit)
        return raise_error(t, &RecursionError_type,
                           "cannot set the recursion limit to %lld at the recursion depth %zu: the limit is too low",
                           (long long)limit, depth);
    t->isolate->recursion_limit = (uint32_t)limit;
    vm_recursion_limit_changed(t);
    return NONE;
}

static Value sys_get_digits(Thread *t, Value *args) { return small_int(load_relaxed(&t->isolate->int_max_str_digits)); }

static Value sys_set_digits(Thread *t, Value *args) {
    int64_t digits;
    CHECK(index_as_ssize(t, args[0], &digits, false, NULL));
    if (digits != 0 && digits < 640)
        return raise_value_error(t, "maxdigits must be >= 640 or 0 for unlimited");
    if (digits > INT32_MAX)
        return raise_overflow_error(t, "signed integer is greater than maximum");
    store_relaxed(&t->isolate->int_max_str_digits, digits);
    return NONE;
}

/* There is no lock to switch: the interval is only remembered. */
static Value sys_getswitchinterval(Thread *t, Value *args) {
    Value interval = t->isolate->slots[ISOLATE_SWITCH_INTERVAL];
    return absent(interval) ? float_from_double(t, 0.005) : interval;
}

static Value sys_setswitchinterval(Thread *t, Value *args) {
    double seconds;
    CHECK(to_double(t, args[0], &seconds));
    if (!(seconds > 0))
        return raise_value_error(t, "switch interval must be strictly positive");
    isolate_keep(t, ISOLATE_SWITCH_INTERVAL, TRY(float_from_double(t, seconds)));
    return NONE;
}

/* No extension modules are loaded: the flags are only remembered. */
static Value sys_getdlopenflags(Thread *t, Value *args) {
    Value flags = load(&t->isolate->slots[ISOLATE_DLOPEN_FLAGS]);
    return absent(flags) ? small_int(RTLD_NOW) : flags;
}

static Value sys_setdlopenflags(Thread *t, Value *args) {
    int flags;
    CHECK(as_c_int(t, args[0], &flags));
    store_release(&t->isolate->slots[ISOLATE_DLOPEN_FLAGS].bits, small_int(flags).bits); /* NOBARRIER: a small int */
    return NONE;
}

static Value sys_remote_exec(Thread *t, Value *args) {
    CHECK(!audited(t) || audit(t, "sys.remote_exec", 2, args[0], args[1]));
    return raise_error(t, &RuntimeError_type, "Remote debugging is not enabled");
}

static Value sys_is_gil_enabled(Thread *t, Value *args) { return FALSE; }
static Value sys_is_finalizing(Thread *t, Value *args) { return from_bool(isolate_is_finalizing(t->isolate)); }
static Value sys_getdefaultencoding(Thread *t, Value *args) { return str_from_text(t, "utf-8"); }
static Value sys_getfilesystemencoding(Thread *t, Value *args) { return str_from_text(t, "utf-8"); }
static Value sys_getfilesystemencodeerrors(Thread *t, Value *args) { return str_from_text(t, "surrogateescape"); }
static Value sys_clear_caches(Thread *t, Value *args) { return NONE; }
static Value sys_is_remote_debug_enabled(Thread *t, Value *args) { return FALSE; }
static Value sys_is_trampoline_active(Thread *t, Value *args) { return FALSE; }
static Value sys_deactivate_trampoline(Thread *t, Value *args) { return NONE; }
static Value sys_get_cpu_count_config(Thread *t, Value *args) {
    return small_int(config(t)->cpu_count > 0 ? config(t)->cpu_count : -1);
}

static Value sys_activate_trampoline(Thread *t, Value *args) {
    return raise_value_error(t, "perf trampoline not available");
}

const NativeDef sys_limit_functions[] = {
    {"getrecursionlimit()", sys_getrecursionlimit,
     "Return the current value of the recursion limit.\n\nThe recursion limit is the maximum depth of the Python interpreter\n"
     "stack.  This limit prevents infinite recursion from causing an overflow\nof the C stack and crashing Python."},
    {"setrecursionlimit(limit, /)", sys_setrecursionlimit,
     "Set the maximum depth of the Python interpreter stack to n.\n\nThis limit prevents infinite recursion from causing an "
     "overflow of the C\nstack and crashing Python.  The highest possible limit is platform-\ndependent."},
    {"get_int_max_str_digits()", sys_get_digits, "Return the maximum string digits limit for non-binary int<->str conversions."},
    {"set_int_max_str_digits(maxdigits)", sys_set_digits, "Set the maximum string digits limit for non-binary int<->str "
                                                          "conversions."},
    {"getswitchinterval()", sys_getswitchinterval, "Return the current thread switch interval; see sys.setswitchinterval()."},
    {"setswitchinterval(interval, /)", sys_setswitchinterval,
     "Set the ideal thread switching delay inside the Python interpreter.\n\nThreads run in parallel: the value is remembered and "
     "has no effect."},
    {"getdlopenflags()", sys_getdlopenflags,
     "Return the current value of the flags that are used for dlopen calls.\n\nThe flag constants are defined in the os module."},
    {"setdlopenflags(flags, /)", sys_setdlopenflags,
     "Set the flags used by the interpreter for dlopen calls.\n\nThere are no extension modules to load: the value is remembered and "
     "has no effect."},
    {"remote_exec(pid, script)", sys_remote_exec,
     "Execute a file containing Python code in a given remote Python process.\n\nKrait cannot do that: RuntimeError."},
    {"_is_gil_enabled()", sys_is_gil_enabled, "Return True if the GIL is currently enabled."},
    {"is_finalizing()", sys_is_finalizing, "Return True if Python is exiting."},
    {"getdefaultencoding()", sys_getdefaultencoding, "Return the current default encoding used by the Unicode implementation."},
    {"getfilesystemencoding()", sys_getfilesystemencoding, "Return the encoding used to convert Unicode filenames to OS filenames."},
    {"getfilesystemencodeerrors()", sys_getfilesystemencodeerrors, "Return the error mode used for Unicode to OS filename "
                                                                   "conversion."},
    {"_clear_type_cache()", sys_clear_caches, "Clear the internal type lookup cache."},
    {"_clear_internal_caches()", sys_clear_caches, "Clear all internal performance-related caches."},
    {"is_remote_debug_enabled()", sys_is_remote_debug_enabled, "Return True if remote debugging is enabled, False otherwise."},
    {"is_stack_trampoline_active()", sys_is_trampoline_active, "Return *True* if a stack profiler trampoline is active."},
    {"activate_stack_trampoline(backend, /)", sys_activate_trampoline, "Activate stack profiler trampoline *backend*."},
    {"deactivate_stack_trampoline()", sys_deactivate_trampoline,
     "Deactivate the current stack profiler trampoline backend.\n\nIf no stack profiler is activated, this function has no effect."},
    {"_get_cpu_count_config()", sys_get_cpu_count_config, "Private function for getting PyConfig.cpu_count"},
    {0},
};
