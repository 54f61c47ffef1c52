/* Frames: the record of a running piece of Python code, and the register stack.
 *
 * A thread has one register stack (t->stack) and one array of frame records, both reserved address ranges that
 * the operating system backs with memory as they are touched. Frame records lie one after the other, so the caller of f
 * is f - 1; record 0 is a sentinel without code. A frame's registers are base[0 .. code->register_count): the locals,
 * zeroed at entry, then the temporaries, which hold leftovers until written. A callee's registers overlap the
 * temporaries of its caller where CALL built the arguments; code that native code calls gets registers above
 * those of the innermost frame. The registers of a generator lie in its cell, never on the stack: what its frame calls gets
 * copies of the arguments, at the frame's `end`.
 * `ip` of a frame that is not running its own instructions (it called something, or the handler is in C code that may
 * raise, collect or look at frames) is the instruction in progress.
 * A frame object (what Python sees) is made on demand; while the frame runs it refers to the record, and when the
 * frame ends it gets a copy of the locals.
 * Records above the innermost frame have neither `object` nor `locals`, so that a call need not empty them: what ends a frame
 * with FRAME_EXTRA does.
 *
 * Threads: private to the thread; the collector reads them while the world is stopped.
 */
#pragma once
#include "compile/code.h"
#include "object/thread.h"
#include "vm/function.h"

enum {
    FRAME_ENTRY = 1,     /* called from C: returning leaves the interpreter */
    FRAME_GENERATOR = 2, /* a generator is running here: frame_generator */
    FRAME_INIT = 4,      /* an __init__ called by CALL on a class: the result is the instance in the caller's r[a] */
    FRAME_TRACED = 8,    /* its start was reported: its end will be (tracing.h) */
    FRAME_OPERATOR = 32, /* what it returns is not yet the result: interpret_operators.c; of generators: CALL_send */
    FRAME_AWAITED = 64,  /* a coroutine, awaited by the caller's SEND, that has not waited yet: see generator_move */
    FRAME_CONSUMED = 128, /* with FRAME_GENERATOR and FRAME_ENTRY: t->consumer takes what it yields, as long as it does */
    FRAME_HOLDS = 256,   /* made an object with a finalizer: drop.h */
    FRAME_HOLDS_PASSED = 512, /* what it called did, and the object lives */
    FRAME_EXTRA = 16,    /* `object` or `locals` is present: it does not end in a fast path */
};

struct Frame {
    const Instruction *ip;
    Value *base;
    CodeObject *code;         /* NULL in the sentinel */
    FunctionObject *function;
    Value object;             /* frame object, or absent */
    union { /* written as one word: a return that follows soon reads just what the call wrote */
        struct {
            uint32_t flags;
            uint32_t result;  /* the caller's register that gets the result */
        };
        uint64_t flags_and_result;
    };
    Value locals;             /* namespace mapping of module, class and exec code; absent for functions */
    union {
        Value *end;           /* with FRAME_GENERATOR: where the register stack is free */
        Value coroutine;      /* with FRAME_AWAITED: the object, if somebody asked for it, else absent */
    };
};

enum { FRAME_RECORDS = 1 << 20 }; /* more nested Python frames are a RecursionError whatever the limit */

static inline Frame *frame_caller(Frame *f) { return f - 1; }
static inline bool frame_is_real(Frame *f) { return f && f->code; }
static inline Value frame_globals(Frame *f) { return f->function->globals; }
static inline Value frame_builtins(Frame *f) { return f->function->builtins; }
/* Where the registers of what the frame calls may begin. */
static inline Value *real_frame_end(Frame *f) {
    return unlikely(f->flags & FRAME_GENERATOR) ? f->end : f->base + f->code->register_count;
}
static inline Value *frame_end(Frame *f) { return f->code ? real_frame_end(f) : f->base; }
static inline uint32_t frame_index(Frame *f) { return (uint32_t)(f->ip - f->code->instructions); }

/* What handles an exception that the instruction raises; NULL: its frame ends. */
static inline const ExceptionEntry *code_handler(CodeObject *code, uint32_t index) {
    for (uint32_t i = 0; i < code->exception_count; i++)
        if (code->exceptions[i].start <= index && index < code->exceptions[i].end)
            return &code->exceptions[i];
    return NULL;
}

bool frames_prepare(Thread *t); /* a thread's first frame: makes room for records; false: MemoryError */
bool frames_reserve(Thread *t); /* the same, also for a thread that does not run yet; raises nothing */
void frames_release(Thread *t); /* the thread ends */
bool frame_overflow(Thread *t); /* raises RecursionError, returns false */

