"""Writers: one output each, made from a report and nothing else."""
