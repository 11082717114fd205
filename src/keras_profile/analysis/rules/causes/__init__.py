"""The rules, one a module: its cause, how that is recognised, and the thresholds with their reasons."""
