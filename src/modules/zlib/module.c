/* zlib: the module, one-shot functions, checksums.
 *
 * Threads: each call has a stream of its own; large inputs are processed in blocking regions.
 */
#include "modules/zlib/zlib.h"

#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/module.h"
#include "types/tuple.h"

Value zlib_error(Thread *t, const z_stream *z, int code, const char *what) {
    const char *detail = code == Z_BUF_ERROR     ? "incomplete or truncated stream"
                         : code == Z_STREAM_ERROR ? "inconsistent stream state"
                         : z->msg                 ? z->msg
                         : code == Z_DATA_ERROR   ? "invalid input data"
                         : code == Z_VERSION_ERROR ? "library version mismatch"
                                                  : NULL;
    if (detail == NULL)
        return raise_error(t, as_type(t->isolate->slots[ISOLATE_ZLIB]), "Error %d %s", code, what);
    return raise_error(t, as_type(t->isolate->slots[ISOLATE_ZLIB]), "Error %d %s: %s", code, what, detail);
}

bool zoutput_room(Thread *t, ZOutput *o, z_stream *z) {
    if (o->length == o->capacity) {
        size_t capacity = o->capacity ? o->capacity * 2 : 16384;
        if (o->limit && capacity > o->limit)
            capacity = o->limit;
        if (capacity == o->capacity)
            return false;
        char *larger = realloc(o->data, capacity);
        if (larger == NULL) {
            raise_no_memory(t);
            return false;
        }
        o->data = larger;
        o->capacity = capacity;
    }
    size_t room = o->capacity - o->length;
    z->next_out = (Bytef *)o->data + o->length;
    z->avail_out = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
    return true;
}

void zoutput_took(ZOutput *o, const z_stream *z) { o->length = (size_t)((char *)z->next_out - o->data); }

Value zoutput_finish(Thread *t, ZOutput *o) {
    Value v = error_pending(t) ? NO_VALUE : bytes_new(t, o->data ? o->data : "", o->length);
    free(o->data);
    *o = (ZOutput){0};
    return v;
}

static void feed(z_stream *z, size_t *rest) {
    z->avail_in = *rest > UINT32_MAX ? UINT32_MAX : (uInt)*rest;
    *rest -= z->avail_in;
}

static Value compress_(Thread *t, Value *args) {
    int level, wbits;
    Buffer b;
    CHECK(as_c_int(t, args[1], &level) && as_c_int(t, args[2], &wbits) && buffer_get_contiguous(t, args[0], &b, false));
    z_stream z = {.next_in = (Bytef *)b.data};
    ZOutput out = {0};
    size_t rest = b.length;
    int code = deflateInit2(&z, level, Z_DEFLATED, wbits, 8, Z_DEFAULT_STRATEGY);
    if (code == Z_STREAM_ERROR)
        raise_error(t, as_type(t->isolate->slots[ISOLATE_ZLIB]), "Bad compression level");
    else if (code != Z_OK)
        zlib_error(t, &z, code, "while compressing data");
    while (code == Z_OK) {
        if (z.avail_in == 0)
            feed(&z, &rest);
        if (!zoutput_room(t, &out, &z))
            break;
        blocking_begin(t);
        code = deflate(&z, rest ? Z_NO_FLUSH : Z_FINISH);
        blocking_end(t);
        zoutput_took(&out, &z);
        if (code == Z_BUF_ERROR)
            code = Z_OK;
    }
    if (code != Z_STREAM_END && !error_pending(t))
        zlib_error(t, &z, code, "while compressing data");
    deflateEnd(&z);
    buffer_release(t, &b);
    return zoutput_finish(t, &out);
}

