/* _zstd: Zstandard by libzstd.
 *
 * Threads: a compressor's and a decompressor's state is guarded by its mutex, taken in a blocking region (compression.h). A
 * dictionary is immutable; what a compressor refers to of it, the compressor keeps alive.
 */
#include "base/textbuf.h"
#include "modules/compression.h"
#include "modules/os_support.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { STATE_ERROR, STATE_C_PARAMETER, STATE_D_PARAMETER }; /* the isolate's list */
enum { DICT_DIGESTED, DICT_UNDIGESTED, DICT_PREFIX };

typedef struct ZstdDict {
    Object object;
    Value content; /* bytes */
    uint32_t id;
} ZstdDict;

typedef struct Compressor {
    Object object;
    Mutex mutex;
    ZSTD_CCtx *context;
    ZSTD_CDict *digested;
    Value dict;
    int level, last_mode;
} Compressor;

typedef struct Decompressor {
    CompressionStream base;
    ZSTD_DCtx *context;
    ZSTD_DDict *digested;
    Value dict;
} Decompressor;

extern Type zstd_dict_type, zstd_compressor_type, zstd_decompressor_type;

static Compressor *as_compressor(Value v) { return (Compressor *)v.bits; }
static Decompressor *as_decompressor(Value v) { return (Decompressor *)v.bits; }
static ZstdDict *as_zstd_dict(Value v) { return (ZstdDict *)v.bits; }
static Value state(Thread *t, size_t i) { return list_get(t->isolate->slots[ISOLATE_ZSTD], i); }

static Value raise_zstd(Thread *t, const char *what, const char *why) {
    return raise_error(t, as_type(state(t, STATE_ERROR)), "Unable to %s: %s", what, why);
}

/* ---- dictionaries ---- */

static void trace_dict(Tracer *tracer, Object *o) { trace_value(tracer, ((ZstdDict *)o)->content); }

static Value dict_new_method(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (count != 1)
        return raise_type_error(t, "ZstdDict() takes exactly 1 positional argument (%zd given)", (ssize_t)count);
    int is_raw = truth(t, args[2]);
    Buffer b;
    CHECK(is_raw >= 0 && buffer_get_contiguous(t, tuple_get(args[1], 0), &b, false));
    Value content = b.length >= 8 ? bytes_new(t, b.data, b.length)
                                  : raise_value_error(t, "Zstandard dictionary content too short (must have at least eight bytes)");
    buffer_release(t, &b);
    CHECK(present(content));
    uint32_t id = ZSTD_getDictID_fromDict(as_bytes(content)->data, as_bytes(content)->length);
    if (!is_raw && id == 0)
        return raise_value_error(t, "invalid Zstandard dictionary");
    ZstdDict *d = type_allocate(t, as_type(args[0]));
    CHECK(d);
    d->id = id;
    store(d, &d->content, content);
    return from_object(d);
}

static Value dict_repr(Thread *t, Value *args) {
    ZstdDict *d = as_zstd_dict(args[0]);
    return format_text(t, "<ZstdDict dict_id=%u dict_size=%zu>", d->id, as_bytes(d->content)->length);
}
static Value dict_length_method(Thread *t, Value *args) { return int_from(t, (int64_t)as_bytes(as_zstd_dict(args[0])->content)->length); }
static Value get_content(Thread *t, Value *args) { return as_zstd_dict(args[0])->content; }
static Value get_id(Thread *t, Value *args) { return int_from(t, as_zstd_dict(args[0])->id); }
static Value get_digested(Thread *t, Value *args) { return tuple_pack(t, 2, args[0], small_int(DICT_DIGESTED)); }
static Value get_undigested(Thread *t, Value *args) { return tuple_pack(t, 2, args[0], small_int(DICT_UNDIGESTED)); }
static Value get_prefix(Thread *t, Value *args) { return tuple_pack(t, 2, args[0], small_int(DICT_PREFIX)); }
static Value read_only(Thread *t, Value *args) { return raise_error(t, &AttributeError_type, "readonly attribute"); }

