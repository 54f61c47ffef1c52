/* String atoms: adjacent literals joined, f-strings (PEP 701) and t-strings (PEP 750). */
#include "syntax/parser.h"

#include "types/bytes.h"
#include "types/str/str.h"

#include <string.h>


static bool is_template_start(const Token *start) {
    return start->kind == TOKEN_TSTRING_START;
}

static bool is_raw_start(const Token *start) {
    return memchr(start->start, 'r', 2) || memchr(start->start, 'R', 2);
}

/* The text of a field, comments taken out. */
static Value field_text(Parser *p, const Token *token) {
    const char *s = token->expression;
    size_t length = (size_t)token->expression_length;
    if (!s || !memchr(s, '#', length))
        return keep_text(p, s ? s : "", s ? length : 0);
    char *to = parser_alloc(p, length + 1);
    if (p->failed)
        return NO_VALUE;
    size_t n = 0;
    char quote = 0;
    for (size_t i = 0; i < length; i++) {
        char c = s[i];
        if (quote) {
            if (c == '\\' && i + 1 < length)
                to[n++] = s[i++];
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '#') {
            while (i < length && s[i] != '\n')
                i++;
            if (i == length)
                break;
        }
        to[n++] = s[i];
    }
    return keep_text(p, to, n);
}

/* The same without the `=` of `{x=}` and blanks and line continuations behind it: what an Interpolation keeps. */
static Value without_equal(Parser *p, Value text) {
    if (p->failed)
        return NO_VALUE;
    size_t length = str_length(text);
    const void *data = str_data(p->t, text);
    while (length) {
        uint32_t c = str_char(data, str_kind(text), length - 1);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != '\\')
            break;
        length--;
    }
    if (length && str_char(data, str_kind(text), length - 1) == '=')
        length--;
    return keep_value(p, str_slice(p->t, text, 0, length));
}

/* fstring_conversion: '!' NAME. -1 if there is none; the name in `*name`. */
static int conversion(Parser *p, char letter, Token **name) {
    int start = p->mark;
    Token *mark = accept(p, TOKEN_EXCLAMATION);
    if (!mark)
        return -1;
    *name = accept(p, TOKEN_NAME);
    if (!*name) {
        p->mark = start;
        return -1;
    }
    Position pos = (*name)->pos;
    if (mark->pos.line != pos.line || mark->pos.end_column != pos.column) {
        raise_range(p, mark->pos, pos, "%c-string: conversion type must come right after the exclamation mark",
                    letter);
        return -1;
    }
    const Identifier *text = (*name)->name;
    char c = text->text[0];
    if (text->length == 1 && (c == 's' || c == 'r' || c == 'a'))
        return c;
    raise_on(p, pos, "%c-string: invalid conversion character '%.*s': expected 's', 'r', or 'a'", letter, text->length,
             text->text);
    return -1;
}

static bool is_empty_text(const Expr *e) {
    return e->kind == EXPR_Constant && is_str(e->Constant.value) && str_length(e->Constant.value) == 0;
}

static bool replacement_field(Parser *p, const Token *string, bool in_format_spec, Items *parts);

static Expr *literal(Parser *p, const Token *string, Token *token, Token *place) {
    const char *text = token->start;
    size_t length = (size_t)(token->end - token->start);
    Value value = is_raw_start(string) ? keep_text(p, text, length) : decode_escapes(p, text, length, token, place);
    return p->failed ? nullptr : new_constant(p, value, token->pos);
}

static bool at_middle(Parser *p, const Token *string) {
    return at(p, is_template_start(string) ? TOKEN_TSTRING_MIDDLE : TOKEN_FSTRING_MIDDLE);
}

static ExprSeq join(Parser *p, ExprSeq parts);

/* fstring_full_format_spec: ':' (FSTRING_MIDDLE | fstring_replacement_field)* */
static Expr *format_spec(Parser *p, const Token *string) {
    int start = p->mark;
    if (!accept(p, TOKEN_COLON))
        return nullptr;
    Items parts = {};
    for (;;) {
        if (at_middle(p, string)) {
            Token *token = p->tokens[p->mark++];
            items_add(p, &parts, literal(p, string, token, token));
        } else if (!replacement_field(p, string, true, &parts)) {
            break;
        }
    }
    if (p->failed)
        return nullptr;
    Items full = {};
    for (int i = 0; i < parts.count; i++)
        if (!is_empty_text(parts.items[i]))
            items_add(p, &full, parts.items[i]);
    Expr *e = expr_from(p, EXPR_JoinedStr, start);
    ExprSeq values = expr_seq(full);
    bool single = values.count == 0 || (values.count == 1 && values.items[0]->kind == EXPR_Constant);
    e->JoinedStr.values = single ? values : join(p, values);
    return e;
}

