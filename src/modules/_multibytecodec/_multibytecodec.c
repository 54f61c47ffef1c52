/* The modules _multibytecodec and _codecs_*: codec objects and how they are found.
 *
 * Threads: a codec object is immutable; each call has a state of its own.
 */
#include "modules/_multibytecodec/stateful.h"

#include "object/buffer.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/module.h"
#include "types/tuple.h"

static const MultibyteCodec *codec_of(Value v) { return ((MultibyteCodecObject *)v.bits)->codec; }

static bool check_errors(Thread *t, const char *function, Value *errors) {
    if (is_none(*errors))
        *errors = NO_VALUE;
    else if (!is_str(*errors)) {
        raise_type_error(t, "%s() argument 'errors' must be str or None, not %T", function, *errors);
        return false;
    }
    return true;
}

static Value encode(Thread *t, Value *args) {
    const MultibyteCodec *codec = codec_of(args[0]);
    CodecState state = {0};
    size_t at = 0;
    Value text = is_str(args[1]) ? args[1] : NO_VALUE;
    CHECK(check_errors(t, "encode", &args[2]));
    if (absent(text))
        text = TRY(to_str(t, args[1]));
    if (codec->encode_init)
        codec->encode_init(&state);
    Value bytes = TRY(multibyte_encode(t, codec, &state, text, args[2], &at, ENCODE_FLUSH | ENCODE_RESET));
    return tuple_pack(t, 2, bytes, small_int((int64_t)str_length(text)));
}

static Value decode(Thread *t, Value *args) {
    const MultibyteCodec *codec = codec_of(args[0]);
    CodecState state = {0};
    size_t at = 0;
    Buffer b;
    CHECK(check_errors(t, "decode", &args[2]) && buffer_get_contiguous(t, args[1], &b, false));
    if (codec->decode_init)
        codec->decode_init(&state);
    size_t length = b.length;
    Value text = multibyte_decode(t, codec, &state, b.data, length, args[2], &at, true);
    buffer_release(t, &b);
    return present(text) ? tuple_pack(t, 2, text, small_int((int64_t)length)) : NO_VALUE;
}

static const NativeDef methods[] = {
    {"encode(self, /, input, errors=None)", encode,
     "Return an encoded string version of 'input'.\n\n"
     "'errors' may be given to set a different error handling scheme.\n"
     "Default is 'strict' meaning that encoding errors raise\n"
     "a UnicodeEncodeError.  Other possible values are 'ignore', 'replace'\n"
     "and 'xmlcharrefreplace' as well as any other name registered with\n"
     "codecs.register_error that can handle UnicodeEncodeErrors."},
    {"decode(self, /, input, errors=None)", decode,
     "Decodes 'input'.\n\n"
     "'errors' may be given to set a different error handling scheme.\n"
     "Default is 'strict' meaning that encoding errors raise\n"
     "a UnicodeDecodeError.  Other possible values are 'ignore' and\n"
     "'replace' as well as any other name registered with\n"
     "codecs.register_error that is able to handle UnicodeDecodeErrors.\""},
    {NULL},
};

MODULE_TYPE(multibyte_codec_type, _multibytecodec) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "_multibytecodec.MultibyteCodec",
    .methods = methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MultibyteCodecObject),
};

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &multibyte_incremental_encoder_type) &&
           module_add_type(t, module, &multibyte_incremental_decoder_type) &&
           module_add_type(t, module, &multibyte_stream_reader_type) && module_add_type(t, module, &multibyte_stream_writer_type);
}

NATIVE_MODULE(_multibytecodec) = {.name = "_multibytecodec", .init = init};

/* ---- the codecs, by module ---- */

#define BY_TABLE(text, id) {.name = text, .decode = table_decode, .encode = table_encode, .table = id}
#define ISO2022(text, sets) \
    {.name = text, .decode = iso2022_decode, .encode = iso2022_encode, .encode_init = iso2022_encode_init, \
     .decode_init = iso2022_decode_init, .decode_reset = iso2022_decode_reset, .encode_reset = iso2022_encode_reset, .iso2022 = &sets}

const MultibyteCodec multibyte_codecs_cn[] = {
    BY_TABLE("gb2312", TABLE_GB2312),
    BY_TABLE("gbk", TABLE_GBK),
    {.name = "gb18030", .decode = gb18030_decode, .encode = gb18030_encode, .table = TABLE_GB18030},
    {.name = "hz", .decode = hz_decode, .encode = hz_encode, .encode_init = hz_init, .decode_init = hz_init,
     .decode_reset = hz_init, .encode_reset = hz_encode_reset},
    {0},
};
const MultibyteCodec multibyte_codecs_hk[] = {BY_TABLE("big5hkscs", TABLE_BIG5HKSCS), {0}};
const MultibyteCodec multibyte_codecs_iso2022[] = {
    ISO2022("iso2022_kr", iso2022_kr),     ISO2022("iso2022_jp", iso2022_jp),           ISO2022("iso2022_jp_1", iso2022_jp_1),
    ISO2022("iso2022_jp_2", iso2022_jp_2), ISO2022("iso2022_jp_2004", iso2022_jp_2004), ISO2022("iso2022_jp_3", iso2022_jp_3),
    ISO2022("iso2022_jp_ext", iso2022_jp_ext), {0},
};
const MultibyteCodec multibyte_codecs_jp[] = {
    BY_TABLE("shift_jis", TABLE_SHIFT_JIS),       BY_TABLE("cp932", TABLE_CP932),
    BY_TABLE("euc_jp", TABLE_EUC_JP),             BY_TABLE("shift_jis_2004", TABLE_SHIFT_JIS_2004),
    BY_TABLE("euc_jis_2004", TABLE_EUC_JIS_2004), BY_TABLE("euc_jisx0213", TABLE_EUC_JISX0213),
    BY_TABLE("shift_jisx0213", TABLE_SHIFT_JISX0213), {0},
};
const MultibyteCodec multibyte_codecs_kr[] = {
    {.name = "euc_kr", .decode = euc_kr_decode, .encode = euc_kr_encode, .table = TABLE_EUC_KR},
    BY_TABLE("cp949", TABLE_CP949),
    BY_TABLE("johab", TABLE_JOHAB),
    {0},
};
const MultibyteCodec multibyte_codecs_tw[] = {BY_TABLE("big5", TABLE_BIG5), BY_TABLE("cp950", TABLE_CP950), {0}};

static Value find_codec(Thread *t, Value name, const MultibyteCodec *codecs) {
    if (!is_str(name))
        return raise_type_error(t, "encoding name must be a string.");
    while (codecs->name && !str_equal_text(name, codecs->name)) codecs++;
    if (!codecs->name)
        return raise_error(t, &LookupError_type, "no such codec is supported.");
    MultibyteCodecObject *o = heap_allocate(t, &multibyte_codec_type, sizeof *o);
    if (!o)
        return NO_VALUE;
    o->codec = codecs;
    return from_object(o);
}

#define CODECS(group)                                                                                       \
    static Value getcodec_##group(Thread *t, Value *args) { return find_codec(t, args[0], multibyte_codecs_##group); } \
    static const NativeDef functions_##group[] = {{"getcodec(encoding, /)", getcodec_##group, ""}, {NULL}}; \
    NATIVE_MODULE(_codecs_##group) = {.name = "_codecs_" #group, .functions = functions_##group, .types_from = &_multibytecodec_module}

CODECS(cn);
CODECS(hk);
CODECS(iso2022);
CODECS(jp);
CODECS(kr);
CODECS(tw);
