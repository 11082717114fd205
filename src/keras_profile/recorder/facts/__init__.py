"""What the recorder reads from the process and its models, in addition to the captures."""