static Value decompress_(Thread *t, Value *args) {
    int wbits;
    int64_t size;
    Buffer b;
    CHECK(as_c_int(t, args[1], &wbits) && index_as_ssize(t, args[2], &size, false, NULL));
    if (size < 0)
        return raise_value_error(t, "bufsize must be non-negative");
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    z_stream z = {.next_in = (Bytef *)b.data};
    ZOutput out = {0};
    size_t rest = b.length;
    int code = inflateInit2(&z, wbits);
    if (code != Z_OK)
        zlib_error(t, &z, code, "while preparing to decompress data");
    bool started = code == Z_OK;
    while (code == Z_OK) {
        if (z.avail_in == 0)
            feed(&z, &rest);
        if (!zoutput_room(t, &out, &z))
            break;
        blocking_begin(t);
        code = inflate(&z, Z_SYNC_FLUSH);
        blocking_end(t);
        zoutput_took(&out, &z);
        if (code == Z_BUF_ERROR && z.avail_out == 0)
            code = Z_OK;
        if (code == Z_OK && z.avail_in == 0 && rest == 0 && z.avail_out)
            code = Z_BUF_ERROR; /* the input ended before the stream did */
    }
    if (started && code != Z_STREAM_END && !error_pending(t))
        zlib_error(t, &z, code, "while decompressing data");
    inflateEnd(&z);
    buffer_release(t, &b);
    return zoutput_finish(t, &out);
}

typedef uLong (*Checksum)(uLong start, const Bytef *data, z_size_t length);

static Value checksum(Thread *t, Value *args, Checksum function) {
    Buffer b;
    Value start = TRY(index_of(t, args[1]));
    CHECK(buffer_get_contiguous(t, args[0], &b, false));
    uint32_t sum = (uint32_t)function((uint32_t)int_mask_u64(start), (const Bytef *)b.data, b.length);
    buffer_release(t, &b);
    return small_int(sum);
}
static Value adler32_(Thread *t, Value *args) { return checksum(t, args, adler32_z); }
static Value crc32_(Thread *t, Value *args) { return checksum(t, args, crc32_z); }

static const NativeDef functions[] = {
    {"compress(data, /, level=-1, wbits=15)", compress_, "Compressed bytes."},
    {"decompress(data, /, wbits=15, bufsize=16384)", decompress_, "Decompressed bytes."},
    {"adler32(data, value=1, /)", adler32_, "The Adler-32 checksum."},
    {"crc32(data, value=0, /)", crc32_, "The CRC-32 checksum."},
    {NULL, NULL, NULL, 0},
};

static Value error_class(Thread *t) {
    Value name = TRY(str_intern_text(t, "error")), module = TRY(str_intern_text(t, "zlib"));
    Value bases = TRY(tuple_pack(t, 1, from_object(&Exception_type))), namespace = TRY(dict_new(t));
    CHECK(dict_set(t, namespace, names.__module__, module));
    return type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
}

#define N(name) {#name, name},
static const struct {
    const char *name;
    int value;
} numbers[] = {
    N(MAX_WBITS) N(Z_NO_FLUSH) N(Z_PARTIAL_FLUSH) N(Z_SYNC_FLUSH) N(Z_FULL_FLUSH) N(Z_FINISH) N(Z_BLOCK) N(Z_TREES)
    N(Z_NO_COMPRESSION) N(Z_BEST_SPEED) N(Z_BEST_COMPRESSION) N(Z_DEFAULT_COMPRESSION) N(Z_DEFAULT_STRATEGY) N(Z_FILTERED)
    N(Z_HUFFMAN_ONLY) N(Z_RLE) N(Z_FIXED) {"DEFLATED", Z_DEFLATED}, {"DEF_MEM_LEVEL", 8}, {"DEF_BUF_SIZE", 16384},
};
#undef N

static bool init(Thread *t, Value module) {
    Value *error = &t->isolate->slots[ISOLATE_ZLIB], module_name = str_intern_text(t, "zlib");
    if (absent(*error) && absent(*error = error_class(t)))
        return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!module_add_int(t, module, numbers[i].name, numbers[i].value))
            return false;
    for (const NativeDef *def = zlib_stream_functions; present(module_name) && def->signature; def++) {
        Value name = native_name(t, def), function = absent(name) ? name : native_function_new(t, def, module, module_name);
        if (absent(function) || !dict_set(t, module_dict(module), name, function))
            return false;
    }
    return module_add(t, module, "error", *error) && module_add_text(t, module, "ZLIB_VERSION", ZLIB_VERSION) &&
           module_add_text(t, module, "ZLIB_RUNTIME_VERSION", zlibVersion()) &&
           module_add_type(t, module, &zlib_decompressor_type);
}

NATIVE_MODULE(zlib) = {
    .name = "zlib",
    .doc = "Compression with the zlib library.",
    .functions = functions,
    .init = init,
};
