"""The phases: their vocabulary, the internals table, and the partition of calls.

``partition`` has the rules (docs/phases.md) and checks that each call's phases sum to its wall
time. ``sampled`` applies the same rules to sampled stacks, to check the shares and find unnamed
functions; ``counted`` applies them to cProfile's counts; ``agreement`` compares all three.
``inclusive`` makes the view by internal, ``native`` the view by native event and layer. ``attribute``
combines them: it moves unnamed time to ``unattributed``, gets the composition of a call of the ``bare``
median from ``typical_call``, and writes it in whole nanoseconds.
"""
