/* Stable sorting of words by their bytes. Threads: the caller owns the array. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct KeyedIndex {
    uint64_t key, index;
} KeyedIndex;

enum { LEAST_FOR_RADIX = 40 }; /* items: below, comparing them is faster in any case */

typedef enum RadixResult {
    RADIX_SORTED,
    RADIX_NEARLY_SORTED, /* nothing was done: what makes use of that is faster, or there is no memory */
    RADIX_TOO_LONG,      /* nothing was done: for so few items too many bytes differ */
} RadixResult;

/* Sorts signed words. */
RadixResult radix_sort_words(int64_t *words, size_t count);
/* Sorts by the keys, as unsigned words. */
RadixResult radix_sort_keyed(KeyedIndex *items, size_t count);
