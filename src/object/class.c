/* Making classes at run time: type(name, bases, namespace), their layout and their cells.
 *
 * An instance of a class is the fixed part of its best base, then the words of all __slots__, then (with a
 * __dict__) the `extra` word and inline slots: as many as the class body and those of its bases assign to self.
 *
 * Threads: a class is private to its maker until __set_name__ and __init_subclass__ run.
 */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/method.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

static void class_trace(Tracer *tracer, Object *o) {
    Type *type = (Type *)o;
    const Value fields[] = {type->name, type->qualname, type->module,     type->bases,
                            type->mro,  type->dict,     type->subclasses, type->annotations_cache,
                            type->slot_names};
    trace_values(tracer, fields, sizeof fields / sizeof *fields);
    trace_object(tracer, type->base);
    if (!type->extra)
        return;
    const Shape *roots[] = {type->extra->root, type->extra->dictionary_shape, type->extra->attached_root};
    for (int i = 0; i < 3; i++)
        if (roots[i])
            shape_trace(tracer, (Shape *)roots[i]);
    shapes_retired_trace(tracer, type);
}

void type_trace(Tracer *tracer, Object *o) {
    if (((Type *)o)->flags & TYPE_HEAP)
        class_trace(tracer, o);
}

void type_release(Object *o) {
    Type *type = (Type *)o;
    if (!(type->flags & TYPE_HEAP) || !type->extra)
        return;
    Shape *roots[] = {type->extra->root, type->extra->dictionary_shape, type->extra->attached_root};
    for (int i = 0; i < 3; i++)
        if (roots[i])
            shape_free(roots[i]);
    shapes_retired_free(type);
    free(type->extra->name_storage);
    free(type->extra->member_defs);
    free(type->extra);
}

/* What instances of heap types report: the static base's references, the words of __slots__, the attributes. */
static void instance_of_class_trace(Tracer *tracer, Object *o) {
    TypeExtra *extra = o->type->extra;
    if (extra->base_trace)
        extra->base_trace(tracer, o);
    shape_note_use(tracer, o, extra);
    if (extra->member_count)
        trace_values(tracer, (Value *)((char *)o + extra->member_offset), extra->member_count);
    instance_trace(tracer, o);
}

/* Layout */

size_t (*class_fields_hook)(Value annotate);

/* How many attributes instances will probably have: what methods assign to, or what annotations declare, since a decorator may
 * make the __init__ from these. */
static size_t count_expected_attributes(Value namespace) {
    Value assigned = dict_get_str(namespace, names.__static_attributes__), annotate = dict_get_str(namespace, names.__annotate_func__);
    Value annotations = dict_get_str(namespace, names.__annotations__);
    size_t count = present(assigned) && is_tuple(assigned) ? tuple_length(assigned) : 0;
    size_t declared = present(annotations) && is_dict(annotations) ? dict_length(annotations)
                      : present(annotate)                          ? class_fields_hook(annotate)
                                                                   : 0;
    return declared > count ? declared : count;
}

static void set_layout(Type *type, Type *base, size_t members, bool adds_dict) {
    TypeExtra *extra = type->extra;
    TypeExtra *inherited = base->flags & TYPE_HEAP ? base->extra : NULL;
    type->instance_size = base->instance_size;
    type->item_size = base->item_size;
    extra->base_trace = inherited ? inherited->base_trace : base->head.trace;
    /* Members of one class follow those of its base: the base's fixed part ends where they do. */
    extra->member_count = inherited ? inherited->member_count : 0;
    extra->member_offset = inherited && inherited->member_count ? inherited->member_offset : (base->instance_size + 7) / 8 * 8;
    if (members) {
        extra->member_count += (uint32_t)members;
        type->instance_size = extra->member_offset + extra->member_count * (uint32_t)sizeof(Value);
    }
    if (adds_dict)
        type->flags |= TYPE_HAS_DICT;
    if (!(type->flags & TYPE_HAS_DICT))
        return;
    if (type->item_size) {
        type->slots_offset = SLOTS_AT_END;
        return;
    }
    type->slots_offset = (type->instance_size + 7) / 8 * 8;
    size_t attributes = count_expected_attributes(type->dict);
    if (base->flags & TYPE_HEAP)
        attributes += base->inline_slots;
    /* A module is its namespace dict for good: an object made as a plain module may become one of this class. */
    if (type_is_subtype(base, &module_type))
        return;
    type->inline_slots = shape_suggest_inline(attributes);
    /* Cells come in multiples of 16 bytes: use the last word. */
    if ((type->slots_offset + (1 + type->inline_slots) * sizeof(Value)) % 16 && type->inline_slots)
        type->inline_slots++;
}

