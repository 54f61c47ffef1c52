/* What code may ask of the operating system.
 *
 * Every function of os/ takes the caller's capability set and refuses with EPERM what is not in it, before anything
 * happens. The set belongs to an isolate and does not change while its code runs.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef enum Capability {
    CAPABILITY_FILES_READ = 1 << 0,   /* look at and read files and directories by name */
    CAPABILITY_FILES_WRITE = 1 << 1,  /* make, change and remove them */
    CAPABILITY_DESCRIPTORS = 1 << 2,  /* use descriptors that are open already: read, write, seek, dup, poll */
    CAPABILITY_PROCESS_INFO = 1 << 3, /* who am I: ids, working directory, host name, limits, load */
    CAPABILITY_PROCESS = 1 << 4,      /* start, signal and wait for processes; change what this one is */
    CAPABILITY_CLOCK = 1 << 5,        /* read clocks and sleep */
    CAPABILITY_ENTROPY = 1 << 6,
    CAPABILITY_ENVIRONMENT = 1 << 7,
    CAPABILITY_TERMINAL = 1 << 8,
    CAPABILITY_NETWORK = 1 << 9,
    CAPABILITY_USERS = 1 << 10,       /* the user and group databases */
    CAPABILITY_SIGNALS = 1 << 11,     /* install handlers, set timers and masks */
    CAPABILITY_SYSTEM = 1 << 12,      /* what concerns the machine: namespaces, devices, clocks set, chroot */
    CAPABILITY_NATIVE_CODE = 1 << 13, /* load libraries, call what is in them, and so reach any memory */
    CAPABILITY_ALL = (1 << 14) - 1,
} Capability;

typedef struct Capabilities {
    uint32_t allowed; /* Capability bits */
} Capabilities;

/* false, with errno EPERM: not allowed. */
bool capability_check(const Capabilities *c, Capability needed);
