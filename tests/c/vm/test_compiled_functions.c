// Krait with one module more, which loads functions that were translated to C: runs tests/aot/check.py.
//
// A compiled function is a handler of the interpreter. load() gives each an operation number of its own behind the last
// one, extends the thread's dispatch table by them, and puts that number where the interpreter may enter the function.

#include "base/hash.h"
#include "cli/options.h"
#include "cli/startup.h"
#include "modules/marshal/marshal.h"
#include "object/errors.h"
#include "../../aot/compiled.h"
#include "types/module.h"
#include "types/str/str.h"
#include "vm/eval.h"

#include <dlfcn.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const void *table[OP_COUNT + 4096];

static Value compiled_load(Thread *t, Value *args) {
    const char *path = str_utf8(t, args[0], NULL);
    CHECK(path);
    void *library = dlopen(path, RTLD_NOW);
    const CompiledFunction *functions = library ? dlsym(library, "compiled_functions") : NULL;
    if (!functions)
        return raise_error(t, &ImportError_type, "%s", dlerror());
    memcpy(table, t->dispatch, OP_COUNT * sizeof *table);
    dispatch_prepare(table, false); /* nobody changes this one when another thread starts */
    for (size_t k = 0; functions[k].handler; k++) {
        CodeObject *code = as_code(tuple_get(args[1], k));
        table[OP_COUNT + k] = (const void *)functions[k].handler;
        for (const uint32_t *entry = functions[k].entries; *entry != UINT32_MAX; entry++)
            publish_operation(&code->instructions[*entry], OP_COUNT + (unsigned)k);
    }
    t->dispatch = table;
    return NONE;
}

static const NativeDef compiled_functions[] = {
    {"load(path, codes, /)", compiled_load, "Load compiled functions and let them serve for the code objects, in order."},
    {0},
};
NATIVE_MODULE(_compiled) = {.name = "_compiled", .functions = compiled_functions};

int main(void) {
    char self[4096], script[4200], krait[4200];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        return 2;
    self[length] = 0;
    char *build = strstr(self, "/tests/c/"); // ROOT/build/VARIANT/tests/c/vm/...
    if (!build)
        return 2;
    *build = 0;
    snprintf(krait, sizeof krait, "%s/krait", self);
    char *root = dirname(dirname(self));
    snprintf(script, sizeof script, "%s/tests/aot/check.py", root);
    char *argv[] = {krait, "-B", script, root,
#if defined(NDEBUG)
                    "-DNDEBUG",
#elif defined(KRAIT_DEBUG)
                    "-DKRAIT_DEBUG",
#elif defined(KRAIT_STRESS)
                    "-DKRAIT_STRESS",
#endif
                    NULL};
    int argc = 0;
    while (argv[argc])
        argc++;
    static Config c;
    int status = options_parse(&c, argc, argv);
    if (status >= 0)
        return status;
    paths_find(&c, krait);
    vm_start();
    marshal_start();
    HashKey key = hash_key_from_seed(1);
    Thread *t = runtime_start(__builtin_frame_address(0), &c, (uint64_t[2]){key.k0, key.k1});
    if (!t)
        return 2;
    status = startup(t) ? run_program(t) : 1;
    return shutdown_process(t, status);
}
