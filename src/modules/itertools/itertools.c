/* The module itertools. */
#include "modules/itertools/internal.h"

static void trace_words(Tracer *tracer, Object *o, size_t count) { trace_values(tracer, (Value *)(o + 1), count); }
void itertools_trace_1(Tracer *tracer, Object *o) { trace_words(tracer, o, 1); }
void itertools_trace_2(Tracer *tracer, Object *o) { trace_words(tracer, o, 2); }
void itertools_trace_3(Tracer *tracer, Object *o) { trace_words(tracer, o, 3); }
void itertools_trace_6(Tracer *tracer, Object *o) { trace_words(tracer, o, 6); }

static bool init(Thread *t, Value module) {
    Type *const types[] = {&accumulate_type, &batched_type, &chain_type, &combinations_type,
                           &combinations_with_replacement_type, &compress_type, &count_type, &cycle_type, &dropwhile_type,
                           &filterfalse_type, &groupby_type, &grouper_type, &islice_type, &pairwise_type,
                           &permutations_type, &product_type, &repeat_type, &starmap_type, &takewhile_type, &tee_type,
                           &tee_data_type, &zip_longest_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!module_add_type(t, module, types[i]))
            return false;
    return true;
}

static const NativeDef functions[] = {
    {"tee(iterable, n=2, /)", itertools_tee, "Returns a tuple of n independent iterators."},
    {NULL},
};

NATIVE_MODULE(itertools) = {
    .name = "itertools",
    .doc = "Functional tools for creating and using iterators.\n\n"
           "Infinite iterators:\n"
           "count(start=0, step=1) --> start, start+step, start+2*step, ...\n"
           "cycle(p) --> p0, p1, ... plast, p0, p1, ...\n"
           "repeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times\n\n"
           "Iterators terminating on the shortest input sequence:\n"
           "accumulate(p[, func]) --> p0, p0+p1, p0+p1+p2\n"
           "batched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...\n"
           "chain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...\n"
           "chain.from_iterable([p, q, ...]) --> p0, p1, ... plast, q0, q1, ...\n"
           "compress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...\n"
           "dropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails\n"
           "groupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)\n"
           "filterfalse(predicate, seq) --> elements of seq where predicate(elem) is False\n"
           "islice(seq, [start,] stop [, step]) --> elements from\n       seq[start:stop:step]\n"
           "pairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...\n"
           "starmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...\n"
           "tee(it, n=2) --> (it1, it2 , ... itn) splits one iterator into n\n"
           "takewhile(predicate, seq) --> seq[0], seq[1], until predicate fails\n"
           "zip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...\n\n"
           "Combinatoric generators:\n"
           "product(p, q, ... [repeat=1]) --> cartesian product\n"
           "permutations(p[, r])\ncombinations(p, r)\ncombinations_with_replacement(p, r)\n",
    .functions = functions,
    .init = init,
};
