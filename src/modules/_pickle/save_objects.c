/* Pickling classes, functions and whatever explains itself by __reduce__.
 *
 * A global is written by name, after a check that the name leads to it. Everything else becomes a call, plus the
 * object's state, list items and dict items (PEP 307).
 */
#include "base/byte_order.h"
#include "modules/_pickle/pickle.h"
#include "modules/isolate_modules.h"
#include "types/exceptions/exceptions.h"
#include "types/object_state.h"
#include "types/str/str_layout.h"

/* Names */

/* The import waits for another thread that is about to make the module. */
Value pickle_import(Thread *t, Value name) {
    TRY(import_module_level(t, name, NO_VALUE, NO_VALUE, 0));
    Value module = dict_get(t, t->isolate->modules, name);
    return present(module) || error_pending(t) ? module : raise_key_error(t, name);
}

/* The attribute of `o` that text[start, end) names. */
static Value get_part(Thread *t, Value o, Value name, size_t start, size_t end) {
    return get_attribute(t, o, str_intern(t, TRY(str_slice(t, name, start, end))));
}

Value pickle_get_dotted(Thread *t, Value module, Value name) {
    Value o = module, dot = TRY(str_from_text(t, "."));
    size_t start = 0, length = str_length(name);
    for (;;) {
        int64_t end = str_find(t, name, dot, start, length);
        o = TRY(get_part(t, o, name, start, end < 0 ? length : (size_t)end));
        if (end < 0)
            return o;
        start = (size_t)end + 1;
    }
}

static bool is_local_name(Thread *t, Value name) {
    Value part = str_from_text(t, "<locals>");
    if (absent(part))
        return false;
    int64_t at = str_find(t, name, part, 0, str_length(name));
    size_t end = (size_t)at + 8;
    return at >= 0 && (at == 0 || str_char(str_data(t, name), str_kind(name), (size_t)at - 1) == '.') &&
           (end == str_length(name) || str_char(str_data(t, name), str_kind(name), end) == '.');
}

/* A module that has `v` under this name; absent without exception: none. */
static Value search_modules(Thread *t, Value v, Value name) {
    Value copy = TRY(dict_copy(t, t->isolate->modules)), key, module;
    size_t position = 0;
    while (dict_next(copy, &position, &key, &module)) {
        if (is_none(module) || (is_str(key) && (str_equal_text(key, "__main__") || str_equal_text(key, "__mp_main__"))))
            continue;
        Value found = pickle_get_dotted(t, module, name);
        if (present(found) && same(found, v))
            return key;
        if (absent(found) && !error_catch(t, &AttributeError_type))
            return NO_VALUE;
    }
    return NO_VALUE;
}

/* PicklingError with the pending exception as its context. */
#define PICKLING_FAIL_AFTER(t, ...)                                       \
    ({                                                                    \
        Value first_ = error_take(t);                                     \
        PICKLING_FAIL(t, __VA_ARGS__);                                    \
        exception_set_context(t, (t)->exception, first_);                 \
        NO_VALUE;                                                         \
    })

/* The name of the module that has `v` under the dotted name, after checking that it does. */
static Value module_name_of(Thread *t, Value v, Value name) {
    Value module_name = find_attribute(t, v, names.__module__);
    if (absent(module_name) && error_pending(t))
        return NO_VALUE;
    if (is_local_name(t, name))
        return PICKLING_FAIL(t, "Can't pickle local object %R", v);
    CHECK(!error_pending(t));
    if (absent(module_name) || is_none(module_name)) {
        module_name = search_modules(t, v, name);
        CHECK(!error_pending(t));
        if (present(module_name))
            return module_name;
        module_name = names.__main__;
    }
    Value module = pickle_import(t, module_name);
    if (absent(module)) {
        if (!error_matches(t, &ImportError_type) && !error_matches(t, &ValueError_type) && !error_matches(t, &KeyError_type))
            return NO_VALUE;
        return PICKLING_FAIL_AFTER(t, "Can't pickle %R: %S", v, first_);
    }
    Value found = pickle_get_dotted(t, module, name);
    if (absent(found)) {
        if (!error_matches(t, &AttributeError_type))
            return NO_VALUE;
        return PICKLING_FAIL_AFTER(t, "Can't pickle %R: it's not found as %S.%S", v, module_name, name);
    }
    if (!same(found, v))
        return PICKLING_FAIL(t, "Can't pickle %R: it's not the same object as %S.%S", v, module_name, name);
    return module_name;
}

/* Globals */

