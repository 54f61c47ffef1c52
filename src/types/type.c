/* type: the class of classes, its call, its methods and computed attributes.
 *
 * Threads: see object/type.h.
 */
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "types/construct.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/typevar.h"

static bool is_mutable_type(Type *type) { return type->flags & TYPE_HEAP && !(type->flags & TYPE_IMMUTABLE); }

static Value require_mutable(Thread *t, Value *args, const char *name) {
    Type *type = as_type(args[0]);
    if (!is_mutable_type(type))
        return raise_type_error(t, "cannot set '%s' attribute of immutable type '%s'", name, type->name_text);
    if (absent(args[1]))
        return raise_type_error(t, "cannot delete '%s' attribute of immutable type '%s'", name, type->name_text);
    return NONE;
}

/* Calling a class */

bool type_init_instance(Thread *t, Type *type, Value instance, Value *args, size_t nargs, Value kwnames) {
    Value init = type_lookup(type, names.__init__);
    if (absent(init))
        return true;
    Value result;
    if (has_type_flag(init, TYPE_METHOD_DESCRIPTOR)) {
        size_t total = nargs + (present(kwnames) ? tuple_length(kwnames) : 0);
        Value small[10], keep = NO_VALUE, *copy = small;
        if (total + 2 > 10) {
            keep = tuple_new(t, total + 2);
            if (absent(keep))
                return false;
            copy = as_tuple(keep)->items;
        }
        copy[0] = NO_VALUE;
        copy[1] = instance;
        memcpy(copy + 2, args, total * sizeof(Value));
        if (present(keep))
            store_many((void *)keep.bits);
        result = call(t, init, copy + 1, nargs + 1, kwnames);
        keep_alive((void *)keep.bits);
    } else {
        Value bound = bind_descriptor(t, init, instance, type);
        result = absent(bound) ? bound : call(t, bound, args, nargs, kwnames);
    }
    if (absent(result))
        return false;
    if (!is_none(result)) {
        raise_type_error(t, "__init__() should return None, not '%T'", result);
        return false;
    }
    return true;
}

/* cls.__new__(cls, ...): the arguments are copied, __init__ needs them too and callees may overwrite them. */
static Value call_new(Thread *t, Type *type, Value *args, size_t nargs, Value kwnames) {
    Value new = type_lookup(type, names.__new__);
    if (absent(new) || type->flags & TYPE_NO_NEW)
        return raise_type_error(t, "cannot create '%S' instances", type_qualified_name(t, type));
    Value function = TRY(bind_descriptor(t, new, NO_VALUE, type));
    size_t total = nargs + (present(kwnames) ? tuple_length(kwnames) : 0);
    Value small[10], keep = NO_VALUE, *copy = small;
    if (total + 2 > 10) {
        keep = TRY(tuple_new(t, total + 2));
        copy = as_tuple(keep)->items;
    }
    copy[0] = NO_VALUE;
    copy[1] = from_object(type);
    memcpy(copy + 2, args, total * sizeof(Value));
    if (present(keep))
        store_many((void *)keep.bits);
    Value instance = call(t, function, copy + 1, nargs + 1, kwnames);
    keep_alive((void *)keep.bits);
    return instance;
}

/* list(x), tuple(x), set(x), frozenset(x), dict(x) and the same without x, of the very types. Absent without exception: another class. */
static inline Value call_container(Thread *t, Type *type, Value *args, size_t nargs) {
    Value from = nargs ? args[0] : NO_VALUE;
    if (type == &list_type)
        return nargs ? list_from_iterable(t, from) : list_new(t, 0);
    if (type == &tuple_type)
        return nargs ? tuple_from_iterable(t, from) : empty_tuple;
    if (type == &set_type)
        return set_from_iterable(t, &set_type, from);
    if (type == &frozenset_type)
        return nargs && is_exactly(from, &frozenset_type) ? from : set_from_iterable(t, &frozenset_type, from);
    if (type != &dict_type)
        return NO_VALUE;
    Value dict = TRY(dict_new(t));
    CHECK(!nargs || dict_update(t, dict, from));
    return dict;
}

