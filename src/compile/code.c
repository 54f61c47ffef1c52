/* Code objects: creation, life, comparison. What Python sees of them is in code_type.c. */
#include "compile/compiler.h"
#include "object/shape.h"
#include "types/tuple.h"

#include <stdlib.h>

static uint16_t same_operation(uint16_t op) { return op; }
uint16_t (*generic_operation_hook)(uint16_t op) = same_operation;

Value (*read_packed_hook)(Thread *t, CodeObject *code, const char *packed, Value owner);

/* Without its positions, which are often decoded later. */
static size_t outside_bytes(const CodeObject *code) {
    return code->count * (sizeof(Instruction) + sizeof(uint16_t)) +
           code->cache_count * sizeof(Cache) + code->exception_count * sizeof(ExceptionEntry) + code->local_count;
}

void code_trace(Tracer *tracer, Object *o) {
    CodeObject *code = (CodeObject *)o;
    trace_value(tracer, code->constants);
    trace_value(tracer, code->names);
    trace_value(tracer, code->local_names);
    trace_value(tracer, code->name);
    trace_value(tracer, code->qualname);
    trace_value(tracer, code->filename);
    trace_value(tracer, code->line_table);
    trace_value(tracer, code->original);
    trace_value(tracer, code->static_attributes);
    trace_value(tracer, code->extra);
    /* Who gets at what a cache holds otherwise than by the cache can use it; to nobody else does the cache apply. */
    bool weakly = trace_publishes(tracer) || (code->cache_count > 0 && trace_weakly(tracer, o));
    for (uint32_t i = 0; i < code->cache_count; i++) {
        trace_value(tracer, code->caches[i].name);
        if (!weakly)
            trace_conservatively(tracer, code->caches[i].words, code->caches[i].words + 4);
    }
}

static bool refers_to_dead(const Cache *cache) {
    if (shape_id_is_gone(cache->shape))
        return true;
    for (int word = 0; word < 4; word++)
        if (heap_is_dying((void *)cache->words[word]))
            return true;
    return false;
}

/* Empties the caches that refer to something that dies, or has died: another table may get the address that guards the cache,
 * another shape the id. They become such that no guard holds. */
void code_forget_dead(Object *o) {
    enum { NO_SHAPE = -1, NO_VALUE_AT_ALL = 4 }; /* neither the id of a shape; nor the bits of a Value or of an address of one */
    CodeObject *code = (CodeObject *)o;
    for (uint32_t i = 0; i < code->cache_count; i++) {
        Cache *cache = &code->caches[i];
        if (!refers_to_dead(cache))
            continue;
        cache->shape = (uint32_t)NO_SHAPE;
        cache->words[0] = NO_VALUE_AT_ALL;
        cache->words[1] = cache->words[2] = cache->words[3] = 0;
    }
}

void code_release(Object *o) {
    CodeObject *code = (CodeObject *)o;
    heap_external_memory_gone(o, outside_bytes(code));
    free(code->caches); /* and the arrays behind them */
    free(code->positions);
}

static void *copied(char **next, const void *from, size_t size) {
    void *to = *next;
    if (size)
        memcpy(to, from, size);
    *next += size;
    return to;
}

/* One piece of memory for all of them, in the order of their alignment. Positions have their own: they may come later. */
static bool copy_arrays(CodeObject *code, const CodeSpec *spec) {
    size_t caches = spec->cache_count * sizeof(Cache), instructions = spec->count * sizeof(Instruction);
    size_t exceptions = spec->exception_count * sizeof(ExceptionEntry), live = spec->count * sizeof(uint16_t);
    char *next = malloc(caches + instructions + exceptions + live + spec->local_count + 1);
    if (!next)
        return false;
    code->caches = (Cache *)next;
    memset(code->caches, 0, caches);
    for (size_t i = 0; i < spec->cache_count; i++) code->caches[i].name = spec->cache_names[i];
    next += caches;
    code->instructions = copied(&next, spec->instructions, instructions);
    code->exceptions = copied(&next, spec->exceptions, exceptions);
    code->live = copied(&next, spec->live, live);
    code->local_kinds = copied(&next, spec->local_kinds, spec->local_count);
    size_t positions = spec->positions ? spec->count * sizeof(SourcePosition) : 0;
    if (positions && !(code->positions = malloc(positions)))
        return false;
    if (positions)
        memcpy(code->positions, spec->positions, positions);
    return true;
}

/* -X no_debug_ranges: lines only. */
static void drop_columns(CodeObject *code) {
    code_positions(code);
    for (uint32_t i = 0; i < code->count; i++)
        code->positions[i] = (SourcePosition){code->positions[i].line, code->positions[i].line, -1, -1};
}

static void count_variables(CodeObject *code) {
    for (uint32_t i = 0; i < code->local_count; i++) {
        if ((code->local_kinds[i] & (LOCAL_CELL | LOCAL_HIDDEN)) == LOCAL_CELL)
            code->cell_count++;
        if (code->local_kinds[i] & LOCAL_FREE)
            code->free_count++;
    }
    code->first_free = code->local_count - code->free_count;
}

