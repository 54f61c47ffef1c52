"""A graph that is large enough for several threads to mark it: nothing that lives is lost, what is dead goes, also in a
forked child and while other threads run."""
import gc
import os
import threading
import weakref


class Node:
    def __init__(self, number, others):
        self.number = number
        self.others = others


def graph(count):
    nodes = [Node(i, []) for i in range(count)]
    for i, node in enumerate(nodes):
        node.others.append(nodes[i * 7919 % count])
        node.others.append({"next": nodes[(i + 1) % count], "name": str(i)})
    return nodes


def checked(nodes):
    """Walks the cycle of all nodes."""
    total, node = 0, nodes[0]
    for _ in nodes:
        total += node.number + int(node.others[1]["name"]) - node.others[0].number
        node = node.others[1]["next"]
    return total == sum(n.number for n in nodes), node is nodes[0]


nodes = graph(60_000)
chain = None
for i in range(100_000):
    chain = (i, chain)
wide = [(i,) for i in range(200_000)]
for _ in range(3):
    gc.collect()
print(checked(nodes), sum(t[0] for t in wide))

dropped = weakref.ref(nodes[5])
watched = [weakref.ref(n) for n in nodes[::100]]
pid = os.fork()
if pid == 0:
    gc.collect()
    print(checked(nodes), flush=True)
    del nodes
    gc.collect()
    print(sum(r() is not None for r in watched) < 3, flush=True)
    os._exit(0)
os.waitpid(pid, 0)


def work(results):
    for _ in range(3):
        results.append(checked(graph(5_000)))


results = []
threads = [threading.Thread(target=work, args=(results,)) for _ in range(3)]
for t in threads:
    t.start()
for _ in range(5):
    gc.collect()
for t in threads:
    t.join()
print(set(results), checked(nodes))
while chain:
    last, chain = chain
print(last)
