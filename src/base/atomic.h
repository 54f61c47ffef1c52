/* The one vocabulary for words that several threads share.
 *
 * Memory model: a reader of published storage uses load_acquire, its publisher store_release; counters and
 * hints use the relaxed forms; read-modify-write operations are sequentially consistent. Nothing else in the
 * tree uses <stdatomic.h> or compiler builtins directly. Plain fields of an unpublished object need none of it.
 *
 * load_dependent is load_acquire for a reader that goes on through what it loaded (a pointer that it follows, an index that
 * it uses), or with further loads of this vocabulary: those come after it. Plain loads that do not depend on the value
 * may come before it. So the compiler may keep in registers what it knows already, as after a plain load.
 *
 * On x86-64 the processor keeps loads in order, so that only the compiler has to: it neither drops, repeats nor splits a
 * volatile load of a word, and keeps such loads in order among themselves. It also joins them with the instruction that uses
 * the word, as it does not do with its own atomic loads; in handlers that are a few instructions long this counts.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef KRAIT_UNTHREADED
enum { UNTHREADED = false };
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define load_relaxed(p) (*(const volatile typeof(*(p)) *)(p))
#define load_dependent(p) load_relaxed(p)
#else
#define load_relaxed(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define load_dependent(p) load_acquire(p)
#endif
#define load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define load_seq_cst(p) __atomic_load_n((p), __ATOMIC_SEQ_CST)
#define store_relaxed(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define store_seq_cst(p, v) __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)
#define fetch_add(p, v) __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define fetch_sub(p, v) __atomic_fetch_sub((p), (v), __ATOMIC_SEQ_CST)
#define fetch_or(p, v) __atomic_fetch_or((p), (v), __ATOMIC_SEQ_CST)
#define fetch_and(p, v) __atomic_fetch_and((p), (v), __ATOMIC_SEQ_CST)
#define exchange(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define fence_seq_cst() __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* Stores `desired` in `*p` if it held `*expected`; otherwise puts what it held in `*expected`. */
#define compare_exchange(p, expected, desired) \
    __atomic_compare_exchange_n((p), (expected), (desired), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#else
/* A build for measuring only (VARIANT=unthreaded): what one thread would cost without the machinery for more. Starting a second
 * one is an error that nobody reports. */
enum { UNTHREADED = true };
#define load_relaxed(p) (*(p))
#define load_dependent(p) (*(p))
#define load_acquire(p) (*(p))
#define load_seq_cst(p) (*(p))
#define store_relaxed(p, v) ((void)(*(p) = (v)))
#define store_release(p, v) ((void)(*(p) = (v)))
#define store_seq_cst(p, v) ((void)(*(p) = (v)))
#define exchange_by(p, new)      \
    ({                           \
        auto at_ = (p);          \
        auto before_ = *at_;     \
        *at_ = (new);            \
        before_;                 \
    })
#define fetch_add(p, v) exchange_by(p, before_ + (v))
#define fetch_sub(p, v) exchange_by(p, before_ - (v))
#define fetch_or(p, v) exchange_by(p, before_ | (v))
#define fetch_and(p, v) exchange_by(p, before_ & (v))
#define exchange(p, v) exchange_by(p, v)
#define fence_seq_cst() ((void)0)
#define compare_exchange(p, expected, desired)          \
    ({                                                  \
        auto place_ = (p);                              \
        bool equal_ = *place_ == *(expected);           \
        if (equal_)                                     \
            *place_ = (desired);                        \
        else                                            \
            *(expected) = *place_;                      \
        equal_;                                         \
    })
#endif

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
