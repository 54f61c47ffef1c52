/* What translated functions are made of: the operations of vm/ops.h, with operand fetch and control flow around them.
 *
 * `i` is the number of the instruction in its code. `ip` is brought up to date only where somebody may look at it.
 */
#pragma once
#include "vm/interpret.h"

typedef struct CompiledFunction {
    Handler *handler;
    const uint32_t *entries; /* instructions where it can be entered; UINT32_MAX ends them */
} CompiledFunction;

/* Before what may raise, allocate or look at frames; and after what may have run Python code. */
#define BEGIN(i) (ip = base + (i), SAVE())
#define CHECK_DONE(condition)                  \
    do {                                       \
        if (unlikely(!(condition))) FAIL();    \
        dispatch = t->dispatch;                \
    } while (0)

/* The interpreter runs the instruction, and comes back through an entry. */
#define INTERPRET(i, name)      \
    do {                        \
        ip = base + (i);        \
        TAIL(do_##name);        \
    } while (0)

#define VALUE(i, to, expression)               \
    do {                                       \
        BEGIN(i);                              \
        Value value_ = (expression);           \
        CHECK_DONE(present(value_));           \
        to = value_;                           \
    } while (0)

#define POLL(i)                                              \
    do {                                                     \
        if (unlikely(load_relaxed(&t->heap.poll) != 0)) {    \
            BEGIN(i);                                        \
            CHECK_DONE(safepoint(t));                        \
        }                                                    \
    } while (0)

#define MOVE_CALLEE(a, b)          \
    do {                           \
        Value callee_ = r[b];      \
        r[a] = callee_;            \
        r[(a) + 1] = NO_VALUE;     \
    } while (0)
#define CHECK_BOUND(i, a, b)                               \
    do {                                                   \
        if (unlikely(absent(r[a]))) INTERPRET(i, CHECK_BOUND); \
    } while (0)
#define LOAD_DEREF(i, a, b)                                \
    do {                                                   \
        Value held_ = load(&as_cell(r[b])->contents);      \
        if (unlikely(absent(held_))) INTERPRET(i, LOAD_DEREF); \
        r[a] = held_;                                      \
    } while (0)

#define BINARY(i, name, function, to, left, right)                                  \
    do {                                                                            \
        Value fast_;                                                                \
        if (likely(op_##name##_fast(left, right, &fast_)))                          \
            to = fast_;                                                             \
        else                                                                        \
            VALUE(i, to, function(t, BINARY_##name, left, right));                  \
    } while (0)
#define UNARY(i, name, function, to, operand)              \
    do {                                                   \
        Value fast_;                                       \
        if (likely(op_##name##_fast(operand, &fast_)))     \
            to = fast_;                                    \
        else                                               \
            VALUE(i, to, function(t, operand));            \
    } while (0)
#define COMPARE(i, name, to, left, right)                                           \
    do {                                                                            \
        bool yes_;                                                                  \
        if (likely(op_COMPARE_##name##_fast(left, right, &yes_)))                   \
            to = from_bool(yes_);                                                   \
        else                                                                        \
            VALUE(i, to, op_COMPARE(t, COMPARE_##name, left, right));               \
    } while (0)
#define JUMP_COMPARE(i, name, left, right, wanted, label)                           \
    do {                                                                            \
        bool yes_;                                                                  \
        if (unlikely(!op_COMPARE_##name##_fast(left, right, &yes_))) {              \
            BEGIN(i);                                                               \
            int truth_ = op_COMPARE_true(t, COMPARE_##name, left, right);           \
            CHECK_DONE(truth_ >= 0);                                                \
            yes_ = truth_;                                                          \
        }                                                                           \
        if (yes_ == (wanted)) goto label;                                           \
    } while (0)
#define TRUTH_OF(i, v, yes)                        \
    do {                                           \
        if (unlikely(!truth_fast(v, &yes))) {      \
            BEGIN(i);                              \
            int truth_ = truth(t, v);              \
            CHECK_DONE(truth_ >= 0);               \
            yes = truth_;                          \
        }                                          \
    } while (0)
#define TRUTH(i, to, v, change)       \
    do {                              \
        bool yes_;                    \
        TRUTH_OF(i, v, yes_);         \
        to = from_bool(change yes_);  \
    } while (0)
#define JUMP_TRUTH(i, v, wanted, label)      \
    do {                                     \
        bool yes_;                           \
        TRUTH_OF(i, v, yes_);                \
        if (yes_ == (wanted)) goto label;    \
    } while (0)
#define CONTAINS(i, to, item, container, change)       \
    do {                                               \
        BEGIN(i);                                      \
        int found_ = op_IN(t, container, item);        \
        CHECK_DONE(found_ >= 0);                       \
        to = from_bool(change found_);                 \
    } while (0)

#define FOR_ITER(i, to, iterator, label)                                            \
    do {                                                                            \
        Type *type_;                                                                \
        IterationStep step_ = op_FOR_ITER_fast(t, iterator, &to, &type_, runs_alone()); \
        if (unlikely(step_ == STEP_END)) goto label;                                \
        if (unlikely(step_ == STEP_DECLINED)) INTERPRET(i, FOR_ITER);               \
    } while (0)
#define GET_ITER(i, to, v)                                 \
    do {                                                   \
        Value fast_ = op_GET_ITER_fast(t, v);              \
        if (likely(present(fast_)))                        \
            to = fast_;                                    \
        else                                               \
            VALUE(i, to, get_iterator(t, v));              \
    } while (0)
#define UNPACK(i, to, v, count)                                \
    do {                                                       \
        if (unlikely(!op_UNPACK_fast(to, v, count, runs_alone()))) {         \
            BEGIN(i);                                          \
            CHECK_DONE(op_UNPACK(t, to, v, count));            \
        }                                                      \
    } while (0)
#define GET_ITEM(i, to, o, key)                        \
    do {                                               \
        Value fast_ = op_GET_ITEM_fast(o, key, runs_alone()); \
        if (likely(present(fast_)))                    \
            to = fast_;                                \
        else                                           \
            VALUE(i, to, op_GET_ITEM(t, o, key));      \
    } while (0)
#define STORED(i, result, cell, otherwise)                 \
    do {                                                   \
        StoreResult stored_ = (result);                    \
        if (unlikely(stored_ == STORE_DECLINED)) {         \
            BEGIN(i);                                      \
            CHECK_DONE(otherwise);                         \
        } else if (unlikely(stored_ == STORE_LOG)) {       \
            heap_log_slow(cell);                           \
        }                                                  \
    } while (0)
#define SET_ITEM(i, o, key, v)                                                                      \
    do {                                                                                            \
        Value *place_ = runs_alone() && is_exactly(o, &list_type) ? op_SET_ITEM_place(o, key) : NULL; \
        STORED(i, place_ ? op_SET_ITEM_fast(o, place_, v) : STORE_DECLINED, &as_list(o)->storage->object, op_SET_ITEM(t, o, key, v)); \
    } while (0)
#define LIST_APPEND(i, list, v) \
    STORED(i, op_LIST_APPEND_fast(list, v, runs_alone()), &as_list(list)->storage->object, list_append(t, list, v))
#define BUILD_TUPLE(i, to, items, count)                                                        \
    do {                                                                                        \
        Value fast_ = op_BUILD_TUPLE_fast(t, items, count);                                     \
        if (likely(present(fast_)))                                                             \
            to = fast_;                                                                         \
        else                                                                                    \
            VALUE(i, to, (count) ? tuple_from_values(t, items, count) : empty_tuple);           \
    } while (0)
#define BUILD_LIST(i, to, items, count)                                    \
    do {                                                                   \
        Value fast_ = op_BUILD_LIST_fast(t, items, count);                 \
        if (likely(present(fast_)))                                        \
            to = fast_;                                                    \
        else                                                               \
            VALUE(i, to, list_from_values(t, items, count));               \
    } while (0)

/* Names and attributes, through the caches that the interpreter filled; what they do not serve, it does. */
#define OTHERWISE(i)        \
    do {                    \
        ip = base + (i);    \
        DISPATCH();         \
    } while (0)
#define LOAD_GLOBAL(i, a, b, c)                                                     \
    do {                                                                            \
        FunctionObject *f_ = t->frame->function;                                    \
        Value fast_ = op_LOAD_GLOBAL_MODULE_fast(f_, caches[c].words);              \
        if (absent(fast_))                                                          \
            fast_ = op_LOAD_GLOBAL_BUILTIN_fast(f_, caches[c].words);               \
        if (unlikely(absent(fast_))) OTHERWISE(i);                                  \
        r[a] = fast_;                                                               \
    } while (0)
#define LOAD_GLOBAL_CALLEE(i, a, b, c)   \
    do {                                 \
        LOAD_GLOBAL(i, a, b, c);         \
        r[(a) + 1] = NO_VALUE;           \
    } while (0)
#define LOAD_ATTR(i, a, b, c)                                                       \
    do {                                                                            \
        if (base[i].op != OP_LOAD_ATTR_SLOT) OTHERWISE(i);                          \
        if (unlikely(!op_LOAD_ATTR_SLOT_fast(r[b], &caches[c], runs_alone(), &r[a]))) OTHERWISE(i); \
    } while (0)
#define LOAD_METHOD(i, a, b, c)                                                     \
    do {                                                                            \
        if (base[i].op != OP_LOAD_METHOD_TYPE) OTHERWISE(i);                        \
        if (unlikely(!op_LOAD_METHOD_TYPE_fast(&r[a], r[b], &caches[c]))) OTHERWISE(i); \
    } while (0)
#define STORE_ATTR(i, a, b, c)                                                      \
    do {                                                                            \
        if (base[i].op != OP_STORE_ATTR_SLOT) OTHERWISE(i);                         \
        StoreResult stored_ = op_STORE_ATTR_SLOT_fast(r[a], r[b], &caches[c], runs_alone()); \
        if (unlikely(stored_ == STORE_DECLINED)) OTHERWISE(i);                      \
        if (unlikely(stored_ == STORE_LOG)) heap_log_slow(as_object(r[a]));         \
    } while (0)
