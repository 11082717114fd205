"""The phases: their vocabulary, the internals table, and the partition of calls.

``partition`` has the rules (docs/phases.md) and checks that each call's phases sum to its wall
time. ``sampled`` applies the same rules to sampled stacks, which checks the shares and finds what
is unnamed; ``counted`` does so with cProfile's counts; ``agreement`` compares all three.
``inclusive`` makes the view by internal, ``native`` that by native event and layer. ``attribute``
puts them together: it moves unnamed time to ``unattributed``, makes shares and intervals, and
spreads the shares over the ``bare`` median in whole nanoseconds.
"""
