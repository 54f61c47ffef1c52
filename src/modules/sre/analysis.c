/* What can be said about a pattern's code before it runs: which characters a single-character item takes, which may come
 * first where a repeat ends, an alternative begins or the whole pattern begins. The engine looks one character up in a
 * table where it would otherwise interpret words, and does not try what cannot succeed.
 *
 * Everything errs on the side of taking part: a table may contain characters that do not match after all, never the
 * other way round. What depends on the C locale, which may change, gets no table.
 * Pure functions; the result is immutable.
 */
#include "modules/sre/characters.h"
#include "modules/sre/sre.h"
#include "object/errors.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static Type facts_type = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL | CELL_UNTRACKED},
    .name_text = "sre_facts",
};

enum { MOST_SETS = 1000, MOST_STEPS = 2000 };

typedef struct Analysis {
    const PatternObject *p;
    SreSet *sets; /* [0] is not used: 0 means that nothing is known */
    size_t count, capacity;
    uint16_t *item, *next; /* by position in the code: see SreFacts */
    bool *disjoint;
    const uint32_t **repeat_of; /* by position of an UNTIL: its REPEAT */
    uint32_t *asked;            /* by position of an UNTIL: the last question that came by */
    uint32_t question;
    int steps; /* left, for one question: nested repeats could ask for ever */
} Analysis;

/* What the commonest kinds of items take; false: it is another. */
static bool plain_item_set(const uint32_t *pc, SreSet *set) {
    bool negated = pc[0] == SRE_NOT_LITERAL || pc[0] == SRE_ANY, one = negated || pc[0] == SRE_LITERAL;
    if (pc[0] == SRE_IN) {
        sre_fill_set(pc + 2, set->takes);
    } else if (one || pc[0] == SRE_ANY_ALL) {
        uint32_t c = pc[0] == SRE_ANY ? '\n' : pc[1];
        memset(set->takes, negated || !one, sizeof set->takes);
        if (one && c < 256)
            set->takes[c] = !negated;
    } else {
        return false;
    }
    return true;
}

/* The characters that the single-character item at pc takes; false: it is none, or depends on the locale. */
static bool item_set(const uint32_t *pc, SreSet *set) {
    uint32_t c = pc[1];
    memset(set, 0, sizeof *set);
    set->beyond = true;
    for (uint32_t x = plain_item_set(pc, set) ? 256 : 0; x < 256; x++) {
        bool takes;
        switch (pc[0]) {
        case SRE_LITERAL_IGNORE: takes = sre_lower_ascii(x) == c; break;
        case SRE_NOT_LITERAL_IGNORE: takes = sre_lower_ascii(x) != c; break;
        case SRE_LITERAL_UNI_IGNORE: takes = sre_lower_unicode(x) == c; break;
        case SRE_NOT_LITERAL_UNI_IGNORE: takes = sre_lower_unicode(x) != c; break;
        case SRE_IN_IGNORE: takes = sre_in_set(pc + 2, sre_lower_ascii(x)); break;
        case SRE_IN_UNI_IGNORE: takes = sre_in_set(pc + 2, sre_lower_unicode(x)); break;
        case SRE_CATEGORY: takes = sre_category(c, x); break;
        default: return false;
        }
        set->takes[x] = takes;
    }
    if (pc[0] == SRE_LITERAL || pc[0] == SRE_LITERAL_IGNORE)
        set->beyond = c >= 256;
    else if (pc[0] == SRE_CATEGORY)
        set->beyond = sre_category_beyond(c);
    else if (pc[0] == SRE_IN || pc[0] == SRE_IN_IGNORE)
        set->beyond = sre_set_beyond(pc + 2);
    return !((pc[0] == SRE_CATEGORY && sre_category_is_locale(c)) ||
             ((pc[0] == SRE_IN || pc[0] == SRE_IN_IGNORE || pc[0] == SRE_IN_UNI_IGNORE) && sre_set_is_locale(pc + 2)));
}

