/* Numbers in memory in a given byte order, at any alignment. */
#pragma once
#include <stdint.h>
#include <string.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

static inline void put_le16(void *to, uint16_t x) { memcpy(to, &x, sizeof x); }
static inline void put_le32(void *to, uint32_t x) { memcpy(to, &x, sizeof x); }
static inline void put_le64(void *to, uint64_t x) { memcpy(to, &x, sizeof x); }
static inline void put_be64(void *to, uint64_t x) { put_le64(to, __builtin_bswap64(x)); }

static inline uint16_t get_le16(const void *from) { uint16_t x; memcpy(&x, from, sizeof x); return x; }
static inline uint32_t get_le32(const void *from) { uint32_t x; memcpy(&x, from, sizeof x); return x; }
static inline uint64_t get_le64(const void *from) { uint64_t x; memcpy(&x, from, sizeof x); return x; }
static inline uint64_t get_be64(const void *from) { return __builtin_bswap64(get_le64(from)); }
