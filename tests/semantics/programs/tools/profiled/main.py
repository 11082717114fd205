#: module cProfile
#: arguments -o stats program.py
#: unrecorded its own profiler comes first
