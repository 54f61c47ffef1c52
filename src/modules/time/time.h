/* The time module: clocks (clocks.c) and calendar (calendar.c). */
#pragma once
#include "modules/os_support.h"

extern const NativeDef time_calendar_functions[];
bool time_add_zone(Thread *t, Value module); /* timezone, altzone, daylight, tzname */
bool time_add_struct(Thread *t, Value module);

/* Seconds as an int or a float, as whole seconds and nanoseconds (rounded up if `up`, else down). */
bool time_seconds(Thread *t, Value v, bool up, struct timespec *out);
