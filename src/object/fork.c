/* See fork.h.
 *
 * Threads: the world is stopped around the system's fork, so that no other thread holds a lock of the heap or is half-way
 * through a change of it when its copy vanishes in the child.
 */
#include "object/fork.h"

#include "object/call.h"
#include "object/interrupts.h"
#include "object/isolate.h"
#include "object/thread.h"
#include "object/type_internal.h"
#include "os/os.h"
#include "types/list.h"

static void run_hook(Thread *t, void (*hook)(Thread *t)) {
    if (hook)
        hook(t);
}

static void become_only_thread(Thread *t) {
    thread_is_only_one_after_fork(); /* no object's lock is held at a safepoint */
    if (type_bases_lock.owner != t)
        type_bases_lock = (OwnedLock){0};
    heap_after_fork(t);
    t->is_main = true;
    t->drops = (Drops){0}; /* its account is the main thread's now */
    t->asyncio_loop = t->asyncio_task = NO_VALUE; /* they run in the parent */
    t->isolate->main_thread = t;
    run_hook(t, load_relaxed(&interrupt_hooks.after_fork));
    run_hook(t, load_relaxed(&interrupt_hooks.forget_other_threads));
}

static void prepare(Thread *t) {
    stop_world(t);
    runtime_fork_begin(t);
}

static pid_t finish(Thread *t, pid_t pid) {
    int error = errno;
    runtime_fork_end(t, pid == 0);
    if (pid == 0)
        become_only_thread(t);
    start_world(t);
    errno = error;
    return pid;
}

pid_t process_fork(Thread *t) {
    prepare(t);
    return finish(t, os_fork(&t->isolate->capabilities));
}

pid_t process_forkpty(Thread *t, int *master) {
    prepare(t);
    return finish(t, os_forkpty(&t->isolate->capabilities, master));
}

pid_t process_vfork(Thread *t, void (*child)(void *context), void *context) {
    stop_world(t);
    pid_t pid = os_vfork(&t->isolate->capabilities, child, context);
    int error = errno;
    start_world(t);
    errno = error;
    return pid;
}

bool fork_add_hook(Thread *t, ForkMoment moment, Value callable) {
    Value *slot = &t->isolate->slots[ISOLATE_FORK_HOOKS];
    if (absent(*slot)) {
        Value lists = list_new(t, 3);
        for (int i = 0; present(lists) && i < 3; i++) {
            Value list = list_new(t, 0);
            if (absent(list) || !list_append(t, lists, list))
                return false;
        }
        if (absent(lists))
            return false;
        isolate_keep(t, ISOLATE_FORK_HOOKS, lists);
    }
    return list_append(t, list_get(*slot, moment), callable);
}

bool fork_run_hooks(Thread *t, ForkMoment moment) {
    Value lists = t->isolate->slots[ISOLATE_FORK_HOOKS];
    if (absent(lists))
        return true;
    Value hooks = list_get(lists, moment);
    size_t count = list_length(hooks);
    for (size_t i = 0; i < count; i++) {
        Value hook = list_get(hooks, moment == FORK_BEFORE ? count - 1 - i : i);
        if (present(hook) && absent(call_0(t, hook)))
            error_write_unraisable(t, NULL, hook);
    }
    return true;
}
