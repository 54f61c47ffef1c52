/* Opening a string for matching, and the validation of code words.
 *
 * Threads: a MatchState is private to its thread; a buffer stays exported while the state is open.
 */
#include "modules/sre/characters.h"
#include "modules/sre/sre.h"
#include "object/errors.h"
#include "types/str/str.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool match_state_open(Thread *t, MatchState *s, Value pattern, Value string, int64_t pos, int64_t endpos) {
    PatternObject *p = as_pattern(pattern);
    memset(s, 0, offsetof(MatchState, few_marks));
    s->t = t;
    s->pattern = p;
    s->string = string;
    s->kind = 1;
    s->marks = s->few_marks;
    s->choices = s->few_choices;
    s->choice_capacity = FEW_CHOICES;
    s->repeats = s->few_repeats;
    s->repeat_capacity = FEW_REPEATS;
    int64_t length;
    if (is_str(string)) {
        if (p->is_bytes == 1) {
            raise_type_error(t, "cannot use a bytes pattern on a string-like object");
            return false;
        }
        s->data = str_data(t, string);
        s->kind = str_kind(string);
        length = (int64_t)str_length(string);
        if (!s->data)
            return false;
    } else {
        if (!has_buffer(string)) {
            raise_type_error(t, "expected string or bytes-like object, got '%T'", string);
            return false;
        }
        if (!buffer_get_contiguous(t, string, &s->buffer, false))
            return false;
        s->is_bytes = true;
        s->data = s->buffer.data ? s->buffer.data : "";
        length = (int64_t)s->buffer.length;
        if (p->is_bytes == 0) {
            buffer_release(t, &s->buffer);
            raise_type_error(t, "cannot use a string pattern on a bytes-like object");
            return false;
        }
    }
    s->end = endpos < 0 ? 0 : endpos > length ? length : endpos;
    s->start = pos < 0 ? 0 : pos > length ? length : pos;
    if (2 * (size_t)p->groups + 2 > FEW_MARKS && !(s->marks = malloc((2 * (size_t)p->groups + 2) * sizeof *s->marks))) {
        raise_no_memory(t);
        match_state_close(s);
        return false;
    }
    match_state_reset(s);
    return true;
}

void match_state_close(MatchState *s) {
    if (s->is_bytes)
        buffer_release(s->t, &s->buffer);
    if (s->marks != s->few_marks)
        free(s->marks);
    if (s->choices != s->few_choices)
        free(s->choices);
    if (s->repeats != s->few_repeats)
        free(s->repeats);
    keep_alive((void *)s->string.bits);
}

/* Validation: every word is a known operation, every skip stays inside its construct, every group exists. */

typedef struct Walk {
    const PatternObject *p;
    int depth;
} Walk;

static bool check_set(const uint32_t *at, const uint32_t *end) {
    while (at < end) {
        switch (*at++) {
        case SRE_FAILURE: return at == end;
        case SRE_NEGATE: break;
        case SRE_LITERAL: at++; break;
        case SRE_RANGE:
        case SRE_RANGE_UNI_IGNORE: at += 2; break;
        case SRE_CHARSET: at += SRE_CHARSET_WORDS; break;
        case SRE_CATEGORY:
            if (at >= end || *at++ >= SRE_CATEGORY_COUNT)
                return false;
            break;
        case SRE_BIGCHARSET: {
            if (at >= end || *at > 256 || end - at < 1 + SRE_BIGCHARSET_INDEX_WORDS)
                return false;
            uint32_t blocks = *at++;
            for (int i = 0; i < 256; i++)
                if (((const uint8_t *)at)[i] >= blocks)
                    return false;
            at += SRE_BIGCHARSET_INDEX_WORDS + blocks * SRE_CHARSET_WORDS;
            break;
        }
        default: return false;
        }
    }
    return false;
}

static bool check(Walk *w, const uint32_t *at, const uint32_t *end);

static bool check_inner(Walk *w, const uint32_t *at, const uint32_t *end) {
    if (++w->depth > 2000)
        return false;
    bool ok = at <= end && check(w, at, end);
    w->depth--;
    return ok;
}

static bool check_branch(Walk *w, const uint32_t **place, const uint32_t *end) {
    const uint32_t *at = *place, *target = NULL;
    for (;;) {
        if (at >= end)
            return false;
        uint32_t skip = *at;
        if (skip == 0)
            break;
        if (skip < 3 || (int64_t)skip > end - at)
            return false;
        const uint32_t *jump = at + skip - 2;
        if (jump[0] != SRE_JUMP || jump[1] == 0 || (int64_t)jump[1] > end - jump - 1 || !check_inner(w, at + 1, jump))
            return false;
        if (target && target != jump + 1 + jump[1])
            return false;
        target = jump + 1 + jump[1];
        at += skip;
    }
    *place = at + 1;
    return !target || target == at + 1;
}

