"""A search engine: documents tokenised, an inverted index with positions, tf-idf ranking, phrases, prefix completion."""
import bisect
import math
from collections import Counter, defaultdict

WORDS = ("apple banana cherry river mountain ocean python snake engine railway music violin paper letter window garden "
         "bridge castle winter summer coffee butter silver golden quick silent").split()


def document(n):
    state, words = n * 2654435761 % 2**32, []
    for _ in range(90):
        state = (state * 1664525 + 1013904223) % 2**32
        words.append(WORDS[(state >> 16) % (len(WORDS) - n % 7)])
    return " ".join(words).capitalize() + "."


class Index:
    def __init__(self):
        self.places = defaultdict(lambda: defaultdict(list))
        self.lengths = {}

    def add(self, name, text):
        words = [w.strip(".,!?").lower() for w in text.split()]
        self.lengths[name] = len(words)
        for at, word in enumerate(words):
            self.places[word][name].append(at)

    def score(self, query):
        scores = Counter()
        for word in query.split():
            found = self.places.get(word)
            if found:
                weight = math.log(len(self.lengths) / len(found)) + 0.1
                for name, places in found.items():
                    scores[name] += len(places) / self.lengths[name] * weight
        return sorted(scores.items(), key=lambda s: (-s[1], s[0]))

    def phrase(self, text):
        first, *rest = text.split()
        hits = []
        for name, places in self.places[first].items():
            starts = set(places)
            for offset, word in enumerate(rest, 1):
                starts &= {at - offset for at in self.places[word].get(name, ())}
            if starts:
                hits.append(name)
        return hits

    def complete(self, prefix, vocabulary):
        low = bisect.bisect_left(vocabulary, prefix)
        return vocabulary[low:bisect.bisect_left(vocabulary, prefix + "\uffff")]


def main():
    index = Index()
    for n in range(1500):
        index.add(f"doc{n}", document(n))
    vocabulary = sorted(index.places)
    print(len(vocabulary), sum(index.lengths.values()))
    for query in ("silver bridge", "python engine music", "absent castle", "quick"):
        print(query, [(name, round(score, 6)) for name, score in index.score(query)[:2]])
    print([len(index.phrase(f"{a} {b}")) for a, b in zip(WORDS[:16], WORDS[3:19])])
    print(sum(len(index.complete(p, vocabulary)) for p in ("s", "b", "wi", "x", "go") * 1000))


if __name__ == "__main__":
    main()
