/* TypeVar, ParamSpec, TypeVarTuple, type aliases and typing.Generic: PEP 695 and what it replaces. */
#pragma once
#include "object/object.h"

extern Type typevar_type, typevartuple_type, paramspec_type, paramspec_args_type, paramspec_kwargs_type, type_alias_type,
    generic_type, no_default_type;
extern Object no_default_object;

/* What the compiler's intrinsics make: bounds and constraints are given as functions that compute them (absent: none). */
Value typevar_new_lazy(Thread *t, Value name, Value evaluate_bound, Value evaluate_constraints);
Value typevartuple_new(Thread *t, Value name);
Value paramspec_new(Thread *t, Value name);
Value type_alias_new_lazy(Thread *t, Value name, Value type_params, Value evaluate_value); /* type_params may be None */
bool typevar_set_default(Thread *t, Value parameter, Value evaluate_default); /* any of the three kinds */
Value typing_generic_subscript(Thread *t, Value type_params); /* Generic[*type_params] for a generic class's bases */
/* typing.name(arg): the parts of typing that are written in Python. */
Value typing_function_call(Thread *t, const char *name, Value arg);
/* The __name__ of the module whose code is running (str or None); set by modules/_typing.c, which may look at frames. */
extern Value (*typing_caller_module)(Thread *t);
