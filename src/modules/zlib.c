/* zlib: compression by the zlib library, and its checksums.
 *
 * A stream object owns a z_stream, which is released with the object. Output is collected in chunks that double.
 *
 * Threads: `mutex` guards an object's stream. It is taken in a blocking region, because a stream may work for long,
 * and no Python code runs under it. Input is reached through its buffer, which keeps it in place.
 */
#include "base/lock.h"
#include "object/buffer.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { DEFAULT_BUFFER = 16384 };

typedef struct Stream {
    Object object;
    Mutex mutex;
    z_stream z;
    bool ready, deflating, eof, needs_input;
    bool flushed; /* flush() met the end: no more copies */
    Value unused_data, unconsumed_tail, dictionary; /* bytes; dictionary may be absent */
    Value pending; /* _ZlibDecompressor: input not used yet, or absent */
} Stream;

extern Type zlib_compress_type, zlib_decompress_type, zlib_decompressor_type;

static Stream *as_stream(Value v) { return (Stream *)v.bits; }
static void trace_stream(Tracer *tracer, Object *o) {
    Stream *s = (Stream *)o;
    trace_value(tracer, s->unused_data);
    trace_value(tracer, s->unconsumed_tail);
    trace_value(tracer, s->dictionary);
    trace_value(tracer, s->pending);
}
static void release_stream(Object *o) {
    Stream *s = (Stream *)o;
    if (s->ready && s->deflating)
        deflateEnd(&s->z);
    else if (s->ready)
        inflateEnd(&s->z);
    s->ready = false;
}

static Value raise_zlib(Thread *t, const z_stream *z, int error, const char *doing) {
    const char *text = error == Z_VERSION_ERROR ? "library version mismatch" : z->msg;
    if (!text)
        text = error == Z_BUF_ERROR      ? "incomplete or truncated stream"
               : error == Z_STREAM_ERROR ? "inconsistent stream state"
               : error == Z_DATA_ERROR   ? "invalid input data"
                                         : NULL;
    Type *class = as_type(t->isolate->slots[ISOLATE_ZLIB_ERROR]);
    if (text)
        return raise_error(t, class, "Error %d %s: %s", error, doing, text);
    return raise_error(t, class, "Error %d %s", error, doing);
}

/* ---- output ---- */

typedef struct Output {
    char *data;
    size_t length, capacity, limit; /* limit: how much may be produced */
} Output;

/* Makes room and points the stream at it; false when the limit is reached or memory is short (data NULL then). */
static bool output_room(Output *out, z_stream *z) {
    if (out->length == out->capacity) {
        size_t want = out->capacity ? out->capacity * 2 : DEFAULT_BUFFER;
        if (want > out->limit)
            want = out->limit;
        if (want == out->length)
            return false;
        char *grown = realloc(out->data, want);
        if (!grown) {
            free(out->data);
            *out = (Output){0};
            return false;
        }
        out->data = grown;
        out->capacity = want;
    }
    size_t room = out->capacity - out->length;
    z->next_out = (Bytef *)out->data + out->length;
    z->avail_out = room > UINT_MAX ? UINT_MAX : (uInt)room;
    return true;
}
static void output_take(Output *out, z_stream *z) { out->length = (size_t)((char *)z->next_out - out->data); }

static Value output_finish(Thread *t, Output *out) {
    Value result = bytes_new(t, out->data ? out->data : "", out->length);
    free(out->data);
    return result;
}

/* Runs deflate or inflate over the input until it is used up, the stream ends, the limit is reached or an error
 * occurs. Returns zlib's last answer; *left is how much input remains. */
static int pump(z_stream *z, int (*step)(z_stream *, int), const char *data, size_t length, int flush, Output *out,
                Value dictionary, size_t *left) {
    int status = Z_OK;
    z->next_in = (Bytef *)data;
    do {
        uInt chunk = length > UINT_MAX ? UINT_MAX : (uInt)length;
        z->avail_in = chunk;
        length -= chunk;
        int mode = step == deflate && length ? Z_NO_FLUSH : flush;
        do {
            if (!output_room(out, z))
                break;
            status = step(z, mode);
            output_take(out, z);
            if (status == Z_NEED_DICT && present(dictionary)) {
                status = inflateSetDictionary(z, (Bytef *)as_bytes(dictionary)->data, (uInt)as_bytes(dictionary)->length);
                if (status == Z_OK)
                    continue;
            }
        } while ((status == Z_OK && (z->avail_out == 0 || z->avail_in)) || (status == Z_BUF_ERROR && z->avail_out == 0));
    } while (length && status == Z_OK && z->avail_in == 0);
    *left = length + z->avail_in;
    return status;
}

