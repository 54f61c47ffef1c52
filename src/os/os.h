/* The operating system, each call through the caller's capabilities: see calls.def for the list. */
#pragma once
#include "os/capability.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define OS_PARAMETERS(...) const Capabilities *c __VA_OPT__(, ) __VA_ARGS__
#define OS_CALL(result, name, capability, parameters, arguments) result os_##name(OS_PARAMETERS parameters);
#include "os/calls.def"
#undef OS_CALL
#undef OS_PARAMETERS

/* To write, create or truncate needs more than to read. */
int os_openat(const Capabilities *c, int dir, const char *path, int flags, mode_t mode);

/* vfork(): a new process calls child, which borrows the caller's memory and stack, makes only system calls, and ends in
 * execve() or _exit(); the calling thread waits until then. No handler of a signal runs there: what is sent to the process
 * before it executes does what is the default. -1 with errno. */
pid_t os_vfork(const Capabilities *c, void (*child)(void *context), void *context);

/* The whole environment: "NAME=value" strings, NULL at the end. NULL: not allowed. */
char **os_environment(const Capabilities *c);

/* Loads the C library's mathematical functions, which otherwise happens when one is called: for who looks for names in
 * all of the process. */
void os_load_math_library(void);