Value type_call(Thread *t, Value callee, Value *args, size_t nargs, Value kwnames) {
    Type *type = as_type(callee);
    if (nargs <= 1 && absent(kwnames) && !(type->flags & TYPE_HEAP)) {
        Value container = call_container(t, type, args, nargs);
        if (present(container) || error_pending(t))
            return container;
    }
    if (type == &type_type && nargs == 1 && (absent(kwnames) || tuple_length(kwnames) == 0))
        return from_object(type_of(args[0]));
    if (type == &str_type && nargs == 1 && (absent(kwnames) || tuple_length(kwnames) == 0))
        return to_str(t, args[0]);
    CHECK(recursion_enter(t, " while calling a Python object"));
    ConstructKind kind = construct_kind(type);
    if (kind == CONSTRUCT_NATIVE)
        return construct_native(t, type, args, nargs, kwnames);
    if (absent(kwnames) && kind == CONSTRUCT_EXCEPTION)
        return construct_exception(t, type, args, nargs);
    if (absent(kwnames) && nargs == 0 && kind == CONSTRUCT_OBJECT)
        return from_object(type_allocate(t, type));
    Value instance = TRY(call_new(t, type, args, nargs, kwnames));
    if (!type_is_subtype(type_of(instance), type))
        return instance;
    CHECK(type_init_instance(t, type_of(instance), instance, args, nargs, kwnames));
    return instance;
}

/* type(name, bases, namespace, **kwargs) */
static Value type_new(Thread *t, Value *args) {
    Type *metatype = as_type(args[0]);
    Value rest = args[1], kwargs = args[2];
    if (tuple_length(rest) != 3)
        return raise_type_error(t, metatype == &type_type && tuple_length(rest) != 3 && tuple_length(rest) != 1
                                       ? "type() takes 1 or 3 arguments"
                                       : "type.__new__() takes exactly 3 arguments (%zu given)",
                                tuple_length(rest));
    Value name = tuple_get(rest, 0), bases = tuple_get(rest, 1), namespace = tuple_get(rest, 2);
    if (!is_str(name))
        return raise_type_error(t, "type.__new__() argument 1 must be str, not %Y", name);
    if (!is_tuple(bases))
        return raise_type_error(t, "type.__new__() argument 2 must be tuple, not %Y", bases);
    if (!is_dict(namespace))
        return raise_type_error(t, "type.__new__() argument 3 must be dict, not %Y", namespace);
    return type_new_from_arguments(t, metatype, name, bases, namespace, kwargs);
}

static Value type_init(Thread *t, Value *args) {
    size_t count = tuple_length(args[1]);
    if (dict_length(args[2]) && count == 1)
        return raise_type_error(t, "type.__init__() takes no keyword arguments");
    if (count != 1 && count != 3)
        return raise_type_error(t, "type.__init__() takes 1 or 3 arguments");
    return NONE;
}

/* Attributes */

Value type_getattribute(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "attribute name must be string, not '%T'", args[1]);
    Value name = is_exactly(args[1], &str_type) && str_is_interned(args[1]) ? args[1] : TRY(str_intern(t, TRY(to_str(t, args[1]))));
    return type_get_attribute(t, as_type(args[0]), name, true);
}

static Value type_setattr(Thread *t, Value *args) { return type_set_attribute(t, as_type(args[0]), args[1], args[2]); }
static Value type_delattr(Thread *t, Value *args) { return type_set_attribute(t, as_type(args[0]), args[1], NO_VALUE); }

static Value type_repr(Thread *t, Value *args) {
    return format_text(t, "<class '%S'>", TRY(type_qualified_name(t, as_type(args[0]))));
}

static Value type_mro(Thread *t, Value *args) {
    return list_from_iterable(t, TRY(type_compute_mro(t, as_type(args[0]))));
}

static Value type_subclasses_method(Thread *t, Value *args) { return type_subclasses(t, as_type(args[0])); }

static Value type_prepare(Thread *t, Value *args) { return dict_new(t); }

static Value type_instancecheck(Thread *t, Value *args) {
    Type *class = as_type(args[0]);
    if (type_is_subtype(type_of(args[1]), class))
        return TRUE;
    Value claimed = find_attribute(t, args[1], names.__class__);
    if (absent(claimed) && error_pending(t))
        return NO_VALUE;
    return from_bool(present(claimed) && is_type(claimed) && type_is_subtype(as_type(claimed), class));
}

