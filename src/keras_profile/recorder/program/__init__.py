"""Records the inference calls of a user's own program, from within its process.

Nothing is repeated here: the program makes its calls, each passes through a wrapper, and the
instruments share them.

- A thread is in a call, in training or in neither. A call within a call is part of it. In
  training, ``predict`` is still recorded, since a user's callback makes it; ``model(x)`` is not.
- The first calls of a group are cold, then up to two settle; their traces are reported.
  Then at most one call in two gets a capture, as long as the allowance lasts: one part of the
  program's time for one-off work such as making probes, one for calls. The process has one
  capture at a time; meanwhile, calls of other threads are made bare.
- Models are alike if their class and their layers' classes are, whatever their identity. A model
  that is loaded in each request makes one group, and the number of objects shows it.
- Inputs are kept as copies, up to 64 MB for each group. One model of each group is kept alive
  for the recipes.
"""
