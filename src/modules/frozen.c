/* Frozen modules: which there are, and their code; see frozen.h. */
#include "modules/frozen.h"
#include "base/memory.h"
#include "modules/config.h"
#include "modules/marshal/marshal.h"
#include "types/str/str.h"

#include <string.h>

/* The import system itself stays frozen whatever -X frozen_modules says. */
static bool is_essential(const char *name) {
    return strcmp(name, "_frozen_importlib") == 0 || strcmp(name, "_frozen_importlib_external") == 0 || strcmp(name, "zipimport") == 0;
}

static bool in_use(Thread *t) {
    int override = t->isolate->frozen_override;
    return override ? override > 0 : config(t)->use_frozen_modules;
}

FrozenStatus frozen_find(Thread *t, Value name, const FrozenModule **module) {
    *module = NULL;
    for (const FrozenModule *m = frozen_modules; m && m->name; m++) {
        if (!str_equal_text(name, m->name))
            continue;
        *module = m;
        if (!in_use(t) && !is_essential(m->name))
            return FROZEN_DISABLED;
        return m->data ? FROZEN_OKAY : FROZEN_EXCLUDED;
    }
    return FROZEN_NOT_FOUND;
}

/* All of them lie together. */
void frozen_forget(void) {
    uintptr_t start = UINTPTR_MAX, end = 0;
    for (const FrozenModule *m = frozen_modules; m && m->name; m++) {
        uintptr_t data = (uintptr_t)m->data;
        if (m->data && data < start)
            start = data;
        if (m->data && data + m->size > end)
            end = data + m->size;
    }
    if (start < end)
        memory_forget_constants((void *)start, end - start);
}

void frozen_was_read(void) {
    enum { OFTEN = 16 };
    static uint32_t count;
    if (fetch_add(&count, 1u) % OFTEN == OFTEN - 1)
        frozen_forget();
}

Value frozen_code(Thread *t, const FrozenModule *module) {
    Value code = marshal_loads_constant(t, module->data, module->size);
    memory_forget_constants(module->data, module->size); /* imported once, as a rule */
    return code;
}
