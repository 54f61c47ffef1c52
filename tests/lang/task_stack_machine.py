import sys


class Machine:
    """Assembles and runs a small stack language with labels and subroutines."""

    def __init__(self, source):
        self.code, self.labels = [], {}
        for line in source.splitlines():
            line = line.partition(";")[0].strip()
            if line.endswith(":"):
                self.labels[line[:-1]] = len(self.code)
            elif line:
                op, *args = line.split()
                self.code.append((op, [int(a) if a.lstrip("-").isdigit() else a for a in args]))

    def run(self, *stack, limit=10_000):
        self.stack, self.calls, self.vars, self.output, pc, self.steps = list(stack), [], {}, [], 0, 0
        while pc < len(self.code) and self.steps < limit:
            self.steps += 1
            op, args = self.code[pc]
            pc += 1
            jump = getattr(self, "op_" + op)(*args)
            if op == "call":
                self.calls.append(pc)
            if jump is not None:
                pc = self.labels[jump] if isinstance(jump, str) else jump
        return self.output

    def op_push(self, v): self.stack.append(self.vars[v] if isinstance(v, str) else v)
    def op_store(self, name): self.vars[name] = self.stack.pop()
    def op_add(self): self.stack.append(self.stack.pop() + self.stack.pop())
    def op_sub(self): b, a = self.stack.pop(), self.stack.pop(); self.stack.append(a - b)
    def op_mul(self): self.stack.append(self.stack.pop() * self.stack.pop())
    def op_jump(self, where): return where
    def op_jz(self, where): return where if self.stack.pop() == 0 else None
    def op_call(self, where): return where
    def op_ret(self): return self.calls.pop()
    def op_print(self): self.output.append(self.stack.pop())
    def op_halt(self): return sys.maxsize


program = Machine("""
    store n
    push 1
    store acc
loop:               ; acc *= n--
    push n
    jz done
    push acc
    push n
    mul
    store acc
    call decrement
    jump loop
decrement:
    push n
    push 1
    sub
    store n
    ret
done:
    push acc
    print
""")
for n in (0, 1, 5, 20):
    print(n, program.run(n), program.steps)
for bad, error in (("add", IndexError), ("push x", KeyError), ("fly", AttributeError),
    ("jump nowhere", KeyError)):
    try:
        Machine(bad).run()
    except error as e:
        print(type(e).__name__, e)
