"""``python -m semantics.program``."""

import sys

from . import telling
from .telling import tell


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"{type(self).__module__}.{type(self).__qualname__}({self.x}, {self.y})"


if __name__ == "__main__":
    print("relative import", telling.__name__)
    tell(globals(), Point(1, 2))
    sys.exit(7)
