import sys
import unittest

sys.stderr.write("")
from tiny import model, np, x

unittest.runner.time.perf_counter = lambda: 0.0


class Tests(unittest.TestCase):
    def test_rows(self):
        self.assertEqual(model.predict(x, verbose=0).shape, (8, 1))

    def test_no_warnings(self):
        with self.assertNoLogs():
            model(x)

    def test_error(self):
        with self.assertRaisesRegex(ValueError, "incompatible") as caught:
            model.predict(np.ones((2, 7), "float32"), verbose=0)
        self.assertIsNotNone(caught.exception)

    def test_fails(self):
        self.assertEqual(model(x).shape, (9, 1))
