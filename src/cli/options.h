/* The command line and the PYTHON* variables. */
#pragma once
#include "modules/config.h"

/* Fills in the configuration. Returns -1 to go on, else the exit status (help and version were printed). */
int options_parse(Config *c, int argc, char **argv);
/* Finds the executable, the library and the prefixes. */
void paths_find(Config *c, const char *argv0);
void string_list_add(StringList *list, const char *text);
/* The value of a PYTHON* variable: NULL when unset, empty or ignored (-E). */
const char *environment_variable(const Config *c, const char *name);
