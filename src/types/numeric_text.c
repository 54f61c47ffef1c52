/* The text of a number: what int, float and complex have in common when they read a str.
 *
 * Threads: pure functions.
 */
#include "types/numeric_text.h"

#include "object/operators.h"
#include "object/thread.h"
#include "types/str/str.h"
#include "types/str/unicode.h"

bool numeric_text(Thread *t, Value str, TextBuf *out) {
    const void *data = str_data(t, str);
    if (data == NULL)
        return false;
    size_t length = str_length(str);
    if (str_is_ascii(str)) {
        textbuf_append(out, data, length);
    } else {
        int kind = str_kind(str);
        for (size_t i = 0; i < length; i++) {
            uint32_t c = str_char(data, kind, i);
            int digit = c < 128 ? -1 : unicode_decimal(c);
            textbuf_byte(out, digit >= 0            ? (char)('0' + digit)
                              : c < 128             ? (char)c
                              : unicode_is_space(c) ? ' '
                                                    : '?');
        }
    }
    keep_alive(as_object(str));
    if (out->failed)
        raise_no_memory(t);
    return !out->failed;
}

Value numeric_excerpt(Thread *t, Value argument) {
    Value text = TRY(repr(t, argument));
    return str_length(text) > 200 ? str_slice(t, text, 0, 200) : text;
}

bool numeric_drop_underscores(const char *text, size_t length, TextBuf *out) {
    char previous = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool digit = c >= '0' && c <= '9';
        if (c == '_') {
            if (previous < '0' || previous > '9')
                return false;
        } else {
            if (previous == '_' && !digit)
                return false;
            textbuf_byte(out, c);
        }
        previous = c;
    }
    return previous != '_';
}
