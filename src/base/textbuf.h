// A growable buffer for building bytes or UTF-8 text outside the heap.
//
// Invariants: size <= capacity; data[0..size) is initialised. The first bytes live inside the struct, so small
// texts allocate nothing. A failed allocation sets `failed`, drops the text and makes every later call a
// no-op: build first, ask once at the end.
//
// Threading: a buffer belongs to one thread. It holds no references into the heap.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXTBUF_INLINE = 232 };

typedef struct TextBuf {
    char *data;
    size_t size, capacity;
    bool failed;
    char small[TEXTBUF_INLINE];
} TextBuf;

void textbuf_init(TextBuf *b);
void textbuf_free(TextBuf *b);
void textbuf_clear(TextBuf *b);

// Room for `more` further bytes; their start, or NULL when memory ran out. Add what was used to b->size.
char *textbuf_reserve(TextBuf *b, size_t more);

void textbuf_append(TextBuf *b, const void *bytes, size_t size);
void textbuf_fill(TextBuf *b, char c, size_t count);
void textbuf_text(TextBuf *b, const char *zero_terminated);
void textbuf_format(TextBuf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

// One character as UTF-8, a lone surrogate included.
void textbuf_char(TextBuf *b, uint32_t c);

static inline void textbuf_byte(TextBuf *b, char c) {
    if (b->size < b->capacity)
        b->data[b->size++] = c;
    else
        textbuf_append(b, &c, 1);
}

// The text with a zero byte after it (not counted); "" when it failed.
const char *textbuf_string(TextBuf *b);
