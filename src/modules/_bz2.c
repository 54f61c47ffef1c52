/* _bz2: compression by libbz2. Threads: compression.h. */
#include "modules/compression.h"
#include "types/module.h"

#include <bzlib.h>
#include <limits.h>

typedef struct Bz2Stream {
    CompressionStream base;
    bz_stream z;
    bool ready, compressing, broken; /* broken: an error has occurred */
} Bz2Stream;

extern Type bz2_compressor_type, bz2_decompressor_type;

static void release(Object *o) {
    Bz2Stream *s = (Bz2Stream *)o;
    if (s->ready && s->compressing)
        BZ2_bzCompressEnd(&s->z);
    else if (s->ready)
        BZ2_bzDecompressEnd(&s->z);
    s->ready = false;
}

static Value raise_bz2(Thread *t, int error) {
    switch (error) {
    case BZ_PARAM_ERROR: return raise_value_error(t, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR: return raise_no_memory(t);
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC: return raise_error(t, &OSError_type, "Invalid data stream");
    case BZ_IO_ERROR: return raise_error(t, &OSError_type, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
        return raise_error(t, &EOFError_type, "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR:
        return raise_error(t, &RuntimeError_type, "Internal error - Invalid sequence of commands sent to libbzip2");
    default: return raise_error(t, &OSError_type, "Unrecognized error from libbzip2: %d", error);
    }
}

static ChunkResult step(CompressionStream *base, Chunk *c, bool finish) {
    Bz2Stream *s = (Bz2Stream *)base;
    unsigned in = c->in_left > UINT_MAX ? UINT_MAX : (unsigned)c->in_left;
    unsigned out = c->out_left > UINT_MAX ? UINT_MAX : (unsigned)c->out_left;
    s->z.next_in = (char *)c->in;
    s->z.avail_in = in;
    s->z.next_out = c->out;
    s->z.avail_out = out;
    if (s->broken) {
        base->error = BZ_DATA_ERROR;
        return CHUNK_ERROR;
    }
    if (s->compressing && in == 0 && !finish)
        return CHUNK_MORE; /* libbz2 takes a call without input for a mistake */
    int status = s->compressing ? BZ2_bzCompress(&s->z, finish && in == c->in_left ? BZ_FINISH : BZ_RUN)
                                : BZ2_bzDecompress(&s->z);
    c->in += in - s->z.avail_in;
    c->in_left -= in - s->z.avail_in;
    c->out += out - s->z.avail_out;
    c->out_left -= out - s->z.avail_out;
    if (status == BZ_STREAM_END)
        return CHUNK_END;
    base->error = status;
    s->broken = status < 0;
    return status == BZ_OK || status == BZ_RUN_OK || status == BZ_FLUSH_OK || status == BZ_FINISH_OK ? CHUNK_MORE : CHUNK_ERROR;
}

static Bz2Stream *stream_new(Thread *t, Value class, bool compressing) {
    Bz2Stream *s = type_allocate(t, as_type(class));
    if (s)
        s->compressing = compressing;
    return s;
}

static Value compressor_new(Thread *t, Value *args) {
    int64_t level;
    CHECK(index_as_ssize(t, args[1], &level, false, NULL));
    if (level < 1 || level > 9)
        return raise_value_error(t, "compresslevel must be between 1 and 9");
    Bz2Stream *s = stream_new(t, args[0], true);
    CHECK(s != NULL);
    int status = BZ2_bzCompressInit(&s->z, (int)level, 0, 0);
    s->ready = status == BZ_OK;
    return s->ready ? from_object(s) : raise_bz2(t, status);
}

static Value run(Thread *t, Value self, Value data, bool finish) {
    bool failed;
    Value result = compression_compress(t, as_stream(self), step, data, finish, &failed);
    return failed ? raise_bz2(t, as_stream(self)->error) : result;
}
static Value compress(Thread *t, Value *args) { return run(t, args[0], args[1], false); }
static Value flush(Thread *t, Value *args) { return run(t, args[0], NO_VALUE, true); }

static Value decompressor_new(Thread *t, Value *args) {
    Bz2Stream *s = stream_new(t, args[0], false);
    CHECK(s != NULL);
    s->base.needs_input = true;
    int status = BZ2_bzDecompressInit(&s->z, 0, 0);
    s->ready = status == BZ_OK;
    return s->ready ? from_object(s) : raise_bz2(t, status);
}

static Value decompress(Thread *t, Value *args) {
    bool failed;
    int64_t limit;
    Bz2Stream *s = (Bz2Stream *)args[0].bits;
    CHECK(index_as_ssize(t, args[2], &limit, false, NULL));
    if (load_relaxed(&s->broken)) /* libbz2 may not be called again */
        return raise_value_error(t, "Decompressor is unusable after a previous error");
    Value result = compression_decompress(t, &s->base, step, args[1], limit, "End of stream already reached", &failed);
    if (!failed)
        return result;
    s->base.needs_input = false;
    return raise_bz2(t, s->base.error);
}

static const NativeDef compressor_methods[] = {
    {"__new__(type, compresslevel=9, /)", compressor_new, "Create and return a new object.  See help(type) for accurate signature."},
    {"compress(self, data, /)", compress,
     "Provide data to the compressor object.\n\n"
     "Returns a chunk of compressed data if possible, or b'' otherwise.\n\n"
     "When you have finished providing data to the compressor, call the\nflush() method to finish the compression process."},
    {"flush(self, /)", flush,
     "Finish the compression process.\n\n"
     "Returns the compressed data left in internal buffers.\n\n"
     "The compressor object may not be used after this method is called."},
    {NULL},
};
static const NativeDef decompressor_methods[] = {
    {"__new__(type)", decompressor_new, "Create and return a new object.  See help(type) for accurate signature."},
    {"decompress(self, /, data, max_length=-1)", decompress,
     "Decompress *data*, returning uncompressed data as bytes.\n\n"
     "If *max_length* is nonnegative, returns at most *max_length* bytes\nof decompressed data.  If this limit is reached "
     "and further output\ncan be produced, *self.needs_input* will be set to ``False``."},
    {NULL},
};
static const GetSetDef decompressor_getset[] = {COMPRESSION_GETSET, {NULL}};

MODULE_TYPE(bz2_compressor_type, _bz2) = {
    STATIC_TYPE_HEAD(compression_trace, release),
    .name_text = "_bz2.BZ2Compressor",
    .doc = "Create a compressor object for compressing data incrementally.\n\n"
           "  compresslevel\n    Compression level, as a number between 1 and 9.\n\n"
           "For one-shot compression, use the compress() function instead.",
    .methods = compressor_methods,
    .instance_size = sizeof(Bz2Stream),
};
MODULE_TYPE(bz2_decompressor_type, _bz2) = {
    STATIC_TYPE_HEAD(compression_trace, release),
    .name_text = "_bz2.BZ2Decompressor",
    .doc = "Create a decompressor object for decompressing data incrementally.\n\n"
           "For one-shot decompression, use the decompress() function instead.",
    .methods = decompressor_methods,
    .getset = decompressor_getset,
    .instance_size = sizeof(Bz2Stream),
};

static bool init(Thread *t, Value module) {
    return module_add_type(t, module, &bz2_compressor_type) && module_add_type(t, module, &bz2_decompressor_type);
}
NATIVE_MODULE(_bz2) = {.name = "_bz2", .init = init};
