/* Audit events: calling the hooks; see audit.h.
 *
 * Threads: the hooks are a tuple, which is replaced by a longer one.
 */
#include "object/audit.h"

#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/tracing.h"

#include <stdarg.h>

/* Hooks are not traced themselves, unless they say so. */
static int may_be_traced(Thread *t, Value hook) {
    Value said = find_attribute(t, hook, names.__cantrace__);
    return absent(said) ? (error_pending(t) ? -1 : 0) : truth(t, said);
}

static bool call_hook(Thread *t, Value hook, Value event, Value arguments) {
    int traced = may_be_traced(t, hook);
    if (traced < 0)
        return false;
    t->tracing += !traced;
    tracing_update(t);
    Value result = call_2(t, hook, event, arguments);
    t->tracing -= !traced;
    tracing_update(t);
    return present(result);
}

bool audit_tuple(Thread *t, Value event, Value arguments) {
    Value hooks = load(&t->isolate->slots[ISOLATE_AUDIT]);
    if (absent(hooks))
        return true;
    Value pending = error_take(t);
    for (size_t i = 0; i < tuple_length(hooks); i++)
        if (!call_hook(t, tuple_get(hooks, i), event, arguments))
            return false;
    if (present(pending))
        error_restore(t, pending);
    return true;
}

bool audit(Thread *t, const char *event, size_t count, ...) {
    if (!audited(t))
        return true;
    Value name = str_from_text(t, event), arguments = absent(name) ? name : tuple_new(t, count);
    if (absent(arguments))
        return false;
    va_list list;
    va_start(list, count);
    for (size_t i = 0; i < count; i++) {
        Value v = va_arg(list, Value);
        store(as_tuple(arguments), &as_tuple(arguments)->items[i], present(v) ? v : NONE);
    }
    va_end(list);
    return audit_tuple(t, name, arguments);
}

bool audit_add_hook(Thread *t, Value hook) {
    Value *slot = &t->isolate->slots[ISOLATE_AUDIT];
    for (Value old = load(slot);;) {
        size_t n = absent(old) ? 0 : tuple_length(old);
        Value hooks = tuple_new(t, n + 1);
        if (absent(hooks))
            return false;
        for (size_t i = 0; i <= n; i++)
            store(as_tuple(hooks), &as_tuple(hooks)->items[i], i < n ? tuple_get(old, i) : hook);
        publish(hooks);
        if (compare_exchange(&slot->bits, &old.bits, hooks.bits)) /* NOBARRIER: a root */
            return true;
    }
}
