config = {"servers": [{"name": "a", "ports": [80, 443]}, {"name": "b", "ports": None}]}


def port(server, index): return config["servers"][server]["ports"][index]


print(port(0, 1))
print(max(port(0, 0), port(1, 0), 5))
