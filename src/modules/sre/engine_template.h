/* The engine for one width of characters: included by engine.c with CHAR and NAME(x) defined.
 *
 * run() goes forward through the code; what could have been otherwise is on the stack of choices, together with undo
 * records for groups. Failing pops the newest choice. An assertion, an atomic group or an iteration of a possessive
 * repeat opens a barrier on the same stack: its SUCCESS closes it and drops the choices made inside.
 */

/* Whether the single-character item at `pc` takes a character: the slow way, where there is no table. */
static bool NAME(takes)(const uint32_t *pc, uint32_t c) {
    switch (pc[0]) {
    case SRE_ANY_ALL: return true;
    case SRE_ANY: return c != '\n';
    case SRE_LITERAL: return c == pc[1];
    case SRE_NOT_LITERAL: return c != pc[1];
    case SRE_LITERAL_IGNORE: return sre_lower_ascii(c) == pc[1];
    case SRE_NOT_LITERAL_IGNORE: return sre_lower_ascii(c) != pc[1];
    case SRE_LITERAL_UNI_IGNORE: return sre_lower_unicode(c) == pc[1];
    case SRE_NOT_LITERAL_UNI_IGNORE: return sre_lower_unicode(c) != pc[1];
    case SRE_LITERAL_LOC_IGNORE: return sre_locale_ignore(pc[1], c);
    case SRE_NOT_LITERAL_LOC_IGNORE: return !sre_locale_ignore(pc[1], c);
    case SRE_IN: return sre_in_set(pc + 2, c);
    case SRE_IN_IGNORE: return sre_in_set(pc + 2, sre_lower_ascii(c));
    case SRE_IN_UNI_IGNORE: return sre_in_set(pc + 2, sre_lower_unicode(c));
    case SRE_IN_LOC_IGNORE: return sre_in_set_locale_ignore(pc + 2, c);
    case SRE_CATEGORY: return sre_category(pc[1], c);
    default: return false;
    }
}

static inline bool NAME(takes_one)(const MatchState *s, const uint32_t *pc, uint32_t c) {
    uint16_t known = s->pattern->facts->item[pc - s->pattern->code];
    return known && c < 256 ? s->pattern->facts->sets[known].takes[c] : NAME(takes)(pc, c);
}

/* Whether what stands at `at` may begin what a set of facts describes. 0: nobody knows. */
static inline bool NAME(may_follow)(const MatchState *s, uint16_t set, int64_t at) {
    const CHAR *text = s->data;
    return set == 0 || (at < s->end && may_take(&s->pattern->facts->sets[set], text[at]));
}

/* How many characters from `at` (at most `most`) the single-character item at `pc` matches. */
static int64_t NAME(count)(const MatchState *s, const uint32_t *pc, int64_t at, int64_t most) {
    const CHAR *text = s->data;
    int64_t end = s->end;
    if (most < end - at)
        end = at + most;
    const CHAR *p = text + at, *stop = text + end;
    uint32_t c = pc[1];
    uint16_t known = s->pattern->facts->item[pc - s->pattern->code];
    switch (pc[0]) {
    case SRE_ANY_ALL:
        return end - at;
    case SRE_ANY:
        return NAME(find_char)(text, at, end - 1, '\n', end) - at;
    case SRE_NOT_LITERAL:
        return NAME(find_char)(text, at, end - 1, c, end) - at;
    case SRE_LITERAL:
        while (p < stop && *p == c) p++;
        return p - (text + at);
    default:
        if (known) {
            const SreSet *set = &s->pattern->facts->sets[known];
            for (;;) {
                while (p < stop && (sizeof(CHAR) == 1 || *p < 256) && set->takes[*p]) p++;
                if (sizeof(CHAR) == 1 || p == stop || *p < 256 || !set->beyond || !NAME(takes)(pc, *p))
                    return p - (text + at);
                p++;
            }
        }
    }
    while (p < stop && NAME(takes)(pc, *p)) p++;
    return p - (text + at);
}

static bool NAME(at)(const MatchState *s, uint32_t where, int64_t at) {
    const CHAR *text = s->data;
    switch (where) {
    case SRE_AT_BEGINNING:
    case SRE_AT_BEGINNING_STRING:
        return at == s->beginning;
    case SRE_AT_BEGINNING_LINE:
        return at == s->beginning || text[at - 1] == '\n';
    case SRE_AT_END:
        return at == s->end || (at == s->end - 1 && text[at] == '\n');
    case SRE_AT_END_LINE:
        return at == s->end || text[at] == '\n';
    case SRE_AT_END_STRING:
        return at == s->end;
    default: {
        bool before = at > s->beginning && sre_is_word(where, text[at - 1]);
        bool after = at < s->end && sre_is_word(where, text[at]);
        bool wants = where == SRE_AT_BOUNDARY || where == SRE_AT_LOC_BOUNDARY || where == SRE_AT_UNI_BOUNDARY;
        return (before != after) == wants;
    }
    }
}

