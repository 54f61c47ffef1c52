/* The parser's frame: tokens, memory, the two passes, and parse.h's entry points. */
#include "syntax/parser.h"

#include "object/thread.h"
#include "syntax/source.h"
#include "types/list.h"
#include "types/str/str.h"

#include <stdlib.h>
#include <string.h>

/* Memory. */

void *parser_failed(Parser *p) {
    p->failed = true;
    return nullptr;
}

void *parser_alloc(Parser *p, size_t size) {
    void *memory = arena_alloc(p->arena, size);
    if (memory)
        return memory;
    if (!p->failed) {
        raise_no_memory(p->t);
        parser_failed(p);
    }
    memset(&p->scratch, 0, sizeof p->scratch);
    return &p->scratch;
}

void items_add(Parser *p, Items *items, void *item) {
    if (items->count == items->capacity) {
        int32_t capacity = items->capacity ? items->capacity * 2 : 4;
        void **grown = parser_alloc(p, (size_t)capacity * sizeof *grown);
        if (p->failed)
            return;
        if (items->count)
            memcpy(grown, items->items, (size_t)items->count * sizeof *grown);
        items->items = grown;
        items->capacity = capacity;
    }
    items->items[items->count++] = item;
}

ExprSeq one_expr(Parser *p, Expr *e) {
    Items items = {};
    items_add(p, &items, e);
    return expr_seq(items);
}

StmtSeq one_stmt(Parser *p, Stmt *s) {
    Items items = {};
    items_add(p, &items, s);
    return stmt_seq(items);
}

Expr *new_expr(Parser *p, ExprKind kind, Position pos) {
    Expr *e = parser_alloc(p, sizeof *e);
    e->kind = kind;
    e->pos = pos;
    return e;
}

Stmt *new_stmt(Parser *p, StmtKind kind, Position pos) {
    Stmt *s = parser_alloc(p, sizeof *s);
    s->kind = kind;
    s->pos = pos;
    return s;
}

Pattern *new_pattern(Parser *p, PatternKind kind, Position pos) {
    Pattern *pattern = parser_alloc(p, sizeof *pattern);
    pattern->kind = kind;
    pattern->pos = pos;
    return pattern;
}

Expr *new_constant(Parser *p, Value value, Position pos) {
    Expr *e = new_expr(p, EXPR_Constant, pos);
    e->Constant.value = value;
    return e;
}

Expr *new_tuple(Parser *p, ExprSeq elts, Position pos) {
    Expr *e = new_expr(p, EXPR_Tuple, pos);
    e->Tuple.elts = elts;
    e->Tuple.ctx = CONTEXT_Load;
    return e;
}

Expr *new_binary(Parser *p, Expr *left, BinaryOperator op, Expr *right) {
    Expr *e = new_expr(p, EXPR_BinOp, cover(left->pos, right->pos));
    e->BinOp.left = left;
    e->BinOp.op = op;
    e->BinOp.right = right;
    return e;
}

Position span(Parser *p, int start) {
    Position pos = p->tokens[start]->pos;
    int last = p->mark - 1;
    while (last > start && (p->tokens[last]->kind == TOKEN_ENDMARKER ||
                            (p->tokens[last]->kind >= TOKEN_NEWLINE && p->tokens[last]->kind <= TOKEN_DEDENT)))
        last--;
    if (last >= start) {
        pos.end_line = p->tokens[last]->pos.end_line;
        pos.end_column = p->tokens[last]->pos.end_column;
    }
    return pos;
}

bool parser_enter(Parser *p) {
    p->depth++;
    if (p->failed)
        return false;
    bool low = p->t->c_stack_limit && (char *)__builtin_frame_address(0) < p->t->c_stack_limit;
    if (p->depth <= PARSER_MAX_DEPTH && !low)
        return true;
    raise_error(p->t, &MemoryError_type, "Parser stack overflowed - Python source too complex to parse");
    parser_failed(p);
    return false;
}

/* Values. */

Value keep_value(Parser *p, Value value) {
    if (absent(value) || !list_append(p->t, p->keep, value)) {
        parser_failed(p);
        return NO_VALUE;
    }
    return value;
}

Value keep_text(Parser *p, const char *text, size_t length) {
    return keep_value(p, str_from_utf8(p->t, text, length));
}

static uint32_t hash_text(const char *text, size_t length) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static Identifier **name_slot(Parser *p, const char *text, size_t length) {
    uint32_t i = hash_text(text, length);
    for (;; i++) {
        Identifier **slot = &p->names[i & (uint32_t)(p->name_capacity - 1)];
        Identifier *name = *slot;
        if (!name || ((size_t)name->length == length && memcmp(name->text, text, length) == 0))
            return slot;
    }
}

