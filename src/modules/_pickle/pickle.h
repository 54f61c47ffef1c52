/* What the files of _pickle share: opcodes, the two machines, their memos and the module's state.
 *
 * Threads: a Pickler or Unpickler that works is claimed by compare-exchange on `running`; a second call, from this
 * thread or another one, gets RuntimeError. Whoever holds the claim has the object for itself.
 */
#pragma once
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/shape.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/module.h"
#include "types/set/set.h"
#include "types/str/str.h"
#include "types/tuple.h"

enum { PICKLE_DEFAULT_PROTOCOL = 5, PICKLE_HIGHEST_PROTOCOL = 5 };
enum { BATCH_SIZE = 1000 };               /* items between MARK and APPENDS, SETITEMS, ADDITEMS */
enum { FRAME_SIZE_TARGET = 64 * 1024, FRAME_SIZE_MIN = 4, FRAME_HEADER_SIZE = 9 };

typedef enum Opcode {
    OP_MARK = '(', OP_STOP = '.', OP_POP = '0', OP_POP_MARK = '1', OP_DUP = '2', OP_FLOAT = 'F', OP_INT = 'I',
    OP_BININT = 'J', OP_BININT1 = 'K', OP_LONG = 'L', OP_BININT2 = 'M', OP_NONE = 'N', OP_PERSID = 'P',
    OP_BINPERSID = 'Q', OP_REDUCE = 'R', OP_STRING = 'S', OP_BINSTRING = 'T', OP_SHORT_BINSTRING = 'U',
    OP_UNICODE = 'V', OP_BINUNICODE = 'X', OP_APPEND = 'a', OP_BUILD = 'b', OP_GLOBAL = 'c', OP_DICT = 'd',
    OP_EMPTY_DICT = '}', OP_APPENDS = 'e', OP_GET = 'g', OP_BINGET = 'h', OP_INST = 'i', OP_LONG_BINGET = 'j',
    OP_LIST = 'l', OP_EMPTY_LIST = ']', OP_OBJ = 'o', OP_PUT = 'p', OP_BINPUT = 'q', OP_LONG_BINPUT = 'r',
    OP_SETITEM = 's', OP_TUPLE = 't', OP_EMPTY_TUPLE = ')', OP_SETITEMS = 'u', OP_BINFLOAT = 'G',
    /* protocol 2 */
    OP_PROTO = 0x80, OP_NEWOBJ, OP_EXT1, OP_EXT2, OP_EXT4, OP_TUPLE1, OP_TUPLE2, OP_TUPLE3, OP_NEWTRUE, OP_NEWFALSE,
    OP_LONG1, OP_LONG4,
    /* protocol 3 */
    OP_BINBYTES = 'B', OP_SHORT_BINBYTES = 'C',
    /* protocol 4 */
    OP_SHORT_BINUNICODE = 0x8c, OP_BINUNICODE8, OP_BINBYTES8, OP_EMPTY_SET, OP_ADDITEMS, OP_FROZENSET, OP_NEWOBJ_EX,
    OP_STACK_GLOBAL, OP_MEMOIZE, OP_FRAME,
    /* protocol 5 */
    OP_BYTEARRAY8, OP_NEXT_BUFFER, OP_READONLY_BUFFER,
} Opcode;

/* The module's state, in an isolate slot: a tuple. The dicts are those of copyreg and _compat_pickle themselves. */
typedef enum PickleState {
    PICKLE_ERROR, PICKLING_ERROR, UNPICKLING_ERROR,
    DISPATCH_TABLE, EXTENSION_REGISTRY, INVERTED_REGISTRY, EXTENSION_CACHE,
    NAME_MAPPING, IMPORT_MAPPING, REVERSE_NAME_MAPPING, REVERSE_IMPORT_MAPPING,
    CODECS_ENCODE, PARTIAL, GETATTR,
    PICKLE_STATE_COUNT
} PickleState;
static inline Value pickle_state(Thread *t, PickleState which) { return tuple_get(t->isolate->slots[ISOLATE_PICKLE], which); }
#define PICKLING_FAIL(t, ...) raise_error(t, as_type(pickle_state(t, PICKLING_ERROR)), __VA_ARGS__)
#define UNPICKLING_FAIL(t, ...) raise_error(t, as_type(pickle_state(t, UNPICKLING_ERROR)), __VA_ARGS__)

/* The pickler's memo: which number an object has, found by its address. Objects in it stay alive. */
typedef struct MemoEntry {
    Value object; /* absent: free */
    size_t index;
} MemoEntry;
typedef struct Memo {
    MemoEntry *entries; /* `size` of them, in memory of its own */
    size_t used, size;  /* size: 0 or a power of two, more than used */
} Memo;