static const NativeDef dict_methods[] = {
    {"__new__(type, /, *args, is_raw=False)", dict_new_method, "Create and return a new object.  See help(type) for accurate signature."},
    {"__len__(self, /)", dict_length_method, "Return len(self)."},
    {"__repr__(self, /)", dict_repr, "Return repr(self)."},
    {NULL},
};
static const GetSetDef dict_getset[] = {
    {"as_digested_dict", get_digested, NULL,
     "Load as a digested dictionary to compressor.\n\nPass this attribute as zstd_dict argument:\n"
     "compress(dat, zstd_dict=zd.as_digested_dict)"},
    {"as_undigested_dict", get_undigested, NULL,
     "Load as an undigested dictionary to compressor.\n\nPass this attribute as zstd_dict argument:\n"
     "compress(dat, zstd_dict=zd.as_undigested_dict)"},
    {"as_prefix", get_prefix, NULL,
     "Load as a prefix to compressor/decompressor.\n\nPass this attribute as zstd_dict argument:\n"
     "compress(dat, zstd_dict=zd.as_prefix)"},
    {"dict_content", get_content, NULL, "The content of a Zstandard dictionary, as a bytes object."},
    {"dict_id", get_id, read_only,
     "The Zstandard dictionary, an int between 0 and 2**32.\n\n"
     "A non-zero value represents an ordinary Zstandard dictionary,\nconforming to the standardised format.\n\n"
     "A value of zero indicates a 'raw content' dictionary,\nwithout any restrictions on format or content."},
    {NULL},
};

MODULE_TYPE(zstd_dict_type, _zstd) = {
    STATIC_TYPE_HEAD(trace_dict, NULL),
    .name_text = "compression.zstd.ZstdDict",
    .doc = "Represents a Zstandard dictionary.\n\n"
           "  dict_content\n    The content of a Zstandard dictionary as a bytes-like object.\n"
           "  is_raw\n    If true, perform no checks on *dict_content*, useful for some\n"
           "    advanced cases. Otherwise, check that the content represents\n"
           "    a Zstandard dictionary created by the zstd library or CLI.\n\n"
           "The dictionary can be used for compression or decompression, and can be\n"
           "shared by multiple ZstdCompressor or ZstdDecompressor objects.",
    .signature = "(dict_content, /, *, is_raw=False)",
    .methods = dict_methods,
    .getset = dict_getset,
    .instance_size = sizeof(ZstdDict),
};

/* A ZstdDict, or a pair of one and how it is to be used. */
static bool read_dict(Thread *t, Value v, int usual, Value *dict, int *how) {
    int64_t kind = usual;
    *dict = v;
    if (is_tuple(v) && tuple_length(v) == 2 && is_int(tuple_get(v, 1))) {
        *dict = tuple_get(v, 0);
        if (!int_to_i64(tuple_get(v, 1), &kind) || kind != (int)kind) {
            raise_overflow_error(t, "Python int too large to convert to C int");
            return false;
        }
    }
    *how = (int)kind;
    bool ok = is_exactly(*dict, &zstd_dict_type) && kind >= DICT_DIGESTED && kind <= DICT_PREFIX;
    if (!ok)
        raise_type_error(t, "zstd_dict argument should be a ZstdDict object.");
    return ok;
}

/* ---- parameters ---- */

static const char *parameter_name(bool compress, int key) {
    static const struct { int key; const char *name; } names[] = {
        {ZSTD_c_compressionLevel, "compression_level"}, {ZSTD_c_windowLog, "window_log"}, {ZSTD_c_hashLog, "hash_log"},
        {ZSTD_c_chainLog, "chain_log"}, {ZSTD_c_searchLog, "search_log"}, {ZSTD_c_minMatch, "min_match"},
        {ZSTD_c_targetLength, "target_length"}, {ZSTD_c_strategy, "strategy"},
        {ZSTD_c_enableLongDistanceMatching, "enable_long_distance_matching"}, {ZSTD_c_ldmHashLog, "ldm_hash_log"},
        {ZSTD_c_ldmMinMatch, "ldm_min_match"}, {ZSTD_c_ldmBucketSizeLog, "ldm_bucket_size_log"},
        {ZSTD_c_ldmHashRateLog, "ldm_hash_rate_log"}, {ZSTD_c_contentSizeFlag, "content_size_flag"},
        {ZSTD_c_checksumFlag, "checksum_flag"}, {ZSTD_c_dictIDFlag, "dict_id_flag"}, {ZSTD_c_nbWorkers, "nb_workers"},
        {ZSTD_c_jobSize, "job_size"}, {ZSTD_c_overlapLog, "overlap_log"},
    };
    if (!compress)
        return key == ZSTD_d_windowLogMax ? "window_log_max" : NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key)
            return names[i].name;
    return NULL;
}

static bool raise_parameter(Thread *t, bool compress, int key, int value) {
    char unknown[48];
    const char *name = parameter_name(compress, key), *kind = compress ? "compression" : "decompression";
    snprintf(unknown, sizeof unknown, "unknown parameter (key %d)", key);
    ZSTD_bounds bounds = compress ? ZSTD_cParam_getBounds((ZSTD_cParameter)key) : ZSTD_dParam_getBounds((ZSTD_dParameter)key);
    if (ZSTD_isError(bounds.error))
        raise_value_error(t, "invalid %s parameter '%s'", kind, name ? name : unknown);
    else
        raise_value_error(t, "%s parameter '%s' received an illegal value %d; the valid range is [%d, %d]", kind, name ? name : unknown, value,
                          bounds.lowerBound, bounds.upperBound);
    return false;
}

