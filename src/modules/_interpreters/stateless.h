/* Which functions and code objects may run in another isolate by their code alone. */
#pragma once
#include "compile/code.h"

bool function_is_stateless(Thread *t, Value function); /* false: ValueError pending that says why not */
bool code_is_script(Thread *t, CodeObject *code);      /* the same: no parameters, no closure, returns None */