typedef struct Pickler {
    Object object;
    Value file_write;                    /* the file's write method, or absent: dumps() */
    Value dispatch_table;                /* the instance's own, or absent */
    Value persistent_id_attribute;       /* set on the instance, or absent */
    Value persistent_id, reducer_override; /* while dumping: the methods if there are any */
    Value buffer_callback;               /* or absent */
    Value fast_seen;                     /* fast mode: dict of the addresses of containers being written, or absent */
    Memo memo;
    char *output;                        /* being filled, in memory of its own; or NULL */
    size_t output_length, output_capacity;
    size_t frame_start;                  /* offset of the open frame's header in output, or NO_FRAME */
    int protocol;
    int64_t bin, fast;                   /* attributes; bin: protocol >= 1 */
    int fast_nesting;
    bool framing, fix_imports, initialized;
    uint32_t running;
    Type *plain_type;                    /* the last class whose instances need nobody's methods: save_objects.c */
    uint64_t plain_version;
} Pickler;
#define NO_FRAME SIZE_MAX

extern Type pickler_type, unpickler_type, pickle_buffer_type, pickler_memo_proxy_type, unpickler_memo_proxy_type;
static inline Pickler *as_pickler(Value v) { return (Pickler *)v.bits; }

/* memo.c */
[[nodiscard]] bool pickler_memo_find(const Memo *memo, Value object, size_t *index);
void pickler_memo_free(Memo *memo);
[[nodiscard]] bool pickler_memo_add(Thread *t, Pickler *p, Value object, size_t index);

/* output.c: what is written, in frames. Space for n bytes at the end, NULL: MemoryError; counted already. */
[[nodiscard]] bool output_start(Thread *t, Pickler *p);
[[nodiscard]] char *output_grow(Thread *t, Pickler *p, size_t n);
[[nodiscard]] bool output_frame_boundary(Thread *t, Pickler *p); /* between two operations: a full frame is closed */
[[nodiscard]] bool output_end_frame(Thread *t, Pickler *p);
[[nodiscard]] bool output_flush(Thread *t, Pickler *p); /* to the file */
Value output_take(Thread *t, Pickler *p);               /* everything as bytes; nothing is left */
void output_free(Pickler *p);
/* Header and payload; a large one leaves the frames and, given a file, goes there as `whole` (made when absent). */
[[nodiscard]] bool output_write_large(Thread *t, Pickler *p, const char *header, size_t header_size, const char *data,
                                      size_t size, Value whole);

static inline char *output_reserve(Thread *t, Pickler *p, size_t n) {
    if (likely((!p->framing || p->frame_start != NO_FRAME) && n <= p->output_capacity - p->output_length)) {
        char *at = p->output + p->output_length;
        p->output_length += n;
        return at;
    }
    return output_grow(t, p, n);
}
static inline bool write_bytes(Thread *t, Pickler *p, const void *data, size_t n) {
    char *to = output_reserve(t, p, n);
    if (likely(to != NULL))
        memcpy(to, data, n);
    return to != NULL;
}
static inline bool write_op(Thread *t, Pickler *p, Opcode op) {
    char *to = output_reserve(t, p, 1);
    if (likely(to != NULL))
        *to = (char)op;
    return to != NULL;
}

