"""Learning from points: k-means, nearest neighbours in a k-d tree, a perceptron, linear regression, a small neural net."""
import math
import random


def kmeans(points, k, rounds):
    centres = points[:k]
    for _ in range(rounds):
        groups = [[] for _ in centres]
        for x, y in points:
            nearest = min(range(k), key=lambda i: (x - centres[i][0]) ** 2 + (y - centres[i][1]) ** 2)
            groups[nearest].append((x, y))
        centres = [(sum(x for x, _ in g) / len(g), sum(y for _, y in g) / len(g)) if g else c for g, c in zip(groups, centres)]
    return sorted(centres)


def tree(points, depth=0):
    if not points:
        return None
    axis = depth % 2
    points = sorted(points, key=lambda p: p[axis])
    middle = len(points) // 2
    return points[middle], axis, tree(points[:middle], depth + 1), tree(points[middle + 1:], depth + 1)


def nearest(node, target, best=(math.inf, None)):
    if node is None:
        return best
    point, axis, low, high = node
    distance = (point[0] - target[0]) ** 2 + (point[1] - target[1]) ** 2
    if distance < best[0]:
        best = distance, point
    offset = target[axis] - point[axis]
    near, far = (low, high) if offset < 0 else (high, low)
    best = nearest(near, target, best)
    return nearest(far, target, best) if offset * offset < best[0] else best


class Network:
    def __init__(self, sizes, r):
        self.layers = [[[r.uniform(-1, 1) for _ in range(a + 1)] for _ in range(b)] for a, b in zip(sizes, sizes[1:])]

    def forward(self, values):
        outputs = [values]
        for layer in self.layers:
            inputs = outputs[-1] + [1.0]
            outputs.append([math.tanh(sum(w * v for w, v in zip(neuron, inputs))) for neuron in layer])
        return outputs

    def learn(self, values, wanted, rate):
        outputs = self.forward(values)
        deltas = [(o - w) * (1 - o * o) for o, w in zip(outputs[-1], wanted)]
        for at in range(len(self.layers) - 1, -1, -1):
            layer, inputs = self.layers[at], outputs[at] + [1.0]
            before = [sum(d * neuron[i] for d, neuron in zip(deltas, layer)) * (1 - v * v) for i, v in enumerate(outputs[at])]
            for delta, neuron in zip(deltas, layer):
                for i, v in enumerate(inputs):
                    neuron[i] -= rate * delta * v
            deltas = before


def main():
    r = random.Random(11)
    points = [(r.gauss(cx, 1), r.gauss(cy, 1)) for cx, cy in ((0, 0), (5, 5), (9, 1), (2, 8)) for _ in range(500)]
    r.shuffle(points)
    print([(round(x, 4), round(y, 4)) for x, y in kmeans(points, 4, 12)])
    root = tree(points)
    print(round(sum(nearest(root, (r.uniform(-2, 11), r.uniform(-2, 11)))[0] for _ in range(2500)), 6))
    xs = [x for x, _ in points]
    ys = [2.5 * x - 1 + r.gauss(0, 0.1) for x in xs]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)
    print(round(slope, 5), round(mean_y - slope * mean_x, 5))
    network = Network([2, 6, 1], r)
    table = [([0.0, 0.0], [-0.9]), ([0.0, 1.0], [0.9]), ([1.0, 0.0], [0.9]), ([1.0, 1.0], [-0.9])]
    for n in range(5000):
        network.learn(*table[n % 4], 0.1)
    print([network.forward(values)[-1][0] > 0 for values, _ in table])


if __name__ == "__main__":
    main()
