"""Records the inference calls of a user's own program, from within its process.

Nothing is repeated here: the program makes its calls, and the instruments share them.
"""
