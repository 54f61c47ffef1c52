/* _struct: compiled formats (format.c), packing and unpacking of items (items.c), the module (module.c). */
#pragma once
#include "modules/os_support.h"
#include "object/buffer.h"

typedef struct StructItem {
    char code;      /* 's' and 'p' take `count` bytes for one value; 'x' takes them for none */
    uint8_t size;   /* of one value, or 1 for s, p, x */
    size_t offset;  /* of the first */
    size_t count;
} StructItem;

typedef struct StructObject {
    Object object;
    Value format;      /* str; absent: not initialised */
    StructItem *items; /* malloc */
    size_t item_count;
    size_t size;       /* bytes */
    size_t values;     /* how many Python values go in */
    bool native, big_endian;
} StructObject;

static inline StructObject *as_struct(Value v) { return (StructObject *)v.bits; }

Value struct_error_class(Thread *t);
/* Raises struct.error; formats as in object/errors.h. */
#define struct_error(t, ...) raise_error(t, as_type(struct_error_class(t)), __VA_ARGS__)
bool struct_compile(Thread *t, StructObject *s, const char *format);

/* One value of the kind at to[0, item->size); for s and p the whole of it. */
bool struct_pack_value(Thread *t, const StructObject *s, const StructItem *item, char *to, Value v);
Value struct_unpack_value(Thread *t, const StructObject *s, const StructItem *item, const char *from);
