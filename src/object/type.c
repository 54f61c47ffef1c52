/* Making types ready, and changing them; see type.h.
 *
 * Threads: static types of modules are readied under a mutex, and looked at by nobody before they are. A heap type's namespace
 * is a dict with the dict's own contract. Everything derived from it (slots, version,
 * shapes) is recomputed after the namespace changed; a reader in between sees the old meaning, as if it had come first.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/weakref.h"

#include <assert.h>
#include <stdlib.h>

OwnedLock type_bases_lock;

/* Subclasses: of a heap type in its own list, of a static type in the isolate's table; both of weak references. */

static Value static_subclasses(Thread *t) {
    Isolate *isolate = t->isolate;
    if (present(load(&isolate->static_subclasses)))
        return load(&isolate->static_subclasses);
    Value dict = TRY(dict_new(t));
    publish(dict);
    mutex_lock(&isolate->type_mutex);
    if (absent(isolate->static_subclasses))
        store_release(&isolate->static_subclasses.bits, dict.bits); /* NOBARRIER: a root */
    mutex_unlock(&isolate->type_mutex);
    return load(&isolate->static_subclasses);
}

static Value subclass_list(Thread *t, Type *type, bool create) {
    Isolate *isolate = t->isolate;
    bool heap_type = type->flags & TYPE_HEAP;
    Value list = NO_VALUE;
    if (heap_type)
        list = load(&type->subclasses);
    else if (present(load(&isolate->static_subclasses)))
        list = dict_get(t, load(&isolate->static_subclasses), from_object(type));
    if (present(list) || !create)
        return list;
    list = TRY(list_new(t, 2));
    if (!heap_type)
        return dict_setdefault(t, TRY(static_subclasses(t)), from_object(type), list);
    mutex_lock(&isolate->type_mutex);
    if (absent(type->subclasses))
        store(type, &type->subclasses, list);
    mutex_unlock(&isolate->type_mutex);
    return load(&type->subclasses);
}

/* Absent: the class is gone, or has other bases now (None stands there). */
static Value subclass_at(Value list, size_t i) {
    Value ref = list_get(list, i);
    return is_none(ref) ? NO_VALUE : weakref_target(ref);
}

bool type_add_subclass(Thread *t, Type *base, Type *subclass) {
    if (heap_thread(t)->immortal)
        return true; /* built-in subclasses of built-in types are found by walking the table of static types */
    Value list = subclass_list(t, base, true);
    if (absent(list))
        return false;
    Value ref = weakref_new(t, from_object(subclass), NO_VALUE);
    if (absent(ref))
        return false;
    /* The place of a class that is gone, if one is among a few that are looked at: a class costs the same however many there are. */
    enum { PLACES = 8 };
    bool placed = false;
    mutex_lock(&t->isolate->type_mutex); /* nobody else may find the same free place */
    size_t length = list_length(list), start = (uintptr_t)subclass / 64;
    for (size_t i = 0; i < length && i < PLACES && !placed; i++) {
        size_t at = length <= PLACES ? i : (start + i) % length;
        placed = absent(subclass_at(list, at)) && list_set(t, list, at, ref);
    }
    mutex_unlock(&t->isolate->type_mutex);
    return placed || list_append(t, list, ref);
}

void type_remove_subclass(Thread *t, Type *base, Type *subclass) {
    Value list = subclass_list(t, base, false);
    mutex_lock(&t->isolate->type_mutex);
    for (size_t i = 0; present(list) && i < list_length(list); i++)
        if (same(subclass_at(list, i), from_object(subclass)))
            list_set(t, list, i, NONE);
    mutex_unlock(&t->isolate->type_mutex);
}

void type_each_subclass(Thread *t, Type *type, void (*visit)(Thread *t, Type *subclass)) {
    Value list = subclass_list(t, type, false);
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        Value subclass = subclass_at(list, i);
        if (present(subclass))
            visit(t, as_type(subclass));
    }
}

