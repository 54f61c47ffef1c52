/* Operations on names, cells, functions and displays: out of line. See ops.h. */
#include "object/call.h"
#include "types/exceptions/exceptions.h"
#include "types/module.h"
#include "types/set/set_internal.h"
#include "types/str/str.h"
#include "types/template.h"
#include "vm/drop.h"
#include "vm/ops.h"

/* ---- names ---- */

/* NameError and its like know the name. */
static Value raise_name(Thread *t, Type *type, const char *format, Value name) {
    raise_error(t, type, format, name);
    if (error_pending(t) && is_exactly(t->exception, &NameError_type))
        store(as_object(t->exception), &((NameErrorObject *)t->exception.bits)->name, name);
    return NO_VALUE;
}

static Value name_not_defined(Thread *t, Value name) {
    return raise_name(t, &NameError_type, "name '%S' is not defined", name);
}

Value op_unbound(Thread *t, uint32_t variable) {
    CodeObject *code = t->frame->code;
    Value name = tuple_get(code->local_names, variable);
    if (code->local_kinds[variable] & LOCAL_FREE)
        return raise_name(t, &NameError_type,
                          "cannot access free variable '%S' where it is not associated with a value in enclosing scope", name);
    return raise_name(t, &UnboundLocalError_type, "cannot access local variable '%S' where it is not associated with a value",
                      name);
}

/* A name in a mapping; absent without exception: not there. */
static Value lookup(Thread *t, Value mapping, Value name) {
    if (likely(is_exactly(mapping, &dict_type)))
        return dict_get_name(t, mapping, name);
    Value v = get_item(t, mapping, name);
    if (absent(v))
        error_catch(t, &KeyError_type);
    return v;
}

static Value lookup_global(Thread *t, Value name) {
    Value v = lookup(t, frame_globals(t->frame), name);
    if (present(v) || error_pending(t))
        return v;
    return lookup(t, frame_builtins(t->frame), name);
}

Value op_LOAD_GLOBAL(Thread *t, Value name) {
    Value v = lookup_global(t, name);
    if (likely(present(v)) || error_pending(t))
        return v;
    return name_not_defined(t, name);
}

/* What a namespace has under a name that is about to be deleted or replaced. */
static Value named(Value namespace, Value name) {
    return is_exactly(namespace, &dict_type) ? dict_get_str(namespace, name) : NO_VALUE;
}

/* The same, but for the statements that mostly make a new name: def, class and import. */
static Value named_before(Value namespace, Value name, Value value) {
    Type *type = is_object(value) ? class_of(as_object(value)) : NULL;
    return type == &function_type || type == &type_type || type == &module_type ? NO_VALUE : named(namespace, name);
}

bool op_STORE_GLOBAL(Thread *t, Value name, Value value) {
    Value old = named_before(frame_globals(t->frame), name, value);
    if (!dict_set(t, frame_globals(t->frame), name, value))
        return false;
    drop_note_replaced(t, old, value);
    return true;
}

bool op_DELETE_GLOBAL(Thread *t, Value name) {
    Value old = named(frame_globals(t->frame), name);
    int deleted = dict_delete(t, frame_globals(t->frame), name);
    if (deleted == 0)
        name_not_defined(t, name);
    else
        drop_note_container(t, old);
    return deleted > 0;
}

/* The namespace that names without a register live in. A module's code in a function object has its globals. */
static Value namespace(Thread *t) { return present(t->frame->locals) ? t->frame->locals : frame_globals(t->frame); }

Value op_LOAD_NAME(Thread *t, Value name) {
    Value v = lookup(t, namespace(t), name);
    if (present(v) || error_pending(t))
        return v;
    return op_LOAD_GLOBAL(t, name);
}

bool op_STORE_NAME(Thread *t, Value name, Value value) {
    Value locals = namespace(t), old = named_before(locals, name, value);
    if (!(is_exactly(locals, &dict_type) ? dict_set(t, locals, name, value) : set_item(t, locals, name, value)))
        return false;
    drop_note_replaced(t, old, value);
    return true;
}

bool op_DELETE_NAME(Thread *t, Value name) {
    Value old = named(namespace(t), name);
    if (delete_item(t, namespace(t), name)) {
        drop_note_container(t, old);
        return true;
    }
    if (error_catch(t, &KeyError_type))
        name_not_defined(t, name);
    return false;
}

Value op_LOAD_LOCALS(Thread *t) { return namespace(t); }

Value op_LOAD_FROM_DICT_OR_DEREF(Thread *t, Value mapping, uint32_t variable) {
    Value v = lookup(t, mapping, tuple_get(t->frame->code->local_names, variable));
    if (present(v) || error_pending(t))
        return v;
    v = load(&as_cell(t->frame->base[variable])->contents);
    return present(v) ? v : op_unbound(t, variable);
}

Value op_LOAD_FROM_DICT_OR_GLOBALS(Thread *t, Value mapping, Value name) {
    Value v = lookup(t, mapping, name);
    if (present(v) || error_pending(t))
        return v;
    return op_LOAD_GLOBAL(t, name);
}

Value op_LOAD_BUILD_CLASS(Thread *t) {
    Value name = TRY(str_intern_text(t, "__build_class__"));
    Value v = lookup(t, frame_builtins(t->frame), name);
    if (absent(v) && !error_pending(t))
        raise_name(t, &NameError_type, "__build_class__ not found", name);
    return v;
}

