/* The parser's own state and helpers, shared by its files. The interface for everybody else is parse.h.
 *
 * Recursive descent over an array of tokens that is filled on demand. A rule is a function that either returns a
 * node and leaves `mark` behind it, or returns NULL and leaves `mark` where it was. When the parser has failed for
 * good (`failed`, an exception is pending) every token looks like TOKEN_NOTHING, so that all rules return NULL.
 *
 * Two passes. The first parses, deciding by the next token. If it finds no tree, the second one runs over
 * the same tokens in the order of the alternatives in CPython's grammar, with the rules for invalid forms (the
 * invalid_*.c files) in their places: the first of these to match says what is wrong. Its results are memoized,
 * for the alternatives overlap. A source for which none matches gets "invalid syntax" at the last token that the
 * first pass looked at: so the first pass may never look further ahead than CPython does.
 *
 * Threading: a parser belongs to one thread. Values that it makes are put into `keep` at once. */
#ifndef KRAIT_SYNTAX_PARSER_H
#define KRAIT_SYNTAX_PARSER_H

#include "object/object.h"
#include "syntax/errors.h"
#include "syntax/lexer.h"
#include "syntax/parse.h"

typedef struct Identifier {
    const char *text;
    int32_t length;
    TokenKind kind; /* TOKEN_NAME or a keyword */
    Value value;    /* made on first use */
} Identifier;

typedef enum Rule {
    RULE_EXPRESSION,
    RULE_STAR_EXPRESSION,
    RULE_DISJUNCTION,
    RULE_CONJUNCTION,
    RULE_INVERSION,
    RULE_BINARY, /* and one for each level */
    RULE_BINARY_LAST = RULE_BINARY + 5,
    RULE_FACTOR,
    RULE_AWAIT_PRIMARY,
    RULE_PRIMARY,
    RULE_STRINGS,
    RULE_ARGUMENTS,
    RULE_INVALID_NAMED_EXPRESSION,
    RULE_STAR_TARGET,
    RULE_BLOCK,
    RULE_SIMPLE_STATEMENT,
    RULE_IMPORT,
    RULE_CLOSED_PATTERN,
    RULE_STAR_PATTERN,
    RULE_TYPE_PARAM,
} Rule;

typedef struct Memo {
    Rule rule;
    int end;
    void *node;
    struct Memo *next;
} Memo;

typedef struct Token {
    TokenKind kind;
    int32_t level;
    Position pos;
    const char *start;
    const char *end;
    const char *expression;
    int32_t expression_length;
    Identifier *name; /* of NAMEs and keywords */
    Memo *memo;
} Token;

/* A sequence under construction, in the arena. */
typedef struct Items {
    void **items;
    int32_t count;
    int32_t capacity;
} Items;

typedef struct Parser {
    Thread *t;
    Arena *arena;
    Value keep;
    Value filename;
    ParseMode mode;
    int flags;
    int feature_version;

    Token **tokens;
    int mark;
    int fill;
    int capacity;
    bool failed;
    bool second_pass;
    bool invalid; /* try the rules for invalid forms */
    bool parsing_started;
    int depth;
    Position last_statement;

    Identifier **names; /* hash table, open addressing */
    int name_count;
    int name_capacity;
    Identifier *soft_match, *soft_case, *soft_type, *soft_underscore, *soft_print, *soft_exec;

    Items type_ignores;
    Value kind_u;

    union { /* what is returned when memory has run out, so that rules can go on filling in a node */
        Expr expr;
        Stmt stmt;
        Pattern pattern;
        Arguments arguments;
        char bytes[256];
    } scratch;

    Lexer lexer;
} Parser;

enum { PARSER_MAX_DEPTH = 6000 };

/* Tokens. */

void parser_fill(Parser *p);

static inline TokenKind peek(Parser *p) {
    if (p->mark == p->fill && !p->failed)
        parser_fill(p);
    return p->failed ? TOKEN_NOTHING : p->tokens[p->mark]->kind;
}

