/* XMLParser: libexpat's events become calls of a target's methods, or of a builder's functions where the target is exactly
 * a TreeBuilder. See elementtree.h.
 *
 * The library calls in the middle of XML_Parse. A handler that raises stops the parser: the exception stays pending, no
 * further handler runs, and the method that parses returns absent.
 * For a builder, character data is collected as bytes until the next event; a target gets each piece.
 *
 * Threads: a thread owns a parser while it is in a method that calls the library; others wait. Its handlers may not parse on.
 */
#include "modules/_elementtree/elementtree.h"
#include "modules/pyexpat/parser.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { NAME_CACHE = 128, MOST_AT_ONCE = 1 << 20, READ_SIZE = 64 * 1024, WEIGHT = 16384 };

/* Methods of a target. */
enum { TARGET_START, TARGET_END, TARGET_DATA, TARGET_COMMENT, TARGET_PI, TARGET_CLOSE, TARGET_DOCTYPE, TARGET_START_NS,
       TARGET_END_NS, TARGET_COUNT };
static const char *const target_methods[] = {"start", "end", "data", "comment", "pi", "close", "doctype", "start_ns", "end_ns"};

typedef struct TreeParser {
    Object object;
    XML_Parser parser; /* NULL before __init__ */
    OwnedLock lock;
    Thread *thread; /* that parses, for handlers; NULL outside of parsing */
    char *text;     /* character data for a builder */
    size_t text_used, text_size;
    Value target, entity;
    Value methods[TARGET_COUNT]; /* absent: the target has none */
    Value names[NAME_CACHE];     /* ASCII names seen lately, each in the place of its hash */
    bool builds;                 /* the target is exactly a TreeBuilder */
} TreeParser;

