/* zlib: Compress, Decompress and _ZlibDecompressor objects.
 *
 * Threads: a mutex per object; it is taken outside of blocking regions first, then inside one.
 */
#include "modules/zlib/zlib.h"

#include "object/operators.h"
#include "types/module.h"

typedef struct ZObject {
    Object object;
    Value unused_data, unconsumed_tail; /* bytes */
    Value dictionary;                   /* bytes, or absent */
    Value input;                        /* _ZlibDecompressor: what was not used yet */
    z_stream stream;
    Mutex mutex;
    bool ready, compresses, eof, needs_input;
} ZObject;

static ZObject *as_z(Value v) { return (ZObject *)v.bits; }
static void trace(Tracer *tracer, Object *o) { trace_values(tracer, &((ZObject *)o)->unused_data, 4); }
static void release(Object *o) {
    ZObject *z = (ZObject *)o;
    if (z->ready && z->compresses)
        deflateEnd(&z->stream);
    else if (z->ready)
        inflateEnd(&z->stream);
    z->ready = false;
}

static void lock(Thread *t, ZObject *z) {
    if (mutex_try_lock(&z->mutex))
        return;
    blocking_begin(t);
    mutex_lock(&z->mutex);
    blocking_end(t);
}
static void unlock(ZObject *z) { mutex_unlock(&z->mutex); }

static ZObject *new_object(Thread *t, Type *type) {
    ZObject *z = type_allocate(t, type);
    if (z) {
        z->unused_data = z->unconsumed_tail = z->input = empty_bytes; /* NOBARRIER: just allocated */
        z->needs_input = true;
    }
    return z;
}

static Value bytes_of(Thread *t, Value v) {
    if (is_bytes(v))
        return v;
    Buffer b;
    CHECK(buffer_get_contiguous(t, v, &b, false));
    Value copy = bytes_new(t, b.data, b.length);
    buffer_release(t, &b);
    return copy;
}

/* compressobj */

