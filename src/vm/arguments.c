/* Binding the arguments of a call to a function's parameters, with CPython's messages.
 *
 * The locals of the code start with the parameters: positional ones (positional-only first), keyword-only ones,
 * then *args and **kwargs if the code has them.
 */
#include "base/suggest.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict_layout.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/function.h"

/* 'a', 'b', and 'c' of a list of names. */
static Value join_names(Thread *t, Value list) {
    size_t n = list_length(list);
    StrBuilder b = {0};
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            CHECK(str_builder_add_text(t, &b, n == 2 ? " and " : i + 1 == n ? ", and " : ", "));
        Value quoted = TRY(repr(t, list_get(list, i)));
        CHECK(str_builder_add(t, &b, quoted));
    }
    return str_builder_finish(t, &b);
}

static Value raise_missing(Thread *t, FunctionObject *f, Value list, const char *kind) {
    size_t n = list_length(list);
    Value text = TRY(join_names(t, list));
    return raise_type_error(t, "%S() missing %zd required %s argument%s: %S", f->qualname, n, kind, n == 1 ? "" : "s", text);
}

static Value missing_arguments(Thread *t, FunctionObject *f, CodeObject *code, Value *target, size_t from, size_t to,
                               const char *kind) {
    Value list = TRY(list_new(t, 4));
    for (size_t i = from; i < to; i++)
        if (absent(target[i]))
            CHECK(list_append(t, list, tuple_get(code->local_names, i)));
    return raise_missing(t, f, list, kind);
}

static Value too_many_positional(Thread *t, FunctionObject *f, CodeObject *code, size_t given, Value *target) {
    size_t keyword_given = 0, count = code->argument_count;
    size_t defaults = present(f->defaults) ? tuple_length(f->defaults) : 0;
    for (size_t i = count; i < count + code->keyword_only_count; i++)
        keyword_given += present(target[i]);
    bool plural = defaults ? true : count != 1;
    char takes[64], also[96] = "";
    if (defaults)
        snprintf(takes, sizeof takes, "from %zu to %zu", count - defaults, count);
    else
        snprintf(takes, sizeof takes, "%zu", count);
    if (keyword_given)
        snprintf(also, sizeof also, " positional argument%s (and %zu keyword-only argument%s)", given != 1 ? "s" : "",
                 keyword_given, keyword_given != 1 ? "s" : "");
    return raise_type_error(t, "%S() takes %s positional argument%s but %zd%s %s given", f->qualname, takes,
                            plural ? "s" : "", given, also, given == 1 && !keyword_given ? "was" : "were");
}

static Value positional_only_by_keyword(Thread *t, FunctionObject *f, CodeObject *code, Value kwnames) {
    StrBuilder b = {0};
    bool any = false;
    for (size_t i = 0; i < code->positional_only_count; i++) {
        Value name = tuple_get(code->local_names, i);
        for (size_t k = 0; k < tuple_length(kwnames); k++) {
            if (!is_str(tuple_get(kwnames, k)) || !str_equal(t, name, tuple_get(kwnames, k)))
                continue;
            if (any)
                CHECK(str_builder_add_text(t, &b, ", "));
            CHECK(str_builder_add(t, &b, name));
            any = true;
        }
    }
    if (!any)
        return NONE;
    Value text = TRY(str_builder_finish(t, &b));
    return raise_type_error(t, "%S() got some positional-only arguments passed as keyword arguments: '%S'", f->qualname, text);
}

/* For "Did you mean": absent if nothing is near. */
static Value nearest_parameter(Thread *t, CodeObject *code, Value name) {
    size_t size, best_distance = SIZE_MAX;
    const char *text = str_utf8(t, name, &size);
    Value best = NO_VALUE;
    for (size_t i = code->positional_only_count; text && i < code->argument_count + code->keyword_only_count; i++) {
        size_t other_size;
        const char *other = str_utf8(t, tuple_get(code->local_names, i), &other_size);
        if (!other)
            return NO_VALUE;
        size_t limit = suggest_limit(size, other_size);
        if (best_distance <= limit)
            limit = best_distance - 1;
        size_t distance = suggest_distance(text, size, other, other_size, limit);
        if (distance <= limit) {
            best = tuple_get(code->local_names, i);
            best_distance = distance;
        }
    }
    return best;
}

static Value unexpected_keyword(Thread *t, FunctionObject *f, CodeObject *code, Value kwnames, Value name) {
    if (code->positional_only_count)
        TRY(positional_only_by_keyword(t, f, code, kwnames));
    Value suggestion = nearest_parameter(t, code, name);
    if (present(suggestion))
        return raise_type_error(t, "%S() got an unexpected keyword argument '%S'. Did you mean '%S'?", f->qualname, name,
                                suggestion);
    if (error_pending(t))
        return NO_VALUE;
    return raise_type_error(t, "%S() got an unexpected keyword argument '%S'", f->qualname, name);
}

