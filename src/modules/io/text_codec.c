/* _io.TextIOWrapper: encoding and decoding.
 *
 * Threads: see text.h.
 */
#include "modules/io/text.h"

#include "base/utf8.h"
#include "types/dict/dict.h"

#include <langinfo.h>

static const struct {
    const char *name;
    TextCodec codec;
} known[] = {
    {"utf-8", TEXT_UTF8},     {"utf8", TEXT_UTF8},          {"ascii", TEXT_ASCII},
    {"us-ascii", TEXT_ASCII}, {"latin-1", TEXT_LATIN1},     {"latin1", TEXT_LATIN1},
    {"iso-8859-1", TEXT_LATIN1}, {"iso8859-1", TEXT_LATIN1},
};

static TextCodec codec_by_name(const char *name) {
    char plain[16];
    size_t n = strlen(name);
    if (n >= sizeof plain)
        return TEXT_OTHER;
    for (size_t i = 0; i <= n; i++)
        plain[i] = name[i] == '_' || name[i] == ' ' ? '-' : name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(plain, known[i].name) == 0)
            return known[i].codec;
    return TEXT_OTHER;
}

static const char *codec_name(TextCodec codec) {
    return codec == TEXT_UTF8 ? "utf-8" : codec == TEXT_ASCII ? "ascii" : "latin-1";
}

/* The C library's idea, whatever UTF-8 mode says. */
Value text_locale_encoding(Thread *t) {
    const char *name = nl_langinfo(CODESET);
    return str_from_text(t, name[0] ? name : "utf-8");
}

static Value look_up(Thread *t, Value encoding) {
    Value import = TRY(get_attribute(t, t->isolate->builtins_module, names.__import__));
    Value module = TRY(call_1(t, import, names._codecs));
    Value info = TRY(call_method_1(t, module, names.lookup, encoding));
    Value is_text = find_attribute(t, info, names._is_text_encoding);
    CHECK(!error_pending(t));
    if (present(is_text)) {
        int yes = truth(t, is_text);
        CHECK(yes >= 0);
        if (!yes)
            return raise_error(t, &LookupError_type, "'%S' is not a text encoding", encoding);
    }
    return info;
}

bool text_set_codec(Thread *t, TextIo *x, Value encoding, Value errors) {
    size_t length;
    const char *name = str_utf8(t, encoding, &length);
    if (name == NULL || str_utf8(t, errors, NULL) == NULL)
        return false;
    if (strlen(name) != length) {
        raise_error(t, &LookupError_type, "unknown encoding: %s", name);
        return false;
    }
    TextCodec codec = codec_by_name(name);
    Value encoder = NO_VALUE, decoder = NO_VALUE;
    if (codec == TEXT_OTHER) {
        Value info = look_up(t, encoding);
        if (absent(info))
            return false;
        if (x->readable && absent(decoder = call_method_1(t, info, names.incrementaldecoder, errors)))
            return false;
        if (x->writable && absent(encoder = call_method_1(t, info, names.incrementalencoder, errors)))
            return false;
    }
    x->codec = codec;
    x->held_count = 0;
    store(x, &x->encoding, encoding);
    store(x, &x->errors, errors);
    store(x, &x->encoder, encoder);
    store(x, &x->decoder, decoder);
    return true;
}

Value text_encode(Thread *t, TextIo *x, Value text) {
    if (x->codec == TEXT_OTHER) {
        Value bytes = TRY(call_method_1(t, x->encoder, names.encode, text));
        if (!is_bytes(bytes))
            return raise_type_error(t, "encoder should return a bytes object, not '%T'", bytes);
        return bytes;
    }
    if (str_is_ascii(text)) {
        const void *data = str_data(t, text);
        return data ? bytes_new(t, data, str_length(text)) : NO_VALUE;
    }
    const char *errors = str_utf8(t, x->errors, NULL);
    return errors ? str_encode(t, text, codec_name(x->codec), errors) : NO_VALUE;
}

/* How many bytes at the end are the start of a character whose rest is missing. */
static size_t incomplete_tail(const uint8_t *s, size_t length) {
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        uint8_t c = s[length - back];
        if ((c & 0xc0) == 0x80)
            continue;
        return c >= 0xc0 && utf8_error(s + length - back, back).incomplete ? back : 0;
    }
    return 0;
}

