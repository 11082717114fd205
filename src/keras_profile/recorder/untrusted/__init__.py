"""What files that somebody else may have made hold, looked at before a framework loads them.

Nothing in here runs anything of a file, and what is read is bounded before it takes memory.
"""
