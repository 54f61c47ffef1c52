/* Marking by several threads.
 *
 * A collection marks alone until it has met so many objects that others can help: then it hands what lies at the bottom of
 * its mark stack, the oldest and so likely the largest parts of the graph, to a common stack, from which helpers take. Who
 * runs out of work takes from there; who has plenty gives while that stack is low. All are done when it is empty and each
 * of those that came has nothing left. A helper that the system has not let run by then comes too late and is not missed.
 *
 * Which of them traces an object is decided by an atomic operation on its mark bit; so trace functions run for different
 * objects at once, and may write to nothing but the tracer, or, atomically, what is the same for all of them.
 *
 * Threads: helpers are native threads that no isolate knows and no signal reaches, one less than there are processors,
 * made when the first collection wants them. They touch cells only between two changes of `round`, while the thread that
 * collects waits in markers_drain with its world stopped and tracer_mutex held: one collection at a time has them. What
 * `pool` holds is guarded by its mutex, but for `low`, a hint, and what says otherwise. In a forked child there are none.
 */
#include "heap/internal.h"

#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

enum {
    MOST_HELPERS = 7,
    HELPER_STACK_WORDS = 1 << 22,
    COMMON_WORDS = 1 << 16,
    LOW_WATER = 1 << 11, /* words of the common stack: below that, who can gives */
    PORTION = 512,       /* words that are taken at once */
    WORTH_SHARING = 128, /* words of a mark stack: with fewer, nothing is given away */
    C_STACK = 512 << 10,
};

static struct {
    Mutex mutex;
    bool started;          /* helpers were asked for */
    unsigned helpers;
    Tracer tracers[MOST_HELPERS];
    Tracer *leader;        /* the collection's own; NULL: nothing is to be marked */
    uint32_t round;        /* helpers sleep on it; changes when a collection wants them */
    uint32_t event;        /* those without work sleep on it; changes with each gift and at the end */
    unsigned present, idle; /* threads that take part, the leader included, and those without work */
    bool finished;
    uint32_t low;          /* the common stack is low (any thread reads it) */
    Object **words;        /* the common stack: as a mark stack */
    size_t count;
} pool;

void markers_fork_lock(void) { mutex_lock(&pool.mutex); }
void markers_fork_unlock(void) { mutex_unlock(&pool.mutex); }

void markers_after_fork(void) {
    pool.helpers = 0;
    pool.started = false;
}

static void note_event(void) {
    store_seq_cst(&pool.event, pool.event + 1);
    futex_wake(&pool.event, INT32_MAX);
}

static void update_low(void) { store_relaxed(&pool.low, (uint32_t)(pool.count < LOW_WATER)); }

bool markers_want_work(void) { return load_relaxed(&pool.low); }

/* Ranges are pairs of words, the upper of which has a tag: see tracer_drain. They must not be parted. */
void markers_give(Tracer *tracer) {
    if (tracer->depth < WORTH_SHARING)
        return;
    mutex_lock(&pool.mutex);
    size_t room = COMMON_WORDS - 1 - pool.count, given = tracer->depth / 2 < PORTION * 2 ? tracer->depth / 2 : PORTION * 2;
    if (given > room)
        given = room;
    if (given && is_tagged_word(tracer->stack[given]))
        given++;
    memcpy(pool.words + pool.count, tracer->stack, given * sizeof *pool.words);
    pool.count += given;
    tracer->depth -= given;
    memmove(tracer->stack, tracer->stack + given, tracer->depth * sizeof *tracer->stack);
    update_low();
    if (pool.idle)
        note_event();
    mutex_unlock(&pool.mutex);
}

/* The mutex is held, the tracer's stack empty. */
static void take(Tracer *tracer) {
    size_t start = pool.count > PORTION ? pool.count - PORTION : 0;
    if (is_tagged_word(pool.words[start]))
        start--;
    tracer->depth = pool.count - start;
    memcpy(tracer->stack, pool.words + start, tracer->depth * sizeof *pool.words);
    pool.count = start;
    update_low();
}

