/* _datetime: the module. The C API capsule is not there: nothing in C but this module uses it. */
#include "modules/_datetime/datetime.h"

static bool init(Thread *t, Value module) {
    Type *const types[] = {&timedelta_type, &date_type, &time_type, &tzinfo_type, &datetime_type, &timezone_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!module_add_type(t, module, types[i]))
            return false;
    return module_add_int(t, module, "MINYEAR", MIN_YEAR) && module_add_int(t, module, "MAXYEAR", MAX_YEAR) &&
           module_add(t, module, "UTC", from_object(&timezone_utc));
}

NATIVE_MODULE(_datetime) = {
    .name = "_datetime",
    .doc = "Fast implementation of the datetime module.",
    .init = init,
};
