/* Frozen modules: modules of the library whose bytecode is part of the program.
 *
 * tools/freeze writes the table with the help of a krait that has none (`krait-stage1`, see the Makefile): there, and in
 * C tests, the table is empty and the library's sources serve.
 *
 * Threads: the table is constant. An isolate's override of -X frozen_modules is written by tests only.
 */
#pragma once
#include "object/object.h"

typedef struct FrozenModule {
    const char *name;
    const char *origin; /* name of the module that it was made from, after '<' for a package's __init__; NULL: none */
    const char *data;   /* a code object in marshal; NULL: excluded */
    size_t size;
    bool is_package;
} FrozenModule;

extern const FrozenModule frozen_modules[] __attribute__((weak)); /* the last has no name */

typedef enum FrozenStatus { FROZEN_OKAY, FROZEN_NOT_FOUND, FROZEN_DISABLED, FROZEN_EXCLUDED, FROZEN_INVALID } FrozenStatus;

/* What serves `name` now; *module is the row, NULL without one. */
FrozenStatus frozen_find(Thread *t, Value name, const FrozenModule **module);
Value frozen_code(Thread *t, const FrozenModule *module);
void frozen_forget(void); /* the process need not hold them in memory for now */
/* A function was read, when it was first called: there one and here one, and with each the system maps 64 KiB around it. */
void frozen_was_read(void);
