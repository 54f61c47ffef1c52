/* object: the root of all classes, and the defaults that every object inherits.
 *
 * Threads: nothing is kept here.
 */
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/object_state.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* object() and object.__init__ accept surplus arguments only on behalf of the other one, when that is overridden. */

static bool has_surplus(Value *args) { return tuple_length(args[1]) || (present(args[2]) && dict_length(args[2])); }

static bool overrides(Type *type, Value name) { return !same(type_lookup(type, name), type_lookup(&object_type, name)); }

static Value raise_abstract(Thread *t, Type *type) {
    Value methods = dict_get_str(type->dict, names.__abstractmethods__);
    Value list = TRY(list_from_iterable(t, present(methods) ? methods : empty_tuple));
    CHECK(list_sort(t, list, NO_VALUE, false));
    Value quoted = TRY(list_new(t, 2));
    for (size_t i = 0; i < list_length(list); i++)
        CHECK(list_append(t, quoted, TRY(format_text(t, "'%S'", list_get(list, i)))));
    Value text = TRY(str_join(t, TRY(str_from_text(t, ", ")), quoted));
    return raise_type_error(t, "Can't instantiate abstract class %S without an implementation for abstract method%s %S",
                            load(&type->name), list_length(list) > 1 ? "s" : "", text);
}

Value object_new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (has_surplus(args)) {
        if (overrides(type, names.__new__))
            return raise_type_error(t, "object.__new__() takes exactly one argument (the type to instantiate)");
        if (!overrides(type, names.__init__))
            return raise_type_error(t, "%N() takes no arguments", type);
    }
    if (type->flags & TYPE_ABSTRACT)
        return raise_abstract(t, type);
    if (type->flags & TYPE_NO_NEW)
        return raise_type_error(t, "cannot create '%S' instances", TRY(type_qualified_name(t, type)));
    return from_object(type_allocate(t, type));
}

Value object_init(Thread *t, Value *args) {
    if (!has_surplus(args))
        return NONE;
    Type *type = type_of(args[0]);
    if (overrides(type, names.__init__))
        return raise_type_error(t, "object.__init__() takes exactly one argument (the instance to initialize)");
    if (!overrides(type, names.__new__) && !(type->flags & TYPE_NO_NEW))
        return raise_type_error(t, "%S.__init__() takes exactly one argument (the instance to initialize)", load(&type->name));
    return NONE;
}

Value attribute_name(Thread *t, Value name) {
    if (!is_str(name))
        return raise_type_error(t, "attribute name must be string, not '%T'", name);
    if (is_exactly(name, &str_type))
        return str_is_interned(name) ? name : str_intern(t, name);
    return str_intern(t, TRY(str_slice(t, name, 0, str_length(name))));
}

Value object_getattribute(Thread *t, Value *args) {
    return generic_get_attribute(t, args[0], TRY(attribute_name(t, args[1])));
}

/* object.__setattr__(x, ...) on an instance of a type with its own rules would go behind their back. */
static bool may_set_generically(Thread *t, Value o, const char *what) {
    if (!is_type(o) || absent(o))
        return true;
    raise_type_error(t, "can't apply this %s to %T object", what, o);
    return false;
}

Value object_setattr(Thread *t, Value *args) {
    CHECK(may_set_generically(t, args[0], "__setattr__"));
    CHECK(generic_set_attribute(t, args[0], TRY(attribute_name(t, args[1])), args[2]));
    return NONE;
}

Value object_delattr(Thread *t, Value *args) {
    CHECK(may_set_generically(t, args[0], "__delattr__"));
    CHECK(generic_set_attribute(t, args[0], TRY(attribute_name(t, args[1])), NO_VALUE));
    return NONE;
}

static Value object_repr(Thread *t, Value *args) {
    Type *type = type_of(args[0]);
    Value module = type_module_name(t, type);
    uintptr_t address = args[0].bits;
    char hex[32];
    snprintf(hex, sizeof hex, "0x%012zx", (size_t)address);
    if (present(module) && !str_equal_text(module, "builtins"))
        return format_text(t, "<%S.%S object at %s>", module, load(&type->qualname), hex);
    return format_text(t, "<%S object at %s>", load(&type->name), hex);
}

static Value object_str(Thread *t, Value *args) { return repr(t, args[0]); }

static Value object_hash(Thread *t, Value *args) {
    uint64_t address = args[0].bits;
    return int_from(t, (int64_t)(address >> 4 | address << 60));
}

Value object_eq(Thread *t, Value *args) { return same(args[0], args[1]) ? TRUE : NOT_IMPLEMENTED; }

