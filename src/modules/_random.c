/* _random: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), with Python's way to seed it.
 *
 * Threads: the object lock is held for each step; two threads that share a generator get different numbers.
 */
#include "modules/os_support.h"

#include "object/operators.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/tuple.h"

enum { WORDS = 624, MIDDLE = 397 };

typedef struct RandomObject {
    Object object;
    uint32_t state[WORDS];
    uint32_t index; /* WORDS: all words were used */
} RandomObject;

static RandomObject *as_random(Value v) { return (RandomObject *)v.bits; }

static void refill(RandomObject *r) {
    uint32_t *s = r->state;
    for (int i = 0; i < WORDS; i++) {
        uint32_t y = (s[i] & 0x80000000u) | (s[(i + 1) % WORDS] & 0x7fffffffu);
        s[i] = s[(i + MIDDLE) % WORDS] ^ y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0);
    }
    r->index = 0;
}

static uint32_t next_word(RandomObject *r) {
    if (r->index >= WORDS)
        refill(r);
    uint32_t y = r->state[r->index++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

static void seed_word(RandomObject *r, uint32_t seed) {
    r->state[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++)
        r->state[i] = 1812433253u * (r->state[i - 1] ^ r->state[i - 1] >> 30) + i;
    r->index = WORDS;
}

static void seed_words(RandomObject *r, const uint32_t *key, size_t length) {
    uint32_t *s = r->state;
    seed_word(r, 19650218u);
    size_t i = 1, j = 0;
    for (size_t k = WORDS > length ? WORDS : length; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i >= WORDS) {
            s[0] = s[WORDS - 1];
            i = 1;
        }
        if (++j >= length)
            j = 0;
    }
    for (size_t k = WORDS - 1; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i >= WORDS) {
            s[0] = s[WORDS - 1];
            i = 1;
        }
    }
    s[0] = 0x80000000u;
}

static bool seed_from_entropy(Thread *t, RandomObject *r) {
    uint32_t key[WORDS];
    size_t done = 0;
    while (done < sizeof key) {
        long n = OS_BLOCKING(t, os_getrandom(capabilities(t), (char *)key + done, sizeof key - done, 0));
        if (n < 0) {
            os_error(t);
            return false;
        }
        done += (size_t)n;
    }
    seed_words(r, key, WORDS);
    return true;
}

/* An int by its magnitude; another object by its hash. */
static bool seed_from(Thread *t, RandomObject *r, Value v) {
    if (absent(v) || is_none(v))
        return seed_from_entropy(t, r);
    uint64_t hash_bits;
    IntView view = {.limbs = &hash_bits, .count = 1};
    if (is_int(v)) {
        int_view(v, &view);
    } else {
        int64_t hash;
        if (!hash_of(t, v, &hash))
            return false;
        hash_bits = (uint64_t)hash;
    }
    size_t words = view.count * 2;
    uint32_t small[64], *key = words <= 64 ? small : malloc(words * sizeof *key);
    if (key == NULL) {
        raise_no_memory(t);
        return false;
    }
    for (size_t i = 0; i < words; i++)
        key[i] = (uint32_t)(view.limbs[i / 2] >> i % 2 * 32);
    while (words > 1 && key[words - 1] == 0)
        words--;
    if (words == 0) {
        key[0] = 0;
        words = 1;
    }
    seed_words(r, key, words);
    if (key != small)
        free(key);
    return true;
}

static Value new(Thread *t, Value *args) {
    RandomObject *r = type_allocate(t, as_type(args[0]));
    return r ? from_object(r) : NO_VALUE;
}
static Value init(Thread *t, Value *args) { return seed_from(t, as_random(args[0]), args[1]) ? NONE : NO_VALUE; }
static Value seed(Thread *t, Value *args) { return seed_from(t, as_random(args[0]), args[1]) ? NONE : NO_VALUE; }

