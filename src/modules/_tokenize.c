/* _tokenize: the lexer as an iterator of (type, string, start, end, line).
 *
 * Lines are read as the lexer comes to them, since callers count on what readline() has given so far. The lines are
 * kept in one bytes object with room to grow, which the lexer points into (cells do not move).
 * Threads: a step holds the iterator's lock, others wait. readline(), which runs within a step, may not ask for another. */
#include "object/owned_lock.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "syntax/errors.h"
#include "syntax/lexer.h"
#include "object/type_internal.h"
#include "types/bytes.h"
#include "types/iterator.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <string.h>

typedef struct TokenizerIter {
    Object object;
    Value readline, encoding; /* encoding: str, or None when lines are str */
    Value source;             /* bytes: the lines so far, behind them what a new cell has, zeros; absent before the first token */
    Value filename;
    bool extra_tokens, done, implicit_newline;
    OwnedLock lock;
    Lexer lexer;
} TokenizerIter;

static void tokenizer_trace(Tracer *tracer, Object *o) {
    TokenizerIter *it = (TokenizerIter *)o;
    trace_value(tracer, it->readline);
    trace_value(tracer, it->encoding);
    trace_value(tracer, it->source);
    trace_value(tracer, it->filename);
}

static Value tokenizer_new(Thread *t, Value *args) {
    if (!is_none(args[2]) && !is_str(args[2]))
        return raise_type_error(t, "tokenizeriter() argument 'encoding' must be str, not %Y", args[2]);
    int extra = truth(t, args[3]);
    CHECK(extra >= 0);
    Value filename = TRY(str_from_text(t, "<string>"));
    TokenizerIter *it = type_allocate(t, as_type(args[0]));
    CHECK(it);
    it->readline = args[1];
    it->encoding = args[2];
    it->filename = filename;
    it->extra_tokens = extra;
    return from_object(it);
}

/* Calls readline(): UTF-8 text that stays while *line is alive. Length 0 at the end; NULL with an exception. */
static const char *next_line(Thread *t, TokenizerIter *it, Value *line, size_t *length) {
    *line = call_0(t, it->readline);
    *length = 0;
    if (absent(*line))
        return error_catch(t, &StopIteration_type) ? "" : NULL;
    if (!is_none(it->encoding)) {
        size_t n;
        const char *encoding = str_utf8(t, it->encoding, &n);
        if (!is_bytes(*line))
            raise_type_error(t, "readline() returned a non-bytes object");
        else if (encoding)
            *line = str_decode(t, as_bytes(*line)->data, as_bytes(*line)->length, encoding, "replace");
        if (error_pending(t))
            return NULL;
    } else if (!is_str(*line)) {
        raise_type_error(t, "readline() returned a non-string object");
        return NULL;
    }
    return str_utf8(t, *line, length);
}

/* The lexer's source moves to a larger bytes object, and with it all that points into it. */
static bool grow_source(Thread *t, TokenizerIter *it, size_t size) {
    Lexer *lexer = &it->lexer;
    const char *old = lexer->source;
    Value source = bytes_new(t, NULL, size);
    if (absent(source))
        return false;
    char *new = as_bytes(source)->data;
    memcpy(new, old, (size_t)(lexer->source_end - old));
    const char **pointers[] = {&lexer->source, &lexer->source_end, &lexer->buffer, &lexer->cursor, &lexer->line_end,
                               &lexer->line_start, &lexer->token_start, &lexer->string_line_start};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        if (*pointers[i])
            *pointers[i] = new + (*pointers[i] - old);
    for (int i = 0; i <= lexer->mode; i++) {
        StringMode *mode = &lexer->modes[i];
        const char **in_mode[] = {&mode->start, &mode->line_start, &mode->expression_start, &mode->expression_end};
        for (size_t k = 0; k < sizeof in_mode / sizeof *in_mode; k++)
            if (*in_mode[k])
                *in_mode[k] = new + (*in_mode[k] - old);
    }
    store(&it->object, &it->source, source);
    return true;
}

/* The lexer's hook: appends the next line to the source. */
static bool append_line(Lexer *lexer) {
    TokenizerIter *it = lexer->reader;
    Thread *t = lexer->t;
    Value line;
    size_t length, used = (size_t)(lexer->source_end - lexer->source);
    const char *text = next_line(t, it, &line, &length);
    if (text && length && used + length + 2 > as_bytes(it->source)->length &&
        !grow_source(t, it, 2 * (used + length) + 256))
        text = NULL;
    if (!text)
        lexer->state = LEXER_RAISED;
    if (!text || !length)
        return false;
    char *end = (char *)lexer->source_end;
    memcpy(end, text, length);
    keep_alive(as_object(line));
    if (end[length - 1] != '\n') {
        it->implicit_newline = true;
        end[length++] = '\n';
    }
    lexer->source_end = end + length;
    return true;
}

static bool start_lexer(Thread *t, TokenizerIter *it) {
    Value source = bytes_new(t, NULL, 256);
    if (absent(source))
        return false;
    store(&it->object, &it->source, source);
    lexer_init(&it->lexer, t, as_bytes(source)->data, 0, it->filename);
    it->lexer.extra_tokens = it->extra_tokens;
    it->lexer.read_line = append_line;
    it->lexer.reader = it;
    return true;
}

