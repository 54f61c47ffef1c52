/* sys.settrace and sys.setprofile: see tracing.h.
 *
 * When a line event is due says line_starts.h; trace functions get one more when a loop goes back to its own line. The instruction that
 * ran last is kept in the frame object, which every traced frame has.
 */
#include "vm/tracing.h"

#include "object/call.h"
#include "types/descriptors.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"
#include "vm/interpret.h"
#include "vm/drop.h"
#include "vm/generator.h"
#include "vm/line_starts.h"
#include "vm/monitoring.h"

static bool is_on(Value function) { return present(function) && !is_none(function); }

void tracing_update(Thread *t) {
    if (!t->frame && !frames_prepare(t))
        error_clear(t);
    bool on = t->tracing == 0 && (is_on(t->trace_function) || is_on(t->profile_function) || monitoring_active(t));
    t->dispatch = on ? tracing_table : dispatch_table;
}

static unsigned operation_of(Frame *f) { return operation_generic[load_relaxed(&f->ip->op)]; }

/* What setting f_lineno asks. A generator may be moved when it yields, and when it goes on. */
static FrameEvent event_of(Frame *f, const char *event) {
    if (strcmp(event, "line") == 0)
        return FRAME_EVENT_LINE;
    if (strcmp(event, "c_call") == 0 || strcmp(event, "c_return") == 0)
        return FRAME_EVENT_CALLING;
    bool at_yield = f->flags & FRAME_GENERATOR && (operation_of(f) == OP_YIELD || operation_of(f) == OP_YIELD_FROM);
    bool ends = as_frame(f->object)->ends;
    if (strcmp(event, "call") == 0)
        return at_yield && !as_frame(f->object)->trace_fresh ? FRAME_EVENT_LINE : FRAME_EVENT_CALL;
    return strcmp(event, "return") == 0 && at_yield && !ends ? FRAME_EVENT_LINE : FRAME_EVENT_OTHER;
}

/* Calls a trace function without tracing it. */
static Value call_tracer(Thread *t, Value function, Frame *f, const char *event, Value arg) {
    Value frame = TRY(frame_object(t, f)), name = TRY(str_intern_text(t, event));
    FrameEvent outer = as_frame(frame)->event;
    as_frame(frame)->event = event_of(f, event);
    t->tracing++;
    tracing_update(t);
    Value result = call_3(t, function, frame, name, present(arg) ? arg : NONE);
    t->tracing--;
    tracing_update(t);
    as_frame(frame)->event = outer;
    return result;
}

/* An event for the frame's own trace function, or for "call" the thread's. */
static bool trace_event(Thread *t, Frame *f, const char *event, Value arg, bool is_call) {
    Value frame = frame_object(t, f);
    if (absent(frame))
        return false;
    Value function = is_call ? t->trace_function : load(&as_frame(frame)->trace);
    if (!is_on(function))
        return true;
    Value result = call_tracer(t, function, f, event, arg);
    if (absent(result)) {
        t->trace_function = NO_VALUE;
        as_frame(frame)->trace = NO_VALUE;
        tracing_update(t);
        return false;
    }
    if (!is_none(result))
        store(as_object(frame), &as_frame(frame)->trace, result);
    return true;
}

static bool profile_event(Thread *t, Frame *f, const char *event, Value arg) {
    if (!is_on(t->profile_function))
        return true;
    if (present(call_tracer(t, t->profile_function, f, event, arg)))
        return true;
    t->profile_function = NO_VALUE;
    tracing_update(t);
    return false;
}

/* ---- events ---- */

/* Where the frame is, as sys.monitoring gives it. */
static Value here(Frame *f) { return small_int((int64_t)frame_index(f) * 2); }
static bool trace_end(Thread *t, Frame *f, Value value);

