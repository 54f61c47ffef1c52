/* Threads: pure, but for errno. */
#include "os/capability.h"

#include <errno.h>

bool capability_check(const Capabilities *c, Capability needed) {
    if ((c->allowed & needed) == needed)
        return true;
    errno = EPERM;
    return false;
}