static bool grow_names(Parser *p) {
    Identifier **old = p->names;
    int old_capacity = p->name_capacity;
    int capacity = old_capacity ? old_capacity * 2 : 256;
    Identifier **grown = parser_alloc(p, (size_t)capacity * sizeof *grown);
    if (p->failed)
        return false;
    p->names = grown;
    p->name_capacity = capacity;
    for (int i = 0; i < old_capacity; i++)
        if (old[i])
            *name_slot(p, old[i]->text, (size_t)old[i]->length) = old[i];
    return true;
}

Identifier *find_identifier(Parser *p, const char *text, size_t length) {
    if (p->name_count * 2 >= p->name_capacity && !grow_names(p))
        return nullptr;
    Identifier **slot = name_slot(p, text, length);
    if (*slot)
        return *slot;
    Identifier *name = parser_alloc(p, sizeof *name);
    if (p->failed)
        return nullptr;
    *name = (Identifier){.text = text, .length = (int32_t)length, .kind = TOKEN_NAME};
    p->name_count++;
    return *slot = name;
}

Value identifier_value(Parser *p, Identifier *name) {
    if (present(name->value) || p->failed)
        return name->value;
    Value text = str_from_utf8(p->t, name->text, (size_t)name->length);
    if (present(text) && !str_is_ascii(text)) {
        text = normalize_identifier(p->t, text);
        static const char *const constants[] = {"None", "True", "False"};
        for (int i = 0; i < 3 && present(text); i++)
            if (str_equal_text(text, constants[i]))
                text = raise_value_error(p->t, "identifier field can't represent '%s' constant", constants[i]);
    }
    if (present(text))
        text = str_intern(p->t, text);
    return name->value = keep_value(p, text);
}

static const struct {
    const char *text;
    TokenKind kind;
} keywords[] = {
    {"False", KEYWORD_FALSE},   {"None", KEYWORD_NONE},         {"True", KEYWORD_TRUE},
    {"and", KEYWORD_AND},       {"as", KEYWORD_AS},             {"assert", KEYWORD_ASSERT},
    {"async", KEYWORD_ASYNC},   {"await", KEYWORD_AWAIT},       {"break", KEYWORD_BREAK},
    {"class", KEYWORD_CLASS},   {"continue", KEYWORD_CONTINUE}, {"def", KEYWORD_DEF},
    {"del", KEYWORD_DEL},       {"elif", KEYWORD_ELIF},         {"else", KEYWORD_ELSE},
    {"except", KEYWORD_EXCEPT}, {"finally", KEYWORD_FINALLY},   {"for", KEYWORD_FOR},
    {"from", KEYWORD_FROM},     {"global", KEYWORD_GLOBAL},     {"if", KEYWORD_IF},
    {"import", KEYWORD_IMPORT}, {"in", KEYWORD_IN},             {"is", KEYWORD_IS},
    {"lambda", KEYWORD_LAMBDA}, {"nonlocal", KEYWORD_NONLOCAL}, {"not", KEYWORD_NOT},
    {"or", KEYWORD_OR},         {"pass", KEYWORD_PASS},         {"raise", KEYWORD_RAISE},
    {"return", KEYWORD_RETURN}, {"try", KEYWORD_TRY},           {"while", KEYWORD_WHILE},
    {"with", KEYWORD_WITH},     {"yield", KEYWORD_YIELD},
};

static Identifier *known_identifier(Parser *p, const char *text) {
    return find_identifier(p, text, strlen(text));
}

static void add_keywords(Parser *p) {
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        Identifier *name = known_identifier(p, keywords[i].text);
        if (name)
            name->kind = keywords[i].kind;
    }
    p->soft_match = known_identifier(p, "match");
    p->soft_case = known_identifier(p, "case");
    p->soft_type = known_identifier(p, "type");
    p->soft_underscore = known_identifier(p, "_");
    p->soft_print = known_identifier(p, "print");
    p->soft_exec = known_identifier(p, "exec");
}

/* Tokens. */

static void add_type_ignore(Parser *p, const LexedToken *lexed) {
    TypeIgnore *ignore = parser_alloc(p, sizeof *ignore);
    ignore->kind = TYPE_IGNORE_TypeIgnore;
    ignore->TypeIgnore.lineno = lexed->pos.line;
    ignore->TypeIgnore.tag = keep_text(p, lexed->start, (size_t)(lexed->end - lexed->start));
    items_add(p, &p->type_ignores, ignore);
}

/* One statement is read in PARSE_SINGLE: its end of input closes line and blocks. */
static TokenKind end_single_statement(Parser *p, TokenKind kind) {
    if (p->mode != PARSE_SINGLE || kind != TOKEN_ENDMARKER || !p->parsing_started) {
        p->parsing_started = true;
        return kind;
    }
    p->parsing_started = false;
    if (p->lexer.indent && !(p->flags & PARSE_DONT_IMPLY_DEDENT)) {
        p->lexer.pending_indents = -p->lexer.indent;
        p->lexer.indent = 0;
    }
    return TOKEN_NEWLINE;
}

