/* PYTHON* variables and -X options into the configuration. Runs before any thread starts. */
#include "cli/environment.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory) {
    if (!memory) {
        fputs("krait: no memory to start\n", stderr);
        exit(1);
    }
    return memory;
}

void string_list_add(StringList *list, const char *text) {
    list->items = must(realloc(list->items, (list->count + 1) * sizeof *list->items));
    list->items[list->count++] = must(strdup(text));
}

const char *environment_variable(const Config *c, const char *name) {
    const char *value = c->ignore_environment ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

static int number_of(const char *text, int otherwise) {
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    return *end || errno || n < 0 || n > INT32_MAX ? otherwise : (int)n;
}

static void take_flag(Config *c, const char *name, int *flag) {
    const char *value = environment_variable(c, name);
    int n = value ? number_of(value, 1) : 0;
    if (n > *flag)
        *flag = n;
}

static void take_bool(Config *c, const char *name, bool *flag) { *flag = *flag || environment_variable(c, name); }

static int fatal(const char *message) {
    fprintf(stderr, "Fatal Python error: %s\nPython runtime state: preinitialized\n\n", message);
    return 1;
}

static int read_hash_seed(Config *c) {
    const char *text = environment_variable(c, "PYTHONHASHSEED");
    if (c->random_hashes || !text || strcmp(text, "random") == 0)
        return -1;
    char *end;
    errno = 0;
    unsigned long seed = strtoul(text, &end, 10);
    if (*end || errno || seed > UINT32_MAX || *text == '-' || *text == '+')
        return fatal("config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]");
    c->use_hash_seed = true;
    c->hash_seed = (uint32_t)seed;
    return -1;
}

static int read_digits(Config *c) {
    const char *option = config_x_option(c, "int_max_str_digits");
    const char *text = option ? option : environment_variable(c, "PYTHONINTMAXSTRDIGITS");
    c->int_max_str_digits = 4300;
    if (!text)
        return -1;
    int n = *text ? number_of(text, -1) : -1;
    if (n < 0 || (n > 0 && n < 640))
        return fatal(option ? "config_init_int_max_str_digits: -X int_max_str_digits: invalid limit; must be >= 640 or 0 for "
                              "unlimited."
                            : "config_init_int_max_str_digits: PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for "
                              "unlimited.");
    c->int_max_str_digits = n;
    return -1;
}

static int read_cpu_count(Config *c) {
    const char *option = config_x_option(c, "cpu_count");
    const char *text = option ? option : environment_variable(c, "PYTHON_CPU_COUNT");
    if (!text || strcmp(text, "default") == 0)
        return -1;
    c->cpu_count = number_of(text, 0);
    if (c->cpu_count > 0)
        return -1;
    return fatal(option ? "config_init_cpu_count: -X cpu_count=n option: n is missing or an invalid number, n must be greater "
                          "than 0"
                        : "config_init_cpu_count: PYTHON_CPU_COUNT=n: n is missing or an invalid number, n must be greater than 0");
}

static int read_tracemalloc(Config *c) {
    const char *option = config_x_option(c, "tracemalloc"), *variable = environment_variable(c, "PYTHONTRACEMALLOC");
    c->tracemalloc = option ? number_of(*option ? option : "1", -1) : variable && *variable ? number_of(variable, -1) : 0;
    if (c->tracemalloc >= 0)
        return -1;
    return fatal(option ? "config_init_tracemalloc: -X tracemalloc=NFRAME: invalid number of frames"
                        : "config_init_tracemalloc: PYTHONTRACEMALLOC: invalid number of frames");
}

/* There is no lock to switch on: who asks for it relies on it, and must not be left in the belief of having it. */
static int read_gil(Config *c) {
    const char *option = config_x_option(c, "gil");
    const char *text = option ? option : environment_variable(c, "PYTHON_GIL");
    if (!text)
        return -1;
    c->gil_is_off = strcmp(text, "0") == 0;
    if (c->gil_is_off)
        return -1;
    return fatal(strcmp(text, "1") == 0 ? "config_read_gil: Enabling the GIL is not supported by this build"
                                        : "config_read_gil: PYTHON_GIL / -X gil must be \"0\" or \"1\"");
}

/* Whether threads specialise code each for itself is CPython's own affair: the option is only looked at. */
static int check_thread_local_bytecode(const Config *c) {
    const char *option = config_x_option(c, "tlbc");
    const char *text = option ? option : environment_variable(c, "PYTHON_TLBC");
    if (!text || strcmp(text, "0") == 0 || strcmp(text, "1") == 0)
        return -1;
    return fatal(option ? "config_init_tlbc: -X tlbc=n: n is missing or invalid"
                        : "config_init_tlbc: PYTHON_TLBC=N: N is missing or invalid");
}

static int read_import_time(Config *c) {
    const char *option = config_x_option(c, "importtime");
    const char *text = option ? option : environment_variable(c, "PYTHONPROFILEIMPORTTIME");
    if (!text)
        return -1;
    c->import_time = number_of(*text ? text : "1", option && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9')) ? 0 : 1);
    if (c->import_time == 1 || c->import_time == 2)
        return -1;
    return fatal("config_init_import_time: -X importtime: values other than 1 and 2 are reserved for future use.");
}

static int switch_of(const Config *c, const char *option, const char *variable, int otherwise) {
    const char *text = config_x_option(c, option);
    if (!text)
        text = environment_variable(c, variable);
    return !text ? otherwise : *text ? number_of(text, 1) : 1;
}

static int read_frozen(Config *c) {
    const char *option = config_x_option(c, "frozen_modules");
    const char *text = option ? option : environment_variable(c, "PYTHON_FROZEN_MODULES");
    c->use_frozen_modules = !text || strcmp(text, "off") != 0;
    if (!text || !*text || !c->use_frozen_modules || strcmp(text, "on") == 0)
        return -1;
    return fatal(option ? "bad value for option -X frozen_modules (expected \"on\" or \"off\")"
                        : "bad value for PYTHON_FROZEN_MODULES (expected \"on\" or \"off\")");
}

static void split_warnings(StringList *list, const char *text) {
    char *copy = must(strdup(text)), *rest = copy, *item;
    while ((item = strsep(&rest, ",")))
        if (*item)
            string_list_add(list, item);
    free(copy);
}

/* Order of increasing weight: development mode, environment, -W, -b. */
static void gather_warnings(Config *c, const StringList *given) {
    if (c->dev_mode)
        string_list_add(&c->warnings, "default");
    const char *variable = environment_variable(c, "PYTHONWARNINGS");
    if (variable)
        split_warnings(&c->warnings, variable);
    for (size_t i = 0; i < given->count; i++)
        string_list_add(&c->warnings, given->items[i]);
    if (c->bytes_warning)
        string_list_add(&c->warnings, c->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
}

static void read_stdio_encoding(Config *c) {
    const char *text = environment_variable(c, "PYTHONIOENCODING");
    if (!text)
        return;
    c->stdio_encoding = must(strdup(text));
    char *colon = strchr(c->stdio_encoding, ':');
    if (colon) {
        *colon = 0;
        c->stdio_errors = colon[1] ? colon + 1 : NULL;
    }
    if (!*c->stdio_encoding)
        c->stdio_encoding = NULL;
    else if (!c->stdio_errors)
        c->stdio_errors = "strict";
}

/* ---- the locale ---- */

/* UTF-8 mode is on where the locale says nothing (PEP 540). */
static int read_utf8_mode(Config *c, bool plain_locale) {
    const char *option = config_x_option(c, "utf8");
    const char *text = option ? option : environment_variable(c, "PYTHONUTF8");
    c->utf8_mode = text ? strcmp(text, "0") != 0 : plain_locale;
    if (!text || strcmp(text, "0") == 0 || strcmp(text, "1") == 0 || (option && !*option))
        return -1;
    fprintf(stderr, "Fatal Python error: preconfig_init_utf8_mode: invalid %s value\nPython runtime state: preinitializing\n\n",
            option ? "-X utf8 option" : "PYTHONUTF8 environment variable");
    return 1;
}

/* Where LC_CTYPE is C, a UTF-8 locale takes its place, for child processes too (PEP 538). */
static void coerce_locale(const Config *c) {
    static const char *const targets[] = {"C.UTF-8", "C.utf8", "UTF-8"};
    const char *setting = environment_variable(c, "PYTHONCOERCECLOCALE"), *all = getenv("LC_ALL");
    bool warns = setting && strcmp(setting, "warn") == 0, allowed = (!setting || strcmp(setting, "0") != 0) && !(all && *all);
    for (size_t i = 0; allowed && i < sizeof targets / sizeof *targets; i++) {
        if (!setlocale(LC_CTYPE, targets[i]))
            continue;
        setenv("LC_CTYPE", targets[i], 1);
        if (warns)
            fprintf(stderr, "Python detected LC_CTYPE=C: LC_CTYPE coerced to %s (set another locale or PYTHONCOERCECLOCALE=0 to "
                            "disable this locale coercion behavior).\n", targets[i]);
        return;
    }
    if (warns)
        fputs("Python runtime initialized with LC_CTYPE=C (a locale with default ASCII encoding), which may cause Unicode "
              "compatibility problems. Using C.UTF-8, C.utf8, or UTF-8 (if available) as alternative Unicode-compatible locales "
              "is recommended.\n", stderr);
}

static int read_locale(Config *c) {
    const char *name = setlocale(LC_CTYPE, "");
    if (!name)
        name = setlocale(LC_CTYPE, NULL);
    bool plain = strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
    int status = read_utf8_mode(c, plain);
    if (status < 0 && plain)
        coerce_locale(c);
    return status;
}

static char *optional_copy(const char *text) { return text && *text ? must(strdup(text)) : NULL; }

int environment_read(Config *c, const StringList *warnings) {
    if (environment_variable(c, "PYTHONDEBUG"))
        c->debug = 1;
    take_flag(c, "PYTHONVERBOSE", &c->verbose);
    take_flag(c, "PYTHONOPTIMIZE", &c->optimize);
    take_flag(c, "PYTHONINSPECT", &c->inspect);
    take_bool(c, "PYTHONDONTWRITEBYTECODE", &c->dont_write_bytecode);
    take_bool(c, "PYTHONNOUSERSITE", &c->no_user_site);
    take_bool(c, "PYTHONUNBUFFERED", &c->unbuffered);
    take_bool(c, "PYTHONSAFEPATH", &c->safe_path);
    take_bool(c, "PYTHONFAULTHANDLER", &c->faulthandler);
    take_bool(c, "PYTHONWARNDEFAULTENCODING", &c->warn_default_encoding);
    c->dev_mode = config_x_option(c, "dev") || environment_variable(c, "PYTHONDEVMODE");
    c->faulthandler |= c->dev_mode || config_x_option(c, "faulthandler");
    c->warn_default_encoding |= config_x_option(c, "warn_default_encoding") != NULL;
    c->no_debug_ranges = config_x_option(c, "no_debug_ranges") || environment_variable(c, "PYTHONNODEBUGRANGES");
    c->thread_inherit_context = switch_of(c, "thread_inherit_context", "PYTHON_THREAD_INHERIT_CONTEXT", 1);
    c->context_aware_warnings = switch_of(c, "context_aware_warnings", "PYTHON_CONTEXT_AWARE_WARNINGS", 1);
    const char *prefix = config_x_option(c, "pycache_prefix");
    c->pycache_prefix = optional_copy(prefix ? prefix : environment_variable(c, "PYTHONPYCACHEPREFIX"));
    c->python_path = optional_copy(environment_variable(c, "PYTHONPATH"));
    read_stdio_encoding(c);
    gather_warnings(c, warnings);
    int status = read_locale(c);
    if (status < 0)
        status = read_hash_seed(c);
    if (status < 0)
        status = read_frozen(c);
    if (status < 0)
        status = read_gil(c);
    if (status < 0)
        status = check_thread_local_bytecode(c);
    if (status < 0)
        status = read_cpu_count(c);
    if (status < 0)
        status = read_import_time(c);
    if (status < 0)
        status = read_tracemalloc(c);
    return status >= 0 ? status : read_digits(c);
}
