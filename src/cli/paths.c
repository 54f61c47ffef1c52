/* Where things are: the executable, its library, prefixes, a virtual environment. Runs before any thread starts.
 *
 * The library is lib/python3.14 in the executable's folder or above it; PYTHONHOME overrides. A pyvenv.cfg beside the
 * executable or in the folder above says that this is a virtual environment.
 */
#include "cli/options.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *copy(const char *text) {
    char *c = strdup(text);
    if (!c) {
        fputs("krait: no memory to start\n", stderr);
        exit(1);
    }
    return c;
}

static char *joined(const char *folder, const char *name) {
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return copy(path);
}

static bool exists(const char *folder, const char *name) {
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, R_OK) == 0;
}

static void strip_last(char *path) {
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
}

/* The first folder at or above `start` that has lib/python3.14. */
static bool find_prefix(const char *start, char *prefix) {
    snprintf(prefix, PATH_MAX, "%s", start);
    for (;;) {
        if (exists(prefix, "lib/python3.14/os.py"))
            return true;
        if (!*prefix)
            return false;
        strip_last(prefix);
    }
}

/* argv[0] as an absolute path: itself if it has a slash, else found along PATH. */
static bool find_program(const char *argv0, char *out) {
    if (argv0[0] == '/')
        return (size_t)snprintf(out, PATH_MAX, "%s", argv0) < PATH_MAX;
    if (strchr(argv0, '/')) {
        char folder[PATH_MAX];
        const char *rest = strncmp(argv0, "./", 2) == 0 ? argv0 + 2 : argv0;
        return getcwd(folder, sizeof folder) && (size_t)snprintf(out, PATH_MAX, "%s/%s", folder, rest) < PATH_MAX;
    }
    for (const char *p = getenv("PATH"); p && *p;) {
        size_t length = strcspn(p, ":");
        if ((size_t)snprintf(out, PATH_MAX, "%.*s/%s", (int)length, p, argv0) < PATH_MAX && access(out, X_OK) == 0)
            return true;
        p += length + (p[length] == ':');
    }
    ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
    out[length > 0 ? length : 0] = 0;
    return length > 0;
}

/* `home = ...` of a pyvenv.cfg in `folder`. */
static bool read_venv(const char *folder, char *home) {
    char line[PATH_MAX + 64];
    char *path = joined(folder, "pyvenv.cfg");
    FILE *file = fopen(path, "r");
    free(path);
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        char *equals = strchr(line, '=');
        if (!equals || strncmp(line, "home", 4) || strspn(line + 4, " \t") != (size_t)(equals - line - 4))
            continue;
        char *value = equals + 1 + strspn(equals + 1, " \t");
        value[strcspn(value, "\r\n")] = 0;
        snprintf(home, PATH_MAX, "%s", value);
        found = true;
    }
    if (file)
        fclose(file);
    return found;
}

/* Looks beside the program and one folder up; `folder` becomes the environment's. */
static bool find_venv(const char *program, char *folder, char *home) {
    snprintf(folder, PATH_MAX, "%s", program);
    strip_last(folder);
    if (read_venv(folder, home))
        return true;
    strip_last(folder);
    return read_venv(folder, home);
}

static bool real_folder(const char *program, char *out) {
    if (!realpath(program, out))
        return false;
    strip_last(out);
    return true;
}

void paths_find(Config *c, const char *argv0) {
    char program[PATH_MAX] = "", real[PATH_MAX] = "", prefix[PATH_MAX] = "", home[PATH_MAX], folder[PATH_MAX] = "";
    if (argv0 && *argv0 && find_program(argv0, program))
        c->executable = c->base_executable = copy(program);
    const char *given = environment_variable(c, "PYTHONHOME");
    bool venv = !given && *program && find_venv(program, folder, home);
    if (venv) {
        const char *name = strrchr(program, '/') + 1;
        c->venv = copy(folder);
        if (exists(home, name))
            c->base_executable = joined(home, name);
        else if (realpath(program, real))
            c->base_executable = copy(real);
    }
    bool found = given != NULL;
    if (given)
        snprintf(prefix, sizeof prefix, "%.*s", (int)strcspn(given, ":"), given);
    else if (real_folder("/proc/self/exe", real))
        found = find_prefix(real, prefix);
    c->base_prefix = copy(found ? prefix : "/usr/local");
    c->prefix = copy(venv ? folder : c->base_prefix);
    c->library = joined(c->base_prefix, "lib/python3.14");
    if (exists(c->base_prefix, "lib/krait"))
        c->krait_library = joined(c->base_prefix, "lib/krait");
}