static Expr *field_node(Parser *p, bool is_template, Expr *value, int conversion, Expr *spec, Value text, int start) {
    if (!is_template) {
        Expr *e = expr_from(p, EXPR_FormattedValue, start);
        e->FormattedValue.value = value;
        e->FormattedValue.conversion = conversion;
        e->FormattedValue.format_spec = spec;
        return e;
    }
    Expr *e = expr_from(p, EXPR_Interpolation, start);
    e->Interpolation.value = value;
    e->Interpolation.str = text;
    e->Interpolation.conversion = conversion;
    e->Interpolation.format_spec = spec;
    return e;
}

/* fstring_replacement_field: '{' annotated_rhs ['='] [fstring_conversion] [fstring_full_format_spec] '}'
 * Adds one node, or two for `{x=}`. */
static bool replacement_field(Parser *p, const Token *string, bool in_format_spec, Items *parts) {
    int start = p->mark;
    bool is_template = is_template_start(string);
    char letter = is_template ? 't' : 'f';
    if (!accept(p, TOKEN_LBRACE))
        return false;
    Expr *value = parser_enter(p) ? annotated_rhs(p) : nullptr;
    parser_leave(p);
    if (value) {
        bool debug = accept(p, TOKEN_EQUAL);
        int bang = p->mark;
        Token *name = nullptr;
        int converted = conversion(p, letter, &name);
        int colon = p->mark;
        Expr *spec = format_spec(p, string);
        Token *close = accept(p, TOKEN_RBRACE);
        if (close) {
            const Token *behind = name ? p->tokens[bang] : spec ? p->tokens[colon] : close;
            if (converted < 0 && debug && !spec)
                converted = 'r';
            Value text = debug || is_template ? field_text(p, behind) : NO_VALUE;
            Value source = debug && is_template ? without_equal(p, text) : text;
            Expr *e = field_node(p, is_template && !in_format_spec, value, converted, spec, source, start);
            if (debug) {
                Position pos = e->pos;
                pos.column++;
                if (name) {
                    pos.end_line = name->pos.line;
                    pos.end_column = name->pos.column;
                } else if (spec) {
                    pos.end_line = spec->pos.line;
                    pos.end_column = spec->pos.column + 1;
                }
                pos.end_column--;
                items_add(p, parts, new_constant(p, text, pos));
            }
            items_add(p, parts, e);
            return !p->failed;
        }
    }
    p->mark = start;
    if (p->invalid)
        invalid_replacement_field(p, letter);
    return false;
}

/* Decodes the literal parts, which are all there only when the string has ended: warnings name its end. `tokens`
 * has the token of each part that is one. */
static Items decode_literals(Parser *p, const Token *string, Items parts, Items tokens, Token *end) {
    Items result = {};
    for (int i = 0; i < parts.count && !p->failed; i++) {
        Expr *e = parts.items[i];
        if (tokens.items[i])
            e = literal(p, string, tokens.items[i], end);
        if (e && !(tokens.items[i] && is_empty_text(e)))
            items_add(p, &result, e);
    }
    return result;
}

/* fstring: FSTRING_START fstring_middle* FSTRING_END, and tstring likewise */
static Expr *formatted_string(Parser *p) {
    int start = p->mark;
    Token *string = p->tokens[p->mark++];
    bool is_template = is_template_start(string);
    Items parts = {}, tokens = {};
    for (;;) {
        if (at_middle(p, string)) {
            items_add(p, &parts, nullptr);
            items_add(p, &tokens, p->tokens[p->mark++]);
        } else if (!replacement_field(p, string, false, &parts)) {
            break;
        }
        while (tokens.count < parts.count && !p->failed)
            items_add(p, &tokens, nullptr);
    }
    Token *end = accept(p, is_template ? TOKEN_TSTRING_END : TOKEN_FSTRING_END);
    if (!end)
        return fail_at(p, start);
    if (is_template && !check_version(p, 14, "t-strings are"))
        return nullptr;
    Expr *e = expr_from(p, is_template ? EXPR_TemplateStr : EXPR_JoinedStr, start);
    e->JoinedStr.values = expr_seq(decode_literals(p, string, parts, tokens, end));
    return p->failed ? nullptr : e;
}

static Expr *plain_string(Parser *p) {
    Token *token = p->tokens[p->mark++];
    bool is_bytes;
    Value value = decode_string_literal(p, token, &is_bytes);
    if (p->failed)
        return nullptr;
    Expr *e = new_constant(p, value, token->pos);
    if (*token->start == 'u' || *token->start == 'U') {
        Identifier *u = find_identifier(p, "u", 1);
        e->Constant.kind = u ? identifier_value(p, u) : NO_VALUE;
    }
    return e;
}

