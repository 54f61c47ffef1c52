/* Hostile conditions on purpose, in the `stress` variant (KRAIT_STRESS); elsewhere these are nothing.
 *
 * KRAIT_STRESS_COLLECT=N  a collection at every Nth allocation of a cell (default 400; 0: never)
 * KRAIT_STRESS_FAIL=N     the Nth allocation of a cell or of C memory fails, and no other (default 0: none)
 * Threads yield now and then around every lock and at every safepoint, more often than chance would have it.
 *
 * Threads: the counters are atomic; which thread meets the Nth allocation is left to chance.
 */
#pragma once
#include <stdbool.h>

#ifdef KRAIT_STRESS
enum { STRESS = true };
bool stress_collect(void); /* whether this allocation shall collect first */
bool stress_fail(void);    /* whether this allocation shall fail */
void stress_yield(void);
#else
enum { STRESS = false };
static inline bool stress_collect(void) { return false; }
static inline bool stress_fail(void) { return false; }
static inline void stress_yield(void) {}
#endif