/* __slots__ */

typedef struct SlotsRequest {
    Value names; /* tuple of mangled, sorted names without __dict__ and __weakref__ */
    bool declared, wants_dict, wants_weakref;
} SlotsRequest;

static Value mangle(Thread *t, Value class_name, Value name) {
    size_t length = str_length(name);
    const char *text = str_utf8(t, name, NULL);
    if (!text)
        return NO_VALUE;
    if (length < 2 || text[0] != '_' || text[1] != '_' || (text[strlen(text) - 1] == '_' && text[strlen(text) - 2] == '_'))
        return name;
    const char *class_text = str_utf8(t, class_name, NULL);
    if (!class_text)
        return NO_VALUE;
    while (*class_text == '_')
        class_text++;
    return *class_text ? str_intern(t, TRY(format_text(t, "_%s%s", class_text, text))) : name;
}

static bool check_slot_name(Thread *t, Value name) {
    if (!is_str(name)) {
        raise_type_error(t, "__slots__ items must be strings, not '%T'", name);
        return false;
    }
    if (!str_is_identifier(t, name)) {
        raise_type_error(t, "__slots__ must be identifiers");
        return false;
    }
    return true;
}

static bool read_slots(Thread *t, Type *base, Value class_name, Value namespace, SlotsRequest *request) {
    Value declared = dict_get_str(namespace, names.__slots__);
    request->names = empty_tuple;
    request->declared = present(declared);
    if (!request->declared)
        return !error_pending(t);
    Value items = is_str(declared) ? tuple_pack(t, 1, declared) : tuple_from_iterable(t, declared);
    if (absent(items))
        return false;
    if (tuple_length(items) && base->item_size) {
        raise_type_error(t, "nonempty __slots__ not supported for subtype of '%S'", load(&base->name));
        return false;
    }
    Value list = list_new(t, tuple_length(items));
    for (size_t i = 0; present(list) && i < tuple_length(items); i++) {
        Value name = tuple_get(items, i);
        if (!check_slot_name(t, name))
            return false;
        if (str_equal_text(name, "__dict__")) {
            if (request->wants_dict || base->flags & TYPE_HAS_DICT) {
                raise_type_error(t, "__dict__ slot disallowed: we already got one");
                return false;
            }
            request->wants_dict = true;
            continue;
        }
        if (str_equal_text(name, "__weakref__")) {
            if (request->wants_weakref || base->flags & TYPE_HAS_WEAKREF) {
                raise_type_error(t, "__weakref__ slot disallowed: we already got one");
                return false;
            }
            request->wants_weakref = true;
            continue;
        }
        Value mangled = mangle(t, class_name, name);
        if (present(mangled) && !str_is_interned(mangled))
            mangled = str_intern(t, is_exactly(mangled, &str_type) ? mangled : to_str(t, mangled));
        if (absent(mangled) || !list_append(t, list, mangled))
            return false;
        bool allowed = same(mangled, names.__qualname__) || same(mangled, names.__classcell__) ||
                       same(mangled, names.__classdictcell__);
        if (!allowed && present(dict_get_str(namespace, mangled))) {
            raise_value_error(t, "%R in __slots__ conflicts with class variable", mangled);
            return false;
        }
    }
    if (absent(list) || !list_sort(t, list, NO_VALUE, false))
        return false;
    request->names = list_to_tuple(t, list);
    return present(request->names);
}

