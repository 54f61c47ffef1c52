/* Unpacking: see tables.h. */
#include "modules/_multibytecodec/tables.h"

#include "base/atomic.h"

#include <stdlib.h>
#include <zlib.h>

static const MultibyteTable *tables[TABLE_COUNT]; /* set once each */

/* The unpacked words: 256 values of single bytes; for each plane, after their number, its four limits and its values; extras as
 * two characters of two words each; exceptions for encoding, as a character of two words and its code. High bytes come first. */
typedef struct Words {
    const uint8_t *high, *low;
    size_t at;
} Words;

static uint16_t next_word(Words *w) {
    uint16_t word = (uint16_t)(w->high[w->at] << 8 | w->low[w->at]);
    w->at++;
    return word;
}

static uint32_t next_char(Words *w) {
    uint32_t low = next_word(w);
    return low | (uint32_t)next_word(w) << 16;
}

static bool set_code(MultibyteTable *m, uint32_t c, uint16_t code, bool replace) {
    if (!m->page_of[c >> 8]) {
        void *pages = realloc(m->pages, (m->page_count + 1) * sizeof *m->pages);
        if (!pages)
            return false;
        m->pages = pages;
        for (int i = 0; i < 256; i++)
            m->pages[m->page_count][i] = 0;
        m->page_of[c >> 8] = (uint16_t)m->page_count++;
    }
    uint16_t *place = &m->pages[m->page_of[c >> 8]][c & 0xff];
    if (!*place || replace)
        *place = code;
    return true;
}

/* The way back from what the code decodes to. */
static bool add_inverse(MultibyteTable *m, uint16_t value, uint16_t code) {
    if (value == 0 || (value >= TABLE_ILLEGAL && value < TABLE_EXTRA))
        return true;
    if (value < TABLE_EXTRA || value > 0xDFFF)
        return set_code(m, value, code, false);
    TableExtra *extra = &m->extras[value - TABLE_EXTRA];
    if (!extra->second)
        return set_code(m, extra->first, code, false);
    extra->code = code;
    m->pair_filter |= UINT64_C(1) << (extra->first & 63);
    return true;
}

static bool read_plane(TablePlane *p, Words *w) {
    p->lead = next_word(w);
    p->leads = next_word(w);
    p->trail = next_word(w);
    p->trails = next_word(w);
    size_t count = (size_t)p->leads * p->trails;
    uint16_t *values = malloc(count * sizeof *values);
    if (!values)
        return false;
    for (size_t i = 0; i < count; i++)
        values[i] = next_word(w);
    p->values = values;
    return true;
}

static bool invert_plane(MultibyteTable *m, size_t plane) {
    TablePlane *p = &m->planes[plane];
    for (unsigned row = 0; row < p->leads; row++)
        for (unsigned column = 0; column < p->trails; column++) {
            unsigned trail = p->trail + column;
            uint16_t code = (uint16_t)((p->lead + row) << 8 | (plane ? trail & 0x7f : trail));
            if (!add_inverse(m, p->values[row * p->trails + column], code))
                return false;
        }
    return true;
}

static bool build_table(MultibyteTable *m, Words *w) {
    for (int i = 0; i < 256; i++)
        m->single[i] = next_word(w);
    m->plane_count = next_word(w);
    for (size_t i = 0; i < m->plane_count; i++)
        if (!read_plane(&m->planes[i], w))
            return false;
    m->extra_count = next_word(w);
    m->extras = calloc(m->extra_count + 1, sizeof *m->extras);
    m->pages = calloc(1, sizeof *m->pages);
    m->page_count = 1;
    if (!m->extras || !m->pages)
        return false;
    for (size_t i = 0; i < m->extra_count; i++) {
        m->extras[i].first = next_char(w);
        m->extras[i].second = next_char(w);
    }
    for (unsigned i = 1; i < 256; i++)
        if (!add_inverse(m, m->single[i], (uint16_t)i))
            return false;
    for (size_t i = 0; i < m->plane_count; i++)
        if (!invert_plane(m, i))
            return false;
    for (size_t count = next_word(w); count > 0; count--) {
        uint32_t c = next_char(w);
        if (!set_code(m, c, next_word(w), true))
            return false;
    }
    m->ascii = true;
    for (uint16_t c = 0; c < 0x80; c++)
        m->ascii = m->ascii && m->single[c] == c && table_code(m, c) == c;
    return true;
}

static void free_table(MultibyteTable *m) {
    for (size_t i = 0; m && i < m->plane_count; i++)
        free((void *)m->planes[i].values);
    if (m) {
        free(m->extras);
        free(m->pages);
    }
    free(m);
}

const MultibyteTable *multibyte_table(TableId id) {
    const MultibyteTable *known = load_acquire(&tables[id]);
    if (known)
        return known;
    const PackedTable *packed = &multibyte_packed[id];
    uLongf size = packed->size;
    uint8_t *bytes = malloc(size);
    MultibyteTable *m = calloc(1, sizeof *m);
    Words words = {bytes, bytes ? bytes + size / 2 : NULL, 0};
    bool ok = bytes && m && uncompress(bytes, &size, packed->data, packed->packed_size) == Z_OK && build_table(m, &words);
    free(bytes);
    if (ok && compare_exchange(&tables[id], &known, (const MultibyteTable *)m))
        return m;
    free_table(m);
    return load_acquire(&tables[id]); /* another thread's, or none */
}

uint16_t table_pair(const MultibyteTable *m, uint32_t c, uint32_t next, bool *begins) {
    *begins = false;
    if (!(m->pair_filter >> (c & 63) & 1))
        return 0;
    for (size_t i = 0; i < m->extra_count; i++) {
        if (m->extras[i].first != c || !m->extras[i].second)
            continue;
        *begins = true;
        if (m->extras[i].second == next)
            return m->extras[i].code;
    }
    return 0;
}
