/* How far one name is from another, for "Did you mean ...?".
 *
 * Threads: a pure function over the caller's memory.
 */
#pragma once
#include <stddef.h>

enum { SUGGEST_MOVE_COST = 2, SUGGEST_CASE_COST = 1, SUGGEST_MAX_LENGTH = 40, SUGGEST_MAX_CANDIDATES = 750 };

/* The Levenshtein distance with a substitution, insertion or deletion costing SUGGEST_MOVE_COST and a change of case
 * SUGGEST_CASE_COST. Anything above max_cost (or for names that are too long) comes back as max_cost + 1. */
size_t suggest_distance(const char *a, size_t a_size, const char *b, size_t b_size, size_t max_cost);

/* The largest distance at which `candidate` is still worth proposing for `name`. */
static inline size_t suggest_limit(size_t name_size, size_t candidate_size) {
    return (name_size + candidate_size + 3) * SUGGEST_MOVE_COST / 6;
}
