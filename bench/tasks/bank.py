"""A bank's back office: accounts, transactions with validation, rules, statements, an event journal replayed and audited."""
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER = "transfer"


class Refused(Exception):
    def __init__(self, reason, transaction):
        super().__init__(reason)
        self.reason, self.transaction = reason, transaction


@dataclass
class Transaction:
    number: int
    kind: Kind
    account: str
    amount: int
    other: str | None = None
    tags: dict = field(default_factory=dict)


@dataclass
class Account:
    name: str
    balance: int = 0
    limit: int = 500
    history: list = field(default_factory=list)

    def change(self, amount, transaction):
        if self.balance + amount < -self.limit:
            raise Refused("limit", transaction)
        self.balance += amount
        self.history.append((transaction.number, amount, self.balance))


class Rule:
    def check(self, bank, transaction):
        raise NotImplementedError


class Positive(Rule):
    def check(self, bank, transaction):
        if transaction.amount <= 0:
            raise Refused("amount", transaction)


class Known(Rule):
    def check(self, bank, transaction):
        for name in filter(None, (transaction.account, transaction.other)):
            if name not in bank.accounts:
                raise Refused(f"unknown {name}", transaction)


class Velocity(Rule):
    def __init__(self, most):
        self.most, self.recent = most, defaultdict(list)

    def check(self, bank, transaction):
        recent = self.recent[transaction.account]
        recent.append(transaction.number)
        while recent and recent[0] < transaction.number - 100:
            recent.pop(0)
        if len(recent) > self.most:
            raise Refused("too often", transaction)


class Bank:
    def __init__(self, names, rules):
        self.accounts = {name: Account(name) for name in names}
        self.rules, self.refused, self.journal = rules, defaultdict(int), []

    def execute(self, t):
        try:
            for rule in self.rules:
                rule.check(self, t)
            account = self.accounts[t.account]
            match t:
                case Transaction(kind=Kind.DEPOSIT):
                    account.change(t.amount, t)
                case Transaction(kind=Kind.WITHDRAWAL, amount=amount):
                    account.change(-amount, t)
                case Transaction(kind=Kind.TRANSFER, other=str(other)):
                    account.change(-t.amount, t)
                    self.accounts[other].change(t.amount, t)
                case _:
                    raise Refused("malformed", t)
        except Refused as refusal:
            self.refused[refusal.reason] += 1
        else:
            self.journal.append(t)

    def statement(self, name):
        account = self.accounts[name]
        lines = [f"Statement of {account.name.title():<20}"]
        lines += [f"{number:>8} {amount / 100:>+12,.2f} {balance / 100:>14,.2f}" for number, amount, balance in account.history]
        return "\n".join(lines)


def transactions(count, names):
    kinds = list(Kind)
    for n in range(count):
        kind = kinds[n * 7 % 3]
        yield Transaction(n, kind, names[n * 31 % len(names)], n * 37 % 400 - 5, names[n * 17 % len(names)] if kind is Kind.TRANSFER and n % 11 else None,
                          {"batch": n // 100})


def main():
    names = [f"client{n}" for n in range(60)] + ["ghost"]
    bank = Bank(names[:-1], [Positive(), Known(), Velocity(3)])
    for transaction in transactions(24_000, names):
        bank.execute(transaction)
    print(sum(a.balance for a in bank.accounts.values()), sorted(bank.refused.items()), len(bank.journal))
    again = Bank(names[:-1], [])
    for transaction in bank.journal:
        again.execute(transaction)
    print(all(again.accounts[n].balance == a.balance for n, a in bank.accounts.items()))
    print(sum(len(bank.statement(name)) for name in names[:-1]), bank.statement("client7").splitlines()[2])


if __name__ == "__main__":
    main()