static Value random_(Thread *t, Value *args) {
    RandomObject *r = as_random(args[0]);
    object_lock(&r->object);
    uint32_t a = next_word(r) >> 5, b = next_word(r) >> 6;
    object_unlock(&r->object);
    return float_from_double(t, (a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

static Value getrandbits(Thread *t, Value *args) {
    RandomObject *r = as_random(args[0]);
    Value index = TRY(index_of(t, args[1]));
    uint64_t bits;
    if (int_sign(index) < 0)
        return raise_value_error(t, "Cannot convert negative int");
    if (!int_to_u64(index, &bits) || bits > (UINT64_C(1) << 40))
        return raise_overflow_error(t, "Python int too large to convert to C uint64_t");
    if (bits == 0)
        return small_int(0);
    if (bits <= 32) {
        object_lock(&r->object);
        uint32_t word = next_word(r);
        object_unlock(&r->object);
        return small_int(word >> (32 - bits));
    }
    size_t words = (bits - 1) / 32 + 1;
    uint64_t *limbs = calloc(words / 2 + 1, sizeof *limbs);
    if (limbs == NULL)
        return raise_no_memory(t);
    object_lock(&r->object);
    for (size_t i = 0; i < words; i++, bits -= 32) {
        uint32_t word = next_word(r);
        if (bits < 32)
            word >>= 32 - bits;
        limbs[i / 2] |= (uint64_t)word << i % 2 * 32;
    }
    object_unlock(&r->object);
    Value v = int_from_limbs(t, limbs, words / 2 + 1, false);
    free(limbs);
    return v;
}

static Value getstate(Thread *t, Value *args) {
    RandomObject *r = as_random(args[0]);
    Value state = TRY(tuple_new(t, WORDS + 1));
    object_lock(&r->object);
    for (size_t i = 0; i < WORDS; i++)
        tuple_set(state, i, small_int(r->state[i]));
    tuple_set(state, WORDS, small_int(r->index));
    object_unlock(&r->object);
    return state;
}

static Value set_state(Thread *t, Value *args) {
    RandomObject *r = as_random(args[0]);
    uint32_t words[WORDS];
    if (!is_tuple(args[1]))
        return raise_type_error(t, "state vector must be a tuple");
    if (tuple_length(args[1]) != WORDS + 1)
        return raise_value_error(t, "state vector is the wrong size");
    for (size_t i = 0; i <= WORDS; i++) {
        Value v = tuple_get(args[1], i);
        uint64_t word;
        if (!is_int(v))
            return raise_type_error(t, "an integer is required");
        if (i == WORDS)
            break;
        if (!int_to_u64(v, &word))
            return raise_overflow_error(t, int_sign(v) < 0 ? "can't convert negative value to unsigned int"
                                                           : "Python int too large to convert to C unsigned long");
        words[i] = (uint32_t)word;
    }
    int64_t index;
    CHECK(as_c_long(t, tuple_get(args[1], WORDS), &index));
    if (index < 0 || index > WORDS)
        return raise_value_error(t, "invalid state");
    memcpy(r->state, words, sizeof words);
    r->index = (uint32_t)index;
    return NONE;
}

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", new, NULL},
    {"__init__(self, seed=<unrepresentable>, /)", init, NULL, NATIVE_NO_SIGNATURE},
    {"random(self, /)", random_, "A float from 0 up to, but not including, 1."},
    {"seed(self, n=None, /)", seed, "Sets the state from an int, another hashable object, or entropy."},
    {"getstate(self, /)", getstate, "The state as a tuple of ints."},
    {"setstate(self, state, /)", set_state, "Sets the state to what getstate gave."},
    {"getrandbits(self, k, /)", getrandbits, "An int of k random bits."},
    {NULL, NULL, NULL, 0},
};

MODULE_TYPE(random_type, _random) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "_random.Random",
    .doc = "A Mersenne Twister.",
    .base_static = &object_type,
    .methods = methods,
    .flags = TYPE_BASE,
    .instance_size = sizeof(RandomObject),
};

static bool add_types(Thread *t, Value module) { return module_add_type(t, module, &random_type); }

NATIVE_MODULE(_random) = {.name = "_random", .doc = "The generator behind random.", .init = add_types};
