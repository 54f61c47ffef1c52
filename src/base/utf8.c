// UTF-8; see utf8.h.
//
// Runs of ASCII go 16 bytes at a time, through the compiler's portable vectors; the rest goes by character.

#include "base/utf8.h"

#include <string.h>

typedef uint8_t Bytes16 __attribute__((vector_size(16)));
typedef uint8_t Bytes8 __attribute__((vector_size(8)));
typedef uint16_t Shorts8 __attribute__((vector_size(16)));
typedef uint64_t Longs2 __attribute__((vector_size(16)));

static inline Bytes16 load16(const void *p) {
    Bytes16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline bool any_high(Bytes16 v) {
    Longs2 l = (Longs2)v;
    return ((l[0] | l[1]) & UINT64_C(0x8080808080808080)) != 0;
}

static inline bool word_ascii(const void *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

size_t ascii_prefix(const uint8_t *s, size_t size) {
    size_t i = 0;
    while (i + 32 <= size && !any_high(load16(s + i) | load16(s + i + 16))) i += 32;
    while (i + 8 <= size && word_ascii(s + i)) i += 8;
    while (i < size && s[i] < 0x80) i++;
    return i;
}

static uint32_t round_up_max(uint32_t bits) {
    return bits < 0x80 ? 0x7f : bits < 0x100 ? 0xff : bits < 0x10000 ? 0xffff : 0x10ffff;
}

uint32_t max_char_1(const uint8_t *s, size_t size) {
    return ascii_prefix(s, size) == size ? 0x7f : 0xff;
}

uint32_t max_char_2(const uint16_t *s, size_t size) {
    size_t i = 0;
    uint32_t bits = 0;
    // Checked in stretches, so that a wide character found early ends the search.
    while (i < size && bits < 0x100) {
        size_t end = size - i < 256 ? size : i + 256;
        for (; i < end; i++) bits |= s[i];
    }
    return round_up_max(bits);
}

uint32_t max_char_4(const uint32_t *s, size_t size) {
    size_t i = 0;
    uint32_t bits = 0;
    while (i < size && bits < 0x10000) {
        size_t end = size - i < 256 ? size : i + 256;
        for (; i < end; i++) bits |= s[i];
    }
    return round_up_max(bits);
}

static inline bool is_continuation(uint8_t byte) {
    return (byte & 0xc0) == 0x80;
}

// The same for sequences that are plain: of two or three bytes, with three more behind the first, and a first byte that
// allows every second one. 0: look closely.
static inline unsigned plain_sequence_size(const uint8_t *s) {
    if (s[0] >= 0xe0) {
        bool plain = (s[0] & 0xf0) == 0xe0 && s[0] != 0xe0 && s[0] != 0xed;
        return plain && is_continuation(s[1]) && is_continuation(s[2]) ? 3 : 0;
    }
    return s[0] >= 0xc2 && is_continuation(s[1]) ? 2 : 0;
}

// The size of the valid multi-byte sequence at s, of which size > 0 bytes are there; 0 if there is none.
static inline unsigned sequence_size(const uint8_t *s, size_t size) {
    uint8_t b = s[0];
    if (b < 0xc2) return 0;
    if (b < 0xe0) return size >= 2 && is_continuation(s[1]) ? 2 : 0;
    if (b < 0xf0) {
        if (size < 3 || !is_continuation(s[1]) || !is_continuation(s[2])) return 0;
        if (b == 0xe0 && s[1] < 0xa0) return 0;     // overlong
        if (b == 0xed && s[1] >= 0xa0) return 0;    // surrogate
        return 3;
    }
    if (b > 0xf4 || size < 4 || !is_continuation(s[1]) || !is_continuation(s[2]) || !is_continuation(s[3])) return 0;
    if (b == 0xf0 && s[1] < 0x90) return 0;    // overlong
    if (b == 0xf4 && s[1] >= 0x90) return 0;   // above U+10FFFF
    return 4;
}

// A machine that reads a byte in one shift (Per Vognsen's): the states are bit positions, and a byte's word has, at each
// state's position, the state that follows. Its time does not depend on what it reads.
enum { BAD = 0, SOUND = 6, NEED_1 = 12, NEED_2 = 18, NEED_3 = 24, AFTER_E0 = 30, AFTER_ED = 36, AFTER_F0 = 42, AFTER_F4 = 48 };
#define GO(state, next) ((uint64_t)(next) << (state))
#define ANY_SECOND (GO(NEED_1, SOUND) | GO(NEED_2, NEED_1) | GO(NEED_3, NEED_2))
static const uint64_t transitions[256] = {
    [0x00 ... 0x7f] = GO(SOUND, SOUND),
    [0x80 ... 0x8f] = ANY_SECOND | GO(AFTER_ED, NEED_1) | GO(AFTER_F4, NEED_2),
    [0x90 ... 0x9f] = ANY_SECOND | GO(AFTER_ED, NEED_1) | GO(AFTER_F0, NEED_2),
    [0xa0 ... 0xbf] = ANY_SECOND | GO(AFTER_E0, NEED_1) | GO(AFTER_F0, NEED_2),
    [0xc2 ... 0xdf] = GO(SOUND, NEED_1),
    [0xe0] = GO(SOUND, AFTER_E0),
    [0xe1 ... 0xec] = GO(SOUND, NEED_2),
    [0xed] = GO(SOUND, AFTER_ED),
    [0xee ... 0xef] = GO(SOUND, NEED_2),
    [0xf0] = GO(SOUND, AFTER_F0),
    [0xf1 ... 0xf3] = GO(SOUND, NEED_3),
    [0xf4] = GO(SOUND, AFTER_F4),
};
#undef ANY_SECOND
#undef GO

static uint32_t max_by_lead(uint8_t lead) {
    return lead < 0x80 ? 0x7f : lead < 0xc4 ? 0xff : lead < 0xf0 ? 0xffff : 0x10ffff;
}

enum { STRETCH = 64 };

// Scans all of s, or gives up (false) when something is wrong with it.
static bool scan_sound(const uint8_t *s, size_t size, Utf8Scan *scan) {
    uint64_t state = SOUND;
    uint8_t lead = 0;
    size_t length = 0;
    for (size_t i = 0; i < size;) {
        if ((state & 63) == SOUND && i + 16 <= size && !any_high(load16(s + i))) {
            size_t run = ascii_prefix(s + i, size - i);
            i += run;
            length += run;
            continue;
        }
        size_t end = size - i < STRETCH ? size : i + STRETCH;
        for (size_t k = i; k < end; k++) state = transitions[s[k]] >> (state & 63);
        if ((state & 63) == BAD) return false;
        uint8_t characters = 0;
        for (size_t k = i; k < end; k++) {
            characters += (s[k] & 0xc0) != 0x80;
            lead = s[k] > lead ? s[k] : lead;
        }
        length += characters;
        i = end;
    }
    *scan = (Utf8Scan){size, length, max_by_lead(lead)};
    return (state & 63) == SOUND;
}

Utf8Scan utf8_scan(const uint8_t *s, size_t size) {
    size_t i = ascii_prefix(s, size), length = i;
    Utf8Scan whole;
    if (size - i >= STRETCH && scan_sound(s + i, size - i, &whole))
        return (Utf8Scan){size, length + whole.length, whole.max};
    uint8_t lead = 0;    // the largest first byte tells the widest character
    while (i < size) {
        if (s[i] < 0x80) {
            size_t run = i + 16 <= size && word_ascii(s + i) ? ascii_prefix(s + i, size - i) : 1;
            i += run;
            length += run;
            continue;
        }
        unsigned n = size - i >= 4 ? plain_sequence_size(s + i) : 0;
        if (n == 0 && (n = sequence_size(s + i, size - i)) == 0) break;
        if (s[i] > lead) lead = s[i];
        i += n;
        length++;
    }
    return (Utf8Scan){i, length, max_by_lead(lead)};
}

Utf8Error utf8_error(const uint8_t *s, size_t size) {
    static const char *const bad_start = "invalid start byte";
    static const char *const bad_continuation = "invalid continuation byte";
    static const char *const ended = "unexpected end of data";
    uint8_t b = s[0];
    if (b < 0xc2 || b > 0xf4) return (Utf8Error){1, bad_start, false};
    if (size < 2) return (Utf8Error){1, ended, true};
    bool second = is_continuation(s[1]) && !(b == 0xe0 && s[1] < 0xa0) && !(b == 0xed && s[1] >= 0xa0) &&
                  !(b == 0xf0 && s[1] < 0x90) && !(b == 0xf4 && s[1] >= 0x90);
    if (!second) return (Utf8Error){1, bad_continuation, false};
    if (size < 3) return (Utf8Error){2, ended, true};
    if (!is_continuation(s[2])) return (Utf8Error){2, bad_continuation, false};
    if (size < 4) return (Utf8Error){3, ended, true};
    return (Utf8Error){3, bad_continuation, false};
}

// The character of a valid sequence of n >= 2 bytes.
static inline uint32_t sequence_char(const uint8_t *s, unsigned n) {
    if (n == 2) return (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
    if (n == 3) return (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
    return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 | (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f);
}

static inline unsigned lead_size(uint8_t lead) {
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

void utf8_decode_1(uint8_t *to, const uint8_t *s, size_t size) {
    const uint8_t *end = s + size;
    while (s < end) {
        while (end - s >= 16 && !any_high(load16(s))) {
            memcpy(to, s, 16);
            s += 16, to += 16;
        }
        if (s == end) return;
        if (*s < 0x80) {
            *to++ = *s++;
        } else {
            *to++ = (uint8_t)sequence_char(s, 2);
            s += 2;
        }
    }
}

static inline void widen8_2(uint16_t *to, const uint8_t *s) {
    Bytes8 v;
    memcpy(&v, s, sizeof v);
    Shorts8 w = __builtin_convertvector(v, Shorts8);
    memcpy(to, &w, sizeof w);
}

void utf8_decode_2(uint16_t *to, const uint8_t *s, size_t size) {
    const uint8_t *end = s + size;
    while (s < end) {
        for (; s < end && *s >= 0xe0; s += 3) *to++ = (uint16_t)sequence_char(s, 3);
        while (end - s >= 8 && word_ascii(s)) {
            widen8_2(to, s);
            s += 8, to += 8;
        }
        if (s == end) return;
        if (*s < 0x80) {
            *to++ = *s++;
        } else {
            unsigned n = lead_size(*s);
            *to++ = (uint16_t)sequence_char(s, n);
            s += n;
        }
    }
}

void utf8_decode_4(uint32_t *to, const uint8_t *s, size_t size) {
    const uint8_t *end = s + size;
    while (s < end) {
        while (end - s >= 8 && word_ascii(s)) {
            for (int i = 0; i < 8; i++) to[i] = s[i];
            s += 8, to += 8;
        }
        for (; s < end && *s >= 0xe0 && *s < 0xf0; s += 3) *to++ = sequence_char(s, 3);
        for (; s < end && *s >= 0x80 && *s < 0xe0; s += 2) *to++ = sequence_char(s, 2);
        for (; s < end && *s >= 0xf0; s += 4) *to++ = sequence_char(s, 4);
        for (; s < end && *s < 0x80 && !(end - s >= 8 && word_ascii(s)); s++) *to++ = *s;
    }
}

size_t utf8_size_1(const uint8_t *s, size_t length) {
    size_t size = length;
    for (size_t i = 0; i < length; i++) size += s[i] >> 7;
    return size;
}

static inline bool is_surrogate(uint32_t c) {
    return (c & 0xfffff800) == 0xd800;
}

// Where there is no surrogate in a stretch, its loop has no exit and so becomes vectors.
#define UTF8_SIZE(name, type, four)                                                                              \
    size_t name(const type *s, size_t length, size_t *end) {                                                     \
        size_t size = 0, i = 0;                                                                                  \
        for (bool surrogates = false; i + 64 <= length && !surrogates;) {                                        \
            size_t more = 64;                                                                                    \
            for (size_t k = i; k < i + 64; k++) {                                                                \
                more += (s[k] >= 0x80) + (s[k] >= 0x800) + (four);                                               \
                surrogates |= is_surrogate(s[k]);                                                                \
            }                                                                                                    \
            if (!surrogates) {                                                                                   \
                size += more;                                                                                    \
                i += 64;                                                                                         \
            }                                                                                                    \
        }                                                                                                        \
        for (size_t k = i; k < length && !is_surrogate(s[k]); k++, i++)                                          \
            size += 1 + (s[k] >= 0x80) + (s[k] >= 0x800) + (four);                                               \
        *end = i;                                                                                                \
        return size;                                                                                             \
    }
UTF8_SIZE(utf8_size_2, uint16_t, 0)
UTF8_SIZE(utf8_size_4, uint32_t, s[k] >= 0x10000)
#undef UTF8_SIZE

uint8_t *utf8_put(uint8_t *to, uint32_t c) {
    if (c < 0x80) {
        *to++ = (uint8_t)c;
    } else if (c < 0x800) {
        *to++ = (uint8_t)(0xc0 | c >> 6);
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (uint8_t)(0xe0 | c >> 12);
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else {
        *to++ = (uint8_t)(0xf0 | c >> 18);
        *to++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    }
    return to;
}

uint8_t *utf8_encode_1(uint8_t *to, const uint8_t *s, size_t length) {
    const uint8_t *end = s + length;
    while (s < end) {
        while (end - s >= 16 && !any_high(load16(s))) {
            memcpy(to, s, 16);
            s += 16, to += 16;
        }
        if (s == end) break;
        // Both lengths without a branch, but for the last character, behind which nothing may be written.
        const uint8_t *stop = end - s > 16 ? s + 16 : end - 1;
        for (; s < stop; s++) {
            to[0] = *s < 0x80 ? *s : (uint8_t)(0xc0 | *s >> 6);
            to[1] = (uint8_t)(0x80 | (*s & 0x3f));
            to += 1 + (*s >> 7);
        }
        if (s == end - 1) to = utf8_put(to, *s++);
    }
    return to;
}

uint8_t *utf8_encode_2(uint8_t *to, const uint16_t *s, size_t length) {
    const uint16_t *end = s + length;
    while (s < end) {
        while (end - s >= 8) {
            Shorts8 v;
            memcpy(&v, s, sizeof v);
            Longs2 high = (Longs2)(v & 0xff80);
            if (high[0] | high[1]) break;
            Bytes8 narrow = __builtin_convertvector(v, Bytes8);
            memcpy(to, &narrow, sizeof narrow);
            s += 8, to += 8;
        }
        for (; s < end && *s >= 0x800; s++, to += 3) {
            to[0] = (uint8_t)(0xe0 | *s >> 12);
            to[1] = (uint8_t)(0x80 | (*s >> 6 & 0x3f));
            to[2] = (uint8_t)(0x80 | (*s & 0x3f));
        }
        while (s < end && *s < 0x800) {
            to = utf8_put(to, *s++);
            if (end - s >= 8 && s[0] < 0x80 && s[1] < 0x80) break;
        }
    }
    return to;
}

uint8_t *utf8_encode_4(uint8_t *to, const uint32_t *s, size_t length) {
    const uint32_t *end = s + length;
    while (s < end) {
        for (; s < end && *s < 0x80; s++) *to++ = (uint8_t)*s;
        for (; s < end && *s >= 0x80 && *s < 0x800; s++, to += 2) {
            to[0] = (uint8_t)(0xc0 | *s >> 6);
            to[1] = (uint8_t)(0x80 | (*s & 0x3f));
        }
        for (; s < end && *s >= 0x800 && *s < 0x10000; s++, to += 3) {
            to[0] = (uint8_t)(0xe0 | *s >> 12);
            to[1] = (uint8_t)(0x80 | (*s >> 6 & 0x3f));
            to[2] = (uint8_t)(0x80 | (*s & 0x3f));
        }
        for (; s < end && *s >= 0x10000; s++) to = utf8_put(to, *s);
    }
    return to;
}