static inline bool at(Parser *p, TokenKind kind) {
    return peek(p) == kind;
}

/* The kind of the token behind the next one. */
static inline TokenKind peek_second(Parser *p) {
    if (peek(p) == TOKEN_NOTHING)
        return TOKEN_NOTHING;
    p->mark++;
    TokenKind kind = peek(p);
    p->mark--;
    return kind;
}

static inline Token *accept(Parser *p, TokenKind kind) {
    return peek(p) == kind ? p->tokens[p->mark++] : nullptr;
}

static inline bool at_soft_keyword(Parser *p, const Identifier *word) {
    return peek(p) == TOKEN_NAME && p->tokens[p->mark]->name == word;
}

static inline Token *accept_soft_keyword(Parser *p, const Identifier *word) {
    return at_soft_keyword(p, word) ? p->tokens[p->mark++] : nullptr;
}

/* &&kind: the token, or a SyntaxError "expected 'text'" in the second pass. */
Token *require(Parser *p, TokenKind kind, const char *text);

static inline void *fail_at(Parser *p, int mark) {
    p->mark = mark;
    return nullptr;
}

/* Recursion. False with MemoryError pending when the source nests too deeply. */
bool parser_enter(Parser *p);
static inline void parser_leave(Parser *p) {
    p->depth--;
}

/* Memory. */

void *parser_alloc(Parser *p, size_t size);
void items_add(Parser *p, Items *items, void *item);
static inline ExprSeq expr_seq(Items items) { return (ExprSeq){items.count, (Expr **)items.items}; }
static inline StmtSeq stmt_seq(Items items) { return (StmtSeq){items.count, (Stmt **)items.items}; }
static inline PatternSeq pattern_seq(Items items) { return (PatternSeq){items.count, (Pattern **)items.items}; }
ExprSeq one_expr(Parser *p, Expr *e);
StmtSeq one_stmt(Parser *p, Stmt *s);

/* Positions: from the token at `start` to the last token in front of `mark`. */
Position span(Parser *p, int start);
static inline Position cover(Position first, Position last) {
    return (Position){first.line, first.column, last.end_line, last.end_column};
}

Expr *new_expr(Parser *p, ExprKind kind, Position pos);
Stmt *new_stmt(Parser *p, StmtKind kind, Position pos);
Pattern *new_pattern(Parser *p, PatternKind kind, Position pos);
static inline Expr *expr_from(Parser *p, ExprKind kind, int start) { return new_expr(p, kind, span(p, start)); }
static inline Stmt *stmt_from(Parser *p, StmtKind kind, int start) { return new_stmt(p, kind, span(p, start)); }
Expr *new_constant(Parser *p, Value value, Position pos);
Expr *new_tuple(Parser *p, ExprSeq elts, Position pos);
Expr *new_binary(Parser *p, Expr *left, BinaryOperator op, Expr *right);

/* Values. Absent only when the parser has failed. */
Value keep_value(Parser *p, Value value);
Value identifier_value(Parser *p, Identifier *name);
Value keep_text(Parser *p, const char *text, size_t length);
static inline Value token_name(Parser *p, const Token *token) { return identifier_value(p, token->name); }
Identifier *find_identifier(Parser *p, const char *text, size_t length);

/* Memoization, in the second pass only. */

bool memo_find(Parser *p, Rule rule, void **node);
void memo_add(Parser *p, Rule rule, int start, void *node);

typedef Expr *ExprRule(Parser *p);

[[gnu::always_inline]] static inline Expr *memoized(Parser *p, Rule rule, ExprRule *parse) {
    if (!p->second_pass)
        return parse(p);
    void *node;
    if (memo_find(p, rule, &node))
        return node;
    int start = p->mark;
    node = parse(p);
    memo_add(p, rule, start, node);
    return node;
}

/* Errors: make the exception pending and the parser failed, unless it has failed already. Always NULL. */

