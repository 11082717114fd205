"""Holds a line in CI: counts against a committed file, times against a base of the same job."""