static TreeParser *as_tree_parser(Value v) { return (TreeParser *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    TreeParser *p = (TreeParser *)o;
    trace_values(tracer, &p->target, (offsetof(TreeParser, builds) - offsetof(TreeParser, target)) / sizeof(Value));
}

static void release(Object *o) {
    TreeParser *p = (TreeParser *)o;
    heap_external_memory_gone(o, p->parser ? WEIGHT : 0);
    if (p->parser)
        XML_ParserFree(p->parser);
    free(p->text);
    p->parser = NULL;
    p->text = NULL;
}

/* Failure */

static Value raise_parse_error(Thread *t, enum XML_Error code, size_t line, size_t column, const char *message) {
    Value text = TRY(format_text(t, "%s: line %zu, column %zu", message, line, column));
    Value error = TRY(call_1(t, elementtree_state(t, STATE_PARSE_ERROR), text));
    Value position = TRY(tuple_pack(t, 2, small_int((int64_t)line), small_int((int64_t)column)));
    CHECK(set_attribute(t, error, TRY(str_intern_text(t, "code")), small_int(code)));
    CHECK(set_attribute(t, error, TRY(str_intern_text(t, "position")), position));
    return raise_exception(t, error);
}

/* What a handler's work came to: the parser stops when it failed. */
static void handled(TreeParser *p, bool done) {
    if (!done)
        XML_StopParser(p->parser, XML_FALSE);
}

/* Text and names */

static Value text_of(Thread *t, const XML_Char *s) { return str_from_utf8(t, s, strlen(s)); }
static Value text_or_none(Thread *t, const XML_Char *s) { return s ? text_of(t, s) : NONE; }

/* "{uri}name" for the library's "uri}name". */
static Value make_name(Thread *t, const char *s, size_t length, bool qualified) {
    if (!qualified)
        return str_from_utf8(t, s, length);
    char *braced = malloc(length + 1);
    if (!braced)
        return raise_no_memory(t);
    braced[0] = '{';
    memcpy(braced + 1, s, length);
    Value name = str_from_utf8(t, braced, length + 1);
    free(braced);
    return name;
}

/* The same object for the same name, mostly. */
static Value name_of(TreeParser *p, const XML_Char *s) {
    size_t length = 0;
    uint32_t hash = 0;
    bool qualified = false;
    for (; s[length]; length++) {
        hash = hash * 31 + (unsigned char)s[length];
        qualified |= s[length] == '}';
    }
    Value *place = &p->names[hash % NAME_CACHE], known = *place;
    if (present(known) && str_length(known) == length + qualified) {
        const char *characters = as_str(known)->data;
        if ((characters[0] == '{') == qualified && memcmp(characters + qualified, s, length) == 0)
            return known;
    }
    Value name = TRY(make_name(p->thread, s, length, qualified));
    name = TRY(str_intern(p->thread, name));
    if (str_is_ascii(name))
        store(p, place, name);
    return name;
}

/* Whether the target wants an event: text that came before it goes first. */
static bool begin(TreeParser *p) {
    if (error_pending(p->thread))
        return false;
    if (!p->text_used)
        return true;
    Value text = str_from_utf8(p->thread, p->text, p->text_used);
    p->text_used = 0;
    bool done = present(text) && present(builder_data(p->thread, p->target, text));
    handled(p, done);
    return done;
}

static bool collect_text(TreeParser *p, const char *data, size_t length) {
    if (p->text_used + length > p->text_size) {
        size_t size = p->text_size * 2 + length + 256;
        char *grown = realloc(p->text, size);
        if (!grown) {
            raise_no_memory(p->thread);
            return false;
        }
        p->text = grown;
        p->text_size = size;
    }
    memcpy(p->text + p->text_used, data, length);
    p->text_used += length;
    return true;
}

/* target.method(...); true if there is no such method. Absent arguments are a failure that is pending. */
static bool tell(TreeParser *p, int method, Value a, Value b) {
    Value function = p->methods[method];
    if (absent(a) || absent(b))
        return false;
    return absent(function) || present(call_2(p->thread, function, a, b));
}
static bool tell_1(TreeParser *p, int method, Value a) {
    Value function = p->methods[method];
    return present(a) && (absent(function) || present(call_1(p->thread, function, a)));
}

/* Handlers */

static Value attributes_of(TreeParser *p, const XML_Char **pairs) {
    Value attributes = TRY(dict_new(p->thread));
    for (; pairs[0]; pairs += 2) {
        Value name = TRY(name_of(p, pairs[0]));
        CHECK(dict_set(p->thread, attributes, name, TRY(text_of(p->thread, pairs[1]))));
    }
    return attributes;
}

static void on_start(void *context, const XML_Char *tag, const XML_Char **pairs) {
    TreeParser *p = context;
    if (!begin(p))
        return;
    Value attributes = pairs[0] || !p->builds ? attributes_of(p, pairs) : NO_VALUE;
    Value name = error_pending(p->thread) ? NO_VALUE : name_of(p, tag);
    if (absent(name))
        handled(p, false);
    else if (p->builds)
        handled(p, present(builder_start(p->thread, p->target, name, attributes)));
    else
        handled(p, tell(p, TARGET_START, name, attributes));
}

static void on_end(void *context, const XML_Char *tag) {
    TreeParser *p = context;
    if (begin(p))
        handled(p, p->builds ? present(builder_end(p->thread, p->target)) : tell_1(p, TARGET_END, name_of(p, tag)));
}

static void on_data(void *context, const XML_Char *data, int length) {
    TreeParser *p = context;
    if (error_pending(p->thread))
        return;
    if (p->builds)
        handled(p, collect_text(p, data, (size_t)length));
    else if (present(p->methods[TARGET_DATA]))
        handled(p, tell_1(p, TARGET_DATA, str_from_utf8(p->thread, data, (size_t)length)));
}

/* What nothing else is told of: references to entities that only the program knows. */
static bool tell_entity(TreeParser *p, const char *data, size_t length) {
    Thread *t = p->thread;
    Value name = str_from_utf8(t, data + 1, length - 2);
    Value value = present(name) ? dict_get(t, p->entity, name) : NO_VALUE;
    if (present(value))
        return p->builds ? present(builder_data(t, p->target, value)) : tell_1(p, TARGET_DATA, value);
    if (!error_pending(t)) {
        char message[128];
        snprintf(message, sizeof message, "undefined entity %.*s", length < 100 ? (int)length : 100, data);
        raise_parse_error(t, XML_ERROR_UNDEFINED_ENTITY, XML_GetErrorLineNumber(p->parser), XML_GetErrorColumnNumber(p->parser),
                          message);
    }
    return false;
}

static void on_default(void *context, const XML_Char *data, int length) {
    TreeParser *p = context;
    if (length >= 2 && data[0] == '&' && begin(p))
        handled(p, tell_entity(p, data, (size_t)length));
}

static void on_comment(void *context, const XML_Char *data) {
    TreeParser *p = context;
    if (!begin(p))
        return;
    Value text = text_of(p->thread, data);
    if (p->builds)
        handled(p, present(text) && present(builder_comment(p->thread, p->target, text)));
    else
        handled(p, tell_1(p, TARGET_COMMENT, text));
}

static void on_pi(void *context, const XML_Char *target, const XML_Char *data) {
    TreeParser *p = context;
    if (!begin(p) || (p->builds && !builder_reports(p->target, EVENT_PI) && !builder_inserts_pis(p->target)))
        return;
    Value name = text_of(p->thread, target), text = present(name) ? text_of(p->thread, data) : NO_VALUE;
    if (p->builds)
        handled(p, present(text) && present(builder_pi(p->thread, p->target, name, text)));
    else
        handled(p, tell(p, TARGET_PI, name, text));
}

static void on_start_namespace(void *context, const XML_Char *prefix, const XML_Char *uri) {
    TreeParser *p = context;
    if (!begin(p) || (p->builds && !builder_reports(p->target, EVENT_START_NS)))
        return;
    Value a = text_of(p->thread, prefix ? prefix : ""), b = present(a) ? text_of(p->thread, uri ? uri : "") : NO_VALUE;
    if (p->builds) {
        Value pair = present(b) ? tuple_pack(p->thread, 2, a, b) : NO_VALUE;
        handled(p, present(pair) && builder_event(p->thread, p->target, EVENT_START_NS, pair));
    } else {
        handled(p, tell(p, TARGET_START_NS, a, b));
    }
}

static void on_end_namespace(void *context, const XML_Char *prefix) {
    TreeParser *p = context;
    if (!begin(p))
        return;
    if (p->builds)
        handled(p, builder_event(p->thread, p->target, EVENT_END_NS, NONE));
    else
        handled(p, tell_1(p, TARGET_END_NS, text_of(p->thread, prefix ? prefix : "")));
}

static bool tell_doctype(TreeParser *p, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id) {
    Thread *t = p->thread;
    Value word = name_of(p, name), system = text_or_none(t, system_id), public = text_or_none(t, public_id);
    if (absent(word) || absent(system) || absent(public))
        return false;
    if (present(p->methods[TARGET_DOCTYPE]))
        return present(call_3(t, p->methods[TARGET_DOCTYPE], word, public, system));
    Value method = str_intern_text(t, target_methods[TARGET_DOCTYPE]);
    if (present(method) && present(find_attribute(t, from_object(p), method)))
        return warn(t, &RuntimeWarning_type, 1,
                    "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.");
    return !error_pending(t);
}
static void on_start_doctype(void *context, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
                             int has_internal_subset) {
    TreeParser *p = context;
    if (begin(p))
        handled(p, tell_doctype(p, name, system_id, public_id));
}

static int on_unknown_encoding(void *context, const XML_Char *encoding, XML_Encoding *info) {
    TreeParser *p = context;
    return !error_pending(p->thread) && parser_fill_encoding(p->thread, encoding, info) ? XML_STATUS_OK : XML_STATUS_ERROR;
}

/* Life */

static void install_handlers(TreeParser *p) {
    XML_Parser parser = p->parser;
    XML_SetUserData(parser, p);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_data);
    XML_SetDefaultHandlerExpand(parser, on_default);
    XML_SetStartDoctypeDeclHandler(parser, on_start_doctype);
    XML_SetUnknownEncodingHandler(parser, on_unknown_encoding, p);
    if (present(p->methods[TARGET_COMMENT]))
        XML_SetCommentHandler(parser, on_comment);
    if (present(p->methods[TARGET_PI]))
        XML_SetProcessingInstructionHandler(parser, on_pi);
    if (present(p->methods[TARGET_START_NS]))
        XML_SetStartNamespaceDeclHandler(parser, on_start_namespace);
    if (present(p->methods[TARGET_END_NS]))
        XML_SetEndNamespaceDeclHandler(parser, on_end_namespace);
}