static bool add_slot_members(Thread *t, Type *type, Value slot_names, uint32_t first_offset) {
    for (size_t i = 0; i < tuple_length(slot_names); i++) {
        Value name = tuple_get(slot_names, i);
        Value member = slot_member_new(t, type, name, first_offset + i * sizeof(Value));
        if (absent(member) || !dict_set(t, type->dict, name, member))
            return false;
    }
    return true;
}

/* __dict__ and __weakref__ as they stand in the namespace of the class that adds them. */

static Value get_instance_dict(Thread *t, Value *args) {
    if (is_type(args[0])) /* of a metaclass that has such a class among its bases */
        return mapping_proxy_new(t, as_type(args[0])->dict);
    if (!has_type_flag(args[0], TYPE_HAS_DICT))
        return raise_attribute_error(t, args[0], names.__dict__, "'%T' object has no attribute '__dict__'", args[0]);
    return instance_dict(t, as_object(args[0]));
}

static Value set_instance_dict(Thread *t, Value *args) {
    if (is_type(args[0]))
        return raise_attribute_error(t, args[0], names.__dict__, "attribute '__dict__' of 'type' objects is not writable");
    if (is_instance_of(args[0], &module_type))
        return raise_attribute_error(t, args[0], names.__dict__, "readonly attribute");
    if (!has_type_flag(args[0], TYPE_HAS_DICT))
        return raise_type_error(t, "this __dict__ descriptor does not support '%T' objects", args[0]);
    if (absent(args[1])) {
        CHECK(instance_set_dict(t, as_object(args[0]), TRY(dict_new(t))));
        return NONE;
    }
    if (!is_dict(args[1]))
        return raise_type_error(t, "__dict__ must be set to a dictionary, not a '%T'", args[1]);
    CHECK(instance_set_dict(t, as_object(args[0]), args[1]));
    return NONE;
}

static Value get_instance_weakref(Thread *t, Value *args) {
    Object *holder;
    return heap_weak_holders_published(t, as_object(args[0]), &holder, 1) ? from_object(holder) : NONE;
}

const GetSetDef instance_dict_getset = {"__dict__", get_instance_dict, set_instance_dict, "dictionary for instance variables"};
static const GetSetDef instance_weakref_getset = {"__weakref__", get_instance_weakref, NULL,
                                                  "list of weak references to the object"};

static bool add_getset(Thread *t, Type *type, const GetSetDef *def, Value name) {
    Value d = getset_descriptor_new(t, type, def);
    return present(d) && dict_set(t, type->dict, name, d);
}

/* Names, docs, and the functions that become class or static methods by their name alone. */

static bool wrap_in_namespace(Thread *t, Value namespace, Value name, Value (*wrap)(Thread *t, Value callable)) {
    Value function = dict_get_str(namespace, name);
    if (absent(function) || !has_type_flag(function, TYPE_METHOD_DESCRIPTOR) || is_exactly(function, &method_descriptor_type))
        return true;
    Value wrapped = wrap(t, function);
    return present(wrapped) && dict_set(t, namespace, name, wrapped);
}

static bool set_text(Thread *t, Type *type) {
    const char *name = str_utf8(t, load(&type->name), NULL);
    if (!name)
        return false;
    type->extra->name_storage = strdup(name);
    type->name_text = type->extra->name_storage;
    if (!type->name_text)
        raise_no_memory(t);
    return type->name_text;
}

static bool set_qualname(Thread *t, Type *type) {
    Value qualname = dict_get_str(type->dict, names.__qualname__);
    if (absent(qualname)) {
        type->qualname = load(&type->name);
        return true;
    }
    if (!is_str(qualname)) {
        raise_type_error(t, "type __qualname__ must be a str, not %T", qualname);
        return false;
    }
    store(type, &type->qualname, qualname);
    return dict_delete(t, type->dict, names.__qualname__) >= 0;
}

Value (*class_module_hook)(Thread *t);

static bool set_module(Thread *t, Type *type) {
    if (present(dict_get_str(type->dict, names.__module__)))
        return true;
    Value module = class_module_hook ? class_module_hook(t) : NO_VALUE;
    return absent(module) ? !error_pending(t) : dict_set(t, type->dict, names.__module__, module);
}

