/* _warnings: the filter machinery behind warnings.warn, usable before Python code can be imported.
 *
 * State per isolate: a WarningsState cell in its slot, shared with the module's attributes `filters`, `_onceregistry`
 * and `_defaultaction`. Once `warnings` has been imported its attributes of these names count, as programs assign them.
 * Threads: the lock guards compound changes made in Python; lookups here work on whatever list they have loaded.
 */
#include "modules/_contextvars.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <stdarg.h>

typedef struct WarningsState {
    Object object;
    Value filters, once_registry, default_action, context_variable;
    int64_t version; /* of the filters: registries made under another one are stale */
    Mutex mutex;
    uint64_t owner; /* thread that holds the mutex */
    uint32_t depth;
} WarningsState;

static void state_trace(Tracer *tracer, Object *o) { trace_values(tracer, &((WarningsState *)o)->filters, 4); }

STATIC_TYPE(warnings_state_type) = {
    STATIC_TYPE_HEAD(state_trace, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "_warnings._State",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(WarningsState),
};

/* State */

static bool add_filter(Thread *t, Value list, const char *action, Type *category, Value module) {
    Value name = str_intern_text(t, action);
    Value item = absent(name) ? name : tuple_pack(t, 5, name, NONE, from_object(category), module, small_int(0));
    return present(item) && list_append(t, list, item);
}

static Value default_filters(Thread *t) {
    Value list = TRY(list_new(t, 8));
    CHECK(add_filter(t, list, "default", &DeprecationWarning_type, names.__main__));
    CHECK(add_filter(t, list, "ignore", &DeprecationWarning_type, NONE));
    CHECK(add_filter(t, list, "ignore", &PendingDeprecationWarning_type, NONE));
    CHECK(add_filter(t, list, "ignore", &ImportWarning_type, NONE));
    CHECK(add_filter(t, list, "ignore", &ResourceWarning_type, NONE));
    return list;
}

static WarningsState *state_of(Thread *t) {
    Value *slot = &t->isolate->slots[ISOLATE_WARNINGS];
    if (present(*slot))
        return (WarningsState *)as_object(*slot);
    WarningsState *s = heap_allocate(t, &warnings_state_type, sizeof *s);
    if (s == NULL)
        return NULL;
    Value self = from_object(s), filters = default_filters(t), once = dict_new(t);
    if (absent(filters) || absent(once))
        return NULL;
    store(s, &s->filters, filters);
    store(s, &s->once_registry, once);
    store(s, &s->default_action, names.default_);
    s->version = 1;
    isolate_keep(t, ISOLATE_WARNINGS, self);
    return s;
}

/* An attribute of `warnings`, if that has been imported; absent without exception otherwise. */
static Value warnings_attribute(Thread *t, const char *name) {
    Value module = present(t->isolate->modules) ? dict_get(t, t->isolate->modules, names.warnings) : NO_VALUE;
    if (absent(module) || is_none(module))
        return NO_VALUE;
    Value key = str_intern_text(t, name);
    return absent(key) ? key : find_attribute(t, module, key);
}

static Value attribute_or(Thread *t, const char *name, Value own) {
    Value v = warnings_attribute(t, name);
    return present(v) || error_pending(t) ? v : own;
}

/* Filters */

static int matches_pattern(Thread *t, Value pattern, Value text) {
    if (is_none(pattern))
        return 1;
    if (is_exactly(pattern, &str_type))
        return compare_true(t, COMPARE_EQ, pattern, text);
    Value name = str_intern_text(t, "match"), result = absent(name) ? name : call_method_1(t, pattern, name, text);
    return absent(result) ? -1 : truth(t, result);
}

static int matches_filter(Thread *t, Value item, Value category, Value text, int64_t line, Value module) {
    int ok = matches_pattern(t, tuple_get(item, 1), text);
    if (ok == 1)
        ok = is_subclass(t, category, tuple_get(item, 2));
    if (ok == 1)
        ok = matches_pattern(t, tuple_get(item, 3), module);
    int64_t wanted;
    if (ok == 1 && !index_as_ssize(t, tuple_get(item, 4), &wanted, false, NULL))
        return -1;
    return ok == 1 ? wanted == 0 || wanted == line : ok;
}

/* The action of the first filter that matches; absent without exception if none does. */
static Value search_filters(Thread *t, Value filters, Value category, Value text, int64_t line, Value module, Value *found) {
    if (!is_list(filters))
        return raise_value_error(t, "_warnings.filters must be a list");
    for (size_t i = 0; i < list_length(filters); i++) {
        Value item = list_get(filters, i);
        if (absent(item) || !is_tuple(item) || tuple_length(item) != 5)
            return raise_value_error(t, "_warnings.filters item %zu isn't a 5-tuple", i);
        if (!is_str(tuple_get(item, 0)))
            return raise_type_error(t, "action must be a string, not '%T'", tuple_get(item, 0));
        int matched = matches_filter(t, item, category, text, line, module);
        CHECK(matched >= 0);
        if (matched) {
            *found = item;
            return tuple_get(item, 0);
        }
    }
    return NO_VALUE;
}

/* The filters of the current context (catch_warnings with context_aware_warnings), or absent. */
static Value context_filters(Thread *t, WarningsState *s) {
    if (absent(s->context_variable))
        return NO_VALUE;
    Value context = call_method_1(t, s->context_variable, names.get, NONE);
    if (absent(context) || is_none(context))
        return NO_VALUE;
    Value name = str_intern_text(t, "_filters");
    return absent(name) ? name : get_attribute(t, context, name);
}

static Value find_action(Thread *t, WarningsState *s, Value category, Value text, int64_t line, Value module, Value *item) {
    *item = NONE;
    Value filters = context_filters(t, s), action = NO_VALUE;
    if (absent(filters) && error_pending(t))
        return NO_VALUE;
    if (absent(filters))
        filters = TRY(attribute_or(t, "filters", s->filters));
    action = search_filters(t, filters, category, text, line, module, item);
    if (present(action) || error_pending(t))
        return action;
    action = TRY(attribute_or(t, "defaultaction", s->default_action));
    if (!is_str(action))
        return raise_type_error(t, "_warnings.defaultaction must be a string, not '%T'", action);
    return action;
}

/* Registries: what was shown already. 1: shown before, 0: not (now noted, if `note`), -1: error. */
static int already_shown(Thread *t, WarningsState *s, Value registry, Value key, bool note) {
    if (absent(registry) || is_none(registry))
        return 0;
    Value version = dict_get(t, registry, names.version);
    if (absent(version) && error_pending(t))
        return -1;
    if (absent(version) || !is_small_int(version) || small_int_value(version) != s->version) {
        dict_clear(t, registry);
        if (!dict_set(t, registry, names.version, small_int(s->version)))
            return -1;
    } else {
        Value shown = dict_get(t, registry, key);
        if (absent(shown) && error_pending(t))
            return -1;
        int result = present(shown) ? truth(t, shown) : 0;
        if (result != 0)
            return result;
    }
    return note && !dict_set(t, registry, key, TRUE) ? -1 : 0;
}

/* Showing */

/* The text without the help of `warnings`: used while that cannot be imported. */
static void show_plainly(Thread *t, Value category, Value text, Value filename, int64_t line) {
    Value stream = present(t->isolate->sys_dict) ? dict_get_str(t->isolate->sys_dict, names.stderr) : NO_VALUE;
    Value message = format_text(t, "%S:%lld: %N: %S\n", filename, (long long)line, as_type(category), text);
    if (present(message) && present(stream) && !is_none(stream))
        (void)!present(call_method_1(t, stream, names.write, message));
    error_clear(t);
}

static bool show(Thread *t, Value category, Value text, Value message, Value filename, int64_t line, Value source_line,
                 Value source) {
    Value module = NO_VALUE;
    if (present(t->isolate->importlib) && !isolate_is_finalizing(t->isolate)) {
        Value import = dict_get_str(t->isolate->builtins, names.__import__);
        module = present(import) ? call_1(t, import, names.warnings) : NO_VALUE;
        if (absent(module) && error_pending(t) && !error_catch(t, &ImportError_type) && !error_catch(t, &RuntimeError_type))
            return false;
    }
    Value function = present(module) ? find_attribute(t, module, names._showwarnmsg) : NO_VALUE;
    if (absent(function)) {
        if (error_pending(t))
            return false;
        show_plainly(t, category, text, filename, line);
        return true;
    }
    if (!is_callable(function)) {
        raise_type_error(t, "warnings._showwarnmsg() must be set to a callable");
        return false;
    }
    Value maker = get_attribute_text(t, module, "WarningMessage");
    if (absent(maker))
        return false;
    Value args[8] = {NO_VALUE, message, category, filename, int_from(t, line), NONE, source_line, present(source) ? source : NONE};
    Value record = call(t, maker, args + 1, 7, NO_VALUE);
    return present(record) && present(call_1(t, function, record));
}

/* "once" and "module" keep a second record. 1: shown before. */
static int apply_action(Thread *t, WarningsState *s, Value action, Value registry, Value key, Value text, Value category,
                        Value item) {
    if (str_equal_text(action, "always") || str_equal_text(action, "all"))
        return 0;
    bool has_registry = present(registry) && !is_none(registry);
    if (has_registry && !str_equal_text(action, "error") && !dict_set(t, registry, key, TRUE))
        return -1;
    if (str_equal_text(action, "default"))
        return 0;
    bool once = str_equal_text(action, "once");
    if (once || str_equal_text(action, "module")) {
        Value where = once ? attribute_or(t, "onceregistry", s->once_registry) : has_registry ? registry : NO_VALUE;
        if (absent(where))
            return error_pending(t) ? -1 : 0;
        Value alternative = once ? tuple_pack(t, 2, text, category) : tuple_pack(t, 3, text, category, small_int(0));
        return absent(alternative) ? -1 : already_shown(t, s, where, alternative, true);
    }
    raise_error(t, &RuntimeError_type, "Unrecognized action (%R) in warnings.filters:\n %R", action, item);
    return -1;
}

static Value module_from_filename(Thread *t, Value filename) {
    size_t n = str_length(filename);
    if (n == 0)
        return str_from_text(t, "<unknown>");
    Value ending = n >= 3 ? TRY(str_slice(t, filename, n - 3, n)) : empty_str;
    return str_equal_text(ending, ".py") ? str_slice(t, filename, 0, n - 3) : filename;
}

static bool warn_at(Thread *t, Value category, Value message, Value filename, int64_t line, Value module, Value registry,
                    Value source_line, Value source) {
    WarningsState *s = state_of(t);
    if (s == NULL || (present(module) && is_none(module))) /* None: at the end of the process */
        return s != NULL;
    if (present(registry) && !is_none(registry) && !is_dict(registry))
        return raise_type_error(t, "'registry' must be a dict or None"), false;
    if (absent(module) && absent(module = module_from_filename(t, filename)))
        return false;
    Value text = message;
    if (is_instance_of(message, &Warning_type)) {
        text = to_str(t, message);
        category = from_object(type_of(message));
    } else {
        message = call_1(t, category, message);
    }
    if (absent(text) || absent(message))
        return false;
    Value key = tuple_pack(t, 3, text, category, int_from(t, line)), item;
    int shown = absent(key) ? -1 : already_shown(t, s, registry, key, false);
    if (shown != 0)
        return shown > 0;
    Value action = find_action(t, s, category, text, line, module, &item);
    if (absent(action))
        return false;
    if (str_equal_text(action, "error"))
        return raise_exception(t, message), false;
    if (str_equal_text(action, "ignore"))
        return true;
    shown = apply_action(t, s, action, registry, key, text, category, item);
    if (shown != 0)
        return shown > 0;
    return show(t, category, text, message, filename, line, source_line, source);
}

/* Where the warning is attributed to */

static bool text_contains(Thread *t, Value haystack, const char *needle) {
    Value text = str_from_text(t, needle);
    return present(text) && str_find(t, haystack, text, 0, str_length(haystack)) >= 0;
}

static bool is_internal(Thread *t, Frame *f) {
    return text_contains(t, load(&f->code->filename), "importlib") && text_contains(t, load(&f->code->filename), "_bootstrap");
}

static bool is_skipped(Thread *t, Frame *f, Value prefixes) {
    if (absent(prefixes))
        return false;
    for (size_t i = 0; i < tuple_length(prefixes); i++) {
        Value prefix = tuple_get(prefixes, i);
        size_t n = str_length(prefix);
        if (n <= str_length(load(&f->code->filename)) && str_find(t, load(&f->code->filename), prefix, 0, n) == 0)
            return true;
    }
    return false;
}

static Frame *next_external(Thread *t, Frame *f, Value prefixes) {
    do
        f = frame_caller(f);
    while (frame_is_real(f) && (is_internal(t, f) || is_skipped(t, f, prefixes)));
    return f;
}

static bool warn_from_frame(Thread *t, Value category, Value message, int64_t stack_level, Value source, Value prefixes) {
    Frame *f = t->frame;
    if (stack_level <= 0 || (frame_is_real(f) && is_internal(t, f)))
        while (--stack_level > 0 && frame_is_real(f))
            f = frame_caller(f);
    else
        while (--stack_level > 0 && frame_is_real(f))
            f = next_external(t, f, prefixes);
    Value globals, filename;
    int64_t line = 0;
    if (frame_is_real(f)) {
        globals = frame_globals(f);
        filename = load(&f->code->filename);
        uint32_t index = frame_index(f);
        line = index < f->code->count ? code_positions(f->code)[index].line : 0;
    } else {
        globals = t->isolate->sys_dict;
        filename = str_from_text(t, "<sys>");
    }
    if (absent(filename) || absent(globals))
        return !error_pending(t);
    Value registry = dict_get(t, globals, names.__warningregistry__);
    if (absent(registry)) {
        registry = error_pending(t) ? NO_VALUE : dict_new(t);
        if (absent(registry) || !dict_set(t, globals, names.__warningregistry__, registry))
            return false;
    }
    Value module = dict_get(t, globals, names.__name__);
    if (absent(module))
        module = error_pending(t) ? NO_VALUE : str_from_text(t, "<string>");
    if (absent(module))
        return false;
    return warn_at(t, category, message, filename, line, module, registry, NONE, source);
}

bool warn(Thread *t, Type *category, int stack_level, const char *format, ...) {
    va_list list;
    va_start(list, format);
    Value text = format_text_list(t, format, list);
    va_end(list);
    return present(text) && warn_from_frame(t, from_object(category), text, stack_level, NO_VALUE, NO_VALUE);
}

void warn_unclosed(Thread *t, const char *unclosed, Value shown, const char *unraisable, Value self) {
    Value pending = error_take(t);
    Value text = format_text(t, "unclosed%s %R", unclosed, shown);
    if (absent(text) || !warn_from_frame(t, from_object(&ResourceWarning_type), text, 1, shown, NO_VALUE)) {
        if (error_matches(t, &Warning_type))
            error_write_unraisable(t, unraisable, self);
        error_clear(t);
    }
    if (present(pending))
        error_restore(t, pending);
}

/* The module's functions */

static Value check_category(Thread *t, Value message, Value category) {
    if (is_instance_of(message, &Warning_type))
        return from_object(type_of(message));
    if (is_none(category))
        return from_object(&UserWarning_type);
    if (!is_type(category) || !type_is_subtype(as_type(category), &Warning_type))
        return raise_type_error(t, "category must be a Warning subclass, not '%T'", category);
    return category;
}

static Value warnings_warn(Thread *t, Value *args) {
    Value category = TRY(check_category(t, args[0], args[1])), prefixes = args[4];
    int64_t level;
    CHECK(index_as_ssize(t, args[2], &level, false, NULL));
    if (!is_tuple(prefixes))
        return raise_type_error(t, "warn() argument 'skip_file_prefixes' must be tuple, not %Y", prefixes);
    for (size_t i = 0; i < tuple_length(prefixes); i++)
        if (!is_str(tuple_get(prefixes, i)))
            return raise_type_error(t, "Found non-str '%T' in skip_file_prefixes.", tuple_get(prefixes, i));
    if (tuple_length(prefixes) == 0)
        prefixes = NO_VALUE;
    else if (level < 2)
        level = 2;
    CHECK(warn_from_frame(t, category, args[0], level, is_none(args[3]) ? NO_VALUE : args[3], prefixes));
    return NONE;
}

/* The line of source that the module's loader has; None if it cannot say. */
static Value line_from_loader(Thread *t, Value globals, int64_t line) {
    Value external = dict_get_text(t, t->isolate->modules, "_frozen_importlib_external");
    if (absent(external))
        return error_pending(t) ? NO_VALUE : NONE;
    Value loader = TRY(call_method_1(t, external, str_intern_text(t, "_bless_my_loader"), globals));
    Value name = dict_get(t, globals, names.__name__);
    CHECK(present(name) || !error_pending(t));
    if (is_none(loader) || absent(name))
        return NONE;
    Value get_source = find_attribute(t, loader, str_intern_text(t, "get_source"));
    if (absent(get_source))
        return error_pending(t) ? NO_VALUE : NONE;
    Value source = call_1(t, get_source, name);
    if (absent(source))
        return error_catch(t, &ImportError_type) || error_catch(t, &OSError_type) ? NONE : NO_VALUE;
    if (is_none(source))
        return NONE;
    Value split = TRY(get_attribute_text(t, from_object(&str_type), "splitlines")); /* whatever a subclass has */
    Value lines = TRY(call_1(t, split, source));
    return line >= 1 && (size_t)line <= list_length(lines) ? list_get(lines, (size_t)line - 1) : NONE;
}

static Value warnings_warn_explicit(Thread *t, Value *args) {
    if (!is_str(args[2]))
        return raise_type_error(t, "warn_explicit() argument 'filename' must be str, not %Y", args[2]);
    int64_t line;
    CHECK(index_as_ssize(t, args[3], &line, false, NULL));
    if (!is_none(args[6]) && !is_dict(args[6]))
        return raise_type_error(t, "module_globals must be a dict, not '%T'", args[6]);
    Value source_line = is_none(args[6]) ? NONE : TRY(line_from_loader(t, args[6], line));
    CHECK(warn_at(t, args[1], args[0], args[2], line, args[4], args[5], source_line, is_none(args[7]) ? NO_VALUE : args[7]));
    return NONE;
}

static Value acquire_lock(Thread *t, Value *args) {
    WarningsState *s = state_of(t);
    CHECK(s != NULL);
    if (s->depth == 0 || load_relaxed(&s->owner) != t->id) {
        if (!mutex_try_lock(&s->mutex)) {
            blocking_begin(t);
            mutex_lock(&s->mutex);
            blocking_end(t);
        }
        store_relaxed(&s->owner, t->id);
    }
    s->depth++;
    return NONE;
}

static Value release_lock(Thread *t, Value *args) {
    WarningsState *s = state_of(t);
    CHECK(s != NULL);
    if (s->depth == 0 || load_relaxed(&s->owner) != t->id)
        return raise_error(t, &RuntimeError_type, "cannot release un-acquired lock");
    if (--s->depth == 0) {
        store_relaxed(&s->owner, (uint64_t)0);
        mutex_unlock(&s->mutex);
    }
    return NONE;
}

static Value filters_mutated(Thread *t, Value *args) {
    WarningsState *s = state_of(t);
    CHECK(s != NULL);
    if (s->depth == 0 || load_relaxed(&s->owner) != t->id)
        return raise_error(t, &RuntimeError_type, "warnings lock is not held");
    s->version++;
    return NONE;
}

static bool warnings_init(Thread *t, Value module) {
    WarningsState *s = state_of(t);
    if (s == NULL)
        return false;
    if (absent(s->context_variable)) {
        Value variable = context_variable_new(t, str_intern_text(t, "warnings_context"));
        if (absent(variable))
            return false;
        store(s, &s->context_variable, variable);
    }
    return module_add(t, module, "filters", s->filters) && module_add(t, module, "_onceregistry", s->once_registry) &&
           module_add(t, module, "_defaultaction", s->default_action) &&
           module_add(t, module, "_warnings_context", s->context_variable);
}

static const NativeDef warnings_functions[] = {
    {"warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())", warnings_warn,
     "Issue a warning, or maybe ignore it or raise an exception.", 0},
    {"warn_explicit(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, "
     "source=None)",
     warnings_warn_explicit, "Issue a warning, or maybe ignore it or raise an exception.", 0},
    {"_acquire_lock()", acquire_lock, NULL, 0},
    {"_release_lock()", release_lock, NULL, 0},
    {"_filters_mutated_lock_held()", filters_mutated, NULL, 0},
    {},
};
NATIVE_MODULE(_warnings) = {
    .name = "_warnings",
    .doc = "The part of warnings that works without Python code.",
    .functions = warnings_functions,
    .init = warnings_init,
};