static bool set_target(Thread *t, TreeParser *p, Value target) {
    for (int i = 0; i < TARGET_COUNT; i++) {
        Value name = str_intern_text(t, target_methods[i]);
        store(p, &p->methods[i], present(name) ? find_attribute(t, target, name) : NO_VALUE);
        if (error_pending(t))
            return false;
    }
    store(p, &p->target, target);
    p->builds = is_exactly(target, &tree_builder_type);
    return true;
}

static Value init(Thread *t, Value *args) {
    TreeParser *p = as_tree_parser(args[0]);
    const char *encoding = NULL;
    size_t length = 0;
    if (!is_none(args[2])) {
        if (!is_str(args[2]))
            return raise_type_error(t, "XMLParser() argument 'encoding' must be str or None, not %T", args[2]);
        encoding = str_utf8(t, args[2], &length);
        CHECK(encoding != NULL);
        if (strlen(encoding) != length)
            return raise_value_error(t, "embedded null character");
    }
    if (p->thread)
        return raise_error(t, &RuntimeError_type, "cannot call __init__() from within a handler");
    Value target = is_none(args[1]) ? TRY(call_0(t, from_object(&tree_builder_type))) : args[1];
    store(p, &p->entity, TRY(dict_new(t)));
    CHECK(set_target(t, p, target));
    uint64_t salt = t->isolate->hash_secret[0] | 1;
    owned_lock_enter(t, &p->lock);
    bool again = p->parser;
    if (again)
        XML_ParserFree(p->parser);
    p->parser = XML_ParserCreateNS(encoding, '}');
    p->text_used = 0;
    if (p->parser) {
        XML_SetHashSalt(p->parser, (unsigned long)salt);
        install_handlers(p);
    }
    owned_lock_leave(&p->lock);
    if (!p->parser)
        return raise_no_memory(t);
    if (!again)
        heap_external_memory(t, WEIGHT);
    return NONE;
}

