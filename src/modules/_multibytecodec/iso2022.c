/* ISO 2022 encodings (RFC 1468, 1554, 1557, 2237, JIS X 0213): escape sequences designate character sets to G0, G1 and G2.
 *
 * state->c[0..2]: the marks of what is designated; c[4]: flags. A mark is the final byte of the escape sequence, with its high
 * bit set for sets of two bytes.
 *
 * Threads: only constants and what the calling thread owns.
 */
#include "modules/_multibytecodec/stateful.h"

enum { ESC = 0x1b, SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f, LONGEST_ESCAPE = 16 };
enum { FLAGS = 4, SHIFTED = 1, IN_FOREIGN_ESCAPE = 2 };
enum { TWO_BYTES = 0x80 };

enum {
    MARK_ISO8859_1 = 'A',
    MARK_ASCII = 'B',
    MARK_ISO8859_7 = 'F',
    MARK_JISX0201_KATAKANA = 'I',
    MARK_JISX0201_ROMAN = 'J',
    MARK_JISX0208_1978 = '@' | TWO_BYTES,
    MARK_GB2312 = 'A' | TWO_BYTES,
    MARK_JISX0208 = 'B' | TWO_BYTES,
    MARK_KSX1001 = 'C' | TWO_BYTES,
    MARK_JISX0212 = 'D' | TWO_BYTES,
    MARK_JISX0213_2000_1 = 'O' | TWO_BYTES,
    MARK_JISX0213_2 = 'P' | TWO_BYTES,
    MARK_JISX0213_2004_1 = 'Q' | TWO_BYTES,
};

/* Sets of two bytes are planes of an EUC encoding's table, with the high bits cleared. */
struct Designation {
    uint8_t mark, plane_of_code; /* designated to G0, G1 or G2 */
    uint8_t width;               /* 0: decodes only, after a single shift */
    TableId table;
    uint8_t table_plane;
};

#define KSX1001(g) {MARK_KSX1001, g, 2, TABLE_EUC_KR, 0}
#define JISX0208 {MARK_JISX0208, 0, 2, TABLE_EUC_JP, 0}
#define JISX0208_1978 {MARK_JISX0208_1978, 0, 2, TABLE_EUC_JP, 0}
#define JISX0212 {MARK_JISX0212, 0, 2, TABLE_EUC_JP, 1}
#define GB2312 {MARK_GB2312, 0, 2, TABLE_GB2312, 0}
#define JISX0213_1(mark, table) {mark, 0, 2, table, 0}
#define JISX0213_2(table) {MARK_JISX0213_2, 0, 2, table, 1}
#define ROMAN {MARK_JISX0201_ROMAN, 0, 1, 0, 0}
#define KATAKANA {MARK_JISX0201_KATAKANA, 0, 1, 0, 0}
static const Designation kr[] = {KSX1001(1), {0}};
static const Designation jp[] = {JISX0208, ROMAN, JISX0208_1978, {0}};
static const Designation jp_1[] = {JISX0208, JISX0212, ROMAN, JISX0208_1978, {0}};
static const Designation jp_2[] = {JISX0208, JISX0212, KSX1001(0), GB2312, ROMAN, JISX0208_1978,
                                   {MARK_ISO8859_1, 2, 0, 0, 0}, {MARK_ISO8859_7, 2, 0, 0, 0}, {0}};
static const Designation jp_2004[] = {JISX0208, JISX0213_1(MARK_JISX0213_2004_1, TABLE_JISX0213_2004), JISX0213_2(TABLE_JISX0213_2004), {0}};
static const Designation jp_3[] = {JISX0208, JISX0213_1(MARK_JISX0213_2000_1, TABLE_JISX0213_2000), JISX0213_2(TABLE_JISX0213_2000), {0}};
static const Designation jp_ext[] = {JISX0208, JISX0212, ROMAN, KATAKANA, JISX0208_1978, {0}};

