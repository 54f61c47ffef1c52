/* See config.h. */
#include "modules/_interpreters/config.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/str/str.h"

#include <stddef.h>

static const struct {
    const char *name;
    size_t offset;
} flags[] = {
#define FLAG(name) {#name, offsetof(IsolateFeatures, name)}
    FLAG(use_main_obmalloc), FLAG(allow_fork),           FLAG(allow_exec),
    FLAG(allow_threads),     FLAG(allow_daemon_threads), FLAG(check_multi_interp_extensions),
#undef FLAG
};
enum { FLAG_COUNT = sizeof flags / sizeof *flags };
static const char *const gil_names[] = {"default", "shared", "own"};

static bool *flag_in(IsolateFeatures *features, size_t i) { return (bool *)((char *)features + flags[i].offset); }

bool features_named(Thread *t, const char *name, IsolateFeatures *features) {
    if (!strcmp(name, "") || !strcmp(name, "default") || !strcmp(name, "isolated"))
        *features = (IsolateFeatures){.allow_threads = true, .check_multi_interp_extensions = true, .gil = 2};
    else if (!strcmp(name, "legacy"))
        *features = (IsolateFeatures){.use_main_obmalloc = true, .allow_fork = true, .allow_exec = true, .allow_threads = true,
                                      .allow_daemon_threads = true, .gil = 1};
    else if (!strcmp(name, "empty"))
        *features = (IsolateFeatures){0};
    else
        return raise_value_error(t, "unsupported config name '%s'", name), false;
    return true;
}

static bool wrong_type(Thread *t, const char *name) {
    raise_type_error(t, "invalid config type: %s", name);
    return false;
}

/* Takes an entry out of the dict. 1 there, 0 not there, -1 exception. */
static int take(Thread *t, Value dict, const char *name, bool required, Value *v) {
    *v = dict_pop(t, dict, str_intern_text(t, name));
    if (present(*v))
        return 1;
    if (!error_pending(t) && required)
        raise_value_error(t, "missing config key: %s", name);
    return error_pending(t) ? -1 : 0;
}

static bool update_gil(Thread *t, Value dict, bool required, IsolateFeatures *features) {
    Value v;
    int found = take(t, dict, "gil", required, &v);
    if (found <= 0)
        return found == 0;
    if (!is_str(v))
        return wrong_type(t, "gil");
    for (uint8_t i = 0; i < 3; i++)
        if (str_equal_text(v, gil_names[i])) {
            features->gil = i;
            return true;
        }
    raise_value_error(t, "unsupported interpreter config .gil value '%S'", v);
    return false;
}

bool features_update(Thread *t, Value given, bool all_required, IsolateFeatures *features) {
    Value dict = dict_copy(t, given), v;
    if (absent(dict))
        return false;
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        int found = take(t, dict, flags[i].name, all_required, &v);
        if (found < 0)
            return false;
        if (found && !same(v, TRUE) && !same(v, FALSE))
            return wrong_type(t, flags[i].name);
        if (found)
            *flag_in(features, i) = same(v, TRUE);
    }
    if (!update_gil(t, dict, all_required, features))
        return false;
    size_t left = dict_length(dict);
    if (left)
        raise_value_error(t, "config dict has %zu extra item%s (%R)", left, left == 1 ? "" : "s", dict);
    return left == 0;
}

bool features_from_object(Thread *t, Value config, IsolateFeatures *features) {
    if (absent(config) || is_none(config))
        return features_named(t, "isolated", features);
    if (is_str(config)) {
        const char *name = str_utf8(t, config, NULL);
        return name && features_named(t, name, features);
    }
    Value dict = get_attribute(t, config, names.__dict__);
    if (absent(dict)) {
        error_clear(t);
        raise_type_error(t, "bad config %R", config);
        return false;
    }
    if (!is_dict(dict)) {
        raise_type_error(t, "dict expected");
        return false;
    }
    *features = (IsolateFeatures){0};
    return features_update(t, dict, true, features);
}

Value features_object(Thread *t, const IsolateFeatures *features) {
    Value dict = TRY(dict_new(t));
    for (size_t i = 0; i < FLAG_COUNT; i++)
        CHECK(dict_set_text(t, dict, flags[i].name, from_bool(*flag_in((IsolateFeatures *)features, i))));
    CHECK(dict_set_text(t, dict, "gil", TRY(str_from_text(t, gil_names[features->gil]))));
    return namespace_new(t, dict);
}