static Value lexer_failed(Thread *t, TokenizerIter *it) {
    Lexer *lexer = &it->lexer;
    if (error_pending(t))
        return NO_VALUE;
    SyntaxErrorKind kind = SYNTAX_ERROR;
    const char *message = "unknown tokenization error";
    int column = (int)(lexer->line_end - lexer->buffer);
    switch (lexer->state) {
    case LEXER_EOF: {
        const char *end = lexer->line_end;
        end -= end > lexer->buffer && end[-1] == '\n';
        bool continued = end > lexer->buffer && end[-1] == '\\';
        if (lexer->mode == 0 && !continued)
            column = 0; /* the end is the (empty) line after the last */
        syntax_error_located(t, it->filename, lexer->line, column - 1, lexer->line, -1,
                             "unexpected EOF in multi-line statement");
        return NO_VALUE;
    }
    case LEXER_DEDENT:
        kind = INDENTATION_ERROR;
        message = "unindent does not match any outer indentation level";
        break;
    case LEXER_TAB_SPACE:
        kind = TAB_ERROR;
        message = "inconsistent use of tabs and spaces in indentation";
        break;
    case LEXER_TOO_DEEP:
        kind = INDENTATION_ERROR;
        message = "too many levels of indentation";
        break;
    case LEXER_LINE_CONTINUED: message = "unexpected character after line continuation character"; break;
    default: break;
    }
    syntax_error_set(t, kind, message, it->filename, lexer->line, column, lexer->buffer,
                     strcspn(lexer->buffer, "\n"), -1, -1);
    return NO_VALUE;
}

static int64_t characters(const char *from, const char *to) {
    int64_t count = 0;
    for (; from < to; from++)
        count += ((unsigned char)*from & 0xC0) != 0x80;
    return count;
}

/* What a token's text is: line ends are normalized, an added one has none. */
static Value token_text(Thread *t, TokenizerIter *it, const LexedToken *token, bool last_line) {
    if (it->extra_tokens && (token->kind == TOKEN_NEWLINE || token->kind == TOKEN_NL)) {
        if (it->implicit_newline && last_line)
            return str_from_text(t, "");
        if (token->kind == TOKEN_NEWLINE)
            return str_from_text(t, token->start && *token->start == '\r' ? "\r\n" : "\n");
    }
    if (!token->start || !token->end)
        return str_from_text(t, "");
    return decode_replacing(t, token->start, (size_t)(token->end - token->start));
}

static Value make_tuple(Thread *t, TokenizerIter *it, const LexedToken *token) {
    Lexer *lexer = &it->lexer;
    TokenKind kind = token->kind;
    bool trailing = kind == TOKEN_ENDMARKER || (kind == TOKEN_DEDENT && lexer->state == LEXER_EOF);
    bool string = kind == TOKEN_STRING || (kind >= TOKEN_FSTRING_START && kind <= TOKEN_TSTRING_END);
    bool last_line = lexer->line_end == lexer->source_end;
    const char *line_start = string ? lexer->string_line_start : lexer->line_start;
    int64_t line = string ? lexer->string_line : lexer->line, end_line = lexer->line;
    int64_t column = -1, end_column = -1;
    Value text = TRY(token_text(t, it, token, last_line));
    if (token->start && token->start >= line_start)
        column = characters(line_start, token->start);
    if (token->end && token->end >= lexer->line_start)
        end_column = characters(lexer->line_start, token->end);
    Value line_text;
    if (it->extra_tokens && trailing) {
        line_text = TRY(str_from_text(t, ""));
        line = end_line = line + 1;
        column = end_column = 0;
    } else {
        const char *end = lexer->line_end;
        if (it->implicit_newline && last_line && end > line_start)
            end--;
        line_text = TRY(decode_replacing(t, line_start, (size_t)(end - line_start)));
    }
    if (it->extra_tokens) {
        if (kind > TOKEN_DEDENT && kind < TOKEN_OP)
            kind = TOKEN_OP;
        else if (kind == TOKEN_NEWLINE)
            end_column++;
    }
    Value start = TRY(tuple_pack(t, 2, small_int(line), small_int(column)));
    Value end = TRY(tuple_pack(t, 2, small_int(end_line), small_int(end_column)));
    return tuple_pack(t, 5, small_int(kind), text, start, end, line_text);
}

static Value next_token(Thread *t, TokenizerIter *it) {
    if (it->lock.depth > 1)
        return raise_value_error(t, "tokenizer already executing");
    if (it->done)
        return NO_VALUE;
    if (absent(it->source) && !start_lexer(t, it))
        return NO_VALUE;
    it->lexer.t = t;
    LexedToken token;
    lexer_next(&it->lexer, &token);
    if (token.kind == TOKEN_ERROR) {
        it->done = true;
        return lexer_failed(t, it);
    }
    it->done = token.kind == TOKEN_ENDMARKER;
    return make_tuple(t, it, &token);
}

static Value tokenizer_next(Thread *t, Value self) {
    TokenizerIter *it = (TokenizerIter *)as_object(self);
    owned_lock_enter(t, &it->lock);
    Value token = next_token(t, it);
    owned_lock_leave(&it->lock);
    return token;
}

static const NativeDef tokenizer_methods[] = {
    {"__new__(type, /, readline, *, encoding=None, extra_tokens=False)", tokenizer_new, NULL, NATIVE_NO_SIGNATURE},
    GETATTRIBUTE_ROW,
    {"__iter__(self, /)", iterator_self, "Implement iter(self).", 0},
    {},
};

MODULE_TYPE(tokenizer_iter_type, _tokenize) = {
    STATIC_TYPE_HEAD(tokenizer_trace, NULL),
    .name_text = "_tokenize.TokenizerIter",
    .base_static = &object_type,
    .methods = tokenizer_methods,
    .next = tokenizer_next,
    .instance_size = sizeof(TokenizerIter),
};

static bool tokenize_init(Thread *t, Value module) {
    return module_add_type(t, module, &tokenizer_iter_type);
}

NATIVE_MODULE(_tokenize) = {
    .name = "_tokenize",
    .init = tokenize_init,
};