static Value type_subclasscheck(Thread *t, Value *args) {
    if (is_type(args[1]))
        return from_bool(type_is_subtype(as_type(args[1]), as_type(args[0])));
    Value bases = find_attribute(t, args[1], names.__bases__);
    CHECK(!error_pending(t));
    if (absent(bases) || !is_tuple(bases))
        return raise_type_error(t, "issubclass() arg 1 must be a class");
    for (size_t i = 0; i < tuple_length(bases); i++) {
        int is = is_subclass(t, tuple_get(bases, i), args[0]);
        CHECK(is >= 0);
        if (is)
            return TRUE;
    }
    return FALSE;
}

static bool merge_class_dict(Thread *t, Value result, Type *type) {
    Value mro = load(&type->mro);
    for (size_t i = tuple_length(mro); i-- > 0;)
        if (!dict_update(t, result, as_type(tuple_get(mro, i))->dict))
            return false;
    return true;
}

static Value type_dir(Thread *t, Value *args) {
    Value result = TRY(dict_new(t));
    CHECK(merge_class_dict(t, result, as_type(args[0])));
    return dict_keys_list(t, result);
}

static Value type_sizeof(Thread *t, Value *args) { return small_int(sizeof(Type)); }

static Value type_or(Thread *t, Value *args) { return union_new(t, args[0], args[1]); }
static Value type_ror(Thread *t, Value *args) { return union_new(t, args[1], args[0]); }

static Value get_name(Thread *t, Value *args) { return load(&as_type(args[0])->name); }

static Value set_name(Thread *t, Value *args) {
    TRY(require_mutable(t, args, "__name__"));
    CHECK(audit(t, "object.__setattr__", 3, args[0], names.__name__, args[1]));
    if (!is_str(args[1]))
        return raise_type_error(t, "can only assign string to %s.__name__, not '%T'", as_type(args[0])->name_text, args[1]);
    size_t length;
    const char *text = str_utf8(t, args[1], &length);
    if (!text)
        return NO_VALUE;
    if (strlen(text) != length)
        return raise_value_error(t, "type name must not contain null characters");
    Type *type = as_type(args[0]);
    char *copy = strdup(text);
    if (!copy)
        return raise_no_memory(t);
    store(type, &type->name, args[1]);
    store_release(&type->name_text, (const char *)copy); /* the old text stays for messages being made by other threads; names change rarely */
    store_relaxed(&type->extra->name_storage, copy);
    return NONE;
}

static Value get_qualname(Thread *t, Value *args) { return load(&as_type(args[0])->qualname); }

static Value set_qualname(Thread *t, Value *args) {
    TRY(require_mutable(t, args, "__qualname__"));
    if (!is_str(args[1]))
        return raise_type_error(t, "can only assign string to %s.__qualname__, not '%T'", as_type(args[0])->name_text,
                                args[1]);
    store(as_type(args[0]), &as_type(args[0])->qualname, args[1]);
    return NONE;
}

static Value get_module(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (!(type->flags & TYPE_HEAP))
        return type->module;
    Value module = dict_get_str(type->dict, names.__module__);
    if (absent(module))
        return raise_attribute_error(t, args[0], names.__module__, "type object '%S' has no attribute '__module__'",
                                     load(&type->name));
    return bind_descriptor(t, module, NO_VALUE, type);
}

/* An entry of the namespace that is set and deleted like any other, once the type is known to be mutable. */
static Value set_entry(Thread *t, Value *args, Value name, const char *text) {
    TRY(require_mutable(t, args, text));
    Type *type = as_type(args[0]);
    CHECK(type_set_entry(t, type, name, args[1]));
    return NONE;
}

static Value set_module(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    TRY(set_entry(t, args, names.__module__, "__module__"));
    CHECK(dict_delete(t, type->dict, names.__firstlineno__) >= 0);
    type_modified(t, type);
    return NONE;
}

static Value get_doc(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value doc = dict_get_str(type->dict, names.__doc__);
    if (absent(doc))
        return NONE;
    return type->flags & TYPE_HEAP ? bind_descriptor(t, doc, NO_VALUE, type) : doc;
}

static Value set_doc(Thread *t, Value *args) { return set_entry(t, args, names.__doc__, "__doc__"); }

static Value get_bases(Thread *t, Value *args) { return as_type(args[0])->bases; }


