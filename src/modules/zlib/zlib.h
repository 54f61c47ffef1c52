/* The zlib module: functions (module.c) and stream objects (streams.c). */
#pragma once
#include "modules/os_support.h"
#include "object/buffer.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"

#include <zlib.h>

extern Type zlib_compress_type, zlib_decompress_type, zlib_decompressor_type;
extern const NativeDef zlib_stream_functions[];

/* zlib.error "Error -3 while decompressing data: ..." */
Value zlib_error(Thread *t, const z_stream *z, int code, const char *what);

/* Output that grows outside the heap. */
typedef struct ZOutput {
    char *data;
    size_t length, capacity;
    size_t limit; /* 0: none */
} ZOutput;
/* Gives the stream room to write to; false: MemoryError, or the limit is reached (then no exception). */
bool zoutput_room(Thread *t, ZOutput *o, z_stream *z);
void zoutput_took(ZOutput *o, const z_stream *z); /* what the stream wrote since */
Value zoutput_finish(Thread *t, ZOutput *o);      /* bytes; frees the memory */
