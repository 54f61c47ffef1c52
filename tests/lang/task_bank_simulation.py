import datetime
import decimal
import itertools
from dataclasses import dataclass, field
from decimal import Decimal


class InsufficientFunds(Exception):
    def __init__(self, account, amount):
        super().__init__(f"{account.owner} has {account.balance}, needs {amount}")
        self.short = amount - account.balance


@dataclass
class Account:
    owner: str
    number: int = field(default_factory=itertools.count(1001).__next__)
    balance: Decimal = Decimal("0.00")
    log: list = field(default_factory=list, repr=False)

    def move(self, amount, day, what):
        if self.balance + amount < 0:
            raise InsufficientFunds(self, -amount)
        self.balance += amount
        self.log.append((day, what, amount, self.balance))


class Bank:
    def __init__(self):
        self.accounts = {}
        self.day = datetime.date(2024, 2, 27)

    def open(self, owner, amount):
        account = self.accounts[owner] = Account(owner)
        account.move(Decimal(amount), self.day, "opening")
        return account

    def transfer(self, source, target, amount):
        amount = Decimal(amount)
        self.accounts[source].move(-amount, self.day, f"to {target}")
        self.accounts[target].move(amount, self.day, f"from {source}")

    def interest(self, rate):
        for account in self.accounts.values():
            earned = (account.balance * Decimal(rate)).quantize(Decimal("0.01"), decimal.ROUND_HALF_EVEN)
            account.move(earned, self.day, "interest")


bank = Bank()
bank.open("ann", "100.10")
bank.open("bob", "50")
for source, target, amount in (("ann", "bob", "30.05"), ("bob", "ann", "500"), ("zed", "ann", "1"),
    ("bob", "ann", "x")):
    bank.day += datetime.timedelta(days=1)
    try:
        bank.transfer(source, target, amount)
    except InsufficientFunds as e:
        print("refused:", e, "short by", e.short)
    except (KeyError, decimal.InvalidOperation) as e:
        print("error:", type(e).__name__)
bank.interest("0.0125")
for account in bank.accounts.values():
    print(account)
    for day, what, amount, balance in account.log:
        print(f"  {day:%d %b %Y} {what:<10} {amount:>+10,.2f} {balance:>10,.2f}")
print(sum(a.balance for a in bank.accounts.values()))
