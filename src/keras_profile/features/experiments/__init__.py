"""Experiments of several recordings, and the models that they run."""