/* A group's text once more, at `at`: its end, or -1. */
static int64_t NAME(group_again)(const MatchState *s, uint32_t op, uint32_t group, int64_t at) {
    const CHAR *text = s->data;
    int64_t from = s->marks[2 * group], to = s->marks[2 * group + 1];
    if (2 * (int64_t)group + 1 > s->last_mark || from == NO_MARK || to == NO_MARK || to < from || s->end - at < to - from)
        return -1;
    for (; from < to; from++, at++) {
        uint32_t a = text[from], b = text[at];
        bool equal = a == b;
        if (op == SRE_GROUPREF_IGNORE)
            equal = sre_lower_ascii(a) == sre_lower_ascii(b);
        else if (op == SRE_GROUPREF_UNI_IGNORE)
            equal = sre_lower_unicode(a) == sre_lower_unicode(b);
        else if (op == SRE_GROUPREF_LOC_IGNORE)
            equal = sre_lower_locale(a) == sre_lower_locale(b);
        if (!equal)
            return -1;
    }
    return at;
}

static inline bool NAME(may_start)(const MatchState *s, const uint32_t *alternative, int64_t at) {
    return NAME(may_follow)(s, s->pattern->facts->next[alternative - s->pattern->code], at);
}

static int NAME(run)(MatchState *s, const uint32_t *pc, int64_t at) {
    const CHAR *text = s->data;
    const uint32_t *code = s->pattern->code;
    const SreFacts *facts = s->pattern->facts;
    uint32_t repeat = NO_REPEAT;
    uint32_t barrier = NO_BARRIER;
    int64_t budget = STEPS_BETWEEN_POLLS;
    s->choice_count = 0;
    s->repeat_count = 0;
    for (;;) {
        if (unlikely(--budget < 0)) {
            if (!safepoint(s->t))
                return -1;
            budget = STEPS_BETWEEN_POLLS;
        }
        switch (*pc) {
        case SRE_SUCCESS:
            if (barrier == NO_BARRIER) {
                if ((s->match_all && at != s->end) || (s->must_advance && at == s->start))
                    goto fail;
                s->position = at;
                return 1;
            }
            {
                Choice b = s->choices[barrier];
                if (b.kind == CHOICE_ASSERT_NOT) {
                    undo_to(s, barrier);
                    barrier = b.barrier;
                    repeat = b.repeat;
                    goto fail;
                }
                keep_undo_records(s, barrier);
                barrier = b.barrier;
                repeat = b.repeat;
                if (b.kind == CHOICE_POSSESSIVE) {
                    uint32_t most = b.pc[3];
                    bool moved = at != b.at;
                    if ((most == SRE_MAXREPEAT || b.count + 1 < most) && moved) {
                        if (!push_barrier(s, CHOICE_POSSESSIVE, b.pc, at, repeat, &barrier, b.count + 1))
                            return -1;
                        pc = b.pc + 4;
                    } else if (b.count + 1 < b.pc[2] && !moved) {
                        pc = b.pc + 1 + b.pc[1] + 1; /* empty iterations: as many as wanted */
                    } else {
                        pc = b.pc + 1 + b.pc[1] + 1;
                    }
                    continue;
                }
                if (b.kind == CHOICE_ASSERT)
                    at = b.at;
                pc = b.pc + 1 + b.pc[1];
                continue;
            }
        case SRE_FAILURE:
            goto fail;
        case SRE_LITERAL:
            if (at >= s->end || text[at] != pc[1])
                goto fail;
            at++;
            pc += 2;
            continue;
        case SRE_NOT_LITERAL:
            if (at >= s->end || text[at] == pc[1])
                goto fail;
            at++;
            pc += 2;
            continue;
        case SRE_ANY:
            if (at >= s->end || text[at] == '\n')
                goto fail;
            at++;
            pc++;
            continue;
        case SRE_ANY_ALL:
            if (at >= s->end)
                goto fail;
            at++;
            pc++;
            continue;
        case SRE_CATEGORY:
        case SRE_LITERAL_IGNORE:
        case SRE_NOT_LITERAL_IGNORE:
        case SRE_LITERAL_UNI_IGNORE:
        case SRE_NOT_LITERAL_UNI_IGNORE:
        case SRE_LITERAL_LOC_IGNORE:
        case SRE_NOT_LITERAL_LOC_IGNORE:
            if (at >= s->end || !NAME(takes_one)(s, pc, text[at]))
                goto fail;
            at++;
            pc += 2;
            continue;
        case SRE_IN:
        case SRE_IN_IGNORE:
        case SRE_IN_UNI_IGNORE:
        case SRE_IN_LOC_IGNORE:
            if (at >= s->end || !NAME(takes_one)(s, pc, text[at]))
                goto fail;
            at++;
            pc += 1 + pc[1];
            continue;
        case SRE_AT:
            if (!NAME(at)(s, pc[1], at))
                goto fail;
            pc += 2;
            continue;
        case SRE_MARK:
            if (!set_mark(s, pc[1], at))
                return -1;
            pc += 2;
            continue;
        case SRE_JUMP:
        case SRE_INFO:
            pc += 1 + pc[1];
            continue;
        case SRE_GROUPREF:
        case SRE_GROUPREF_IGNORE:
        case SRE_GROUPREF_UNI_IGNORE:
        case SRE_GROUPREF_LOC_IGNORE: {
            int64_t end = NAME(group_again)(s, pc[0], pc[1], at);
            if (end < 0)
                goto fail;
            at = end;
            pc += 2;
            continue;
        }
        case SRE_GROUPREF_EXISTS: {
            int64_t group = pc[1];
            bool exists = 2 * group + 1 <= s->last_mark && s->marks[2 * group] != NO_MARK &&
                          s->marks[2 * group + 1] != NO_MARK && s->marks[2 * group + 1] >= s->marks[2 * group];
            pc += exists ? 3 : 1 + pc[2];
            continue;
        }
        case SRE_BRANCH: {
            /* <BRANCH> <skip> alternative <JUMP> <skip> alternative ... <0> */
            const uint32_t *alternative = pc + 1;
            while (*alternative && !NAME(may_start)(s, alternative, at))
                alternative += *alternative;
            if (!*alternative)
                goto fail;
            const uint32_t *next = alternative + *alternative;
            while (*next && !NAME(may_start)(s, next, at))
                next += *next;
            if (*next && !push_choice(s, CHOICE_BRANCH, next, at, repeat, 0))
                return -1;
            pc = alternative + 1;
            continue;
        }
        case SRE_REPEAT_ONE: {
            /* <REPEAT_ONE> <skip> <min> <max> item <SUCCESS> tail */
            int64_t least = pc[2];
            if (s->end - at < least)
                goto fail;
            int64_t got = NAME(count)(s, pc + 4, at, pc[3] == SRE_MAXREPEAT ? INT64_MAX : (int64_t)pc[3]);
            budget -= got / 16;
            if (got < least)
                goto fail;
            const uint32_t *tail = pc + 1 + pc[1];
            uint16_t next = facts->next[pc - code];
            if (next & SRE_DISJOINT) {
                if (!NAME(may_follow)(s, next & ~SRE_DISJOINT, at + got))
                    goto fail;
                at += got;
                pc = tail;
                continue;
            }
            while (!NAME(may_follow)(s, next, at + got))
                if (--got < least)
                    goto fail;
            if (got > least && !push_choice(s, CHOICE_REPEAT_ONE, pc, at, repeat, got))
                return -1;
            at += got;
            pc = tail;
            continue;
        }
        case SRE_MIN_REPEAT_ONE: {
            int64_t least = pc[2];
            if (s->end - at < least || NAME(count)(s, pc + 4, at, least) < least)
                goto fail;
            if (pc[3] > least && !push_choice(s, CHOICE_MIN_REPEAT_ONE, pc, at + least, repeat, least))
                return -1;
            at += least;
            if (!NAME(may_follow)(s, facts->next[pc - code] & ~SRE_DISJOINT, at))
                goto fail;
            pc += 1 + pc[1];
            continue;
        }
        case SRE_POSSESSIVE_REPEAT_ONE: {
            int64_t got = NAME(count)(s, pc + 4, at, pc[3] == SRE_MAXREPEAT ? INT64_MAX : (int64_t)pc[3]);
            if (got < (int64_t)pc[2])
                goto fail;
            at += got;
            pc += 1 + pc[1];
            continue;
        }
        case SRE_REPEAT:
            /* <REPEAT> <skip> <min> <max> body <UNTIL> tail */
            repeat = push_repeat(s, pc, -1, NO_MARK, repeat);
            if (repeat == NO_REPEAT)
                return -1;
            pc += 1 + pc[1];
            continue;
        case SRE_MAX_UNTIL:
        case SRE_MIN_UNTIL: {
            if (repeat == NO_REPEAT)
                goto fail;
            Repeat r = s->repeats[repeat];
            int64_t count = r.count + 1;
            int64_t least = r.pc[2];
            bool more = (r.pc[3] == SRE_MAXREPEAT || count < (int64_t)r.pc[3]) && at != r.last_at;
            if (count < least) {
                repeat = push_repeat(s, r.pc, count, at, r.outer);
                if (repeat == NO_REPEAT)
                    return -1;
                pc = r.pc + 4;
                continue;
            }
            if (*pc == SRE_MIN_UNTIL) {
                if (more && !push_choice(s, CHOICE_MIN_UNTIL, pc, at, repeat, count))
                    return -1;
                repeat = r.outer;
                pc++;
                continue;
            }
            if (!more) {
                repeat = r.outer;
                pc++;
                continue;
            }
            if (!push_choice(s, CHOICE_MAX_UNTIL, pc + 1, at, r.outer, 0))
                return -1;
            repeat = push_repeat(s, r.pc, count, at, r.outer);
            if (repeat == NO_REPEAT)
                return -1;
            pc = r.pc + 4;
            continue;
        }
        case SRE_ASSERT:
        case SRE_ASSERT_NOT: {
            /* <ASSERT> <skip> <back> pattern <SUCCESS> tail */
            int64_t from = at - (int64_t)pc[2];
            bool wanted = *pc == SRE_ASSERT;
            if (from < s->beginning) {
                if (wanted)
                    goto fail;
                pc += 1 + pc[1];
                continue;
            }
            if (!push_barrier(s, wanted ? CHOICE_ASSERT : CHOICE_ASSERT_NOT, pc, at, repeat, &barrier, 0))
                return -1;
            at = from;
            pc += 3;
            continue;
        }
        case SRE_ATOMIC_GROUP:
            if (!push_barrier(s, CHOICE_ATOMIC, pc, at, repeat, &barrier, 0))
                return -1;
            pc += 2;
            continue;
        case SRE_POSSESSIVE_REPEAT:
            if (pc[3] == 0) {
                pc += 1 + pc[1] + 1;
                continue;
            }
            if (!push_barrier(s, CHOICE_POSSESSIVE, pc, at, repeat, &barrier, 0))
                return -1;
            pc += 4;
            continue;
        default:
            raise_error(s->t, &RuntimeError_type, "invalid SRE code");
            return -1;
        }
    fail:
        for (;;) {
            if (s->choice_count == 0)
                return 0;
            if (unlikely(--budget < 0)) {
                if (!safepoint(s->t))
                    return -1;
                budget = STEPS_BETWEEN_POLLS;
            }
            Choice *choice = &s->choices[s->choice_count - 1];
            if (choice->kind == CHOICE_UNDO) {
                undo(s, choice);
                s->choice_count--;
                continue;
            }
            repeat = choice->repeat;
            s->repeat_count = choice->repeat_count;
            if (choice->kind == CHOICE_BRANCH) {
                const uint32_t *alternative = choice->pc;
                at = choice->at;
                const uint32_t *next = alternative + *alternative;
                while (*next && !NAME(may_start)(s, next, at))
                    next += *next;
                if (*next)
                    choice->pc = next;
                else
                    s->choice_count--;
                pc = alternative + 1;
                break;
            }
            if (choice->kind == CHOICE_REPEAT_ONE) {
                const uint32_t *op = choice->pc, *tail = op + 1 + op[1];
                int64_t got = choice->count - 1, least = op[2];
                uint16_t next = facts->next[op - code];
                while (got >= least && !NAME(may_follow)(s, next, choice->at + got)) got--;
                if (got < least) {
                    s->choice_count--;
                    continue;
                }
                choice->count = got;
                at = choice->at + got;
                pc = tail;
                if (got == least)
                    s->choice_count--;
                break;
            }
            if (choice->kind == CHOICE_MIN_REPEAT_ONE) {
                const uint32_t *op = choice->pc;
                uint16_t next = facts->next[op - code] & ~SRE_DISJOINT;
                int64_t most = op[3] == SRE_MAXREPEAT ? INT64_MAX : (int64_t)op[3], end = s->end;
                at = choice->at;
                bool more = true;
                do { /* on to where the rest may begin */
                    more = at < end && choice->count < most && NAME(takes_one)(s, op + 4, text[at]);
                    at += more;
                    choice->count += more;
                } while (more && !NAME(may_follow)(s, next, at));
                choice->at = at;
                if (!more) {
                    s->choice_count--;
                    continue;
                }
                pc = op + 1 + op[1];
                if (choice->count >= most)
                    s->choice_count--;
                break;
            }
            Choice c = *choice;
            s->choice_count--;
            at = c.at;
            if (c.kind == CHOICE_MAX_UNTIL) {
                pc = c.pc;
                break;
            }
            if (c.kind == CHOICE_MIN_UNTIL) {
                Repeat r = s->repeats[c.repeat];
                repeat = push_repeat(s, r.pc, c.count, at, r.outer);
                if (repeat == NO_REPEAT)
                    return -1;
                pc = r.pc + 4;
                break;
            }
            barrier = c.barrier; /* nothing inside a barrier matched */
            if (c.kind == CHOICE_ASSERT_NOT) {
                pc = c.pc + 1 + c.pc[1];
                break;
            }
            if (c.kind == CHOICE_POSSESSIVE && c.count >= (int64_t)c.pc[2]) {
                pc = c.pc + 1 + c.pc[1] + 1;
                break;
            }
        }
    }
}

