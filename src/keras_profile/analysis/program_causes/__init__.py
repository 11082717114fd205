"""Causes outside the calls that take a program's time: one module each, judged by the sampled paths.

A cause looks at which library function is called from which line of the user's, whether that line is in a
loop, and how much of the wall time it takes. Each path belongs to one cause only, so causes that say more
come first in the :mod:`.catalogue`. Names in the user's code are never evidence.
"""
