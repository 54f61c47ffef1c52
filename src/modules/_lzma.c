/* _lzma: compression by liblzma. Threads: compression.h. */
#include "modules/compression.h"
#include "object/call.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/module.h"
#include "types/str/str.h"

#include <lzma.h>
#include <stdlib.h>

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };
enum { CHECK_UNKNOWN = LZMA_CHECK_ID_MAX + 1 };

typedef struct LzmaStream {
    CompressionStream base;
    lzma_stream z;
    uint32_t check;
} LzmaStream;

extern Type lzma_compressor_type, lzma_decompressor_type;
static LzmaStream *as_lzma(Value v) { return (LzmaStream *)v.bits; }

static void release(Object *o) { lzma_end(&((LzmaStream *)o)->z); }

static Value fail(Thread *t, const char *text) { return raise_error(t, as_type(t->isolate->slots[ISOLATE_LZMA_ERROR]), "%s", text); }

static Value raise_lzma(Thread *t, lzma_ret status) {
    switch (status) {
    case LZMA_UNSUPPORTED_CHECK: return fail(t, "Unsupported integrity check");
    case LZMA_MEM_ERROR: return raise_no_memory(t);
    case LZMA_MEMLIMIT_ERROR: return fail(t, "Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR: return fail(t, "Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR: return fail(t, "Invalid or unsupported options");
    case LZMA_DATA_ERROR: return fail(t, "Corrupt input data");
    case LZMA_BUF_ERROR: return fail(t, "Insufficient buffer space");
    case LZMA_PROG_ERROR: return fail(t, "Internal error");
    default: break;
    }
    char text[64];
    snprintf(text, sizeof text, "Unrecognized error from liblzma: %d", (int)status);
    return fail(t, text);
}

static ChunkResult step(CompressionStream *base, Chunk *c, bool finish) {
    LzmaStream *s = (LzmaStream *)base;
    s->z.next_in = (const uint8_t *)c->in;
    s->z.avail_in = c->in_left;
    s->z.next_out = (uint8_t *)c->out;
    s->z.avail_out = c->out_left;
    lzma_ret status = lzma_code(&s->z, finish ? LZMA_FINISH : LZMA_RUN);
    c->in = (const char *)s->z.next_in;
    c->in_left = s->z.avail_in;
    c->out = (char *)s->z.next_out;
    c->out_left = s->z.avail_out;
    if (status == LZMA_GET_CHECK || status == LZMA_NO_CHECK)
        s->check = (uint32_t)lzma_get_check(&s->z);
    if (status == LZMA_STREAM_END)
        return CHUNK_END;
    if (status == LZMA_BUF_ERROR && c->in_left == 0 && c->out_left > 0)
        status = LZMA_OK; /* it only wants more input */
    base->error = (int)status;
    return status == LZMA_OK || status == LZMA_GET_CHECK || status == LZMA_NO_CHECK ? CHUNK_MORE : CHUNK_ERROR;
}

/* Filter chains: sequences of mappings */

/* An entry as a number below 2^bits. 1: read, 0: not there, -1: exception */
static int read_entry(Thread *t, Value spec, const char *name, uint64_t limit, uint64_t *out) {
    Value key = str_from_text(t, name), v = absent(key) ? key : get_item(t, spec, key);
    if (absent(v))
        return error_catch(t, &KeyError_type) ? 0 : -1;
    Value number = index_of(t, v);
    if (absent(number))
        return -1;
    if (int_to_u64(number, out) && *out <= limit)
        return 1;
    if (int_sign(number) < 0)
        raise_value_error(t, "Cannot convert negative int");
    else
        raise_overflow_error(t, "Python int too large for C uint32_t");
    return -1;
}

/* Every key of the mapping must be among the names. */
static bool check_keys(Thread *t, Value spec, const char *const *known, const char *kind) {
    Value keys = is_dict(spec) ? dict_keys_list(t, spec) : call_method_0(t, spec, names.keys);
    Value iterator = absent(keys) ? keys : get_iterator(t, keys), key;
    if (absent(iterator))
        return false;
    while (present(key = iterator_next(t, iterator))) {
        size_t i = 0;
        while (known[i] && !(is_str(key) && str_equal_text(key, known[i])))
            i++;
        if (!known[i]) {
            raise_value_error(t, "Invalid filter specifier for %s filter", kind);
            return false;
        }
    }
    return !error_pending(t);
}

static bool read_lzma_options(Thread *t, Value spec, lzma_options_lzma *o) {
    static const char *const known[] = {"id", "preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth", NULL};
    uint64_t preset = LZMA_PRESET_DEFAULT, v;
    if (!check_keys(t, spec, known, "LZMA") || read_entry(t, spec, "preset", UINT32_MAX, &preset) < 0)
        return false;
    if (lzma_lzma_preset(o, (uint32_t)preset)) {
        char text[64];
        snprintf(text, sizeof text, "Invalid compression preset: %u", (unsigned)preset);
        fail(t, text);
        return false;
    }
    uint32_t *const plain[] = {&o->dict_size, &o->lc, &o->lp, &o->pb, &o->nice_len, &o->depth};
    static const char *const plain_names[] = {"dict_size", "lc", "lp", "pb", "nice_len", "depth"};
    int found = 0;
    for (size_t i = 0; i < 6 && found >= 0; i++)
        if ((found = read_entry(t, spec, plain_names[i], UINT32_MAX, &v)) > 0)
            *plain[i] = (uint32_t)v;
    if (found >= 0 && (found = read_entry(t, spec, "mode", UINT32_MAX, &v)) > 0)
        o->mode = (lzma_mode)v;
    if (found >= 0 && (found = read_entry(t, spec, "mf", UINT32_MAX, &v)) > 0)
        o->mf = (lzma_match_finder)v;
    return found >= 0;
}

static bool read_delta_options(Thread *t, Value spec, lzma_options_delta *o) {
    static const char *const known[] = {"id", "dist", NULL};
    uint64_t distance = 1;
    if (!check_keys(t, spec, known, "delta") || read_entry(t, spec, "dist", UINT32_MAX, &distance) < 0)
        return false;
    *o = (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE, .dist = (uint32_t)distance};
    return true;
}

static bool read_bcj_options(Thread *t, Value spec, lzma_options_bcj *o) {
    static const char *const known[] = {"id", "start_offset", NULL};
    uint64_t start = 0;
    if (!check_keys(t, spec, known, "BCJ") || read_entry(t, spec, "start_offset", UINT32_MAX, &start) < 0)
        return false;
    *o = (lzma_options_bcj){.start_offset = (uint32_t)start};
    return true;
}

/* A number that is none, or too large for its place. Gives false. */
static bool bad_options(Thread *t, const char *kind) {
    if (error_catch(t, &TypeError_type) || error_catch(t, &ValueError_type) || error_catch(t, &OverflowError_type))
        raise_value_error(t, "Invalid filter specifier for %s filter", kind);
    return false;
}

typedef union FilterOptions {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_options_bcj bcj;
} FilterOptions;

static bool read_filter(Thread *t, Value spec, lzma_filter *filter, FilterOptions *options) {
    uint64_t id;
    if (!type_slot(type_of(spec), SLOT___getitem__) || is_tuple(spec) || is_list(spec) || is_str(spec) || is_bytes(spec)) {
        raise_type_error(t, "Filter specifier must be a dict or dict-like object");
        return false;
    }
    int found = read_entry(t, spec, "id", UINT64_MAX, &id);
    if (found == 0)
        raise_value_error(t, "Filter specifier must have an \"id\" entry");
    if (found <= 0)
        return false;
    filter->id = id;
    filter->options = options;
    switch (id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2: return read_lzma_options(t, spec, &options->lzma) || bad_options(t, "LZMA");
    case LZMA_FILTER_DELTA: return read_delta_options(t, spec, &options->delta) || bad_options(t, "delta");
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC: return read_bcj_options(t, spec, &options->bcj) || bad_options(t, "BCJ");
    default: raise_value_error(t, "Invalid filter ID: %llu", (unsigned long long)id); return false;
    }
}

typedef struct FilterChain {
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    FilterOptions options[LZMA_FILTERS_MAX];
} FilterChain;

static bool read_chain(Thread *t, Value specs, FilterChain *chain) {
    if (is_dict(specs)) {
        raise_type_error(t, "dict is not a sequence");
        return false;
    }
    int64_t n = length_of(t, specs);
    if (n < 0)
        return false;
    if (n > LZMA_FILTERS_MAX) {
        raise_value_error(t, "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX);
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        Value spec = get_item(t, specs, small_int(i));
        if (absent(spec) || !read_filter(t, spec, &chain->filters[i], &chain->options[i]))
            return false;
    }
    chain->filters[n].id = LZMA_VLI_UNKNOWN;
    return true;
}

/* Making streams */

static LzmaStream *stream_new(Thread *t, Value class) {
    LzmaStream *s = type_allocate(t, as_type(class));
    if (s)
        s->z = (lzma_stream)LZMA_STREAM_INIT;
    return s;
}

static bool read_preset(Thread *t, Value v, uint32_t *preset) {
    int64_t number = LZMA_PRESET_DEFAULT;
    if (!is_none(v) && !index_as_ssize(t, v, &number, false, NULL))
        return false;
    if (number < 0 || number > UINT32_MAX) {
        if (number < 0)
            raise_value_error(t, "Cannot convert negative int");
        else
            raise_overflow_error(t, "Python int too large for C uint32_t");
        return false;
    }
    *preset = (uint32_t)number;
    return true;
}

static bool start_encoder(Thread *t, LzmaStream *s, int64_t format, lzma_check check, uint32_t preset, Value filters, lzma_ret *status) {
    FilterChain chain;
    lzma_options_lzma options;
    if (!is_none(filters) && !read_chain(t, filters, &chain))
        return false;
    switch (format) {
    case FORMAT_XZ:
        *status = is_none(filters) ? lzma_easy_encoder(&s->z, preset, check) : lzma_stream_encoder(&s->z, chain.filters, check);
        return true;
    case FORMAT_ALONE:
        if (is_none(filters)) {
            if (lzma_lzma_preset(&options, preset)) {
                char text[64];
                snprintf(text, sizeof text, "Invalid compression preset: %u", preset);
                fail(t, text);
                return false;
            }
            *status = lzma_alone_encoder(&s->z, &options);
        } else if (chain.filters[0].id == LZMA_FILTER_LZMA1 && chain.filters[1].id == LZMA_VLI_UNKNOWN) {
            *status = lzma_alone_encoder(&s->z, chain.filters[0].options);
        } else {
            raise_value_error(t, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
            return false;
        }
        return true;
    case FORMAT_RAW:
        if (is_none(filters)) {
            raise_value_error(t, "Must specify filters for FORMAT_RAW");
            return false;
        }
        *status = lzma_raw_encoder(&s->z, chain.filters);
        return true;
    default: raise_value_error(t, "Invalid container format: %lld", (long long)format); return false;
    }
}

/* args: type, format, check, preset, filters */
static Value compressor_new(Thread *t, Value *args) {
    int64_t format = FORMAT_XZ, check;
    uint32_t preset;
    lzma_ret status;
    CHECK(absent(args[1]) || index_as_ssize(t, args[1], &format, false, NULL));
    CHECK(index_as_ssize(t, args[2], &check, false, NULL));
    if (!is_none(args[3]) && !is_none(args[4]))
        return raise_value_error(t, "Cannot specify both preset and filter chain");
    CHECK(read_preset(t, args[3], &preset));
    if (format != FORMAT_XZ && check != -1 && check != LZMA_CHECK_NONE)
        return raise_value_error(t, "Integrity checks are only supported by FORMAT_XZ");
    if (check == -1)
        check = LZMA_CHECK_CRC64;
    LzmaStream *s = stream_new(t, args[0]);
    CHECK(s != NULL);
    CHECK(start_encoder(t, s, format, (lzma_check)check, preset, args[4], &status));
    return status == LZMA_OK ? from_object(s) : raise_lzma(t, status);
}

static Value run(Thread *t, Value self, Value data, bool finish) {
    bool failed;
    Value result = compression_compress(t, as_stream(self), step, data, finish, &failed);
    return failed ? raise_lzma(t, (lzma_ret)as_stream(self)->error) : result;
}
static Value compress(Thread *t, Value *args) { return run(t, args[0], args[1], false); }
static Value flush(Thread *t, Value *args) { return run(t, args[0], NO_VALUE, true); }

/* args: type, format, memlimit, filters */
static Value decompressor_new(Thread *t, Value *args) {
    int64_t format = FORMAT_AUTO;
    uint64_t limit = UINT64_MAX;
    lzma_ret status;
    FilterChain chain;
    CHECK(absent(args[1]) || index_as_ssize(t, args[1], &format, false, NULL));
    if (!is_none(args[2])) {
        if (format == FORMAT_RAW)
            return raise_value_error(t, "Cannot specify memory limit with FORMAT_RAW");
        if (!int_to_u64(TRY(index_of(t, args[2])), &limit))
            return raise_overflow_error(t, "int too big to convert");
    }
    if (format == FORMAT_RAW && is_none(args[3]))
        return raise_value_error(t, "Must specify filters for FORMAT_RAW");
    if (format != FORMAT_RAW && !is_none(args[3]))
        return raise_value_error(t, "Cannot specify filters except with FORMAT_RAW");
    LzmaStream *s = stream_new(t, args[0]);
    CHECK(s != NULL);
    s->base.needs_input = true;
    s->check = CHECK_UNKNOWN;
    const uint32_t flags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
    switch (format) {
    case FORMAT_AUTO: status = lzma_auto_decoder(&s->z, limit, flags); break;
    case FORMAT_XZ: status = lzma_stream_decoder(&s->z, limit, flags); break;
    case FORMAT_ALONE:
        s->check = LZMA_CHECK_NONE;
        status = lzma_alone_decoder(&s->z, limit);
        break;
    case FORMAT_RAW:
        s->check = LZMA_CHECK_NONE;
        CHECK(read_chain(t, args[3], &chain));
        status = lzma_raw_decoder(&s->z, chain.filters);
        break;
    default: return raise_value_error(t, "Invalid container format: %lld", (long long)format);
    }
    return status == LZMA_OK ? from_object(s) : raise_lzma(t, status);
}

static Value decompress(Thread *t, Value *args) {
    bool failed;
    int64_t limit;
    CHECK(index_as_ssize(t, args[2], &limit, false, NULL));
    Value result = compression_decompress(t, as_stream(args[0]), step, args[1], limit, "Already at end of stream", &failed);
    return failed ? raise_lzma(t, (lzma_ret)as_stream(args[0])->error) : result;
}
static Value get_check(Thread *t, Value *args) { return small_int(as_lzma(args[0])->check); }

/* Functions */

static Value is_check_supported(Thread *t, Value *args) {
    int64_t check;
    CHECK(index_as_ssize(t, args[0], &check, false, NULL));
    return from_bool(lzma_check_is_supported((lzma_check)check));
}

static Value encode_filter_properties(Thread *t, Value *args) {
    lzma_filter filter;
    FilterOptions options;
    uint32_t size;
    CHECK(read_filter(t, args[0], &filter, &options));
    lzma_ret status = lzma_properties_size(&size, &filter);
    if (status != LZMA_OK)
        return raise_lzma(t, status);
    Value result = TRY(bytes_new(t, NULL, size));
    status = lzma_properties_encode(&filter, (uint8_t *)as_bytes(result)->data);
    return status == LZMA_OK ? result : raise_lzma(t, status);
}

static bool add_field(Thread *t, Value dict, const char *name, uint64_t v) {
    Value number = int_from_unsigned(t, v);
    return present(number) && dict_set_text(t, dict, name, number);
}

static Value describe_filter(Thread *t, const lzma_filter *filter) {
    Value dict = TRY(dict_new(t));
    CHECK(add_field(t, dict, "id", filter->id));
    const lzma_options_lzma *lzma = filter->options;
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
        CHECK(add_field(t, dict, "lc", lzma->lc) && add_field(t, dict, "lp", lzma->lp));
        CHECK(add_field(t, dict, "pb", lzma->pb) && add_field(t, dict, "dict_size", lzma->dict_size));
        break;
    case LZMA_FILTER_LZMA2: CHECK(add_field(t, dict, "dict_size", lzma->dict_size)); break;
    case LZMA_FILTER_DELTA: CHECK(add_field(t, dict, "dist", ((lzma_options_delta *)filter->options)->dist)); break;
    default:
        if (filter->options)
            CHECK(add_field(t, dict, "start_offset", ((lzma_options_bcj *)filter->options)->start_offset));
    }
    return dict;
}

static Value decode_filter_properties(Thread *t, Value *args) {
    lzma_filter filter = {0};
    Buffer b;
    uint64_t id;
    if (!int_to_u64(TRY(index_of(t, args[0])), &id))
        return raise_overflow_error(t, "Value too large for lzma_vli type");
    filter.id = id;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    lzma_ret status = lzma_properties_decode(&filter, NULL, (const uint8_t *)b.data, b.length);
    buffer_release(t, &b);
    if (status != LZMA_OK)
        return raise_lzma(t, status);
    Value result = describe_filter(t, &filter);
    free(filter.options);
    return result;
}

static const NativeDef compressor_methods[] = {
    {"__new__(type, format=<unrepresentable>, check=-1, preset=None, filters=None)", compressor_new,
     "Create and return a new object.  See help(type) for accurate signature.", NATIVE_NO_SIGNATURE},
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
    {"__new__(type, format=<FORMAT_AUTO>, memlimit=None, filters=None)", decompressor_new,
     "Create and return a new object.  See help(type) for accurate signature."},
    {"decompress(self, /, data, max_length=-1)", decompress,
     "Decompress *data*, returning uncompressed data as bytes.\n\n"
     "If *max_length* is nonnegative, returns at most *max_length* bytes\nof decompressed data. If this limit is reached "
     "and further output\ncan be produced, *self.needs_input* will be set to ``False``."},
    {NULL},
};
static const GetSetDef decompressor_getset[] = {
    COMPRESSION_GETSET,
    {"check", get_check, NULL, "ID of the integrity check used by the input stream.", MEMBER},
    {NULL},
};
static const NativeDef functions[] = {
    {"is_check_supported(check_id, /)", is_check_supported,
     "Test whether the given integrity check is supported.\n\nAlways returns True for CHECK_NONE and CHECK_CRC32."},
    {"_encode_filter_properties(filter, /)", encode_filter_properties,
     "Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).\n\n"
     "The result does not include the filter ID itself, only the options."},
    {"_decode_filter_properties(filter_id, encoded_props, /)", decode_filter_properties,
     "Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).\n\n"
     "The result does not include the filter ID itself, only the options."},
    {NULL},
};

MODULE_TYPE(lzma_compressor_type, _lzma) = {
    STATIC_TYPE_HEAD(compression_trace, release),
    .name_text = "_lzma.LZMACompressor",
    .doc = "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\n"
           "Create a compressor object for compressing data incrementally.\n\n"
           "For one-shot compression, use the compress() function instead.",
    .methods = compressor_methods,
    .instance_size = sizeof(LzmaStream),
};
MODULE_TYPE(lzma_decompressor_type, _lzma) = {
    STATIC_TYPE_HEAD(compression_trace, release),
    .name_text = "_lzma.LZMADecompressor",
    .doc = "Create a decompressor object for decompressing data incrementally.\n\n"
           "For one-shot decompression, use the decompress() function instead.",
    .methods = decompressor_methods,
    .getset = decompressor_getset,
    .instance_size = sizeof(LzmaStream),
};

static const struct {
    const char *name;
    int64_t value;
} constants[] = {
    {"FORMAT_AUTO", FORMAT_AUTO}, {"FORMAT_XZ", FORMAT_XZ}, {"FORMAT_ALONE", FORMAT_ALONE}, {"FORMAT_RAW", FORMAT_RAW},
    {"CHECK_NONE", LZMA_CHECK_NONE}, {"CHECK_CRC32", LZMA_CHECK_CRC32}, {"CHECK_CRC64", LZMA_CHECK_CRC64},
    {"CHECK_SHA256", LZMA_CHECK_SHA256}, {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX}, {"CHECK_UNKNOWN", CHECK_UNKNOWN},
    {"FILTER_LZMA1", (int64_t)LZMA_FILTER_LZMA1}, {"FILTER_LZMA2", LZMA_FILTER_LZMA2}, {"FILTER_DELTA", LZMA_FILTER_DELTA},
    {"FILTER_X86", LZMA_FILTER_X86}, {"FILTER_IA64", LZMA_FILTER_IA64}, {"FILTER_ARM", LZMA_FILTER_ARM},
    {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB}, {"FILTER_SPARC", LZMA_FILTER_SPARC}, {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
    {"MF_HC3", LZMA_MF_HC3}, {"MF_HC4", LZMA_MF_HC4}, {"MF_BT2", LZMA_MF_BT2}, {"MF_BT3", LZMA_MF_BT3}, {"MF_BT4", LZMA_MF_BT4},
    {"MODE_FAST", LZMA_MODE_FAST}, {"MODE_NORMAL", LZMA_MODE_NORMAL}, {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
    {"PRESET_EXTREME", LZMA_PRESET_EXTREME},
};

static bool init(Thread *t, Value module) {
    Value error = module_new_exception(t, module, "LZMAError", &Exception_type);
    if (present(error) && !set_attribute(t, error, names.__doc__, str_from_text(t, "Call to liblzma failed.")))
        return false;
    if (absent(error))
        return false;
    isolate_keep(t, ISOLATE_LZMA_ERROR, error);
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        Value v = int_from_unsigned(t, (uint64_t)constants[i].value);
        if (absent(v) || !module_add(t, module, constants[i].name, v))
            return false;
    }
    return module_add_type(t, module, &lzma_compressor_type) && module_add_type(t, module, &lzma_decompressor_type);
}
NATIVE_MODULE(_lzma) = {.name = "_lzma", .functions = functions, .init = init};
