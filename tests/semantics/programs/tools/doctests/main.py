"""A module that is tested.

>>> from tiny import model, x
>>> model.predict(x, verbose=0).shape
(8, 1)
>>> model.predict(x[:, :2], verbose=0)
Traceback (most recent call last):
ValueError: wrong
"""

import doctest

print("failed:", doctest.testmod(verbose=False))
