/* The calls of calls.def on POSIX: a check, then the system's function.
 *
 * Threads: what the system's functions promise; all are safe to call from any thread, but that setenv and
 * unsetenv must not run beside readers of the environment outside of this file.
 */
#include "os/os.h"

#include <dlfcn.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>
#include <syslog.h>
#include <utmp.h>

/* The functions of <syslog.h> by names and with results as calls.def wants them. */
static int log_open(const char *ident, int option, int facility) { return openlog(ident, option, facility), 0; }
static int log_write(int priority, const char *text) { return syslog(priority, "%s", text), 0; }
static int log_close(void) { return closelog(), 0; }
static int log_mask(int mask) { return setlogmask(mask); }

/* -1 for numbers, NULL for pointers. */
#define OS_FAILURE(result) _Generic((result){0}, default: -1, char *: NULL, DIR *: NULL, struct dirent *: NULL, \
                                    struct if_nameindex *: NULL, void *: NULL, sem_t *: SEM_FAILED)
#define OS_PARAMETERS(...) const Capabilities *c __VA_OPT__(, ) __VA_ARGS__
#define OS_CALL(result, name, capability, parameters, arguments)     \
    result os_##name(OS_PARAMETERS parameters) {                     \
        if (!capability_check(c, CAPABILITY_##capability))           \
            return OS_FAILURE(result);                               \
        return name arguments;                                       \
    }
#include "os/calls.def"
#undef OS_CALL
#undef OS_PARAMETERS

int os_openat(const Capabilities *c, int dir, const char *path, int flags, mode_t mode) {
    bool writes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
    if (!capability_check(c, writes ? CAPABILITY_FILES_READ | CAPABILITY_FILES_WRITE : CAPABILITY_FILES_READ))
        return -1;
    return openat(dir, path, flags, mode);
}

static void forget_handlers(void) {
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction action;
        if (signal == SIGKILL || signal == SIGSTOP || sigaction(signal, NULL, &action) < 0 ||
            action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)
            continue;
        action.sa_handler = SIG_DFL;
        sigaction(signal, &action, NULL);
    }
}

pid_t os_vfork(const Capabilities *c, void (*child)(void *context), void *context) {
    if (!capability_check(c, CAPABILITY_PROCESS))
        return -1;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0) {
        forget_handlers();
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        child(context);
        _exit(255);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return pid;
}

extern char **environ;

char **os_environment(const Capabilities *c) {
    return capability_check(c, CAPABILITY_ENVIRONMENT) ? environ : NULL;
}
