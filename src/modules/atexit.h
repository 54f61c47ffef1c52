/* The functions registered with atexit. */
#pragma once
#include "object/object.h"

void atexit_run(Thread *t); /* calls them, last registered first; exceptions go to sys.unraisablehook */
