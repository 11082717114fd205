"""The phases: their vocabulary, the internals table, and the partition of calls.

``partition`` has the rules (docs/phases.md) and checks that each call's phases sum to its wall
time. ``sampled`` applies the same rules to sampled stacks, which checks the shares and finds what
is unnamed; ``counted`` does so with cProfile's counts; ``agreement`` compares all three.
``inclusive`` makes the view by internal, ``native`` that by native event and layer. ``attribute``
puts them together: it moves unnamed time to ``unattributed``, asks ``typical_call`` what a call of
the ``bare`` median is made of, and writes that in whole nanoseconds.
"""
