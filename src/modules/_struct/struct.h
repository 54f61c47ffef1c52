/* _struct: compiled formats (format.c), packing and unpacking of items (items.c), the module (module.c).
 *
 * Threads: a StructFormat does not change once it is made. A Struct has one word, its format, which __init__ replaces: who works
 * with the one before goes on with that.
 */
#pragma once
#include "modules/os_support.h"
#include "object/buffer.h"

/* The kinds of values that go in and out without a look at the code. */
typedef enum StructStep { STEP_OTHER, STEP_SIGNED, STEP_UNSIGNED, STEP_DOUBLE } StructStep;

typedef struct StructItem {
    char code;      /* 's' and 'p' take `count` bytes for one value; 'x' takes them for none */
    uint8_t size;   /* of one value, or 1 for s, p, x */
    uint8_t step;   /* StructStep */
    size_t offset;  /* of the first */
    size_t count;
} StructItem;

typedef struct StructFormat {
    Object object;
    Value format;      /* str */
    StructItem *items; /* malloc */
    size_t item_count;
    size_t size;       /* bytes */
    size_t values;     /* how many Python values go in */
    bool native, big_endian;
} StructFormat;

typedef struct StructObject {
    Object object;
    Value compiled; /* StructFormat; absent: not initialised */
} StructObject;

/* NULL: not initialised. */
static inline StructFormat *struct_format(Value v) { return (StructFormat *)load(&((StructObject *)v.bits)->compiled).bits; }

Value struct_error_class(Thread *t);
/* Raises struct.error; formats as in object/errors.h. */
#define struct_error(t, ...) raise_error(t, as_type(struct_error_class(t)), __VA_ARGS__)
bool struct_compile(Thread *t, StructFormat *s, const char *format);

/* How many Python values an item stands for. */
static inline size_t struct_values_of(const StructItem *item) {
    return item->step != STEP_OTHER ? item->count : item->code == 'x' ? 0 : item->code == 's' || item->code == 'p' ? 1 : item->count;
}
/* All values of an item, from or to the struct at `from` and `to`. */
bool struct_pack_item(Thread *t, const StructFormat *s, const StructItem *item, char *to, const Value *values);
bool struct_unpack_item(Thread *t, const StructFormat *s, const StructItem *item, const char *from, Value tuple, size_t at);
