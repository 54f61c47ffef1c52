#include "base/textbuf.h"

#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    TextBuf b;
    textbuf_init(&b);
    assert(strcmp(textbuf_string(&b), "") == 0);
    for (int i = 0; i < 1000; i++) textbuf_byte(&b, (char)('a' + i % 26));
    textbuf_text(&b, "<end>");
    textbuf_format(&b, "%0500d", 7);
    textbuf_char(&b, 0x20ac);
    textbuf_fill(&b, '-', 3);
    assert(b.size == 1000 + 5 + 500 + 3 + 3 && !b.failed);
    assert(memcmp(b.data + 1000, "<end>0", 6) == 0);
    assert(strcmp(textbuf_string(&b) + 1504, "7\xe2\x82\xac---") == 0);
    textbuf_clear(&b);
    textbuf_append(&b, "xy", 2);
    assert(strcmp(textbuf_string(&b), "xy") == 0);
    textbuf_free(&b);

    assert(textbuf_reserve(&b, SIZE_MAX - 10) == NULL && b.failed);
    textbuf_byte(&b, 'x');
    textbuf_text(&b, "ignored");
    assert(b.size == 0 && strcmp(textbuf_string(&b), "") == 0);
    textbuf_free(&b);
    puts("textbuf: passed");
}
