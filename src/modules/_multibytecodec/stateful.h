/* The stateful codecs: hz.c and iso2022.c. */
#pragma once
#include "modules/_multibytecodec/multibyte.h"

void hz_init(CodecState *state);
void hz_encode_reset(CodecState *state, TextBuf *out);
int64_t hz_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at);
int64_t hz_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags);

typedef struct Designation Designation;

/* One of the ISO 2022 encodings: which character sets it may designate, in the order in which they are tried for encoding. */
typedef struct Iso2022 {
    const Designation *designations; /* mark 0: the end */
    bool no_shift, use_g2, use_jisx0208_extension;
} Iso2022;
extern const Iso2022 iso2022_kr, iso2022_jp, iso2022_jp_1, iso2022_jp_2, iso2022_jp_2004, iso2022_jp_3, iso2022_jp_ext;

void iso2022_encode_init(CodecState *state);
void iso2022_decode_init(CodecState *state);
void iso2022_decode_reset(CodecState *state);
void iso2022_encode_reset(CodecState *state, TextBuf *out);
int64_t iso2022_decode(const MultibyteCodec *codec, CodecState *state, Decoder *d, size_t *at);
int64_t iso2022_encode(const MultibyteCodec *codec, CodecState *state, Encoder *e, size_t *at, int flags);