/* ---- functions ---- */

static bool read_int(Thread *t, Value v, int *out) {
    int64_t i;
    if (!index_as_ssize(t, v, &i, false, &OverflowError_type))
        return false;
    if (i < INT_MIN || i > INT_MAX) {
        raise_overflow_error(t, "Python int too large to convert to C int");
        return false;
    }
    *out = (int)i;
    return true;
}

static Value zlib_compress(Thread *t, Value *args) {
    int level, bits, status;
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    if (!read_int(t, args[1], &level) || !read_int(t, args[2], &bits)) {
        buffer_release(t, &b);
        return NO_VALUE;
    }
    z_stream z = {0};
    Output out = {.limit = SIZE_MAX};
    size_t left;
    Value result = NO_VALUE;
    status = deflateInit2(&z, level, Z_DEFLATED, bits, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY);
    if (status == Z_STREAM_ERROR) {
        raise_error(t, as_type(t->isolate->slots[ISOLATE_ZLIB_ERROR]), "Bad compression level");
    } else if (status != Z_OK) {
        raise_zlib(t, &z, status, "while compressing data");
    } else {
        blocking_begin(t);
        status = pump(&z, deflate, b.data, b.length, Z_FINISH, &out, NO_VALUE, &left);
        deflateEnd(&z);
        blocking_end(t);
        if (status == Z_STREAM_END)
            result = output_finish(t, &out);
        else
            raise_zlib(t, &z, status, "while compressing data");
    }
    buffer_release(t, &b);
    return result;
}

static Value zlib_decompress(Thread *t, Value *args) {
    int bits, status;
    int64_t size;
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    bool ok = read_int(t, args[1], &bits) && index_as_ssize(t, args[2], &size, false, &OverflowError_type);
    if (ok && size < 0)
        raise_value_error(t, "bufsize must be non-negative");
    if (!ok || size < 0) {
        buffer_release(t, &b);
        return NO_VALUE;
    }
    z_stream z = {0};
    Output out = {.limit = SIZE_MAX};
    size_t left;
    Value result = NO_VALUE;
    status = inflateInit2(&z, bits);
    if (status != Z_OK) {
        raise_zlib(t, &z, status, "while preparing to decompress data");
    } else {
        blocking_begin(t);
        status = pump(&z, inflate, b.data, b.length, Z_SYNC_FLUSH, &out, NO_VALUE, &left);
        blocking_end(t);
        if (status == Z_STREAM_END)
            result = output_finish(t, &out);
        else {
            free(out.data);
            raise_zlib(t, &z, status == Z_OK ? Z_BUF_ERROR : status, "while decompressing data");
        }
        inflateEnd(&z);
    }
    buffer_release(t, &b);
    return result;
}

static bool read_start(Thread *t, Value v, uint32_t *out) {
    Value i = index_of(t, v);
    if (absent(i))
        return false;
    IntView view;
    int_view(i, &view);
    uint64_t low = view.count ? view.limbs[0] : 0;
    *out = (uint32_t)(view.negative ? -low : low);
    return true;
}

static Value checksum(Thread *t, Value *args, uLong (*sum)(uLong, const Bytef *, z_size_t)) {
    uint32_t start;
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    if (!read_start(t, args[1], &start)) {
        buffer_release(t, &b);
        return NO_VALUE;
    }
    uLong value = sum(start, (const Bytef *)b.data, b.length);
    buffer_release(t, &b);
    return small_int((int64_t)(value & 0xffffffff));
}
static Value zlib_adler32(Thread *t, Value *args) { return checksum(t, args, adler32_z); }
static Value zlib_crc32(Thread *t, Value *args) { return checksum(t, args, crc32_z); }

/* ---- stream objects ---- */

static Stream *stream_new(Thread *t, Type *type) {
    Stream *s = type_allocate(t, type);
    if (s)
        s->unused_data = s->unconsumed_tail = empty_bytes, s->needs_input = true; /* NOBARRIER: immortal */
    return s;
}

static bool take_dictionary(Thread *t, Stream *s, Value zdict) {
    Buffer b;
    if (!has_buffer(zdict)) {
        raise_type_error(t, "zdict argument must support the buffer protocol");
        return false;
    }
    if (!buffer_get_contiguous(t, zdict, &b, false))
        return false;
    Value copy = bytes_new(t, b.data, b.length);
    buffer_release(t, &b);
    if (absent(copy))
        return false;
    store(&s->object, &s->dictionary, copy);
    return true;
}

