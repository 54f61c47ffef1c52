"""A unittest run: cases with fixtures, subtests, failures, skips, expected failures, mocks, run by a quiet runner."""
import io
import re
import unittest
from unittest import mock


class Stack:
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)

    def pop(self):
        if not self.items:
            raise IndexError("empty")
        return self.items.pop()


class StackTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack([1, 2, 3])

    def tearDown(self):
        self.stack = None

    def test_push(self):
        self.stack.push(4)
        self.assertEqual(self.stack.items, [1, 2, 3, 4])
        self.assertIn(4, self.stack.items)

    def test_pop(self):
        self.assertEqual(self.stack.pop(), 3)
        with self.assertRaisesRegex(IndexError, "empty"):
            Stack().pop()

    def test_many(self):
        for n in range(6):
            with self.subTest(n=n):
                self.assertLess(n, 6)
                self.assertAlmostEqual(n / 3 * 3, n)

    def test_wrong(self):
        self.assertEqual({"a": [1, 2], "b": "x" * 60}, {"a": [1, 3], "b": "x" * 61})

    @unittest.skip("not now")
    def test_skipped(self):
        self.fail()

    @unittest.expectedFailure
    def test_expected(self):
        self.assertTrue(self.stack.items == [])


class MockTest(unittest.TestCase):
    def test_calls(self):
        service = mock.Mock()
        service.fetch.return_value = 7
        self.assertEqual(service.fetch("key", retry=2), 7)
        service.fetch.assert_called_once_with("key", retry=2)

    def test_patch(self):
        with mock.patch.object(Stack, "pop", return_value="patched") as pop:
            self.assertEqual(Stack([1]).pop(), "patched")
        self.assertEqual(pop.call_count, 1)

    @mock.patch.dict("os.environ", {"BENCH": "yes"})
    def test_environment(self):
        import os
        self.assertEqual(os.environ["BENCH"], "yes")

    def test_text(self):
        self.assertMultiLineEqual("one\ntwo\nthree\n", "one\n2\nthree\n")


def main():
    loader, stream, totals = unittest.TestLoader(), io.StringIO(), [0, 0, 0, 0, 0]
    for _ in range(60):
        suite = unittest.TestSuite([loader.loadTestsFromTestCase(StackTest), loader.loadTestsFromTestCase(MockTest)])
        result = unittest.TextTestRunner(stream, verbosity=2).run(suite)
        for n, count in enumerate((result.testsRun, len(result.failures), len(result.errors), len(result.skipped), len(result.expectedFailures))):
            totals[n] += count
    print(totals, len(re.findall(r"\.\.\. ok", stream.getvalue())), stream.getvalue().count("AssertionError"))


if __name__ == "__main__":
    main()
