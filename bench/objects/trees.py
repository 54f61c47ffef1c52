"""Linked structures: a treap with insertion, removal and walks, and a doubly linked list with sentinels."""


class Node:
    def __init__(self, key, priority):
        self.key = key
        self.priority = priority
        self.left = self.right = None


class Treap:
    def __init__(self):
        self.root = None
        self.size = 0
        self.state = 12345

    def random(self):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return self.state

    def insert(self, key):
        self.root = self._insert(self.root, key)

    def _insert(self, node, key):
        if node is None:
            self.size += 1
            return Node(key, self.random())
        if key < node.key:
            node.left = self._insert(node.left, key)
            if node.left.priority > node.priority:
                top = node.left
                node.left, top.right = top.right, node
                return top
        elif key > node.key:
            node.right = self._insert(node.right, key)
            if node.right.priority > node.priority:
                top = node.right
                node.right, top.left = top.left, node
                return top
        return node

    def remove(self, key):
        self.root = self._remove(self.root, key)

    def _remove(self, node, key):
        if node is None:
            return None
        if key < node.key:
            node.left = self._remove(node.left, key)
            return node
        if key > node.key:
            node.right = self._remove(node.right, key)
            return node
        self.size -= 1
        return self._merge(node.left, node.right)

    def _merge(self, a, b):
        if a is None or b is None:
            return a or b
        if a.priority > b.priority:
            a.right = self._merge(a.right, b)
            return a
        b.left = self._merge(a, b.left)
        return b

    def __contains__(self, key):
        node = self.root
        while node is not None and node.key != key:
            node = node.left if key < node.key else node.right
        return node is not None

    def __iter__(self):
        stack, node = [], self.root
        while stack or node is not None:
            while node is not None:
                stack.append(node)
                node = node.left
            node = stack.pop()
            yield node.key
            node = node.right


class Link:
    __slots__ = ("value", "before", "after")


class Ring:
    def __init__(self):
        self.head = Link()
        self.head.before = self.head.after = self.head

    def push(self, value):
        link = Link()
        link.value = value
        link.before, link.after = self.head.before, self.head
        link.before.after = link.after.before = link
        return link

    def drop(self, link):
        link.before.after, link.after.before = link.after, link.before

    def __iter__(self):
        link = self.head.after
        while link is not self.head:
            yield link.value
            link = link.after


def main():
    treap = Treap()
    for n in range(16_000):
        treap.insert(n * 7919 % 20011)
    print(treap.size, sum(key in treap for key in range(20_011)))
    for n in range(0, 20_011, 3):
        treap.remove(n)
    keys = list(treap)
    print(treap.size, keys == sorted(keys), keys[:5])
    ring = Ring()
    links = [ring.push(n) for n in range(60_000)]
    for link in links[::3]:
        ring.drop(link)
    print(sum(ring), sum(1 for _ in ring))


if __name__ == "__main__":
    main()