/* The parameter that a keyword names; -1: none. Names are interned, so identity almost always decides. */
static int64_t find_parameter(Thread *t, CodeObject *code, Value name) {
    Value *all = as_tuple(code->local_names)->items;
    size_t count = code->argument_count + code->keyword_only_count;
    for (size_t i = code->positional_only_count; i < count; i++)
        if (same(all[i], name))
            return (int64_t)i;
    if (is_exactly(name, &str_type) && str_is_interned(name))
        return -1;
    for (size_t i = code->positional_only_count; i < count; i++)
        if (str_equal(t, all[i], name))
            return (int64_t)i;
    return -1;
}

static bool bind_keywords(Thread *t, FunctionObject *f, CodeObject *code, const Value *values, Value kwnames, Value *target,
                          Value extra) {
    for (size_t k = 0; k < tuple_length(kwnames); k++) {
        Value name = tuple_get(kwnames, k);
        if (!is_str(name)) {
            raise_type_error(t, "%S() keywords must be strings", f->qualname);
            return false;
        }
        int64_t i = find_parameter(t, code, name);
        if (i >= 0) {
            if (present(target[i])) {
                raise_type_error(t, "%S() got multiple values for argument '%S'", f->qualname, name);
                return false;
            }
            target[i] = values[k];
        } else if (present(extra)) {
            if (!dict_set(t, extra, name, values[k]))
                return false;
        } else {
            unexpected_keyword(t, f, code, kwnames, name);
            return false;
        }
    }
    return true;
}

/* The default of a keyword-only parameter; absent, with or without an exception: none. Defaults mostly stand in the dict in the
 * order of the parameters: *next is where this one should be. */
static Value keyword_default(Thread *t, Value defaults, Value name, size_t *next) {
    DictTable *table = load_acquire(&as_dict(defaults)->table);
    size_t at = (*next)++;
    if (likely(at < load_relaxed(&table->end))) {
        DictEntry *e = dict_entry(table, at);
        Value value = load(&e->value);
        if (likely(load_relaxed(&e->key.bits) == name.bits && present(value)))
            return value;
    }
    return dict_get(t, defaults, name);
}

/* All but *args and **kwargs, which are made already. */
static bool bind_parameters(Thread *t, FunctionObject *f, const Value *args, size_t nargs, Value kwnames, Value *target,
                            Value extra) {
    CodeObject *code = f->code;
    size_t count = code->argument_count, total = count + code->keyword_only_count;
    if (present(kwnames) && !bind_keywords(t, f, code, args + nargs, kwnames, target, extra))
        return false;
    if (nargs > count && !(code->flags & CODE_VARARGS))
        return too_many_positional(t, f, code, nargs, target), false;
    Value defaults = load(&f->defaults);
    if (nargs < count) {
        size_t have = present(defaults) ? tuple_length(defaults) : 0;
        size_t required = have < count ? count - have : 0;
        for (size_t i = nargs; i < required; i++)
            if (absent(target[i]))
                return missing_arguments(t, f, code, target, 0, required, "positional"), false;
        for (size_t i = required > nargs ? required : nargs; i < count; i++)
            if (absent(target[i]))
                target[i] = tuple_get(defaults, i - required + (have > count ? have - count : 0));
    }
    if (code->keyword_only_count) {
        Value kwdefaults = load(&f->kwdefaults);
        bool missing = false;
        size_t next = 0;
        for (size_t i = count; i < total; i++) {
            if (present(target[i])) {
                next++;
                continue;
            }
            if (present(kwdefaults)) {
                target[i] = keyword_default(t, kwdefaults, tuple_get(code->local_names, i), &next);
                if (absent(target[i]) && error_pending(t))
                    return false;
            }
            missing |= absent(target[i]);
        }
        if (missing)
            return missing_arguments(t, f, code, target, count, total, "keyword-only"), false;
    }
    return true;
}

bool arguments_bind(Thread *t, FunctionObject *f, const Value *args, size_t nargs, Value kwnames, Value *target) {
    CodeObject *code = f->code;
    if (!code_unpack(t, code))
        return false;
    size_t count = code->argument_count, total = count + code->keyword_only_count;
    for (size_t i = 0; i < code->local_count; i++)
        target[i] = NO_VALUE;
    Value extra = NO_VALUE, rest = NO_VALUE;
    if (code->flags & CODE_VARKEYWORDS) {
        extra = present(kwnames) ? dict_new_sized(t, tuple_length(kwnames)) : dict_new(t);
        if (absent(extra))
            return false;
        target[total + !!(code->flags & CODE_VARARGS)] = extra;
    }
    size_t direct = nargs < count ? nargs : count;
    for (size_t i = 0; i < direct; i++)
        target[i] = args[i];
    if (code->flags & CODE_VARARGS) {
        rest = nargs > count ? tuple_from_values(t, args + count, nargs - count) : empty_tuple;
        if (absent(rest))
            return false;
        target[total] = rest;
    }
    bool ok = bind_parameters(t, f, args, nargs, kwnames, target, extra);
    /* So far only `target` refers to them, and the collector does not look at registers of a frame that is still to come. */
    keep_alive(as_object(extra));
    keep_alive(as_object(rest));
    return ok;
}