static bool grow_tokens(Parser *p) {
    int capacity = p->capacity ? p->capacity * 2 : 256;
    Token **grown = parser_alloc(p, (size_t)capacity * sizeof *grown);
    if (p->failed)
        return false;
    if (p->fill)
        memcpy(grown, p->tokens, (size_t)p->fill * sizeof *grown);
    p->tokens = grown;
    p->capacity = capacity;
    return true;
}

void parser_fill(Parser *p) {
    LexedToken lexed;
    lexer_next(&p->lexer, &lexed);
    while (lexed.kind == TOKEN_TYPE_IGNORE) {
        add_type_ignore(p, &lexed);
        lexer_next(&p->lexer, &lexed);
    }
    lexed.kind = end_single_statement(p, lexed.kind);
    if (p->fill == p->capacity && !grow_tokens(p))
        return;
    Token *token = parser_alloc(p, sizeof *token);
    if (p->failed)
        return;
    *token = (Token){
        .kind = lexed.kind,
        .level = lexed.level,
        .pos = lexed.pos,
        .start = lexed.start,
        .end = lexed.end,
        .expression = lexed.expression,
        .expression_length = lexed.expression_length,
    };
    if (lexed.kind == TOKEN_NAME) {
        token->name = find_identifier(p, lexed.start, (size_t)(lexed.end - lexed.start));
        if (!token->name)
            return;
        token->kind = token->name->kind;
    }
    p->tokens[p->fill++] = token;
    if (token->kind == TOKEN_ERROR)
        parser_lexer_error(p);
}

Token *require(Parser *p, TokenKind kind, const char *text) {
    if (p->failed)
        return nullptr;
    Token *token = accept(p, kind);
    if (token || p->failed)
        return token;
    Position pos = p->tokens[p->mark]->pos;
    return raise_on(p, pos, "expected '%s'", text);
}

bool memo_find(Parser *p, Rule rule, void **node) {
    if (peek(p) == TOKEN_NOTHING)
        return false;
    for (Memo *memo = p->tokens[p->mark]->memo; memo; memo = memo->next) {
        if (memo->rule == rule) {
            p->mark = memo->end;
            *node = memo->node;
            return true;
        }
    }
    return false;
}

void memo_add(Parser *p, Rule rule, int start, void *node) {
    if (p->failed || start >= p->fill)
        return;
    Memo *memo = parser_alloc(p, sizeof *memo);
    if (p->failed)
        return;
    *memo = (Memo){rule, p->mark, node, p->tokens[start]->memo};
    p->tokens[start]->memo = memo;
}

/* Start rules. */

static Module *new_module(Parser *p, ModuleKind kind) {
    Module *module = parser_alloc(p, sizeof *module);
    module->kind = kind;
    module->keep = p->keep;
    return module;
}

/* file: [statements] ENDMARKER */
static Module *file(Parser *p) {
    Items body = {};
    statements(p, &body);
    if (!accept(p, TOKEN_ENDMARKER))
        return nullptr;
    Module *module = new_module(p, MODULE_Module);
    module->Module.body = stmt_seq(body);
    module->Module.type_ignores = (TypeIgnoreSeq){p->type_ignores.count, (TypeIgnore **)p->type_ignores.items};
    return module;
}

/* interactive: compound_stmt NEWLINE | simple_stmts | NEWLINE | ENDMARKER */
static Module *interactive(Parser *p) {
    Items body = {};
    int start = p->mark;
    Stmt *compound = compound_statement(p);
    if (compound && accept(p, TOKEN_NEWLINE)) {
        items_add(p, &body, compound);
    } else {
        p->mark = start;
        if (!simple_statements(p, &body)) {
            if (accept(p, TOKEN_NEWLINE)) {
                items_add(p, &body, stmt_from(p, STMT_Pass, start));
            } else {
                /* at the end: nothing to run */
                accept(p, TOKEN_ENDMARKER);
                return nullptr;
            }
        }
    }
    Module *module = new_module(p, MODULE_Interactive);
    module->Interactive.body = stmt_seq(body);
    return module;
}

static bool newlines_and_end(Parser *p) {
    while (accept(p, TOKEN_NEWLINE))
        ;
    return accept(p, TOKEN_ENDMARKER);
}

/* eval: expressions NEWLINE* ENDMARKER */
static Module *eval(Parser *p) {
    Expr *body = expressions(p);
    if (!body || !newlines_and_end(p))
        return nullptr;
    Module *module = new_module(p, MODULE_Expression);
    module->Expression.body = body;
    return module;
}

