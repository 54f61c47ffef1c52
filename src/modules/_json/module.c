/* The module _json: what json.decoder and json.encoder use in place of their Python versions. */
#include "modules/_json/internal.h"

static const NativeDef functions[] = {
    {"encode_basestring_ascii(object, /)", json_encode_basestring_ascii,
     "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a Python string"},
    {"encode_basestring(object, /)", json_encode_basestring,
     "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string"},
    {"scanstring(string, end, strict=True, /)", json_scanstring,
     "scanstring(string, end, strict=True) -> (string, end)\n\n"
     "Scan the string s for a JSON string. End is the index of the\n"
     "character in s after the quote that started the JSON string.\n"
     "Unescapes all valid JSON string escape sequences and raises ValueError\n"
     "on attempt to decode an invalid string. If strict is False then literal\n"
     "control characters are allowed in the string.\n\n"
     "Returns a tuple of the decoded string and the index of the character in s\nafter the end quote.",
     NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS},
    {NULL},
};

static bool init(Thread *t, Value module) {
    return module_add(t, module, "make_scanner", from_object(&json_scanner_type)) &&
           module_add(t, module, "make_encoder", from_object(&json_encoder_type));
}

NATIVE_MODULE(_json) = {.name = "_json", .doc = "json speedups\n", .functions = functions, .init = init};
