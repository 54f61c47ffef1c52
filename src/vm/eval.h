/* The engine's entry points. */
#pragma once
#include "vm/frame.h"

/* Calls a function (call.h's protocol): what function_type.call is. */
Value vm_call_function(Thread *t, Value function, Value *args, size_t nargs, Value kwnames);
/* exec() and eval(): runs code in the given namespaces (a dict; any mapping or absent: the globals). */
Value vm_run_code(Thread *t, Value code, Value globals, Value locals);
Value vm_run_code_with_closure(Thread *t, Value code, Value globals, Value locals, Value closure);
/* Runs the innermost frame, flagged FRAME_ENTRY, until it returns, yields or fails. */
Value vm_execute(Thread *t);
/* Whether the instruction that the innermost frame is at calls this native function or method: then nothing that it returns to
 * will use what lies on the C stack below t->heap.stack_entry, if nothing but the interpreter called it. */
bool vm_calls_directly(Thread *t, Value (*function)(Thread *t, Value *args));
/* The same, with the pending exception raised at its current instruction. */
Value vm_execute_throw(Thread *t);
/* After sys.setrecursionlimit: applies isolate->recursion_limit to the thread. */
void vm_recursion_limit_changed(Thread *t);
/* The frame `depth` callers up (0: the innermost), or NULL. */
Frame *vm_frame_at(Thread *t, size_t depth);
void vm_traceback_here(Thread *t); /* the pending exception, raised by C code, gets the running frame as its traceback if it has none */
/* Registers hooks with the layers below; once, at start-up. */
void vm_start(void);

/* The names of the running frame, as the builtins locals() and globals() give them. */
Value vm_globals(Thread *t); /* absent without exception: no Python frame */
Value vm_locals(Thread *t);  /* absent: exception pending */
Value vm_builtins(Thread *t);
/* dir() without arguments, `__build_class__`, and the import statement's hook */
Value vm_build_class(Thread *t, Value *args, size_t nargs, Value kwnames);

Value vm_anext(Thread *t, Value iterator, Value default_value); /* anext(); default absent: none */

/* sys.settrace, sys.setprofile: see tracing.c. Function absent or None: off. */
bool vm_set_trace(Thread *t, Value function);
bool vm_set_profile(Thread *t, Value function);
bool vm_set_trace_all(Thread *t, Value function); /* in every thread of the isolate */
bool vm_set_profile_all(Thread *t, Value function);