static bool check(Walk *w, const uint32_t *at, const uint32_t *end) {
    while (at < end) {
        uint32_t op = *at++;
        int64_t left = end - at;
        uint32_t skip = left > 0 ? *at : 0;
        switch (op) {
        case SRE_SUCCESS:
        case SRE_FAILURE:
        case SRE_ANY:
        case SRE_ANY_ALL: break;
        case SRE_MARK:
            if (left < 1 || skip > 2 * w->p->groups + 1)
                return false;
            at++;
            break;
        case SRE_LITERAL: case SRE_NOT_LITERAL: case SRE_LITERAL_IGNORE: case SRE_NOT_LITERAL_IGNORE:
        case SRE_LITERAL_UNI_IGNORE: case SRE_NOT_LITERAL_UNI_IGNORE: case SRE_LITERAL_LOC_IGNORE:
        case SRE_NOT_LITERAL_LOC_IGNORE:
            if (left < 1)
                return false;
            at++;
            break;
        case SRE_AT:
            if (left < 1 || skip >= SRE_AT_COUNT)
                return false;
            at++;
            break;
        case SRE_CATEGORY:
            if (left < 1 || skip >= SRE_CATEGORY_COUNT)
                return false;
            at++;
            break;
        case SRE_GROUPREF: case SRE_GROUPREF_IGNORE: case SRE_GROUPREF_UNI_IGNORE: case SRE_GROUPREF_LOC_IGNORE:
            if (left < 1 || skip >= w->p->groups)
                return false;
            at++;
            break;
        case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE:
            if (left < 1 || skip < 2 || (int64_t)skip > left || !check_set(at + 1, at + skip))
                return false;
            at += skip;
            break;
        case SRE_INFO: {
            if (left < 4 || (int64_t)skip > left || skip < 4)
                return false;
            const uint32_t *stop = at + skip;
            if (at[1] & SRE_INFO_PREFIX && (stop - at < 6 || (int64_t)at[4] > stop - at - 6 || at[4] == 0))
                return false;
            if (!(at[1] & SRE_INFO_PREFIX) && at[1] & SRE_INFO_CHARSET && !check_set(at + 4, stop))
                return false;
            at = stop;
            break;
        }
        case SRE_BRANCH:
            if (!check_branch(w, &at, end))
                return false;
            break;
        case SRE_REPEAT_ONE: case SRE_MIN_REPEAT_ONE: case SRE_POSSESSIVE_REPEAT_ONE:
            if (left < 3 || (int64_t)skip > left || skip < 4 || at[1] > at[2] || at[skip - 1] != SRE_SUCCESS ||
                !check_inner(w, at + 3, at + skip - 1))
                return false;
            at += skip;
            break;
        case SRE_REPEAT: case SRE_POSSESSIVE_REPEAT: {
            if (left < 3 || (int64_t)skip >= left || skip < 3 || at[1] > at[2] || !check_inner(w, at + 3, at + skip))
                return false;
            uint32_t until = at[skip];
            if (op == SRE_REPEAT ? until != SRE_MAX_UNTIL && until != SRE_MIN_UNTIL : until != SRE_SUCCESS)
                return false;
            at += skip + 1;
            break;
        }
        case SRE_ATOMIC_GROUP:
            if (left < 2 || (int64_t)skip > left || skip < 2 || at[skip - 1] != SRE_SUCCESS || !check_inner(w, at + 1, at + skip - 1))
                return false;
            at += skip;
            break;
        case SRE_ASSERT: case SRE_ASSERT_NOT:
            if (left < 3 || (int64_t)skip > left || skip < 3 || at[1] & 0x80000000 || at[skip - 1] != SRE_SUCCESS ||
                !check_inner(w, at + 2, at + skip - 1))
                return false;
            at += skip;
            break;
        case SRE_GROUPREF_EXISTS: {
            if (left < 2 || at[0] >= w->p->groups || at[1] < 1 || (int64_t)at[1] - 1 > left - 1)
                return false;
            const uint32_t *no = at + 1 + at[1] - 1;
            at += 2;
            bool has_no = no - at >= 2 && no[-2] == SRE_JUMP && no[-1] >= 1 && (int64_t)no[-1] <= end - no + 1;
            const uint32_t *after = no;
            if (has_no) {
                after = no - 1 + no[-1];
                if (check_inner(w, at, no - 2) && check_inner(w, no, after)) {
                    at = after;
                    break;
                }
            }
            if (!check_inner(w, at, no))
                return false;
            at = no;
            break;
        }
        default: return false;
        }
        if (at > end)
            return false;
    }
    return at == end;
}

bool sre_validate(const PatternObject *p) {
    Walk w = {p, 0};
    return p->code_size > 0 && p->code[p->code_size - 1] == SRE_SUCCESS && check(&w, p->code, p->code + p->code_size - 1);
}