static bool warn_of_other_keys(Thread *t, Type *type) {
    Value key, value;
    for (size_t position = 0; dict_next(type->dict, &position, &key, &value);)
        if (!is_str(key))
            return warn(t, &RuntimeWarning_type, 1, "non-string key in the __dict__ of class %S", load(&type->name));
    return true;
}

static bool prepare_namespace(Thread *t, Type *type) {
    Value dict = type->dict;
    if (!set_qualname(t, type) || !set_module(t, type) || !warn_of_other_keys(t, type))
        return false;
    if (!wrap_in_namespace(t, dict, names.__new__, static_method_new) ||
        !wrap_in_namespace(t, dict, names.__init_subclass__, class_method_new) ||
        !wrap_in_namespace(t, dict, names.__class_getitem__, class_method_new))
        return false;
    Value doc = dict_get_str(dict, names.__doc__);
    return absent(doc) || !is_str(doc) || str_utf8(t, doc, NULL); /* UnicodeEncodeError, as elsewhere */
}

/* The last entries of the namespace. */
static bool add_defaults(Thread *t, Value dict) {
    if (absent(dict_get_str(dict, names.__doc__)) && !dict_set(t, dict, names.__doc__, NONE))
        return false;
    bool unhashable = present(dict_get_str(dict, names.__eq__)) && absent(dict_get_str(dict, names.__hash__));
    return !unhashable || dict_set(t, dict, names.__hash__, NONE);
}

/* Hands the finished class to the body's __class__ cell. The cell type is the engine's: it sets this. */
bool (*class_cell_hook)(Thread *t, Value cell, Value class);

static bool set_class_cell(Thread *t, Type *type, Value name) {
    Value cell = dict_get_str(type->dict, name);
    if (absent(cell))
        return true;
    Value content = same(name, names.__classcell__) ? from_object(type) : type->dict;
    return class_cell_hook(t, cell, content) && dict_delete(t, type->dict, name) >= 0;
}

/* Of most classes no attribute has a __set_name__. */
static bool any_set_name(Type *type) {
    Value key, value;
    for (size_t position = 0; dict_next(type->dict, &position, &key, &value);)
        if (present(type_lookup(type_of(value), names.__set_name__)))
            return true;
    return false;
}

static bool call_set_names(Thread *t, Type *type) {
    if (!any_set_name(type))
        return true;
    Value items = dict_items_list(t, type->dict);
    if (absent(items))
        return false;
    for (size_t i = 0; i < list_length(items); i++) {
        Value pair = list_get(items, i), value = tuple_get(pair, 1);
        Value method = type_lookup_special(t, value, names.__set_name__);
        if (absent(method) && error_pending(t))
            return false;
        if (absent(method) || present(call_2(t, method, from_object(type), tuple_get(pair, 0))))
            continue;
        error_add_note(t, "Error calling __set_name__ on '%T' instance %R in '%S'", value, tuple_get(pair, 0), load(&type->name));
        return false;
    }
    return true;
}

static bool is_in_own_mro(Type *type) {
    Value mro = load(&type->mro);
    for (size_t i = 0; present(mro) && i < tuple_length(mro); i++)
        if (same(tuple_get(mro, i), from_object(type)))
            return true;
    return false;
}

static bool call_init_subclass(Thread *t, Type *type, Value kwargs) {
    if (!is_in_own_mro(type)) { /* a metaclass's mro() left it out; what super() says of it */
        raise_type_error(t, "super(type, obj): obj (type %N) is not an instance or subtype of type (%N).", type, type);
        return false;
    }
    Value method = super_lookup(t, from_object(type), from_object(type), names.__init_subclass__, NULL);
    return present(method) && present(call_tuple(t, method, empty_tuple, kwargs));
}

