/* binascii: hexadecimal, uuencode and checksums (module.c), base64 (base64.c), quoted-printable (quoted.c). */
#pragma once
#include "modules/os_support.h"
#include "object/buffer.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

Value binascii_error_class(Thread *t);
#define binascii_error(t, ...) raise_error(t, as_type(binascii_error_class(t)), __VA_ARGS__)

/* The bytes of a buffer or of an ASCII str. */
bool binascii_input(Thread *t, Value v, Buffer *b);
void binascii_release(Thread *t, Buffer *b);

extern const NativeDef binascii_base64_functions[], binascii_quoted_functions[];
