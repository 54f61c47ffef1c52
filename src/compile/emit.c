/* Emitting instructions: labels, handlers, temporaries, constants and caches of the unit in the making.
 *
 * Invariant: when an instruction is emitted, every temporary below `top` was written by the instructions before
 * it on every path, and those that it reads are below the `live` that it records. */
#include "compile/compiler.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/slice.h"
#include "types/tuple.h"

static const struct {
    const char *name, *operands, *effects;
} operations[] = {
#define OPERATION(name, operands, effects, doc) {#name, operands, effects},
#include "compile/ops.def"
#undef OPERATION
};

int operand_kind(Operation op, int operand) { return operations[op].operands[operand]; }
const char *operation_name(Operation op) { return operations[op].name; }

/* What allocates may find no memory, and run finalizers. */
bool may_raise(Operation op) { return strpbrk(operations[op].effects, "rpa") != NULL; }

bool ends_line(Operation op) {
    switch (op) {
    case OP_JUMP:
    case OP_JUMP_BACK:
    case OP_RETURN:
    case OP_RETURN_NONE:
    case OP_RAISE:
    case OP_RERAISE: return true;
    default: return false;
    }
}

bool is_conditional_jump(Operation op) {
    return op != OP_JUMP && op != OP_JUMP_BACK && operand_kind(op, 2) == 'J';
}

/* How many registers starting with operand a or b a block operand spans while it is read. */
static int block_reads(Operation op, int operand, int32_t b, int32_t c) {
    switch (op) {
    case OP_CALL: return operand == 0 ? 2 + b : 0;
    case OP_CALL_KW: return operand == 0 ? 3 + b : 0;
    case OP_CALL_EX: return operand == 0 ? 4 : 0;
    case OP_RAISE: return b;
    case OP_LOAD_SUPER_ATTR: return 3;
    case OP_BUILD_SLICE: return 3;
    case OP_BUILD_TUPLE:
    case OP_BUILD_LIST:
    case OP_BUILD_SET:
    case OP_BUILD_STRING: return operand == 1 ? c : 0;
    case OP_BUILD_DICT: return operand == 1 ? 2 * c : 0;
    case OP_BUILD_INTERPOLATION:
    case OP_MATCH_CLASS: return operand == 1 ? 3 : 0;
    case OP_WITH_EXIT_EXCEPTION:
    case OP_IMPORT_NAME:
    case OP_INTRINSIC_2: return operand == 1 ? 2 : 0;
    default: return 0; /* blocks that are written */
    }
}

static void note_read(int32_t *live, Reg r, int span) {
    if (is_temp(r) && span > 0 && (r & REG_INDEX) + span > *live)
        *live = (r & REG_INDEX) + span;
}

static void note_operand(int32_t *live, Operation op, int operand, int32_t value, int32_t b, int32_t c) {
    int kind = operand_kind(op, operand);
    if (kind == 'R' || kind == 'X')
        note_read(live, value, 1);
    else if (kind == 'B')
        note_read(live, value, block_reads(op, operand, b, c));
}

void *grow(Compiler *c, void *items, int32_t count, int32_t *capacity, size_t item_size) {
    if (count < *capacity)
        return items;
    int32_t wanted = *capacity ? *capacity * 2 : 16;
    void *larger = compile_alloc(c, (size_t)wanted * item_size);
    if (!larger)
        return NULL;
    if (count)
        memcpy(larger, items, (size_t)count * item_size);
    *capacity = wanted;
    return larger;
}

static void note_temporary(Unit *u, Reg r, int span) {
    if (is_temp(r) && (r & REG_INDEX) + span > u->max_top)
        u->max_top = (r & REG_INDEX) + span;
}

int32_t emit(Unit *u, Position pos, Operation op, int32_t a, int32_t b, int32_t c) {
    if (u->compiler->failed)
        return 0;
    Ir *ir = grow(u->compiler, u->ir, u->count, &u->capacity, sizeof(Ir));
    if (!ir)
        return 0;
    u->ir = ir;
    int32_t live = u->top;
    note_operand(&live, op, 0, a, b, c);
    note_operand(&live, op, 1, b, b, c);
    note_operand(&live, op, 2, c, b, c);
    ir[u->count] = (Ir){op, a, b, c, NO_LABEL, u->handler, live, pos};
    int32_t most = live; /* written ones need room too; blocks that are written reserve theirs with push() */
    for (int i = 0; i < 3; i++) {
        int kind = operand_kind(op, i);
        int32_t r = i == 0 ? a : i == 1 ? b : c;
        if (kind == 'W' || kind == 'X' || kind == 'B')
            note_temporary(u, r, 1);
    }
    if (op == OP_LOAD_METHOD || op == OP_LOAD_GLOBAL_CALLEE || op == OP_MOVE_CALLEE || op == OP_LOAD_SPECIAL ||
        op == OP_MATCH_EXCEPTION_GROUP)
        note_temporary(u, a, 2);
    if (op == OP_UNPACK)
        note_temporary(u, a, c);
    if (op == OP_UNPACK_EX)
        note_temporary(u, a, (c & 255) + (c >> 8) + 1);
    if (op == OP_CALL || op == OP_CALL_KW || op == OP_CALL_EX)
        note_temporary(u, a, 2); /* the callee's frame starts there */
    if (most > u->max_top)
        u->max_top = most;
    return u->count++;
}