/* What code has whether it is packed or not. NULL: no memory. */
static CodeObject *code_allocate(Thread *t, const CodeSpec *spec) {
    CodeObject *code = heap_allocate_finalizable(t, &code_type, sizeof *code);
    if (!code)
        return NULL;
    /* NOBARRIER: nothing until the object is complete reaches a safepoint. */
    code->constants = spec->constants;
    code->constants_base = as_tuple(spec->constants)->items;
    code->name = spec->name;
    code->qualname = spec->qualname;
    code->filename = spec->filename;
    code->register_count = (uint32_t)spec->register_count;
    code->argument_count = (uint32_t)spec->argument_count;
    code->positional_only_count = (uint32_t)spec->positional_only_count;
    code->keyword_only_count = (uint32_t)spec->keyword_only_count;
    code->flags = spec->flags;
    code->first_line = spec->first_line;
    return code;
}

Value code_new(Thread *t, const CodeSpec *spec) {
    CodeObject *code = code_allocate(t, spec);
    if (!code)
        return NO_VALUE;
    code->names = spec->names; /* NOBARRIER: new, here and below */
    code->local_names = spec->local_names;
    code->line_table = spec->line_table;
    if (!copy_arrays(code, spec))
        return raise_no_memory(t);
    code->count = (uint32_t)spec->count;
    code->exception_count = (uint32_t)spec->exception_count;
    code->local_count = (uint32_t)spec->local_count;
    code->cache_count = (uint32_t)spec->cache_count;
    count_variables(code);
    if (unlikely(t->isolate->no_debug_ranges))
        drop_columns(code);
    heap_external_memory(t, (ptrdiff_t)outside_bytes(code));
    return from_object(code);
}

Value code_new_packed(Thread *t, const CodeSpec *spec, size_t free_count, const char *packed, Value owner) {
    CodeObject *code = code_allocate(t, spec);
    if (!code)
        return NO_VALUE;
    code->free_count = (uint32_t)free_count;
    code->names = owner; /* NOBARRIER: new */
    code->packed = packed;
    return from_object(code);
}

/* Takes over all that `whole` has and the packed `code` has not. */
static void take_contents(CodeObject *code, CodeObject *whole) {
    code->instructions = whole->instructions;
    code->caches = whole->caches;
    code->exceptions = whole->exceptions;
    code->positions = whole->positions;
    code->live = whole->live;
    code->local_kinds = whole->local_kinds;
    code->count = whole->count;
    code->cache_count = whole->cache_count;
    code->exception_count = whole->exception_count;
    code->local_count = whole->local_count;
    code->cell_count = whole->cell_count;
    code->first_free = whole->first_free;
    store(code, &code->line_table, whole->line_table);
    store(code, &code->names, whole->names);
    store(code, &code->local_names, whole->local_names);
    code->constants_base = whole->constants_base;
    store(code, &code->constants, whole->constants);
    whole->instructions = NULL;
    whole->caches = NULL;
    whole->exceptions = NULL;
    whole->positions = NULL;
    whole->live = NULL;
    whole->local_kinds = NULL;
    whole->count = whole->cache_count = whole->exception_count = whole->local_count = 0;
}

/* Two threads may read the same: the second one's is dropped. */
bool code_unpack_slow(Thread *t, CodeObject *code) {
    object_lock(&code->object); /* so that these two belong together */
    const char *packed = code->packed;
    Value owner = code->names;
    object_unlock(&code->object);
    if (!packed)
        return true;
    Value whole = read_packed_hook(t, code, packed, owner);
    keep_alive(as_object(owner));
    if (absent(whole))
        return false;
    object_lock(&code->object);
    if (code->packed) {
        take_contents(code, as_code(whole));
        store_release(&code->packed, (const char *)NULL);
        code_prepare(code);
    }
    object_unlock(&code->object);
    keep_alive(as_object(whole));
    return true;
}

/* Whatever is packed needs binding, which unpacks it. */
void code_prepare(CodeObject *code) {
    bool plain = !(code->flags & (CODE_VARARGS | CODE_VARKEYWORDS)) && code->keyword_only_count == 0 && !load_acquire(&code->packed);
    uint32_t exact = plain ? code->argument_count : UINT32_MAX;
    if (load_relaxed(&code->exact_arguments) != exact)
        store_release(&code->exact_arguments, exact);
}

SourcePosition code_position(CodeObject *code, uint32_t instruction) {
    if (instruction >= code->count)
        return (SourcePosition){0, 0, -1, -1};
    return code_positions(code)[instruction];
}

int64_t code_jump_target(Instruction in, uint32_t at) {
    if (operand_kind((Operation)in.op, 2) != 'J')
        return -1;
    return (int64_t)at + 1 + (operand_kind((Operation)in.op, 1) == 'J' ? wide_operand(in) : (int16_t)in.c);
}