static bool set_level(Thread *t, Compressor *c, int level) {
    if (level < ZSTD_minCLevel() || level > ZSTD_maxCLevel()) {
        raise_value_error(t, "illegal compression level %d; the valid range is [%d, %d]", level, ZSTD_minCLevel(), ZSTD_maxCLevel());
        return false;
    }
    c->level = level;
    size_t result = ZSTD_CCtx_setParameter(c->context, ZSTD_c_compressionLevel, level);
    if (ZSTD_isError(result))
        raise_zstd(t, "set compression level", ZSTD_getErrorName(result));
    return !ZSTD_isError(result);
}

static bool read_c_int(Thread *t, Value v, int *out) {
    int64_t wide;
    Value i = index_of(t, v);
    if (absent(i))
        return false;
    bool fits = int_to_i64(i, &wide) && wide == (int)wide;
    if (!fits)
        raise_overflow_error(t, "Python int too large to convert to C int");
    *out = fits ? (int)wide : 0;
    return fits;
}

static bool set_parameter(Thread *t, Value owner, bool compress, Value key_value, Value value_value) {
    int key, value;
    Value other = state(t, compress ? STATE_D_PARAMETER : STATE_C_PARAMETER);
    if (same(from_object(type_of(key_value)), other)) {
        raise_type_error(t, "%s options dictionary key must not be a %s attribute", compress ? "compression" : "decompression",
                         compress ? "DecompressionParameter" : "CompressionParameter");
        return false;
    }
    if (!read_c_int(t, key_value, &key) || !read_c_int(t, value_value, &value))
        return false;
    if (compress && key == ZSTD_c_compressionLevel)
        return set_level(t, as_compressor(owner), value);
    size_t result = compress ? ZSTD_CCtx_setParameter(as_compressor(owner)->context, (ZSTD_cParameter)key, value)
                             : ZSTD_DCtx_setParameter(as_decompressor(owner)->context, (ZSTD_dParameter)key, value);
    return !ZSTD_isError(result) || raise_parameter(t, compress, key, value);
}

static bool set_options(Thread *t, Value owner, bool compress, Value options) {
    if (!is_dict(options)) {
        raise_type_error(t, "%s() argument 'options' must be dict, not %Y", compress ? "ZstdCompressor" : "ZstdDecompressor", options);
        return false;
    }
    Value key, value;
    for (size_t position = 0; dict_next(options, &position, &key, &value);)
        if (!set_parameter(t, owner, compress, key, value))
            return false;
    return true;
}

/* ---- compressing ---- */

static void trace_compressor(Tracer *tracer, Object *o) { trace_value(tracer, ((Compressor *)o)->dict); }

static void release_compressor(Object *o) {
    Compressor *c = (Compressor *)o;
    ZSTD_freeCCtx(c->context);
    ZSTD_freeCDict(c->digested);
    c->context = NULL;
    c->digested = NULL;
}

static bool load_compression_dict(Thread *t, Compressor *c, Value v) {
    Value dict;
    int how;
    if (!read_dict(t, v, DICT_UNDIGESTED, &dict, &how))
        return false;
    BytesObject *content = as_bytes(as_zstd_dict(dict)->content);
    size_t result;
    if (how == DICT_DIGESTED) {
        c->digested = ZSTD_createCDict(content->data, content->length, c->level);
        if (!c->digested) {
            raise_error(t, as_type(state(t, STATE_ERROR)), "Failed to create a ZSTD_CDict instance from Zstandard dictionary content.");
            return false;
        }
        result = ZSTD_CCtx_refCDict(c->context, c->digested);
    } else {
        result = how == DICT_PREFIX ? ZSTD_CCtx_refPrefix(c->context, content->data, content->length)
                                    : ZSTD_CCtx_loadDictionary(c->context, content->data, content->length);
    }
    store(c, &c->dict, dict);
    if (ZSTD_isError(result))
        raise_zstd(t, "load Zstandard dictionary or prefix for compression", ZSTD_getErrorName(result));
    return !ZSTD_isError(result);
}

static bool read_level(Thread *t, Compressor *c, Value v) {
    int level;
    if (!is_int(v)) {
        raise_type_error(t, "invalid type for level, expected int");
        return false;
    }
    if (!as_c_int(t, v, &level)) {
        if (error_catch(t, &OverflowError_type))
            raise_value_error(t, "illegal compression level; the valid range is [%d, %d]", ZSTD_minCLevel(), ZSTD_maxCLevel());
        return false;
    }
    return set_level(t, c, level);
}

