/* pyexpat.errors and pyexpat.model: modules of constants.
 *
 * Threads: constant.
 */
#include "modules/pyexpat/parser.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/str/str.h"

/* The library's messages for errors that it is too old to have. */
static const struct {
    const char *name, *message;
    int code;
} errors[] = {
#define E(name, code, message) {"XML_ERROR_" #name, message, code},
    E(NO_MEMORY, 1, NULL) E(SYNTAX, 2, NULL) E(NO_ELEMENTS, 3, NULL) E(INVALID_TOKEN, 4, NULL) E(UNCLOSED_TOKEN, 5, NULL)
    E(PARTIAL_CHAR, 6, NULL) E(TAG_MISMATCH, 7, NULL) E(DUPLICATE_ATTRIBUTE, 8, NULL) E(JUNK_AFTER_DOC_ELEMENT, 9, NULL)
    E(PARAM_ENTITY_REF, 10, NULL) E(UNDEFINED_ENTITY, 11, NULL) E(RECURSIVE_ENTITY_REF, 12, NULL) E(ASYNC_ENTITY, 13, NULL)
    E(BAD_CHAR_REF, 14, NULL) E(BINARY_ENTITY_REF, 15, NULL) E(ATTRIBUTE_EXTERNAL_ENTITY_REF, 16, NULL)
    E(MISPLACED_XML_PI, 17, NULL) E(UNKNOWN_ENCODING, 18, NULL) E(INCORRECT_ENCODING, 19, NULL)
    E(UNCLOSED_CDATA_SECTION, 20, NULL) E(EXTERNAL_ENTITY_HANDLING, 21, NULL) E(NOT_STANDALONE, 22, NULL)
    E(UNEXPECTED_STATE, 23, NULL) E(ENTITY_DECLARED_IN_PE, 24, NULL) E(FEATURE_REQUIRES_XML_DTD, 25, NULL)
    E(CANT_CHANGE_FEATURE_ONCE_PARSING, 26, NULL) E(UNBOUND_PREFIX, 27, NULL) E(UNDECLARING_PREFIX, 28, NULL)
    E(INCOMPLETE_PE, 29, NULL) E(XML_DECL, 30, NULL) E(TEXT_DECL, 31, NULL) E(PUBLICID, 32, NULL) E(SUSPENDED, 33, NULL)
    E(NOT_SUSPENDED, 34, NULL) E(ABORTED, 35, NULL) E(FINISHED, 36, NULL) E(SUSPEND_PE, 37, NULL)
    E(RESERVED_PREFIX_XML, 38, "reserved prefix (xml) must not be undeclared or bound to another namespace name")
    E(RESERVED_PREFIX_XMLNS, 39, "reserved prefix (xmlns) must not be declared or undeclared")
    E(RESERVED_NAMESPACE_URI, 40, "prefix must not be bound to one of the reserved namespace names")
    E(INVALID_ARGUMENT, 41, "invalid argument")
    E(NO_BUFFER, 42, "a successful prior call to function XML_GetBuffer was required")
    E(AMPLIFICATION_LIMIT_BREACH, 43, "limit on input amplification factor (from DTD and entities) breached")
    E(NOT_STARTED, 44, "parser not started")
#undef E
};

static const struct {
    const char *name;
    int value;
} model[] = {
#define M(name) {#name, name},
    M(XML_CTYPE_EMPTY) M(XML_CTYPE_ANY) M(XML_CTYPE_MIXED) M(XML_CTYPE_NAME) M(XML_CTYPE_CHOICE) M(XML_CTYPE_SEQ)
    M(XML_CQUANT_NONE) M(XML_CQUANT_OPT) M(XML_CQUANT_REP) M(XML_CQUANT_PLUS)
#undef M
};

/* A module below pyexpat, also among the imported ones. */
static Value submodule(Thread *t, Value parent, const char *full_name, const char *doc) {
    Value key = TRY(str_intern_text(t, full_name)), module = TRY(module_new(t, key));
    CHECK(module_add_text(t, module, "__doc__", doc));
    CHECK(dict_set(t, t->isolate->modules, key, module) && module_add(t, parent, strchr(full_name, '.') + 1, module));
    return module;
}

static bool add_errors(Thread *t, Value parent) {
    Value module = submodule(t, parent, "pyexpat.errors", "Constants used to describe error conditions.");
    Value codes = dict_new(t), messages = dict_new(t);
    if (absent(module) || absent(codes) || absent(messages))
        return false;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        const char *text = XML_ErrorString((enum XML_Error)errors[i].code);
        if (!text || !*text)
            text = errors[i].message;
        Value message = str_from_text(t, text ? text : ""), code = small_int(errors[i].code);
        if (absent(message) || !module_add(t, module, errors[i].name, message) || !dict_set(t, codes, message, code) ||
            !dict_set(t, messages, code, message))
            return false;
    }
    return module_add(t, module, "codes", codes) && module_add(t, module, "messages", messages);
}

bool parser_add_constants(Thread *t, Value module) {
    Value constants = submodule(t, module, "pyexpat.model", "Constants used to interpret content model information.");
    for (size_t i = 0; present(constants) && i < sizeof model / sizeof *model; i++)
        if (!module_add_int(t, constants, model[i].name, model[i].value))
            return false;
    return present(constants) && add_errors(t, module);
}
