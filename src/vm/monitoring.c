/* sys.monitoring: see monitoring.h. The events come from tracing.c. */
#include "object/audit.h"
#include "vm/monitoring.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/generic_alias.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/line_starts.h"
#include "vm/tracing.h"

#include <stdlib.h>

enum { TOOLS = 6 };

static const char *const event_names[EVENT_COUNT] = {
    "PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "INSTRUCTION", "JUMP", "BRANCH_LEFT", "BRANCH_RIGHT",
    "STOP_ITERATION", "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE", "C_RETURN", "C_RAISE", "BRANCH",
};

/* The isolate's tools. A cell, found in its slot: its values are traced. */
typedef struct MonitoringObject {
    Object object;
    Value tool_names[TOOLS]; /* absent: free */
    Value callbacks[TOOLS][EVENT_COUNT];
    Value hook_self[TOOLS];
    Value disable, missing;
    MonitoringHook hooks[TOOLS];
    uint32_t global_events[TOOLS];
    bool both_branches[TOOLS]; /* the callback was registered for BRANCH: DISABLE is about both ways */
    uint32_t all_events; /* of all tools, and of all code objects */
    uint32_t restarts;   /* restart_events() calls: places disabled before count no more */
} MonitoringObject;

/* What a code object has: malloc'd, freed with it. */
typedef struct CodeMonitoring {
    uint32_t local_events[TOOLS];
    uint32_t restarts;
    int32_t *lines;             /* behind `disabled`: see line_starts.h */
    uint16_t disabled[][TOOLS]; /* per instruction: bits of local events */
} CodeMonitoring;

static void monitoring_trace(Tracer *tracer, Object *o) {
    MonitoringObject *m = (MonitoringObject *)o;
    trace_values(tracer, m->tool_names, &m->missing - m->tool_names + 1);
}

STATIC_TYPE(monitoring_type) = {
    STATIC_TYPE_HEAD(monitoring_trace, NULL),
    .head.cell_flags = CELL_INTERNAL,
    .name_text = "monitoring",
    .base_static = &object_type,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(MonitoringObject),
};

static MonitoringObject *state(Thread *t) { return (MonitoringObject *)t->isolate->slots[ISOLATE_MONITORING].bits; }

bool monitoring_active(Thread *t) {
    MonitoringObject *m = state(t);
    return m && load_relaxed(&m->all_events);
}

bool monitoring_places(Thread *t) {
    MonitoringObject *m = state(t);
    uint32_t places = 1u << EVENT_LINE | 1u << EVENT_INSTRUCTION | 1u << EVENT_JUMP | 1u << EVENT_BRANCH_LEFT | 1u << EVENT_BRANCH_RIGHT;
    return m && load_relaxed(&m->all_events) & places;
}

bool monitoring_wants_anywhere(Thread *t, MonitoringEvent event) {
    MonitoringObject *m = state(t);
    return m && load_relaxed(&m->all_events) >> event & 1;
}

static CodeMonitoring *code_state(CodeObject *code) { return load_acquire((CodeMonitoring **)&code->monitoring); }

static bool tool_wants(MonitoringObject *m, CodeMonitoring *local, int tool, uint32_t index, MonitoringEvent event) {
    uint32_t wanted = load_relaxed(&m->global_events[tool]) | (local ? load_relaxed(&local->local_events[tool]) : 0);
    if (!(wanted >> event & 1))
        return false;
    bool current = local && event < EVENT_LOCAL_COUNT && load_relaxed(&local->restarts) == load_relaxed(&m->restarts);
    return !current || !(load_relaxed(&local->disabled[index][tool]) >> event & 1);
}

bool monitoring_wants(Thread *t, CodeObject *code, uint32_t index, MonitoringEvent event) {
    if (!monitoring_wants_anywhere(t, event))
        return false;
    MonitoringObject *m = state(t);
    CodeMonitoring *local = code_state(code);
    for (int tool = 0; tool < TOOLS; tool++)
        if (tool_wants(m, local, tool, index, event))
            return true;
    return false;
}

