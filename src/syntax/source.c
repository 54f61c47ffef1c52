/* See source.h. */
#include "syntax/source.h"

#include "base/utf8.h"
#include "object/call.h"
#include "object/thread.h"
#include "syntax/errors.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdio.h>
#include <string.h>

enum { ENCODING_MAX = 64 };

typedef struct Cookie {
    char name[ENCODING_MAX]; /* normalized; "" if there is none */
    const char *line;
    size_t line_length;
} Cookie;

static bool is_name_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
}

/* "utf-8" and "iso-8859-1" for the spellings of those two, the name itself for all others. */
static void normalize_encoding(const char *name, size_t length, char *result) {
    char lower[13];
    size_t n = length < 12 ? length : 12;
    for (size_t i = 0; i < n; i++)
        lower[i] = name[i] == '_' ? '-' : (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    lower[n] = 0;
    static const struct {
        const char *alias;
        const char *name;
    } known[] = {
        {"utf-8", "utf-8"},
        {"latin-1", "iso-8859-1"},
        {"iso-8859-1", "iso-8859-1"},
        {"iso-latin-1", "iso-8859-1"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t alias = strlen(known[i].alias);
        if (strncmp(lower, known[i].alias, alias) == 0 && (lower[alias] == 0 || lower[alias] == '-')) {
            strcpy(result, known[i].name);
            return;
        }
    }
    n = length < ENCODING_MAX - 1 ? length : ENCODING_MAX - 1;
    memcpy(result, name, n);
    result[n] = 0;
}

/* Looks for a coding comment in one line. True if the next line may have one too. */
static bool read_cookie(const char *line, size_t length, Cookie *cookie) {
    size_t i = 0;
    while (i < length && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f'))
        i++;
    if (i == length)
        return true;
    if (line[i] != '#')
        return false;
    for (; i + 6 < length; i++) {
        if (memcmp(line + i, "coding", 6) != 0)
            continue;
        size_t start = i + 6;
        if (line[start] != ':' && line[start] != '=')
            continue;
        do
            start++;
        while (start < length && (line[start] == ' ' || line[start] == '\t'));
        size_t end = start;
        while (end < length && is_name_character(line[end]))
            end++;
        if (start == end)
            continue;
        normalize_encoding(line + start, end - start, cookie->name);
        cookie->line = line;
        cookie->line_length = length;
        return false;
    }
    return true;
}

static void find_cookie(const char *text, size_t length, Cookie *cookie) {
    for (int line = 0; line < 2; line++) {
        const char *newline = memchr(text, '\n', length);
        size_t line_length = newline ? (size_t)(newline - text) : length;
        if (!read_cookie(text, line_length, cookie) || !newline)
            return;
        text += line_length + 1;
        length -= line_length + 1;
    }
}

static char *translate_newlines(Arena *arena, const char *bytes, size_t length, bool add_last, size_t *result_length) {
    char *text = arena_alloc(arena, length + 2);
    if (!text)
        return nullptr;
    char *to = text;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '\r') {
            if (i + 1 < length && bytes[i + 1] == '\n')
                i++;
            c = '\n';
        }
        *to++ = c;
    }
    if (add_last && (to == text || to[-1] != '\n'))
        *to++ = '\n';
    *to = 0;
    *result_length = (size_t)(to - text);
    return text;
}

static bool check_utf8(Thread *t, const Source *source, Value filename, int flags) {
    Utf8Scan scan = utf8_scan((const uint8_t *)source->text, source->length);
    /* A null byte on an earlier line is what the lexer will complain of. */
    const char *null = memchr(source->text, 0, scan.valid);
    if (scan.valid == source->length || (null && memchr(null, '\n', scan.valid - (size_t)(null - source->text))))
        return true;
    const char *bad = source->text + scan.valid;
    const char *line_start = bad;
    while (line_start > source->text && line_start[-1] != '\n')
        line_start--;
    int line = 1;
    for (const char *p = source->text; p < line_start; p++)
        line += *p == '\n';
    const char *newline = strchr(bad, '\n');
    size_t length = newline ? (size_t)(newline - line_start) : strlen(line_start);
    int column = (int)utf8_scan((const uint8_t *)line_start, (size_t)(bad - line_start)).length + 1;
    char message[512];
    size_t name_length = 0;
    const char *name = flags & PARSE_FROM_FILE && is_str(filename) ? str_utf8(t, filename, &name_length) : NULL;
    error_clear(t);
    char first = source->text[strspn(source->text, " \t\f")];
    if (name && line == 2 && first != '#' && first != '\n')
        line = 1; /* the reference counts the line after the first statement late */
    snprintf(message, sizeof message,
             "Non-UTF-8 code starting with '\\x%.2x'%s%.200s on line %d, but no encoding declared; "
             "see https://peps.python.org/pep-0263/ for details",
             (unsigned char)*bad, name ? " in file " : "", name ? name : "", line);
    syntax_error_set(t, SYNTAX_ERROR, message, filename, line, column, line_start, length, line, column);
    return false;
}

/* A codec's exception becomes a SyntaxError with its text. */
static void wrap_codec_error(Thread *t, Value filename) {
    if (!error_matches(t, &LookupError_type) && !error_matches(t, &ValueError_type) &&
        !error_matches(t, &SyntaxError_type))
        return;
    Value error = error_take(t);
    Value message = format_text(t, "%S", error);
    Value place = present(message) ? tuple_pack(t, 4, filename, small_int(0), small_int(-1), NONE) : NO_VALUE;
    if (present(place))
        raise_with_args(t, &SyntaxError_type, 2, (Value[]){message, place});
}

static bool decode_other(Thread *t, Source *source, const char *encoding, Value filename, Arena *arena) {
    Value text = str_decode(t, source->text, source->length, encoding, nullptr);
    if (absent(text)) {
        wrap_codec_error(t, filename);
        return false;
    }
    size_t length;
    const char *utf8 = str_utf8(t, text, &length);
    if (!utf8)
        return false;
    source->text = arena_copy(arena, utf8, length);
    source->length = length;
    if (!source->text)
        raise_no_memory(t);
    return source->text;
}

bool source_decode(Thread *t, const char *bytes, size_t length, Value filename, ParseMode mode, int flags,
                   Arena *arena, Source *source) {
    bool is_text = flags & PARSE_IGNORE_COOKIE;
    bool bom = !is_text && length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (bom) {
        bytes += 3;
        length -= 3;
    }
    source->text = translate_newlines(arena, bytes, length, mode == PARSE_EXEC, &source->length);
    if (!source->text) {
        raise_no_memory(t);
        return false;
    }
    Cookie cookie = {};
    if (!is_text)
        find_cookie(source->text, source->length, &cookie);
    bool other = cookie.name[0] && strcmp(cookie.name, "utf-8") != 0;
    if (other && bom) {
        char message[128];
        snprintf(message, sizeof message, "encoding problem: %s with BOM", cookie.name);
        int line = cookie.line == source->text ? 1 : 2;
        syntax_error_set(t, SYNTAX_ERROR, message, filename, line, 0, cookie.line, cookie.line_length, line,
                         (int)cookie.line_length);
        return false;
    }
    return other ? decode_other(t, source, cookie.name, filename, arena) : check_utf8(t, source, filename, flags);
}

static Value import_unicodedata(Thread *t) {
    return import_module(t, "unicodedata");
}

Value normalize_identifier(Thread *t, Value name) {
    Value module = TRY(import_unicodedata(t));
    Value form = TRY(str_from_text(t, "NFKC"));
    return call_2(t, TRY(get_attribute_text(t, module, "normalize")), form, name);
}

bool unicode_lookup_name(Thread *t, const char *name, size_t length, uint32_t *c) {
    Value module = import_unicodedata(t);
    Value lookup = present(module) ? get_attribute_text(t, module, "lookup") : NO_VALUE;
    Value text = present(lookup) ? str_from_utf8(t, name, length) : NO_VALUE;
    Value found = present(text) ? call_1(t, lookup, text) : NO_VALUE;
    if (absent(found)) {
        error_clear(t);
        return false;
    }
    if (!is_str(found) || str_length(found) != 1)
        return false; /* named sequences are not characters */
    *c = str_char(str_data(t, found), str_kind(found), 0);
    return true;
}
