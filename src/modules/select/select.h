/* The select module: select() (module.c), poll objects (poll.c), epoll objects (epoll.c). */
#pragma once
#include "modules/os_support.h"

extern Type poll_type, epoll_type;
extern const NativeDef select_poll_functions[];

/* A timeout argument in seconds (None: no limit). Gives the deadline of the monotonic clock in nanoseconds, -1 for
 * none. */
bool select_deadline(Thread *t, Value timeout, double unit, int64_t *deadline, const char *wrong_type);
/* What is left until then, rounded up to milliseconds: for poll and epoll_wait. */
int select_milliseconds_left(int64_t deadline);
int64_t select_now(void);