/* The code's tables, made on demand. */
static CodeMonitoring *make_code_state(Thread *t, CodeObject *code) {
    CodeMonitoring *local = code_state(code);
    if (local)
        return local;
    if (!code_unpack(t, code))
        return NULL;
    local = calloc(1, sizeof *local + code->count * (sizeof *local->disabled + sizeof *local->lines));
    if (!local) {
        raise_no_memory(t);
        return NULL;
    }
    local->lines = (int32_t *)(local->disabled + code->count);
    line_starts_find(code, local->lines);
    MonitoringObject *m = state(t);
    local->restarts = m ? load_relaxed(&m->restarts) : 0;
    void *expected = NULL;
    if (!compare_exchange(&code->monitoring, &expected, (void *)local)) {
        free(local);
        return expected;
    }
    return local;
}

const int32_t *monitoring_lines(Thread *t, CodeObject *code) {
    CodeMonitoring *local = make_code_state(t, code);
    return local ? local->lines : NULL;
}

static bool disable_here(Thread *t, MonitoringObject *m, CodeObject *code, uint32_t index, int tool, MonitoringEvent event) {
    if (event >= EVENT_LOCAL_COUNT) {
        store(m, &m->callbacks[tool][event], NO_VALUE);
        raise_value_error(t, "Cannot disable %s events. Callback removed.", event_names[event]);
        return false;
    }
    CodeMonitoring *local = make_code_state(t, code);
    if (!local)
        return false;
    uint32_t restarts = load_relaxed(&m->restarts);
    if (load_relaxed(&local->restarts) != restarts) {
        for (uint32_t i = 0; i < code->count; i++)
            for (int k = 0; k < TOOLS; k++)
                store_relaxed(&local->disabled[i][k], (uint16_t)0);
        store_release(&local->restarts, restarts);
    }
    uint32_t bits = 1u << event, branches = 1u << EVENT_BRANCH_LEFT | 1u << EVENT_BRANCH_RIGHT;
    if (bits & branches && load_relaxed(&m->both_branches[tool]))
        bits = branches;
    fetch_or(&local->disabled[index][tool], (uint16_t)bits);
    return true;
}

/* What setting f_lineno in the callback asks. */
static FrameEvent frame_event_of(MonitoringEvent event) {
    switch (event) {
    case EVENT_PY_START: return FRAME_EVENT_CALL;
    case EVENT_PY_RESUME:
    case EVENT_PY_YIELD:
    case EVENT_JUMP:
    case EVENT_BRANCH_LEFT:
    case EVENT_BRANCH_RIGHT:
    case EVENT_LINE: return FRAME_EVENT_LINE;
    case EVENT_CALL:
    case EVENT_C_RETURN: return FRAME_EVENT_CALLING;
    default: return FRAME_EVENT_OTHER;
    }
}

static Value call_callback(Thread *t, Value callback, MonitoringEvent event, Value *args, size_t count) {
    FrameObject *frame = present(t->frame->object) ? as_frame(t->frame->object) : NULL;
    FrameEvent outer = frame ? frame->event : FRAME_EVENT_NONE;
    if (frame)
        frame->event = frame_event_of(event);
    t->tracing++;
    tracing_update(t);
    Value result = call(t, callback, args, count, NO_VALUE);
    t->tracing--;
    tracing_update(t);
    if (frame)
        frame->event = outer;
    return result;
}

bool monitoring_fire(Thread *t, CodeObject *code, uint32_t index, MonitoringEvent event, Value first, Value second, Value third) {
    MonitoringObject *m = state(t);
    if (!m || t->tracing || !(load_relaxed(&m->all_events) >> event & 1))
        return true;
    for (int tool = 0; tool < TOOLS; tool++) {
        if (!tool_wants(m, code_state(code), tool, index, event))
            continue;
        MonitoringHook hook = load_acquire(&m->hooks[tool]);
        Value self = load(&m->hook_self[tool]);
        if (hook) {
            if (present(self) && !hook(t, self, event, code, second, third))
                return false;
            continue;
        }
        Value callback = m->callbacks[tool][event];
        if (absent(callback))
            continue;
        Value block[5] = {NO_VALUE, from_object(code), first, second, third};
        size_t count = present(third) ? 4 : present(second) ? 3 : present(first) ? 2 : 1;
        Value result = call_callback(t, callback, event, block + 1, count);
        if (absent(result) || (same(result, m->disable) && !disable_here(t, m, code, index, tool, event)))
            return false;
    }
    return true;
}

