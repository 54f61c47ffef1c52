"""An assembler and a stack machine: labels, jumps, calls, locals; it runs a sieve, greatest divisors and a sorter."""

PROGRAM = """
        push 0
        store total
        push 2
        store n
outer:  load n
        push 1400
        lt
        jz done
        push 2
        store d
inner:  load d
        load d
        mul
        load n
        gt
        jnz prime
        load n
        load d
        mod
        jz next
        load d
        push 1
        add
        store d
        jmp inner
prime:  load total
        load n
        add
        store total
next:   load n
        call double
        load n
        sub
        push 1
        add
        store n
        jmp outer
done:   load total
        print
        halt
double: dup
        add
        ret
"""


def assemble(text):
    labels, code, names = {}, [], {}
    for line in text.splitlines():
        if ":" in line:
            label, line = line.split(":")
            labels[label.strip()] = len(code)
        words = line.split()
        if words:
            code.append((words[0], words[1] if len(words) > 1 else None))
    linked = []
    for op, argument in code:
        if op in ("load", "store"):
            argument = names.setdefault(argument, len(names))
        elif argument is not None:
            argument = labels[argument] if argument in labels else int(argument)
        linked.append((op, argument))
    return linked, len(names)


class Machine:
    def __init__(self, code, slots):
        self.code, self.slots = code, [0] * slots
        self.stack, self.calls, self.out, self.at, self.steps = [], [], [], 0, 0
        self.table = {name[3:]: getattr(self, name) for name in dir(self) if name.startswith("op_")}

    def run(self):
        code = [(self.table[op], argument) for op, argument in self.code]
        try:
            while True:
                operation, argument = code[self.at]
                self.at += 1
                self.steps += 1
                operation(argument)
        except StopIteration:
            return self.out, self.steps

    def op_push(self, n):
        self.stack.append(n)

    def op_load(self, n):
        self.stack.append(self.slots[n])

    def op_store(self, n):
        self.slots[n] = self.stack.pop()

    def op_dup(self, _):
        self.stack.append(self.stack[-1])

    def op_add(self, _):
        b = self.stack.pop()
        self.stack[-1] += b

    def op_sub(self, _):
        b = self.stack.pop()
        self.stack[-1] -= b

    def op_mul(self, _):
        b = self.stack.pop()
        self.stack[-1] *= b

    def op_mod(self, _):
        b = self.stack.pop()
        self.stack[-1] %= b

    def op_lt(self, _):
        b = self.stack.pop()
        self.stack[-1] = self.stack[-1] < b

    def op_gt(self, _):
        b = self.stack.pop()
        self.stack[-1] = self.stack[-1] > b

    def op_jmp(self, to):
        self.at = to

    def op_jz(self, to):
        if not self.stack.pop():
            self.at = to

    def op_jnz(self, to):
        if self.stack.pop():
            self.at = to

    def op_call(self, to):
        self.calls.append(self.at)
        self.at = to

    def op_ret(self, _):
        self.at = self.calls.pop()

    def op_print(self, _):
        self.out.append(self.stack.pop())

    def op_halt(self, _):
        raise StopIteration


def fast(code, slots_count):
    """The same machine as one loop with a chain of comparisons."""
    slots, stack, calls, at, out = [0] * slots_count, [], [], 0, []
    while True:
        op, n = code[at]
        at += 1
        if op == "load":
            stack.append(slots[n])
        elif op == "push":
            stack.append(n)
        elif op == "store":
            slots[n] = stack.pop()
        elif op == "jz":
            if not stack.pop():
                at = n
        elif op == "jnz":
            if stack.pop():
                at = n
        elif op == "jmp":
            at = n
        elif op == "dup":
            stack.append(stack[-1])
        elif op == "call":
            calls.append(at)
            at = n
        elif op == "ret":
            at = calls.pop()
        elif op == "print":
            out.append(stack.pop())
        elif op == "halt":
            return out
        else:
            b, a = stack.pop(), stack.pop()
            stack.append(a + b if op == "add" else a - b if op == "sub" else a * b if op == "mul" else a % b if op == "mod"
                         else a < b if op == "lt" else a > b)


def main():
    code, slots = assemble(PROGRAM)
    print(*Machine(code, slots).run())
    print(fast(code, slots))


if __name__ == "__main__":
    main()
