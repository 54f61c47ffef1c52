/* The interpreter, part one: data movement, operators, attributes, building, jumps; and the dispatch tables.
 *
 * See interpret.h for the conventions. Calls, returns and generators are in interpret_calls.c and
 * interpret_generators.c, exceptions in unwind.c.
 *
 * Threads: dispatch_table is shared by all and changes when the number of threads becomes one or two (dispatch_prepare), word by
 * word, by atomic stores: either handler of an operation may be entered at that moment, since no thread is about to store.
 */
#include "vm/interpret.h"

#include "object/shape.h"
#include "types/dict/dict_layout.h"
#include "types/set/set_internal.h"
#include "types/slice.h"
#include "types/str/str.h"
#include "vm/drop.h"
#include "vm/generator.h"

/* ---- data movement ---- */

HANDLER(NOP) { NEXT_FAST(); }
HANDLER(RESUME) { NEXT_FAST(); }
HANDLER(MOVE) {
    r[ip->a] = r[ip->b];
    NEXT_FAST();
}
HANDLER(MOVE_CALLEE) {
    Value v = r[ip->b];
    r[ip->a] = v;
    r[ip->a + 1] = NO_VALUE;
    NEXT_FAST();
}
HANDLER(LOAD_CONST) {
    r[ip->a] = constants[(uint32_t)wide_operand(*ip)];
    NEXT_FAST();
}
HANDLER(LOAD_INT) {
    r[ip->a] = small_int(wide_operand(*ip));
    NEXT_FAST();
}
HANDLER(CLEAR) {
    r[ip->a] = NO_VALUE;
    NEXT_FAST();
}

static HANDLER(unbound) { /* the instruction's first operand is an unbound local */
    SAVE();
    op_unbound(t, ip->a);
    FAIL();
}
static HANDLER(unbound_cell) { /* the instruction's second operand is an empty cell */
    SAVE();
    op_unbound(t, ip->op == OP_DELETE_DEREF ? ip->a : ip->b);
    FAIL();
}

/* A variable let go of an object, which comes in `constants`. */
static HANDLER(let_go) {
    SAVE();
    drop_note_container(t, (Value){(uintptr_t)constants});
    constants = t->frame->code->constants_base;
    NEXT();
}

HANDLER(CHECK_BOUND) {
    if (unlikely(absent(r[ip->a])))
        TAIL(do_unbound);
    NEXT_FAST();
}
HANDLER(DELETE_FAST) {
    Value old = r[ip->a];
    if (unlikely(absent(old)))
        TAIL(do_unbound);
    r[ip->a] = NO_VALUE;
    if (is_object(old)) {
        constants = (Value *)old.bits;
        TAIL(do_let_go);
    }
    NEXT_FAST();
}
/* The generator comes in `constants`. */
static HANDLER(drop_generator) {
    SAVE();
    generator_drop(t, (GeneratorObject *)constants);
    constants = t->frame->code->constants_base;
    NEXT();
}
HANDLER(DROP_ITERATOR) {
    Value old = r[ip->a];
    r[ip->a] = NO_VALUE;
    if (generator_is_of_loop(old)) {
        constants = (Value *)old.bits;
        TAIL(do_drop_generator);
    }
    if (generator_has_finalizer(old)) {
        constants = (Value *)old.bits;
        TAIL(do_let_go);
    }
    NEXT_FAST();
}
HANDLER(LOAD_NONE) {
    Value old = r[ip->a];
    r[ip->a] = NONE;
    if (is_object(old)) {
        constants = (Value *)old.bits;
        TAIL(do_let_go);
    }
    NEXT_FAST();
}
HANDLER(MAKE_CELL) {
    SAVE();
    Value cell = cell_new(t, r[ip->a]);
    if (unlikely(absent(cell)))
        FAIL();
    r[ip->a] = cell;
    NEXT_FAST();
}
HANDLER(COPY_FREE_VARS) {
    TupleObject *closure = as_tuple(t->frame->function->closure);
    for (unsigned i = 0; i < ip->b; i++)
        r[ip->a + i] = closure->items[i];
    NEXT_FAST();
}
HANDLER(LOAD_DEREF) {
    Value v = load(&as_cell(r[ip->b])->contents);
    if (unlikely(absent(v)))
        TAIL(do_unbound_cell);
    r[ip->a] = v;
    NEXT_FAST();
}
static HANDLER(STORE_DEREF_slow) { /* the write barrier's slow half, for the object in r[a] */
    heap_log_slow(as_object(r[ip->a]));
    NEXT_FAST();
}
/* Enters the operation again, past what traces instructions. */
#define PUBLISH(name, register)                                                                                            \
    HANDLER(name) {                                                                                                        \
        publish(r[ip->register]);                                                                                          \
        [[clang::musttail]] return ((Handler *)load_relaxed(&dispatch_table[load_relaxed(&ip->op)]))(ARGUMENTS);           \
    }
PUBLISH(publish_a, a)
PUBLISH(publish_b, b)
PUBLISH(publish_c, c)
#undef PUBLISH
/* Without a lock, which would order this store before the loads that follow it: so it is done by an instruction that does. */
HANDLER(STORE_DEREF) {
    CellObject *cell = as_cell(r[ip->a]);
    if (likely(is_private_to(t, cell))) {
        store_release(&cell->contents.bits, r[ip->b].bits);
        if (unlikely(load_relaxed(&cell->object.meta) & META_OLD))
            TAIL(do_STORE_DEREF_slow);
        NEXT_FAST();
    }
    if (unlikely(is_private_value_to(t, r[ip->b])))
        TAIL(do_publish_b);
    store_seq_cst(&cell->contents.bits, r[ip->b].bits);
    if (unlikely(load_relaxed(&cell->object.meta) & META_OLD))
        TAIL(do_STORE_DEREF_slow);
    NEXT_FAST();
}
HANDLER(STORE_DEREF_alone) {
    CellObject *cell = as_cell(r[ip->a]);
    store_release(&cell->contents.bits, r[ip->b].bits);
    if (unlikely(load_relaxed(&cell->object.meta) & META_OLD))
        TAIL(do_STORE_DEREF_slow);
    NEXT_FAST();
}
HANDLER(DELETE_DEREF) {
    CellObject *cell = as_cell(r[ip->a]);
    Value old = load(&cell->contents);
    if (unlikely(absent(old)))
        TAIL(do_unbound_cell);
    store_seq_cst(&cell->contents.bits, (uintptr_t)0);
    if (is_object(old)) {
        constants = (Value *)old.bits;
        TAIL(do_let_go);
    }
    NEXT_FAST();
}

