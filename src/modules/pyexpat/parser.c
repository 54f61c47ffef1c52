/* xmlparser: the object. See parser.h. */
#include "modules/pyexpat/parser.h"
#include "modules/os_support.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <limits.h>

enum { READ_SIZE = 2048, MOST_AT_ONCE = 1 << 20, TEXT_SIZE = 8192, CORE_WEIGHT = 16384 };

/* Life */

static void core_release(ParserCore *core) {
    while (core && fetch_add(&core->references, -1u) == 1) {
        ParserCore *parent = core->parent;
        XML_ParserFree(core->parser);
        free(core);
        core = parent;
    }
}

static void release(Object *o) {
    ParserObject *p = (ParserObject *)o;
    heap_external_memory_gone(o, p->core ? CORE_WEIGHT : 0);
    core_release(p->core);
    free(p->text);
    p->core = NULL;
    p->text = NULL;
}

static void trace(Tracer *tracer, Object *o) {
    ParserObject *p = (ParserObject *)o;
    trace_value(tracer, p->intern);
    trace_values(tracer, p->handlers, HANDLER_COUNT);
}

/* An object for the library's parser, which it owns from now on. */
static ParserObject *adopt(Thread *t, XML_Parser parser, ParserCore *parent) {
    ParserObject *p = parser ? type_allocate(t, &xml_parser_type) : NULL;
    ParserCore *core = p ? malloc(sizeof *core) : NULL;
    if (!core) {
        if (parser)
            XML_ParserFree(parser);
        if (!error_pending(t))
            raise_no_memory(t);
        return NULL;
    }
    *core = (ParserCore){parser, parent, 1};
    if (parent)
        fetch_add(&parent->references, 1u);
    p->core = core;
    p->text_size = TEXT_SIZE;
    XML_SetUserData(parser, p);
    parser_install_unknown_encoding(p);
    heap_external_memory(t, CORE_WEIGHT);
    return p;
}

/* A text argument that may be None (NULL then). */
static bool text_or_none(Thread *t, Value v, const char *function, const char *argument, const char **text) {
    *text = NULL;
    if (absent(v) || is_none(v))
        return true;
    if (!is_str(v)) {
        raise_type_error(t, "%s() argument %s must be str or None, not %T", function, argument, v);
        return false;
    }
    size_t length;
    *text = str_utf8(t, v, &length);
    if (*text && strlen(*text) != length) {
        raise_value_error(t, "embedded null character");
        return false;
    }
    return *text != NULL;
}

static Value parser_create(Thread *t, Value *args) {
    const char *encoding, *separator;
    CHECK(text_or_none(t, args[0], "ParserCreate", "'encoding'", &encoding) &&
          text_or_none(t, args[1], "ParserCreate", "'namespace_separator'", &separator));
    if (separator && strlen(separator) > 1)
        return raise_value_error(t, "namespace_separator must be at most one character, omitted, or None");
    Value intern = args[2];
    if (absent(intern))
        intern = TRY(dict_new(t));
    else if (is_none(intern))
        intern = NO_VALUE;
    else if (!is_dict(intern))
        return raise_type_error(t, "intern must be a dictionary");
    uint64_t salt = t->isolate->hash_secret[0] | 1;
    ParserObject *p = adopt(t, separator ? XML_ParserCreateNS(encoding, *separator) : XML_ParserCreate(encoding), NULL);
    CHECK(p != NULL);
    XML_SetHashSalt(p->core->parser, (unsigned long)salt);
    store(p, &p->intern, intern);
    return from_object(p);
}

