"""What the trials of recipes show: verdicts with intervals, and how costs grow with the rows."""