/* The order of a type and of its subclasses after a change of bases. A metaclass's mro() may assign bases itself: what that
 * made stands, and is not undone either. changes: (type, old order, new order), for the way back. */
static bool recompute_mro(Thread *t, Type *type, Value changes) {
    Value old = type->mro, order = type_order(t, type);
    if (absent(order))
        return false;
    if (!same(old, type->mro))
        return true;
    store(type, &type->mro, order);
    Value change = tuple_pack(t, 3, from_object(type), old, order), list = NO_VALUE;
    if (present(change) && list_append(t, changes, change))
        list = type_subclasses(t, type);
    for (size_t i = 0; present(list) && i < list_length(list); i++)
        if (!recompute_mro(t, as_type(list_get(list, i)), changes))
            return false;
    return present(list);
}

static void undo_mro(Value changes) {
    for (size_t i = list_length(changes); i-- > 0;) {
        Value change = list_get(changes, i);
        Type *type = as_type(tuple_get(change, 0));
        if (same(type->mro, tuple_get(change, 2)))
            store(type, &type->mro, tuple_get(change, 1));
    }
}

/* Also by the chain of first bases: the order of a class whose bases are being assigned may be an old one. */
static bool descends_from(Type *type, Type *ancestor) {
    for (Type *base = type; base; base = base->base)
        if (base == ancestor)
            return true;
    return type_is_subtype(type, ancestor);
}

/* The bases have been checked. */
static Value rebase(Thread *t, Type *type, Value bases, Type *best) {
    Value old_bases = type->bases, changes = TRY(list_new(t, 0)), error = NO_VALUE;
    Type *old_base = type->base;
    store(type, &type->bases, bases);
    publish_into(type, from_object(best));
    store_release(&type->base, best);
    store_moved(type);
    bool done = recompute_mro(t, type, changes), current = same(type->bases, bases);
    if (!done) {
        error = error_take(t);
        undo_mro(changes);
        if (current) {
            store(type, &type->bases, old_bases);
            store_release(&type->base, old_base);
            store_moved(type);
        }
    }
    for (size_t i = 0; done && current && i < tuple_length(old_bases); i++)
        type_remove_subclass(t, as_type(tuple_get(old_bases, i)), type);
    for (size_t i = 0; done && current && i < tuple_length(bases); i++)
        CHECK(type_add_subclass(t, as_type(tuple_get(bases, i)), type));
    /* Also on the way back: an mro() that looked up attributes left caches. */
    type_modified(t, type);
    shape_retire_type(t, type);
    type_refill_slots(t, type);
    if (!done)
        error_restore(t, error);
    return done ? NONE : NO_VALUE;
}

static Value check_and_rebase(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (!is_tuple(args[1]))
        return raise_type_error(t, "can only assign tuple to %s.__bases__, not %T", type->name_text, args[1]);
    if (tuple_length(args[1]) == 0)
        return raise_type_error(t, "can only assign non-empty tuple to %s.__bases__, not ()", type->name_text);
    for (size_t i = 0; i < tuple_length(args[1]); i++) {
        Value base = tuple_get(args[1], i);
        if (!is_type(base))
            return raise_type_error(t, "%s.__bases__ must be tuple of classes, not '%T'", type->name_text, base);
        if (descends_from(as_type(base), type))
            return raise_type_error(t, "a __bases__ item causes an inheritance cycle");
    }
    Type *best = type_best_base(t, args[1]);
    if (!best)
        return NO_VALUE;
    if (type_solid_base(best) != type_solid_base(type->base) || (best->flags ^ type->base->flags) & TYPE_HAS_DICT)
        return raise_type_error(t, "__bases__ assignment: '%S' object layout differs from '%S'", load(&best->name),
                                load(&type->base->name));
    return rebase(t, type, args[1], best);
}

static Value set_bases(Thread *t, Value *args) {
    TRY(require_mutable(t, args, "__bases__"));
    CHECK(audit(t, "object.__setattr__", 3, args[0], names.__bases__, args[1]));
    OwnedLock *held = step_enter_shared(t, &type_bases_lock);
    Value result = check_and_rebase(t, args);
    step_leave(held);
    return result;
}

static Value get_base(Thread *t, Value *args) {
    Type *base = as_type(args[0])->base;
    return base ? from_object(base) : NONE;
}

