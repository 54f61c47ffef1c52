/* Calls native functions: checks and lays out their arguments, with CPython's messages.
 *
 * CPython has four ways to declare a C function, each with its own wording of errors; which one a function would
 * have used follows from its signature: no parameters (METH_NOARGS), one required positional one (METH_O), positional
 * ones only, or some that may be given by name.
 *
 * Threads: binding works on the caller's stack; it takes no lock.
 */
#include "object/errors.h"
#include "object/native.h"
#include "object/operators.h"
#include "object/thread.h"
#include "base/suggest.h"
#include "types/dict/dict.h"
#include "types/str/str.h"
#include "types/tuple.h"

typedef enum BindForm { FORM_NO_ARGUMENTS, FORM_ONE, FORM_POSITIONAL, FORM_KEYWORDS } BindForm;

static size_t first_parameter(const Binder *b) { return b->has_self ? 1 : 0; }

static BindForm form_of(const Binder *b) {
    size_t first = first_parameter(b);
    if (b->star_star >= 0 || b->def->flags & NATIVE_COUNTS_NAMED)
        return FORM_KEYWORDS;
    for (size_t i = first; i < b->count; i++)
        if (b->parameters[i].keyword)
            return FORM_KEYWORDS;
    if (b->type_call || b->star >= 0)
        return FORM_POSITIONAL;
    if (b->count == first)
        return FORM_NO_ARGUMENTS;
    return b->count == first + 1 && !b->parameters[first].optional ? FORM_ONE : FORM_POSITIONAL;
}

static bool is_new_row(const Binder *b) { return !strncmp(b->def->signature, "__new__", 7); }

static const char *type_short_name(Type *type) {
    const char *dot = strrchr(type->name_text, '.');
    return dot ? dot + 1 : type->name_text;
}

static Value name_of_owner(Thread *t, Type *owner) {
    return owner->flags & TYPE_HEAP ? load(&owner->qualname) : str_from_text(t, type_short_name(owner));
}

/* "list.append" or "math.sin" or "len", as in "...() takes no arguments"; for constructors the type's name. */
static Value qualified_name(Thread *t, const Binder *b, Type *owner) {
    int size = (int)strcspn(b->def->signature, "(");
    if (owner == NULL)
        owner = b->owner;
    if (owner != NULL && b->type_call)
        return str_from_text(t, type_short_name(owner));
    if (owner != NULL)
        return format_text(t, "%S.%.*s", TRY(name_of_owner(t, owner)), size, b->def->signature);
    if (present(b->module) && is_str(b->module) && !str_equal_text(b->module, "builtins"))
        return format_text(t, "%S.%.*s", b->module, size, b->def->signature);
    return str_from_ascii(t, b->def->signature, (size_t)size);
}

static Value short_name(Thread *t, const Binder *b, Type *owner) {
    if (b->def->flags & NATIVE_UNNAMED)
        return str_from_text(t, "function");
    if (b->type_call && (owner || b->owner))
        return str_from_text(t, type_short_name(owner ? owner : b->owner));
    return str_from_ascii(t, b->def->signature, strcspn(b->def->signature, "("));
}

static const char *call_sign(const Binder *b) { return b->def->flags & NATIVE_UNNAMED ? "" : "()"; }

static Value no_keywords(Thread *t, const Binder *b, Type *owner) {
    bool is_short = b->def->flags & NATIVE_COUNTS_ARGUMENTS;
    Value name = TRY(is_short ? short_name(t, b, owner) : qualified_name(t, b, owner));
    return raise_type_error(t, "%S() takes no keyword arguments", name);
}

