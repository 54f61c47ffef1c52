/* The functions of builtins, by subject. Each is a native function (object/native.h). */
#pragma once
#include "object/native.h"

extern const NativeDef builtins_iteration_functions[]; /* iteration.c */
extern const NativeDef builtins_object_functions[];    /* objects.c */
extern const NativeDef builtins_code_functions[];      /* code.c */
extern const NativeDef builtins_text_functions[];      /* text.c */
