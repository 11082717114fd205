"""Finds, opens and reads recordings on disk, each format into a type of ``model``."""
