/* The matching engine: the stack of choices, and the three widths of characters; see engine_template.h.
 *
 * A MatchState is private to its thread. All memory that grows with the match (choices, repeats) is malloc'd, so that a
 * pathological pattern ends in MemoryError, never in a deep C stack.
 */
#include "modules/sre/characters.h"
#include "modules/sre/sre.h"
#include "object/errors.h"

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

struct Choice {
    const uint32_t *pc;
    int64_t at, count;
    uint32_t repeat, repeat_count;
    uint32_t barrier; /* barriers: the one outside */
    uint32_t kind;
    int64_t last_mark, last_index; /* undo records */
};

/* One iteration of a REPEAT: immutable, so that a choice need only remember which one was current. */
struct Repeat {
    const uint32_t *pc;
    int64_t count, last_at;
    uint32_t outer;
};

enum : uint32_t { NO_REPEAT = UINT32_MAX, NO_BARRIER = UINT32_MAX };

static Choice *new_choice(MatchState *s) {
    if (s->choice_count == s->choice_capacity) {
        size_t capacity = s->choice_capacity ? s->choice_capacity * 2 : 64;
        Choice *choices = capacity < UINT32_MAX ? realloc(s->choices, capacity * sizeof *choices) : NULL;
        if (!choices) {
            raise_no_memory(s->t);
            return NULL;
        }
        s->choices = choices;
        s->choice_capacity = capacity;
    }
    return &s->choices[s->choice_count++];
}

static bool push_choice(MatchState *s, ChoiceKind kind, const uint32_t *pc, int64_t at, uint32_t repeat, int64_t count) {
    Choice *c = new_choice(s);
    if (c)
        *c = (Choice){pc, at, count, repeat, (uint32_t)s->repeat_count, NO_BARRIER, kind, 0, 0};
    return c;
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
    if (s->repeat_count == s->repeat_capacity) {
        size_t capacity = s->repeat_capacity ? s->repeat_capacity * 2 : 32;
        Repeat *repeats = capacity < UINT32_MAX ? realloc(s->repeats, capacity * sizeof *repeats) : NULL;
        if (!repeats) {
            raise_no_memory(s->t);
            return NO_REPEAT;
        }
        s->repeats = repeats;
        s->repeat_capacity = capacity;
    }
    s->repeats[s->repeat_count] = (Repeat){pc, count, last_at, outer};
    return (uint32_t)s->repeat_count++;
}

static bool set_mark(MatchState *s, uint32_t mark, int64_t at) {
    Choice *c = new_choice(s);
    if (!c)
        return false;
    *c = (Choice){NULL, s->marks[mark], mark, 0, 0, NO_BARRIER, CHOICE_UNDO, s->last_mark, s->last_index};
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

static int64_t find_char_1(const uint8_t *text, int64_t at, int64_t last, uint32_t c) {
    const uint8_t *found = c < 256 && at <= last ? memchr(text + at, (int)c, (size_t)(last - at + 1)) : NULL;
    return found ? found - text : INT64_MAX;
}
static int64_t find_char_2(const uint16_t *text, int64_t at, int64_t last, uint32_t c) {
    while (at <= last && text[at] != c) at++;
    return at;
}
static int64_t find_char_4(const uint32_t *text, int64_t at, int64_t last, uint32_t c) {
    while (at <= last && text[at] != c) at++;
    return at;
}

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
