/* The PYTHON* variables, and -X options, which mean the same things. */
#pragma once
#include "cli/options.h"

/* After the command line was parsed: `warnings` are the -W options. -1 to go on, else the exit status. */
int environment_read(Config *c, const StringList *warnings);