enum { CURRENT_POSITION = -5 };

/* Columns in bytes from 0; -1 and CURRENT_POSITION (the lexer's cursor) as ends. */
void *raise_at(Parser *p, SyntaxErrorKind kind, int line, int column, int end_line, int end_column,
               const char *format, ...) __attribute__((format(printf, 7, 8)));
/* At the last token that was looked at, or at the next one. */
void *raise_last(Parser *p, SyntaxErrorKind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
void *raise_next(Parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *raise_on(Parser *p, Position pos, const char *format, ...) __attribute__((format(printf, 3, 4)));
void *raise_range(Parser *p, Position first, Position last, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void *raise_from(Parser *p, Position pos, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define raise_syntax(p, ...) raise_last(p, SYNTAX_ERROR, __VA_ARGS__)
#define raise_indentation(p, ...) raise_last(p, INDENTATION_ERROR, __VA_ARGS__)
/* An exception that something else has made pending. */
void *parser_failed(Parser *p);
/* A pending UnicodeError or ValueError becomes "(unicode error) ...". */
void *raise_decode_error(Parser *p);
void parser_lexer_error(Parser *p);
void parser_final_error(Parser *p, const Token *last);
void parser_check_rest(Parser *p);
void parser_add_metadata(Parser *p);
/* False with "X is only supported in Python 3.N and greater" pending. */
bool check_version(Parser *p, int minor, const char *what);
const char *expr_kind_name(const Expr *e);
typedef enum TargetKind { TARGETS_STAR, TARGETS_DEL, TARGETS_FOR } TargetKind;
Expr *invalid_target(Expr *e, TargetKind kind);
void *raise_invalid_target(Parser *p, TargetKind kind, Expr *e);
static inline const char *identifier_text(const Identifier *name, int *length) {
    *length = name->length;
    return name->text;
}

/* Rules. expressions.c */
Expr *expression(Parser *p);
Expr *expressions(Parser *p);
Expr *star_expression(Parser *p);
Expr *star_expressions(Parser *p);
Expr *named_expression(Parser *p);
Expr *star_named_expression(Parser *p);
Expr *assignment_expression(Parser *p);
Expr *disjunction(Parser *p);
Expr *inversion(Parser *p);
Expr *bitwise_or(Parser *p);
Expr *factor(Parser *p);
Expr *primary(Parser *p);
Expr *yield_expression(Parser *p);
Expr *annotated_rhs(Parser *p);
Expr *name_expression(Parser *p);
Expr *lambda_expression(Parser *p);

/* displays.c */
Expr *parenthesized(Parser *p);
Expr *bracketed(Parser *p);
Expr *braced(Parser *p);
Expr *generator_expression(Parser *p);
Expr *generator_from(Parser *p, Expr *elt, int start);
Expr *list_display(Parser *p);
Expr *tuple_display(Parser *p);
Expr *slices(Parser *p);
Expr *starred_expression(Parser *p);
bool star_named_expressions(Parser *p, Items *items);
bool comprehension_clauses(Parser *p, ComprehensionSeq *clauses);

/* calls.c */
Expr *call_trailer(Parser *p, Expr *function, int start);
Expr *arguments_rule(Parser *p);
Expr *args_rule(Parser *p);

/* targets.c */
bool set_context(Parser *p, Expr *e, ExprContext context);
bool make_target(Parser *p, Expr *e, ExprContext context);
Expr *star_targets(Parser *p);
Expr *star_target(Parser *p);
Expr *single_target(Parser *p);
Expr *single_subscript_attribute_target(Parser *p);
bool del_targets(Parser *p, ExprSeq *targets);

/* strings.c, literals.c */
Expr *strings(Parser *p);
Expr *number(Parser *p);
Value decode_string_literal(Parser *p, Token *token, bool *is_bytes);
Value decode_escapes(Parser *p, const char *text, size_t length, Token *token, Token *place);
Value number_value(Parser *p, const Token *token);

/* parameters.c */
Arguments *parameters(Parser *p);
Arguments *lambda_parameters(Parser *p);
Arguments *empty_arguments(Parser *p);

/* statements.c, compound.c, functions.c */
bool statements(Parser *p, Items *items);
bool simple_statements(Parser *p, Items *items);
Stmt *simple_statement(Parser *p);
Stmt *compound_statement(Parser *p);
Stmt *function_definition(Parser *p);
Stmt *class_definition(Parser *p);
Stmt *import_statement(Parser *p);
bool type_params_rule(Parser *p, TypeParamSeq *params);
bool block(Parser *p, StmtSeq *body);
Expr *dotted_name(Parser *p);
bool import_from_names(Parser *p, AliasSeq *names);
bool func_type_comment(Parser *p, Value *comment);
Value take_type_comment(Parser *p);

/* patterns.c */
Stmt *match_statement(Parser *p);
Pattern *patterns(Parser *p);
Expr *subject_expression(Parser *p);

/* invalid_*.c: true or a node when the form matched, NULL or false when not; most end in raise_*. */
void invalid_expression(Parser *p);
void invalid_legacy_expression(Parser *p);
void invalid_named_expression(Parser *p);
Expr *expression_without_invalid(Parser *p);
void invalid_starred_expression_unpacking(Parser *p);
void invalid_starred_expression(Parser *p);
void invalid_arithmetic(Parser *p, int start);
void invalid_factor(Parser *p);
void invalid_group(Parser *p);
void invalid_comprehension(Parser *p);
void invalid_dict_comprehension(Parser *p);
void invalid_double_starred_kvpairs(Parser *p);
void invalid_for_if_clause(Parser *p);
void invalid_for_target(Parser *p);
void invalid_arguments(Parser *p);
void invalid_kwarg(Parser *p);
void invalid_replacement_field(Parser *p, char letter);
void invalid_parameters(Parser *p, bool lambda);
void invalid_default(Parser *p);
void invalid_star_etc(Parser *p, bool lambda);
void invalid_kwds(Parser *p, bool lambda);
void invalid_assignment(Parser *p);
void invalid_del_statement(Parser *p);
void invalid_import(Parser *p);
void invalid_import_target(Parser *p, bool dotted);
void invalid_import_from_targets(Parser *p);
void invalid_block(Parser *p);
void invalid_if_statement(Parser *p, TokenKind keyword);
void invalid_else_statement(Parser *p);
void invalid_while_statement(Parser *p);
void invalid_for_statement(Parser *p);
void invalid_with_item(Parser *p);
void invalid_with_statement(Parser *p);
void invalid_with_statement_indent(Parser *p);
void invalid_try_statement(Parser *p);
void invalid_except_statement(Parser *p, bool star);
void invalid_except_statement_indent(Parser *p, bool star);
void invalid_finally_statement(Parser *p);
void invalid_class_definition(Parser *p);
void invalid_function_definition(Parser *p);
void invalid_type_params(Parser *p);
void invalid_type_param(Parser *p);
void invalid_match_statement(Parser *p);
void invalid_case_block(Parser *p);
void invalid_as_pattern(Parser *p);
void invalid_class_pattern(Parser *p);
void invalid_double_type_comments(Parser *p);

/* Pieces that both a rule and its invalid forms need. */
Comprehension *comprehension_clause(Parser *p);
ExceptHandler *except_block(Parser *p, bool star);
bool positional_patterns(Parser *p, Items *items);
Expr *name_or_attribute(Parser *p);
Pattern *or_pattern(Parser *p);
Pattern *open_pattern(Parser *p);
Expr *guard(Parser *p);
typedef struct KeyPattern {
    Expr *key;
    Value name;
    Pattern *pattern;
} KeyPattern;
bool keyword_patterns(Parser *p, Items *items);
bool is_augmented_assignment(TokenKind kind, BinaryOperator *op);

#endif
