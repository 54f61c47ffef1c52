/* Address space on POSIX; see memory.h. */
#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void *memory_reserve(size_t size, size_t alignment) {
    size = (size + 4095) & ~(size_t)4095; /* what is cut off below begins with a page, or it would stay */
    char *p = mmap(NULL, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    char *start = (char *)(((uintptr_t)p + alignment - 1) & ~(uintptr_t)(alignment - 1));
    if (start > p)
        munmap(p, (size_t)(start - p));
    char *end = p + size + alignment;
    if (end > start + size)
        munmap(start + size, (size_t)(end - (start + size)));
    return start;
}

void memory_discard(void *start, size_t size) { madvise(start, size, MADV_DONTNEED); }

void memory_forget_constants(const void *start, size_t size) {
    uintptr_t from = ((uintptr_t)start + 4095) & ~(uintptr_t)4095, to = ((uintptr_t)start + size) & ~(uintptr_t)4095;
    if (from < to)
        madvise((void *)from, to - from, MADV_DONTNEED); /* the file still has them */
}

void memory_populate(void *start, size_t size) {
    uintptr_t from = (uintptr_t)start & ~(uintptr_t)4095, to = ((uintptr_t)start + size + 4095) & ~(uintptr_t)4095;
    int error = errno;
    madvise((void *)from, to - from, MADV_POPULATE_WRITE); /* only a matter of speed */
    errno = error;
}

void memory_release(void *start, size_t size) { munmap(start, size); }

size_t memory_physical_size(void) { return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE); }
