"""Shared by several rules: batches and layers in the evidence, fixed costs, thresholds."""