static Value create_external(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    const char *context, *encoding = NULL;
    CHECK(text_or_none(t, args[1], "ExternalEntityParserCreate", "1", &context));
    if (present(args[2]) && !is_str(args[2]))
        return raise_type_error(t, "ExternalEntityParserCreate() argument 2 must be str, not %Y", args[2]);
    CHECK(text_or_none(t, args[2], "ExternalEntityParserCreate", "2", &encoding));
    xml_enter(t, p);
    ParserObject *new = adopt(t, XML_ExternalEntityParserCreate(p->core->parser, context, encoding), p->core);
    if (new) {
        new->ordered_attributes = p->ordered_attributes;
        new->specified_attributes = p->specified_attributes;
        new->namespace_prefixes = p->namespace_prefixes;
        new->text_size = p->text_size;
        new->text = p->text ? malloc((size_t)p->text_size) : NULL;
        if (p->text && !new->text)
            raise_no_memory(t);
        store(new, &new->intern, p->intern);
        for (int i = 0; i < HANDLER_COUNT; i++)
            store(new, &new->handlers[i], p->handlers[i]);
        parser_install_handlers(new);
    }
    xml_leave(p);
    return error_pending(t) ? NO_VALUE : from_object(new);
}

/* Parsing */

static Value expat_error_class(Thread *t) { return t->isolate->slots[ISOLATE_EXPAT_ERROR]; }

static Value raise_expat(Thread *t, ParserObject *p, enum XML_Error code) {
    size_t line = XML_GetErrorLineNumber(p->core->parser), column = XML_GetErrorColumnNumber(p->core->parser);
    const char *what = XML_ErrorString(code);
    Value message = TRY(format_text(t, "%s: line %zu, column %zu", what ? what : "", line, column));
    Value error = TRY(call_1(t, expat_error_class(t), message));
    static const char *const attributes[] = {"code", "offset", "lineno"};
    int64_t values[] = {code, (int64_t)column, (int64_t)line};
    for (int i = 0; i < 3; i++)
        CHECK(set_attribute(t, error, TRY(str_intern_text(t, attributes[i])), small_int(values[i])));
    return raise_exception(t, error);
}

/* What a status of the library comes to, once the calls that it made are done. */
static Value parsed(Thread *t, ParserObject *p, enum XML_Status status) {
    CHECK(!error_pending(t));
    if (status == XML_STATUS_ERROR)
        return raise_expat(t, p, XML_GetErrorCode(p->core->parser));
    CHECK(parser_flush_text(p));
    return small_int(status);
}

static bool parsing_begin(Thread *t, ParserObject *p, const char *method) {
    xml_enter(t, p);
    if (!p->thread) {
        p->thread = t;
        return true;
    }
    xml_leave(p);
    raise_error(t, &RuntimeError_type, "cannot call %s() from within a handler", method);
    return false;
}

static Value parsing_end(ParserObject *p, Value result) {
    p->thread = NULL;
    xml_leave(p);
    return result;
}

static Value parse_bytes(Thread *t, ParserObject *p, const char *data, size_t length, bool final) {
    enum XML_Status status = XML_STATUS_OK;
    for (; length > MOST_AT_ONCE && status == XML_STATUS_OK; data += MOST_AT_ONCE, length -= MOST_AT_ONCE) {
        status = XML_Parse(p->core->parser, data, MOST_AT_ONCE, 0);
        CHECK(!error_pending(t));
    }
    if (status == XML_STATUS_OK)
        status = XML_Parse(p->core->parser, data, (int)length, final);
    return parsed(t, p, status);
}

static Value parse(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    int final = truth(t, args[2]);
    CHECK(final >= 0);
    Buffer b = {0};
    size_t length;
    bool is_text = is_str(args[1]);
    const char *data;
    if (is_text) {
        data = str_utf8(t, args[1], &length);
        CHECK(data != NULL);
    } else {
        CHECK(buffer_get_contiguous(t, args[1], &b, false));
        data = b.data;
        length = b.length;
    }
    Value result = NO_VALUE;
    if (parsing_begin(t, p, "Parse")) {
        if (is_text)
            XML_SetEncoding(p->core->parser, "utf-8");
        result = parsing_end(p, parse_bytes(t, p, data, length, final));
    }
    if (!is_text)
        buffer_release(t, &b);
    keep_alive(data);
    return result;
}

