/* What a safepoint does when somebody asked for this thread's attention. */
#pragma once
#include "object/object.h"

/* The heap's handle_interrupts hook: signals, an exception sent to the thread, pending calls. false: an exception
 * is pending. */
bool interrupts_handle(Thread *t);

/* Filled in by the modules that own the subject, when an isolate imports them; NULL: nothing to do. Atomic words: several isolates may
 * do so at once. */
typedef struct InterruptHooks {
    bool (*run_signal_handlers)(Thread *t);
    void (*forget_signal_handlers)(Thread *t); /* at the end of the program */
    bool (*run_pending_calls)(Thread *t);
    bool (*tracing_changed)(Thread *t);
    void (*after_fork)(Thread *t); /* in the child, whose main thread is t */
    void (*forget_other_threads)(Thread *t); /* in the child, too */
} InterruptHooks;
extern InterruptHooks interrupt_hooks;
