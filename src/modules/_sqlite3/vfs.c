/* The library's door to files: each of its own ways to the system (VFS), in front of which the capabilities of the isolate are
 * asked for that the calling thread runs in. So what SQL opens (ATTACH, VACUUM INTO, temporary files) is asked as well.
 *
 * A thread without a record is one of the library's own or of the collector: it goes on with what was allowed before.
 * Threads: guards are made once and constant then.
 */
#include "modules/_sqlite3/sqlite.h"

#include <pthread.h>

static bool allowed(uint32_t needed) {
    Thread *t = thread_current();
    return !t || capability_check(capabilities(t), (Capability)needed);
}

static int guarded_open(sqlite3_vfs *guard, const char *name, sqlite3_file *file, int flags, int *out) {
    sqlite3_vfs *original = guard->pAppData;
    file->pMethods = NULL;
    if (!allowed(CAPABILITY_FILES_READ | (flags & SQLITE_OPEN_READONLY ? 0 : CAPABILITY_FILES_WRITE)))
        return SQLITE_PERM;
    return original->xOpen(original, name, file, flags, out);
}

static int guarded_delete(sqlite3_vfs *guard, const char *name, int synchronize) {
    sqlite3_vfs *original = guard->pAppData;
    return allowed(CAPABILITY_FILES_WRITE) ? original->xDelete(original, name, synchronize) : SQLITE_PERM;
}

static int guarded_access(sqlite3_vfs *guard, const char *name, int flags, int *out) {
    sqlite3_vfs *original = guard->pAppData;
    return allowed(CAPABILITY_FILES_READ) ? original->xAccess(original, name, flags, out) : SQLITE_PERM;
}

static int guarded_full_name(sqlite3_vfs *guard, const char *name, int size, char *out) {
    sqlite3_vfs *original = guard->pAppData;
    return allowed(CAPABILITY_FILES_READ) ? original->xFullPathname(original, name, size, out) : SQLITE_PERM;
}

/* Native code is not held back by capabilities: it is loaded only by who has all of them. */
static void *guarded_load(sqlite3_vfs *guard, const char *name) {
    sqlite3_vfs *original = guard->pAppData;
    return allowed(CAPABILITY_ALL) ? original->xDlOpen(original, name) : NULL;
}

static void guard_all(void) {
    static sqlite3_vfs guards[8];
    size_t count = 0;
    sqlite3_vfs *originals[sizeof guards / sizeof *guards], *first = sqlite3_vfs_find(NULL);
    for (sqlite3_vfs *v = first; v; v = v->pNext) {
        if (strcmp(v->zName, "memdb") == 0) /* touches no file */
            continue;
        if (count == sizeof guards / sizeof *guards)
            abort(); /* a library with more ways than any known one: none may stay open */
        originals[count++] = v;
    }
    for (size_t i = 0; i < count; i++) {
        guards[i] = *originals[i];
        guards[i].pNext = NULL;
        guards[i].pAppData = originals[i];
        guards[i].xOpen = guarded_open;
        guards[i].xDelete = guarded_delete;
        guards[i].xAccess = guarded_access;
        guards[i].xFullPathname = guarded_full_name;
        guards[i].xDlOpen = guarded_load;
        sqlite3_vfs_unregister(originals[i]);
        sqlite3_vfs_register(&guards[i], originals[i] == first);
    }
}

void sqlite_guard_files(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sqlite3_initialize();
    pthread_once(&once, guard_all);
}
