"""Recordings on disk: found, opened, read, each format into a type of ``model``."""