bool trace_return(Thread *t, Frame *f, Value value) {
    if (t->tracing)
        return true;
    unsigned op = operation_generic[load_relaxed(&f->ip->op)];
    MonitoringEvent event = op == OP_YIELD || op == OP_YIELD_FROM ? EVENT_PY_YIELD : EVENT_PY_RETURN;
    if (!monitoring_fire(t, f->code, frame_index(f), event, here(f), value, NO_VALUE))
        return false;
    return trace_end(t, f, value);
}

/* The return event of trace and profile functions. */
static bool trace_end(Thread *t, Frame *f, Value value) {
    if (is_on(t->trace_function) && !trace_event(t, f, "return", value, false))
        return false;
    return profile_event(t, f, "return", value);
}

static bool is_native(Value callee) {
    return is_object(callee) && (class_of(as_object(callee)) == &native_function_type || class_of(as_object(callee)) == &method_descriptor_type);
}

/* Profile functions see methods as bound functions. */
static Value shown_callee(Thread *t, Value callee, Value first) {
    if (class_of(as_object(callee)) != &method_descriptor_type || absent(first))
        return callee;
    MethodDescriptorObject *d = (MethodDescriptorObject *)as_object(callee);
    return d->def && type_is_subtype(type_of(first), d->owner) ? native_method_new(t, d->owner, d->def, NULL, first) : callee;
}

bool trace_call(Thread *t, Value callee, Value first) {
    if (t->tracing)
        return true;
    Frame *f = t->frame;
    if (monitoring_wants(t, f->code, frame_index(f), EVENT_CALL) &&
        !monitoring_fire(t, f->code, frame_index(f), EVENT_CALL, here(f), callee, present(first) ? first : monitoring_missing(t)))
        return false;
    if (!is_on(t->profile_function) || !is_native(callee))
        return true;
    Value shown = shown_callee(t, callee, first);
    return present(shown) && profile_event(t, t->frame, "c_call", shown);
}

bool trace_monitors_call(Thread *t) {
    return !t->tracing && monitoring_wants(t, t->frame->code, frame_index(t->frame), EVENT_CALL);
}

bool trace_native_return(Thread *t, Value callee, Value first, bool failed, bool monitored) {
    if (t->tracing)
        return true;
    Frame *f = t->frame;
    MonitoringEvent event = failed ? EVENT_C_RAISE : EVENT_C_RETURN;
    if (monitored && monitoring_wants(t, f->code, frame_index(f), event)) {
        Value e = error_take(t);
        if (!monitoring_fire(t, f->code, frame_index(f), event, here(f), callee, present(first) ? first : monitoring_missing(t)))
            return false;
        if (present(e))
            error_restore(t, e);
    }
    if (!is_on(t->profile_function) || !is_native(callee))
        return true;
    Value e = error_take(t), shown = shown_callee(t, callee, first);
    bool ok = present(shown) && profile_event(t, t->frame, failed ? "c_exception" : "c_return", shown);
    if (ok && present(e))
        error_restore(t, e);
    return ok;
}

/* An event about the pending exception, which stays pending unless the callback fails. */
static void exception_event_at(Thread *t, Frame *f, uint32_t index, MonitoringEvent event) {
    if (t->tracing || !monitoring_wants(t, f->code, index, event))
        return;
    Value e = error_take(t);
    if (monitoring_fire(t, f->code, index, event, small_int(index * INT64_C(2)), e, NO_VALUE))
        error_restore(t, e);
}

static void exception_event(Thread *t, Frame *f, MonitoringEvent event) { exception_event_at(t, f, frame_index(f), event); }

void trace_exception(Thread *t, Frame *f) {
    exception_event(t, f, EVENT_RAISE);
    if (t->tracing || !is_on(t->trace_function))
        return;
    Value e = error_take(t), traceback = load(&as_exception(e)->traceback);
    Value arg = tuple_pack(t, (size_t)3, from_object(type_of(e)), e, present(traceback) ? traceback : NONE);
    if (present(arg) && trace_event(t, f, "exception", arg, false))
        error_restore(t, e);
}