static Value compressor_new(Thread *t, Value *args) {
    Compressor *c = type_allocate(t, as_type(args[0]));
    CHECK(c);
    c->context = ZSTD_createCCtx();
    c->last_mode = ZSTD_e_end;
    c->level = ZSTD_CLEVEL_DEFAULT;
    if (!c->context)
        return raise_error(t, as_type(state(t, STATE_ERROR)), "Unable to create ZSTD_CCtx instance.");
    if (!is_none(args[1]) && !is_none(args[2]))
        return raise_type_error(t, "Only one of level or options should be used.");
    CHECK(is_none(args[1]) || read_level(t, c, args[1]));
    CHECK(is_none(args[2]) || set_options(t, from_object(c), true, args[2]));
    CHECK(is_none(args[3]) || load_compression_dict(t, c, args[3]));
    return from_object(c);
}

/* With the mutex held, no cell touched. The last result of the library. */
static size_t run_compressor(Compressor *c, const char *data, size_t length, int mode, TextBuf *out) {
    ZSTD_inBuffer in = {data, length, 0};
    for (;;) {
        size_t room = ZSTD_CStreamOutSize();
        char *to = textbuf_reserve(out, room);
        if (!to)
            return 0;
        ZSTD_outBuffer output = {to, room, 0};
        size_t left = ZSTD_compressStream2(c->context, &output, &in, (ZSTD_EndDirective)mode);
        out->size += ZSTD_isError(left) ? 0 : output.pos;
        if (ZSTD_isError(left) || (mode == ZSTD_e_continue ? in.pos == in.size && output.pos < output.size : left == 0))
            return left;
    }
}

static Value compress_by_mode(Thread *t, Compressor *c, const char *data, size_t length, int mode) {
    TextBuf out;
    textbuf_init(&out);
    blocking_begin(t);
    mutex_lock(&c->mutex);
    size_t result = run_compressor(c, data, length, mode, &out);
    bool failed = ZSTD_isError(result) || out.failed;
    if (failed)
        ZSTD_CCtx_reset(c->context, ZSTD_reset_session_only);
    c->last_mode = failed ? (int)ZSTD_e_end : mode;
    mutex_unlock(&c->mutex);
    blocking_end(t);
    Value bytes = out.failed              ? raise_no_memory(t)
                  : ZSTD_isError(result) ? raise_zstd(t, "compress Zstandard data", ZSTD_getErrorName(result))
                                         : bytes_new(t, out.data, out.size);
    textbuf_free(&out);
    return bytes;
}

static Value compress_method(Thread *t, Value *args) {
    int mode;
    Buffer b;
    CHECK(as_c_int(t, args[2], &mode));
    if (mode < ZSTD_e_continue || mode > ZSTD_e_end)
        return raise_value_error(t, "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, "
                                    "ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME.");
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Value bytes = compress_by_mode(t, as_compressor(args[0]), b.data, b.length, mode);
    buffer_release(t, &b);
    return bytes;
}

static Value flush_method(Thread *t, Value *args) {
    int mode;
    CHECK(as_c_int(t, args[1], &mode));
    if (mode != ZSTD_e_end && mode != ZSTD_e_flush)
        return raise_value_error(t, "mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK.");
    return compress_by_mode(t, as_compressor(args[0]), "", 0, mode);
}

static Value set_pledged_input_size(Thread *t, Value *args) {
    Compressor *c = as_compressor(args[0]);
    uint64_t size = ZSTD_CONTENTSIZE_UNKNOWN;
    if (!is_none(args[1]) && !is_int(args[1]))
        return raise_type_error(t, "an integer is required");
    if (is_int(args[1]) && (int_sign(args[1]) < 0 || !int_to_u64(args[1], &size) || size >= ZSTD_CONTENTSIZE_ERROR))
        return raise_value_error(t, "size argument should be a positive int less than %zu", (size_t)ZSTD_CONTENTSIZE_ERROR);
    blocking_begin(t);
    mutex_lock(&c->mutex);
    bool begun = c->last_mode != ZSTD_e_end;
    size_t result = begun ? 0 : ZSTD_CCtx_setPledgedSrcSize(c->context, size);
    mutex_unlock(&c->mutex);
    blocking_end(t);
    if (begun)
        return raise_value_error(t, "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME");
    return ZSTD_isError(result) ? raise_zstd(t, "set pledged uncompressed content size", ZSTD_getErrorName(result)) : NONE;
}