uint32_t code_branch_target(CodeObject *code, uint32_t instruction) {
    Instruction in = code_instruction(code, instruction);
    uint32_t target = (uint32_t)code_jump_target(in, instruction);
    bool ends_loop = in.op == OP_FOR_ITER && target < code->count && code_instruction(code, target).op == OP_NOP;
    return target + ends_loop;
}

uint32_t code_async_for_branch(CodeObject *code, uint32_t end) {
    for (uint32_t e = 0; e < code->exception_count; e++) {
        const ExceptionEntry *entry = &code->exceptions[e];
        for (uint32_t i = entry->start; entry->target == end && i < entry->end; i++)
            if (code_instruction(code, i).op == OP_SEND)
                return code_branch_target(code, i);
    }
    return UINT32_MAX;
}

int32_t code_line_at(CodeObject *code, uint32_t instruction) {
    int32_t line = code_position(code, instruction).line;
    if (line > 0 || instruction >= code->count || code->flags & CODE_OPTIMIZED)
        return line > 0 ? line : -1;
    bool started = false; /* a RESUME without a position begins a module */
    for (uint32_t i = 0; i <= instruction; i++) {
        if (code_positions(code)[i].line > 0)
            return -1;
        started |= code_instruction(code, i).op == OP_RESUME;
    }
    return started ? 0 : -1;
}

/* Most code is never asked where an instruction stands: what was read from a file is decoded when it is. */
const SourcePosition *code_positions(CodeObject *code) {
    SourcePosition *positions = load_acquire(&code->positions), *none = NULL;
    if (positions)
        return positions;
    positions = malloc(code->count * sizeof *positions);
    if (!positions)
        abort(); /* where an exception came from is asked while it is being raised */
    line_table_decode(code->line_table, code->first_line, positions, code->count);
    if (compare_exchange(&code->positions, &none, positions))
        return positions;
    free(positions); /* another thread was faster */
    return none;
}

CodeSpec code_spec(CodeObject *code, Value *names, Instruction *instructions) {
    for (uint32_t i = 0; i < code->cache_count; i++) names[i] = code->caches[i].name;
    for (uint32_t i = 0; i < code->count; i++)
        instructions[i] = code_instruction(code, i);
    return (CodeSpec){
        .instructions = instructions, .positions = code_positions(code), .live = code->live, .count = code->count,
        .cache_names = names, .cache_count = code->cache_count, .exceptions = code->exceptions,
        .exception_count = code->exception_count, .constants = code->constants, .names = code->names,
        .local_names = code->local_names, .local_kinds = code->local_kinds, .local_count = code->local_count,
        .register_count = code->register_count, .argument_count = code->argument_count,
        .positional_only_count = code->positional_only_count, .keyword_only_count = code->keyword_only_count,
        .flags = code->flags, .first_line = code->first_line, .name = code->name, .qualname = code->qualname,
        .filename = code->filename,
    };
}

static bool same_instructions(CodeObject *a, CodeObject *b) {
    for (uint32_t i = 0; i < a->count; i++) {
        Instruction x = code_instruction(a, i), y = code_instruction(b, i);
        if (x.op != y.op || x.a != y.a || x.b != y.b || x.c != y.c)
            return false;
    }
    for (uint32_t i = 0; i < a->cache_count; i++)
        if (!const_same(a->caches[i].name, b->caches[i].name))
            return false;
    return true;
}

/* Constants as the compiler compares them; inner code objects by content. */
static bool same_constants(Value a, Value b) {
    if (tuple_length(a) != tuple_length(b))
        return false;
    for (size_t i = 0; i < tuple_length(a); i++) {
        Value x = tuple_get(a, i), y = tuple_get(b, i);
        bool codes = is_exactly(x, &code_type) && is_exactly(y, &code_type);
        if (codes ? !code_equal(as_code(x), as_code(y)) : !const_same(x, y))
            return false;
    }
    return true;
}

bool code_equal(CodeObject *a, CodeObject *b) {
    if (a == b)
        return true;
    if (!code_unpack(thread_current(), a) || !code_unpack(thread_current(), b)) {
        error_clear(thread_current()); /* no memory to look at them */
        return false;
    }
    return (a->count == b->count && a->cache_count == b->cache_count && a->exception_count == b->exception_count &&
            a->local_count == b->local_count && a->argument_count == b->argument_count &&
            a->positional_only_count == b->positional_only_count && a->keyword_only_count == b->keyword_only_count &&
            a->flags == b->flags && a->first_line == b->first_line && a->register_count == b->register_count &&
            const_same(a->name, b->name) && const_same(a->qualname, b->qualname) && const_same(a->local_names, b->local_names) &&
            memcmp(a->local_kinds, b->local_kinds, a->local_count) == 0 &&
            memcmp(code_positions(a), code_positions(b), a->count * sizeof(SourcePosition)) == 0 &&
            memcmp(a->exceptions, b->exceptions, a->exception_count * sizeof(ExceptionEntry)) == 0 &&
            same_instructions(a, b) && same_constants(a->constants, b->constants));
}
