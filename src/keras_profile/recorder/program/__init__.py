"""Records the inference calls of a user's own program, from within its process.

Nothing is repeated here: the program makes its calls, each passes through a wrapper, and the
instruments share them.

- A thread is in nothing, in training or in a call. A call within a call is part of it. In
  training ``predict`` is still recorded, since a callback of the user's makes it;
  ``model(x)`` is not.
- The first calls of a group are cold, then up to two settle, in which traces are reported.
  Then at most one call in two gets a capture, as long as the allowance lasts: one part of the
  program's time for one-off work such as making probes, one for calls. One capture is in the
  process at a time; a call of another thread meanwhile is made bare.
- Models are alike by their class and their layers' classes, not by identity: a model that is
  loaded in each request is one group, and the number of objects says so.
- Inputs are kept as copies, up to 64 MB for each group, and one model of each group is kept
  alive for the recipes.
"""