/* type_expressions: expressions of which the last two may be *a and **b */
static bool type_expressions(Parser *p, Items *types) {
    for (int stars = 0; stars < 2;) {
        if (accept(p, TOKEN_DOUBLESTAR))
            stars = 2;
        else if (stars == 0 && accept(p, TOKEN_STAR))
            stars = 1;
        else if (stars == 1)
            return false;
        Expr *type = expression(p);
        if (!type)
            return false;
        items_add(p, types, type);
        if (stars == 2 || !accept(p, TOKEN_COMMA))
            break;
    }
    return true;
}

/* func_type: '(' [type_expressions] ')' '->' expression NEWLINE* ENDMARKER */
static Module *func_type(Parser *p) {
    Items types = {};
    if (!accept(p, TOKEN_LPAR))
        return nullptr;
    if (!at(p, TOKEN_RPAR) && !type_expressions(p, &types))
        return nullptr;
    if (!accept(p, TOKEN_RPAR) || !accept(p, TOKEN_RARROW))
        return nullptr;
    Expr *returns = expression(p);
    if (!returns || !newlines_and_end(p))
        return nullptr;
    Module *module = new_module(p, MODULE_FunctionType);
    module->FunctionType.argtypes = expr_seq(types);
    module->FunctionType.returns = returns;
    return module;
}

static Module *parse_once(Parser *p) {
    p->mark = 0;
    p->depth = 0;
    Module *module = nullptr;
    switch (p->mode) {
    case PARSE_EXEC: module = file(p); break;
    case PARSE_EVAL: module = eval(p); break;
    case PARSE_SINGLE: module = interactive(p); break;
    case PARSE_FUNC_TYPE: module = func_type(p); break;
    }
    return p->failed ? nullptr : module;
}

/* In PARSE_SINGLE nothing but blank lines and comments may follow the statement. */
static bool more_than_one_statement(Parser *p) {
    const char *c = p->lexer.cursor;
    for (;;) {
        while (*c == ' ' || *c == '\t' || *c == '\n' || *c == '\f')
            c++;
        if (!*c)
            return false;
        if (*c != '#')
            return true;
        while (*c && *c != '\n')
            c++;
    }
}

static bool at_end_of_source(Parser *p) {
    if (!p->fill)
        return false;
    Token *last = p->tokens[p->fill - 1];
    return p->lexer.state == LEXER_EOF || p->lexer.state == LEXER_EOF_IN_STRING || last->kind == TOKEN_ENDMARKER;
}

static Module *run(Parser *p) {
    Module *module = parse_once(p);
    if (module) {
        if (p->mode == PARSE_SINGLE && more_than_one_statement(p))
            return raise_syntax(p, "multiple statements found while compiling a single statement");
        return module;
    }
    if ((p->flags & PARSE_ALLOW_INCOMPLETE_INPUT) && at_end_of_source(p)) {
        error_clear(p->t);
        p->failed = false;
        return raise_last(p, INCOMPLETE_INPUT_ERROR, "incomplete input");
    }
    if (error_pending(p->t)) {
        if (p->lexer.state == LEXER_OK && error_matches(p->t, &SyntaxError_type))
            parser_check_rest(p);
        parser_add_metadata(p);
        return nullptr;
    }
    Token *last = p->fill ? p->tokens[p->fill - 1] : nullptr;
    for (int i = 0; i < p->fill; i++)
        p->tokens[i]->memo = nullptr;
    p->second_pass = p->invalid = true;
    p->lexer.quiet = true;
    parse_once(p);
    parser_final_error(p, last);
    parser_add_metadata(p);
    return nullptr;
}

Module *parse_source_version(Thread *t, const char *bytes, size_t length, Value filename, ParseMode mode, int flags,
                             int feature_version, Arena *arena, Value keep) {
    Source source;
    if (!source_decode(t, bytes, length, filename, mode, flags, arena, &source))
        return nullptr;
    Parser *p = calloc(1, sizeof *p);
    if (!p) {
        raise_no_memory(t);
        return nullptr;
    }
    p->t = t;
    p->arena = arena;
    p->keep = keep;
    p->filename = filename;
    p->mode = mode;
    p->flags = flags;
    p->feature_version = feature_version;
    lexer_init(&p->lexer, t, source.text, source.length, filename);
    p->lexer.type_comments = flags & PARSE_TYPE_COMMENTS;
    add_keywords(p);
    Module *module = p->failed ? nullptr : run(p);
    free(p);
    return module;
}

Module *parse_source(Thread *t, const char *bytes, size_t length, Value filename, ParseMode mode, int flags,
                     Arena *arena, Value keep) {
    return parse_source_version(t, bytes, length, filename, mode, flags, FEATURE_VERSION_CURRENT, arena, keep);
}
