/* traceback: one frame of an exception's way. Immutable but for tb_next.
 *
 * `lineno` is -1 until asked for: traceback_lineno computes it from the frame's code by the hook that vm sets.
 */
#pragma once
#include "object/object.h"

typedef struct TracebackObject {
    Object object;
    Value next;  /* traceback, or absent */
    Value frame; /* frame object */
    int32_t lasti, lineno;
} TracebackObject;

extern Type traceback_type;
Value traceback_new(Thread *t, Value next, Value frame, int32_t lasti, int32_t lineno); /* next may be absent */
int32_t traceback_lineno(Thread *t, Value traceback); /* -1: none */
extern int32_t (*traceback_lineno_hook)(Thread *t, Value frame, int32_t lasti);
extern Type *traceback_frame_type; /* what tb_frame must be an instance of; set by vm */
