/* sys.settrace, sys.setprofile and sys.monitoring: events of the interpreter.
 *
 * While any of them is on for a thread, t->dispatch is the tracing table, whose entries call trace_instruction
 * before the real handler; nothing is paid otherwise.
 */
#pragma once
#include "vm/frame.h"

void trace_exception(Thread *t, Frame *f); /* an exception is pending in the frame; may replace it */
void trace_unwind(Thread *t, Frame *f);    /* the frame ends with the pending exception */
