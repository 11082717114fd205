"""Inspects files that somebody else may have made, before a framework loads them.

Nothing in here runs code from a file. The size of what is read is checked before it takes memory.
"""