/* Wrong number of arguments to a function without named parameters. `given` and the limits exclude self. */
static Value wrong_count(Thread *t, const Binder *b, Type *owner, size_t given) {
    size_t first = first_parameter(b);
    size_t least = b->required_count - first, most = b->positional_count - first;
    BindForm form = form_of(b);
    if (form == FORM_NO_ARGUMENTS) {
        Value name = TRY(qualified_name(t, b, owner));
        return raise_type_error(t, "%S() takes no arguments (%zu given)", name, given);
    }
    if (form == FORM_ONE && !(b->def->flags & NATIVE_COUNTS_ARGUMENTS)) {
        Value name = TRY(qualified_name(t, b, owner));
        return raise_type_error(t, "%S() takes exactly one argument (%zu given)", name, given);
    }
    Value name = TRY(short_name(t, b, owner));
    if (b->def->flags & (NATIVE_COUNTS_ARGUMENTS | NATIVE_UNNAMED))
        return raise_type_error(t, "%S%s takes %s %zu argument%s (%zu given)", name, call_sign(b),
                                least == most ? "exactly" : given < least ? "at least" : "at most", given < least ? least : most,
                                (given < least ? least : most) == 1 ? "" : "s", given);
    if (b->def->flags & NATIVE_COUNTS_AS_PYTHON)
        return raise_type_error(t, "%S() takes %zu positional argument%s but %zu were given", name, most, most == 1 ? "" : "s", given);
    if (b->type_call && most == 0 && b->star < 0)
        return raise_type_error(t, "%S() takes no positional arguments", name);
    size_t limit = given < least ? least : most;
    const char *bound = least == most && b->star < 0 ? "" : given < least ? "at least " : "at most ";
    return raise_type_error(t, "%S expected %s%zu argument%s, got %zu", name, bound, limit, limit == 1 ? "" : "s", given);
}

static size_t positional_only_required(const Binder *b) {
    size_t n = 0;
    if (b->def->flags & NATIVE_MAY_LACK)
        return 0;
    for (size_t i = first_parameter(b); i < b->count && b->parameters[i].positional && !b->parameters[i].keyword; i++)
        if (!b->parameters[i].variadic && !b->parameters[i].optional)
            n++;
    return n;
}

/* Too many or too few by position, for a function with named parameters. Returns true if something was raised. */
static bool check_counts(Thread *t, const Binder *b, Type *owner, size_t given, size_t named) {
    size_t first = first_parameter(b), most = b->positional_count - first;
    size_t all = b->count - first - (b->star >= 0) - (b->star_star >= 0);
    size_t least = positional_only_required(b);
    bool counts = b->def->flags & NATIVE_COUNTS_POSITIONAL;
    if (all == 0 && b->star < 0 && b->star_star < 0 && given + named > 0) {
        Value name = short_name(t, b, owner);
        if (present(name))
            raise_type_error(t, "%S() takes no arguments", name);
        return true;
    }
    if (counts && ((named == 0 && given > most && b->star < 0) || given < least)) {
        wrong_count(t, b, owner, given);
        return true;
    }
    if (b->star < 0 && b->star_star < 0 && given + named > all) {
        Value name = short_name(t, b, owner);
        if (present(name))
            raise_type_error(t, "%S%s takes at most %zu %sargument%s (%zu given)", name, call_sign(b), all, given == 0 ? "keyword " : "",
                             all == 1 ? "" : "s", given + named);
        return true;
    }
    if (b->star < 0 && given > most) {
        Value name = short_name(t, b, owner);
        if (present(name) && most == 0)
            raise_type_error(t, "%S() takes no positional arguments", name);
        else if (present(name))
            raise_type_error(t, "%S%s takes %s %zu positional argument%s (%zu given)", name, call_sign(b),
                             b->required_count - first < most ? "at most" : "exactly", most, most == 1 ? "" : "s", given);
        return true;
    }
    if (given < least) {
        Value name = short_name(t, b, owner);
        if (present(name))
            raise_type_error(t, "%S%s takes %s %zu positional argument%s (%zu given)", name, call_sign(b),
                             least < most || b->star >= 0 ? "at least" : "exactly", least, least == 1 ? "" : "s", given);
        return true;
    }
    return false;
}

