"""An incremental solver of one-way constraints: chains and projections replanned by strength as edits come and go."""

STRENGTHS = ("required", "strong", "normal", "weak", "weakest")
STAY, SCALE, EQUAL, EDIT = range(4)


class Variable:
    def __init__(self, name, value):
        self.name, self.value = name, value
        self.constraints, self.source, self.mark = [], None, 0
        self.strength, self.stay = 4, True


class Constraint:
    def __init__(self, planner, strength):
        self.planner, self.strength = planner, strength
        self.satisfied = False

    def add(self):
        for v in self.variables():
            v.constraints.append(self)
        self.planner.incremental_add(self)

    def remove(self):
        if self.satisfied:
            self.planner.incremental_remove(self)
        for v in self.variables():
            v.constraints.remove(self)


class Unary(Constraint):
    def __init__(self, planner, output, strength):
        super().__init__(planner, strength)
        self.output = output
        self.add()

    def variables(self):
        return (self.output,)

    def choose(self, mark):
        self.satisfied = self.output.mark != mark and self.strength < self.output.strength

    def inputs(self):
        return ()

    def execute(self):
        pass


class Stay(Unary):
    stay = True


class Edit(Unary):
    stay = False


class Binary(Constraint):
    def __init__(self, planner, first, second, strength):
        super().__init__(planner, strength)
        self.first, self.second, self.forward = first, second, True
        self.add()

    def variables(self):
        return self.first, self.second

    def choose(self, mark):
        a, b = self.first, self.second
        if a.mark == mark:
            self.satisfied, self.forward = b.mark != mark and self.strength < b.strength, True
        elif b.mark == mark:
            self.satisfied, self.forward = self.strength < a.strength, False
        elif a.strength > b.strength:
            self.satisfied, self.forward = self.strength < a.strength, False
        else:
            self.satisfied, self.forward = self.strength < b.strength, True

    @property
    def output(self):
        return self.second if self.forward else self.first

    def inputs(self):
        return (self.first if self.forward else self.second,)

    stay = False


class Equal(Binary):
    def execute(self):
        self.output.value = self.inputs()[0].value


class Scale(Binary):
    def __init__(self, planner, source, factor, offset, result, strength):
        self.factor, self.offset = factor, offset
        super().__init__(planner, source, result, strength)

    def inputs(self):
        return super().inputs() + (self.factor, self.offset)

    def execute(self):
        if self.forward:
            self.second.value = self.first.value * self.factor.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.factor.value


class Planner:
    def __init__(self):
        self.mark, self.executed = 0, 0

    def incremental_add(self, constraint):
        self.mark += 1
        overridden = self.satisfy(constraint)
        while overridden is not None:
            overridden = self.satisfy(overridden)

    def satisfy(self, c):
        c.choose(self.mark)
        if not c.satisfied:
            return None
        for v in c.inputs():
            v.mark = self.mark
        out = c.output
        overridden = out.source
        if overridden is not None:
            overridden.satisfied = False
        out.source = c
        self.propagate(c)
        out.mark = self.mark
        return overridden

    def recalculate(self, c):
        out = c.output
        out.strength = max([c.strength] + [v.strength for v in c.inputs()])
        out.stay = c.stay or (bool(c.inputs()) and all(v.stay for v in c.inputs()))
        c.execute()
        self.executed += 1

    def propagate(self, constraint):
        todo = [constraint]
        while todo:
            c = todo.pop()
            self.recalculate(c)
            todo += [d for d in c.output.constraints if d.satisfied and d is not c and d.output is not c.output]

    def incremental_remove(self, constraint):
        out = constraint.output
        constraint.satisfied, out.source, out.strength, out.stay = False, None, 4, True
        unsatisfied, todo = [], [out]
        while todo:
            v = todo.pop()
            unsatisfied += [c for c in v.constraints if not c.satisfied and c is not constraint]
            for c in v.constraints:
                if c.satisfied and c.output is not v:
                    self.recalculate(c)
                    todo.append(c.output)
        for strength in range(5):
            for c in unsatisfied:
                if c.strength == strength and not c.satisfied:
                    self.incremental_add(c)

    def plan(self, edit):
        """The constraints to execute, in order, when the edited variable changes."""
        self.mark += 1
        plan, todo, mark = [], [edit], self.mark
        while todo:
            c = todo.pop()
            if c.output.mark != mark and all(v.mark == mark or v.stay or v.source is None for v in c.inputs()):
                plan.append(c)
                c.output.mark = mark
                todo += [d for d in c.output.constraints if d is not c and d.satisfied]
        return plan


def change(planner, variable, value):
    edit = Edit(planner, variable, 1)
    plan = planner.plan(edit)
    for step in range(10):
        variable.value = value
        for c in plan:
            c.execute()
    edit.remove()
    return len(plan)


def chain(count):
    planner = Planner()
    variables = [Variable(f"v{n}", 0) for n in range(count + 1)]
    for a, b in zip(variables, variables[1:]):
        Equal(planner, a, b, 0)
    Stay(planner, variables[-1], 3)
    steps = sum(change(planner, variables[0], n) for n in range(40))
    return steps, variables[-1].value, planner.executed


def projection(count):
    planner = Planner()
    factor, offset = Variable("factor", 10), Variable("offset", 1000)
    pairs = []
    for n in range(count):
        source, result = Variable(f"s{n}", n), Variable(f"r{n}", n)
        Stay(planner, source, 2)
        Scale(planner, source, factor, offset, result, 0)
        pairs.append((source, result))
    change(planner, pairs[3][0], 17)
    change(planner, pairs[5][1], 1050)
    values = pairs[3][1].value, pairs[5][0].value
    for n in range(40):
        change(planner, factor, n % 9 + 1)
        change(planner, pairs[n][0], n)
    return values, sum(r.value for _, r in pairs), planner.executed


def main():
    print(*chain(500))
    print(*projection(600))


if __name__ == "__main__":
    main()