/* Joins constants that stand side by side and drops empty ones. */
static ExprSeq join(Parser *p, ExprSeq parts) {
    Items flat = {}, joined = {};
    for (int i = 0; i < parts.count; i++) {
        Expr *e = parts.items[i];
        if (e->kind != EXPR_JoinedStr && e->kind != EXPR_TemplateStr) {
            items_add(p, &flat, e);
            continue;
        }
        for (int j = 0; j < e->JoinedStr.values.count; j++)
            items_add(p, &flat, e->JoinedStr.values.items[j]);
    }
    for (int i = 0; i < flat.count && !p->failed;) {
        Expr *first = flat.items[i++];
        if (first->kind != EXPR_Constant) {
            items_add(p, &joined, first);
            continue;
        }
        if (i < flat.count && ((Expr *)flat.items[i])->kind == EXPR_Constant) {
            StrBuilder builder = {};
            Expr *last = first;
            bool ok = str_builder_add(p->t, &builder, first->Constant.value);
            for (; ok && i < flat.count && ((Expr *)flat.items[i])->kind == EXPR_Constant; i++) {
                last = flat.items[i];
                ok = str_builder_add(p->t, &builder, last->Constant.value);
            }
            Value text = keep_value(p, ok ? str_builder_finish(p->t, &builder) : NO_VALUE);
            Value kind = first->Constant.kind;
            first = new_constant(p, text, cover(first->pos, last->pos));
            first->Constant.kind = kind;
        }
        if (!p->failed && !is_empty_text(first))
            items_add(p, &joined, first);
    }
    return expr_seq(joined);
}

static Expr *concatenate_bytes(Parser *p, ExprSeq parts, Position pos) {
    size_t size = 0;
    for (int i = 0; i < parts.count; i++)
        size += as_bytes(parts.items[i]->Constant.value)->length;
    char *data = parser_alloc(p, size + 1);
    if (p->failed)
        return nullptr;
    char *to = data;
    for (int i = 0; i < parts.count; i++) {
        BytesObject *bytes = as_bytes(parts.items[i]->Constant.value);
        memcpy(to, bytes->data, bytes->length);
        to += bytes->length;
    }
    return new_constant(p, keep_value(p, bytes_new(p->t, data, size)), pos);
}

static Expr *concatenate_str(Parser *p, ExprSeq parts, Position pos) {
    StrBuilder builder = {};
    for (int i = 0; i < parts.count; i++)
        if (!str_builder_add(p->t, &builder, parts.items[i]->Constant.value))
            return parser_failed(p);
    Expr *e = new_constant(p, keep_value(p, str_builder_finish(p->t, &builder)), pos);
    e->Constant.kind = parts.items[0]->Constant.kind;
    return e;
}

static Expr *concatenate(Parser *p, ExprSeq parts, int start) {
    bool text = false, bytes = false, formatted = false, templates = false;
    for (int i = 0; i < parts.count; i++) {
        Expr *e = parts.items[i];
        bytes = bytes || (e->kind == EXPR_Constant && is_bytes(e->Constant.value));
        text = text || (e->kind == EXPR_Constant && is_str(e->Constant.value));
        formatted = formatted || e->kind == EXPR_JoinedStr;
        templates = templates || e->kind == EXPR_TemplateStr;
    }
    if ((text || formatted) && bytes)
        return raise_syntax(p, "cannot mix bytes and nonbytes literals");
    if (!formatted && !templates && parts.count == 1)
        return parts.items[0];
    Position pos = span(p, start);
    if (bytes)
        return concatenate_bytes(p, parts, pos);
    if (text && !formatted)
        return concatenate_str(p, parts, pos);
    Expr *e = new_expr(p, templates ? EXPR_TemplateStr : EXPR_JoinedStr, pos);
    e->JoinedStr.values = join(p, parts);
    return e;
}

/* STRING | fstring, or tstring */
static Expr *string_part(Parser *p, bool template) {
    switch (peek(p)) {
    case TOKEN_STRING: return template ? nullptr : plain_string(p);
    case TOKEN_FSTRING_START: return template ? nullptr : formatted_string(p);
    case TOKEN_TSTRING_START: return template ? formatted_string(p) : nullptr;
    default: return nullptr;
    }
}

static Items string_parts(Parser *p, bool template) {
    Items parts = {};
    for (Expr *e; (e = string_part(p, template));)
        items_add(p, &parts, e);
    return parts;
}

/* (fstring | STRING)+ tstring, or tstring+ (fstring | STRING) */
static void invalid_concatenation(Parser *p) {
    int start = p->mark;
    for (int template = 0; template < 2; template++) {
        Items parts = string_parts(p, template);
        Expr *other = parts.count ? string_part(p, !template) : nullptr;
        if (other)
            raise_range(p, ((Expr *)parts.items[parts.count - 1])->pos, other->pos,
                        "cannot mix t-string literals with string or bytes literals");
        p->mark = start;
    }
}

static Expr *strings_rule(Parser *p) {
    int start = p->mark;
    if (p->invalid)
        invalid_concatenation(p);
    Items parts = string_parts(p, at(p, TOKEN_TSTRING_START));
    if (!parts.count || p->failed)
        return fail_at(p, start);
    Expr *e = concatenate(p, expr_seq(parts), start);
    return p->failed ? nullptr : e;
}

/* strings: invalid_string_tstring_concat | (fstring | STRING)+ | tstring+ */
Expr *strings(Parser *p) {
    return memoized(p, RULE_STRINGS, strings_rule);
}
