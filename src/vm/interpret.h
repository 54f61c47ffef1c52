/* The shape of the interpreter: one handler per operation, each of which ends in a tail call of the next one.
 *
 * A handler gets the machine's state in registers: instruction pointer, registers of the frame, thread, dispatch
 * table, constants and caches of the code. Handlers whose fast path has no calls have no stack frame; whatever needs
 * calls is in a separate handler (`..._slow`) that is tail-called.
 * Before anything that may raise, allocate, or look at frames, a handler stores `ip` in the frame (SAVE).
 * After anything that may run Python code, it goes on with NEXT, which picks up a changed dispatch table.
 */
#pragma once
#include "vm/ops.h"

#define PARAMETERS                                                                                          \
    const Instruction *ip, Value *r, Thread *t, const void *const *dispatch, Value *constants, Cache *caches
#define ARGUMENTS ip, r, t, dispatch, constants, caches
#define PRESERVE_NONE __attribute__((preserve_none))
/* One handler in another would give the first a stack frame for what the second calls. */
#define NOT_INLINED __attribute__((noinline))

typedef PRESERVE_NONE Value Handler(PARAMETERS);

#define HANDLER(name) PRESERVE_NONE NOT_INLINED Value do_##name(PARAMETERS)
#define TAIL(handler) [[clang::musttail]] return handler(ARGUMENTS)
#define DISPATCH() [[clang::musttail]] return ((Handler *)load_relaxed(&dispatch[load_dependent(&ip->op)]))(ARGUMENTS)
#define NEXT_FAST()  \
    do {             \
        ip++;        \
        DISPATCH();  \
    } while (0)
#define NEXT()                   \
    do {                         \
        dispatch = t->dispatch;  \
        ip++;                    \
        DISPATCH();              \
    } while (0)
#define SAVE() (t->frame->ip = ip)
#define FAIL() TAIL(vm_unwind)
/* Takes up the state of the innermost frame, at its ip. */
#define LOAD_FRAME(frame)                            \
    do {                                             \
        Frame *frame_ = (frame);                     \
        ip = frame_->ip;                             \
        r = frame_->base;                            \
        constants = frame_->code->constants_base;    \
        caches = frame_->code->caches;               \
        dispatch = t->dispatch;                      \
    } while (0)

/* An operation is about to store r[a], r[b] or r[c] where other threads may find it: publishes it, and is entered again. */
Handler do_publish_a, do_publish_b, do_publish_c;

/* Operations that store in place, read what others may be changing, or step iterators and generators have two handlers. do_X takes
 * the locks that are due, looks at what another thread may have done meanwhile, or leaves it to the generic operation: it may be
 * entered at any time. do_X_alone does nothing of that and does not ask whether there are other threads. Only the
 * dispatch table leads to it, and does while the process has one thread (dispatch_prepare), or do_X does for an object that is
 * private to the thread (heap/publish.h). It has no safepoint: when the entries
 * change, no thread but the one that changes them is running, and that is in the middle of none of these. */
#define OPERATIONS_FOR_ONE_THREAD(OPERATION) \
    OPERATION(STORE_DEREF)                   \
    OPERATION(SET_FUNCTION_ATTRIBUTE)        \
    OPERATION(STORE_GLOBAL_MODULE)           \
    OPERATION(STORE_NAME_MODULE)             \
    OPERATION(GET_ITEM)                      \
    OPERATION(SET_ITEM)                      \
    OPERATION(LIST_APPEND)                   \
    OPERATION(UNPACK)                        \
    OPERATION(FOR_ITER)                      \
    OPERATION(SEND)                          \
    OPERATION(YIELD)                         \
    OPERATION(YIELD_FROM)                    \
    OPERATION(JUMP_BACK_DELEGATE)            \
    OPERATION(LOAD_ATTR_SLOT)                \
    OPERATION(STORE_ATTR_SHARED)             \
    OPERATION(STORE_ATTR_SLOT)               \
    OPERATION(STORE_ATTR_OUT)                \
    OPERATION(STORE_ATTR_DICT)               \
    OPERATION(STORE_ATTR_ADD)                \
    OPERATION(STORE_ATTR_OVER)               \
    OPERATION(STORE_ATTR_MEMBER)

#define OPERATION(name) Handler do_##name##_alone;
OPERATIONS_FOR_ONE_THREAD(OPERATION)
#undef OPERATION
#define OPERATION(name, operands, effects, doc) Handler do_##name;
#include "compile/ops.def"
#undef OPERATION
#define SPECIAL(name, generic, doc) Handler do_##name;
#include "vm/ops_special.def"
#undef SPECIAL

/* An exception is pending, raised by the frame's instruction ip: finds the handler, here or in a caller. */
Handler vm_unwind;
/* The same when the exception's traceback already names this frame. */
Handler vm_unwind_again;
void vm_pop_handled(Thread *t, Frame *f, Value e); /* what the operation POP_HANDLED does */

/* Before a function's registers are what its code expects. */
static inline bool is_prologue(unsigned op) { return op == OP_COPY_FREE_VARS || op == OP_MAKE_CELL || op == OP_RETURN_GENERATOR; }

static inline bool is_of_class(Value v) { return is_object(v) && class_of(as_object(v))->flags & TYPE_HEAP; }

/* The frame's code returned a value, which comes in place of `constants`. */
Handler vm_return;
Handler do_CALL_slow, do_FOR_ITER_slow;
Handler do_construct_returned; /* the same of __new__ */
Handler do_operator_method, do_operator_in_c, do_operator_returned, do_FOR_ITER_method, do_GET_ITER_method, do_GET_ITER_slow;
Handler do_IN_slow, do_NOT_IN_slow, do_IN_method, do_truth_in_c, do_truth_method, do_STORE_ATTR_in_c, do_STORE_ATTR_method;
Handler do_GET_ITEM_slow, do_GET_ITEM_method, do_SET_ITEM_slow, do_SET_ITEM_method;

extern const void *dispatch_table[OP_COUNT];
/* Puts the handlers for one thread, or for several, in the place of those that differ. */
void dispatch_prepare(const void **table, bool alone);

/* Replaces an operation by a specialised one (or back). */
static inline void publish_operation(const Instruction *ip, unsigned op) {
    store_release((uint16_t *)&ip->op, (uint16_t)op);
}

/* Specialisation (specialize.c): called after the generic operation succeeded, and before its result goes to a register: it
 * may stop the world, and a collection takes what the running operation writes to for dead. */
void specialize_load_global(Thread *t, Instruction *ip, Cache *cache);
void specialize_load_name(Thread *t, Instruction *ip, Cache *cache);
void specialize_store_global(Thread *t, Instruction *ip, Cache *cache);
void specialize_load_attr(Thread *t, Instruction *ip, Cache *cache, Value o);
void specialize_load_method(Thread *t, Instruction *ip, Cache *cache, Value o);
void specialize_store_attr(Thread *t, Instruction *ip, Cache *cache, Value o, uint32_t shape_before);
