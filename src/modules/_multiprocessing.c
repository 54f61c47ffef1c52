/* _multiprocessing: semaphores that processes share.
 *
 * A SemLock is a semaphore of the system and what this process knows of it: how often it was acquired here, and by which
 * thread last. A recursive mutex that this thread holds already is only counted.
 * Threads: the semaphore does the synchronising; `count` and `owner` are atomic words, exact for the thread that holds it.
 */
#include "modules/os_support.h"
#include "object/operators.h"
#include "object/type_internal.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"

#include <limits.h>

enum { RECURSIVE_MUTEX, SEMAPHORE };

typedef struct SemLockObject {
    Object object;
    sem_t *handle; /* SEM_FAILED: none */
    int kind, maximum;
    uint64_t owner; /* the thread that acquired it last */
    int64_t count;  /* acquired minus released */
    Value name;     /* a str, or absent */
} SemLockObject;

extern Type semlock_type;
static SemLockObject *as_semlock(Value v) { return (SemLockObject *)v.bits; }

static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((SemLockObject *)o)->name); }

static void release(Object *o) {
    sem_t *handle = ((SemLockObject *)o)->handle;
    if (handle != SEM_FAILED)
        os_sem_close(&(Capabilities){CAPABILITY_DESCRIPTORS}, handle);
}

static bool is_mine(Thread *t, SemLockObject *s) {
    return load_relaxed(&s->count) > 0 && load_relaxed(&s->owner) == t->id;
}

static const char *name_of(Thread *t, Value name, const char *function) {
    size_t length;
    if (!is_str(name)) {
        raise_type_error(t, "%s must be str, not %T", function, name);
        return NULL;
    }
    const char *text = str_utf8(t, name, &length);
    if (text && strlen(text) != length) {
        raise_value_error(t, "embedded null character");
        return NULL;
    }
    return text;
}

static Value make(Thread *t, Type *type, sem_t *handle, int kind, int maximum, Value name) {
    SemLockObject *s = type_allocate(t, type);
    if (!s) {
        if (handle != SEM_FAILED)
            os_sem_close(capabilities(t), handle);
        return NO_VALUE;
    }
    s->handle = handle;
    s->kind = kind;
    s->maximum = maximum;
    store(s, &s->name, name);
    return from_object(s);
}

static Value semlock_new(Thread *t, Value *args) {
    int kind, value, maximum;
    bool unlink;
    CHECK(as_c_int(t, args[1], &kind) && as_c_int(t, args[2], &value) && as_c_int(t, args[3], &maximum));
    const char *name = name_of(t, args[4], "SemLock() argument 'name'");
    CHECK(name && as_bool(t, args[5], &unlink));
    if (kind != RECURSIVE_MUTEX && kind != SEMAPHORE)
        return raise_value_error(t, "unrecognized kind");
    sem_t *handle = os_sem_open(capabilities(t), name, O_CREAT | O_EXCL, 0600, (unsigned)value);
    if (handle == SEM_FAILED)
        return os_error(t);
    if (unlink && os_sem_unlink(capabilities(t), name) < 0) {
        Value error = os_error(t);
        os_sem_close(capabilities(t), handle);
        return error;
    }
    return make(t, as_type(args[0]), handle, kind, maximum, unlink ? NO_VALUE : args[4]);
}

/* In another process: by name. Without one the handle is of memory that a fork shares. */
static Value semlock_rebuild(Thread *t, Value *args) {
    uint64_t address;
    int kind, maximum;
    const char *name = is_none(args[4]) ? NULL : name_of(t, args[4], "_rebuild() argument 4");
    CHECK((name || is_none(args[4])) && as_c_int(t, args[2], &kind) && as_c_int(t, args[3], &maximum));
    if (!is_int(args[1]) || !int_to_u64(args[1], &address))
        return raise_type_error(t, "an integer is required");
    sem_t *handle = name ? os_sem_open(capabilities(t), name, 0, 0, 0) : (sem_t *)address;
    if (name && handle == SEM_FAILED)
        return os_error(t);
    return make(t, as_type(args[0]), handle, kind, maximum, name ? args[4] : NO_VALUE);
}

static bool deadline_after(Thread *t, Value timeout, struct timespec *until) {
    double seconds;
    if (!to_double(t, timeout, &seconds))
        return false;
    if (!(seconds > 0))
        seconds = 0;
    if (seconds > 1e9)
        seconds = 1e9;
    clock_gettime(CLOCK_MONOTONIC, until);
    int64_t nanoseconds = until->tv_nsec + (int64_t)((seconds - (double)(int64_t)seconds) * 1e9);
    until->tv_sec += (int64_t)seconds + nanoseconds / 1000000000;
    until->tv_nsec = nanoseconds % 1000000000;
    return true;
}

static Value acquired(Thread *t, SemLockObject *s) {
    store_relaxed(&s->owner, t->id); /* first: who had it before must not take it for its own */
    fetch_add(&s->count, INT64_C(1));
    return TRUE;
}

static Value acquire(Thread *t, SemLockObject *s, bool block, Value timeout) {
    struct timespec until;
    if (s->kind == RECURSIVE_MUTEX && is_mine(t, s)) {
        fetch_add(&s->count, INT64_C(1));
        return TRUE;
    }
    bool timed = !is_none(timeout);
    CHECK(!timed || deadline_after(t, timeout, &until));
    if (os_sem_trywait(capabilities(t), s->handle) == 0)
        return acquired(t, s);
    if (errno != EAGAIN)
        return os_error(t);
    if (!block)
        return FALSE;
    long result = OS_BLOCKING(t, timed ? os_sem_clockwait(capabilities(t), s->handle, CLOCK_MONOTONIC, &until)
                                       : os_sem_wait(capabilities(t), s->handle));
    if (result == 0)
        return acquired(t, s);
    return errno == ETIMEDOUT && !error_pending(t) ? FALSE : os_error(t);
}

