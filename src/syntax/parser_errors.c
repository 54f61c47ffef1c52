/* Where and how the parser's errors are reported. The places are CPython's: see parser.h for the two passes. */
#include "syntax/parser.h"

#include "base/utf8.h"
#include "object/thread.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Characters in the first `bytes` bytes; a character that is cut off counts. */
static int characters(const char *text, size_t length, int bytes) {
    int count = 0;
    size_t end = bytes < 0 ? 0 : (size_t)bytes;
    if (end > length + 1)
        end = length + 1;
    for (size_t i = 0; i < end; i++)
        count += i >= length || ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static const char *find_line(Parser *p, int line, size_t *length) {
    const char *text = p->lexer.source;
    for (int i = 1; i < line; i++) {
        const char *newline = strchr(text, '\n');
        if (!newline)
            break;
        text = newline + 1;
    }
    *length = strcspn(text, "\n");
    return text;
}

/* Columns in bytes from 1. */
static void *report(Parser *p, SyntaxErrorKind kind, int line, int column, int end_line, int end_column,
                    const char *message) {
    p->failed = true;
    const Lexer *lexer = &p->lexer;
    if (end_line == CURRENT_POSITION)
        end_line = lexer->line;
    if (end_column == CURRENT_POSITION)
        end_column = (int)(lexer->cursor - lexer->line_start);
    const char *text;
    size_t length;
    Value from_file = p->mode == PARSE_EXEC ? program_text(p->t, p->filename, line) : NONE;
    if (is_str(from_file) && (text = str_utf8(p->t, from_file, &length))) {
        /* the file itself */
    } else if (lexer->line <= line && lexer->line_end > lexer->line_start) {
        text = lexer->line_start;
        length = (size_t)(lexer->line_end - lexer->line_start);
    } else {
        text = find_line(p, line, &length);
    }
    column = characters(text, length, column);
    if (end_column > 0)
        end_column = characters(text, length, end_column);
    syntax_error_set(p->t, kind, message, p->filename, line, column, text, length, end_line, end_column);
    return nullptr;
}

#define FORMAT_MESSAGE(message, format)                      \
    char message[512];                                       \
    do {                                                     \
        va_list arguments;                                   \
        va_start(arguments, format);                         \
        vsnprintf(message, sizeof message, format, arguments); \
        va_end(arguments);                                   \
    } while (0)

static int one_based(int column) {
    return column == CURRENT_POSITION ? column : column + 1;
}

void *raise_at(Parser *p, SyntaxErrorKind kind, int line, int column, int end_line, int end_column,
               const char *format, ...) {
    if (p->failed)
        return nullptr;
    FORMAT_MESSAGE(message, format);
    return report(p, kind, line, one_based(column), end_line, one_based(end_column), message);
}

static void *raise_token(Parser *p, SyntaxErrorKind kind, const Token *token, const char *message) {
    int column = token->pos.column + 1;
    int end_column = token->pos.end_column == -1 ? -1 : token->pos.end_column + 1;
    if (token->pos.column == -1)
        column = p->lexer.cursor == p->lexer.buffer ? 0 : (int)(p->lexer.cursor - p->lexer.line_start);
    return report(p, kind, token->pos.line, column, token->pos.end_line, end_column, message);
}

void *raise_last(Parser *p, SyntaxErrorKind kind, const char *format, ...) {
    if (p->failed)
        return nullptr;
    FORMAT_MESSAGE(message, format);
    if (!p->fill)
        return report(p, kind, 0, 0, 0, -1, message);
    return raise_token(p, kind, p->tokens[p->fill - 1], message);
}

void *raise_next(Parser *p, const char *format, ...) {
    peek(p);
    if (p->failed)
        return nullptr;
    FORMAT_MESSAGE(message, format);
    return raise_token(p, SYNTAX_ERROR, p->tokens[p->mark], message);
}

void *raise_on(Parser *p, Position pos, const char *format, ...) {
    if (p->failed)
        return nullptr;
    FORMAT_MESSAGE(message, format);
    return report(p, SYNTAX_ERROR, pos.line, pos.column + 1, pos.end_line, pos.end_column + 1, message);
}

void *raise_range(Parser *p, Position first, Position last, const char *format, ...) {
    if (p->failed)
        return nullptr;
    FORMAT_MESSAGE(message, format);
    return report(p, SYNTAX_ERROR, first.line, first.column + 1, last.end_line, last.end_column + 1, message);
}

void *raise_from(Parser *p, Position pos, const char *format, ...) {
    if (p->failed)
        return nullptr;
    FORMAT_MESSAGE(message, format);
    return report(p, SYNTAX_ERROR, pos.line, pos.column + 1, CURRENT_POSITION, CURRENT_POSITION, message);
}

bool check_version(Parser *p, int minor, const char *what) {
    if (p->feature_version >= minor)
        return true;
    raise_syntax(p, "%s only supported in Python 3.%d and greater", what, minor);
    return false;
}

/* What the lexer says. */

static void raise_unclosed(Parser *p) {
    const Lexer *lexer = &p->lexer;
    int line = lexer->bracket_lines[lexer->level - 1];
    raise_at(p, SYNTAX_ERROR, line, lexer->bracket_columns[lexer->level - 1], line, -1, "'%c' was never closed",
             lexer->brackets[lexer->level - 1]);
}

static void raise_end_of_file(Parser *p) {
    if (p->lexer.level)
        raise_unclosed(p);
    else
        raise_syntax(p, "unexpected EOF while parsing");
}

void parser_lexer_error(Parser *p) {
    const Lexer *lexer = &p->lexer;
    if (error_pending(p->t)) {
        parser_failed(p);
        return;
    }
    int line = lexer->line;
    switch (lexer->state) {
    case LEXER_EOF: raise_end_of_file(p); break;
    case LEXER_DEDENT: raise_indentation(p, "unindent does not match any outer indentation level"); break;
    case LEXER_TAB_SPACE:
        raise_at(p, TAB_ERROR, line, 0, line, -1, "inconsistent use of tabs and spaces in indentation");
        break;
    case LEXER_TOO_DEEP: raise_at(p, INDENTATION_ERROR, line, 0, line, -1, "too many levels of indentation"); break;
    case LEXER_LINE_CONTINUED: {
        int column = (int)(lexer->cursor - lexer->buffer) - 1;
        raise_at(p, SYNTAX_ERROR, line, column < 0 ? 0 : column, line, -1,
                 "unexpected character after line continuation character");
        break;
    }
    default: raise_at(p, SYNTAX_ERROR, line, 0, line, -1, "unknown parsing error"); break;
    }
}

/* Lexes the rest of the source: an error there takes precedence over the pending one. */
void parser_check_rest(Parser *p) {
    if (p->lexer.interactive)
        return;
    Value old = error_take(p->t);
    int line = p->tokens[p->fill - 1]->pos.line;
    LexedToken token;
    do
        lexer_next(&p->lexer, &token);
    while (token.kind != TOKEN_ERROR && token.kind != TOKEN_ENDMARKER);
    const Lexer *lexer = &p->lexer;
    if (token.kind == TOKEN_ERROR && !error_pending(p->t) && lexer->level &&
        line > lexer->bracket_lines[lexer->level - 1]) {
        p->failed = false;
        raise_unclosed(p);
    }
    /* what follows an error in an f-string's expression does not hide it */
    if (!error_pending(p->t) || lexer->mode) {
        error_clear(p->t);
        error_restore(p->t, old);
    }
}

/* After the second pass: what it found, or else what the first one stopped at. */
void parser_final_error(Parser *p, const Token *last) {
    if (error_pending(p->t)) {
        if (p->lexer.state == LEXER_OK && error_matches(p->t, &SyntaxError_type))
            parser_check_rest(p);
        return;
    }
    p->failed = false;
    if (!last) {
        raise_syntax(p, "error at start before reading any input");
    } else if (last->kind == TOKEN_ERROR && p->lexer.state == LEXER_EOF) {
        raise_end_of_file(p);
    } else if (last->kind == TOKEN_INDENT || last->kind == TOKEN_DEDENT) {
        raise_indentation(p, last->kind == TOKEN_INDENT ? "unexpected indent" : "unexpected unindent");
    } else {
        raise_on(p, last->pos, "invalid syntax");
        parser_check_rest(p);
    }
}

/* What `traceback` needs to suggest keywords: the last complete statement's place and the source. */
void parser_add_metadata(Parser *p) {
    if (!error_matches(p->t, &SyntaxError_type))
        return;
    Value error = error_take(p->t);
    Value source = str_from_utf8(p->t, p->lexer.source, (size_t)(p->lexer.source_end - p->lexer.source));
    if (absent(source)) {
        error_clear(p->t);
        source = NONE;
    }
    Value metadata = tuple_pack(p->t, 3, small_int(p->last_statement.line), small_int(p->last_statement.column), source);
    if (present(metadata))
        store(as_object(error), &((SyntaxErrorObject *)as_object(error))->metadata, metadata);
    error_restore(p->t, error);
}

/* Targets. */

const char *expr_kind_name(const Expr *e) {
    switch (e->kind) {
    case EXPR_Attribute: return "attribute";
    case EXPR_Subscript: return "subscript";
    case EXPR_Starred: return "starred";
    case EXPR_Name: return "name";
    case EXPR_List: return "list";
    case EXPR_Tuple: return "tuple";
    case EXPR_Lambda: return "lambda";
    case EXPR_Call: return "function call";
    case EXPR_BoolOp:
    case EXPR_BinOp:
    case EXPR_UnaryOp: return "expression";
    case EXPR_GeneratorExp: return "generator expression";
    case EXPR_Yield:
    case EXPR_YieldFrom: return "yield expression";
    case EXPR_Await: return "await expression";
    case EXPR_ListComp: return "list comprehension";
    case EXPR_SetComp: return "set comprehension";
    case EXPR_DictComp: return "dict comprehension";
    case EXPR_Dict: return "dict literal";
    case EXPR_Set: return "set display";
    case EXPR_JoinedStr:
    case EXPR_FormattedValue: return "f-string expression";
    case EXPR_TemplateStr:
    case EXPR_Interpolation: return "t-string expression";
    case EXPR_Compare: return "comparison";
    case EXPR_IfExp: return "conditional expression";
    case EXPR_NamedExpr: return "named expression";
    case EXPR_Constant:
        if (is_none(e->Constant.value))
            return "None";
        if (same(e->Constant.value, TRUE))
            return "True";
        if (same(e->Constant.value, FALSE))
            return "False";
        return same(e->Constant.value, ELLIPSIS) ? "ellipsis" : "literal";
    default: return "expression";
    }
}

/* The innermost part of `e` that cannot be a target, or NULL. */
Expr *invalid_target(Expr *e, TargetKind kind) {
    switch (e->kind) {
    case EXPR_List:
    case EXPR_Tuple:
        for (int i = 0; i < e->List.elts.count; i++) {
            Expr *child = invalid_target(e->List.elts.items[i], kind);
            if (child)
                return child;
        }
        return nullptr;
    case EXPR_Starred: return kind == TARGETS_DEL ? e : invalid_target(e->Starred.value, kind);
    case EXPR_Compare:
        if (kind != TARGETS_FOR)
            return e;
        return e->Compare.ops.items[0] == CMPOP_In ? invalid_target(e->Compare.left, kind) : nullptr;
    case EXPR_Name:
    case EXPR_Subscript:
    case EXPR_Attribute: return nullptr;
    default: return e;
    }
}

void *raise_invalid_target(Parser *p, TargetKind kind, Expr *e) {
    Expr *bad = p->failed ? nullptr : invalid_target(e, kind);
    if (!bad)
        return nullptr;
    return raise_on(p, bad->pos, kind == TARGETS_DEL ? "cannot delete %s" : "cannot assign to %s", expr_kind_name(bad));
}