static int find_parameter(Thread *t, const Binder *b, Value name) {
    for (int i = 0; i < b->count; i++)
        if (same(b->parameters[i].name, name))
            return b->parameters[i].keyword && !b->parameters[i].variadic ? i : -1;
    for (int i = 0; i < b->count; i++)
        if (b->parameters[i].keyword && !b->parameters[i].variadic && str_equal(t, b->parameters[i].name, name))
            return i;
    return -1;
}

static Value unexpected_keyword(Thread *t, const Binder *b, Type *owner, Value keyword) {
    Value name = TRY(short_name(t, b, owner)), best = NO_VALUE;
    const char *this = b->def->flags & NATIVE_UNNAMED ? "this " : "";
    size_t size, best_cost = (size_t)-1;
    const char *text = str_utf8(t, keyword, &size);
    if (text == NULL)
        return NO_VALUE;
    for (int i = 0; i < b->count; i++) {
        if (!b->parameters[i].keyword || b->parameters[i].variadic)
            continue;
        size_t candidate_size;
        const char *candidate = str_utf8(t, b->parameters[i].name, &candidate_size);
        size_t limit = suggest_limit(size, candidate_size);
        if (best_cost != (size_t)-1 && best_cost - 1 < limit)
            limit = best_cost - 1;
        size_t cost = suggest_distance(text, size, candidate, candidate_size, limit);
        if (cost <= limit && cost < best_cost) {
            best_cost = cost;
            best = b->parameters[i].name;
        }
    }
    if (present(best))
        return raise_type_error(t, "%s%S%s got an unexpected keyword argument '%S'. Did you mean '%S'?", this, name, call_sign(b), keyword, best);
    return raise_type_error(t, "%s%S%s got an unexpected keyword argument '%S'", this, name, call_sign(b), keyword);
}

static bool missing_argument(Thread *t, const Binder *b, Type *owner, size_t index) {
    Value name = short_name(t, b, owner);
    if (present(name))
        raise_type_error(t, "%S%s missing required argument '%S' (pos %zu)", name, call_sign(b), b->parameters[index].name,
                         index - first_parameter(b) + 1);
    return false;
}

/* Lays the keyword arguments out; `given` counts positional ones, self included. */
static bool bind_keywords(Thread *t, const Binder *b, Type *owner, Value *out, Value *args, size_t given, Value kwnames) {
    size_t named = present(kwnames) ? tuple_length(kwnames) : 0;
    Value unknown = NO_VALUE, duplicate = NO_VALUE;
    size_t duplicate_index = 0;
    for (size_t i = 0; i < named; i++) {
        Value name = tuple_get(kwnames, i), value = args[given + i];
        int index = find_parameter(t, b, name);
        if (index < 0) {
            if (b->star_star >= 0) {
                if (!dict_set(t, out[b->star_star], name, value))
                    return false;
            } else if (absent(unknown)) {
                unknown = name;
            }
        } else if (present(out[index])) {
            if (absent(duplicate) || (size_t)index < duplicate_index) {
                duplicate = name;
                duplicate_index = (size_t)index;
            }
        } else {
            out[index] = value;
        }
    }
    for (size_t i = first_parameter(b); i < b->count; i++)
        if (absent(out[i]) && !b->parameters[i].optional && !b->parameters[i].variadic &&
            !(b->def->flags & NATIVE_MAY_LACK))
            return missing_argument(t, b, owner, i);
    if (present(duplicate)) {
        Value name = short_name(t, b, owner);
        if (present(name))
            raise_type_error(t, "argument for %S() given by name ('%S') and position (%zu)", name, duplicate,
                             duplicate_index - first_parameter(b) + 1);
        return false;
    }
    if (present(unknown)) {
        unexpected_keyword(t, b, owner, unknown);
        return false;
    }
    return true;
}

/* Keywords that a constructor without named parameters ignores: CPython lets them pass when a subclass overrides the
 * other of __new__ and __init__, which will look at them. */
static bool keywords_for_subclass(const Binder *b, Value receiver) {
    if (!b->type_call || b->owner == NULL)
        return false;
    bool is_new = is_new_row(b);
    Type *type = is_new ? as_type(receiver) : type_of(receiver);
    Value other = is_new ? names.__init__ : names.__new__;
    return type != b->owner && !same(type_lookup(type, other), type_lookup(b->owner, other));
}