/* 1: written as an extension code; 0: there is none; -1 */
static int save_extension(Thread *t, Pickler *p, Value module_name, Value name) {
    if (dict_length(pickle_state(t, EXTENSION_REGISTRY)) == 0)
        return 0;
    Value key = tuple_pack(t, 2, module_name, name);
    Value code = absent(key) ? key : dict_get(t, pickle_state(t, EXTENSION_REGISTRY), key);
    int64_t number;
    if (absent(code))
        return error_pending(t) ? -1 : 0;
    if (!is_int(code) || !int_to_i64(code, &number) || number <= 0 || number > INT32_MAX) {
        raise_error(t, &RuntimeError_type, "extension code %S is out of range", code);
        return -1;
    }
    char text[5] = {(char)(number <= 0xff ? OP_EXT1 : number <= 0xffff ? OP_EXT2 : OP_EXT4)};
    put_le32(text + 1, (uint32_t)number);
    return write_bytes(t, p, text, number <= 0xff ? 2 : number <= 0xffff ? 3 : 5) ? 1 : -1;
}

static bool write_name_line(Thread *t, Pickler *p, Value name, const char *kind) {
    Value text = str_encode(t, name, p->protocol < 3 ? "ascii" : "utf-8", "strict");
    if (absent(text) && error_matches(t, &UnicodeEncodeError_type))
        PICKLING_FAIL_AFTER(t, "can't pickle %s identifier %R using pickle protocol %d", kind, name, p->protocol);
    return present(text) && write_bytes(t, p, as_bytes(text)->data, as_bytes(text)->length) && write_op(t, p, '\n');
}

/* Today's names to those of Python 2. */
static bool map_to_old_names(Thread *t, Value *module_name, Value *name) {
    Value key = tuple_pack(t, 2, *module_name, *name);
    Value found = absent(key) ? key : dict_get(t, pickle_state(t, REVERSE_NAME_MAPPING), key);
    if (present(found)) {
        if (!is_tuple(found) || tuple_length(found) != 2) {
            raise_error(t, &RuntimeError_type, "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples, not %T", found);
            return false;
        }
        *module_name = tuple_get(found, 0);
        *name = tuple_get(found, 1);
        if (is_str(*module_name) && is_str(*name))
            return true;
        raise_error(t, &RuntimeError_type,
                    "_compat_pickle.REVERSE_NAME_MAPPING values should be pairs of str, not (%T, %T)", *module_name, *name);
        return false;
    }
    found = error_pending(t) ? NO_VALUE : dict_get(t, pickle_state(t, REVERSE_IMPORT_MAPPING), *module_name);
    if (absent(found))
        return !error_pending(t);
    if (!is_str(found)) {
        raise_error(t, &RuntimeError_type, "_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings, not %T", found);
        return false;
    }
    *module_name = found;
    return true;
}

static bool save_toplevel(Thread *t, Pickler *p, Value module_name, Value name) {
    if (p->protocol < 3 && p->fix_imports && !map_to_old_names(t, &module_name, &name))
        return false;
    return write_op(t, p, OP_GLOBAL) && write_name_line(t, p, module_name, "module") &&
           write_name_line(t, p, name, "global");
}

/* Before protocol 4 a dotted name is getattr(getattr(first, second), third). */
static bool save_dotted(Thread *t, Pickler *p, Value module_name, Value name) {
    Value dot = str_from_text(t, "."), parts = list_new(t, 4);
    size_t start = 0, length = str_length(name);
    for (int64_t end = 0; end >= 0; start = (size_t)end + 1) {
        if (absent(dot) || absent(parts))
            return false;
        end = str_find(t, name, dot, start, length);
        Value part = str_slice(t, name, start, end < 0 ? length : (size_t)end);
        if (absent(part) || !list_append(t, parts, part))
            return false;
    }
    size_t attributes = list_length(parts) - 1;
    for (size_t i = 0; i < attributes; i++)
        if (!pickler_save(t, p, pickle_state(t, GETATTR)) || (p->protocol < 2 && !write_op(t, p, OP_MARK)))
            return false;
    if (!save_toplevel(t, p, module_name, list_get(parts, 0)))
        return false;
    for (size_t i = 1; i <= attributes; i++)
        if (!pickler_save(t, p, list_get(parts, i)) || !write_op(t, p, p->protocol < 2 ? OP_TUPLE : OP_TUPLE2) ||
            !write_op(t, p, OP_REDUCE))
            return false;
    return true;
}

static bool has_dot(Thread *t, Value name) {
    Value dot = str_from_text(t, ".");
    return present(dot) && str_find(t, name, dot, 0, str_length(name)) >= 0;
}

