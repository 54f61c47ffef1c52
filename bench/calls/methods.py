"""Methods: chains, bound methods kept, super() over three levels, class and static methods, callables, operators."""
import operator


class Account:
    rate = 3
    opened = 0

    def __init__(self, owner):
        self.owner = owner
        self.balance = 0
        self.entries = 0

    @classmethod
    def open(cls, owner):
        cls.opened += 1
        return cls(owner)

    @staticmethod
    def fee(amount):
        return amount // 100

    def deposit(self, amount):
        self.balance += amount - self.fee(amount)
        self.entries += 1
        return self

    def withdraw(self, amount):
        self.balance -= amount
        self.entries += 1
        return self

    def interest(self):
        return self.balance * self.rate // 100


class Savings(Account):
    rate = 5

    def deposit(self, amount):
        return super().deposit(amount + 1)

    def interest(self):
        return super().interest() + 2


class Premium(Savings):
    def deposit(self, amount):
        return super().deposit(amount * 2)

    def interest(self):
        return super().interest() * 2

    def __call__(self, factor):
        return self.balance % factor


def main():
    accounts = [kind.open(name) for kind in (Account, Savings, Premium) for name in ("ann", "bob", "cy")]
    for i in range(40_000):
        for account in accounts[i % 3::3]:
            account.deposit(i).withdraw(i // 2).deposit(3)
    print([(a.owner, a.balance, a.entries) for a in accounts])
    total = 0
    for i in range(40_000):
        total += accounts[0].interest() + accounts[3].interest() + accounts[6].interest() + accounts[7](1 + i % 9)
    print(total, Account.opened - Premium.opened > -100)
    account = Account("kept")
    put, take = account.deposit, account.withdraw
    for i in range(120_000):
        put(i)
        take(1)
    print(account.balance, account.entries)
    by_balance = operator.attrgetter("balance")
    owner_of = operator.methodcaller("interest")
    print(sum(by_balance(a) % 7 + owner_of(a) % 5 for _ in range(15_000) for a in accounts))


if __name__ == "__main__":
    main()
