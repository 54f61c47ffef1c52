/* Sorting from the last byte that differs to the first: each pass counts how often each value of the byte occurs and then puts the
 * items where they belong. It takes a pass for each such byte whatever the order was, where merging takes a comparison that the
 * processor cannot foresee for each item and level, but next to nothing for what is nearly sorted.
 *
 * Threads: the caller owns the array.
 */
#include "types/radix_sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = 8, VALUES = 256 };

/* Measured: a pass takes 60 ns and 0.8 ns for each item of one word, merging 2 ns for each item and level. */
enum { PASS_OVERHEAD = 75, MERGE_COST = 5, NEARLY_SORTED = 16 };

/* An item is `stride` words, the first of them the key; what is compared is key ^ flip. */
[[gnu::always_inline]] static inline uint64_t key_at(const uint64_t *items, size_t i, size_t stride, uint64_t flip) {
    return items[i * stride] ^ flip;
}

/* The bits that differ; 0: all is in order already. *turns: how often it goes down, or up if that is less often. */
[[gnu::always_inline]] static inline uint64_t survey(const uint64_t *items, size_t count, size_t stride, uint64_t flip, size_t *turns) {
    uint64_t first = key_at(items, 0, stride, flip), last = first, differing = 0;
    size_t down = 0, up = 0;
    for (size_t i = 1; i < count; i++) {
        uint64_t key = key_at(items, i, stride, flip);
        differing |= key ^ first;
        down += key < last;
        up += key > last;
        last = key;
    }
    *turns = down < up ? down : up;
    return down ? differing : 0;
}

static bool pays(uint64_t differing, size_t count, size_t stride) {
    size_t passes = 0, levels = 64 - (size_t)__builtin_clzll(count);
    for (int byte = 0; byte < BYTES; byte++) passes += (differing >> (8 * byte) & (VALUES - 1)) != 0;
    return count >= LEAST_FOR_RADIX && passes * (count + PASS_OVERHEAD) * (1 + stride) < count * levels * MERGE_COST;
}

[[gnu::always_inline]] static inline void pass(const uint64_t *from, uint64_t *to, size_t count, size_t stride, uint64_t flip, int shift) {
    size_t places[VALUES] = {0};
    for (size_t i = 0; i < count; i++) places[key_at(from, i, stride, flip) >> shift & (VALUES - 1)]++;
    for (size_t value = 0, place = 0; value < VALUES; value++) {
        size_t here = places[value];
        places[value] = place;
        place += here;
    }
    for (size_t i = 0; i < count; i++) {
        size_t place = places[key_at(from, i, stride, flip) >> shift & (VALUES - 1)]++;
        for (size_t k = 0; k < stride; k++) to[place * stride + k] = from[i * stride + k];
    }
}

[[gnu::always_inline]] static inline RadixResult sort(uint64_t *items, size_t count, size_t stride, uint64_t flip) {
    size_t turns;
    uint64_t differing = survey(items, count, stride, flip, &turns);
    if (!differing)
        return RADIX_SORTED;
    if (turns < count / NEARLY_SORTED)
        return RADIX_NEARLY_SORTED;
    if (!pays(differing, count, stride))
        return RADIX_TOO_LONG;
    uint64_t *scratch = malloc(count * stride * sizeof *scratch), *from = items, *to = scratch;
    if (!scratch)
        return RADIX_NEARLY_SORTED;
    for (int shift = 0; shift < 8 * BYTES; shift += 8) {
        if (!(differing >> shift & (VALUES - 1)))
            continue;
        pass(from, to, count, stride, flip, shift);
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, count * stride * sizeof *items);
    free(scratch);
    return RADIX_SORTED;
}

RadixResult radix_sort_words(int64_t *words, size_t count) { return sort((uint64_t *)words, count, 1, UINT64_C(1) << 63); }
RadixResult radix_sort_keyed(KeyedIndex *items, size_t count) { return sort(&items->key, count, 2, 0); }
