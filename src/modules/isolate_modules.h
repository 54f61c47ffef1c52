/* The modules that every isolate starts with, and importing from C. */
#pragma once
#include "types/module.h"

extern const ModuleDef builtins_module;
const ModuleDef *native_module_find(Thread *t, Value name); /* by name; NULL: there is none, no exception */
Value native_module_names(Thread *t);                       /* sorted tuple of str */

/* __import__(name, globals, locals, fromlist, level) itself. */
Value import_module_level(Thread *t, Value name, Value globals, Value fromlist, int64_t level);
Value import_add_module(Thread *t, Value name); /* sys.modules[name], made empty if missing */
bool import_start(Thread *t);                   /* importlib from its sources; sys and builtins exist */
bool import_start_external(Thread *t);          /* the path-based finders */
bool builtins_start(Thread *t);
bool sys_start(Thread *t);
