/* list.sort: a stable, adaptive merge sort.
 *
 * Natural runs are found and merged in the order that powersort gives (Munro and Wild, "Nearly-Optimal Mergesorts", 2018);
 * short runs are lengthened by binary insertion; merging gallops when one side keeps winning (Peters' timsort, after
 * McIlroy, "Optimistic Sorting and Information Theoretic Complexity", 1993). When all keys are of one simple type the
 * comparison calls no Python code; the whole algorithm is compiled once for each such kind of key. Many keys of some of these
 * kinds, in no order yet, are sorted by their bytes instead (radix_sort.c).
 *
 * While it runs, the list is empty and its storage belongs to the sort: Python code called by comparisons may do to the
 * list what it likes, and gets ValueError in the end. Whatever happens, the storage stays a permutation of itself.
 *
 * No barriers: references only move between the storage, the keys and the scratch area, all of which are kept by the
 * stack, and a collection during the sort makes all that they refer to old. (Keys are stored with a barrier.)
 */
#include "heap/safepoint.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list_internal.h"
#include "types/radix_sort.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <stdlib.h>

enum { MIN_GALLOP = 7, SHORT_RUN = 64, MAX_PENDING = 85, LEAST_FOR_WORDS = 24 };

/* KIND_NARROW: str of one byte per character; KIND_INT: small ones too. */
typedef enum KeyKind { KIND_ANY, KIND_SMALL_INT, KIND_INT, KIND_FLOAT, KIND_NARROW, KIND_STR, KIND_TUPLE } KeyKind;
#define SPECIALIZED [[clang::always_inline]] static inline /* `kind` is a constant in it */

/* A place in the two arrays that move together; values is NULL when items are their own keys. */
typedef struct Span {
    Value *keys, *values;
} Span;

typedef struct Run {
    size_t start, length;
    int power; /* of the boundary to the next run */
} Run;

typedef struct Sort {
    Thread *t;
    KeyKind kind, first_kind; /* first_kind: of the tuples' first items */
    Span base;
    size_t length, min_gallop;
    Slots *scratch;
    Value *room; /* for half the items, in its place: outside of the heap */
    size_t pending_count;
    Run *pending; /* MAX_PENDING of them */
} Sort;

/* Comparison: 1 less, 0 not less, -1 error */

/* The first eight characters as a number that compares as they do; a shorter str ends in zeros. */
static inline uint64_t first_eight(Value v) {
    uint64_t word;
    memcpy(&word, as_str(v)->data, sizeof word); /* inside the cell, whose header alone is longer */
    size_t length = str_length(v);
    word = __builtin_bswap64(word);
    return length >= 8 ? word : length == 0 ? 0 : word & ~(UINT64_MAX >> (8 * length));
}

static inline int compare_narrow(Value a, Value b) {
    uint64_t x = first_eight(a), y = first_eight(b);
    if (x != y)
        return x < y ? -1 : 1;
    size_t la = str_length(a), lb = str_length(b);
    int order = memcmp(as_str(a)->data, as_str(b)->data, la < lb ? la : lb);
    return order ? order : (la > lb) - (la < lb);
}

SPECIALIZED int less_simple(Sort *s, KeyKind kind, Value a, Value b) {
    switch (kind) {
    case KIND_SMALL_INT: return (int64_t)a.bits < (int64_t)b.bits;
    case KIND_INT: return int_compare(a, b) < 0;
    case KIND_FLOAT: return float_value(a) < float_value(b);
    case KIND_NARROW: return compare_narrow(a, b) < 0;
    case KIND_STR: return str_compare(s->t, a, b) < 0;
    default: return compare_true(s->t, COMPARE_LT, a, b);
    }
}

/* The order of two tuples' first items of one kind: 0 equal, 2 neither. */
static inline int compare_first(Sort *s, Value x, Value y) {
    switch (s->first_kind) {
    case KIND_SMALL_INT: return ((int64_t)x.bits > (int64_t)y.bits) - ((int64_t)x.bits < (int64_t)y.bits);
    case KIND_INT: return int_compare(x, y);
    case KIND_FLOAT: {
        double d = float_value(x), e = float_value(y);
        return d < e ? -1 : d > e ? 1 : d == e ? 0 : 2;
    }
    case KIND_NARROW: return compare_narrow(x, y);
    default: return str_compare(s->t, x, y);
    }
}