static Value compressobj(Thread *t, Value *args) {
    int numbers[5];
    for (int i = 0; i < 5; i++)
        CHECK(as_c_int(t, args[i], &numbers[i]));
    Value dictionary = absent(args[5]) ? NO_VALUE : TRY(bytes_of(t, args[5]));
    ZObject *z = new_object(t, &zlib_compress_type);
    if (z == NULL)
        return NO_VALUE;
    int code = deflateInit2(&z->stream, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    if (code == Z_STREAM_ERROR)
        return raise_value_error(t, "Invalid initialization option");
    if (code == Z_MEM_ERROR)
        return raise_error(t, &MemoryError_type, "Can't allocate memory for compression object");
    if (code != Z_OK)
        return zlib_error(t, &z->stream, code, "while creating compression object");
    z->ready = z->compresses = true;
    if (present(dictionary)) {
        code = deflateSetDictionary(&z->stream, (Bytef *)as_bytes(dictionary)->data, (uInt)as_bytes(dictionary)->length);
        if (code == Z_STREAM_ERROR)
            return raise_value_error(t, "Invalid dictionary");
        if (code != Z_OK)
            return raise_value_error(t, "deflateSetDictionary()");
    }
    return from_object(z);
}

/* Runs deflate until the input is used up and the output fits. */
static int deflate_all(Thread *t, ZObject *z, const char *data, size_t length, int mode, ZOutput *out) {
    z->stream.next_in = (Bytef *)data;
    size_t rest = length;
    int code;
    do {
        z->stream.avail_in = rest > UINT32_MAX ? UINT32_MAX : (uInt)rest;
        rest -= z->stream.avail_in;
        do {
            if (!zoutput_room(t, out, &z->stream))
                return Z_MEM_ERROR;
            blocking_begin(t);
            code = deflate(&z->stream, rest ? Z_NO_FLUSH : mode);
            blocking_end(t);
            zoutput_took(out, &z->stream);
            if (code == Z_STREAM_ERROR)
                return code;
        } while (z->stream.avail_out == 0);
    } while (rest);
    return code;
}

static Value compress_compress(Thread *t, Value *args) {
    ZObject *z = as_z(args[0]);
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    ZOutput out = {0};
    lock(t, z);
    int code = deflate_all(t, z, b.data, b.length, Z_NO_FLUSH, &out);
    if (code == Z_STREAM_ERROR)
        zlib_error(t, &z->stream, code, "while compressing data");
    unlock(z);
    buffer_release(t, &b);
    return zoutput_finish(t, &out);
}

static Value compress_flush(Thread *t, Value *args) {
    ZObject *z = as_z(args[0]);
    int mode;
    CHECK(as_c_int(t, args[1], &mode));
    if (mode == Z_NO_FLUSH)
        return empty_bytes;
    ZOutput out = {0};
    lock(t, z);
    int code = z->ready ? deflate_all(t, z, NULL, 0, mode, &out) : Z_STREAM_ERROR;
    if (code == Z_STREAM_ERROR) {
        zlib_error(t, &z->stream, code, "while flushing");
    } else if (code == Z_STREAM_END && mode == Z_FINISH) {
        code = deflateEnd(&z->stream);
        z->ready = false;
        if (code != Z_OK)
            zlib_error(t, &z->stream, code, "while finishing compression");
    }
    unlock(z);
    return zoutput_finish(t, &out);
}

static Value copy(Thread *t, Value *args) {
    ZObject *from = as_z(args[0]);
    ZObject *to = new_object(t, type_of(args[0]));
    if (to == NULL)
        return NO_VALUE;
    lock(t, from);
    int code = !from->ready     ? Z_STREAM_ERROR
               : from->compresses ? deflateCopy(&to->stream, &from->stream)
                                  : inflateCopy(&to->stream, &from->stream);
    if (code == Z_OK) {
        to->ready = true;
        to->compresses = from->compresses;
        to->eof = from->eof;
        store(to, &to->unused_data, from->unused_data);
        store(to, &to->unconsumed_tail, from->unconsumed_tail);
        store(to, &to->dictionary, from->dictionary);
    }
    unlock(from);
    if (code == Z_STREAM_ERROR)
        return raise_value_error(t, "Inconsistent stream state");
    if (code == Z_MEM_ERROR)
        return raise_error(t, &MemoryError_type, "Can't allocate memory for %s object",
                           from->compresses ? "compression" : "decompression");
    return code == Z_OK ? from_object(to)
                        : zlib_error(t, &from->stream, code,
                                     from->compresses ? "while copying compression object" : "while copying decompression object");
}

/* decompressobj */

static bool start_inflate(Thread *t, ZObject *z, int wbits, Value dictionary) {
    if (present(dictionary) && !has_buffer(dictionary)) {
        raise_type_error(t, "zdict argument must support the buffer protocol");
        return false;
    }
    if (present(dictionary)) {
        Value bytes = bytes_of(t, dictionary);
        if (absent(bytes))
            return false;
        if (as_bytes(bytes)->length)
            store(z, &z->dictionary, bytes);
    }
    int code = inflateInit2(&z->stream, wbits);
    if (code == Z_STREAM_ERROR)
        raise_value_error(t, "Invalid initialization option");
    else if (code != Z_OK)
        zlib_error(t, &z->stream, code, "while creating decompression object");
    else
        z->ready = true;
    if (z->ready && present(z->dictionary) && wbits < 0 &&
        inflateSetDictionary(&z->stream, (Bytef *)as_bytes(z->dictionary)->data, (uInt)as_bytes(z->dictionary)->length) !=
            Z_OK)
        zlib_error(t, &z->stream, Z_DATA_ERROR, "while setting zdict");
    return !error_pending(t);
}

static Value decompressobj(Thread *t, Value *args) {
    int wbits;
    CHECK(as_c_int(t, args[0], &wbits));
    ZObject *z = new_object(t, &zlib_decompress_type);
    if (z == NULL)
        return NO_VALUE;
    return start_inflate(t, z, wbits, args[1]) ? from_object(z) : NO_VALUE;
}

/* Runs inflate until the input is used up, the stream ends or the output reaches its limit. *rest: input not seen by
 * the stream. */
static int inflate_all(Thread *t, ZObject *z, const char *data, size_t length, int mode, ZOutput *out, size_t *rest) {
    int code = Z_OK;
    z->stream.next_in = (Bytef *)data;
    z->stream.avail_in = 0;
    *rest = length;
    while (code != Z_STREAM_END) {
        if (z->stream.avail_in == 0) {
            z->stream.avail_in = *rest > UINT32_MAX ? UINT32_MAX : (uInt)*rest;
            *rest -= z->stream.avail_in;
        }
        if (!zoutput_room(t, out, &z->stream))
            break;
        blocking_begin(t);
        code = inflate(&z->stream, mode);
        blocking_end(t);
        zoutput_took(out, &z->stream);
        if (code == Z_NEED_DICT && present(z->dictionary)) {
            BytesObject *d = as_bytes(z->dictionary);
            code = inflateSetDictionary(&z->stream, (Bytef *)d->data, (uInt)d->length);
            if (code != Z_OK)
                return code;
            continue;
        }
        if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
            return code;
        if (code != Z_STREAM_END && z->stream.avail_out && z->stream.avail_in == 0 && *rest == 0)
            break;
    }
    return code;
}

static bool append_bytes(Thread *t, ZObject *z, Value *slot, const void *more, size_t length) {
    size_t before = as_bytes(*slot)->length;
    Value joined = bytes_new(t, NULL, before + length);
    if (absent(joined))
        return false;
    memcpy(as_bytes(joined)->data, as_bytes(*slot)->data, before);
    memcpy(as_bytes(joined)->data + before, more, length);
    store(z, slot, joined);
    return true;
}

/* What the stream did not take is either the tail of this call or data behind the end. */
static bool keep_rest(Thread *t, ZObject *z, int code, size_t rest) {
    size_t left = z->stream.avail_in + rest;
    if (code == Z_STREAM_END) {
        z->eof = true;
        if (left && !append_bytes(t, z, &z->unused_data, z->stream.next_in, left))
            return false;
        z->unconsumed_tail = empty_bytes;
        z->stream.avail_in = 0;
        return true;
    }
    Value tail = left ? bytes_new(t, (char *)z->stream.next_in, left) : empty_bytes;
    if (absent(tail))
        return false;
    store(z, &z->unconsumed_tail, tail);
    return true;
}

static Value decompress_decompress(Thread *t, Value *args) {
    ZObject *z = as_z(args[0]);
    int64_t limit;
    Buffer b;
    CHECK(index_as_ssize(t, args[2], &limit, false, NULL));
    if (limit < 0)
        return raise_value_error(t, "max_length must be non-negative");
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    ZOutput out = {.limit = (size_t)limit};
    size_t rest;
    lock(t, z);
    int code = inflate_all(t, z, b.data, b.length, Z_SYNC_FLUSH, &out, &rest);
    if (!error_pending(t)) {
        if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
            zlib_error(t, &z->stream, code, "while decompressing data");
        else
            keep_rest(t, z, code, rest);
    }
    unlock(z);
    buffer_release(t, &b);
    return zoutput_finish(t, &out);
}

static Value decompress_flush(Thread *t, Value *args) {
    ZObject *z = as_z(args[0]);
    int64_t length;
    CHECK(index_as_ssize(t, args[1], &length, false, NULL));
    if (length <= 0)
        return raise_value_error(t, "length must be greater than zero");
    ZOutput out = {0};
    size_t rest;
    lock(t, z);
    Value tail = z->unconsumed_tail;
    int code = z->ready ? inflate_all(t, z, as_bytes(tail)->data, as_bytes(tail)->length, Z_FINISH, &out, &rest) : Z_OK;
    if (!error_pending(t) && z->ready && code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
        zlib_error(t, &z->stream, code, "while decompressing data");
    if (!error_pending(t) && z->ready && keep_rest(t, z, code, rest) && code == Z_STREAM_END) {
        inflateEnd(&z->stream);
        z->ready = false;
    }
    unlock(z);
    return zoutput_finish(t, &out);
}

/* _ZlibDecompressor: keeps what it did not use */

static Value decompressor_new(Thread *t, Value *args) {
    int wbits;
    CHECK(as_c_int(t, args[1], &wbits));
    ZObject *z = new_object(t, as_type(args[0]));
    if (z == NULL)
        return NO_VALUE;
    return start_inflate(t, z, wbits, args[2]) ? from_object(z) : NO_VALUE;
}

static Value decompressor_decompress(Thread *t, Value *args) {
    ZObject *z = as_z(args[0]);
    int64_t limit;
    Buffer b;
    CHECK(index_as_ssize(t, args[2], &limit, false, NULL));
    if (z->eof)
        return raise_error(t, &EOFError_type, "End of stream already reached");
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    ZOutput out = {.limit = limit > 0 ? (size_t)limit : 0};
    size_t rest;
    lock(t, z);
    bool ok = append_bytes(t, z, &z->input, b.data, b.length);
    Value input = z->input;
    if (ok && limit != 0) {
        int code = inflate_all(t, z, as_bytes(input)->data, as_bytes(input)->length, Z_SYNC_FLUSH, &out, &rest);
        if (!error_pending(t) && code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END) {
            zlib_error(t, &z->stream, code, "while decompressing data");
        } else if (!error_pending(t)) {
            size_t left = z->stream.avail_in + rest;
            z->eof = code == Z_STREAM_END;
            Value remaining = left ? bytes_new(t, (char *)z->stream.next_in, left) : empty_bytes;
            if (present(remaining)) {
                store(z, z->eof ? &z->unused_data : &z->input, remaining);
                if (z->eof)
                    z->input = empty_bytes;
                z->needs_input = !z->eof && left == 0 && !(out.limit && out.length == out.limit);
            }
        }
    }
    keep_alive(as_object(input));
    unlock(z);
    buffer_release(t, &b);
    return zoutput_finish(t, &out);
}

static Value get_eof(Thread *t, Value *args) { return from_bool(as_z(args[0])->eof); }
static Value get_needs_input(Thread *t, Value *args) { return from_bool(as_z(args[0])->needs_input); }

static const NativeDef compress_methods[] = {
    {"compress(self, data, /)", compress_compress, "Compresses data; gives what is complete."},
    {"flush(self, mode=4, /)", compress_flush, "Gives what is left; mode Z_FINISH ends the stream."},
    {"copy(self, /)", copy, "A copy of the stream's state."},
    {"__copy__(self, /)", copy, "A copy of the stream's state."},
    {"__deepcopy__(self, memo, /)", copy, "A copy of the stream's state."},
    {NULL, NULL, NULL, 0},
};
static const NativeDef decompress_methods[] = {
    {"decompress(self, data, /, max_length=0)", decompress_decompress,
     "Decompresses data into at most max_length bytes (0: any number); unconsumed_tail is what is to be given again."},
    {"flush(self, length=16384, /)", decompress_flush, "Gives what is left."},
    {"copy(self, /)", copy, "A copy of the stream's state."},
    {"__copy__(self, /)", copy, "A copy of the stream's state."},
    {"__deepcopy__(self, memo, /)", copy, "A copy of the stream's state."},
    {NULL, NULL, NULL, 0},
};
static const NativeDef decompressor_methods[] = {
    {"__new__(type, wbits=15, zdict=<unrepresentable>)", decompressor_new, NULL},
    {"decompress(self, /, data, max_length=-1)", decompressor_decompress,
     "Decompresses data into at most max_length bytes (negative: any number), keeping what it did not use."},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef eof_getset[] = {{"eof", get_eof, NULL, NULL}, {NULL, NULL, NULL, NULL}};
static const GetSetDef decompressor_getset[] = {
    {"eof", get_eof, NULL, "True if the end-of-stream marker has been reached."},
    {"needs_input", get_needs_input, NULL, "True if more input is needed before more decompressed data can be produced."},
    {NULL, NULL, NULL, NULL},
};
static const MemberDef decompress_members[] = {
    {"unused_data", MEMBER_VALUE, offsetof(ZObject, unused_data), true, NULL},
    {"unconsumed_tail", MEMBER_VALUE, offsetof(ZObject, unconsumed_tail), true, NULL},
    {NULL, 0, 0, false, NULL},
};
static const MemberDef decompressor_members[] = {
    {"unused_data", MEMBER_VALUE, offsetof(ZObject, unused_data), true, "Data found after the end of the compressed stream."},
    {NULL, 0, 0, false, NULL},
};

STATIC_TYPE(zlib_compress_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "zlib.Compress",
    .base_static = &object_type,
    .methods = compress_methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ZObject),
};
STATIC_TYPE(zlib_decompress_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "zlib.Decompress",
    .base_static = &object_type,
    .methods = decompress_methods,
    .getset = eof_getset,
    .members = decompress_members,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ZObject),
};
STATIC_TYPE(zlib_decompressor_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "zlib._ZlibDecompressor",
    .doc = "A decompressor that keeps the input it could not use yet.",
    .base_static = &object_type,
    .methods = decompressor_methods,
    .getset = decompressor_getset,
    .members = decompressor_members,
    .instance_size = sizeof(ZObject),
};

const NativeDef zlib_stream_functions[] = {
    {"compressobj(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=<unrepresentable>)", compressobj,
     "An object that compresses a stream."},
    {"decompressobj(wbits=15, zdict=<unrepresentable>)", decompressobj, "An object that decompresses a stream."},
    {NULL, NULL, NULL, 0},
};
