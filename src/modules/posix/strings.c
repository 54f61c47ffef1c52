/* See strings.h. Threads: no state. */
#include "modules/posix/strings.h"

#include "modules/os_support.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/list.h"
#include "types/tuple.h"

#include <stdio.h>

void strings_free(Strings *s) {
    for (size_t i = 0; i < s->count; i++)
        free(s->items[i]);
    free(s->items);
    *s = (Strings){0};
}

static bool add(Thread *t, Strings *s, char *text) {
    if (text != NULL && s->count + 1 >= s->capacity) {
        size_t capacity = s->capacity * 2 + 16;
        char **larger = realloc(s->items, capacity * sizeof *larger);
        if (larger == NULL) {
            free(text);
            text = NULL;
        } else {
            s->items = larger;
            s->capacity = capacity;
        }
    }
    if (text == NULL) {
        raise_no_memory(t);
        return false;
    }
    s->items[s->count++] = text;
    s->items[s->count] = NULL;
    return true;
}

/* The message for what is no path says what CPython's PyUnicode_FSConverter says. */
static bool convert(Thread *t, Value v, Path *path) {
    *path = (Path){.fd = -1};
    if (!is_str(v) && !is_bytes(v) && absent(type_lookup(type_of(v), names.__fspath__))) {
        raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", v);
        return false;
    }
    if (path_convert(t, v, path))
        return true;
    if (error_matches(t, &ValueError_type) && !error_matches(t, &UnicodeError_type)) {
        error_clear(t);
        raise_value_error(t, "embedded null byte");
    }
    return false;
}

bool strings_from_sequence(Thread *t, Value sequence, Strings *s) {
    Value items = tuple_from_iterable(t, sequence);
    if (absent(items))
        return false;
    for (size_t i = 0; i < tuple_length(items); i++) {
        Path path;
        if (!convert(t, tuple_get(items, i), &path) || !add(t, s, strndup(path.name, path.length)))
            return false;
        keep_alive(as_object(path.object));
    }
    if (s->items == NULL) {
        s->items = calloc(1, sizeof *s->items);
        if (s->items == NULL) {
            raise_no_memory(t);
            return false;
        }
    }
    return true;
}

bool strings_from_mapping(Thread *t, Value mapping, Strings *s) {
    /* Copies: converting one of the names may run code that changes the mapping. */
    Value keys = call_method_0(t, mapping, names.keys), values = NO_VALUE;
    if (present(keys) && present(keys = list_from_iterable(t, keys)) && present(values = call_method_0(t, mapping, names.values)))
        values = list_from_iterable(t, values);
    if (absent(values))
        return false;
    for (size_t i = 0; i < list_length(keys) && i < list_length(values); i++) {
        Value key = list_get(keys, i), value = list_get(values, i);
        Path name, text;
        if (!convert(t, key, &name) || !convert(t, value, &text))
            return false;
        if (name.length == 0 || memchr(name.name, '=', name.length)) {
            raise_value_error(t, "illegal environment variable name");
            return false;
        }
        char *joined = malloc(name.length + text.length + 2);
        if (joined)
            sprintf(joined, "%s=%s", name.name, text.name);
        keep_alive(as_object(name.object));
        keep_alive(as_object(text.object));
        if (!add(t, s, joined))
            return false;
    }
    if (s->items == NULL && (s->items = calloc(1, sizeof *s->items)) == NULL) {
        raise_no_memory(t);
        return false;
    }
    return true;
}
