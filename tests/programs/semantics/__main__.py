"""``python -m semantics``: a package's own ``__main__``."""

import sys

from . import telling

if __name__ == "__main__":
    print("relative import", telling.__name__)
    telling.tell(globals(), complex(1, 2), worker=False)
    sys.exit(7)
