/* What the files of _csv share. */
#pragma once
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef enum Quoting { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTE_STRINGS, QUOTE_NOTNULL } Quoting;

#define NOT_SET UINT32_MAX

/* Immutable. */
typedef struct Dialect {
    Object object;
    Value line_terminator;                             /* str */
    Value skip_initial_space, double_quote, strict;    /* True or False */
    uint32_t delimiter, quote, escape;                 /* characters or NOT_SET */
    Quoting quoting;
} Dialect;

extern Type csv_dialect_type, csv_reader_type, csv_writer_type;

/* The module's state, in an isolate slot: a list. */
enum { CSV_ERROR, CSV_DIALECTS, CSV_LIMIT };
static inline Value csv_state(Thread *t, size_t which) { return list_get(t->isolate->slots[ISOLATE_CSV], which); }
#define CSV_FAIL(t, ...) raise_error(t, as_type(csv_state(t, CSV_ERROR)), __VA_ARGS__)

/* The dialect for `dialect` (a name, a Dialect, any object with attributes, or absent) changed by keyword arguments. */
Value csv_make_dialect(Thread *t, Value dialect, Value kwargs);
Value csv_get_dialect(Thread *t, Value name);
Value csv_reader(Thread *t, Value *args);
Value csv_writer(Thread *t, Value *args);
