/* Stateless codecs: by table, with the algorithmic parts of GB18030 and EUC-KR.
 *
 * Threads: only constants and what the calling thread owns.
 */
#include "modules/_multibytecodec/multibyte.h"
#include "object/errors.h"
#include "object/thread.h"

const MultibyteTable *codec_table(Thread *t, TableId id) {
    const MultibyteTable *m = multibyte_table(id);
    if (!m)
        raise_no_memory(t);
    return m;
}

bool decoder_add_value(const MultibyteTable *m, Decoder *d, uint16_t value) {
    if (value < TABLE_EXTRA || value > 0xDFFF)
        return decoder_add(d, value);
    const TableExtra *extra = &m->extras[value - TABLE_EXTRA];
    return decoder_add(d, extra->first) && (!extra->second || decoder_add(d, extra->second));
}

/* How many bytes the character at `s` has, and its value; or STEP_INCOMPLETE, or minus the length of an error less 1. */
static int look_up(const MultibyteTable *m, const uint8_t *s, size_t left, uint16_t *value) {
    enum { ERROR_1 = -2, ERROR_2 = -3 };
    *value = m->single[s[0]];
    if (*value != TABLE_LEAD && *value != TABLE_PREFIX)
        return *value == TABLE_ILLEGAL ? ERROR_1 : 1;
    bool second_plane = *value == TABLE_PREFIX;
    if (left < 2u + second_plane)
        return STEP_INCOMPLETE;
    *value = plane_value(&m->planes[second_plane], s[second_plane], s[1 + second_plane]);
    if (*value == 0 || *value == TABLE_ILLEGAL_2)
        return *value ? ERROR_2 : ERROR_1;
    return 2 + second_plane;
}

/* The step that look_up's result stands for, when it is not positive. */
static int64_t step_of(int result) { return result == STEP_INCOMPLETE ? STEP_INCOMPLETE : -result - 1; }

/* Characters that are their own byte. */
static bool decode_ascii_run(const MultibyteTable *m, Decoder *d, size_t *at) {
    while (m->ascii && *at < d->length && d->data[*at] < 0x80)
        if (!decoder_add(d, d->data[(*at)++]))
            return false;
    return true;
}

/* Sequences beside those of the table: `size` bytes each, told by their first two. */
typedef struct LongForm {
    size_t size, least; /* least: so many bytes anything takes that is not its own byte */
    bool (*begins)(const uint8_t *s);
    uint32_t (*character)(const uint8_t *s); /* 0: none */
} LongForm;

static int64_t decode_by(const MultibyteCodec *codec, Decoder *d, size_t *at, const LongForm *form) {
    const MultibyteTable *m = codec_table(d->t, codec->table);
    while (m && decode_ascii_run(m, d, at)) {
        const uint8_t *s = d->data + *at;
        size_t left = d->length - *at;
        if (left == 0)
            return STEP_DONE;
        if (form && left < form->least)
            return STEP_INCOMPLETE;
        uint16_t value;
        int size;
        if (form && left >= 2 && form->begins(s)) {
            size = (int)form->size;
            if (left < form->size)
                return STEP_INCOMPLETE;
            uint32_t c = form->character(s);
            if (!c)
                return 1;
            if (!decoder_add(d, c))
                return STEP_FAILED;
        } else if ((size = look_up(m, s, left, &value)) <= 0) {
            return step_of(size);
        } else if (!decoder_add_value(m, d, value)) {
            return STEP_FAILED;
        }
        *at += (size_t)size;
    }
    return STEP_FAILED;
}

int64_t table_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at) {
    return decode_by(codec, d, at, NULL);
}

static void put_code(const MultibyteTable *m, TextBuf *out, uint16_t code) {
    if (code < 0x100)
        return textbuf_byte(out, (char)code);
    bool second_plane = m->plane_count == 2 && !(code & 0x80);
    if (second_plane)
        textbuf_byte(out, (char)0x8f);
    textbuf_byte(out, (char)(code >> 8));
    textbuf_byte(out, (char)(code | (second_plane ? 0x80 : 0)));
}

/* Writes the character at *at, or a pair of them. 1: the table lacks it. */
static int64_t encode_one(const MultibyteTable *m, Encoder *e, size_t *at, int flags) {
    uint32_t c = chars_get(&e->c, *at);
    bool last = *at + 1 == e->c.length, begins;
    uint16_t code = table_pair(m, c, last ? 0 : chars_get(&e->c, *at + 1), &begins);
    if (begins && last && !(flags & ENCODE_FLUSH))
        return STEP_INCOMPLETE;
    *at += code != 0;
    if (!code && !(code = table_code(m, c)) && c)
        return 1;
    put_code(m, &e->out, code);
    ++*at;
    return STEP_DONE;
}

static int64_t encode_by(const MultibyteCodec *codec, Encoder *e, size_t *at, int flags, bool (*otherwise)(TextBuf *out, uint32_t c)) {
    const MultibyteTable *m = codec_table(e->t, codec->table);
    if (!m)
        return STEP_FAILED;
    while (*at < e->c.length) {
        uint32_t c = chars_get(&e->c, *at);
        if (c < 0x80 && m->ascii) {
            textbuf_byte(&e->out, (char)c);
            ++*at;
            continue;
        }
        int64_t step = encode_one(m, e, at, flags);
        if (step == 1 && otherwise && otherwise(&e->out, c))
            ++*at;
        else if (step != STEP_DONE)
            return step;
    }
    return STEP_DONE;
}

