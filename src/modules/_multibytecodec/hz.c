/* HZ (RFC 1843): GB 2312 in seven bits, between ~{ and ~}. state->c[0]: 1 in between.
 *
 * Threads: only constants and what the calling thread owns.
 */
#include "modules/_multibytecodec/multibyte.h"
#include "modules/_multibytecodec/stateful.h"

void hz_init(CodecState *state) { state->c[0] = 0; }

void hz_encode_reset(CodecState *state, TextBuf *out) {
    if (state->c[0])
        textbuf_append(out, "~}", 2);
    state->c[0] = 0;
}

/* After a tilde. false: not such a sequence. */
static bool decode_escape(CodecState *state, Decoder *d, uint8_t c, bool *ok) {
    *ok = true;
    if (state->c[0]) {
        if (c != '}')
            return false;
        state->c[0] = 0;
        return true;
    }
    if (c == '~')
        *ok = decoder_add(d, '~');
    else if (c == '{')
        state->c[0] = 1;
    else
        return c == '\n';
    return true;
}

int64_t hz_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at) {
    const MultibyteTable *m = codec_table(d->t, TABLE_GB2312);
    if (!m)
        return STEP_FAILED;
    for (size_t size; *at < d->length; *at += size) {
        const uint8_t *s = d->data + *at;
        bool ok = true, two = s[0] == '~' || (state->c[0] && s[0] < 0x80);
        size = 1 + two;
        if (two && d->length - *at < 2)
            return STEP_INCOMPLETE;
        if (s[0] == '~') {
            if (!decode_escape(state, d, s[1], &ok))
                return 1;
        } else if (s[0] >= 0x80) {
            return 1;
        } else if (!two) {
            ok = decoder_add(d, s[0]);
        } else {
            uint16_t value = s[1] < 0x80 ? plane_value(&m->planes[0], s[0] | 0x80u, s[1] | 0x80u) : 0;
            if (!value)
                return 1;
            ok = decoder_add_value(m, d, value);
        }
        if (!ok)
            return STEP_FAILED;
    }
    return STEP_DONE;
}

int64_t hz_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags) {
    const MultibyteTable *m = codec_table(e->t, TABLE_GB2312);
    if (!m)
        return STEP_FAILED;
    for (; *at < e->c.length; ++*at) {
        uint32_t c = chars_get(&e->c, *at);
        if (c < 0x80) {
            hz_encode_reset(state, &e->out);
            textbuf_append(&e->out, (char[]){(char)c, '~'}, 1 + (c == '~'));
            continue;
        }
        uint16_t code = table_code(m, c);
        if (code < 0x100)
            return 1;
        if (!state->c[0])
            textbuf_append(&e->out, "~{", 2);
        state->c[0] = 1;
        textbuf_append(&e->out, (char[]){(char)(code >> 8 & 0x7f), (char)(code & 0x7f)}, 2);
    }
    return STEP_DONE;
}
