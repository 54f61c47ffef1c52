"""An operating system's kernel in miniature: tasks of several kinds exchange packets under a priority scheduler."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
DEVICE_PACKET, WORK_PACKET = range(2)


class Packet:
    def __init__(self, link, ident, kind):
        self.link, self.ident, self.kind = link, ident, kind
        self.datum, self.data = 0, [0] * 4

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, system, ident, priority, queue):
        self.system, self.ident, self.priority, self.queue = system, ident, priority, queue
        self.pending, self.waiting, self.held = queue is not None, queue is None, False
        system.add(self)

    def runnable(self):
        return not self.held and (self.pending or not self.waiting)

    def take(self):
        packet = None
        if self.waiting and self.pending:
            packet = self.queue
            self.queue = packet.link
            self.pending = self.queue is not None
        self.waiting = False
        return packet

    def receive(self, packet, sender):
        if self.queue is None:
            self.queue, self.pending = packet, True
            packet.link = None
            return self if self.priority > sender.priority else sender
        packet.append_to(self.queue)
        return sender


class Idle(Task):
    def __init__(self, system, count):
        super().__init__(system, IDLE, 0, None)
        self.waiting, self.control, self.count = False, 1, count

    def run(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.system.hold(self)
        if self.control & 1:
            self.control = self.control // 2 ^ 0xD008
            return self.system.release(self, DEVICE_B)
        self.control //= 2
        return self.system.release(self, DEVICE_A)


class Worker(Task):
    def __init__(self, system, queue):
        super().__init__(system, WORKER, 1000, queue)
        self.target, self.letter = HANDLER_A, 0

    def run(self, packet):
        if packet is None:
            return self.system.wait(self)
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.ident, packet.datum = self.target, 0
        for i in range(4):
            self.letter = self.letter % 26 + 1
            packet.data[i] = 64 + self.letter
        return self.system.send(self, packet)


class Handler(Task):
    def __init__(self, system, ident, priority, queue):
        super().__init__(system, ident, priority, queue)
        self.work = self.device = None

    def run(self, packet):
        if packet is not None:
            if packet.kind == WORK_PACKET:
                self.work = packet.append_to(self.work)
            else:
                self.device = packet.append_to(self.device)
        if self.work is not None:
            work = self.work
            if work.datum >= 4:
                self.work = work.link
                return self.system.send(self, work)
            if self.device is not None:
                device = self.device
                self.device = device.link
                device.datum = work.data[work.datum]
                work.datum += 1
                return self.system.send(self, device)
        return self.system.wait(self)


class Device(Task):
    def __init__(self, system, ident, priority):
        super().__init__(system, ident, priority, None)
        self.kept = None

    def run(self, packet):
        if packet is None:
            if self.kept is None:
                return self.system.wait(self)
            packet, self.kept = self.kept, None
            return self.system.send(self, packet)
        self.kept = packet
        return self.system.hold(self)


class System:
    def __init__(self):
        self.tasks, self.order = {}, []
        self.holds = self.sent = 0

    def add(self, task):
        self.tasks[task.ident] = task
        self.order.insert(0, task)

    def next_after(self, task):
        at = self.order.index(task) + 1
        return self.order[at] if at < len(self.order) else None

    def hold(self, task):
        self.holds += 1
        task.held = True
        return self.next_after(task)

    def wait(self, task):
        task.waiting = True
        return task

    def release(self, task, ident):
        other = self.tasks[ident]
        other.held = False
        return other if other.priority > task.priority else task

    def send(self, task, packet):
        self.sent += 1
        target = self.tasks[packet.ident]
        packet.link, packet.ident = None, task.ident
        return target.receive(packet, task)

    def schedule(self):
        task = self.order[0]
        while task is not None:
            task = task.run(task.take()) if task.runnable() else self.next_after(task)


def packets(ident, kind, count):
    queue = None
    for _ in range(count):
        queue = Packet(queue, ident, kind)
    return queue


def main():
    for _ in range(3):
        system = System()
        Idle(system, 10_000)
        Worker(system, packets(WORKER, WORK_PACKET, 2))
        Handler(system, HANDLER_A, 2000, packets(DEVICE_A, DEVICE_PACKET, 3))
        Handler(system, HANDLER_B, 3000, packets(DEVICE_B, DEVICE_PACKET, 3))
        Device(system, DEVICE_A, 4000)
        Device(system, DEVICE_B, 5000)
        system.schedule()
        print(system.sent, system.holds)


if __name__ == "__main__":
    main()
