/* sys: the module, made of the functions and attributes of this folder.
 *
 * Threads: its namespace is a dict like any other.
 */
#include "modules/sys/sys.h"
#include "modules/isolate_modules.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "vm/monitoring.h"

static bool add_functions(Thread *t, Value module, const NativeDef *functions) {
    for (const NativeDef *def = functions; def->signature; def++) {
        Value name = native_name(t, def);
        Value function = absent(name) ? NO_VALUE : native_function_new(t, def, module, names.sys);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return true;
}

/* What programs restore after having replaced a hook. */
static bool add_originals(Thread *t, Value module) {
    static const char *const hooks[] = {"displayhook", "excepthook", "breakpointhook", "unraisablehook"};
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        Value name = format_text(t, "__%s__", hooks[i]);
        Value hook = dict_get_text(t, module_dict(module), hooks[i]);
        if (absent(name) || absent(hook) || !dict_set(t, module_dict(module), name, hook))
            return false;
    }
    return true;
}

static bool sys_init(Thread *t, Value module) {
    extern Value sys_unraisable_args_type(Thread * t);
    return add_functions(t, module, sys_hook_functions) && add_functions(t, module, sys_frame_functions) &&
           add_functions(t, module, sys_limit_functions) && add_functions(t, module, sys_object_functions) &&
           add_originals(t, module) && module_add(t, module, "UnraisableHookArgs", sys_unraisable_args_type(t)) &&
           module_add(t, module, "modules", t->isolate->modules) &&
           module_add(t, module, "monitoring", monitoring_module(t)) && sys_add_info(t, module) && sys_add_paths(t, module);
}

NATIVE_MODULE(sys) = {
    .name = "sys",
    .doc = "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact "
           "strongly with the interpreter.",
    .init = sys_init,
};

bool sys_start(Thread *t) {
    Isolate *isolate = t->isolate;
    isolate->sys_module = module_from_def(t, &sys_module);
    if (absent(isolate->sys_module))
        return false;
    isolate->sys_dict = module_dict(isolate->sys_module);
    return dict_set(t, isolate->modules, names.sys, isolate->sys_module);
}
