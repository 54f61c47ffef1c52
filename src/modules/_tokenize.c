/* _tokenize: the lexer as an iterator of (type, string, start, end, line).
 *
 * All lines are read when the first token is asked for; the source is kept as one bytes object, which the lexer
 * points into (cells do not move).
 * Threads: an iterator is for one thread, as CPython's is for one at a time. */
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "syntax/errors.h"
#include "syntax/lexer.h"
#include "types/bytes.h"
#include "types/iterator.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include "base/textbuf.h"

#include <string.h>

typedef struct TokenizerIter {
    Object object;
    Value readline, encoding; /* encoding: str, or None when lines are str */
    Value source;             /* bytes, absent before the first token */
    Value filename;
    bool extra_tokens, done, implicit_newline;
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
        return raise_type_error(t, "tokenizeriter() argument 'encoding' must be str, not %T", args[2]);
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

/* Appends one line; false at the end, or with an exception. */
static bool add_line(Thread *t, TokenizerIter *it, TextBuf *b) {
    Value line = call_0(t, it->readline);
    if (absent(line)) {
        error_catch(t, &StopIteration_type);
        return false;
    }
    if (!is_none(it->encoding)) {
        size_t n;
        const char *encoding = str_utf8(t, it->encoding, &n);
        if (!is_bytes(line))
            raise_type_error(t, "readline() returned a non-bytes object");
        else if (encoding)
            line = str_decode(t, as_bytes(line)->data, as_bytes(line)->length, encoding, "replace");
        if (error_pending(t))
            return false;
    } else if (!is_str(line)) {
        raise_type_error(t, "readline() returned a non-string object");
        return false;
    }
    size_t length;
    const char *text = str_utf8(t, line, &length);
    if (!text || !length)
        return false;
    textbuf_append(b, text, length);
    return true;
}

static bool read_source(Thread *t, TokenizerIter *it) {
    TextBuf b;
    textbuf_init(&b);
    while (add_line(t, it, &b))
        ;
    if (!error_pending(t)) {
        it->implicit_newline = b.size && b.data[b.size - 1] != '\n';
        if (it->implicit_newline)
            textbuf_byte(&b, '\n');
        Value source = b.failed ? raise_no_memory(t) : bytes_new(t, textbuf_string(&b), b.size);
        if (present(source)) {
            store(&it->object, &it->source, source);
            lexer_init(&it->lexer, t, as_bytes(source)->data, as_bytes(source)->length, it->filename);
            it->lexer.extra_tokens = it->extra_tokens;
        }
    }
    textbuf_free(&b);
    return !error_pending(t);
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

static Value tokenizer_next(Thread *t, Value self) {
    TokenizerIter *it = (TokenizerIter *)as_object(self);
    if (it->done)
        return NO_VALUE;
    if (absent(it->source) && !read_source(t, it))
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

static const NativeDef tokenizer_methods[] = {
    {"__new__(type, /, readline, *, encoding=None, extra_tokens=False)", tokenizer_new, NULL, 0},
    {"__iter__(self, /)", iterator_self, "Implement iter(self).", 0},
    {},
};

STATIC_TYPE(tokenizer_iter_type) = {
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
