"""Results of the trials of recipes: verdicts with intervals, and how costs grow with the rows."""
