/* The matching engine: the stack of choices, and the three widths of characters; see engine_template.h.
 *
 * A MatchState is private to its thread. All memory that grows with the match (choices, repeats) is malloc'd, so that a
 * pathological pattern ends in MemoryError, never in a deep C stack.
 */
#include "modules/sre/characters.h"
#include "modules/sre/sre.h"
#include "object/errors.h"
#include "types/str/str_layout.h"

#include <stdlib.h>
#include <string.h>

typedef enum ChoiceKind {
    CHOICE_UNDO,           /* group mark `count` was `at`; last_mark and last_index were `pc`-less fields */
    CHOICE_BRANCH,         /* pc: next alternative */
    CHOICE_REPEAT_ONE,     /* pc: the operation; at: start; count: characters taken */
    CHOICE_MIN_REPEAT_ONE, /* pc: the operation; at: end of what was taken; count */
    CHOICE_MAX_UNTIL,      /* pc: the tail */
    CHOICE_MIN_UNTIL,      /* take one more iteration */
    /* barriers */
    CHOICE_ASSERT,
    CHOICE_ASSERT_NOT,
    CHOICE_ATOMIC,
    CHOICE_POSSESSIVE, /* count: iterations completed */
} ChoiceKind;

enum : uint32_t { NO_REPEAT = UINT32_MAX, NO_BARRIER = UINT32_MAX };

/* An array of twice the capacity with the same contents, `few` being the one in the state itself. NULL: MemoryError. */
static void *grow(MatchState *s, void *items, void *few, size_t *capacity, size_t size) {
    size_t wanted = *capacity * 4;
    void *grown = wanted < UINT32_MAX ? realloc(items == few ? NULL : items, wanted * size) : NULL;
    if (!grown) {
        raise_no_memory(s->t);
        return NULL;
    }
    if (items == few)
        memcpy(grown, few, *capacity * size);
    *capacity = wanted;
    return grown;
}

static inline Choice *new_choice(MatchState *s) {
    if (unlikely(s->choice_count == s->choice_capacity)) {
        Choice *choices = grow(s, s->choices, s->few_choices, &s->choice_capacity, sizeof *choices);
        if (!choices)
            return NULL;
        s->choices = choices;
    }
    return &s->choices[s->choice_count++];
}

static bool push_choice(MatchState *s, ChoiceKind kind, const uint32_t *pc, int64_t at, uint32_t repeat, int64_t count) {
    Choice *c = new_choice(s);
    if (!c)
        return false;
    c->pc = pc;
    c->at = at;
    c->count = count;
    c->repeat = repeat;
    c->repeat_count = (uint32_t)s->repeat_count;
    c->kind = kind;
    return true;
}

static bool push_barrier(MatchState *s, ChoiceKind kind, const uint32_t *pc, int64_t at, uint32_t repeat, uint32_t *barrier,
                         int64_t count) {
    Choice *c = new_choice(s);
    if (!c)
        return false;
    *c = (Choice){pc, at, count, repeat, (uint32_t)s->repeat_count, *barrier, kind, 0, 0};
    *barrier = (uint32_t)(c - s->choices);
    return true;
}

static uint32_t push_repeat(MatchState *s, const uint32_t *pc, int64_t count, int64_t last_at, uint32_t outer) {
    if (unlikely(s->repeat_count == s->repeat_capacity)) {
        Repeat *repeats = grow(s, s->repeats, s->few_repeats, &s->repeat_capacity, sizeof *repeats);
        if (!repeats)
            return NO_REPEAT;
        s->repeats = repeats;
    }
    s->repeats[s->repeat_count] = (Repeat){pc, count, last_at, outer};
    return (uint32_t)s->repeat_count++;
}