void emit_line(Unit *u, Position part, Position whole) {
    if (part.line != whole.line)
        emit(u, part, OP_NOP, 0, 0, 0);
}

void emit_wide(Unit *u, Position pos, Operation op, int32_t a, int32_t bc) { emit(u, pos, op, a, bc, 0); }

void emit_jump(Unit *u, Position pos, Operation op, int32_t a, int32_t b, Label target) {
    int32_t at = emit(u, pos, op, a, b, 0);
    if (!u->compiler->failed)
        u->ir[at].target = target;
}

Label new_label(Unit *u) {
    int32_t *labels = grow(u->compiler, u->labels, u->label_count, &u->label_capacity, sizeof *labels);
    if (!labels)
        return NO_LABEL;
    u->labels = labels;
    labels[u->label_count] = -1;
    return u->label_count++;
}

void place(Unit *u, Label label) {
    if (!u->compiler->failed)
        u->labels[label] = u->count;
}

int new_handler(Unit *u, Label label, Reg exception) {
    Handler *handlers = grow(u->compiler, u->handlers, u->handler_count, &u->handler_capacity, sizeof *handlers);
    if (!handlers)
        return NO_HANDLER;
    u->handlers = handlers;
    note_temporary(u, exception, 1);
    handlers[u->handler_count] = (Handler){label, exception};
    return u->handler_count++;
}

Reg push(Unit *u) {
    Reg r = next_temp(u);
    u->top++;
    if (u->top > u->max_top)
        u->max_top = u->top;
    return r;
}

void move(Unit *u, Position pos, Reg dst, Reg src) {
    if (dst != src)
        emit(u, pos, OP_MOVE, dst, src, 0);
}

/* ---- constants ---- */

static uint64_t mix(uint64_t h, uint64_t v) { return (h ^ v) * UINT64_C(0x9E3779B97F4A7C15) ^ h >> 29; }

static uint64_t const_hash(Value v) {
    uint64_t h = (uintptr_t)type_of(v);
    if (is_exactly(v, &float_type)) {
        double d = float_value(v);
        uint64_t bits;
        memcpy(&bits, &d, 8);
        return mix(h, bits);
    }
    if (is_exactly(v, &int_type))
        return mix(h, (uint64_t)int_hash(v));
    if (is_exactly(v, &complex_type)) {
        uint64_t bits[2];
        memcpy(bits, &((ComplexObject *)v.bits)->real, 16);
        return mix(mix(h, bits[0]), bits[1]);
    }
    if (is_exactly(v, &str_type))
        return mix(h, (uint64_t)str_hash(thread_current(), v));
    if (is_exactly(v, &bytes_type)) {
        for (size_t i = 0; i < as_bytes(v)->length; i++) h = mix(h, (uint8_t)as_bytes(v)->data[i]);
        return h;
    }
    if (is_exactly(v, &tuple_type)) {
        for (size_t i = 0; i < tuple_length(v); i++) h = mix(h, const_hash(tuple_get(v, i)));
        return h;
    }
    if (is_exactly(v, &slice_type)) {
        SliceObject *s = (SliceObject *)v.bits;
        return mix(mix(mix(h, const_hash(s->start)), const_hash(s->stop)), const_hash(s->step));
    }
    if (is_exactly(v, &frozenset_type))
        return mix(h, set_length(v));
    return mix(h, v.bits);
}

/* Equal sets have, for our purpose, strictly equal items in the same order of their tables. */
static bool const_same_sets(Value a, Value b) {
    size_t i = 0, j = 0;
    Value x, y;
    if (set_length(a) != set_length(b))
        return false;
    while (set_next(a, &i, &x))
        if (!set_next(b, &j, &y) || !const_same(x, y))
            return false;
    return true;
}