static Value get_last_mode(Thread *t, Value *args) { return small_int(load_relaxed(&as_compressor(args[0])->last_mode)); }

static const NativeDef compressor_methods[] = {
    {"__new__(type, level=None, options=None, zstd_dict=None)", compressor_new,
     "Create and return a new object.  See help(type) for accurate signature."},
    {"compress(self, /, data, mode=<ZstdCompressor.CONTINUE|0>)", compress_method,
     "Provide data to the compressor object.\n\n"
     "  mode\n    Can be these 3 values ZstdCompressor.CONTINUE,\n    ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME\n\n"
     "Return a chunk of compressed data if possible, or b'' otherwise.\n"
     "When you have finished providing data to the compressor, call the\nflush() method to finish the compression process."},
    {"flush(self, /, mode=<ZstdCompressor.FLUSH_FRAME|2>)", flush_method,
     "Finish the compression process.\n\n"
     "  mode\n    Can be these 2 values ZstdCompressor.FLUSH_FRAME,\n    ZstdCompressor.FLUSH_BLOCK\n\n"
     "Flush any remaining data left in internal buffers.  Since Zstandard\n"
     "data consists of one or more independent frames, the compressor\nobject can still be used after this method is called."},
    {"set_pledged_input_size(self, size, /)", set_pledged_input_size,
     "Set the uncompressed content size to be written into the frame header."},
    {NULL},
};
static const GetSetDef compressor_getset[] = {
    {"last_mode", get_last_mode, read_only,
     "The last mode used to this compressor object, its value can be .CONTINUE,\n"
     ".FLUSH_BLOCK, .FLUSH_FRAME. Initialized to .FLUSH_FRAME.\n\n"
     "It can be used to get the current state of a compressor, such as, data\nflushed, or a frame ended."},
    {NULL},
};

static bool add_modes(Thread *t, Type *type) {
    return dict_set_text(t, type->dict, "CONTINUE", small_int(ZSTD_e_continue)) &&
           dict_set_text(t, type->dict, "FLUSH_BLOCK", small_int(ZSTD_e_flush)) &&
           dict_set_text(t, type->dict, "FLUSH_FRAME", small_int(ZSTD_e_end));
}

MODULE_TYPE(zstd_compressor_type, _zstd) = {
    STATIC_TYPE_HEAD(trace_compressor, release_compressor),
    .name_text = "compression.zstd.ZstdCompressor",
    .doc = "Create a compressor object for compressing data incrementally.\n\n"
           "  level\n    The compression level to use. Defaults to COMPRESSION_LEVEL_DEFAULT.\n"
           "  options\n    A dict object that contains advanced compression parameters.\n"
           "  zstd_dict\n    A ZstdDict object, a pre-trained Zstandard dictionary.\n\n"
           "Thread-safe at method level.  For one-shot compression, use the\ncompress() function instead.",
    .methods = compressor_methods,
    .getset = compressor_getset,
    .add_constants = add_modes,
    .instance_size = sizeof(Compressor),
};

/* ---- decompressing ---- */

static void trace_decompressor(Tracer *tracer, Object *o) {
    compression_trace(tracer, o);
    trace_value(tracer, ((Decompressor *)o)->dict);
}

static void release_decompressor(Object *o) {
    Decompressor *d = (Decompressor *)o;
    ZSTD_freeDCtx(d->context);
    ZSTD_freeDDict(d->digested);
    d->context = NULL;
    d->digested = NULL;
}

static bool load_decompression_dict(Thread *t, Decompressor *d, Value v) {
    Value dict;
    int how;
    if (!read_dict(t, v, DICT_DIGESTED, &dict, &how))
        return false;
    BytesObject *content = as_bytes(as_zstd_dict(dict)->content);
    size_t result;
    if (how == DICT_DIGESTED) {
        d->digested = ZSTD_createDDict(content->data, content->length);
        if (!d->digested) {
            raise_error(t, as_type(state(t, STATE_ERROR)), "Failed to create a ZSTD_DDict instance from Zstandard dictionary content.");
            return false;
        }
        result = ZSTD_DCtx_refDDict(d->context, d->digested);
    } else {
        result = how == DICT_PREFIX ? ZSTD_DCtx_refPrefix(d->context, content->data, content->length)
                                    : ZSTD_DCtx_loadDictionary(d->context, content->data, content->length);
    }
    store(d, &d->dict, dict);
    if (ZSTD_isError(result))
        raise_zstd(t, "load Zstandard dictionary or prefix for decompression", ZSTD_getErrorName(result));
    return !ZSTD_isError(result);
}

