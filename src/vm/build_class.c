/* builtins.__build_class__(function, name, *bases, metaclass=None, **kwds): what a class statement calls. */
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

/* Replaces bases that are not classes by what their __mro_entries__ says; the same tuple if there are none. */
static Value resolve_bases(Thread *t, Value bases) {
    Value list = NO_VALUE;
    for (size_t i = 0; i < tuple_length(bases); i++) {
        Value base = tuple_get(bases, i), entries = NO_VALUE;
        if (!is_type(base)) {
            entries = find_attribute(t, base, names.__mro_entries__);
            if (absent(entries) && error_pending(t))
                return NO_VALUE;
        }
        if (absent(entries)) {
            if (present(list))
                CHECK(list_append(t, list, base));
            continue;
        }
        Value found = TRY(call_1(t, entries, bases));
        if (!is_tuple(found))
            return raise_type_error(t, "__mro_entries__ must return a tuple");
        if (absent(list))
            list = TRY(list_from_values(t, as_tuple(bases)->items, i));
        CHECK(list_extend(t, list, found));
    }
    return absent(list) ? bases : list_to_tuple(t, list);
}

/* The most derived metaclass of the given one and of the bases'. */
static Value winning_metaclass(Thread *t, Value meta, Value bases) {
    for (size_t i = 0; i < tuple_length(bases); i++) {
        Type *other = type_of(tuple_get(bases, i));
        if (type_is_subtype(as_type(meta), other))
            continue;
        if (!type_is_subtype(other, as_type(meta)))
            return raise_type_error(t, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of "
                                       "the metaclasses of all its bases");
        meta = from_object(other);
    }
    return meta;
}

/* Whether asking the metaclass gives what type.__prepare__ does: an empty dict. */
static bool prepares_as_type(Value meta) {
    return is_type(meta) && type_of(meta) == &type_type &&
           same(type_lookup(as_type(meta), names.__prepare__), type_lookup(&type_type, names.__prepare__));
}

static Value prepare_namespace(Thread *t, Value meta, Value name, Value bases, Value kwargs) {
    if (prepares_as_type(meta))
        return dict_new(t);
    Value prepare = find_attribute(t, meta, names.__prepare__);
    if (absent(prepare))
        return error_pending(t) ? NO_VALUE : dict_new(t);
    Value args = TRY(tuple_pack(t, (size_t)2, name, bases));
    Value namespace = TRY(call_tuple(t, prepare, args, kwargs));
    if (!has_type_flag(namespace, TYPE_MAPPING) && !is_dict(namespace) && !type_slot(type_of(namespace), SLOT___getitem__)) {
        if (is_type(meta))
            return raise_type_error(t, "%N.__prepare__() must return a mapping, not %T", as_type(meta), namespace);
        return raise_type_error(t, "<metaclass>.__prepare__() must return a mapping, not %T", namespace);
    }
    return namespace;
}

/* Runs the class body. Its result is the __class__ cell, or None. */
static Value run_body(Thread *t, FunctionObject *f, Value namespace) {
    return vm_run_code_with_closure(t, from_object(f->code), f->globals, namespace, load(&f->closure));
}

static Value check_class_cell(Thread *t, Value cell, Value class, Value name) {
    Value content = load(&as_cell(cell)->contents);
    if (same(content, class))
        return class;
    if (absent(content))
        return raise_error(t, &RuntimeError_type,
                           "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?", name, class);
    return raise_type_error(t, "__class__ set to %R defining %R as %R", content, name, class);
}

Value vm_build_class(Thread *t, Value *args, size_t nargs, Value kwnames) {
    if (nargs < 2)
        return raise_type_error(t, "__build_class__: not enough arguments");
    Value function = args[0], name = args[1];
    if (!is_function(function))
        return raise_type_error(t, "__build_class__: func must be a function");
    if (!is_str(name))
        return raise_type_error(t, "__build_class__: name is not a string");
    Value original = TRY(nargs > 2 ? tuple_from_values(t, args + 2, nargs - 2) : empty_tuple);
    Value bases = TRY(resolve_bases(t, original));
    Value kwargs = NO_VALUE, meta = NO_VALUE;
    if (present(kwnames)) {
        kwargs = TRY(dict_new(t));
        for (size_t i = 0; i < tuple_length(kwnames); i++)
            CHECK(dict_set(t, kwargs, tuple_get(kwnames, i), args[nargs + i]));
        meta = dict_pop(t, kwargs, TRY(str_intern_text(t, "metaclass")));
        if (absent(meta) && error_pending(t))
            return NO_VALUE;
    }
    if (absent(meta))
        meta = from_object(tuple_length(bases) ? type_of(tuple_get(bases, 0)) : &type_type);
    if (is_type(meta))
        meta = TRY(winning_metaclass(t, meta, bases));
    Value namespace = TRY(prepare_namespace(t, meta, name, bases, kwargs));
    Value cell = TRY(run_body(t, as_function(function), namespace));
    if (!same(bases, original))
        CHECK(set_item(t, namespace, names.__orig_bases__, original));
    Value three = TRY(tuple_pack(t, (size_t)3, name, bases, namespace));
    Value class = TRY(call_tuple(t, meta, three, kwargs));
    if (is_type(class) && is_object(cell) && is_exactly(cell, &cell_type))
        TRY(check_class_cell(t, cell, class, name));
    return class;
}
