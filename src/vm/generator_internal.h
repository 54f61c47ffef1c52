/* What the files of generators share. */
#pragma once
#include "vm/generator.h"

void generator_trace(Tracer *tracer, Object *o);
/* One step with an exception thrown in. close_delegate: GeneratorExit closes what the generator delegates to, instead
 * of being thrown into it. */
SendResult generator_throw_into(Thread *t, GeneratorObject *g, bool close_delegate, Value type, Value value,
                                Value traceback, Value *result);
Value generator_repr_method(Thread *t, Value *args);
Value generator_finalize(Thread *t, Value *args);
Value generator_get_frame(Thread *t, Value *args);
Value generator_get_running(Thread *t, Value *args);
Value generator_get_suspended(Thread *t, Value *args);
Value generator_get_delegate(Thread *t, Value *args);
Value generator_get_code(Thread *t, Value *args);
Value generator_get_name(Thread *t, Value *args);
Value generator_set_name(Thread *t, Value *args);
Value generator_get_qualname(Thread *t, Value *args);
Value generator_set_qualname(Thread *t, Value *args);
