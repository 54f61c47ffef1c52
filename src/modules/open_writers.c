#include "modules/open_writers.h"
#include "base/lock.h"
#include "heap/heap.h"
#include <stdlib.h>

struct OpenWriter {
    OpenWriter *next, **link;
    Isolate *isolate;
    dev_t device;
    ino_t inode;
    size_t collections; /* that there had been when it was opened */
    uint32_t asked;     /* how often somebody wanted to know */
};

static Mutex lock;
static OpenWriter *writers; /* also read without the lock, to find that there is none */

static size_t collections(Thread *t) {
    HeapStats stats;
    heap_stats(t->isolate->heap, &stats);
    return stats.collections[GENERATION_YOUNG] + stats.collections[GENERATION_FULL];
}

OpenWriter *open_writer_add(Thread *t, const struct stat *file) {
    OpenWriter *w = S_ISREG(file->st_mode) ? malloc(sizeof *w) : NULL;
    if (!w)
        return NULL;
    *w = (OpenWriter){.isolate = t->isolate, .device = file->st_dev, .inode = file->st_ino, .collections = collections(t)};
    mutex_lock(&lock);
    w->next = writers;
    w->link = &writers;
    if (w->next)
        w->next->link = &w->next;
    store_release(&writers, w);
    mutex_unlock(&lock);
    return w;
}

void open_writer_remove(OpenWriter *w) {
    if (!w)
        return;
    mutex_lock(&lock);
    if (w->next)
        w->next->link = w->link;
    store_release(w->link, w->next);
    mutex_unlock(&lock);
    free(w);
}

/* Which collection would find a stream of the file if it was dropped. */
typedef enum Search { SEARCH_NONE, SEARCH_YOUNG, SEARCH_ALL } Search;

/* A stream that is still in use is asked about more and more rarely: a log that somebody watches costs little. With `file`
 * NULL: any file, but only what a young collection finds. */
static Search search_needed(Thread *t, const struct stat *file) {
    Search needed = SEARCH_NONE;
    size_t now = collections(t);
    mutex_lock(&lock);
    for (OpenWriter *w = writers; w; w = w->next) {
        if (w->isolate != t->isolate || (file && (w->device != file->st_dev || w->inode != file->st_ino)))
            continue;
        bool young = w->collections == now;
        if (!file)
            needed = young > needed ? SEARCH_YOUNG : needed;
        else if ((w->asked & (w->asked + 1)) == 0 && needed < (young ? SEARCH_YOUNG : SEARCH_ALL))
            needed = young ? SEARCH_YOUNG : SEARCH_ALL;
        w->asked += file != NULL;
    }
    mutex_unlock(&lock);
    return needed;
}

/* Keeps what it needs of `path` out of the heap: a collection that does not look at this stack frees its parts. */
static bool search_and_restore(Thread *t, Search needed, Path *path, Value given, NativeStack below_entry) {
    size_t length = path->length;
    bool is_given = same(path->object, given);
    char name[length + 1];
    memcpy(name, path->name, length + 1);
    path->object = NO_VALUE;
    path->name = NULL;
    heap_collect_and_finalize_once(t, needed == SEARCH_YOUNG ? GENERATION_YOUNG : GENERATION_FULL, below_entry);
    if (!is_given && !error_pending(t))
        given = path_result(t, path, name, length);
    return !error_pending(t) && path_convert(t, given, path);
}

bool open_writers_exist(void) { return load_acquire(&writers) != NULL; }

bool open_writers_settle_known(Thread *t, const struct stat *file, Path *path, Value given, bool direct, bool *settled) {
    Search needed = open_writers_exist() && S_ISREG(file->st_mode) ? search_needed(t, file) : SEARCH_NONE;
    *settled = needed != SEARCH_NONE;
    return likely(!*settled) || search_and_restore(t, needed, path, given, direct ? STACK_UNSCANNED : STACK_SCANNED);
}

bool open_writers_settle(Thread *t, Path *path, Value given, int directory, bool direct) {
    if (likely(!open_writers_exist()) || !path->name)
        return true;
    struct stat file;
    bool settled;
    blocking_begin(t);
    int result = os_fstatat(capabilities(t), directory, path->name, &file, 0);
    blocking_end(t);
    return result != 0 || open_writers_settle_known(t, &file, path, given, direct, &settled);
}

void open_writers_settle_recent(Thread *t, bool direct) {
    if (open_writers_exist() && search_needed(t, NULL) != SEARCH_NONE)
        heap_collect_and_finalize_once(t, GENERATION_YOUNG, direct ? STACK_UNSCANNED : STACK_SCANNED);
}
