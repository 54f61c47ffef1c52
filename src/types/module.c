/* module objects, and modules written in C.
 *
 * Threads: a module is its namespace dict, with the dict's contract.
 */
#include "types/module.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

static void module_trace(Tracer *tracer, Object *o) { instance_trace(tracer, o); }

/* Construction */

static bool set_defaults(Thread *t, Value dict, Value name, Value doc) {
    return dict_set(t, dict, names.__name__, name) && dict_set(t, dict, names.__doc__, doc) &&
           dict_set(t, dict, names.__package__, NONE) && dict_set(t, dict, names.__loader__, NONE) &&
           dict_set(t, dict, names.__spec__, NONE);
}

static Value allocate(Thread *t, Type *type) {
    Object *o = type_allocate(t, type);
    CHECK(o != NULL);
    CHECK(dict_detach(t, as_dict(TRY(instance_dict(t, o))))); /* dictionary mode */
    return from_object(o);
}

Value module_new(Thread *t, Value name) {
    Value module = TRY(allocate(t, &module_type));
    CHECK(set_defaults(t, module_dict(module), name, NONE));
    return module;
}

Value module_from_def(Thread *t, const ModuleDef *def) {
    CHECK(types_start_of(t, def) && (!def->types_from || types_start_of(t, def->types_from)));
    Value name = TRY(str_intern_text(t, def->name)), module = TRY(module_new(t, name));
    ((ModuleObject *)as_object(module))->def = def;
    if (def->doc != NULL)
        CHECK(module_add_text(t, module, "__doc__", def->doc));
    for (const NativeDef *f = def->functions; f != NULL && f->signature != NULL; f++) {
        Value function = TRY(native_function_new(t, f, module, name));
        CHECK(dict_set(t, module_dict(module), TRY(native_name(t, f)), function));
    }
    if (def->init != NULL)
        CHECK(def->init(t, module));
    return module;
}

bool module_add(Thread *t, Value module, const char *name, Value value) {
    if (absent(value))
        return false;
    Value key = str_intern_text(t, name);
    return present(key) && dict_set(t, module_dict(module), key, value);
}

bool module_add_int(Thread *t, Value module, const char *name, int64_t value) {
    return module_add(t, module, name, int_from(t, value));
}

bool module_add_text(Thread *t, Value module, const char *name, const char *text) {
    return module_add(t, module, name, str_from_text(t, text));
}

bool module_add_type(Thread *t, Value module, Type *type) {
    assert(type->flags & TYPE_HEAP || type_is_ready(type));
    const char *dot = strrchr(type->name_text, '.');
    return module_add(t, module, dot ? dot + 1 : type->name_text, from_object(type));
}

Value module_new_exception(Thread *t, Value module, const char *name, Type *base) {
    Value namespace = TRY(dict_new(t)), bases = TRY(tuple_pack(t, 1, from_object(base)));
    Value module_name = TRY(dict_get_str(module_dict(module), names.__name__)), interned = TRY(str_intern_text(t, name));
    CHECK(dict_set(t, namespace, names.__module__, module_name));
    Value class = TRY(type_new_class(t, &type_type, interned, bases, namespace, NO_VALUE));
    CHECK(module_add(t, module, name, class));
    return class;
}

static Value make(Thread *t, Value *args) { return allocate(t, as_type(args[0])); }

static Value module_init(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "module() argument 'name' must be str, not %Y", args[1]);
    CHECK(set_defaults(t, module_dict(args[0]), args[1], args[2]));
    return NONE;
}

/* What is said about a missing attribute */

/* spec.name as a truth value; a spec may be any object, so a failure means "no". */
static bool spec_flag(Thread *t, Value spec, const char *name) {
    Value key = str_intern_text(t, name), v = absent(key) ? NO_VALUE : find_attribute(t, spec, key);
    int result = absent(v) ? 0 : truth(t, v);
    if (result <= 0)
        error_clear(t);
    return result > 0;
}

/* The file that a spec says the module comes from, or absent. */
static Value spec_origin(Thread *t, Value spec) {
    if (!spec_flag(t, spec, "has_location"))
        return NO_VALUE;
    Value origin = find_attribute(t, spec, names.origin);
    if (absent(origin))
        error_clear(t);
    return present(origin) && is_str(origin) ? origin : NO_VALUE;
}

