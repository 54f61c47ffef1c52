import unittest, io, sys
from unittest import mock
log = []
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): log.append("setUpClass")
    def setUp(self): log.append("setUp"); self.addCleanup(log.append, "cleanup")
    def tearDown(self): log.append("tearDown")
    def test_pass(self):
        self.assertEqual(1, 1)
        self.assertIn(1, [1])
        self.assertAlmostEqual(0.1 + 0.2, 0.3)
        self.assertRaises(KeyError, {}.__getitem__, 1)
        self.assertRegex("abc", "b")
    def test_fail(self): self.assertEqual([1, 2, {"a": 3}], [1, 2, {"a": 4}], "extra message")
    def test_error(self): {}["missing"]
    @unittest.skip("not today")
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.assertTrue(False)
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    def test_raises(self):
        with self.assertRaisesRegex(ValueError, "inv.*x"): int("x")
        with self.assertWarns(UserWarning): __import__("warnings").warn("w")
        with self.assertLogs("lg", "INFO") as cm: __import__("logging").getLogger("lg").info("m")
        self.assertEqual(cm.output, ["INFO:lg:m"])
out = io.StringIO()
res = unittest.TextTestRunner(out, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
import re
print(re.sub(r"in [\d.]+s", "in Xs", re.sub(r'File ".*?"', 'File "F"', out.getvalue())))
print(res.testsRun, len(res.failures), len(res.errors), len(res.skipped), len(res.expectedFailures),
    res.wasSuccessful(), log.count("setUp"), log[:3])
for f in (lambda s: s.assertDictEqual({"a": 1}, {"a": 2, "b": 3}),
    lambda s: s.assertMultiLineEqual("a\nb\n", "a\nc\n"), lambda s: s.assertCountEqual([1, 2], [2, 3]),
    lambda s: s.assertIsNone(5), lambda s: s.assertGreater(1, 2), lambda s: s.assertIsInstance(1, str),
    lambda s: s.assertTrue(0), lambda s: s.assertSetEqual({1}, {2}),
    lambda s: s.assertRaises(KeyError, int, "5"), lambda s: s.fail("bye"),
    lambda s: s.assertTupleEqual((1,), (1, 2)), lambda s: s.assertIs(None, 1),
    lambda s: s.assertNotIn(1, [1]), lambda s: s.assertHasAttr(1, "q")):
    try:
        f(T())
    except AssertionError as e:
        print(str(e).replace("\n", "|"))
m = mock.Mock(return_value=5, side_effect=None)
m(1, a=2)
m.x.y.z()
print(m.called, m.call_args, m.mock_calls, m.x.y.z.call_count)
m.assert_called_once_with(1, a=2)
try:
    m.assert_called_with(9)
except AssertionError as e:
    print(str(e).replace("\n", "|"))
with mock.patch("os.getcwd", return_value="/patched") as g, mock.patch.dict("os.environ", {"K": "v"}):
    import os
    print(os.getcwd(), os.environ["K"], g.call_count)
mm = mock.MagicMock(spec=["a", "__len__"])
mm.__len__.return_value = 3
print(len(mm), mock.sentinel.s, mock.ANY == 5, mock.call(1) == mock.call(1))
se = mock.Mock(side_effect=[1, ValueError("se")])
print(se())
try:
    se()
except ValueError as e:
    print(e)
try:
    mm.nope
except AttributeError as e:
    print(e)
