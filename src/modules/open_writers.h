/* Files that the program has open for writing, for the sake of those that it dropped without closing them.
 *
 * With reference counts a stream is flushed and closed when its last reference goes, and many programs rely on it:
 * `open(p, "w").write(text)`, then `open(p)`. Here the text would be in the dropped stream's buffer until a collection comes,
 * and reading the file, or writing it again, would find the wrong contents. So whoever opens or examines a file that some stream
 * still has open for writing first looks, with a collection, whether that stream was dropped.
 *
 * Threads: one list for the process, under a lock; of it an isolate settles only what is its own.
 */
#pragma once
#include "modules/os_support.h"
#include <sys/stat.h>

typedef struct OpenWriter OpenWriter;

OpenWriter *open_writer_add(Thread *t, const struct stat *file); /* NULL: no regular file, or no memory to note it */
void open_writer_remove(OpenWriter *w);                          /* NULL is allowed */

/* Where a path is about to be opened or examined: closes dropped streams that have that file open for writing. May run Python
 * code. `direct`: the interpreter itself called the native function that asks (vm_calls_directly), whose frame holds nothing
 * but its arguments and `path`, which came of `given`, one of them; leftovers on the C stack then keep no stream alive. */
bool open_writers_exist(void);
bool open_writers_settle(Thread *t, Path *path, Value given, int directory, bool direct);
/* The same where `file` says already what is known of it; *settled: that may be out of date now. */
bool open_writers_settle_known(Thread *t, const struct stat *file, Path *path, Value given, bool direct, bool *settled);
/* Before another program runs, which may read anything: closes dropped streams that were opened since the last collection. `direct`: as
 * above, and the native function has made nothing yet. */
void open_writers_settle_recent(Thread *t, bool direct);
