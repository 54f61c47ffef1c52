// Hash functions whose results Python programs can observe.
//
// Every result is the number that CPython 3.14 computes on a 64-bit machine, for the same seed.
// A result is never -1: CPython reserves it for errors and -2 stands in for it, and programs see that.
//
// Threading: pure functions. A HashKey is written once, before other threads read it.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The secret that keys the hashes of str and bytes.
typedef struct HashKey {
    uint64_t k0, k1;
} HashKey;

// The modulus of numeric hashes, 2**61 - 1.
#define HASH_BITS 61
#define HASH_MODULUS ((UINT64_C(1) << HASH_BITS) - 1)
#define HASH_INFINITY 314159
#define HASH_IMAGINARY 1000003

// The key that PYTHONHASHSEED=seed gives; seed 0 turns randomisation off.
HashKey hash_key_from_seed(uint32_t seed);

// The key made of 16 bytes of entropy.
HashKey hash_key_from_bytes(const unsigned char bytes[16]);

// SipHash-1-3 of the bytes; the raw 64-bit word.
uint64_t siphash13(HashKey key, const void *data, size_t size);

// hash() of a bytes object, or of a str given its character buffer (1, 2 or 4 bytes each, machine order).
int64_t hash_bytes(HashKey key, const void *data, size_t size);

// hash() of an object by identity.
int64_t hash_pointer(const void *p);

// hash() of an int.
int64_t hash_int64(int64_t value);

// hash() of the int whose magnitude is the given 64-bit limbs, least significant first.
int64_t hash_limbs(const uint64_t *limbs, size_t count, int negative);

// hash() of a finite or infinite double. NaN hashes by identity, which is the caller's to do.
int64_t hash_double(double value);
