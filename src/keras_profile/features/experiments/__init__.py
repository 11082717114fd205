"""Experiments with several recordings, and the models that they run."""