static Value builtin(Thread *t, const char *name) {
    Value v = dict_get_text(t, t->isolate->builtins, name);
    if (absent(v) && !error_pending(t))
        return raise_system_error(t, "builtins has no %s", name);
    return v;
}

Value op_LOAD_COMMON(Thread *t, unsigned which) {
    switch ((CommonConstant)which) {
    case COMMON_ASSERTION_ERROR: return from_object(&AssertionError_type);
    case COMMON_NOT_IMPLEMENTED_ERROR: return from_object(&NotImplementedError_type);
    case COMMON_TUPLE: return from_object(&tuple_type);
    case COMMON_ALL: return builtin(t, "all");
    case COMMON_ANY: return builtin(t, "any");
    }
    return raise_system_error(t, "unknown common constant");
}

/* ---- functions ---- */

Value op_MAKE_FUNCTION(Thread *t, Value code) {
    return function_new_with_builtins(t, code, frame_globals(t->frame), frame_builtins(t->frame));
}

/* ---- displays ---- */

Value op_BUILD_SET(Thread *t, Value *items, size_t count) { return set_from_values(t, items, count); }

Value op_BUILD_DICT(Thread *t, Value *items, size_t count) {
    Value dict = TRY(dict_new_sized(t, count));
    for (size_t i = 0; i < count; i++)
        CHECK(dict_set(t, dict, items[2 * i], items[2 * i + 1]));
    return dict;
}

Value op_BUILD_STRING(Thread *t, Value *items, size_t count) {
    if (count == 2)
        return str_concat(t, items[0], items[1]);
    size_t length = 0;
    uint32_t widest = 0;
    int kind = 1;
    bool ascii = true;
    for (size_t i = 0; i < count; i++) {
        length += str_length(items[i]);
        kind = str_kind(items[i]) > kind ? str_kind(items[i]) : kind;
        ascii &= str_is_ascii(items[i]);
    }
    widest = ascii ? 127 : kind == 1 ? 255 : kind == 2 ? 0xffff : 0x10ffff;
    if (length == 0)
        return empty_str;
    void *data;
    Value result = TRY(str_new(t, length, widest, &data));
    for (size_t i = 0, at = 0; i < count; i++) {
        size_t n = str_length(items[i]);
        const void *from = n ? str_data(t, items[i]) : "";
        if (!from)
            return NO_VALUE;
        int from_kind = str_kind(items[i]);
        if (from_kind == kind)
            memcpy((char *)data + at * (size_t)kind, from, n * (size_t)kind);
        else
            for (size_t k = 0; k < n; k++) {
                uint32_t c = str_char(from, from_kind, k);
                if (kind == 2)
                    ((uint16_t *)data)[at + k] = (uint16_t)c;
                else
                    ((uint32_t *)data)[at + k] = c;
            }
        at += n;
    }
    return result;
}

bool op_LIST_EXTEND(Thread *t, Value list, Value iterable) {
    if (list_extend(t, list, iterable))
        return true;
    Type *type = type_of(iterable);
    if (type->next == NULL && type_slot(type, SLOT___iter__) == NULL && type_slot(type, SLOT___getitem__) == NULL &&
        error_catch(t, &TypeError_type))
        raise_type_error(t, "Value after * must be an iterable, not %T", iterable);
    return false;
}

bool op_SET_UPDATE(Thread *t, Value set, Value iterable) { return set_update(t, set, iterable); }

/* Does `o` have keys(), as everything that ** takes must? */
static bool is_mapping_argument(Thread *t, Value o) {
    if (is_dict(o))
        return true;
    Value keys = find_attribute(t, o, names.keys);
    return present(keys);
}

bool op_DICT_UPDATE(Thread *t, Value dict, Value mapping) {
    if (!is_mapping_argument(t, mapping)) {
        if (!error_pending(t))
            raise_type_error(t, "'%T' object is not a mapping", mapping);
        return false;
    }
    return dict_update(t, dict, mapping);
}

Value callee_text(Thread *t, Value callee); /* interpret_calls.c */

bool op_DICT_MERGE(Thread *t, Value dict, Value mapping, Value callee) {
    if (!is_mapping_argument(t, mapping)) {
        if (error_pending(t))
            return false;
        Value text = callee_text(t, callee);
        if (present(text))
            raise_type_error(t, "%S argument after ** must be a mapping, not %T", text, mapping);
        return false;
    }
    return dict_merge_unique(t, dict, mapping, callee);
}

/* ---- text ---- */

Value op_FORMAT_SIMPLE(Thread *t, Value v) {
    if (is_exactly(v, &str_type))
        return v;
    return format_value(t, v, NO_VALUE);
}

Value op_CONVERT_VALUE(Thread *t, Value v, unsigned how) {
    switch (how) {
    case 1: return to_str(t, v);
    case 2: return repr(t, v);
    case 3: return to_ascii(t, v);
    default: return raise_system_error(t, "unknown conversion");
    }
}

Value op_BUILD_INTERPOLATION(Thread *t, Value *parts, unsigned conversion) {
    Value c = NONE;
    if (conversion)
        c = TRY(str_from_char(t, conversion));
    return interpolation_new(t, parts[0], parts[1], c, parts[2]);
}

Value op_BUILD_TEMPLATE(Thread *t, Value strings, Value interpolations) { return template_new(t, strings, interpolations); }
