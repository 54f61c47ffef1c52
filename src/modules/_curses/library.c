/* The library's lock, what waits without it, and windows that nobody holds any more. See curses.h. */
#include "modules/_curses/curses.h"

#include "types/list.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static Mutex lock;
static _Thread_local bool inside; /* this thread has the lock */
static WindowHandle *dropped;     /* nobody holds them: pushed by anybody, taken with the lock held */

CursesProgress curses_progress;

/* Windows that nobody holds */

void curses_handle_drop(WindowHandle *h) {
    if (fetch_sub(&h->holders, 1u) != 1)
        return;
    h->next = load_relaxed(&dropped);
    while (!compare_exchange(&dropped, &h->next, h))
        ;
}

/* A window with parts is not deleted: those come first, in the next round. */
static void delete_dropped(void) {
    static WindowHandle *waiting;
    for (WindowHandle *h = exchange(&dropped, (WindowHandle *)NULL), *next; h; h = next) {
        next = h->next;
        h->next = waiting;
        waiting = h;
    }
    for (bool more = true; more;) {
        more = false;
        for (WindowHandle **place = &waiting; *place;) {
            WindowHandle *h = *place;
            if (h->window != stdscr && delwin(h->window) == ERR) {
                place = &h->next;
                continue;
            }
            *place = h->next;
            free(h);
            more = true;
        }
    }
}

/* The lock */

void curses_enter(Thread *t) {
    blocking_begin(t);
    mutex_lock(&lock);
    inside = true;
    if (unlikely(load_relaxed(&dropped) != NULL))
        delete_dropped();
}

void curses_leave(Thread *t) {
    int number = errno;
    inside = false;
    mutex_unlock(&lock);
    blocking_end(t);
    errno = number;
}

void curses_before_fork(void) { mutex_lock(&lock); }
void curses_after_fork(void) { mutex_unlock(&lock); }

/* What the library calls where it waits. A handler of its own for a signal may come here as well, in a thread that does not have
 * the lock. */
#define WITHOUT_LOCK(call)              \
    ({                                  \
        bool had_ = inside;             \
        if (had_) {                     \
            inside = false;             \
            mutex_unlock(&lock);        \
        }                               \
        __auto_type result_ = (call);   \
        int number_ = errno;            \
        if (had_) {                     \
            mutex_lock(&lock);          \
            inside = true;              \
        }                               \
        errno = number_;                \
        result_;                        \
    })

ssize_t curses_read(int fd, void *to, size_t size);
ssize_t curses_read(int fd, void *to, size_t size) { return WITHOUT_LOCK(read(fd, to, size)); }
int curses_poll(struct pollfd *fds, nfds_t count, int timeout);
int curses_poll(struct pollfd *fds, nfds_t count, int timeout) {
    return timeout == 0 ? poll(fds, count, 0) : WITHOUT_LOCK(poll(fds, count, timeout));
}
int curses_nanosleep(const struct timespec *time, struct timespec *left);
int curses_nanosleep(const struct timespec *time, struct timespec *left) { return WITHOUT_LOCK(nanosleep(time, left)); }

/* State and errors */

Value curses_state(Thread *t, size_t i) { return list_get(t->isolate->slots[ISOLATE_CURSES], i); }

bool curses_state_set(Thread *t, size_t i, Value v) {
    Value *slot = &t->isolate->slots[ISOLATE_CURSES];
    if (absent(*slot)) {
        Value nothing[CURSES_STATES];
        for (size_t k = 0; k < CURSES_STATES; k++)
            nothing[k] = NONE;
        isolate_keep(t, ISOLATE_CURSES, list_from_values(t, nothing, CURSES_STATES));
    }
    if (present(*slot) && present(v))
        list_set(t, *slot, i, v);
    return present(*slot) && present(v);
}

Value curses_error(Thread *t, const char *function) {
    return raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "%s() returned ERR", function);
}
Value curses_null(Thread *t) {
    return raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "curses function returned NULL");
}

static bool called(Thread *t, const bool *flag, const char *function) {
    if (load_relaxed(flag))
        return true;
    raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "must call %s() first", function);
    return false;
}
bool curses_initialised(Thread *t) { return called(t, &curses_progress.initscr, "initscr"); }
bool curses_has_colors(Thread *t) { return curses_initialised(t) && called(t, &curses_progress.start_color, "start_color"); }
bool curses_has_terminal(Thread *t) { return called(t, &curses_progress.setupterm, "setupterm"); }

bool curses_allowed(Thread *t) {
    uint32_t needed = CAPABILITY_TERMINAL | CAPABILITY_DESCRIPTORS | CAPABILITY_FILES_READ | CAPABILITY_ENVIRONMENT;
    if (capability_check(capabilities(t), (Capability)needed))
        return true;
    os_error(t);
    return false;
}
