/* The types of _functools, each in its file. */
#pragma once
#include "object/object.h"

extern Type partial_type, placeholder_type, lru_cache_type;
extern Object placeholder_object; /* functools.Placeholder */