/* Up to `size` bytes of what read(size) gives; -1: an exception is pending. */
static int read_some(Thread *t, Value read, char *to, int size) {
    Buffer b;
    int result = -1;
    Value data = call_1(t, read, small_int(size));
    if (absent(data))
        return -1;
    if (!has_buffer(data) || (!is_bytes(data) && type_of(data) != &bytearray_type)) {
        raise_type_error(t, "read() did not return a bytes object (type=%T)", data);
        return -1;
    }
    if (!buffer_get_contiguous(t, data, &b, false))
        return -1;
    if (b.length > (size_t)size) {
        raise_value_error(t, "read() returned too much data: %d bytes requested, %zd returned", size, b.length);
    } else {
        memcpy(to, b.data, b.length);
        result = (int)b.length;
    }
    buffer_release(t, &b);
    return result;
}

static Value parse_stream(Thread *t, ParserObject *p, Value read) {
    for (;;) {
        void *room = XML_GetBuffer(p->core->parser, READ_SIZE);
        if (!room)
            return raise_expat(t, p, XML_GetErrorCode(p->core->parser));
        int length = read_some(t, read, room, READ_SIZE);
        CHECK(length >= 0);
        enum XML_Status status = XML_ParseBuffer(p->core->parser, length, length == 0);
        if (error_pending(t) || status == XML_STATUS_ERROR || length == 0)
            return parsed(t, p, status);
    }
}

static Value parse_file(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    Value read = find_attribute(t, args[1], names.read);
    if (absent(read))
        return error_pending(t) ? NO_VALUE : raise_type_error(t, "argument must have 'read' attribute");
    CHECK(parsing_begin(t, p, "ParseFile"));
    return parsing_end(p, parse_stream(t, p, read));
}

/* Other methods */

#define LOCKED(t, p, expression)      \
    ({                                \
        xml_enter(t, p);           \
        typeof(expression) result_ = (expression); \
        xml_leave(p);              \
        result_;                      \
    })

static Value set_base(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    if (!is_str(args[1]))
        return raise_type_error(t, "SetBase() argument must be str, not %Y", args[1]);
    const char *base;
    CHECK(text_or_none(t, args[1], "SetBase", "1", &base));
    return LOCKED(t, p, XML_SetBase(p->core->parser, base)) ? NONE : raise_no_memory(t);
}

static Value get_base(Thread *t, Value *args) {
    const char *base = XML_GetBase(as_parser(args[0])->core->parser);
    return base ? str_from_text(t, base) : NONE;
}

static Value get_input_context(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    if (!p->in_handler || p->thread != t)
        return NONE;
    int offset, size;
    const char *data = XML_GetInputContext(p->core->parser, &offset, &size);
    return data ? bytes_new(t, data + offset, (size_t)(size - offset)) : NONE;
}

static Value set_parameter_entities(Thread *t, Value *args) {
    int flag;
    ParserObject *p = as_parser(args[0]);
    CHECK(as_c_int(t, args[1], &flag));
    return small_int(LOCKED(t, p, XML_SetParamEntityParsing(p->core->parser, (enum XML_ParamEntityParsing)flag)));
}

static Value use_foreign_dtd(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    int flag = truth(t, args[1]);
    CHECK(flag >= 0);
    enum XML_Error error = LOCKED(t, p, XML_UseForeignDTD(p->core->parser, flag ? XML_TRUE : XML_FALSE));
    return error == XML_ERROR_NONE ? NONE : raise_expat(t, p, error);
}

/* The library defers since 2.6. */
static Value set_reparse_deferral(Thread *t, Value *args) {
    int enabled = truth(t, args[1]);
    CHECK(enabled >= 0);
#if XML_MAJOR_VERSION * 10000 + XML_MINOR_VERSION * 100 >= 20600
    ParserObject *p = as_parser(args[0]);
    LOCKED(t, p, XML_SetReparseDeferralEnabled(p->core->parser, enabled ? XML_TRUE : XML_FALSE));
    p->reparse_deferral = enabled;
#endif
    return NONE;
}
static Value get_reparse_deferral(Thread *t, Value *args) {
#if XML_MAJOR_VERSION * 10000 + XML_MINOR_VERSION * 100 >= 20600
    return from_bool(as_parser(args[0])->reparse_deferral);
#else
    return FALSE;
#endif
}