/* ---- the functions ---- */

static MonitoringObject *make_state(Thread *t) {
    MonitoringObject *m = state(t);
    if (m)
        return m;
    m = heap_allocate(t, &monitoring_type, sizeof *m);
    Object *disable = m ? heap_allocate(t, &object_type, sizeof(Object)) : NULL;
    Object *missing = disable ? heap_allocate(t, &object_type, sizeof(Object)) : NULL;
    if (!missing)
        return NULL;
    store(m, &m->disable, from_object(disable));
    store(m, &m->missing, from_object(missing));
    isolate_keep(t, ISOLATE_MONITORING, from_object(m));
    return m;
}

static bool check_tool(Thread *t, Value v, int *tool) {
    int64_t i;
    if (!index_as_ssize(t, v, &i, true, NULL))
        return false;
    if (i < 0 || i >= TOOLS) {
        raise_value_error(t, "invalid tool %d (must be between 0 and 5)", (int)i);
        return false;
    }
    *tool = (int)i;
    return true;
}

static bool check_used(Thread *t, Value v, int *tool) {
    if (!check_tool(t, v, tool))
        return false;
    if (present(load(&state(t)->tool_names[*tool])))
        return true;
    raise_value_error(t, "tool %d is not in use", *tool);
    return false;
}

/* `all_events` becomes what is in `events` and what tools want everywhere. */
static void count_events(Thread *t, uint32_t events, bool was_on) {
    MonitoringObject *m = state(t);
    for (int tool = 0; tool < TOOLS; tool++)
        events |= load_relaxed(&m->global_events[tool]);
    store_relaxed(&m->all_events, events);
    tracing_switch_all(t, was_on);
}

/* The events of all tools anew; local ones only ever add. */
static void recount_events(Thread *t) {
    MonitoringObject *m = state(t);
    bool was_on = monitoring_places(t);
    uint32_t all = load_relaxed(&m->all_events);
    count_events(t, all >> 31 ? all : 0, was_on); /* some code has local events */
}

/* C_RETURN and C_RAISE go with CALL. */
static uint32_t with_c_events(uint32_t set) {
    return set >> EVENT_CALL & 1 ? set | 1u << EVENT_C_RETURN | 1u << EVENT_C_RAISE : set;
}

static Value use_tool_id(Thread *t, Value *args) {
    int tool;
    CHECK(check_tool(t, args[0], &tool));
    if (!is_str(args[1]))
        return raise_value_error(t, "tool name must be a str");
    MonitoringObject *m = state(t);
    uintptr_t unused = 0; /* two threads may want it */
    publish_into(m, args[1]);
    if (!compare_exchange(&m->tool_names[tool].bits, &unused, args[1].bits))
        return raise_value_error(t, "tool %d is already in use", tool);
    store_moved(m);
    return NONE;
}

bool monitoring_hook_start(Thread *t, int tool, const char *name, uint32_t events, MonitoringHook hook, Value self) {
    Value args[] = {small_int(tool), str_from_text(t, name)};
    if (!make_state(t) || absent(args[1]) || absent(use_tool_id(t, args)))
        return false;
    MonitoringObject *m = state(t);
    store(m, &m->hook_self[tool], self);
    store_release(&m->hooks[tool], hook);
    store_relaxed(&m->global_events[tool], with_c_events(events));
    recount_events(t);
    return true;
}

void monitoring_hook_stop(Thread *t, int tool) {
    MonitoringObject *m = state(t);
    store_relaxed(&m->global_events[tool], 0);
    store_release(&m->hooks[tool], (MonitoringHook)NULL);
    store(m, &m->hook_self[tool], NO_VALUE);
    store(m, &m->tool_names[tool], NO_VALUE);
    recount_events(t);
}

