/* _elementtree: XML trees. element.c: Element and its paths; iterator.c: iter() and itertext(); builder.c: TreeBuilder;
 * xmlparser.c: XMLParser, from libexpat's events to a builder or a target; module.c: the module and what it keeps.
 *
 * An element's children are a list and its attributes a dict, each made when first needed. Text between tags is joined when the
 * next event ends it.
 *
 * Threads: the words of an element are read and written one by one, its list and dict look after themselves. A builder's words
 * likewise: calls from two threads at once mix their events, nothing worse. A parser takes one thread at a time.
 */
#pragma once
#include "object/thread.h"
#include "object/operators.h"
#include "types/list.h"
#include "types/str/str.h"

typedef struct Element {
    Object object;
    Value tag, text, tail;
    Value attributes; /* dict; absent: none yet */
    Value children;   /* list of elements; absent: none yet */
} Element;

extern Type element_type, element_iterator_type, tree_builder_type, tree_parser_type;

static inline Element *as_element(Value v) { return (Element *)v.bits; }
static inline bool is_element(Value v) { return is_instance_of(v, &element_type); }
static inline size_t element_length(Element *e) {
    Value children = load(&e->children);
    return present(children) ? list_length(children) : 0;
}

/* element.c */
Value element_new(Thread *t, Value tag, Value attributes); /* exactly Element; the dict is the element's own, or absent */
[[nodiscard]] bool element_append(Thread *t, Value element, Value child);
/* What a call says about attributes, in a dict of their own: `attributes` (named `what` in errors) and keywords, either of
 * which may be absent; *result is absent if there are none. */
[[nodiscard]] bool element_attributes(Thread *t, const char *what, Value attributes, Value keywords, Value *result);
Value element_iterator_new(Thread *t, Value root, Value tag, bool texts); /* iterator.c; tag absent: all */

/* builder.c; `builder` is exactly a TreeBuilder. The results are those of the methods. */
enum { EVENT_START, EVENT_END, EVENT_START_NS, EVENT_END_NS, EVENT_COMMENT, EVENT_PI, EVENT_COUNT };
Value builder_start(Thread *t, Value builder, Value tag, Value attributes); /* attributes: absent, none */
Value builder_end(Thread *t, Value builder);
Value builder_data(Thread *t, Value builder, Value text);
Value builder_comment(Thread *t, Value builder, Value text);
Value builder_pi(Thread *t, Value builder, Value target, Value text);
Value builder_root(Value builder); /* or None */
bool builder_inserts_pis(Value builder);
[[nodiscard]] bool builder_event(Thread *t, Value builder, int event, Value what); /* told, if somebody wants to know */
bool builder_reports(Value builder, int event);
/* From now on events go to queue.append: those whose names are not absent. */
[[nodiscard]] bool builder_report(Thread *t, Value builder, Value queue, const Value event_names[EVENT_COUNT]);

/* module.c: what an isolate keeps. */
enum { STATE_PARSE_ERROR, STATE_COMMENT, STATE_PI, STATE_DEEPCOPY, STATE_PATHS, STATE_COUNT };
Value elementtree_state(Thread *t, int which);

/* Whether two tags are equal; most are short texts. -1: an exception is pending. */
static inline int tags_equal(Thread *t, Value a, Value b) {
    if (same(a, b))
        return 1;
    int equals = is_exactly(a, &str_type) && is_exactly(b, &str_type) ? str_short_equal(a, b) : -1;
    return equals >= 0 ? equals : equal(t, a, b);
}
