"""A package that is run with ``-m`` and tells how it was started."""
