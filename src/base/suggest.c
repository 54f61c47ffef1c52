#include "base/suggest.h"

#include <string.h>

static unsigned char lower(unsigned char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

static size_t substitution_cost(unsigned char a, unsigned char b) {
    if (a == b)
        return 0;
    return lower(a) == lower(b) ? SUGGEST_CASE_COST : SUGGEST_MOVE_COST;
}

size_t suggest_distance(const char *a, size_t a_size, const char *b, size_t b_size, size_t max_cost) {
    size_t row[SUGGEST_MAX_LENGTH];
    while (a_size && b_size && *a == *b)
        a++, b++, a_size--, b_size--;
    while (a_size && b_size && a[a_size - 1] == b[b_size - 1])
        a_size--, b_size--;
    if (a_size == 0 || b_size == 0) {
        size_t cost = (a_size + b_size) * SUGGEST_MOVE_COST;
        return cost;
    }
    if (a_size > SUGGEST_MAX_LENGTH || b_size > SUGGEST_MAX_LENGTH)
        return max_cost + 1;
    if (b_size < a_size) {
        const char *text = a;
        size_t size = a_size;
        a = b, a_size = b_size;
        b = text, b_size = size;
    }
    if ((b_size - a_size) * SUGGEST_MOVE_COST > max_cost)
        return max_cost + 1;
    for (size_t i = 0; i < a_size; i++)
        row[i] = (i + 1) * SUGGEST_MOVE_COST;
    size_t result = 0;
    for (size_t j = 0; j < b_size; j++) {
        size_t diagonal = j * SUGGEST_MOVE_COST, least = (size_t)-1;
        result = diagonal;
        for (size_t i = 0; i < a_size; i++) {
            size_t replace = diagonal + substitution_cost((unsigned char)b[j], (unsigned char)a[i]);
            diagonal = row[i];
            size_t move = (result < diagonal ? result : diagonal) + SUGGEST_MOVE_COST;
            result = replace < move ? replace : move;
            row[i] = result;
            least = result < least ? result : least;
        }
        if (least > max_cost)
            return max_cost + 1;
    }
    return result;
}