/* From `at` on, the first position up to `last` where the pattern may begin, going by what it begins with; past `last`
 * if there is none. */
static int64_t NAME(skip)(const MatchState *s, int64_t at, int64_t last, const uint32_t *prefix, size_t prefix_length) {
    const CHAR *text = s->data;
    if (prefix_length > 1 && last + (int64_t)prefix_length <= s->end + 1 && sizeof(CHAR) == 1 && prefix_length <= LONGEST_NEEDLE) {
        char needle[LONGEST_NEEDLE];
        for (size_t i = 0; i < prefix_length; i++) {
            if (prefix[i] > 255)
                return INT64_MAX;
            needle[i] = (char)prefix[i];
        }
        size_t room = (size_t)(last - at) + prefix_length;
        int64_t found = chars_find((Chars){text + at, room > (size_t)(s->end - at) ? (size_t)(s->end - at) : room, 1},
                                   (Chars){needle, prefix_length, 1});
        return found < 0 ? INT64_MAX : at + found;
    }
    if (prefix_length) {
        for (;; at++) {
            at = NAME(find_char)(text, at, last, prefix[0], INT64_MAX);
            if (at > last)
                return INT64_MAX;
            size_t i = 1;
            while (i < prefix_length && at + (int64_t)i < s->end && text[at + (int64_t)i] == prefix[i]) i++;
            if (i == prefix_length)
                return at;
        }
    }
    if (s->pattern->facts->first) {
        const SreSet *set = &s->pattern->facts->sets[s->pattern->facts->first];
        if (last >= s->end)
            last = s->end - 1;
        while (at <= last && !may_take(set, text[at])) at++;
        return at <= last ? at : INT64_MAX;
    }
    return at;
}

