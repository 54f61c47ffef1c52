/* _multibytecodec: codecs of encodings whose characters are several bytes long.
 *
 * A codec is a constant: its name and its functions. The state of a stateful one is eight bytes, in CPython's layout, so that
 * getstate() gives the same numbers. Encoding and decoding go on until an error or the end; what happens then, the functions of
 * coder.c decide by the error handler.
 */
#pragma once
#include "modules/_multibytecodec/tables.h"
#include "types/str/codecs.h"

typedef struct CodecState {
    uint8_t c[8];
} CodecState;

/* What a step of a codec came to: done, an incomplete sequence at the end, an exception is pending, or so many illegal bytes or
 * characters. */
enum { STEP_DONE = 0, STEP_INCOMPLETE = -1, STEP_FAILED = -2 };
enum { ENCODE_FLUSH = 1, ENCODE_RESET = 2 };

typedef struct MultibyteCodec MultibyteCodec;
struct MultibyteCodec {
    const char *name;
    /* Goes on at d->data[*at], up to d->length; leaves *at where it stopped. */
    int64_t (*decode)(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at);
    int64_t (*encode)(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags);
    void (*encode_init)(CodecState *state);                    /* stateful ones, else NULL, here and below */
    void (*decode_init)(CodecState *state);
    void (*decode_reset)(CodecState *state);
    void (*encode_reset)(CodecState *state, TextBuf *out);     /* writes what ends the text */
    TableId table;                                             /* of stateless ones */
    const struct Iso2022 *iso2022;
};

typedef struct MultibyteCodecObject {
    Object object;
    const MultibyteCodec *codec;
} MultibyteCodecObject;
extern Type multibyte_codec_type;

extern const MultibyteCodec multibyte_codecs_cn[], multibyte_codecs_hk[], multibyte_codecs_iso2022[], multibyte_codecs_jp[],
    multibyte_codecs_kr[], multibyte_codecs_tw[]; /* without a name: the end */

/* table_codec.c */
int64_t table_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at);
int64_t table_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags);
int64_t gb18030_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at);
int64_t gb18030_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags);
int64_t euc_kr_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at);
int64_t euc_kr_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags);
bool decoder_add_value(const MultibyteTable *m, Decoder *d, uint16_t value); /* a table's value, which is there */
const MultibyteTable *codec_table(Thread *t, TableId id);                    /* NULL: MemoryError is pending */

/* coder.c. `errors`: a str or absent. *at: where to begin, and where it stopped. */
Value multibyte_encode(Thread *t, const MultibyteCodec *codec, CodecState *state, Value str, Value errors, size_t *at, int flags);
/* `final`: what is incomplete at the end is an error. */
Value multibyte_decode(Thread *t, const MultibyteCodec *codec, CodecState *state, const char *data, size_t length, Value errors,
                       size_t *at, bool final);

/* incremental.c, stream.c */
extern Type multibyte_incremental_encoder_type, multibyte_incremental_decoder_type, multibyte_stream_reader_type,
    multibyte_stream_writer_type;