/* Whether the file lies in the directory that comes first on the path: a script may shadow a library there. */
static bool may_shadow(Thread *t, Value origin) {
    Value flags = dict_get_str(t->isolate->sys_dict, names.flags), path = dict_get_str(t->isolate->sys_dict, names.path);
    if (present(flags) && spec_flag(t, flags, "safe_path"))
        return false;
    if (absent(path) || !is_list(path) || list_length(path) == 0)
        return false;
    Value first = list_get(path, 0);
    size_t file_size, directory_size;
    const char *file = str_filesystem(t, origin, &file_size);
    const char *directory = present(first) && is_str(first) ? str_filesystem(t, first, &directory_size) : NULL;
    if (file == NULL || directory == NULL) {
        error_clear(t);
        return false;
    }
    size_t end = file_size;
    for (int round = 0; round < 2; round++) { /* a package counts as its directory */
        while (end > 0 && file[end - 1] != '/')
            end--;
        if (end == 0)
            return false;
        end--;
        if (strcmp(file + end, "/__init__.py") != 0)
            break;
    }
    return end == directory_size && memcmp(file, directory, end) == 0;
}

static bool is_library_name(Thread *t, Value name) {
    Value library = dict_get_text(t, t->isolate->sys_dict, "stdlib_module_names");
    int result = present(library) && is_set(library) ? set_contains(t, library, name) : 0;
    if (result < 0)
        error_clear(t);
    return result > 0;
}

static bool is_uninitialized_submodule(Thread *t, Value spec, Value name) {
    Value list = find_attribute(t, spec, names._uninitialized_submodules);
    int result = absent(list) ? 0 : contains(t, list, name);
    if (result <= 0)
        error_clear(t);
    return result > 0;
}

static Value missing_attribute(Thread *t, Value module, Value name) {
    Value dict = module_dict(module), mod_name = dict_get_str(dict, names.__name__);
    if (absent(mod_name) || !is_str(mod_name))
        return raise_attribute_error(t, module, name, "module has no attribute '%S'", name);
    Value spec = dict_get_str(dict, names.__spec__);
    if (absent(spec) || is_none(spec))
        return raise_attribute_error(t, module, name, "module '%S' has no attribute '%S'", mod_name, name);
    Value origin = spec_origin(t, spec);
    bool shadowing = present(origin) && may_shadow(t, origin);
    if (shadowing && is_library_name(t, mod_name))
        return raise_attribute_error(t, module, name,
                                     "module '%S' has no attribute '%S' (consider renaming '%S' since it has the same "
                                     "name as the standard library module named '%S' and prevents importing that "
                                     "standard library module)",
                                     mod_name, name, origin, mod_name);
    if (!spec_flag(t, spec, "_initializing")) {
        if (is_uninitialized_submodule(t, spec, name))
            return raise_attribute_error(t, module, name,
                                         "cannot access submodule '%S' of module '%S' (most likely due to a circular import)",
                                         name, mod_name);
        return raise_attribute_error(t, module, name, "module '%S' has no attribute '%S'", mod_name, name);
    }
    if (shadowing)
        return raise_attribute_error(t, module, name,
                                     "module '%S' has no attribute '%S' (consider renaming '%S' if it has the same name "
                                     "as a library you intended to import)",
                                     mod_name, name, origin);
    if (present(origin))
        return raise_attribute_error(t, module, name,
                                     "partially initialized module '%S' from '%S' has no attribute '%S' (most likely due "
                                     "to a circular import)",
                                     mod_name, origin, name);
    return raise_attribute_error(t, module, name,
                                 "partially initialized module '%S' has no attribute '%S' (most likely due to a circular import)",
                                 mod_name, name);
}

static Value module_getattribute(Thread *t, Value *args) {
    Value value = generic_find_attribute(t, args[0], args[1]);
    if (likely(present(value)))
        return value;
    if (error_pending(t) && !error_catch(t, &AttributeError_type))
        return NO_VALUE;
    Value hook = dict_get_str(module_dict(args[0]), names.__getattr__);
    return present(hook) ? call_1(t, hook, args[1]) : missing_attribute(t, args[0], args[1]);
}

