/* Operations on any object: what `operator` and the bytecode do. Each returns absent with an exception pending
 * on failure; those that return int give -1 then.
 */
#pragma once
#include "object/object.h"

typedef enum BinaryOperation {
    BINARY_ADD, BINARY_SUB, BINARY_MUL, BINARY_MATMUL, BINARY_TRUEDIV, BINARY_FLOORDIV, BINARY_MOD, BINARY_POW,
    BINARY_LSHIFT, BINARY_RSHIFT, BINARY_AND, BINARY_OR, BINARY_XOR, BINARY_DIVMOD,
    BINARY_COUNT
} BinaryOperation;
typedef enum Comparison { COMPARE_LT, COMPARE_LE, COMPARE_EQ, COMPARE_NE, COMPARE_GT, COMPARE_GE } Comparison;

[[nodiscard]] Value binary_operation(Thread *t, BinaryOperation op, Value a, Value b);
[[nodiscard]] Value inplace_operation(Thread *t, BinaryOperation op, Value a, Value b); /* a += b */
/* For who calls methods written in Python himself: the first one that a op b calls, by its name. With OPERATOR_RIGHT it is called
 * as b.method(a), else as a.method(b). false: it is written in C, or not that simple. */
typedef enum OperatorStage : uint32_t { OPERATOR_LEFT, OPERATOR_RIGHT, OPERATOR_INPLACE } OperatorStage;
bool binary_method(BinaryOperation op, bool inplace, Value a, Value b, Value *name, OperatorStage *stage);
bool comparison_method(Comparison op, Value a, Value b, Value *name);
/* What comes after that method said NotImplemented. */
[[nodiscard]] Value binary_operation_after(Thread *t, BinaryOperation op, bool inplace, OperatorStage stage, Value a, Value b);
[[nodiscard]] Value compare_after(Thread *t, Comparison op, Value a, Value b);
[[nodiscard]] Value power(Thread *t, Value base, Value exponent, Value modulus);       /* modulus NONE: two arguments */
[[nodiscard]] Value compare(Thread *t, Comparison op, Value a, Value b);          /* the rich result */
[[nodiscard]] int compare_true(Thread *t, Comparison op, Value a, Value b);       /* 1, 0, -1 */
[[nodiscard]] int equal(Thread *t, Value a, Value b); /* identity first, then ==, as containers compare: 1, 0, -1 */

[[nodiscard]] Value negative(Thread *t, Value v);
[[nodiscard]] Value positive(Thread *t, Value v);
[[nodiscard]] Value invert(Thread *t, Value v);
[[nodiscard]] Value absolute(Thread *t, Value v);

[[nodiscard]] int truth(Thread *t, Value v);                 /* 1, 0, -1 */
[[nodiscard]] Value repr(Thread *t, Value v);                /* a str; recursion guarded */
[[nodiscard]] Value to_str(Thread *t, Value v);              /* str(v) */
[[nodiscard]] Value to_ascii(Thread *t, Value v);            /* ascii(v) */
[[nodiscard]] Value format_value(Thread *t, Value v, Value spec); /* format(v, spec); spec absent: "" */
[[nodiscard]] bool hash_of(Thread *t, Value v, int64_t *hash); /* false: TypeError unhashable or other error */
[[nodiscard]] Value object_id(Thread *t, Value v);
[[nodiscard]] Value object_dir(Thread *t, Value v);

[[nodiscard]] int64_t size_from(Thread *t, Value v);        /* what a __len__ returned, or absent, as a size; -1 on error */
[[nodiscard]] int64_t length_of(Thread *t, Value v);         /* len(v); -1 on error */
[[nodiscard]] int64_t length_hint(Thread *t, Value v, int64_t otherwise); /* -1 on error */
[[nodiscard]] Value get_item(Thread *t, Value o, Value key);
[[nodiscard]] bool set_item(Thread *t, Value o, Value key, Value value);
[[nodiscard]] bool delete_item(Thread *t, Value o, Value key);
[[nodiscard]] int contains(Thread *t, Value container, Value item); /* 1, 0, -1 */

[[nodiscard]] Value get_iterator(Thread *t, Value v);        /* iter(v) */
bool is_indexed(Value v);                                    /* has items in a row: iter() and reversed() may ask for them by index */
/* The next item; absent without exception: exhausted (a StopIteration from __next__ was cleared). */
[[nodiscard]] Value iterator_next(Thread *t, Value iterator);
/* Calls visit for each item of any iterable; fast for lists and tuples. false: error, or visit returned false with
 * an exception. */
bool iterate(Thread *t, Value iterable, bool (*visit)(Thread *t, void *context, Value item), void *context);

/* Conversions. `index_of` accepts anything with __index__. */
[[nodiscard]] Value index_of(Thread *t, Value v);            /* an int object (exactly int) */
/* The C integer of an object with __index__; out of range: clips if clip, else raises `overflow` (or
 * OverflowError when NULL). */
[[nodiscard]] bool index_as_ssize(Thread *t, Value v, int64_t *out, bool clip, Type *overflow);
[[nodiscard]] Value to_int(Thread *t, Value v);              /* int(v) for one argument that is not text */
[[nodiscard]] bool to_double(Thread *t, Value v, double *out); /* float, __float__ or __index__ */
/* The same, but a float's own __float__ is asked too: for float(v). */
[[nodiscard]] bool to_double_by_method(Thread *t, Value v, double *out);

[[nodiscard]] int is_instance(Thread *t, Value v, Value class_or_tuple);    /* isinstance with hooks */
[[nodiscard]] int is_subclass(Thread *t, Value class, Value class_or_tuple);
/* Guards repr() of containers against cycles: 1 entered already, 0 entered now, -1 error. */
[[nodiscard]] int repr_enter(Thread *t, Value v);
void repr_leave(Thread *t, Value v);
/* type.__instancecheck__ and type.__subclasscheck__ themselves: no hooks. */
[[nodiscard]] int real_is_instance(Thread *t, Value v, Value class);
[[nodiscard]] int real_is_subclass(Thread *t, Value derived, Value class);
