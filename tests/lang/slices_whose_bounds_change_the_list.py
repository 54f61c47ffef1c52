"""A slice's __index__ may change the list that is sliced: bounds are cut to the length that the list has then."""


class Bound:
    def __init__(self, value, change):
        self.value, self.change = value, change

    def __index__(self):
        self.change()
        return self.value


for start, stop, step in ((0, 2, 1), (0, 2, 2), (0, 20, 2), (3, None, 1), (None, 3, 1), (-3, None, -1)):
    for operation in ("get", "set", "delete"):
        for change in ("clear", "grow"):
            items = list(range(10))
            act = items.clear if change == "clear" else lambda: items.extend("abc")
            where = slice(start, stop, Bound(step, act))
            try:
                if operation == "get":
                    print(operation, change, items[where])
                elif operation == "set":
                    items[where] = []
                else:
                    del items[where]
            except (ValueError, IndexError) as error:
                print(operation, type(error).__name__, error)
            print(items)
