/* TreeBuilder: a tree from calls of start, data and end, and the events that a pull parser reports. See elementtree.h.
 *
 * `open` is the innermost element that is open, `stack` those around it. Text goes to `last`: the element that was opened
 * last, or behind one that was closed, which is `last_for_tail` then.
 */
#include "modules/_collections/deque.h"
#include "modules/_elementtree/elementtree.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct TreeBuilder {
    Object object;
    Value root, open, last, last_for_tail; /* absent: none */
    Value stack;                           /* list, of which the first `depth` items count */
    Value data;                            /* text that waits for the next event: one piece, or a list of them that `pieces` is */
    Value pieces;
    Value element_factory, comment_factory, pi_factory; /* absent: the standard one, none, none */
    Value events;                                       /* a deque or a list, or a function that takes an event */
    Value event_names[EVENT_COUNT];                     /* absent: not reported */
    size_t depth;
    bool insert_comments, insert_pis;
} TreeBuilder;

static TreeBuilder *as_builder(Value v) { return (TreeBuilder *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    TreeBuilder *b = (TreeBuilder *)o;
    trace_values(tracer, &b->root, (offsetof(TreeBuilder, depth) - offsetof(TreeBuilder, root)) / sizeof(Value));
}

static Value given_or(Value v, Value otherwise) { return is_none(v) ? otherwise : v; }

static Value init(Thread *t, Value *args) {
    TreeBuilder *b = as_builder(args[0]);
    int comments = truth(t, args[4]), pis = truth(t, args[5]);
    CHECK(comments >= 0 && pis >= 0);
    store(b, &b->stack, TRY(list_new(t, 16)));
    store(b, &b->element_factory, given_or(args[1], NO_VALUE));
    store(b, &b->comment_factory, given_or(args[2], elementtree_state(t, STATE_COMMENT)));
    store(b, &b->pi_factory, given_or(args[3], elementtree_state(t, STATE_PI)));
    CHECK(!error_pending(t));
    b->insert_comments = comments && present(load(&b->comment_factory));
    b->insert_pis = pis && present(load(&b->pi_factory));
    return NONE;
}

/* Events */

bool builder_reports(Value builder, int event) {
    TreeBuilder *b = as_builder(builder);
    return present(load(&b->events)) && present(load(&b->event_names[event]));
}

bool builder_event(Thread *t, Value builder, int event, Value what) {
    TreeBuilder *b = as_builder(builder);
    Value events = load(&b->events), name = load(&b->event_names[event]);
    if (absent(events) || absent(name))
        return true;
    Value pair = tuple_pack(t, 2, name, what);
    if (absent(pair))
        return false;
    if (is_exactly(events, &deque_type))
        return deque_push(t, events, pair, NULL);
    if (is_exactly(events, &list_type))
        return list_append(t, events, pair);
    return present(call_1(t, events, pair));
}

bool builder_report(Thread *t, Value builder, Value queue, const Value event_names[EVENT_COUNT]) {
    TreeBuilder *b = as_builder(builder);
    Value append = get_attribute_text(t, queue, "append");
    if (absent(append))
        return false;
    bool known = is_exactly(queue, &deque_type) || is_exactly(queue, &list_type);
    for (int i = 0; i < EVENT_COUNT; i++)
        store(b, &b->event_names[i], event_names[i]);
    store(b, &b->events, known ? queue : append);
    return true;
}

/* Text */

/* Adds text to what stands in the attribute `name` of an element, which an Element keeps in *slot. */
static bool add_text(Thread *t, Value element, Value text, Value *slot, const char *name) {
    bool plain = is_exactly(element, &element_type);
    Value attribute = plain ? NO_VALUE : str_intern_text(t, name);
    if (!plain && absent(attribute))
        return false;
    Value before = plain ? load(slot) : get_attribute(t, element, attribute);
    if (present(before) && !is_none(before))
        text = binary_operation(t, BINARY_ADD, before, text);
    if (absent(before) || absent(text))
        return false;
    if (!plain)
        return set_attribute(t, element, attribute, text);
    store(as_element(element), slot, text);
    return true;
}

static bool flush(Thread *t, TreeBuilder *b) {
    Value data = load(&b->data), pieces = load(&b->pieces), tail = load(&b->last_for_tail), last = load(&b->last);
    if (absent(data) || absent(last))
        return true;
    store(b, &b->data, NO_VALUE);
    store(b, &b->pieces, NO_VALUE);
    Value text = present(pieces) ? str_join(t, empty_str, pieces) : data;
    if (absent(text))
        return false;
    if (present(tail))
        return add_text(t, tail, text, &as_element(tail)->tail, "tail");
    return add_text(t, last, text, &as_element(last)->text, "text");
}

Value builder_data(Thread *t, Value builder, Value text) {
    TreeBuilder *b = as_builder(builder);
    if (absent(load(&b->last))) /* before the first tag */
        return NONE;
    Value data = load(&b->data), pieces = load(&b->pieces);
    if (absent(data)) {
        store(b, &b->data, text);
    } else if (absent(pieces)) {
        Value both[] = {data, text};
        store(b, &b->pieces, TRY(list_from_values(t, both, 2)));
    } else {
        CHECK(list_append(t, pieces, text));
    }
    return NONE;
}

/* Tags */

static bool add_child(Thread *t, Value parent, Value child) {
    if (is_exactly(parent, &element_type) && is_element(child))
        return element_append(t, parent, child);
    Value name = str_intern_text(t, "append");
    return present(name) && present(call_method_1(t, parent, name, child));
}

static bool push(Thread *t, TreeBuilder *b, Value element) {
    size_t depth = load_relaxed(&b->depth);
    Value stack = load(&b->stack);
    if (depth >= list_length(stack) ? !list_append(t, stack, element) : !list_set(t, stack, depth, element))
        return false;
    store_relaxed(&b->depth, depth + 1);
    return true;
}

Value builder_start(Thread *t, Value builder, Value tag, Value attributes) {
    TreeBuilder *b = as_builder(builder);
    CHECK(flush(t, b));
    Value factory = load(&b->element_factory), open = load(&b->open), element;
    if (absent(factory))
        element = TRY(element_new(t, tag, attributes));
    else
        element = TRY(call_2(t, factory, tag, present(attributes) ? attributes : TRY(dict_new(t))));
    store(b, &b->last_for_tail, NO_VALUE);
    if (present(open)) {
        CHECK(add_child(t, open, element));
    } else {
        if (present(load(&b->root)))
            return raise_error(t, as_type(elementtree_state(t, STATE_PARSE_ERROR)), "multiple elements on top level");
        store(b, &b->root, element);
    }
    CHECK(push(t, b, present(open) ? open : NONE));
    store(b, &b->open, element);
    store(b, &b->last, element);
    CHECK(builder_event(t, builder, EVENT_START, element));
    return element;
}

Value builder_end(Thread *t, Value builder) {
    TreeBuilder *b = as_builder(builder);
    CHECK(flush(t, b));
    size_t depth = load_relaxed(&b->depth);
    Value outer = depth ? list_get(load(&b->stack), depth - 1) : NO_VALUE, closed = load(&b->open);
    if (absent(outer) || absent(closed))
        return raise_index_error(t, "pop from empty stack");
    store_relaxed(&b->depth, depth - 1);
    store(b, &b->last, closed);
    store(b, &b->last_for_tail, closed);
    store(b, &b->open, is_none(outer) ? NO_VALUE : outer);
    CHECK(builder_event(t, builder, EVENT_END, closed));
    return closed;
}

/* A comment or processing instruction goes into the tree if the program wants that. */
static Value add_special(Thread *t, Value builder, Value item, bool insert, int event) {
    TreeBuilder *b = as_builder(builder);
    Value open = load(&b->open);
    if (insert && present(open)) {
        CHECK(add_child(t, open, item));
        store(b, &b->last_for_tail, item);
    }
    CHECK(builder_event(t, builder, event, item));
    return item;
}

Value builder_comment(Thread *t, Value builder, Value text) {
    TreeBuilder *b = as_builder(builder);
    CHECK(flush(t, b));
    Value factory = load(&b->comment_factory);
    return add_special(t, builder, present(factory) ? TRY(call_1(t, factory, text)) : text, b->insert_comments, EVENT_COMMENT);
}

Value builder_pi(Thread *t, Value builder, Value target, Value text) {
    TreeBuilder *b = as_builder(builder);
    CHECK(flush(t, b));
    Value factory = load(&b->pi_factory);
    Value pi = TRY(present(factory) ? call_2(t, factory, target, text) : tuple_pack(t, 2, target, text));
    return add_special(t, builder, pi, b->insert_pis, EVENT_PI);
}

bool builder_inserts_pis(Value builder) { return as_builder(builder)->insert_pis; }

Value builder_root(Value builder) {
    Value root = load(&as_builder(builder)->root);
    return present(root) ? root : NONE;
}

/* Methods. A builder that was not initialised has no stack yet. */

static bool ready(Thread *t, Value self) {
    if (absent(load(&as_builder(self)->stack)))
        raise_value_error(t, "TreeBuilder.__init__() wasn't called");
    return !error_pending(t);
}

static Value start_method(Thread *t, Value *args) {
    if (!is_dict(args[2]))
        return raise_type_error(t, "start() argument 2 must be dict, not %Y", args[2]);
    CHECK(ready(t, args[0]));
    return builder_start(t, args[0], args[1], args[2]);
}
static Value end_method(Thread *t, Value *args) {
    CHECK(ready(t, args[0]));
    return builder_end(t, args[0]);
}
static Value data_method(Thread *t, Value *args) { return builder_data(t, args[0], args[1]); }
static Value comment_method(Thread *t, Value *args) { return builder_comment(t, args[0], args[1]); }
static Value pi_method(Thread *t, Value *args) { return builder_pi(t, args[0], args[1], args[2]); }
static Value close_method(Thread *t, Value *args) { return builder_root(args[0]); }

static const NativeDef methods[] = {
    {"__init__(self, element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False)",
     init, "Initialize self.  See help(type(self)) for accurate signature.", NATIVE_NO_SIGNATURE},
    {"data(self, data, /)", data_method, NULL},
    {"start(self, tag, attrs, /)", start_method, NULL},
    {"end(self, tag, /)", end_method, NULL},
    {"comment(self, text, /)", comment_method, NULL},
    {"pi(self, target, text=None, /)", pi_method, NULL},
    {"close(self, /)", close_method, NULL},
    {NULL},
};

MODULE_TYPE(tree_builder_type, _elementtree) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "xml.etree.ElementTree.TreeBuilder",
    .methods = methods,
    .flags = TYPE_BASE,
    .instance_size = sizeof(TreeBuilder),
};