static Value decompressor_new(Thread *t, Value *args) {
    Decompressor *d = type_allocate(t, as_type(args[0]));
    CHECK(d);
    d->base.needs_input = true;
    d->context = ZSTD_createDCtx();
    if (!d->context)
        return raise_error(t, as_type(state(t, STATE_ERROR)), "Unable to create ZSTD_DCtx instance.");
    CHECK(is_none(args[1]) || load_decompression_dict(t, d, args[1]));
    CHECK(is_none(args[2]) || set_options(t, from_object(d), false, args[2]));
    return from_object(d);
}

static ChunkResult decompress_step(CompressionStream *base, Chunk *c, bool finish) {
    Decompressor *d = (Decompressor *)base;
    ZSTD_inBuffer in = {c->in, c->in_left, 0};
    ZSTD_outBuffer out = {c->out, c->out_left, 0};
    size_t result = ZSTD_decompressStream(d->context, &out, &in);
    if (ZSTD_isError(result)) {
        base->error = (int)ZSTD_getErrorCode(result);
        ZSTD_DCtx_reset(d->context, ZSTD_reset_session_only);
        return CHUNK_ERROR;
    }
    c->in += in.pos;
    c->in_left -= in.pos;
    c->out += out.pos;
    c->out_left -= out.pos;
    return result == 0 ? CHUNK_END : CHUNK_MORE;
}

static Value decompress_method(Thread *t, Value *args) {
    int64_t max_length;
    bool failed;
    CHECK(index_as_ssize(t, args[2], &max_length, false, NULL));
    Value v = compression_decompress(t, as_stream(args[0]), decompress_step, args[1], max_length, "Already at the end of a Zstandard frame.",
                                     &failed);
    return failed ? raise_zstd(t, "decompress Zstandard data", ZSTD_getErrorString((ZSTD_ErrorCode)as_stream(args[0])->error)) : v;
}

static const NativeDef decompressor_methods[] = {
    {"__new__(type, zstd_dict=None, options=None)", decompressor_new,
     "Create and return a new object.  See help(type) for accurate signature."},
    {"decompress(self, /, data, max_length=-1)", decompress_method,
     "Decompress *data*, returning uncompressed bytes if possible, or b'' otherwise."},
    {NULL},
};
static const GetSetDef decompressor_getset[] = {
    {"eof", compression_get_eof, read_only,
     "True means the end of the first frame has been reached. If decompress data\nafter that, an EOFError exception will be raised."},
    {"needs_input", compression_get_needs_input, read_only,
     "If the max_length output limit in .decompress() method has been reached,\n"
     "and the decompressor has (or may has) unconsumed input data, it will be set\n"
     "to False. In this case, passing b'' to the .decompress() method may output\nfurther data."},
    {"unused_data", compression_get_unused_data, NULL,
     "A bytes object of un-consumed input data.\n\n"
     "When ZstdDecompressor object stops after a frame is\ndecompressed, unused input data after the frame.  Otherwise this\nwill be b''."},
    {NULL},
};

MODULE_TYPE(zstd_decompressor_type, _zstd) = {
    STATIC_TYPE_HEAD(trace_decompressor, release_decompressor),
    .name_text = "compression.zstd.ZstdDecompressor",
    .doc = "Create a decompressor object for decompressing data incrementally.\n\n"
           "  zstd_dict\n    A ZstdDict object, a pre-trained Zstandard dictionary.\n"
           "  options\n    A dict object that contains advanced decompression parameters.\n\n"
           "Thread-safe at method level.  For one-shot decompression, use the\ndecompress() function instead.",
    .methods = decompressor_methods,
    .getset = decompressor_getset,
    .instance_size = sizeof(Decompressor),
};

/* ---- functions ---- */

static bool check_bytes(Thread *t, Value v, const char *function, int number) {
    if (!is_bytes(v))
        raise_type_error(t, "%s() argument %d must be bytes, not %Y", function, number, v);
    return is_bytes(v);
}

/* malloc'd; NULL: an exception is pending. */
static size_t *read_sizes(Thread *t, Value samples, Value sizes, const char *function, int number) {
    if (!is_tuple(sizes)) {
        raise_type_error(t, "%s() argument %d must be tuple, not %Y", function, number, sizes);
        return NULL;
    }
    size_t count = tuple_length(sizes), sum = 0, *numbers = calloc(count + 1, sizeof *numbers);
    if (!numbers)
        raise_no_memory(t);
    for (size_t i = 0; numbers && i < count && !error_pending(t); i++) {
        uint64_t size = 0;
        if (!is_int(tuple_get(sizes, i)))
            raise_type_error(t, "an integer is required");
        else if (!int_to_u64(tuple_get(sizes, i), &size))
            size = SIZE_MAX;
        numbers[i] = size;
        if (__builtin_add_overflow(sum, size, &sum))
            sum = SIZE_MAX;
    }
    if (numbers && !error_pending(t) && sum != as_bytes(samples)->length)
        raise_value_error(t, "The samples size tuple doesn't match the concatenation's size.");
    if (!error_pending(t))
        return numbers;
    free(numbers);
    return NULL;
}

