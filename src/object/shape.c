/* Shapes and the attributes of instances; see shape.h.
 *
 * A shape's names are kept alive by its type's trace function, which walks the trees from the type's root shapes and the list of
 * those that were retired; in a full collection a retired shape's names are left to its instances.
 *
 * Who may still have a retired shape? An instance: its trace function notes the shape when a full collection marks it (a test and no
 * more, for classes without retired shapes). When all is marked, those that were not noted are freed. C code has none: it keeps a
 * Shape between two safepoints only. An inline cache may, and it may outlive its class as well: so the id of a shape that is gone rests
 * until a full collection has looked at all caches and emptied those that have it, which for retired shapes is the collection that
 * frees them; then the id is given to another shape. As long as it rests no object has it, and so nobody follows a cache to the
 * flags of the shape that is gone.
 *
 * Entries of the table whose ids rest or are free form two lists. An isolate takes ids in runs, which go back when it is freed with
 * all its caches.
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
/* Retired shapes for which a full collection is made, beyond those that instances had after the last: so many, and one more for so
 * many living bytes, since to mark these takes time; they take about half of that memory themselves then. But no more than the third. */
enum { MOST_RETIRED = 1 << 16, LIVE_FOR_RETIRED = 1 << 8, MOST_RETIRED_IDS = SHAPE_IDS / 8 };

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

