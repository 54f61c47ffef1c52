/* array.array: items of one C type, packed. Items (items.c), the sequence (array.c), conversions (convert.c).
 *
 * The items are storage->data[0, length * item_size). While a buffer is exported the array cannot be resized.
 * Threads: writers hold the object's lock for their few instructions; a reader loads `storage` once and bounds itself
 * by its capacity, so that a concurrent change may show it other items but never memory that is not the array's.
 */
#pragma once
#include "modules/os_support.h"
#include "object/buffer.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef struct ArrayKind {
    char code;
    uint8_t size;
    uint8_t format;      /* _array_reconstructor's number for little endian */
    const char *buffer_format;
} ArrayKind;
extern const ArrayKind array_kinds[]; /* code 0 ends */

typedef struct ArrayObject {
    Object object;
    ByteStorage *storage; /* NULL: nothing was ever stored */
    size_t length;        /* items */
    const ArrayKind *kind;
    uint32_t exports;
} ArrayObject;

extern Type array_type, array_iterator_type;
static inline ArrayObject *as_array(Value v) { return (ArrayObject *)v.bits; }
static inline bool is_array(Value v) { return is_instance_of(v, &array_type); }
static inline char *array_data(const ArrayObject *a) {
    ByteStorage *s = load_acquire(&a->storage);
    return s ? s->data : (char *)"";
}

const ArrayKind *array_kind(uint32_t code);
/* An item as a value, and a value as an item. */
Value array_item(Thread *t, const ArrayKind *kind, const char *from);
bool array_set_item(Thread *t, const ArrayKind *kind, char *to, Value v);

Value array_new(Thread *t, Type *type, const ArrayKind *kind, size_t length); /* items zero */
bool array_resize(Thread *t, ArrayObject *a, size_t length); /* BufferError, MemoryError; new items are not set */
bool array_append(Thread *t, ArrayObject *a, Value v);
bool array_extend(Thread *t, Value array, Value iterable);

bool array_from_bytes(Thread *t, ArrayObject *a, const char *data, size_t length); /* appends */
bool array_from_str(Thread *t, ArrayObject *a, Value str);                         /* appends */
Value array_reconstruct(Thread *t, Value *args);
Value array_getitem_at(Thread *t, ArrayObject *a, size_t i); /* absent without exception: out of range */

/* convert.c's methods, for array.c's one table. */
Value array_tolist(Thread *t, Value *args);
Value array_fromlist(Thread *t, Value *args);
Value array_tobytes(Thread *t, Value *args);
Value array_frombytes(Thread *t, Value *args);
Value array_tounicode(Thread *t, Value *args);
Value array_fromunicode(Thread *t, Value *args);
Value array_tofile(Thread *t, Value *args);
Value array_fromfile(Thread *t, Value *args);
Value array_byteswap(Thread *t, Value *args);
Value array_buffer_info(Thread *t, Value *args);
Value array_reduce_ex(Thread *t, Value *args);