static bool set_mark(MatchState *s, uint32_t mark, int64_t at) {
    if (s->choice_count) { /* else failing is final */
        Choice *c = new_choice(s);
        if (!c)
            return false;
        c->at = s->marks[mark];
        c->count = mark;
        c->kind = CHOICE_UNDO;
        c->last_mark = s->last_mark;
        c->last_index = s->last_index;
    }
    if (mark & 1)
        s->last_index = mark / 2 + 1;
    for (int64_t i = s->last_mark + 1; i < (int64_t)mark; i++)
        s->marks[i] = NO_MARK;
    if ((int64_t)mark > s->last_mark)
        s->last_mark = mark;
    s->marks[mark] = at;
    return true;
}

static void undo(MatchState *s, const Choice *c) {
    s->marks[c->count] = c->at;
    s->last_mark = c->last_mark;
    s->last_index = c->last_index;
}

/* Takes back everything from the barrier on, groups too. */
static void undo_to(MatchState *s, uint32_t barrier) {
    while (s->choice_count > barrier) {
        Choice *c = &s->choices[--s->choice_count];
        if (c->kind == CHOICE_UNDO)
            undo(s, c);
    }
}

/* Closes the barrier: its choices are gone, but what they may have to undo later is not. */
static void keep_undo_records(MatchState *s, uint32_t barrier) {
    size_t kept = barrier;
    for (size_t i = barrier + 1; i < s->choice_count; i++)
        if (s->choices[i].kind == CHOICE_UNDO)
            s->choices[kept++] = s->choices[i];
    s->choice_count = kept;
}

static void match_state_reset_marks(MatchState *s) { s->last_mark = s->last_index = -1; }

/* Whether a character may be in a set of facts; a table does not know those beyond 256. */
static inline bool may_take(const SreSet *set, uint32_t c) { return c < 256 ? set->takes[c] : set->beyond; }

/* The position of a character in [at, last]; `none` if it is not there. */
static inline int64_t find_char(const void *text, int kind, int64_t at, int64_t last, uint32_t c, int64_t none) {
    if (at > last)
        return none;
    int64_t found = chars_find_char((Chars){(const char *)text + at * kind, (size_t)(last - at + 1), kind}, c);
    return found < 0 ? none : at + found;
}
static int64_t find_char_1(const uint8_t *text, int64_t at, int64_t last, uint32_t c, int64_t none) {
    return find_char(text, 1, at, last, c, none);
}
static int64_t find_char_2(const uint16_t *text, int64_t at, int64_t last, uint32_t c, int64_t none) {
    return find_char(text, 2, at, last, c, none);
}
static int64_t find_char_4(const uint32_t *text, int64_t at, int64_t last, uint32_t c, int64_t none) {
    return find_char(text, 4, at, last, c, none);
}

enum { LONGEST_NEEDLE = 64, STEPS_BETWEEN_POLLS = 1 << 16 };

#define CHAR uint8_t
#define NAME(x) x##_1
#include "modules/sre/engine_template.h"
#undef CHAR
#undef NAME
#define CHAR uint16_t
#define NAME(x) x##_2
#include "modules/sre/engine_template.h"
#undef CHAR
#undef NAME
#define CHAR uint32_t
#define NAME(x) x##_4
#include "modules/sre/engine_template.h"
#undef CHAR
#undef NAME

void match_state_reset(MatchState *s) { match_state_reset_marks(s); }

int match_here(MatchState *s) {
    const uint32_t *pc = s->pattern->code;
    if (pc[0] == SRE_INFO) {
        if (s->end - s->start < (int64_t)pc[3])
            return 0;
        pc += 1 + pc[1];
    }
    match_state_reset_marks(s);
    return s->kind == 1 ? run_1(s, pc, s->start) : s->kind == 2 ? run_2(s, pc, s->start) : run_4(s, pc, s->start);
}

int match_search(MatchState *s) {
    if (s->start > s->end)
        return 0;
    return s->kind == 1 ? search_1(s) : s->kind == 2 ? search_2(s) : search_4(s);
}