/* Parsing */

static bool parsing_begin(Thread *t, TreeParser *p, const char *method) {
    owned_lock_enter(t, &p->lock);
    if (p->parser && !p->thread) {
        p->thread = t;
        return true;
    }
    bool made = p->parser;
    owned_lock_leave(&p->lock);
    if (made)
        raise_error(t, &RuntimeError_type, "cannot call %s() from within a handler", method);
    else
        raise_value_error(t, "XMLParser.__init__() wasn't called");
    return false;
}

static Value parsing_end(TreeParser *p, Value result) {
    p->thread = NULL;
    owned_lock_leave(&p->lock);
    return result;
}

static Value parse(Thread *t, TreeParser *p, const char *data, size_t length, bool final) {
    enum XML_Status status = XML_STATUS_OK;
    for (; length > MOST_AT_ONCE && status == XML_STATUS_OK; data += MOST_AT_ONCE, length -= MOST_AT_ONCE)
        status = XML_Parse(p->parser, data, MOST_AT_ONCE, 0);
    if (status == XML_STATUS_OK)
        status = XML_Parse(p->parser, data, (int)length, final);
    CHECK(begin(p));
    if (status == XML_STATUS_ERROR) {
        enum XML_Error code = XML_GetErrorCode(p->parser);
        const char *what = XML_ErrorString(code);
        return raise_parse_error(t, code, XML_GetErrorLineNumber(p->parser), XML_GetErrorColumnNumber(p->parser),
                                 what ? what : "");
    }
    return NONE;
}

/* What comes is text: its declaration of an encoding does not count. Fails, to no harm, once parsing has begun. */
static void decoded(TreeParser *p) { XML_SetEncoding(p->parser, "utf-8"); }

static Value parse_text(Thread *t, TreeParser *p, Value text) {
    size_t length;
    const char *data = str_utf8(t, text, &length);
    CHECK(data != NULL);
    decoded(p);
    Value result = parse(t, p, data, length, false);
    keep_alive(data);
    return result;
}

static Value feed(Thread *t, Value *args) {
    TreeParser *p = as_tree_parser(args[0]);
    Buffer b = {0};
    bool is_text = is_str(args[1]);
    if (!is_text)
        CHECK(buffer_get_contiguous(t, args[1], &b, false));
    Value result = NO_VALUE;
    if (parsing_begin(t, p, "feed"))
        result = parsing_end(p, is_text ? parse_text(t, p, args[1]) : parse(t, p, b.data, b.length, false));
    if (!is_text)
        buffer_release(t, &b);
    return result;
}

static Value finish(Thread *t, TreeParser *p) {
    TRY(parse(t, p, "", 0, true));
    return p->builds ? builder_root(p->target) : NONE;
}

static Value close(Thread *t, Value *args) {
    TreeParser *p = as_tree_parser(args[0]);
    CHECK(parsing_begin(t, p, "close"));
    Value result = TRY(parsing_end(p, finish(t, p)));
    return p->builds || absent(p->methods[TARGET_CLOSE]) ? result : call_0(t, p->methods[TARGET_CLOSE]);
}

/* The library defers since 2.6. */
static Value flush_now(Thread *t, TreeParser *p) {
#if XML_MAJOR_VERSION * 10000 + XML_MINOR_VERSION * 100 >= 20600
    XML_SetReparseDeferralEnabled(p->parser, XML_FALSE);
    Value result = parse(t, p, "", 0, false);
    XML_SetReparseDeferralEnabled(p->parser, XML_TRUE);
    return result;
#else
    return NONE;
#endif
}
static Value flush(Thread *t, Value *args) {
    TreeParser *p = as_tree_parser(args[0]);
    CHECK(parsing_begin(t, p, "flush"));
    return parsing_end(p, flush_now(t, p));
}

