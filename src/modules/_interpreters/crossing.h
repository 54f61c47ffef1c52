/* Values on their way from one isolate to another: copied out of the heap of one into a Parcel, built anew in the heap of
 * the other. A Parcel lies outside all heaps and belongs to whoever holds the pointer.
 *
 * What crosses as itself: None, bool, int of 64 bits, float, str, bytes, tuples of these, memoryview (both sides see the same
 * memory) and what names something of the process: queues, channels. All else only with CROSS_ANYTHING: functions without
 * state by their code, other objects by pickle.
 *
 * Threads: a Parcel is used by one thread at a time.
 */
#pragma once
#include "object/isolate.h"

typedef struct Parcel Parcel;
typedef enum Crossing { CROSS_DATA, CROSS_ANYTHING } Crossing;

/* NULL: an exception is pending, NotShareableError if the object cannot cross. */
Parcel *parcel_pack(Thread *t, Value v, Crossing crossing);
Parcel *parcel_pack_callable(Thread *t, Value callable);
/* Source text, a code object or a function without parameters and closure that returns None. */
Parcel *parcel_pack_script(Thread *t, Value script);
Value parcel_unpack(Thread *t, const Parcel *p);
void parcel_free(Parcel *p); /* NULL is fine */
bool parcel_is_shareable(Thread *t, Value v); /* by its type alone; no exception */

/* Objects that stand for something of the process. */
typedef struct ForeignKind {
    bool (*matches)(Thread *t, Value v);
    bool (*pack)(Thread *t, Value v, int64_t words[2]); /* holds what they name; false: exception pending */
    Value (*unpack)(Thread *t, const int64_t words[2]);
    void (*drop)(const int64_t words[2]);               /* no longer held; t is any thread */
} ForeignKind;
extern const ForeignKind queue_kind, channel_id_kind, channel_end_kind;

/* Memory of one isolate's object that others see: export.c. */
Export *export_new(Thread *t, Value object); /* NULL: exception pending */
void export_hold(Export *e);
void export_release(Export *e); /* any thread, any time */
Value export_view(Thread *t, Export *e); /* a memoryview in t's isolate */
void exports_sweep(Thread *t);           /* gives back what nobody sees any more of t's isolate */
extern Type buffer_view_type;

/* How code in another isolate failed, outside all heaps. */
typedef struct ExceptionInfo {
    char *name, *qualname, *module, *message, *display; /* NULL: unknown */
} ExceptionInfo;
bool exception_info_take(Thread *t, ExceptionInfo *info); /* the pending exception's; false: it could not be described */
Value exception_info_object(Thread *t, const ExceptionInfo *info); /* a SimpleNamespace */
void exception_info_free(ExceptionInfo *info);

/* Errors */
extern Type InterpreterError_type, InterpreterNotFoundError_type;
Value not_shareable_class(Thread *t);
/* Raises NotShareableError from `cause` (absent: none). */
Value raise_not_shareable(Thread *t, Value cause, const char *format, ...);
/* A NotShareableError with a cause gives way to the cause. */
void unwrap_not_shareable(Thread *t);

/* One lock for what the process keeps of queues and channels: nothing blocks and no cell is touched while it is held. */
static inline void shared_lock(void) { runtime_shared_lock(); }
static inline void shared_unlock(void) { runtime_shared_unlock(); }
