/* Where the living cells of an isolate were made.
 *
 * While allocations are traced (heap_trace_allocations) each new cell is written into a table with its size and its traceback: the
 * places, as code object and instruction, that its thread was at. Equal tracebacks are kept once. Lines are looked up when somebody
 * asks. A collection takes the cells out that it finds dead. Storage of lists, dicts and the like are cells, and stand in the table
 * like any other.
 * Threads: the table has its mutex, under which nothing is allocated from the heap. It is replaced as a whole with the world stopped;
 * who goes on reading one holds it. One that is replaced while it is held stays among the isolate's, whose code objects live, until a
 * collection finds that nobody holds it.
 */
#pragma once
#include "compile/code.h"
#include "object/thread.h"

enum { MOST_FRAMES = 65535 }; /* that a limit may ask for, and that are counted */

typedef struct Place {
    CodeObject *code;
    uint32_t instruction;
} Place;

typedef struct TracebackRecord {
    uint32_t hash;
    uint32_t count; /* places, the innermost first */
    uint32_t depth; /* how many frames there were */
    Place places[];
} TracebackRecord;

typedef struct TracedCell {
    uintptr_t cell; /* 0: free, TRACED_GONE: a cell that was taken out */
    size_t size;
    uint32_t traceback; /* index in `tracebacks` */
} TracedCell;
enum { TRACED_GONE = 1 };

typedef struct AllocationTraces {
    Mutex mutex;
    uint32_t holders; /* atomic: the isolate, as long as it is one of its own, and those who read it */
    uint32_t limit;   /* of frames in a traceback */
    struct AllocationTraces *next; /* among the isolate's replaced ones */
    TracedCell *cells; /* open addressing */
    size_t cell_capacity, cell_used, cell_count; /* used: with those that were taken out */
    TracebackRecord **tracebacks;
    size_t traceback_count, traceback_capacity;
    uint32_t *index; /* of the tracebacks by hash, plus one; open addressing */
    size_t index_capacity;
    size_t bytes, peak; /* of all cells in it */
    size_t memory;      /* that the tables take */
} AllocationTraces;

/* Replaces the isolate's table by an empty one, or by none where limit is 0, and begins or ends to trace. false: no memory, nothing
 * changed. */
bool traces_replace(Thread *t, uint32_t limit);
AllocationTraces *traces_hold(Thread *t); /* NULL: there is none */
void traces_release(AllocationTraces *traces);
/* The cell's entry. false: it has none. */
bool traces_find(AllocationTraces *traces, const void *cell, TracedCell *found);
