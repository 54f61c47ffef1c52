/* Shapes and the attributes of instances; see shape.h.
 *
 * A shape's names are kept alive by its type's trace function, which walks the tree from the type's root shapes.
 * An inline cache may outlive the shape that it was made for, so the id of a shape that is gone rests until a full collection
 * has looked at all caches and emptied those that have it; then it is given to another shape. Entries of the table whose ids
 * rest or are free form two lists. An isolate takes ids in runs, which go back when it is freed with all its caches.
 */
#include "object/shape.h"

#include "base/memory.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/str/str.h"

#include <assert.h>
#include <stdlib.h>

enum { ID_RUN = 256, MAX_INLINE = 30 }; /* the first run of ids is left out: 0 is no shape, some are special */
enum { MOST_RESTING = 1 << 16 };         /* ids that rest without a full collection being asked for */

/* Reserved range, indexed by id; an entry is written before its id is published. Where there is no shape: absent, or a list's
 * next id as link_to() makes it. */
static Shape **shape_table;
static Shape *link_to(uint32_t next) { return (Shape *)((uintptr_t)next << 1 | 1); }
static uint32_t linked(const Shape *entry) { return (uint32_t)((uintptr_t)entry >> 1); }
static bool is_shape(const Shape *entry) { return entry && !((uintptr_t)entry & 1); }

/* Which runs of ids isolates have. */
static struct {
    Mutex mutex;
    uint32_t next; /* runs from here on were never taken */
    uint32_t *given_back;
    size_t count, capacity;
} id_runs = {.next = 1};

bool shape_table_start(void) {
    shape_table = memory_reserve(SHAPE_IDS * sizeof(Shape *), 4096);
    return shape_table != NULL;
}

Shape *shape_from_id(uint32_t id) { return load_acquire(&shape_table[id]); }

void shapes_fork_lock(void) { mutex_lock(&id_runs.mutex); }
void shapes_fork_unlock(void) { mutex_unlock(&id_runs.mutex); }

/* The number of a run; 0: all are taken. */
static uint32_t take_run(void) {
    mutex_lock(&id_runs.mutex);
    uint32_t run = id_runs.count ? id_runs.given_back[--id_runs.count] : id_runs.next < SHAPE_IDS / ID_RUN ? id_runs.next++ : 0;
    mutex_unlock(&id_runs.mutex);
    return run;
}

void shape_ids_release(Isolate *isolate) {
    struct ShapeIds *mine = &isolate->shape_ids;
    mutex_lock(&id_runs.mutex);
    size_t needed = id_runs.count + mine->count;
    if (needed > id_runs.capacity) {
        size_t capacity = needed * 2;
        uint32_t *given_back = realloc(id_runs.given_back, capacity * sizeof *given_back);
        if (given_back) {
            id_runs.given_back = given_back;
            id_runs.capacity = capacity;
        }
    }
    if (needed <= id_runs.capacity) { /* else these ids are lost, nothing more */
        memcpy(id_runs.given_back + id_runs.count, mine->runs, mine->count * sizeof *mine->runs);
        id_runs.count = needed;
    }
    mutex_unlock(&id_runs.mutex);
    free(mine->runs);
}

/* 0: there is none left, or no memory. */
static uint32_t next_id(Isolate *isolate) {
    struct ShapeIds *mine = &isolate->shape_ids;
    uint32_t id = 0;
    mutex_lock(&mine->mutex);
    if (mine->free) {
        id = mine->free;
        mine->free = linked(shape_table[id]);
        mutex_unlock(&mine->mutex);
        return id;
    }
    if (mine->next == mine->end) {
        uint32_t *runs = realloc(mine->runs, (mine->count + 1) * sizeof *runs);
        uint32_t run = runs ? take_run() : 0;
        if (runs)
            mine->runs = runs;
        if (run) {
            mine->runs[mine->count++] = run;
            mine->next = run * ID_RUN;
            mine->end = mine->next + ID_RUN;
        }
    }
    if (mine->next != mine->end)
        id = mine->next++;
    mutex_unlock(&mine->mutex);
    return id;
}

/* The shape with this id is gone. */
static void let_id_rest(Isolate *isolate, uint32_t id) {
    struct ShapeIds *mine = &isolate->shape_ids;
    mutex_lock(&mine->mutex);
    if (!mine->resting)
        mine->last_resting = id;
    store_release(&shape_table[id], link_to(mine->resting));
    mine->resting = id;
    bool many = ++mine->resting_count >= MOST_RESTING;
    mutex_unlock(&mine->mutex);
    if (many)
        heap_collect_fully_next(isolate->heap);
}

bool shape_id_is_gone(uint32_t id) {
    return id >= ID_RUN && id < SHAPE_IDS && !is_shape(load_acquire(&shape_table[id]));
}

