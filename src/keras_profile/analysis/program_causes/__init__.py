"""What outside of the calls takes a program's time: one cause a module, judged by the sampled paths.

A cause looks at which function of a library is called from which line of the user's, whether that
is in a loop, and how much of the wall time it has. What one cause is given no other is: those that
say more come first in the :mod:`.catalogue`. Nothing is concluded from a name of the user's.
"""