void type_each_descendant(Thread *t, Type *type, uint64_t walk, void (*visit)(Thread *t, Type *descendant)) {
    Value list = subclass_list(t, type, false);
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        Value subclass = subclass_at(list, i);
        if (absent(subclass))
            continue;
        TypeExtra *extra = as_type(subclass)->extra;
        if (extra && load_relaxed(&extra->walk) == walk)
            continue;
        if (extra)
            store_relaxed(&extra->walk, walk);
        visit(t, as_type(subclass));
        type_each_descendant(t, as_type(subclass), walk, visit);
    }
}

Value type_subclasses(Thread *t, Type *type) {
    Value result = TRY(list_new(t, 4));
    if (!(type->flags & TYPE_HEAP))
        for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
            if (type_is_ready(p->type) && p->type->base == type && !(p->type->head.cell_flags & CELL_INTERNAL))
                CHECK(list_append(t, result, from_object(p->type)));
    Value list = subclass_list(t, type, false);
    for (size_t i = 0; present(list) && i < list_length(list); i++) {
        Value subclass = subclass_at(list, i);
        if (present(subclass))
            CHECK(list_append(t, result, subclass));
    }
    return result;
}

/* Static types */

static bool add_row(Thread *t, Type *type, const NativeDef *def) {
    Value name, attribute = native_row_attribute(t, type, def, &name);
    return present(attribute) && dict_set(t, type->dict, name, attribute);
}

static bool add_default(Thread *t, Type *type, Value name, Value (*make)(Thread *t, Type *owner)) {
    if (present(dict_get_str(type->dict, name)))
        return true;
    Value wrapper = make(t, type);
    return present(wrapper) && dict_set(t, type->dict, name, wrapper);
}

/* About as many as the namespace will have. */
static size_t count_attributes(const Type *type) {
    size_t count = 2;
    for (const NativeDef *def = type->methods; def && def->signature; def++)
        count++;
    for (const GetSetDef *def = type->getset; def && def->name; def++)
        count++;
    for (const MemberDef *def = type->members; def && def->name; def++)
        count++;
    return count;
}

static bool add_attributes(Thread *t, Type *type) {
    for (const NativeDef *def = type->methods; def && def->signature; def++)
        if (!add_row(t, type, def))
            return false;
    for (const GetSetDef *def = type->getset; def && def->name; def++) {
        Value name = str_intern_text(t, def->name), d = getset_descriptor_new(t, type, def);
        if (absent(name) || absent(d) || !dict_set(t, type->dict, name, d))
            return false;
    }
    for (const MemberDef *def = type->members; def && def->name; def++) {
        Value name = str_intern_text(t, def->name), d = member_descriptor_new(t, type, def);
        if (absent(name) || absent(d) || !dict_set(t, type->dict, name, d))
            return false;
    }
    Type *base = type->base;
    if (type->flags & TYPE_HAS_DICT && !(base->flags & TYPE_HAS_DICT) && absent(dict_get_str(type->dict, names.__dict__))) {
        Value d = getset_descriptor_new(t, type, &instance_dict_getset);
        if (absent(d) || !dict_set(t, type->dict, names.__dict__, d))
            return false;
    }
    if (type->next && !(base && base->next == type->next) && !add_default(t, type, names.__next__, slot_wrapper_of_next))
        return false;
    if (type->call && !(base && base->call == type->call) && !add_default(t, type, names.__call__, slot_wrapper_of_call))
        return false;
    Value doc = type->doc ? str_from_text(t, type->doc) : NONE;
    if (absent(dict_get_str(type->dict, names.__doc__)) && (absent(doc) || !dict_set(t, type->dict, names.__doc__, doc)))
        return false;
    /* A type that defines == but not hash() is unhashable. */
    if (present(dict_get_str(type->dict, names.__eq__)) && absent(dict_get_str(type->dict, names.__hash__)))
        return dict_set(t, type->dict, names.__hash__, NONE);
    return true;
}