static Value semlock_acquire(Thread *t, Value *args) {
    int block = truth(t, args[1]);
    CHECK(block >= 0);
    return acquire(t, as_semlock(args[0]), block, args[2]);
}

static Value semlock_enter(Thread *t, Value *args) { return acquire(t, as_semlock(args[0]), true, NONE); }

static Value semlock_release(Thread *t, Value *args) {
    SemLockObject *s = as_semlock(args[0]);
    int value;
    if (s->kind == RECURSIVE_MUTEX) {
        if (!is_mine(t, s))
            return raise_error(t, &AssertionError_type, "attempt to release recursive lock not owned by thread");
        if (load_relaxed(&s->count) > 1) {
            fetch_sub(&s->count, INT64_C(1));
            return NONE;
        }
    } else {
        if (os_sem_getvalue(capabilities(t), s->handle, &value) < 0)
            return os_error(t);
        if (value >= s->maximum)
            return raise_value_error(t, "semaphore or lock released too many times");
    }
    fetch_sub(&s->count, INT64_C(1)); /* before another thread can acquire it */
    if (os_sem_post(capabilities(t), s->handle) < 0) {
        fetch_add(&s->count, INT64_C(1));
        return os_error(t);
    }
    return NONE;
}

static Value semlock_count(Thread *t, Value *args) { return small_int(load_relaxed(&as_semlock(args[0])->count)); }
static Value semlock_is_mine(Thread *t, Value *args) { return from_bool(is_mine(t, as_semlock(args[0]))); }

static Value semlock_get_value(Thread *t, Value *args) {
    int value;
    if (os_sem_getvalue(capabilities(t), as_semlock(args[0])->handle, &value) < 0)
        return os_error(t);
    return small_int(value < 0 ? 0 : value);
}

static Value semlock_is_zero(Thread *t, Value *args) {
    int value;
    if (os_sem_getvalue(capabilities(t), as_semlock(args[0])->handle, &value) < 0)
        return os_error(t);
    return from_bool(value == 0);
}

static Value semlock_after_fork(Thread *t, Value *args) {
    store_relaxed(&as_semlock(args[0])->count, INT64_C(0));
    return NONE;
}

static Value get_handle(Thread *t, Value *args) { return int_from_unsigned(t, (uintptr_t)as_semlock(args[0])->handle); }
static Value get_kind(Thread *t, Value *args) { return small_int(as_semlock(args[0])->kind); }
static Value get_maximum(Thread *t, Value *args) { return small_int(as_semlock(args[0])->maximum); }

static const GetSetDef getset[] = {
    {"handle", get_handle, NULL, ""}, {"kind", get_kind, NULL, ""}, {"maxvalue", get_maximum, NULL, ""}, {0}};
static const MemberDef members[] = {{"name", MEMBER_VALUE, offsetof(SemLockObject, name), true, ""}, {0}};

static const NativeDef methods[] = {
    {"__new__(type, kind, value, maxvalue, name, unlink)", semlock_new, NULL, NATIVE_NO_SIGNATURE},
    GETATTRIBUTE_ROW,
    SETATTR_ROWS,
    {"acquire(self, block=True, timeout=None)", semlock_acquire, "Acquire the semaphore/lock."},
    {"release(self, /)", semlock_release, "Release the semaphore/lock."},
    {"_count(self, /)", semlock_count, "Num of `acquire()`s minus num of `release()`s for this process."},
    {"_is_mine(self, /)", semlock_is_mine, "Whether the lock is owned by this thread."},
    {"_get_value(self, /)", semlock_get_value, "Get the value of the semaphore."},
    {"_is_zero(self, /)", semlock_is_zero, "Return whether semaphore has value zero."},
    {"_after_fork(self, /)", semlock_after_fork, "Rezero the net acquisition count after fork()."},
    {"_rebuild(type, handle, kind, maxvalue, name, /)", semlock_rebuild, "", NATIVE_CLASS},
    {"__enter__(self, /)", semlock_enter, "Enter the semaphore/lock."},
    {"__exit__(self, exc_type=None, exc_value=None, exc_tb=None, /)", semlock_release, "Exit the semaphore/lock."},
    {0},
};

static bool add_constants(Thread *t, Type *type) {
    return dict_set_text(t, type->dict, "SEM_VALUE_MAX", small_int(SEM_VALUE_MAX));
}

MODULE_TYPE(semlock_type, _multiprocessing) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_multiprocessing.SemLock",
    .doc = "Semaphore/Mutex type",
    .methods = methods,
    .getset = getset,
    .members = members,
    .add_constants = add_constants,
    .flags = TYPE_BASE,
    .instance_size = sizeof(SemLockObject),
};

static Value sem_unlink_(Thread *t, Value *args) {
    const char *name = name_of(t, args[0], "sem_unlink() argument");
    CHECK(name);
    return os_sem_unlink(capabilities(t), name) < 0 ? os_error(t) : NONE;
}

static const NativeDef functions[] = {{"sem_unlink(name, /)", sem_unlink_, ""}, {0}};

static bool init(Thread *t, Value module) {
    Value flags = dict_new(t);
    return present(flags) && module_add_type(t, module, &semlock_type) &&
           dict_set_text(t, flags, "HAVE_SEM_OPEN", small_int(1)) &&
           dict_set_text(t, flags, "HAVE_SEM_TIMEDWAIT", small_int(1)) && module_add(t, module, "flags", flags);
}

NATIVE_MODULE(_multiprocessing) = {.name = "_multiprocessing", .functions = functions, .init = init};