static Value compressobj(Thread *t, Value *args) {
    int level, method, bits, memory, strategy;
    CHECK(read_int(t, args[0], &level) && read_int(t, args[1], &method) && read_int(t, args[2], &bits) &&
          read_int(t, args[3], &memory) && read_int(t, args[4], &strategy));
    Stream *s = stream_new(t, &zlib_compress_type);
    if (!s || (present(args[5]) && !is_none(args[5]) && !take_dictionary(t, s, args[5])))
        return NO_VALUE;
    s->deflating = true;
    int status = deflateInit2(&s->z, level, method, bits, memory, strategy);
    if (status == Z_STREAM_ERROR)
        return raise_value_error(t, "Invalid initialization option");
    if (status != Z_OK)
        return raise_zlib(t, &s->z, status, "while creating compression object");
    s->ready = true;
    if (present(s->dictionary)) {
        status = deflateSetDictionary(&s->z, (Bytef *)as_bytes(s->dictionary)->data, (uInt)as_bytes(s->dictionary)->length);
        if (status != Z_OK)
            return raise_value_error(t, "Invalid dictionary");
    }
    return from_object(s);
}

static bool start_inflating(Thread *t, Stream *s, Value bits_value, Value zdict) {
    int bits;
    if (!read_int(t, bits_value, &bits) || (present(zdict) && !take_dictionary(t, s, zdict)))
        return false;
    int status = inflateInit2(&s->z, bits);
    if (status == Z_STREAM_ERROR)
        raise_value_error(t, "Invalid initialization option");
    else if (status != Z_OK)
        raise_zlib(t, &s->z, status, "while creating decompression object");
    s->ready = status == Z_OK;
    /* Raw streams never ask for their dictionary. */
    if (s->ready && bits < 0 && present(s->dictionary) &&
        inflateSetDictionary(&s->z, (Bytef *)as_bytes(s->dictionary)->data, (uInt)as_bytes(s->dictionary)->length) != Z_OK)
        raise_zlib(t, &s->z, Z_DATA_ERROR, "while setting zdict");
    return !error_pending(t);
}

static Value decompressobj(Thread *t, Value *args) {
    Stream *s = stream_new(t, &zlib_decompress_type);
    if (!s || !start_inflating(t, s, args[0], args[1]))
        return NO_VALUE;
    return from_object(s);
}

/* One call of the stream under its mutex. */
static int stream_run(Thread *t, Stream *s, const char *data, size_t length, int flush, Output *out, size_t *left) {
    blocking_begin(t);
    mutex_lock(&s->mutex);
    int status = pump(&s->z, s->deflating ? deflate : inflate, data, length, flush, out, s->dictionary, left);
    mutex_unlock(&s->mutex);
    blocking_end(t);
    return status;
}

static Value compress_compress(Thread *t, Value *args) {
    Stream *s = as_stream(args[0]);
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Output out = {.limit = SIZE_MAX};
    size_t left;
    int status = s->ready ? stream_run(t, s, b.data, b.length, Z_NO_FLUSH, &out, &left) : Z_STREAM_ERROR;
    buffer_release(t, &b);
    if (status == Z_STREAM_ERROR) {
        free(out.data);
        return raise_zlib(t, &s->z, status, "while compressing data");
    }
    return output_finish(t, &out);
}

static Value compress_flush(Thread *t, Value *args) {
    Stream *s = as_stream(args[0]);
    int mode, status;
    CHECK(read_int(t, args[1], &mode));
    if (mode == Z_NO_FLUSH)
        return empty_bytes;
    Output out = {.limit = SIZE_MAX};
    size_t left;
    status = s->ready ? stream_run(t, s, "", 0, mode, &out, &left) : Z_STREAM_ERROR;
    if (status == Z_STREAM_END && mode == Z_FINISH) {
        deflateEnd(&s->z);
        s->ready = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
        free(out.data);
        return raise_zlib(t, &s->z, status, "while flushing");
    }
    return output_finish(t, &out);
}