bool pickler_save_global(Thread *t, Pickler *p, Value v, Value name) {
    if (absent(name)) {
        name = find_attribute(t, v, names.__qualname__);
        if (absent(name) && !error_pending(t))
            name = get_attribute(t, v, names.__name__);
        if (absent(name))
            return false;
    }
    if (!is_str(name)) {
        raise_type_error(t, "descriptor 'split' for 'str' objects doesn't apply to a '%T' object", name);
        return false;
    }
    Value module_name = module_name_of(t, v, name);
    if (absent(module_name))
        return false;
    int extension = p->protocol >= 2 ? save_extension(t, p, module_name, name) : 0;
    if (extension)
        return extension > 0;
    bool ok;
    if (p->protocol >= 4)
        ok = pickler_save(t, p, module_name) && pickler_save(t, p, name) && write_op(t, p, OP_STACK_GLOBAL);
    else if (!is_str(module_name)) {
        raise_type_error(t, "module name must be str, not %T", module_name);
        return false;
    } else
        ok = has_dot(t, name) ? save_dotted(t, p, module_name, name) : save_toplevel(t, p, module_name, name);
    return ok && pickler_memoize(t, p, v);
}

static bool save_reduced_call(Thread *t, Pickler *p, Value function, Value arg, Value v) {
    Value args = tuple_pack(t, 1, arg);
    return present(args) && pickler_save_call(t, p, function, args, v);
}

/* The types of singletons have no name that leads to them. */
bool pickler_save_type(Thread *t, Pickler *p, Value v) {
    const Value singletons[] = {NONE, ELLIPSIS, NOT_IMPLEMENTED};
    for (size_t i = 0; i < 3; i++)
        if (same(v, from_object(type_of(singletons[i]))))
            return save_reduced_call(t, p, from_object(&type_type), singletons[i], v);
    return pickler_save_global(t, p, v, NO_VALUE);
}

/* Reduced objects */

typedef enum CallForm { CALL_PLAIN, CALL_NEWOBJ, CALL_NEWOBJ_EX } CallForm;

/* A reducer asks for the short forms by the name of its function. false: error */
static bool call_form(Thread *t, Pickler *p, Value function, CallForm *form) {
    *form = CALL_PLAIN;
    if (p->protocol < 2)
        return true;
    Value name = find_attribute(t, function, names.__name__);
    if (absent(name))
        return !error_pending(t);
    if (is_str(name) && str_equal_text(name, "__newobj__"))
        *form = CALL_NEWOBJ;
    else if (is_str(name) && str_equal_text(name, "__newobj_ex__"))
        *form = CALL_NEWOBJ_EX;
    return true;
}

static Value new_method_of(Thread *t, Value class) { return get_attribute(t, class, names.__new__); }

/* Protocols 2 and 3 have no operation for keywords: a functools.partial carries them. */
static Value newobj_partial(Thread *t, Value class, Value args, Value kwargs) {
    Value new = TRY(new_method_of(t, class));
    Value all = TRY(tuple_concat(t, TRY(tuple_pack(t, 2, new, class)), args));
    return call_tuple(t, pickle_state(t, PARTIAL), all, kwargs);
}

static bool check_new_class(Thread *t, Value class, Value v, const char *function) {
    if (!is_type(class)) {
        PICKLING_FAIL(t, "first argument to %s() must be a class, not %S", function, qualified_type_name(t, class));
        return false;
    }
    if (absent(v))
        return true;
    Value own = get_attribute(t, v, names.__class__);
    if (absent(own) || same(own, class))
        return present(own);
    PICKLING_FAIL(t, "first argument to %s() must be %R, not %R", function, own, class);
    return false;
}

static bool save_newobj_ex(Thread *t, Pickler *p, Value args, Value v) {
    if (tuple_length(args) != 3) {
        PICKLING_FAIL(t, "__newobj_ex__ expected 3 arguments, got %zu", tuple_length(args));
        return false;
    }
    Value class = tuple_get(args, 0), positional = tuple_get(args, 1), keywords = tuple_get(args, 2);
    if (!check_new_class(t, class, v, "__newobj_ex__"))
        return false;
    if (!is_tuple(positional)) {
        PICKLING_FAIL(t, "second argument to __newobj_ex__() must be a tuple, not %S", qualified_type_name(t, positional));
        return false;
    }
    if (!is_dict(keywords)) {
        PICKLING_FAIL(t, "third argument to __newobj_ex__() must be a dict, not %S", qualified_type_name(t, keywords));
        return false;
    }
    if (p->protocol >= 4) {
        if (!pickler_save(t, p, class))
            return pickler_note(t, v, "class");
        if (!pickler_save(t, p, positional) || !pickler_save(t, p, keywords))
            return pickler_note(t, v, "__new__ arguments");
        return write_op(t, p, OP_NEWOBJ_EX);
    }
    Value partial = newobj_partial(t, class, positional, keywords);
    if (absent(partial))
        return false;
    if (!pickler_save(t, p, partial))
        return pickler_note(t, v, "reconstructor");
    return pickler_save(t, p, empty_tuple) && write_op(t, p, OP_REDUCE);
}

