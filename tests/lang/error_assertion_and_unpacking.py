pairs = [(1, 2), (3, 4, 5)]
try:
    for a, b in pairs:
        assert a < b, (a, b)
except ValueError as e:
    print(e)
    assert len(pairs) == 1, f"expected one pair, got {len(pairs)}"