/* None while a custom mro() is computing it. */
static Value get_mro(Thread *t, Value *args) {
    Value mro = load(&as_type(args[0])->mro);
    return present(mro) ? mro : NONE;
}

static Value get_dict(Thread *t, Value *args) {
    return mapping_proxy_new(t, as_type(args[0])->dict);
}

/* Flags, sizes and offsets as CPython numbers them, where they mean something here. */
static Value get_flags(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    static const struct {
        uint32_t ours;
        int bit;
    } table[] = {
        {TYPE_HEAP, 9},  {TYPE_BASE, 10},  {TYPE_READY, 12},  {TYPE_ABSTRACT, 20}, {TYPE_INT, 24},       {TYPE_LIST, 25},
        {TYPE_TUPLE, 26}, {TYPE_BYTES, 27}, {TYPE_STR, 28},    {TYPE_DICT, 29},     {TYPE_EXCEPTION, 30}, {TYPE_TYPE, 31},
        {TYPE_SEQUENCE, 5}, {TYPE_MAPPING, 6}, {TYPE_NO_NEW, 7}, {TYPE_METHOD_DESCRIPTOR, 17}, {TYPE_MATCH_SELF, 22},
    };
    int64_t flags = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (type->flags & table[i].ours)
            flags |= INT64_C(1) << table[i].bit;
    /* copyreg looks for a base that makes its own instances: a type without a __new__ of its own is none. */
    bool inherits_new = type->flags & TYPE_BASE && type != &object_type && absent(dict_get_str(type->dict, names.__new__));
    if (inherits_new && !(type->flags & TYPE_EXCEPTION))
        flags |= INT64_C(1) << 9;
    if (!is_mutable_type(type))
        flags |= 1 << 8;
    if (type->flags & TYPE_HAS_DICT && type->flags & TYPE_HEAP) /* managed by the interpreter; with room in the instance */
        flags |= 1 << 4 | (type->slots_offset == SLOTS_AT_END ? 0 : 1 << 2);
    if (type->head.trace)
        flags |= 1 << 14;
    return small_int(flags);
}

static Value get_basicsize(Thread *t, Value *args) { return small_int(as_type(args[0])->instance_size); }
static Value get_itemsize(Thread *t, Value *args) { return small_int(as_type(args[0])->item_size); }

static Value get_dictoffset(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (type->flags & TYPE_TYPE)
        return small_int(offsetof(Type, dict));
    if (!(type->flags & TYPE_HAS_DICT))
        return small_int(0);
    return small_int(type->slots_offset == SLOTS_AT_END ? -1 : (int64_t)type->slots_offset);
}

/* References are in the heap's table: any non-zero offset says that instances can have them. */
static Value get_weakrefoffset(Thread *t, Value *args) {
    return small_int(as_type(args[0])->flags & TYPE_HAS_WEAKREF ? 8 : 0);
}

/* "(a, b)" for a row of __new__ or __init__ that begins "(type, a, b": the class itself is not an argument of the call. Absent without
 * exception: it says nothing. */
static Value constructor_signature(Thread *t, const NativeDef *def) {
    Value text = TRY(native_text_signature(t, def, RECEIVER_SELF));
    if (is_none(text))
        return text;
    const char *utf8 = str_utf8(t, text, NULL);
    if (!utf8)
        return NO_VALUE;
    const char *comma = strchr(utf8, ',');
    if (!comma)
        return str_from_text(t, "()");
    comma += 2;
    if (strncmp(comma, "/, ", 3) == 0)
        comma += 3;
    if (strcmp(comma, "*args, **kwargs)") == 0)
        return NO_VALUE; /* what the call takes is known to the other one, or to C code only */
    return strcmp(comma, "/)") == 0 ? str_from_text(t, "()") : format_text(t, "(%s", comma);
}

/* "(a, b)" of a docstring that begins with "Name(a, b)\n--\n\n", absent if it does not. `name`: perhaps with a module before it. */
static Value signature_in_doc(Thread *t, const char *name, Value doc) {
    const char *text = present(doc) && is_str(doc) ? str_utf8(t, doc, NULL) : NULL, *dot = strrchr(name, '.');
    if (!text) {
        error_clear(t); /* surrogates */
        return NO_VALUE;
    }
    name = dot ? dot + 1 : name;
    size_t length = strlen(name);
    if (strncmp(text, name, length) != 0 || text[length] != '(')
        return NO_VALUE;
    text += length;
    const char *end = strstr(text, ")\n--\n\n"), *blank = strstr(text, "\n\n");
    return end && blank > end ? str_from_utf8(t, text, (size_t)(end + 1 - text)) : NO_VALUE;
}

