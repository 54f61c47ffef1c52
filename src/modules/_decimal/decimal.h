/* What the files of _decimal share. The arithmetic is libmpdec's.
 *
 * A Decimal holds its coefficient at the end of its own cell, so that nothing outside the heap has to be released; an
 * instance of a subclass shares the coefficient of a Decimal that it refers to. Results are computed into a Number on the C
 * stack, whose coefficient the library moves to malloc'ed memory when it gets long, and copied into a cell at the end.
 *
 * Threads: Decimals are immutable but for their cached hash, which every thread computes alike. A Context belongs to one
 * thread or task: two threads that share one may lose each other's flags, nothing worse, as its fields are words.
 */
#pragma once
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <mpdecimal.h>

/* The library leaves this bit to its users. */
#define MPD_Float_operation MPD_Not_implemented

typedef struct Decimal {
    Object object;
    int64_t hash; /* -1: not computed */
    Value owner;  /* in a subclass: the Decimal that holds the coefficient */
    mpd_t dec;    /* never changed by the library: static, with constant data */
    mpd_uint_t words[];
} Decimal;

typedef struct Context {
    Object object;
    mpd_context_t mpd;
    int32_t capitals;
    Value flags, traps; /* SignalDicts, or absent: made on demand */
} Context;

extern Type decimal_type, decimal_context_type, context_manager_type, signal_mixin_type;

static inline Decimal *as_decimal(Value v) { return (Decimal *)v.bits; }
static inline Context *as_decimal_context(Value v) { return (Context *)v.bits; }
static inline bool is_decimal(Value v) { return is_object(v) && is_instance_of(v, &decimal_type); }
static inline bool is_decimal_context(Value v) { return is_instance_of(v, &decimal_context_type); }

/* The isolate's state, a tuple. */
typedef enum DecimalState {
    STATE_VARIABLE,     /* the context variable */
    STATE_DECIMAL_TUPLE, STATE_SIGNAL_DICT, STATE_RATIONAL,
    STATE_DEFAULT_CONTEXT, STATE_BASIC_CONTEXT, STATE_EXTENDED_CONTEXT,
    STATE_SIGNALS,      /* tuples of exception classes: of `decimal_signals` and `decimal_conditions` */
    STATE_CONDITIONS,
    STATE_NAMES,        /* a dict: exceptions, contexts and DecimalTuple by name */
    STATE_COUNT
} DecimalState;
static inline Value decimal_state(Thread *t, DecimalState i) { return tuple_get(t->isolate->slots[ISOLATE_DECIMAL], i); }

/* Numbers on the C stack */

enum { NUMBER_WORDS = 64 };
typedef struct Number {
    mpd_t dec;
    mpd_uint_t words[NUMBER_WORDS];
} Number;

static inline void number_init(Number *n) {
    n->dec = (mpd_t){.flags = MPD_STATIC | MPD_STATIC_DATA, .alloc = NUMBER_WORDS, .data = n->words};
}
static inline void number_free(Number *n) {
    if (unlikely(!(n->dec.flags & MPD_DATAFLAGS)))
        mpd_free(n->dec.data);
}

/* construct.c */
Value decimal_new(Thread *t, Type *type, const mpd_t *dec); /* copies */
/* Signals what happened, then makes the Decimal; frees the number in any case. c NULL: nothing to signal but lack of memory. */
Value decimal_finish(Thread *t, Type *type, Number *n, Context *c, uint32_t status);
Value decimal_from_text(Thread *t, Type *type, Value text, Context *c, bool exact);
Value decimal_convert(Thread *t, Type *type, Value v, Context *c, bool exact); /* what the constructors take */
Value decimal_from_real(Thread *t, Type *type, Value int_or_float, Context *c, bool exact); /* floats without a signal */

/* An operand: a Decimal as it is, an int converted exactly into `room`, which is to be freed in any case. */
typedef enum Operand { OPERAND_FAILED, OPERAND_OTHER, OPERAND_READY } Operand;
[[nodiscard]] Operand decimal_operand(Thread *t, Value v, Context *c, Number *room, const mpd_t **out);
/* The same; what is no number of these is a TypeError. */
[[nodiscard]] bool decimal_argument(Thread *t, Value v, Context *c, Number *room, const mpd_t **out);
void number_from_int(Number *n, Value v, uint32_t *status);
void number_from_double(Number *n, double d, uint32_t *status);
Value decimal_as_int(Thread *t, const mpd_t *dec, Context *c, int rounding);

/* context.c */
Context *decimal_context(Thread *t); /* the current one; NULL: error */
/* That of an optional argument: absent and None stand for the current one. NULL: error */
Context *decimal_context_argument(Thread *t, Value v);
Value decimal_context_new(Thread *t, Type *type, const mpd_context_t *mpd, int capitals);
Value decimal_context_copy(Thread *t, const Context *c);
bool decimal_set_context(Thread *t, Value context); /* templates are copied */
enum { CONTEXT_FIELDS = 8 };
extern const char *const decimal_context_names[CONTEXT_FIELDS]; /* in the order of Context()'s arguments */
bool decimal_context_set_all(Thread *t, Value context, Value *arguments); /* in that order; None: left alone */
[[nodiscard]] bool decimal_rounding(Thread *t, Value v, int *rounding);
bool decimal_integer(Thread *t, Value v, int64_t *out);