bool trace_stop_iteration(Thread *t, Frame *f, Value value) {
    raise_stop_iteration(t, value);
    Value e = t->exception;
    trace_exception(t, f);
    bool ok = same(t->exception, e);
    if (ok)
        error_clear(t);
    return ok;
}

/* Of a frame that begins or goes on at its instruction. */
static bool start_is_shown(Thread *t, Frame *f, MonitoringEvent event) {
    return is_on(t->trace_function) || is_on(t->profile_function) || monitoring_wants(t, f->code, frame_index(f), event);
}

void trace_throw(Thread *t, Frame *f) {
    if (t->tracing)
        return;
    exception_event(t, f, EVENT_PY_THROW);
    Value e = error_take(t), frame = frame_object(t, f);
    if (absent(frame))
        return;
    f->flags |= FRAME_TRACED;
    as_frame(frame)->trace_index = frame_index(f);
    as_frame(frame)->trace_fresh = true;
    as_frame(frame)->start_shown = start_is_shown(t, f, EVENT_PY_RESUME);
    bool ok = !is_on(t->trace_function) || trace_event(t, f, "call", NO_VALUE, true);
    if (ok && profile_event(t, f, "call", NO_VALUE))
        error_restore(t, e);
}

void trace_reraise(Thread *t, Frame *f) { exception_event(t, f, EVENT_RERAISE); }
void trace_handled(Thread *t, Frame *f, uint32_t handler) {
    exception_event_at(t, f, handler, EVENT_EXCEPTION_HANDLED);
    if (present(f->object))
        as_frame(f->object)->trace_unwound = true;
}

void trace_unwind(Thread *t, Frame *f, uint32_t end) {
    exception_event_at(t, f, end, EVENT_PY_UNWIND);
    if (t->tracing)
        return;
    Value e = error_take(t), frame = frame_object(t, f);
    if (absent(frame))
        return;
    as_frame(frame)->ends = true;
    bool ok = trace_end(t, f, NONE);
    as_frame(frame)->ends = false;
    if (ok)
        error_restore(t, e);
}

/* ---- instructions ---- */

static bool enter_frame(Thread *t, Frame *f) {
    if (f->flags & FRAME_GENERATOR) /* a new step: it starts on the line where it stopped */
        f->ip--;
    bool first = !(f->flags & FRAME_GENERATOR) || operation_generic[load_relaxed(&f->ip->op)] == OP_RETURN_GENERATOR;
    FrameObject *object = as_frame(f->object);
    uint32_t start = frame_index(f);
    MonitoringEvent event = first ? EVENT_PY_START : EVENT_PY_RESUME;
    object->at_start = !(f->flags & FRAME_GENERATOR);
    object->trace_index = frame_index(f);
    object->trace_fresh = first;
    object->start_shown = start_is_shown(t, f, event);
    bool ok = monitoring_fire(t, f->code, frame_index(f), event, here(f), NO_VALUE, NO_VALUE);
    ok = ok && (!is_on(t->trace_function) || trace_event(t, f, "call", NO_VALUE, true));
    ok = ok && profile_event(t, f, "call", NO_VALUE);
    object->at_start = false;
    if (f->flags & FRAME_GENERATOR && frame_index(f) == start) /* nobody moved it */
        f->ip++;
    return ok;
}