static Value clear_tool_id(Thread *t, Value *args) {
    int tool;
    CHECK(check_tool(t, args[0], &tool));
    MonitoringObject *m = state(t);
    store_relaxed(&m->global_events[tool], 0);
    store_release(&m->hooks[tool], (MonitoringHook)NULL);
    store(m, &m->hook_self[tool], NO_VALUE);
    for (int e = 0; e < EVENT_COUNT; e++)
        store(m, &m->callbacks[tool][e], NO_VALUE);
    recount_events(t);
    return NONE;
}

static Value free_tool_id(Thread *t, Value *args) {
    int tool;
    CHECK(check_tool(t, args[0], &tool));
    TRY(clear_tool_id(t, args));
    store(state(t), &state(t)->tool_names[tool], NO_VALUE);
    return NONE;
}

static Value get_tool(Thread *t, Value *args) {
    int tool;
    CHECK(check_tool(t, args[0], &tool));
    Value name = load(&state(t)->tool_names[tool]);
    return present(name) ? name : NONE;
}

static Value register_callback(Thread *t, Value *args) {
    int tool;
    int64_t bits;
    CHECK(check_tool(t, args[0], &tool));
    CHECK(index_as_ssize(t, args[1], &bits, true, NULL));
    if (bits <= 0 || __builtin_popcountll((uint64_t)bits) != 1)
        return raise_value_error(t, "The callback can only be set for one event at a time");
    int event = __builtin_ctzll((uint64_t)bits);
    if (event >= EVENT_COUNT)
        return raise_value_error(t, "invalid event %d", (int)bits);
    CHECK(audit(t, "sys.monitoring.register_callback", 1, args[2]));
    MonitoringObject *m = state(t);
    Value new = is_none(args[2]) ? NO_VALUE : args[2], old;
    int first = event == EVENT_BRANCH ? EVENT_BRANCH_LEFT : event, last = event == EVENT_BRANCH ? EVENT_BRANCH_RIGHT : event;
    old = load(&m->callbacks[tool][first]);
    if (first == EVENT_BRANCH_LEFT || first == EVENT_BRANCH_RIGHT)
        store_relaxed(&m->both_branches[tool], event == EVENT_BRANCH);
    for (int e = first; e <= last; e++)
        store(m, &m->callbacks[tool][e], new);
    return present(old) ? old : NONE;
}

static bool event_set(Thread *t, Value v, bool local, uint32_t *out) {
    int64_t bits;
    if (!index_as_ssize(t, v, &bits, true, NULL))
        return false;
    if (bits < 0 || bits >= INT64_C(1) << EVENT_COUNT) {
        raise_value_error(t, "invalid event set 0x%x", (unsigned)bits);
        return false;
    }
    uint32_t set = (uint32_t)bits, c_events = 1u << EVENT_C_RETURN | 1u << EVENT_C_RAISE;
    if (set & c_events && !(set >> EVENT_CALL & 1)) {
        raise_value_error(t, "cannot set C_RETURN or C_RAISE events independently");
        return false;
    }
    set &= ~c_events;
    if (set >> EVENT_BRANCH & 1)
        set = (set & ~(1u << EVENT_BRANCH)) | 1u << EVENT_BRANCH_LEFT | 1u << EVENT_BRANCH_RIGHT;
    if (local && set >> EVENT_LOCAL_COUNT) {
        raise_value_error(t, "invalid local event set 0x%x", (unsigned)bits);
        return false;
    }
    *out = set;
    return true;
}

static Value shown_set(uint32_t set) { return small_int(set & ~(1u << EVENT_C_RETURN | 1u << EVENT_C_RAISE)); }

static Value get_events(Thread *t, Value *args) {
    int tool;
    CHECK(check_tool(t, args[0], &tool));
    return shown_set(load_relaxed(&state(t)->global_events[tool]));
}

