/* The interpreter: operators, comparisons, truth, containment, length and iteration of classes written in Python.
 *
 * What is called in the end is a function, and so gets a frame, as for CALL, instead of an interpreter of its own on the C stack. The
 * frame is flagged FRAME_OPERATOR: what it returns is not yet the result. RETURN puts it where the callee's first register was
 * (real_frame_end), and do_operator_returned finishes the instruction that the caller is at: NotImplemented
 * means that the other operand is asked, a condition takes its truth, an iterator has to be one. In `result` of the record stands
 * what was called first (OperatorStage). A StopIteration that leaves the frame ends the caller's FOR_ITER (unwind.c).
 *
 * Everything here is only for methods that are plain functions, found on the class, and not while the thread is traced; the rest
 * takes the way through C that is tried next.
 */
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/int/int.h"
#include "vm/calls.h"
#include "vm/tracing.h"

static_assert(OP_XOR - OP_ADD == (int)BINARY_XOR && OP_INPLACE_XOR - OP_INPLACE_ADD == (int)BINARY_XOR);
static_assert(OP_COMPARE_GE - OP_COMPARE_LT == (int)COMPARE_GE && OP_JUMP_IF_GE - OP_JUMP_IF_LT == (int)COMPARE_GE &&
              OP_JUMP_IF_NOT_GE - OP_JUMP_IF_NOT_LT == (int)COMPARE_GE);

/* An operator's instruction, taken apart. */
typedef struct Operator {
    enum { ARITHMETIC, COMPARISON, CONDITION } kind; /* CONDITION: a comparison that jumps */
    unsigned op;  /* BinaryOperation or Comparison */
    bool inplace;
    bool negated; /* jumps unless */
    Value left, right;
} Operator;

static inline Operator operator_of(const Instruction *ip, Value *r) {
    unsigned op = ip->op;
    if (op >= OP_COMPARE_LT && op <= OP_COMPARE_GE)
        return (Operator){COMPARISON, op - OP_COMPARE_LT, .left = r[ip->b], .right = r[ip->c]};
    if (op >= OP_JUMP_IF_LT && op <= OP_JUMP_IF_GE)
        return (Operator){CONDITION, op - OP_JUMP_IF_LT, .left = r[ip->a], .right = r[ip->b]};
    if (op >= OP_JUMP_IF_NOT_LT && op <= OP_JUMP_IF_NOT_GE)
        return (Operator){CONDITION, op - OP_JUMP_IF_NOT_LT, .negated = true, .left = r[ip->a], .right = r[ip->b]};
    Value number = small_int((int16_t)ip->c);
    switch (op) {
    case OP_ADD_INT: return (Operator){ARITHMETIC, BINARY_ADD, .left = r[ip->b], .right = number};
    case OP_SUB_INT: return (Operator){ARITHMETIC, BINARY_SUB, .left = r[ip->b], .right = number};
    case OP_INPLACE_ADD_INT: return (Operator){ARITHMETIC, BINARY_ADD, .inplace = true, .left = r[ip->b], .right = number};
    case OP_INPLACE_SUB_INT: return (Operator){ARITHMETIC, BINARY_SUB, .inplace = true, .left = r[ip->b], .right = number};
    }
    bool inplace = op >= OP_INPLACE_ADD;
    return (Operator){ARITHMETIC, op - (inplace ? OP_INPLACE_ADD : OP_ADD), .inplace = inplace, .left = r[ip->b], .right = r[ip->c]};
}

/* The method of the class, if it can be entered with `count` arguments at base; else NULL. */
static inline FunctionObject *plain_method(Thread *t, Value self, Value name, uint32_t count, Value *base) {
    Value method = type_lookup(type_of(self), name);
    if (unlikely(absent(method) || !is_function(method) || is_tracing(t)))
        return NULL;
    FunctionObject *f = as_function(method);
    CodeObject *code = load_relaxed(&f->code);
    return likely(code_exact_arguments(code) == count && call_fits(t, base, code)) ? f : NULL;
}

/* a op b where one of them is an instance of a class. */
HANDLER(operator_method) {
    Operator o = operator_of(ip, r);
    Value name;
    OperatorStage stage = OPERATOR_LEFT;
    if (o.kind == ARITHMETIC ? !binary_method((BinaryOperation)o.op, o.inplace, o.left, o.right, &name, &stage)
                             : !comparison_method((Comparison)o.op, o.left, o.right, &name))
        TAIL(do_operator_in_c);
    Value *base = real_frame_end(t->frame), self = stage == OPERATOR_RIGHT ? o.right : o.left;
    FunctionObject *f = plain_method(t, self, name, 2, base);
    if (unlikely(!f))
        TAIL(do_operator_in_c);
    CodeObject *code = f->code;
    SAVE();
    base[0] = self;
    base[1] = stage == OPERATOR_RIGHT ? o.left : o.right;
    clear_locals(base, 2, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, stage);
}