static bool bind(Thread *t, const Binder *b, Type *owner, Value *out, Value *args, size_t nargs, Value kwnames) {
    size_t named = present(kwnames) ? tuple_length(kwnames) : 0, first = first_parameter(b);
    size_t positional = nargs < b->positional_count ? nargs : b->positional_count;
    size_t given = b->def->flags & NATIVE_TAKES_MORE ? positional : nargs;
    if ((b->def->flags & NATIVE_CLASS) && nargs > 0)
        owner = as_type(args[0]); /* messages name the class on which the method was found */
    else if (!owner && first && nargs > 0 && !b->type_call) /* and the one whose instance a method was bound to */
        owner = is_type(args[0]) ? as_type(args[0]) : type_of(args[0]);
    BindForm form = form_of(b);
    if (b->type_call && nargs > 0 && is_new_row(b) && is_type(args[0])) /* types share rows */
        for (owner = as_type(args[0]); owner->flags & TYPE_HEAP;)
            owner = owner->base;
    if (form != FORM_KEYWORDS) {
        if (b->type_call && b->positional_count == first && b->star < 0 && given > first) {
            wrong_count(t, b, owner, given - first);
            return false;
        }
        if (named != 0 && keywords_for_subclass(b, args[0]))
            named = 0;
        if (named != 0) {
            no_keywords(t, b, owner);
            return false;
        }
        if ((given < b->required_count && !(b->def->flags & NATIVE_MAY_LACK)) || (given > b->positional_count && b->star < 0)) {
            wrong_count(t, b, owner, given - first);
            return false;
        }
    } else if (check_counts(t, b, owner, given - first, named)) {
        return false;
    }
    memcpy(out, args, positional * sizeof(Value));
    if (b->star >= 0) {
        out[b->star] = nargs > positional ? tuple_from_values(t, args + positional, nargs - positional) : empty_tuple;
        if (absent(out[b->star]))
            return false;
    }
    if (b->star_star >= 0 && (named != 0 || !(b->def->flags & NATIVE_LAZY_KEYWORDS)) &&
        absent(out[b->star_star] = dict_new_sized(t, named)))
        return false;
    if (form == FORM_KEYWORDS && !bind_keywords(t, b, owner, out, args, nargs, named ? kwnames : NO_VALUE))
        return false;
    for (size_t i = positional; i < b->count; i++)
        if (absent(out[i]))
            out[i] = b->parameters[i].default_value;
    return true;
}

static bool check_receiver(Thread *t, const Binder *b, Type *self_type, Value *args, size_t nargs) {
    if (likely(nargs > 0 && is_instance_of(args[0], self_type)))
        return true;
    int size = (int)strcspn(b->def->signature, "(");
    if (nargs == 0) {
        raise_type_error(t, "unbound method %s.%.*s() needs an argument", type_short_name(self_type), size, b->def->signature);
        return false;
    }
    raise_type_error(t, "descriptor '%.*s' for '%N' objects doesn't apply to a '%T' object", size, b->def->signature,
                     self_type, args[0]);
    return false;
}

/* A short tuple of *args on the C stack, for a function that keeps it nowhere. */
enum { FEW_STARRED = 6 };
typedef struct StarRoom {
    alignas(16) char bytes[sizeof(TupleObject) + FEW_STARRED * sizeof(Value)];
} StarRoom;

static inline Value star_in_room(StarRoom *room, const Value *items, size_t count) {
    TupleObject *tuple = (TupleObject *)room->bytes;
    tuple->object = (Object){.meta = META_IMMORTAL, .type = &tuple_type};
    tuple->length = count;
    tuple->hash = -1;
    for (size_t i = 0; i < count; i++)
        tuple->items[i] = items[i]; /* NOBARRIER: on the stack */
    return from_object(tuple);
}

