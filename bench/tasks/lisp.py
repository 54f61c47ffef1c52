"""A Lisp interpreter: reader, environments, special forms, closures, tail calls; it runs primes, sorting and a counter."""
import operator
import re


class Environment(dict):
    def __init__(self, names=(), values=(), outer=None):
        super().__init__(zip(names, values))
        self.outer = outer

    def find(self, name):
        env = self
        while env is not None:
            if name in env:
                return env
            env = env.outer
        raise NameError(name)


class Procedure:
    def __init__(self, names, body, env):
        self.names, self.body, self.env = names, body, env

    def __call__(self, *args):
        return evaluate(self.body, Environment(self.names, args, self.env))


class Symbol(str):
    __slots__ = ()


def read(text):
    tokens = re.findall(r"[()']|[^\s()']+", text)
    tokens.reverse()
    forms = []
    while tokens:
        forms.append(read_form(tokens))
    return forms


def read_form(tokens):
    token = tokens.pop()
    if token == "'":
        return [Symbol("quote"), read_form(tokens)]
    if token == "(":
        form = []
        while tokens[-1] != ")":
            form.append(read_form(tokens))
        tokens.pop()
        return form
    try:
        return int(token)
    except ValueError:
        return Symbol(token)


def evaluate(x, env):
    while True:
        if isinstance(x, Symbol):
            return env.find(x)[x]
        if not isinstance(x, list):
            return x
        head = x[0]
        if head == "quote":
            return x[1]
        if head == "if":
            x = x[2] if evaluate(x[1], env) else x[3]
        elif head == "define":
            env[x[1]] = evaluate(x[2], env)
            return None
        elif head == "set!":
            env.find(x[1])[x[1]] = evaluate(x[2], env)
            return None
        elif head == "lambda":
            return Procedure(x[1], x[2], env)
        elif head == "begin":
            for form in x[1:-1]:
                evaluate(form, env)
            x = x[-1]
        else:
            function, *args = [evaluate(form, env) for form in x]
            if isinstance(function, Procedure):
                x, env = function.body, Environment(function.names, args, function.env)
            else:
                return function(*args)


PROGRAM = """
(define range (lambda (a b) (if (< a b) (cons a (range (+ a 1) b)) nil)))
(define filter (lambda (p l) (if (null? l) nil (if (p (car l)) (cons (car l) (filter p (cdr l))) (filter p (cdr l))))))
(define append (lambda (a b) (if (null? a) b (cons (car a) (append (cdr a) b)))))
(define fold (lambda (f z l) (if (null? l) z (fold f (f z (car l)) (cdr l)))))
(define prime? (lambda (n) (begin (define try (lambda (d) (if (> (* d d) n) true (if (= 0 (% n d)) false (try (+ d 1)))))) (try 2))))
(define sort (lambda (l) (if (null? l) nil (append (sort (filter (lambda (x) (< x (car l))) (cdr l)))
    (cons (car l) (sort (filter (lambda (x) (not (< x (car l)))) (cdr l))))))))
(define counter (lambda () (begin (define n 0) (lambda () (begin (set! n (+ n 1)) n)))))
(define tick (counter))
(define loop (lambda (n) (if (= n 0) (tick) (begin (tick) (loop (- n 1))))))
(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))
"""


def show(x):
    out = []
    while x is not None:
        out.append(x[0])
        x = x[1]
    return out


def main():
    env = Environment()
    env.update({"+": operator.add, "-": operator.sub, "*": operator.mul, "%": operator.mod, "<": operator.lt, ">": operator.gt,
                "=": operator.eq, "not": operator.not_, "cons": lambda a, b: (a, b), "car": lambda p: p[0], "cdr": lambda p: p[1],
                "null?": lambda p: p is None, "nil": None, "true": True, "false": False})
    for form in read(PROGRAM):
        evaluate(form, env)
    for text in ("(fib 16)", "(fold + 0 (filter prime? (range 2 300)))", "(loop 6000)"):
        print(evaluate(read(text)[0], env))
    print(show(evaluate(read("(sort (filter prime? (range 20 110)))")[0], env)))


if __name__ == "__main__":
    main()
