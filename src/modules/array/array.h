/* array.array: items of one C type, packed. Items (items.c), where they are kept (storage.c), the sequence (array.c),
 * conversions (convert.c).
 *
 * The items are storage->data[0, length * item_size). While a buffer is exported the array cannot be resized.
 * Threads: every change is one step under the object's lock. Single items are read without it, as atomic words; what reads
 * more than one works on a copy as it is at one moment, where there are other threads. Storage is replaced, never freed
 * under a reader. The memory of an exported buffer is whoever's it is to keep others from writing.
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

static inline size_t array_length(const ArrayObject *a) { return load_acquire(&a->length); }

Value array_new(Thread *t, Type *type, const ArrayKind *kind, size_t length); /* items zero */
Value array_copy(Thread *t, Value array);    /* of array's own type */
Value array_at_once(Thread *t, Value array); /* `array`, or where there are other threads a copy that nobody else knows */

bool array_read(ArrayObject *a, size_t i, char *item);                      /* `item` is aligned; false: out of range */
bool array_write(ArrayObject *a, size_t i, const char *item);               /* the same */
Value array_getitem_at(Thread *t, ArrayObject *a, size_t i); /* absent without exception: out of range */
/* Replaces `removed` items at `at`, both cut to the length, by others, which nobody else changes. BufferError, MemoryError */
bool array_splice(Thread *t, ArrayObject *a, size_t at, size_t removed, const char *items, size_t inserted);
/* Removes item `at`, from the end if negative, and copies it to `item`; with `only`, if it is that. 1 done, 0 not there, -1 error */
int array_take(Thread *t, ArrayObject *a, int64_t at, const char *only, char *item);
bool array_append(Thread *t, ArrayObject *a, Value v);
bool array_extend(Thread *t, Value array, Value iterable);
bool array_repeat(Thread *t, ArrayObject *a, int64_t times);
void array_reverse(ArrayObject *a);
void array_byteswap_items(ArrayObject *a);
/* Of an array of this length; false, 0: it has another by now. -1: error */
bool array_write_stepped(ArrayObject *a, size_t length, int64_t start, int64_t step, int64_t count, const char *items);
int array_delete_stepped(Thread *t, ArrayObject *a, size_t length, int64_t start, int64_t step, int64_t count);

bool array_from_bytes(Thread *t, ArrayObject *a, const char *data, size_t length); /* appends */
bool array_from_str(Thread *t, ArrayObject *a, Value str);                         /* appends */
Value array_reconstruct(Thread *t, Value *args);

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
