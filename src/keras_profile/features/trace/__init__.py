"""``keras-profile trace``: traces that others made, divided into phases."""