static Value stream_copy(Thread *t, Value *args) {
    Stream *from = as_stream(args[0]), *to = stream_new(t, type_of(args[0]));
    if (!to)
        return NO_VALUE;
    if (!from->ready || from->flushed)
        return raise_value_error(t, "Inconsistent stream state");
    mutex_lock(&from->mutex);
    int status = from->deflating ? deflateCopy(&to->z, &from->z) : inflateCopy(&to->z, &from->z);
    mutex_unlock(&from->mutex);
    if (status != Z_OK)
        return raise_zlib(t, &from->z, status, from->deflating ? "while copying compression object"
                                                               : "while copying decompression object");
    to->ready = true;
    to->deflating = from->deflating;
    to->eof = from->eof;
    to->needs_input = from->needs_input;
    store(&to->object, &to->unused_data, from->unused_data);
    store(&to->object, &to->unconsumed_tail, from->unconsumed_tail);
    store(&to->object, &to->dictionary, from->dictionary);
    return from_object(to);
}

/* What follows the end of the stream is kept in unused_data, what a length limit left over in unconsumed_tail. */
static bool save_rest(Thread *t, Stream *s, const char *end, size_t left, int status) {
    if (status == Z_STREAM_END) {
        size_t had = as_bytes(s->unused_data)->length;
        if (left) {
            Value grown = bytes_new(t, NULL, had + left);
            if (absent(grown))
                return false;
            memcpy(as_bytes(grown)->data, as_bytes(s->unused_data)->data, had);
            memcpy(as_bytes(grown)->data + had, end - left, left);
            store(&s->object, &s->unused_data, grown);
        }
        s->eof = true;
        left = 0;
    }
    if (left || as_bytes(s->unconsumed_tail)->length) {
        Value tail = bytes_new(t, end - left, left);
        if (absent(tail))
            return false;
        store(&s->object, &s->unconsumed_tail, tail);
    }
    return true;
}

static Value finish_decompression(Thread *t, Stream *s, Output *out, const char *end, size_t left, int status) {
    if (!save_rest(t, s, end, left, status)) {
        free(out->data);
        return NO_VALUE;
    }
    if (status != Z_STREAM_END && status != Z_OK && status != Z_BUF_ERROR) {
        free(out->data);
        return raise_zlib(t, &s->z, status, "while decompressing data");
    }
    return output_finish(t, out);
}

static Value decompress_decompress(Thread *t, Value *args) {
    Stream *s = as_stream(args[0]);
    int64_t limit;
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    bool ok = index_as_ssize(t, args[2], &limit, false, &OverflowError_type);
    if (ok && limit < 0)
        raise_value_error(t, "max_length must be non-negative");
    if (!ok || limit < 0) {
        buffer_release(t, &b);
        return NO_VALUE;
    }
    Output out = {.limit = limit ? (size_t)limit : SIZE_MAX};
    size_t left;
    int status = stream_run(t, s, b.data, b.length, Z_SYNC_FLUSH, &out, &left);
    Value result = finish_decompression(t, s, &out, b.data + b.length, left, status);
    buffer_release(t, &b);
    return result;
}

static Value decompress_flush(Thread *t, Value *args) {
    Stream *s = as_stream(args[0]);
    int64_t length;
    CHECK(index_as_ssize(t, args[1], &length, false, &OverflowError_type));
    if (length <= 0)
        return raise_value_error(t, "length must be greater than zero");
    Value tail = s->unconsumed_tail;
    Output out = {.limit = SIZE_MAX};
    size_t left;
    int status = stream_run(t, s, as_bytes(tail)->data, as_bytes(tail)->length, Z_FINISH, &out, &left);
    Value result = finish_decompression(t, s, &out, as_bytes(tail)->data + as_bytes(tail)->length, left, status);
    s->flushed |= s->eof;
    keep_alive(as_object(tail));
    return result;
}

static Value get_unused_data(Thread *t, Value *args) { return load(&as_stream(args[0])->unused_data); }
static Value get_unconsumed_tail(Thread *t, Value *args) { return load(&as_stream(args[0])->unconsumed_tail); }
static Value get_eof(Thread *t, Value *args) { return from_bool(as_stream(args[0])->eof); }
static Value get_needs_input(Thread *t, Value *args) { return from_bool(as_stream(args[0])->needs_input); }

/* ---- _ZlibDecompressor: keeps its own leftover input ---- */

static Value decompressor_new(Thread *t, Value *args) {
    Stream *s = stream_new(t, as_type(args[0]));
    if (!s || !start_inflating(t, s, args[1], args[2]))
        return NO_VALUE;
    return from_object(s);
}

