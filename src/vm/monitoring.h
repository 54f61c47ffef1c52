/* sys.monitoring (PEP 669): tools, events and their callbacks.
 *
 * Which tool wants which events is kept per isolate (global events) and per code object (local events, and the places
 * where a callback said DISABLE). Callbacks run with events off for their thread.
 *
 * Threads: tables change under the isolate's type mutex; readers may see a change late.
 */
#pragma once
#include "vm/frame.h"

typedef enum MonitoringEvent {
    EVENT_PY_START, EVENT_PY_RESUME, EVENT_PY_RETURN, EVENT_PY_YIELD, EVENT_CALL, EVENT_LINE, EVENT_INSTRUCTION, EVENT_JUMP,
    EVENT_BRANCH_LEFT, EVENT_BRANCH_RIGHT, EVENT_STOP_ITERATION,
    EVENT_LOCAL_COUNT, /* events up to here may be set for one code object, and disabled at a place */
    EVENT_RAISE = EVENT_LOCAL_COUNT, EVENT_EXCEPTION_HANDLED, EVENT_PY_UNWIND, EVENT_PY_THROW, EVENT_RERAISE,
    EVENT_C_RETURN, EVENT_C_RAISE, EVENT_BRANCH,
    EVENT_COUNT
} MonitoringEvent;

/* Is any tool interested in anything? */
bool monitoring_active(Thread *t);
/* Does any tool want events that depend on which instruction comes next: lines, instructions, jumps, branches? Where none does,
 * a frame's instructions need no looking at once its start was reported. */
bool monitoring_places(Thread *t);

/* A tool written in C: takes the place of its callbacks. first, second: as for monitoring_fire. false: an exception is pending. */
typedef bool (*MonitoringHook)(Thread *t, Value self, MonitoringEvent event, CodeObject *code, Value first, Value second);
/* Takes the tool's id for `self`, under the name, with its events; ValueError when somebody has it. */
[[nodiscard]] bool monitoring_hook_start(Thread *t, int tool, const char *name, uint32_t events, MonitoringHook hook, Value self);
void monitoring_hook_stop(Thread *t, int tool); /* gives it back */
/* Does any tool want the event here? Cheap enough for every instruction. */
bool monitoring_wants_anywhere(Thread *t, MonitoringEvent event);
bool monitoring_wants(Thread *t, CodeObject *code, uint32_t index, MonitoringEvent event);
/* Calls the tools' callbacks with (code, place, extra...). `place`: index of the instruction that DISABLE is about.
 * false: a callback failed. */
bool monitoring_fire(Thread *t, CodeObject *code, uint32_t index, MonitoringEvent event, Value first, Value second, Value third);
const int32_t *monitoring_lines(Thread *t, CodeObject *code); /* as line_starts_find gives them. NULL: MemoryError */
Value monitoring_missing(Thread *t); /* sys.monitoring.MISSING */
Value monitoring_module(Thread *t); /* the namespace sys.monitoring */