static Value get_text_signature(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value text = NO_VALUE;
    if (type->flags & TYPE_HEAP) {
        text = signature_in_doc(t, type->name_text, dict_get_str(type->dict, names.__doc__));
        if (present(text))
            return text;
        Value made_by = dict_get_str(type->dict, names.__new__);
        if (present(made_by) && is_exactly(made_by, &native_function_type))
            text = constructor_signature(t, ((NativeFunctionObject *)made_by.bits)->def);
    } else if (type->signature) {
        return str_from_text(t, type->signature);
    }
    for (int pass = 0; pass < 2; pass++)
        for (const NativeDef *def = type->methods; def && def->signature && absent(text) && !error_pending(t); def++)
            if (strncmp(def->signature, pass ? "__init__(" : "__new__(", pass ? 9 : 8) == 0)
                text = constructor_signature(t, def);
    return absent(text) && !error_pending(t) ? NONE : text;
}

static Value get_abstract_methods(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value methods = type == &type_type ? NO_VALUE : dict_get_str(type->dict, names.__abstractmethods__);
    if (present(methods))
        return methods;
    return raise_attribute_error(t, args[0], names.__abstractmethods__, "type object '%S' has no attribute '__abstractmethods__'",
                                 load(&type->name));
}

static Value set_abstract_methods(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (!is_mutable_type(type)) {
        args[1] = NONE;
        return require_mutable(t, args, "__abstractmethods__");
    }
    int is_abstract = 0;
    if (absent(args[1])) {
        int deleted = dict_delete(t, type->dict, names.__abstractmethods__);
        if (deleted == 0)
            return raise_attribute_error(t, args[0], names.__abstractmethods__, "__abstractmethods__");
        CHECK(deleted > 0);
    } else {
        is_abstract = truth(t, args[1]);
        CHECK(is_abstract >= 0 && type_set_entry(t, type, names.__abstractmethods__, args[1]));
    }
    if (is_abstract)
        fetch_or(&type->flags, (uint32_t)TYPE_ABSTRACT);
    else
        fetch_and(&type->flags, ~(uint32_t)TYPE_ABSTRACT);
    type_modified(t, type);
    return NONE;
}

static Value get_type_params(Thread *t, Value *args) {
    Value params = dict_get_str(as_type(args[0])->dict, names.__type_params__);
    return present(params) && as_type(args[0])->flags & TYPE_HEAP ? params : empty_tuple;
}

static Value set_type_params(Thread *t, Value *args) {
    return set_entry(t, args, names.__type_params__, "__type_params__");
}

/* Annotations (PEP 649): `__annotate_func__` in the namespace makes them on demand, `__annotations_cache__` keeps them. */
static Value get_annotate(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (!(type->flags & TYPE_HEAP))
        return raise_attribute_error(t, args[0], names.__annotate__, "type object '%S' has no attribute '__annotate__'",
                                     load(&type->name));
    Value annotate = dict_get_str(type->dict, names.__annotate__); /* set explicitly */
    if (absent(annotate))
        annotate = dict_get_str(type->dict, names.__annotate_func__);
    if (absent(annotate))
        annotate = TRY(type_set_default_entry(t, type, names.__annotate_func__, NONE));
    return bind_descriptor(t, annotate, NO_VALUE, type);
}

static Value set_annotate(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (absent(args[1]))
        return raise_type_error(t, "cannot delete __annotate__ attribute");
    if (!is_mutable_type(type))
        return require_mutable(t, args, "__annotate__");
    if (!is_none(args[1]) && !is_callable(args[1]))
        return raise_type_error(t, "__annotate__ must be callable or None");
    CHECK(type_set_entry(t, type, names.__annotate_func__, args[1]));
    if (!is_none(args[1]))
        CHECK(dict_delete(t, type->dict, names.__annotations_cache__) >= 0);
    type_modified(t, type);
    return NONE;
}