bool const_same(Value a, Value b) {
    if (same(a, b))
        return true;
    if (type_of(a) != type_of(b))
        return false;
    if (is_exactly(a, &int_type))
        return int_equal(a, b);
    if (is_exactly(a, &float_type)) {
        double x = float_value(a), y = float_value(b);
        return memcmp(&x, &y, 8) == 0;
    }
    if (is_exactly(a, &complex_type))
        return memcmp(&((ComplexObject *)a.bits)->real, &((ComplexObject *)b.bits)->real, 16) == 0;
    if (is_exactly(a, &str_type))
        return str_equal(thread_current(), a, b);
    if (is_exactly(a, &bytes_type))
        return as_bytes(a)->length == as_bytes(b)->length &&
               memcmp(as_bytes(a)->data, as_bytes(b)->data, as_bytes(a)->length) == 0;
    if (is_exactly(a, &tuple_type)) {
        if (tuple_length(a) != tuple_length(b))
            return false;
        for (size_t i = 0; i < tuple_length(a); i++)
            if (!const_same(tuple_get(a, i), tuple_get(b, i)))
                return false;
        return true;
    }
    if (is_exactly(a, &slice_type)) {
        SliceObject *x = (SliceObject *)a.bits, *y = (SliceObject *)b.bits;
        return const_same(x->start, y->start) && const_same(x->stop, y->stop) && const_same(x->step, y->step);
    }
    return is_exactly(a, &frozenset_type) && const_same_sets(a, b);
}

int32_t const_table_find(const ConstTable *table, Value v) {
    if (!table->index_size)
        return -1;
    uint32_t mask = (uint32_t)table->index_size - 1;
    for (uint32_t i = (uint32_t)const_hash(v) & mask;; i = (i + 1) & mask) {
        int32_t found = table->index[i];
        if (found == 0)
            return -1;
        if (const_same(table->values[found - 1], v))
            return found - 1;
    }
}

static bool rebuild_index(Compiler *c, ConstTable *table) {
    int32_t size = table->index_size ? table->index_size * 2 : 16;
    int32_t *index = compile_alloc(c, (size_t)size * sizeof *index);
    if (!index)
        return false;
    uint32_t mask = (uint32_t)size - 1;
    for (int32_t n = 0; n < table->count; n++) {
        uint32_t i = (uint32_t)const_hash(table->values[n]) & mask;
        while (index[i]) i = (i + 1) & mask;
        index[i] = n + 1;
    }
    table->index = index;
    table->index_size = size;
    return true;
}

int32_t const_table_add(Compiler *c, ConstTable *table, Value v) {
    int32_t found = const_table_find(table, v);
    if (found >= 0)
        return found;
    Value *values = grow(c, table->values, table->count, &table->capacity, sizeof *values);
    if (!values)
        return 0;
    table->values = values;
    if (table->index_size <= table->count * 2 && !rebuild_index(c, table))
        return 0;
    uint32_t mask = (uint32_t)table->index_size - 1, i = (uint32_t)const_hash(v) & mask;
    while (table->index[i]) i = (i + 1) & mask;
    values[table->count] = v;
    table->index[i] = table->count + 1;
    return table->count++;
}

/* Only letters, digits and underscores: such strings are interned, as programs that compare names by `is` expect. */
static bool looks_like_name(Thread *t, Value v) {
    if (!str_is_ascii(v))
        return false;
    const uint8_t *text = str_data(t, v);
    for (size_t i = 0; i < str_length(v); i++) {
        uint8_t ch = text[i];
        if (!((ch >= '0' && ch <= '9') || ch == '_' || ((ch | 32) >= 'a' && (ch | 32) <= 'z')))
            return false;
    }
    return true;
}

Value merge_constant(Compiler *c, Value v) {
    if (c->failed || is_small_int(v) || is_immediate_float(v))
        return v;
    if (is_exactly(v, &str_type) && looks_like_name(c->t, v))
        v = keep(c, str_intern(c->t, v));
    if (is_exactly(v, &tuple_type) && const_table_find(&c->merged, v) < 0) {
        bool changed = false;
        Value copy = keep(c, tuple_from_values(c->t, as_tuple(v)->items, tuple_length(v)));
        for (size_t i = 0; !c->failed && i < tuple_length(v); i++) {
            Value item = merge_constant(c, tuple_get(v, i));
            changed |= !same(item, tuple_get(v, i));
            store(as_object(copy), &as_tuple(copy)->items[i], item);
        }
        v = changed ? copy : v;
    }
    if (c->failed)
        return NONE;
    size_t i = const_table_add(c, &c->merged, v); /* may move the values */
    return c->merged.values[i];
}

int32_t constant_index(Unit *u, Value v) {
    if (u->compiler->failed)
        return 0;
    return const_table_add(u->compiler, &u->constants, merge_constant(u->compiler, v));
}

