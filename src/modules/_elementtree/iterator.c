/* Element.iter() and Element.itertext(): a walk in document order.
 *
 * The stack holds, for each level, the element and how many of its children were visited; what an element gains meanwhile is
 * seen. Threads: a step is made under the iterator's lock; it compares tags, which may run Python code, after that.
 */
#include "modules/_elementtree/elementtree.h"
#include "object/operators.h"
#include "types/iterator.h"
#include "types/list_internal.h"
#include "types/str/str.h"

typedef struct ElementIterator {
    Object object;
    Value root; /* absent: visited */
    Value tag;  /* absent: all */
    Slots *stack;
    size_t depth, capacity; /* in levels, each two words of the stack */
    bool texts;
} ElementIterator;

static void trace(Tracer *tracer, Object *o) {
    ElementIterator *it = (ElementIterator *)o;
    trace_value(tracer, it->root);
    trace_value(tracer, it->tag);
    trace_object(tracer, it->stack);
}

Value element_iterator_new(Thread *t, Value root, Value tag, bool texts) {
    ElementIterator *it = heap_allocate(t, &element_iterator_type, sizeof *it);
    CHECK(it != NULL);
    it->root = root;
    it->tag = tag;
    it->texts = texts;
    return from_object(it);
}

/* Makes room for one more level. */
static bool grow(Thread *t, ElementIterator *it) {
    size_t capacity = load_relaxed(&it->capacity), wanted = capacity ? capacity * 2 : 8;
    Slots *fresh = list_storage_new(t, wanted * 2);
    if (!fresh)
        return false;
    object_lock(&it->object);
    if (it->capacity == capacity) {
        if (capacity)
            memcpy(fresh->items, it->stack->items, it->depth * 2 * sizeof(Value));
        store_moved(fresh);
        mark_published_as(it, fresh);
        store_release(&it->stack, fresh);
        store_moved(it);
        store_relaxed(&it->capacity, wanted);
    }
    object_unlock(&it->object);
    return true;
}

/* Enters the next element, or leaves the last one entered (*left); absent: neither is left to do. With the lock and room. */
static Value step(ElementIterator *it, bool *left) {
    assert(lock_held(&it->object));
    Value element;
    *left = false;
    if (it->depth) {
        Value *level = &it->stack->items[(it->depth - 1) * 2];
        Value children = load(&as_element(level[0])->children);
        int64_t visited = small_int_value(level[1]);
        element = present(children) ? list_get(children, (size_t)visited) : NO_VALUE;
        if (absent(element)) {
            *left = true;
            it->depth--;
            element = level[0];
            level[0] = level[1] = NO_VALUE;
            return element;
        }
        level[1] = small_int(visited + 1);
    } else {
        element = it->root;
        it->root = NO_VALUE;
        if (absent(element))
            return element;
    }
    Value *level = &it->stack->items[it->depth++ * 2];
    store(it->stack, level, element);
    level[1] = small_int(0);
    return element;
}

/* Whether an element that was entered or left is the next item; the item is *item. -1: an exception is pending. */
static int select_item(Thread *t, ElementIterator *it, Value element, bool left, Value *item) {
    Element *e = as_element(element);
    if (it->texts) {
        if (left && load_relaxed(&it->depth) == 0) /* what follows the root is not its text */
            return 0;
        Value tag = load(&e->tag);
        if (!left && !is_str(tag) && !is_none(tag)) /* comments and processing instructions */
            return 0;
        *item = load(left ? &e->tail : &e->text);
        return is_none(*item) ? 0 : truth(t, *item);
    }
    *item = element;
    return left ? 0 : absent(it->tag) ? 1 : tags_equal(t, load(&e->tag), it->tag);
}

static Value next(Thread *t, Value self) {
    ElementIterator *it = (ElementIterator *)as_object(self);
    for (;;) {
        if (load_relaxed(&it->depth) == load_relaxed(&it->capacity) && !grow(t, it))
            return NO_VALUE;
        Value element = NO_VALUE, item;
        bool left = false;
        object_lock(&it->object);
        bool room = it->depth < it->capacity;
        if (room)
            element = step(it, &left);
        object_unlock(&it->object);
        if (!room)
            continue;
        if (absent(element))
            return NO_VALUE;
        int selected = select_item(t, it, element, left, &item);
        if (selected)
            return selected > 0 ? item : NO_VALUE;
    }
}

static const NativeDef methods[] = {
    {"__iter__(self, /)", iterator_self, "Implement iter(self)."},
    {NULL},
};

MODULE_TYPE(element_iterator_type, _elementtree) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_elementtree._element_iterator",
    .methods = methods,
    .next = next,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(ElementIterator),
};
