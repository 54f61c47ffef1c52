/* A name of the system's configuration (sysconf, confstr, pathconf) and its number. */
#pragma once
#include <stddef.h>
#include <unistd.h>

typedef struct ConfigurationName {
    const char *name; /* NULL ends a table */
    int value;
} ConfigurationName;
