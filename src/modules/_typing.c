/* _typing: the classes of type parameters and aliases, which types/typevar.c defines. */
#include "types/generic_alias.h"
#include "types/module.h"
#include "types/typevar.h"
#include "types/dict/dict.h"
#include "vm/eval.h"

static Value idfunc(Thread *t, Value *args) { return args[0]; }

static Value caller_module(Thread *t) {
    if (!frame_is_real(t->frame))
        return NONE;
    Value name = dict_get(t, frame_globals(t->frame), names.__name__);
    return present(name) || error_pending(t) ? name : NONE;
}

static bool typing_init(Thread *t, Value module) {
    typing_caller_module = caller_module;
    return module_add_type(t, module, &typevar_type) && module_add_type(t, module, &paramspec_type) &&
           module_add_type(t, module, &typevartuple_type) && module_add_type(t, module, &paramspec_args_type) &&
           module_add_type(t, module, &paramspec_kwargs_type) && module_add_type(t, module, &type_alias_type) &&
           module_add_type(t, module, &generic_type) && module_add_type(t, module, &union_type) &&
           module_add(t, module, "NoDefault", from_object(&no_default_object));
}

static const NativeDef typing_functions[] = {
    {"_idfunc(x, /)", idfunc, NULL, 0},
    {},
};
NATIVE_MODULE(_typing) = {
    .name = "_typing",
    .doc = "Primitives and accelerators for the typing module.",
    .functions = typing_functions,
    .init = typing_init,
};