void load_int(Unit *u, Position pos, int64_t i, Reg dst) { emit_wide(u, pos, OP_LOAD_INT, dst, (int32_t)i); }

void note_first_constant(Unit *u, Value v) {
    if (u->constants.count == 0)
        constant_index(u, v);
}

void load_constant(Unit *u, Position pos, Value v, Reg dst) {
    bool carried = is_small_int(v) && small_int_value(v) == (int32_t)small_int_value(v);
    if (carried) {
        note_first_constant(u, v);
        load_int(u, pos, small_int_value(v), dst);
    } else {
        emit_wide(u, pos, OP_LOAD_CONST, dst, constant_index(u, v));
    }
}

/* The constant is among co_consts, where tools look for it; no register takes part, so that all functions that do nothing are alike. */
void return_none(Unit *u, Position pos) {
    constant_index(u, NONE);
    emit(u, pos, OP_RETURN_NONE, 0, 0, 0);
}

/* ---- caches ---- */

enum { MAX_CACHES = 65535, PRIVATE_CACHES = 60000 };

/* The operation that takes a name from a register instead of from a cache, or NOP. */
static Operation named_form(Operation op) {
    switch (op) {
    case OP_LOAD_ATTR: return OP_LOAD_ATTR_NAMED;
    case OP_STORE_ATTR: return OP_STORE_ATTR_NAMED;
    case OP_LOAD_GLOBAL: return OP_LOAD_GLOBAL_NAMED;
    case OP_LOAD_NAME: return OP_LOAD_NAME_NAMED;
    case OP_STORE_NAME: return OP_STORE_NAME_NAMED;
    default: return OP_NOP;
    }
}

/* Code with too many names: the name is loaded as a constant where the operation has such a form, and where it
 * has not, one cache serves all instructions of the same name (none of those operations is specialised). */
static void emit_without_cache(Unit *u, Position pos, Operation op, int32_t a, int32_t b, Value name) {
    Operation named = named_form(op);
    int32_t mark = u->top;
    if (is_temp(b) && (b & REG_INDEX) >= u->top)
        u->top = (b & REG_INDEX) + 1;
    if (operand_kind(op, 0) == 'R' && is_temp(a) && (a & REG_INDEX) >= u->top)
        u->top = (a & REG_INDEX) + 1;
    if (op == OP_LOAD_METHOD || op == OP_LOAD_GLOBAL_CALLEE) { /* a: next_temp */
        load_constant(u, pos, name, next_temp(u));
        Reg text = push(u);
        emit(u, pos, op == OP_LOAD_METHOD ? OP_LOAD_ATTR_NAMED : OP_LOAD_GLOBAL_NAMED, a,
             op == OP_LOAD_METHOD ? b : text, op == OP_LOAD_METHOD ? text : 0);
        release_to(u, (a & REG_INDEX) + 1);
        emit(u, pos, OP_CLEAR, a + 1, 0, 0);
    } else if (named != OP_NOP) {
        load_constant(u, pos, name, next_temp(u));
        Reg text = push(u);
        if (op == OP_LOAD_ATTR)
            emit(u, pos, named, a, b, text);
        else if (op == OP_STORE_ATTR)
            emit(u, pos, named, a, text, b);
        else
            emit(u, pos, named, a, text, 0);
    } else {
        int32_t i = PRIVATE_CACHES;
        while (i < u->cache_count && !same(u->cache_names[i], name)) i++;
        if (i == u->cache_count && i < MAX_CACHES) {
            Value *names = grow(u->compiler, u->cache_names, u->cache_count, &u->cache_capacity, sizeof *names);
            if (!names)
                return;
            u->cache_names = names;
            names[u->cache_count++] = name;
        } else if (i == u->cache_count) {
            compile_error(u->compiler, pos, "too many different names in one code block");
            return;
        }
        emit(u, pos, op, a, b, i);
    }
    release_to(u, mark);
}

void emit_named(Unit *u, Position pos, Operation op, int32_t a, int32_t b, Value name) {
    Compiler *c = u->compiler;
    if (c->failed)
        return;
    name = keep(c, str_intern(c->t, name));
    if (c->failed)
        return;
    const_table_add(c, &u->names, name);
    if (u->cache_count >= PRIVATE_CACHES) {
        emit_without_cache(u, pos, op, a, b, name);
        return;
    }
    Value *names = grow(c, u->cache_names, u->cache_count, &u->cache_capacity, sizeof *names);
    if (!names)
        return;
    u->cache_names = names;
    names[u->cache_count] = name;
    emit(u, pos, op, a, b, u->cache_count++);
}
