"""Readers: each turns one native format into a type of :mod:`keras_profile.model`."""
