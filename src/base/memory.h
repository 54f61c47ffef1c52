/* Address space from the operating system: reserved at once, backed by zeroed memory when touched. */
#pragma once
#include <stddef.h>

void *memory_reserve(size_t size, size_t alignment); /* readable, writable; NULL when there is no address space */
void memory_discard(void *start, size_t size);       /* gives the pages back: they read as zero again */
void memory_forget_constants(const void *start, size_t size); /* constants of the program, read for the last time for now */
void memory_populate(void *start, size_t size);      /* has the pages ready before they are written to, if the system can */
void memory_release(void *start, size_t size);
size_t memory_physical_size(void);                   /* bytes of memory in the machine */
