/* The codec registry: search functions, the cache of what they found, error handlers, and coding by name.
 *
 * The state of an isolate is a list [search functions, cache, error handlers], made on first use. The library's
 * `encodings` package, imported then, registers the search function that finds most codecs.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/native.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/codecs.h"
#include "types/tuple.h"

enum { SEARCH_PATH, CACHE, ERROR_HANDLERS };

static Value part(Thread *t, size_t which) {
    uintptr_t *slot = &t->isolate->slots[ISOLATE_CODECS].bits;
    Value state = {load_acquire(slot)};
    if (absent(state)) {
        Value parts[] = {TRY(list_new(t, 4)), TRY(dict_new(t)), TRY(codec_builtin_errors(t))};
        Value fresh = TRY(list_from_values(t, parts, 3));
        uintptr_t none = 0;
        publish(fresh);
        state = compare_exchange(slot, &none, fresh.bits) ? fresh : (Value){none};
    }
    return list_get(state, which);
}

bool codec_register(Thread *t, Value search_function) {
    if (!is_callable(search_function)) {
        raise_type_error(t, "argument must be callable");
        return false;
    }
    Value path = part(t, SEARCH_PATH);
    return present(path) && list_append(t, path, search_function);
}

bool codec_unregister(Thread *t, Value search_function) {
    Value path = part(t, SEARCH_PATH), cache = part(t, CACHE);
    if (absent(path) || absent(cache))
        return false;
    for (size_t i = 0; i < list_length(path); i++) {
        if (!same(list_get(path, i), search_function))
            continue;
        dict_clear(t, cache);
        return delete_item(t, path, small_int((int64_t)i));
    }
    return true;
}

/* Letters and digits in lower case, runs of anything else as one underscore; characters past ASCII are dropped. */
static Value normalized(Thread *t, const char *encoding) {
    TextBuf b;
    textbuf_init(&b);
    bool gap = false;
    for (const char *p = encoding; *p; p++) {
        bool alnum = (*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z') || *p == '.';
        if (!alnum) {
            gap = true;
            continue;
        }
        if (gap && b.size)
            textbuf_byte(&b, '_');
        gap = false;
        if (!(*p & 0x80))
            textbuf_byte(&b, *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p);
    }
    Value v = b.failed ? raise_no_memory(t) : str_from_ascii(t, b.data, b.size);
    textbuf_free(&b);
    return v;
}

Value codec_lookup(Thread *t, const char *encoding) {
    Value cache = TRY(part(t, CACHE)), path = TRY(part(t, SEARCH_PATH));
    Value name = TRY(normalized(t, encoding));
    Value found = dict_get(t, cache, name);
    if (present(found) || error_pending(t))
        return found;
    if (list_length(path) == 0) {
        TRY(import_module(t, "encodings"));
        if (list_length(path) == 0)
            return raise_error(t, &LookupError_type, "no codec search functions registered: can't find encoding");
    }
    for (size_t i = 0; i < list_length(path); i++) {
        found = TRY(call_1(t, list_get(path, i), name));
        if (is_none(found))
            continue;
        if (!is_tuple(found) || tuple_length(found) != 4)
            return raise_type_error(t, "codec search functions must return 4-tuples");
        return dict_set(t, cache, name, found) ? found : NO_VALUE;
    }
    return raise_error(t, &LookupError_type, "unknown encoding: %s", encoding);
}

static Value run_coder(Thread *t, Value coder, Value object, const char *errors, const char *encoding, bool decoding) {
    Value result;
    if (errors)
        result = call_2(t, coder, object, TRY(str_from_text(t, errors)));
    else
        result = call_1(t, coder, object);
    if (absent(result)) {
        error_add_note(t, "%s with '%s' codec failed", decoding ? "decoding" : "encoding", encoding);
        return NO_VALUE;
    }
    if (!is_tuple(result) || tuple_length(result) != 2)
        return raise_type_error(t, "%s must return a tuple (object, integer)", decoding ? "decoder" : "encoder");
    return tuple_get(result, 0);
}

Value codec_encode(Thread *t, Value object, const char *encoding, const char *errors) {
    Value codec = TRY(codec_lookup(t, encoding));
    return run_coder(t, tuple_get(codec, 0), object, errors, encoding, false);
}
Value codec_decode(Thread *t, Value object, const char *encoding, const char *errors) {
    Value codec = TRY(codec_lookup(t, encoding));
    return run_coder(t, tuple_get(codec, 1), object, errors, encoding, true);
}

/* The codec for str.encode and bytes.decode, which only take text encodings. */
static Value text_codec(Thread *t, const char *encoding, const char *alternative) {
    Value codec = TRY(codec_lookup(t, encoding));
    if (is_exactly(codec, &tuple_type))
        return codec;
    Value is_text = find_attribute(t, codec, names._is_text_encoding);
    CHECK(!error_pending(t));
    int text = absent(is_text) ? 1 : truth(t, is_text);
    CHECK(text >= 0);
    if (!text)
        return raise_error(t, &LookupError_type, "'%s' is not a text encoding; use %s to handle arbitrary codecs", encoding,
                           alternative);
    return codec;
}

/* Names of the codecs that need no registry. */
typedef enum Direct { NOT_DIRECT, UTF8, LATIN1, ASCII, UTF16, UTF32 } Direct;

static Direct direct_codec(const char *encoding) {
    if (likely(!strcmp(encoding, "utf-8") || !strcmp(encoding, "utf8")))
        return UTF8;
    char name[12];
    size_t n = 0;
    for (const char *p = encoding; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p == '-' || *p == ' ' ? '_' : *p;
        if (n == sizeof name - 1 || (*p & 0x80))
            return NOT_DIRECT;
        name[n++] = c;
    }
    name[n] = 0;
    static const struct {
        const char *name;
        Direct direct;
    } table[] = {{"utf_8", UTF8},      {"utf8", UTF8},      {"latin_1", LATIN1},    {"latin1", LATIN1},    {"iso_8859_1", LATIN1},
                 {"iso8859_1", LATIN1}, {"ascii", ASCII},    {"us_ascii", ASCII},    {"utf_16", UTF16},     {"utf16", UTF16},
                 {"utf_32", UTF32},     {"utf32", UTF32}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(name, table[i].name) == 0)
            return table[i].direct;
    return NOT_DIRECT;
}

/* In development mode names are checked before the text is looked at. */
static bool check_names(Thread *t, const char *encoding, const char *errors) {
    if (likely(!t->isolate->check_encodings))
        return true;
    return present(codec_lookup(t, encoding)) && (!errors || present(codec_lookup_error(t, errors)));
}

Value str_encode(Thread *t, Value v, const char *encoding, const char *errors) {
    CHECK(check_names(t, encoding, errors));
    switch (direct_codec(encoding)) {
    case UTF8: return encode_utf8(t, v, errors);
    case LATIN1: return encode_latin1(t, v, errors);
    case ASCII: return encode_ascii(t, v, errors);
    case UTF16: return encode_utf16(t, v, errors, 0);
    case UTF32: return encode_utf32(t, v, errors, 0);
    case NOT_DIRECT: break;
    }
    Value codec = TRY(text_codec(t, encoding, "codecs.encode()"));
    Value result = TRY(run_coder(t, tuple_get(codec, 0), v, errors, encoding, false));
    if (is_bytes(result))
        return result;
    if (is_instance_of(result, &bytearray_type)) {
        CHECK(warn(t, &RuntimeWarning_type, 1, "encoder %s returned bytearray instead of bytes; use codecs.encode() to encode to "
                   "arbitrary types", encoding));
        return call_1(t, from_object(&bytes_type), result);
    }
    return raise_type_error(t, "'%s' encoder returned '%T' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
                            encoding, result);
}

Value str_decode(Thread *t, const char *bytes, size_t length, const char *encoding, const char *errors) {
    int order = 0;
    CHECK(check_names(t, encoding, errors));
    switch (direct_codec(encoding)) {
    case UTF8: return decode_utf8(t, bytes, length, errors, NULL);
    case LATIN1: return decode_latin1(t, bytes, length, errors);
    case ASCII: return decode_ascii(t, bytes, length, errors);
    case UTF16: return decode_utf16(t, bytes, length, errors, &order, NULL);
    case UTF32: return decode_utf32(t, bytes, length, errors, &order, NULL);
    case NOT_DIRECT: break;
    }
    Value codec = TRY(text_codec(t, encoding, "codecs.decode()"));
    Value input = TRY(bytes_new(t, bytes, length));
    Value result = TRY(run_coder(t, tuple_get(codec, 1), input, errors, encoding, true));
    if (is_str(result))
        return result;
    return raise_type_error(t, "'%s' decoder returned '%T' instead of 'str'; use codecs.decode() to decode to arbitrary types",
                            encoding, result);
}

/* Error handlers */

Value codec_lookup_error(Thread *t, const char *name) {
    Value handlers = TRY(part(t, ERROR_HANDLERS));
    Value found = dict_get_text(t, handlers, name ? name : "strict");
    if (present(found) || error_pending(t))
        return found;
    return raise_error(t, &LookupError_type, "unknown error handler name '%s'", name);
}

bool codec_register_error(Thread *t, Value name, Value handler) {
    if (!is_callable(handler)) {
        raise_type_error(t, "handler must be callable");
        return false;
    }
    Value handlers = part(t, ERROR_HANDLERS);
    return present(handlers) && dict_set(t, handlers, name, handler);
}

Value codec_unregister_error(Thread *t, Value name) {
    static const char *const builtin[] = {"strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace",
                                          "surrogatepass", "surrogateescape"};
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (str_equal_text(name, builtin[i]))
            return raise_value_error(t, "cannot un-register built-in error handler '%s'", builtin[i]);
    int deleted = dict_delete(t, TRY(part(t, ERROR_HANDLERS)), name);
    return deleted < 0 ? NO_VALUE : from_bool(deleted);
}
