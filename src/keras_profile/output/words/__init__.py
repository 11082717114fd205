"""Wording that all outputs share: one module for each subject."""