/* What the whole of an operator came to; absent: an exception is pending. */
static bool finish_operator(Thread *t, const Instruction **ip, Value *r, Operator o, Value v) {
    if (absent(v))
        return false;
    if (o.kind != CONDITION) {
        r[(*ip)->a] = v;
        return true;
    }
    int yes = truth(t, v);
    if (yes < 0)
        return false;
    if (yes != o.negated)
        *ip += (int16_t)(*ip)->c;
    return true;
}

HANDLER(operator_in_c) {
    SAVE();
    Operator o = operator_of(ip, r);
    Value v = o.kind != ARITHMETIC ? compare(t, (Comparison)o.op, o.left, o.right)
              : o.inplace         ? inplace_operation(t, (BinaryOperation)o.op, o.left, o.right)
                                  : binary_operation(t, (BinaryOperation)o.op, o.left, o.right);
    if (unlikely(!finish_operator(t, &ip, r, o, v)))
        FAIL();
    NEXT();
}

/* The method that was called first said NotImplemented. */
static HANDLER(operator_declined) {
    SAVE();
    Operator o = operator_of(ip, r);
    OperatorStage stage = (OperatorStage)t->frame[1].result;
    Value v = o.kind == ARITHMETIC ? binary_operation_after(t, (BinaryOperation)o.op, o.inplace, stage, o.left, o.right)
                                   : compare_after(t, (Comparison)o.op, o.left, o.right);
    if (unlikely(!finish_operator(t, &ip, r, o, v)))
        FAIL();
    NEXT();
}

/* ---- truth, containment, length, and __setattr__ ---- */

enum { TRUTH_BOOL, TRUTH_LEN }; /* the stages of truth_method */

/* Goes on behind an instruction that wants a truth. */
#define GO_ON_WITH_TRUTH(yes)                                               \
    do {                                                                    \
        unsigned op_ = ip->op;                                              \
        if (op_ == OP_JUMP_IF_TRUE || op_ == OP_JUMP_IF_FALSE) {            \
            if ((yes) == (op_ == OP_JUMP_IF_TRUE))                          \
                ip += wide_operand(*ip);                                    \
        } else {                                                            \
            r[ip->a] = from_bool((yes) != (op_ == OP_NOT || op_ == OP_NOT_IN)); \
        }                                                                   \
        NEXT();                                                             \
    } while (0)

static inline Value truth_operand(const Instruction *ip, Value *r) {
    return r[ip->op == OP_JUMP_IF_TRUE || ip->op == OP_JUMP_IF_FALSE ? ip->a : ip->b];
}

HANDLER(truth_in_c) {
    SAVE();
    int yes = truth(t, truth_operand(ip, r));
    if (unlikely(yes < 0))
        FAIL();
    GO_ON_WITH_TRUTH(yes);
}

HANDLER(truth_method) {
    Value *base = real_frame_end(t->frame), v = truth_operand(ip, r);
    Type *type = class_of(as_object(v));
    bool has_bool = load_relaxed(&type->slots[SLOT___bool__]) != NULL;
    FunctionObject *f = !slot_is_looked_up(type, has_bool ? SLOT___bool__ : SLOT___len__)
                            ? NULL
                            : plain_method(t, v, has_bool ? names.__bool__ : names.__len__, 1, base);
    if (unlikely(!f))
        TAIL(do_truth_in_c);
    CodeObject *code = f->code;
    SAVE();
    base[0] = v;
    clear_locals(base, 1, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, has_bool ? TRUTH_BOOL : TRUTH_LEN);
}

static HANDLER(truth_returned_oddly) {
    Value v = *real_frame_end(t->frame);
    SAVE();
    int64_t size = -1;
    if (t->frame[1].result == TRUTH_LEN)
        size = size_from(t, v);
    else
        raise_type_error(t, "__bool__ should return bool, returned %T", v);
    if (unlikely(size < 0))
        FAIL();
    GO_ON_WITH_TRUTH(size != 0);
}
static HANDLER(truth_returned) {
    Value v = *real_frame_end(t->frame);
    bool length = t->frame[1].result == TRUTH_LEN;
    if (unlikely(length ? !is_small_int(v) || small_int_value(v) < 0 : !same(v, TRUE) && !same(v, FALSE)))
        TAIL(do_truth_returned_oddly);
    bool yes = length ? small_int_value(v) != 0 : same(v, TRUE);
    GO_ON_WITH_TRUTH(yes);
}

/* item in o, and not in, where __contains__ is written in Python. */
HANDLER(IN_method) {
    Value *base = real_frame_end(t->frame), o = r[ip->c];
    FunctionObject *f = slot_is_looked_up(class_of(as_object(o)), SLOT___contains__) ? plain_method(t, o, names.__contains__, 2, base) : NULL;
    if (unlikely(!f)) {
        if (ip->op == OP_IN)
            TAIL(do_IN_slow);
        TAIL(do_NOT_IN_slow);
    }
    CodeObject *code = f->code;
    SAVE();
    base[0] = o;
    base[1] = r[ip->b];
    clear_locals(base, 2, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, 0);
}
static HANDLER(IN_returned) {
    Value v = *real_frame_end(t->frame);
    SAVE();
    int yes = truth(t, v);
    if (unlikely(yes < 0))
        FAIL();
    GO_ON_WITH_TRUTH(yes);
}