static Value decode_utf8(Thread *t, TextIo *x, const char *data, size_t length, bool final) {
    char *joined = NULL;
    if (x->held_count) {
        joined = malloc(x->held_count + length);
        if (joined == NULL)
            return raise_no_memory(t);
        memcpy(joined, x->held, x->held_count);
        memcpy(joined + x->held_count, data, length);
        data = joined;
        length += x->held_count;
    }
    size_t tail = final ? 0 : incomplete_tail((const uint8_t *)data, length);
    const char *errors = str_utf8(t, x->errors, NULL);
    Value v = errors ? str_decode(t, data, length - tail, "utf-8", errors) : NO_VALUE;
    if (present(v)) {
        x->held_count = (uint8_t)tail;
        memcpy(x->held, data + length - tail, tail);
    }
    free(joined);
    return v;
}

static Value decode_plain(Thread *t, TextIo *x, const char *data, size_t length, bool final) {
    if (x->codec == TEXT_UTF8)
        return decode_utf8(t, x, data, length, final);
    if (x->codec != TEXT_OTHER) {
        const char *errors = str_utf8(t, x->errors, NULL);
        return errors ? str_decode(t, data, length, codec_name(x->codec), errors) : NO_VALUE;
    }
    Value bytes = TRY(bytes_new(t, data, length));
    Value text = TRY(call_method_2(t, x->decoder, names.decode, bytes, from_bool(final)));
    if (!is_str(text))
        return raise_type_error(t, "decoder should return a string result, not '%T'", text);
    return text;
}

Value text_decode(Thread *t, TextIo *x, const char *data, size_t length, bool final) {
    Value text = TRY(decode_plain(t, x, data, length, final));
    return x->newline.universal ? newlines_decode(t, &x->newlines, text, final) : text;
}

bool text_decoder_reset(Thread *t, TextIo *x) {
    x->held_count = 0;
    x->newlines.pending_cr = false;
    x->newlines.seen = 0;
    return absent(x->decoder) || present(call_method_0(t, x->decoder, names.reset));
}

/* The flags have the pending '\r' in the lowest bit where line ends are universal. */
bool text_decoder_get_state(Thread *t, TextIo *x, Value *bytes, Value *flags) {
    *flags = small_int(0);
    if (absent(x->decoder)) {
        *bytes = x->held_count ? bytes_new(t, (const char *)x->held, x->held_count) : empty_bytes;
    } else {
        Value state = call_method_0(t, x->decoder, names.getstate);
        if (absent(state))
            return false;
        if (!is_tuple(state) || tuple_length(state) != 2 || !is_int(tuple_get(state, 1))) {
            raise_type_error(t, "illegal decoder state");
            return false;
        }
        *bytes = tuple_get(state, 0);
        *flags = tuple_get(state, 1);
        if (!is_bytes(*bytes)) {
            raise_type_error(t, "illegal decoder state: the first item should be a bytes object, not '%T'", *bytes);
            return false;
        }
    }
    if (present(*bytes) && x->newline.universal) {
        *flags = int_lshift(t, *flags, small_int(1));
        if (present(*flags) && x->newlines.pending_cr)
            *flags = int_or(t, *flags, small_int(1));
    }
    return present(*bytes) && present(*flags);
}

bool text_decoder_set_state(Thread *t, TextIo *x, Value bytes, Value flags) {
    if (x->newline.universal) {
        x->newlines.pending_cr = int_mask_u64(flags) & 1;
        flags = int_rshift(t, flags, small_int(1));
        if (absent(flags))
            return false;
    }
    if (absent(x->decoder)) {
        size_t n = as_bytes(bytes)->length < 4 ? as_bytes(bytes)->length : 4;
        memcpy(x->held, as_bytes(bytes)->data, n);
        x->held_count = (uint8_t)n;
        return true;
    }
    Value state = tuple_pack(t, 2, bytes, flags);
    return present(state) && present(call_method_1(t, x->decoder, names.setstate, state));
}

bool text_encoder_reset(Thread *t, TextIo *x, bool at_start) {
    if (absent(x->encoder))
        return true;
    return present(at_start ? call_method_0(t, x->encoder, names.reset)
                            : call_method_1(t, x->encoder, names.setstate, small_int(0)));
}
