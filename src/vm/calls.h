/* What the handlers of calls share. */
#pragma once
#include "vm/interpret.h"

/* CALL by the kind of its callee; each ends in CALL_slow for what is unusual. */
Handler do_CALL_function, do_CALL_method, do_CALL_native, do_CALL_class;
Handler do_CALL_binding, do_CALL_len;

/* Empties the locals that are not arguments. */
static inline void clear_locals(Value *base, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        base[i] = NO_VALUE;
        __asm__ volatile(""); /* a handful at most: not worth a call of memset */
    }
}

/* Goes on in a new frame, whose locals are laid out at base. */
#define ENTER(function, code_, base_, flags, result)                    \
    do {                                                                \
        frame_push(t, function, code_, base_, flags, result);           \
        ip = (code_)->instructions;                                     \
        r = base_;                                                      \
        constants = (code_)->constants_base;                            \
        caches = (code_)->caches;                                       \
        DISPATCH();                                                     \
    } while (0)

/* Binds arguments that lie at the very place where the callee's registers start. false: an exception is pending. */
bool bind_in_place(Thread *t, FunctionObject *f, Value *base, size_t nargs, Value kwnames);
