# Events and lines of generators, coroutines, comprehensions: what ends by StopIteration, what is thrown in.
import traced

traced.show("generators")
