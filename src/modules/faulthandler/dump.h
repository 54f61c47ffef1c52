/* Writing stacks to a descriptor from anywhere, a signal handler included. */
#pragma once
#include "object/thread.h"

void dump_text(int fd, const char *text);
/* The Python stack of a thread, innermost frame first; `current`: it is the one that the reader asks about. */
void dump_stack(int fd, Thread *t, bool current);
/* All threads of t's heap, newest first, with a heading each. t is the current one unless `nobody`. */
void dump_all_stacks(int fd, Thread *t, bool nobody);
/* Of the C code of the calling thread. */
void dump_c_stack(int fd);