Value object_ne(Thread *t, Value *args) {
    NativeFn eq = type_slot(type_of(args[0]), SLOT___eq__);
    Value copy[2] = {args[0], args[1]};
    Value result = eq ? TRY(eq(t, copy)) : NOT_IMPLEMENTED;
    if (same(result, NOT_IMPLEMENTED))
        return result;
    int is = truth(t, result);
    return is < 0 ? NO_VALUE : from_bool(!is);
}

Value object_unordered(Thread *t, Value *args) { return NOT_IMPLEMENTED; }

static Value object_format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__format__() argument must be str, not %Y", args[1]);
    if (str_length(args[1]))
        return raise_type_error(t, "unsupported format string passed to %T.__format__", args[0]);
    return to_str(t, args[0]);
}

static Value object_sizeof(Thread *t, Value *args) {
    Type *type = type_of(args[0]);
    if (!is_object(args[0]))
        return small_int(24);
    size_t cell = heap_cell_size(as_object(args[0]));
    return small_int((int64_t)(cell ? cell : type->instance_size));
}

static Value object_subclasshook(Thread *t, Value *args) { return NOT_IMPLEMENTED; }
static Value object_init_subclass(Thread *t, Value *args) { return NONE; }

static bool add_class_names(Thread *t, Value result, Type *type) {
    Value mro = load(&type->mro);
    for (size_t i = tuple_length(mro); i-- > 0;)
        if (!dict_update(t, result, as_type(tuple_get(mro, i))->dict))
            return false;
    return true;
}

static Value object_dir_method(Thread *t, Value *args) {
    Value dict = TRY(dict_new(t));
    Value own = find_attribute(t, args[0], names.__dict__);
    CHECK(!error_pending(t));
    if (present(own) && is_dict(own))
        CHECK(dict_update(t, dict, own));
    Value class = find_attribute(t, args[0], names.__class__);
    CHECK(!error_pending(t));
    if (present(class) && is_type(class))
        CHECK(add_class_names(t, dict, as_type(class)));
    return dict_keys_list(t, dict);
}

/* Pickling: protocol 2 and later are copyreg's object forms, made here; older ones by copyreg itself. */

static Value copyreg_call(Thread *t, const char *function, Value a, Value b) {
    
    Value f = TRY(get_attribute_text(t, TRY(import_module(t, "copyreg")), function));
    return absent(b) ? call_1(t, f, a) : call_2(t, f, a, b);
}

static Value slot_state(Thread *t, Value self, Value slot_names) {
    Value state = TRY(dict_new(t));
    Value list = TRY(list_from_iterable(t, slot_names));
    for (size_t i = 0; i < list_length(list); i++) {
        Value name = list_get(list, i);
        if (is_exactly(name, &str_type))
            name = TRY(str_intern(t, name));
        Value value = find_attribute(t, self, name);
        CHECK(!error_pending(t));
        if (present(value))
            CHECK(dict_set(t, state, name, value));
    }
    return state;
}

/* Members in C structs that pickling would lose: the fixed part must be what object and __slots__ account for. */
static bool can_pickle(Thread *t, Value self, Value slot_names) {
    Type *type = type_of(self);
    size_t expected = sizeof(Object);
    if (!is_none(slot_names))
        expected += (size_t)length_of(t, slot_names) * sizeof(Value);
    return type->item_size == 0 && type->instance_size <= expected;
}

Value object_default_state(Thread *t, Value self, bool required) {
    Type *type = type_of(self);
    Value slot_names = NO_VALUE;
    if (type->flags & TYPE_HEAP) {
        slot_names = dict_get_str(type->dict, names.__slotnames__);
        if (absent(slot_names))
            slot_names = TRY(copyreg_call(t, "_slotnames", from_object(type), NO_VALUE));
    } else {
        slot_names = NONE;
    }
    if (required && !can_pickle(t, self, slot_names))
        return raise_type_error(t, "cannot pickle %R object", load(&type->name));
    Value state = NONE;
    if (type->flags & TYPE_HAS_DICT && is_object(self) && instance_attribute_count(as_object(self)))
        state = TRY(instance_dict_copy(t, as_object(self)));
    if (is_none(slot_names) || length_of(t, slot_names) == 0)
        return state;
    Value slots = TRY(slot_state(t, self, slot_names));
    return dict_length(slots) ? tuple_pack(t, 2, state, slots) : state;
}

static Value object_getstate(Thread *t, Value *args) { return object_default_state(t, args[0], false); }

