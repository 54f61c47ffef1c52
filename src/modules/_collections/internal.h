/* What the types of _collections share. */
#pragma once
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/dict/dict_internal.h"
#include "types/generic_alias.h"
#include "types/int/int.h"
#include "types/iterator.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

extern Type deque_iterator_type, deque_reverse_iterator_type, default_dict_type, ordered_dict_type,
    odict_keys_type, odict_values_type, odict_items_type, odict_iterator_type;

#define NEW_DOC "Create and return a new object.  See help(type) for accurate signature."
