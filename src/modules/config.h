/* What the command line and the environment ask of isolates: all of them share it. Filled in before the main one starts,
 * constant from the moment that it runs the program. */
#pragma once
#include "object/thread.h"

typedef struct StringList {
    char **items;
    size_t count;
} StringList;

typedef enum RunMode { RUN_INTERACTIVE, RUN_COMMAND, RUN_MODULE, RUN_FILE } RunMode;

typedef struct Config {
    RunMode mode;
    const char *target; /* command text, module name or file name; "-": standard input */
    StringList argv;    /* sys.argv */
    StringList original_argv;
    StringList warnings;  /* -W and PYTHONWARNINGS, in order of increasing weight */
    StringList x_options; /* -X */
    bool use_frozen_modules; /* but for those that the import system is made of */
    int bytes_warning, debug, inspect, interactive, optimize, quiet, verbose;
    bool dont_write_bytecode, no_user_site, no_site, ignore_environment, isolated, safe_path, unbuffered, utf8_mode;
    bool dev_mode, warn_default_encoding, no_site_import, faulthandler, no_debug_ranges, skip_first_line, use_hash_seed, random_hashes;
    uint32_t hash_seed;
    int int_max_str_digits;
    int import_time; /* 1: what imports take; 2: those of modules that are there already too */
    int cpu_count;   /* what os.cpu_count() says; 0: how many there are */
    int tracemalloc;
    bool gil_is_off; /* said so; there is none in any case */
    int thread_inherit_context, context_aware_warnings;
    char *pycache_prefix, *executable, *base_executable, *prefix, *base_prefix, *library, *python_path, *stdio_encoding,
        *stdio_errors, *venv;
    char *krait_library; /* Krait's own Python modules */
    char *first_path;    /* sys.path[0] as running the program sets it, or NULL */
    char *check_hash_pycs;
} Config;

static inline Config *config(Thread *t) { return t->isolate->config; }
int optimization_level(Thread *t);
const char *config_x_option(const Config *c, const char *name); /* its value, "" without one, NULL: not given */
