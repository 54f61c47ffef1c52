class Node:
    __slots__ = ("key", "value", "before", "after")


class LRU:
    """A doubly linked list threaded through a dict."""

    def __init__(self, size):
        self.size, self.nodes, self.hits = size, {}, 0
        self.root = root = Node()
        root.before = root.after = root

    def _unlink(self, n): n.before.after, n.after.before = n.after, n.before

    def _push(self, n):
        n.before, n.after = self.root.before, self.root
        n.before.after = self.root.before = n

    def __getitem__(self, key):
        n = self.nodes[key]
        self.hits += 1
        self._unlink(n)
        self._push(n)
        return n.value

    def __setitem__(self, key, value):
        if key in self.nodes:
            self._unlink(self.nodes.pop(key))
        elif len(self.nodes) >= self.size:
            oldest = self.root.after
            self._unlink(oldest)
            del self.nodes[oldest.key]
        n = self.nodes[key] = Node()
        n.key, n.value = key, value
        self._push(n)

    def __iter__(self):
        n = self.root.after
        while n is not self.root:
            yield n.key
            n = n.after


c = LRU(3)
for k in "abcad":
    try:
        c[k]
    except KeyError:
        c[k] = k * 2
print(list(c), c.hits, c["a"], list(c))


class Trie(dict):
    END = object()

    def add(self, word):
        node = self
        for ch in word:
            node = node.setdefault(ch, Trie())
        node[self.END] = word

    def words(self, prefix=""):
        node = self
        for ch in prefix:
            if ch not in node:
                return
            node = node[ch]
        stack = [node]
        while stack:
            node = stack.pop()
            for ch, child in sorted(((k, v) for k, v in node.items() if k is not self.END), reverse=True):
                stack.append(child)
            if self.END in node:
                yield node[self.END]


t = Trie()
for word in "car card care cart cat dog do".split():
    t.add(word)
print(list(t.words("car")), list(t.words("x")), list(t.words()), len(t))