/* The jump or branch that led to instruction `index` from `last`. */
static bool branch_event(Thread *t, Frame *f, uint32_t last, uint32_t index) {
    CodeObject *code = f->code;
    unsigned op = code_instruction(code, last).op;
    uint32_t from = last, to = index;
    MonitoringEvent event;
    if (is_branch(op)) {
        event = index == last + 1 ? EVENT_BRANCH_LEFT : EVENT_BRANCH_RIGHT;
        to = event == EVENT_BRANCH_LEFT ? index : code_branch_target(code, last);
    } else if (op == OP_JUMP_BACK && code_instruction(code, index).op == OP_SEND) {
        return true; /* delegating goes on */
    } else if (op == OP_JUMP_BACK || (op == OP_JUMP && index > last)) { /* but not where a handler goes back to where all goes on */
        event = EVENT_JUMP;
    } else if (op == OP_END_ASYNC_FOR) {
        event = EVENT_BRANCH_RIGHT;
        from = monitoring_wants_anywhere(t, event) ? code_async_for_branch(code, last) : UINT32_MAX;
    } else {
        event = EVENT_BRANCH_LEFT;
        const ExceptionEntry *handler = op == OP_MOVE && monitoring_wants_anywhere(t, event) ? code_handler(code, last) : NULL;
        if (!handler || code_instruction(code, handler->target).op != OP_END_ASYNC_FOR || code_async_for_branch(code, handler->target) != last)
            return true;
    }
    return from == UINT32_MAX || !monitoring_wants(t, code, from, event) ||
           monitoring_fire(t, code, from, event, small_int(from * INT64_C(2)), small_int(to * INT64_C(2)), NO_VALUE);
}

/* A call's result goes where it belongs without an instruction of its own. Debuggers that ask for every instruction
 * get the event that they expect between a call and the next line: pdb.set_trace() stops at its own line so. */
static bool end_of_call_event(Thread *t, Frame *f, const int32_t *lines, uint32_t last, uint32_t index) {
    FrameObject *object = as_frame(f->object);
    Instruction *code = f->code->instructions;
    unsigned op = operation_generic[load_relaxed(&code[last].op)];
    if ((op != OP_CALL && op != OP_CALL_KW && op != OP_CALL_EX) || index != last + 1 ||
        lines[last] >> 1 == lines[index] >> 1)
        return true;
    f->ip = code + last;
    if (monitoring_wants(t, f->code, last, EVENT_INSTRUCTION) &&
        !monitoring_fire(t, f->code, last, EVENT_INSTRUCTION, here(f), NO_VALUE, NO_VALUE))
        return false;
    if (is_on(t->trace_function) && load_relaxed(&object->trace_opcodes) && !trace_event(t, f, "opcode", NO_VALUE, false))
        return false;
    if (f->ip == code + last) /* nobody jumped */
        f->ip = code + index;
    return true;
}

/* `line` is that of the frame's start, and nobody was told of that: CPython's specialised RESUME then hides the line from monitors. */
static bool is_hidden(FrameObject *object, bool same_line) { return object->trace_fresh && same_line && !object->start_shown; }

static bool line_event(Thread *t, Frame *f) {
    FrameObject *object = as_frame(f->object);
    const int32_t *lines = monitoring_lines(t, f->code);
    if (!lines || !end_of_call_event(t, f, lines, object->trace_index, frame_index(f)))
        return false;
    uint32_t last = object->trace_index, index = frame_index(f);
    int32_t line = lines[index] >> 1;
    unsigned op = code_instruction(f->code, last).op;
    bool same_line = lines[last] >> 1 == line;
    bool due = line >= 0 && (lines[index] & 1 || line_starts_by_jump(f->code, last, index)) && (!same_line || object->trace_fresh);
    bool monitored = due && !is_hidden(object, same_line);
    bool back = index < last && line >= 0 && same_line && (op == OP_JUMP_BACK || is_branch(op)) &&
                operation_generic[load_relaxed(&f->ip->op)] != OP_SEND; /* delegating goes on */
    bool unwound = object->trace_unwound;
    object->trace_index = index;
    object->trace_fresh = object->trace_unwound = false;
    if (!unwound) {
        f->ip = f->code->instructions + last; /* where the callback should see the frame */
        if (!branch_event(t, f, last, index))
            return false;
        if (frame_index(f) != last) /* and may move it from */
            return true;
        f->ip = f->code->instructions + index;
    }
    if (monitored && monitoring_wants(t, f->code, index, EVENT_LINE) &&
        !monitoring_fire(t, f->code, index, EVENT_LINE, small_int(line), NO_VALUE, NO_VALUE))
        return false;
    if (monitoring_wants(t, f->code, index, EVENT_INSTRUCTION) &&
        !monitoring_fire(t, f->code, index, EVENT_INSTRUCTION, here(f), NO_VALUE, NO_VALUE))
        return false;
    if (!is_on(t->trace_function))
        return true;
    if ((due || (back && !unwound)) && load_relaxed(&object->trace_lines) && is_on(load(&object->trace)) && !trace_event(t, f, "line", NO_VALUE, false))
        return false;
    return !load_relaxed(&object->trace_opcodes) || trace_event(t, f, "opcode", NO_VALUE, false);
}

