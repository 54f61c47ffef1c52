/* f_lineno = line: a trace function moves its frame.
 *
 * A line can be reached from where the frame is when the temporaries that are live there are live here too and mean
 * the same: the iterator of an enclosing loop, the methods of a `with`, the exception of a handler. What each one
 * means is found by following the code from its start, once per jump. Temporaries above those are given up; with a
 * handler's, the exception that was handled outside of it comes back. The body of a `finally` stands in the code twice: from another
 * handler the line goes to the copy for the case that nothing was raised.
 * Threads: the frame is the thread's own.
 */
#include "types/exceptions/exceptions.h"
#include "vm/eval.h"
#include "vm/interpret.h"
#include "vm/monitoring.h"
#include "vm/tracing.h"

#include <stdlib.h>

/* KIND_HANDLED comes with the instruction that began the handler, above the bits of the kind. KIND_CALLEE: what is about to be called, and
 * whose receiver may be missing. */
typedef enum Kind {
    KIND_OBJECT,
    KIND_ITERATOR,
    KIND_LIST,
    KIND_SET,
    KIND_DICT,
    KIND_EXCEPTION,
    KIND_HANDLED,
    KIND_CALLEE,
    KIND_MASK = 0xff,
    KIND_BITS = 8,
} Kind;

static const char operands_of[][4] = {
#define OPERATION(name, operands, effects, doc) operands,
#include "compile/ops.def"
#undef OPERATION
};

static bool ends_line(unsigned op) {
    return op == OP_JUMP || op == OP_JUMP_BACK || op == OP_RETURN || op == OP_RETURN_NONE || op == OP_RAISE || op == OP_RERAISE;
}

/* What the temporaries mean before each instruction: rows of `width` kinds, as many of which count as are live. */
typedef struct Stacks {
    CodeObject *code;
    size_t width;
    uint32_t *kinds;
    bool *known;
    uint32_t *work; /* instructions to go on from */
    size_t work_count;
} Stacks;

static uint32_t *row(const Stacks *s, uint32_t i) { return s->kinds + i * s->width; }
static size_t depth(const Stacks *s, uint32_t i) {
    size_t live = s->code->live[i];
    return live > s->code->local_count ? live - s->code->local_count : 0;
}

static void reach(Stacks *s, uint32_t i, const uint32_t *kinds) {
    if (i >= s->code->count || s->known[i])
        return;
    s->known[i] = true;
    memcpy(row(s, i), kinds, depth(s, i) * sizeof *kinds);
    s->work[s->work_count++] = i;
}

static void set_kind(const Stacks *s, uint32_t *kinds, uint32_t reg, uint32_t kind) {
    if (reg >= s->code->local_count && reg - s->code->local_count < s->width)
        kinds[reg - s->code->local_count] = kind;
}

static uint32_t kind_of_result(unsigned op, uint32_t i) {
    switch (op) {
    case OP_GET_ITER:
    case OP_GET_AITER: return KIND_ITERATOR;
    case OP_BUILD_LIST: return KIND_LIST;
    case OP_BUILD_SET: return KIND_SET;
    case OP_BUILD_DICT: return KIND_DICT;
    case OP_PUSH_HANDLED: return KIND_HANDLED | i << KIND_BITS;
    case OP_MOVE_CALLEE:
    case OP_LOAD_GLOBAL_CALLEE:
    case OP_LOAD_METHOD: return KIND_CALLEE;
    default: return KIND_OBJECT;
    }
}