/* Marks until nobody has any work left. The mutex is held, before and after. */
static void work(Tracer *tracer) {
    while (!pool.finished) {
        if (tracer->depth == 0 && pool.count)
            take(tracer);
        if (tracer->depth) {
            mutex_unlock(&pool.mutex);
            tracer_drain(tracer);
            mutex_lock(&pool.mutex);
            continue;
        }
        if (++pool.idle == pool.present) {
            pool.finished = true;
            note_event();
            return;
        }
        uint32_t seen = pool.event;
        mutex_unlock(&pool.mutex);
        futex_wait(&pool.event, seen, -1);
        mutex_lock(&pool.mutex);
        pool.idle--;
    }
}

static void *help(void *context) {
    Tracer *tracer = context;
    uint32_t seen = 0;
    for (;;) {
        futex_wait(&pool.round, seen, -1);
        mutex_lock(&pool.mutex);
        seen = pool.round;
        if (pool.leader && !pool.finished) {
            pool.present++;
            tracer->heap = pool.leader->heap;
            tracer->weakly = pool.leader->weakly;
            memset(tracer->notes, 0, sizeof tracer->notes);
            work(tracer);
            pool.present--;
            note_event();
        }
        mutex_unlock(&pool.mutex);
    }
    return NULL;
}

static unsigned processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* The mutex is held. What cannot be had is done without. */
static void start_helpers(void) {
    pthread_attr_t attributes;
    sigset_t all, old;
    unsigned wanted = processors() - 1 < MOST_HELPERS ? processors() - 1 : MOST_HELPERS;
    pool.started = true;
    if (!pool.words)
        pool.words = memory_reserve(COMMON_WORDS * sizeof *pool.words, 4096);
    if (!pool.words || wanted == 0 || pthread_attr_init(&attributes) != 0)
        return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, C_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* inherited: Python's signals are not for helpers */
    while (pool.helpers < wanted) {
        Tracer *tracer = &pool.tracers[pool.helpers];
        pthread_t thread;
        tracer->capacity = HELPER_STACK_WORDS;
        tracer->shared = true;
        if (!tracer->stack && !(tracer->stack = memory_reserve(HELPER_STACK_WORDS * sizeof(Object *), 4096)))
            break;
        if (pthread_create(&thread, &attributes, help, tracer) != 0)
            break;
        pool.helpers++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
}

/* What helpers found besides cells to mark. */
static void gather(Tracer *leader) {
    for (unsigned i = 0; i < pool.helpers; i++) {
        Tracer *tracer = &pool.tracers[i];
        leader->overflowed |= tracer->overflowed;
        tracer->overflowed = false;
        tracer_shrink(tracer);
    }
}

void markers_call_marked(void) {
    for (unsigned i = 0; i < pool.helpers; i++)
        tracer_call_marked(&pool.tracers[i]);
}

void markers_forget_dead(void) {
    for (unsigned i = 0; i < pool.helpers; i++)
        tracer_forget_dead(&pool.tracers[i]);
}

bool markers_mark_lenders(Tracer *tracer) {
    bool found = false;
    for (unsigned i = 0; i < pool.helpers; i++)
        found |= tracer_mark_lenders(tracer, &pool.tracers[i]);
    return found;
}

void markers_drain(Tracer *tracer) {
    mutex_lock(&pool.mutex);
    if (!pool.started && !UNTHREADED)
        start_helpers();
    if (pool.helpers) {
        tracer->shared = true;
        pool.leader = tracer;
        pool.finished = false;
        pool.present = 1;
        pool.idle = 0;
        update_low();
        store_seq_cst(&pool.round, pool.round + 1);
        futex_wake(&pool.round, INT32_MAX);
        work(tracer);
        while (pool.present > 1) { /* the others are on their way out */
            uint32_t seen = pool.event;
            mutex_unlock(&pool.mutex);
            futex_wait(&pool.event, seen, -1);
            mutex_lock(&pool.mutex);
        }
        pool.leader = NULL;
        store_relaxed(&pool.low, 0u);
        tracer->shared = false;
        gather(tracer);
    }
    mutex_unlock(&pool.mutex);
    tracer_drain(tracer);
}