static bool save_newobj(Thread *t, Pickler *p, Value args, Value v) {
    if (tuple_length(args) < 1) {
        PICKLING_FAIL(t, "__newobj__ expected at least 1 argument, got %zu", tuple_length(args));
        return false;
    }
    Value class = tuple_get(args, 0);
    if (!check_new_class(t, class, v, "__newobj__"))
        return false;
    if (!pickler_save(t, p, class))
        return pickler_note(t, v, "class");
    Value rest = tuple_slice(t, args, 1, tuple_length(args));
    if (absent(rest))
        return false;
    if (!pickler_save(t, p, rest))
        return pickler_note(t, v, "__new__ arguments");
    return write_op(t, p, OP_NEWOBJ);
}

static bool save_call(Thread *t, Pickler *p, Value function, Value args, Value v) {
    CallForm form;
    if (!call_form(t, p, function, &form))
        return false;
    if (form != CALL_PLAIN)
        return form == CALL_NEWOBJ ? save_newobj(t, p, args, v) : save_newobj_ex(t, p, args, v);
    if (!pickler_save(t, p, function))
        return pickler_note(t, v, "reconstructor");
    if (!pickler_save(t, p, args))
        return pickler_note(t, v, "reconstructor arguments");
    return write_op(t, p, OP_REDUCE);
}

static bool save_state(Thread *t, Pickler *p, Value state, Value setter, Value v) {
    if (absent(setter)) {
        if (!pickler_save(t, p, state))
            return pickler_note(t, v, "state");
        return write_op(t, p, OP_BUILD);
    }
    if (!pickler_save(t, p, setter))
        return pickler_note(t, v, "state setter");
    if (!pickler_save(t, p, v)) /* in the memo: a reference */
        return false;
    if (!pickler_save(t, p, state))
        return pickler_note(t, v, "state");
    static const char end[] = {(char)OP_TUPLE2, OP_REDUCE, OP_POP};
    return write_bytes(t, p, end, sizeof end);
}

static bool reduce_fail(Thread *t, const char *which, const char *wanted, Value v) {
    PICKLING_FAIL(t, "%s item of the tuple returned by __reduce__ must be %s, not %S", which, wanted,
                  qualified_type_name(t, v));
    return false;
}

static bool save_reduced_tuple(Thread *t, Pickler *p, Value reduced, Value v) {
    size_t n = tuple_length(reduced);
    if (n < 2 || n > 6) {
        PICKLING_FAIL(t, "tuple returned by __reduce__ must contain 2 through 6 elements");
        return false;
    }
    Value part[6] = {NO_VALUE};
    for (size_t i = 0; i < n; i++)
        if (i < 2 || !is_none(tuple_get(reduced, i)))
            part[i] = tuple_get(reduced, i);
    if (!is_callable(part[0]))
        return reduce_fail(t, "first", "callable", part[0]);
    if (!is_tuple(part[1]))
        return reduce_fail(t, "second", "a tuple", part[1]);
    if (present(part[3]) && !type_of(part[3])->next)
        return reduce_fail(t, "fourth", "an iterator", part[3]);
    if (present(part[4]) && !type_of(part[4])->next)
        return reduce_fail(t, "fifth", "an iterator", part[4]);
    if (present(part[5]) && !is_callable(part[5]))
        return reduce_fail(t, "sixth", "callable", part[5]);
    if (!save_call(t, p, part[0], part[1], v))
        return false;
    size_t index;
    bool found;
    if (pickler_memo_find(&p->memo, v, &index)) { /* its own arguments refer to it: it is made already */
        if (!write_op(t, p, OP_POP) || !pickler_write_get(t, p, v, &found))
            return false;
    } else if (!pickler_memoize(t, p, v))
        return false;
    return (absent(part[3]) || pickler_batch_list(t, p, part[3], v)) &&
           (absent(part[4]) || pickler_batch_dict(t, p, part[4], v)) &&
           (absent(part[2]) || save_state(t, p, part[2], part[5], v));
}