static Value parse_stream(Thread *t, TreeParser *p, Value read) {
    for (;;) {
        Value data = TRY(call_1(t, read, small_int(READ_SIZE)));
        if (is_exactly(data, &str_type)) {
            if (!str_length(data))
                return finish(t, p);
            decoded(p);
            data = TRY(str_encode(t, data, "utf-8", "surrogatepass"));
        }
        if (!is_exactly(data, &bytes_type) || !as_bytes(data)->length)
            return finish(t, p);
        TRY(parse(t, p, as_bytes(data)->data, as_bytes(data)->length, false));
        keep_alive(as_object(data));
    }
}

static Value parse_whole(Thread *t, Value *args) {
    TreeParser *p = as_tree_parser(args[0]);
    Value read = TRY(get_attribute(t, args[1], names.read));
    CHECK(parsing_begin(t, p, "_parse_whole"));
    return parsing_end(p, parse_stream(t, p, read));
}

/* Events */

static const char *const event_texts[EVENT_COUNT] = {"start", "end", "start-ns", "end-ns", "comment", "pi"};

/* Which event a str or bytes names; -1: none, an exception is pending. */
static int event_of(Thread *t, Value name) {
    size_t length;
    const char *text = is_str(name) ? str_utf8(t, name, &length) : is_bytes(name) ? as_bytes(name)->data : NULL;
    if (!text) {
        if (!error_pending(t))
            raise_value_error(t, "invalid events sequence");
        return -1;
    }
    for (int i = 0; i < EVENT_COUNT; i++)
        if (strcmp(text, event_texts[i]) == 0)
            return i;
    raise_value_error(t, "unknown event '%s'", text);
    return -1;
}

static bool events_of(Thread *t, Value wanted, Value event_names[EVENT_COUNT]) {
    Value list = list_from_iterable(t, wanted);
    if (absent(list)) {
        if (error_catch(t, &TypeError_type))
            raise_type_error(t, "events must be a sequence");
        return false;
    }
    for (size_t i = 0; i < list_length(list); i++) {
        int event = event_of(t, list_get(list, i));
        if (event < 0)
            return false;
        event_names[event] = list_get(list, i);
    }
    return true;
}

static Value set_events(Thread *t, Value *args) {
    TreeParser *p = as_tree_parser(args[0]);
    Value event_names[EVENT_COUNT] = {};
    if (!p->builds)
        return raise_type_error(t, "event handling only supported for ElementTree.TreeBuilder targets");
    if (is_none(args[2]))
        event_names[EVENT_END] = TRY(str_intern_text(t, event_texts[EVENT_END]));
    else
        CHECK(events_of(t, args[2], event_names));
    CHECK(builder_report(t, p->target, args[1], event_names));
    owned_lock_enter(t, &p->lock);
    if (present(event_names[EVENT_START_NS]) || present(event_names[EVENT_END_NS]))
        XML_SetNamespaceDeclHandler(p->parser, on_start_namespace, on_end_namespace);
    if (present(event_names[EVENT_COMMENT]))
        XML_SetCommentHandler(p->parser, on_comment);
    if (present(event_names[EVENT_PI]))
        XML_SetProcessingInstructionHandler(p->parser, on_pi);
    owned_lock_leave(&p->lock);
    return NONE;
}

static Value get_version(Thread *t, Value *args) {
    return format_text(t, "Expat %d.%d.%d", XML_MAJOR_VERSION, XML_MINOR_VERSION, XML_MICRO_VERSION);
}

static const NativeDef methods[] = {
    {"__init__(self, *, target=None, encoding=None)", init,
     "Initialize self.  See help(type(self)) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"feed(self, data, /)", feed, NULL},
    {"close(self, /)", close, NULL},
    {"flush(self, /)", flush, NULL},
    {"_parse_whole(self, file, /)", parse_whole, NULL},
    {"_setevents(self, events_queue, events_to_report=None, /)", set_events, NULL},
    {NULL},
};

static const GetSetDef getset[] = {{"version", get_version, NULL, NULL}, {NULL}};

static const MemberDef members[] = {
    {"entity", MEMBER_VALUE, offsetof(TreeParser, entity), true, NULL},
    {"target", MEMBER_VALUE, offsetof(TreeParser, target), true, NULL},
    {NULL},
};

MODULE_TYPE(tree_parser_type, _elementtree) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "xml.etree.ElementTree.XMLParser",
    .methods = methods,
    .getset = getset,
    .members = members,
    .flags = TYPE_BASE,
    .instance_size = sizeof(TreeParser),
};