const Iso2022 iso2022_kr = {kr, false, false, false};
const Iso2022 iso2022_jp = {jp, true, false, true};
const Iso2022 iso2022_jp_1 = {jp_1, true, false, true};
const Iso2022 iso2022_jp_2 = {jp_2, true, true, true};
const Iso2022 iso2022_jp_2004 = {jp_2004, true, false, true};
const Iso2022 iso2022_jp_3 = {jp_3, true, false, true};
const Iso2022 iso2022_jp_ext = {jp_ext, true, false, true};

static const Designation *find_designation(const Iso2022 *iso, uint8_t mark) {
    const Designation *d = iso->designations;
    while (d->mark && d->mark != mark) d++;
    return d->mark ? d : NULL;
}

void iso2022_encode_init(CodecState *state) {
    state->c[0] = state->c[1] = MARK_ASCII;
    state->c[FLAGS] = 0;
}

void iso2022_decode_init(CodecState *state) {
    iso2022_encode_init(state);
    state->c[2] = MARK_ASCII;
}

void iso2022_decode_reset(CodecState *state) {
    state->c[0] = MARK_ASCII;
    state->c[FLAGS] &= (uint8_t)~SHIFTED;
}

/* ---- decoding ---- */

static bool is_escape_end(uint8_t c) { return (c >= 'A' && c <= 'Z') || c == '@'; }

/* The length of the escape sequence at `s`; 0: it does not end; -1: not yet. */
static int escape_length(const Iso2022 *iso, const uint8_t *s, size_t left) {
    for (size_t i = 1; i < LONGEST_ESCAPE; i++) {
        if (i >= left)
            return -1;
        if (is_escape_end(s[i]))
            return (int)i + 1;
        if (iso->use_jisx0208_extension && i + 1 < left && s[i] == '&' && s[i + 1] == '@')
            i += 2; /* announces the revision of JIS X 0208 that the next sequence designates */
    }
    return 0;
}

/* The mark that the sequence designates, and to what; 0: none known. */
static uint8_t designated(const Iso2022 *iso, const uint8_t *s, int length, int *to) {
    *to = 0;
    if (length == 3 && s[1] == '$')
        return s[2] | TWO_BYTES;
    if (length == 6)
        return iso->use_jisx0208_extension && s[3] == ESC && s[4] == '$' && s[5] == 'B' ? MARK_JISX0208 : 0;
    uint8_t sort = length == 3 ? s[1] : length == 4 && s[1] == '$' ? s[2] : 0;
    *to = sort == ')' ? 1 : sort == '.' ? 2 : 0;
    if (sort != '(' && sort != ')' && !(sort == '.' && length == 3 && iso->use_g2))
        return 0;
    return length == 3 ? s[2] : s[3] | TWO_BYTES;
}

static int64_t decode_escape(const Iso2022 *iso, CodecState *state, Decoder *d, size_t *at) {
    const uint8_t *s = d->data + *at;
    int length = escape_length(iso, s, d->length - *at), to;
    if (length <= 0)
        return length < 0 ? STEP_INCOMPLETE : 1;
    uint8_t mark = designated(iso, s, length, &to);
    if (!mark || (mark != MARK_ASCII && !find_designation(iso, mark)))
        return length;
    state->c[to] = mark;
    *at += (size_t)length;
    return STEP_DONE;
}

/* One character of G2, after ESC N. */
static int64_t decode_single_shift(CodecState *state, Decoder *d, size_t *at) {
    uint8_t c = d->data[*at + 2], mark = state->c[2];
    int32_t decoded; /* -1: none */
    if (mark == MARK_ISO8859_7)
        decoded = c < 0x20 || c >= 0x80 ? c ^ 0x80 : iso8859_7_high[c - 0x20] ? iso8859_7_high[c - 0x20] : -1;
    else
        decoded = c >= 0x80 ? -1 : mark == MARK_ISO8859_1 ? c + 0x80 : c;
    if (decoded < 0)
        return 3;
    if (!decoder_add(d, (uint32_t)decoded))
        return STEP_FAILED;
    *at += 3;
    return STEP_DONE;
}

