/* Forking a process that has threads and a garbage-collected heap. */
#pragma once
#include "object/object.h"

#include <sys/types.h>

/* fork() with the world stopped; in the child the calling thread is the only one and the main thread. -1 with
 * errno. */
pid_t process_fork(Thread *t);
pid_t process_forkpty(Thread *t, int *master);
/* os_vfork with the world stopped, so that nobody changes the environment or anything else that child reads. */
pid_t process_vfork(Thread *t, void (*child)(void *context), void *context);

typedef enum ForkMoment { FORK_BEFORE, FORK_AFTER_IN_PARENT, FORK_AFTER_IN_CHILD } ForkMoment;
bool fork_add_hook(Thread *t, ForkMoment moment, Value callable);
/* Calls the functions of os.register_at_fork; their errors are unraisable. FORK_BEFORE: latest first. */
bool fork_run_hooks(Thread *t, ForkMoment moment);
