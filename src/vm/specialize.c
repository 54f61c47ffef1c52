/* Specialisation: replacing a generic operation in place by one for the operands that it met.
 *
 * The words of a cache are written first and the operation is published after them (release). A cache that is in use
 * may be read by other threads at any moment, so with several threads it is rewritten only while the world is stopped:
 * handlers read all words of a cache between two safepoints. Each rewriting counts; after a few the operation stays
 * generic.
 */
#include "vm/interpret.h"

enum { MOST_REWRITES = 16 };

static void fill_cache(Thread *t, Instruction *ip, Cache *cache, unsigned op, const uintptr_t words[4]) {
    if (cache->counter >= MOST_REWRITES) {
        if (operation_generic[ip->op] != ip->op)
            publish_operation(ip, operation_generic[ip->op]);
        return;
    }
    bool stop = cache->counter > 0 && load_relaxed(&runtime_threaded);
    cache->counter++;
    if (stop)
        stop_world(t);
    memcpy(cache->words, words, sizeof cache->words);
    publish_operation(ip, op);
    if (stop)
        start_world(t);
    store_many(t->frame->code); /* the words refer to tables */
}

void specialize_load_global(Thread *t, Instruction *ip, Cache *cache) {
    FunctionObject *f = t->frame->function;
    bool callee = operation_generic[ip->op] == OP_LOAD_GLOBAL_CALLEE;
    if (!is_exactly(f->globals, &dict_type) || !is_exactly(f->builtins, &dict_type) || cache->counter >= MOST_REWRITES)
        return;
    DictTable *globals_table, *builtins_table;
    Value *slot = dict_value_slot(t, f->globals, cache->name, true, &globals_table);
    if (!slot)
        return;
    if (present(load(slot))) {
        uintptr_t words[4] = {(uintptr_t)globals_table, (uintptr_t)slot, 0, 0};
        fill_cache(t, ip, cache, callee ? OP_LOAD_GLOBAL_CALLEE_MODULE : OP_LOAD_GLOBAL_MODULE, words);
        return;
    }
    Value *builtin = dict_value_slot(t, f->builtins, cache->name, false, &builtins_table);
    if (!builtin)
        return;
    uintptr_t words[4] = {(uintptr_t)globals_table, (uintptr_t)slot, (uintptr_t)builtins_table, (uintptr_t)builtin};
    fill_cache(t, ip, cache, callee ? OP_LOAD_GLOBAL_CALLEE_BUILTIN : OP_LOAD_GLOBAL_BUILTIN, words);
}
