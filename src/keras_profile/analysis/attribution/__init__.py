"""The phases: their vocabulary, the internals table, and the partition of calls."""
