/* binascii: quoted-printable (RFC 2045), and its variant for headers.
 *
 * Threads: pure functions.
 */
#include "modules/binascii/binascii.h"

#include "base/textbuf.h"

enum { LINE_MOST = 76 };

static int nibble(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static Value finish(Thread *t, TextBuf *out) {
    Value v = out->failed ? raise_no_memory(t) : bytes_new(t, out->data, out->size);
    textbuf_free(out);
    return v;
}

static Value a2b_qp(Thread *t, Value *args) {
    Buffer b;
    bool header;
    CHECK(as_bool(t, args[1], &header) && binascii_input(t, args[0], &b));
    TextBuf out;
    textbuf_init(&out);
    const char *s = b.data, *end = s + b.length;
    while (s < end) {
        if (*s == '_' && header) {
            textbuf_byte(&out, ' ');
            s++;
        } else if (*s != '=') {
            textbuf_byte(&out, *s++);
        } else if (++s >= end) {
            break;
        } else if (*s == '\n' || *s == '\r') { /* a soft line break */
            while (s < end && *s != '\n')
                s++;
            s += s < end;
        } else if (*s == '=') { /* broken case from broken Python qp */
            textbuf_byte(&out, '=');
            s++;
        } else if (s + 1 < end && nibble(s[0]) >= 0 && nibble(s[1]) >= 0) {
            textbuf_byte(&out, (char)(nibble(s[0]) << 4 | nibble(s[1])));
            s += 2;
        } else {
            textbuf_byte(&out, '=');
        }
    }
    binascii_release(t, &b);
    return finish(t, &out);
}

typedef struct Encoder {
    const uint8_t *data;
    size_t length;
    bool quote_tabs, is_text, header;
} Encoder;

static bool must_quote(const Encoder *e, size_t i, size_t column) {
    uint8_t c = e->data[i];
    bool last = i + 1 == e->length;
    if (c > 126 || c == '=' || (e->header && c == '_'))
        return true;
    if (c == '.' && column == 0 &&
        (last || e->data[i + 1] == '\n' || e->data[i + 1] == '\r' || e->data[i + 1] == 0))
        return true;
    if (!e->is_text && (c == '\r' || c == '\n'))
        return true;
    if ((c == '\t' || c == ' ') && last)
        return true;
    if (c < 33 && c != '\r' && c != '\n' && c != '\t' && c != ' ')
        return true;
    return c < 33 && c != '\r' && c != '\n' && (e->quote_tabs || (!e->quote_tabs && c != '\t' && c != ' '));
}

static void quote(TextBuf *out, uint8_t c) {
    textbuf_byte(out, '=');
    textbuf_byte(out, "0123456789ABCDEF"[c >> 4]);
    textbuf_byte(out, "0123456789ABCDEF"[c & 15]);
}

/* The line ends of the input are kept as the first of them is: "\r\n" or "\n". */
static void encode(const Encoder *e, TextBuf *out) {
    const uint8_t *first = memchr(e->data, '\n', e->length);
    bool crlf = first && first > e->data && first[-1] == '\r';
    size_t column = 0;
    for (size_t i = 0; i < e->length;) {
        uint8_t c = e->data[i];
        if (must_quote(e, i, column)) {
            if (column + 3 >= LINE_MOST) {
                textbuf_text(out, crlf ? "=\r\n" : "=\n");
                column = 0;
            }
            quote(out, c);
            column += 3;
            i++;
            continue;
        }
        bool line_end = e->is_text && (c == '\n' || (c == '\r' && i + 1 < e->length && e->data[i + 1] == '\n'));
        if (line_end) {
            column = 0;
            /* A blank before the end of a line would get lost. */
            if (out->size && (out->data[out->size - 1] == ' ' || out->data[out->size - 1] == '\t')) {
                uint8_t blank = (uint8_t)out->data[--out->size];
                quote(out, blank);
            }
            textbuf_text(out, crlf ? "\r\n" : "\n");
            i += c == '\r' ? 2 : 1;
            continue;
        }
        if (i + 1 < e->length && e->data[i + 1] != '\n' && column + 1 >= LINE_MOST) {
            textbuf_text(out, crlf ? "=\r\n" : "=\n");
            column = 0;
        }
        column++;
        textbuf_byte(out, e->header && c == ' ' ? '_' : (char)c);
        i++;
    }
}

static Value b2a_qp(Thread *t, Value *args) {
    Buffer b;
    Encoder e;
    CHECK(as_bool(t, args[1], &e.quote_tabs) && as_bool(t, args[2], &e.is_text) && as_bool(t, args[3], &e.header) &&
          buffer_get_contiguous(t, args[0], &b, false));
    e.data = (const uint8_t *)b.data;
    e.length = b.length;
    TextBuf out;
    textbuf_init(&out);
    encode(&e, &out);
    buffer_release(t, &b);
    return finish(t, &out);
}

const NativeDef binascii_quoted_functions[] = {
    {"a2b_qp(data, header=False)", a2b_qp, "Quoted-printable text as bytes."},
    {"b2a_qp(data, quotetabs=False, istext=True, header=False)", b2a_qp, "Bytes as quoted-printable text."},
    {NULL, NULL, NULL, 0},
};
