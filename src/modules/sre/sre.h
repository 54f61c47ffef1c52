/* _sre: regular expressions. The library's re module compiles a pattern to the words that the engine here runs.
 *
 * Patterns and matches are immutable. A match in progress (MatchState) is private to its thread; nothing of the engine
 * recurses on the C stack, and it polls for signals.
 */
#pragma once
#include "object/buffer.h"
#include "object/thread.h"

/* Characters: a table for those below 256. */
typedef struct SreSet {
    bool takes[256];
    bool beyond; /* may one from 256 on be in it? */
} SreSet;

/* What analysis.c found out. Indexes are into `sets`, 0: nothing is known. */
typedef struct SreFacts {
    Object object;
    uint16_t *item; /* by position in the code: what the item there takes */
    uint16_t *next; /* by position of a repeat of one item: what may follow it; of an alternative: what may begin it */
    uint16_t first; /* what may begin a match */
    SreSet sets[];
} SreFacts;
/* In `next`: what follows the repeat is nothing that the repeat would have taken, so giving characters back is no use. */
enum : uint16_t { SRE_DISJOINT = 0x8000 };

typedef struct PatternObject {
    Object object;
    Value pattern;     /* str, bytes or None */
    Value group_index; /* dict: name to number */
    Value index_group; /* tuple: number to name or None */
    int64_t hash;      /* of the code; part of equality */
    uint32_t flags, groups;
    int is_bytes;      /* 1, 0, -1: pattern None takes anything */
    SreFacts *facts;
    Value last_template; /* (replacement, what template_of made of it), or absent */
    size_t code_size;
    uint32_t code[];
} PatternObject;

typedef struct MatchObject {
    Object object;
    Value pattern, string; /* string as it was given */
    Value regs;            /* tuple, made on demand */
    int64_t pos, endpos, last_index; /* last_index -1: none */
    size_t groups;         /* including group 0 */
    int64_t marks[];       /* start and end of each group, -1: did not take part */
} MatchObject;

typedef struct TemplateObject {
    Object object;
    Value literal;  /* what stands before the first group */
    size_t count;   /* further chunks: group number, literal or absent */
    Value items[];  /* small int, str or bytes, alternating */
} TemplateObject;

extern Type pattern_type, match_type, scanner_type, template_object_type;
static inline PatternObject *as_pattern(Value v) { return (PatternObject *)v.bits; }
static inline MatchObject *as_match(Value v) { return (MatchObject *)v.bits; }

enum { NO_MARK = -1 };

/* Something that could have been otherwise; see engine.c for the kinds. */
typedef struct Choice {
    const uint32_t *pc;
    int64_t at, count;
    uint32_t repeat, repeat_count;
    uint32_t barrier; /* barriers: the one outside */
    uint32_t kind;
    int64_t last_mark, last_index; /* undo records */
} Choice;

/* One iteration of a REPEAT: immutable, so that a choice need only remember which one was current. */
typedef struct Repeat {
    const uint32_t *pc;
    int64_t count, last_at;
    uint32_t outer;
} Repeat;

enum { FEW_MARKS = 16, FEW_CHOICES = 8, FEW_REPEATS = 4 };

/* One string being searched. Positions are characters from its start. */
typedef struct MatchState {
    Thread *t;
    PatternObject *pattern;
    Value string;
    Buffer buffer;      /* bytes-like strings: held while the state is open */
    const void *data;
    int kind;           /* 1, 2, 4 */
    bool is_bytes, match_all, must_advance;
    int64_t start, end; /* the part to look at; `start` moves on as matches are found */
    int64_t beginning;  /* 0: where lookbehind and ^ see the string begin */
    int64_t position;   /* end of the match */
    int64_t last_mark, last_index;
    int64_t *marks;     /* 2 per group, without group 0 */
    Choice *choices;
    size_t choice_count, choice_capacity;
    Repeat *repeats;    /* persistent nodes: one per iteration, dropped on backtracking */
    size_t repeat_count, repeat_capacity;
    /* Where the three above point to before they grow. */
    int64_t few_marks[FEW_MARKS];
    Choice few_choices[FEW_CHOICES];
    Repeat few_repeats[FEW_REPEATS];
} MatchState;

/* false: exception pending. pos and endpos are clamped. */
bool match_state_open(Thread *t, MatchState *s, Value pattern, Value string, int64_t pos, int64_t endpos);
void match_state_close(MatchState *s);
void match_state_reset(MatchState *s); /* forgets groups before the next search */
/* 1: found (s->start, s->position, marks), 0: not, -1: exception pending. */
int match_here(MatchState *s);
int match_search(MatchState *s);

Value match_new(MatchState *s);
Value match_slice(Thread *t, Value string, int64_t start, int64_t end); /* of the type that groups have */
Value match_group_value(Thread *t, MatchObject *m, size_t group, Value otherwise);
Value match_expand_template(Thread *t, Value match, Value template); /* Template object; str or bytes */
Value template_of(Thread *t, Value pattern, Value replacement);      /* re._compile_template: Template, or str/bytes */
Value pattern_substitute(Thread *t, Value pattern, Value replacement, Value string, int64_t count, bool with_number);
[[nodiscard]] bool sre_analyse(Thread *t, PatternObject *p); /* of a validated pattern; false: MemoryError */
bool sre_validate(const PatternObject *p); /* code that cannot lead the engine astray */
