/* Tables of the East Asian encodings: which byte sequences stand for which characters.
 *
 * Each is kept packed in the program (build/gen/multibyte_data.c, made from the reference interpreter's own codecs) and unpacked
 * when an encoding that needs it is first used.
 *
 * Threads: unpacked tables belong to the process, are published with a release store, never change and are never freed.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum TableId {
    TABLE_GB2312, TABLE_GBK, TABLE_GB18030, TABLE_BIG5HKSCS, TABLE_SHIFT_JIS, TABLE_CP932, TABLE_EUC_JP, TABLE_SHIFT_JIS_2004,
    TABLE_EUC_JIS_2004, TABLE_EUC_JISX0213, TABLE_SHIFT_JISX0213, TABLE_EUC_KR, TABLE_CP949, TABLE_JOHAB, TABLE_BIG5, TABLE_CP950,
    TABLE_JISX0213_2000, TABLE_JISX0213_2004, /* the sets that ISO 2022 encodings designate */
    TABLE_COUNT
} TableId;

typedef struct PackedTable {
    const uint8_t *data;
    uint32_t packed_size, size;
} PackedTable;
extern const PackedTable multibyte_packed[];

/* A run of four-byte sequences of GB18030 below U+10000: number of the first one, its character, how many. */
typedef struct Gb18030Range {
    uint16_t number, first, count;
} Gb18030Range;
extern const Gb18030Range gb18030_ranges[];
extern const size_t gb18030_range_count;
extern const uint16_t iso8859_7_high[96]; /* 0: none */

/* What a byte or a sequence decodes to: a character below U+10000, or one of these. */
enum {
    TABLE_ILLEGAL = 0xD800,
    TABLE_LEAD = 0xD801,      /* of two bytes */
    TABLE_PREFIX = 0xD802,    /* of three bytes: those of the second plane follow */
    TABLE_ILLEGAL_2 = 0xD803, /* the error is two bytes long, not one */
    TABLE_EXTRA = 0xD810,     /* and above, to 0xDFFF: an entry of `extras` */
};

typedef struct TablePlane {
    uint16_t lead, leads, trail, trails; /* first bytes and how many */
    const uint16_t *values;              /* 0: none */
} TablePlane;

typedef struct TableExtra {
    uint32_t first, second; /* one character, or two */
    uint16_t code;          /* two: their bytes */
} TableExtra;

typedef struct MultibyteTable {
    uint16_t single[256];
    TablePlane planes[2];
    size_t plane_count;
    TableExtra *extras;
    size_t extra_count;
    bool ascii;           /* characters below 0x80 are their own bytes, both ways */
    uint64_t pair_filter; /* bit c & 63: such a character may begin a pair */
    /* Encoding: one byte, or two; three where the table has two planes, as the latter two, the last one without its high bit. */
    uint16_t page_of[0x300];
    uint16_t (*pages)[256]; /* 0: none */
    size_t page_count;
} MultibyteTable;

const MultibyteTable *multibyte_table(TableId id); /* NULL: no memory */

/* Both give the value at (lead, trail), 0 for none; and the code of a character, 0 for none (as for U+0000). */
static inline uint16_t plane_value(const TablePlane *p, unsigned lead, unsigned trail) {
    unsigned row = lead - p->lead, column = trail - p->trail;
    return row < p->leads && column < p->trails ? p->values[row * p->trails + column] : 0;
}
static inline uint16_t table_code(const MultibyteTable *m, uint32_t c) {
    return c < 0x30000 ? m->pages[m->page_of[c >> 8]][c & 0xff] : 0;
}
/* The code of a pair of characters, 0: they are none. `begins`: whether c begins any pair. */
uint16_t table_pair(const MultibyteTable *m, uint32_t c, uint32_t next, bool *begins);
