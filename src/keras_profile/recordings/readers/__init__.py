"""Readers: one native format each, turned into a type of :mod:`keras_profile.model`."""