/* The input of this call: what was left over followed by the new data, as one bytes object. */
static Value joined_input(Thread *t, Stream *s, Value data) {
    Buffer b;
    CHECK(buffer_get_contiguous(t, data, &b, false));
    size_t had = present(s->pending) ? as_bytes(s->pending)->length : 0;
    Value input = bytes_new(t, NULL, had + b.length);
    if (present(input)) {
        memcpy(as_bytes(input)->data, had ? as_bytes(s->pending)->data : "", had);
        memcpy(as_bytes(input)->data + had, b.data, b.length);
    }
    buffer_release(t, &b);
    return input;
}

static Value decompressor_decompress(Thread *t, Value *args) {
    Stream *s = as_stream(args[0]);
    int64_t limit;
    CHECK(index_as_ssize(t, args[2], &limit, true, NULL));
    if (s->eof)
        return raise_error(t, &EOFError_type, "End of stream already reached");
    Value input = TRY(joined_input(t, s, args[1]));
    const char *end = as_bytes(input)->data + as_bytes(input)->length;
    Output out = {.limit = limit < 0 ? SIZE_MAX : (size_t)limit};
    size_t left = as_bytes(input)->length;
    int status = stream_run(t, s, as_bytes(input)->data, left, Z_SYNC_FLUSH, &out, &left);
    bool full = out.length == out.limit;
    if (status != Z_STREAM_END && status != Z_OK && status != Z_BUF_ERROR) {
        free(out.data);
        return raise_zlib(t, &s->z, status, "while decompressing data");
    }
    Value rest = bytes_new(t, end - left, left);
    keep_alive(as_object(input));
    if (absent(rest)) {
        free(out.data);
        return NO_VALUE;
    }
    if (status == Z_STREAM_END) {
        s->eof = true;
        s->needs_input = false;
        store(&s->object, &s->unused_data, rest);
        store(&s->object, &s->pending, NO_VALUE);
    } else {
        s->needs_input = left == 0 && !full;
        store(&s->object, &s->pending, rest);
    }
    return output_finish(t, &out);
}

#define COPIES                                                                                                  \
    {"copy(self, /)", stream_copy, "Return a copy of the stream object.", NATIVE_COUNTS_NAMED},                                      \
        {"__copy__(self, /)", stream_copy, NULL, NATIVE_COUNTS_NAMED}, {"__deepcopy__(self, memo, /)", stream_copy, NULL, NATIVE_COUNTS_NAMED}

static const NativeDef compress_methods[] = {
    {"compress(self, data, /)", compress_compress,
     "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be compressed.\n\nAfter calling "
     "this function, some of the input data may still\nbe stored in internal buffers for later processing.\nCall the "
     "flush() method to clear these buffers.", NATIVE_COUNTS_NAMED},
    {"flush(self, mode=4, /)", compress_flush,
     "Return a bytes object containing any remaining compressed data.\n\n  mode\n    One of the constants "
     "Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.\n    If mode == Z_FINISH, the compressor object can no longer be\n    used "
     "after calling the flush() method.  Otherwise, more data\n    can still be compressed.", NATIVE_COUNTS_NAMED},
    COPIES,
    {NULL},
};
static const NativeDef decompress_methods[] = {
    {"decompress(self, data, /, max_length=0)", decompress_decompress,
     "Return a bytes object containing the decompressed version of the data.\n\n  data\n    The binary data to "
     "decompress.\n  max_length\n    The maximum allowable length of the decompressed data.\n    Unconsumed input data "
     "will be stored in\n    the unconsumed_tail attribute.\n\nAfter calling this function, some of the input data may "
     "still be\nstored in internal buffers for later processing.\nCall the flush() method to clear these buffers."},
    {"flush(self, length=16384, /)", decompress_flush,
     "Return a bytes object containing any remaining decompressed data.\n\n  length\n    the initial size of the output buffer.", NATIVE_COUNTS_NAMED},
    COPIES,
    {NULL},
};
static const NativeDef decompressor_methods[] = {
    {"__new__(type, wbits=15, zdict=<b''>)", decompressor_new,
     "Create and return a new object.  See help(type) for accurate signature."},
    {"decompress(self, data, max_length=-1)", decompressor_decompress,
     "Decompress *data*, returning uncompressed data as bytes.\n\nIf *max_length* is nonnegative, returns at most "
     "*max_length* bytes\nof decompressed data.  If this limit is reached and further output\ncan be produced, "
     "*self.needs_input* will be set to ``False``.  In\nthis case, the next call to *decompress()* may provide *data* "
     "as b''\nto obtain more of the output."},
    {NULL},
};
static const GetSetDef decompress_getset[] = {
    {"eof", get_eof, NULL, NULL, MEMBER},
    {"unconsumed_tail", get_unconsumed_tail, NULL, NULL, MEMBER},
    {"unused_data", get_unused_data, NULL, NULL, MEMBER},
    {NULL}};