static uint16_t add_set(Analysis *a, const SreSet *set) {
    for (size_t i = 1; i < a->count; i++)
        if (memcmp(&a->sets[i], set, sizeof *set) == 0)
            return (uint16_t)i;
    if (a->count >= MOST_SETS)
        return 0;
    if (a->count == a->capacity) {
        size_t capacity = a->capacity ? a->capacity * 2 : 8;
        SreSet *sets = realloc(a->sets, capacity * sizeof *sets);
        if (!sets)
            return 0;
        a->sets = sets;
        a->capacity = capacity;
        if (a->count == 0)
            a->count = 1;
    }
    a->sets[a->count] = *set;
    return (uint16_t)a->count++;
}

static void unite(SreSet *set, const SreSet *other) {
    for (int i = 0; i < 256; i++)
        set->takes[i] |= other->takes[i];
    set->beyond |= other->beyond;
}

/* Adds to *set what may come first in the code from pc on. True: it may succeed without a character, or nobody knows. */
static bool first_of(Analysis *a, const uint32_t *pc, SreSet *set) {
    for (;;) {
        if (--a->steps < 0)
            return true;
        switch (pc[0]) {
        case SRE_SUCCESS: return true;
        case SRE_FAILURE: return false;
        case SRE_MARK:
        case SRE_AT: pc += 2; break;
        case SRE_INFO:
        case SRE_JUMP:
        case SRE_ASSERT:
        case SRE_ASSERT_NOT: pc += 1 + pc[1]; break;
        case SRE_MAX_UNTIL:
        case SRE_MIN_UNTIL: { /* another round, or what follows */
            size_t at = (size_t)(pc - a->p->code);
            const uint32_t *repeat = a->repeat_of[at];
            if (!repeat)
                return true;
            if (a->asked[at] != a->question) {
                a->asked[at] = a->question;
                if (first_of(a, repeat + 4, set))
                    return true;
            }
            pc++;
            break;
        }
        case SRE_BRANCH: {
            bool empty = false;
            for (const uint32_t *alternative = pc + 1; *alternative; alternative += *alternative)
                empty |= first_of(a, alternative + 1, set);
            return empty;
        }
        case SRE_REPEAT_ONE:
        case SRE_MIN_REPEAT_ONE:
        case SRE_POSSESSIVE_REPEAT_ONE: {
            SreSet own;
            if (!item_set(pc + 4, &own))
                return true;
            if (pc[3])
                unite(set, &own);
            if (pc[2])
                return false;
            pc += 1 + pc[1];
            break;
        }
        case SRE_REPEAT:
            if (pc[2])
                return first_of(a, pc + 4, set);
            if (first_of(a, pc + 4, set))
                return true;
            pc += 1 + pc[1] + 1;
            break;
        case SRE_POSSESSIVE_REPEAT:
        case SRE_ATOMIC_GROUP: {
            bool group = pc[0] == SRE_ATOMIC_GROUP;
            bool empty = first_of(a, pc + (group ? 2 : 4), set);
            if (!empty && (group || pc[2]))
                return false;
            pc += 1 + pc[1] + !group;
            break;
        }
        default: {
            SreSet own;
            if (!item_set(pc, &own))
                return true;
            unite(set, &own);
            return false;
        }
        }
    }
}

/* The set of what may come first from pc on, 0 if that is unknown or may be nothing. */
static uint16_t first_set(Analysis *a, const uint32_t *pc) {
    SreSet set = {0};
    a->steps = MOST_STEPS;
    a->question++;
    return first_of(a, pc, &set) ? 0 : add_set(a, &set);
}

static bool sets_disjoint(const SreSet *x, const SreSet *y) {
    bool common = x->beyond && y->beyond;
    for (int i = 0; i < 256; i++)
        common |= x->takes[i] & y->takes[i];
    return !common;
}

static void look_at_item(Analysis *a, const uint32_t *pc) {
    SreSet set;
    if (item_set(pc, &set))
        a->item[pc - a->p->code] = add_set(a, &set);
}