/* The most derived of the metatype and the types of the bases. */
static Type *calculate_metatype(Thread *t, Type *metatype, Value bases) {
    Type *winner = metatype;
    for (size_t i = 0; i < tuple_length(bases); i++) {
        Type *candidate = type_of(tuple_get(bases, i));
        if (type_is_subtype(winner, candidate))
            continue;
        if (!type_is_subtype(candidate, winner)) {
            raise_type_error(t, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                                "metaclasses of all its bases");
            return NULL;
        }
        winner = candidate;
    }
    return winner;
}

static Type *allocate_class(Thread *t, Type *metatype, Type *base) {
    Type *type = type_allocate(t, metatype);
    if (!type)
        return NULL;
    type->flags = TYPE_HEAP | TYPE_BASE | TYPE_READY;
    type->flags |= base->flags & (TYPE_INT | TYPE_STR | TYPE_TUPLE | TYPE_LIST | TYPE_DICT | TYPE_BYTES | TYPE_TYPE |
                                  TYPE_EXCEPTION | TYPE_FLOAT | TYPE_SET | TYPE_HAS_DICT | TYPE_HAS_WEAKREF |
                                  TYPE_MATCH_SELF);
    type->extra = calloc(1, sizeof *type->extra);
    if (!type->extra) {
        raise_no_memory(t);
        return NULL;
    }
    type->base = base; /* NOBARRIER: new, here and below until the class is shown to others */
    type->buffer = base->buffer;
    type->head.release = base->head.release;
    type->head.trace = instance_of_class_trace;
    return type;
}

static void inherit_pattern_flags(Type *type) {
    for (size_t i = 0; i < tuple_length(type->bases); i++) {
        Type *base = as_type(tuple_get(type->bases, i));
        type->flags |= base->flags & (TYPE_HAS_WEAKREF);
        if (!(type->flags & (TYPE_SEQUENCE | TYPE_MAPPING)))
            type->flags |= base->flags & (TYPE_SEQUENCE | TYPE_MAPPING);
    }
}

/* bases may bring a __dict__ although the best base has none. */
static bool any_base_has(Value bases, uint32_t flag) {
    for (size_t i = 0; i < tuple_length(bases); i++)
        if (as_type(tuple_get(bases, i))->flags & flag)
            return true;
    return false;
}

static bool lay_out(Thread *t, Type *type, Type *base, const SlotsRequest *request) {
    bool had_dict = any_base_has(type->bases, TYPE_HAS_DICT), had_weakref = any_base_has(type->bases, TYPE_HAS_WEAKREF);
    bool is_metaclass = base->flags & TYPE_TYPE; /* attributes of classes live in their namespace */
    bool adds_dict = !had_dict && !is_metaclass && (request->wants_dict || !request->declared);
    bool adds_weakref = !had_weakref && (request->wants_weakref || (!request->declared && !base->item_size));
    size_t members = tuple_length(request->names);
    uint32_t previous = base->flags & TYPE_HEAP ? base->extra->member_count : 0;
    set_layout(type, base, members, adds_dict || had_dict);
    if (adds_weakref || had_weakref)
        type->flags |= TYPE_HAS_WEAKREF;
    type->slot_names = request->names;
    if (!add_slot_members(t, type, request->names, type->extra->member_offset + previous * (uint32_t)sizeof(Value)))
        return false;
    /* The body's own entries of these names stay. */
    if (adds_dict && absent(dict_get_str(type->dict, names.__dict__)) && !add_getset(t, type, &instance_dict_getset, names.__dict__))
        return false;
    return !adds_weakref || present(dict_get_str(type->dict, names.__weakref__)) || add_getset(t, type, &instance_weakref_getset, names.__weakref__);
}

/* Runs the metaclass's own mro() if it overrides type's. */
Value type_order(Thread *t, Type *type) {
    Value method = type_lookup(type->head.object.type, names.mro);
    if (type->head.object.type == &type_type || (present(method) && is_exactly(method, &method_descriptor_type)))
        return type_compute_mro(t, type);
    Value order = TRY(call_method_0(t, from_object(type), names.mro));
    order = TRY(tuple_from_iterable(t, order));
    for (size_t i = 0; i < tuple_length(order); i++) {
        Value item = tuple_get(order, i);
        if (!is_type(item))
            return raise_type_error(t, "mro() returned a non-class ('%T')", item);
        if (!type_is_subtype(type_solid_base(type->base), type_solid_base(as_type(item))))
            return raise_type_error(t, "mro() returned base with unsuitable layout ('%S')", load(&as_type(item)->name));
    }
    return order;
}