/* Limits of what a small document may grow to. */

static Value limit_refused(Thread *t, ParserObject *p, const char *reason) {
    if (p->core->parent)
        return raise_error(t, as_type(expat_error_class(t)), "parser must be a root parser");
    return raise_error(t, as_type(expat_error_class(t)), "%s", reason);
}

static bool threshold_argument(Thread *t, Value v, unsigned long long *out) {
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    uint64_t u;
    if (!int_to_u64(index, &u)) {
        if (int_sign(index) < 0)
            raise_value_error(t, "value must be positive");
        else
            raise_overflow_error(t, "Python int too large to convert to C unsigned long long");
        return false;
    }
    *out = u;
    return true;
}

static Value set_amplification_threshold(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    unsigned long long threshold;
    CHECK(threshold_argument(t, args[1], &threshold));
    bool done = LOCKED(t, p, XML_SetBillionLaughsAttackProtectionActivationThreshold(p->core->parser, threshold));
    return done ? NONE : limit_refused(t, p, "parser must be a root parser");
}

static Value set_amplification_factor(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    double factor;
    CHECK(to_double(t, args[1], &factor));
    bool done = LOCKED(t, p, XML_SetBillionLaughsAttackProtectionMaximumAmplification(p->core->parser, (float)factor));
    return done ? NONE : limit_refused(t, p, "'max_factor' must be at least 1.0");
}

/* Attributes */

#define HANDLER(name, attribute)                                                                                           \
    static Value get_##name(Thread *t, Value *args) { return parser_get_handler(as_parser(args[0]), HANDLER_##name); }      \
    static Value set_##name(Thread *t, Value *args) { return set_handler(t, args, HANDLER_##name); }
static Value set_handler(Thread *t, Value *args, HandlerIndex i) {
    if (absent(args[1]))
        return raise_error(t, &RuntimeError_type, "Cannot delete attribute");
    ParserObject *p = as_parser(args[0]);
    return LOCKED(t, p, parser_set_handler(t, p, i, args[1])) ? NONE : NO_VALUE;
}
#include "modules/pyexpat/handlers.def"
#undef HANDLER

#define NUMBER(name, expression)                           \
    static Value get_##name(Thread *t, Value *args) {      \
        XML_Parser parser = as_parser(args[0])->core->parser; \
        return int_from(t, (int64_t)(expression));         \
    }
NUMBER(ErrorCode, XML_GetErrorCode(parser))
NUMBER(ErrorLineNumber, XML_GetErrorLineNumber(parser))
NUMBER(ErrorColumnNumber, XML_GetErrorColumnNumber(parser))
NUMBER(ErrorByteIndex, XML_GetErrorByteIndex(parser))
#undef NUMBER

#define FLAG(field)                                                                                           \
    static Value get_##field(Thread *t, Value *args) { return from_bool(as_parser(args[0])->field); }          \
    static Value set_##field(Thread *t, Value *args) { return set_flag(t, args, &as_parser(args[0])->field); }
static Value set_flag(Thread *t, Value *args, bool *flag) {
    if (absent(args[1]))
        return raise_error(t, &RuntimeError_type, "Cannot delete attribute");
    int value = truth(t, args[1]);
    CHECK(value >= 0);
    *flag = value;
    return NONE;
}
FLAG(ordered_attributes)
FLAG(specified_attributes)
#undef FLAG

static Value get_namespace_prefixes(Thread *t, Value *args) { return from_bool(as_parser(args[0])->namespace_prefixes); }
static Value set_namespace_prefixes(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    TRY(set_flag(t, args, &p->namespace_prefixes));
    xml_enter(t, p);
    XML_SetReturnNSTriplet(p->core->parser, p->namespace_prefixes);
    xml_leave(p);
    return NONE;
}

