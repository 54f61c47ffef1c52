// The growable buffer; see textbuf.h.

#include "base/textbuf.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void textbuf_init(TextBuf *b) {
    b->data = b->small;
    b->size = 0;
    b->capacity = TEXTBUF_INLINE;
    b->failed = false;
}

void textbuf_free(TextBuf *b) {
    if (b->data != b->small) free(b->data);
    textbuf_init(b);
}

void textbuf_clear(TextBuf *b) {
    b->size = 0;
}

static char *fail(TextBuf *b) {
    textbuf_free(b);
    b->failed = true;
    // Full for ever, so that the inline fast path also ends here.
    b->capacity = 0;
    return NULL;
}

char *textbuf_reserve(TextBuf *b, size_t more) {
    if (b->failed) return NULL;
    if (b->capacity - b->size >= more) return b->data + b->size;
    if (more > SIZE_MAX / 2 - b->capacity) return fail(b);
    size_t capacity = b->capacity + b->capacity / 2;
    if (capacity < b->size + more) capacity = b->size + more;
    char *data = b->data == b->small ? malloc(capacity) : realloc(b->data, capacity);
    if (!data) return fail(b);
    if (b->data == b->small) memcpy(data, b->small, b->size);
    b->data = data;
    b->capacity = capacity;
    return data + b->size;
}

void textbuf_append(TextBuf *b, const void *bytes, size_t size) {
    char *to = textbuf_reserve(b, size);
    if (!to || size == 0) return;
    memcpy(to, bytes, size);
    b->size += size;
}

void textbuf_fill(TextBuf *b, char c, size_t count) {
    char *to = textbuf_reserve(b, count);
    if (!to || count == 0) return;
    memset(to, c, count);
    b->size += count;
}

void textbuf_text(TextBuf *b, const char *zero_terminated) {
    textbuf_append(b, zero_terminated, strlen(zero_terminated));
}

void textbuf_format(TextBuf *b, const char *format, ...) {
    for (size_t room = 64;;) {
        char *to = textbuf_reserve(b, room);
        if (!to) return;
        va_list arguments;
        va_start(arguments, format);
        int size = vsnprintf(to, room, format, arguments);
        va_end(arguments);
        if (size < 0) {
            fail(b);
            return;
        }
        if ((size_t)size < room) {
            b->size += (size_t)size;
            return;
        }
        room = (size_t)size + 1;
    }
}

void textbuf_char(TextBuf *b, uint32_t c) {
    uint8_t *to = (uint8_t *)textbuf_reserve(b, 4);
    if (to) b->size += (size_t)(utf8_put(to, c) - to);
}

const char *textbuf_string(TextBuf *b) {
    char *to = textbuf_reserve(b, 1);
    if (!to) return "";
    *to = 0;
    return b->data;
}
