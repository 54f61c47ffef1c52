/* What the files of _json share. */
#pragma once
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

extern Type json_scanner_type, json_encoder_type;

Value json_scanstring(Thread *t, Value *args);
Value json_encode_basestring(Thread *t, Value *args);
Value json_encode_basestring_ascii(Thread *t, Value *args);

#define NEW_DOC "Create and return a new object.  See help(type) for accurate signature."
