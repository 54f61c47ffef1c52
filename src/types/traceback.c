/* traceback objects.
 *
 * Threads: tb_next is one word; a line number computed lazily is the same whoever computes it.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/traceback.h"

int32_t (*traceback_lineno_hook)(Thread *t, Value frame, int32_t lasti);
Type *traceback_frame_type;

static TracebackObject *as_traceback(Value v) { return (TracebackObject *)v.bits; }

static void traceback_trace(Tracer *tracer, Object *o) {
    trace_value(tracer, load(&((TracebackObject *)o)->next));
    trace_value(tracer, ((TracebackObject *)o)->frame);
}

Value traceback_new(Thread *t, Value next, Value frame, int32_t lasti, int32_t lineno) {
    TracebackObject *tb = heap_allocate(t, &traceback_type, sizeof *tb);
    CHECK(tb != NULL);
    tb->next = next; /* NOBARRIER: just allocated */
    tb->frame = frame;
    tb->lasti = lasti;
    tb->lineno = lineno;
    return from_object(tb);
}

int32_t traceback_lineno(Thread *t, Value traceback) {
    TracebackObject *tb = as_traceback(traceback);
    if (tb->lineno == -1 && traceback_lineno_hook != NULL)
        tb->lineno = traceback_lineno_hook(t, tb->frame, tb->lasti);
    return tb->lineno;
}

static Value traceback_make(Thread *t, Value *args) {
    if (!is_none(args[1]) && !is_exactly(args[1], &traceback_type))
        return raise_type_error(t, "expected traceback object or None, got '%T'", args[1]);
    if (traceback_frame_type == NULL || !is_exactly(args[2], traceback_frame_type))
        return raise_type_error(t, "TracebackType() argument 'tb_frame' must be frame, not %T", args[2]);
    int64_t lasti, lineno;
    CHECK(index_as_ssize(t, args[3], &lasti, false, NULL));
    CHECK(index_as_ssize(t, args[4], &lineno, false, NULL));
    return traceback_new(t, is_none(args[1]) ? NO_VALUE : args[1], args[2], (int32_t)lasti, (int32_t)lineno);
}

static Value traceback_dir(Thread *t, Value *args) {
    Value list = TRY(list_new(t, 4));
    CHECK(list_append(t, list, names.tb_frame) && list_append(t, list, names.tb_next));
    CHECK(list_append(t, list, names.tb_lasti) && list_append(t, list, names.tb_lineno));
    return list;
}

static Value get_next(Thread *t, Value *args) {
    Value next = load(&as_traceback(args[0])->next);
    return present(next) ? next : NONE;
}

static Value set_next(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "can't delete tb_next attribute");
    if (!is_none(args[1]) && !is_exactly(args[1], &traceback_type))
        return raise_type_error(t, "expected traceback object, got '%T'", args[1]);
    for (Value tb = args[1]; present(tb) && !is_none(tb); tb = load(&as_traceback(tb)->next))
        if (same(tb, args[0]))
            return raise_value_error(t, "traceback loop detected");
    store(as_object(args[0]), &as_traceback(args[0])->next, is_none(args[1]) ? NO_VALUE : args[1]);
    return NONE;
}

static Value get_frame(Thread *t, Value *args) { return as_traceback(args[0])->frame; }
static Value get_lasti(Thread *t, Value *args) { return small_int(as_traceback(args[0])->lasti); }

static Value get_lineno(Thread *t, Value *args) {
    int32_t line = traceback_lineno(t, args[0]);
    return line < 0 ? NONE : small_int(line);
}

static const NativeDef traceback_methods[] = {
    {"__new__(type, tb_next, tb_frame, tb_lasti, tb_lineno)", traceback_make, NULL, 0},
    {"__dir__(self, /)", traceback_dir, NULL, 0},
    {},
};
static const GetSetDef traceback_getset[] = {
    {"tb_next", get_next, set_next, NULL},
    {"tb_frame", get_frame, NULL, NULL},
    {"tb_lasti", get_lasti, NULL, NULL},
    {"tb_lineno", get_lineno, NULL, NULL},
    {},
};
STATIC_TYPE(traceback_type) = {
    STATIC_TYPE_HEAD(traceback_trace, NULL),
    .name_text = "traceback",
    .doc = "One frame on the way of an exception.",
    .base_static = &object_type,
    .methods = traceback_methods,
    .getset = traceback_getset,
    .instance_size = sizeof(TracebackObject),
};
