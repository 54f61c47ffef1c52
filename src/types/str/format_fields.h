/* Reading the replacement fields of str.format: shared with the _string module. Offsets are in characters. */
#pragma once
#include "types/str/str_layout.h"

typedef struct Range {
    size_t start, end;
} Range;

typedef struct FormatPiece {
    Range literal, field, spec;
    bool has_field, spec_nested; /* spec_nested: it holds replacement fields itself */
    uint32_t conversion;         /* 0: none */
} FormatPiece;

/* The next piece from *at on, below `end`. 1: there is one; 0: the text is used up; -1: ValueError. */
int format_next_piece(Thread *t, const Chars *c, size_t *at, size_t end, FormatPiece *piece);

/* The first part of a field name, up to '.' or '['; *index is its number, or -1. *at is where the rest starts. */
[[nodiscard]] bool format_field_first(Thread *t, const Chars *c, Range field, Range *first, int64_t *index, size_t *at);
/* The next ".name" or "[item]": as format_next_piece. *index is the item's number, or -1. */
int format_field_next(Thread *t, const Chars *c, size_t *at, size_t end, bool *is_attribute, Range *name, int64_t *index);