/* What is due before the frame's next instruction, which a trace function may change. */
static bool trace_instruction(Thread *t) {
    Frame *f = t->frame;
    if (t->tracing || is_prologue(operation_generic[load_relaxed(&f->ip->op)]))
        return true;
    if (!(f->flags & FRAME_TRACED)) {
        f->flags |= FRAME_TRACED;
        Value frame = frame_object(t, f);
        if (absent(frame))
            return false;
        if (!enter_frame(t, f))
            return false;
    }
    if ((!is_on(t->trace_function) && !monitoring_places(t)) || operation_generic[load_relaxed(&f->ip->op)] == OP_RESUME)
        return true;
    return present(frame_object(t, f)) && line_event(t, f);
}

/* SEND to what is no generator: a StopIteration that ends it is told. */
static HANDLER(SEND_told) {
    Value iterator = r[ip->b], sent = r[ip->a], v;
    Type *type = type_of(iterator);
    SendResult step;
    if (type->send) {
        step = iterator_send(t, iterator, sent, &v);
        if (step == SEND_RETURN && !trace_stop_iteration(t, t->frame, v))
            FAIL();
    } else {
        v = is_none(sent) && type->next && !(type->flags & TYPE_HEAP) ? type->next(t, iterator)
            : is_none(sent) && type->next                             ? call_method_0(t, iterator, names.__next__)
                                                                      : call_method_1(t, iterator, names.send, sent);
        step = present(v) ? SEND_YIELD : SEND_RETURN;
        if (step == SEND_RETURN && error_matches(t, &StopIteration_type))
            trace_exception(t, t->frame);
        if (step == SEND_RETURN && error_pending(t) && !error_matches(t, &StopIteration_type))
            FAIL();
        if (step == SEND_RETURN)
            v = error_pending(t) ? stop_iteration_value(error_take(t)) : NONE;
    }
    if (step == SEND_ERROR)
        FAIL();
    r[ip->a] = v;
    if (step == SEND_RETURN)
        ip += (int16_t)ip->c;
    NEXT();
}

/* super().name makes no super object unless monitors want to see the call. */
static HANDLER(LOAD_SUPER_ATTR_told) {
    bool two_arguments = ip->b & 2;
    Value callee = r[ip->a], block[] = {NO_VALUE, r[ip->a + 1], r[ip->a + 2]}, shown = two_arguments ? block[1] : NO_VALUE;
    if (!trace_call(t, callee, shown))
        FAIL();
    Value object = call(t, callee, block + 1, two_arguments ? 2 : 0, NO_VALUE);
    if (!trace_native_return(t, callee, shown, absent(object), true) || absent(object))
        FAIL();
    Value v = get_attribute(t, object, caches[ip->c].name);
    if (absent(v))
        FAIL();
    r[ip->a] = v;
    if (ip->b & 1)
        r[ip->a + 1] = NO_VALUE;
    NEXT();
}