/* Is there room for one more frame whose registers are [base, base + code->register_count)? */
static inline bool frame_fits(Thread *t, Value *base, CodeObject *code) {
    return likely(t->frame + 1 < t->frame_limit && base + code->register_count <= t->stack_limit);
}

/* The same, and nothing else is due (poll_due) either. */
static inline bool call_fits(Thread *t, Value *base, CodeObject *code) {
    void *limit = load_relaxed(&heap_thread(t)->call_limit_or_poll);
    return likely((void *)(t->frame + 1) < limit && base + code->register_count <= t->stack_limit);
}

/* A new innermost frame, whose arguments and other locals are already in place. */
static inline Frame *frame_push(Thread *t, FunctionObject *function, CodeObject *code, Value *base, uint32_t flags,
                                uint32_t result) {
    Frame *f = t->frame + 1;
    f->ip = code->instructions;
    f->base = base;
    f->code = code;
    f->function = function;
    f->flags_and_result = flags | (uint64_t)result << 32;
    assert(absent(f->object) && absent(f->locals));
    t->frame = f;
    return f;
}

/* The frame gets a frame object and a namespace, either of which may be absent. */
static inline void frame_set_extra(Frame *f, Value object, Value locals) {
    f->object = object;
    f->locals = locals;
    if (present(object) || present(locals))
        f->flags |= FRAME_EXTRA;
}
static inline void frame_clear_extra(Frame *f) { f->object = f->locals = NO_VALUE; }

void frame_detach_object(Thread *t, Frame *f); /* gives the frame object its own copy of the locals */

static inline void frame_pop(Thread *t) {
    Frame *f = t->frame;
    if (unlikely(f->flags & FRAME_EXTRA)) {
        if (present(f->object))
            frame_detach_object(t, f);
        frame_clear_extra(f);
    }
    t->frame = f - 1;
}

/* The event that is being reported for a frame. */
typedef enum FrameEvent : uint8_t { FRAME_EVENT_NONE, FRAME_EVENT_CALL, FRAME_EVENT_LINE, FRAME_EVENT_CALLING, FRAME_EVENT_OTHER } FrameEvent;

/* Frame objects: vm/frame_object.c */
typedef struct FrameObject {
    Object object;
    Frame *live;          /* the record, while it is on its thread's stack */
    Value generator;      /* a generator's frame: where the registers are while it is suspended; else absent */
    Value code, function; /* code, FunctionObject */
    Value locals;         /* as in Frame */
    Value back;           /* caller's frame object, once detached; absent: none */
    Value trace;          /* f_trace */
    Value extra_locals;   /* dict of names that f_locals got but the code does not know, or absent */
    uint32_t raised_at;   /* instruction whose exception went to a handler last */
    uint32_t index;       /* instruction, once detached or suspended */
    uint32_t trace_index; /* last instruction seen by tracing */
    FrameEvent event;
    bool trace_lines, trace_opcodes, cleared;
    bool at_start;        /* its call event is being reported: the line is that of `def` */
    bool trace_fresh;     /* it has just begun, or something was thrown into it: a line begins whatever the last one was */
    bool start_shown;     /* somebody was told of that */
    bool ends;            /* its end by an exception is being reported */
    bool trace_unwound;   /* an exception leads to the next instruction: neither branch nor jump */
    size_t register_count;
    Value registers[];    /* locals, once detached */
} FrameObject;

extern Type frame_type, frame_locals_proxy_type;
static inline FrameObject *as_frame(Value v) { return (FrameObject *)v.bits; }
Value frame_object(Thread *t, Frame *f); /* the object of a frame of this thread, made on demand; absent: MemoryError */
Value frame_object_for_generator(Thread *t, Value generator);
int32_t frame_object_line(Thread *t, FrameObject *f); /* 0: a module's start; -1: none */
uint32_t frame_object_index(Thread *t, FrameObject *f);
/* Its register_count variables: the place itself if only this thread can be using it, else a copy. NULL: MemoryError. */
Value *frame_object_registers(Thread *t, FrameObject *f);
void frame_object_store(Thread *t, FrameObject *f, size_t index, Value value); /* to a variable */
bool frame_is_own(Thread *t, const Frame *f); /* whether it is one of this thread's */
/* The object of a frame of another thread, which `find` names while the world is stopped (it may allocate nothing). None: it
 * finds none; absent: MemoryError. */
Value frame_object_elsewhere(Thread *t, Frame *(*find)(void *context), void *context);
/* locals(): of a function a fresh dict, else the namespace itself. */
Value frame_locals_snapshot(Thread *t, Frame *f);
Value frame_locals_mapping(Thread *t, FrameObject *f); /* f_locals: write-through proxy or the namespace */

void trace_thread_stack(Tracer *tracer, Thread *t);