/* save.c */
[[nodiscard]] bool pickler_save(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_save_no_persistent(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_memoize(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_write_get(Thread *t, Pickler *p, Value v, bool *found); /* refers to v if it is in the memo */
[[nodiscard]] bool pickler_save_bytes(Thread *t, Pickler *p, Value object, const char *data, size_t n, Value whole);
[[nodiscard]] bool pickler_save_bytearray(Thread *t, Pickler *p, Value object, const char *data, size_t n, Value whole);
/* Adds the note "when serializing <type> <what>" to the pending exception; gives false. */
bool pickler_note(Thread *t, Value object, const char *what);
/* save_containers.c */
[[nodiscard]] bool pickler_save_tuple(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_save_list(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_save_dict(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_save_set(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_save_frozenset(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_batch_list(Thread *t, Pickler *p, Value iterator, Value object);
[[nodiscard]] bool pickler_batch_dict(Thread *t, Pickler *p, Value iterator, Value object);
/* Fast mode has no memo: a container within itself is noticed here, from a certain depth on. */
[[nodiscard]] bool pickler_fast_enter(Thread *t, Pickler *p, Value v);
bool pickler_fast_leave(Thread *t, Pickler *p, Value v, bool ok);
/* save_objects.c */
[[nodiscard]] bool pickler_save_global(Thread *t, Pickler *p, Value v, Value name); /* name absent: its own */
[[nodiscard]] bool pickler_save_type(Thread *t, Pickler *p, Value v);
[[nodiscard]] bool pickler_save_reduced(Thread *t, Pickler *p, Value reduced, Value v); /* what __reduce__ returned */
[[nodiscard]] bool pickler_save_call(Thread *t, Pickler *p, Value function, Value args, Value v); /* as if it had returned these */
[[nodiscard]] bool pickler_save_object(Thread *t, Pickler *p, Value v); /* by dispatch table or __reduce_ex__ */
/* pickler.c */
[[nodiscard]] bool pickler_configure(Thread *t, Pickler *p, Value protocol, Value fix_imports, Value buffer_callback);
[[nodiscard]] bool pickler_set_file(Thread *t, Pickler *p, Value file);
[[nodiscard]] bool pickler_dump(Thread *t, Pickler *p, Value v);

/* Reading */

typedef struct Unpickler {
    Object object;
    Value file_read, file_readinto, file_readline, file_peek; /* or absent */
    Value persistent_load_attribute, persistent_load; /* set on the instance; while loading: what to call, or absent */
    Value buffers;              /* an iterator, or absent */
    Value encoding, errors;     /* str */
    Slots *stack;               /* the first `depth` words are in use */
    Slots *memo;                /* by number; absent: not there */
    Value memo_far;             /* dict: numbers that would make `memo` mostly empty, or absent */
    Value marks;                /* bytes that hold size_t: depths of the stack at its marks; or absent */
    Value source;               /* keeps `input` alive */
    const char *input;
    size_t depth, mark_count, memo_length;
    size_t fence;               /* depth of the topmost mark */
    size_t input_length, input_next, peeked; /* peeked: input that the file has not given up yet */
    size_t input_limit;         /* where the open frame ends, else input_length */
    bool in_frame;
    int protocol;
    bool fix_imports, initialized;
    uint32_t running;
} Unpickler;
static inline Unpickler *as_unpickler(Value v) { return (Unpickler *)v.bits; }

/* input.c. NULL: exception pending. */
[[nodiscard]] const char *input_more(Thread *t, Unpickler *u, size_t n);
[[nodiscard]] const char *input_line(Thread *t, Unpickler *u, size_t *length); /* without its newline; not terminated */
[[nodiscard]] const char *input_full_line(Thread *t, Unpickler *u, size_t *length); /* the same; an empty one is an error */
[[nodiscard]] bool input_enter_frame(Thread *t, Unpickler *u, uint64_t n);
[[nodiscard]] bool input_read_into(Thread *t, Unpickler *u, char *to, size_t n);
[[nodiscard]] bool input_give_back(Thread *t, Unpickler *u); /* the file stands behind what was used */
static inline const char *input_read(Thread *t, Unpickler *u, size_t n) {
    if (likely(n <= u->input_limit - u->input_next)) {
        const char *at = u->input + u->input_next;
        u->input_next += n;
        return at;
    }
    return input_more(t, u, n);
}

/* load.c */
Value unpickler_run(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_push(Thread *t, Unpickler *u, Value v); /* false when v is absent, too */
[[nodiscard]] bool unpickler_underflow(Thread *t, Unpickler *u);     /* raises; gives false */
static inline bool unpickler_has(Unpickler *u, size_t n) { return u->depth >= u->fence + n; }
static inline Value unpickler_pop(Unpickler *u) { /* unpickler_has(u, 1) */
    Value v = u->stack->items[--u->depth];
    u->stack->items[u->depth] = NO_VALUE; /* NOBARRIER: a reference is removed */
    return v;
}
static inline Value unpickler_top(Unpickler *u) { return u->stack->items[u->depth - 1]; }
static inline void unpickler_replace_top(Unpickler *u, Value v) { store(u->stack, &u->stack->items[u->depth - 1], v); }
static inline void unpickler_drop(Unpickler *u, size_t depth) {
    memset(u->stack->items + depth, 0, (u->depth - depth) * sizeof(Value));
    u->depth = depth;
}
[[nodiscard]] bool unpickler_pop_mark(Thread *t, Unpickler *u, size_t *start); /* start of the items above it */
Value unpickler_memo_get(Thread *t, Unpickler *u, size_t index);               /* absent without exception: not there */
[[nodiscard]] bool unpickler_memo_put(Thread *t, Unpickler *u, size_t index, Value v);
/* load_objects.c */
[[nodiscard]] bool unpickler_load_global(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_load_stack_global(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_load_inst(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_load_obj(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_load_newobj(Thread *t, Unpickler *u, bool keywords);
[[nodiscard]] bool unpickler_load_reduce(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_load_build(Thread *t, Unpickler *u);
[[nodiscard]] bool unpickler_load_extension(Thread *t, Unpickler *u, size_t width);
[[nodiscard]] bool unpickler_load_persistent(Thread *t, Unpickler *u, Value id);
Value unpickler_find_class(Thread *t, Unpickler *u, Value module, Value name);
/* unpickler.c */
[[nodiscard]] bool unpickler_configure(Thread *t, Unpickler *u, Value fix_imports, Value encoding, Value errors, Value buffers);
[[nodiscard]] bool unpickler_set_file(Thread *t, Unpickler *u, Value file);
Value unpickler_load(Thread *t, Unpickler *u);

/* A global by its dotted name: getattr() along the parts. */
Value pickle_get_dotted(Thread *t, Value module, Value name);
/* sys.modules[name], imported when it is not there. */
Value pickle_import(Thread *t, Value name);
