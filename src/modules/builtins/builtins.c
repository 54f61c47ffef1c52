/* builtins: the module, made of the functions of this folder and all built-in types.
 *
 * Threads: its namespace is a dict like any other.
 */
#include "modules/builtins/builtins.h"
#include "modules/config.h"
#include "modules/isolate_modules.h"
#include "object/errors.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"

extern const StaticType __start_krait_types[], __stop_krait_types[];

static const char *const public_types[] = {
    "bool",   "bytearray", "bytes",   "classmethod", "complex", "dict",  "enumerate", "filter",       "float",
    "frozenset", "property", "int",   "list",        "map",     "memoryview", "object", "range",      "reversed",
    "set",    "slice",     "staticmethod", "str",    "super",   "tuple", "type",      "zip",
};

static bool is_public(const Type *type) {
    if (type->flags & TYPE_EXCEPTION)
        return !strchr(type->name_text, '.');
    for (size_t i = 0; i < sizeof public_types / sizeof *public_types; i++)
        if (strcmp(type->name_text, public_types[i]) == 0)
            return true;
    return false;
}

static bool add_types(Thread *t, Value module) {
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (!p->module && is_public(p->type) && !module_add(t, module, p->type->name_text, from_object(p->type)))
            return false;
    return module_add(t, module, "EnvironmentError", from_object(&OSError_type)) &&
           module_add(t, module, "IOError", from_object(&OSError_type));
}

static bool add_functions(Thread *t, Value module, const NativeDef *functions) {
    for (const NativeDef *def = functions; def->signature; def++) {
        Value name = native_name(t, def);
        Value function = absent(name) ? NO_VALUE : native_function_new(t, def, module, names.builtins);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return true;
}

static bool builtins_init(Thread *t, Value module) {
    return add_functions(t, module, builtins_code_functions) && add_functions(t, module, builtins_object_functions) &&
           add_functions(t, module, builtins_text_functions) && add_functions(t, module, builtins_iteration_functions) &&
           module_add(t, module, "None", NONE) && module_add(t, module, "Ellipsis", ELLIPSIS) &&
           module_add(t, module, "NotImplemented", NOT_IMPLEMENTED) && module_add(t, module, "False", FALSE) &&
           module_add(t, module, "True", TRUE) && add_types(t, module) &&
           module_add(t, module, "__debug__", from_bool(optimization_level(t) == 0));
}

NATIVE_MODULE(builtins) = {
    .name = "builtins",
    .doc = "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\n"
           "identifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().\n\nThis module is "
           "not normally accessed explicitly by most\napplications, but can be useful in modules that provide\nobjects with the "
           "same name as a builtin and need to access the\nbuilt-in of that name.",
    .init = builtins_init,
};

bool builtins_start(Thread *t) {
    Isolate *isolate = t->isolate;
    isolate->modules = dict_new(t);
    if (absent(isolate->modules))
        return false;
    isolate->builtins_module = module_from_def(t, &builtins_module);
    if (absent(isolate->builtins_module))
        return false;
    isolate->builtins = module_dict(isolate->builtins_module);
    if (!module_add(t, isolate->builtins_module, "ExceptionGroup", exception_group_class(t)))
        return false;
    isolate->own_builtins = dict_length(isolate->builtins);
    return dict_set(t, isolate->modules, names.builtins, isolate->builtins_module);
}
