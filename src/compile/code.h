/* Code objects: what the compiler makes and the interpreter runs.
 *
 * Constant after creation, but for: `op` fields (specialised in place, 16-bit relaxed stores) and inline caches.
 * A cache's contents are written before the specialised operation is published (release) and a cache that
 * other threads may be using is not reused for another specialisation before all of them passed a safepoint.
 */
#pragma once
#include "object/thread.h"

typedef struct Instruction {
    uint16_t op, a, b, c;
} Instruction;

static inline int32_t wide_operand(Instruction i) { return (int32_t)((uint32_t)i.b | (uint32_t)i.c << 16); }

typedef enum Operation {
#define OPERATION(name, operands, effects, doc) OP_##name,
#include "compile/ops.def"
#undef OPERATION
    OP_COMMON_COUNT /* specialised ones follow: vm/ops.h */
} Operation;
int operand_kind(Operation op, int operand); /* the letter in ops.def */
/* May the operation (generic, not specialised) go on at one of two places, as sys.monitoring and co_branches() tell it? */
static inline bool is_branch(unsigned op) { return (op >= OP_JUMP_IF_TRUE && op <= OP_JUMP_IF_IS_NOT) || op == OP_FOR_ITER; }

typedef enum CommonConstant { COMMON_ASSERTION_ERROR, COMMON_NOT_IMPLEMENTED_ERROR, COMMON_TUPLE, COMMON_ALL, COMMON_ANY } CommonConstant;
typedef enum SpecialMethod { SPECIAL_ENTER, SPECIAL_EXIT, SPECIAL_AENTER, SPECIAL_AEXIT } SpecialMethod;
typedef enum FunctionPart { FUNCTION_DEFAULTS, FUNCTION_KWDEFAULTS, FUNCTION_ANNOTATIONS, FUNCTION_CLOSURE, FUNCTION_ANNOTATE, FUNCTION_TYPE_PARAMS } FunctionPart;
typedef enum Intrinsic {
    INTRINSIC_PRINT,          /* expression statement at the prompt: sys.displayhook */
    INTRINSIC_STOPITERATION_ERROR, /* StopIteration out of a generator: the RuntimeError to raise (or the exception unchanged) */
    INTRINSIC_TYPEVAR, INTRINSIC_PARAMSPEC, INTRINSIC_TYPEVARTUPLE, /* of a name */
    INTRINSIC_SUBSCRIPT_GENERIC, /* Generic[params] */
    INTRINSIC_TYPEALIAS,      /* of a tuple (name, type_params, evaluate function) */
    INTRINSIC_TYPEVAR_WITH_BOUND, INTRINSIC_TYPEVAR_WITH_CONSTRAINTS, /* of two: name, evaluate function */
    INTRINSIC_SET_FUNCTION_TYPE_PARAMS, INTRINSIC_SET_TYPEPARAM_DEFAULT, /* of two */
    INTRINSIC_ASYNC_GEN_STOP, /* reserved */
} Intrinsic;

/* One source position per instruction; line 0: none (artificial), column -1: unknown. Columns are UTF-8 byte offsets. */
typedef struct SourcePosition {
    int32_t line, end_line, column, end_column;
} SourcePosition;

typedef struct ExceptionEntry {
    uint32_t start, end; /* instructions [start, end) */
    uint32_t target;
    uint16_t exception_register; /* gets the exception; everything above it is dead */
    bool push_lasti;             /* reserved */
} ExceptionEntry;

/* A cache of one instruction: `name` is constant, the rest belongs to the interpreter. The words may hold addresses
 * of cells or into cells. They keep nothing alive: a full collection empties the caches that refer to the dead. */
typedef struct Cache {
    Value name; /* interned str */
    uint32_t shape;
    uint32_t counter;
    uintptr_t words[4];
} Cache;

enum { /* co_flags, as inspect knows them */
    CODE_OPTIMIZED = 0x1, CODE_NEWLOCALS = 0x2, CODE_VARARGS = 0x4, CODE_VARKEYWORDS = 0x8, CODE_NESTED = 0x10,
    CODE_GENERATOR = 0x20, CODE_COROUTINE = 0x80, CODE_ITERABLE_COROUTINE = 0x100, CODE_ASYNC_GENERATOR = 0x200,
    CODE_HAS_DOCSTRING = 0x4000000, CODE_METHOD = 0x8000000
};

