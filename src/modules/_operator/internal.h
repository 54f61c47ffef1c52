/* What the files of _operator share. */
#pragma once
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

extern Type itemgetter_type, attrgetter_type, methodcaller_type;
Value operator_compare_digest(Thread *t, Value *args);