/* len(o) where __len__ is written in Python. */
HANDLER(CALL_len) {
    Value *base = real_frame_end(t->frame), o = r[ip->a + 2 - present(r[ip->a + 1])];
    FunctionObject *f = slot_is_looked_up(class_of(as_object(o)), SLOT___len__) ? plain_method(t, o, names.__len__, 1, base) : NULL;
    if (unlikely(!f))
        TAIL(do_CALL_binding);
    CodeObject *code = f->code;
    SAVE();
    base[0] = o;
    clear_locals(base, 1, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, 0);
}
static HANDLER(len_returned) {
    Value v = *real_frame_end(t->frame);
    SAVE();
    int64_t size = size_from(t, v);
    if (unlikely(size < 0))
        FAIL();
    v = int_from(t, size);
    if (unlikely(absent(v)))
        FAIL();
    r[ip->c] = v;
    NEXT();
}

/* o.name = value where __setattr__ is written in Python. */
HANDLER(STORE_ATTR_method) {
    Value *base = real_frame_end(t->frame), o = r[ip->a];
    FunctionObject *f = slot_is_looked_up(class_of(as_object(o)), SLOT___setattr__) ? plain_method(t, o, names.__setattr__, 3, base) : NULL;
    if (unlikely(!f))
        TAIL(do_STORE_ATTR_in_c);
    CodeObject *code = f->code;
    SAVE();
    base[0] = o;
    base[1] = caches[ip->c].name;
    base[2] = r[ip->b];
    clear_locals(base, 3, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, 0);
}

/* ---- iteration ---- */

/* A step of an iterator whose __next__ is written in Python. */
HANDLER(FOR_ITER_method) {
    Value *base = real_frame_end(t->frame), iterator = r[ip->b];
    FunctionObject *f = next_is_looked_up(class_of(as_object(iterator))) ? plain_method(t, iterator, names.__next__, 1, base) : NULL;
    if (unlikely(!f))
        TAIL(do_FOR_ITER_slow);
    CodeObject *code = f->code;
    SAVE();
    base[0] = iterator;
    clear_locals(base, 1, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, 0);
}

/* iter(o) where __iter__ is written in Python. */
HANDLER(GET_ITER_method) {
    Value *base = real_frame_end(t->frame), o = r[ip->b];
    FunctionObject *f = slot_is_looked_up(class_of(as_object(o)), SLOT___iter__) ? plain_method(t, o, names.__iter__, 1, base) : NULL;
    if (unlikely(!f))
        TAIL(do_GET_ITER_slow);
    CodeObject *code = f->code;
    SAVE();
    base[0] = o;
    clear_locals(base, 1, code->local_count);
    ENTER(f, code, base, FRAME_OPERATOR, 0);
}

static HANDLER(no_iterator) {
    SAVE();
    raise_type_error(t, "iter() returned non-iterator of type '%T'", *real_frame_end(t->frame));
    FAIL();
}
static HANDLER(condition_returned) {
    SAVE();
    if (unlikely(!finish_operator(t, &ip, r, operator_of(ip, r), *real_frame_end(t->frame))))
        FAIL();
    NEXT();
}

/* A frame with FRAME_OPERATOR ended: its caller goes on, at the instruction that pushed it. */
HANDLER(operator_returned) {
    Value v = *real_frame_end(t->frame);
    unsigned op = load_relaxed(&ip->op);
    if (op == OP_FOR_ITER) {
        r[ip->a] = v;
        NEXT_FAST();
    }
    if (op == OP_GET_ITER) {
        if (unlikely(!type_of(v)->next))
            TAIL(do_no_iterator);
        r[ip->a] = v;
        NEXT_FAST();
    }
    if (op == OP_CALL || op == OP_CALL_COPYING) {
        if (class_of(as_object(r[ip->a])) == &native_function_type)
            TAIL(do_len_returned);
        TAIL(do_construct_returned);
    }
    if (op == OP_SET_ITEM || operation_generic[op] == OP_STORE_ATTR)
        NEXT_FAST();
    if (op == OP_IN || op == OP_NOT_IN)
        TAIL(do_IN_returned);
    if (op == OP_JUMP_IF_TRUE || op == OP_JUMP_IF_FALSE || op == OP_TO_BOOL || op == OP_NOT)
        TAIL(do_truth_returned);
    if (unlikely(same(v, NOT_IMPLEMENTED)))
        TAIL(do_operator_declined);
    if (op >= OP_JUMP_IF_LT && op <= OP_JUMP_IF_NOT_GE) {
        if (unlikely(!same(v, TRUE) && !same(v, FALSE)))
            TAIL(do_condition_returned);
        if (same(v, TRUE) == (op < OP_JUMP_IF_NOT_LT))
            ip += (int16_t)ip->c;
        NEXT_FAST();
    }
    r[ip->a] = v;
    NEXT_FAST();
}
