/* Arrays of C strings for exec and spawn. */
#pragma once
#include "object/object.h"

typedef struct Strings {
    char **items; /* NULL at the end; malloc, as the strings are */
    size_t count, capacity;
} Strings;

/* Each item through os.fsencode's rules; false: an exception is pending, strings_free is still due. */
bool strings_from_sequence(Thread *t, Value sequence, Strings *s);
bool strings_from_mapping(Thread *t, Value mapping, Strings *s); /* "key=value" */
void strings_free(Strings *s);