static Value get_annotations(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (!(type->flags & TYPE_HEAP))
        return raise_attribute_error(t, args[0], names.__annotations__, "type object '%S' has no attribute '__annotations__'",
                                     load(&type->name));
    Value found = dict_get_str(type->dict, names.__annotations__);
    if (absent(found))
        found = dict_get_str(type->dict, names.__annotations_cache__);
    if (present(found))
        return bind_descriptor(t, found, NO_VALUE, type);
    Value annotate = TRY(get_annotate(t, args));
    if (is_none(annotate)) {
        found = TRY(dict_new(t));
    } else {
        found = TRY(call_1(t, annotate, small_int(1)));
        if (!is_dict(found))
            return raise_type_error(t, "__annotate__ returned non-dict of type '%T'", found);
    }
    CHECK(type_set_entry(t, type, names.__annotations_cache__, found));
    return found;
}

static Value set_annotations(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    if (!is_mutable_type(type)) {
        args[1] = NONE;
        return require_mutable(t, args, "__annotations__");
    }
    int old = dict_delete(t, type->dict, names.__annotations__);
    int cached = dict_delete(t, type->dict, names.__annotations_cache__);
    CHECK(old >= 0 && cached >= 0);
    if (absent(args[1])) {
        if (!old && !cached)
            return raise_attribute_error(t, args[0], names.__annotations__, "__annotations__");
    } else {
        CHECK(type_set_entry(t, type, old ? names.__annotations__ : names.__annotations_cache__, args[1]));
    }
    CHECK(dict_delete(t, type->dict, names.__annotate__) >= 0 && dict_delete(t, type->dict, names.__annotate_func__) >= 0);
    type_modified(t, type);
    return NONE;
}

static const NativeDef type_methods[] = {
    {"__new__(type, *args, **kwargs)", type_new, NULL, NATIVE_NO_SIGNATURE},
    {"__init__(self, /, *args, **kwargs)", type_init, "Initialize self.  See help(type(self)) for accurate signature."},
    {"__repr__(self, /)", type_repr, "Return repr(self)."},
    {"__getattribute__(self, name, /)", type_getattribute, "Return getattr(self, name)."},
    {"__setattr__(self, name, value, /)", type_setattr, "Implement setattr(self, name, value)."},
    {"__delattr__(self, name, /)", type_delattr, "Implement delattr(self, name)."},
    {"__or__(self, value, /)", type_or, "Return self|value."},
    {"__ror__(self, value, /)", type_ror, "Return value|self."},
    {"mro(self, /)", type_mro, "Return a type's method resolution order."},
    {"__subclasses__(self, /)", type_subclasses_method, "Return a list of immediate subclasses."},
    {"__prepare__(cls, name, bases, /, **kwds)", type_prepare, "Create the namespace for the class statement",
     NATIVE_CLASS | NATIVE_MAY_LACK | NATIVE_TAKES_MORE},
    {"__instancecheck__(self, instance, /)", type_instancecheck, "Check if an object is an instance."},
    {"__subclasscheck__(self, subclass, /)", type_subclasscheck, "Check if a class is a subclass."},
    {"__dir__(self, /)", type_dir, "Specialized __dir__ implementation for types."},
    {"__sizeof__(self, /)", type_sizeof, "Return memory consumption of the type object."},
    {0},
};

static const GetSetDef type_getset[] = {
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__module__", get_module, set_module, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__bases__", get_bases, set_bases, NULL},
    {"__base__", get_base, NULL, NULL, MEMBER},
    {"__mro__", get_mro, NULL, NULL},
    {"__dict__", get_dict, NULL, NULL},
    {"__flags__", get_flags, NULL, NULL, MEMBER},
    {"__basicsize__", get_basicsize, NULL, NULL, MEMBER},
    {"__itemsize__", get_itemsize, NULL, NULL, MEMBER},
    {"__dictoffset__", get_dictoffset, NULL, NULL, MEMBER},
    {"__weakrefoffset__", get_weakrefoffset, NULL, NULL, MEMBER},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {"__abstractmethods__", get_abstract_methods, set_abstract_methods, NULL},
    {"__type_params__", get_type_params, set_type_params, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {0},
};

STATIC_TYPE(type_type) = {
    STATIC_TYPE_HEAD(type_trace, type_release),
    .name_text = "type",
    .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    .methods = type_methods,
    .getset = type_getset,
    .call = type_call,
    .flags = TYPE_BASE | TYPE_TYPE | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(Type),
};