bool pickler_save_reduced(Thread *t, Pickler *p, Value reduced, Value v) {
    if (is_str(reduced))
        return pickler_save_global(t, p, v, reduced);
    if (is_tuple(reduced))
        return save_reduced_tuple(t, p, reduced, v) || pickler_note(t, v, "object");
    PICKLING_FAIL(t, "__reduce__ must return a string or tuple, not %S", qualified_type_name(t, reduced));
    return pickler_note(t, v, "object");
}

bool pickler_save_call(Thread *t, Pickler *p, Value function, Value args, Value v) {
    Value reduced = tuple_pack(t, 2, function, args);
    return present(reduced) && save_reduced_tuple(t, p, reduced, v);
}

/* The reducer registered for the type, absent without exception: none. */
static Value registered_reducer(Thread *t, Pickler *p, Value type) {
    if (absent(p->dispatch_table))
        return dict_get(t, pickle_state(t, DISPATCH_TABLE), type);
    if (is_exactly(p->dispatch_table, &dict_type))
        return dict_get(t, p->dispatch_table, type);
    Value found = get_item(t, p->dispatch_table, type);
    if (absent(found))
        error_catch(t, &KeyError_type);
    return found;
}

static bool is_default(Type *type, Value name) { return same(type_lookup(type, name), type_lookup(&object_type, name)); }

/* Most instances are pickled as copyreg.__newobj__(class) and a state: no method of the class has a say in it. */
static bool is_plain(Pickler *p, Type *type) {
    if (p->plain_type == type && p->plain_version == type->version)
        return true;
    if (p->protocol < 2 || !(type->flags & TYPE_HEAP) || type->flags & (TYPE_LIST | TYPE_DICT | TYPE_NO_NEW) ||
        !is_default(type, names.__reduce_ex__) || !is_default(type, names.__reduce__) ||
        !is_default(type, names.__getstate__) || !is_default(type, names.__class__) ||
        type_slot(type, SLOT___getattribute__) != object_type.slots[SLOT___getattribute__] ||
        present(type_lookup(type, names.__getattr__)) || present(type_lookup(type, names.__getnewargs_ex__)) ||
        present(type_lookup(type, names.__getnewargs__)) || absent(type_lookup(type, names.__new__)))
        return false;
    p->plain_type = type;
    p->plain_version = type->version;
    return true;
}

static bool save_plain_parts(Thread *t, Pickler *p, Value v) {
    Value state = object_default_state(t, v, true);
    size_t index;
    if (absent(state))
        return false;
    if (!pickler_save(t, p, from_object(type_of(v))))
        return pickler_note(t, v, "class");
    if (!pickler_save(t, p, empty_tuple))
        return pickler_note(t, v, "__new__ arguments");
    if (!write_op(t, p, OP_NEWOBJ))
        return false;
    if (pickler_memo_find(&p->memo, v, &index)) { /* its class refers to it */
        bool found;
        if (!write_op(t, p, OP_POP) || !pickler_write_get(t, p, v, &found))
            return false;
    } else if (!pickler_memoize(t, p, v))
        return false;
    return is_none(state) || save_state(t, p, state, NO_VALUE, v);
}

bool pickler_save_object(Thread *t, Pickler *p, Value v) {
    Type *type = type_of(v);
    if (absent(p->dispatch_table) && is_plain(p, type)) {
        Value reducer = dict_get(t, pickle_state(t, DISPATCH_TABLE), from_object(type));
        if (absent(reducer) && !error_pending(t))
            return save_plain_parts(t, p, v) || pickler_note(t, v, "object");
        error_clear(t);
    }
    Value reducer = registered_reducer(t, p, from_object(type)), reduced;
    if (present(reducer))
        reduced = call_1(t, reducer, v);
    else if (error_pending(t))
        return false;
    else if (type_is_subtype(type, &type_type))
        return pickler_save_global(t, p, v, NO_VALUE);
    else {
        reducer = find_attribute(t, v, names.__reduce_ex__);
        if (present(reducer))
            reduced = call_1(t, reducer, small_int(p->protocol));
        else if (error_pending(t))
            return false;
        else {
            reducer = find_attribute(t, v, names.__reduce__);
            if (absent(reducer)) {
                if (!error_pending(t))
                    PICKLING_FAIL(t, "Can't pickle %S object", qualified_type_name(t, v));
                return false;
            }
            reduced = call_0(t, reducer);
        }
    }
    return present(reduced) && pickler_save_reduced(t, p, reduced, v);
}
