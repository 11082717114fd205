"""What the recorder reads of the process and its models, beyond what captures record."""
