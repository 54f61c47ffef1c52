/* Address space from the operating system: reserved first, backed by memory when touched. */
#pragma once
#include <stddef.h>

void *memory_reserve(size_t size, size_t alignment); /* NULL when there is no address space */
bool memory_commit(void *start, size_t size);        /* zeroed, readable and writable; false: no memory */
void memory_decommit(void *start, size_t size);      /* gives the pages back; the range stays reserved */
void memory_release(void *start, size_t size);
