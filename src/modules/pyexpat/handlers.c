/* From the library's events to calls of Python functions.
 *
 * The library calls in the middle of xml_enter .. xml_leave. A handler that raises stops the parser: the exception
 * stays pending, no further handler runs, and the method that parses returns absent.
 *
 * Threads: parser.h.
 */
#include "modules/pyexpat/parser.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { MOST_ARGUMENTS = 7, ENCODING_SIZE = 256 };

static int refuse_external_entity(XML_Parser parser, const XML_Char *context, const XML_Char *base, const XML_Char *system_id,
                                  const XML_Char *public_id) {
    return 0;
}

void parser_forget_handlers(ParserObject *p) {
    for (int i = 0; i < HANDLER_COUNT; i++)
        store(p, &p->handlers[i], NO_VALUE);
}

/* An exception is pending: nothing more is called, and the library stops as soon as it can. */
static void stop(ParserObject *p) {
    parser_forget_handlers(p);
    parser_install_handlers(p);
    XML_SetExternalEntityRefHandler(p->core->parser, refuse_external_entity);
    XML_StopParser(p->core->parser, XML_FALSE);
}

static bool wanted(ParserObject *p, HandlerIndex i) {
    return present(p->handlers[i]) && !error_pending(p->thread);
}

/* handler(*arguments); absent arguments (other than none at all) are a failure that is pending already. */
static Value call_handler(ParserObject *p, HandlerIndex i, const Value *arguments, size_t count) {
    Value room[MOST_ARGUMENTS + 1], result = NO_VALUE;
    bool complete = true;
    for (size_t k = 0; k < count; k++) {
        room[k + 1] = arguments[k];
        complete &= present(arguments[k]);
    }
    if (complete) {
        bool outer = p->in_handler;
        p->in_handler = true;
        result = call(p->thread, p->handlers[i], room + 1, count, NO_VALUE);
        p->in_handler = outer;
    }
    if (absent(result))
        stop(p);
    return result;
}
#define CALL_HANDLER(p, name, ...)                                              \
    ({                                                                          \
        const Value arguments_[] = {__VA_ARGS__};                               \
        call_handler(p, HANDLER_##name, arguments_, sizeof arguments_ / sizeof *arguments_); \
    })

static Value text(Thread *t, const XML_Char *s) { return s ? str_from_text(t, s) : NONE; }

/* The same object for the same name as long as the parser lives. */
static Value name(ParserObject *p, const XML_Char *s) {
    Thread *t = p->thread;
    Value v = TRY(text(t, s));
    if (absent(p->intern) || !s)
        return v;
    return dict_setdefault(t, p->intern, v, v);
}

/* Character data: collected while it fits, if the program wants it in few pieces. */

static bool emit_text(ParserObject *p, const char *data, int length) {
    if (!wanted(p, HANDLER_CharacterData))
        return !error_pending(p->thread);
    return present(CALL_HANDLER(p, CharacterData, str_from_utf8(p->thread, data, (size_t)length)));
}

bool parser_flush_text(ParserObject *p) {
    int length = p->text_used;
    p->text_used = 0; /* first: the handler may parse on, or change the buffer */
    return !p->text || !length || emit_text(p, p->text, length);
}

static void on_CharacterData(void *context, const XML_Char *data, int length) {
    ParserObject *p = context;
    if (error_pending(p->thread))
        return;
    if (!p->text) {
        emit_text(p, data, length);
        return;
    }
    if (p->text_used + length > p->text_size) {
        if (!parser_flush_text(p) || !wanted(p, HANDLER_CharacterData))
            return;
    }
    if (!p->text || length > p->text_size) {
        emit_text(p, data, length);
    } else {
        memcpy(p->text + p->text_used, data, (size_t)length);
        p->text_used += length;
    }
}

/* Whether an event is to be told: what was collected before it goes first. */
static bool ready(ParserObject *p, HandlerIndex i) { return wanted(p, i) && parser_flush_text(p) && wanted(p, i); }
#define BEGIN(name)            \
    ParserObject *p = context; \
    if (!ready(p, HANDLER_##name)) \
        return;                \
    Thread *t = p->thread

static Value attributes(ParserObject *p, const XML_Char **pairs) {
    Thread *t = p->thread;
    size_t count = 0;
    if (p->specified_attributes)
        count = (size_t)XML_GetSpecifiedAttributeCount(p->core->parser);
    else
        while (pairs[count])
            count += 2;
    Value container = TRY(p->ordered_attributes ? list_new(t, count) : dict_new(t));
    for (size_t i = 0; i < count; i += 2) {
        Value key = TRY(name(p, pairs[i])), value = TRY(text(t, pairs[i + 1]));
        if (p->ordered_attributes)
            CHECK(list_append(t, container, key) && list_append(t, container, value));
        else
            CHECK(dict_set(t, container, key, value));
    }
    return container;
}

static void on_StartElement(void *context, const XML_Char *element, const XML_Char **pairs) {
    BEGIN(StartElement);
    (void)t;
    Value container = attributes(p, pairs);
    if (absent(container))
        stop(p);
    else
        CALL_HANDLER(p, StartElement, name(p, element), container);
}
static void on_EndElement(void *context, const XML_Char *element) {
    BEGIN(EndElement);
    (void)t;
    CALL_HANDLER(p, EndElement, name(p, element));
}
static void on_ProcessingInstruction(void *context, const XML_Char *target, const XML_Char *data) {
    BEGIN(ProcessingInstruction);
    CALL_HANDLER(p, ProcessingInstruction, name(p, target), text(t, data));
}
static void on_UnparsedEntityDecl(void *context, const XML_Char *entity, const XML_Char *base, const XML_Char *system_id,
                                  const XML_Char *public_id, const XML_Char *notation) {
    BEGIN(UnparsedEntityDecl);
    (void)t;
    CALL_HANDLER(p, UnparsedEntityDecl, name(p, entity), name(p, base), name(p, system_id), name(p, public_id), name(p, notation));
}
static void on_NotationDecl(void *context, const XML_Char *notation, const XML_Char *base, const XML_Char *system_id,
                            const XML_Char *public_id) {
    BEGIN(NotationDecl);
    (void)t;
    CALL_HANDLER(p, NotationDecl, name(p, notation), name(p, base), name(p, system_id), name(p, public_id));
}
static void on_StartNamespaceDecl(void *context, const XML_Char *prefix, const XML_Char *uri) {
    BEGIN(StartNamespaceDecl);
    (void)t;
    CALL_HANDLER(p, StartNamespaceDecl, name(p, prefix), name(p, uri));
}
static void on_EndNamespaceDecl(void *context, const XML_Char *prefix) {
    BEGIN(EndNamespaceDecl);
    (void)t;
    CALL_HANDLER(p, EndNamespaceDecl, name(p, prefix));
}
static void on_Comment(void *context, const XML_Char *data) {
    BEGIN(Comment);
    CALL_HANDLER(p, Comment, text(t, data));
}
static void on_StartCdataSection(void *context) {
    BEGIN(StartCdataSection);
    (void)t;
    call_handler(p, HANDLER_StartCdataSection, NULL, 0);
}
static void on_EndCdataSection(void *context) {
    BEGIN(EndCdataSection);
    (void)t;
    call_handler(p, HANDLER_EndCdataSection, NULL, 0);
}
static void on_Default(void *context, const XML_Char *data, int length) {
    BEGIN(Default);
    CALL_HANDLER(p, Default, str_from_utf8(t, data, (size_t)length));
}
static void on_DefaultHandlerExpand(void *context, const XML_Char *data, int length) {
    BEGIN(DefaultHandlerExpand);
    CALL_HANDLER(p, DefaultHandlerExpand, str_from_utf8(t, data, (size_t)length));
}

/* An int result for the library; 0 stops it with an error of its own. */
static int result_as_int(ParserObject *p, Value result) {
    int64_t i = 0;
    if (present(result) && (!index_as_ssize(p->thread, result, &i, false, NULL))) {
        stop(p);
        return 0;
    }
    return (int)i;
}

static int on_NotStandalone(void *context) {
    ParserObject *p = context;
    if (!ready(p, HANDLER_NotStandalone))
        return 0;
    return result_as_int(p, call_handler(p, HANDLER_NotStandalone, NULL, 0));
}
static int on_ExternalEntityRef(XML_Parser parser, const XML_Char *entity, const XML_Char *base, const XML_Char *system_id,
                                const XML_Char *public_id) {
    ParserObject *p = XML_GetUserData(parser);
    if (!ready(p, HANDLER_ExternalEntityRef))
        return 0;
    return result_as_int(p, CALL_HANDLER(p, ExternalEntityRef, text(p->thread, entity), name(p, base), name(p, system_id),
                                         name(p, public_id)));
}
static void on_StartDoctypeDecl(void *context, const XML_Char *doctype, const XML_Char *system_id, const XML_Char *public_id,
                                int has_internal_subset) {
    BEGIN(StartDoctypeDecl);
    (void)t;
    CALL_HANDLER(p, StartDoctypeDecl, name(p, doctype), name(p, system_id), name(p, public_id), small_int(has_internal_subset));
}
static void on_EndDoctypeDecl(void *context) {
    BEGIN(EndDoctypeDecl);
    (void)t;
    call_handler(p, HANDLER_EndDoctypeDecl, NULL, 0);
}
static void on_EntityDecl(void *context, const XML_Char *entity, int is_parameter, const XML_Char *value, int length,
                          const XML_Char *base, const XML_Char *system_id, const XML_Char *public_id, const XML_Char *notation) {
    BEGIN(EntityDecl);
    CALL_HANDLER(p, EntityDecl, name(p, entity), small_int(is_parameter),
                 value ? str_from_utf8(t, value, (size_t)length) : NONE, name(p, base), name(p, system_id), name(p, public_id),
                 name(p, notation));
}
static void on_XmlDecl(void *context, const XML_Char *version, const XML_Char *encoding, int standalone) {
    BEGIN(XmlDecl);
    CALL_HANDLER(p, XmlDecl, text(t, version), text(t, encoding), small_int(standalone));
}

static Value content_model(ParserObject *p, const XML_Content *model) {
    Thread *t = p->thread;
    CHECK(recursion_enter(t, " in conv_content_model"));
    Value children = tuple_new(t, model->numchildren), result = NO_VALUE;
    unsigned i = 0;
    for (Value child; present(children) && i < model->numchildren; i++) {
        if (absent(child = content_model(p, &model->children[i])))
            break;
        store((void *)children.bits, &as_tuple(children)->items[i], child);
    }
    if (present(children) && i == model->numchildren) {
        Value element = name(p, model->name);
        if (present(element))
            result = tuple_pack(t, 4, small_int(model->type), small_int(model->quant), element, children);
    }
    recursion_leave(t);
    return result;
}

static void on_ElementDecl(void *context, const XML_Char *element, XML_Content *model) {
    ParserObject *p = context;
    if (ready(p, HANDLER_ElementDecl)) {
        Value content = content_model(p, model);
        if (absent(content))
            stop(p);
        else
            CALL_HANDLER(p, ElementDecl, name(p, element), content);
    }
    XML_FreeContentModel(p->core->parser, model);
}
static void on_AttlistDecl(void *context, const XML_Char *element, const XML_Char *attribute, const XML_Char *type,
                           const XML_Char *default_value, int is_required) {
    BEGIN(AttlistDecl);
    CALL_HANDLER(p, AttlistDecl, name(p, element), name(p, attribute), text(t, type), text(t, default_value), small_int(is_required));
}
static void on_SkippedEntity(void *context, const XML_Char *entity, int is_parameter) {
    BEGIN(SkippedEntity);
    (void)t;
    CALL_HANDLER(p, SkippedEntity, name(p, entity), small_int(is_parameter));
}
#undef BEGIN

bool parser_fill_encoding(Thread *t, const char *encoding, XML_Encoding *info) {
    char bytes[ENCODING_SIZE];
    for (int i = 0; i < ENCODING_SIZE; i++)
        bytes[i] = (char)i;
    Value characters = str_decode(t, bytes, sizeof bytes, encoding, "replace");
    if (present(characters) && str_length(characters) != ENCODING_SIZE)
        raise_value_error(t, "multi-byte encodings are not supported");
    const void *data = error_pending(t) ? NULL : str_data(t, characters);
    if (!data)
        return false;
    for (size_t i = 0; i < ENCODING_SIZE; i++) {
        uint32_t c = str_char(data, str_kind(characters), i);
        info->map[i] = c == 0xFFFD ? -1 : (int)c;
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return true;
}

static int on_unknown_encoding(void *context, const XML_Char *encoding, XML_Encoding *info) {
    ParserObject *p = context;
    if (error_pending(p->thread))
        return XML_STATUS_ERROR;
    if (parser_fill_encoding(p->thread, encoding, info))
        return XML_STATUS_OK;
    stop(p);
    return XML_STATUS_ERROR;
}

void parser_install_unknown_encoding(ParserObject *p) { XML_SetUnknownEncodingHandler(p->core->parser, on_unknown_encoding, p); }

/* Setting */

/* CharacterData stays told while it is being removed from within a handler: the library may be about to call it. */
static void install(ParserObject *p, HandlerIndex i) {
    XML_Parser parser = p->core->parser;
    bool on = present(p->handlers[i]);
    switch (i) {
#define SET(name)                                            \
    case HANDLER_##name:                                     \
        XML_Set##name##Handler(parser, on ? on_##name : NULL); \
        break;
        SET(StartElement) SET(EndElement) SET(ProcessingInstruction) SET(UnparsedEntityDecl) SET(NotationDecl)
        SET(StartNamespaceDecl) SET(EndNamespaceDecl) SET(Comment) SET(StartCdataSection) SET(EndCdataSection) SET(Default)
        SET(NotStandalone) SET(ExternalEntityRef) SET(StartDoctypeDecl) SET(EndDoctypeDecl) SET(EntityDecl) SET(XmlDecl)
        SET(ElementDecl) SET(AttlistDecl) SET(SkippedEntity)
#undef SET
    case HANDLER_CharacterData:
        XML_SetCharacterDataHandler(parser, on || p->in_handler ? on_CharacterData : NULL);
        break;
    case HANDLER_DefaultHandlerExpand: XML_SetDefaultHandlerExpand(parser, on ? on_DefaultHandlerExpand : NULL); break;
    case HANDLER_COUNT: break;
    }
}

void parser_install_handlers(ParserObject *p) {
    for (int i = 0; i < HANDLER_COUNT; i++)
        if (i != HANDLER_Default && i != HANDLER_DefaultHandlerExpand)
            install(p, (HandlerIndex)i);
    /* The library knows one of these two at a time. */
    install(p, HANDLER_Default);
    if (present(p->handlers[HANDLER_DefaultHandlerExpand]))
        install(p, HANDLER_DefaultHandlerExpand);
}

Value parser_get_handler(ParserObject *p, HandlerIndex i) {
    Value v = load(&p->handlers[i]);
    return present(v) ? v : NONE;
}

bool parser_set_handler(Thread *t, ParserObject *p, HandlerIndex i, Value function) {
    if (i == HANDLER_CharacterData && p->thread && !parser_flush_text(p)) /* what came before is the old one's */
        return false;
    store(p, &p->handlers[i], is_none(function) ? NO_VALUE : function);
    install(p, i);
    return true;
}