static bool set_names(Thread *t, Type *type) {
    const char *dot = strrchr(type->name_text, '.');
    type->name = type->qualname = str_intern_text(t, dot ? dot + 1 : type->name_text);
    if (dot) {
        Value module = str_from_utf8(t, type->name_text, (size_t)(dot - type->name_text));
        type->module = present(module) ? str_intern(t, module) : NO_VALUE;
    } else {
        type->module = names.builtins;
    }
    return present(load(&type->name)) && present(type->module);
}

static void inherit_layout(Type *type, Type *base) {
    const uint32_t inherited = TYPE_INT | TYPE_STR | TYPE_TUPLE | TYPE_LIST | TYPE_DICT | TYPE_BYTES | TYPE_TYPE |
                               TYPE_EXCEPTION | TYPE_FLOAT | TYPE_SET | TYPE_HAS_DICT | TYPE_HAS_WEAKREF | TYPE_SEQUENCE |
                               TYPE_MAPPING | TYPE_MATCH_SELF;
    type->flags |= base->flags & inherited;
    if (!type->instance_size)
        type->instance_size = base->instance_size;
    if (!type->item_size)
        type->item_size = base->item_size;
    if (!type->slots_offset && type->flags & TYPE_HAS_DICT)
        type->slots_offset = type->item_size ? SLOTS_AT_END : (type->instance_size + 7) / 8 * 8;
    if (!type->head.trace)
        type->head.trace = base->head.trace;
    if (!type->head.release)
        type->head.release = base->head.release;
    if (!type->buffer)
        type->buffer = base->buffer;
}

static bool set_match_args(Thread *t, Type *type) {
    if (!type->match_args)
        return true;
    Value text = str_from_text(t, type->match_args), blank = str_from_text(t, " ");
    size_t count = 1, start = 0;
    if (absent(text) || absent(blank))
        return false;
    for (const char *p = type->match_args; *p; p++)
        count += *p == ' ';
    Value match_args = tuple_new(t, count);
    for (size_t i = 0; present(match_args) && i < count; i++) {
        int64_t end = i + 1 < count ? str_find(t, text, blank, start, SIZE_MAX) : (int64_t)str_length(text);
        Value name = str_slice(t, text, start, (size_t)end);
        if (absent(name) || absent(name = str_intern(t, name)))
            return false;
        store((void *)match_args.bits, &as_tuple(match_args)->items[i], name);
        start = (size_t)end + 1;
    }
    return present(match_args) && dict_set(t, type->dict, names.__match_args__, match_args);
}

/* What instances find as __module__. */
static bool set_module(Thread *t, Type *type) {
    bool shown = strchr(type->name_text, '.') && !(type->flags & TYPE_NO_MODULE);
    return !shown || present(dict_get_str(type->dict, names.__module__)) || dict_set(t, type->dict, names.__module__, type->module);
}

bool type_ready(Thread *t, Type *type) {
    if (type_is_ready(type))
        return true;
    Type *base = type->base_static ? type->base_static : type == &object_type ? NULL : &object_type;
    if (base && !type_ready(t, base))
        return false;
    type->base = base;
    if (base)
        inherit_layout(type, base);
    if (!set_names(t, type) || absent(type->dict = dict_new_sized(t, count_attributes(type))))
        return false;
    type->bases = base ? tuple_pack(t, 1, from_object(base)) : empty_tuple;
    if (absent(type->bases) || !add_attributes(t, type) || !set_match_args(t, type) || !set_module(t, type))
        return false;
    if (type->add_constants && !type->add_constants(t, type))
        return false;
    size_t depth = base ? tuple_length(base->mro) : 0;
    Value mro = tuple_new(t, depth + 1);
    if (absent(mro))
        return false;
    tuple_set(mro, 0, from_object(type));
    for (size_t i = 0; i < depth; i++)
        tuple_set(mro, i + 1, tuple_get(base->mro, i));
    type->mro = mro;
    type->version = type_next_version();
    type_fill_slots(type);
    type->flags |= TYPE_READY;
    fetch_or(&type->head.cell_flags, (uint32_t)CELL_READY);
    return true;
}