static int64_t decode_narrow(uint8_t mark, Decoder *d, size_t *at) {
    uint8_t c = d->data[*at];
    uint32_t decoded;
    if (mark == MARK_JISX0201_ROMAN)
        decoded = c == 0x5c ? 0xa5 : c == 0x7e ? 0x203e : c;
    else if (mark == MARK_JISX0201_KATAKANA && c >= 0x21 && c <= 0x5f)
        decoded = 0xff61u + c - 0x21;
    else
        return 1;
    if (!decoder_add(d, decoded))
        return STEP_FAILED;
    ++*at;
    return STEP_DONE;
}

static int64_t decode_char(const Iso2022 *iso, uint8_t mark, Decoder *d, size_t *at) {
    const Designation *to = find_designation(iso, mark);
    if (!to) /* setstate() can bring anything */
        return 1;
    if (to->width < 2)
        return decode_narrow(mark, d, at);
    if (d->length - *at < 2)
        return STEP_INCOMPLETE;
    const MultibyteTable *m = codec_table(d->t, to->table);
    if (!m)
        return STEP_FAILED;
    const uint8_t *s = d->data + *at;
    uint16_t value = s[1] < 0x80 ? plane_value(&m->planes[to->table_plane], s[0] | 0x80u, s[1] | 0x80u) : 0;
    if (!value || value == TABLE_ILLEGAL_2)
        return 2;
    if (!decoder_add_value(m, d, value))
        return STEP_FAILED;
    *at += 2;
    return STEP_DONE;
}

static int64_t add_byte(Decoder *d, size_t *at) {
    if (!decoder_add(d, d->data[*at]))
        return STEP_FAILED;
    ++*at;
    return STEP_DONE;
}

static int64_t decode_after_escape(const Iso2022 *iso, CodecState *state, Decoder *d, size_t *at) {
    size_t left = d->length - *at;
    if (left < 2)
        return STEP_INCOMPLETE;
    uint8_t next = d->data[*at + 1];
    if (next == '(' || next == ')' || next == '$' || next == '.' || next == '&')
        return decode_escape(iso, state, d, at);
    if (iso->use_g2 && next == 'N')
        return left < 3 ? STEP_INCOMPLETE : decode_single_shift(state, d, at);
    state->c[FLAGS] |= IN_FOREIGN_ESCAPE;
    return add_byte(d, at);
}

static int64_t decode_step(const Iso2022 *iso, CodecState *state, Decoder *d, size_t *at) {
    uint8_t c = d->data[*at];
    if (state->c[FLAGS] & IN_FOREIGN_ESCAPE) {
        if (is_escape_end(c))
            state->c[FLAGS] &= (uint8_t)~IN_FOREIGN_ESCAPE;
        return add_byte(d, at);
    }
    if (c == ESC)
        return decode_after_escape(iso, state, d, at);
    if ((c == SHIFT_IN || c == SHIFT_OUT) && !iso->no_shift) {
        state->c[FLAGS] = (uint8_t)((state->c[FLAGS] & ~SHIFTED) | (c == SHIFT_OUT ? SHIFTED : 0));
        ++*at;
        return STEP_DONE;
    }
    if (c == '\n')
        state->c[FLAGS] &= (uint8_t)~SHIFTED;
    if (c < 0x20)
        return add_byte(d, at);
    if (c >= 0x80)
        return 1;
    uint8_t mark = state->c[state->c[FLAGS] & SHIFTED ? 1 : 0];
    return mark == MARK_ASCII ? add_byte(d, at) : decode_char(iso, mark, d, at);
}

int64_t iso2022_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at) {
    int64_t step = STEP_DONE;
    while (step == STEP_DONE && *at < d->length)
        step = decode_step(codec->iso2022, state, d, at);
    return step;
}

/* ---- encoding ---- */

static void leave_shift(CodecState *state, TextBuf *out) {
    if (state->c[FLAGS] & SHIFTED)
        textbuf_byte(out, SHIFT_IN);
    state->c[FLAGS] &= (uint8_t)~SHIFTED;
}

static void designate_ascii(CodecState *state, TextBuf *out) {
    if (state->c[0] != MARK_ASCII)
        textbuf_append(out, "\x1b(B", 3);
    state->c[0] = MARK_ASCII;
}

