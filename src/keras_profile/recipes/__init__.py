"""Changes that may make inference faster: one file each, listed in :mod:`.catalogue`.

A recipe is Python code made for the user's own call. The code that the report shows is the
code that was run and measured. The files run in the profiled interpreter, beside the
recorder: Python 3.7, the standard library and relative imports only.
"""