/* Sizes and flags, bases first: instances of types that are not ready yet (staticmethod) stand in the namespaces of others. */
static void lay_out_static(Type *type) {
    Type *base = type->base_static ? type->base_static : type == &object_type ? NULL : &object_type;
    if (!base)
        return;
    lay_out_static(base);
    inherit_layout(type, base);
}

static bool start_shape(Thread *t, Type *type) {
    for (Type *base = type->base_static; base; base = base->base_static)
        type->flags |= base->flags & TYPE_HAS_DICT;
    return shape_start_type(t, type);
}

/* Before anything else is allocated: every cell has the size and carries the root shape of its type. */
bool types_start_shapes(Thread *t) {
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (!p->module)
            lay_out_static(p->type);
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (!p->module && !start_shape(t, p->type))
            return false;
    return true;
}

bool types_start(Thread *t) {
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (!p->module && !type_ready(t, p->type))
            return false;
    return true;
}

/* Types of modules. Who readies them holds the mutex and makes immortal cells, so that no safepoint comes. */
static Mutex late_mutex;

void types_fork_lock(void) { mutex_lock(&late_mutex); }
void types_fork_unlock(void) { mutex_unlock(&late_mutex); }

static bool are_ready(const ModuleDef *module) {
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (p->module == module && !type_is_ready(p->type))
            return false;
    return true;
}

static bool ready_late(Thread *t, const ModuleDef *module) {
    assert(mutex_held(&late_mutex));
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (p->module == module)
            lay_out_static(p->type);
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (p->module == module && !p->type->root_shape && !start_shape(t, p->type))
            return false;
    for (const StaticType *p = __start_krait_types; p < __stop_krait_types; p++)
        if (p->module == module && !type_ready(t, p->type))
            return false;
    return true;
}

bool types_start_of(Thread *t, const ModuleDef *module) {
    if (are_ready(module))
        return true;
    mutex_lock(&late_mutex);
    bool was_immortal = heap_set_immortal(t, true);
    bool ok = ready_late(t, module);
    heap_set_immortal(t, was_immortal);
    mutex_unlock(&late_mutex);
    return ok;
}

/* Changing the namespace of a heap type */

static bool refuse_immutable(Thread *t, Type *type, Value name) {
    raise_type_error(t, "cannot set %R attribute of immutable type '%s'", name, type->name_text);
    return false;
}

/* Names that the language or the library knows: __init__, __reduce_ex__ ... */
static bool is_special_name(Thread *t, Value name) {
    const uint8_t *text = str_is_ascii(name) ? str_data(t, name) : NULL;
    return text && str_length(name) > 4 && text[0] == '_' && text[1] == '_';
}

/* What was found out about a class, apart from names such as __init__, is where its attributes are: a new value
 * of one that it had already, such as a counter's, changes nothing. */
static void names_changed(Thread *t, Type *type, Value name, uint64_t names_before) {
    bool changed = load_acquire(&as_dict(type->dict)->version) != names_before; /* by this thread or another */
    if (changed || is_special_name(t, name))
        type_modified(t, type);
    if (changed)
        shape_retire_type(t, type);
}

bool type_set_entry(Thread *t, Type *type, Value name, Value value) {
    uint64_t names_before = load_acquire(&as_dict(type->dict)->version);
    if (!dict_set(t, type->dict, name, value))
        return false;
    names_changed(t, type, name, names_before);
    return true;
}

Value type_set_default_entry(Thread *t, Type *type, Value name, Value value) {
    uint64_t names_before = load_acquire(&as_dict(type->dict)->version);
    Value now = dict_setdefault(t, type->dict, name, value);
    if (present(now))
        names_changed(t, type, name, names_before);
    return now;
}

/* Stores in or removes from the namespace, then brings what derives from it up to date. */
static bool change_namespace(Thread *t, Type *type, Value name, Value value) {
    uint64_t names_before = load_acquire(&as_dict(type->dict)->version);
    if (present(value)) {
        if (!dict_set(t, type->dict, name, value))
            return false;
    } else {
        int deleted = dict_delete(t, type->dict, name);
        if (deleted == 0)
            raise_attribute_error(t, from_object(type), name, "type object '%N' has no attribute '%S'", type, name);
        if (deleted <= 0)
            return false;
    }
    names_changed(t, type, name, names_before);
    if (is_special_name(t, name))
        type_fill_slot_named(t, type, name);
    return true;
}