/* ---- the common forms of handlers that do everything out of line ---- */

#define VALUE_HANDLER(name, expression)   \
    HANDLER(name) {                       \
        SAVE();                           \
        Value value_ = (expression);      \
        if (unlikely(absent(value_)))     \
            FAIL();                       \
        r[ip->a] = value_;                \
        NEXT();                           \
    }
#define STATEMENT_HANDLER(name, expression) \
    HANDLER(name) {                         \
        SAVE();                             \
        if (unlikely(!(expression)))        \
            FAIL();                         \
        NEXT();                             \
    }
#define TRUTH_HANDLER(name, expression)     \
    HANDLER(name) {                         \
        SAVE();                             \
        int truth_ = (expression);          \
        if (unlikely(truth_ < 0))           \
            FAIL();                         \
        r[ip->a] = from_bool(truth_);       \
        NEXT();                             \
    }

/* ---- names ---- */

HANDLER(LOAD_GLOBAL) {
    SAVE();
    Value v = op_LOAD_GLOBAL(t, caches[ip->c].name);
    if (unlikely(absent(v)))
        FAIL();
    specialize_load_global(t, (Instruction *)ip, &caches[ip->c]);
    r[ip->a] = v;
    NEXT();
}
#define GLOBAL_HANDLER(name, generic, condition, lookup, then)                      \
    HANDLER(name) {                                                                 \
        FunctionObject *f = t->frame->function;                                     \
        Value v;                                                                    \
        if (likely((condition) && present(v = lookup(f, caches[ip->c].words)))) {   \
            r[ip->a] = v;                                                           \
            then;                                                                   \
            NEXT_FAST();                                                            \
        }                                                                           \
        TAIL(do_##generic);                                                         \
    }
GLOBAL_HANDLER(LOAD_GLOBAL_MODULE, LOAD_GLOBAL, true, op_LOAD_GLOBAL_MODULE_fast, (void)0)
GLOBAL_HANDLER(LOAD_GLOBAL_BUILTIN, LOAD_GLOBAL, true, op_LOAD_GLOBAL_BUILTIN_fast, (void)0)
GLOBAL_HANDLER(LOAD_GLOBAL_CALLEE_MODULE, LOAD_GLOBAL_CALLEE, true, op_LOAD_GLOBAL_MODULE_fast, r[ip->a + 1] = NO_VALUE)
GLOBAL_HANDLER(LOAD_GLOBAL_CALLEE_BUILTIN, LOAD_GLOBAL_CALLEE, true, op_LOAD_GLOBAL_BUILTIN_fast, r[ip->a + 1] = NO_VALUE)
GLOBAL_HANDLER(LOAD_NAME_MODULE, LOAD_NAME, same(t->frame->locals, f->globals), op_LOAD_GLOBAL_MODULE_fast, (void)0)
GLOBAL_HANDLER(LOAD_NAME_BUILTIN, LOAD_NAME, same(t->frame->locals, f->globals), op_LOAD_GLOBAL_BUILTIN_fast, (void)0)
HANDLER(LOAD_GLOBAL_CALLEE) {
    SAVE();
    Value v = op_LOAD_GLOBAL(t, caches[ip->c].name);
    if (unlikely(absent(v)))
        FAIL();
    specialize_load_global(t, (Instruction *)ip, &caches[ip->c]);
    r[ip->a] = v;
    r[ip->a + 1] = NO_VALUE;
    NEXT();
}
HANDLER(STORE_GLOBAL) {
    SAVE();
    if (unlikely(!op_STORE_GLOBAL(t, caches[ip->c].name, r[ip->a])))
        FAIL();
    specialize_store_global(t, (Instruction *)ip, &caches[ip->c]);
    NEXT();
}
STATEMENT_HANDLER(DELETE_GLOBAL, op_DELETE_GLOBAL(t, caches[ip->c].name))
HANDLER(LOAD_NAME) {
    SAVE();
    Value v = op_LOAD_NAME(t, caches[ip->c].name);
    if (unlikely(absent(v)))
        FAIL();
    specialize_load_name(t, (Instruction *)ip, &caches[ip->c]);
    r[ip->a] = v;
    NEXT();
}
HANDLER(STORE_NAME) {
    SAVE();
    if (unlikely(!op_STORE_NAME(t, caches[ip->c].name, r[ip->a])))
        FAIL();
    specialize_store_global(t, (Instruction *)ip, &caches[ip->c]);
    NEXT();
}
static HANDLER(log_globals) { /* the write barrier's slow half, for the table of the globals */
    heap_log_slow((Object *)caches[ip->c].words[0]);
    NEXT_FAST();
}
/* In two forms: with the lock of the globals, or where one thread is alone. */
#define STORE_MODULE(name, generic, condition, shared)                                                            \
    HANDLER(name) {                                                                                               \
        const uintptr_t *words = caches[ip->c].words;                                                             \
        DictObject *globals = as_dict(t->frame->function->globals);                                               \
        if (shared && unlikely(is_private_value_to(t, r[ip->a])))                                                 \
            TAIL(do_publish_a);                                                                                   \
        if (unlikely(!(condition) || (shared && !object_try_lock(&globals->object))))                             \
            TAIL(do_##generic);                                                                                   \
        if (likely((uintptr_t)load_dependent(&globals->table) == words[0] && present(load((Value *)words[1])))) { \
            store_release(&((Value *)words[1])->bits, r[ip->a].bits);                                             \
            if (shared)                                                                                           \
                object_unlock_taken(&globals->object);                                                            \
            if (unlikely(load_relaxed(&((Object *)words[0])->meta) & META_OLD))                                   \
                TAIL(do_log_globals);                                                                             \
            NEXT_FAST();                                                                                          \
        }                                                                                                         \
        if (shared)                                                                                               \
            object_unlock_taken(&globals->object);                                                                \
        TAIL(do_##generic);                                                                                       \
    }
#define IN_MODULE same(t->frame->locals, t->frame->function->globals)
STORE_MODULE(STORE_GLOBAL_MODULE, STORE_GLOBAL, true, true)
STORE_MODULE(STORE_GLOBAL_MODULE_alone, STORE_GLOBAL, true, false)
STORE_MODULE(STORE_NAME_MODULE, STORE_NAME, IN_MODULE, true)
STORE_MODULE(STORE_NAME_MODULE_alone, STORE_NAME, IN_MODULE, false)
#undef IN_MODULE
#undef STORE_MODULE
STATEMENT_HANDLER(DELETE_NAME, op_DELETE_NAME(t, caches[ip->c].name))
VALUE_HANDLER(LOAD_LOCALS, op_LOAD_LOCALS(t))
VALUE_HANDLER(LOAD_FROM_DICT_OR_DEREF, op_LOAD_FROM_DICT_OR_DEREF(t, r[ip->b], ip->c))
VALUE_HANDLER(LOAD_FROM_DICT_OR_GLOBALS, op_LOAD_FROM_DICT_OR_GLOBALS(t, r[ip->b], caches[ip->c].name))
VALUE_HANDLER(LOAD_BUILD_CLASS, op_LOAD_BUILD_CLASS(t))
VALUE_HANDLER(LOAD_COMMON, op_LOAD_COMMON(t, ip->b))
VALUE_HANDLER(LOAD_GLOBAL_NAMED, op_LOAD_GLOBAL(t, r[ip->b]))
VALUE_HANDLER(LOAD_NAME_NAMED, op_LOAD_NAME(t, r[ip->b]))
STATEMENT_HANDLER(STORE_NAME_NAMED, op_STORE_NAME(t, r[ip->b], r[ip->a]))

/* ---- attributes and items ---- */

HANDLER(LOAD_ATTR) {
    SAVE();
    Value o = r[ip->b], v = get_attribute(t, o, caches[ip->c].name);
    if (unlikely(absent(v)))
        FAIL();
    specialize_load_attr(t, (Instruction *)ip, &caches[ip->c], o);
    r[ip->a] = v;
    NEXT();
}
HANDLER(STORE_ATTR) {
    Value o = r[ip->a];
    if (is_object(o) && type_slot(class_of(as_object(o)), SLOT___setattr__) != object_type.slots[SLOT___setattr__])
        TAIL(do_STORE_ATTR_method);
    TAIL(do_STORE_ATTR_in_c);
}
HANDLER(STORE_ATTR_in_c) {
    SAVE();
    Value o = r[ip->a];
    uint32_t before = is_object(o) ? shape_id(as_object(o)) : 0;
    if (unlikely(!op_STORE_ATTR(t, o, caches[ip->c].name, r[ip->b])))
        FAIL();
    specialize_store_attr(t, (Instruction *)ip, &caches[ip->c], o, before);
    NEXT();
}
STATEMENT_HANDLER(DELETE_ATTR, op_DELETE_ATTR(t, r[ip->a], caches[ip->c].name))
HANDLER(LOAD_METHOD) {
    SAVE();
    Value self = NO_VALUE, o = r[ip->b];
    Value f = load_method(t, o, caches[ip->c].name, &self);
    if (unlikely(absent(f)))
        FAIL();
    specialize_load_method(t, (Instruction *)ip, &caches[ip->c], o);
    r[ip->a] = f;
    r[ip->a + 1] = self;
    NEXT();
}
STATEMENT_HANDLER(LOAD_SUPER_ATTR, op_LOAD_SUPER_ATTR(t, &r[ip->a], ip->b, caches[ip->c].name))
VALUE_HANDLER(LOAD_ATTR_NAMED, get_attribute(t, r[ip->b], r[ip->c]))
STATEMENT_HANDLER(STORE_ATTR_NAMED, set_attribute(t, r[ip->a], r[ip->b], r[ip->c]))

VALUE_HANDLER(GET_ITEM_slow, op_GET_ITEM(t, r[ip->b], r[ip->c]))
/* What a dict, or an instance of a class that leaves its subscripts to dict, has under this very key: most keys are
 * strings of the program's text, or small numbers. `find` is asked, then the handler `otherwise`. */
#define GET_ITEM_OF_DICT(name, find, otherwise)                                      \
    static HANDLER(name) {                                                           \
        DictEntry *e = find(load_dependent(&as_dict(r[ip->b])->table), r[ip->c]);    \
        Value v = likely(e != NULL) ? load(&e->value) : NO_VALUE;                    \
        if (unlikely(absent(v)))                                                     \
            TAIL(otherwise);                                                         \
        r[ip->a] = v;                                                                \
        NEXT_FAST();                                                                 \
    }
GET_ITEM_OF_DICT(GET_ITEM_dict_search, dict_find_same, do_GET_ITEM_slow)
GET_ITEM_OF_DICT(GET_ITEM_dict, dict_find_at_home, do_GET_ITEM_dict_search)
#undef GET_ITEM_OF_DICT
#define GET_ITEM(name, alone)                                                                                    \
    HANDLER(name) {                                                                                              \
        Value v = op_GET_ITEM_fast(r[ip->b], r[ip->c], alone);                                                   \
        if (unlikely(absent(v))) {                                                                               \
            Value o = r[ip->b];                                                                                  \
            if (likely(is_object(o))) {                                                                          \
                Type *type = class_of(as_object(o));                                                             \
                if (type == &dict_type || type_slot(type, SLOT___getitem__) == dict_type.slots[SLOT___getitem__]) \
                    TAIL(do_GET_ITEM_dict);                                                                      \
                if (type->flags & TYPE_HEAP)                                                                     \
                    TAIL(do_GET_ITEM_method);                                                                    \
            }                                                                                                    \
            TAIL(do_GET_ITEM_slow);                                                                              \
        }                                                                                                        \
        r[ip->a] = v;                                                                                            \
        NEXT_FAST();                                                                                             \
    }
GET_ITEM(GET_ITEM, false)
GET_ITEM(GET_ITEM_alone, true)
#undef GET_ITEM
static STATEMENT_HANDLER(SET_ITEM_none, op_SET_ITEM_none(t, r[ip->a], r[ip->b]))
STATEMENT_HANDLER(SET_ITEM_slow, op_SET_ITEM(t, r[ip->a], r[ip->b], r[ip->c]))
static HANDLER(log_list) { /* the write barrier's slow half, for the list in r[a] */
    heap_log_slow(&as_list(r[ip->a])->storage->object);
    NEXT_FAST();
}
static HANDLER(log_appended) { /* the same where that list was appended to */
    ListObject *l = as_list(r[ip->a]);
    heap_log_appended(&l->storage->object, &l->storage->items[l->length - 1]);
    NEXT_FAST();
}
static HANDLER(log_table) { /* the same for the dict in r[a] */
    heap_log_slow(&as_dict(r[ip->a])->table->object);
    NEXT_FAST();
}
/* The same under the object's lock, which they let go of: until then the storage is the one that was stored into. */
static HANDLER(log_list_unlock) {
    heap_log_slow(&as_list(r[ip->a])->storage->object);
    object_unlock_taken(as_object(r[ip->a]));
    NEXT_FAST();
}
static HANDLER(log_appended_unlock) {
    ListObject *l = as_list(r[ip->a]);
    heap_log_appended(&l->storage->object, &l->storage->items[l->length - 1]);
    object_unlock_taken(&l->object);
    NEXT_FAST();
}
static HANDLER(log_table_unlock) {
    heap_log_slow(&as_dict(r[ip->a])->table->object);
    object_unlock_taken(as_object(r[ip->a]));
    NEXT_FAST();
}
/* A new value for a key that is there: under the dict's lock, and where nobody else can see the dict. */
#define SET_ITEM_OF_DICT(name, find, otherwise, shared)                                          \
    static HANDLER(name) {                                                                       \
        DictObject *d = as_dict(r[ip->a]);                                                       \
        DictTable *table = load_dependent(&d->table);                                            \
        DictEntry *e = find(table, r[ip->b]);                                                    \
        if (unlikely(!e))                                                                        \
            TAIL(otherwise);                                                                     \
        if (unlikely(is_none(r[ip->c])))                                                         \
            TAIL(do_SET_ITEM_none);                                                              \
        if (shared && unlikely(is_private_value_to(t, r[ip->c])))                                \
            TAIL(do_publish_c);                                                                  \
        if (shared && unlikely(!object_try_lock(&d->object)))                                    \
            TAIL(do_SET_ITEM_slow);                                                              \
        if (unlikely(absent(load(&e->value)) || (shared && load_relaxed(&d->table) != table))) { \
            if (shared)                                                                          \
                object_unlock_taken(&d->object);                                                 \
            TAIL(do_SET_ITEM_slow);                                                              \
        }                                                                                        \
        store_release(&e->value.bits, r[ip->c].bits);                                            \
        if (unlikely(load_relaxed(&table->object.meta) & META_OLD)) {                            \
            if (shared)                                                                          \
                TAIL(do_log_table_unlock);                                                       \
            TAIL(do_log_table);                                                                  \
        }                                                                                        \
        if (shared)                                                                              \
            object_unlock_taken(&d->object);                                                     \
        NEXT_FAST();                                                                             \
    }
SET_ITEM_OF_DICT(SET_ITEM_dict_search, dict_find_same, do_SET_ITEM_slow, false)
SET_ITEM_OF_DICT(SET_ITEM_dict, dict_find_at_home, do_SET_ITEM_dict_search, false)
SET_ITEM_OF_DICT(SET_ITEM_dict_search_shared, dict_find_same, do_SET_ITEM_slow, true)
SET_ITEM_OF_DICT(SET_ITEM_dict_shared, dict_find_at_home, do_SET_ITEM_dict_search_shared, true)
#undef SET_ITEM_OF_DICT
static HANDLER(SET_ITEM_list_shared) {
    Value list = r[ip->a];
    if (unlikely(is_private_value_to(t, r[ip->c])))
        TAIL(do_publish_c);
    if (unlikely(!object_try_lock(as_object(list))))
        TAIL(do_SET_ITEM_slow);
    Value *place = op_SET_ITEM_place(list, r[ip->b]);
    if (unlikely(!place)) {
        object_unlock_taken(as_object(list));
        TAIL(do_SET_ITEM_slow);
    }
    if (unlikely(op_SET_ITEM_fast(list, place, r[ip->c]) == STORE_LOG))
        TAIL(do_log_list_unlock);
    object_unlock_taken(as_object(list));
    NEXT_FAST();
}
#define SET_ITEM(name, alone)                                                                                        \
    HANDLER(name) {                                                                                                  \
        Value o = r[ip->a];                                                                                          \
        if (likely(is_object(o))) {                                                                                  \
            Type *type = class_of(as_object(o));                                                                     \
            if (type == &list_type) {                                                                                \
                if (!(alone || is_private_to(t, as_object(o))))                                                      \
                    TAIL(do_SET_ITEM_list_shared);                                                                   \
                Value *place = op_SET_ITEM_place(o, r[ip->b]);                                                       \
                if (unlikely(!place))                                                                                \
                    TAIL(do_SET_ITEM_slow);                                                                          \
                if (unlikely(op_SET_ITEM_fast(o, place, r[ip->c]) == STORE_LOG))                                     \
                    TAIL(do_log_list);                                                                               \
                NEXT_FAST();                                                                                         \
            }                                                                                                        \
            if (type == &dict_type || type_slot(type, SLOT___setitem__) == dict_type.slots[SLOT___setitem__]) {       \
                if (alone || is_private_to(t, as_object(o)))                                                         \
                    TAIL(do_SET_ITEM_dict);                                                                          \
                TAIL(do_SET_ITEM_dict_shared);                                                                       \
            }                                                                                                        \
            if (type->flags & TYPE_HEAP)                                                                             \
                TAIL(do_SET_ITEM_method);                                                                            \
        }                                                                                                            \
        TAIL(do_SET_ITEM_slow);                                                                                      \
    }
SET_ITEM(SET_ITEM, false)
SET_ITEM(SET_ITEM_alone, true)
#undef SET_ITEM
STATEMENT_HANDLER(DELETE_ITEM, op_DELETE_ITEM(t, r[ip->a], r[ip->b]))
VALUE_HANDLER(BUILD_SLICE, slice_new(t, r[ip->b], r[ip->b + 1], r[ip->b + 2]))

/* ---- operators ---- */

/* One of two operands is an instance of a class: its method may be written in Python (interpret_operators.c). */
#define TRY_METHOD(left, right)                                \
    do {                                                       \
        if (unlikely(is_of_class(left) || is_of_class(right))) \
            TAIL(do_operator_method);                          \
    } while (0)
#define OPERATOR_SLOW(name, left, right, expression) \
    static HANDLER(name) {                           \
        TRY_METHOD(left, right);                     \
        SAVE();                                      \
        Value value_ = (expression);                 \
        if (unlikely(absent(value_)))                \
            FAIL();                                  \
        r[ip->a] = value_;                           \
        NEXT();                                      \
    }

#define BINARY(name)                                                                                    \
    OPERATOR_SLOW(name##_slow, r[ip->b], r[ip->c], binary_operation(t, BINARY_##name, r[ip->b], r[ip->c])) \
    HANDLER(name) {                                                                                     \
        Value v;                                                                                        \
        if (unlikely(!op_##name##_fast(r[ip->b], r[ip->c], &v)))                                        \
            TAIL(do_##name##_slow);                                                                     \
        r[ip->a] = v;                                                                                   \
        NEXT_FAST();                                                                                    \
    }                                                                                                   \
    OPERATOR_SLOW(INPLACE_##name##_slow, r[ip->b], r[ip->c], inplace_operation(t, BINARY_##name, r[ip->b], r[ip->c])) \
    HANDLER(INPLACE_##name) {                                                                           \
        Value v;                                                                                        \
        if (unlikely(!op_##name##_fast(r[ip->b], r[ip->c], &v)))                                        \
            TAIL(do_INPLACE_##name##_slow);                                                             \
        r[ip->a] = v;                                                                                   \
        NEXT_FAST();                                                                                    \
    }
BINARY(ADD)
BINARY(SUB)
BINARY(MUL)
BINARY(MATMUL)
BINARY(TRUEDIV)
BINARY(FLOORDIV)
BINARY(MOD)
BINARY(POW)
BINARY(LSHIFT)
BINARY(RSHIFT)
BINARY(AND)
BINARY(OR)
BINARY(XOR)

#define BINARY_INT(name, prefix, function)                                                                     \
    OPERATOR_SLOW(prefix##name##_INT_slow, r[ip->b], r[ip->b],                                                 \
                  function(t, BINARY_##name, r[ip->b], small_int((int16_t)ip->c)))                             \
    HANDLER(prefix##name##_INT) {                                                                              \
        Value v;                                                                                               \
        if (unlikely(!op_##name##_fast(r[ip->b], small_int((int16_t)ip->c), &v)))                              \
            TAIL(do_##prefix##name##_INT_slow);                                                                \
        r[ip->a] = v;                                                                                          \
        NEXT_FAST();                                                                                           \
    }
BINARY_INT(ADD, , binary_operation)
BINARY_INT(SUB, , binary_operation)
BINARY_INT(ADD, INPLACE_, inplace_operation)
BINARY_INT(SUB, INPLACE_, inplace_operation)

#define UNARY(name, function)                                   \
    static VALUE_HANDLER(name##_slow, function(t, r[ip->b]))    \
    HANDLER(name) {                                             \
        Value v;                                                \
        if (unlikely(!op_##name##_fast(r[ip->b], &v)))          \
            TAIL(do_##name##_slow);                             \
        r[ip->a] = v;                                           \
        NEXT_FAST();                                            \
    }
UNARY(NEGATIVE, negative)
UNARY(POSITIVE, positive)
UNARY(INVERT, invert)

HANDLER(TO_BOOL) {
    bool yes;
    if (unlikely(!truth_fast(r[ip->b], &yes))) {
        if (is_of_class(r[ip->b]))
            TAIL(do_truth_method);
        TAIL(do_truth_in_c);
    }
    r[ip->a] = from_bool(yes);
    NEXT_FAST();
}
HANDLER(NOT) {
    bool yes;
    if (unlikely(!truth_fast(r[ip->b], &yes))) {
        if (is_of_class(r[ip->b]))
            TAIL(do_truth_method);
        TAIL(do_truth_in_c);
    }
    r[ip->a] = from_bool(!yes);
    NEXT_FAST();
}

/* A comparison and its two conditional jumps. */
#define COMPARISON(name)                                                                          \
    OPERATOR_SLOW(COMPARE_##name##_slow, r[ip->b], r[ip->c], op_COMPARE(t, COMPARE_##name, r[ip->b], r[ip->c])) \
    HANDLER(COMPARE_##name) {                                                                     \
        bool yes;                                                                                 \
        if (unlikely(!op_COMPARE_##name##_fast(r[ip->b], r[ip->c], &yes)))                        \
            TAIL(do_COMPARE_##name##_slow);                                                       \
        r[ip->a] = from_bool(yes);                                                                \
        NEXT_FAST();                                                                              \
    }                                                                                             \
    static HANDLER(JUMP_IF_##name##_slow) {                                                       \
        TRY_METHOD(r[ip->a], r[ip->b]);                                                           \
        SAVE();                                                                                   \
        int yes = op_COMPARE_true(t, COMPARE_##name, r[ip->a], r[ip->b]);                            \
        if (unlikely(yes < 0))                                                                    \
            FAIL();                                                                               \
        ip += yes ? (int16_t)ip->c : 0;                                                           \
        NEXT();                                                                                   \
    }                                                                                             \
    HANDLER(JUMP_IF_##name) {                                                                     \
        bool yes;                                                                                 \
        if (unlikely(!op_COMPARE_##name##_fast(r[ip->a], r[ip->b], &yes)))                        \
            TAIL(do_JUMP_IF_##name##_slow);                                                       \
        if (yes)                                                                                  \
            ip += (int16_t)ip->c;                                                                 \
        NEXT_FAST();                                                                              \
    }                                                                                             \
    static HANDLER(JUMP_IF_NOT_##name##_slow) {                                                   \
        TRY_METHOD(r[ip->a], r[ip->b]);                                                           \
        SAVE();                                                                                   \
        int yes = op_COMPARE_true(t, COMPARE_##name, r[ip->a], r[ip->b]);                            \
        if (unlikely(yes < 0))                                                                    \
            FAIL();                                                                               \
        ip += yes ? 0 : (int16_t)ip->c;                                                           \
        NEXT();                                                                                   \
    }                                                                                             \
    HANDLER(JUMP_IF_NOT_##name) {                                                                 \
        bool yes;                                                                                 \
        if (unlikely(!op_COMPARE_##name##_fast(r[ip->a], r[ip->b], &yes)))                        \
            TAIL(do_JUMP_IF_NOT_##name##_slow);                                                   \
        if (!yes)                                                                                 \
            ip += (int16_t)ip->c;                                                                 \
        NEXT_FAST();                                                                              \
    }
COMPARISON(LT)
COMPARISON(LE)
COMPARISON(EQ)
COMPARISON(NE)
COMPARISON(GT)
COMPARISON(GE)

HANDLER(IS) {
    r[ip->a] = from_bool(same(r[ip->b], r[ip->c]));
    NEXT_FAST();
}
HANDLER(IS_NOT) {
    r[ip->a] = from_bool(!same(r[ip->b], r[ip->c]));
    NEXT_FAST();
}
/* Of keys whose hash is at hand: what is known at the place where a search begins; of a character, whether a short text has it.
 * -1: to be asked in general. */
FAST int has_at_home(Value container, Value item) {
    if (unlikely(!is_object(container)))
        return -1;
    Type *type = class_of(as_object(container));
    if (type == &dict_type) {
        DictEntry *e = dict_find_at_home(load_dependent(&as_dict(container)->table), item);
        return likely(e && present(load(&e->value))) ? 1 : -1;
    }
    if (type == &str_type)
        return is_exactly(item, &str_type) ? text_has_char(container, item) : -1;
    if (type != &set_type && type != &frozenset_type)
        return -1;
    int64_t hash;
    return key_hash_at_hand(item, &hash) ? set_has_at_once(load_dependent(&as_set(container)->table), item, hash) : -1;
}
static int is_in(Thread *t, Value container, Value item) {
    if (is_exactly(container, &dict_type)) {
        int has = dict_has_same(load_dependent(&as_dict(container)->table), item);
        if (has >= 0)
            return has;
    }
    return op_IN(t, container, item);
}
TRUTH_HANDLER(IN_slow, is_in(t, r[ip->c], r[ip->b]))
HANDLER(IN) {
    int has = has_at_home(r[ip->c], r[ip->b]);
    if (has < 0) {
        if (is_of_class(r[ip->c]))
            TAIL(do_IN_method);
        TAIL(do_IN_slow);
    }
    r[ip->a] = from_bool(has);
    NEXT_FAST();
}
static int is_not_in(Thread *t, Value container, Value item) {
    int found = is_in(t, container, item);
    return found < 0 ? found : !found;
}
TRUTH_HANDLER(NOT_IN_slow, is_not_in(t, r[ip->c], r[ip->b]))
HANDLER(NOT_IN) {
    int has = has_at_home(r[ip->c], r[ip->b]);
    if (has < 0) {
        if (is_of_class(r[ip->c]))
            TAIL(do_IN_method);
        TAIL(do_NOT_IN_slow);
    }
    r[ip->a] = from_bool(!has);
    NEXT_FAST();
}

/* ---- jumps ---- */

HANDLER(JUMP) {
    ip += wide_operand(*ip);
    NEXT_FAST();
}
static HANDLER(JUMP_BACK_slow) {
    SAVE();
    if (!safepoint(t))
        FAIL();
    ip += wide_operand(*ip);
    NEXT();
}
HANDLER(JUMP_BACK) {
    if (unlikely(poll_due(t)))
        TAIL(do_JUMP_BACK_slow);
    ip += wide_operand(*ip);
    NEXT_FAST();
}
#define JUMP_IF_TRUTH(name, wanted)                     \
    HANDLER(name) {                                     \
        bool yes;                                       \
        if (unlikely(!truth_fast(r[ip->a], &yes))) {    \
            if (is_of_class(r[ip->a]))                  \
                TAIL(do_truth_method);                  \
            TAIL(do_truth_in_c);                        \
        }                                               \
        if (yes == wanted)                              \
            ip += wide_operand(*ip);                    \
        NEXT_FAST();                                    \
    }
JUMP_IF_TRUTH(JUMP_IF_TRUE, 1)
JUMP_IF_TRUTH(JUMP_IF_FALSE, 0)
HANDLER(JUMP_IF_NONE) {
    if (is_none(r[ip->a]))
        ip += wide_operand(*ip);
    NEXT_FAST();
}
HANDLER(JUMP_IF_NOT_NONE) {
    if (!is_none(r[ip->a]))
        ip += wide_operand(*ip);
    NEXT_FAST();
}
HANDLER(JUMP_IF_IS) {
    if (same(r[ip->a], r[ip->b]))
        ip += (int16_t)ip->c;
    NEXT_FAST();
}
HANDLER(JUMP_IF_IS_NOT) {
    if (!same(r[ip->a], r[ip->b]))
        ip += (int16_t)ip->c;
    NEXT_FAST();
}

/* ---- iteration ---- */

VALUE_HANDLER(GET_ITER_slow, get_iterator(t, r[ip->b]))
HANDLER(GET_ITER) {
    Value iterator = op_GET_ITER_fast(t, r[ip->b]);
    if (unlikely(absent(iterator))) {
        if (is_of_class(r[ip->b]))
            TAIL(do_GET_ITER_method);
        TAIL(do_GET_ITER_slow);
    }
    r[ip->a] = iterator;
    NEXT_FAST();
}
static STATEMENT_HANDLER(UNPACK_slow, op_UNPACK(t, &r[ip->a], r[ip->b], ip->c))
HANDLER(UNPACK) {
    if (unlikely(!op_UNPACK_fast(&r[ip->a], r[ip->b], ip->c, false)))
        TAIL(do_UNPACK_slow);
    NEXT_FAST();
}
HANDLER(UNPACK_alone) {
    if (unlikely(!op_UNPACK_fast(&r[ip->a], r[ip->b], ip->c, true)))
        TAIL(do_UNPACK_slow);
    NEXT_FAST();
}
STATEMENT_HANDLER(UNPACK_EX, op_UNPACK_EX(t, &r[ip->a], r[ip->b], ip->c & 255, ip->c >> 8))

/* ---- building ---- */

static VALUE_HANDLER(BUILD_TUPLE_slow, ip->c ? tuple_from_values(t, &r[ip->b], ip->c) : empty_tuple)
HANDLER(BUILD_TUPLE) {
    Value tuple = op_BUILD_TUPLE_fast(t, &r[ip->b], ip->c);
    if (unlikely(absent(tuple)))
        TAIL(do_BUILD_TUPLE_slow);
    r[ip->a] = tuple;
    NEXT_FAST();
}
static VALUE_HANDLER(BUILD_LIST_slow, list_from_values(t, &r[ip->b], ip->c))
HANDLER(BUILD_LIST) {
    Value list = op_BUILD_LIST_fast(t, &r[ip->b], ip->c);
    if (unlikely(absent(list)))
        TAIL(do_BUILD_LIST_slow);
    r[ip->a] = list;
    NEXT_FAST();
}
VALUE_HANDLER(BUILD_SET, op_BUILD_SET(t, &r[ip->b], ip->c))
VALUE_HANDLER(BUILD_DICT, op_BUILD_DICT(t, &r[ip->b], ip->c))
VALUE_HANDLER(BUILD_STRING, op_BUILD_STRING(t, &r[ip->b], ip->c))
static STATEMENT_HANDLER(LIST_APPEND_slow, list_append(t, r[ip->a], r[ip->b]))
HANDLER(LIST_APPEND) {
    Object *list = as_object(r[ip->a]);
    if (likely(is_private_to(t, list)))
        TAIL(do_LIST_APPEND_alone);
    if (unlikely(is_private_value_to(t, r[ip->b])))
        TAIL(do_publish_b);
    if (unlikely(!object_try_lock(list)))
        TAIL(do_LIST_APPEND_slow);
    StoreResult stored = op_LIST_APPEND_fast(r[ip->a], r[ip->b], true);
    if (unlikely(stored == STORE_LOG))
        TAIL(do_log_appended_unlock);
    object_unlock_taken(list);
    if (unlikely(stored == STORE_DECLINED))
        TAIL(do_LIST_APPEND_slow);
    NEXT_FAST();
}
HANDLER(LIST_APPEND_alone) {
    StoreResult stored = op_LIST_APPEND_fast(r[ip->a], r[ip->b], true);
    if (unlikely(stored == STORE_DECLINED))
        TAIL(do_LIST_APPEND_slow);
    if (unlikely(stored == STORE_LOG))
        TAIL(do_log_appended);
    NEXT_FAST();
}
static STATEMENT_HANDLER(LIST_RESERVE_slow, op_LIST_RESERVE(t, r[ip->a], r[ip->b]))
HANDLER(LIST_RESERVE) {
    Type *type = type_of(r[ip->b]);
    if (likely(op_LIST_RESERVE_fast(t, r[ip->a], r[ip->b])))
        NEXT_FAST();
    if (type == &list_iterator_type || type == &tuple_iterator_type || type == &range_iterator_type)
        TAIL(do_LIST_RESERVE_slow);
    NEXT_FAST();
}
STATEMENT_HANDLER(LIST_EXTEND, op_LIST_EXTEND(t, r[ip->a], r[ip->b]))
VALUE_HANDLER(LIST_TO_TUPLE, list_to_tuple(t, r[ip->b]))
/* Not always a set: a program may have bound __conditional_annotations__ to something else. */
STATEMENT_HANDLER(SET_ADD, is_exactly(r[ip->a], &set_type) ? set_add(t, r[ip->a], r[ip->b])
                                                           : present(raise_type_error(t, "expected set, got %T", r[ip->a])))
STATEMENT_HANDLER(SET_UPDATE, op_SET_UPDATE(t, r[ip->a], r[ip->b]))
STATEMENT_HANDLER(DICT_SET, dict_set(t, r[ip->a], r[ip->b], r[ip->c]))
STATEMENT_HANDLER(DICT_UPDATE, op_DICT_UPDATE(t, r[ip->a], r[ip->b]))
STATEMENT_HANDLER(DICT_MERGE, op_DICT_MERGE(t, r[ip->a], r[ip->b], r[ip->c]))
VALUE_HANDLER(FORMAT_SIMPLE, op_FORMAT_SIMPLE(t, r[ip->b]))
VALUE_HANDLER(FORMAT_WITH_SPEC, format_value(t, r[ip->b], r[ip->c]))
VALUE_HANDLER(CONVERT_VALUE, op_CONVERT_VALUE(t, r[ip->b], ip->c))
VALUE_HANDLER(BUILD_INTERPOLATION, op_BUILD_INTERPOLATION(t, &r[ip->b], ip->c))
VALUE_HANDLER(BUILD_TEMPLATE, op_BUILD_TEMPLATE(t, r[ip->b], r[ip->c]))
VALUE_HANDLER(MAKE_FUNCTION, op_MAKE_FUNCTION(t, constants[(uint32_t)wide_operand(*ip)]))
/* Nobody else has come by the function yet, but it may be published. */
#define SET_FUNCTION_ATTRIBUTE(name, alone)                                                  \
    HANDLER(name) {                                                                          \
        FunctionObject *f = as_function(r[ip->a]);                                           \
        if (!alone && unlikely(!is_private_to(t, f) && is_private_value_to(t, r[ip->b])))    \
            TAIL(do_publish_b);                                                              \
        store_release(&function_part(f, ip->c)->bits, r[ip->b].bits);                        \
        if (unlikely(load_relaxed(&f->object.meta) & META_OLD))                              \
            TAIL(do_STORE_DEREF_slow);                                                       \
        NEXT_FAST();                                                                         \
    }
SET_FUNCTION_ATTRIBUTE(SET_FUNCTION_ATTRIBUTE, false)
SET_FUNCTION_ATTRIBUTE(SET_FUNCTION_ATTRIBUTE_alone, true)
#undef SET_FUNCTION_ATTRIBUTE

/* ---- asynchronous ---- */

VALUE_HANDLER(GET_YIELD_FROM_ITER, op_GET_YIELD_FROM_ITER(t, r[ip->b]))
static VALUE_HANDLER(GET_AWAITABLE_slow, op_GET_AWAITABLE(t, r[ip->b], ip->c))
HANDLER(GET_AWAITABLE) {
    Value v = r[ip->b];
    if (unlikely(!is_object(v) || class_of(as_object(v)) != &coroutine_type || load_dependent(&as_generator(v)->state) != GENERATOR_CREATED))
        TAIL(do_GET_AWAITABLE_slow);
    r[ip->a] = v;
    NEXT_FAST();
}
VALUE_HANDLER(GET_AITER, op_GET_AITER(t, r[ip->b]))
VALUE_HANDLER(GET_ANEXT, op_GET_ANEXT(t, r[ip->b]))
VALUE_HANDLER(ASYNC_GEN_WRAP, async_gen_wrap(t, r[ip->b]))

/* ---- import, patterns, rare ---- */

VALUE_HANDLER(IMPORT_NAME, op_IMPORT_NAME(t, caches[ip->c].name, r[ip->b], r[ip->b + 1]))
VALUE_HANDLER(IMPORT_FROM, op_IMPORT_FROM(t, r[ip->b], caches[ip->c].name))
STATEMENT_HANDLER(IMPORT_STAR, op_IMPORT_STAR(t, r[ip->a]))
HANDLER(MATCH_MAPPING) {
    r[ip->a] = from_bool(has_type_flag(r[ip->b], TYPE_MAPPING));
    NEXT_FAST();
}
HANDLER(MATCH_SEQUENCE) {
    r[ip->a] = from_bool(has_type_flag(r[ip->b], TYPE_SEQUENCE));
    NEXT_FAST();
}
VALUE_HANDLER(MATCH_KEYS, op_MATCH_KEYS(t, r[ip->b], r[ip->c]))
VALUE_HANDLER(MATCH_CLASS, op_MATCH_CLASS(t, r[ip->b], r[ip->b + 1], r[ip->b + 2], ip->c))
VALUE_HANDLER(GET_LEN, op_GET_LEN(t, r[ip->b]))
VALUE_HANDLER(INTRINSIC_1, op_INTRINSIC_1(t, r[ip->b], ip->c))
VALUE_HANDLER(INTRINSIC_2, op_INTRINSIC_2(t, r[ip->b], r[ip->b + 1], ip->c))

/* ---- the tables ---- */

const void *dispatch_table[OP_COUNT] = {
#define OPERATION(name, operands, effects, doc) [OP_##name] = do_##name,
#include "compile/ops.def"
#undef OPERATION
#define SPECIAL(name, generic, doc) [OP_##name] = do_##name,
#include "vm/ops_special.def"
#undef SPECIAL
};

void dispatch_prepare(const void **table, bool alone) {
#define OPERATION(name) store_relaxed(&table[OP_##name], (const void *)(alone ? do_##name##_alone : do_##name));
    OPERATIONS_FOR_ONE_THREAD(OPERATION)
#undef OPERATION
}

const char *const operation_names[OP_COUNT] = {
#define OPERATION(name, operands, effects, doc) [OP_##name] = #name,
#include "compile/ops.def"
#undef OPERATION
#define SPECIAL(name, generic, doc) [OP_##name] = #name,
#include "vm/ops_special.def"
#undef SPECIAL
};

/* Specialised operations have no row of operands here: ask for those of the generic one. */
const char *const operation_operands[OP_COUNT] = {
#define OPERATION(name, operands, effects, doc) [OP_##name] = operands,
#include "compile/ops.def"
#undef OPERATION
};

const uint16_t operation_generic[OP_COUNT] = {
#define OPERATION(name, operands, effects, doc) [OP_##name] = OP_##name,
#include "compile/ops.def"
#undef OPERATION
#define SPECIAL(name, generic, doc) [OP_##name] = OP_##generic,
#include "vm/ops_special.def"
#undef SPECIAL
};
