values = [1, 2,
          {"a": (3, 4],
          5]
print(values)
