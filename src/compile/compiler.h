/* The compiler's own view: a compilation, the unit (code object) in the making, its instructions before registers
 * have numbers, and what each file offers to the others. Nobody outside compile/ includes this.
 *
 * Failure is sticky: a function that fails leaves an exception pending and sets `failed`; from then on every
 * function here returns at once, and so results need no checks but where they are about to be used.
 * Values in these structures (arena memory) are kept alive by the list `keep`: whoever makes one calls keep().
 * Threading: a compilation belongs to the thread that runs it. */
#pragma once
#include "base/arena.h"
#include "compile/code.h"
#include "compile/fold_values.h"
#include "syntax/ast.h"
#include "syntax/parse.h"
#include "syntax/symtable.h"
#include "types/str/str.h"

#include <stdlib.h>

/* A register before numbering: its kind and an index. Final order: locals, cells, free variables, temporaries. */
typedef int32_t Reg;
enum {
    REG_SHIFT = 24,
    REG_LOCAL = 0,
    REG_CELL = 1 << REG_SHIFT,
    REG_FREE = 2 << REG_SHIFT,
    REG_TEMP = 3 << REG_SHIFT,
    REG_INDEX = (1 << REG_SHIFT) - 1,
};
static inline bool is_temp(Reg r) { return r >= REG_TEMP; }
static inline bool is_fast(Reg r) { return r < REG_CELL; }

typedef int32_t Label;
enum { NO_LABEL = -1, NO_HANDLER = -1 };

/* An instruction in the making. Operands are registers (by ops.def), immediates, indexes; jumps have `target`. */
typedef struct Ir {
    Operation op;
    int32_t a, b, c;
    Label target;
    int32_t handler; /* what catches its exceptions: index into Unit.handlers */
    int32_t live;    /* live temporaries while it runs */
    Position pos;    /* line 0: none */
} Ir;

typedef struct Handler {
    Label label;
    Reg exception;
} Handler;

/* What `return`, `break` and `continue` have to get out of. */
typedef enum BlockKind {
    BLOCK_WHILE,
    BLOCK_FOR,
    BLOCK_ASYNC_FOR,
    BLOCK_TRY,          /* the body of try/except */
    BLOCK_FINALLY,      /* the part of try/finally that the final body guards */
    BLOCK_FINALLY_END,  /* the final body run for an exception; reg: exception that was handled before */
    BLOCK_WITH,         /* reg: first of __exit__'s pair */
    BLOCK_ASYNC_WITH,
    BLOCK_HANDLER,      /* an except clause's body; reg: exception handled before; name: to be unbound */
    BLOCK_STAR_HANDLER, /* the clauses of try/except* */
} BlockKind;

typedef struct Block {
    BlockKind kind;
    Label start, exit;
    int handler; /* Unit.handler outside of the block */
    Reg reg;
    const void *node;   /* Stmt of try/finally, WithItem */
    Value name;
    Position pos;
} Block;

/* Hard limit of nested blocks, CPython's. */
enum { MAX_BLOCKS = 21 };

typedef enum UnitKind {
    UNIT_MODULE,
    UNIT_CLASS,
    UNIT_FUNCTION,
    UNIT_ASYNC_FUNCTION,
    UNIT_LAMBDA,
    UNIT_COMPREHENSION,
    UNIT_ANNOTATION_LIKE, /* __annotate__, type parameters, type alias values, bounds */
} UnitKind;

/* Constants by strict equality: type and value, deep into tuples. */
typedef struct ConstTable {
    Value *values;
    int32_t count, capacity;
    int32_t *index;
    int32_t index_size;
} ConstTable;

/* A name with a register, or an inlined comprehension whose variables have hidden ones. */
typedef struct InlineScope {
    Scope *scope;
    Reg *registers;  /* one per symbol of `scope`, -1: not its own */
    struct InlineScope *outer;
} InlineScope;

typedef struct Compiler Compiler;