void iso2022_encode_reset(CodecState *state, TextBuf *out) {
    leave_shift(state, out);
    designate_ascii(state, out);
}

static void designate(CodecState *state, TextBuf *out, const Designation *d) {
    int g = d->plane_of_code;
    if (state->c[g] != d->mark) {
        textbuf_byte(out, ESC);
        if (d->width == 2)
            textbuf_byte(out, '$');
        if (d->mark != MARK_JISX0208)
            textbuf_byte(out, g ? ')' : '(');
        textbuf_byte(out, (char)(d->mark & 0x7f));
        state->c[g] = d->mark;
    }
    if (g && !(state->c[FLAGS] & SHIFTED)) {
        textbuf_byte(out, SHIFT_OUT);
        state->c[FLAGS] |= SHIFTED;
    }
}

static void put(CodecState *state, TextBuf *out, const Designation *d, uint16_t code) {
    if (d->plane_of_code == 0)
        leave_shift(state, out);
    designate(state, out, d);
    if (d->width == 2)
        textbuf_byte(out, (char)(code >> 8 & 0x7f));
    textbuf_byte(out, (char)(code & 0x7f));
}

static uint16_t narrow_code(uint8_t mark, uint32_t c) {
    if (mark == MARK_JISX0201_ROMAN)
        return c == 0xa5 ? 0x5c : c == 0x203e ? 0x7e : 0;
    return mark == MARK_JISX0201_KATAKANA && c >= 0xff61 && c <= 0xff9f ? (uint16_t)(c - 0xff61 + 0x21) : 0;
}

/* The character's code in the set; 0: it has none. */
static uint16_t code_in(const MultibyteTable *m, const Designation *d, uint32_t c) {
    uint16_t code = table_code(m, c);
    bool in_plane = code >= 0xa100 && (m->plane_count < 2 || d->table_plane == !(code & 0x80));
    return in_plane ? code : 0;
}

/* Finds the set, the first in order, that has the character at *at, or a pair of them: pairs go before. 1: none has. */
static int64_t find_code(const Iso2022 *iso, Encoder *e, size_t at, int flags, const Designation **set, uint16_t *code, size_t *length) {
    uint32_t c = chars_get(&e->c, at);
    bool last = at + 1 == e->c.length, begins;
    for (int pairs = 1; pairs >= 0; pairs--)
        for (*set = iso->designations; (*set)->mark; ++*set) {
            const MultibyteTable *m = (*set)->width == 2 ? codec_table(e->t, (*set)->table) : NULL;
            if ((*set)->width == 2 && !m)
                return STEP_FAILED;
            if (!pairs)
                *code = m ? code_in(m, *set, c) : narrow_code((*set)->mark, c);
            else
                *code = m ? table_pair(m, c, last ? 0 : chars_get(&e->c, at + 1), &begins) : 0;
            if (pairs && m && begins && last && !(flags & ENCODE_FLUSH))
                return STEP_INCOMPLETE;
            *length = 1 + (size_t)pairs;
            if (*code)
                return STEP_DONE;
        }
    return 1;
}

static int64_t encode_char(const Iso2022 *iso, CodecState *state, Encoder *e, size_t *at, int flags) {
    const Designation *set;
    uint16_t code;
    size_t length;
    int64_t step = find_code(iso, e, *at, flags, &set, &code, &length);
    if (step != STEP_DONE)
        return step;
    put(state, &e->out, set, code);
    *at += length;
    return STEP_DONE;
}

int64_t iso2022_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags) {
    int64_t step = STEP_DONE;
    while (step == STEP_DONE && *at < e->c.length) {
        uint32_t c = chars_get(&e->c, *at);
        if (c >= 0x80) {
            step = encode_char(codec->iso2022, state, e, at, flags);
            continue;
        }
        designate_ascii(state, &e->out);
        leave_shift(state, &e->out);
        textbuf_byte(&e->out, (char)c);
        ++*at;
    }
    return step;
}
