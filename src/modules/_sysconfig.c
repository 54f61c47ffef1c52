/* _sysconfig: the build variables that the program itself knows. */
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/module.h"

static Value config_vars(Thread *t, Value *args) {
    (void)args;
    Value variables = TRY(dict_new(t));
    CHECK(dict_set_text(t, variables, "Py_GIL_DISABLED", small_int(1)));
    CHECK(dict_set_text(t, variables, "Py_DEBUG", small_int(0)));
    return variables;
}

static const NativeDef functions[] = {
    {"config_vars()", config_vars, "Returns a dictionary containing build variables intended to be exposed by sysconfig."},
    {NULL},
};

NATIVE_MODULE(_sysconfig) = {
    .name = "_sysconfig",
    .doc = "A helper for the sysconfig module.",
    .functions = functions,
};
