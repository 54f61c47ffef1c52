/* sys.settrace, sys.setprofile and sys.monitoring: see tracing.h. */
#include "vm/tracing.h"

#include "vm/eval.h"
#include "vm/interpret.h"

void trace_exception(Thread *t, Frame *f) {}
void trace_unwind(Thread *t, Frame *f) {}

bool vm_set_trace(Thread *t, Value function) {
    return absent(function) || is_none(function) || present(raise_not_implemented(t, "sys.settrace"));
}
bool vm_set_profile(Thread *t, Value function) {
    return absent(function) || is_none(function) || present(raise_not_implemented(t, "sys.setprofile"));
}
Value frame_set_line(Thread *t, Value *args) { return raise_not_implemented(t, "setting f_lineno"); }