static Value result_dict(Thread *t, Value room, size_t result, const char *what) {
    if (ZDICT_isError(result))
        return raise_zstd(t, what, ZDICT_getErrorName(result));
    return bytes_new(t, as_bytes(room)->data, result);
}

static bool read_dict_size(Thread *t, Value v, int64_t *size) {
    if (!index_as_ssize(t, v, size, false, NULL))
        return false;
    if (*size <= 0)
        raise_value_error(t, "dict_size argument should be positive number.");
    return *size > 0;
}

static Value train_dict(Thread *t, Value *args) {
    int64_t size;
    CHECK(check_bytes(t, args[0], "train_dict", 1));
    if (!is_tuple(args[1]))
        return raise_type_error(t, "train_dict() argument 2 must be tuple, not %Y", args[1]);
    CHECK(read_dict_size(t, args[2], &size));
    size_t *sizes = read_sizes(t, args[0], args[1], "train_dict", 2);
    CHECK(sizes);
    Value room = bytes_new(t, NULL, (size_t)size);
    size_t result = 0;
    if (present(room)) {
        blocking_begin(t);
        result = ZDICT_trainFromBuffer(as_bytes(room)->data, (size_t)size, as_bytes(args[0])->data, sizes, (unsigned)tuple_length(args[1]));
        blocking_end(t);
    }
    free(sizes);
    return present(room) ? result_dict(t, room, result, "train the Zstandard dictionary") : NO_VALUE;
}

static Value finalize_dict(Thread *t, Value *args) {
    int64_t size;
    ZDICT_params_t params = {0};
    CHECK(check_bytes(t, args[0], "finalize_dict", 1) && check_bytes(t, args[1], "finalize_dict", 2));
    CHECK(read_dict_size(t, args[3], &size) && as_c_int(t, args[4], &params.compressionLevel));
    size_t *sizes = read_sizes(t, args[1], args[2], "finalize_dict", 3);
    CHECK(sizes);
    Value room = bytes_new(t, NULL, (size_t)size);
    size_t result = 0;
    if (present(room)) {
        blocking_begin(t);
        result = ZDICT_finalizeDictionary(as_bytes(room)->data, (size_t)size, as_bytes(args[0])->data, as_bytes(args[0])->length,
                                          as_bytes(args[1])->data, sizes, (unsigned)tuple_length(args[2]), params);
        blocking_end(t);
    }
    free(sizes);
    return present(room) ? result_dict(t, room, result, "finalize the Zstandard dictionary") : NO_VALUE;
}

static Value get_param_bounds(Thread *t, Value *args) {
    int parameter, compress = truth(t, args[1]);
    CHECK(compress >= 0 && as_c_int(t, args[0], &parameter));
    ZSTD_bounds b = compress ? ZSTD_cParam_getBounds((ZSTD_cParameter)parameter) : ZSTD_dParam_getBounds((ZSTD_dParameter)parameter);
    if (ZSTD_isError(b.error))
        return raise_zstd(t, compress ? "get zstd compression parameter bounds" : "get zstd decompression parameter bounds",
                          ZSTD_getErrorName(b.error));
    return tuple_pack(t, 2, small_int(b.lowerBound), small_int(b.upperBound));
}

static Value get_frame_size(Thread *t, Value *args) {
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    size_t size = ZSTD_findFrameCompressedSize(b.data, b.length);
    buffer_release(t, &b);
    if (ZSTD_isError(size))
        return raise_error(t, as_type(state(t, STATE_ERROR)),
                           "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer argument starts "
                           "from the beginning of a frame, and its length is not less than this complete frame. Zstd error message: %s.",
                           ZSTD_getErrorName(size));
    return int_from(t, (int64_t)size);
}

static Value get_frame_info(Thread *t, Value *args) {
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    unsigned long long size = ZSTD_getFrameContentSize(b.data, b.length);
    unsigned id = ZSTD_getDictID_fromFrame(b.data, b.length);
    buffer_release(t, &b);
    if (size == ZSTD_CONTENTSIZE_ERROR)
        return raise_error(t, as_type(state(t, STATE_ERROR)),
                           "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer argument "
                           "starts from the beginning of a frame, and its length is not less than the frame header (6~18 bytes).");
    return tuple_pack(t, 2, size == ZSTD_CONTENTSIZE_UNKNOWN ? NONE : TRY(int_from_unsigned(t, size)), int_from(t, id));
}

