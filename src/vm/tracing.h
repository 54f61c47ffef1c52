/* sys.settrace, sys.setprofile and sys.monitoring: events of the interpreter.
 *
 * While any of them is on for a thread, t->dispatch is the tracing table, all of whose entries are one handler that
 * reports what is due before the instruction and then runs the real handler; nothing is paid otherwise. A frame
 * gets the flag FRAME_TRACED with its first instruction under tracing, which sends its end through vm_return.
 */
#pragma once
#include "vm/frame.h"

extern const void *const tracing_table[];

/* Switches t->dispatch to what the thread's trace, profile and monitoring functions need. */
void tracing_update(Thread *t);
bool tracing_changed(Thread *t); /* the interrupt hook */
/* After a change to sys.monitoring, which had looked at each instruction before or not. */
void tracing_switch_all(Thread *t, bool was_on);
static inline bool is_tracing(Thread *t) { return unlikely(t->dispatch == tracing_table); }

/* Each returns false when a trace function failed: its exception is pending. */
bool trace_return(Thread *t, Frame *f, Value value); /* the frame returns or yields value */
bool trace_call(Thread *t, Value callee, Value first_argument);
bool trace_monitors_call(Thread *t); /* sys.monitoring has CALL events for the frame's instruction */
bool trace_native_return(Thread *t, Value callee, Value first_argument, bool failed, bool monitored);
/* An exception is pending in the frame; a failing trace function replaces it. */
void trace_exception(Thread *t, Frame *f);
/* What the frame sent to has returned the value (absent: none): to trace functions that is a StopIteration. */
[[nodiscard]] bool trace_stop_iteration(Thread *t, Frame *f, Value value);
void trace_throw(Thread *t, Frame *f); /* it was thrown into the generator, whose frame goes on now */
void trace_handled(Thread *t, Frame *f, uint32_t handler); /* by the instruction */
void trace_reraise(Thread *t, Frame *f);
void trace_unwind(Thread *t, Frame *f, uint32_t end); /* the frame ends with it, at the instruction `end` */
