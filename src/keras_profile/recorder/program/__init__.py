"""Records the inference calls of a user's own program, from within its process.

The program makes its calls, the entry points are watched from within (or wrapped if that is not
possible), and the instruments share the calls. After the program's end some calls are made again.

- A thread is in a call, in training or in neither. A call within a call is part of it. In
  training, ``predict`` is still recorded, since a user's callback makes it; ``model(x)`` is not.
- The first call of a group is cold, then up to two settle; their traces are reported.
  Then at most one call in two gets a capture, as long as the allowance lasts: one part of the
  program's time for one-off work such as making probes, one for calls. The process has one
  capture at a time; meanwhile, calls of other threads are made bare.
- Models are alike if their class and their layers' classes are, whatever their identity. A model
  that is loaded in each request makes one group, and the number of objects shows it.
- Models and copies of inputs are kept for the closer look, up to 64 MB in all: small models, and
  of large ones the last.
"""
