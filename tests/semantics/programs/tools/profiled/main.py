#: module cProfile
#: arguments -o stats program.py
#: unrecorded its own profiler comes first
# ``tiny`` is what the program that is named imports.