static int less_tuple(Sort *s, Value a, Value b) {
    size_t la = tuple_length(a), lb = tuple_length(b);
    for (size_t i = 0; i < la && i < lb; i++) {
        Value x = tuple_get(a, i), y = tuple_get(b, i);
        if (i == 0 && s->first_kind != KIND_ANY) {
            int order = same(x, y) ? 0 : compare_first(s, x, y);
            if (order == 0)
                continue;
            return order < 0;
        }
        int equals = equal(s->t, x, y);
        if (equals < 0)
            return -1;
        if (!equals)
            return compare_true(s->t, COMPARE_LT, x, y);
    }
    return la < lb;
}

SPECIALIZED int less(Sort *s, KeyKind kind, Value a, Value b) {
    return kind == KIND_TUPLE ? less_tuple(s, a, b) : less_simple(s, kind, a, b);
}

static KeyKind kind_of(Value v) {
    if (is_small_int(v))
        return KIND_SMALL_INT;
    Type *type = type_of(v);
    if (type == &str_type)
        return str_kind(v) == 1 && load_relaxed(&as_str(v)->data) ? KIND_NARROW : KIND_STR;
    return type == &int_type ? KIND_INT : type == &float_type ? KIND_FLOAT : type == &tuple_type ? KIND_TUPLE : KIND_ANY;
}

/* The kind that keys of both kinds are of. */
static KeyKind common_kind(KeyKind a, KeyKind b) {
    if (a == b)
        return a;
    if ((a == KIND_SMALL_INT || a == KIND_INT) && (b == KIND_SMALL_INT || b == KIND_INT))
        return KIND_INT;
    return (a == KIND_NARROW || a == KIND_STR) && (b == KIND_NARROW || b == KIND_STR) ? KIND_STR : KIND_ANY;
}

static void choose_comparison(Sort *s) {
    s->kind = kind_of(s->base.keys[0]);
    for (size_t i = 1; i < s->length && s->kind != KIND_ANY; i++)
        s->kind = common_kind(s->kind, kind_of(s->base.keys[i]));
    if (s->kind != KIND_TUPLE)
        return;
    for (size_t i = 0; i < s->length; i++) {
        Value key = s->base.keys[i];
        KeyKind kind = tuple_length(key) ? kind_of(tuple_get(key, 0)) : KIND_ANY;
        if (kind == KIND_TUPLE)
            kind = KIND_ANY;
        s->first_kind = i == 0 ? kind : common_kind(s->first_kind, kind);
    }
}

/* Moving */

static inline Span at(Span a, size_t i) { return (Span){a.keys + i, a.values ? a.values + i : NULL}; }

static inline void put(Span to, size_t i, Span from, size_t j) {
    to.keys[i] = from.keys[j];
    if (to.values)
        to.values[i] = from.values[j];
}

static void move(Span to, Span from, size_t count) {
    memmove(to.keys, from.keys, count * sizeof(Value));
    if (to.values)
        memmove(to.values, from.values, count * sizeof(Value));
}

static void reverse_words(Value *words, size_t count) {
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        Value v = words[i];
        words[i] = words[--j];
        words[j] = v;
    }
}

static void reverse(Span a, size_t count) {
    reverse_words(a.keys, count);
    if (a.values)
        reverse_words(a.values, count);
}

/* Runs */

/* The length of the run at `a`, made ascending. 0: error. */
SPECIALIZED size_t count_run(Sort *s, KeyKind kind, Span a, size_t count) {
    if (count < 2)
        return count;
    int descending = less(s, kind, a.keys[1], a.keys[0]);
    size_t n = 2;
    for (; descending >= 0 && n < count; n++) {
        int below = less(s, kind, a.keys[n], a.keys[n - 1]);
        if (below < 0)
            return 0;
        if (below != descending)
            break;
    }
    if (descending > 0)
        reverse(a, n);
    return descending < 0 ? 0 : n;
}

