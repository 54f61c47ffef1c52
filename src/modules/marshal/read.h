/* The state of reading: from [next, end), or from `file` when it is present. */
#pragma once
#include "modules/marshal/marshal.h"

enum { MARSHAL_FEW_REFERENCES = 32 };

struct Reader {
    Thread *t;
    const char *next, *end;
    Value file;
    Value room;       /* the last bytes that came from the file */
    /* What may be referred to: most functions have few such values, which the C stack keeps, then a list (absent: none yet). */
    Value first_references[MARSHAL_FEW_REFERENCES], more_references;
    size_t reference_count;
    int depth;
    bool allow_code;
    bool constant;     /* the memory never changes, nor does it go */
    Value owner;       /* the bytes object that has the memory, or absent */
    struct CodeObject *outline; /* what is read completes this; or NULL */
};

Value marshal_read_top(Reader *r); /* one whole object, never the null that ends a dict */
