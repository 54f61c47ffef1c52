/* Operations of import statements: out of line. See ops.h. */
#include "object/call.h"
#include "types/exceptions/exceptions.h"
#include "types/module.h"
#include "types/str/str.h"
#include "vm/eval.h"
#include "vm/ops.h"

Value op_IMPORT_NAME(Thread *t, Value name, Value level, Value fromlist) {
    Value builtins = frame_builtins(t->frame);
    Value import = is_exactly(builtins, &dict_type) ? dict_get_str(builtins, names.__import__)
                                                    : get_item(t, builtins, names.__import__);
    if (absent(import)) {
        if (error_pending(t) && !error_catch(t, &KeyError_type))
            return NO_VALUE;
        return raise_error(t, &ImportError_type, "__import__ not found");
    }
    Value locals = t->frame->locals;
    Value args[] = {NO_VALUE, name, frame_globals(t->frame), present(locals) ? locals : NONE, fromlist, level};
    return call(t, import, args + 1, 5, NO_VALUE);
}

/* An attribute as str, or absent without exception. */
static Value text_attribute(Thread *t, Value o, Value name) {
    Value v = find_attribute(t, o, name);
    if (absent(v))
        error_clear(t);
    return present(v) && is_str(v) ? v : NO_VALUE;
}

static bool is_initializing(Thread *t, Value spec) {
    Value v = find_attribute(t, spec, names._initializing);
    if (absent(v))
        return error_clear(t), false;
    int yes = truth(t, v);
    if (yes < 0)
        error_clear(t);
    return yes > 0;
}

/* The file that a module spec says it came from, if it has a location. */
static Value spec_origin(Thread *t, Value spec) {
    Value has = get_attribute_text(t, spec, "has_location");
    int yes = present(has) ? truth(t, has) : 0;
    if (absent(has) || yes < 0)
        error_clear(t);
    return yes > 0 ? text_attribute(t, spec, names.origin) : NO_VALUE;
}

static Value cannot_import(Thread *t, Value module, Value module_name, Value name) {
    Value spec = find_attribute(t, module, names.__spec__);
    if (absent(spec))
        error_clear(t);
    Value origin = present(spec) ? spec_origin(t, spec) : NO_VALUE;
    if (absent(origin))
        origin = text_attribute(t, module, names.__file__);
    Value shown_name = present(module_name) ? module_name : TRY(str_from_text(t, "<unknown module name>"));
    Value message;
    if (present(spec) && is_initializing(t, spec))
        message = present(origin)
                      ? format_text(t, "cannot import name %R from partially initialized module %R (most likely due to a circular import) (%S)",
                                    name, shown_name, origin)
                      : format_text(t, "cannot import name %R from partially initialized module %R (most likely due to a circular import)",
                                    name, shown_name);
    else
        message = present(origin) ? format_text(t, "cannot import name %R from %R (%S)", name, shown_name, origin)
                                  : format_text(t, "cannot import name %R from %R (unknown location)", name, shown_name);
    Value e = TRY(exception_new(t, &ImportError_type, 1, &(Value){TRY(message).bits}));
    ImportErrorObject *error = (ImportErrorObject *)as_object(e);
    store(error, &error->name, shown_name);
    if (present(origin))
        store(error, &error->path, origin);
    store(error, &error->name_from, name);
    return raise_exception(t, e);
}

Value op_IMPORT_FROM(Thread *t, Value module, Value name) {
    Value v = find_attribute(t, module, name);
    if (present(v) || error_pending(t))
        return v;
    /* A circular import: the submodule may be in sys.modules already. */
    Value module_name = text_attribute(t, module, names.__name__);
    if (present(module_name)) {
        Value full = TRY(format_text(t, "%S.%S", module_name, name));
        v = is_dict(t->isolate->modules) ? dict_get(t, t->isolate->modules, full) : NO_VALUE;
        if (present(v) || error_pending(t))
            return v;
    }
    return cannot_import(t, module, module_name, name);
}

/* The names that * stands for: __all__, or those of the namespace that do not start with an underscore. */
static Value star_names(Thread *t, Value module, bool *skip_private) {
    Value all = find_attribute(t, module, names.__all__);
    *skip_private = false;
    if (present(all) || error_pending(t))
        return all;
    Value dict = find_attribute(t, module, names.__dict__);
    if (absent(dict)) {
        if (!error_pending(t))
            raise_error(t, &ImportError_type, "from-import-* object has no __dict__ and no __all__");
        return NO_VALUE;
    }
    *skip_private = true;
    return is_dict(dict) ? dict_keys_list(t, dict) : call_method_0(t, dict, names.keys);
}

bool op_IMPORT_STAR(Thread *t, Value module) {
    Frame *f = t->frame;
    bool skip_private;
    Value all = star_names(t, module, &skip_private);
    if (absent(all))
        return false;
    Value iterator = get_iterator(t, all);
    if (absent(iterator))
        return false;
    Value name;
    while (present(name = iterator_next(t, iterator))) {
        if (!is_str(name)) {
            Value module_name = find_attribute(t, module, names.__name__);
            if (present(module_name))
                raise_type_error(t, skip_private ? "Key in %S.__dict__ must be str, not %T" : "Item in %S.__all__ must be str, not %T",
                                 module_name, name);
            return false;
        }
        if (skip_private && str_length(name) && str_char(str_data(t, name), str_kind(name), 0) == '_')
            continue;
        if (is_exactly(name, &str_type))
            name = str_intern(t, name);
        Value v = get_attribute(t, module, name);
        if (absent(v) || !(is_exactly(f->locals, &dict_type) ? dict_set(t, f->locals, name, v) : set_item(t, f->locals, name, v)))
            return false;
    }
    return !error_pending(t);
}
