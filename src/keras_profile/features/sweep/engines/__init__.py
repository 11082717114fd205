"""What calls the one function that measures a cell: in this process, on Dask, on Ray.

The last two are imported only if they are asked for: each needs a package that is an extra.
"""