int64_t table_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags) {
    return encode_by(codec, e, at, flags, NULL);
}

/* ---- GB18030: four-byte sequences for everything that has no shorter one ---- */

/* The character of a four-byte sequence; 0: none. */
static uint32_t gb18030_char(const uint8_t *s) {
    bool shaped = s[0] >= 0x81 && s[0] <= 0xfe && s[2] >= 0x81 && s[2] <= 0xfe && s[3] >= 0x30 && s[3] <= 0x39;
    if (!shaped)
        return 0;
    uint32_t number = ((s[0] - 0x81u) * 10 + s[1] - 0x30u) * 1260 + (s[2] - 0x81u) * 10 + s[3] - 0x30u;
    if (number >= 189000)
        return number - 189000 < 0x100000 ? 0x10000 + number - 189000 : 0;
    for (size_t low = 0, high = gb18030_range_count; low < high;) {
        size_t middle = (low + high) / 2;
        const Gb18030Range *r = &gb18030_ranges[middle];
        if (number < r->number)
            high = middle;
        else if (number >= r->number + (uint32_t)r->count)
            low = middle + 1;
        else
            return r->first + number - r->number;
    }
    return 0;
}

static bool gb18030_begins(const uint8_t *s) { return s[1] >= 0x30 && s[1] <= 0x39; }

int64_t gb18030_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at) {
    static const LongForm four_bytes = {4, 2, gb18030_begins, gb18030_char};
    return decode_by(codec, d, at, &four_bytes);
}

static bool gb18030_put(TextBuf *out, uint32_t c) {
    uint32_t number = UINT32_MAX;
    if (c >= 0x10000)
        number = c - 0x10000 + 189000;
    for (size_t low = 0, high = c >= 0x10000 ? 0 : gb18030_range_count; low < high;) {
        size_t middle = (low + high) / 2;
        const Gb18030Range *r = &gb18030_ranges[middle];
        if (c < r->first) {
            high = middle;
        } else if (c >= r->first + (uint32_t)r->count) {
            low = middle + 1;
        } else {
            number = r->number + c - r->first;
            break;
        }
    }
    if (number == UINT32_MAX)
        return false;
    uint32_t high = number / 1260, low = number % 1260;
    textbuf_byte(out, (char)(0x81 + high / 10));
    textbuf_byte(out, (char)(0x30 + high % 10));
    textbuf_byte(out, (char)(0x81 + low / 10));
    textbuf_byte(out, (char)(0x30 + low % 10));
    return true;
}

int64_t gb18030_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags) {
    return encode_by(codec, e, at, flags, gb18030_put);
}

/* ---- EUC-KR: syllables that KS X 1001 lacks are spelled by four of its letters (its annex 3), the first being a filler ---- */

enum { KS_LETTERS = 0xa4, KS_FILLER = 0xd4, KS_FIRST_VOWEL = 0xbf, SYLLABLES = 0xac00, SYLLABLE_COUNT = 11172 };
static const uint8_t initials[19] = {0xa1, 0xa2, 0xa4, 0xa7, 0xa8, 0xa9, 0xb1, 0xb2, 0xb3, 0xb5,
                                     0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe};
static const uint8_t finals[28] = {0xd4, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae,
                                   0xaf, 0xb0, 0xb1, 0xb2, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xba, 0xbb, 0xbc, 0xbd, 0xbe};

static uint32_t place_in(const uint8_t *letters, uint32_t count, uint8_t letter) {
    uint32_t i = 0;
    while (i < count && letters[i] != letter) i++;
    return i;
}

static uint32_t spelled_syllable(const uint8_t *s) {
    uint32_t initial = place_in(initials, 19, s[3]), vowel = s[5] - (uint32_t)KS_FIRST_VOWEL, final = place_in(finals, 28, s[7]);
    bool shaped = s[2] == KS_LETTERS && s[4] == KS_LETTERS && s[6] == KS_LETTERS;
    return shaped && initial < 19 && vowel < 21 && final < 28 ? SYLLABLES + (initial * 21 + vowel) * 28 + final : 0;
}

static bool spelling_begins(const uint8_t *s) { return s[0] == KS_LETTERS && s[1] == KS_FILLER; }

int64_t euc_kr_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at) {
    static const LongForm spelling = {8, 1, spelling_begins, spelled_syllable};
    return decode_by(codec, d, at, &spelling);
}

static bool put_spelled_syllable(TextBuf *out, uint32_t c) {
    uint32_t i = c - SYLLABLES;
    if (i >= SYLLABLE_COUNT)
        return false;
    uint8_t letters[] = {KS_FILLER, initials[i / 588], (uint8_t)(KS_FIRST_VOWEL + i / 28 % 21), finals[i % 28]};
    for (int k = 0; k < 4; k++) {
        textbuf_byte(out, (char)KS_LETTERS);
        textbuf_byte(out, (char)letters[k]);
    }
    return true;
}

int64_t euc_kr_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags) {
    return encode_by(codec, e, at, flags, put_spelled_syllable);
}