static Value get_buffer_text(Thread *t, Value *args) { return from_bool(as_parser(args[0])->text != NULL); }
static Value set_buffer_text(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    bool on = false;
    TRY(set_flag(t, args, &on));
    xml_enter(t, p);
    if (on && !p->text) {
        p->text = malloc((size_t)p->text_size);
        p->text_used = 0;
        if (!p->text)
            raise_no_memory(t);
    } else if (!on && p->text && (!p->thread || parser_flush_text(p))) {
        free(p->text);
        p->text = NULL;
    }
    xml_leave(p);
    return error_pending(t) ? NO_VALUE : NONE;
}

static Value get_buffer_size(Thread *t, Value *args) { return small_int(as_parser(args[0])->text_size); }
static Value get_buffer_used(Thread *t, Value *args) { return small_int(as_parser(args[0])->text_used); }
static Value set_buffer_size(Thread *t, Value *args) {
    ParserObject *p = as_parser(args[0]);
    int64_t size;
    if (absent(args[1]))
        return raise_error(t, &RuntimeError_type, "Cannot delete attribute");
    if (!is_int(args[1]))
        return raise_type_error(t, "buffer_size must be an integer");
    CHECK(int_as_i64(t, args[1], &size));
    if (size <= 0)
        return raise_value_error(t, "buffer_size must be greater than zero");
    if (size > INT_MAX)
        return raise_value_error(t, "buffer_size must not be greater than %d", INT_MAX);
    xml_enter(t, p);
    if (size != p->text_size && (!p->text || !p->thread || parser_flush_text(p))) {
        char *grown = p->text ? realloc(p->text, (size_t)size) : NULL;
        if (p->text && !grown)
            raise_no_memory(t);
        else
            p->text = grown, p->text_size = (int)size;
    }
    xml_leave(p);
    return error_pending(t) ? NO_VALUE : NONE;
}

static const GetSetDef getset[] = {
#define HANDLER(name, attribute) {attribute, get_##name, set_##name},
#include "modules/pyexpat/handlers.def"
#undef HANDLER
    {"ErrorCode", get_ErrorCode},
    {"ErrorLineNumber", get_ErrorLineNumber},
    {"ErrorColumnNumber", get_ErrorColumnNumber},
    {"ErrorByteIndex", get_ErrorByteIndex},
    {"CurrentLineNumber", get_ErrorLineNumber},
    {"CurrentColumnNumber", get_ErrorColumnNumber},
    {"CurrentByteIndex", get_ErrorByteIndex},
    {"buffer_size", get_buffer_size, set_buffer_size},
    {"buffer_text", get_buffer_text, set_buffer_text},
    {"buffer_used", get_buffer_used},
    {"namespace_prefixes", get_namespace_prefixes, set_namespace_prefixes},
    {"ordered_attributes", get_ordered_attributes, set_ordered_attributes},
    {"specified_attributes", get_specified_attributes, set_specified_attributes},
    {NULL},
};
static const MemberDef members[] = {{"intern", MEMBER_VALUE, offsetof(ParserObject, intern), true, NULL}, {NULL}};

