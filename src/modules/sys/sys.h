/* The functions and attributes of sys, by subject. */
#pragma once
#include "modules/config.h"
#include "types/module.h"

extern const NativeDef sys_hook_functions[];   /* hooks.c */
extern const NativeDef sys_frame_functions[];  /* frames.c */
extern const NativeDef sys_limit_functions[];  /* limits.c */
extern const NativeDef sys_object_functions[]; /* objects.c */
bool sys_add_info(Thread *t, Value module);    /* info.c: version, flags, platform facts */
bool sys_add_paths(Thread *t, Value module);   /* paths.c: argv, path, prefixes */
/* plain_traceback.c. traceback: absent or None for none. */
Value write_plain_traceback(Thread *t, Value out, Value exception, Value traceback);
