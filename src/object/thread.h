/* A Thread (one native thread running Python code in one isolate) and its Isolate.
 *
 * A Thread is private to its native thread, but for `heap.poll` and what stop_world allows others to see.
 * An Isolate's plain fields are written during its start-up and by the module that owns them, as said there.
 */
#pragma once
#include "base/lock.h"
#include "heap/safepoint.h"
#include "object/errors.h"
#include "os/capability.h"

typedef struct Isolate Isolate;
typedef struct Progress Progress; /* modules/_thread/_thread.c */
typedef struct Export Export; /* modules/_interpreters/export.c */
typedef struct Frame Frame; /* vm/frame.h */

/* What the running code let go of and when to look whether it is dead; owned by vm/drop.c. The objects are not traced. */
enum { MOST_DROPS = 4 };
typedef struct Drops {
    Object *objects[MOST_DROPS];
    Value removed; /* the attribute that instance_delete took away last; not traced, for whoever called it */
    uint32_t count, returned; /* flags of frames that returned: FRAME_HOLDS, FRAME_HOLDS_PASSED */
    bool old; /* some of the objects are not young */
    uint32_t lingering; /* instructions for which to wait before the next look */
    Frame *lingers_in;
    bool lingers_in_loop; /* before it has taken its next item */
    size_t settled, settled_at; /* how many finalizable objects were looked at after a return, as of which collection */
    uint32_t waiting, backoff; /* containers to pass by, and how many after the next look in vain */
    uint32_t waiting_noticed, vain; /* the same of objects whose death is noticed, and how many lived in a row */
    size_t collections; /* when the objects were noted */
    int64_t credit;
    uint64_t counted; /* bytes allocated, when credit was given for them */
} Drops;

struct Thread {
    HeapThread heap; /* must be first */
    Isolate *isolate;
    Value exception; /* pending; absent: none */
    Value handled;   /* the exception being handled (sys.exception()), absent or None: none */
    Frame *frame;    /* innermost Python frame: vm/frame.h; NULL before the first one */
    Frame *frame_limit; /* frames from here on are a recursion error */
    Value *stack;    /* register stack: one reserved range, [stack, stack_limit) */
    Value *stack_top; /* first word above the innermost frame: where native callers build frames */
    Value *stack_limit;
    char *c_stack_limit; /* recursion_enter fails below this address */
    uint32_t recursion_depth; /* Python frames and guarded C calls, against isolate->recursion_limit */
    uint32_t repr_depth;
    Value repr_running;  /* list of objects whose repr is running, or absent */
    Value context;       /* contextvars: current Context or absent */
    Value async_exception;
    Value trace_function, profile_function; /* sys.settrace, sys.setprofile */
    Value trace_self;
    Value asyncgen_firstiter, asyncgen_finalizer, coroutine_origin_depth;
    Value asyncio_loop, asyncio_task; /* what runs in this thread, or absent: modules/_asyncio */
    Value local_state;   /* what stands for the thread in threading.local, or absent */
    Value exception_scratch;
    Consumer *consumer;   /* of the innermost frame with FRAME_CONSUMED */
    const void *dispatch; /* the interpreter's current dispatch table */
    uint64_t id;          /* identifier as threading.get_ident gives it */
    int tracing;          /* depth of running trace functions */
    bool is_main;
    bool visiting; /* a thread of another isolate that runs something here */
    bool ending; /* its isolate ends: SystemExit unwinds it, past all handlers */
    void *vm_private;
    bool shared_caches_filled; /* since the last collection: vm/attribute_cache.h */
    Drops drops;
    /* The last exception that a `finally` or an `except` without match raised again, and where: unwind.c. For comparison
     * only. */
    struct {
        Frame *frame;
        uintptr_t exception;
        uint32_t index;
    } reraised;
};

/* One word of isolate-wide state each, for native modules and built-in types: t->isolate->slots[ISOLATE_x]. */
typedef enum IsolateSlot {
#define ISOLATE_SLOT(name) ISOLATE_##name,
#include "object/isolate_slots.def"
#undef ISOLATE_SLOT
    ISOLATE_SLOT_COUNT
} IsolateSlot;

/* What an isolate's code may do with threads and processes: the fields of CPython's PyInterpreterConfig. Memory and modules
 * are always its own; the fields that speak of these in CPython are kept for get_config to tell. */
typedef struct IsolateFeatures {
    bool use_main_obmalloc, allow_fork, allow_exec, allow_threads, allow_daemon_threads, check_multi_interp_extensions;
    uint8_t gil; /* 0 default, 1 shared, 2 own */
} IsolateFeatures;

typedef enum IsolateStage { ISOLATE_STARTING, ISOLATE_READY, ISOLATE_ENDING } IsolateStage;