/* Sorts a[0, count) of which a[0, sorted) is sorted. */
SPECIALIZED bool insertion_sort(Sort *s, KeyKind kind, Span a, size_t count, size_t sorted) {
    for (; sorted < count; sorted++) {
        Value key = a.keys[sorted], value = a.values ? a.values[sorted] : NO_VALUE;
        size_t low = 0, high = sorted;
        while (low < high) {
            size_t middle = (low + high) / 2;
            int below = less(s, kind, key, a.keys[middle]);
            if (below < 0)
                return false;
            if (below)
                high = middle;
            else
                low = middle + 1;
        }
        move(at(a, low + 1), at(a, low), sorted - low);
        a.keys[low] = key;
        if (a.values)
            a.values[low] = value;
    }
    return true;
}

/* Galloping: where `key` belongs in the sorted a[0, count). `right`: behind equal ones, else before them. The search
 * widens from the start, or from the end. -1: error. */

SPECIALIZED int goes_right(Sort *s, KeyKind kind, Value key, Value item, bool right) {
    int below = right ? less(s, kind, key, item) : less(s, kind, item, key);
    return below < 0 ? -1 : right ? !below : below;
}

SPECIALIZED int64_t gallop(Sort *s, KeyKind kind, Value key, const Value *a, size_t count, bool right, bool from_end) {
    size_t low = 0, high = count; /* the answer is in [low, high] */
    for (size_t step = 1; low < high; step *= 2) {
        size_t probe = from_end ? (step <= high ? high - step : 0) : low + step - 1;
        if (probe < low)
            probe = low;
        if (probe >= high)
            probe = high - 1;
        int beyond = goes_right(s, kind, key, a[probe], right);
        if (beyond < 0)
            return -1;
        if (beyond)
            low = probe + 1;
        else
            high = probe;
        if (beyond == from_end)
            break;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int beyond = goes_right(s, kind, key, a[middle], right);
        if (beyond < 0)
            return -1;
        if (beyond)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low;
}

/* Merging */

static bool scratch_for(Sort *s, size_t count, Span *scratch) {
    if (s->room) {
        *scratch = (Span){s->room, s->base.values ? s->room + count : NULL};
        return true;
    }
    size_t words = s->base.values ? count * 2 : count;
    if (!s->scratch || s->scratch->capacity < words) {
        s->scratch = list_storage_new(s->t, words);
        if (!s->scratch)
            return false;
    }
    *scratch = (Span){s->scratch->items, s->base.values ? s->scratch->items + count : NULL};
    return true;
}

/* Merges a[0, na) with b[0, nb), which stands right behind it, na <= nb. From left to right, a being in the scratch. */
SPECIALIZED bool merge_low(Sort *s, KeyKind kind, Span a, size_t na, Span b, size_t nb) {
    Span left, to = a;
    if (!scratch_for(s, na, &left))
        return false;
    move(left, a, na);
    size_t i = 0, j = 0, out = 0, wins_a = 0, wins_b = 0;
    bool ok = true;
    while (i < na && j < nb) {
        if (wins_a < s->min_gallop && wins_b < s->min_gallop) {
            int below = less(s, kind, b.keys[j], left.keys[i]);
            if (!(ok = below >= 0))
                break;
            if (below) {
                put(to, out++, b, j++);
                wins_b++;
                wins_a = 0;
            } else {
                put(to, out++, left, i++);
                wins_a++;
                wins_b = 0;
            }
            continue;
        }
        int64_t n = gallop(s, kind, b.keys[j], left.keys + i, na - i, true, false);
        if (!(ok = n >= 0))
            break;
        move(at(to, out), at(left, i), (size_t)n);
        out += (size_t)n;
        i += (size_t)n;
        if (i == na)
            break;
        put(to, out++, b, j++);
        int64_t m = j == nb ? 0 : gallop(s, kind, left.keys[i], b.keys + j, nb - j, false, false);
        if (!(ok = m >= 0))
            break;
        move(at(to, out), at(b, j), (size_t)m);
        out += (size_t)m;
        j += (size_t)m;
        if (n < MIN_GALLOP && m < MIN_GALLOP) {
            wins_a = wins_b = 0;
            s->min_gallop += 2;
        } else if (s->min_gallop > 1) {
            s->min_gallop--;
        }
    }
    move(at(to, out), at(left, i), na - i);
    return ok;
}

/* The same with nb <= na: from right to left, b being in the scratch. */
SPECIALIZED bool merge_high(Sort *s, KeyKind kind, Span a, size_t na, Span b, size_t nb) {
    Span right;
    if (!scratch_for(s, nb, &right))
        return false;
    move(right, b, nb);
    size_t i = na, j = nb, wins_a = 0, wins_b = 0; /* what is left of each; the gap lies at a[i + ... ) */
    bool ok = true;
    while (i > 0 && j > 0) {
        if (wins_a < s->min_gallop && wins_b < s->min_gallop) {
            int below = less(s, kind, right.keys[j - 1], a.keys[i - 1]);
            if (!(ok = below >= 0))
                break;
            if (below) {
                put(a, i + j - 1, a, i - 1);
                i--;
                wins_a++;
                wins_b = 0;
            } else {
                put(a, i + j - 1, right, j - 1);
                j--;
                wins_b++;
                wins_a = 0;
            }
            continue;
        }
        int64_t k = gallop(s, kind, right.keys[j - 1], a.keys, i, true, true);
        if (!(ok = k >= 0))
            break;
        size_t n = i - (size_t)k;
        move(at(a, (size_t)k + j), at(a, (size_t)k), n);
        i = (size_t)k;
        if (i == 0)
            break;
        put(a, i + j - 1, right, j - 1);
        j--;
        k = j == 0 ? 0 : gallop(s, kind, a.keys[i - 1], right.keys, j, false, true);
        if (!(ok = k >= 0))
            break;
        size_t m = j - (size_t)k;
        move(at(a, i + (size_t)k), at(right, (size_t)k), m);
        j = (size_t)k;
        if (n < MIN_GALLOP && m < MIN_GALLOP) {
            wins_a = wins_b = 0;
            s->min_gallop += 2;
        } else if (s->min_gallop > 1) {
            s->min_gallop--;
        }
    }
    move(at(a, i), right, j);
    return ok;
}

/* Merges the two newest runs. */
SPECIALIZED bool merge_newest(Sort *s, KeyKind kind) {
    Run *first = &s->pending[s->pending_count - 2], *second = first + 1;
    Span a = at(s->base, first->start), b = at(s->base, second->start);
    size_t na = first->length, nb = second->length;
    first->length += nb;
    s->pending_count--;
    int64_t skip = gallop(s, kind, b.keys[0], a.keys, na, true, false);
    if (skip < 0)
        return false;
    a = at(a, (size_t)skip);
    na -= (size_t)skip;
    if (na == 0)
        return true;
    int64_t keep = gallop(s, kind, a.keys[na - 1], b.keys, nb, false, true);
    if (keep <= 0)
        return keep == 0;
    return na <= (size_t)keep ? merge_low(s, kind, a, na, b, (size_t)keep) : merge_high(s, kind, a, na, b, (size_t)keep);
}

/* The depth, in a perfectly balanced merge tree over [0, n), of the boundary between two neighbouring runs. */
static int boundary_power(size_t start, size_t length1, size_t length2, size_t n) {
    size_t a = 2 * start + length1, b = a + length1 + length2; /* twice the middles */
    for (int power = 1;; power++) {
        if (a >= n) {
            a -= n;
            b -= n;
        } else if (b >= n) {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

SPECIALIZED bool push_run(Sort *s, KeyKind kind, Run run) {
    if (s->pending_count) {
        Run *last = &s->pending[s->pending_count - 1];
        int power = boundary_power(last->start, last->length, run.length, s->length);
        while (s->pending_count > 1 && s->pending[s->pending_count - 2].power > power)
            if (!merge_newest(s, kind))
                return false;
        s->pending[s->pending_count - 1].power = power;
    }
    s->pending[s->pending_count++] = run;
    return true;
}

static size_t minimal_run(size_t n) {
    size_t odd = 0;
    while (n >= SHORT_RUN) {
        odd |= n & 1;
        n >>= 1;
    }
    return n + odd;
}

SPECIALIZED bool sort_kind(Sort *s, KeyKind kind) {
    Run pending[MAX_PENDING];
    s->pending = pending;
    size_t shortest = minimal_run(s->length);
    for (size_t start = 0; start < s->length;) {
        Span a = at(s->base, start);
        size_t left = s->length - start, n = count_run(s, kind, a, left);
        if (n == 0)
            return false;
        if (n < shortest) {
            size_t wanted = left < shortest ? left : shortest;
            if (!insertion_sort(s, kind, a, wanted, n))
                return false;
            n = wanted;
        }
        if (!push_run(s, kind, (Run){start, n, 0}))
            return false;
        start += n;
    }
    while (s->pending_count > 1)
        if (!merge_newest(s, kind))
            return false;
    return true;
}

/* One function for each kind: merging is large, and what is compared in it decides its speed. */
#define SORT(name, kind) [[gnu::noinline]] static bool sort_##name(Sort *s) { return sort_kind(s, kind); }
SORT(any, KIND_ANY)
SORT(small_int, KIND_SMALL_INT)
SORT(int, KIND_INT)
SORT(float, KIND_FLOAT)
SORT(narrow, KIND_NARROW)
SORT(str, KIND_STR)
SORT(tuple, KIND_TUPLE)
#undef SORT

/* Sorting by words. Keys that are words, or have one that tells most of them apart, are sorted by these, which stand side by side; then
 * each row of items that agree in the word, if there is more to a key. */

/* How many characters all keys begin with alike. */
static size_t common_start(const Sort *s) {
    const uint8_t *p = as_str(s->base.keys[0])->data;
    size_t common = str_length(s->base.keys[0]);
    for (size_t i = 1; i < s->length && common; i++) {
        const uint8_t *q = as_str(s->base.keys[i])->data;
        size_t k = 0, length = str_length(s->base.keys[i]), most = length < common ? length : common;
        for (; k + 8 <= most && memcmp(p + k, q + k, 8) == 0;) k += 8;
        while (k < most && p[k] == q[k]) k++;
        common = k;
    }
    return common;
}

/* The eight characters from `start` on, or fewer and zeros, as a number that compares as they do. */
static uint64_t eight_from(Value v, size_t start) {
    size_t left = str_length(v) - start;
    uint64_t word = 0;
    memcpy(&word, (const char *)as_str(v)->data + start, left < sizeof word ? left : sizeof word);
    return __builtin_bswap64(word);
}

/* A word that compares as an unsigned number as the keys do, equal where there is more to compare. false: there is none. */
static inline bool word_of(KeyKind kind, Value v, size_t start, uint64_t *word) {
    const uint64_t sign = UINT64_C(1) << 63;
    switch (kind) {
    case KIND_SMALL_INT: *word = v.bits ^ sign; return true;
    case KIND_FLOAT: {
        double d = float_value(v) + 0.0; /* no negative zero */
        memcpy(word, &d, sizeof d);
        *word ^= *word & sign ? UINT64_MAX : sign;
        return d == d;
    }
    case KIND_NARROW: *word = start ? eight_from(v, start) : first_eight(v); return true;
    default: return false;
    }
}

static bool fill_words(const Sort *s, KeyedIndex *words) {
    size_t start = s->kind == KIND_NARROW ? common_start(s) : 0;
    for (size_t i = 0; i < s->length; i++) {
        Value key = s->base.keys[i];
        words[i].index = i;
        if (!(s->kind == KIND_TUPLE ? word_of(s->first_kind, tuple_get(key, 0), 0, &words[i].key)
                                    : word_of(s->kind, key, start, &words[i].key)))
            return false;
    }
    return true;
}

/* The words as small ints, whose comparison asks for no more than two words; `room` is for three times as many as there are. */
static void merge_words(KeyedIndex *words, size_t count, Value *room) {
    const uint64_t sign = UINT64_C(1) << 63;
    Sort s = {.length = count, .min_gallop = MIN_GALLOP, .base = {room, room + count}, .room = room + 2 * count};
    for (size_t i = 0; i < count; i++) room[i].bits = words[i].key ^ sign, room[count + i].bits = words[i].index;
    sort_small_int(&s);
    for (size_t i = 0; i < count; i++) words[i] = (KeyedIndex){room[i].bits ^ sign, room[count + i].bits};
}

static void arrange(Value *values, const KeyedIndex *order, Value *copy, size_t count) {
    memcpy(copy, values, count * sizeof *values);
    for (size_t i = 0; i < count; i++) values[i] = copy[order[i].index];
}

static bool sort_rows(Sort *s, const KeyedIndex *words) {
    for (size_t start = 0, end; start < s->length; start = end) {
        for (end = start + 1; end < s->length && words[end].key == words[start].key;) end++;
        if (end == start + 1)
            continue;
        Sort row = {.t = s->t, .kind = s->kind, .first_kind = s->first_kind, .length = end - start, .min_gallop = MIN_GALLOP,
                    .base = at(s->base, start)};
        if (!(s->kind == KIND_TUPLE ? sort_tuple(&row) : sort_narrow(&row)))
            return false;
    }
    return true;
}

/* 1 sorted, -1 error, 0 nothing was done. */
static int sort_by_words(Sort *s) {
    size_t count = s->length;
    if (s->kind == KIND_SMALL_INT && !s->base.values)
        return count >= LEAST_FOR_RADIX && radix_sort_words((int64_t *)s->base.keys, count) == RADIX_SORTED;
    KeyKind kind = s->kind == KIND_TUPLE ? s->first_kind : s->kind;
    if (count < LEAST_FOR_WORDS || (kind != KIND_SMALL_INT && kind != KIND_FLOAT && kind != KIND_NARROW) || count > SIZE_MAX / 64)
        return 0;
    int done = 0;
    KeyedIndex *words = malloc(count * sizeof *words);
    RadixResult result = words && fill_words(s, words) ? radix_sort_keyed(words, count) : RADIX_NEARLY_SORTED;
    Value *room = result == RADIX_NEARLY_SORTED ? NULL : malloc(3 * count * sizeof *room);
    if (room) {
        if (result == RADIX_TOO_LONG)
            merge_words(words, count, room);
        arrange(s->base.keys, words, room, count);
        if (s->base.values)
            arrange(s->base.values, words, room, count);
        done = (s->kind != KIND_NARROW && s->kind != KIND_TUPLE) || sort_rows(s, words) ? 1 : -1;
    }
    free(words);
    free(room);
    return done;
}

static bool sort_span(Sort *s) {
    int done = sort_by_words(s);
    if (done)
        return done > 0;

    switch (s->kind) {
    case KIND_SMALL_INT: return sort_small_int(s);
    case KIND_INT: return sort_int(s);
    case KIND_FLOAT: return sort_float(s);
    case KIND_NARROW: return sort_narrow(s);
    case KIND_STR: return sort_str(s);
    case KIND_TUPLE: return sort_tuple(s);
    default: return sort_any(s);
    }
}

static bool compute_keys(Thread *t, Value function, const Value *items, size_t count, Slots *keys) {
    for (size_t i = 0; i < count; i++) {
        Value key = call_1(t, function, items[i]);
        if (absent(key))
            return false;
        store(keys, &keys->items[i], key);
    }
    return true;
}

static bool sort_storage(Thread *t, Slots *storage, size_t count, Value key, bool descending) {
    Slots *keys = NULL;
    if (present(key) && (!(keys = list_storage_new(t, count)) || !compute_keys(t, key, storage->items, count, keys)))
        return false;
    Sort s = {.t = t, .length = count, .min_gallop = MIN_GALLOP};
    s.base = keys ? (Span){keys->items, storage->items} : (Span){storage->items, NULL};
    choose_comparison(&s);
    if (descending) /* before and after, so that equal items keep their order */
        reverse(s.base, count);
    bool ok = sort_span(&s);
    if (descending)
        reverse(s.base, count);
    keep_alive(keys);
    keep_alive(storage);
    return ok;
}

/* The items of the list at one moment, in a storage of their own. */
static Slots *copy_storage(Thread *t, ListObject *l, size_t *length) {
    for (;;) {
        *length = load_acquire(&l->length);
        Slots *copy = list_storage_new(t, *length);
        if (!copy)
            return NULL;
        object_lock(&l->object);
        bool valid = l->length == *length;
        if (valid && *length)
            memcpy(copy->items, l->storage->items, *length * sizeof(Value));
        object_unlock(&l->object);
        store_many(copy);
        if (valid)
            return copy;
    }
}

enum { MOST_ATTEMPTS = 4 };

/* Sorts a copy, which takes the list's place if the list is still the same. As sort_at_once; 2: it has changed. */
static int try_sort(Thread *t, ListObject *l, bool descending) {
    size_t length;
    Slots *before = copy_storage(t, l, &length), *sorted = before ? list_storage_new(t, length) : NULL;
    if (!sorted)
        return -1;
    if (length == 0)
        return 1;
    memcpy(sorted->items, before->items, length * sizeof(Value));
    store_many(sorted);
    Sort s = {.base = {sorted->items, NULL}, .length = length};
    choose_comparison(&s);
    if (s.kind == KIND_ANY || s.kind == KIND_TUPLE)
        return 0;
    if (!sort_storage(t, sorted, length, NO_VALUE, descending))
        return -1;
    object_lock(&l->object);
    bool unchanged = l->length == length && memcmp(l->storage->items, before->items, length * sizeof(Value)) == 0;
    if (unchanged) {
        mark_published_as(l, sorted);
        store_release(&l->storage, sorted);
        store_moved(l);
    }
    object_unlock(&l->object);
    keep_alive(before);
    return unchanged ? 1 : 2;
}

/* Sorting that calls no Python code happens as one step for other threads; if they do not let it, by stopping them.
 * 1 done, 0 not this way, -1 no memory. */
static int sort_at_once(Thread *t, ListObject *l, bool descending) {
    int done = 2;
    for (int attempt = 0; done == 2 && attempt < MOST_ATTEMPTS; attempt++)
        done = try_sort(t, l, descending);
    if (done == 2) {
        stop_world(t);
        done = try_sort(t, l, descending);
        start_world(t);
    }
    return done;
}

bool list_sort(Thread *t, Value list, Value key, bool reverse) {
    ListObject *l = as_list(list);
    bool shared = !is_own(l);
    int done = shared && absent(key) ? sort_at_once(t, l, reverse) : 0;
    if (done)
        return done > 0;
    object_lock(&l->object);
    Slots *storage = l->storage;
    size_t length = l->length;
    store_release(&l->length, 0);
    store_release(&l->storage, NULL);
    object_unlock(&l->object);
    if (shared && length) { /* others may still be reading the storage */
        Slots *copy = list_storage_new(t, length);
        if (copy) {
            memcpy(copy->items, storage->items, length * sizeof(Value));
            store_many(copy);
            storage = copy;
        }
    }

    if (length)
        store_moved(storage); /* its words are going to move */
    bool ok = length == 0 || sort_storage(t, storage, length, key, reverse);

    object_lock(&l->object);
    bool modified = l->storage != NULL;
    publish_into(l, from_object(storage)); /* it may have been published meanwhile */
    store_release(&l->storage, storage);
    store_release(&l->length, length);
    store_moved(l);
    object_unlock(&l->object);
    if (ok && modified)
        raise_value_error(t, "list modified during sort");
    return ok && !modified;
}