void shape_ids_rested(Thread *t) {
    struct ShapeIds *mine = &t->isolate->shape_ids;
    mutex_lock(&mine->mutex);
    if (mine->resting) {
        store_release(&shape_table[mine->last_resting], link_to(mine->free));
        mine->free = mine->resting;
        mine->resting = mine->resting_count = 0;
    }
    mutex_unlock(&mine->mutex);
}

/* Static types are made ready by any isolate, but stay when it is gone: the ids of their shapes are the main isolate's. */
static Isolate *owner_of_ids(Thread *t, const Type *type) {
    return type->flags & TYPE_HEAP || !object_type.root_shape ? t->isolate : shape_from_id(object_type.root_shape)->isolate;
}

/* A shape that adds `name` to `parent`, or has a hole where the parent has it in slot `removed`; parent NULL: a root. */
enum { NONE_REMOVED = -1 };
static Shape *shape_allocate(Thread *t, Type *type, uint32_t flags, Shape *parent, Value name, int removed) {
    uint32_t count = parent ? parent->count + (removed == NONE_REMOVED) : 0;
    Isolate *isolate = owner_of_ids(t, type);
    uint32_t id = next_id(isolate);
    Shape *shape = id ? calloc(1, sizeof *shape) : NULL;
    Value *names = shape && count ? calloc(count, sizeof(Value)) : NULL;
    if (!shape || (count && !names)) {
        free(shape);
        if (id)
            let_id_rest(isolate, id);
        return NULL;
    }
    shape->id = id;
    shape->flags = flags;
    shape->type = type;
    shape->isolate = isolate;
    shape->count = count;
    shape->names = names;
    if (parent) {
        shape->parent = parent;
        if (parent->count)
            memcpy(shape->names, parent->names, parent->count * sizeof(Value));
        shape->name = name;
        shape->names[removed == NONE_REMOVED ? parent->count : (uint32_t)removed] = removed == NONE_REMOVED ? name : NO_VALUE;
        shape->holes = parent->holes + (removed != NONE_REMOVED || absent(name));
    }
    store_release(&shape_table[id], shape);
    return shape;
}

Shape *shape_new_root(Thread *t, Type *type, uint32_t flags) {
    Shape *shape = shape_allocate(t, type, flags, NULL, NO_VALUE, NONE_REMOVED);
    if (!shape)
        raise_no_memory(t);
    return shape;
}

int shape_find(Shape *shape, Value name) {
    for (uint32_t i = 0; i < shape->count; i++)
        if (same(shape->names[i], name))
            return (int)i;
    return -1;
}

static Shape *find_child(Shape *shape, Value name, int removed) {
    uint32_t count = shape->count + (removed == NONE_REMOVED);
    for (uint32_t i = 0; i < shape->children_count; i++)
        if (same(shape->children[i]->name, name) && shape->children[i]->count == count)
            return shape->children[i];
    return NULL;
}

static Shape *add_child(Thread *t, Shape *shape, Value name, int removed) {
    assert(mutex_held(&t->isolate->type_mutex));
    Shape *child = find_child(shape, name, removed);
    if (child)
        return child;
    if (shape->children_count == shape->children_capacity) {
        uint32_t capacity = shape->children_capacity ? shape->children_capacity * 2 : 2;
        Shape **children = realloc(shape->children, capacity * sizeof *children);
        if (!children)
            return NULL;
        shape->children = children;
        shape->children_capacity = capacity;
    }
    child = shape_allocate(t, shape->type, shape->flags, shape, name, removed);
    if (!child)
        return NULL;
    shape->children[shape->children_count++] = child;
    store_many(shape->type);
    return child;
}

Shape *shape_add(Thread *t, Shape *shape, Value name) {
    if (shape->count >= SHAPE_MAX_SLOTS || !(shape->type->flags & TYPE_HEAP))
        return NULL;
    mutex_lock(&t->isolate->type_mutex);
    Shape *child = add_child(t, shape, name, NONE_REMOVED);
    mutex_unlock(&t->isolate->type_mutex);
    return child;
}

Shape *shape_remove(Thread *t, Shape *shape, int index) {
    if (shape->holes >= SHAPE_MAX_HOLES || !(shape->type->flags & TYPE_HEAP))
        return NULL;
    mutex_lock(&t->isolate->type_mutex);
    Shape *child = add_child(t, shape, shape->names[index], index);
    mutex_unlock(&t->isolate->type_mutex);
    return child;
}

void shape_trace(Tracer *tracer, Shape *shape) {
    trace_value(tracer, shape->name);
    for (uint32_t i = 0; i < shape->children_count; i++)
        shape_trace(tracer, shape->children[i]);
}