bool type_generic_set(Thread *t, Type *type, Value name, Value value) {
    if (!(type->flags & TYPE_HEAP) || type->flags & TYPE_IMMUTABLE)
        return refuse_immutable(t, type, name);
    Value descriptor = type_lookup(type_of(from_object(type)), name);
    if (present(descriptor)) {
        NativeFn set = type_of(descriptor)->slots[present(value) ? SLOT___set__ : SLOT___delete__];
        if (set) {
            Value args[3] = {descriptor, from_object(type), value};
            return present(set(t, args));
        }
    }
    if (!is_exactly(name, &str_type) || !str_is_interned(name)) {
        name = str_intern(t, name);
        if (absent(name))
            return false;
    }
    return change_namespace(t, type, name, value);
}

Value type_set_attribute(Thread *t, Type *type, Value name, Value value) {
    CHECK(type_generic_set(t, type, name, value));
    return NONE;
}

/* Attributes of classes: data descriptors of the metaclass, then the MRO, then the rest of the metaclass. */
Value type_get_attribute(Thread *t, Type *type, Value name, bool raise) {
    Type *metatype = type->head.object.type;
    Value meta = type_lookup(metatype, name);
    NativeFn meta_get = NULL;
    if (present(meta)) {
        Type *kind = type_of(meta);
        meta_get = type_slot(kind, SLOT___get__);
        if (meta_get && (type_slot(kind, SLOT___set__) || type_slot(kind, SLOT___delete__))) {
            Value args[3] = {meta, from_object(type), from_object(metatype)};
            return meta_get(t, args);
        }
    }
    Value found = type_lookup(type, name);
    if (present(found)) {
        NativeFn get = type_slot(type_of(found), SLOT___get__);
        if (!get)
            return found;
        Value args[3] = {found, NONE, from_object(type)};
        return get(t, args);
    }
    if (present(meta)) {
        if (!meta_get)
            return meta;
        Value args[3] = {meta, from_object(type), from_object(metatype)};
        return meta_get(t, args);
    }
    if (raise)
        raise_attribute_error(t, from_object(type), name, "type object '%N' has no attribute '%S'", type, name);
    return NO_VALUE;
}

Value type_module_name(Thread *t, Type *type) {
    if (!(type->flags & TYPE_HEAP))
        return type->module;
    Value module = dict_get_str(type->dict, names.__module__);
    return present(module) && is_str(module) ? module : NO_VALUE;
}

Value type_qualified_name(Thread *t, Type *type) {
    Value module = type_module_name(t, type);
    if (absent(module) || str_equal_text(module, "builtins"))
        return load(&type->qualname);
    return format_text(t, "%S.%S", module, load(&type->qualname));
}

/* Instances */

void (*made_finalizable_hook)(Thread *t, Type *type);

static void *allocate_instance(Thread *t, Type *type, size_t size) {
    if (unlikely(type->head.release || type->flags & TYPE_HAS_DEL)) {
        void (*made)(Thread *t, Type *type) = load_relaxed(&made_finalizable_hook);
        if (type->flags & TYPE_HAS_DEL && made)
            made(t, type);
        return heap_allocate_finalizable(t, type, size);
    }
    return heap_allocate(t, type, size);
}

void *type_allocate(Thread *t, Type *type) {
    if (unlikely(type->item_size))
        return type_allocate_sized(t, type, 0);
    return allocate_instance(t, type, type_instance_size(type));
}

void *type_allocate_sized(Thread *t, Type *type, size_t items) {
    if (items > (SIZE_MAX / 4) / (type->item_size ? type->item_size : 1)) {
        raise_no_memory(t);
        return NULL;
    }
    size_t size = type->instance_size + items * type->item_size;
    if (type->flags & TYPE_HAS_DICT)
        size = (size + 7) / 8 * 8 + sizeof(Value);
    return allocate_instance(t, type, size);
}
