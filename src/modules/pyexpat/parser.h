/* pyexpat: XML parsing by libexpat. parser.c: the object and its methods; handlers.c: from the library's events to
 * calls of Python functions; constants.c: the modules `errors` and `model`.
 *
 * The library's parser lives outside the heap in a ParserCore, which parsers of external entities share with the parser
 * that they came from: the library lets them refer to it. The last object that dies frees it.
 *
 * Threads: the library takes one thread at a time. A thread owns a parser while it is in one of its methods that call the
 * library (xml_enter, xml_leave); its handlers may enter again; others wait.
 */
#pragma once
#include "object/owned_lock.h"
#include "types/module.h"

#define XML_DTD 1 /* the library is built with it; its header asks */
#include <expat.h>

typedef enum HandlerIndex {
#define HANDLER(name, attribute) HANDLER_##name,
#include "modules/pyexpat/handlers.def"
#undef HANDLER
    HANDLER_COUNT
} HandlerIndex;

typedef struct ParserCore {
    XML_Parser parser;
    struct ParserCore *parent; /* NULL: a document's parser */
    uint32_t references;       /* the object, and the cores of parsers of external entities */
} ParserCore;

typedef struct ParserObject {
    Object object;
    ParserCore *core;
    OwnedLock lock;
    Thread *thread; /* that parses, for handlers; NULL outside of parsing */
    bool ordered_attributes, specified_attributes, namespace_prefixes, in_handler, reparse_deferral;
    char *text; /* character data that waits for more; NULL: buffer_text is off */
    int text_size, text_used;
    Value intern; /* dict or absent */
    Value handlers[HANDLER_COUNT];
} ParserObject;

extern Type xml_parser_type;
static inline ParserObject *as_parser(Value v) { return (ParserObject *)v.bits; }

static inline void xml_enter(Thread *t, ParserObject *p) { owned_lock_enter(t, &p->lock); }
static inline void xml_leave(ParserObject *p) { owned_lock_leave(&p->lock); }

/* handlers.c; the parser is entered. */
Value parser_get_handler(ParserObject *p, HandlerIndex i); /* None: none */
bool parser_set_handler(Thread *t, ParserObject *p, HandlerIndex i, Value function);
void parser_install_handlers(ParserObject *p); /* tells the library of all that are set */
void parser_install_unknown_encoding(ParserObject *p);
[[nodiscard]] bool parser_flush_text(ParserObject *p);
void parser_forget_handlers(ParserObject *p);
/* Encodings that the library does not know: of one byte per character, by a codec of ours. false: an exception is pending. */
[[nodiscard]] bool parser_fill_encoding(Thread *t, const char *encoding, XML_Encoding *info);

/* constants.c */
bool parser_add_constants(Thread *t, Value module);