typedef struct CodeObject {
    Object object;
    /* What a call reads comes first, so that it lies in one line of the processor's cache. */
    Instruction *instructions; /* owned (outside the heap, reported); count of them */
    Value *constants_base;      /* &tuple items of constants */
    Cache *caches; /* start of the memory of this, instructions, exceptions, live and local_kinds */
    uint32_t exact_arguments; /* a call with this many positional arguments needs no binding; UINT32_MAX: all do (vm) */
    uint32_t register_count;   /* locals + temporaries */
    uint32_t local_count;       /* variables with registers, in all */
    uint32_t exception_count;
    ExceptionEntry *exceptions; /* innermost first: the first that covers an instruction applies */
    uint32_t count;
    uint32_t cache_count;
    SourcePosition *positions;  /* count of them, or NULL: not decoded yet; read with code_positions */
    Value line_table;           /* bytes that positions are decoded from, or absent */
    uint16_t *live;             /* count of them: while instruction i runs, r[0..live[i]) may be live, the rest is dead */
    Value constants;            /* tuple */
    Value names;                /* tuple of str, co_names; while packed: the bytes that hold `packed`, if any do */
    Value local_names;          /* tuple: name of every register that is a variable: locals, cells, free variables */
    uint8_t *local_kinds;       /* one per local name: LOCAL_* bits */
    uint32_t argument_count, positional_only_count, keyword_only_count; /* argument_count: positional, incl. positional-only */
    uint32_t cell_count, free_count, first_free;
    uint32_t flags;
    int32_t first_line;
    Value name, qualname, filename;
    Value original;      /* what co_code etc. need, lazily: or absent */
    Value static_attributes; /* class bodies: see the compiler */
    uint64_t version;
    /* Of frozen modules and .pyc files, functions that were not called yet: memory that does not change, from which all but
     * numbers, names and docstring is read when somebody asks (code_unpack). NULL: all is there. */
    const char *packed;
    Value extra;         /* modules/_ctypes/code_extra.c: what C code keeps here, or absent */
    void *monitoring;    /* sys.monitoring's and tracing's data, or NULL: malloc'd, freed with the code */
    bool has_executed;
    uint32_t harmless[2]; /* of a generator: 1 + the YIELD, and YIELD_FROM, where one died last without anybody noticing */
    bool calls_copy;     /* of a generator: its calls have become CALL_COPYING (vm/generator.c) */
} CodeObject;

/* A register that holds a cell is LOCAL_CELL; an argument that is also a cell variable is both (MAKE_CELL at the start). */
enum { LOCAL_ARGUMENT = 1, LOCAL_CELL = 2, LOCAL_FREE = 4, LOCAL_HIDDEN = 8 };
/* LOCAL_HIDDEN: the variable of an inlined comprehension, empty outside of it. Not in co_varnames. In a function's
 * f_locals it stands, while bound, for its name, before a plain local of that name; in other scopes it never shows. */

extern Type code_type;
static inline CodeObject *as_code(Value v) { return (CodeObject *)v.bits; }

/* What the compiler hands over; arrays are copied. */
/* exact_arguments, before anything else of the code: another thread may have unpacked it a moment ago. */
static inline uint32_t code_exact_arguments(CodeObject *code) { return load_acquire(&code->exact_arguments); }

typedef struct CodeSpec {
    const Instruction *instructions;
    const SourcePosition *positions; /* NULL: line_table has them */
    Value line_table;                /* bytes */
    const uint16_t *live;
    size_t count;
    const Value *cache_names; /* one per cache: interned str */
    size_t cache_count;
    const ExceptionEntry *exceptions;
    size_t exception_count;
    Value constants, names, local_names;
    const uint8_t *local_kinds;
    size_t local_count, register_count;
    size_t argument_count, positional_only_count, keyword_only_count;
    uint32_t flags;
    int32_t first_line;
    Value name, qualname, filename;
} CodeSpec;
Value code_new(Thread *t, const CodeSpec *spec);
/* A packed one. Of `spec` only numbers and names count, and its constants: the docstring, where the code has one. `owner`: the
 * bytes object that holds `packed`; absent: the program's own constants do. */
