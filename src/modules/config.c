/* Looking things up in the configuration; see config.h. */
#include "modules/config.h"

int optimization_level(Thread *t) { return config(t)->optimize; }

const char *config_x_option(const Config *c, const char *name) {
    size_t length = strlen(name);
    for (size_t i = c->x_options.count; i-- > 0;) {
        const char *option = c->x_options.items[i];
        if (strncmp(option, name, length) == 0 && (option[length] == 0 || option[length] == '='))
            return option[length] ? option + length + 1 : "";
    }
    return NULL;
}