/* The first position at or after s->start where the pattern matches. */
static int NAME(search)(MatchState *s) {
    const uint32_t *pc = s->pattern->code, *prefix = NULL;
    int64_t last = s->end;
    size_t prefix_length = 0;
    uint32_t flags = 0;
    if (pc[0] == SRE_INFO) {
        if (s->end - s->start < (int64_t)pc[3])
            return 0;
        last = s->end - (int64_t)pc[3];
        flags = pc[2];
        if (flags & SRE_INFO_PREFIX) {
            prefix_length = pc[5];
            prefix = pc + 7;
        }
        pc += 1 + pc[1];
    }
    if (pc[0] == SRE_AT && (pc[1] == SRE_AT_BEGINNING || pc[1] == SRE_AT_BEGINNING_STRING) && last > s->beginning)
        last = s->beginning; /* nowhere else */
    for (int64_t at = s->start; at <= last; at++) {
        at = NAME(skip)(s, at, last, prefix, prefix_length);
        if (at > last)
            return 0;
        s->start = at;
        match_state_reset_marks(s);
        if (flags & SRE_INFO_LITERAL && prefix_length) { /* the prefix is all of the pattern */
            s->position = at + (int64_t)prefix_length;
            return 1;
        }
        int found = NAME(run)(s, pc, at);
        if (found)
            return found;
        s->must_advance = false;
    }
    return 0;
}
