/* The iterator of str, open to loops. */
#pragma once
#include "types/iterator.h"
#include "types/str/str.h"

typedef struct StrIterator {
    Object object;
    Value str; /* absent when exhausted */
    size_t index;
    Thread *owner; /* types/iterator.h */
} StrIterator;

/* Two types, as in CPython: the iterators of an exact str of ASCII characters have a name of their own, and do the same. */
static inline bool is_str_iterator_type(const Type *type) { return type == &str_ascii_iterator_type || type == &str_iterator_type; }

/* The next character, if it is one of Latin-1 in a str of such; absent: not known, or the end. */
static inline Value str_iterator_step(Thread *t, StrIterator *i) {
    Value str = load(&i->str);
    if (unlikely(absent(str) || !step_is_own(t, &i->owner)))
        return NO_VALUE;
    const uint8_t *data = load_dependent(&as_str(str)->data);
    size_t index = load_relaxed(&i->index);
    if (unlikely(!data || str_kind(str) != 1 || index >= str_length(str)))
        return NO_VALUE;
    store_relaxed(&i->index, index + 1);
    return str_latin1_char(data[index]);
}
