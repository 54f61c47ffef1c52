/* marshal: values as bytes, format version 5.
 *
 * Data is written as CPython writes it. Code objects have their own form: 'c' and this engine's fields (code.c); only
 * the same version of Krait on the same kind of machine reads them, which the magic number of .pyc files says. */
#pragma once
#include "object/object.h"

void marshal_start(void); /* once per process */

enum { MARSHAL_VERSION = 5, MARSHAL_MAX_DEPTH = 2000, MARSHAL_FLAG_REF = 0x80 };

typedef struct Writer Writer;
typedef struct Reader Reader;

void marshal_write(Writer *w, Value v);
void marshal_write_long(Writer *w, int32_t v);
void marshal_write_data(Writer *w, const void *data, size_t size); /* its size, then the bytes */
Value marshal_read(Reader *r); /* absent: exception pending */
bool marshal_read_long(Reader *r, int32_t *v);
/* Pointer to the bytes, valid until the next read; NULL: exception pending. */
const char *marshal_read_data(Reader *r, size_t *size);
Thread *marshal_writer_thread(Writer *w);
struct CodeObject *marshal_writer_outline(Writer *w); /* of what outline all that is written is the rest, or NULL */
Thread *marshal_reader_thread(Reader *r);

void marshal_write_code(Writer *w, Value code);
Value marshal_read_code(Reader *r);
void marshal_write_packed(Writer *w, Value code);
Value marshal_read_packed(Reader *r);

/* The bytes object that marshal.dumps gives. */
Value marshal_dumps(Thread *t, Value v, int version, bool allow_code);
/* `owner`: the bytes object that holds the data, from which functions may then be read later; absent: they are copied. */
Value marshal_loads(Thread *t, const char *data, size_t size, bool allow_code, Value owner);
/* From memory that never changes. */
Value marshal_loads_constant(Thread *t, const char *data, size_t size);

/* A function without what its outline has: code.c. */
Value marshal_dumps_outlined(Writer *w, Value code);
Value marshal_loads_outlined(Thread *t, struct CodeObject *outline, const char *data, size_t size, Value owner);