static void step(Stacks *s, uint32_t i, uint32_t *kinds) {
    Instruction in = code_instruction(s->code, i);
    unsigned op = in.op;
    const char *operands = operands_of[op];
    for (size_t k = 0; k < s->width; k++)
        kinds[k] = k < depth(s, i) ? row(s, i)[k] : KIND_OBJECT;
    for (uint32_t e = 0; e < s->code->exception_count; e++) {
        ExceptionEntry *entry = &s->code->exceptions[e];
        if (i < entry->start || i >= entry->end)
            continue;
        uint32_t handler[s->width + 1];
        memcpy(handler, kinds, s->width * sizeof *kinds);
        set_kind(s, handler, entry->exception_register, KIND_EXCEPTION);
        reach(s, entry->target, handler);
        break;
    }
    int64_t target = code_jump_target(in, i);
    if (target >= 0) {
        if (op == OP_SEND)
            set_kind(s, kinds, in.a, KIND_OBJECT);
        reach(s, (uint32_t)target, kinds);
    }
    if (operands[0] == 'W' || operands[0] == 'X' || operands[0] == 'B')
        set_kind(s, kinds, in.a, kind_of_result(op, i));
    if (op == OP_MOVE && in.b >= s->code->local_count && in.b - s->code->local_count < depth(s, i))
        set_kind(s, kinds, in.a, row(s, i)[in.b - s->code->local_count]);
    if (operands[2] == 'W')
        set_kind(s, kinds, in.c, KIND_OBJECT);
    if (!ends_line(op))
        reach(s, i + 1, kinds);
}

/* false: no memory. */
static bool find_stacks(Stacks *s, CodeObject *code) {
    size_t temporaries = code->register_count - code->local_count;
    *s = (Stacks){.code = code, .width = temporaries ? temporaries : 1};
    s->kinds = calloc(code->count, s->width * sizeof *s->kinds);
    s->known = calloc(code->count, sizeof *s->known);
    s->work = calloc(code->count, sizeof *s->work);
    uint32_t *kinds = calloc(s->width, sizeof *kinds);
    bool ok = s->kinds && s->known && s->work && kinds;
    if (ok)
        reach(s, 0, kinds);
    while (ok && s->work_count > 0)
        step(s, s->work[--s->work_count], kinds);
    free(kinds);
    return ok;
}

static void free_stacks(Stacks *s) {
    free(s->kinds);
    free(s->known);
    free(s->work);
}

/* Can the temporaries at `to` be those at `from`, without the innermost ones? */
static bool compatible(const Stacks *s, uint32_t from, uint32_t to) {
    if (!s->known[from] || !s->known[to] || depth(s, to) > depth(s, from))
        return false;
    for (size_t k = 0; k < depth(s, to); k++)
        if ((row(s, from)[k] ^ row(s, to)[k]) & KIND_MASK)
            return false;
    return true;
}

static bool in_same_handlers(const Stacks *s, uint32_t from, uint32_t to) {
    return memcmp(row(s, from), row(s, to), depth(s, to) * sizeof *s->kinds) == 0;
}

static const char *why_not(const Stacks *s, uint32_t to) {
    Kind innermost = depth(s, to) ? row(s, to)[depth(s, to) - 1] & KIND_MASK : KIND_OBJECT;
    switch (innermost) {
    case KIND_ITERATOR: return "can't jump into the body of a for loop";
    case KIND_EXCEPTION:
    case KIND_HANDLED: return "can't jump into an 'except' block as there's no exception";
    default: return "incompatible stacks";
    }
}

static bool starts_line(CodeObject *code, uint32_t i) {
    unsigned op = code_instruction(code, i).op;
    int32_t line = code_position(code, i).line;
    return line > 0 && (i == 0 || code_position(code, i - 1).line != line) && op != OP_RESUME && op != OP_COPY_FREE_VARS &&
           op != OP_MAKE_CELL && op != OP_RETURN_GENERATOR;
}

/* The first line with code from `line` on, or 0. */
static int32_t line_with_code(CodeObject *code, int32_t line) {
    int32_t found = 0;
    for (uint32_t i = 0; i < code->count; i++) {
        int32_t at = code_position(code, i).line;
        if (at >= line && (found == 0 || at < found) && starts_line(code, i))
            found = at;
    }
    return found;
}