static Value set_events(Thread *t, Value *args) {
    int tool;
    uint32_t set;
    CHECK(check_used(t, args[0], &tool));
    CHECK(event_set(t, args[1], false, &set));
    store_relaxed(&state(t)->global_events[tool], with_c_events(set));
    recount_events(t);
    return NONE;
}

static bool check_code(Thread *t, Value v) {
    if (is_exactly(v, &code_type))
        return true;
    raise_type_error(t, "code must be a code object");
    return false;
}

static Value get_local_events(Thread *t, Value *args) {
    int tool;
    CHECK(check_code(t, args[1]));
    CHECK(check_tool(t, args[0], &tool));
    CodeMonitoring *local = code_state(as_code(args[1]));
    return shown_set(local ? load_relaxed(&local->local_events[tool]) : 0);
}

static Value set_local_events(Thread *t, Value *args) {
    int tool;
    uint32_t set;
    CHECK(check_code(t, args[1]));
    CHECK(check_used(t, args[0], &tool));
    CHECK(event_set(t, args[2], true, &set));
    CodeMonitoring *local = make_code_state(t, as_code(args[1]));
    if (!local)
        return NO_VALUE;
    store_relaxed(&local->local_events[tool], with_c_events(set));
    count_events(t, load_relaxed(&state(t)->all_events) | with_c_events(set) | 1u << 31, monitoring_places(t));
    return NONE;
}

static Value restart_events(Thread *t, Value *args) {
    fetch_add(&state(t)->restarts, 1u);
    return NONE;
}

static Value all_events(Thread *t, Value *args) {
    Value dict = TRY(dict_new(t));
    MonitoringObject *m = state(t);
    for (int e = 0; e < EVENT_COUNT; e++) {
        int64_t tools = 0;
        for (int tool = 0; tool < TOOLS; tool++)
            tools |= (int64_t)(load_relaxed(&m->global_events[tool]) >> e & 1) << tool;
        if (tools)
            CHECK(dict_set_text(t, dict, event_names[e], small_int(tools)));
    }
    return dict;
}

static const NativeDef monitoring_functions[] = {
    {"use_tool_id(tool_id, name, /)", use_tool_id, NULL, 0},
    {"clear_tool_id(tool_id, /)", clear_tool_id, NULL, 0},
    {"free_tool_id(tool_id, /)", free_tool_id, NULL, 0},
    {"get_tool(tool_id, /)", get_tool, NULL, 0},
    {"register_callback(tool_id, event, func, /)", register_callback, NULL, 0},
    {"get_events(tool_id, /)", get_events, NULL, 0},
    {"set_events(tool_id, event_set, /)", set_events, NULL, 0},
    {"get_local_events(tool_id, code, /)", get_local_events, NULL, 0},
    {"set_local_events(tool_id, code, event_set, /)", set_local_events, NULL, 0},
    {"restart_events()", restart_events, NULL, 0},
    {"_all_events()", all_events, NULL, 0},
    {0},
};

static const ModuleDef monitoring_def = {.name = "sys.monitoring", .functions = monitoring_functions};

Value monitoring_module(Thread *t) {
    if (!make_state(t))
        return NO_VALUE;
    Value module = TRY(module_from_def(t, &monitoring_def)), events = TRY(dict_new(t));
    for (int e = 0; e < EVENT_COUNT; e++)
        CHECK(dict_set_text(t, events, event_names[e], small_int(INT64_C(1) << e)));
    CHECK(dict_set_text(t, events, "NO_EVENTS", small_int(0)));
    CHECK(module_add(t, module, "events", namespace_new(t, events)));
    CHECK(module_add(t, module, "DISABLE", state(t)->disable));
    CHECK(module_add(t, module, "MISSING", state(t)->missing));
    static const struct { const char *name; int id; } tools[] = {
        {"DEBUGGER_ID", 0}, {"COVERAGE_ID", 1}, {"PROFILER_ID", 2}, {"OPTIMIZER_ID", 5},
    };
    for (size_t i = 0; i < 4; i++)
        CHECK(module_add_int(t, module, tools[i].name, tools[i].id));
    return module;
}

Value monitoring_missing(Thread *t) { return state(t)->missing; }