static const GetSetDef decompressor_getset[] = {
    {"eof", get_eof, NULL, "True if the end-of-stream marker has been reached.", MEMBER},
    {"needs_input", get_needs_input, NULL, "True if more input is needed before more decompressed data can be produced.", MEMBER},
    {"unused_data", get_unused_data, NULL, "Data found after the end of the compressed stream.", MEMBER},
    {NULL},
};

MODULE_TYPE(zlib_compress_type, zlib) = {
    STATIC_TYPE_HEAD(trace_stream, release_stream),
    .name_text = "zlib.Compress",
    .methods = compress_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Stream),
};
MODULE_TYPE(zlib_decompress_type, zlib) = {
    STATIC_TYPE_HEAD(trace_stream, release_stream),
    .name_text = "zlib.Decompress",
    .methods = decompress_methods,
    .getset = decompress_getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(Stream),
};
MODULE_TYPE(zlib_decompressor_type, zlib) = {
    STATIC_TYPE_HEAD(trace_stream, release_stream),
    .name_text = "zlib._ZlibDecompressor",
    .doc = "Create a decompressor object for decompressing data incrementally.",
    .methods = decompressor_methods,
    .getset = decompressor_getset,
    .instance_size = sizeof(Stream),
};

static const NativeDef functions[] = {
    {"adler32(data, value=1, /)", zlib_adler32,
     "Compute an Adler-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer."},
    {"crc32(data, value=0, /)", zlib_crc32,
     "Compute a CRC-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer."},
    {"compress(data, /, level=-1, wbits=15)", zlib_compress,
     "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be compressed.\n  level\n    "
     "Compression level, in 0-9 or -1.\n  wbits\n    The window buffer size and container format."},
    {"decompress(data, /, wbits=15, bufsize=16384)", zlib_decompress,
     "Returns a bytes object containing the uncompressed data.\n\n  data\n    Compressed data.\n  wbits\n    The window "
     "buffer size and container format.\n  bufsize\n    The initial output buffer size."},
    {"compressobj(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=<unrepresentable>)", compressobj,
     "Return a compressor object."},
    {"decompressobj(wbits=15, zdict=<b''>)", decompressobj,
     "Return a decompressor object.\n\n  wbits\n    The window buffer size and container format.\n  zdict\n    The "
     "predefined compression dictionary.  This must be the same\n    dictionary as used by the compressor that produced "
     "the input data."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    static const struct {
        const char *name;
        int value;
    } constants[] = {
#define C(name) {#name, name}
        C(MAX_WBITS), C(Z_BEST_COMPRESSION), C(Z_BEST_SPEED), C(Z_BLOCK), C(Z_DEFAULT_COMPRESSION), C(Z_DEFAULT_STRATEGY),
        C(Z_FILTERED), C(Z_FINISH), C(Z_FIXED), C(Z_FULL_FLUSH), C(Z_HUFFMAN_ONLY), C(Z_NO_COMPRESSION), C(Z_NO_FLUSH),
        C(Z_PARTIAL_FLUSH), C(Z_RLE), C(Z_SYNC_FLUSH), C(Z_TREES), {"DEFLATED", Z_DEFLATED},
        {"DEF_BUF_SIZE", DEFAULT_BUFFER}, {"DEF_MEM_LEVEL", 8},
#undef C
    };
    Value error = module_new_exception(t, module, "error", &Exception_type);
    if (absent(error))
        return false;
    isolate_keep(t, ISOLATE_ZLIB_ERROR, error);
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value))
            return false;
    return module_add_text(t, module, "ZLIB_VERSION", ZLIB_VERSION) &&
           module_add_text(t, module, "ZLIB_RUNTIME_VERSION", zlibVersion()) && type_ready(t, &zlib_compress_type) &&
           type_ready(t, &zlib_decompress_type) && module_add_type(t, module, &zlib_decompressor_type);
}

NATIVE_MODULE(zlib) = {
    .name = "zlib",
    .doc = "The functions in this module allow compression and decompression using the\n"
           "zlib library, which is based on GNU zip.",
    .functions = functions,
    .init = init,
};