void shapes_marked(Thread *t, bool rested) {
    struct ShapeIds *mine = &t->isolate->shape_ids;
    mutex_lock(&mine->mutex);
    if (rested && mine->resting) {
        store_release(&shape_table[mine->last_resting], link_to(mine->free));
        mine->free = mine->resting;
        mine->resting = mine->resting_count = 0;
    }
    mutex_unlock(&mine->mutex);
    store_relaxed(&mine->markings, mine->markings + 1);
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

/* Puts a retired shape into its class's list. */
static void list_retired(Shape *shape) {
    TypeExtra *extra = shape->type->extra;
    assert(mutex_held(&shape->isolate->type_mutex));
    store_relaxed(&shape->flags, shape_flags(shape) | SHAPE_RETIRED | SHAPE_LISTED);
    store_relaxed(&shape->parent, extra->retired);
    store_relaxed(&extra->retired, shape);
    fetch_add(&shape->isolate->shape_ids.retired, (size_t)1);
}

/* A child of a shape that another thread has just retired. */
static Shape *add_retired(Thread *t, Shape *shape, Value name, int removed) {
    Shape *child = shape_allocate(t, shape->type, shape->flags, shape, name, removed);
    if (child) {
        publish_into(shape->type, name);
        list_retired(child);
        store_moved(shape->type);
    }
    return child;
}

static Shape *add_child(Thread *t, Shape *shape, Value name, int removed) {
    assert(mutex_held(&t->isolate->type_mutex));
    if (unlikely(shape->flags & SHAPE_LISTED))
        return add_retired(t, shape, name, removed);
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
    publish_into(shape->type, name);
    shape->children[shape->children_count++] = child;
    store_moved(shape->type);
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
    if (shape_flags(shape) & SHAPE_LISTED)
        fetch_sub(&shape->isolate->shape_ids.retired, (size_t)1);
    let_id_rest(shape->isolate, shape->id);
    free(shape->children);
    free(shape->names);
    free(shape);
}

/* Without a place in the list: the tree stays the type's. */
static void retire_in_place(Shape *shape) {
    store_relaxed(&shape->flags, shape_flags(shape) | SHAPE_RETIRED);
    for (uint32_t i = 0; i < shape->children_count; i++)
        retire_in_place(shape->children[i]);
}

/* Each for itself, since each may go before the others. */
static void retire(Shape *shape) {
    for (uint32_t i = 0; i < shape->children_count; i++)
        retire(shape->children[i]);
    free(shape->children);
    shape->children = NULL;
    shape->children_count = shape->children_capacity = 0;
    list_retired(shape);
}

void shapes_retired_trace(Tracer *tracer, Type *type) {
    Shape *shape = load_relaxed(&type->extra->retired);
    if (!shape || trace_afterwards(tracer, (Object *)type)) /* then the names are left to the instances */
        return;
    for (; shape; shape = load_relaxed(&shape->parent))
        trace_values(tracer, shape->names, shape->count);
}

void shapes_retired_free(Type *type) {
    for (Shape *shape = type->extra->retired, *next; shape; shape = next) {
        next = shape->parent;
        shape_free(shape);
    }
}

/* Several threads may mark at once. */
void shape_note_id(Tracer *tracer, uint32_t id) {
    Shape *shape = shape_from_id(id);
    if (!(shape_flags(shape) & SHAPE_LISTED) || !trace_is_full(tracer))
        return;
    uint32_t this_one = load_relaxed(&shape->isolate->shape_ids.markings) + 1;
    if (load_relaxed(&shape->used_in) == this_one)
        return;
    store_relaxed(&shape->used_in, this_one);
    trace_values(tracer, shape->names, shape->count);
}

void shapes_retired_prune(Object *o) {
    TypeExtra *extra = ((Type *)o)->extra;
    for (Shape **link = &extra->retired, *shape; (shape = *link);) {
        if (shape->used_in == shape->isolate->shape_ids.markings + 1) {
            shape->attached = NULL; /* it may go, now or later */
            link = &shape->parent;
        } else {
            *link = shape->parent;
            shape_free(shape);
        }
    }
}

void shape_collect_retired(Thread *t) {
    struct ShapeIds *ids = &t->isolate->shape_ids;
    size_t retired = load_relaxed(&ids->retired), before = load_relaxed(&ids->retired_at_last);
    if (likely(retired < before + MOST_RETIRED))
        return;
    HeapStats stats;
    heap_stats(t->isolate->heap, &stats);
    size_t most = MOST_RETIRED + stats.live_bytes / LIVE_FOR_RETIRED;
    if (retired < before + (most < MOST_RETIRED_IDS ? most : MOST_RETIRED_IDS))
        return;
    heap_collect(t, GENERATION_FULL);
    store_relaxed(&ids->retired_at_last, load_relaxed(&ids->retired)); /* instances have these */
}

void shape_check(Object *o) {
    Shape *shape = shape_id_is_gone(shape_id(o)) ? NULL : shape_of(o);
    if (shape ? shape->type == o->type : shape_id(o) == 0)
        return;
    fprintf(stderr, "krait: heap: %s at %p has a shape that is gone, or another class's\n", o->type->name_text, (void *)o);
    abort();
}

/* Gives the type fresh root shapes; the old ones stay for instances that still have them. */
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
    store_release(&extra->root, root);
    store_release(&extra->dictionary_shape, dictionary);
    store_release(&extra->attached_root, (Shape *)NULL);
    store_relaxed(&type->root_shape, root->id);
    store_release(&type->head.instance_meta, root->id << META_SHAPE_SHIFT);
    for (int i = 0; i < 3; i++)
        if (before[i])
            retire(before[i]);
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
        heap_collect_fully_next(t->isolate->heap);
        mutex_lock(&t->isolate->type_mutex);
        retire_in_place(type->extra->root);
        if (type->extra->dictionary_shape)
            retire_in_place(type->extra->dictionary_shape);
        if (type->extra->attached_root)
            retire_in_place(type->extra->attached_root);
        mutex_unlock(&t->isolate->type_mutex);
    }
}

void shape_retire_type(Thread *t, Type *type) {
    if (!(type->flags & TYPE_HEAP) || !type->extra || !load_acquire(&type->extra->root))
        return;
    shape_retire_one(t, type);
    type_each_descendant(t, type, type_next_version(), shape_retire_one);
    shape_collect_retired(t);
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
    if (!attached)
        return NULL;
    mutex_lock(&t->isolate->type_mutex);
    if (!((shape_flags(shape) | shape_flags(attached)) & SHAPE_RETIRED)) /* so that both will be retired at once */
        store_release(&shape->attached, attached);
    mutex_unlock(&t->isolate->type_mutex);
    return attached;
}

/* A class without any mostly gets some all the same: from a decorator's __init__, say. */
uint32_t shape_suggest_inline(size_t attributes) {
    enum { UNKNOWN = 3 };
    return attributes == 0 ? UNKNOWN : attributes > MAX_INLINE ? MAX_INLINE : (uint32_t)attributes;
}