/* Visits every operation in [pc, end), which sre_validate went through before. */
static void look_at(Analysis *a, const uint32_t *pc, const uint32_t *end) {
    while (pc < end) {
        size_t at = (size_t)(pc - a->p->code);
        switch (pc[0]) {
        case SRE_SUCCESS:
        case SRE_FAILURE:
        case SRE_MAX_UNTIL:
        case SRE_MIN_UNTIL: pc++; break;
        case SRE_ANY:
        case SRE_ANY_ALL:
            look_at_item(a, pc);
            pc++;
            break;
        case SRE_MARK:
        case SRE_AT:
        case SRE_GROUPREF: case SRE_GROUPREF_IGNORE: case SRE_GROUPREF_UNI_IGNORE: case SRE_GROUPREF_LOC_IGNORE:
            pc += 2;
            break;
        case SRE_INFO: pc += 1 + pc[1]; break;
        case SRE_JUMP: pc += 2; break;
        case SRE_GROUPREF_EXISTS: pc += 3; break;
        case SRE_BRANCH: {
            const uint32_t *alternative = pc + 1;
            for (; *alternative; alternative += *alternative) {
                a->next[alternative - a->p->code] = first_set(a, alternative + 1);
                look_at(a, alternative + 1, alternative + *alternative);
            }
            pc = alternative + 1;
            break;
        }
        case SRE_REPEAT_ONE:
        case SRE_MIN_REPEAT_ONE:
        case SRE_POSSESSIVE_REPEAT_ONE: {
            look_at_item(a, pc + 4);
            uint16_t item = a->item[at + 4], next = a->next[at] = first_set(a, pc + 1 + pc[1]);
            a->disjoint[at] = item && next && sets_disjoint(&a->sets[item], &a->sets[next]);
            pc += 1 + pc[1];
            break;
        }
        case SRE_REPEAT:
            a->repeat_of[at + 1 + pc[1]] = pc;
            pc += 4;
            break;
        case SRE_POSSESSIVE_REPEAT: pc += 4; break;
        case SRE_ATOMIC_GROUP: pc += 2; break;
        case SRE_ASSERT:
        case SRE_ASSERT_NOT: pc += 3; break;
        case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE:
            look_at_item(a, pc);
            pc += 1 + pc[1];
            break;
        default: /* a literal or category */
            look_at_item(a, pc);
            pc += 2;
        }
    }
}

static bool pack(Thread *t, PatternObject *p, const Analysis *a, uint16_t first) {
    size_t sets = a->count ? a->count : 1;
    size_t sets_end = (offsetof(SreFacts, sets) + sets * sizeof(SreSet) + 1) / 2 * 2; /* where 16-bit words may lie */
    SreFacts *facts = heap_allocate(t, &facts_type, sets_end + 2 * p->code_size * sizeof(uint16_t));
    if (!facts)
        return false;
    if (a->count)
        memcpy(facts->sets, a->sets, a->count * sizeof(SreSet));
    facts->item = (uint16_t *)((char *)facts + sets_end);
    facts->next = facts->item + p->code_size;
    memcpy(facts->item, a->item, p->code_size * sizeof(uint16_t));
    for (size_t i = 0; i < p->code_size; i++)
        facts->next[i] = (uint16_t)(a->next[i] | (a->disjoint[i] ? SRE_DISJOINT : 0));
    facts->first = first;
    p->facts = facts;
    store_many(p);
    return true;
}

bool sre_analyse(Thread *t, PatternObject *p) {
    Analysis a = {.p = p};
    a.repeat_of = calloc(p->code_size, sizeof *a.repeat_of + sizeof *a.asked + 2 * sizeof *a.item + sizeof *a.disjoint);
    if (!a.repeat_of) {
        raise_no_memory(t);
        return false;
    }
    a.asked = (uint32_t *)(a.repeat_of + p->code_size);
    a.item = (uint16_t *)(a.asked + p->code_size);
    a.next = a.item + p->code_size;
    a.disjoint = (bool *)(a.next + p->code_size);
    look_at(&a, p->code, p->code + p->code_size);
    uint16_t first = first_set(&a, p->code);
    bool ok = pack(t, p, &a, first);
    free(a.repeat_of);
    free(a.sets);
    return ok;
}