static Value set_parameter_types(Thread *t, Value *args) {
    static const char *const names[] = {"c_parameter_type", "d_parameter_type"};
    for (size_t i = 0; i < 2; i++)
        if (!is_type(args[i]))
            return raise_type_error(t, "set_parameter_types() argument '%s' must be type, not %T", names[i], args[i]);
    list_set(t, t->isolate->slots[ISOLATE_ZSTD], STATE_C_PARAMETER, args[0]);
    list_set(t, t->isolate->slots[ISOLATE_ZSTD], STATE_D_PARAMETER, args[1]);
    return NONE;
}

static const NativeDef functions[] = {
    {"train_dict(samples_bytes, samples_sizes, dict_size, /)", train_dict, "Train a Zstandard dictionary on sample data."},
    {"finalize_dict(custom_dict_bytes, samples_bytes, samples_sizes, dict_size, compression_level, /)", finalize_dict,
     "Finalize a Zstandard dictionary."},
    {"get_param_bounds(parameter, is_compress)", get_param_bounds, "Get CompressionParameter/DecompressionParameter bounds."},
    {"get_frame_size(frame_buffer)", get_frame_size, "Get the size of a Zstandard frame, including the header and optional checksum."},
    {"get_frame_info(frame_buffer)", get_frame_info, "Get Zstandard frame infomation from a frame header."},
    {"set_parameter_types(c_parameter_type, d_parameter_type)", set_parameter_types,
     "Set CompressionParameter and DecompressionParameter types for validity check."},
    {NULL},
};

static bool add_constants(Thread *t, Value module) {
    static const struct { const char *name; int64_t value; } constants[] = {
#define ROW(name) {#name, name}
        ROW(ZSTD_CLEVEL_DEFAULT), ROW(ZSTD_fast), ROW(ZSTD_dfast), ROW(ZSTD_greedy), ROW(ZSTD_lazy), ROW(ZSTD_lazy2), ROW(ZSTD_btlazy2),
        ROW(ZSTD_btopt), ROW(ZSTD_btultra), ROW(ZSTD_btultra2), ROW(ZSTD_c_compressionLevel), ROW(ZSTD_c_windowLog), ROW(ZSTD_c_hashLog),
        ROW(ZSTD_c_chainLog), ROW(ZSTD_c_searchLog), ROW(ZSTD_c_minMatch), ROW(ZSTD_c_targetLength), ROW(ZSTD_c_strategy),
        ROW(ZSTD_c_enableLongDistanceMatching), ROW(ZSTD_c_ldmHashLog), ROW(ZSTD_c_ldmMinMatch), ROW(ZSTD_c_ldmBucketSizeLog),
        ROW(ZSTD_c_ldmHashRateLog), ROW(ZSTD_c_contentSizeFlag), ROW(ZSTD_c_checksumFlag), ROW(ZSTD_c_dictIDFlag), ROW(ZSTD_c_nbWorkers),
        ROW(ZSTD_c_jobSize), ROW(ZSTD_c_overlapLog), ROW(ZSTD_d_windowLogMax),
#undef ROW
    };
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value))
            return false;
    return module_add_int(t, module, "ZSTD_DStreamOutSize", (int64_t)ZSTD_DStreamOutSize()) &&
           module_add_int(t, module, "zstd_version_number", ZSTD_versionNumber()) &&
           module_add_text(t, module, "zstd_version", ZSTD_versionString());
}

static Value make_error(Thread *t) {
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, from_object(&Exception_type)));
    CHECK(dict_set(t, namespace, names.__module__, TRY(str_intern_text(t, "compression.zstd"))));
    CHECK(dict_set(t, namespace, names.__doc__, TRY(str_from_text(t, "An error occurred in the zstd library."))));
    return type_new_class(t, &type_type, TRY(str_intern_text(t, "ZstdError")), bases, namespace, NO_VALUE);
}

static bool init(Thread *t, Value module) {
    Value error = make_error(t);
    Value list = present(error) ? list_from_values(t, (Value[]){error, NONE, NONE}, 3) : NO_VALUE;
    if (absent(list))
        return false;
    isolate_keep(t, ISOLATE_ZSTD, list);
    return module_add(t, module, "ZstdError", error) && module_add_type(t, module, &zstd_dict_type) &&
           module_add_type(t, module, &zstd_compressor_type) && module_add_type(t, module, &zstd_decompressor_type) &&
           add_constants(t, module);
}

NATIVE_MODULE(_zstd) = {.name = "_zstd", .doc = "Implementation module for Zstandard compression.", .functions = functions, .init = init};
