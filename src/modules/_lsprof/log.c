/* Records of calls: see _lsprof.h. */
#include "modules/_lsprof/_lsprof.h"

#include <stdlib.h>

static size_t place_of(Log *log, const void *key, Record *caller) {
    uint64_t h = ((uintptr_t)key >> 4) * UINT64_C(0x9e3779b97f4a7c15) ^ ((uintptr_t)caller >> 4) * UINT64_C(0xc2b2ae3d27d4eb4f);
    size_t i = (h ^ h >> 32) & (log->table_size - 1);
    while (log->table[i] && (log->table[i]->key != key || log->table[i]->caller != caller))
        i = (i + 1) & (log->table_size - 1);
    return i;
}

Record *log_find(Log *log, const void *key, Record *caller) {
    return log->table_size ? log->table[place_of(log, key, caller)] : NULL;
}

static bool grow(Log *log) {
    size_t old_size = log->table_size;
    Record **old = log->table, **table = calloc(old_size ? old_size * 2 : 64, sizeof *table);
    if (!table)
        return false;
    log->table = table;
    log->table_size = old_size ? old_size * 2 : 64;
    for (size_t i = 0; i < old_size; i++)
        if (old[i])
            table[place_of(log, old[i]->key, old[i]->caller)] = old[i];
    free(old);
    return true;
}

Record *log_add(Log *log, const void *key, Record *caller) {
    if (log->records * 2 >= log->table_size && !grow(log))
        return NULL;
    Record *record = calloc(1, sizeof *record);
    if (!record)
        return NULL;
    record->key = key;
    record->caller = caller;
    if (caller) {
        record->next_callee = caller->first_callee;
        caller->first_callee = record;
    }
    log->table[place_of(log, key, caller)] = record;
    log->records++;
    return record;
}

Call *log_push(Log *log, Record *record, Record *pair) {
    if (log->depth == log->capacity) {
        size_t capacity = log->capacity ? log->capacity * 2 : 64;
        Call *calls = realloc(log->calls, capacity * sizeof *calls);
        if (!calls)
            return NULL;
        log->calls = calls;
        log->capacity = capacity;
    }
    record->depth++;
    if (pair)
        pair->depth++;
    Call *call = &log->calls[log->depth++];
    *call = (Call){.record = record, .pair = pair};
    return call;
}

static void end_call(Record *record, int64_t total, int64_t within) {
    if (--record->depth == 0)
        record->total += total;
    else
        record->recursive_calls++;
    record->within += within;
    record->calls++;
}

void log_pop(Log *log, int64_t now) {
    Call *call = &log->calls[--log->depth];
    int64_t total = now - call->start;
    if (log->depth)
        call[-1].callees += total;
    end_call(call->record, total, total - call->callees);
    if (call->pair)
        end_call(call->pair, total, total - call->callees);
}

void log_drop(Log *log) {
    Call *call = &log->calls[--log->depth];
    call->record->depth--;
    if (call->pair)
        call->pair->depth--;
}

void log_clear(Log *log) {
    for (size_t i = 0; i < log->table_size; i++)
        free(log->table[i]);
    free(log->table);
    free(log->calls);
    log->table = NULL;
    log->calls = NULL;
    log->records = log->table_size = log->depth = log->capacity = 0;
}

static Record *merge_record(Log *into, Record *from) {
    Record *caller = from->caller ? merge_record(into, from->caller) : NULL;
    if (from->caller && !caller)
        return NULL;
    Record *record = log_find(into, from->key, caller);
    if (!record && !(record = log_add(into, from->key, caller)))
        return NULL;
    record->shown = from->shown; /* NOBARRIER: malloc'd memory that only its maker knows */
    return record;
}

bool log_merge(Log *into, Log *from) {
    for (size_t i = 0; i < from->table_size; i++) {
        Record *record = from->table[i];
        if (!record)
            continue;
        Record *sum = merge_record(into, record);
        if (!sum)
            return false;
        sum->total += record->total;
        sum->within += record->within;
        sum->calls += record->calls;
        sum->recursive_calls += record->recursive_calls;
    }
    return true;
}
