/* See interrupts.h.
 *
 * Threads: runs on the thread that was asked; the bits of its poll word are cleared before the work is done, so that a
 * request made meanwhile is not lost.
 */
#include "object/interrupts.h"

#include "object/errors.h"
#include "object/isolate.h"
#include "object/thread.h"
#include "types/exceptions/exceptions.h"

#include <unistd.h>

InterruptHooks interrupt_hooks;

static bool take(Thread *t, uint32_t bit) { return poll_take(t, bit) != 0; }

static bool run(Thread *t, bool (*hook)(Thread *)) { return hook == NULL || hook(t); }

/* The bit stays, so that whatever is called on the way out ends at once too. */
static bool end_thread(Thread *t) {
    t->ending = true;
    error_clear(t);
    raise_with_args(t, &SystemExit_type, 0, NULL);
    return false;
}

[[noreturn]] static void stand_still(Thread *t) {
    blocking_begin(t);
    for (;;)
        pause();
}

bool interrupts_handle(Thread *t) {
    if (load_relaxed(&heap_thread(t)->poll) & POLL_END) {
        if (t->isolate == isolate_main())
            stand_still(t); /* the process is about to end */
        return end_thread(t);
    }
    if (error_pending(t))
        return false; /* first things first: the bits stay */
    if (take(t, POLL_TRACING) && !run(t, load_relaxed(&interrupt_hooks.tracing_changed)))
        return false;
    if (take(t, POLL_SIGNAL) && !run(t, load_relaxed(&interrupt_hooks.run_signal_handlers)))
        return false;
    if (take(t, POLL_CALLS) && !run(t, load_relaxed(&interrupt_hooks.run_pending_calls)))
        return false;
    if (!take(t, POLL_ASYNC))
        return true;
    Value exception = (Value){exchange(&t->async_exception.bits, 0)};
    if (absent(exception))
        return true;
    raise_exception(t, exception);
    return false;
}