static bool register_class(Thread *t, Type *type) {
    for (size_t i = 0; i < tuple_length(type->bases); i++)
        if (!type_add_subclass(t, as_type(tuple_get(type->bases, i)), type))
            return false;
    return true;
}

static bool build(Thread *t, Type *type, Type *base, Value name, Value bases, Value namespace, SlotsRequest *request) {
    type->name = name;
    type->bases = bases;
    type->dict = dict_copy(t, namespace);
    if (absent(type->dict) || !set_text(t, type) || !prepare_namespace(t, type))
        return false;
    /* Before a custom mro() runs, which may use super(), and before slots of these names come. */
    if (!set_class_cell(t, type, names.__classcell__) || !set_class_cell(t, type, names.__classdictcell__))
        return false;
    if (!lay_out(t, type, base, request) || !add_defaults(t, type->dict))
        return false;
    inherit_pattern_flags(type);
    Value order = type_order(t, type);
    if (absent(order))
        return false;
    store(type, &type->mro, order);
    store_many(type);
    type_fill_slots(type);
    store_release(&type->version, (uint64_t)0); /* what was looked up while it was being made does not count */
    return shape_start_type(t, type) && register_class(t, type);
}

static bool check_text(Thread *t, Value name) {
    size_t length;
    const char *text = str_utf8(t, name, &length);
    if (text && strlen(text) != length)
        raise_value_error(t, "type name must not contain null characters");
    return text && strlen(text) == length;
}

Value type_new_class(Thread *t, Type *metatype, Value name, Value bases, Value namespace, Value kwargs) {
    if (tuple_length(bases) == 0)
        bases = TRY(tuple_pack(t, 1, from_object(&object_type)));
    for (size_t i = 0; i < tuple_length(bases); i++) {
        if (!is_type(tuple_get(bases, i)))
            return raise_type_error(t, "bases must be types");
    }
    CHECK(check_text(t, name));
    Type *base = type_best_base(t, bases);
    if (!base)
        return NO_VALUE;
    SlotsRequest request = {0};
    CHECK(read_slots(t, base, name, namespace, &request));
    Type *type = allocate_class(t, metatype, base);
    if (!type || !build(t, type, base, name, bases, namespace, &request))
        return NO_VALUE;
    CHECK(call_set_names(t, type));
    CHECK(call_init_subclass(t, type, kwargs));
    return from_object(type);
}

/* Bases that stand for others are for the class statement to replace. */
static bool no_mro_entries(Thread *t, Value bases) {
    for (size_t i = 0; i < tuple_length(bases); i++) {
        Value base = tuple_get(bases, i);
        if (!is_type(base) && present(find_attribute(t, base, names.__mro_entries__)))
            raise_type_error(t, "type() doesn't support MRO entry resolution; use types.new_class()");
        if (error_pending(t))
            return false;
    }
    return true;
}

/* type.__new__ with three arguments: the metaclass first. */
Value type_new_from_arguments(Thread *t, Type *metatype, Value name, Value bases, Value namespace, Value kwargs) {
    Type *winner = no_mro_entries(t, bases) ? calculate_metatype(t, metatype, bases) : NULL;
    if (!winner)
        return NO_VALUE;
    if (winner != metatype) {
        Value new = type_lookup(winner, names.__new__);
        Value own = type_lookup(&type_type, names.__new__);
        if (!same(new, own)) {
            Value method = TRY(get_attribute(t, from_object(winner), names.__new__));
            Value args = TRY(tuple_pack(t, 4, from_object(winner), name, bases, namespace));
            return call_tuple(t, method, args, kwargs);
        }
        metatype = winner;
    }
    return type_new_class(t, metatype, name, bases, namespace, kwargs);
}