static Value get_state(Thread *t, Value self, bool required) {
    Value method = TRY(get_attribute(t, self, names.__getstate__));
    Value found = type_lookup(type_of(self), names.__getstate__);
    if (same(found, type_lookup(&object_type, names.__getstate__)))
        return object_default_state(t, self, required);
    return call_0(t, method);
}

static bool get_new_arguments(Thread *t, Value self, Value *args, Value *kwargs) {
    Value method = type_lookup_special(t, self, names.__getnewargs_ex__);
    *args = *kwargs = NO_VALUE;
    if (absent(method) && error_pending(t))
        return false;
    if (present(method)) {
        Value pair = call_0(t, method);
        if (absent(pair))
            return false;
        if (!is_tuple(pair)) {
            raise_type_error(t, "__getnewargs_ex__ should return a tuple, not '%T'", pair);
            return false;
        }
        if (tuple_length(pair) != 2) {
            raise_value_error(t, "__getnewargs_ex__ should return a tuple of length 2, not %zu", tuple_length(pair));
            return false;
        }
        *args = tuple_get(pair, 0);
        *kwargs = tuple_get(pair, 1);
        if (!is_tuple(*args)) {
            raise_type_error(t, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'", *args);
            return false;
        }
        if (!is_dict(*kwargs)) {
            raise_type_error(t, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'", *kwargs);
            return false;
        }
        return true;
    }
    method = type_lookup_special(t, self, names.__getnewargs__);
    if (absent(method))
        return !error_pending(t);
    *args = call_0(t, method);
    if (present(*args) && !is_tuple(*args)) {
        raise_type_error(t, "__getnewargs__ should return a tuple, not '%T'", *args);
        return false;
    }
    return present(*args);
}

static Value reduce_newobj(Thread *t, Value self) {
    
    Type *type = type_of(self);
    if (absent(type_lookup(type, names.__new__)) || type->flags & TYPE_NO_NEW)
        return raise_type_error(t, "cannot pickle '%S' object", load(&type->name));
    Value args, kwargs;
    CHECK(get_new_arguments(t, self, &args, &kwargs));
    Value copyreg = TRY(import_module(t, "copyreg"));
    Value maker, maker_args;
    bool has_kwargs = present(kwargs) && dict_length(kwargs);
    if (has_kwargs) {
        maker = TRY(get_attribute_text(t, copyreg, "__newobj_ex__"));
        maker_args = TRY(tuple_pack(t, 3, from_object(type), args, kwargs));
    } else {
        maker = TRY(get_attribute_text(t, copyreg, "__newobj__"));
        maker_args = TRY(tuple_concat(t, TRY(tuple_pack(t, 1, from_object(type))), present(args) ? args : empty_tuple));
    }
    bool required = absent(args) && !is_list(self) && !is_dict(self);
    Value state = TRY(get_state(t, self, required));
    Value list_items = NONE, dict_items = NONE;
    if (is_list(self))
        list_items = TRY(get_iterator(t, self));
    if (is_dict(self))
        dict_items = TRY(get_iterator(t, TRY(call_method_0(t, self, names.items))));
    return tuple_pack(t, 5, maker, maker_args, state, list_items, dict_items);
}

static Value reduce_by_protocol(Thread *t, Value self, int64_t protocol) {
    return protocol >= 2 ? reduce_newobj(t, self) : copyreg_call(t, "_reduce_ex", self, small_int(protocol));
}

static Value object_reduce(Thread *t, Value *args) { return reduce_by_protocol(t, args[0], 0); }

static Value object_reduce_ex(Thread *t, Value *args) {
    int64_t protocol;
    CHECK(index_as_ssize(t, args[1], &protocol, false, NULL));
    Value found = type_lookup(type_of(args[0]), names.__reduce__);
    if (present(found) && !same(found, type_lookup(&object_type, names.__reduce__)))
        return call_method_0(t, args[0], names.__reduce__);
    return reduce_by_protocol(t, args[0], protocol);
}

/* __class__ */

static Value get_class(Thread *t, Value *args) { return from_object(type_of(args[0])); }

static bool same_layout(Type *a, Type *b) {
    const uint32_t flags = TYPE_HAS_DICT | TYPE_HAS_WEAKREF;
    if ((a->flags ^ b->flags) & flags || a->instance_size != b->instance_size || a->item_size != b->item_size)
        return false;
    Type *x = a, *y = b;
    while (x->base && x->flags & TYPE_HEAP && tuple_length(x->slot_names) == 0)
        x = x->base;
    while (y->base && y->flags & TYPE_HEAP && tuple_length(y->slot_names) == 0)
        y = y->base;
    if (x == y)
        return true;
    if (!(x->flags & TYPE_HEAP) || !(y->flags & TYPE_HEAP) || x->base != y->base)
        return false;
    if (tuple_length(x->slot_names) != tuple_length(y->slot_names))
        return false;
    for (size_t i = 0; i < tuple_length(x->slot_names); i++)
        if (!same(tuple_get(x->slot_names, i), tuple_get(y->slot_names, i)))
            return false;
    return true;
}

static Value set_class(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "can't delete __class__ attribute");
    CHECK(audit(t, "object.__setattr__", 3, args[0], names.__class__, args[1]));
    if (!is_type(args[1]))
        return raise_type_error(t, "__class__ must be set to a class, not '%T' object", args[1]);
    Type *old = type_of(args[0]), *new = as_type(args[1]);
    bool modules = type_is_subtype(old, &module_type) && type_is_subtype(new, &module_type);
    if (!modules && (!(old->flags & TYPE_HEAP) || !(new->flags & TYPE_HEAP)))
        return raise_type_error(t, "__class__ assignment only supported for mutable types or ModuleType subclasses");
    if (!same_layout(old, new) && !(modules && old->instance_size == new->instance_size))
        return raise_type_error(t, "__class__ assignment: '%S' object layout differs from '%S'", load(&new->name), load(&old->name));
    CHECK(instance_change_type(t, as_object(args[0]), new));
    if (type_descriptor_kind(old) != type_descriptor_kind(new))
        type_forget_attributes(t);
    if (is_type(args[0]))
        type_modified(t, as_type(args[0]));
    if (new->flags & TYPE_HAS_DEL && !(old->flags & TYPE_HAS_DEL))
        heap_register_finalizable(t, as_object(args[0]));
    return NONE;
}

static const NativeDef object_methods[] = {
    {"__new__(type, *args, **kwargs)", object_new, "Create and return a new object.  See help(type) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__init__(self, /, *args, **kwargs)", object_init, "Initialize self.  See help(type(self)) for accurate signature.",
     NATIVE_LAZY_KEYWORDS},
    {"__repr__(self, /)", object_repr, "Return repr(self)."},
    {"__str__(self, /)", object_str, "Return str(self)."},
    {"__hash__(self, /)", object_hash, "Return hash(self)."},
    {"__getattribute__(self, name, /)", object_getattribute, "Return getattr(self, name)."},
    {"__setattr__(self, name, value, /)", object_setattr, "Implement setattr(self, name, value)."},
    {"__delattr__(self, name, /)", object_delattr, "Implement delattr(self, name)."},
    {"__eq__(self, value, /)", object_eq, "Return self==value."},
    {"__ne__(self, value, /)", object_ne, "Return self!=value."},
    UNORDERED_ROWS,
    {"__format__(self, format_spec, /)", object_format,
     "Default object formatter.\n\nReturn str(self) if format_spec is empty. Raise TypeError otherwise.", NATIVE_COEXIST},
    {"__sizeof__(self, /)", object_sizeof, "Size of object in memory, in bytes."},
    {"__dir__(self, /)", object_dir_method, "Default dir() implementation."},
    {"__reduce__(self, /)", object_reduce, "Helper for pickle."},
    {"__reduce_ex__(self, protocol, /)", object_reduce_ex, "Helper for pickle."},
    {"__getstate__(self, /)", object_getstate, "Helper for pickle."},
    {"__subclasshook__(type, object, /)", object_subclasshook,
     "Abstract classes can override this to customize issubclass().\n\nThis is invoked early on by "
     "abc.ABCMeta.__subclasscheck__().\nIt should return True, False or NotImplemented.  If it returns\nNotImplemented, the "
     "normal algorithm is used.  Otherwise, it\noverrides the normal algorithm (and the outcome is cached).",
     NATIVE_CLASS},
    {"__init_subclass__(type)", object_init_subclass,
     "This method is called when a class is subclassed.\n\nThe default implementation does nothing. It may be\noverridden to "
     "extend subclasses.",
     NATIVE_CLASS},
    {0},
};

static const GetSetDef object_getset[] = {
    {"__class__", get_class, set_class, "the object's class"},
    {0},
};

STATIC_TYPE(object_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "object",
    .signature = "()",
    .doc = "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new "
           "featureless\ninstance that has no instance attributes and cannot be given any.\n",
    .methods = object_methods,
    .getset = object_getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Object),
};
