/* The nearest name by edit distance, weighted as CPython does: a change of case costs half a change of character.
 * Algorithm: Wagner and Fischer's, one row at a time, given up when the limit is passed.
 */
#include "vm/suggest.h"

#include "types/list.h"
#include "types/str/str.h"

enum { MOVE_COST = 2, CASE_COST = 1, LONGEST = 40, MOST_CANDIDATES = 750 };

static int substitution_cost(char a, char b) {
    if (a == b)
        return 0;
    char lower_a = a >= 'A' && a <= 'Z' ? (char)(a + 32) : a, lower_b = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
    return lower_a == lower_b ? CASE_COST : MOVE_COST;
}

static int edit_distance(const char *a, size_t a_size, const char *b, size_t b_size, int limit) {
    while (a_size && b_size && *a == *b)
        a++, b++, a_size--, b_size--;
    while (a_size && b_size && a[a_size - 1] == b[b_size - 1])
        a_size--, b_size--;
    if (a_size == 0 || b_size == 0)
        return (int)(a_size + b_size) * MOVE_COST;
    if (a_size > LONGEST || b_size > LONGEST)
        return limit + 1;
    int row[LONGEST + 1];
    for (size_t i = 0; i <= a_size; i++)
        row[i] = (int)i * MOVE_COST;
    for (size_t j = 0; j < b_size; j++) {
        int diagonal = row[0], best;
        best = row[0] = (int)(j + 1) * MOVE_COST;
        for (size_t i = 0; i < a_size; i++) {
            int substitute = diagonal + substitution_cost(b[j], a[i]);
            diagonal = row[i + 1];
            int insert = (row[i] < row[i + 1] ? row[i] : row[i + 1]) + MOVE_COST;
            row[i + 1] = insert < substitute ? insert : substitute;
            if (row[i + 1] < best)
                best = row[i + 1];
        }
        if (best > limit)
            return limit + 1;
    }
    return row[a_size];
}

Value suggest_name(Thread *t, Value candidates, Value name) {
    size_t count = list_length(candidates), size;
    if (count >= MOST_CANDIDATES)
        return NO_VALUE;
    const char *text = str_utf8(t, name, &size);
    if (!text)
        return error_clear(t), NO_VALUE;
    Value best = NO_VALUE;
    int best_distance = 0;
    for (size_t i = 0; i < count; i++) {
        Value candidate = list_get(candidates, i);
        size_t candidate_size;
        if (!is_str(candidate) || str_equal(t, candidate, name))
            continue;
        const char *other = str_utf8(t, candidate, &candidate_size);
        if (!other) {
            error_clear(t);
            continue;
        }
        int limit = (int)(size + candidate_size + 3) * MOVE_COST / 6;
        if (present(best) && best_distance - 1 < limit)
            limit = best_distance - 1;
        int distance = edit_distance(text, size, other, candidate_size, limit);
        if (distance <= limit && (absent(best) || distance < best_distance)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}