/* Arguments by position only, as many as there may be. */
static inline bool lay_out(Thread *t, const Binder *b, Value *out, const Value *args, size_t nargs, StarRoom *room) {
    size_t direct = nargs < b->positional_count ? nargs : b->positional_count, i = 0;
    out[-1] = NO_VALUE; /* scratch below the arguments */
    for (; i < direct; i++)
        out[i] = args[i];
    for (; i < b->count; i++)
        out[i] = b->parameters[i].default_value;
    if (b->star < 0)
        return true;
    if (b->def->flags & NATIVE_BORROWS_STAR && nargs > direct && nargs - direct <= FEW_STARRED) {
        out[b->star] = star_in_room(room, args + direct, nargs - direct);
        return true;
    }
    out[b->star] = nargs > direct ? tuple_from_values(t, args + direct, nargs - direct) : empty_tuple;
    return present(out[b->star]);
}

/* The same with some given by name, where all is as it should be. false: bind has to look, or to complain; what is in `out` counts
 * for nothing then. */
static bool lay_out_named(Thread *t, const Binder *b, Value *out, const Value *args, size_t nargs, Value kwnames) {
    size_t direct = nargs < b->positional_count ? nargs : b->positional_count, named = tuple_length(kwnames);
    if (b->star_star >= 0 || (nargs > direct && b->star < 0) || b->def->flags & (NATIVE_MAY_LACK | NATIVE_POSITIONAL_GIVEN))
        return false;
    out[-1] = NO_VALUE; /* scratch below the arguments */
    for (size_t i = 0; i < b->count; i++)
        out[i] = i < direct ? args[i] : NO_VALUE;
    for (size_t k = 0; k < named; k++) {
        size_t i = direct;
        while (i < b->count && !(same(b->parameters[i].name, tuple_get(kwnames, k)) && b->parameters[i].keyword))
            i++;
        if (i == b->count || b->parameters[i].variadic || present(out[i]))
            return false;
        out[i] = args[nargs + k];
    }
    for (size_t i = direct; i < b->count; i++) {
        const Parameter *p = &b->parameters[i];
        if (present(out[i]) || p->variadic)
            continue;
        if (!p->optional)
            return false;
        out[i] = p->default_value;
    }
    if (b->star >= 0)
        out[b->star] = nargs > direct ? tuple_from_values(t, args + direct, nargs - direct) : empty_tuple;
    return b->star < 0 || present(out[b->star]);
}

Value native_call(Thread *t, const NativeDef *def, const Binder *b, Type *self_type, Value *args, size_t nargs,
                  Value kwnames) {
    if (self_type != NULL && unlikely(nargs == 0 || type_of(args[0]) != self_type))
        CHECK(check_receiver(t, b, self_type, args, nargs));
    if (likely(b->plain && absent(kwnames) && nargs >= b->required_count && (nargs <= b->positional_count || b->star >= 0))) {
        if (likely(b->simple && nargs == b->count))
            return def->function(t, args);
        Value bound[10];
        StarRoom room;
        if (b->count < 10 && lay_out(t, b, bound + 1, args, nargs, &room))
            return def->function(t, bound + 1);
        CHECK(!error_pending(t));
    }
    if (present(kwnames) && b->count < 10) {
        Value bound[10];
        if (lay_out_named(t, b, bound + 1, args, nargs, kwnames))
            return def->function(t, bound + 1);
        CHECK(!error_pending(t));
    }
    Value bound[b->count + 2];
    memset(bound, 0, sizeof bound);
    CHECK(bind(t, b, self_type, bound + 1, args, nargs, kwnames));
    if (def->flags & NATIVE_POSITIONAL_GIVEN)
        bound[b->count + 1] = small_int((int64_t)(nargs - first_parameter(b)));
    Value result = def->function(t, bound + 1);
    if (unlikely(present(result) == error_pending(t)))
        return raise_system_error(t, "%s returned %s", def->signature,
                                  present(result) ? "a result with an exception set" : "no value without setting an exception");
    return result;
}