static const NativeDef methods[] = {
    {"Parse(self, data, isfinal=False, /)", parse,
     "Parse XML data.\n\n'data' can be a bytes-like object or a string.  If it is a string,\n"
     "the encoding declaration in the XML data is ignored.\n'isfinal' should be true at end of input.", NATIVE_COUNTS_NAMED},
    {"ParseFile(self, file, /)", parse_file,
     "Parse XML data from a binary file-like object.\n\nIts read() method should return bytes.", NATIVE_COUNTS_NAMED},
    {"SetBase(self, base, /)", set_base, "Set the base URL for the parser."},
    {"GetBase(self, /)", get_base, "Return base URL string for the parser."},
    {"GetInputContext(self, /)", get_input_context, "The input from the current event on, as far as it is known, or None."},
    {"ExternalEntityParserCreate(self, context, encoding=<unrepresentable>, /)", create_external,
     "Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler.", NATIVE_COUNTS_NAMED},
    {"SetParamEntityParsing(self, flag, /)", set_parameter_entities,
     "Controls parsing of parameter entities (including the external DTD subset); true if it was set."},
    {"UseForeignDTD(self, flag=True, /)", use_foreign_dtd,
     "Allows the application to provide an artificial external subset if one is not specified as part of the document "
     "instance.", NATIVE_COUNTS_NAMED},
    {"SetReparseDeferralEnabled(self, enabled, /)", set_reparse_deferral,
     "Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0."},
    {"GetReparseDeferralEnabled(self, /)", get_reparse_deferral,
     "Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0."},
    {"SetBillionLaughsAttackProtectionActivationThreshold(self, threshold, /)", set_amplification_threshold,
     "Sets the number of output bytes needed to activate protection against billion laughs attacks.", NATIVE_COUNTS_NAMED},
    {"SetBillionLaughsAttackProtectionMaximumAmplification(self, max_factor, /)", set_amplification_factor,
     "Sets the maximum tolerated amplification factor for protection against billion laughs attacks.", NATIVE_COUNTS_NAMED},
    {NULL},
};

MODULE_TYPE(xml_parser_type, pyexpat) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "pyexpat.xmlparser",
    .doc = "XML parser",
    .methods = methods,
    .getset = getset,
    .members = members,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ParserObject),
};

/* The module */

static Value error_string(Thread *t, Value *args) {
    int64_t code;
    CHECK(index_as_ssize(t, args[0], &code, false, NULL));
    const char *text = XML_ErrorString((enum XML_Error)code);
    return text ? str_from_text(t, text) : NONE;
}

static const NativeDef functions[] = {
    {"ParserCreate(encoding=None, namespace_separator=None, intern=<unrepresentable>)", parser_create,
     "Return a new XML parser object."},
    {"ErrorString(code, /)", error_string, "Returns string error for given number."},
    {NULL},
};

static Value features(Thread *t) {
    Value list = TRY(list_new(t, 8));
    for (const XML_Feature *f = XML_GetFeatureList(); f->feature != XML_FEATURE_END; f++) {
        Value name = TRY(str_from_text(t, f->name)), value = TRY(int_from(t, f->value));
        CHECK(list_append(t, list, TRY(tuple_pack(t, 2, name, value))));
    }
    return list;
}

static bool add_error_class(Thread *t, Value module) {
    Value namespace = dict_new(t), bases = tuple_pack(t, 1, from_object(&Exception_type));
    Value where = str_intern_text(t, "xml.parsers.expat"), name = str_intern_text(t, "ExpatError");
    if (absent(namespace) || absent(bases) || absent(where) || absent(name) || !dict_set(t, namespace, names.__module__, where))
        return false;
    Value class = type_new_class(t, &type_type, name, bases, namespace, NO_VALUE);
    if (absent(class))
        return false;
    isolate_keep(t, ISOLATE_EXPAT_ERROR, class);
    return module_add(t, module, "error", class) && module_add(t, module, "ExpatError", class);
}

static bool init(Thread *t, Value module) {
    XML_Expat_Version v = XML_ExpatVersionInfo();
    return add_error_class(t, module) && module_add(t, module, "XMLParserType", from_object(&xml_parser_type)) &&
           module_add_text(t, module, "EXPAT_VERSION", XML_ExpatVersion()) &&
           module_add(t, module, "version_info", tuple_pack(t, 3, small_int(v.major), small_int(v.minor), small_int(v.micro))) &&
           module_add_text(t, module, "native_encoding", "UTF-8") && module_add(t, module, "features", features(t)) &&
           module_add_int(t, module, "XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER) &&
           module_add_int(t, module, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE) &&
           module_add_int(t, module, "XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS) &&
           parser_add_constants(t, module);
}

NATIVE_MODULE(pyexpat) = {
    .name = "pyexpat",
    .doc = "Python wrapper for Expat parser.",
    .functions = functions,
    .init = init,
};
