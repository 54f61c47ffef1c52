/* _suggestions: the nearest of some names, for "Did you mean ...?". */
#include "base/suggest.h"
#include "object/errors.h"
#include "object/thread.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"

static Value generate_suggestions(Thread *t, Value *args) {
    Value candidates = args[0], item = args[1];
    if (!is_exactly(candidates, &list_type))
        return raise_type_error(t, "candidates must be a list");
    if (!is_str(item))
        return raise_type_error(t, "_generate_suggestions() argument 2 must be str, not %Y", item);
    for (size_t i = 0; i < list_length(candidates); i++)
        if (!is_str(list_get(candidates, i)))
            return raise_type_error(t, "all elements in 'candidates' must be strings");
    if (list_length(candidates) >= SUGGEST_MAX_CANDIDATES)
        return NONE;
    size_t size, best = (size_t)-1;
    const char *text = str_utf8(t, item, &size);
    CHECK(text != NULL);
    Value found = NONE;
    for (size_t i = 0; i < list_length(candidates); i++) {
        Value candidate = list_get(candidates, i);
        size_t candidate_size;
        const char *other = str_utf8(t, candidate, &candidate_size);
        CHECK(other != NULL);
        if (str_equal(t, candidate, item))
            continue;
        size_t limit = suggest_limit(size, candidate_size);
        if (best != (size_t)-1 && best - 1 < limit)
            limit = best - 1;
        size_t distance = suggest_distance(text, size, other, candidate_size, limit);
        if (distance <= limit && distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

static const NativeDef suggestions_functions[] = {
    {"_generate_suggestions(candidates, item, /)", generate_suggestions, "The candidate nearest to item, or None.", 0},
    {},
};
NATIVE_MODULE(_suggestions) = {
    .name = "_suggestions",
    .functions = suggestions_functions,
};
