"""Pickling and copying: nested data, class instances, shared references, several protocols, __reduce__, deepcopy."""
import copy
import pickle


class Account:
    def __init__(self, owner, balance):
        self.owner, self.balance, self.history = owner, balance, []

    def __eq__(self, other):
        return self.__dict__ == other.__dict__


class Interval:
    __slots__ = ("low", "high")

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __reduce__(self):
        return Interval, (self.low, self.high)


class Session:
    def __init__(self, n):
        self.n, self.cache = n, object()

    def __getstate__(self):
        return {"n": self.n}

    def __setstate__(self, state):
        self.n, self.cache = state["n"], None


def main():
    rows = [{"id": n, "name": f"n{n}", "values": (n / 3, n * 2, None), "set": {n % 5, "x"}, "raw": b"\0" * (n % 9)} for n in range(5000)]
    for protocol in (2, 4, 5):
        data = pickle.dumps(rows, protocol)
        print(len(data) > 100_000, pickle.loads(data) == rows)
    accounts = [Account(f"owner{n % 50}", n) for n in range(3000)]
    for account, other in zip(accounts, accounts[1:]):
        account.history.append(other.balance)
    back = pickle.loads(pickle.dumps(accounts))
    print(back == accounts, sum(a.balance for a in back), back[5].owner)
    spans = pickle.loads(pickle.dumps([Interval(n, n + 5) for n in range(4000)]))
    print(sum(s.high - s.low for s in spans), sum(s.n for s in pickle.loads(pickle.dumps([Session(n) for n in range(2500)]))))
    shared = ["same"]
    loop = {"list": [shared] * 1000}
    loop["self"] = loop
    twin = pickle.loads(pickle.dumps(loop))
    print(twin["self"] is twin, len({id(item) for item in twin["list"]}))
    total = sum(len(pickle.loads(pickle.dumps(("set", n, {"ttl": n})))) for n in range(16_000))
    print(total)
    clone = copy.deepcopy(rows[:900])
    print(clone == rows[:900], clone[3]["set"] is rows[3]["set"], copy.deepcopy(accounts[:700]) == accounts[:700])
    print(sum(copy.copy(account).balance for account in accounts * 4))


if __name__ == "__main__":
    main()