/* The instruction to go on with: the innermost start of the line that can be reached, best without a change of handlers. false: *error
 * says why not. */
static bool find_target(const Stacks *s, uint32_t from, int32_t line, uint32_t *target, const char **error) {
    bool found = false, same_handlers = false;
    *error = NULL;
    for (uint32_t i = 0; i < s->code->count; i++) {
        if (code_position(s->code, i).line != line || !starts_line(s->code, i) || !s->known[i])
            continue;
        if (!compatible(s, from, i)) {
            if (!found && !*error)
                *error = why_not(s, i);
            continue;
        }
        bool same = in_same_handlers(s, from, i);
        if (!found || same > same_handlers || (same == same_handlers && depth(s, i) > depth(s, *target))) {
            *target = i;
            found = true;
            same_handlers = same;
        }
    }
    if (!*error)
        *error = "cannot find bytecode for specified line";
    return found;
}

/* The code at the target may rely on variables that the code in between would have set. */
static bool bind_locals(Thread *t, Frame *frame) {
    int unbound = 0;
    for (uint32_t i = 0; i < frame->code->local_count; i++)
        unbound += absent(frame->base[i]);
    if (unbound && !warn(t, &RuntimeWarning_type, 0, "assigning None to %d unbound local%s", unbound, unbound == 1 ? "" : "s"))
        return false;
    for (uint32_t i = 0; i < frame->code->local_count; i++)
        if (absent(frame->base[i]))
            frame->base[i] = NONE;
    return true;
}

static void leave_handlers(Thread *t, const Stacks *s, Frame *frame, uint32_t from, uint32_t to) {
    for (size_t k = depth(s, from); k-- > depth(s, to);)
        if ((row(s, from)[k] & KIND_MASK) == KIND_HANDLED)
            vm_pop_handled(t, frame, frame->base[s->code->local_count + k]);
}

static bool check_event(Thread *t, FrameObject *f) {
    Frame *live = load_acquire(&f->live);
    if (!live || !frame_is_own(t, live) || !t->tracing || f->event == FRAME_EVENT_NONE)
        raise_value_error(t, "f_lineno can only be set in a trace function");
    else if (f->event == FRAME_EVENT_CALL)
        raise_value_error(t, "can't jump from the 'call' trace event of a new frame");
    else if (f->event == FRAME_EVENT_CALLING)
        raise_value_error(t, "can't jump during a call");
    else if (f->event == FRAME_EVENT_OTHER)
        raise_value_error(t, "can only jump from a 'line' trace event");
    return !error_pending(t);
}

static Value jump(Thread *t, FrameObject *f, const Stacks *s, int32_t line) {
    uint32_t from = frame_object_index(t, f), to = 0;
    const char *error;
    if (!find_target(s, from, line, &to, &error))
        return raise_value_error(t, "%s", error);
    CHECK(bind_locals(t, f->live));
    leave_handlers(t, s, f->live, from, to);
    f->live->ip = s->code->instructions + to;
    f->trace_index = to;
    return NONE;
}

Value frame_set_line(Thread *t, Value *args) {
    FrameObject *f = as_frame(args[0]);
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], NO_VALUE, "attribute 'f_lineno' of 'frame' objects cannot be deleted");
    if (!is_small_int(args[1]))
        return raise_value_error(t, "lineno must be an integer");
    CHECK(check_event(t, f));
    int64_t wanted = small_int_value(args[1]);
    CodeObject *code = as_code(f->code);
    if (wanted < code->first_line)
        return raise_value_error(t, "line %d comes before the current code block", (int)wanted);
    int32_t line = wanted > INT32_MAX ? 0 : line_with_code(code, (int32_t)wanted);
    if (line == 0)
        return raise_value_error(t, "line %d comes after the current code block", (int)wanted);
    Stacks stacks;
    Value result = find_stacks(&stacks, code) ? jump(t, f, &stacks, line) : raise_no_memory(t);
    free_stacks(&stacks);
    return result;
}
