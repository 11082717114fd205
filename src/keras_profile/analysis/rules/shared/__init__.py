"""What several rules judge by: batches and layers in the evidence, fixed costs, thresholds."""