typedef struct Unit {
    Compiler *compiler;
    struct Unit *parent;
    Scope *scope;
    UnitKind kind;
    Value name, qualname, class_name;
    int32_t first_line;
    uint32_t flags;
    int argument_count, positional_only_count, keyword_only_count;

    Ir *ir;
    int32_t count, capacity;
    int32_t *labels; /* instruction at which each stands, -1: not placed */
    int32_t label_count, label_capacity;
    Handler *handlers;
    int32_t handler_count, handler_capacity;
    int32_t handler; /* for what is emitted now */
    Block blocks[MAX_BLOCKS];
    int block_count;

    int32_t top, max_top; /* temporaries in use */
    Value *local_names;
    uint8_t *local_kinds;
    int32_t local_count, local_capacity;
    Value *cell_names;
    int32_t cell_count, cell_capacity;
    Value *free_names;
    int32_t free_count, free_capacity;

    ConstTable variables; /* names of locals, cells and free variables that are not hidden ... */
    Reg *variable_registers; /* ... and where they are */
    int32_t variable_capacity;

    ConstTable constants;
    Value *cache_names;
    int32_t cache_count, cache_capacity;
    ConstTable names;

    InlineScope *inline_scope;
    ConstTable static_attributes; /* class: names assigned as self.x in its methods */
    struct DeferredAnnotation *annotations; /* module and class: for __annotate__ */
    int32_t annotation_count, annotation_capacity;
    int32_t conditional_annotation_count;
    int32_t conditional_depth; /* inside if, loops, try, with, match: annotations are conditional */
    bool interactive;
    bool is_generator;
    Label stop_label; /* of a generator: where StopIteration ends */
} Unit;

typedef struct DeferredAnnotation {
    Stmt *statement;
    int32_t conditional_index; /* number in __conditional_annotations__, -1: unconditional */
} DeferredAnnotation;

struct Compiler {
    Thread *t;
    Arena *arena;
    Value keep; /* list */
    Value filename;
    SymbolTable *table;
    Module *module;
    int features, optimize;
    Unit *unit;
    bool failed;
    bool silent; /* a final body is compiled once more: its warnings were given */
    int conditional_annotation_count;
    ConstTable merged;  /* constants shared by all units */
    ConstTable rebound; /* names that some assignment expression binds */
};

/* Memory, errors, warnings: compile.c */
Value keep(Compiler *c, Value v); /* v, kept; absent: fails */
void *compile_alloc(Compiler *c, size_t size);
void *grow(Compiler *c, void *items, int32_t count, int32_t *capacity, size_t item_size);
Value mangle(Unit *u, Value name);
void compile_error(Compiler *c, Position pos, const char *format, ...);
void compile_warning(Compiler *c, Position pos, const char *format, ...);
bool enter_recursion(Compiler *c);
void leave_recursion(Compiler *c);

/* Units: compile.c */
Unit *unit_enter(Compiler *c, Scope *scope, UnitKind kind, Value name, int32_t line);
Value qualified_name(Unit *u, Value name); /* the name that __qualname__ would give something called `name` */
Value unit_finish(Compiler *c); /* assembles and leaves: the code object */

/* emit.c */
static const Position NO_POSITION = {0, -1, 0, -1};
int32_t emit(Unit *u, Position pos, Operation op, int32_t a, int32_t b, int32_t c);
void emit_line(Unit *u, Position part, Position whole); /* a part that needs no instruction, if it stands on a line of its own */
void emit_wide(Unit *u, Position pos, Operation op, int32_t a, int32_t bc);
void emit_jump(Unit *u, Position pos, Operation op, int32_t a, int32_t b, Label target);
void emit_named(Unit *u, Position pos, Operation op, int32_t a, int32_t b, Value name);
Label new_label(Unit *u);
void place(Unit *u, Label label);
int new_handler(Unit *u, Label label, Reg exception);
Reg push(Unit *u); /* the next temporary becomes used: for one that was just written */
static inline Reg next_temp(Unit *u) { return REG_TEMP | u->top; }
static inline void release_to(Unit *u, int32_t top) { u->top = top; }
int32_t constant_index(Unit *u, Value v);
/* co_consts shows the first constant, though the instruction carries it. */
void note_first_constant(Unit *u, Value v);
void load_constant(Unit *u, Position pos, Value v, Reg dst);
void return_none(Unit *u, Position pos);
void load_int(Unit *u, Position pos, int64_t i, Reg dst);
Value merge_constant(Compiler *c, Value v);
int32_t const_table_find(const ConstTable *table, Value v); /* -1: not there */
int32_t const_table_add(Compiler *c, ConstTable *table, Value v);
bool const_same(Value a, Value b);
void move(Unit *u, Position pos, Reg dst, Reg src);
const char *operation_name(Operation op);
bool may_raise(Operation op);
bool ends_line(Operation op); /* nothing follows but by a jump: jump, return, raise */
bool is_conditional_jump(Operation op);