/* signals.c */
bool decimal_signal_slow(Thread *t, Context *c, uint32_t status);
/* Sets the flags, and raises what is trapped. */
[[nodiscard]] static inline bool decimal_signal(Thread *t, Context *c, uint32_t status) {
    uint32_t flags = load_relaxed(&c->mpd.status);
    if (unlikely(status & ~flags))
        store_relaxed(&c->mpd.status, flags | status);
    return likely(!(status & (c->mpd.traps | MPD_Malloc_error))) || decimal_signal_slow(t, c, status);
}
bool decimal_make_signals(Thread *t, Value names, Value *signals, Value *conditions); /* adds the classes to a dict */
Value decimal_signal_view(Thread *t, Value context, bool traps); /* a SignalDict */
Value decimal_signal_list(Thread *t, uint32_t flags);
[[nodiscard]] bool decimal_flags_from_mapping(Thread *t, Value v, uint32_t *flags);
[[nodiscard]] bool decimal_flags_from_list(Thread *t, Value v, uint32_t *flags);

/* operations.c: what methods of Decimal and of Context have in common. Failure to convert: TypeError. */
typedef void UnaryFunction(mpd_t *, const mpd_t *, const mpd_context_t *, uint32_t *);
typedef void BinaryFunction(mpd_t *, const mpd_t *, const mpd_t *, const mpd_context_t *, uint32_t *);
typedef void DivmodFunction(mpd_t *, mpd_t *, const mpd_t *, const mpd_t *, const mpd_context_t *, uint32_t *);
Value decimal_unary(Thread *t, Value a, Context *c, UnaryFunction *function);
Value decimal_binary(Thread *t, Value a, Value b, Context *c, BinaryFunction *function);
Value decimal_divmod(Thread *t, Value a, Value b, Context *c);
Value decimal_power(Thread *t, Value a, Value b, Value modulus, Context *c);
Value decimal_fma(Thread *t, Value a, Value b, Value third, Context *c);
Value decimal_total(Thread *t, Value a, Value b, Context *c, int (*function)(mpd_t *, const mpd_t *, const mpd_t *));
Value decimal_copy_sign(Thread *t, Value a, Value b, Context *c);
Value decimal_same_quantum(Thread *t, Value a, Value b, Context *c);
Value decimal_quiet(Thread *t, Value a, Context *c, int (*function)(mpd_t *, const mpd_t *, uint32_t *));
Value decimal_test(Thread *t, Value a, Context *c, int (*function)(const mpd_t *));
Value decimal_test_in(Thread *t, Value a, Context *c, int (*function)(const mpd_t *, const mpd_context_t *));
Value decimal_class_name(Thread *t, Value a, Context *c);
void decimal_compare_quiet(mpd_t *r, const mpd_t *a, const mpd_t *b, const mpd_context_t *c, uint32_t *status);
void decimal_compare_signal(mpd_t *r, const mpd_t *a, const mpd_t *b, const mpd_context_t *c, uint32_t *status);

/* text.c */
Value decimal_text(Thread *t, const mpd_t *dec, bool capitals, bool engineering); /* a str */
Value decimal_format(Thread *t, Value *args);     /* __format__ */
Value decimal_as_tuple(Thread *t, Value *args);
Value decimal_repr(Thread *t, Value *args);
Value decimal_str(Thread *t, Value *args);

/* number.c: methods of operators and conversions */
#define DECIMAL_OPERATORS                                                                                             \
    X(add, "+", mpd_qadd) X(sub, "-", mpd_qsub) X(mul, "*", mpd_qmul) X(truediv, "/", mpd_qdiv)                        \
    X(floordiv, "//", mpd_qdivint) X(mod, "%", mpd_qrem)
#define X(name, symbol, function) Value decimal_##name(Thread *t, Value *args); Value decimal_r##name(Thread *t, Value *args);
DECIMAL_OPERATORS
#undef X
#define DECIMAL_COMPARISONS X(lt, "<") X(le, "<=") X(eq, "==") X(ne, "!=") X(gt, ">") X(ge, ">=")
#define X(name, symbol) Value decimal_##name(Thread *t, Value *args);
DECIMAL_COMPARISONS
#undef X
Value decimal_divmod_(Thread *t, Value *args);
Value decimal_rdivmod(Thread *t, Value *args);
Value decimal_pow(Thread *t, Value *args);
Value decimal_rpow(Thread *t, Value *args);
Value decimal_neg(Thread *t, Value *args);
Value decimal_pos(Thread *t, Value *args);
Value decimal_abs(Thread *t, Value *args);
Value decimal_bool(Thread *t, Value *args);
Value decimal_hash(Thread *t, Value *args);
Value decimal_int(Thread *t, Value *args);
Value decimal_float(Thread *t, Value *args);
Value decimal_complex(Thread *t, Value *args);
Value decimal_floor(Thread *t, Value *args);
Value decimal_ceil(Thread *t, Value *args);
Value decimal_round(Thread *t, Value *args);
Value decimal_as_integer_ratio(Thread *t, Value *args);
