"""The first program of everybody."""
print("Hello, world!")
