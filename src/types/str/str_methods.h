/* The methods of str, by file, for the table in str.c. */
#pragma once
#include "types/str/str.h"

/* case.c */
Value str_lower(Thread *t, Value *args);
Value str_upper(Thread *t, Value *args);
Value str_title(Thread *t, Value *args);
Value str_capitalize(Thread *t, Value *args);
Value str_swapcase(Thread *t, Value *args);
Value str_casefold(Thread *t, Value *args);
Value str_isalpha(Thread *t, Value *args);
Value str_isalnum(Thread *t, Value *args);
Value str_isdecimal(Thread *t, Value *args);
Value str_isdigit(Thread *t, Value *args);
Value str_isnumeric(Thread *t, Value *args);
Value str_isspace(Thread *t, Value *args);
Value str_isprintable(Thread *t, Value *args);
Value str_isascii(Thread *t, Value *args);
Value str_islower(Thread *t, Value *args);
Value str_isupper(Thread *t, Value *args);
Value str_istitle(Thread *t, Value *args);
Value str_isidentifier(Thread *t, Value *args);

/* split.c */
Value str_method_find(Thread *t, Value *args);
Value str_method_rfind(Thread *t, Value *args);
Value str_method_index(Thread *t, Value *args);
Value str_method_rindex(Thread *t, Value *args);
Value str_method_count(Thread *t, Value *args);
Value str_method_startswith(Thread *t, Value *args);
Value str_method_endswith(Thread *t, Value *args);
Value str_method_split(Thread *t, Value *args);
Value str_method_rsplit(Thread *t, Value *args);
Value str_method_splitlines(Thread *t, Value *args);
Value str_method_partition(Thread *t, Value *args);
Value str_method_rpartition(Thread *t, Value *args);
Value str_method_strip(Thread *t, Value *args);
Value str_method_lstrip(Thread *t, Value *args);
Value str_method_rstrip(Thread *t, Value *args);
Value str_method_removeprefix(Thread *t, Value *args);
Value str_method_removesuffix(Thread *t, Value *args);
Value str_method_join(Thread *t, Value *args);

/* replace.c */
Value str_method_replace(Thread *t, Value *args);
Value str_method_translate(Thread *t, Value *args);
Value str_method_maketrans(Thread *t, Value *args);
Value str_method_expandtabs(Thread *t, Value *args);
Value str_method_center(Thread *t, Value *args);
Value str_method_ljust(Thread *t, Value *args);
Value str_method_rjust(Thread *t, Value *args);
Value str_method_zfill(Thread *t, Value *args);
Value str_repeat(Thread *t, Value v, int64_t count);

/* format.c, percent.c */
Value str_method_format(Thread *t, Value *args);
Value str_method_format_map(Thread *t, Value *args);

/* repr.c */
Value str_ascii_repr(Thread *t, Value v); /* repr with everything past ASCII escaped */
