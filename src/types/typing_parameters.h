/* Type parameters inside type arguments: collecting them and putting arguments in their place, for generic aliases and
 * unions. */
#pragma once
#include "object/object.h"

/* The distinct type parameters in a tuple of type arguments, in order; a tuple. */
Value typing_collect_parameters(Thread *t, Value args);
/* The type arguments with `item` (a tuple or one argument) put in place of the parameters; a tuple. `self` is named in
 * messages: "X is not a generic class", "Too few arguments for X". */
Value typing_substitute(Thread *t, Value self, Value args, Value parameters, Value item);
/* How a type is shown inside another: its qualified name without builtins, None for NoneType, ... for Ellipsis. */
Value typing_type_repr(Thread *t, Value v);
