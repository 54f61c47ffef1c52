/* See errors.h. */
#include "syntax/errors.h"

#include "base/utf8.h"
#include "object/call.h"
#include "object/thread.h"
#include "syntax/lexer.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdarg.h>
#include <stdio.h>

Value decode_replacing(Thread *t, const char *text, size_t length) {
    Utf8Scan scan = utf8_scan((const uint8_t *)text, length);
    if (scan.valid == length)
        return str_from_utf8(t, text, length);
    StrBuilder builder = {};
    while (length) {
        scan = utf8_scan((const uint8_t *)text, length);
        if (scan.valid) {
            Value part = str_from_utf8(t, text, scan.valid);
            if (absent(part) || !str_builder_add(t, &builder, part))
                return NO_VALUE;
            text += scan.valid;
            length -= scan.valid;
            continue;
        }
        Utf8Error error = utf8_error((const uint8_t *)text, length);
        CHECK(str_builder_add_char(t, &builder, 0xFFFD));
        text += error.size;
        length -= error.size;
    }
    return str_builder_finish(t, &builder);
}

static Type *error_type(SyntaxErrorKind kind) {
    switch (kind) {
    case INDENTATION_ERROR: return &IndentationError_type;
    case TAB_ERROR: return &TabError_type;
    case INCOMPLETE_INPUT_ERROR: return &_IncompleteInputError_type;
    default: return &SyntaxError_type;
    }
}

void syntax_error_set_text(Thread *t, SyntaxErrorKind kind, const char *message, Value filename, int line, int offset,
                           Value text, int end_line, int end_offset) {
    Value message_str = decode_replacing(t, message, strlen(message));
    if (absent(message_str) || absent(text))
        return;
    Value place = tuple_pack(t, 6, present(filename) ? filename : NONE, small_int(line), small_int(offset), text,
                             end_line < 0 ? NONE : small_int(end_line), end_line < 0 ? NONE : small_int(end_offset));
    if (absent(place))
        return;
    raise_with_args(t, error_type(kind), 2, (Value[]){message_str, place});
}

void syntax_error_set(Thread *t, SyntaxErrorKind kind, const char *message, Value filename, int line, int offset,
                      const char *text, size_t text_length, int end_line, int end_offset) {
    Value text_str = text ? decode_replacing(t, text, text_length) : NONE;
    syntax_error_set_text(t, kind, message, filename, line, offset, text_str, end_line, end_offset);
}

void syntax_error_at(Thread *t, Value filename, int line, int column, int end_line, int end_column,
                     const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    Value text = program_text(t, filename, line);
    syntax_error_set_text(t, SYNTAX_ERROR, message, filename, line, column + 1, text, end_line, end_column + 1);
}

void syntax_error_located(Thread *t, Value filename, int line, int column, int end_line, int end_column,
                          const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    Value text = program_text(t, filename, line);
    Value message_str = decode_replacing(t, message, strlen(message));
    if (absent(message_str))
        return;
    raise_with_args(t, &SyntaxError_type, 1, (Value[]){message_str});
    if (!error_matches(t, &SyntaxError_type))
        return;
    Value error = error_take(t);
    SyntaxErrorObject *e = (SyntaxErrorObject *)as_object(error);
    Object *owner = as_object(error);
    store(owner, &e->filename, filename);
    store(owner, &e->lineno, small_int(line));
    store(owner, &e->offset, small_int(column + 1));
    store(owner, &e->end_lineno, small_int(end_line));
    store(owner, &e->end_offset, end_column < 0 ? NONE : small_int(end_column + 1));
    store(owner, &e->text, text);
    error_restore(t, error);
}

bool warn_explicit(Thread *t, Type *category, const char *message, Value filename, int line) {
    Value name = str_intern_text(t, "_warnings");
    if (absent(name) || absent(t->isolate->modules))
        return present(name);
    Value module = dict_get(t, t->isolate->modules, name);
    if (absent(module))
        return !error_pending(t); /* too early in start-up for warnings */
    Value function = get_attribute_text(t, module, "warn_explicit");
    Value text = str_from_text(t, message);
    if (absent(function) || absent(text))
        return false;
    Value arguments[] = {NO_VALUE, text, from_object(category), filename, small_int(line)};
    return present(call(t, function, arguments + 1, 4, NO_VALUE));
}

bool syntax_warn(Lexer *lexer, const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (warn_explicit(lexer->t, &SyntaxWarning_type, message, lexer->filename, lexer->line))
        return true;
    if (error_catch(lexer->t, &SyntaxWarning_type))
        lexer_error(lexer, "%s", message);
    lexer->state = LEXER_RAISED;
    return false;
}

bool syntax_warn_escape(Lexer *lexer, int c) {
    char message[256];
    snprintf(message, sizeof message,
             "\"\\%c\" is an invalid escape sequence. Such sequences will not work in the future. "
             "Did you mean \"\\\\%c\"? A raw string is also an option.",
             c, c);
    if (warn_explicit(lexer->t, &SyntaxWarning_type, message, lexer->filename, lexer->line))
        return true;
    if (error_catch(lexer->t, &SyntaxWarning_type))
        lexer_error(lexer, "\"\\%c\" is an invalid escape sequence. Did you mean \"\\\\%c\"? A raw string is also an "
                           "option.",
                    c, c);
    lexer->state = LEXER_RAISED;
    return false;
}