static PRESERVE_NONE NOT_INLINED Value do_traced(PARAMETERS) {
    SAVE();
    if (unlikely(drop_is_noted(t)) && drop_is_due(t, ip))
        drop_look(t);
    bool ok = trace_instruction(t);
    ip = t->frame->ip;
    if (unlikely(!ok))
        FAIL();
    dispatch = t->dispatch;
    switch (operation_generic[load_relaxed(&ip->op)]) { /* those whose handlers report too little */
    case OP_CALL: TAIL(do_CALL_slow);
    case OP_SEND:
        if (!is_generator_like(r[ip->b]))
            TAIL(do_SEND_told);
        break;
    case OP_LOAD_SUPER_ATTR:
        if (trace_monitors_call(t))
            TAIL(do_LOAD_SUPER_ATTR_told);
        break;
    default: break;
    }
    [[clang::musttail]] return ((Handler *)load_relaxed(&dispatch_table[load_relaxed(&ip->op)]))(ARGUMENTS);
}

const void *const tracing_table[OP_COUNT] = {
#define OPERATION(name, operands, effects, doc) [OP_##name] = do_traced,
#include "compile/ops.def"
#undef OPERATION
#define SPECIAL(name, generic, doc) [OP_##name] = do_traced,
#include "vm/ops_special.def"
#undef SPECIAL
};

/* ---- switching ---- */

/* Frames that are running already have no call event; theirs end with a return event if they have a function. */
static void mark_running(Thread *t, bool was_on) {
    for (Frame *f = t->frame; frame_is_real(f); f = frame_caller(f)) {
        bool starting = present(f->object) && as_frame(f->object)->at_start; /* this is called by who is told of it */
        if (f->flags & FRAME_TRACED && (was_on || starting))
            continue; /* what was noted holds */
        f->flags |= FRAME_TRACED;
        Value frame = frame_object(t, f);
        if (absent(frame))
            return error_clear(t);
        as_frame(frame)->trace_index = frame_index(f);
        as_frame(frame)->trace_fresh = false;
    }
}

void tracing_switch_all(Thread *t, bool was_on) {
    if (monitoring_active(t))
        mark_running(t, was_on || is_on(t->trace_function));
    tracing_update(t);
}

bool vm_set_trace(Thread *t, Value function) {
    bool was_on = is_on(t->trace_function) || monitoring_places(t);
    Value old = t->trace_function;
    t->trace_function = is_on(function) ? function : NO_VALUE;
    if (is_on(function))
        mark_running(t, was_on);
    tracing_update(t);
    drop_note_replaced(t, old, NONE);
    return true;
}

bool vm_set_profile(Thread *t, Value function) {
    Value old = t->profile_function;
    t->profile_function = is_on(function) ? function : NO_VALUE;
    if (is_on(function))
        mark_running(t, true);
    tracing_update(t);
    drop_note_replaced(t, old, NONE);
    return true;
}

/* The function of other threads, and the frames that run in them: on the thread itself, at its next safepoint. */
bool tracing_changed(Thread *t) {
    if (is_on(t->trace_function) || is_on(t->profile_function))
        mark_running(t, true);
    tracing_update(t);
    return true;
}

static void set_trace_of(Thread *other, void *function) {
    other->trace_function = *(Value *)function;
    thread_request(other, POLL_TRACING);
}

static void set_profile_of(Thread *other, void *function) {
    other->profile_function = *(Value *)function;
    thread_request(other, POLL_TRACING);
}

bool vm_set_trace_all(Thread *t, Value function) {
    Value on = is_on(function) ? function : NO_VALUE;
    publish(on);
    heap_each_other_thread(t, set_trace_of, &on);
    return vm_set_trace(t, function);
}

bool vm_set_profile_all(Thread *t, Value function) {
    Value on = is_on(function) ? function : NO_VALUE;
    publish(on);
    heap_each_other_thread(t, set_profile_of, &on);
    return vm_set_profile(t, function);
}