/* Methods and attributes */

static Value module_repr(Thread *t, Value *args) {
    if (present(t->isolate->importlib)) {
        Value name = TRY(str_intern_text(t, "_module_repr"));
        return call_method_1(t, t->isolate->importlib, name, args[0]);
    }
    Value name = dict_get_str(module_dict(args[0]), names.__name__);
    return present(name) ? format_text(t, "<module %R>", name) : str_from_text(t, "<module '?'>");
}

static Value module_dir(Thread *t, Value *args) {
    Value dict = TRY(get_attribute(t, args[0], names.__dict__));
    if (!is_dict(dict))
        return raise_type_error(t, "%R.__dict__ is not a dictionary", args[0]);
    Value hook = dict_get_str(dict, names.__dir__);
    return present(hook) ? call_0(t, hook) : dict_keys_list(t, dict);
}

static Value get_dict(Thread *t, Value *args) { return module_dict(args[0]); }

static Value set_dict(Thread *t, Value *args) { return raise_error(t, &AttributeError_type, "readonly attribute"); }

static bool is_initializing(Thread *t, Value dict) {
    Value spec = dict_get_str(dict, names.__spec__);
    return present(spec) && spec_flag(t, spec, "_initializing");
}

static Value get_annotations(Thread *t, Value *args) {
    Value dict = module_dict(args[0]), annotations = dict_get_str(dict, names.__annotations__);
    if (present(annotations))
        return annotations;
    Value annotate = dict_get_str(dict, names.__annotate__);
    if (present(annotate) && is_callable(annotate)) {
        annotations = TRY(call_1(t, annotate, small_int(1)));
        if (!is_dict(annotations))
            return raise_type_error(t, "__annotate__ returned non-dict of type '%T'", annotations);
    } else {
        annotations = TRY(dict_new(t));
    }
    if (!is_initializing(t, dict)) /* more may come */
        CHECK(dict_set(t, dict, names.__annotations__, annotations));
    return annotations;
}

static Value set_annotations(Thread *t, Value *args) {
    Value dict = module_dict(args[0]);
    if (present(args[1])) {
        CHECK(dict_set(t, dict, names.__annotations__, args[1]));
    } else {
        int deleted = dict_delete(t, dict, names.__annotations__);
        CHECK(deleted >= 0);
        if (deleted == 0)
            return raise_attribute_error(t, args[0], names.__annotations__, "__annotations__");
    }
    CHECK(dict_delete(t, dict, names.__annotate__) >= 0);
    return NONE;
}

static Value get_annotate(Thread *t, Value *args) {
    return dict_setdefault(t, module_dict(args[0]), names.__annotate__, NONE);
}

static Value set_annotate(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "cannot delete __annotate__ attribute");
    if (!is_none(args[1]) && !is_callable(args[1]))
        return raise_type_error(t, "__annotate__ must be callable or None");
    Value dict = module_dict(args[0]);
    CHECK(dict_set(t, dict, names.__annotate__, args[1]));
    if (!is_none(args[1]))
        CHECK(dict_delete(t, dict, names.__annotations__) >= 0);
    return NONE;
}

static const NativeDef module_methods[] = {
    {"__new__(type, *args, **kwargs)", make, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, name, doc=None)", module_init, NULL, 0},
    {"__getattribute__(self, name, /)", module_getattribute, NULL, 0},
    {"__repr__(self, /)", module_repr, NULL, 0},
    {"__dir__(self, /)", module_dir, "__dir__() -> list\nspecialized dir() implementation", 0},
    {},
};
static const GetSetDef module_getset[] = {
    {"__dict__", get_dict, set_dict, NULL, MEMBER},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__annotate__", get_annotate, set_annotate, NULL},
    {},
};
STATIC_TYPE(module_type) = {
    STATIC_TYPE_HEAD(module_trace, NULL),
    .name_text = "module",
    .doc = "A namespace with a name and a doc, which is what import makes.",
    .base_static = &object_type,
    .methods = module_methods,
    .getset = module_getset,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(ModuleObject),
};