void shape_free(Shape *shape) {
    for (uint32_t i = 0; i < shape->children_count; i++)
        shape_free(shape->children[i]);
    let_id_rest(shape->isolate, shape->id);
    free(shape->children);
    free(shape->names);
    free(shape);
}

static void retire(Shape *shape) {
    store_relaxed(&shape->flags, shape_flags(shape) | SHAPE_RETIRED);
    for (uint32_t i = 0; i < shape->children_count; i++)
        retire(shape->children[i]);
}

/* Gives the type fresh root shapes; the old tree stays for instances that still have it. */
static bool renew(Thread *t, Type *type) {
    TypeExtra *extra = type->extra;
    bool has_dict = type->flags & TYPE_HAS_DICT;
    Shape *root = shape_new_root(t, type, 0);
    Shape *dictionary = has_dict && root ? shape_new_root(t, type, SHAPE_DICTIONARY) : NULL;
    if (!root || (has_dict && !dictionary)) {
        if (root)
            shape_free(root);
        return false;
    }
    mutex_lock(&t->isolate->type_mutex);
    Shape *before[] = {extra->root, extra->dictionary_shape, extra->attached_root};
    for (int i = 0; i < 3; i++) {
        Shape *old = before[i];
        if (!old)
            continue;
        retire(old);
        store_relaxed(&old->parent, extra->retired); /* a root's parent word links the retired roots */
        extra->retired = old;
    }
    store_release(&extra->root, root);
    store_release(&extra->dictionary_shape, dictionary);
    store_release(&extra->attached_root, (Shape *)NULL);
    store_relaxed(&type->root_shape, root->id);
    store_release(&type->head.instance_meta, root->id << META_SHAPE_SHIFT);
    mutex_unlock(&t->isolate->type_mutex);
    return true;
}

bool shape_start_type(Thread *t, Type *type) {
    if (type->flags & TYPE_HEAP) {
        if (renew(t, type))
            return true;
        error_clear(t);
        heap_collect(t, GENERATION_FULL); /* classes that are gone may still have their ids */
        return renew(t, type);
    }
    /* Static types are shared by isolates, names of attributes are not: their instances are never in shape mode. */
    Shape *root = shape_new_root(t, type, type->flags & TYPE_HAS_DICT ? SHAPE_DICTIONARY : 0);
    if (!root)
        return false;
    type->root_shape = root->id;
    type->head.instance_meta = root->id << META_SHAPE_SHIFT;
    return true;
}

void shape_retire_one(Thread *t, Type *type) {
    if (!(type->flags & TYPE_HEAP) || !type->extra || !load_acquire(&type->extra->root))
        return;
    if (!renew(t, type)) {
        /* Out of ids or memory: the shapes stay, but no cache believes them any more. */
        error_clear(t);
        mutex_lock(&t->isolate->type_mutex);
        retire(type->extra->root);
        if (type->extra->dictionary_shape)
            retire(type->extra->dictionary_shape);
        if (type->extra->attached_root)
            retire(type->extra->attached_root);
        mutex_unlock(&t->isolate->type_mutex);
    }
}

void shape_retire_type(Thread *t, Type *type) {
    if (!(type->flags & TYPE_HEAP) || !type->extra || !load_acquire(&type->extra->root))
        return;
    shape_retire_one(t, type);
    type_each_descendant(t, type, type_next_version(), shape_retire_one);
}

Shape *shape_of_dictionary_mode(Type *type) {
    return type->flags & TYPE_HEAP ? load_acquire(&type->extra->dictionary_shape) : shape_from_id(load_relaxed(&type->root_shape));
}

Shape *shape_attached_root(Thread *t, Type *type) {
    Shape *root = load_acquire(&type->extra->attached_root);
    if (root)
        return root;
    mutex_lock(&t->isolate->type_mutex);
    root = type->extra->attached_root;
    if (!root && (root = shape_allocate(t, type, SHAPE_ATTACHED, NULL, NO_VALUE, NONE_REMOVED)))
        store_release(&type->extra->attached_root, root);
    mutex_unlock(&t->isolate->type_mutex);
    return root;
}

Shape *shape_attached(Thread *t, Shape *shape) {
    Shape *attached = load_acquire(&shape->attached);
    if (likely(attached && !(shape_flags(attached) & SHAPE_RETIRED)))
        return attached;
    attached = shape_attached_root(t, shape->type);
    for (uint32_t i = 0; attached && i < shape->count; i++)
        attached = shape_add(t, attached, shape->names[i]);
    if (attached)
        store_release(&shape->attached, attached);
    return attached;
}

/* A class without any mostly gets some all the same: from a decorator's __init__, say. */
uint32_t shape_suggest_inline(size_t attributes) {
    enum { UNKNOWN = 3 };
    return attributes == 0 ? UNKNOWN : attributes > MAX_INLINE ? MAX_INLINE : (uint32_t)attributes;
}