/* names.c */
Reg new_local(Unit *u, Value name, uint8_t kind);
bool name_is_fast(Unit *u, Value name, Reg *reg); /* an own variable in a register, not in a cell */
bool name_is_rebound(Unit *u, Value name);
void load_name(Unit *u, Position pos, Value name, Reg dst);
void load_callee_name(Unit *u, Position pos, Value name); /* to next_temp and empties the one after it */
void store_name(Unit *u, Position pos, Value name, Reg value);
void delete_name(Unit *u, Position pos, Value name);
Reg store_target(Unit *u, Value name); /* the fast local's register, or -1 */
Reg cell_register(Unit *u, Value name); /* holds the cell of a cell or free variable; -1: neither */
void enter_inline_scope(Unit *u, InlineScope *inline_scope, Scope *scope, Position pos);
void leave_inline_scope(Unit *u, Position pos);
void unit_prologue(Unit *u);

/* expressions.c, conditions.c, displays.c, strings.c, calls.c */
Reg expr(Unit *u, Expr *e);      /* in a register of its own, or a new temporary (pushed) */
Reg expr_last(Unit *u, Expr *e); /* the same, for a value used before anything else is evaluated */
Reg subscript_key(Unit *u, Expr *e, bool last); /* the key of e[key], as expr_last or expr give it */
void expr_to(Unit *u, Expr *e, Reg dst); /* dst: a fast local or next_temp (not pushed) */
Reg expr_push(Unit *u, Expr *e); /* always a new temporary */
void expr_discard(Unit *u, Expr *e);
void jump_if(Unit *u, Expr *e, Label target, bool condition);
Reg working(Unit *u, Reg dst); /* dst, or a temporary when dst must not be written early */
void compile_bool_op(Unit *u, Expr *e, Reg dst);
void compile_compare(Unit *u, Expr *e, Reg dst);
void compile_if_expression(Unit *u, Expr *e, Reg dst);
Operation compare_operation(CompareOperator op);
void compile_display(Unit *u, Expr *e, Reg dst); /* tuple, list, set */
void compile_dict(Unit *u, Expr *e, Reg dst);
void compile_joined_str(Unit *u, Expr *e, Reg dst);
void compile_formatted_value(Unit *u, Expr *e, Reg dst);
void compile_template_str(Unit *u, Expr *e, Reg dst);
void compile_interpolation(Unit *u, Expr *e, Reg dst);
void compile_call(Unit *u, Expr *e, Reg dst);
bool compile_super_attribute(Unit *u, Expr *e, Reg dst, bool as_method); /* false: not of that form */
/* Callee at temporaries base, base + 1, then `pushed` arguments; after those of `args` comes the value of the
 * variable `extra` (absent: none). */
void call_with(Unit *u, Position pos, int32_t base, int pushed, ExprSeq args, Value extra, KeywordSeq keywords, Reg dst);
Position attribute_position(Position pos, Expr *attribute);
Operation binary_operation_code(BinaryOperator op, bool inplace);
bool int_operand(Expr *e, int32_t *value);
Value constant_of(Expr *e); /* absent: not a constant */
bool is_folded(Expr *e);    /* a constant that folding made */

/* suspend.c: yield, await */
void compile_yield(Unit *u, Expr *e, Reg dst);
void emit_yield(Unit *u, Position pos, Expr *e, Reg dst, Reg value);
void compile_yield_from(Unit *u, Expr *e, Reg dst);
void compile_await(Unit *u, Expr *e, Reg dst);
void await_value(Unit *u, Position pos, Reg value, int kind, Reg dst);   /* kind: GET_AWAITABLE's */
void delegate_to(Unit *u, Position pos, Reg dst); /* the iterator is in the top temporary, which is released */
bool in_async_function(Unit *u);
bool top_level_await(Unit *u);

/* comprehensions.c */
void compile_comprehension(Unit *u, Expr *e, Reg dst);

/* assign.c */
void store_to(Unit *u, Expr *target, Reg value);
void compile_assign(Unit *u, Stmt *s);
void compile_aug_assign(Unit *u, Stmt *s);
void compile_ann_assign(Unit *u, Stmt *s);
void compile_delete(Unit *u, Stmt *s);

