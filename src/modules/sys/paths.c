/* sys: arguments, paths and prefixes, from the configuration.
 *
 * Threads: made at start-up; sys.path and its like are ordinary lists afterwards.
 */
#include "modules/sys/sys.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/str/str.h"

static Value decode(Thread *t, const char *text) {
    return text ? str_decode_filesystem(t, text, strlen(text)) : NONE;
}

static Value list_of(Thread *t, const StringList *strings) {
    Value list = TRY(list_new(t, strings->count));
    for (size_t i = 0; i < strings->count; i++)
        CHECK(list_append(t, list, TRY(decode(t, strings->items[i]))));
    return list;
}

static bool append_path(Thread *t, Value list, const char *start, size_t length) {
    Value path = str_decode_filesystem(t, start, length);
    return present(path) && list_append(t, list, path);
}

/* PYTHONPATH, Krait's own modules, the library's zip (as CPython lists it), the library, its extension modules' folder. */
static Value module_search_path(Thread *t) {
    const Config *c = config(t);
    Value path = TRY(list_new(t, 6));
    for (const char *p = c->python_path; p && *p;) {
        size_t length = strcspn(p, ":");
        CHECK(append_path(t, path, p, length));
        p += length + (p[length] == ':');
        if (length && p[-1] == ':' && !*p)
            CHECK(append_path(t, path, "", 0));
    }
    if (c->krait_library)
        CHECK(append_path(t, path, c->krait_library, strlen(c->krait_library)));
    if (c->base_prefix)
        CHECK(list_append(t, path, TRY(format_text(t, "%s/lib/python314.zip", c->base_prefix))));
    if (c->library) {
        CHECK(append_path(t, path, c->library, strlen(c->library)));
        CHECK(list_append(t, path, TRY(format_text(t, "%s/lib-dynload", c->library))));
    }
    return path;
}

static Value x_options(Thread *t) {
    const Config *c = config(t);
    Value dict = TRY(dict_new(t));
    for (size_t i = 0; i < c->x_options.count; i++) {
        const char *option = c->x_options.items[i], *equals = strchr(option, '=');
        Value key = TRY(str_decode_filesystem(t, option, equals ? (size_t)(equals - option) : strlen(option)));
        CHECK(dict_set(t, dict, key, equals ? TRY(decode(t, equals + 1)) : TRUE));
    }
    return dict;
}

bool sys_add_paths(Thread *t, Value module) {
    const Config *c = config(t);
    return module_add(t, module, "argv", list_of(t, &c->argv)) && module_add(t, module, "orig_argv", list_of(t, &c->original_argv)) &&
           module_add(t, module, "warnoptions", list_of(t, &c->warnings)) && module_add(t, module, "_xoptions", x_options(t)) &&
           module_add(t, module, "executable", c->executable ? decode(t, c->executable) : empty_str) &&
           module_add(t, module, "_base_executable", c->base_executable ? decode(t, c->base_executable) : empty_str) &&
           module_add(t, module, "prefix", decode(t, c->prefix)) && module_add(t, module, "exec_prefix", decode(t, c->prefix)) &&
           module_add(t, module, "base_prefix", decode(t, c->base_prefix)) &&
           module_add(t, module, "base_exec_prefix", decode(t, c->base_prefix)) &&
           module_add(t, module, "_stdlib_dir", decode(t, c->library)) && module_add(t, module, "_home", NONE) &&
           module_add(t, module, "pycache_prefix", decode(t, c->pycache_prefix)) &&
           module_add(t, module, "dont_write_bytecode", from_bool(c->dont_write_bytecode)) &&
           module_add(t, module, "path", module_search_path(t)) && module_add(t, module, "meta_path", list_new(t, 4)) &&
           module_add(t, module, "path_hooks", list_new(t, 4)) && module_add(t, module, "path_importer_cache", dict_new(t));
}
