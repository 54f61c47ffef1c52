/* Case conversion and character tests of whole strings. Pure but for allocation. */
#pragma once
#include "types/str/str_layout.h"

typedef enum CaseChange { CASE_LOWER, CASE_UPPER, CASE_TITLE, CASE_CAPITALIZE, CASE_SWAP, CASE_FOLD } CaseChange;
Value str_change_case(Thread *t, Value v, CaseChange change);