/* statements.c */
void compile_statements(Unit *u, StmtSeq body);
void compile_statement(Unit *u, Stmt *s);
Value docstring_of(Compiler *c, StmtSeq body); /* cleaned; absent: none */
void compile_body(Unit *u, StmtSeq body);      /* of a module or class: docstring, annotations, statements */

/* loops.c: loops, and getting out of blocks */
void compile_for(Unit *u, Stmt *s);
void compile_async_for(Unit *u, Stmt *s);
void compile_while(Unit *u, Stmt *s);
void compile_break(Unit *u, Stmt *s);
void compile_continue(Unit *u, Stmt *s);
void compile_return(Unit *u, Stmt *s);
Block *push_block(Unit *u, BlockKind kind, Position pos);
void pop_block(Unit *u);

/* exceptions.c, with.c, except_star.c */
void compile_try(Unit *u, Stmt *s);
void compile_try_star(Unit *u, Stmt *s);
void compile_try_finally(Unit *u, Stmt *s, void (*body)(Unit *u, Stmt *s));
void emit_cleanup(Unit *u, Label label, Reg previous, Reg exception); /* POP_HANDLED; RERAISE */
void exit_except_clause(Unit *u, Position pos, Reg previous, Value name);
void unbind_name(Unit *u, Position pos, Value name);
void compile_with(Unit *u, WithItemSeq items, int index, StmtSeq body, Position pos, bool is_async);
void exit_with(Unit *u, Position pos, Reg exit_pair, bool is_async);

/* The evaluators of annotations, bounds and alias values take this as their only argument. */
enum { ANNOTATION_FORMAT_VALUE = 1, ANNOTATION_FORMAT_FAKE_GLOBALS = 2 };

/* functions.c, classes.c, annotations.c, type_params.c */
void compile_function(Unit *u, Stmt *s, bool is_async);
void compile_lambda(Unit *u, Expr *e, Reg dst);
void make_closure(Unit *u, Position pos, Value code, Unit *inner, Reg dst);
void set_function_part(Unit *u, Position pos, Reg function, FunctionPart part, Reg value);
void compile_class(Unit *u, Stmt *s);
Reg decorators(Unit *u, ExprSeq list);
void apply_decorators(Unit *u, ExprSeq list, Reg base); /* the value is the top temporary; the result goes to base */
void note_static_attribute(Unit *u, Expr *attribute); /* a target `self.x` */
bool push_defaults(Unit *u, Position pos, Arguments *args, bool *has_kw_defaults); /* tuple, dict: as pushed */
/* Sets what the annotations of a signature make on `function`. */
void annotate_function(Unit *u, Position pos, Value name, Arguments *args, Expr *returns, Scope *scope, Reg function);
void compile_deferred_annotations(Unit *u, Position pos); /* makes __annotate__ of a module or class */
void move_to(Unit *u, int32_t start, int32_t at);         /* instructions from `start` to the end go to `at` */
void setup_annotations(Unit *u, StmtSeq body, Position pos);
void load_annotation(Unit *u, Expr *annotation, Reg dst); /* its text, for `from __future__ import annotations` */
void compile_evaluator(Unit *u, Scope *scope, Expr *e, Value name, Position pos, bool may_star); /* to next_temp */
Unit *enter_type_parameters(Unit *u, TypeParamSeq params, Value of, int32_t line);
Value unparse_expression(Thread *t, Expr *e); /* str */
void compile_type_alias(Unit *u, Stmt *s);
void compile_type_parameters(Unit *u, TypeParamSeq params, Reg dst); /* a tuple of them */

/* patterns.c */
void compile_match(Unit *u, Stmt *s);

/* fold.c: constants computed at compile time, before code is made */
void fold_module(Compiler *c, Module *module);

/* warnings.c */
void warn_if_literal_compared(Unit *u, Expr *e);
void warn_if_not_callable(Unit *u, Expr *callee, Position pos);
void warn_if_not_subscriptable(Unit *u, Expr *value, Expr *index, Position pos);

/* peephole.c, bound.c, assemble.c */
void peephole(Unit *u);
void remove_bound_checks(Unit *u);
Value assemble(Unit *u);