Value code_new_packed(Thread *t, const CodeSpec *spec, size_t free_count, const char *packed, Value owner);
bool code_unpack_slow(Thread *t, CodeObject *code);
/* Has all of the code there. To be called where code comes from that is not known to have run. false: exception pending. */
static inline bool code_unpack(Thread *t, CodeObject *code) {
    return likely(!load_acquire(&code->packed)) || code_unpack_slow(t, code);
}
/* A whole code object for the packed one, from its `packed` and the bytes that hold it, as they were: marshal sets it. */
extern Value (*read_packed_hook)(Thread *t, CodeObject *code, const char *packed, Value owner);
void code_prepare(CodeObject *code); /* decides exact_arguments */
void code_forget_dead(Object *o); /* see trace_weakly */
SourcePosition code_position(CodeObject *code, uint32_t instruction); /* zeros past the end */
/* Positions and handlers as bytes, in CPython's format for code whose instructions are one code unit of two bytes
 * each: f_lasti, tb_lasti and co_lines() count so too. */
const SourcePosition *code_positions(CodeObject *code); /* count of them */
int64_t code_jump_target(Instruction in, uint32_t at); /* where the instruction, number `at`, goes if it jumps; -1: it never does */
/* Where the branch at the instruction goes if it jumps. The no-op that ends a loop counts as a part of it. */
uint32_t code_branch_target(CodeObject *code, uint32_t instruction);
/* END_ASYNC_FOR at `end` is one of two ways that the loop goes on; the branch is where what __anext__() gave arrives. UINT32_MAX: unknown. */
uint32_t code_async_for_branch(CodeObject *code, uint32_t end);
/* The instruction's line; 0: a module's start, before its first line; -1: none. */
int32_t code_line_at(CodeObject *code, uint32_t instruction);
int32_t code_line(CodeObject *code, uint32_t instruction); /* 0: none; allocates nothing: for signal handlers */
Value code_line_table(Thread *t, CodeObject *code);
Value code_exception_table(Thread *t, CodeObject *code);
Value code_bytes(Thread *t, CodeObject *code); /* the instructions as the compiler made them, 8 bytes each */
/* In co_code each instruction is also a unit of two bytes: these stand for jumps of at most 255 units. lib/krait/opcode.py. */
enum { UNIT_JUMP_FORWARD = 251, UNIT_JUMP_BACKWARD = 252 };
/* co_code; with co_exceptiontable it has all that running the code takes and no other attribute tells: code_layout.c. What is read
 * from both goes to `spec`, whose arrays the values in the layout keep. */
Value code_layout_bytes(Thread *t, CodeObject *code);
/* The handlers as co_exceptiontable begins, each of four varints below 0x80; the other way round they come as an array of
 * ExceptionEntry in bytes, and *next goes to what stands behind them. Absent without exception: malformed. */
typedef struct TextBuf TextBuf;
void code_put_handlers(TextBuf *b, CodeObject *code);
Value code_take_handlers(Thread *t, const char **next, const char *end);
typedef struct CodeLayout {
    Value instructions, live, handlers, kinds; /* bytes */
    Value cache_names, hidden_names;           /* tuples; hidden_names: one per local variable, most absent */
} CodeLayout;
bool code_layout_read(Thread *t, Value bytes, Value table, CodeSpec *spec, CodeLayout *layout); /* false: ValueError is pending */
/* Code from parts that Python code gave; ValueError where they do not fit. */
Value code_new_checked(Thread *t, const CodeSpec *spec, const CodeLayout *layout);
/* The other way round: false with ValueError pending for malformed bytes. `out` has room for count entries. */
bool line_table_decode(Value bytes, int32_t first_line, SourcePosition *out, size_t count); /* false: malformed */
/* The operation that a specialised one stands for: vm sets it at start-up. */
extern uint16_t (*generic_operation_hook)(uint16_t op);
/* As it was compiled: any thread may be specialising it meanwhile. */
static inline Instruction code_instruction(const CodeObject *code, size_t i) {
    const Instruction *in = &code->instructions[i];
    return (Instruction){generic_operation_hook(load_relaxed(&in->op)), in->a, in->b, in->c};
}
bool code_equal(CodeObject *a, CodeObject *b);
/* What describes `code`, with its arrays: to make a changed copy of it. The cache names go to `names`, which has
 * room for cache_count of them, its instructions to `instructions`. */
CodeSpec code_spec(CodeObject *code, Value *names, Instruction *instructions);
