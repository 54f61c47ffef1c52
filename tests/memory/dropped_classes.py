"""What a class and the layouts of its instances take goes with it, the numbers of these layouts included."""
# bound: 26 MB
import peak


class Sink:
    def read(self, o):
        return o.a + o.b


sink = Sink()
for i in range(150_000):
    made = type("Made", (), {})()
    made.a = made.b = made.c = made.d = 1
    made.e = made.f = made.g = made.h = i
    assert sink.read(made) == 2

peak.report()
