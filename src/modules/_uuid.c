/* _uuid: UUIDs of version 1 from libuuid, which asks a system service for times that no other process gets.
 *
 * Threads: no state.
 */
#include "modules/os_support.h"
#include "types/bytes.h"
#include "types/module.h"
#include "types/tuple.h"

#include <uuid/uuid.h>

static Value generate_time_safe(Thread *t, Value *args) {
    uuid_t id;
    if (!capability_check(capabilities(t), CAPABILITY_CLOCK | CAPABILITY_ENTROPY))
        return os_error(t);
    blocking_begin(t);
    int status = uuid_generate_time_safe(id); /* 0: unique for sure */
    blocking_end(t);
    Value bytes = TRY(bytes_new(t, (const char *)id, sizeof id));
    return tuple_pack(t, 2, bytes, small_int(status));
}

static const NativeDef functions[] = {{"generate_time_safe()", generate_time_safe}, {NULL}};

static bool init(Thread *t, Value module) {
    return module_add_int(t, module, "has_uuid_generate_time_safe", 1) && module_add_int(t, module, "has_stable_extractable_node", 0);
}

NATIVE_MODULE(_uuid) = {.name = "_uuid", .functions = functions, .init = init};
