import heapq
import itertools
import sched


class Simulation:
    def __init__(self): self.now, self.queue, self.order, self.log = 0, [], itertools.count(), []
    def at(self, delay, process): heapq.heappush(self.queue, (self.now + delay, next(self.order), process))

    def run(self, until):
        while self.queue and self.queue[0][0] <= until:
            self.now, _, process = heapq.heappop(self.queue)
            try:
                wait = next(process)
            except StopIteration as done:
                self.log.append(f"{self.now:>4} finished {done.value}")
            else:
                self.at(wait, process)
        return self.log


def customer(sim, name, shop):
    sim.log.append(f"{sim.now:>4} {name} arrives")
    while shop["busy"] >= shop["counters"]:
        shop["waited"] += 1
        yield 1
    shop["busy"] += 1
    try:
        sim.log.append(f"{sim.now:>4} {name} is served")
        yield 3 + len(name) % 3
    finally:
        shop["busy"] -= 1
    return name


sim, shop = Simulation(), {"busy": 0, "counters": 2, "waited": 0}
for delay, name in ((0, "ann"), (1, "bert"), (2, "cleo"), (2, "david"), (9, "eve")):
    sim.at(delay, customer(sim, name, shop))
print(*sim.run(100), sep="\n")
print(shop)

clock = [0]
s = sched.scheduler(lambda: clock[0], lambda n: clock.__setitem__(0, clock[0] + n))
s.enter(5, 2, print, ("late",))
s.enter(5, 1, print, ("late but first",))
cancel = s.enter(1, 1, print, ("never",))
s.enterabs(2, 1, lambda: s.enter(1, 1, print, ("nested",)))
s.cancel(cancel)
s.run()
print(clock, s.empty())