struct Isolate {
    Heap *heap;
    Capabilities capabilities; /* what its code may ask of the operating system */
    Value modules;        /* sys.modules */
    Value builtins;       /* dict of builtins */
    size_t own_builtins;  /* how many of them, from the first, are Krait's own */
    Value builtins_module, sys_module;
    Value sys_dict;
    Value interned;       /* weak table of interned strings, owned by types/str/intern.c */
    Value importlib;      /* the bootstrapped importlib._bootstrap module */
    Value import_function;
    Value codec_state;    /* owned by the codec registry */
    Value static_subclasses; /* dict: static type -> list of weak references */
    Value excepthook_fallback;
    Value slots[ISOLATE_SLOT_COUNT];
    Mutex type_mutex;     /* changes of heap types and shapes */
    Mutex intern_mutex;
    uint32_t recursion_limit;
    bool check_encodings; /* -X dev: names of encodings and error handlers are looked up even when nothing needs them */
    bool bytes_warning;   /* -b */
    bool no_debug_ranges; /* -X no_debug_ranges: code objects know lines only */
    struct ImportTimes {
        int64_t within; /* nanoseconds of the imports that the one under way has made */
        int depth;
        bool begun;
    } import_times; /* -X importtime: modules/import.c */
    int64_t int_max_str_digits;
    uint64_t next_type_version;
    uint64_t hash_secret[2];
    Thread *main_thread;
    struct Config *config; /* command line and environment: cli/config.h */
    void *vm_state;
    int frozen_override; /* by tests: above 0 frozen modules are in use, below 0 they are not, 0: as configured */
    bool finalizing; /* exit has begun: sys.is_finalizing(); see isolate_is_finalizing */
    IsolateFeatures features;
    struct ExceptionObject *last_memory_error; /* outside the heap: what is raised when not even an exception fits */
    struct {
        Mutex mutex;
        Thread *owner;
        uint32_t depth;
    } import_lock; /* modules/_imp.c */
    struct ThreadList {
        Mutex mutex;
        Progress *first;      /* of its threads, until they end */
        uint32_t count;       /* running threads that it started (atomic) */
        size_t stack_size;    /* of new threads; 0: the system's default */
    } threads;               /* modules/_thread/_thread.c */
    struct ShapeIds {
        Mutex mutex;
        uint32_t next, end; /* the free ids of the run in use */
        uint32_t *runs;     /* first ids of all its runs */
        size_t count;
        uint32_t free, resting, last_resting, resting_count; /* lists of ids of shapes that are gone */
        uint32_t markings;   /* full ones; changes while the world is stopped */
        size_t retired, retired_at_last; /* retired shapes, now and when they were last a reason to collect (atomic) */
    } shape_ids; /* object/shape.c */
    struct {
        Mutex mutex;
        Export *first;
    } exports; /* memory of its objects that other isolates see */
    struct AllocationTraces *allocation_traces; /* modules/_tracemalloc: while it is on; changes while the world is stopped */
    struct AllocationTraces *replaced_traces;   /* likewise: older ones that somebody still reads */

    /* Guarded by the runtime's mutex: isolate.c. */
    int64_t id;
    IsolateStage stage;
    int whence;
    int64_t creator;    /* id of the isolate that made it, whose collector knows of it as... */
    size_t charge;      /* ...so many bytes of external memory */
    bool counted;       /* ends when the last counted reference is dropped */
    int64_t references; /* of _interpreters.incref */
    uint32_t holds;     /* threads, exports and the list: the memory stays while there are any (atomic) */
    bool running;       /* a thread runs in its __main__ */
    Isolate *next, *previous;
};

/* Its exit has begun, which its other threads may find at any time: what daemon threads hold is not waited for any more. */
static inline bool isolate_is_finalizing(const Isolate *isolate) { return load_relaxed(&isolate->finalizing); }

/* Writes a slot of the isolate, which all its threads see. Returns the value. */
static inline Value isolate_keep(Thread *t, IsolateSlot slot, Value value) {
    publish(value);
    store_release(&t->isolate->slots[slot].bits, value.bits);
    return value;
}

static inline bool error_pending(Thread *t) { return present(t->exception); }

/* Thread stacks are reserved ranges of this many words. */
enum { REGISTER_STACK_WORDS = 1 << 23 };

/* Process start: shape table, names, static types, the first isolate and its main thread. NULL on failure. */
struct Config;
/* hash_secret: two words that key the hashes of str and bytes. */
Thread *runtime_start(void *stack_start, struct Config *config, const uint64_t hash_secret[2]);
Thread *thread_new(Isolate *isolate); /* for a native thread about to start */
void thread_attach(Thread *t, void *stack_start); /* on the native thread itself: it may run Python code from now on */
void thread_attach_foreign(Thread *t, void *stack_start); /* the same on one that somebody else started */
void thread_free(Thread *t);                      /* on the native thread itself, at its end */
void thread_discard(Thread *t);                   /* one that was never attached */
/* Called by a thread that has seen another one end, holding no object's lock: if it is the only one left, the process has one
 * thread again (runtime_threaded). */
void thread_note_end_of_others(void);
void thread_note_start_of_other(void); /* called by the only thread, which is about to start another */
void thread_is_only_one_after_fork(void);
/* What else must know when runtime_threaded changes; set by vm. Other threads of the isolate do not run meanwhile. */
extern void (*runtime_threads_hook)(bool threaded);
extern void (*thread_release_hook)(Thread *t);     /* gives back vm_private; set by vm */
void thread_trace_fields(Tracer *tracer, Thread *t);
size_t thread_ids(Thread *t, uint64_t *ids, size_t capacity); /* of the isolate's threads, this one included; oldest first */
/* Interned strings that C code needs by name: names.__init__ and so on; see names.def. */
extern struct Names {
#define NAME(identifier) Value identifier;
#define NAME_AS(identifier, text) Value identifier;
#include "object/names.def"
#undef NAME
#undef NAME_AS
#define SLOT(identifier, arity) Value identifier;
#include "object/slots.def"
#undef SLOT
} names;
