/* Audit events (PEP 578): what the functions given to sys.addaudithook are told before something happens.
 *
 * Each event is raised where its thing is done, with the arguments that CPython's table of audit events names. Hooks belong
 * to an isolate and cannot be taken away. Without hooks an event costs one comparison; where making the arguments costs
 * more, ask audited() first.
 */
#pragma once
#include "object/thread.h"

static inline bool audited(Thread *t) { return unlikely(present(load(&t->isolate->slots[ISOLATE_AUDIT]))); }

/* `count` Values follow; an absent one is None. false: a hook raised an exception, and the thing must not be done. */
[[nodiscard]] bool audit(Thread *t, const char *event, size_t count, ...);
[[nodiscard]] bool audit_tuple(Thread *t, Value event, Value arguments);
[[nodiscard]] bool audit_add_hook(Thread *t, Value hook);
